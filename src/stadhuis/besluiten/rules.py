"""Decisions about besluiten: values in, answer out."""

from __future__ import annotations

from datetime import date

from stadhuis.kit.durations import period


def last_reaction_day(sent: date, reactietermijn: str | None) -> date | None:
    """Return the last day to object by the reactietermijn of the besluittype, or None when it has none.

    Calendar time; who needs the Algemene termijnenwet gives the day itself (``law.last_day_for_bezwaar``).
    Source: ZGW Catalogi, reactietermijn.
    """
    return sent + period(reactietermijn) if reactietermijn else None
