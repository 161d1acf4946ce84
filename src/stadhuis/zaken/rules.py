"""Decisions about zaken: values in, answer out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from stadhuis.kit.durations import period
from stadhuis.zaken.errors import ArchiefactiedatumError

# -- Closing: what happens to the archive parameters ------------------------------------------------------------------
POSTPONABLE: Final = frozenset({"", "hoofdzaak", "ander_datumkenmerk"})
"""Afleidingswijzen whose date may come after closing. Source: BEHAVIOUR 8.5."""


@dataclass(frozen=True)
class ArchiveRule:
    """What the resultaattype prescribes. Durations are ISO 8601 text."""

    archiefnominatie: str
    archiefactietermijn: str | None
    afleidingswijze: str
    datumkenmerk: str = ""
    objecttype: str = ""
    procestermijn: str | None = None
    einddatum_bekend: bool = False


@dataclass(frozen=True)
class ArchiveFacts:
    """What is known of the zaak when it closes. None in a sequence: that one has no date (yet)."""

    einddatum: date
    archiefnominatie: str = ""
    archiefactiedatum: date | None = None
    startdatum_bewaartermijn: date | None = None
    hoofdzaak_einddatum: date | None = None
    eigenschappen: Mapping[str, str] = field(default_factory=dict)
    zaakobjecten: Sequence[tuple[str, Mapping[str, Any]]] = ()
    """(objectType, objectIdentificatie)"""
    einddatums_of_related: Sequence[date | None] = ()
    ingangsdatums_of_besluiten: Sequence[date | None] = ()
    vervaldatums_of_besluiten: Sequence[date | None] = ()


@dataclass(frozen=True)
class ArchiveOutcome:
    """The three archive columns of a closed zaak. A date that cannot be determined is None, never invented."""

    archiefnominatie: str
    archiefactiedatum: date | None
    startdatum_bewaartermijn: date | None


def archive(rule: ArchiveRule, facts: ArchiveFacts) -> ArchiveOutcome:
    """Return what a zaak's archive parameters become at closing; what was set by hand stays.

    Raises ``ArchiefactiedatumError`` when a value is not a date, or when the zaak is to be destroyed and its date can
    neither be determined nor wait. Source: zrc-021.
    """
    nominatie = facts.archiefnominatie or rule.archiefnominatie
    start = facts.startdatum_bewaartermijn
    if not rule.archiefactietermijn or facts.archiefactiedatum is not None:
        return ArchiveOutcome(nominatie, facts.archiefactiedatum, start)
    start = start or brondatum(rule, facts)
    if start is None:
        must_be_known = rule.afleidingswijze not in POSTPONABLE or rule.einddatum_bekend
        if nominatie == "vernietigen" and must_be_known:
            raise ArchiefactiedatumError
        return ArchiveOutcome(nominatie, None, None)
    return ArchiveOutcome(
        nominatie,
        start + period(rule.archiefactietermijn),
        # The bewaartermijn is a thing of zaken that will be destroyed. Source: zrc-026 (a).
        start if nominatie == "vernietigen" else facts.startdatum_bewaartermijn,
    )


def brondatum(rule: ArchiveRule, facts: ArchiveFacts) -> date | None:
    """Return the day from which the archiefactietermijn runs, or None when it is not known. Source: zrc-021, step 1."""
    match rule.afleidingswijze:
        case "afgehandeld":
            return facts.einddatum
        case "termijn":
            return facts.einddatum + period(rule.procestermijn) if rule.procestermijn else None
        case "hoofdzaak":
            return facts.hoofdzaak_einddatum
        case "eigenschap":
            return parse_day(facts.eigenschappen.get(rule.datumkenmerk, ""))
        case "zaakobject":
            found = [
                _attribute(body, rule.datumkenmerk) for kind, body in facts.zaakobjecten if kind == rule.objecttype
            ]
            return _latest([parse_day(value) for value in found if value])
        case "gerelateerde_zaak":
            return _latest_of_all(facts.einddatums_of_related)
        case "ingangsdatum_besluit":
            return _latest(facts.ingangsdatums_of_besluiten)
        case "vervaldatum_besluit":
            # The vervaldatum itself, not the day after: BEHAVIOUR section 17.
            return _latest(facts.vervaldatums_of_besluiten)
    return None


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _latest_of_all(days: Sequence[date | None]) -> date | None:
    """Return the latest day if all are known: a related zaak that runs on may end later than any that ended."""
    return None if None in days else _latest(days)


def _attribute(body: Mapping[str, Any], path: str) -> str:
    """Return an attribute of an objectIdentificatie; ``/`` leads into a nested group. Source: BEHAVIOUR 8.5."""
    value: Any = body
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def parse_day(value: str) -> date | None:
    """Return the day in a catalogue date (YYYYMMDD, YYYYMMDDhhmmss) or an ISO date or moment; None for nothing.

    Raises ``ArchiefactiedatumError`` for anything else. Source: ztc-015, BEHAVIOUR 8.5.
    """
    text = value.strip()
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{14}", text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").date()  # noqa: DTZ007 (a day without a zone)
        if re.fullmatch(r"\d{8}", text):
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ArchiefactiedatumError from None


# -- Names ------------------------------------------------------------------------------------------------------------
_NOT_DECOMPOSED: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def search_words(text: str) -> tuple[str, ...]:
    """Return the words of a name without accents, capitals or punctuation: 'Çelik-Øst' gives ('celik', 'ost').

    Names are stored and asked for through this one function, so that the database needs no collation for it.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_NOT_DECOMPOSED))
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return tuple("".join(character if character.isalnum() else " " for character in plain).split())


