"""ISO 8601 durations in calendar time: P1M is a month, not thirty days."""

from __future__ import annotations

import re

from dateutil.relativedelta import relativedelta

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.\d+)?S)?)?"
)


def period(duration: str) -> relativedelta:
    """Return a duration to be added to a date: years and months keep the day of the month, clipped to the month's end.

    Raises ``ValueError`` when the text is not an ISO 8601 duration.
    """
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"not an ISO 8601 duration: {duration!r}")
    parts = {name: int(value) for name, value in found.groupdict().items() if value}
    return relativedelta(
        years=parts.get("years", 0),
        months=parts.get("months", 0),
        weeks=parts.get("weeks", 0),
        days=parts.get("days", 0),
        hours=parts.get("hours", 0),
        minutes=parts.get("minutes", 0),
        seconds=parts.get("seconds", 0),
    )
