"""The front door of personen: ask about people (BRP) and companies (KVK).

Every question names its ``purpose``, the id of a processing activity: it goes to the source as a header and to the processing
log before the answer is given (``by`` says for whom; jobs leave it out). ``SourceUnavailable`` means the source gave no usable answer: show its data as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from stadhuis.access import public as access
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.personen import memory, rules
from stadhuis.personen.errors import NotFound, PersonenError, SourceUnavailable
from stadhuis.personen.records import (
    Adres,
    Bedrijf,
    Datum,
    GevondenPersoon,
    Health,
    Kind,
    Naam,
    Ouder,
    Partner,
    Persoon,
    Processing,
)
from stadhuis.personen.rules import vestigingsland

if TYPE_CHECKING:
    from stadhuis.personen.clients import BrpClient, KvkClient

__all__ = [
    "Adres",
    "Bedrijf",
    "Datum",
    "GevondenPersoon",
    "Health",
    "Kind",
    "Naam",
    "Ouder",
    "Partner",
    "PersonenError",
    "Persoon",
    "Processing",
    "SourceUnavailable",
    "bedrijf",
    "bedrijven_van",
    "health",
    "keep_family_shut",
    "on_answer",
    "on_processing",
    "persoon",
    "vestigingsland",
    "zoek_personen",
]

FAMILY_PURPOSE = "eigen-zaken-dicht"
"""Processing activity: keeping cases of family shut to staff."""
_hooks: list[Callable[[Processing], None]] = []


# The clients come with pydantic and its shapes: loaded at the first question, for most processes never ask one.
def _brp() -> BrpClient:
    from stadhuis.personen.clients import brp

    return brp()


def _kvk() -> KvkClient:
    from stadhuis.personen.clients import kvk

    return kvk()


def on_processing(hook: Callable[[Processing], None]) -> Callable[[Processing], None]:
    """Register who is told that personal data is asked for (at start-up). An error of a hook withholds the answer."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


_answers: list[Callable[[Persoon], None]] = []


def on_answer(hook: Callable[[Persoon], None]) -> Callable[[Persoon], None]:
    """Register who hears what the BRP says about a person (at start-up)."""
    if hook not in _answers:
        _answers.append(hook)
    return hook


def _tell(processing: Processing) -> None:
    for hook in _hooks:
        hook(processing)


def _check(purpose: str) -> None:
    if not purpose or not purpose.isascii() or not purpose.isprintable():
        raise ValueError("purpose must be the id of a processing activity, in printable ASCII")


def persoon(bsn: str, *, purpose: str, by: Actor = SYSTEM) -> Persoon | None:
    """Return the person with this BSN, also when he has died; None when the BRP does not know the number.

    SourceUnavailable when the BRP gives no usable answer. An impossible BSN is not sent to the BRP.
    """
    _check(purpose)
    if not people.is_bsn(bsn):
        return None

    def ask() -> Persoon | None:
        _tell(Processing(purpose, "BRP", by, bsns=(bsn,)))
        try:
            found = _brp().persoon(bsn, purpose=purpose)
        except NotFound:
            return None
        for hear in _answers:
            hear(found)
        return found

    return memory.remembered(("persoon", bsn, purpose, by.key), ask)


def zoek_personen(
    geslachtsnaam: str, geboortedatum: date, *, purpose: str, voorvoegsel: str = "", by: Actor = SYSTEM
) -> tuple[GevondenPersoon, ...]:
    """Return the living people with this surname (without its prefix) and date of birth.

    ``Jans*`` finds names that begin so, from three letters on. A name the BRP could not hold finds nobody. SourceUnavailable
    when the BRP gives no usable answer.
    """
    _check(purpose)
    surname = geslachtsnaam.strip()
    if not rules.is_searchable_name(surname):
        return ()
    found = _brp().zoek(surname, geboortedatum, voorvoegsel=voorvoegsel.strip(), purpose=purpose)
    _tell(Processing(purpose, "BRP", by, bsns=tuple(one.bsn for one in found)))
    return found


def bedrijf(kvk_nummer: str, *, purpose: str, by: Actor = SYSTEM) -> Bedrijf | None:
    """Return the company with this KVK number; None when the register does not know it.

    SourceUnavailable when the KVK gives no usable answer.
    """
    _check(purpose)
    if not people.is_kvk(kvk_nummer):
        return None

    def ask() -> Bedrijf | None:
        _tell(Processing(purpose, "KVK", by, kvk_nummers=(kvk_nummer,)))
        try:
            return _kvk().bedrijf(kvk_nummer, purpose=purpose)
        except NotFound:
            return None

    return memory.remembered(("bedrijf", kvk_nummer, purpose, by.key), ask)


def bedrijven_van(bsn: str, *, purpose: str, by: Actor = SYSTEM) -> tuple[Bedrijf, ...]:
    """Return the companies this person owns, in the order of the register.

    SourceUnavailable when the KVK gives no usable answer about any of them: half a list would look like a whole one.
    """
    _check(purpose)
    if not people.is_bsn(bsn):
        return ()

    def ask() -> tuple[str, ...]:
        _tell(Processing(purpose, "KVK", by, bsns=(bsn,)))
        return _kvk().kvk_nummers_van(bsn, purpose=purpose)

    numbers = memory.remembered(("bedrijven_van", bsn, purpose, by.key), ask)
    companies = (bedrijf(number, purpose=purpose, by=by) for number in numbers)
    return tuple(company for company in companies if company is not None)


def keep_family_shut(medewerker_id: int, *, by: Actor = SYSTEM) -> int:
    """Ask the BRP for partner, parents and children of a member of staff and shut their cases to them; returns how many.

    Call it when somebody is linked to a person; a job does it every night for all. Without a link nobody is family.
    SourceUnavailable when the BRP gives no usable answer: what was known stays. Source: Awb art. 2:4.
    """
    person_id = people.medewerker(medewerker_id).person_id
    bsn = people.bsns_of([person_id]).get(person_id) if person_id is not None else None
    found = persoon(bsn, purpose=FAMILY_PURPOSE, by=by) if bsn else None
    if bsn and found is None:
        return access.set_family(medewerker_id, (), by=by)
    relatives: list[access.Relative] = []
    if found is not None:
        named: list[tuple[str | None, str]] = [(one.bsn, "parent") for one in found.ouders]
        named += [(one.bsn, "child") for one in found.kinderen]
        named += [(found.partner.bsn, "partner")] if found.partner else []
        relatives = [
            access.Relative(people.person_for_bsn(number), relation)
            for number, relation in named
            if number and people.is_bsn(number)
        ]
    return access.set_family(medewerker_id, relatives, by=by)


def health() -> tuple[Health, ...]:
    """Return for each source whether it answers; asks nothing about anyone."""
    return (_brp().health(), _kvk().health())
