"""Prepared statements beside Django's cursors: for reads that are compiled once and run thousands of times.

Django binds parameters on the client, so that PostgreSQL plans every statement anew; for the statements of the registers'
APIs planning costs more than running. These go to the server with ``$n`` parameters and stay prepared per connection.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from psycopg import RawCursor

T = TypeVar("T")
_SLOT = re.compile(r":\{(\w+)\}")


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
        return self._execute(values, lambda cursor: cursor.fetchone())

    def run(self, values: Mapping[str, object]) -> None:
        """Run a statement that gives no rows back; within ``in_one_go`` it waits for the others."""
        self._execute(values, lambda cursor: None)

    def _execute(self, values: Mapping[str, object], take: Callable[[RawCursor[Any]], T]) -> T:
        connection.ensure_connection()
        started = time.perf_counter()
        try:
            with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
                # Each name is one of ours; the values travel apart from the statement.
                cursor.execute(self.sql, [values[name] for name in self.names], prepare=True)
                return take(cursor)
        finally:
            if connection.queries_logged:
                connection.queries_log.append(
                    {"sql": self.sql.decode(), "time": f"{time.perf_counter() - started:.3f}"}
                )


@contextmanager
def in_one_go() -> Iterator[None]:
    """Send the statements of the block together: one trip to the server, and outside a transaction one commit for all.

    Rows may be read meanwhile; what ``Statement.run`` does wrong is raised at the end of the block. No transaction may begin
    inside.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
