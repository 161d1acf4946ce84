"""The book-keeping of files; where their bytes lie is the matter of ``places``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from stadhuis.kit import database
from stadhuis.kit.database import Statement
from stadhuis.kit.files import places
from stadhuis.kit.files.places import Unavailable
from stadhuis.kit.models import StoredFile
from stadhuis.kit.rows import insert
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


def path_of(file: UUID) -> Path:
    """Return where the bytes of a file lie on disk. Only where files lie in a folder; for all places ``open_stored``."""
    return places.Folder(Path(settings.DATA_DIR) / "files").path(file)


def receive(chunks: Iterable[bytes], *, max_bytes: int, media_type: str = "") -> Stored:
    """Write a stream of bytes and return what arrived. Call it outside a transaction.

    The row is committed first, the bytes are safe on disk or in the bucket next, then the row says 'arrived'. Raises
    ``FileTooLarge`` as soon as the limit is passed, and whatever the stream raises; in both cases the bytes are gone again.
    When a bucket does not answer (``Unavailable``) nobody knows what arrived: the row stays for the sweep, and nothing is kept.
    """
    row = insert(StoredFile(changed_at=now(), media_type=media_type))
    digest, size = hashlib.sha256(), 0
    try:
        with places.current().writing(row.uuid) as out:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise FileTooLarge(max_bytes)
                digest.update(chunk)
                out.write(chunk)
    except Unavailable:
        raise
    except BaseException:
        row.delete()
        raise
    sha256 = digest.hexdigest()
    _ARRIVED.run({"state": State.ARRIVED.value, "size": size, "sha256": sha256, "now": now(), "uuid": row.uuid})
    return Stored(row.uuid, size, sha256, media_type)


_ARRIVED: Final = Statement.compile(
    "UPDATE kit_storedfile SET state = :{state}, size = :{size}, sha256 = :{sha256}, changed_at = :{now} WHERE uuid = :{uuid}"
)


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
    place = places.current()
    for row, content in zip(rows, contents, strict=True):
        place.put(row.uuid, content)
    StoredFile.objects.filter(uuid__in=[row.uuid for row in rows]).update(state=State.ARRIVED)
    return [Stored(row.uuid, row.size, row.sha256, media_type) for row in rows]


def keep(file: UUID) -> None:
    """Hold on to an arrived file, inside the deed that refers to it. Raises ``LookupError`` when it is not there."""
    keep_all([file])


def keep_all(uuids: Collection[UUID]) -> list[StoredFile]:
    """Hold on to arrived files, inside the deed that refers to them; returns their rows.

    Raises ``LookupError`` when one is not there. One statement.
    """
    wanted = set(uuids)
    those, value = database.one_or_many(list(wanted))
    kept = database.rows(
        f"UPDATE kit_storedfile SET state = %s, changed_at = %s WHERE uuid {those} AND state IN (%s, %s)"
        " RETURNING uuid, state, size, sha256, media_type, changed_at",
        [State.KEPT.value, now(), value, State.ARRIVED.value, State.KEPT.value],
    )
    if len(kept) != len(wanted):
        raise LookupError(f"of the files {', '.join(map(str, sorted(wanted)))} only {len(kept)} arrived")
    fields = ("uuid", "state", "size", "sha256", "media_type", "changed_at")
    return [StoredFile.from_db(connection.alias, fields, row) for row in kept]


def discard(file: UUID) -> None:
    """Let go of a file, inside the deed that drops the last reference. The sweep removes the bytes after the commit."""
    StoredFile.objects.filter(uuid=file).update(state=State.DISCARDED, changed_at=now())


def let_go(file: UUID) -> None:
    """Let go of a file that arrived for a deed that was refused. What a deed keeps after all is left alone."""
    StoredFile.objects.filter(uuid=file, state=State.ARRIVED).update(state=State.DISCARDED, changed_at=now())


def open_stored(file: UUID) -> BinaryIO:
    """Return the bytes of a file, opened for reading from any place in it. Raises ``FileNotFoundError`` and ``Unavailable``."""
    return places.current().open(file)


def is_there(file: UUID) -> bool:
    """Return whether the bytes of a file are where they should be."""
    return places.current().holds(file)


@contextmanager
def putting_back(file: UUID) -> Iterator[places.Writer]:
    """Write the bytes of a file whose row comes back with them (a restore): there when the block succeeds, and only then."""
    with places.current().writing(file) as out:
        yield out


def remove_bytes(file: UUID) -> None:
    """Remove bytes that have no row (any more)."""
    places.current().remove(places.name_of(file))


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
    place = places.current()
    for file in list(StoredFile.objects.filter(state=State.DISCARDED).values_list("uuid", flat=True)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [DELETION_LOCK])
            if not cursor.fetchone()[0]:
                break
            place.remove(places.name_of(file))
            gone += StoredFile.objects.filter(uuid=file, state=State.DISCARDED).delete()[0]
    return gone


def unknown_paths() -> list[PurePosixPath]:
    """Return files without a row, by their names: there should be none. For ``stadhuis doctor`` and the kill test."""
    unknown: list[PurePosixPath] = []
    names = iter(places.current().names())
    with connection.cursor() as cursor:
        while some := {PurePosixPath(name).name: name for name in islice(names, 10_000)}:
            cursor.execute("SELECT uuid::text FROM kit_storedfile WHERE uuid::text = ANY(%s)", [list(some)])
            known = {row[0] for row in cursor.fetchall()}
            unknown += [PurePosixPath(name) for key, name in some.items() if key not in known]
    return unknown


def bucket_faults() -> list[str]:
    """Return what is wrong with the bucket of the settings, if there is one. Raises ``Unavailable``. For ``stadhuis doctor``."""
    if not settings.S3_BUCKET:
        return []
    from stadhuis.kit.files import bucket

    return bucket.from_settings().faults()


def remove_unknown() -> int:
    """Remove files without a row; returns how many went. Only where nothing is being written: a restore, a first seeding."""
    place, unknown = places.current(), unknown_paths()
    for path in unknown:
        place.remove(str(path))
    return len(unknown)
