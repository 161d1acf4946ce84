"""Times in which a way to reach us could not be used, with start and end: found by looking, or recorded by a person.

What lies on the last day of a term moves that term for whoever had to send something; the rooms that know terms ask
``between``. Source: Awb 2:21 as in bill 35261 (the number in the final text was not checked).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stadhuis.kit import database
from stadhuis.kit.models import Outage
from stadhuis.kit.time import now

PORTAL: Final = "portal"
MAIL: Final = "mail"
LOGIN: Final = "login"
API: Final = "api"
CHANNELS: Final = (PORTAL, LOGIN, MAIL, API)
LONGEST: Final = timedelta(days=60)
"""A longer one is a slip of the pen."""
Source = Outage.Source


class OutageError(Exception):
    """These dates or this channel cannot be; ``code`` says why: channel, future, order, long, open, gone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class OutageRecord:
    """One outage. ``ended_at`` is None while it lasts."""

    uuid: UUID
    channel: str
    started_at: datetime
    ended_at: datetime | None
    source: str
    reason: str
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def is_open(self) -> bool:
        """Whether it lasts."""
        return self.ended_at is None and self.withdrawn_at is None


def _record(row: Outage) -> OutageRecord:
    return OutageRecord(
        row.uuid, row.channel, row.started_at, row.ended_at, row.source, row.reason, row.recorded_by,
        row.withdrawn_at, row.withdrawn_reason,
    )  # fmt: skip


@transaction.atomic
def record(
    channel: str, started_at: datetime, ended_at: datetime | None, *, reason: str, by: str, source: str = Source.PERSON
) -> UUID:
    """Record an outage that was, or that lasts (no end); returns its id. ``by`` is the key of an actor.

    Raises ``OutageError``: an unknown channel, a time to come, an end before the start, one that lasts already.
    """
    moment = now()
    if channel not in CHANNELS:
        raise OutageError("channel")
    if started_at > moment or (ended_at is not None and ended_at > moment):
        raise OutageError("future")
    if ended_at is not None and ended_at <= started_at:
        raise OutageError("order")
    if (ended_at or moment) - started_at > LONGEST and source == Source.PERSON:
        raise OutageError("long")
    if ended_at is None:
        open_one = Q(channel=channel, ended_at__isnull=True, withdrawn_at__isnull=True)
        if Outage.objects.filter(open_one).select_for_update().exists():
            raise OutageError("open")
    row = Outage.objects.create(
        channel=channel, started_at=started_at, ended_at=ended_at, source=source, reason=reason[:400], recorded_by=by,
        recorded_at=moment,
    )  # fmt: skip
    return row.uuid


@transaction.atomic
def end(uuid: UUID, *, at: datetime | None = None) -> None:
    """Say that an outage is over. Raises ``OutageError`` when it is not there, was over, or ends before it began."""
    row = Outage.objects.select_for_update().filter(uuid=uuid, ended_at__isnull=True, withdrawn_at__isnull=True).first()
    if row is None:
        raise OutageError("gone")
    moment = at or now()
    if moment <= row.started_at:
        raise OutageError("order")
    row.ended_at = moment
    row.save(update_fields=["ended_at"])


@transaction.atomic
def withdraw(uuid: UUID, *, reason: str, by: str) -> None:
    """Say that there was no outage after all. It stays on record and moves no term any more. Raises ``OutageError``."""
    row = Outage.objects.select_for_update().filter(uuid=uuid, withdrawn_at__isnull=True).first()
    if row is None:
        raise OutageError("gone")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now(), by, reason[:400]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])


def between(channels: Collection[str], start: datetime, end: datetime) -> list[OutageRecord]:
    """Return the outages of these channels that lie wholly or partly between two moments, oldest first. One statement."""
    found = database.rows(
        "SELECT uuid, channel, started_at, ended_at, source, reason, recorded_by, withdrawn_at, withdrawn_reason"
        "  FROM kit_outage WHERE (ended_at IS NULL OR ended_at > %s) AND started_at < %s AND withdrawn_at IS NULL"
        " ORDER BY started_at, id",
        [start, end],
    )
    return [record for record in (OutageRecord(*row) for row in found) if record.channel in channels]


def current() -> list[OutageRecord]:
    """Return what is down now, in the order of ``CHANNELS``. One statement."""
    rows = Outage.objects.filter(ended_at__isnull=True, withdrawn_at__isnull=True)
    return sorted(map(_record, rows), key=lambda one: CHANNELS.index(one.channel) if one.channel in CHANNELS else 99)


def latest(*, limit: int = 100) -> list[OutageRecord]:
    """Return the latest outages, newest first. One statement."""
    return [_record(row) for row in Outage.objects.order_by("-started_at", "-pk")[:limit]]
