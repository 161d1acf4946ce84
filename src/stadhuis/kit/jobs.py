"""Jobs on Procrastinate: queued in the transaction of the deed, taken up again when a worker dies.

``job`` declares one; ``queue`` puts it in the same transaction as the change. Jobs are small, take ids and may run twice.
A job of a killed worker stays 'doing' in Procrastinate: ``sweep_stalled`` (every minute) puts it back. A worker that cannot
write down how a job ended must itself end (``OutcomeManager``): the sweep leaves the jobs of living workers alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections, connection, transaction
from procrastinate import App, RetryStrategy
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, JobDeferrer, Status
from procrastinate.manager import JobManager

from stadhuis.kit import trace
from stadhuis.kit.database import Statement

log = logging.getLogger(__name__)

TRACE = "_trace"
"""The argument in which the trace travels; no job sees it."""
RETRY = RetryStrategy(max_attempts=12, exponential_wait=3)
"""Default for jobs that may fail for a reason outside: 3, 9, 27 ... seconds apart, half a week in all."""
RETRY_OF_THE_CLOCK = RetryStrategy(
    max_attempts=6, wait=5, linear_wait=10, retry_exceptions=(OperationalError, InterfaceError)
)
"""For jobs that come back by themselves: only when the database went away while one ran, so that the night's work is done tonight."""


def job(
    name: str,
    *,
    queue: str = "default",
    retry: RetryStrategy | bool = RETRY,
    queueing_lock: str | None = None,
    lock: str | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job. The name is stable: rows in the queue carry it across releases."""

    def declare(function: Callable[..., Any]) -> Any:
        return django_app.task(name=name, queue=queue, retry=retry, queueing_lock=queueing_lock, lock=lock)(
            _with_fresh_connection(function)
        )

    return declare


def _with_fresh_connection(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a job begin with a connection that works and give it back: a thread of a worker outlives a database that was down."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with trace.part_of(kwargs.pop(TRACE, None)):
            if connection.in_atomic_block:  # called within someone's transaction, so the connection is theirs
                return function(*args, **kwargs)
            close_old_connections()
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

    return run


def periodic(cron: str, name: str, *, queue: str = "default") -> Callable[[Callable[[int], Any]], Any]:
    """Declare a job that runs by the clock (cron expression, UTC); it is given the scheduled moment as UNIX time.

    Tried again only when the database went away; any other failure stays for a person to look at.
    """

    def declare(function: Callable[[int], Any]) -> Any:
        declared = django_app.task(name=name, queue=queue, queueing_lock=name, retry=RETRY_OF_THE_CLOCK)
        task = declared(_with_fresh_connection(function))
        return django_app.periodic(cron=cron)(task)

    return declare


def queue(task: Any, **arguments: object) -> int:
    """Put a job in the queue within the running transaction; returns the job's id. The trace of a request goes along."""
    here = trace.current()
    given: dict[str, Any] = {**arguments, **({TRACE: here.header} if here else {})}
    deferrer = task if isinstance(task, JobDeferrer) else task.configure()
    new = deferrer.make_new_job(**given)
    if new.queueing_lock is not None:
        return int(deferrer.defer(**given))
    row = _DEFER.first_row({
        "queue": new.queue, "task": new.task_name, "priority": new.priority, "lock": new.lock,
        "arguments": json.dumps(new.task_kwargs), "at": new.scheduled_at,
    })  # fmt: skip
    return int(row[0]) if row else 0


_DEFER: Final = Statement.compile("""
    SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(:{queue}::varchar, :{task}::varchar, :{priority}::int, :{lock}::text, NULL,
            :{arguments}::jsonb, :{at}::timestamptz)::procrastinate_job_to_defer_v1]))[1]
""")
"""What ``JobDeferrer.defer`` asks, planned once; where a second job of a kind is refused, the library says so."""


def sweep_stalled() -> int:
    """Put back the jobs of dead workers; returns how many. Safe to run at any time, by any number of processes."""
    from asgiref.sync import async_to_sync

    return async_to_sync(_sweep)(django_app.job_manager)


async def _wait_again(manager: JobManager, stopped: Job, *args: Any, **kwargs: Any) -> bool:
    """Let a job wait in the queue again; False when it is given up, for the next one of its kind waits already."""
    try:
        await JobManager.retry_job(manager, stopped, *args, **kwargs)
    except UniqueViolation:
        await JobManager.finish_job(manager, stopped, Status.ABORTED, delete_job=False)
        return False
    return True


async def _sweep(manager: JobManager) -> int:
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=settings.JOB_STALLED_SECONDS))
    for stalled_job in stalled:
        facts = {"job": stalled_job.id, "task": stalled_job.task_name}
        if await _wait_again(manager, stalled_job):
            log.warning("job taken up again after its worker died", extra=facts)
        else:
            log.warning("job of a dead worker given up, the next one waits", extra=facts)
    await manager.prune_stalled_workers(seconds_since_heartbeat=settings.JOB_STALLED_SECONDS)
    return len(stalled)


@periodic("* * * * *", "kit.sweep_stalled")
def sweep_stalled_job(timestamp: int) -> None:
    """Every minute: take up again what a killed worker had in hand."""
    sweep_stalled()


DROPPED_AT_ONCE = 5000


