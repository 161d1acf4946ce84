"""An end to the whole of an exchange, however slowly the pieces of it come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_until: ContextVar[float | None] = ContextVar("outside_until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give everything that is sent and received meanwhile this long together, however slowly the pieces drip in."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def time_left() -> float | None:
    """Return the seconds until the end, below zero when it has passed; None outside ``within``."""
    until = _until.get()
    return None if until is None else until - time.monotonic()
