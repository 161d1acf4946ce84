"""Looking a backup over, and putting it back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from stadhuis.kit import files, pgtools
from stadhuis.kit.backup import vault
from stadhuis.kit.backup.archive import FORMAT, Archive, BackupRefused
from stadhuis.kit.backup.making import _as_it_lies, as_it_reads, fingerprints
from stadhuis.kit.facts import Fact
from stadhuis.kit.supervise import die_with_parent

RESTORED: Fact[datetime] = Fact("kit.restored")
"""The database has been put back to how it was at that moment. What left the building since then is not known any more."""
_ASIDE = "stadhuis_before_restore"


@dataclass(frozen=True)
class Examined:
    """What a check found: how much was read, and what is wrong, in sentences."""

    name: str
    at: datetime
    files: int
    was_opened: bool
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What was put back. ``missing_files`` were missing or damaged already when the backup was made; ``key_files`` are the
    settings whose file of keys was written again.
    """

    name: str
    at: datetime
    files: int
    missing_files: tuple[str, ...]
    unknown_files: int = 0
    key_files: tuple[str, ...] = ()


@dataclass
class _Manifest:
    head: dict[str, Any]
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)


# -- Looking it over --------------------------------------------------------------------------------------------------


def check(folder: Path, *, name: str = "", identity_file: Path | None = None) -> Examined:
    """Read a whole backup and return what is wrong with it, without changing anything.

    Without a key the encrypted bytes are held against their hashes; with one (``identity_file``, or the passphrase of the
    settings) everything is decrypted and held against the hashes of the plain bytes, and pg_restore reads the dump's table of
    contents. Raises ``BackupRefused``.
    """
    archive = Archive(folder)
    archive.open()
    backup = archive.chosen(name)
    told, faults = _open_parts(backup)
    listed = [] if any("files.txt" in fault for fault in faults) else list(archive.listed(backup))
    for line in listed:
        place = archive.file(line.file)
        if not place.exists():
            faults.append(f"file {line.file} is missing")
        elif (found := _as_it_lies(line.file, place)) != line:
            faults.append(f"file {found.file} is damaged")
    identity = None
    if identity_file is not None or (settings.BACKUP_PASSPHRASE and archive.locked_identity.exists()):
        identity = vault.identity_for(archive, identity_file)
        if not faults:
            faults += _plain_faults(archive, backup, identity, told)
    return Examined(backup.name, datetime.fromisoformat(told["at"]), len(listed), identity is not None, tuple(faults))


