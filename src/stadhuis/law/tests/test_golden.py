"""Cases with a known outcome, and the page that lists every term."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from stadhuis.law import public as law
from stadhuis.law.public import Event, EventKind
from stadhuis.law.tests.golden import GOLDEN, Golden

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_a_case_with_a_known_outcome_gives_that_outcome(case: Golden) -> None:
    term = law.term(case.term)
    if term.is_counted_back:
        assert law.last_day(case.start, term) == case.last_day
        return
    deadline = law.decision_deadline(case.start, term, case.events)
    assert deadline.date == case.last_day
    assert law.replay(deadline.as_dict()) == deadline


def test_every_term_has_a_case_and_says_from_what_it_runs() -> None:
    assert {case.term for case in GOLDEN} == set(law.TERMS)
    assert all(term.starts for term in law.TERMS.values())


def test_a_notice_the_first_working_day_after_the_last_day_starts_the_penalty() -> None:
    # given: objection of 12 May 2023 against a decision of 14 April; nothing decided; notice on Monday 10 July.
    # Source: ECLI:NL:RBMNE:2024:6245 (the notice was in time; the amounts: Awb 4:17 lid 2)
    deadline = law.last_day_to_decide_on_bezwaar(
        date(2023, 4, 14), [Event(EventKind.DEFAULT_NOTICE, date(2023, 7, 10))], committee=False
    )
    # when
    owed = law.penalty(deadline, as_of=date(2023, 12, 31))
    # then
    assert deadline.date == date(2023, 7, 7)
    assert (owed.first_day, owed.last_day, owed.cents) == (date(2023, 7, 25), date(2023, 9, 4), 144_200)


def test_the_whole_penalty_is_1442_euro_in_42_days() -> None:
    # Source: ECLI:NL:RBDHA:2019:10639
    deadline = law.decision_deadline(
        date(2019, 1, 7), law.term("awb-4-13"), [Event(EventKind.DEFAULT_NOTICE, date(2019, 3, 11))]
    )
    owed = law.penalty(deadline, as_of=date(2019, 12, 31))
    assert (owed.days, owed.cents) == (42, 144_200)


def test_the_page_of_terms_is_what_the_room_knows() -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "script" / "terms_page.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
