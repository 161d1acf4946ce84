"""Asking a source about someone is written in the processing log."""

from __future__ import annotations

from datetime import date

import pytest

from stadhuis.audit import public as audit
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import public as people
from stadhuis.personen import public

pytestmark = pytest.mark.django_db

NOOR, DAAN = "999990184", "999990391"
CLERK = people.Actor(kind="staff", pk=1, key="staff:b.jansen", label="B. Jansen")


def _lines(person_id: int) -> list[tuple[str, str]]:
    return [(line.activity_id, line.party) for line in audit.processing_of(person_id)]


def test_when_a_known_person_is_asked_for_then_his_log_says_for_what_and_not_which_employee(
    sources: SimulatorProcess,
) -> None:
    # given
    noor, daan = people.person_for_bsn(NOOR), people.person_for_bsn(DAAN)
    # when
    public.persoon(NOOR, purpose="aanvraag-tozo", by=CLERK)
    public.zoek_personen("Verhagen", date(1984, 3, 12), purpose="zaak.zoeken", by=CLERK)
    public.bedrijven_van(NOOR, purpose="mijn-gegevens")
    # then
    assert _lines(noor) == [("mijn-gegevens", "system"), ("zaak.zoeken", "staff"), ("aanvraag-tozo", "staff")]
    assert _lines(daan) == []


def test_when_someone_without_a_file_is_found_then_he_gets_none_by_it(sources: SimulatorProcess) -> None:
    public.zoek_personen("Verhagen", date(1984, 3, 12), purpose="zaak.zoeken", by=CLERK)
    assert people.find_person(NOOR) is None


def test_when_the_source_is_down_then_it_is_still_logged_that_we_asked(sources: SimulatorProcess) -> None:
    noor = people.person_for_bsn(NOOR)
    sources.switch(brp="down")
    with pytest.raises(public.SourceUnavailable):
        public.persoon(NOOR, purpose="aanvraag-tozo", by=CLERK)
    assert _lines(noor) == [("aanvraag-tozo", "staff")]
