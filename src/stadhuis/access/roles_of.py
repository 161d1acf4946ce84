"""Which roles there are and who has them, to be shown. Each is one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from stadhuis.access.models import Membership, Role
from stadhuis.kit.time import today


@dataclass(frozen=True)
class RoleRecord:
    """A role as somebody chooses it."""

    code: str
    naam: str
    is_privileged: bool


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has, in which unit, and from when until when."""

    code: str
    naam: str
    unit_id: int
    valid_from: date
    valid_to: date | None
    is_privileged: bool
    is_by_group: bool


def every_role() -> list[RoleRecord]:
    """Return all roles, by name."""
    return [RoleRecord(row.code, row.naam, row.is_privileged) for row in Role.objects.order_by("naam", "pk")]


def roles_of(medewerker_id: int) -> list[HeldRole]:
    """Return which roles somebody has today or gets later, as we know it now."""
    rows = (
        Membership.objects.select_related("role")
        .filter(medewerker_id=medewerker_id, recorded_to__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today()))
        .order_by("role__naam", "pk")
    )
    return [
        HeldRole(
            row.role.code, row.role.naam, row.unit_id, row.valid_from, row.valid_to, row.role.is_privileged,
            row.recorded_by == "system:groups",
        )
        for row in rows
    ]  # fmt: skip
