"""Constraints that many tables share: one of a list, an ISO 8601 duration, a number of nine digits."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CheckConstraint, Q

ISO_DURATION = r"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$"
"""Years and months stay years and months, so a duration is kept as text: P1Y is not 365 days."""


def one_of(name: str, column: str, values: Iterable[str], *, or_blank: bool = False) -> CheckConstraint:
    """Return a check that a text column holds one of ``values`` (NULL passes, as always with a check)."""
    return CheckConstraint(condition=Q(**{f"{column}__in": [*values, *([""] if or_blank else [])]}), name=name)


def iso_duration(name: str, *columns: str) -> CheckConstraint:
    """Return a check that each of these text columns holds an ISO 8601 duration, or NULL, or nothing."""
    condition = Q()
    for column in columns:
        condition &= Q(**{f"{column}__isnull": True}) | Q(**{column: ""}) | Q(**{f"{column}__regex": ISO_DURATION})
    return CheckConstraint(condition=condition, name=name)


def nine_digits(name: str, *columns: str, or_blank: bool = False) -> CheckConstraint:
    """Return a check that each of these text columns holds nine digits (RSIN); the eleven-test is done on input."""
    condition = Q()
    for column in columns:
        digits = Q(**{f"{column}__regex": r"^\d{9}$"})
        condition &= digits | Q(**{column: ""}) if or_blank else digits
    return CheckConstraint(condition=condition, name=name)
