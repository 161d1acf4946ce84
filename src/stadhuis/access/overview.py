"""Who has which role, what a role gives, and what waits for a second administrator: for the pages of administration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stadhuis.access.models import Conflict, Kin
from stadhuis.access.reads import When
from stadhuis.access.rules import is_privileged


@dataclass(frozen=True)
class RoleRecord:
    """A role, with how many people have it on the day asked about."""

    code: str
    naam: str
    is_privileged: bool
    members: int
    grants: int


@dataclass(frozen=True)
class GrantRecord:
    """What a role gives."""

    id: int
    role: str
    action: str
    type_ref: str
    max_level: int
    valid_from: date
    valid_to: date | None
    unit_id: int | None = None
    unit: str = ""
    """Only what this unit, or one below it, owns; "" for whoever owns it."""

    @property
    def is_privileged(self) -> bool:
        """Whether this right takes a second administrator."""
        return is_privileged(self.action, self.max_level)


@dataclass(frozen=True)
class MembershipRecord:
    """That somebody has a role, in both times."""

    id: int
    medewerker_id: int
    naam: str
    role: str
    role_naam: str
    is_privileged: bool
    unit: str
    valid_from: date
    valid_to: date | None
    recorded_from: datetime
    recorded_to: datetime | None
    recorded_by: str
    approved_by: str


@dataclass(frozen=True)
class RequestRecord:
    """What an administrator asked of another."""

    uuid: UUID
    role: str
    role_naam: str
    medewerker_id: int | None
    naam: str
    unit: str
    valid_from: date
    valid_to: date | None
    action: str
    type_ref: str
    max_level: int | None
    reason: str
    state: str
    requested_by: int | None
    """None: a group at the log-in provider asked."""
    requested_by_naam: str
    requested_at: datetime
    decided_by_naam: str
    decided_at: datetime | None


@dataclass(frozen=True)
class ConflictRecord:
    """A case that somebody shut to themselves."""

    id: int
    zaak_uuid: UUID
    reason: str
    recorded_from: datetime


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _holds(alias: str) -> str:
    return (
        f"{alias}.valid_from <= %(day)s AND ({alias}.valid_to IS NULL OR {alias}.valid_to > %(day)s)"
        f" AND {alias}.recorded_from <= %(known)s AND ({alias}.recorded_to IS NULL OR {alias}.recorded_to > %(known)s)"
    )


def _at(on: date | None, known_at: datetime | None) -> dict[str, Any]:
    when = When.of(on, known_at)
    return {"day": when.day, "known": when.known}


def roles(*, on: date | None = None, known_at: datetime | None = None) -> list[RoleRecord]:
    """Return the roles by name; one statement."""
    sql = f"""SELECT r.code, r.naam, r.is_privileged,
        (SELECT count(DISTINCT l.medewerker_id) FROM access_membership l JOIN people_medewerker m ON m.id = l.medewerker_id
          WHERE l.role_id = r.id AND {_holds("l")} AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s)),
        (SELECT count(*) FROM access_grant g WHERE g.role_id = r.id AND {_holds("g")})
        FROM access_role r WHERE r.ended_at IS NULL ORDER BY r.naam, r.code"""
    return [RoleRecord(*row) for row in _rows(sql, _at(on, known_at))]


def rights_of(
    *, role: str = "", medewerker_id: int | None = None, on: date | None = None, known_at: datetime | None = None
) -> list[GrantRecord]:
    """Return the grants of one role, of one person by their roles, or of all; one statement."""
    where = "TRUE"
    if role:
        where = "r.code = %(role)s"
    if medewerker_id is not None:
        where = f"""EXISTS (SELECT 1 FROM access_membership l JOIN people_medewerker m ON m.id = l.medewerker_id
            WHERE l.role_id = r.id AND l.medewerker_id = %(medewerker)s AND {_holds("l")}
              AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s))"""
    sql = f"""SELECT g.id, r.code, g.action, g.type_ref, g.max_level, g.valid_from, g.valid_to, g.unit_id,
               COALESCE(p.naam, u.code, '')
        FROM access_grant g JOIN access_role r ON r.id = g.role_id LEFT JOIN people_unit u ON u.id = g.unit_id
        LEFT JOIN people_unitperiod p ON p.unit_id = u.id AND p.valid_from <= %(day)s
             AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        WHERE {where} AND {_holds("g")} ORDER BY r.naam, g.action, g.type_ref, g.max_level DESC, 9, g.id"""
    return [GrantRecord(*row) for row in _rows(sql, {**_at(on, known_at), "role": role, "medewerker": medewerker_id})]


_MEMBERSHIP = """SELECT l.id, l.medewerker_id, m.naam, r.code, r.naam, r.is_privileged, COALESCE(p.naam, u.code),
        l.valid_from, l.valid_to, l.recorded_from, l.recorded_to, l.recorded_by, l.approved_by
    FROM access_membership l JOIN access_role r ON r.id = l.role_id
    JOIN people_medewerker m ON m.id = l.medewerker_id JOIN people_unit u ON u.id = l.unit_id
    LEFT JOIN people_unitperiod p ON p.unit_id = u.id AND p.valid_from <= %(day)s
         AND (p.valid_to IS NULL OR p.valid_to > %(day)s)"""


def memberships(
    *, role: str = "", medewerker_id: int | None = None, membership_id: int | None = None, history: bool = False
) -> list[MembershipRecord]:
    """Return what is known now about who has which role, ended ones too; with ``history`` what was once believed as well."""
    parts = [] if history else ["l.recorded_to IS NULL"]
    if role:
        parts.append("r.code = %(role)s")
    if medewerker_id is not None:
        parts.append("l.medewerker_id = %(medewerker)s")
    if membership_id is not None:
        parts.append("l.id = %(membership)s")
    sql = f"{_MEMBERSHIP} WHERE {' AND '.join(parts) or 'TRUE'} ORDER BY m.naam, r.naam, l.valid_from DESC, l.recorded_from DESC LIMIT 500"
    params = {**_at(None, None), "role": role, "medewerker": medewerker_id, "membership": membership_id}
    return [MembershipRecord(*row) for row in _rows(sql, params)]


def requests(*, uuid: UUID | None = None) -> list[RequestRecord]:
    """Return what waits for a second administrator, and what was decided in the last months; waiting first."""
    sql = """SELECT q.uuid, r.code, r.naam, q.medewerker_id, COALESCE(m.naam, ''), COALESCE(p.naam, ''), q.valid_from,
            q.valid_to, q.action, q.type_ref, q.max_level, q.reason, q.state, q.requested_by_id, COALESCE(a.naam, ''), q.requested_at,
            COALESCE(d.naam, ''), q.decided_at
        FROM access_request q JOIN access_role r ON r.id = q.role_id
        LEFT JOIN people_medewerker a ON a.id = q.requested_by_id
        LEFT JOIN people_medewerker m ON m.id = q.medewerker_id
        LEFT JOIN people_medewerker d ON d.id = q.decided_by_id
        LEFT JOIN people_unitperiod p ON p.unit_id = q.unit_id AND p.valid_from <= %(day)s
             AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        WHERE (%(uuid)s::uuid IS NULL OR q.uuid = %(uuid)s) ORDER BY (q.state <> 'awaiting'), q.requested_at DESC LIMIT 200"""
    return [RequestRecord(*row) for row in _rows(sql, {**_at(None, None), "uuid": uuid})]


def request_record(uuid: UUID) -> RequestRecord | None:
    """Return one request, or None."""
    found = requests(uuid=uuid)
    return found[0] if found else None


def conflicts_of(medewerker_id: int) -> Sequence[ConflictRecord]:
    """Return the cases that somebody shut to themselves."""
    rows = Conflict.objects.filter(medewerker_id=medewerker_id, recorded_to__isnull=True).order_by("-recorded_from")
    return [ConflictRecord(row.pk, row.zaak_uuid, row.reason, row.recorded_from) for row in rows]


def family_count(medewerker_id: int) -> int:
    """Return of how many relatives the cases are shut to somebody; who they are is nobody's business."""
    return Kin.objects.filter(medewerker_id=medewerker_id, recorded_to__isnull=True).count()
