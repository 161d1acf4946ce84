"""A small town of its own for each test: a database beside that of the suite, with files and persons in it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

from stadhuis.kit import backup, files
from stadhuis.kit.tests import tables
from stadhuis.people import public as people

BSNS = ("999990184", "999990391", "999991012")


@dataclass
class Town:
    """Where its database, its data and its backups are."""

    database: str
    data: Path
    backups: Path
    identity: Path
    url: str

    def add_file(self, content: bytes) -> uuid.UUID:
        """Add a file that a deed keeps."""
        stored = files.receive([content], max_bytes=1 << 20, media_type="text/plain")
        files.keep(stored.uuid)
        return stored.uuid

    def wipe(self) -> None:
        """Lose the machine: an empty database, no files."""
        connection.close()
        with _server() as server:
            _remake(server, self.database, template="template0")
        for path in sorted((self.data / "files").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def contents(self) -> dict[str, str]:
        """Return a digest of every table."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            names = [row[0] for row in cursor.fetchall()]
            digests = {}
            for name in names:
                cursor.execute(
                    f"SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
                )
                digests[name] = str(cursor.fetchone()[0])
        return digests


def _server() -> psycopg.Connection[tuple[object, ...]]:
    reach = {"host", "port", "user", "password"}
    given = {name: value for name, value in connection.get_connection_params().items() if name in reach}
    return psycopg.connect(**given, dbname="postgres", autocommit=True)


def _remake(server: psycopg.Connection[tuple[object, ...]], name: str, *, template: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def _named(name: str, *, template: str) -> Iterator[None]:
    """Make a database and let Django use it meanwhile."""
    given = connection.settings_dict
    before = given["NAME"]
    connection.close()
    with _server() as server:
        _remake(server, name, template=template)
    given["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        given["NAME"] = before
        with _server() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def town(django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path) -> Iterator[Town]:
    """Yield a town with three persons and five files, in a database of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_RECIPIENT = backup.new_identity(tmp_path / "identity.txt")
    name = f"stadhuis_small_{uuid.uuid4().hex[:10]}"
    with django_db_blocker.unblock(), _named(name, template=tables.template(os.environ["DATABASE_URL"])):
        given = connection.settings_dict
        url = f"postgresql://{given['USER']}@/{name}?host={given['HOST']}"
        small = Town(name, tmp_path / "data", tmp_path / "backups", tmp_path / "identity.txt", url)
        for bsn in BSNS:
            people.person_for_bsn(bsn)
        for number in range(5):
            small.add_file(f"file {number}".encode() * 5000)
        yield small
