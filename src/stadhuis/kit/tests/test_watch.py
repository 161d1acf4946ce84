"""The look round: channels, gaps, alarms and who is told; and what the metrics say of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from stadhuis.kit import alarms, jobs, mail, outages, traffic, watch
from stadhuis.kit.models import Alarm, Outage
from stadhuis.kit.tests.simulators import SimulatorProcess

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Thing:
    """Something to watch whose figure the test sets."""

    def __init__(self) -> None:
        self.figure = 0

    def look(self) -> int:
        if self.figure < 0:
            raise RuntimeError("cannot look")
        return self.figure


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> Thing:
    made = Thing()
    one = alarms.Watch("thing", "Ding", "Doe iets.", made.look, lambda n: f"{n} dingen")  # type: ignore[arg-type]
    monkeypatch.setattr(alarms, "_WATCHES", {"thing": one})
    return made


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as running:
        yield running


# -- Outages --------------------------------------------------------------------------------------------------------------
def test_two_looks_that_fail_are_an_outage_from_the_first_and_a_good_one_ends_it(clock: Any) -> None:
    watch.note_channel("mail", is_well=True)
    clock.shift(60)
    watch.note_channel("mail", is_well=False)
    assert outages.current() == []
    clock.shift(60)
    watch.note_channel("mail", is_well=False)
    [one] = outages.current()
    assert (one.channel, one.started_at, one.source) == ("mail", START + timedelta(minutes=1), "check")
    clock.shift(180)
    watch.note_channel("mail", is_well=True)
    assert outages.current() == []
    assert outages.latest()[0].ended_at == START + timedelta(minutes=5)


def test_one_look_that_fails_between_good_ones_is_no_outage(clock: Any) -> None:
    for is_well in (True, False, True, False, True):
        watch.note_channel("login", is_well=is_well)
        clock.shift(60)
    assert outages.latest() == []


def test_when_nobody_looked_for_a_while_then_portal_and_api_were_out(clock: Any) -> None:
    assert not watch.note_gap()
    clock.shift(60)
    assert not watch.note_gap()
    clock.shift(3600)
    assert watch.note_gap()
    found = {one.channel: (one.started_at, one.ended_at, one.source) for one in outages.latest()}
    assert found == dict.fromkeys(
        ("portal", "api"), (START + timedelta(seconds=60), START + timedelta(seconds=3660), "gap")
    )
    assert not watch.note_gap()


def test_a_gap_within_an_outage_that_lasts_is_not_recorded_twice(clock: Any) -> None:
    outages.record("portal", START - timedelta(hours=1), None, reason="brand", by="staff:ada")
    watch.note_gap()
    clock.shift(3600)
    watch.note_gap()
    assert [one.channel for one in outages.latest() if one.source == "gap"] == ["api"]


def test_what_a_person_recorded_is_ended_by_a_person(clock: Any) -> None:
    uuid = outages.record("mail", START - timedelta(minutes=5), None, reason="x", by="staff:ada")
    watch.note_channel("mail", is_well=True)
    assert [one.uuid for one in outages.current()] == [uuid]
    outages.end(uuid)
    assert outages.current() == []


def test_when_a_person_withdrew_an_outage_then_the_next_look_does_not_record_it_again(clock: Any) -> None:
    for _ in range(2):
        watch.note_channel("api", is_well=False)
        clock.shift(60)
    [one] = outages.current()
    outages.withdraw(one.uuid, reason="onderhoud van een ander", by="staff:ada")
    for _ in range(3):
        watch.note_channel("api", is_well=False)
        clock.shift(60)
    assert outages.current() == []
    assert outages.between(["api"], START - timedelta(days=1), START + timedelta(days=1)) == []


def test_between_gives_what_lies_partly_in_the_period_and_what_lasts(clock: Any) -> None:
    def hour(number: int) -> datetime:
        return START - timedelta(hours=number)

    early = outages.record("portal", hour(10), hour(8), reason="x", by="a")
    late = outages.record("portal", hour(3), None, reason="x", by="a")
    outages.record("mail", hour(10), hour(8), reason="x", by="a")
    assert [one.uuid for one in outages.between(["portal"], hour(9), hour(2))] == [early, late]
    assert [one.uuid for one in outages.between(["portal"], hour(12), hour(9))] == [early]
    assert outages.between(["portal"], hour(8), hour(3)) == []


@pytest.mark.parametrize(
    ("channel", "start", "end", "code"),
    [
        ("fax", -60, None, "channel"), ("", -60, None, "channel"), ("portal", 60, None, "future"), ("portal", -60, 60, "future"),
        ("portal", -60, -60, "order"), ("portal", -60, -120, "order"), ("portal", -61 * 24 * 60, -1, "long"), ("mail", -60, None, "open"),
    ],
)  # fmt: skip
def test_an_outage_that_cannot_be_is_refused(clock: Any, channel: str, start: int, end: int | None, code: str) -> None:
    outages.record("mail", START - timedelta(minutes=5), None, reason="x", by="a")
    until = None if end is None else START + timedelta(minutes=end)
    with pytest.raises(outages.OutageError) as caught:
        outages.record(channel, START + timedelta(minutes=start), until, reason="x", by="a")
    assert caught.value.code == code
    assert Outage.objects.count() == 1


# -- Alarms ---------------------------------------------------------------------------------------------------------------
def test_an_alarm_is_one_until_it_was_well_for_a_while_and_is_mailed_once(
    thing: Thing, clock: Any, settings: Any
) -> None:
    settings.OPERATOR_EMAIL = "beheer@oeverveen.example"
    thing.figure = 3
    for _ in range(4):
        alarms.look_at_all()
        clock.shift(60)
    thing.figure = 0
    alarms.look_at_all()
    thing.figure = 5
    alarms.look_at_all()
    [one] = alarms.standing()
    assert (one.text, one.raised_at, one.advice) == ("5 dingen", START, "Doe iets.")
    thing.figure = 0
    clock.shift(alarms.WELL_FOR)
    alarms.look_at_all()
    assert alarms.standing() == []
    assert [one.name for one in alarms.ended()] == ["thing"]
    assert ProcrastinateJob.objects.filter(task_name="kit.mail_alarm").count() == 1


def test_without_an_address_nobody_is_mailed(thing: Thing, settings: Any) -> None:
    settings.OPERATOR_EMAIL = ""
    thing.figure = 1
    alarms.look_at_all()
    assert ProcrastinateJob.objects.filter(task_name="kit.mail_alarm").count() == 0


def test_one_watch_that_cannot_look_does_not_silence_the_others(thing: Thing, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = alarms.Watch("broken", "x", "x", lambda: 1 // 0, str)  # type: ignore[arg-type]
    monkeypatch.setattr(alarms, "_WATCHES", {"broken": broken, **alarms._WATCHES})
    thing.figure = 1
    with pytest.raises(alarms.LooksFailed, match="broken: ZeroDivisionError"):
        alarms.look_at_all()
    assert [one.name for one in alarms.standing()] == ["thing"]


def test_when_the_database_goes_while_looking_then_the_next_minute_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone() -> int:
        raise OperationalError("server closed the connection unexpectedly")

    one = alarms.Watch("thing", "Ding", "Doe iets.", gone, str)  # type: ignore[arg-type]
    monkeypatch.setattr(alarms, "_WATCHES", {"thing": one})
    monkeypatch.setattr(watch, "_CHECKS", {})
    watch.look_round(timestamp=0)
    assert alarms.standing() == []


def test_one_person_takes_an_alarm_and_lets_it_go(thing: Thing) -> None:
    thing.figure = 1
    alarms.look_at_all()
    [one] = alarms.standing()
    alarms.take(one.uuid, by="staff:ada", name="Ada")
    with pytest.raises(alarms.AlarmGone):
        alarms.take(one.uuid, by="staff:bob", name="Bob")
    with pytest.raises(alarms.AlarmGone):
        alarms.let_go(one.uuid, by="staff:bob")
    assert alarms.standing()[0].taken_by_name == "Ada"
    alarms.let_go(one.uuid, by="staff:ada")
    assert alarms.standing()[0].taken_by == ""


def test_the_operator_gets_one_mail_and_a_server_that_is_down_is_asked_again(
    thing: Thing, settings: Any, tmp_path: Any
) -> None:
    settings.OPERATOR_EMAIL = "beheer@oeverveen.example"
    thing.figure = 7
    alarms.look_at_all()
    alarm = Alarm.objects.get()
    with SimulatorProcess(tmp_path) as outside:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "localhost", outside.smtp_port, False
        outside.switch(smtp="down")
        with pytest.raises(mail.NotNow):
            alarms.mail_alarm(alarm_id=alarm.pk)
        assert not mail.is_reachable()
        outside.switch(smtp="ok")
        assert mail.is_reachable()
        for _ in range(2):
            alarms.mail_alarm(alarm_id=alarm.pk)
        [got] = outside.mails("beheer@oeverveen.example")
    assert "Alarm" in got["subject"]
    assert "7 dingen" in got["text"]
    assert "/werkplek/beheer/draaien/" in got["text"]


# -- Errors, jobs, metrics ----------------------------------------------------------------------------------------------
def test_errors_are_counted_over_processes_and_raise_an_alarm_only_when_they_are_many(settings: Any) -> None:
    settings.TRAFFIC_SECONDS = 1
    traffic._counts.clear()
    for status in [200] * 90 + [500] * 10:
        traffic.count(status)
    traffic._written -= 2
    traffic.count(200)
    assert traffic.of_the_last(timedelta(minutes=10)) == traffic.Traffic(101, 10)
    assert watch._error_percent() == 10
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_trafficminute SET errors = 4")
    assert watch._error_percent() == 0
    traffic._written -= 2
    traffic.count(500)
    assert traffic.of_the_last(timedelta(minutes=10)).requests == 102


def a_failed_job(name: str = "test.failed", lock: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock) VALUES "
            "('default', %s, %s, 'failed', 12, %s) RETURNING id",
            [name, '{"_trace": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x": 1}', lock],
        )
        return int(cursor.fetchone()[0])


def test_a_failed_job_is_started_again_or_put_aside_once() -> None:
    first, second = a_failed_job(), a_failed_job()
    assert [(job.id, job.trace_id) for job in jobs.failed_jobs()] == [
        (second, "0af7651916cd43dd8448eb211c80319c"), (first, "0af7651916cd43dd8448eb211c80319c"),
    ]  # fmt: skip
    assert jobs.count_failed() == 2
    assert jobs.again(first) == "test.failed"
    assert jobs.put_aside(second) == "test.failed"
    assert list(ProcrastinateJob.objects.order_by("id").values_list("status", flat=True)) == ["todo", "cancelled"]
    for deed in (jobs.again, jobs.put_aside):
        for number in (first, second, 999_999):
            with pytest.raises(jobs.JobGone):
                deed(number)


def test_a_failed_job_of_the_clock_is_not_started_beside_the_next_one() -> None:
    failed = a_failed_job("kit.look_round", lock="kit.look_round")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock) VALUES ('default', 'kit.look_round', '{}', 'kit.look_round')"
        )
    with pytest.raises(jobs.NextOneWaits):
        jobs.again(failed)
    assert jobs.count_failed() == 1


def test_a_job_that_waits_too_long_is_stuck_and_one_that_comes_later_is_not() -> None:
    with connection.cursor() as cursor:
        for at in ("now() - interval '20 minutes'", "now() + interval '2 hours'", "now() - interval '1 minute'"):
            cursor.execute(
                f"INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) VALUES ('default', 'x', '{{}}', {at})"
            )
    assert jobs.count_stuck() == 1


def test_the_metrics_tell_of_alarms_channels_and_outages(client: Client, clock: Any) -> None:
    a_failed_job()
    watch.note_channel("mail", is_well=False)
    outages.record("login", START - timedelta(minutes=5), None, reason="x", by="a")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watch, "_CHECKS", {})
        watch.look_round(timestamp=0)
    text = client.get("/metrics").content.decode()
    assert 'stadhuis_alarm{name="failed_jobs"} 1.0' in text
    assert 'stadhuis_alarm{name="channels"} 1.0' in text
    assert 'stadhuis_alarm{name="late_clocks"} 0.0' in text
    assert 'stadhuis_channel_up{channel="mail"} 0.0' in text
    assert 'stadhuis_outage{channel="login"} 1.0' in text


def test_every_alarm_says_what_is_wrong_and_what_to_do() -> None:
    for one in alarms.watches():
        assert str(one.title)
        assert str(one.advice)
        for figure in (1, 2):
            assert str(figure) in one.say(figure)
    assert {one.name for one in alarms.watches()} >= {
        "stuck_jobs", "failed_jobs", "errors", "channels", "mail_bounces", "dead_deliveries", "late_clocks", "near_clocks",
    }  # fmt: skip
