"""Jobs of records: renewing what changed, learning words, comparing, destroying what was approved."""

from __future__ import annotations

from uuid import UUID

from stadhuis.kit.jobs import job, periodic, queue
from stadhuis.records import destruction, index

REBUILT_PER_JOB = 5000


@job("records.renew")
def renew(kind: str, object_uuid: str) -> None:
    """Renew the record and the search text of an object that changed."""
    index.renew(kind, UUID(object_uuid))


@periodic("* * * * *", "records.tidy")
def tidy(timestamp: int) -> None:
    """Every minute: renew what was left behind, and learn the words of new texts."""
    index.renew_stale()
    while index.learn():
        continue


@job("records.rebuild", queueing_lock="records.rebuild")
def rebuild(restart: bool = False) -> None:
    """Go on with a rebuild of the search index for a while, and come back for the rest."""
    index.rebuild(restart=restart, most=REBUILT_PER_JOB)
    if index.is_rebuilding():
        queue(rebuild)


@periodic("40 1 * * *", "records.compare")
def compare(timestamp: int) -> None:
    """Every night: compare the spine with the objects and keep what differs; forget words that occur nowhere."""
    index.compare_all()
    index.forget_unused()


@periodic("10 4 * * *", "records.destroy")
def destroy_nightly(timestamp: int) -> None:
    """Every night: destroy what approved lists name and whose day has come."""
    destruction.run_approved()


@job("records.destroy_list")
def destroy_list(list_uuid: str) -> None:
    """Carry out a list that was just approved, as far as its time has come."""
    destruction.run(UUID(list_uuid))
