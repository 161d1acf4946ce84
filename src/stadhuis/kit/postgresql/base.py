"""Django's PostgreSQL, with fewer trips to the server.

A connection from the pool is looked at without asking the server anything: Django asks an empty statement of each, one more
trip for every request. A server that stops or ends a connection says so on it; that nothing was said can be seen on this side.

A savepoint is held back until a statement follows, and a release until the next one: a deed made of deeds has many, and each
would be a trip of its own. What is made and released with nothing between is never sent.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class Cursor(base.ServerBindingCursor, psycopg.Cursor[Any]):
    """A cursor that sends what its connection holds back, before anything of its own."""

    send_held: Callable[[], None] = staticmethod(lambda: None)
    """Of the connection of Django that made it; there is nothing to send for who goes past Django."""

    def execute(self, *arguments: Any, **options: Any) -> Any:
        """Execute, after the savepoints that come before it."""
        self.send_held()
        return super().execute(*arguments, **options)

    def executemany(self, *arguments: Any, **options: Any) -> None:
        """Execute many times, after the savepoints that come before it."""
        self.send_held()
        super().executemany(*arguments, **options)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        """Copy, after the savepoints that come before it."""
        self.send_held()
        return super().copy(*arguments, **options)

    def stream(self, *arguments: Any, **options: Any) -> Any:
        """Stream rows, after the savepoints that come before them."""
        self.send_held()
        return super().stream(*arguments, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, which leaves connections behind that the server has ended, and holds savepoints back."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._held: list[str] = []

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's, with our cursor."""
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that the server has not hung up on."""
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or not _was_ended(connection):
                return connection
            connection.close()  # the pool throws a closed one away and makes another
            self.pool.putconn(connection)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; a named one, which rows come in by and by, is asked at once."""
        cursor = super().create_cursor(name)
        if name:
            self.send_held()
        else:
            cursor.send_held = self.send_held
        return cursor

    def send_held(self) -> None:
        """Send the savepoints and releases that were held back, all together."""
        if self._held:
            held, self._held = self._held, []
            with self.wrap_database_errors:
                psycopg.Cursor(self.connection).execute("; ".join(held), prepare=False)

    def _savepoint(self, sid: str) -> None:
        self._held.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        made = self.ops.savepoint_create_sql(sid)
        if made in self._held:
            del self._held[self._held.index(made) :]
            return
        self._held.append(self.ops.savepoint_commit_sql(sid))
        if self.connection.pgconn.transaction_status == TransactionStatus.INERROR:
            self.send_held()  # which says that an error was passed over in silence

    def _savepoint_rollback(self, sid: str) -> None:
        made = self.ops.savepoint_create_sql(sid)
        if made in self._held:
            del self._held[self._held.index(made) + 1 :]
            return
        self._held = [self.ops.savepoint_rollback_sql(sid)]
        self.send_held()

    def _commit(self) -> None:
        self._held = []
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._held = []
        super()._rollback()  # type: ignore[misc]

    def _close(self) -> None:
        self._held = []
        super()._close()  # type: ignore[misc]


def _was_ended(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the server said something on an idle connection: its last words, or that it has hung up."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
