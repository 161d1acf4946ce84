"""What this room does when it asks a source about someone: write it in the processing log."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.people import public as people
from stadhuis.personen import public
from stadhuis.personen.records import Adres, Persoon, Processing


@public.on_processing
def write_processing_log(processing: Processing) -> None:
    """Log the people this town hall knows. Source: Logboek Dataverwerkingen; AVG art. 5 lid 2.

    Whoever only turned up in a search and has no file here gets none by being looked up.
    """
    known = (people.find_person(bsn) for bsn in processing.bsns)
    audit.record_processing(processing.activity, [person for person in known if person is not None], by=processing.by)


@public.on_answer
def keep_secrecy(persoon: Persoon) -> None:
    """Keep whether the address of a person we know is secret, for the mask. Source: Wet BRP art. 2.59."""
    person = people.find_person(persoon.bsn)
    if person is not None:
        home = persoon.adres
        pattern = _pattern(home) if home else ""
        access.keep_secrecy(person, is_secret=persoon.geheimhouding, pattern=pattern)


def _pattern(home: Adres) -> str:
    if home.is_buitenland:
        return access.masks.joined(access.masks.pattern_of(street=line) for line in home.regels)
    return access.masks.pattern_of(street=home.straat, postcode=home.postcode)
