"""Making a backup: one moment of the database, and every file that its rows name."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from stadhuis.kit import pgtools
from stadhuis.kit.backup import vault
from stadhuis.kit.backup.archive import FORMAT, Archive, BackupRefused, Last, Listed, note_last, sync_folder
from stadhuis.kit.crypto import fingerprint
from stadhuis.kit.files import DELETION_LOCK, open_stored
from stadhuis.kit.supervise import die_with_parent
from stadhuis.kit.time import now

AT_LEAST_KEPT = 3
"""So many backups stay, however old they are."""
KEYS = (
    "BSN_KEY",
    "BSN_KEY_OTHER",
    "BSN_HASH_KEY",
    "BSN_HASH_KEY_OTHER",
    "PROCESSING_KEY",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
)
"""Settings without which the restored rows cannot be read (the last two: so that signed links keep working)."""
KEY_FILES = ("LOGIN_KEYS_FILE", "LOGIN_CERTIFICATE_FILE", "LOGIN_CERTIFICATE_KEY_FILE")
"""Settings that name a file with keys: without it nobody logs in by DigiD, though every row can be read."""
_LOCK_SECONDS = 60


@dataclass(frozen=True)
class Made:
    """What was made: ``new_files`` were copied, the others lay there already; ``bad_files`` are missing or damaged on our disk."""

    name: str
    at: datetime
    files: int
    new_files: int
    bytes_written: int
    bad_files: tuple[str, ...]
    pruned: int


@dataclass(frozen=True)
class _File:
    file: str
    size: int
    sha256: str


def make(folder: Path, *, prune: bool = True) -> Made:
    """Make a backup in a folder. Raises ``BackupRefused`` or ``pgtools.ToolMissing``; then nothing is there that looks like one.

    Everything belongs to one moment: the dump and the list of files are read under one snapshot, and no file is removed
    while we copy (``files.DELETION_LOCK``). Files written meanwhile belong to the next backup.
    """
    major = pgtools.server_major()
    dump = pgtools.tool("pg_dump", at_least=major, like=major)
    archive = Archive(folder)
    archive.prepare()
    with archive.alone():
        archive.remove_left_overs()
        recipient = vault.recipient_for(archive)
        moment = now()
        name = archive.name_for(moment)
        making = archive.folder / f".making-{name}"
        making.mkdir(mode=0o700)
        try:
            with _one_moment() as (snapshot, held):
                database = _dump(dump, making / "database", snapshot, recipient)
                listing = _files_of(held)
                copied = _Copied(archive, recipient)
                manifest = _write_manifest(making, listing, copied, recipient, moment, major, dump)
            _seal(making, name, moment, database, manifest, copied, major)
            sync_folder(making)
            making.rename(archive.folder / name)
            sync_folder(archive.folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        note_last(Last(moment, archive.folder, name))
        pruned = (
            archive.prune(keep_days=settings.BACKUP_KEEP_DAYS, at_least=AT_LEAST_KEPT, moment=moment) if prune else 0
        )
    return Made(
        name,
        moment,
        copied.count,
        copied.new,
        database.size + manifest.size + copied.written,
        tuple(copied.bad),
        pruned,
    )


@contextmanager
def _one_moment() -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """Hold back the removal of files, then yield the name of a snapshot and the connection that holds it.

    In this order: a snapshot taken first could name a file that is removed while we wait for the lock.
    """
    parameters = connection.get_connection_params()
    reach = {name: parameters[name] for name in ("host", "port", "user", "password", "dbname") if parameters.get(name)}
    options = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c timezone=UTC"
    with psycopg.connect(**reach, options=options, application_name="stadhuis-backup", autocommit=True) as held:
        held.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
        try:
            held.execute("SELECT pg_advisory_lock(%s)", [DELETION_LOCK])
        except psycopg.errors.LockNotAvailable:
            raise BackupRefused("Another backup of this database is running.") from None
        held.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = held.execute("SELECT pg_export_snapshot()").fetchone()
        if row is None:
            raise BackupRefused("The database gave no snapshot.")
        yield str(row[0]), held


def _dump(program: Path, target: Path, snapshot: str, recipient: Any) -> vault.Hashing:
    command = [str(program), "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges"]
    command += [f"--lock-wait-timeout={_LOCK_SECONDS}s", "--no-password"]
    with (
        target.open("xb") as out,
        subprocess.Popen(
            command,
            env=pgtools.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  (started from the only thread)
        ) as dumping,
    ):
        try:
            written = vault.lock(dumping.stdout, out, recipient)
        except BaseException:
            dumping.terminate()
            raise
        said = dumping.stderr.read().decode(errors="replace").strip() if dumping.stderr else ""
        if dumping.wait() != 0:
            raise BackupRefused(f"pg_dump did not succeed: {(said.splitlines() or ['no reason given'])[0]}")
        out.flush()
        os.fsync(out.fileno())
    return written


def _files_of(held: psycopg.Connection[Any]) -> Iterator[_File]:
    """Yield the files that have arrived whole, as the snapshot knows them."""
    with held.cursor(name="files_of_backup") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT uuid::text, size, sha256 FROM kit_storedfile WHERE state IN ('arrived', 'kept') ORDER BY uuid"
        )
        for file, size, sha256 in cursor:
            yield _File(file, size, sha256)


class _Copied:
    """Copies files into the folder, each once, and writes down what lies there."""

    def __init__(self, archive: Archive, recipient: Any) -> None:
        self.archive = archive
        self.recipient = recipient
        self.count = self.new = self.written = 0
        self.bad: list[str] = []
        self.known = {
            line.file: line for name in archive.names()[-1:] for line in archive.listed(archive.folder / name)
        }

    def take(self, file: _File) -> Listed | None:
        """Return what lies in the folder for a file, after copying it when it did not; None when our own is not good."""
        place = self.archive.file(file.file)
        known = self.known.get(file.file)
        if known is not None and place.exists() and place.stat().st_size == known.size:
            self.count += 1
            return known
        # What lies there without being listed was copied whole by a run that was cut off later.
        if known is None and place.exists():
            self.count += 1
            return _as_it_lies(file.file, place)
        listed = self._copy(file, place)
        if listed is None:
            self.bad.append(file.file)
            return None
        self.count += 1
        self.new += 1
        self.written += listed.size
        return listed

    def _copy(self, file: _File, place: Path) -> Listed | None:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}")
        try:
            with open_stored(UUID(file.file)) as source, fresh.open("wb") as out:
                plain = vault.HashingReader(source)
                written = vault.lock(plain, out, self.recipient)
                out.flush()
                os.fsync(out.fileno())
            if (plain.size, plain.sha256) != (file.size, file.sha256):
                return None
            fresh.rename(place)
            sync_folder(place.parent)
        except FileNotFoundError:
            return None
        finally:
            fresh.unlink(missing_ok=True)
        return Listed(file.file, written.size, written.sha256)


def _as_it_lies(file: str, place: Path) -> Listed:
    with place.open("rb") as source:
        return as_it_reads(file, source)


def as_it_reads(file: str, source: IO[bytes]) -> Listed:
    """Return size and SHA-256 of an open file."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    return Listed(file, size, digest.hexdigest())


