"""What is particular to each resource of the Catalogi API: its columns, its checks, and what hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stadhuis.catalogi.api import checks, links
from stadhuis.catalogi.api.checks import Values
from stadhuis.catalogi.models import (
    Besluittype,
    BesluittypeInformatieobjecttype,
    Eigenschap,
    Informatieobjecttype,
    Resultaattype,
    ResultaattypeBesluittype,
    ResultaattypeInformatieobjecttype,
    Roltype,
    Statustype,
    StatustypeEigenschap,
    Zaakobjecttype,
    Zaaktype,
    ZaaktypeBesluittype,
    ZaaktypeDeelzaaktype,
    ZaaktypeInformatieobjecttype,
    ZaaktypeRelatie,
)
from stadhuis.catalogi.resource import (
    BESLUITTYPE,
    CATALOGUS,
    EIGENSCHAP,
    INFORMATIEOBJECTTYPE,
    RESULTAATTYPE,
    ROLTYPE,
    STATUSTYPE,
    ZAAKOBJECTTYPE,
    ZAAKTYPE,
    ZAAKTYPE_INFORMATIEOBJECTTYPE,
)
from stadhuis.catalogi.selectielijst.reads import is_same
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.durations import period

Links = dict[str, Any]
_PERIOD: Final = ("begin_geldigheid", "einde_geldigheid", "begin_object", "einde_object")


@dataclass(frozen=True)
class MainKind:
    """A type that has versions: which column is its name, how its values become columns, and what hangs on it."""

    resource: Resource
    model: Any
    name: str
    columns: Callable[[Values], dict[str, Any]]
    """Columns of the values that are given, without catalogue, links by name and addresses."""
    stored: Callable[[Any], dict[str, Any]]
    """Values of a row, as far as the checks or a PATCH need them."""
    faults: Callable[[Values], list[Fault]]
    resolve: Callable[[Values, int, list[Fault]], Links]
    """What is linked by name, of the values that are given; adds what is wrong."""
    write_links: Callable[[Any, Links], None]
    fixed: tuple[tuple[str, str], ...]
    """Fields that stay as they are once the version is published, also in a correctie."""


@dataclass(frozen=True)
class PartKind:
    """A part of a zaaktype."""

    resource: Resource
    model: Any
    stored: Callable[[Any], dict[str, Any]]
    prepare: Callable[[Values, Collection[str], Zaaktype, list[Fault]], tuple[dict[str, Any], Links]]
    """Columns and links of the values as they would become; adds what is wrong. Nothing is written; what is remote is fetched
    only when it was given."""
    write_links: Callable[[Any, Links], None] = lambda row, found: None
    unique: str = ""
    unique_key: str = "nonFieldErrors"
    frozen_code: str = "non-concept-zaaktype"


def _replace(model: Any, owner: str, row: Any, column: str, names: list[str]) -> None:
    model._default_manager.filter(**{owner: row}).exclude(**{f"{column}__in": names}).delete()
    have = set(model._default_manager.filter(**{owner: row}).values_list(column, flat=True))
    model._default_manager.bulk_create(model(**{owner: row, column: name}) for name in names if name not in have)


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _picked(values: Values, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


# -- Zaaktype ----------------------------------------------------------------------------------------------------------
_ZAAKTYPE: Final = (
    "identificatie", "omschrijving", "omschrijving_generiek", "vertrouwelijkheidaanduiding", "doel", "aanleiding",
    "toelichting", "indicatie_intern_of_extern", "handeling_initiator", "onderwerp", "handeling_behandelaar",
    "doorlooptijd", "servicenorm", "opschorting_en_aanhouding_mogelijk", "verlenging_mogelijk", "verlengingstermijn",
    "trefwoorden", "publicatie_indicatie", "publicatietekst", "verantwoordingsrelatie", "producten_of_diensten",
    "selectielijst_procestype", "verantwoordelijke", "versiedatum", *_PERIOD,
)  # fmt: skip
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "referentieproces": ("naam", "link"),
    "broncatalogus": ("url", "domein", "rsin"),
    "bronzaaktype": ("url", "identificatie", "omschrijving"),
}


def _zaaktype_columns(values: Values) -> dict[str, Any]:
    columns = _picked(values, _ZAAKTYPE)
    for group, parts in _GROUPS.items():
        if group in values:
            columns.update({f"{group}_{part}": getattr(values[group], part) if values[group] else "" for part in parts})
    return columns


def _zaaktype_stored(row: Zaaktype) -> dict[str, Any]:
    return _plain(row, _ZAAKTYPE) | {"catalogus": CATALOGUS.url(row.catalogus.uuid)}


def _zaaktype_links(values: Values, catalogus_id: int, faults: list[Fault]) -> Links:
    if "selectielijst_procestype" in values:
        links.list_at(values["selectielijst_procestype"], "selectielijstProcestype", links.PROCESTYPE_KEYS, faults)
    found: Links = {}
    if "besluittypen" in values:
        found["besluittypen"] = links.besluittype_names(values["besluittypen"], catalogus_id, faults)
    if "deelzaaktypen" in values:
        found["deelzaaktypen"] = links.deelzaaktype_names(values["deelzaaktypen"], catalogus_id, faults)
    if "gerelateerde_zaaktypen" in values:
        found["related"] = links.related(values["gerelateerde_zaaktypen"], catalogus_id, faults)
    return found


def _write_zaaktype_links(row: Zaaktype, found: Links) -> None:
    if "besluittypen" in found:
        _replace(ZaaktypeBesluittype, "zaaktype", row, "omschrijving", found["besluittypen"])
    if "deelzaaktypen" in found:
        _replace(ZaaktypeDeelzaaktype, "zaaktype", row, "identificatie", found["deelzaaktypen"])
    if "related" in found:
        ZaaktypeRelatie.objects.filter(zaaktype=row).delete()
        ZaaktypeRelatie.objects.bulk_create(ZaaktypeRelatie(zaaktype=row, **one) for one in found["related"])


ZAAKTYPEN: Final = MainKind(
    resource=ZAAKTYPE,
    model=Zaaktype,
    name="identificatie",
    columns=_zaaktype_columns,
    stored=_zaaktype_stored,
    faults=checks.zaaktype_faults,
    resolve=_zaaktype_links,
    write_links=_write_zaaktype_links,
    fixed=(
        ("identificatie", "identificatie"),
        ("catalogus", "catalogus"),
        ("begin_geldigheid", "beginGeldigheid"),
        ("vertrouwelijkheidaanduiding", "vertrouwelijkheidaanduiding"),
    ),
)

# -- Informatieobjecttype ----------------------------------------------------------------------------------------------
_IOT: Final = ("omschrijving", "vertrouwelijkheidaanduiding", "informatieobjectcategorie", "trefwoord", *_PERIOD)
_GENERIEK: Final = {
    "omschrijving": "informatieobjecttype_omschrijving_generiek",
    "definitie": "definitie_informatieobjecttype_omschrijving_generiek",
    "herkomst": "herkomst_informatieobjecttype_omschrijving_generiek",
    "hierarchie": "hierarchie_informatieobjecttype_omschrijving_generiek",
    "opmerking": "opmerking_informatieobjecttype_omschrijving_generiek",
}


def _iot_columns(values: Values) -> dict[str, Any]:
    columns = _picked(values, _IOT)
    if "omschrijving_generiek" in values:
        group = values["omschrijving_generiek"]
        columns.update(
            {
                f"omschrijving_generiek_{name}": (getattr(group, key) or "") if group else ""
                for name, key in _GENERIEK.items()
            }
        )
    return columns


def _stored_of(names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    return lambda row: _plain(row, names) | {"catalogus": CATALOGUS.url(row.catalogus.uuid)}


def _no_links(values: Values, catalogus_id: int, faults: list[Fault]) -> Links:
    return {}


INFORMATIEOBJECTTYPEN: Final = MainKind(
    resource=INFORMATIEOBJECTTYPE,
    model=Informatieobjecttype,
    name="omschrijving",
    columns=_iot_columns,
    stored=_stored_of(_IOT),
    faults=checks.period_faults,
    resolve=_no_links,
    write_links=lambda row, found: None,
    fixed=(
        ("omschrijving", "omschrijving"),
        ("catalogus", "catalogus"),
        ("begin_geldigheid", "beginGeldigheid"),
        ("vertrouwelijkheidaanduiding", "vertrouwelijkheidaanduiding"),
    ),
)

# -- Besluittype -------------------------------------------------------------------------------------------------------
_BT: Final = (
    "omschrijving", "omschrijving_generiek", "besluitcategorie", "reactietermijn", "publicatie_indicatie",
    "publicatietekst", "publicatietermijn", "toelichting", *_PERIOD,
)  # fmt: skip


def _besluittype_links(values: Values, catalogus_id: int, faults: list[Fault]) -> Links:
    if "informatieobjecttypen" not in values:
        return {}
    return {"names": links.informatieobjecttype_names(values["informatieobjecttypen"], catalogus_id, faults)}


def _write_besluittype_links(row: Besluittype, found: Links) -> None:
    if "names" in found:
        _replace(BesluittypeInformatieobjecttype, "besluittype", row, "omschrijving", found["names"])


BESLUITTYPEN: Final = MainKind(
    resource=BESLUITTYPE,
    model=Besluittype,
    name="omschrijving",
    columns=lambda values: _picked(values, _BT),
    stored=_stored_of(_BT),
    faults=checks.period_faults,
    resolve=_besluittype_links,
    write_links=_write_besluittype_links,
    fixed=(("omschrijving", "omschrijving"), ("catalogus", "catalogus"), ("begin_geldigheid", "beginGeldigheid")),
)


# -- Parts of a zaaktype -------------------------------------------------------------------------------------------------
def _stored_part(names: tuple[str, ...], **more: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    def stored(row: Any) -> dict[str, Any]:
        return (
            _plain(row, names)
            | {name: read(row) for name, read in more.items()}
            | {"zaaktype": ZAAKTYPE.url(row.zaaktype.uuid)}
        )

    return stored


_STATUSTYPE: Final = (
    "omschrijving", "omschrijving_generiek", "statustekst", "volgnummer", "informeren", "doorlooptijd", "toelichting", *_PERIOD,
)  # fmt: skip


def statustype_columns(values: Values) -> dict[str, Any]:
    """Return the columns of a statustype."""
    columns = _picked(values, _STATUSTYPE)
    if "checklistitem_statustype" in values:
        columns["checklistitem_statustype"] = [
            one if isinstance(one, dict) else one.values() for one in values["checklistitem_statustype"]
        ]
    return columns


def _prepare_statustype(
    values: Values, given: Collection[str], zaaktype: Zaaktype, faults: list[Fault]
) -> tuple[dict[str, Any], Links]:
    columns = statustype_columns(values)
    found: Links = {}
    if "eigenschappen" in values:
        found["eigenschappen"] = links.eigenschappen_at(values["eigenschappen"], zaaktype.pk, faults)
    return columns, found


def _write_statustype_links(row: Statustype, found: Links) -> None:
    if "eigenschappen" in found:
        StatustypeEigenschap.objects.filter(statustype=row).delete()
        StatustypeEigenschap.objects.bulk_create(
            StatustypeEigenschap(statustype=row, eigenschap=one) for one in dict.fromkeys(found["eigenschappen"])
        )


STATUSTYPEN: Final = PartKind(
    resource=STATUSTYPE,
    model=Statustype,
    stored=_stored_part((*_STATUSTYPE, "checklistitem_statustype")),
    prepare=_prepare_statustype,
    write_links=_write_statustype_links,
    unique="statustype_volgnummer_once",
    unique_key="volgnummer",
)

_ROLTYPE: Final = ("omschrijving", "omschrijving_generiek", *_PERIOD)


def roltype_columns(values: Values) -> dict[str, Any]:
    """Return the columns of a roltype."""
    return _picked(values, _ROLTYPE)


ROLTYPEN: Final = PartKind(
    resource=ROLTYPE,
    model=Roltype,
    stored=_stored_part(_ROLTYPE),
    prepare=lambda values, given, zaaktype, faults: (roltype_columns(values), {}),
    unique="roltype_once",
    unique_key="omschrijving",
)

_EIGENSCHAP: Final = ("naam", "definitie", "toelichting", *_PERIOD)
_SPECIFICATIE: Final = ("groep", "formaat", "lengte", "kardinaliteit", "waardenverzameling")


def eigenschap_columns(values: Values) -> dict[str, Any]:
    """Return the columns of an eigenschap."""
    columns = _picked(values, _EIGENSCHAP)
    if "specificatie" in values:
        columns.update({f"specificatie_{name}": getattr(values["specificatie"], name) for name in _SPECIFICATIE})
    return columns


def _prepare_eigenschap(
    values: Values, given: Collection[str], zaaktype: Zaaktype, faults: list[Fault]
) -> tuple[dict[str, Any], Links]:
    columns = eigenschap_columns(values)
    if "specificatie" in values:
        faults += checks.eigenschap_faults(values["specificatie"])
    if "statustype" in values:
        columns["statustype"] = links.statustype_at(values["statustype"], zaaktype.pk, faults)
    return columns, {}


EIGENSCHAPPEN: Final = PartKind(
    resource=EIGENSCHAP,
    model=Eigenschap,
    stored=_stored_part(_EIGENSCHAP),
    prepare=_prepare_eigenschap,
    unique="eigenschap_once",
    unique_key="naam",
)

_ZAAKOBJECTTYPE: Final = ("ander_objecttype", "objecttype", "relatie_omschrijving", *_PERIOD)


def zaakobjecttype_columns(values: Values) -> dict[str, Any]:
    """Return the columns of a zaakobjecttype."""
    return _picked(values, _ZAAKOBJECTTYPE)


ZAAKOBJECTTYPEN: Final = PartKind(
    resource=ZAAKOBJECTTYPE,
    model=Zaakobjecttype,
    stored=_stored_part(_ZAAKOBJECTTYPE),
    prepare=lambda values, given, zaaktype, faults: (zaakobjecttype_columns(values), {}),
)

_ZIOT: Final = ("volgnummer", "richting")


def ziot_columns(values: Values) -> dict[str, Any]:
    """Return the columns of a zaaktype-informatieobjecttype, without what it leads to."""
    return _picked(values, _ZIOT)


def _prepare_ziot(
    values: Values, given: Collection[str], zaaktype: Zaaktype, faults: list[Fault]
) -> tuple[dict[str, Any], Links]:
    columns = ziot_columns(values)
    if "informatieobjecttype" in values:
        names = links.informatieobjecttype_names(
            [values["informatieobjecttype"]], zaaktype.catalogus_id, faults, key="informatieobjecttype"
        )
        columns["informatieobjecttype"] = names[0] if names else ""
    if "statustype" in values:
        columns["statustype"] = links.statustype_at(values["statustype"], zaaktype.pk, faults)
    return columns, {}


ZAAKTYPE_INFORMATIEOBJECTTYPEN: Final = PartKind(
    resource=ZAAKTYPE_INFORMATIEOBJECTTYPE,
    model=ZaaktypeInformatieobjecttype,
    stored=_stored_part((*_ZIOT, "informatieobjecttype")),
    prepare=_prepare_ziot,
    unique="zaaktype_iot_volgnummer_once",
    unique_key="volgnummer",
    frozen_code="non-concept-relation",
)

_RESULTAATTYPE: Final = (
    "omschrijving", "resultaattypeomschrijving", "selectielijstklasse", "toelichting", "archiefnominatie",
    "archiefactietermijn", "procesobjectaard", "indicatie_specifiek", "procestermijn", *_PERIOD,
)  # fmt: skip
_BRONDATUM: Final = (
    "afleidingswijze",
    "datumkenmerk",
    "einddatum_bekend",
    "objecttype",
    "registratie",
    "procestermijn",
)


def resultaattype_columns(values: Values) -> dict[str, Any]:
    """Return the columns of a resultaattype, without what the selectielijst adds."""
    columns = _picked(values, _RESULTAATTYPE)
    if "brondatum_archiefprocedure" in values:
        group = values["brondatum_archiefprocedure"]
        empty = {"einddatum_bekend": False, "procestermijn": None}
        columns.update(
            {f"brondatum_{name}": getattr(group, name) if group else empty.get(name, "") for name in _BRONDATUM}
        )
    return columns


def _prepare_resultaattype(
    values: Values, given: Collection[str], zaaktype: Zaaktype, faults: list[Fault]
) -> tuple[dict[str, Any], Links]:
    columns = resultaattype_columns(values)
    klasse: dict[str, Any] = {}
    if not {"selectielijstklasse", "brondatum_archiefprocedure"}.isdisjoint(given):
        klasse = links.list_at(values["selectielijstklasse"], "selectielijstklasse", links.RESULTAAT_KEYS, faults)
    described: dict[str, Any] = {}
    if "resultaattypeomschrijving" in given:
        described = links.list_at(
            values["resultaattypeomschrijving"], "resultaattypeomschrijving", links.OMSCHRIJVING_KEYS, faults
        )
    procestype = zaaktype.selectielijst_procestype
    if klasse and procestype and not is_same(str(klasse["procesType"]), procestype):
        faults.append(
            Fault(
                "nonFieldErrors",
                "procestype-mismatch",
                "De selectielijstklasse hoort bij een ander procestype dan het zaaktype (ztc-002).",
            )
        )
    if described:
        columns["omschrijving_generiek"] = str(described["omschrijving"])[:80]
    if klasse and not columns.get("archiefnominatie"):
        columns["archiefnominatie"] = str(klasse.get("waardering") or "")
    if klasse and not columns.get("archiefactietermijn"):
        columns["archiefactietermijn"] = _duration(klasse.get("bewaartermijn"))
    if "brondatum_archiefprocedure" in values:
        group = values["brondatum_archiefprocedure"]
        faults += checks.brondatum_faults(group, str(klasse.get("procestermijn") or ""))
    found: Links = {}
    if "besluittypen" in values:
        found["besluittypen"] = links.besluittype_names(values["besluittypen"], zaaktype.catalogus_id, faults)
    if "informatieobjecttypen" in values:
        found["informatieobjecttypen"] = links.informatieobjecttype_names(
            values["informatieobjecttypen"], zaaktype.catalogus_id, faults
        )
    return columns, found


def _duration(value: object) -> str | None:
    """Return what the selectielijst says of a period, if it is one."""
    if not isinstance(value, str) or not value:
        return None
    try:
        period(value)
    except ValueError:
        return None
    return value


def _write_resultaattype_links(row: Resultaattype, found: Links) -> None:
    if "besluittypen" in found:
        _replace(ResultaattypeBesluittype, "resultaattype", row, "omschrijving", found["besluittypen"])
    if "informatieobjecttypen" in found:
        _replace(
            ResultaattypeInformatieobjecttype, "resultaattype", row, "omschrijving", found["informatieobjecttypen"]
        )


RESULTAATTYPEN: Final = PartKind(
    resource=RESULTAATTYPE,
    model=Resultaattype,
    stored=_stored_part(_RESULTAATTYPE),
    prepare=_prepare_resultaattype,
    write_links=_write_resultaattype_links,
    unique="resultaattype_once",
    unique_key="omschrijving",
)
