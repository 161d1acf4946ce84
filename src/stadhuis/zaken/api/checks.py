"""Decisions about a zaak that is sent to the API: values in, faults out. No database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stadhuis.kit.api.errors import Fault
from stadhuis.zaken.rules import bounding_box


@dataclass(frozen=True)
class KnownZaaktype:
    """What the rules ask of a zaaktype."""

    id: int
    uuid: Any
    ref: str
    catalogus_id: int
    identificatie: str
    vertrouwelijkheidaanduiding: str
    concept: bool
    producten_of_diensten: tuple[str, ...]
    servicenorm: str | None
    doorlooptijd: str


@dataclass(frozen=True)
class KnownHoofdzaak:
    """What the rules ask of the zaak that is to be the hoofdzaak. ``deelzaaktypen``: identificaties its zaaktype allows."""

    id: int
    is_deelzaak: bool
    catalogus_id: int
    deelzaaktypen: tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """What stands in the register before a change."""

    id: int
    identificatie: str
    archiefstatus: str
    has_deelzaken: bool


def zaak_faults(
    values: Mapping[str, Any],
    given: Collection[str],
    *,
    zaaktype: KnownZaaktype,
    hoofdzaak: KnownHoofdzaak | None,
    stored: Stored | None,
    documents_archived: bool,
    today: date,
    now: datetime,
) -> list[Fault]:
    """Return what is wrong with a zaak as it would become; ``given`` names what the client sent."""
    faults: list[Fault] = []
    if zaaktype.concept and "zaaktype" in given:
        faults.append(Fault("zaaktype", "not-published", "Het zaaktype is nog een concept (zrc-001)."))
    if stored is not None and values["identificatie"] not in ("", stored.identificatie):
        faults.append(
            Fault(
                "identificatie", "wijzigen-niet-toegelaten", "De identificatie van een zaak verandert niet (zrc-002)."
            )
        )
    if not set(values["producten_of_diensten"]) <= set(zaaktype.producten_of_diensten):
        faults.append(
            Fault(
                "productenOfDiensten",
                "invalid-products-services",
                "Niet alle producten of diensten horen bij het zaaktype (zrc-015).",
            )
        )
    faults += _hoofdzaak_faults(zaaktype, hoofdzaak, stored)
    paid = values["laatste_betaaldatum"]
    if values["betalingsindicatie"] == "nvt" and paid is not None and "laatste_betaaldatum" in given:
        faults.append(
            Fault("laatsteBetaaldatum", "betaling-nvt", "Zonder betaling is er geen laatste betaaldatum (zrc-014).")
        )
    elif paid is not None and paid > now:
        faults.append(Fault("laatsteBetaaldatum", "future_not_allowed", "Deze datum ligt in de toekomst."))
    if values["registratiedatum"] is not None and values["registratiedatum"] > today:
        faults.append(Fault("registratiedatum", "date-in-future", "Deze datum ligt in de toekomst."))
    faults += _archive_faults(values, documents_archived=documents_archived)
    return faults


def _hoofdzaak_faults(zaaktype: KnownZaaktype, hoofdzaak: KnownHoofdzaak | None, stored: Stored | None) -> list[Fault]:
    if hoofdzaak is None:
        return []
    if stored is not None and hoofdzaak.id == stored.id:
        return [Fault("hoofdzaak", "self-forbidden", "Een zaak is niet zijn eigen hoofdzaak (zrc-013).")]
    if hoofdzaak.is_deelzaak or (stored is not None and stored.has_deelzaken):
        return [Fault("hoofdzaak", "deelzaak-als-hoofdzaak", "Een deelzaak kan geen hoofdzaak zijn (zrc-013).")]
    if hoofdzaak.catalogus_id == zaaktype.catalogus_id and zaaktype.identificatie in hoofdzaak.deelzaaktypen:
        return []
    return [Fault("hoofdzaak", "invalid-deelzaaktype", "Dit zaaktype is geen deelzaaktype van dat van de hoofdzaak.")]


def _archive_faults(values: Mapping[str, Any], *, documents_archived: bool) -> list[Fault]:
    """Return why a zaak cannot be archived yet. Source: zrc-022."""
    if values["archiefstatus"] == "nog_te_archiveren":
        return []
    faults = []
    if not documents_archived:
        faults.append(
            Fault("archiefstatus", "documents-not-archived", "Niet alle documenten zijn gearchiveerd (zrc-022).")
        )
    if not values["archiefnominatie"]:
        faults.append(Fault("archiefnominatie", "archiefnominatie-not-set", "De archiefnominatie ontbreekt (zrc-022)."))
    if values["archiefactiedatum"] is None:
        faults.append(
            Fault("archiefactiedatum", "archiefactiedatum-not-set", "De archiefactiedatum ontbreekt (zrc-022).")
        )
    return faults


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the table for values by their name in the shape; groups and geometry fall apart in several."""
    columns = {name: value for name, value in values.items() if name not in _TAKEN_APART}
    if "verlenging" in values:
        group = values["verlenging"]
        columns["verlenging_reden"], columns["verlenging_duur"] = (group.reden, group.duur) if group else ("", "")
    if "opschorting" in values:
        group = values["opschorting"]
        columns["opschorting_indicatie"], columns["opschorting_reden"] = (
            (group.indicatie, group.reden) if group else (False, "")
        )
    if "processobject" in values:
        group = values["processobject"]
        for name in ("datumkenmerk", "identificatie", "objecttype", "registratie"):
            columns[f"processobject_{name}"] = getattr(group, name) if group else ""
    if "zaakgeometrie" in values:
        columns["zaakgeometrie"] = values["zaakgeometrie"]
        box = bounding_box(values["zaakgeometrie"]) or (None,) * 4
        columns.update(zip(("bbox_min_x", "bbox_min_y", "bbox_max_x", "bbox_max_y"), box, strict=True))
    return columns


_TAKEN_APART = frozenset(
    {
        "verlenging",
        "opschorting",
        "processobject",
        "zaakgeometrie",
        "zaaktype",
        "hoofdzaak",
        "kenmerken",
        "relevante_andere_zaken",
    }
)