def keys() -> dict[str, str]:
    """Return the keys that belong to the data, by the name of their variable in the environment."""
    given = {name: getattr(settings, name, "") for name in KEYS}
    return {
        f"STADHUIS_{name}": value if isinstance(value, str) else ",".join(value)
        for name, value in given.items()
        if value
    }


def key_files() -> dict[str, str]:
    """Return what stands in the files with keys, by the name of their variable; one that is not made yet is left out."""
    found = {}
    for name in KEY_FILES:
        place = str(getattr(settings, name, ""))
        if place:
            with suppress(FileNotFoundError):
                try:
                    found[f"STADHUIS_{name}"] = Path(place).read_text(encoding="utf-8")
                except (PermissionError, IsADirectoryError, UnicodeDecodeError):
                    raise BackupRefused(f"STADHUIS_{name} names {place}, which cannot be read.") from None
    return found


def fingerprints() -> dict[str, str]:
    """Return what tells keys apart without giving them away."""
    return {name: fingerprint(value) for name, value in keys().items()}


def _write_manifest(
    making: Path,
    listing: Iterator[_File],
    copied: _Copied,
    recipient: Any,
    moment: datetime,
    major: int,
    dump: Path,
) -> vault.Hashing:
    """Copy every file, write down its encrypted form openly and its plain form under lock; returns the latter's size and hash."""
    head = {
        "format": FORMAT,
        "at": moment.isoformat(),
        "town": settings.TOWN_NAME,
        "postgresql": major,
        "keys": keys() if settings.BACKUP_WITH_KEYS else {},
        "key_files": key_files() if settings.BACKUP_WITH_KEYS else {},
        "fingerprints": fingerprints(),
    }
    plain_place = making / ".manifest"
    with (
        (making / "files.txt").open("x", encoding="utf-8") as openly,
        _nameless(plain_place) as plain,
        (making / "manifest").open("xb") as out,
    ):
        plain.write(json.dumps(head).encode() + b"\n")
        for file in listing:
            listed = copied.take(file)
            if listed is not None:
                openly.write(f"{listed.sha256} {listed.size} {listed.file}\n")
                plain.write(f"{file.sha256} {file.size} {file.file}\n".encode())
        for file_name in copied.bad:
            plain.write(f"bad - {file_name}\n".encode())
        plain.seek(0)
        written = vault.lock(plain, out, recipient)
        for written_file in (openly, out):
            written_file.flush()
            os.fsync(written_file.fileno())
    return written


@contextmanager
def _nameless(place: Path) -> Iterator[io.BufferedRandom]:
    """Yield a file that is on disk without a name, so that its plain text goes with this process, however that ends."""
    with place.open("x+b") as file:
        place.unlink()
        yield file


def _seal(
    making: Path,
    name: str,
    moment: datetime,
    database: vault.Hashing,
    manifest: vault.Hashing,
    copied: _Copied,
    major: int,
) -> None:
    files = _as_it_lies("files.txt", making / "files.txt")
    told = {
        "format": FORMAT,
        "name": name,
        "at": moment.isoformat(),
        "postgresql": major,
        "database": {"size": database.size, "sha256": database.sha256},
        "manifest": {"size": manifest.size, "sha256": manifest.sha256},
        "files.txt": {"size": files.size, "sha256": files.sha256},
        "files": copied.count,
    }
    with suppress(FileNotFoundError):
        (making / "backup.json").unlink()
    with (making / "backup.json").open("x", encoding="utf-8") as out:
        out.write(json.dumps(told, indent=1))
        out.flush()
        os.fsync(out.fileno())
