"""Decisions about what is sent to the Documenten API: values in, faults out. No database, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from stadhuis.kit.api.content import Content
from stadhuis.kit.api.errors import NON_FIELD, Fault

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESSES: Final = (
    "binnenlands_correspondentieadres", "buitenlands_correspondentieadres", "correspondentie_postadres", "faxnummer",
    "emailadres", "mijn_overheid", "telefoonnummer",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What happens to the content: it stays, a file takes its place, parts will, or there is none."""

    does: str
    """keep, file, parts or none."""
    size: int | None = None
    file: UUID | None = None


def content_plan(
    *, inhoud: Content | None, omvang: int | None, given: Collection[str], stored_size: int | None,
    biggest: int, faults: list[Fault],
) -> Plan:  # fmt: skip
    """Return what is to happen to the content of a document. Source: BEHAVIOUR 10.4.

    ``given`` says what was sent: nothing said in a PATCH changes nothing. ``biggest`` is the most bytes we take.
    """
    if inhoud is not None:
        if "bestandsomvang" in given and omvang is not None and omvang != inhoud.size:
            faults.append(_wrong_size(f"De inhoud telt {inhoud.size} bytes, bestandsomvang zegt {omvang}."))
        return Plan("file", inhoud.size, inhoud.file)
    if "inhoud" not in given and ("bestandsomvang" not in given or (omvang or 0) == (stored_size or 0)):
        return Plan("keep")
    if omvang:
        if omvang > biggest:
            faults.append(
                Fault(
                    "bestandsomvang",
                    "max_value",
                    f"Zorg ervoor dat deze waarde kleiner is dan of gelijk is aan {biggest}.",
                )
            )
        return Plan("parts", omvang)
    if "inhoud" not in given:
        faults.append(_wrong_size("Er is inhoud: zonder nieuwe inhoud blijft bestandsomvang wat het was."))
        return Plan("keep")
    return Plan("none", omvang)


def _wrong_size(reason: str) -> Fault:
    return Fault(NON_FIELD, "file-size", reason)


def document_faults(
    values: Mapping[str, Any], given: Collection[str], *, concept: bool, has_gebruiksrechten: bool
) -> list[Fault]:
    """Return what is wrong with a document as it would become; ``given`` names what the client sent."""
    faults: list[Fault] = []
    if concept and "informatieobjecttype" in given:
        faults.append(
            Fault("informatieobjecttype", "not-published", "Het informatieobjecttype is nog een concept (drc-001).")
        )
    being_written = values["status"] in ("in_bewerking", "ter_vaststelling")
    if being_written and values["ontvangstdatum"] is not None:
        faults.append(
            Fault("status", "invalid_for_received", "Een ontvangen document is niet meer in bewerking (drc-005).")
        )
    if being_written and values["ondertekening"] is not None:
        faults.append(Fault("ondertekening", "invalid_for_status", "Wat nog in bewerking is, is niet ondertekend."))
    if "indicatie_gebruiksrecht" in given:
        faults += gebruiksrecht_faults(values["indicatie_gebruiksrecht"], has_gebruiksrechten=has_gebruiksrechten)
    if _CONTROL.search(values["formaat"]):
        faults.append(Fault("formaat", "invalid", "Een mediatype heeft geen besturingstekens."))
    if not re.fullmatch(r"[A-Za-z]{3}", values["taal"]):
        faults.append(Fault("taal", "invalid", "Een taal is een code van drie letters (ISO 639-2/B)."))
    return faults


def gebruiksrecht_faults(indicatie: bool | None, *, has_gebruiksrechten: bool) -> list[Fault]:
    """Return why the indication cannot be this. Source: drc-006."""
    if indicatie and not has_gebruiksrechten:
        return [
            Fault(
                "indicatieGebruiksrecht",
                "missing-gebruiksrechten",
                "Leg eerst vast welke gebruiksrechten gelden (drc-006).",
            )
        ]
    if not indicatie and has_gebruiksrechten:
        return [Fault("indicatieGebruiksrecht", "existing-gebruiksrechten", "Er gelden nog gebruiksrechten (drc-006).")]
    return []


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the table for values by their name in the shape; groups fall apart in several."""
    columns = {name: value for name, value in values.items() if name not in _TAKEN_APART}
    if "ondertekening" in values:
        group = values["ondertekening"]
        columns["ondertekening_soort"], columns["ondertekening_datum"] = (
            (group.soort, group.datum) if group else ("", None)
        )
    if "integriteit" in values:
        group = values["integriteit"]
        for name in ("algoritme", "waarde", "datum"):
            columns[f"integriteit_{name}"] = getattr(group, name) if group else (None if name == "datum" else "")
    return columns


_TAKEN_APART: Final = frozenset(
    {
        "ondertekening",
        "integriteit",
        "inhoud",
        "bestandsomvang",
        "lock",
        "informatieobjecttype",
        "identificatie",
    }
)


def verzending_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with a verzending as it would become. Source: BEHAVIOUR 10.5."""
    faults = []
    if sum(1 for name in _ADDRESSES if values[name]) != 1:
        faults.append(Fault(NON_FIELD, "invalid-address", "Geef precies één adres: een verzending gaat naar één plek."))
    if values["aard_relatie"] == "afzender" and values["ontvangstdatum"] is None:
        faults.append(Fault("ontvangstdatum", "required", "Wat van een afzender kwam, heeft een ontvangstdatum."))
    return faults
