"""Fewer trips to the server: kept connections are not asked whether they live, savepoints travel with what follows them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

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


def _write(minute: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_trafficminute (minute, requests, errors) VALUES (%s::timestamptz, 1, 0)",
            [f"2026-01-01T00:{minute:02}Z"],
        )


def _read(minute: int) -> bool:
    found = Statement.compile("SELECT count(*) FROM kit_trafficminute WHERE minute = :{minute}::timestamptz").first_row(
        {"minute": f"2026-01-01T00:{minute:02}Z"}
    )
    return found == (1,)


@transaction.atomic
def _write_all(*minutes: int) -> None:
    for minute in minutes:
        with transaction.atomic():
            _write(minute)


@transaction.atomic
def _fail() -> None:
    raise LookupError


@transaction.atomic
def _write_and_fail(minute: int) -> None:
    with transaction.atomic():
        _write(minute)
    raise LookupError


@transaction.atomic
def _write_and_say_nothing(minute: int) -> None:
    _write(minute)
    with suppress(IntegrityError):
        _write(minute)


def test_when_an_inner_deed_fails_then_it_alone_is_undone_however_deep_and_whatever_came_before() -> None:
    with transaction.atomic():
        _write_all()  # its savepoint is never needed
        with pytest.raises(IntegrityError):
            _write_all(1, 2, 1)
        assert not _read(1)  # a statement past Django's cursors comes after the savepoint too
        _write_all(3)
        with pytest.raises(LookupError):
            _fail()  # nothing was sent inside: nothing to undo
        with pytest.raises(LookupError):
            _write_and_fail(5)
        _write(4)
    assert [_read(minute) for minute in range(1, 6)] == [False, False, True, True, False]


def test_when_the_outer_deed_fails_then_nothing_of_the_inner_ones_is_kept() -> None:
    with pytest.raises(LookupError):
        _write_and_fail(1)
    assert not _read(1)
    _write_all(1)
    assert _read(1)


def test_when_an_error_was_passed_over_in_silence_then_the_inner_deed_says_so_and_is_undone() -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError):
            _write_and_say_nothing(1)
        _write(2)
    assert [_read(1), _read(2)] == [False, True]


def test_when_deeds_are_made_of_deeds_then_their_savepoints_take_one_trip_between_two_statements(
    tmp_path: Path,
) -> None:
    connection.ensure_connection()
    line = connection.connection.pgconn
    with (tmp_path / "messages").open("w+") as messages:
        line.trace(messages.fileno())
        try:
            with transaction.atomic():
                _write_all(0, 1, 2)
                _write_all()
        finally:
            line.untrace()
        messages.seek(0)
        trips = [words for words in map(str.split, messages) if "ReadyForQuery" in words]
    assert len(trips) == 1 + 3 + 3 + 1  # the beginning, what is held before each of three, they themselves, the end
    assert all(map(_read, range(3)))
