"""The clock of a zaak: what staff enter, correct and take back, and what was answered when."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.audit import public as audit
from stadhuis.casework import jobs
from stadhuis.casework import public as casework
from stadhuis.casework.models import ClockEvent, DeadlineVersion
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town, given_zaaktype_of_law
from stadhuis.kit.time import clock_set_to
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 3, 2)  # a Monday; eight weeks later is Monday 27 April, King's Day, so Tuesday 28 April
LAST_DAY = date(2026, 4, 28)
KIND = law.EventKind


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    with clock_set_to(datetime(day.year, day.month, day.day, hour, tzinfo=UTC)):
        yield


@pytest.fixture
def town(settings: Any) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"
    with on(date(2021, 1, 4)):
        return given_town()


@pytest.fixture
def zaak(town: Town) -> zaken.ZaakRecord:
    with on(RECEIVED):
        return given_application(town)


def deadline_of(zaak: zaken.ZaakRecord) -> date:
    clock = casework.clock_of(zaak.id)
    assert clock is not None
    return clock.deadline


def register(zaak: zaken.ZaakRecord) -> zaken.ZaakRecord:
    return zaken.zaak_by_uuid(zaak.uuid, seen_by=SYSTEM)


def notice(zaak: zaken.ZaakRecord, town: Town, day: date, **more: Any) -> date | None:
    return casework.record_default_notice(zaak.uuid, received=day, by=town.handler, **more)


# -- Default notice and penalty ---------------------------------------------------------------------------------------
def test_when_a_default_notice_comes_after_the_last_day_then_two_weeks_later_the_penalty_runs(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    # given
    assert deadline_of(zaak) == LAST_DAY
    # when
    with on(date(2026, 5, 4)):
        first = notice(zaak, town, date(2026, 4, 30))
    # then: two weeks after 30 April is Ascension Day, and the 15th equals a holiday by decree; so until Monday the 18th
    assert first == date(2026, 5, 19)
    owed = casework.penalty_of(zaak.id, as_of=date(2026, 6, 2))
    assert owed is not None
    assert (owed.days, owed.cents, owed.is_running) == (15, 14 * 2_300 + 3_500, True)
    # and it stands in the trail
    assert "ingebrekestelling ontvangen" in [line.actie for line in audit.trail_of(zaak.uuid)]


def test_what_we_are_in_default_of_stands_on_top_of_the_worklist(town: Town, zaak: zaken.ZaakRecord) -> None:
    # given: an older zaak that is later still
    with on(date(2026, 1, 5)):
        older = given_application(town)
    # when
    with on(date(2026, 5, 4)):
        assert [line.zaak_uuid for line in casework.worklist("all", seen_by=town.handler).lines] == [
            older.uuid,
            zaak.uuid,
        ]
        notice(zaak, town, date(2026, 5, 1))
        page = casework.worklist("all", seen_by=town.handler)
    # then
    assert [line.zaak_uuid for line in page.lines] == [zaak.uuid, older.uuid]
    assert page.lines[0].notice_on == date(2026, 5, 1)
    assert page.counts.noticed == 1


def test_the_pages_of_a_worklist_hold_every_zaak_once_with_default_notices_in_front(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr("stadhuis.casework.reads.PAGE_SIZE", 2)
    with on(RECEIVED):
        made = [zaken.create_zaak(zaken.NewZaak(zaaktype_id=town.zaaktype.id), by=SYSTEM) for _ in range(5)]
    with on(date(2026, 5, 4)):
        for one in made[2:5]:
            notice(one, town, date(2026, 5, 1))
        # when
        pages = [casework.worklist("all", seen_by=town.handler, page=number).lines for number in (1, 2, 3)]
    # then
    order = [made.index(next(one for one in made if one.uuid == line.zaak_uuid)) for page in pages for line in page]
    assert order == [2, 3, 4, 0, 1]


def test_a_notice_before_the_last_day_does_not_count_and_is_kept(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(LAST_DAY):
        assert notice(zaak, town, LAST_DAY) is None
        assert casework.worklist("all", seen_by=town.handler).lines[0].notice_on is None
    clock = casework.clock_of(zaak.id)
    assert clock is not None
    assert "default-notice-too-early" in [step.code for step in clock.steps]
    owed = casework.penalty_of(zaak.id, as_of=date(2026, 12, 1))
    assert owed is not None
    assert (owed.cents, owed.reason) == (0, "Awb 4:17 lid 3")


def test_when_the_law_excludes_the_penalty_then_nothing_is_owed_until_another_notice(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    with on(date(2026, 5, 4)):
        assert notice(zaak, town, date(2026, 5, 4), exclusion="onredelijk laat") is None
    owed = casework.penalty_of(zaak.id, as_of=date(2026, 12, 1))
    assert owed is not None
    assert (owed.cents, owed.reason) == (0, "Awb 4:17 lid 6 (onredelijk laat)")
    with on(date(2026, 6, 1)):
        assert notice(zaak, town, date(2026, 6, 1)) == date(2026, 6, 16)


@pytest.mark.parametrize("day", [RECEIVED - timedelta(days=1), date(2026, 5, 5)])
def test_a_notice_from_before_the_application_or_from_the_future_is_refused(
    town: Town, zaak: zaken.ZaakRecord, day: date
) -> None:
    with on(date(2026, 5, 4)), pytest.raises(casework.DayImpossible):
        notice(zaak, town, day)
    assert not ClockEvent.objects.exists()


def test_the_same_notice_twice_or_an_unknown_exclusion_is_refused(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 5, 4)):
        with pytest.raises(casework.CaseworkError):
            notice(zaak, town, date(2026, 5, 1), exclusion="geen zin")
        notice(zaak, town, date(2026, 5, 1))
        with pytest.raises(casework.DayImpossible):
            notice(zaak, town, date(2026, 5, 1))
    assert ClockEvent.objects.count() == 1


def test_who_may_not_handle_a_zaak_enters_nothing(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 5, 4)):
        notice(zaak, town, date(2026, 5, 1))
        event = ClockEvent.objects.get()
        deeds: list[Callable[[], object]] = [
            lambda: casework.record_default_notice(zaak.uuid, received=date(2026, 5, 2), by=town.reader),
            lambda: casework.correct_event(
                zaak.uuid, event.pk, on=date(2026, 5, 2), until=None, reason="x", by=town.reader
            ),
            lambda: casework.withdraw_event(zaak.uuid, event.pk, reason="x", by=town.reader),
            lambda: casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="x", by=town.reader),
        ]
        for deed in deeds:
            with pytest.raises(casework.NotAllowed):
                deed()
    assert ClockEvent.objects.count() == 1


def test_when_the_decision_goes_out_late_then_the_letter_fixes_the_penalty_and_the_clock_stops(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    # given
    with on(date(2026, 5, 4)):
        notice(zaak, town, date(2026, 5, 4))  # two weeks: until 18 May
    with on(date(2026, 6, 2)):
        proposal = given_proposal(town, zaak)
        casework.approve(proposal.uuid, by=town.decider)
        # when
        casework.send(proposal.uuid, by=town.handler)
    # then: 19 May up to and including 1 June, fourteen days
    [message] = messages.messages_of(zaak.uuid)
    letter = casework.letter_of(message.document_uuid)
    text = str(letter)
    assert "Dwangsom omdat wij te laat beslisten" in text
    assert "€ 322,00" in text
    assert "19 mei 2026" in text
    assert "1 juni 2026" in text
    owed = casework.penalty_of(zaak.id, as_of=date(2026, 12, 1))
    assert owed is not None
    assert (owed.cents, owed.last_day, owed.fix_by) == (32_200, date(2026, 6, 1), date(2026, 6, 15))


def test_a_letter_in_time_says_nothing_of_a_penalty(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 5, 4)):
        notice(zaak, town, date(2026, 5, 4))
        proposal = given_proposal(town, zaak)
        casework.approve(proposal.uuid, by=town.decider)
        casework.send(proposal.uuid, by=town.handler)
    [message] = messages.messages_of(zaak.uuid)
    assert "wangsom" not in str(casework.letter_of(message.document_uuid))
    owed = casework.penalty_of(zaak.id, as_of=date(2026, 12, 1))
    assert owed is not None
    assert owed.cents == 0


# -- Standing still ---------------------------------------------------------------------------------------------------
def test_consent_and_force_majeure_can_overlap_and_no_day_counts_twice(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.suspend_term(
            zaak.uuid, KIND.CONSENT_TO_DELAY, until=date(2026, 3, 31), reason="Mail van 13 maart", by=town.handler
        )
        # when: 16 up to and including 31 March, and 20 March up to and including 5 April
    with on(date(2026, 3, 20)):
        casework.suspend_term(
            zaak.uuid, KIND.FORCE_MAJEURE, until=date(2026, 4, 5), reason="Archief onder water", by=town.handler
        )
    # then: 21 days after 27 April
    assert deadline_of(zaak) == date(2026, 5, 18)
    assert register(zaak).uiterlijke_einddatum_afdoening == date(2026, 5, 18)
    with on(date(2026, 3, 20)), pytest.raises(casework.CaseworkError):
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Nog eens", by=town.handler)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_the_same_is_entered_the_last_day_is_the_same(
    town: Town, zaak: zaken.ZaakRecord, order: tuple[int, ...]
) -> None:
    # given: 10 up to and including 20 March, 14 up to and including 24 March, and the two weeks after 16 March
    entries = [
        (KIND.FORCE_MAJEURE, date(2026, 3, 10), date(2026, 3, 20)),
        (KIND.CONSENT_TO_DELAY, date(2026, 3, 14), date(2026, 3, 24)),
        (KIND.INVITED, date(2026, 3, 16), date(2026, 3, 30)),
    ]
    # when
    with on(date(2026, 4, 1)):
        for number in order:
            kind, since, until = entries[number]
            casework.suspend_term(zaak.uuid, kind, since=since, until=until, reason="x", by=town.handler)
    # then: 10 up to and including 30 March, 21 days after 27 April
    assert deadline_of(zaak) == date(2026, 5, 18)


def test_when_it_is_over_then_each_standstill_ends_and_the_register_follows(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.suspend_term(
            zaak.uuid, KIND.INVITED, until=date(2026, 3, 30), reason="Bewijs ontbreekt", by=town.handler
        )
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Storing", by=town.handler)
    # when: noticed on the 23rd, but it came on the 20th
    with on(date(2026, 3, 23)):
        casework.resume_term(zaak.uuid, on=date(2026, 3, 20), by=town.handler)
    # then: 16 up to and including 19 March
    assert deadline_of(zaak) == date(2026, 5, 1)
    assert not register(zaak).opschorting_indicatie
    assert {row.kind for row in casework.clock_events_of(zaak.id)} == {
        KIND.INVITED, KIND.FORCE_MAJEURE, KIND.SUPPLEMENTED, KIND.RESUMED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "since", "until"),
    [
        (KIND.INVITED, date(2026, 3, 17), date(2026, 3, 30)),  # a letter of tomorrow
        (KIND.FORCE_MAJEURE, date(2026, 3, 1), None),  # before the application
        (KIND.CONSENT_TO_DELAY, date(2026, 3, 16), None),  # until when?
        (KIND.CONSENT_TO_DELAY, date(2026, 3, 16), date(2026, 3, 10)),  # ends before it begins
        (KIND.CONSENT_TO_DELAY, date(2026, 3, 16), date(2062, 3, 10)),  # a typing error
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_kept(
    town: Town, zaak: zaken.ZaakRecord, kind: law.EventKind, since: date, until: date | None
) -> None:
    with on(date(2026, 3, 16)), pytest.raises(casework.DayImpossible):
        casework.suspend_term(zaak.uuid, kind, since=since, until=until, reason="x", by=town.handler)
    assert not ClockEvent.objects.exists()
    assert not register(zaak).opschorting_indicatie


def test_a_ground_that_the_law_does_not_know_or_that_comes_too_late_is_refused(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    with on(date(2026, 3, 16)), pytest.raises(casework.CaseworkError):
        casework.suspend_term(zaak.uuid, KIND.THIRD_PARTY_VIEWS, until=date(2026, 3, 30), reason="x", by=town.handler)
    with on(date(2026, 5, 4)):
        with pytest.raises(casework.NoEffect):
            casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="x", by=town.handler)
        with pytest.raises(casework.NoEffect):
            casework.extend_term(zaak.uuid, weeks=2, reason="x", by=town.handler)
    assert not ClockEvent.objects.exists()
    assert not register(zaak).opschorting_indicatie
    assert register(zaak).verlenging_duur == ""


def test_a_term_is_extended_once_and_not_longer_than_the_zaaktype_allows(town: Town, zaak: zaken.ZaakRecord) -> None:
    # given: the zaaktype allows P28D
    with on(date(2026, 3, 16)):
        with pytest.raises(casework.NoEffect):
            casework.extend_term(zaak.uuid, weeks=6, reason="x", by=town.handler)
        casework.extend_term(zaak.uuid, weeks=4, reason="x", by=town.handler)
        with pytest.raises(casework.NoEffect):
            casework.extend_term(zaak.uuid, weeks=1, reason="x", by=town.handler)
    assert deadline_of(zaak) == date(2026, 5, 26)  # Whit Monday 25 May to Tuesday


def test_force_majeure_without_an_end_moves_the_last_day_every_night(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Storing", by=town.handler)
    first = deadline_of(zaak)
    with on(date(2026, 3, 30)):
        jobs.follow_standstills(0)
        versions = DeadlineVersion.objects.count()
        jobs.follow_standstills(0)
    # then: 16 up to and including 30 March, and the second time nothing is kept
    assert (first, deadline_of(zaak)) == (LAST_DAY, date(2026, 5, 12))
    assert DeadlineVersion.objects.count() == versions


# -- Corrections ------------------------------------------------------------------------------------------------------
def test_a_correction_gives_a_new_answer_and_the_old_one_can_still_be_shown(town: Town, zaak: zaken.ZaakRecord) -> None:
    # given
    with on(date(2026, 3, 16)):
        casework.suspend_term(
            zaak.uuid, KIND.INVITED, until=date(2026, 3, 30), reason="Bewijs ontbreekt", by=town.handler
        )
    with on(date(2026, 3, 18)):
        casework.shown_to_applicant(zaak.id)
    # when: the letter named another day
    [event] = casework.clock_events_of(zaak.id)
    with on(date(2026, 3, 19)):
        casework.correct_event(
            zaak.uuid, event.id, on=event.on, until=date(2026, 3, 23), reason="Verkeerd overgenomen", by=town.handler
        )
    # then
    told = casework.answer_on(zaak.id, datetime(2026, 3, 18, 12, tzinfo=UTC))
    assert told is not None
    assert (told.deadline, told.first_shown_at is not None) == (date(2026, 5, 11), True)
    assert deadline_of(zaak) == date(2026, 5, 4)
    assert law.replay(told.explanation).date == told.deadline
    assert [answer.deadline for answer in casework.answers_of_clock(zaak.id)] == [
        date(2026, 5, 4), date(2026, 5, 11), LAST_DAY,
    ]  # fmt: skip
    assert len(casework.clock_rows(zaak.id)) == 2
    line = next(line for line in audit.trail_of(zaak.uuid) if line.actie == "termijn verbeterd")
    assert line.toelichting == "Verkeerd overgenomen"


def test_an_end_follows_the_standstill_it_ends_when_that_is_corrected(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Storing", by=town.handler)
    with on(date(2026, 3, 20)):
        casework.resume_term(zaak.uuid, by=town.handler)
        # when: it began two days earlier
        began = next(row for row in casework.clock_events_of(zaak.id) if row.kind is KIND.FORCE_MAJEURE)
        casework.correct_event(zaak.uuid, began.id, on=date(2026, 3, 14), until=None, reason="Eerder", by=town.handler)
    # then: 14 up to and including 19 March
    assert deadline_of(zaak) == date(2026, 5, 4)  # 27 April + 6 days is Sunday 3 May
    assert not register(zaak).opschorting_indicatie


def test_what_is_taken_back_no_longer_counts_and_the_register_follows(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Storing", by=town.handler)
        [event] = casework.clock_events_of(zaak.id)
        # when
        casework.withdraw_event(zaak.uuid, event.id, reason="Verkeerde zaak", by=town.handler)
    # then
    assert casework.clock_events_of(zaak.id) == []
    assert deadline_of(zaak) == LAST_DAY
    assert not register(zaak).opschorting_indicatie
    # and taking the end back lets it stand still again
    with on(date(2026, 3, 17)):
        casework.suspend_term(zaak.uuid, KIND.FORCE_MAJEURE, until=None, reason="Storing", by=town.handler)
    with on(date(2026, 3, 20)):
        casework.resume_term(zaak.uuid, by=town.handler)
        end = next(row for row in casework.clock_events_of(zaak.id) if row.kind is KIND.RESUMED)
        casework.withdraw_event(zaak.uuid, end.id, reason="Toch niet voorbij", by=town.handler)
    assert register(zaak).opschorting_indicatie


def test_an_extension_that_is_taken_back_leaves_the_register_too(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        casework.extend_term(zaak.uuid, weeks=4, reason="Advies", by=town.handler)
        [event] = casework.clock_events_of(zaak.id)
        with pytest.raises(casework.EventStandsFast):
            casework.correct_event(zaak.uuid, event.id, on=date(2026, 3, 15), until=None, reason="x", by=town.handler)
        casework.withdraw_event(zaak.uuid, event.id, reason="Verkeerde zaak", by=town.handler)
    assert register(zaak).verlenging_duur == ""
    assert register(zaak).uiterlijke_einddatum_afdoening == LAST_DAY


def test_a_notice_that_is_corrected_to_before_the_last_day_leaves_the_top(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 5, 4)):
        notice(zaak, town, date(2026, 5, 1))
        [event] = casework.clock_events_of(zaak.id)
        casework.correct_event(
            zaak.uuid, event.id, on=date(2026, 4, 20), until=None, reason="Postdatum", by=town.handler
        )
        assert casework.worklist("all", seen_by=town.handler).counts.noticed == 0


def test_a_correction_needs_a_reason_a_possible_day_and_an_event_of_this_zaak(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    with on(date(2026, 5, 4)):
        other = zaken.create_zaak(zaken.NewZaak(zaaktype_id=town.zaaktype.id, startdatum=RECEIVED), by=SYSTEM)
        notice(other, town, date(2026, 5, 1))
        notice(zaak, town, date(2026, 5, 1))
        [event], [elsewhere] = casework.clock_events_of(zaak.id), casework.clock_events_of(other.id)

        def correct(event_id: int, day: date, reason: str = "Fout") -> None:
            casework.correct_event(zaak.uuid, event_id, on=day, until=None, reason=reason, by=town.handler)

        with pytest.raises(casework.ReasonMissing):
            correct(event.id, date(2026, 4, 30), " ")
        with pytest.raises(casework.ReasonMissing):
            casework.withdraw_event(zaak.uuid, event.id, reason="", by=town.handler)
        with pytest.raises(casework.DayImpossible):
            correct(event.id, date(2026, 6, 1))
        with pytest.raises(casework.EventNotFound):
            correct(elsewhere.id, date(2026, 4, 30))
        correct(event.id, date(2026, 4, 30))
        with pytest.raises(casework.EventNotFound):  # a colleague was earlier
            correct(event.id, date(2026, 4, 29))


def test_the_database_keeps_one_correction_per_event(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 5, 4)):
        notice(zaak, town, date(2026, 5, 1))
    row = ClockEvent.objects.get()
    again = {"zaak_id": zaak.id, "kind": row.kind, "on": row.on, "by": "x", "recorded_at": row.recorded_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockEvent.objects.create(**again, is_withdrawn=True)
    ClockEvent.objects.create(**again, replaces=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockEvent.objects.create(**again, replaces=row)


def test_in_a_closed_zaak_nothing_is_entered(town: Town, zaak: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 16)):
        proposal = given_proposal(town, zaak)
        casework.approve(proposal.uuid, by=town.decider)
        casework.send(proposal.uuid, by=town.handler)
        with pytest.raises(casework.ZaakIsClosed):
            notice(zaak, town, date(2026, 3, 16))
        [event] = casework.clock_events_of(zaak.id)
        assert event.kind is KIND.ANNOUNCED
        with pytest.raises(casework.ZaakIsClosed):
            casework.withdraw_event(zaak.uuid, event.id, reason="x", by=town.handler)


# -- Terms of law -----------------------------------------------------------------------------------------------------
def test_a_zaaktype_that_names_its_term_of_law_is_counted_by_that_law(town: Town) -> None:
    woo = given_zaaktype_of_law("WOO", "P28D", "openbaarheid", "termijn:woo-4-4")
    with on(date(2024, 7, 2)):
        zaak = zaken.create_zaak(zaken.NewZaak(zaaktype_id=woo.id), by=SYSTEM)
    assert deadline_of(zaak) == date(2024, 7, 30)
    with on(date(2024, 7, 8)):
        casework.suspend_term(
            zaak.uuid, KIND.THIRD_PARTY_VIEWS, until=date(2024, 7, 21), reason="Zienswijzen", by=town.handler
        )
    assert deadline_of(zaak) == date(2024, 8, 13)
    with on(date(2024, 9, 2)):
        assert notice(zaak, town, date(2024, 9, 2)) is None  # Woo 8.2
        assert casework.worklist("all", seen_by=town.handler).counts.noticed == 1


@pytest.mark.parametrize("word", ["termijn:bestaat-niet", "termijn:awb-6-7", "termijn:awb-7-4"])
def test_a_word_that_names_no_term_to_decide_in_leaves_the_doorlooptijd(town: Town, word: str) -> None:
    assert casework.term_of(given_zaaktype_of_law("ANDERS", "P42D", word)).id == "duur-P42D"


def test_a_bezwaar_counts_from_the_end_of_the_term_to_object(town: Town, zaak: zaken.ZaakRecord) -> None:
    bezwaar = given_zaaktype_of_law("BEZWAAR", "P42D", "termijn:awb-7-10")
    with on(date(2023, 5, 12)):
        objection = zaken.create_zaak(zaken.NewZaak(zaaktype_id=bezwaar.id), by=SYSTEM)
        assert deadline_of(objection) == date(2023, 6, 23)
        with pytest.raises(casework.DayImpossible):
            casework.record_objected_decision(objection.uuid, announced=date(2023, 5, 13), by=town.handler)
        # when; source of the days: ECLI:NL:RBMNE:2024:6245
        casework.record_objected_decision(objection.uuid, announced=date(2023, 4, 14), by=town.handler)
        with pytest.raises(casework.CaseworkError):
            casework.record_objected_decision(objection.uuid, announced=date(2023, 4, 13), by=town.handler)
    assert deadline_of(objection) == date(2023, 7, 7)
    with pytest.raises(casework.CaseworkError):
        casework.record_objected_decision(zaak.uuid, announced=RECEIVED, by=town.handler)


# -- Both faces say the same ------------------------------------------------------------------------------------------
def test_the_last_day_of_many_zaken_is_one_statement_and_the_one_on_the_worklist(
    town: Town, zaak: zaken.ZaakRecord
) -> None:
    with CaptureQueriesContext(connection) as statements:
        found = casework.deadlines_of([zaak.uuid])
    assert len(statements) == 1
    # the register keeps the plain date of the standard, the law moves it off King's Day
    assert (found[zaak.uuid], register(zaak).uiterlijke_einddatum_afdoening) == (LAST_DAY, date(2026, 4, 27))
    with on(date(2026, 4, 1)):
        assert casework.worklist("all", seen_by=town.handler).lines[0].deadline == LAST_DAY
    assert casework.deadlines_of([]) == {}
