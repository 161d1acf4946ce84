"""Bringing the tables up to date while the town hall is open: one migrator at a time, short waits for locks, and again.

A statement that changes a table waits for everybody who uses it, and everybody who comes after waits behind it. So it waits
for a few seconds only, gives way, and tries again; each migration is a transaction of its own, so nothing is half done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

MIGRATION_LOCK = 4_207_002
"""Advisory lock of PostgreSQL: one migrator at a time."""
LOCK_TIMEOUT = "3s"
"""So long a migration holds up others while it waits for a lock."""
PATIENT_LOCK_TIMEOUT = "10min"
"""An index that is built beside the work (CONCURRENTLY) holds nobody up while it waits."""
ATTEMPTS = 20
PAUSE_SECONDS = 3.0
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"


class MigrationRefused(Exception):
    """The tables were not brought up to date; the text is one sentence for the operator. What was done is done whole."""


def migrate(tell: Callable[[str], object], *, wait_seconds: float = 600, pause: float = PAUSE_SECONDS) -> int:
    """Run every migration that has not run; returns how many ran. Raises ``MigrationRefused``.

    When another migrator is at work, it is waited for: what it did need not be done again.
    """
    with _alone(tell, wait_seconds), _patient_statements():
        is_fresh = not MigrationRecorder(connection).has_table()
        if is_fresh:  # nobody uses the tables yet
            call_command("migrate", interactive=False, verbosity=0)
            return len(MigrationRecorder(connection).applied_migrations())
        pending = _pending()
        for migration in pending:
            _run(migration.app_label, migration.name, is_atomic=migration.atomic, tell=tell, pause=pause)
        return len(pending)


def _pending() -> list[Any]:
    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@contextmanager
def _alone(tell: Callable[[str], object], wait_seconds: float) -> Iterator[None]:
    parameters = connection.get_connection_params()
    reach = {name: parameters[name] for name in ("host", "port", "user", "password", "dbname") if parameters.get(name)}
    # A connection of its own: the lock belongs to it, and goes when this process goes.
    with psycopg.connect(**reach, autocommit=True, application_name="stadhuis-migrate", connect_timeout=10) as held:
        until = time.monotonic() + wait_seconds
        is_told = False
        while True:
            row = held.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK]).fetchone()
            if row and row[0]:
                break
            if time.monotonic() > until:
                raise MigrationRefused("Another migration is running and does not end.")
            if not is_told:
                tell("another migration is running: waiting for it")
                is_told = True
            time.sleep(0.2)
        yield


@contextmanager
def _patient_statements() -> Iterator[None]:
    """Let a statement take its time (building an index), but not its wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET lock_timeout")


def _run(app: str, name: str, *, is_atomic: bool, tell: Callable[[str], object], pause: float) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT if is_atomic else PATIENT_LOCK_TIMEOUT}'")
        try:
            call_command("migrate", app, name, interactive=False, verbosity=0)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in {_LOCK_NOT_AVAILABLE, _DEADLOCK}:
                raise
        else:
            tell(f"{app}.{name}")
            return
        finally:
            _drop_half_built_indexes()
        if attempt < ATTEMPTS:
            tell(f"{app}.{name} found a table in use and gave way; again in {pause:.0f} seconds")
            time.sleep(pause)
    raise MigrationRefused(
        f"{app}.{name} found its table in use {ATTEMPTS} times: look for a long transaction (pg_stat_activity) and run stadhuis migrate again."
    )


def _drop_half_built_indexes() -> None:
    """Remove what a CREATE INDEX CONCURRENTLY that did not succeed leaves: an index that costs and serves nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT i.indisvalid AND n.nspname = current_schema()"
        )
        for (index,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(index)}")
