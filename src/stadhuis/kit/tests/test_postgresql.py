"""Kept connections: one that the server ended is left behind, without asking the server anything before each use."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection

from stadhuis.kit.database import Statement, in_one_go
from stadhuis.kit.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooled() -> Iterator[DatabaseWrapper]:
    """A database whose connections are kept, as outside tests."""
    settings = copy.deepcopy(connection.settings_dict)
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 10}
    wrapper = DatabaseWrapper(settings, "pooled")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def _pid(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_when_the_server_ended_a_kept_connection_then_the_next_use_gets_another(pooled: DatabaseWrapper) -> None:
    # given: a connection that was used and given back
    first = _pid(pooled)
    pooled.close()
    assert _pid(pooled) == first
    pooled.close()
    # when
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    # then
    assert _pid(pooled) != first


def _add(*minutes: str) -> None:
    add = Statement.compile(
        "INSERT INTO kit_trafficminute (minute, requests, errors) VALUES (:{minute}::timestamptz, 1, 0)"
    )
    with in_one_go():
        for minute in minutes:
            add.run({"minute": minute})


def test_when_statements_go_in_one_go_then_all_are_kept_or_none() -> None:
    _add("2026-01-01T00:00Z", "2026-01-01T00:01Z")
    assert _count() == 2
    with pytest.raises(IntegrityError):
        _add("2026-01-01T00:02Z", "2026-01-01T00:01Z")
    assert _count() == 2


def test_when_a_statement_is_used_then_the_server_keeps_its_plan() -> None:
    wanted = Statement.compile("SELECT 1 + :{number}::int")
    for number in range(3):
        assert wanted.first_row({"number": number}) == (1 + number,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 + %'")
        assert cursor.fetchone()[0] == 1


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_trafficminute")
        return int(cursor.fetchone()[0])
