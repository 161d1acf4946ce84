"""The folder of backups.

    stadhuis-backups.json          says that this folder is ours
    identity.age                   only with a passphrase: the key that opens everything, locked
    files/ab/cd/<uuid>             one stored file, encrypted; shared by all backups, for a stored file never changes
    2026-11-26T02-00-00Z/          one backup; the folder gets this name when it is whole, and not before
        backup.json                moment, versions, sizes and hashes of the other three
        database                   pg_dump, encrypted
        manifest                   what it holds, with hash and size of every file, and the keys; encrypted
        files.txt                  hash and size of every encrypted file it needs: rot is found without any key

What is being made or thrown away has a name that starts with a dot. The next run removes what a killed one left.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

FORMAT = 1
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z")
_STAMP = "%Y-%m-%dT%H-%M-%SZ"


class BackupRefused(Exception):
    """It is not done; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Last:
    """The last backup this installation made: when, and where it was put."""

    at: datetime
    folder: Path
    name: str


def _note() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"


def last_made() -> Last | None:
    """Return the last backup made here, or None when there is none that we know of."""
    try:
        told = json.loads(_note().read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(told["at"]), Path(told["folder"]), str(told["name"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_last(last: Last) -> None:
    """Remember the last backup beside the data, for ``doctor``."""
    _note().parent.mkdir(parents=True, exist_ok=True)
    fresh = _note().with_suffix(f".{uuid.uuid4().hex}")
    fresh.write_text(json.dumps({"at": last.at.isoformat(), "folder": str(last.folder), "name": last.name}))
    fresh.rename(_note())


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Archive:
    """One folder of backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.mark = self.folder / "stadhuis-backups.json"
        self.locked_identity = self.folder / "identity.age"
        self.files = self.folder / "files"

    # -- The folder as a whole ----------------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Make the folder ours. Raises ``BackupRefused`` when something else stands in it, or it cannot be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.mark.exists():
                if any(self.folder.iterdir()):
                    raise BackupRefused(
                        f"{self.folder} is not empty and holds no backups of Stadhuis: name another folder."
                    )
                self.files.mkdir(mode=0o700)
                self.write_new(self.mark, json.dumps({"format": FORMAT}).encode())
        except OSError as error:
            raise BackupRefused(f"{self.folder} cannot be written: {error.strerror}.") from None
        self.open()

    def open(self) -> None:
        """See that this folder holds backups that we can read. Raises ``BackupRefused``."""
        try:
            told = json.loads(self.mark.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise BackupRefused(f"{self.folder} holds no backups of Stadhuis.") from None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise BackupRefused(f"The backups in {self.folder} were made by another release of Stadhuis: use that one.")

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the folder to ourselves. Raises ``BackupRefused`` when another backup or restore is at work in it."""
        with self.mark.open("r", encoding="utf-8") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRefused(f"Another backup or restore is at work in {self.folder}.") from None
            yield

    def write_new(self, place: Path, content: bytes) -> None:
        """Write a small file that is there whole or not at all, and never over another one."""
        fresh = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
        with fresh.open("xb") as out:
            fresh.chmod(0o600)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, place)
        finally:
            fresh.unlink()
        sync_folder(place.parent)

    def remove_left_overs(self) -> None:
        """Remove what a run that was killed left half done."""
        for left in [*self.folder.glob(".*"), *self.files.glob("*/*/.*")]:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()

    # -- Backups ------------------------------------------------------------------------------------------------------
    def names(self) -> list[str]:
        """Return the names of all whole backups, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(place.name for place in self.folder.iterdir() if _NAME.fullmatch(place.name) and place.is_dir())

    def name_for(self, moment: datetime) -> str:
        """Return the name of a backup of this moment. Raises ``BackupRefused`` when it is taken."""
        name = moment.astimezone(UTC).strftime(_STAMP)
        if (self.folder / name).exists():
            raise BackupRefused(f"There is a backup {name} already, and none is ever overwritten.")
        return name

    def chosen(self, name: str) -> Path:
        """Return the folder of a backup, or of the newest when no name is given. Raises ``BackupRefused``."""
        names = self.names()
        if not names:
            raise BackupRefused(f"There is no whole backup in {self.folder}.")
        if name and name not in names:
            raise BackupRefused(f"There is no backup {name}; there are {', '.join(names[-5:])}.")
        return self.folder / (name or names[-1])

    def file(self, file: str) -> Path:
        """Return where a stored file lies in this folder."""
        return self.files / file[:2] / file[2:4] / file

    # -- Retention ----------------------------------------------------------------------------------------------------
    def prune(self, *, keep_days: int, at_least: int, moment: datetime) -> int:
        """Remove backups older than so many days, never the newest few; then the files that no backup needs any more.

        Returns how many backups went. A removal that is cut off leaves nothing that looks whole, and is taken up again.
        """
        oldest = moment - timedelta(days=keep_days)
        gone = [
            name
            for name in self.names()[: -max(at_least, 1)]
            if datetime.strptime(name, _STAMP).replace(tzinfo=UTC) < oldest
        ]
        for name in gone:
            (self.folder / name).rename(self.folder / f".removing-{name}")
            shutil.rmtree(self.folder / f".removing-{name}")
        needed = {line.file for name in self.names() for line in self.listed(self.folder / name)}
        for place in self.files.glob("*/*/*"):
            if place.name not in needed:
                place.unlink()
        return len(gone)

    def listed(self, backup: Path) -> Iterator[Listed]:
        """Yield the encrypted files that a backup needs."""
        with (backup / "files.txt").open(encoding="utf-8") as lines:
            for line in lines:
                sha256, size, file = line.split()
                yield Listed(file, int(size), sha256)


@dataclass(frozen=True)
class Listed:
    """An encrypted file of a backup: its name (the uuid of the stored file), size and SHA-256 as it lies there."""

    file: str
    size: int
    sha256: str
