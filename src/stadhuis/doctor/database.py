"""What is known from the database: its version, migrations, worker, jobs, and the seal on the trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from stadhuis.audit.public import chain_state
from stadhuis.doctor.findings import Finding, ok, wrong
from stadhuis.kit import health
from stadhuis.kit.time import now

OLDEST_VERSION, NEWEST_VERSION = 15, 18
LATE_MINUTES = 15
OLDEST_VERIFICATION_DAYS = 3
UNSEALED_MINUTES = 30
"""The seal job runs every five minutes; a line older than this waits for a job that does not run."""


def database() -> Iterator[Finding]:
    """Look at the version and encoding of the server."""
    name = "database"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    if not OLDEST_VERSION <= version <= NEWEST_VERSION:
        yield wrong(name, f"PostgreSQL {version} is not one of {OLDEST_VERSION} to {NEWEST_VERSION}")
    elif encoding != "UTF8":
        yield wrong(name, f"its encoding is {encoding} and must be UTF8")
    else:
        yield ok(name, f"PostgreSQL {version}")


def migrations() -> Iterator[Finding]:
    """Look for migrations that this code has and the database has not."""
    pending = health.pending_migrations()
    if pending:
        yield wrong("migrations", f"{len(pending)} have not run, the first is {pending[0]}: run stadhuis migrate")
    else:
        yield ok("migrations", "all have run")


def worker() -> Iterator[Finding]:
    """Look for a worker that was heard of."""
    for check in health.checks():
        if check.name == "worker":
            yield ok("worker", check.text) if check.is_well else wrong("worker", check.text)


def jobs() -> Iterator[Finding]:
    """Look for jobs that failed, that a dead worker holds, or that should have started long ago."""
    name = "jobs"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE job.status = 'failed'),
                   count(*) FILTER (WHERE job.status = 'doing' AND (worker.id IS NULL
                       OR worker.last_heartbeat < now() - make_interval(secs => %s))),
                   count(*) FILTER (WHERE job.status = 'todo'
                       AND coalesce(job.scheduled_at, '-infinity') < now() - make_interval(mins => %s)
                       AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = job.id
                                          AND e.at > now() - make_interval(mins => %s)))
            FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
            """,
            [settings.JOB_STALLED_SECONDS, LATE_MINUTES, LATE_MINUTES],
        )
        failed, stuck, late = cursor.fetchone()
    if failed:
        yield wrong(name, f"{failed} failed for good")
    if stuck:
        yield wrong(name, f"{stuck} in the hands of a worker that died (the sweep takes them up within a minute)")
    if late:
        yield wrong(name, f"{late} should have started more than a quarter of an hour ago")
    if not (failed or stuck or late):
        yield ok(name, "none failed, none stuck, none late")


def audit() -> Iterator[Finding]:
    """Look at the last verification of the trail, and for lines not sealed: until then a change in them would not show."""
    state = chain_state(latest=1)
    if state.reason:
        where = state.broken_line or "that was not sealed yet"
        yield wrong("audit", f"the trail is broken at line {where}: {state.reason}")
    elif state.verified_at is None:
        yield ok("audit", "the trail was not verified yet; that happens every night, or by stadhuis verify-audit")
    elif (now() - state.verified_at).days >= OLDEST_VERIFICATION_DAYS:
        yield wrong("audit", f"the trail was last verified on {state.verified_at:%Y-%m-%d}: does the worker run?")
    else:
        yield ok("audit", f"the trail is whole up to and including line {state.last_number}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), extract(epoch FROM now() - min(at))::int / 60 FROM audit_line"
            " WHERE number IS NULL AND at < now() - make_interval(mins => %s)",
            [UNSEALED_MINUTES],
        )
        waiting, minutes = cursor.fetchone()
    if waiting:
        yield wrong(
            "audit",
            f"{waiting} lines of the trail are not sealed, the oldest is {minutes} minutes old: does the worker run?",
        )
    else:
        yield ok("audit", f"no line of the trail waits longer than {UNSEALED_MINUTES} minutes for its seal")
