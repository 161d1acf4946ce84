"""Where the bytes of files lie: in a folder on disk, or in a bucket (``bucket``), as the settings say.

Both keep the same names (``ab/cd/<uuid>``), so that the one can be copied to the other with any tool.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings


class Writer(Protocol):
    """Something to write bytes to."""

    def write(self, given: bytes, /) -> int:
        """Take some bytes; returns how many."""


class Unavailable(OSError):
    """The store of files does not answer as it should; what was asked may have been done or not."""


class Place(Protocol):
    """A store of files that never change. Whatever fails for another reason than a missing file raises ``OSError``."""

    def writing(self, file: UUID) -> AbstractContextManager[Writer]:
        """Write a file, in place of an earlier one: whole and safe at the end of the block, not there when the block fails."""

    def put(self, file: UUID, content: bytes) -> None:
        """Write a small file without waiting until it is safe."""

    def open(self, file: UUID) -> BinaryIO:
        """Return a file for reading, from any place in it. Raises ``FileNotFoundError``."""

    def holds(self, file: UUID) -> bool:
        """Return whether the file is there."""

    def remove(self, name: str) -> None:
        """Remove a file by its name and what is left of writing it; it need not be there."""

    def names(self) -> Iterator[str]:
        """Yield the name of every file, whole or half written."""


def name_of(file: UUID) -> str:
    """Return the name of a file in any place."""
    name = str(file)
    return f"{name[:2]}/{name[2:4]}/{name}"


def current() -> Place:
    """Return the place that the settings name."""
    if settings.S3_BUCKET:
        from stadhuis.kit.files import bucket

        return bucket.from_settings()
    return Folder(Path(settings.DATA_DIR) / "files")


class Folder:
    """A folder on disk. What is half written has a name that starts with a dot."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, file: UUID) -> Path:
        """Return where the bytes of a file lie."""
        return self.root / name_of(file)

    @contextmanager
    def writing(self, file: UUID) -> Iterator[BinaryIO]:
        """Write under another name, force it to disk, then give it its own."""
        target = self.path(file)
        fresh = _half(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with fresh.open("wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            fresh.rename(target)
            _sync_folder(target.parent)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    def put(self, file: UUID, content: bytes) -> None:
        """Write a small file without forcing it to disk."""
        target = self.path(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def open(self, file: UUID) -> BinaryIO:
        """Open the file."""
        return self.path(file).open("rb")

    def holds(self, file: UUID) -> bool:
        """Return whether the file is there."""
        return self.path(file).exists()

    def remove(self, name: str) -> None:
        """Remove the file, also when it is half written."""
        for path in (self.root / name, _half(self.root / name)):
            path.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Yield what lies in the folder, half written files by the name they would have had."""
        for path in self.root.glob("*/*/*"):
            if path.is_file():
                yield str(path.relative_to(self.root).with_name(path.name.removeprefix(".")))


def _half(target: Path) -> Path:
    return target.with_name(f".{target.name}")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        with suppress(OSError):
            os.close(handle)
