"""Data of an older major version of PostgreSQL: taken over by dump and restore, with the old folder kept.

The wheel brings newer binaries one day; PostgreSQL does not start on a folder of another major version. Then the old binaries
(in the wheel, or in Debian's folders) serve the old data once more while the new ones read them. What was taken over is counted,
table by table, before the new data take the place of the old; the old folder stays beside it until a person removes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from stadhuis.kit.postgres import EmbeddedPostgres

DEBIAN = Path("/usr/lib/postgresql")
NEW = "cluster-new"
_OWN_OPTION = re.compile(rb"ALTER TABLE ONLY .+ ALTER COLUMN .+ SET \(pg_attver=\d+\);\n")
_OLD = re.compile(r"cluster-of-(\d+)")


def major_of_data(cluster: Path) -> int:
    """Return by which major version a cluster was made."""
    return int((cluster / "PG_VERSION").read_text(encoding="utf-8").split(".", maxsplit=1)[0])


def major_of(install: Path) -> int:
    """Return the major version of an installation."""
    said = subprocess.run(
        [str(install / "bin" / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout
    found = re.search(r"\) (\d+)", said)
    if found is None:
        raise ValueError(f"no version in {said!r}")
    return int(found[1])


def kept_folders(home: Path) -> list[Path]:
    """Return the folders of older versions that were taken over and can be removed by a person."""
    return sorted(place for place in home.glob("cluster-of-*") if _OLD.fullmatch(place.name))


def finish_exchange(home: Path, cluster: Path) -> None:
    """Put the new data in place when a crash came between the two renames of ``take_over``."""
    if cluster.name == "cluster" and not cluster.exists() and (home / NEW).exists() and kept_folders(home):
        (home / NEW).rename(cluster)


def _older_install(server: EmbeddedPostgres, major: int) -> Path | None:
    places = [server.install.parent / name for name in ("pginstall18", "pginstall17", "pginstall16", "pginstall")]
    for place in (*places, DEBIAN / str(major)):
        if (place / "bin" / "postgres").exists() and major_of(place) == major:
            return place
    return None


def take_over(server: EmbeddedPostgres) -> None:
    """Make data of an older version into data of this one. Raises ``PostgresUnavailable``; then the old data are as they were."""
    from stadhuis.kit.postgres import EmbeddedPostgres, PostgresUnavailable

    have, want = major_of_data(server.cluster), major_of(server.install)
    if have > want:
        raise PostgresUnavailable(
            f"The data in {server.cluster} were made by PostgreSQL {have} and the binaries here are {want}: use the release they were made with."
        )
    install = _older_install(server, have)
    if install is None:
        raise PostgresUnavailable(
            f"The data in {server.cluster} were made by PostgreSQL {have} and the binaries here are {want}: install postgresql-{have} and start again, and they are taken over."
        )
    aside = server.home / f"cluster-of-{have}"
    if aside.exists():
        raise PostgresUnavailable(
            f"{aside} is there from an earlier time: look whether it can go, remove it and start again."
        )
    _refuse_small_disk(server.cluster)
    shutil.rmtree(server.home / NEW, ignore_errors=True)
    old = EmbeddedPostgres(server.folder, is_durable=server.is_durable, log_file=server.log_file, install=install)
    new = EmbeddedPostgres(
        server.folder, is_durable=server.is_durable, log_file=server.log_file, install=server.install, cluster=NEW
    )
    try:
        with old, new:
            for database in _databases(old):
                _copy(database, old, new)
                if _counts(database, old) != _counts(database, new):
                    raise PostgresUnavailable(
                        f"Taking over the data of PostgreSQL {have} did not bring every row: they stay as they were in {server.cluster}."
                    )
    except BaseException:
        shutil.rmtree(server.home / NEW, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(server.home / f"socket-{NEW}", ignore_errors=True)
    # What is written last is on disk before the names change: the server was stopped in the orderly way.
    server.cluster.rename(aside)
    (server.home / NEW).rename(server.cluster)
    _sync(server.home)


def _refuse_small_disk(cluster: Path) -> None:
    from stadhuis.kit.postgres import PostgresUnavailable

    needed = 2 * sum(place.stat().st_size for place in cluster.rglob("*") if place.is_file() and not place.is_symlink())
    free = shutil.disk_usage(cluster).free
    if free < needed:
        raise PostgresUnavailable(
            f"Taking over the data takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free in {cluster}: make room and start again."
        )


def _databases(server: EmbeddedPostgres) -> list[str]:
    with server.connect("postgres") as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"
        ).fetchall()
    return [str(row[0]) for row in found]


def _copy(database: str, old: EmbeddedPostgres, new: EmbeddedPostgres) -> None:
    """Dump from the old server by the new pg_dump into the new server's pg_restore."""
    from stadhuis.kit.postgres import ROLE, PostgresUnavailable

    with new.connect("postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(ROLE))
            )
    # The new programs, pointed at the old server.
    reading = [new.program("pg_dump")[0], *old.program("pg_dump", database)[1:]]
    writing = new.program("psql", "--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1")
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=said, cwd="/") as dumping,
        subprocess.Popen(
            [*writing, "--dbname", database], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, cwd="/"
        ) as restoring,
    ):
        assert dumping.stdout is not None  # asked for above
        assert restoring.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            restoring.stdin.writelines(_readable_by_others(dumping.stdout))
        with contextlib.suppress(BrokenPipeError):
            restoring.stdin.close()
        restoring.wait()
        dumping.stdout.close()
        dumping.wait()
        said.seek(0)
        words = said.read().decode(errors="replace").strip().splitlines()
    if restoring.returncode != 0 or dumping.returncode != 0:
        raise PostgresUnavailable(
            f"The data of the older PostgreSQL could not be taken over and stay as they were: {(words or ['no reason given'])[0]}"
        )


def _readable_by_others(dump: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a dump without the options of columns that only the server knows that wrote them.

    Debian's PostgreSQL 15.20 marks every column with an option ``pg_attver``, which PostgreSQL 18 refuses.
    """
    is_data = False
    for line in dump:
        if is_data:
            is_data = line != b"\\.\n"
        elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            is_data = True
        elif _OWN_OPTION.fullmatch(line):
            continue
        yield line


def _counts(database: str, server: EmbeddedPostgres) -> dict[str, int]:
    with server.connect(database) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        counts = {}
        for schema, table in tables:
            row = connection.execute(
                sql.SQL("SELECT count(*) FROM {}.{}").format(sql.Identifier(schema), sql.Identifier(table))
            ).fetchone()
            counts[f"{schema}.{table}"] = int(row[0]) if row else -1
    return counts


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
