"""A backup made on the oldest PostgreSQL we know is put back on the newest, by the commands an operator types."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from stadhuis.kit.postgres import EmbeddedPostgres
from stadhuis.kit.postgres_upgrade import major_of

OLD = Path("/usr/lib/postgresql/15")
pytestmark = pytest.mark.skipif(not (OLD / "bin" / "postgres").exists(), reason="postgresql-15 is not installed here")
FILL = """
import django; django.setup()
from stadhuis.kit import files
from stadhuis.people import public as people
for bsn in ("999990184", "999990391", "999991012"):
    people.person_for_bsn(bsn)
people.create_medewerker("eva", "Eva Smit", "eva@town.example", people.create_unit("ict", "ICT"), "Beheerder", "vier paarse tafels zingen")
for number in range(5):
    files.keep(files.receive([f"brief {number} \\u00e9".encode() * 5000], max_bytes=1 << 20).uuid)
"""
READ = """
import django; django.setup()
from stadhuis.people import public as people
print(*sorted(people.bsn_of(people.find_person(bsn)) for bsn in ("999990184", "999990391", "999991012")))
"""


@dataclass
class Place:
    """Two servers, and where files, keys and backups of the town are."""

    folder: Path
    old: EmbeddedPostgres
    new: EmbeddedPostgres

    def run(self, server: EmbeddedPostgres, *arguments: str, data: str = "data") -> subprocess.CompletedProcess[str]:
        """Run a command of the town hall, or a program of Python, at one of the two servers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
        environment = {
            **kept,
            "DATABASE_URL": server.url(),
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
            "STADHUIS_MODE": "test",
            "STADHUIS_DATA_DIR": str(self.folder / data),
            "STADHUIS_BACKUP_PASSPHRASE": "a passphrase that is long",
        }
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture
def place() -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-15-"))
    folder.chmod(0o711)
    old = EmbeddedPostgres(folder / "old", is_durable=False, install=OLD)
    new = EmbeddedPostgres(folder / "new", is_durable=False)
    try:
        with old, new:
            yield Place(folder, old, new)
    finally:
        old.remove()
        new.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _contents(server: EmbeddedPostgres) -> dict[str, object]:
    with psycopg.connect(server.url()) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        tables: dict[str, object] = {
            name: connection.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\"), '')) FROM \"{name}\" t"
            ).fetchone()
            for name in names
        }
        for kind, statement in {
            "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "constraints": "SELECT conname, contype FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1",
            "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2",
        }.items():
            tables[kind] = connection.execute(statement).fetchall()
        return tables


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "files").glob("*/*/*")}


@pytest.mark.slow
def test_when_a_backup_of_postgresql_15_is_put_back_on_the_newest_then_everything_is_as_it_was(place: Place) -> None:
    # given: a town on PostgreSQL 15
    assert major_of(place.new.install) > 15
    place.run(place.old, "-m", "stadhuis", "migrate")
    place.run(place.old, "-c", FILL)
    before = _contents(place.old)
    made = place.run(place.old, "-m", "stadhuis", "backup", str(place.folder / "backups"))
    assert "5 files" in made.stdout
    # when
    told = place.run(place.new, "-m", "stadhuis", "restore", str(place.folder / "backups"), data="restored")
    # then
    assert "is back: the database and 5 files" in told.stdout
    assert "run stadhuis migrate" not in told.stdout
    after = _contents(place.new)
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert set(after) == set(before)
    assert _digests(place.folder / "restored") == _digests(place.folder / "data")
    assert len(_digests(place.folder / "restored")) == 5
    assert place.run(place.new, "-c", READ, data="restored").stdout.split() == ["999990184", "999990391", "999991012"]
    doctor = ["-m", "stadhuis", "doctor", "--only", "database", "--only", "migrations", "--only", "files"]
    assert "wrong" not in place.run(place.new, *doctor, data="restored").stdout
    # and: the restored town goes on writing, and is saved on the new server as well
    place.run(place.new, "-c", FILL.replace("eva", "bea"), data="restored")
    made = place.run(place.new, "-m", "stadhuis", "backup", str(place.folder / "fresh"), data="restored")
    assert "10 files" in made.stdout
