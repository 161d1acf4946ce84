"""The search index and the spine as a whole: renewing, learning words, rebuilding, and comparing with the objects.

Nothing here ever empties anything first: a text stays findable until the new one takes its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.records.actions import columns_of, forget_words, keep, remove, text_of
from stadhuis.records.errors import OnHold
from stadhuis.records.kinds import KINDS, Snapshot, kind_of, snapshots
from stadhuis.records.models import Drift, Rebuild, Record, SearchText, Word
from stadhuis.records.rules import can_be_learned, folded, keys_of, parts_of

log = logging.getLogger(__name__)
BATCH = 200


@transaction.atomic
def renew(kind: str, object_uuid: UUID) -> None:
    """Renew one record from its object. The row is locked first, so that a later change is seen or waits."""
    list(Record.objects.select_for_update().filter(kind=kind, object_uuid=object_uuid).values_list("pk"))
    keep(kind, object_uuid)


def renew_stale(*, older_than: timedelta = timedelta(minutes=1), limit: int = BATCH) -> int:
    """Renew what changed and was not renewed by its job; returns how many."""
    rows = list(
        SearchText.objects.filter(stale_since__lt=now() - older_than)
        .order_by("stale_since")
        .values_list("record__kind", "record__object_uuid", "record_id")[:limit]
    )
    for kind, uuid, record_id in rows:
        if kind in KINDS and KINDS[kind].source is not None:
            renew(kind, uuid)
        SearchText.objects.filter(record_id=record_id, stale_since__lt=now() - older_than).update(stale_since=None)
    return len(rows)


# -- Words ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def learn(*, limit: int = 500) -> int:
    """Learn the words of texts that are new; returns how many texts. Two at once share the work."""
    rows = list(
        SearchText.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(is_learned=False)
        .order_by("pk")[:limit]
        .values_list("pk", "text")
    )
    found = {word for _, text in rows for word in parts_of([folded(text)]) if can_be_learned(word)}
    known = set(Word.objects.filter(word__in=found).values_list("word", flat=True))
    # In one order, so that two learners never wait for each other crosswise.
    Word.objects.bulk_create(
        [Word(word=word, keys=keys_of(word)) for word in sorted(found - known)], ignore_conflicts=True, batch_size=2000
    )
    SearchText.objects.filter(pk__in=[pk for pk, _ in rows]).update(is_learned=True)
    return len(rows)


def forget_unused(*, batch: int = 1000) -> int:
    """Forget words that occur in no text any more; returns how many."""
    gone, last = 0, ""
    while words := list(Word.objects.filter(word__gt=last).order_by("word").values_list("word", flat=True)[:batch]):
        gone, last = gone + forget_words(words), words[-1]
    return gone


# -- Rebuilding -------------------------------------------------------------------------------------------------------
def rebuild(
    *, batch: int = BATCH, restart: bool = False, tell: Callable[[str], None] = log.info, most: int | None = None
) -> int:
    """Make every record and search text anew from its object; returns how many. Can be stopped and goes on where it was.

    Batches of one short transaction each; people search on meanwhile, and find the old text until the new one is there.
    ``most`` stops after that many. What has no object any more goes at the end of its kind, unless a hold keeps it.
    """
    done = 0
    for kind in [one for one in KINDS.values() if one.source is not None and one.after is not None]:
        run = _run_of(kind.code, restart=restart)
        while run.finished_at is None and (most is None or done < most):
            made = _one_batch(run, batch if most is None else min(batch, most - done))
            done += made
            if made:
                tell(f"{kind.code}: {run.done} done")
    while learn():
        continue
    if not is_rebuilding():
        forget_unused()
    return done


def is_rebuilding() -> bool:
    """Return whether a rebuild was begun and has not ended."""
    return Rebuild.objects.filter(finished_at__isnull=True).exists()


def was_never_built() -> bool:
    """Return whether there are records, and a kind that never was built: so it is after an upgrade from before it was one."""
    kinds = {one.code for one in KINDS.values() if one.source is not None and one.after is not None}
    return Record.objects.exists() and bool(kinds - set(Rebuild.objects.values_list("kind", flat=True)))


def _run_of(kind: str, *, restart: bool) -> Rebuild:
    """Return the run to go on with: the one that was stopped, or a new one."""
    run, is_new = Rebuild.objects.get_or_create(kind=kind, defaults={"started_at": now()})
    if not is_new and (restart or run.finished_at is not None):
        run.reached, run.done, run.started_at, run.finished_at = None, 0, now(), None
        run.save()
    return run


@transaction.atomic
def _one_batch(run: Rebuild, size: int) -> int:
    after = kind_of(run.kind).after
    assert after is not None
    uuids = after(run.reached, size)
    if uuids:
        keep(run.kind, *uuids)
        run.reached, run.done = uuids[-1], run.done + len(uuids)
    else:
        _remove_orphans(run.kind)
        run.finished_at = now()
    run.save()
    return len(uuids)


def _remove_orphans(kind: str) -> None:
    for uuid, differences in compare(kind):
        if "orphan" in differences:
            try:
                remove(kind, uuid)
            except OnHold:
                log.warning("a record without its object is on hold", extra={"kind": kind})


# -- Comparing --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Kept:
    columns: dict[str, object]
    text: str
    labels: list[str]
    has_text: bool
    is_stale: bool


def compare(kind: str, *, batch: int = BATCH) -> Iterator[tuple[UUID, list[str]]]:
    """Yield the objects of which the spine says something else than they do themselves, and what differs.

    ``missing``: no record; ``orphan``: a record without object; ``search text``; ``owner has ended``; or the name of a
    column. What waits for its job is not counted. Reads only.
    """
    after = kind_of(kind).after
    if after is None:
        return
    ended = _ended_units()
    reached: UUID | None = None
    while uuids := after(reached, batch):
        found, kept = snapshots(kind, uuids), _kept(kind, uuids)
        for uuid in uuids:
            differences = _differences(found.get(uuid), kept.get(uuid), ended)
            if differences:
                yield uuid, differences
        reached = uuids[-1]
    last = 0
    while rows := list(
        Record.objects.filter(kind=kind, pk__gt=last).order_by("pk").values_list("pk", "object_uuid")[: batch * 5]
    ):
        there = set(snapshots(kind, [uuid for _, uuid in rows]))
        yield from ((uuid, ["orphan"]) for _, uuid in rows if uuid not in there)
        last = rows[-1][0]


def _ended_units() -> set[str]:
    """Return the owners that are neither a unit of today nor a room of the house."""
    current = {unit.code for unit in people.units()} | {app.label for app in apps.get_app_configs()}
    owners = set(Record.objects.order_by().values_list("owner_unit", flat=True).distinct())
    return owners - current - {""}


def _kept(kind: str, uuids: list[UUID]) -> dict[UUID, _Kept]:
    rows = Record.objects.filter(kind=kind, object_uuid__in=uuids)
    texts = SearchText.objects.filter(record__in=rows).in_bulk()
    found: dict[UUID, _Kept] = {}
    for row in rows:
        text = texts.get(row.pk)
        found[row.object_uuid] = _Kept(
            {name: getattr(row, name) for name in _COMPARED},
            text.text if text else "",
            text.labels if text else [],
            text is not None,
            text is not None and text.stale_since is not None,
        )
    return found


_COMPARED = (
    "number", "owner_unit", "retention_class", "nominatie", "termijn", "brondatum", "created", "destroy_on",
    "zaaktype_ref", "level",
)  # fmt: skip


def _differences(snapshot: Snapshot | None, kept: _Kept | None, ended: set[str]) -> list[str]:
    if snapshot is None:
        return []  # gone since the list of objects was made
    if kept is None:
        return ["missing"]
    if kept.is_stale:
        return []
    found = [name for name, value in columns_of(snapshot).items() if kept.columns[name] != value]
    text, labels, _ = text_of(snapshot.parts)
    if not kept.has_text or text != kept.text or labels != kept.labels:
        found.append("search text")
    if kept.columns["owner_unit"] in ended:
        found.append("owner has ended")
    return found


def compare_all() -> int:
    """Compare every kind and keep what differs (table ``Drift``); returns how many differences there are."""
    started, count = now(), 0
    for kind in list(KINDS):
        for uuid, differences in compare(kind):
            for what in differences:
                count += 1
                Drift.objects.update_or_create(kind=kind, object_uuid=uuid, what=what, defaults={"found_at": now()})
    Drift.objects.filter(found_at__lt=started).delete()
    if count:
        log.warning("records differ from their objects", extra={"differences": count})
    return count


def figures() -> dict[str, int]:
    """Return what an operator watches: differences found, texts that wait, records due and held, lists to carry out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM records_drift),"
            " (SELECT count(*) FROM records_searchtext WHERE stale_since IS NOT NULL),"
            " (SELECT count(*) FROM records_record WHERE destroy_on <= %s),"
            " (SELECT count(DISTINCT record_id) FROM records_hold WHERE lifted_at IS NULL),"
            " (SELECT count(*) FROM records_destructionitem WHERE outcome = 'failed')",
            [today()],
        )
        row = cursor.fetchone()
    return dict(zip(("drift", "stale", "due", "held", "destruction_failed"), row, strict=True))
