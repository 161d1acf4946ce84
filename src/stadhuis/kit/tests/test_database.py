"""What comes back on a connection is planned once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from stadhuis.kit import database
from stadhuis.kit.database import Statement

pytestmark = pytest.mark.django_db


def _prepared(mark: str) -> int:
    found = database.rows(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s AND statement NOT LIKE %s",
        [f"%{mark}%", "%pg_prepared_statements%"],
    )
    return int(found[0][0])


def test_a_statement_that_comes_back_is_planned_once() -> None:
    for number in range(8):
        assert database.rows("SELECT %s::int AS comes_back", [number]) == [(number,)]
    assert _prepared("comes_back") == 1


def test_a_compiled_statement_is_planned_the_first_time() -> None:
    assert Statement.compile("SELECT :{a}::int + :{b}::int AS compiled").first_row({"a": 1, "b": 2}) == (3,)
    assert _prepared("compiled") == 1


def test_a_statement_that_returns_no_rows_returns_none() -> None:
    assert database.rows("SET LOCAL work_mem = '8MB'") == []
    assert database.rows("SELECT 1 WHERE %(never)s::bool", {"never": False}) == []


def test_a_connection_keeps_more_plans_than_psycopg_does_by_itself() -> None:
    connection.ensure_connection()
    assert connection.connection.prepared_max == database.PLANS_KEPT


def test_a_fault_is_the_one_of_django_and_the_connection_goes_on() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        database.rows("SELECT nothing_there")
    assert database.rows("SELECT 1") == [(1,)]
