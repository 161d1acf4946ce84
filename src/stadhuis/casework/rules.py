"""Decisions of casework: values in, answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from stadhuis.law import public as law

Urgency = Literal["late", "soon", "in time", "none"]
SOON_DAYS = 14
"""A deadline within this many days is 'nearly late'."""


def urgency(deadline: date | None, *, today: date) -> Urgency:
    """Return how pressing a deadline is; a deadline of today is not late yet."""
    if deadline is None:
        return "none"
    left = (deadline - today).days
    if left < 0:
        return "late"
    return "soon" if left <= SOON_DAYS else "in time"


# -- The clock --------------------------------------------------------------------------------------------------------
SUSPENSIONS: Final = (
    law.EventKind.INVITED,
    law.EventKind.CONSENT_TO_DELAY,
    law.EventKind.FORCE_MAJEURE,
    law.EventKind.THIRD_PARTY_VIEWS,
)
"""Why staff may let the clock stand still. Source: Awb 4:15 lid 1 onder a, lid 2 onder a and c; Woo 4.4 lid 3."""
_ENDS: Final = (law.EventKind.SUPPLEMENTED, law.EventKind.RESUMED)
CORRECTABLE: Final = frozenset({*SUSPENSIONS, *_ENDS, law.EventKind.DEFAULT_NOTICE, law.EventKind.OBJECTED_TO})
"""What staff may enter again with other days. An extension is told to the applicant as it is: it can only be taken back."""
RETRACTABLE: Final = CORRECTABLE | {law.EventKind.EXTENDED}
PREFIX: Final = "termijn:"
"""A zaaktype names its term of law among its trefwoorden: ``termijn:woo-4-4``."""


@dataclass(frozen=True)
class ClockEventRecord:
    """Something that happened to the clock, as it was entered."""

    id: int
    kind: law.EventKind
    on: date
    until: date | None
    length: int | None
    unit: str
    ends: int | None
    exclusion: str
    replaces: int | None
    is_withdrawn: bool
    reason: str
    by_label: str
    recorded_at: datetime


def in_force(rows: Sequence[ClockEventRecord]) -> list[ClockEventRecord]:
    """Return the events that count: not corrected, not taken back, and no end of a standstill that was taken back."""
    replaced = {row.replaces for row in rows}
    standing = [row for row in rows if row.id not in replaced and not row.is_withdrawn]
    return [row for row in standing if row.ends is None or _standing(row.ends, rows) is not None]


def _standing(event_id: int, rows: Sequence[ClockEventRecord]) -> ClockEventRecord | None:
    """Return the row that now stands for an event: the last correction of it, or None when it was taken back."""
    by_id = {row.id: row for row in rows}
    successor = {row.replaces: row for row in rows if row.replaces is not None}
    row = by_id[event_id]
    while row.id in successor:
        row = successor[row.id]
    return None if row.is_withdrawn else row


def law_events(rows: Sequence[ClockEventRecord]) -> list[law.Event]:
    """Return what counts as the law room takes it."""
    events = []
    for row in in_force(rows):
        ended = _standing(row.ends, rows) if row.ends is not None else None
        events.append(
            law.Event(
                row.kind,
                row.on,
                row.until,
                row.length,
                row.unit or None,  # type: ignore[arg-type]
                of=ended.kind if ended else None,
                since=ended.on if ended else None,
            )
        )
    return events


def open_standstills(rows: Sequence[ClockEventRecord]) -> list[ClockEventRecord]:
    """Return the standstills that nobody ended yet, also those whose last day has passed."""
    standing = in_force(rows)
    ended = {found.id for row in standing if row.ends is not None and (found := _standing(row.ends, rows))}
    # Ends that were entered before they named their standstill ended everything before them.
    latest = max((row.id for row in standing if row.kind in _ENDS and row.ends is None), default=0)
    return [row for row in standing if row.kind in SUSPENSIONS and row.id not in ended and row.id > latest]
