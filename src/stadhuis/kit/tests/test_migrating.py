"""Tables are brought up to date by one migrator at a time, which gives way to people at work and tries again."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from stadhuis.kit import health, migrating
from stadhuis.kit.migrating import MigrationRefused


@pytest.fixture
def url(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Yield the address of a database of this test alone, with the tables of sessions and kit only."""
    given, name = connection.settings_dict, f"stadhuis_migrating_{uuid.uuid4().hex[:10]}"
    before = given["NAME"]
    reach = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in {"host", "port", "user", "password"}
    }
    with django_db_blocker.unblock(), psycopg.connect(**reach, dbname="postgres", autocommit=True) as server:
        connection.close()
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        given["NAME"] = name
        try:
            call_command("migrate", "sessions", verbosity=0)
            yield f"postgresql://{given['USER']}@/{name}?host={given['HOST']}"
        finally:
            connection.close()
            given["NAME"] = before
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _only(monkeypatch: pytest.MonkeyPatch, *keys: tuple[str, str]) -> None:
    """Bring only these up to date: all of the town would take long."""
    pending = migrating._pending
    monkeypatch.setattr(migrating, "_pending", lambda: [one for one in pending() if (one.app_label, one.name) in keys])


def test_when_a_table_is_in_use_then_it_gives_way_and_tries_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # given: somebody reads the table that is to be changed, in a long transaction
    call_command("migrate", "access", "0002", verbosity=0)
    _only(monkeypatch, ("access", "0003_secret_last_used"))
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "150ms")
    told: list[str] = []
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM access_clientsecret")
        threading.Timer(1.0, reader.rollback).start()
        # when
        ran = migrating.migrate(told.append, pause=0.1)
    # then
    assert ran == 1
    assert "access.0003_secret_last_used found a table in use and gave way; again in 0 seconds" in told
    assert told[-1] == "access.0003_secret_last_used"
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "10s"


def test_when_a_table_stays_in_use_then_it_ends_with_one_sentence_and_nothing_is_half_done(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("migrate", "access", "0002", verbosity=0)
    _only(monkeypatch, ("access", "0003_secret_last_used"))
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "ATTEMPTS", 3)
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM access_clientsecret")
        with pytest.raises(MigrationRefused, match="look for a long transaction"):
            migrating.migrate(lambda sentence: None, pause=0.01)
    assert "access.0003_secret_last_used" in health.pending_migrations()


def test_when_others_queue_behind_it_then_they_wait_no_longer_than_its_own_wait(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a reader who stays, the migrator who waits for him, and a visitor who comes after
    call_command("migrate", "access", "0002", verbosity=0)
    _only(monkeypatch, ("access", "0003_secret_last_used"))
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "300ms")
    waits: list[float] = []

    def visit() -> None:
        with psycopg.connect(url, autocommit=True) as visitor:
            until = time.monotonic() + 1.5
            while time.monotonic() < until:
                started = time.monotonic()
                visitor.execute("SELECT count(*) FROM access_clientsecret")
                waits.append(time.monotonic() - started)
                time.sleep(0.01)

    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM access_clientsecret")
        threading.Timer(1.2, reader.rollback).start()
        visitor = threading.Thread(target=visit)
        visitor.start()
        # when
        migrating.migrate(lambda sentence: None, pause=0.2)
        visitor.join()
    # then
    assert max(waits) < 2.0
    assert len(waits) > 10


def test_when_two_begin_at_once_then_the_second_waits_and_finds_the_work_done(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    call_command("migrate", "access", verbosity=0)
    _only(monkeypatch)
    told: list[str] = []
    with psycopg.connect(url, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [migrating.MIGRATION_LOCK])
        with pytest.raises(MigrationRefused, match="does not end"):
            migrating.migrate(told.append, wait_seconds=0.3)
        threading.Timer(0.5, first.execute, ["SELECT pg_advisory_unlock_all()"]).start()
        # when
        ran = migrating.migrate(told.append, wait_seconds=20)
    # then
    assert ran == 0
    assert told.count("another migration is running: waiting for it") == 2


def test_when_an_index_was_built_half_then_it_is_removed_so_that_the_next_attempt_can_build_it(url: str) -> None:
    # given: building it beside the work fails on a row that is there twice
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE twice AS SELECT 1 AS number FROM generate_series(1, 2)")
        with pytest.raises(Exception, match="could not create unique index"):
            cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY twice_number ON twice (number)")
        # when
        migrating._drop_half_built_indexes()
        # then
        cursor.execute("SELECT to_regclass('twice_number')")
        assert cursor.fetchone()[0] is None


def test_when_something_else_is_wrong_then_it_is_not_tried_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # given: a table that somebody made by hand
    call_command("migrate", "access", "0002", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_clientsecret ADD last_used_at timestamptz")
    _only(monkeypatch, ("access", "0003_secret_last_used"))
    monkeypatch.setattr(migrating, "ATTEMPTS", 1000)
    with pytest.raises(Exception, match="already exists"):
        migrating.migrate(lambda sentence: None)
