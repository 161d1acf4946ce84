"""The front door of the law room: calendar, terms, decision clock, penalty and the term for bezwaar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stadhuis.law.calendar import (
    HOLIDAY_NAMES,
    as_date,
    holiday_key,
    is_settled,
    is_working_day,
    next_working_day,
    working_days,
)
from stadhuis.law.clock import (
    NEAR_THE_END,
    REGIMES,
    VERSION,
    Deadline,
    Event,
    EventKind,
    Outage,
    Period,
    Step,
    decision_deadline,
    outage_events,
    replay,
    sender_deadline,
)
from stadhuis.law.errors import ImpossibleEvent, LawError, UnknownTerm
from stadhuis.law.penalty import Exclusion, Penalty, penalty
from stadhuis.law.terms import TERMS, Term, atw_applies, last_day, term, term_of_duration

__all__ = [
    "HOLIDAY_NAMES",
    "NEAR_THE_END",
    "REGIMES",
    "TERMS",
    "VERSION",
    "Deadline",
    "Event",
    "EventKind",
    "Exclusion",
    "ImpossibleEvent",
    "InTime",
    "LawError",
    "Outage",
    "Penalty",
    "Period",
    "Step",
    "Term",
    "UnknownTerm",
    "as_date",
    "atw_applies",
    "bezwaar_deadline",
    "decision_deadline",
    "holiday_key",
    "is_settled",
    "is_working_day",
    "last_day",
    "last_day_for_bezwaar",
    "last_day_to_decide_on_bezwaar",
    "next_working_day",
    "objection_in_time",
    "outage_events",
    "penalty",
    "replay",
    "sender_deadline",
    "term",
    "term_of_duration",
    "working_days",
]


def last_day_for_bezwaar(bekendgemaakt: date | datetime) -> date:
    """Return the last day on which a bezwaar is in time.

    Six weeks, starting the day after bekendmaking. A last day on a weekend or public holiday moves to the next
    working day.

    Source: Awb art. 6:7 and 6:8 lid 1; Algemene termijnenwet art. 1.
    """
    return last_day(as_date(bekendgemaakt), TERMS["awb-6-7"])


def bezwaar_deadline(bekendgemaakt: date | datetime, outages: Sequence[Event] = ()) -> Deadline:
    """Return the same day with its reasons, moved when our channel was down on it. Source: as above, and Awb 2:21."""
    return sender_deadline(bekendgemaakt, TERMS["awb-6-7"], outages)


@dataclass(frozen=True)
class InTime:
    """Whether an objection came in time, by which article, and the last day with its reasons."""

    is_in_time: bool
    article: str
    deadline: Deadline


def objection_in_time(
    bekendgemaakt: date | datetime,
    received: date | datetime,
    *,
    posted: date | None = None,
    outages: Sequence[Event] = (),
) -> InTime:
    """Say whether a bezwaar came in time: received by the last day, or posted by then and received within a week.

    Lateness may be excused (6:11); that is for a person to weigh. Source: Awb 6:7, 6:8, 6:9.
    """
    deadline, day = bezwaar_deadline(bekendgemaakt, outages), as_date(received)
    if day <= deadline.date:
        return InTime(True, "Awb 6:9 lid 1", deadline)
    if posted is not None and posted <= deadline.date and day <= last_day(deadline.date, TERMS["awb-6-9"]):
        return InTime(True, "Awb 6:9 lid 2", deadline)
    return InTime(False, "Awb 6:7", deadline)


def last_day_to_decide_on_bezwaar(
    bekendgemaakt: date | datetime, events: Sequence[Event] = (), *, committee: bool
) -> Deadline:
    """Return the last day to decide on a bezwaar against a besluit that was made known on that day.

    Six weeks, or twelve with an advisory committee, counted from the day after the term for bezwaar ended.
    Source: Awb 7:10 lid 1 (twelve weeks: general knowledge, not read).
    """
    return decision_deadline(
        last_day_for_bezwaar(bekendgemaakt), TERMS["awb-7-10-commissie" if committee else "awb-7-10"], events
    )
