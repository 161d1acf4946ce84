"""What is done to the catalogue: it is built from plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import ProtectedError

from stadhuis.catalogi.errors import CatalogusInvalid, TypeInUse
from stadhuis.catalogi.models import (
    Besluittype,
    BesluittypeInformatieobjecttype,
    Catalogus,
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
from stadhuis.catalogi.reads import catalogus as catalogus_record
from stadhuis.catalogi.records import CatalogusRecord
from stadhuis.kit.memory import forget

Data = Mapping[str, Any]
M = TypeVar("M", bound=models.Model)
START: Final = date(2020, 1, 1)
"""When ``begin_geldigheid`` is not given."""


@transaction.atomic
def build(data: Data) -> CatalogusRecord:
    """Make or bring up to date one catalogue with everything in it, and publish it. Twice the same changes nothing.

    ``data`` is a dict; keys are the column names (the standard's names in snake_case), durations ISO 8601 text, dates
    ``date``. What is marked ? may be left out::

        {"domein": "TOWN", "rsin"?: "807287684" (setting TOWN_RSIN), "naam"?: ..., "contactpersoon_beheer_naam"?: ...,
         "informatieobjecttypen": [{"omschrijving": "Aanvraag", "vertrouwelijkheidaanduiding"?: "zaakvertrouwelijk",
              "informatieobjectcategorie"?, "trefwoord"?, "begin_geldigheid"?, "einde_geldigheid"?, "concept"?}],
         "besluittypen": [{"omschrijving": "Besluit Tozo", "reactietermijn"?: "P42D", "publicatie_indicatie"?: False,
              "informatieobjecttypen"?: ["Besluit"], ...}],
         "zaaktypen": [{"identificatie": "TOZO", "omschrijving": "Tozo aanvragen", "doorlooptijd": "P56D",
              "servicenorm"?: "P28D", "vertrouwelijkheidaanduiding"?: "zaakvertrouwelijk", "verlengingstermijn"?: "P28D"
              (makes ``verlenging_mogelijk`` true), "selectielijst_procestype"?: url, "doel"?, "aanleiding"?,
              "begin_geldigheid"?, "einde_geldigheid"?, "concept"?, and any other column of a zaaktype,
              "statustypen": ["Ontvangen", {"omschrijving": "Afgerond", "volgnummer"?: place in the list from 1,
                   "informeren"?, "statustekst"?, "eigenschappen"?: [naam]}],
              "resultaattypen": [{"omschrijving": "Toegekend", "selectielijstklasse": url, "archiefnominatie":
                   "vernietigen", "archiefactietermijn": "P10Y", "resultaattypeomschrijving"?: url,
                   "omschrijving_generiek"?, "brondatum"?: {"afleidingswijze": "afgehandeld", "datumkenmerk"?,
                   "einddatum_bekend"?, "objecttype"?, "registratie"?, "procestermijn"?}, "besluittypen"?: [naam],
                   "informatieobjecttypen"?: [naam]}],
              "roltypen"?: ["initiator", {"omschrijving": "Aanvrager", "omschrijving_generiek": "initiator"}]
                   (by default initiator, behandelaar, belanghebbende, beslisser and zaakcoordinator),
              "informatieobjecttypen"?: ["Aanvraag", {"omschrijving": "Besluit", "richting": "uitgaand"}],
              "besluittypen"?: ["Besluit Tozo"], "eigenschappen"?: ["iban", {"naam": "bedrag", "formaat": "getal",
                   "lengte"?, "kardinaliteit"?, "waardenverzameling"?, "definitie"?, "groep"?, "statustype"?: omschrijving}],
              "zaakobjecttypen"?: [{"objecttype": url, "relatie_omschrijving": ..., "ander_objecttype"?}],
              "deelzaaktypen"?: [identificatie],
              "gerelateerde_zaaktypen"?: [{"identificatie": ..., "aard_relatie": "vervolg", "toelichting"?}]}]}

    A version is known by identificatie (or omschrijving) and ``begin_geldigheid``. Parts that are no longer named go,
    unless something uses them: then ``TypeInUse`` is raised and nothing has changed. Raises ``CatalogusInvalid`` when
    a name leads nowhere.
    """
    forget("zaaktype")
    # Its row is held until the end: whoever builds the same catalogue meanwhile waits here.
    catalogus, _ = Catalogus.objects.update_or_create(
        domein=data["domein"],
        rsin=data.get("rsin", settings.TOWN_RSIN),
        defaults={
            "contactpersoon_beheer_naam": data.get("contactpersoon_beheer_naam", "Functioneel beheer"),
            **{key: data[key] for key in _COLUMNS_OF_CATALOGUS if key in data},
        },
    )
    for one in data.get("informatieobjecttypen", ()):
        _informatieobjecttype(catalogus, _spread(one, "omschrijving"))
    for one in data.get("besluittypen", ()):
        _besluittype(catalogus, _spread(one, "omschrijving"))
    try:
        for one in data.get("zaaktypen", ()):
            _zaaktype(catalogus, one)
    except ProtectedError as error:
        raise TypeInUse(f"{error.args[0]}") from error
    return catalogus_record(catalogus.domein)


_COLUMNS_OF_CATALOGUS: Final = (
    "contactpersoon_beheer_telefoonnummer",
    "contactpersoon_beheer_emailadres",
    "naam",
    "versie",
    "begindatum_versie",
)
_DEFAULT_ROLTYPEN: Final = ("initiator", "behandelaar", "belanghebbende", "beslisser", "zaakcoordinator")
_NOT_COLUMNS: Final = frozenset(
    {
        "statustypen", "resultaattypen", "roltypen", "informatieobjecttypen", "besluittypen", "eigenschappen",
        "zaakobjecttypen", "deelzaaktypen", "gerelateerde_zaaktypen",
    }
)  # fmt: skip


def _spread(one: str | Data, key: str) -> dict[str, Any]:
    return {key: one} if isinstance(one, str) else dict(one)


def _version(model: type[M], known_by: dict[str, Any], columns: dict[str, Any]) -> tuple[M, bool]:
    """Return the version that is known by these columns, brought up to date, and whether it is new.

    What ``update_or_create`` does, with two statements instead of six: the catalogue is held already.
    """
    found = model._default_manager.filter(**known_by).first()
    if found is None:
        return model._default_manager.create(**known_by, **columns), True
    for column, value in columns.items():
        setattr(found, column, value)
    found.save(update_fields=columns)
    return found, False


def _informatieobjecttype(catalogus: Catalogus, data: dict[str, Any]) -> None:
    name = data.pop("omschrijving")
    begins = data.pop("begin_geldigheid", START)
    _version(
        Informatieobjecttype,
        {"catalogus": catalogus, "omschrijving": name, "begin_geldigheid": begins},
        {
            "ref": f"{catalogus.domein}:{name}",
            "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
            "informatieobjectcategorie": "Zaakdocument",
            "concept": False,
            **data,
        },
    )


def _besluittype(catalogus: Catalogus, data: dict[str, Any]) -> None:
    name, names = data.pop("omschrijving"), data.pop("informatieobjecttypen", [])
    _check_names(catalogus, names, f"besluittype {name}")
    begins = data.pop("begin_geldigheid", START)
    besluittype, is_new = _version(
        Besluittype,
        {"catalogus": catalogus, "omschrijving": name, "begin_geldigheid": begins},
        {"ref": f"{catalogus.domein}:{name}", "publicatie_indicatie": False, "concept": False, **data},
    )
    _names(BesluittypeInformatieobjecttype, "besluittype", besluittype, "omschrijving", names, is_new=is_new)


def _check_names(
    catalogus: Catalogus, names: Iterable[str], where: str, *, kind: type[models.Model] = Informatieobjecttype
) -> None:
    wanted = set(names)
    if not wanted:
        return
    rows = kind._default_manager.filter(catalogus=catalogus, omschrijving__in=wanted)
    if missing := sorted(wanted.difference(rows.values_list("omschrijving", flat=True))):
        raise CatalogusInvalid(f"{where} refers to {', '.join(missing)}, which the catalogue does not have")


def _names(
    model: type[models.Model], owner: str, instance: models.Model, column: str, names: Iterable[str], *, is_new: bool
) -> None:
    """Let the rows of a relation by name be exactly these; of something new there are none yet."""
    wanted = list(names)
    rows = model._default_manager.filter(**{owner: instance})
    known = set() if is_new else set(rows.values_list(column, flat=True))
    if gone := known.difference(wanted):
        rows.filter(**{f"{column}__in": gone}).delete()
    model._default_manager.bulk_create(model(**{owner: instance, column: name}) for name in wanted if name not in known)


def _parts(
    model: type[models.Model], zaaktype: Zaaktype, key: str, wanted: Iterable[dict[str, Any]], *, is_new: bool
) -> dict[Any, Any]:
    """Let the parts of a zaaktype be exactly these, known by ``key``; returns them by key. Something new has none yet."""
    rows = model._default_manager.filter(zaaktype=zaaktype)
    known = {} if is_new else {getattr(row, key): row for row in rows}
    data = {one[key]: one for one in wanted}
    if gone := known.keys() - data.keys():
        rows.filter(**{f"{key}__in": gone}).delete()
    new = {name: model(zaaktype=zaaktype, **one) for name, one in data.items() if name not in known}
    model._default_manager.bulk_create(new.values())
    for name in known.keys() & data.keys():
        changed = {column: value for column, value in data[name].items() if getattr(known[name], column) != value}
        for column, value in changed.items():
            setattr(known[name], column, value)
        if changed:
            known[name].save(update_fields=changed)
    return {name: new.get(name) or known[name] for name in data}


def _zaaktype(catalogus: Catalogus, data: Data) -> None:
    identificatie = data["identificatie"]
    columns = {key: value for key, value in data.items() if key not in _NOT_COLUMNS}
    begins = columns.pop("begin_geldigheid", START)
    zaaktype, is_new = _version(
        Zaaktype,
        {"catalogus": catalogus, "identificatie": columns.pop("identificatie"), "begin_geldigheid": begins},
        {
            "ref": f"{catalogus.domein}:{identificatie}",
            "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
            "doel": data["omschrijving"],
            "aanleiding": data["omschrijving"],
            "indicatie_intern_of_extern": "extern",
            "handeling_initiator": "aanvragen",
            "onderwerp": data["omschrijving"],
            "handeling_behandelaar": "behandelen",
            "opschorting_en_aanhouding_mogelijk": True,
            "verlenging_mogelijk": bool(data.get("verlengingstermijn")),
            "publicatie_indicatie": False,
            "referentieproces_naam": data["omschrijving"],
            "verantwoordelijke": catalogus.rsin,
            "versiedatum": START,
            "concept": False,
            **columns,
        },
    )
    _statustypen_and_eigenschappen(zaaktype, data, is_new=is_new)
    _resultaattypen(catalogus, zaaktype, data.get("resultaattypen", ()), is_new=is_new)
    roltypen = [
        {"omschrijving": one.replace("_", " ").capitalize(), "omschrijving_generiek": one}
        if isinstance(one, str)
        else dict(one)
        for one in data.get("roltypen", _DEFAULT_ROLTYPEN)
    ]
    _parts(Roltype, zaaktype, "omschrijving", roltypen, is_new=is_new)
    _zaakobjecttypen(zaaktype, data.get("zaakobjecttypen", ()), is_new=is_new)
    _informatieobjecttypen(catalogus, zaaktype, data.get("informatieobjecttypen", ()), is_new=is_new)
    besluittypen = list(data.get("besluittypen", ()))
    _check_names(catalogus, besluittypen, f"zaaktype {identificatie}", kind=Besluittype)
    _names(ZaaktypeBesluittype, "zaaktype", zaaktype, "omschrijving", besluittypen, is_new=is_new)
    deelzaaktypen = data.get("deelzaaktypen", ())
    _names(ZaaktypeDeelzaaktype, "zaaktype", zaaktype, "identificatie", deelzaaktypen, is_new=is_new)
    if not is_new:
        ZaaktypeRelatie.objects.filter(zaaktype=zaaktype).delete()
    ZaaktypeRelatie.objects.bulk_create(
        ZaaktypeRelatie(zaaktype=zaaktype, **one) for one in data.get("gerelateerde_zaaktypen", ())
    )


def _statustypen_and_eigenschappen(zaaktype: Zaaktype, data: Data, *, is_new: bool) -> None:
    steps, needs = [], {}
    for place, one in enumerate(data.get("statustypen", ()), start=1):
        step = {"volgnummer": place, **_spread(one, "omschrijving")}
        needs[step["volgnummer"]] = step.pop("eigenschappen", [])
        steps.append(step)
    statustypen = _parts(Statustype, zaaktype, "volgnummer", steps, is_new=is_new)
    by_name = {statustype.omschrijving: statustype for statustype in statustypen.values()}
    wanted = []
    for one in data.get("eigenschappen", ()):
        given = _spread(one, "naam")
        statustype = given.get("statustype")
        if statustype and statustype not in by_name:
            raise CatalogusInvalid(f"eigenschap {given['naam']} refers to statustype {statustype}")
        wanted.append(
            {
                "naam": given["naam"],
                "definitie": given.get("definitie", given["naam"]),
                "toelichting": given.get("toelichting", ""),
                "specificatie_groep": given.get("groep", ""),
                "specificatie_formaat": given.get("formaat", "tekst"),
                "specificatie_lengte": given.get(
                    "lengte", {"datum": "8", "datum_tijd": "14"}.get(given.get("formaat", ""), "255")
                ),
                "specificatie_kardinaliteit": given.get("kardinaliteit", "1"),
                "specificatie_waardenverzameling": list(given.get("waardenverzameling", ())),
                "statustype": by_name.get(statustype or ""),
            }
        )
    eigenschappen = _parts(Eigenschap, zaaktype, "naam", wanted, is_new=is_new)
    if not is_new:
        StatustypeEigenschap.objects.filter(statustype__zaaktype=zaaktype).delete()
    StatustypeEigenschap.objects.bulk_create(
        StatustypeEigenschap(statustype=statustypen[volgnummer], eigenschap=eigenschappen[naam])
        for volgnummer, names in needs.items()
        for naam in names
    )


def _resultaattypen(catalogus: Catalogus, zaaktype: Zaaktype, wanted: Iterable[Data], *, is_new: bool) -> None:
    given = [dict(one) for one in wanted]
    documents = {one["omschrijving"]: one.pop("informatieobjecttypen", []) for one in given}
    decisions = {one["omschrijving"]: one.pop("besluittypen", []) for one in given}
    for one in given:
        brondatum = one.pop("brondatum", {"afleidingswijze": "afgehandeld"})
        one.update({f"brondatum_{key}": value for key, value in brondatum.items()})
        one.setdefault("resultaattypeomschrijving", one["selectielijstklasse"])
        one.setdefault("omschrijving_generiek", one["omschrijving"])
    made = _parts(Resultaattype, zaaktype, "omschrijving", given, is_new=is_new)
    for omschrijving, resultaattype in made.items():
        where = f"resultaattype {omschrijving}"
        _check_names(catalogus, documents[omschrijving], where)
        _check_names(catalogus, decisions[omschrijving], where, kind=Besluittype)
        for model, names in ((ResultaattypeInformatieobjecttype, documents), (ResultaattypeBesluittype, decisions)):
            _names(model, "resultaattype", resultaattype, "omschrijving", names[omschrijving], is_new=is_new)


def _zaakobjecttypen(zaaktype: Zaaktype, wanted: Iterable[Data], *, is_new: bool) -> None:
    given = [{"ander_objecttype": True, **one} for one in wanted]
    _parts(Zaakobjecttype, zaaktype, "relatie_omschrijving", given, is_new=is_new)


def _informatieobjecttypen(
    catalogus: Catalogus, zaaktype: Zaaktype, wanted: Iterable[str | Data], *, is_new: bool
) -> None:
    rows = []
    for place, one in enumerate(wanted, start=1):
        given = {"richting": "inkomend", "volgnummer": place, **_spread(one, "omschrijving")}
        rows.append(
            {
                "volgnummer": given["volgnummer"],
                "informatieobjecttype": given["omschrijving"],
                "richting": given["richting"],
            }
        )
    _check_names(catalogus, [row["informatieobjecttype"] for row in rows], f"zaaktype {zaaktype.identificatie}")
    _parts(ZaaktypeInformatieobjecttype, zaaktype, "volgnummer", rows, is_new=is_new)
