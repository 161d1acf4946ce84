"""The tables of the town hall, made once per server by migrating from nothing, and copied by every test that wants its own.

Migrating costs ten seconds of work, copying a fifth of one. The template is made anew when a migration has changed; it lies
beside the database of the suite under the name ``TEMPLATE``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from stadhuis.kit.postgres import EmbeddedPostgres, binaries

TEMPLATE = "stadhuis_tables"
_LOCK = 4_207_040
_HOUSE = Path(__file__).resolve().parents[2]


def template(server: str) -> str:
    """Return the name of a database with all tables and nothing in them on the server of this URL, to copy from."""
    with _alone(server) as connection:
        _see_to(server, connection)
    return TEMPLATE


def copy(server: str, name: str) -> None:
    """Make a database with all tables on the server of this URL."""
    with _alone(server) as connection:
        _see_to(server, connection)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        )


def lay_in(postgres: EmbeddedPostgres, *, from_server: str) -> None:
    """Lay the tables in the empty database of a server that is of one test alone."""
    template(from_server)
    programs = binaries() / "bin"
    source = [str(programs / "pg_dump"), "--no-owner", "--no-privileges", "--dbname", _on(from_server, TEMPLATE)]
    dump = subprocess.run(source, capture_output=True, check=True).stdout
    target = [str(programs / "psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, postgres.url()]
    subprocess.run(target, input=dump, capture_output=True, check=True)


@contextmanager
def _alone(server: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection to the server; whoever else wants the template waits."""
    with psycopg.connect(_on(server, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


def _see_to(server: str, connection: psycopg.Connection[Any]) -> None:
    made_of = _made_of()
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
    ).fetchone()
    if found == (made_of,):
        return
    name = sql.Identifier(TEMPLATE)
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"],
        env={
            **os.environ,
            "DATABASE_URL": _on(server, TEMPLATE),
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
            "STADHUIS_MODE": "test",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the tables cannot be made: {done.stdout[-1500:]}{done.stderr[-3000:]}")
    # Said last: what stopped halfway is not taken for whole.
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(made_of)))


def _made_of() -> str:
    """Return a digest of what the tables follow from."""
    digest = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    for path in sorted(_HOUSE.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(_HOUSE)).encode() + path.read_bytes())
    return digest.hexdigest()


def _on(server: str, database: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
