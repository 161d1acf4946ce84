"""Statements that are planned once: for most of what a page or an API asks, planning costs more than running.

Parameters travel apart from the statement (``server_side_binding`` in the settings), and psycopg prepares what comes back
on a connection (``prepare_threshold``). The statements of the registers' APIs are prepared the first time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import RawCursor

if TYPE_CHECKING:
    from stadhuis.kit.postgresql.base import DatabaseWrapper

T = TypeVar("T")
PLANS_KEPT: Final = 400
"""Statements whose plan a connection keeps; a town hall in full use has some three hundred that come back."""
_SLOT = re.compile(r":\{(\w+)\}")
_NUMBERED = re.compile(rb"\$(\d+)")


@dataclass(frozen=True)
class Statement:
    """SQL with numbered parameters, and the names of the values that go into them, in order."""

    sql: bytes
    names: tuple[str, ...]

    @classmethod
    def compile(cls, sql: str) -> Statement:
        """Return a statement from SQL in which a parameter is written ``:{name}``; a name may occur more than once."""
        names: list[str] = []

        def number(match: re.Match[str]) -> str:
            name = match[1]
            if name not in names:
                names.append(name)
            return f"${names.index(name) + 1}"

        return cls(_SLOT.sub(number, sql).encode(), tuple(names))

    def first_row(self, values: Mapping[str, object]) -> tuple[Any, ...] | None:
        """Return the first row, or None. Runs in the transaction that is open, if one is."""
        with _executed(RawCursor, self.sql, [values[name] for name in self.names], prepare=True) as cursor:
            return cursor.fetchone()

    def rows(self, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Return all rows."""
        with _executed(RawCursor, self.sql, [values[name] for name in self.names], prepare=True) as cursor:
            return cursor.fetchall()

    def run(self, values: Mapping[str, object]) -> None:
        """Run a statement that gives no rows back; within ``in_one_go`` it waits for the others."""
        gathered = _gathered.get()
        if gathered is not None:
            gathered.append((self, values))
            return
        with _executed(RawCursor, self.sql, [values[name] for name in self.names], prepare=True):
            pass


def rows(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a statement written as for Django's cursor; none when it returns none."""
    connection.validate_no_broken_transaction()
    with _executed(psycopg.Cursor, sql.encode(), params) as cursor:
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _executed(
    kind: type[psycopg.Cursor[Any]], sql: bytes, params: Sequence[Any] | Mapping[str, Any], prepare: bool | None = None
) -> Iterator[psycopg.Cursor[Any]]:
    """Execute on Django's connection, past the layers of its cursors: they cost more than most of our statements do."""
    database = cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
    database.ensure_connection()
    database.send_held()
    started = time.perf_counter()
    try:
        with database.wrap_database_errors, kind(database.connection) as cursor:
            cursor.execute(sql, params, prepare=prepare)
            yield cursor
    finally:
        if database.queries_logged:
            database.queries_log.append({"sql": sql.decode(), "time": f"{time.perf_counter() - started:.3f}"})


def one_or_many(values: Sequence[T]) -> tuple[str, T | list[T]]:
    """Return what a column must be to be one of the values, as SQL with one ``%s``, and the value of that.

    One by itself: PostgreSQL plans a statement with a short array anew each time, for it reckons with a longer one.
    """
    return ("= %s", values[0]) if len(values) == 1 else ("= ANY(%s)", list(values))


def keep_more_plans(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Let a new connection keep the plans of more statements than psycopg does by itself (``connection_created``)."""
    connection.connection.prepared_max = PLANS_KEPT


def move_beyond(sequence: str, number: str, pattern: str) -> None:
    """Let a sequence of numbers go on after one that came from elsewhere, when it has the form of ours: ``pattern`` finds it.

    A sequence belongs to no transaction: it stays there when the deed is undone, and a gap is allowed.
    """
    found = re.fullmatch(pattern, number)
    if found is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT setval('{sequence}', %s) FROM {sequence} WHERE last_value < %s", [int(found[1])] * 2
            )


_gathered: ContextVar[list[tuple[Statement, Mapping[str, object]]] | None] = ContextVar("gathered", default=None)


@contextmanager
def in_one_go() -> Iterator[None]:
    """Send what ``Statement.run`` writes in the block as one statement at its end: one trip, and one commit for all.

    Each is one INSERT, UPDATE or DELETE that has no need of what the others write. Rows may be read meanwhile; what goes wrong
    is raised at the end of the block, and an error that leaves the block leaves nothing behind.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: list[tuple[Statement, Mapping[str, object]]] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    if gathered:
        values = {f"{place}.{name}": value for place, (_, own) in enumerate(gathered) for name, value in own.items()}
        _joined(tuple(statement for statement, _ in gathered)).run(values)


@lru_cache(maxsize=200)
def _joined(statements: tuple[Statement, ...]) -> Statement:
    """Return one statement that does what these do; PostgreSQL runs every part to its end, whether or not it is asked for."""
    parts: list[bytes] = []
    names: list[str] = []
    for place, statement in enumerate(statements):
        before = len(names)
        parts.append(_NUMBERED.sub(lambda found, before=before: b"$%d" % (int(found[1]) + before), statement.sql))  # type: ignore[misc]
        names += [f"{place}.{name}" for name in statement.names]
    *first, last = parts
    above = b", ".join(b"part%d AS (%s)" % (place, part) for place, part in enumerate(first))
    return Statement((b"WITH " + above + b" " if first else b"") + last, tuple(names))