def drop_finished(*, batch: int = DROPPED_AT_ONCE) -> int:
    """Remove the jobs that succeeded, or were given up, longer ago than ``STADHUIS_JOBS_KEPT_DAYS``; returns how many.

    Failed jobs stay for the page that starts them again. In short transactions, so that nobody waits for it.
    """
    gone = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM procrastinate_jobs WHERE id IN (
                    SELECT job.id FROM procrastinate_jobs AS job
                    WHERE job.status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS (
                        SELECT 1 FROM procrastinate_events AS event
                        WHERE event.job_id = job.id AND event.at >= now() - make_interval(days => %s))
                    ORDER BY job.id LIMIT %s)
                """,
                [settings.JOBS_KEPT_DAYS, batch],
            )
            dropped = int(cursor.rowcount)
        gone += dropped
        if dropped < batch:
            return gone


@periodic("25 2 * * *", "kit.drop_finished")
def drop_finished_job(timestamp: int) -> None:
    """Every night: throw away the jobs that were done some days ago."""
    dropped = drop_finished()
    log.info("finished jobs removed", extra={"jobs": dropped})


def waiting(task_name: str | None = None) -> int:
    """Return how many jobs wait or run, of one name or of all."""
    jobs = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    return jobs.filter(task_name=task_name).count() if task_name else jobs.count()


@dataclass(frozen=True)
class FailedJob:
    """A job that failed for good. What it was about stands in the logs, under its trace."""

    id: int
    name: str
    queue: str
    attempts: int
    trace_id: str
    failed_at: datetime | None


def failed_jobs(*, limit: int = 200) -> list[FailedJob]:
    """Return the jobs that failed for good, latest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT job.id, job.task_name, job.queue_name, job.attempts, job.args ->> %s, max(event.at)
            FROM procrastinate_jobs AS job LEFT JOIN procrastinate_events AS event ON event.job_id = job.id
            WHERE job.status = 'failed' GROUP BY job.id ORDER BY job.id DESC LIMIT %s
            """,
            [TRACE, limit],
        )
        rows = cursor.fetchall()
    return [
        FailedJob(number, name, queue_name, attempts, found.trace_id if (found := trace.read(header)) else "", at)
        for number, name, queue_name, attempts, header, at in rows
    ]


def count_failed() -> int:
    """Return how many jobs failed for good."""
    return ProcrastinateJob.objects.filter(status="failed").count()


def count_stuck() -> int:
    """Return how many jobs are late by a quarter of an hour, or in the hands of a worker that is long dead. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
            WHERE (job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s)))
               OR (job.status = 'todo' AND coalesce(job.scheduled_at, (
                     SELECT max(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id
                   )) < now() - interval '15 minutes')
            """,
            [settings.JOB_STALLED_SECONDS * 3],
        )
        return int(cursor.fetchone()[0])


class JobGone(Exception):
    """There is no such failed job any more."""


class NextOneWaits(Exception):
    """A job of the clock of which the next one waits already: that one does the work."""


def again(job_id: int) -> str:
    """Put a failed job back in the queue, in the running transaction; returns its name. Raises ``JobGone``, ``NextOneWaits``."""
    name = _failed_name(job_id)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
    except IntegrityError:
        raise NextOneWaits from None
    return name


def put_aside(job_id: int) -> str:
    """Give a failed job up, in the running transaction; returns its name. Raises ``JobGone``."""
    name = _failed_name(job_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s AND status = 'failed'", [job_id]
        )
    return name


def _failed_name(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", [job_id]
        )
        row = cursor.fetchone()
    if row is None:
        raise JobGone
    return str(row[0])


def forget(text: str) -> int:
    """Remove the jobs that name something in their arguments and do not run just now; returns how many.

    For what is destroyed: a job that was done long ago would still name it.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND strpos(args::text, %s) > 0", [text])
        return int(cursor.rowcount)


_PAUSES: list[Callable[[], bool]] = []


def pause_when(asks: Callable[[], bool]) -> None:
    """Register a question (at start-up) to which yes means: the worker leaves the queue alone for now."""
    if asks not in _PAUSES:
        _PAUSES.append(asks)


def is_paused() -> bool:
    """Return whether somebody says that jobs must wait."""
    close_old_connections()
    return any(asks() for asks in _PAUSES)


class OutcomeManager(JobManager):
    """Takes no job from the queue while jobs must wait (``pause_when``); those that run end as they would.

    Calls ``on_lost`` when the outcome of a job could not be written down, because the database was gone just then.

    Procrastinate's worker goes on after that, with a job that stays 'doing' in the hands of a living worker for ever.
    """

    def __init__(self, connector: BaseConnector, on_lost: Callable[[], None]) -> None:
        super().__init__(connector)
        self.on_lost = on_lost

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Return the next job, or None: there is none, or jobs must wait."""
        if await sync_to_async(is_paused)():
            return None
        return await super().fetch_job(queues, worker_id)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Write down that a job has ended."""
        try:
            await super().finish_job(job, status, delete_job)
        except BaseException:
            self.on_lost()
            raise

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        """Write down that a job is to run again, or that it was given up because the next one of its kind waits."""
        try:
            await _wait_again(self, job, *args, **kwargs)
        except BaseException:
            self.on_lost()
            raise


def on_app_ready(app: App) -> None:
    """Called by Procrastinate when its app is configured."""
