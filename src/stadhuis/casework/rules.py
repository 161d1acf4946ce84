"""Decisions of casework: values in, answer out."""

from __future__ import annotations

from datetime import date
from typing import Literal

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
