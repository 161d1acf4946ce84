"""Outages on record reach the terms: those of whoever had to send something move, our own do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from stadhuis.casework import public as casework
from stadhuis.casework.actions import recompute_deadline
from stadhuis.casework.models import DeadlineVersion
from stadhuis.casework.tests.givens import given_application, given_town
from stadhuis.kit import outages
from stadhuis.kit.time import AMSTERDAM, now

pytestmark = pytest.mark.django_db


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=AMSTERDAM)


@time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=AMSTERDAM))
def test_when_the_portal_was_down_on_the_last_day_then_a_bezwaar_is_in_time_on_the_first_working_day_after() -> None:
    # given: made known on 2 March, so in time up to and including Monday 13 April
    made_known = date(2026, 3, 2)
    assert casework.bezwaar_deadline(made_known).date == date(2026, 4, 13)
    # when
    uuid = outages.record("portal", at(13, 20), at(14, 9), reason="x", by="system")
    # then
    moved = casework.bezwaar_deadline(made_known)
    assert moved.date == date(2026, 4, 15)
    assert "outage-extended" in {step.code for step in moved.steps}
    outages.withdraw(uuid, reason="x", by="system")
    assert casework.bezwaar_deadline(made_known).date == date(2026, 4, 13)


@time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=AMSTERDAM))
def test_an_outage_on_another_day_or_of_another_channel_moves_nothing() -> None:
    outages.record("portal", at(10, 9), at(12, 9), reason="x", by="system")
    outages.record("mail", at(13, 9), at(14, 9), reason="x", by="system")
    assert casework.bezwaar_deadline(date(2026, 3, 2)).date == date(2026, 4, 13)


@time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=AMSTERDAM))
def test_our_own_term_stands_and_says_that_there_was_an_outage(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR, settings.PRACTICE_DATE = tmp_path, "2021-05-17"
    zaak = given_application(given_town())
    before = DeadlineVersion.objects.filter(zaak_id=zaak.id).latest("pk").deadline
    outages.record("portal", now() - timedelta(hours=2), now() - timedelta(hours=1), reason="x", by="system")
    assert recompute_deadline(zaak).date == before
    steps = DeadlineVersion.objects.filter(zaak_id=zaak.id).latest("pk").explanation["steps"]
    assert "outage" in {step["code"] for step in steps}


@time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=AMSTERDAM))
def test_whether_a_bezwaar_is_in_time_follows_the_outages() -> None:
    # given: in time up to and including Monday 13 April, and the next day it is not
    made_known = date(2026, 3, 2)
    assert not casework.objection_in_time(made_known, date(2026, 4, 14)).is_in_time
    # when the portal was down on the last day
    last_day = outages.record("portal", at(13, 20), at(14, 9), reason="x", by="system")
    # then
    assert casework.objection_in_time(made_known, date(2026, 4, 15)).is_in_time
    assert not casework.objection_in_time(made_known, date(2026, 4, 16)).is_in_time
    # and one shortly before it moves nothing, but is named
    outages.withdraw(last_day, reason="x", by="system")
    outages.record("portal", at(8, 9), at(8, 20), reason="x", by="system")
    found = casework.objection_in_time(made_known, date(2026, 4, 14))
    assert not found.is_in_time
    assert "outage-near-the-end" in {step.code for step in found.deadline.steps}


@time_machine.travel(datetime(2026, 4, 7, 12, tzinfo=AMSTERDAM))
def test_six_weeks_that_end_on_a_holiday_end_on_the_next_working_day() -> None:
    # 23 February and six weeks: Easter Monday
    assert casework.bezwaar_deadline(date(2026, 2, 23)).date == date(2026, 4, 7)
    assert casework.objection_in_time(date(2026, 2, 23), date(2026, 4, 7)).is_in_time
