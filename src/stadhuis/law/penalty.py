"""The penalty (dwangsom) for a decision that comes too late. Source: Awb 4:17-4:19."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from stadhuis.law.calendar import ONE_DAY
from stadhuis.law.clock import Deadline, EventKind, Step
from stadhuis.law.terms import TERMS, last_day

# Awb 4:17 lid 6.
Exclusion = Literal["onredelijk laat", "geen belanghebbende", "kennelijk niet-ontvankelijk of ongegrond"]


@dataclass(frozen=True)
class PenaltyTable:
    """Amounts per day in cents, for successive runs of days."""

    valid_from: date
    runs: tuple[tuple[int, int], ...]
    source: str
    is_confirmed: bool = True

    @property
    def longest_days(self) -> int:
        """The most days for which it is owed."""
        return sum(days for days, _cents in self.runs)

    def per_day(self) -> tuple[int, ...]:
        """Return the amount of each day, from the first to the last over which it can be owed."""
        return tuple(cents for days, cents in self.runs for _day in range(days))

    def cents(self, days: int) -> int:
        """Return what so many days cost."""
        return sum(self.per_day()[:days])


# Indexed by ministerial regulation (Awb 11:2): add a row, never change one.
PENALTY_TABLES: Final = (
    PenaltyTable(date(2009, 10, 1), ((14, 2_000), (14, 3_000), (14, 4_000)), "Awb 4:17 lid 2 as first enacted; not read again", is_confirmed=False),
    PenaltyTable(date(2019, 1, 1), ((14, 2_300), (14, 3_500), (14, 4_500)), "Awb 4:17 lid 2; ECLI:NL:RBDHA:2019:10639"),
)  # fmt: skip


@dataclass(frozen=True)
class Penalty:
    """What is owed, over which days. `reason` says why nothing is owed: an article, or empty."""

    cents: int
    days: int
    first_day: date | None = None
    last_day: date | None = None
    is_running: bool = False
    fix_by: date | None = None
    """Last day to fix the amount by decision (Awb 4:18)."""
    reason: str = ""
    steps: tuple[Step, ...] = ()
    first_cents: int = 0
    """What the first day costs, or would cost."""
    amounts: tuple[tuple[date, int], ...] = ()
    """Each day over which it is owed so far, with the cents of that day."""


def penalty(deadline: Deadline, *, as_of: date, exclusion: Exclusion | None = None) -> Penalty:
    """Return the penalty up to and including `as_of`, from the events of the deadline.

    It starts the day after two weeks have passed since a default notice that came after the last day, runs at most
    42 days and stops the day before the decision was made known. An earlier notice does not count.
    Source: Awb 4:17 lid 1-3 and 6, 4:18.
    """
    if not deadline.term.has_penalty:
        return Penalty(0, 0, reason=f"{deadline.term.article}: Awb 4:17 geldt niet")
    if exclusion is not None:
        return Penalty(0, 0, reason=f"Awb 4:17 lid 6 ({exclusion})")
    notices = [
        event.on for event in deadline.events if event.kind is EventKind.DEFAULT_NOTICE and event.on > deadline.date
    ]
    if not notices:
        return Penalty(0, 0, reason="Awb 4:17 lid 3")
    notice = min(notices)
    last_to_decide = last_day(notice, TERMS["awb-4-17"])
    first = last_to_decide + ONE_DAY
    table = max((row for row in PENALTY_TABLES if row.valid_from <= first), key=lambda row: row.valid_from)
    longest = first + timedelta(days=table.longest_days - 1)
    done = deadline.announced or deadline.decided
    stop = longest if done is None else min(longest, done - ONE_DAY)
    steps = [Step("penalty-notice", "Awb 4:17 lid 3", deadline.date, start=notice, last=last_to_decide)]
    if stop < first:
        steps.append(Step("penalty-in-time", "Awb 4:17 lid 1", deadline.date, start=done))
        return Penalty(0, 0, first_day=first, reason="Awb 4:17 lid 1", steps=tuple(steps))
    counted = max(0, (min(stop, as_of) - first).days + 1)
    has_ended = done is not None or stop <= as_of
    steps.append(
        Step("penalty-runs", "Awb 4:17 lid 1 en 2", deadline.date, first=first, last=longest, days=table.longest_days)
    )
    fix_by = last_day(stop, TERMS["awb-4-18"]) if has_ended else None
    if done is not None:
        steps.append(Step("penalty-stopped", "Awb 4:17 lid 1", deadline.date, start=done, last=stop))
    if fix_by is not None:
        steps.append(Step("penalty-fix", "Awb 4:18 lid 1", deadline.date, last=fix_by))
    return Penalty(
        table.cents(counted),
        counted,
        first_day=first,
        last_day=stop if has_ended else None,
        is_running=first <= as_of and not has_ended,
        fix_by=fix_by,
        steps=tuple(steps),
        first_cents=table.cents(1),
        amounts=tuple((first + timedelta(days=day), cents) for day, cents in enumerate(table.per_day()[:counted])),
    )
