"""Jobs of workers that died are taken up again, and a worker that cannot write down an outcome is told."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from pytest_django import Settings

from stadhuis.kit import jobs, trace
from stadhuis.kit.time import now

pytestmark = pytest.mark.django_db(transaction=True)

_FACTS: dict[str, Any] = {
    "id": 987654321, "queue": "default", "lock": None, "queueing_lock": None, "task_name": "gone",
}  # fmt: skip


def _in_hand_of_a_dead_worker(task_name: str, *, queueing_lock: str | None = None) -> int:
    """Return the id of a job that a worker took and that has not been heard of for a quarter of an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '15 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock, worker_id)"
            " VALUES ('default', %s, '{}', 'doing', %s, %s) RETURNING id",
            [task_name, queueing_lock, worker],
        )
        return int(cursor.fetchone()[0])


def _status(job_id: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=job_id).status)


def test_when_a_worker_died_then_its_job_goes_back_to_the_queue() -> None:
    # given
    job_id = _in_hand_of_a_dead_worker("messages.send_mail")
    # when
    taken_up = jobs.sweep_stalled()
    # then
    assert taken_up == 1
    assert _status(job_id) == "todo"


def test_when_the_next_job_of_the_clock_waits_then_a_stalled_one_is_given_up_and_the_others_are_still_taken_up() -> (
    None
):
    # given
    by_clock = _in_hand_of_a_dead_worker("kit.sweep_stalled", queueing_lock="kit.sweep_stalled")
    other = _in_hand_of_a_dead_worker("messages.send_mail")
    jobs.sweep_stalled_job.defer(timestamp=0)
    # when
    jobs.sweep_stalled()
    # then
    assert _status(by_clock) == "aborted"
    assert _status(other) == "todo"


@pytest.mark.parametrize(("error", "is_tried_again"), [(OperationalError("gone"), True), (ValueError("wrong"), False)])
def test_a_job_of_the_clock_is_tried_again_when_the_database_went_away_and_for_no_other_reason(
    error: Exception, is_tried_again: bool
) -> None:
    found = Job(**_FACTS, attempts=1)
    assert (jobs.sweep_stalled_job.get_retry_exception(exception=error, job=found) is not None) is is_tried_again
    assert jobs.sweep_stalled_job.get_retry_exception(exception=error, job=Job(**_FACTS, attempts=6)) is None


def test_when_the_next_job_of_the_clock_waits_then_one_that_is_to_be_tried_again_is_given_up_without_alarm() -> None:
    # given
    told: list[str] = []
    manager = jobs.OutcomeManager(app.connector, lambda: told.append("lost"))
    job_id = _in_hand_of_a_dead_worker("kit.sweep_stalled", queueing_lock="kit.sweep_stalled")
    found = Job(**{**_FACTS, "id": job_id, "queueing_lock": "kit.sweep_stalled"})
    jobs.sweep_stalled_job.defer(timestamp=0)
    # when
    async_to_sync(manager.retry_job)(found, now())
    # then
    assert (_status(job_id), told) == ("aborted", [])


def test_when_the_outcome_of_a_job_cannot_be_written_down_then_the_worker_is_told() -> None:
    # given
    told: list[str] = []
    manager = jobs.OutcomeManager(app.connector, lambda: told.append("lost"))
    # when
    with pytest.raises(ConnectorException):
        async_to_sync(manager.finish_job)(Job(**_FACTS), Status.SUCCEEDED, False)
    # then
    assert told == ["lost"]


def test_when_a_job_is_queued_in_a_request_then_it_is_done_as_a_part_of_its_trace() -> None:
    # given
    seen: list[str] = []

    @jobs.job("test.traced")
    def traced(number: int) -> None:
        here = trace.current()
        seen.append(f"{number} {here.trace_id if here else None}")

    with trace.part_of(None) as request:
        job_id = jobs.queue(traced, number=7)
    # when
    arguments = ProcrastinateJob.objects.get(pk=job_id).args
    traced(**arguments)
    # then
    assert arguments == {"number": 7, "_trace": request.header}
    assert seen == [f"7 {request.trace_id}"]


def _ended(status: str, *, days_ago: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', '{}', %s) RETURNING id",
            [status],
        )
        job_id = int(cursor.fetchone()[0])
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job_id])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'deferred', now() - interval '90 days'),"
            " (%s, 'succeeded', now() - make_interval(days => %s))",
            [job_id, job_id, days_ago],
        )
    return job_id


def test_jobs_that_were_done_some_days_ago_are_thrown_away_and_what_failed_or_waits_stays(settings: Settings) -> None:
    # given
    settings.JOBS_KEPT_DAYS = 7
    ProcrastinateJob.objects.all().delete()
    states = ("succeeded", "cancelled", "aborted", "failed", "todo", "doing")
    old = {state: _ended(state, days_ago=8) for state in states}
    recent = {state: _ended(state, days_ago=6) for state in states}
    # when: in batches smaller than what there is
    gone = jobs.drop_finished(batch=2)
    # then
    assert gone == 3
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert left == {*recent.values(), old["failed"], old["todo"], old["doing"]}
    assert [one.id for one in jobs.failed_jobs()] == [recent["failed"], old["failed"]]
    assert jobs.drop_finished() == 0
