"""The folder of files and its book-keeping."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import now

State = StoredFile.State
NOT_KEPT_AFTER = timedelta(hours=24)
"""Bytes that no deed has kept by then are removed by the sweep."""
DELETION_LOCK = 4_207_001
"""Advisory lock of PostgreSQL: a backup holds it alone, the sweep shares it while it removes one file."""


class FileTooLarge(Exception):
    """More bytes came in than allowed. Nothing stays behind."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"more than {max_bytes} bytes")
        self.max_bytes = max_bytes


@dataclass(frozen=True)
class Stored:
    """A file that has arrived completely: its id, size in bytes and SHA-256 in hex."""

    uuid: UUID
    size: int
    sha256: str
    media_type: str


def _root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(file: UUID) -> Path:
    """Return where the bytes of a file lie."""
    name = str(file)
    return _root() / name[:2] / name[2:4] / name


def receive(chunks: Iterable[bytes], *, max_bytes: int, media_type: str = "") -> Stored:
    """Write a stream of bytes and return what arrived. Call it outside a transaction.

    The row is committed first, the bytes are forced to disk, then the row says 'arrived'. Raises ``FileTooLarge`` as
    soon as the limit is passed, and whatever the stream raises; in both cases the bytes are gone again.
    """
    row = StoredFile.objects.create(changed_at=now(), media_type=media_type)
    target = path_of(row.uuid)
    digest, size = hashlib.sha256(), 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise FileTooLarge(max_bytes)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _sync_folder(target.parent)
    except BaseException:
        target.unlink(missing_ok=True)
        row.delete()
        raise
    row.state, row.size, row.sha256, row.changed_at = State.ARRIVED, size, digest.hexdigest(), now()
    row.save()
    return Stored(row.uuid, size, row.sha256, media_type)


def receive_many(contents: Sequence[bytes], *, media_type: str = "") -> list[Stored]:
    """Write many small files at once, in the order given: two statements for all, and nothing is forced to disk.

    Only for what can be made again after a power cut (the demo town, benchmarks); what people send goes by ``receive``.
    """
    moment = now()
    rows = [
        StoredFile(
            changed_at=moment, media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest()
        )
        for content in contents
    ]
    StoredFile.objects.bulk_create(rows)
    for row, content in zip(rows, contents, strict=True):
        target = path_of(row.uuid)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    StoredFile.objects.filter(uuid__in=[row.uuid for row in rows]).update(state=State.ARRIVED)
    return [Stored(row.uuid, row.size, row.sha256, media_type) for row in rows]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(file: UUID) -> None:
    """Hold on to an arrived file, inside the deed that refers to it. Raises ``LookupError`` when it is not there."""
    keep_all([file])


def keep_all(uuids: Collection[UUID]) -> None:
    """Hold on to arrived files, inside the deed that refers to them. Raises ``LookupError`` when one is not there."""
    wanted = set(uuids)
    changed = StoredFile.objects.filter(uuid__in=wanted, state__in=[State.ARRIVED, State.KEPT]).update(
        state=State.KEPT, changed_at=now()
    )
    if changed != len(wanted):
        raise LookupError(f"of the files {', '.join(map(str, sorted(wanted)))} only {changed} arrived")


def discard(file: UUID) -> None:
    """Let go of a file, inside the deed that drops the last reference. The sweep removes the bytes after the commit."""
    StoredFile.objects.filter(uuid=file).update(state=State.DISCARDED, changed_at=now())


def let_go(file: UUID) -> None:
    """Let go of a file that arrived for a deed that was refused. What a deed keeps after all is left alone."""
    StoredFile.objects.filter(uuid=file, state=State.ARRIVED).update(state=State.DISCARDED, changed_at=now())


def open_stored(file: UUID) -> BinaryIO:
    """Return the bytes of a file, opened for reading. Raises ``FileNotFoundError``."""
    return path_of(file).open("rb")


def copy_of(file: UUID, *, max_bytes: int) -> Stored:
    """Return a second, independent file with the same bytes."""

    def chunks() -> Iterator[bytes]:
        with open_stored(file) as source:
            while chunk := source.read(1 << 20):
                yield chunk

    media_type = StoredFile.objects.values_list("media_type", flat=True).get(uuid=file)
    return receive(chunks(), max_bytes=max_bytes, media_type=media_type)


def sweep(*, older_than: timedelta = NOT_KEPT_AFTER) -> int:
    """Remove what nobody kept and what was discarded; returns how many files went. Safe to run twice at once.

    What is stale is first marked 'discarded': from then on ``keep`` refuses it, so a late deed cannot lose its bytes.
    While a backup copies files nothing is removed: the next sweep does it.
    """
    StoredFile.objects.filter(state__in=[State.ARRIVING, State.ARRIVED], changed_at__lt=now() - older_than).update(
        state=State.DISCARDED
    )
    gone = 0
    for file in list(StoredFile.objects.filter(state=State.DISCARDED).values_list("uuid", flat=True)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [DELETION_LOCK])
            if not cursor.fetchone()[0]:
                break
            path_of(file).unlink(missing_ok=True)
            gone += StoredFile.objects.filter(uuid=file, state=State.DISCARDED).delete()[0]
    return gone


def unknown_paths() -> list[Path]:
    """Return files on disk without a row: there should be none. For ``stadhuis doctor`` and the kill test."""
    on_disk = {path.name: path for path in _root().glob("*/*/*") if path.is_file()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid::text FROM kit_storedfile WHERE uuid::text = ANY(%s)", [list(on_disk)])
        known = {row[0] for row in cursor.fetchall()}
    return [path for name, path in on_disk.items() if name not in known]
