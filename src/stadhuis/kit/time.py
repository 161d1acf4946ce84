"""The one source of time: aware, stored in UTC, shown in Europe/Amsterdam."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_shift: ContextVar[timedelta | None] = ContextVar("clock_shift", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    shift = _shift.get()
    return datetime.now(UTC) if shift is None else datetime.now(UTC) + shift


def today() -> date:
    """Return today's date in the Netherlands, whatever the zone of the machine."""
    return now().astimezone(AMSTERDAM).date()


@contextmanager
def clock_set_to(moment: datetime) -> Iterator[None]:
    """Set the clock of this thread to a moment, from where it runs on: so the demo town gets a past by ordinary deeds.

    For the demo and tests only; raises ``RuntimeError`` in production.
    """
    if settings.IS_PRODUCTION:
        raise RuntimeError("the clock is not set in production")
    token = _shift.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)


def local(moment: datetime) -> datetime:
    """Return the same moment as the clock on the wall in the Netherlands shows it."""
    return moment.astimezone(AMSTERDAM)