def _open_parts(backup: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what ``backup.json`` says and which of the parts it names are not what it says. Raises ``BackupRefused``."""
    try:
        told: dict[str, Any] = json.loads((backup / "backup.json").read_text(encoding="utf-8"))
        if told["format"] != FORMAT or told["name"] != backup.name:
            raise BackupRefused(f"The backup {backup.name} was made by another release of Stadhuis, or renamed.")
        faults = []
        for part in ("database", "manifest", "files.txt"):
            wanted, place = told[part], backup / part
            if not place.exists():
                faults.append(f"{part} is missing")
                continue
            found = _as_it_lies(part, place)
            if (found.size, found.sha256) != (wanted["size"], wanted["sha256"]):
                faults.append(f"{part} is damaged")
        datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupRefused(f"The backup {backup.name} is damaged: its backup.json cannot be read.") from None
    return told, faults


def _plain_faults(archive: Archive, backup: Path, identity: vault.Identity, told: dict[str, Any]) -> list[str]:
    try:
        manifest = _manifest(backup, identity)
        faults = []
        for file, (size, sha256) in manifest.files.items():
            with archive.file(file).open("rb") as source:
                plain = vault.unlock(source, None, identity, what=f"file {file}")
            if (plain.size, plain.sha256) != (size, sha256):
                faults.append(f"file {file} is not what it was")
        if len(manifest.files) != told["files"]:
            faults.append("the two lists of files differ")
    except (vault.Damaged, FileNotFoundError) as error:
        return [str(error)]
    program = pgtools.tool("pg_restore", at_least=told["postgresql"], like=told["postgresql"])
    with _feeding(backup, identity, [str(program), "--list"]) as listing:
        contents = listing.stdout.read().decode(errors="replace") if listing.stdout else ""
    if listing.returncode != 0 or " TABLE DATA " not in contents:
        faults.append("the dump of the database cannot be read")
    return faults


def _manifest(backup: Path, identity: vault.Identity) -> _Manifest:
    lines = _Lines()
    with (backup / "manifest").open("rb") as source:
        vault.unlock(source, lines, identity, what="manifest")
    head, *files = lines.content.decode().splitlines()
    manifest = _Manifest(json.loads(head))
    for line in files:
        sha256, size, file = line.split()
        if sha256 == "bad":
            manifest.bad.append(file)
        else:
            manifest.files[file] = (int(size), sha256)
    return manifest


class _Lines:
    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, given: bytes) -> int:
        self.content += given
        return len(given)


# -- Putting it back --------------------------------------------------------------------------------------------------


def restore(
    folder: Path,
    *,
    name: str = "",
    identity_file: Path | None = None,
    keys_to: Path | None = None,
    force: bool = False,
) -> Restored:
    """Put a backup back into the database and folder of the settings. Raises ``BackupRefused`` or ``pgtools.ToolMissing``.

    Only into an empty database, unless ``force``. Files come first (each under its final name once it is whole), then the
    database in one transaction beside the old one: until that has succeeded, what was there is there. With ``keys_to`` only
    the keys are taken out, into a new file. A file of keys that a setting names (``LOGIN_KEYS_FILE``) is written when it is not
    there; one that is there stays as it is, for it may hold newer keys that the providers know by now.
    """
    archive = Archive(folder)
    archive.open()
    with archive.alone():
        backup = archive.chosen(name)
        told, faults = _open_parts(backup)
        if faults:
            raise BackupRefused(f"The backup {backup.name} is not restored: {faults[0]}.")
        identity = vault.identity_for(archive, identity_file)
        try:
            manifest = _manifest(backup, identity)
            if keys_to is not None:
                _write_keys(manifest, keys_to)
                return Restored(backup.name, datetime.fromisoformat(told["at"]), 0, ())
            _refuse_other_keys(manifest)
            _refuse_company()
            if not force:
                _refuse_full()
            major = pgtools.server_major()
            if major < told["postgresql"]:
                raise BackupRefused(
                    f"The backup comes from PostgreSQL {told['postgresql']} and this server is PostgreSQL {major}: restore into {told['postgresql']} or newer."
                )
            program = pgtools.tool("pg_restore", at_least=told["postgresql"], like=major)
            with _files_put_back(archive, manifest, identity), _key_files_put_back(manifest) as key_files:
                _put_database_back(backup, identity, program)
        except vault.Damaged as error:
            raise BackupRefused(f"The backup {backup.name} is not restored: {error}.") from None
    unknown = len(files.unknown_paths())
    if force:  # What was there is overwritten: its files have no row any more.
        files.remove_unknown()
    moment = datetime.fromisoformat(told["at"])
    with transaction.atomic():
        RESTORED.announce(moment)
    return Restored(backup.name, moment, len(manifest.files), tuple(manifest.bad), 0 if force else unknown, key_files)


def _write_keys(manifest: _Manifest, place: Path) -> None:
    keys = manifest.head["keys"]
    if not keys:
        raise BackupRefused(
            "This backup was made without the keys (STADHUIS_BACKUP_WITH_KEYS=false): they are kept elsewhere."
        )
    _write_secret(place, "".join(f"{variable}={value}\n" for variable, value in sorted(keys.items())))
    for variable, content in manifest.head.get("key_files", {}).items():
        _write_secret(place.with_name(f"{place.name}.{variable}"), content)


def _write_secret(place: Path, content: str) -> None:
    """Write a new file that only its owner reads. Raises ``BackupRefused``."""
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise BackupRefused(f"{place} is there already, and is not overwritten.") from None
    except OSError as error:
        raise BackupRefused(f"{place} cannot be written: {error.strerror}.") from None


@contextmanager
def _key_files_put_back(manifest: _Manifest) -> Iterator[tuple[str, ...]]:
    """Write the files of keys that settings name and that are not there; they go again when what follows does not succeed."""
    written: dict[str, Path] = {}
    try:
        for variable, content in manifest.head.get("key_files", {}).items():
            given = str(getattr(settings, variable.removeprefix("STADHUIS_"), ""))
            if given and not Path(given).exists():
                Path(given).parent.mkdir(parents=True, exist_ok=True)
                _write_secret(Path(given), content)
                written[variable] = Path(given)
        yield tuple(written)
    except BaseException:
        for place in written.values():
            place.unlink(missing_ok=True)
        raise


def _refuse_other_keys(manifest: _Manifest) -> None:
    """See that every key the data were written with is at hand, be it as the old one of a rotation."""
    here = set(fingerprints().values())
    for variable, wanted in manifest.head["fingerprints"].items():
        if not variable.startswith("STADHUIS_SECRET_KEY") and wanted not in here:
            raise BackupRefused(
                f"The data in this backup were encrypted with another {variable}: stadhuis restore --keys-to FILE takes the keys out, set them and restore again."
            )


def _refuse_company() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name IN ('stadhuis', 'stadhuis-backup') AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupRefused(
            f"{others} other connections of the town hall are open: stop web, worker and backups first."
        )


def _refuse_full() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', %s)", [_ASIDE])
        tables = cursor.fetchone()[0]
    if tables:
        raise BackupRefused(
            f"The database is not empty ({tables} tables): nothing is overwritten without --force, which removes what is there."
        )


@contextmanager
def _files_put_back(archive: Archive, manifest: _Manifest, identity: vault.Identity) -> Iterator[None]:
    """Put every file in its place; those that were not there before go again when what follows does not succeed."""
    added: list[UUID] = []
    try:
        for name, (size, sha256) in manifest.files.items():
            file, was_there = UUID(name), True
            try:
                with files.open_stored(file) as source:
                    if as_it_reads(name, source).sha256 == sha256:
                        continue
            except FileNotFoundError:
                was_there = False
            try:
                source = archive.file(name).open("rb")
            except FileNotFoundError:
                raise vault.Damaged(f"file {name} is missing from the backup") from None
            with source, files.putting_back(file) as out:
                plain = vault.unlock(source, out, identity, what=f"file {name}")
                if (plain.size, plain.sha256) != (size, sha256):
                    raise vault.Damaged(f"file {name} is not what it was")
                if not was_there:
                    added.append(file)
        yield
    except BaseException:
        for file in added:
            files.remove_bytes(file)
        raise


def _put_database_back(backup: Path, identity: vault.Identity, program: Path) -> None:
    """Restore in one transaction into a fresh schema; the old one stands aside until that has succeeded."""
    with transaction.atomic(), _patient() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = %s)", [_ASIDE])
        if cursor.fetchone()[
            0
        ]:  # a restore was killed: what stands in public is its half-way, what stands aside is ours
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        else:
            cursor.execute(f"ALTER SCHEMA public RENAME TO {_ASIDE}")
        _fresh_public(cursor)
    command = [
        str(program),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
    ]
    with _feeding(backup, identity, [*command, "--dbname", str(connection.settings_dict["NAME"])]) as restoring:
        said = restoring.stderr.read().decode(errors="replace") if restoring.stderr else ""
    with _patient() as cursor:
        if restoring.returncode != 0:
            with transaction.atomic():
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute(f"ALTER SCHEMA {_ASIDE} RENAME TO public")
            reason = next((line for line in said.splitlines() if "error:" in line), "no reason given")
            raise BackupRefused(f"pg_restore did not succeed, and the database is as it was: {reason}")
        cursor.execute(f"DROP SCHEMA {_ASIDE} CASCADE")
        cursor.execute("ANALYZE")


@contextmanager
def _patient() -> Iterator[Any]:
    """Yield a cursor whose statements may take their time."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            yield cursor
        finally:
            with suppress(DatabaseError):  # within a transaction that failed
                cursor.execute("RESET statement_timeout")


def _fresh_public(cursor: Any) -> None:
    cursor.execute("CREATE SCHEMA public")
    cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


@contextmanager
def _feeding(backup: Path, identity: vault.Identity, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that reads the decrypted dump; within the block its output may be read, after it has ended."""
    import threading

    with subprocess.Popen(
        command,
        env=pgtools.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if "--list" in command else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  (started before any thread of ours)
    ) as running:

        def feed() -> None:
            stdin: IO[bytes] | None = running.stdin
            if stdin is None:
                return
            # --list reads the beginning only and hangs up; a dump that breaks off is an error of pg_restore.
            with suppress(OSError, vault.Damaged), (backup / "database").open("rb") as source:
                vault.unlock(source, stdin, identity, what="database")
            with suppress(OSError):
                stdin.close()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        yield running
        running.wait()
        feeder.join()
