"""Jobs on Procrastinate: queued in the transaction of the deed, taken up again when a worker dies.

``job`` declares one; ``queue`` puts it in the same transaction as the change. Jobs are small, take ids and may run twice.
A job of a killed worker stays 'doing' in Procrastinate: ``sweep_stalled`` (every minute) puts it back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager

log = logging.getLogger(__name__)

STALLED_AFTER_SECONDS = 60
"""A worker that has not been heard of for this long is dead; its jobs go back to the queue."""

RETRY = RetryStrategy(max_attempts=12, exponential_wait=3)
"""Default for jobs that may fail for a reason outside: 3, 9, 27 ... seconds apart, half a week in all."""


def job(
    name: str,
    *,
    queue: str = "default",
    retry: RetryStrategy | bool = RETRY,
    queueing_lock: str | None = None,
    lock: str | None = None,
    pass_context: bool = False,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job. The name is stable: rows in the queue carry it across releases."""

    def declare(function: Callable[..., Any]) -> Any:
        return django_app.task(
            name=name, queue=queue, retry=retry, queueing_lock=queueing_lock, lock=lock, pass_context=pass_context
        )(function)

    return declare


def periodic(cron: str, name: str, *, queue: str = "default") -> Callable[[Callable[[int], Any]], Any]:
    """Declare a job that runs by the clock (cron expression, UTC); it is given the scheduled moment as UNIX time."""

    def declare(function: Callable[[int], Any]) -> Any:
        task = django_app.task(name=name, queue=queue, queueing_lock=name)(function)
        return django_app.periodic(cron=cron)(task)

    return declare


def queue(task: Any, **arguments: object) -> int:
    """Put a job in the queue within the running transaction; returns the job's id."""
    return int(task.defer(**arguments))


def sweep_stalled() -> int:
    """Put back the jobs of dead workers; returns how many. Safe to run at any time, by any number of processes."""
    from asgiref.sync import async_to_sync

    return async_to_sync(_sweep)(django_app.job_manager)


async def _sweep(manager: JobManager) -> int:
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS))
    for stalled_job in stalled:
        await manager.retry_job(stalled_job)
        log.warning("job taken up again after its worker died", extra={"job": stalled_job.id, "task": stalled_job.task_name})
    await manager.prune_stalled_workers(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    return len(stalled)


@periodic("* * * * *", "kit.sweep_stalled")
def sweep_stalled_job(timestamp: int) -> None:
    """Every minute: take up again what a killed worker had in hand."""
    sweep_stalled()


def waiting(task_name: str | None = None) -> int:
    """Return how many jobs wait or run, of one name or of all."""
    jobs = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    return jobs.filter(task_name=task_name).count() if task_name else jobs.count()


def on_app_ready(app: App) -> None:
    """Called by Procrastinate when its app is configured."""
