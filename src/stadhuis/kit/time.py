"""The one source of time: aware, stored in UTC, shown in Europe/Amsterdam."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in the Netherlands, whatever the zone of the machine."""
    return datetime.now(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """Return the same moment as the clock on the wall in the Netherlands shows it."""
    return moment.astimezone(AMSTERDAM)
