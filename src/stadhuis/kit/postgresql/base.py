"""A connection from the pool is looked at without asking the server anything.

Django asks an empty statement of each connection that it takes from the pool: one more trip to the server for every request.
A server that stops or ends a connection says so on it; that nothing was said can be seen on this side.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, which leaves connections behind that the server has ended."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that the server has not hung up on."""
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or not _was_ended(connection):
                return connection
            connection.close()  # the pool throws a closed one away and makes another
            self.pool.putconn(connection)


def _was_ended(connection: Connection[Any]) -> bool:
    """Return whether the server said something on an idle connection: its last words, or that it has hung up."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
