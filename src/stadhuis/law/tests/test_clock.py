"""Terms, the decision clock, the term for bezwaar and the penalty."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.law import public as law
from stadhuis.law.public import Event, EventKind
from stadhuis.law.texts import SENTENCES

EIGHT_WEEKS = law.TERMS["awb-4-13"]
MONDAY = date(2021, 5, 17)


def codes(deadline: law.Deadline) -> list[str]:
    return [step.code for step in deadline.steps]


@pytest.mark.parametrize(
    ("bekendgemaakt", "last_day"),
    [
        (date(2021, 6, 1), date(2021, 7, 13)),
        (date(2021, 6, 4), date(2021, 7, 16)),
        (date(2021, 6, 5), date(2021, 7, 19)),  # Saturday to Monday
        (date(2021, 4, 1), date(2021, 5, 14 + 3)),  # Ascension 13 May, Friday by decree, weekend, Monday 17 May
        (date(2021, 2, 22), date(2021, 4, 6)),  # Easter Monday 5 April to Tuesday
        (date(2021, 11, 13), date(2021, 12, 27)),  # Christmas Day on a Saturday, Sunday, Monday
        (date(2025, 11, 21), date(2026, 1, 5)),  # 2 January 2026 equals a holiday by decree
        (date(2026, 3, 16), date(2026, 4, 28)),  # King's Day
    ],
)
def test_bezwaar_is_in_time_for_six_weeks_and_until_the_next_working_day(bekendgemaakt: date, last_day: date) -> None:
    assert law.last_day_for_bezwaar(bekendgemaakt) == last_day
    assert law.bezwaar_deadline(bekendgemaakt).date == last_day


def test_a_decision_made_known_in_the_night_of_the_clock_change_counts_by_the_dutch_date() -> None:
    assert law.last_day_for_bezwaar(datetime(2021, 10, 30, 22, 30, tzinfo=UTC)) == law.last_day_for_bezwaar(
        date(2021, 10, 31)
    )


@pytest.mark.parametrize(
    ("duration", "received", "last_day"),
    [
        ("P8W", date(2021, 5, 17), date(2021, 7, 12)),
        ("P56D", date(2021, 5, 17), date(2021, 7, 12)),
        ("P2M", date(2021, 12, 31), date(2022, 2, 28)),
        ("P4W", date(2021, 4, 15), date(2021, 5, 17)),
        ("P12W", date(2021, 10, 2), date(2021, 12, 27)),
        ("P13W", date(2021, 9, 25), date(2021, 12, 25)),  # more than twelve weeks: Atw 4, it stays on Saturday
        ("P90D", date(2021, 9, 26), date(2021, 12, 27)),
        ("P91D", date(2021, 9, 25), date(2021, 12, 25)),
        ("P3M", date(2021, 9, 25), date(2021, 12, 27)),
        ("P4M", date(2021, 8, 25), date(2021, 12, 25)),
        ("P1Y", date(2020, 12, 25), date(2021, 12, 25)),
        ("P2D", date(2021, 5, 13), date(2021, 5, 17)),
    ],
)
def test_a_doorlooptijd_of_the_zaaktype_is_counted_in_its_own_unit(
    duration: str, received: date, last_day: date
) -> None:
    assert law.decision_deadline(received, law.term_of_duration(duration)).date == last_day


@pytest.mark.parametrize("duration", ["", "8 weeks", "P1M3D", "PT8H", "P0D", "P-8W", "P", "P99999D"])
def test_a_duration_that_is_no_plain_term_is_refused(duration: str) -> None:
    with pytest.raises(law.UnknownTerm):
        law.term_of_duration(duration)


def test_a_term_of_a_by_law_does_not_move_to_a_working_day() -> None:
    # given
    by_law = law.term_of_duration("P4W", article="Verordening art. 3", in_act=False)
    # when
    deadline = law.decision_deadline(date(2021, 4, 17), by_law)
    # then
    assert deadline.date == date(2021, 5, 15)
    assert "atw-not" in codes(deadline)


def test_a_term_of_three_days_or_more_holds_two_working_days() -> None:
    # given: 24 and 25 December 2026 are Thursday and Friday
    three_days = law.Term("drie-dagen", "-", 3, "days")
    # then: 25 (Fri, holiday), 26, 27; 28 is the first working day, 29 the second
    assert law.last_day(date(2026, 12, 24), three_days) == date(2026, 12, 29)
    # a term of two days needs none: it only moves off the weekend
    assert law.last_day(date(2026, 12, 24), law.Term("twee-dagen", "-", 2, "days")) == date(2026, 12, 28)


def test_a_term_that_is_counted_back_never_moves() -> None:
    # given
    ten_days_before = law.Term("tien-dagen-voor", "Awb 7:4 lid 1", 10, "days", is_counted_back=True)
    # then
    assert law.last_day(date(2021, 5, 25), ten_days_before) == date(2021, 5, 15)  # a Saturday
    with pytest.raises(law.LawError):
        law.decision_deadline(MONDAY, ten_days_before)


def test_the_clock_stands_still_from_the_day_after_the_invitation_until_the_day_of_the_supplement() -> None:
    # given
    events = [
        Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3)),
        Event(EventKind.SUPPLEMENTED, date(2021, 5, 31)),
    ]
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, events)
    # then: 21 May up to and including 30 May is ten days
    assert deadline.suspensions == (law.Period(date(2021, 5, 21), date(2021, 5, 30)),)
    assert deadline.date == date(2021, 7, 22)
    assert [step.article for step in deadline.steps] == ["Awb 4:13", "Awb 4:13 lid 2", "Awb 4:15 lid 1 onder a"]
    assert deadline.stands_still_on(date(2021, 5, 30))
    assert not deadline.stands_still_on(date(2021, 5, 31))


@pytest.mark.parametrize(
    "extra",
    [
        [],
        [Event(EventKind.RECOVERY_TERM_LAPSED, date(2021, 6, 3))],
        [Event(EventKind.SUPPLEMENTED, date(2021, 6, 20))],  # after the recovery term: too late to count
    ],
)
def test_an_unused_recovery_term_stops_the_clock_up_to_its_last_day(extra: list[Event]) -> None:
    # given
    invitation = Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3))
    # then: 21 May up to and including 3 June is fourteen days
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [invitation, *extra]).date == date(2021, 7, 26)


def test_an_invitation_without_a_term_does_not_stop_the_clock() -> None:
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, [Event(EventKind.INVITED, date(2021, 5, 20))])
    # then
    assert deadline.date == date(2021, 7, 12)
    assert "no-suspension-without-term" in codes(deadline)


def test_a_supplement_on_the_day_of_the_invitation_costs_no_day() -> None:
    # given
    events = [
        Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3)),
        Event(EventKind.SUPPLEMENTED, date(2021, 5, 20)),
    ]
    # then
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, events).date == date(2021, 7, 12)


def test_days_that_stand_still_twice_count_once() -> None:
    # given
    events = [
        Event(EventKind.FORCE_MAJEURE, date(2021, 6, 1), until=date(2021, 6, 10)),
        Event(EventKind.CONSENT_TO_DELAY, date(2021, 6, 5), until=date(2021, 6, 15)),
        Event(EventKind.APPLICANT_DELAY, date(2021, 6, 6), until=date(2021, 6, 7)),
    ]
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, events)
    # then: 1 up to and including 15 June
    assert sum(period.days for period in deadline.suspensions) == 15
    assert deadline.date == date(2021, 7, 27)


def test_force_majeure_without_an_end_stops_the_clock_up_to_the_day_that_is_asked_about() -> None:
    # given
    events = [Event(EventKind.FORCE_MAJEURE, date(2021, 6, 1))]
    # then
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, events, as_of=date(2021, 6, 20)).date == date(2021, 8, 2)
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, events).date == date(2021, 7, 13)


@pytest.mark.parametrize(
    ("standstill", "days"),
    [
        (Event(EventKind.FORCE_MAJEURE, date(2021, 6, 1)), 9),
        (Event(EventKind.CONSENT_TO_DELAY, date(2021, 6, 1), until=date(2021, 6, 30)), 9),
        (Event(EventKind.INVITED, date(2021, 6, 1), until=date(2021, 6, 30)), 8),
        (Event(EventKind.FORCE_MAJEURE, date(2021, 6, 1), until=date(2021, 6, 3)), 3),
    ],
)
def test_a_standstill_that_is_said_to_be_over_ends_the_day_before(standstill: Event, days: int) -> None:
    # given
    resumed = Event(EventKind.RESUMED, date(2021, 6, 10))
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, [standstill, resumed], as_of=date(2021, 9, 1))
    # then
    assert sum(period.days for period in deadline.suspensions) == days
    assert deadline.suspensions[-1].last < date(2021, 6, 10)


@pytest.mark.parametrize(
    "late",
    [
        Event(EventKind.EXTENDED, date(2021, 7, 13), length=6, unit="weeks"),
        Event(EventKind.NOTICE_4_14, date(2021, 7, 13), until=date(2021, 9, 1)),
        Event(EventKind.FORCE_MAJEURE, date(2021, 7, 13), until=date(2021, 7, 20)),
        Event(EventKind.INVITED, date(2021, 7, 12), until=date(2021, 7, 20)),
    ],
)
def test_what_comes_after_the_last_day_does_not_bring_the_term_back(late: Event) -> None:
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, [late])
    # then
    assert deadline.date == date(2021, 7, 12)
    assert "no-effect-too-late" in codes(deadline)


def test_consent_given_for_a_delay_that_follows_the_term_at_once_counts() -> None:
    consent = Event(EventKind.CONSENT_TO_DELAY, date(2021, 7, 13), until=date(2021, 7, 30))
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [consent]).date == date(2021, 7, 30)


def test_an_event_in_the_weekend_before_the_moved_last_day_loses_no_day() -> None:
    # given: eight weeks end on Saturday 17 July and run on to Monday 19 July 2021
    force_majeure = Event(EventKind.FORCE_MAJEURE, date(2021, 7, 19), until=date(2021, 7, 20))
    # then
    assert law.decision_deadline(date(2021, 5, 22), EIGHT_WEEKS, [force_majeure]).date == date(2021, 7, 21)


def test_a_reasonable_term_moves_with_a_notice_in_time_and_a_statutory_one_does_not() -> None:
    # given
    notice = Event(EventKind.NOTICE_4_14, date(2021, 7, 1), until=date(2021, 8, 30))
    # then
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [notice]).date == date(2021, 8, 30)
    statutory = law.decision_deadline(MONDAY, law.term_of_duration("P8W"), [notice])
    assert statutory.date == date(2021, 7, 12)
    assert "notice-4-14-lid-1" in codes(statutory)


def test_a_woo_request_takes_four_weeks_and_two_more_when_extended() -> None:
    # given
    extension = Event(EventKind.EXTENDED, date(2021, 6, 10), length=2, unit="weeks")
    # then
    assert law.decision_deadline(MONDAY, law.term("woo-4-4")).date == date(2021, 6, 14)
    assert law.decision_deadline(MONDAY, law.term("woo-4-4"), [extension]).date == date(2021, 6, 28)


@pytest.mark.parametrize(
    ("extensions", "last_day"),
    [
        ([Event(EventKind.EXTENDED, date(2021, 6, 10), length=3, unit="weeks")], date(2021, 6, 14)),
        (
            [
                Event(EventKind.EXTENDED, date(2021, 6, 10), length=1, unit="weeks"),
                Event(EventKind.EXTENDED, date(2021, 6, 11), length=1, unit="weeks"),
            ],
            date(2021, 6, 21),
        ),
    ],
)
def test_an_extension_that_the_law_does_not_allow_has_no_effect(extensions: list[Event], last_day: date) -> None:
    # when
    deadline = law.decision_deadline(MONDAY, law.term("woo-4-4"), extensions)
    # then
    assert deadline.date == last_day
    assert "extension-not-allowed" in codes(deadline)


def test_the_term_to_decide_on_a_bezwaar_starts_when_the_term_for_bezwaar_has_ended() -> None:
    assert law.last_day_to_decide_on_bezwaar(date(2021, 6, 1), committee=False).date == date(2021, 8, 24)
    assert law.last_day_to_decide_on_bezwaar(date(2021, 6, 1), committee=True).date == date(2021, 10, 5)


def test_a_bezwaar_counts_from_the_end_of_the_term_to_object_once_the_decision_is_known() -> None:
    # given: received on 21 June against a decision of 1 June 2021
    received, objected = date(2021, 6, 21), Event(EventKind.OBJECTED_TO, date(2021, 6, 1))
    # then: without the decision from the receipt, which is never too late
    assert law.decision_deadline(received, law.TERMS["awb-7-10"]).date == date(2021, 8, 2)
    deadline = law.decision_deadline(received, law.TERMS["awb-7-10"], [objected])
    assert deadline.date == law.last_day_to_decide_on_bezwaar(date(2021, 6, 1), committee=False).date
    assert "13 juli 2021" in deadline.steps[0].text
    assert law.replay(deadline.as_dict()) == deadline
    # and no other term heeds it
    assert law.decision_deadline(received, EIGHT_WEEKS, [objected]).date == date(2021, 8, 16)


@pytest.mark.parametrize(
    ("received", "posted", "answer"),
    [
        (date(2021, 7, 13), None, (True, "Awb 6:9 lid 1")),
        (datetime(2021, 7, 13, 21, 59, tzinfo=UTC), None, (True, "Awb 6:9 lid 1")),  # 23:59 in Amsterdam
        (datetime(2021, 7, 13, 22, 0, tzinfo=UTC), None, (False, "Awb 6:7")),
        (date(2021, 7, 20), date(2021, 7, 13), (True, "Awb 6:9 lid 2")),
        (date(2021, 7, 21), date(2021, 7, 13), (False, "Awb 6:7")),
        (date(2021, 7, 20), date(2021, 7, 14), (False, "Awb 6:7")),
    ],
)
def test_a_bezwaar_is_in_time_when_received_by_the_last_day_or_posted_by_then_and_received_within_a_week(
    received: date, posted: date | None, answer: tuple[bool, str]
) -> None:
    found = law.objection_in_time(date(2021, 6, 1), received, posted=posted)
    assert (found.is_in_time, found.article) == answer


def test_a_bezwaar_of_the_day_after_an_outage_on_the_last_day_is_in_time() -> None:
    outage = Event(EventKind.OUTAGE, date(2021, 7, 13), until=date(2021, 7, 13))
    assert law.objection_in_time(date(2021, 6, 1), date(2021, 7, 14), outages=[outage]).is_in_time


def test_an_outage_on_the_last_day_moves_the_term_of_the_sender_and_not_ours() -> None:
    # given
    outage = Event(EventKind.OUTAGE, date(2021, 7, 13), until=date(2021, 7, 16))
    # then
    assert law.bezwaar_deadline(date(2021, 6, 1), [outage]).date == date(2021, 7, 19)
    earlier = Event(EventKind.OUTAGE, date(2021, 7, 10), until=date(2021, 7, 12))
    assert law.bezwaar_deadline(date(2021, 6, 1), [earlier]).date == date(2021, 7, 13)
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [outage]).date == date(2021, 7, 12)
    # a second outage on the new last day moves it again, and the answer replays
    again = Event(EventKind.OUTAGE, date(2021, 7, 19))
    both = law.bezwaar_deadline(date(2021, 6, 1), [again, outage])
    assert both.date == date(2021, 7, 20)
    assert codes(both).count("outage-extended") == 2
    assert law.replay(both.as_dict()) == both


def test_an_outage_shortly_before_the_last_day_is_named_and_one_long_before_is_not() -> None:
    near = Event(EventKind.OUTAGE, date(2021, 7, 8), until=date(2021, 7, 9))
    long_ago = Event(EventKind.OUTAGE, date(2021, 6, 8), until=date(2021, 6, 9))
    deadline = law.bezwaar_deadline(date(2021, 6, 1), [near, long_ago])
    assert deadline.date == date(2021, 7, 13)
    assert [step.first for step in deadline.steps if step.code == "outage-near-the-end"] == [near.on]


def test_outages_of_the_channels_that_count_become_days_in_the_netherlands() -> None:
    # given: down from the evening of the last day, over the night the clock goes back, until midnight
    outages = [
        ("portaal", datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        ("telefoon", datetime(2026, 10, 20, 8, 0, tzinfo=UTC), datetime(2026, 10, 20, 9, 0, tzinfo=UTC)),
        ("portaal", datetime(2026, 11, 2, 8, 0, tzinfo=UTC), None),
    ]
    # when
    events = law.outage_events(outages, channels=["portaal"], as_of=date(2026, 11, 4))
    # then: 25 October alone, for midnight in Amsterdam (23:00 UTC, winter time) begins the 26th
    assert [(event.on, event.until) for event in events] == [
        (date(2026, 10, 25), date(2026, 10, 25)),
        (date(2026, 11, 2), date(2026, 11, 4)),
    ]
    assert law.bezwaar_deadline(date(2026, 9, 21), events).date == date(2026, 11, 5)  # last day 2 November


def test_an_outage_that_ends_before_it_began_or_has_no_zone_is_refused() -> None:
    start = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    with pytest.raises(law.ImpossibleEvent):
        law.outage_events([("portaal", start, start - timedelta(hours=1))], as_of=MONDAY)
    with pytest.raises(law.LawError):
        law.outage_events([("portaal", datetime(2026, 11, 2, 8, 0), None)], as_of=MONDAY)


def test_only_an_outage_moves_the_term_of_a_sender() -> None:
    with pytest.raises(law.ImpossibleEvent):
        law.bezwaar_deadline(date(2021, 6, 1), [Event(EventKind.FORCE_MAJEURE, date(2021, 7, 13))])
    with pytest.raises(law.LawError):
        law.sender_deadline(date(2021, 6, 1), EIGHT_WEEKS)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (EventKind.FORCE_MAJEURE, {"until": date(2021, 5, 1)}),
        (EventKind.EXTENDED, {}),
        (EventKind.EXTENDED, {"length": 0, "unit": "weeks"}),
        (EventKind.CONSENT_TO_DELAY, {}),
        (EventKind.NOTICE_4_14, {}),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(kind: EventKind, values: dict[str, object]) -> None:
    with pytest.raises(law.ImpossibleEvent):
        Event(kind, date(2021, 6, 1), **values)  # type: ignore[arg-type]


def test_two_different_days_of_receipt_are_refused() -> None:
    with pytest.raises(law.ImpossibleEvent):
        law.decision_deadline(MONDAY, EIGHT_WEEKS, [Event(EventKind.RECEIVED, date(2021, 5, 18))])


def test_every_year_without_a_decree_is_said_to_be_provisional() -> None:
    assert "decree-unknown" in codes(law.decision_deadline(date(2029, 1, 8), EIGHT_WEEKS))


def test_the_end_of_one_standstill_leaves_another_that_began_that_day_alone() -> None:
    # given: the applicant's delay is over on the day on which force majeure begins
    consent = Event(EventKind.CONSENT_TO_DELAY, date(2021, 6, 1), until=date(2021, 6, 30))
    force_majeure = Event(EventKind.FORCE_MAJEURE, date(2021, 6, 10), until=date(2021, 6, 14))
    over = Event(EventKind.RESUMED, date(2021, 6, 10), of=EventKind.CONSENT_TO_DELAY, since=date(2021, 6, 1))
    # then: 1 up to and including 9 June, and 10 up to and including 14 June
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [consent, force_majeure, over]).date == date(2021, 7, 26)


def test_a_supplement_ends_the_invitation_it_answers_and_no_other() -> None:
    first = Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3))
    second = Event(EventKind.INVITED, date(2021, 5, 25), until=date(2021, 6, 8))
    came = Event(EventKind.SUPPLEMENTED, date(2021, 5, 28), of=EventKind.INVITED, since=date(2021, 5, 20))
    # then: 21 May up to and including 8 June
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, [second, came, first]).date == date(2021, 8, 2)


@pytest.mark.parametrize(
    ("term_id", "kind", "article"),
    [
        ("awb-4-13", EventKind.THIRD_PARTY_VIEWS, ""),
        ("woo-4-4", EventKind.THIRD_PARTY_VIEWS, "Woo 4.4 lid 3"),
        ("woo-4-4", EventKind.FORCE_MAJEURE, "Awb 4:15 lid 2 onder c"),
        ("awb-7-10", EventKind.FORCE_MAJEURE, "Awb 7:14 en 4:15 lid 2 onder c"),
        ("awb-7-10", EventKind.CONSENT_TO_DELAY, "Awb 7:10 lid 4"),
        ("awb-7-10", EventKind.APPLICANT_DELAY, ""),
        ("wmo-besluit", EventKind.ASKED_ABROAD, "Awb 4:15 lid 1 onder b"),
        ("wmo-onderzoek", EventKind.FORCE_MAJEURE, ""),
    ],
)
def test_a_term_stands_still_on_the_grounds_of_its_own_law_alone(term_id: str, kind: EventKind, article: str) -> None:
    # given
    event = Event(kind, date(2021, 5, 20), until=date(2021, 5, 22))
    # when
    deadline = law.decision_deadline(MONDAY, law.term(term_id), [event])
    # then
    step = next(step for step in deadline.steps if step.start == event.on)
    assert bool(deadline.suspensions) == bool(article)
    assert (step.article, step.code == "no-ground-in-law") == (article or law.term(term_id).article, not article)


# -- penalty ----------------------------------------------------------------------------------------------------------
def late_case(*events: Event) -> law.Deadline:
    """A case whose last day was 12 July 2021."""
    return law.decision_deadline(MONDAY, EIGHT_WEEKS, events)


NOTICE = Event(EventKind.DEFAULT_NOTICE, date(2021, 7, 20))  # two weeks later is Tuesday 3 August


@pytest.mark.parametrize(
    ("as_of", "days", "cents"),
    [
        (date(2021, 8, 3), 0, 0),
        (date(2021, 8, 4), 1, 2_300),
        (date(2021, 8, 17), 14, 32_200),
        (date(2021, 8, 18), 15, 35_700),
        (date(2021, 8, 31), 28, 81_200),
        (date(2021, 9, 1), 29, 85_700),
        (date(2021, 9, 14), 42, 144_200),
        (date(2022, 9, 14), 42, 144_200),
    ],
)
def test_the_penalty_grows_per_day_up_to_1442_euro(as_of: date, days: int, cents: int) -> None:
    # when
    owed = law.penalty(late_case(NOTICE), as_of=as_of)
    # then
    assert (owed.days, owed.cents) == (days, cents)
    assert owed.first_day == date(2021, 8, 4)
    assert owed.is_running == (date(2021, 8, 4) <= as_of < date(2021, 9, 14))
    assert owed.fix_by == (date(2021, 9, 28) if as_of >= date(2021, 9, 14) else None)


def test_the_penalty_stops_the_day_before_the_decision_was_made_known() -> None:
    # given
    events = [NOTICE, Event(EventKind.DECIDED, date(2021, 8, 9)), Event(EventKind.ANNOUNCED, date(2021, 8, 11))]
    # when
    owed = law.penalty(late_case(*events), as_of=date(2021, 12, 1))
    # then
    assert (owed.days, owed.cents, owed.last_day) == (7, 16_100, date(2021, 8, 10))
    assert late_case(*events).is_late


def test_the_penalty_tells_each_day_and_each_step() -> None:
    # when
    owed = law.penalty(late_case(NOTICE), as_of=date(2021, 8, 18))
    # then
    assert [cents for _, cents in owed.amounts] == [2_300] * 14 + [3_500]
    assert owed.amounts[0][0] == date(2021, 8, 4)
    assert [step.article for step in owed.steps] == ["Awb 4:17 lid 3", "Awb 4:17 lid 1 en 2"]
    ended = law.penalty(late_case(NOTICE, Event(EventKind.ANNOUNCED, date(2021, 8, 11))), as_of=date(2021, 9, 1))
    assert [step.code for step in ended.steps] == ["penalty-notice", "penalty-runs", "penalty-stopped", "penalty-fix"]
    assert "24 augustus 2021" in ended.steps[-1].text


def test_nothing_is_owed_when_the_decision_comes_within_the_two_weeks() -> None:
    events = [NOTICE, Event(EventKind.ANNOUNCED, date(2021, 8, 4))]
    assert law.penalty(late_case(*events), as_of=date(2021, 12, 1)).cents == 0


def test_a_default_notice_on_the_last_day_is_too_early_and_a_later_one_counts() -> None:
    # given
    early = Event(EventKind.DEFAULT_NOTICE, date(2021, 7, 12))
    # then
    assert law.penalty(late_case(early), as_of=date(2021, 12, 1)).reason == "Awb 4:17 lid 3"
    assert "default-notice-too-early" in codes(late_case(early))
    assert law.penalty(late_case(early, NOTICE), as_of=date(2021, 12, 1)).cents == 144_200


def test_no_penalty_for_the_woo_or_when_the_law_excludes_it() -> None:
    # given
    woo = law.decision_deadline(MONDAY, law.term("woo-4-4"), [NOTICE])
    # then
    assert law.penalty(woo, as_of=date(2021, 12, 1)).cents == 0
    assert law.penalty(late_case(NOTICE), as_of=date(2021, 12, 1), exclusion="onredelijk laat").cents == 0


# -- properties -------------------------------------------------------------------------------------------------------
DAYS = st.dates(date(2021, 5, 17), date(2021, 12, 31))
TO_DECIDE_IN = sorted(term.id for term in law.TERMS.values() if not term.is_counted_back)


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from([kind for kind in EventKind if kind is not EventKind.RECEIVED]))
    on = draw(DAYS)
    until = on + timedelta(days=draw(st.integers(0, 40)))
    if kind is EventKind.EXTENDED:
        return Event(kind, on, length=draw(st.integers(1, 6)), unit="weeks")
    return Event(kind, on, until=until)


@given(st.lists(events(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_never_matters(happened: list[Event], chance: object) -> None:
    # given
    shuffled = list(happened)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    # then
    assert law.decision_deadline(MONDAY, EIGHT_WEEKS, shuffled) == law.decision_deadline(MONDAY, EIGHT_WEEKS, happened)


def test_every_order_of_a_full_case_gives_the_same_day() -> None:
    # given
    happened = [
        Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3)),
        Event(EventKind.SUPPLEMENTED, date(2021, 5, 31)),
        Event(EventKind.FORCE_MAJEURE, date(2021, 6, 1), until=date(2021, 6, 4)),
        Event(EventKind.EXTENDED, date(2021, 7, 1), length=2, unit="weeks"),
        Event(EventKind.CONSENT_TO_DELAY, date(2021, 7, 20), until=date(2021, 7, 23)),
    ]
    # when
    days = {law.decision_deadline(MONDAY, EIGHT_WEEKS, order).date for order in itertools.permutations(happened)}
    # then: 12 July + 10 + 4 + 14 + 4 days
    assert days == {date(2021, 8, 13)}


@given(st.lists(events(), max_size=6))
def test_no_day_is_lost_or_counted_twice(happened: list[Event]) -> None:
    # given only what makes the clock stand still
    standstills = [event for event in happened if event.kind not in (EventKind.EXTENDED, EventKind.NOTICE_4_14)]
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, standstills)
    # then: the running days are exactly the term, plus at most the days by which the Atw moved the end
    still = {period.first + timedelta(days=offset) for period in deadline.suspensions for offset in range(period.days)}
    assert len(still) == sum(period.days for period in deadline.suspensions)
    span = (deadline.date - MONDAY).days
    running = sum(MONDAY + timedelta(days=offset) not in still for offset in range(1, span + 1))
    assert running >= 56
    assert running - 56 <= 8


STANDSTILLS = st.builds(
    lambda kind, start, days: Event(kind, MONDAY + timedelta(days=start), until=MONDAY + timedelta(days=start + days)),
    st.sampled_from([EventKind.FORCE_MAJEURE, EventKind.CONSENT_TO_DELAY, EventKind.APPLICANT_DELAY]),
    st.integers(1, 50),
    st.integers(0, 60),
)


@given(st.lists(STANDSTILLS, max_size=7), st.randoms(use_true_random=False))
def test_counting_day_by_day_gives_the_same_end_however_standstills_overlap(
    happened: list[Event], chance: object
) -> None:
    # given: a clerk with a calendar, who crosses out every day that stood still
    still = {
        event.on + timedelta(days=offset)
        for event in happened
        for offset in range(((event.until or event.on) - event.on).days + 1)
    }
    day, left = MONDAY, 56
    while left:
        day += timedelta(days=1)
        left -= day not in still
    # when
    chance.shuffle(happened)  # type: ignore[attr-defined]
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, happened)
    # then
    assert deadline.date == law.next_working_day(day)


@given(st.lists(events(), max_size=6), events())
def test_one_more_standstill_never_makes_the_term_shorter(happened: list[Event], extra: Event) -> None:
    if extra.kind in (EventKind.SUPPLEMENTED, EventKind.RECOVERY_TERM_LAPSED, EventKind.RESUMED):
        return
    assert (
        law.decision_deadline(MONDAY, EIGHT_WEEKS, [*happened, extra]).date
        >= law.decision_deadline(MONDAY, EIGHT_WEEKS, happened).date
    )


@given(st.lists(events(), max_size=6), st.sampled_from(TO_DECIDE_IN), st.none() | DAYS)
def test_a_stored_answer_replays_to_the_same_answer(happened: list[Event], term_id: str, as_of: date | None) -> None:
    # given
    deadline = law.decision_deadline(MONDAY, law.term(term_id), happened, as_of=as_of)
    # when
    stored = json.loads(json.dumps(deadline.as_dict()))
    # then
    assert law.replay(stored) == deadline
    assert law.replay(stored).as_dict() == stored


def test_an_answer_of_the_first_rules_is_computed_again_by_those_rules() -> None:
    # given: the first rules let a bezwaar stand still for whatever delays an application
    stored = {
        "version": "awb-2026.1",
        "term": {"id": "awb-7-10", "article": "Awb 7:10 lid 1", "length": 6, "unit": "weeks", "has_penalty": True},
        "received": "2021-05-17",
        "events": [{"kind": "applicant_delay", "on": "2021-06-01", "until": "2021-06-07"}],
    }
    # then
    assert law.replay(stored).date == date(2021, 7, 5)
    assert law.replay(stored | {"version": law.VERSION, "term": law.TERMS["awb-7-10"].as_dict()}).date == date(
        2021, 6, 28
    )


@given(st.lists(events(), max_size=4))
def test_a_step_that_was_kept_reads_as_it_did(happened: list[Event]) -> None:
    for step in law.decision_deadline(MONDAY, EIGHT_WEEKS, happened).steps:
        assert law.Step.from_dict(json.loads(json.dumps(step.as_dict()))) == step


@given(st.lists(events(), max_size=6))
def test_each_step_goes_on_where_the_one_before_it_ended(happened: list[Event]) -> None:
    steps = [step for step in law.decision_deadline(MONDAY, EIGHT_WEEKS, happened).steps if step.before is not None]
    day = date(2021, 7, 12)
    for step in steps:
        assert step.before == day
        day = step.deadline


def test_an_answer_of_an_unknown_version_is_refused() -> None:
    stored = law.decision_deadline(MONDAY, EIGHT_WEEKS).as_dict() | {"version": "awb-1994.1"}
    with pytest.raises(law.LawError):
        law.replay(stored)


@given(st.lists(events(), max_size=6))
def test_every_step_can_be_read_in_dutch_and_in_english(happened: list[Event]) -> None:
    # when
    deadline = law.decision_deadline(MONDAY, EIGHT_WEEKS, happened)
    # then
    for language in ("nl", "en"):
        with translation.override(language):
            for step in deadline.steps:
                assert "%(" not in step.text
                assert step.article


def test_a_step_says_in_dutch_what_it_did() -> None:
    # given
    deadline = law.decision_deadline(
        MONDAY, EIGHT_WEEKS, [Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3))]
    )
    # when
    with translation.override("nl"):
        texts = [step.text for step in deadline.steps]
    # then
    assert texts[1] == "De termijn is 8 weken. Dan is de laatste dag 12 juli 2021."
    assert texts[2] == "Wij vroegen om meer gegevens. Van 21 mei 2021 tot en met 3 juni 2021 stond de termijn stil."
    assert {step.code for step in deadline.steps} <= set(SENTENCES)
