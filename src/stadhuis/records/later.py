"""Renewing a record after the deed, by a job."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from stadhuis.kit.jobs import queue
from stadhuis.kit.time import now
from stadhuis.kit.together import hand
from stadhuis.records import index, jobs


def rebuild_after_upgrade() -> bool:
    """Queue the rebuild that fills the columns an upgrade added, if that never happened; returns whether it did."""
    if not index.was_never_built():
        return False
    with transaction.atomic(), suppress(AlreadyEnqueued), transaction.atomic():
        queue(jobs.rebuild)
    return True


@transaction.atomic(savepoint=False)
def keep_later(kind: str, object_uuid: UUID) -> None:
    """Note that the object changed, in the transaction of the deed; a job renews its record right after the commit.

    However often it is called in a deed, there is one job. Until it ran the record is found as it was.
    """
    hand(_mark, (kind, object_uuid))


def _mark(changed: list[tuple[str, UUID]]) -> None:
    for kind, object_uuid in dict.fromkeys(changed):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE records_searchtext t SET stale_since = %s FROM records_record r"
                " WHERE r.id = t.record_id AND r.kind = %s AND r.object_uuid = %s AND t.stale_since IS NULL",
                [now(), kind, object_uuid],
            )
            if cursor.rowcount:
                queue(jobs.renew, kind=kind, object_uuid=str(object_uuid))