def tsquery(text: str) -> str:
    """Return a PostgreSQL tsquery in which every word of a name must occur, from its beginning; empty for no words."""
    return " & ".join(f"'{word}':*" for word in search_words(text))


def shown_name(betrokkene_type: str, body: Mapping[str, Any]) -> str:
    """Return how someone in a rol is called, from the body of the standard."""
    match betrokkene_type:
        case "natuurlijk_persoon":
            parts = [
                body.get("voornamen") or body.get("voorletters"),
                body.get("voorvoegselGeslachtsnaam"),
                body.get("geslachtsnaam"),
            ]
        case "niet_natuurlijk_persoon":
            parts = [body.get("statutaireNaam")]
        case "vestiging":
            parts = list((body.get("handelsnaam") or [])[:1])
        case "medewerker":
            parts = [body.get("voorletters"), body.get("voorvoegselAchternaam"), body.get("achternaam")]
        case _:
            parts = [body.get("naam")]
    return " ".join(part for part in parts if part)


# -- Place ------------------------------------------------------------------------------------------------------------
def bounding_box(geometry: Mapping[str, Any] | None) -> tuple[float, float, float, float] | None:
    """Return (min x, min y, max x, max y) of a GeoJSON geometry, or None when it has no points."""
    if geometry is None:
        return None
    points = list(_points(geometry))
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(geometry: Mapping[str, Any]) -> Iterable[tuple[float, float]]:
    waiting: list[Any] = [*geometry.get("geometries", ()), geometry.get("coordinates", ())]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += [*one.get("geometries", ()), one.get("coordinates", ())]
        elif len(one) >= 2 and all(isinstance(number, (int, float)) for number in one[:2]):
            yield float(one[0]), float(one[1])
        else:
            waiting += one


# -- Properties -------------------------------------------------------------------------------------------------------
_FORMS: Final = {
    "getal": (re.compile(r"-?\d+([.,]\d+)?", re.ASCII), "getal"),
    "datum": (re.compile(r"\d{8}|\d{4}-\d{2}-\d{2}", re.ASCII), "datum"),
    "datum_tijd": (re.compile(r"\d{14}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII), "datum met tijd"),
}


def breach_of(waarde: str, *, formaat: str, lengte: str, values: Sequence[str]) -> str:
    """Return in one sentence how a value breaks the specificatie of its eigenschap; empty when it does not.

    The value is kept all the same. Source: Zaken API 1.7.0, zaakeigenschap_create (X-Warning); ztc-015.
    """
    pattern, named = _FORMS.get(formaat, (None, ""))
    if pattern is not None and not pattern.fullmatch(waarde):
        return f"De waarde is geen {named}."
    if formaat in ("datum", "datum_tijd"):
        try:
            parse_day(waarde)
        except ArchiefactiedatumError:
            return f"De waarde is geen {named}."
    elif not _is_short_enough(waarde, lengte):
        return "De waarde is langer dan de eigenschap toelaat."
    if values and waarde not in values:
        return "De waarde staat niet in de waardenverzameling."
    return ""


def _is_short_enough(waarde: str, lengte: str) -> bool:
    """Return whether a value is no longer than ``lengte`` says: '40', or '5,2' for digits before and after the comma."""
    before, _, after = lengte.partition(",")
    if not before.isdigit():
        return True
    if not after.isdigit():
        return len(waarde) <= int(before)
    whole, _, part = waarde.lstrip("-").replace(".", ",").partition(",")
    return len(whole) <= int(before) and len(part) <= int(after)
