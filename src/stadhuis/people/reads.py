"""Questions about people. Each is one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from stadhuis.kit import database
from stadhuis.kit.crypto import decrypt, lookup_hash, lookup_hashes
from stadhuis.kit.database import Statement
from stadhuis.kit.time import now, today
from stadhuis.people.actor import Actor, CompanyRecord, MedewerkerRecord, UnitRecord
from stadhuis.people.errors import InvalidBsn, InvalidKvk, NotKnown
from stadhuis.people.models import (
    Company,
    LoginSession,
    Medewerker,
    Passkey,
    Person,
    PersonBsn,
    Placement,
    Unit,
)
from stadhuis.people.rules import is_bsn, is_kvk


def bsn_lookup(bsn: str) -> bytes:
    """Return the hash a BSN is found by. Raises ``InvalidBsn``."""
    if not is_bsn(bsn):
        raise InvalidBsn
    return lookup_hash(bsn, about="bsn")


_FOUND: Final = Statement.compile(
    "SELECT person_id FROM people_personbsn WHERE lookup IN (:{first}, :{other}) ORDER BY person_id LIMIT 1"
)


def find_person(bsn: str) -> int | None:
    """Return the id of the person with this BSN, or None. Raises ``InvalidBsn``."""
    if not is_bsn(bsn):
        raise InvalidBsn
    lookups = lookup_hashes(bsn, about="bsn")
    row = _FOUND.first_row({"first": lookups[0], "other": lookups[-1]})
    return row[0] if row else None


def bsn_of(person_id: int) -> str:
    """Return the BSN of a person. Raises ``NotKnown`` when there is none (eIDAS, or no such person)."""
    try:
        return bsns_of([person_id])[person_id]
    except KeyError:
        raise NotKnown(f"no BSN for person {person_id}") from None


def bsns_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the BSNs of many persons at once; who has none is left out."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    if not wanted:
        return {}
    rows = PersonBsn.objects.filter(person_id__in=wanted).values_list("person_id", "cipher", "person__uuid")
    return {person_id: decrypt(bytes(cipher), about=str(uuid)) for person_id, cipher, uuid in rows}


def person_uuid(person_id: int) -> UUID:
    """Return the pseudonym of a person. Raises ``NotKnown``."""
    try:
        return person_uuids([person_id])[person_id]
    except KeyError:
        raise NotKnown(f"no person {person_id}") from None


def code_of(kind: str, uuid: UUID) -> str:
    """Return by what people know it: the user name of a member of staff, the code of a unit; "" for anything else."""
    if kind == "medewerker":
        return Medewerker.objects.filter(uuid=uuid).values_list("username", flat=True).first() or ""
    if kind == "unit":
        return Unit.objects.filter(uuid=uuid).values_list("code", flat=True).first() or ""
    return ""


def unit_code(unit_id: int) -> str:
    """Return the code of a unit, whether or not it is there today. Raises ``NotKnown``."""
    found = Unit.objects.filter(pk=unit_id).values_list("code", flat=True).first()
    if found is None:
        raise NotKnown(f"no unit {unit_id}")
    return found


def person_uuids(person_ids: Iterable[int]) -> dict[int, UUID]:
    """Return the pseudonyms of many persons at once."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "uuid"))


def find_company(kvk_nummer: str) -> int | None:
    """Return the id of the company with this KVK number, or None. Raises ``InvalidKvk``."""
    if not is_kvk(kvk_nummer):
        raise InvalidKvk
    return Company.objects.filter(kvk_nummer=kvk_nummer).values_list("pk", flat=True).first()


def company(company_id: int) -> CompanyRecord:
    """Return a company. Raises ``NotKnown``."""
    row = Company.objects.filter(pk=company_id).first()
    if row is None:
        raise NotKnown(f"no company {company_id}")
    return CompanyRecord(row.pk, row.uuid, row.kvk_nummer or "", row.rsin, row.naam)


def kvk_of(company_id: int) -> str:
    """Return the KVK number of a company; "" for one from another country (eIDAS). Raises ``NotKnown``."""
    return company(company_id).kvk_nummer


_MEDEWERKER = """
    SELECT m.id, m.uuid, m.username, m.naam, m.email, m.unit_id, u.code, COALESCE(p.naam, u.code), m.functie,
           (m.leaving_date IS NULL OR m.leaving_date > %(today)s), m.person_id, m.is_guest
      FROM people_medewerker m
      JOIN people_unit u ON u.id = m.unit_id
      LEFT JOIN people_unitperiod p
             ON p.unit_id = u.id AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
"""


def _medewerkers(where: str, **params: Any) -> list[MedewerkerRecord]:
    sql = f"{_MEDEWERKER} WHERE {where} ORDER BY m.naam, m.id"
    return [MedewerkerRecord(*row) for row in database.rows(sql, {"today": today(), **params})]


def medewerker(medewerker_id: int) -> MedewerkerRecord:
    """Return a member of staff, whether or not still working here. Raises ``NotKnown``."""
    found = _medewerkers("m.id = %(id)s", id=medewerker_id)
    if not found:
        raise NotKnown(f"no medewerker {medewerker_id}")
    return found[0]


def medewerker_by_username(username: str) -> MedewerkerRecord | None:
    """Return a member of staff by the name they log in with, or None."""
    found = _medewerkers("m.username = %(username)s", username=username.strip().lower())
    return found[0] if found else None


def medewerkers(unit: int | None = None, *, ids: Sequence[int] | None = None) -> list[MedewerkerRecord]:
    """Return who works here today, of one unit or of all, by name; with ``ids`` exactly those, former staff too."""
    if ids is not None:
        return _medewerkers("m.id = ANY(%(ids)s)", ids=list(ids))
    active = "(m.leaving_date IS NULL OR m.leaving_date > %(today)s)"
    if unit is None:
        return _medewerkers(active)
    return _medewerkers(f"{active} AND m.unit_id = %(unit)s", unit=unit)


def units(*, on: date | None = None) -> list[UnitRecord]:
    """Return the organisation as it is on a day (today), by name."""
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.code, p.naam, p.parent_id FROM people_unit u JOIN people_unitperiod p ON p.unit_id = u.id"
            " WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s) ORDER BY p.naam, u.id",
            {"day": day},
        )
        return [UnitRecord(*row) for row in cursor.fetchall()]


def unit_by_code(code: str, *, on: date | None = None) -> UnitRecord | None:
    """Return the unit with this code as it is on a day (today), or None."""
    return next((unit for unit in units(on=on) if unit.code == code), None)


def units_below(unit_id: int, *, on: date | None = None) -> set[int]:
    """Return a unit and everything under it on a day (today)."""
    day = on or today()
    sql = """
        WITH RECURSIVE below AS (
            SELECT %(unit)s::bigint AS id
            UNION
            SELECT p.unit_id FROM people_unitperiod p JOIN below b ON p.parent_id = b.id
             WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        ) SELECT id FROM below
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit_id, "day": day})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {row[0] for row in rows}


def units_below_sql(unit_sql: str, day_sql: str, *, found_sql: str = "u.code::text") -> str:
    """Return SQL for the codes of a unit and of everything under it on a day, an array; NULL for no unit.

    ``found_sql`` asks for something else of each unit ``u``.
    What ended stays under the unit below which it last hung: what it owned and did not hand over is still there.
    """
    return f"""(CASE WHEN {unit_sql} IS NOT NULL THEN ARRAY(
        WITH RECURSIVE below AS (
            SELECT {unit_sql}::bigint AS id
            UNION
            SELECT p.unit_id FROM people_unitperiod p JOIN below b ON p.parent_id = b.id
             WHERE p.valid_from <= {day_sql} AND NOT EXISTS (
                   SELECT 1 FROM people_unitperiod later WHERE later.unit_id = p.unit_id
                      AND later.valid_from > p.valid_from AND later.valid_from <= {day_sql})
        ) SELECT {found_sql} FROM people_unit u JOIN below b ON b.id = u.id ORDER BY 1) END)"""


# -- The account of staff ---------------------------------------------------------------------------------------------


def colleagues(*, seen_by: Actor) -> list[MedewerkerRecord]:
    """Return who works here, for somebody to choose from; nobody for a guest, who has no directory."""
    if seen_by.kind != "staff" or seen_by.pk is None:
        return []
    return _medewerkers(
        "(m.leaving_date IS NULL OR m.leaving_date > %(today)s)"
        " AND EXISTS (SELECT 1 FROM people_medewerker me WHERE me.id = %(me)s AND NOT me.is_guest)",
        me=seen_by.pk,
    )


PEOPLE_PAGE = 50


@dataclass(frozen=True)
class PersonLine:
    """One line of the list of people."""

    uuid: UUID
    username: str
    naam: str
    unit_naam: str
    functie: str
    is_guest: bool
    leaving_date: date | None
    works_here: bool
    is_invited: bool
    """Has no password yet."""


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list of people."""

    lines: tuple[PersonLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PEOPLE_PAGE))


def people_page(*, kind: str = "here", words: str = "", page: int = 1) -> PeoplePage:
    """Return a page of everybody (``here``, ``guests`` or ``left``) whose name, user name or mail has these words.

    For who administers people only. Two statements, however many people there are.
    """
    active = "(m.leaving_date IS NULL OR m.leaving_date > %(today)s)"
    which = {"here": active, "guests": f"m.is_guest AND {active}", "left": f"NOT {active}"}[kind]
    params: dict[str, Any] = {"today": today(), "limit": PEOPLE_PAGE, "offset": (max(page, 1) - 1) * PEOPLE_PAGE}
    for number, word in enumerate(words.split()[:6]):
        params[f"w{number}"] = f"%{_like(word)}%"
        which += f" AND (m.naam ILIKE %(w{number})s OR m.username ILIKE %(w{number})s OR m.email ILIKE %(w{number})s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM people_medewerker m WHERE {which}", params)
        total = int(cursor.fetchone()[0])
        cursor.execute(
            f"""
            SELECT m.uuid, m.username, m.naam, COALESCE(p.naam, u.code), m.functie, m.is_guest, m.leaving_date,
                   {active}, left(m.password, 1) = '!'
              FROM people_medewerker m JOIN people_unit u ON u.id = m.unit_id
              LEFT JOIN people_unitperiod p
                     ON p.unit_id = u.id AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
             WHERE {which} ORDER BY m.naam, m.id LIMIT %(limit)s OFFSET %(offset)s
            """,
            params,
        )
        lines = tuple(PersonLine(*row) for row in cursor.fetchall())
    return PeoplePage(lines, total, max(page, 1))


def _like(word: str) -> str:
    return word.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class AccountRecord:
    """Everything an administrator, or somebody about themselves, sees of an account. No secret is in it."""

    id: int
    uuid: UUID
    username: str
    naam: str
    email: str
    functie: str
    unit_id: int
    unit_naam: str
    is_guest: bool
    sponsor_id: int | None
    sponsor_naam: str
    purpose: str
    leaving_date: date | None
    works_here: bool
    successor_naam: str
    has_password: bool
    has_totp: bool
    needs_link: bool
    passkeys: int
    recovery_codes: int
    open_sessions: int
    open_invite_until: datetime | None
    is_bound: bool
    is_linked: bool
    """Whether it is known who they are as a resident; to whom is nobody's business."""
    groups: tuple[str, ...]


def account(*, medewerker_id: int | None = None, uuid: UUID | None = None) -> AccountRecord:
    """Return an account by id or uuid. One statement. Raises ``NotKnown``."""
    sql = """
        SELECT m.id, m.uuid, m.username, m.naam, m.email, m.functie, m.unit_id, COALESCE(p.naam, u.code), m.is_guest,
               m.sponsor_id, COALESCE(s.naam, ''), m.purpose, m.leaving_date,
               (m.leaving_date IS NULL OR m.leaving_date > %(today)s), COALESCE(o.naam, ''), left(m.password, 1) <> '!',
               EXISTS (SELECT 1 FROM people_totp t WHERE t.medewerker_id = m.id AND t.confirmed_at IS NOT NULL), m.needs_link,
               (SELECT count(*) FROM people_passkey k WHERE k.medewerker_id = m.id),
               (SELECT count(*) FROM people_recoverycode c WHERE c.medewerker_id = m.id AND c.used_at IS NULL),
               (SELECT count(*) FROM people_loginsession l WHERE l.medewerker_id = m.id AND l.ended_at IS NULL
                   AND l.ends_at > %(now)s AND l.last_seen_at > %(idle)s),
               (SELECT max(a.ends_at) FROM people_accountlink a WHERE a.medewerker_id = m.id AND a.kind = 'invite'
                   AND a.used_at IS NULL AND a.ended_at IS NULL AND a.ends_at > %(now)s),
               f.id IS NOT NULL, m.person_id IS NOT NULL, COALESCE(f.groups, '[]')::text
          FROM people_medewerker m JOIN people_unit u ON u.id = m.unit_id
          LEFT JOIN people_unitperiod p
                 ON p.unit_id = u.id AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
          LEFT JOIN people_medewerker s ON s.id = m.sponsor_id
          LEFT JOIN people_medewerker o ON o.id = m.successor_id
          LEFT JOIN people_staffmeans f ON f.medewerker_id = m.id
         WHERE m.id = %(id)s OR m.uuid = %(uuid)s
    """
    moment = now()
    idle = moment - timedelta(seconds=int(settings.STAFF_IDLE_SECONDS))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": medewerker_id, "uuid": uuid, "today": today(), "now": moment, "idle": idle})
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise NotKnown("no such account")
    return AccountRecord(*(*row[:-1], tuple(json.loads(row[-1]))))


@dataclass(frozen=True)
class SessionRecord:
    """An open session of a member of staff."""

    id: UUID
    means: str
    agent: str
    started_at: datetime
    last_seen_at: datetime


def open_sessions(medewerker_id: int) -> list[SessionRecord]:
    """Return the sessions of somebody that are still good, newest first."""
    moment = now()
    idle = moment - timedelta(seconds=int(settings.STAFF_IDLE_SECONDS))
    rows = LoginSession.objects.filter(
        medewerker_id=medewerker_id, ended_at__isnull=True, ends_at__gt=moment, last_seen_at__gt=idle
    ).order_by("-started_at")
    return [SessionRecord(row.pk, row.means, row.agent, row.started_at, row.last_seen_at) for row in rows]


@dataclass(frozen=True)
class PasskeyRecord:
    """A passkey as its owner sees it."""

    uuid: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


def passkeys_of(medewerker_id: int) -> list[PasskeyRecord]:
    """Return somebody's passkeys, oldest first."""
    rows = Passkey.objects.filter(medewerker_id=medewerker_id).order_by("created_at", "pk")
    return [PasskeyRecord(row.uuid, row.name, row.created_at, row.last_used_at) for row in rows]


@dataclass(frozen=True)
class AbsenceRecord:
    """Days on which somebody is away, and who looks after their work."""

    uuid: UUID
    medewerker_id: int
    naam: str
    username: str
    replacement_id: int | None
    replacement_naam: str
    first_day: date
    last_day: date

    def absent(self) -> Actor:
        """Return who is away, as the one for whom a replacement acts."""
        return Actor(kind="staff", pk=self.medewerker_id, key=f"staff:{self.username}", label=self.naam)


def _absences(where: str, **params: Any) -> list[AbsenceRecord]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.uuid, m.id, m.naam, m.username, r.id, COALESCE(r.naam, ''), a.first_day, a.last_day"
            "  FROM people_absence a JOIN people_medewerker m ON m.id = a.medewerker_id"
            "  LEFT JOIN people_medewerker r ON r.id = a.replacement_id"
            f" WHERE a.cancelled_at IS NULL AND {where} ORDER BY a.first_day, a.id",
            {"today": today(), **params},
        )
        return [AbsenceRecord(*row) for row in cursor.fetchall()]


def absences_of(medewerker_id: int) -> list[AbsenceRecord]:
    """Return the absences of somebody that run or are to come."""
    return _absences("a.medewerker_id = %(who)s AND a.last_day >= %(today)s", who=medewerker_id)


def replaced_by(medewerker_id: int) -> list[AbsenceRecord]:
    """Return for whom somebody stands in today; nothing once they left. One statement."""
    return _absences(
        "a.replacement_id = %(who)s AND %(today)s BETWEEN a.first_day AND a.last_day"
        " AND (r.leaving_date IS NULL OR r.leaving_date > %(today)s) AND NOT r.is_guest",
        who=medewerker_id,
    )


@dataclass(frozen=True)
class GuestRecord:
    """A guest as their sponsor sees them."""

    uuid: UUID
    naam: str
    purpose: str
    end: date
    works_here: bool


def guests_of(sponsor_id: int) -> list[GuestRecord]:
    """Return the guests somebody is the sponsor of, who end first on top; former ones for a month."""
    rows = Medewerker.objects.filter(
        is_guest=True, sponsor_id=sponsor_id, leaving_date__gt=today() - timedelta(days=31)
    ).order_by("leaving_date", "pk")
    return [GuestRecord(row.uuid, row.naam, row.purpose, row.leaving_date or today(), row.works_here) for row in rows]


@dataclass(frozen=True)
class TreeLine:
    """A unit in the tree of a day, with its depth and how many people were in it that day."""

    id: int
    code: str
    naam: str
    parent_id: int | None
    depth: int
    people: int

    @property
    def steps(self) -> range:
        """One for each level above, to indent by."""
        return range(self.depth)

    @property
    def level(self) -> int:
        """1 for what stands at the top."""
        return self.depth + 1


def unit_tree(*, on: date) -> list[TreeLine]:
    """Return the organisation of a day as a tree, each unit under the one it hangs below. One statement.

    A unit of which the one above is not there that day stands at the top.
    """
    sql = """
        WITH RECURSIVE open_then AS (
            SELECT p.unit_id, p.naam, p.parent_id, u.code,
                   (SELECT count(*) FROM people_placement l JOIN people_medewerker m ON m.id = l.medewerker_id
                     WHERE l.unit_id = p.unit_id AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to > %(day)s)
                       AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s)) AS people
              FROM people_unitperiod p JOIN people_unit u ON u.id = p.unit_id
             WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        ), tree AS (
            SELECT o.*, 0 AS depth, ARRAY[o.naam, o.unit_id::text] AS path FROM open_then o
             WHERE o.parent_id IS NULL OR NOT EXISTS (SELECT 1 FROM open_then a WHERE a.unit_id = o.parent_id)
            UNION ALL
            SELECT o.*, t.depth + 1, t.path || o.naam || o.unit_id::text
              FROM open_then o JOIN tree t ON o.parent_id = t.unit_id WHERE t.depth < 30
        ) SELECT unit_id, code, naam, parent_id, depth, people FROM tree ORDER BY path
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": on})
        return [TreeLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class UnitPeriodRecord:
    """What a unit was called and where it hung, and in what it went up."""

    naam: str
    parent_naam: str
    valid_from: date
    valid_to: date | None


def unit_history(unit_id: int) -> list[UnitPeriodRecord]:
    """Return the periods of a unit, newest first; the unit above by its name at the start of each."""
    sql = """
        SELECT p.naam, COALESCE(a.naam, ''), p.valid_from, p.valid_to
          FROM people_unitperiod p
          LEFT JOIN people_unitperiod a ON a.unit_id = p.parent_id AND a.valid_from <= p.valid_from
                AND (a.valid_to IS NULL OR a.valid_to > p.valid_from)
         WHERE p.unit_id = %s ORDER BY p.valid_from DESC
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [unit_id])
        return [UnitPeriodRecord(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class UnitIdentity:
    """A unit, whether or not it is there today."""

    id: int
    code: str
    merged_into_code: str
    merged_into_naam: str


def unit_of_code(code: str) -> UnitIdentity | None:
    """Return a unit by its code on whatever day, or None."""
    row = Unit.objects.select_related("merged_into").filter(code=code).first()
    if row is None:
        return None
    into = row.merged_into
    last = into.periods.order_by("-valid_from").first() if into else None
    return UnitIdentity(row.pk, row.code, into.code if into else "", last.naam if last else "")


@dataclass(frozen=True)
class PlacementRecord:
    """Who was in a unit, from when until when."""

    medewerker: UUID
    naam: str
    functie: str
    valid_from: date
    valid_to: date | None


def people_in(unit_id: int, *, on: date) -> list[PlacementRecord]:
    """Return who belonged to a unit on a day, by name. One statement."""
    sql = """
        SELECT m.uuid, m.naam, m.functie, l.valid_from, l.valid_to
          FROM people_placement l JOIN people_medewerker m ON m.id = l.medewerker_id
         WHERE l.unit_id = %(unit)s AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to > %(day)s)
           AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s)
         ORDER BY m.naam, m.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit_id, "day": on})
        return [PlacementRecord(*row) for row in cursor.fetchall()]


def unit_of(medewerker_id: int, *, on: date) -> int | None:
    """Return in which unit somebody was on a day, or None."""
    return (
        Placement.objects.filter(medewerker_id=medewerker_id, valid_from__lte=on)
        .exclude(valid_to__lte=on)
        .values_list("unit_id", flat=True)
        .first()
    )


@dataclass(frozen=True)
class GroupRoleRecord:
    """A role that a group at the log-in provider gives."""

    id: int
    group: str
    role_code: str
    unit_id: int
    unit_naam: str


def group_roles(*, groups: Sequence[str] | None = None) -> list[GroupRoleRecord]:
    """Return which groups give which roles; with ``groups`` only those. One statement."""
    sql = """
        SELECT g.id, g."group", g.role_code, g.unit_id, COALESCE(p.naam, u.code)
          FROM people_grouprole g JOIN people_unit u ON u.id = g.unit_id
          LEFT JOIN people_unitperiod p
                 ON p.unit_id = u.id AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
         WHERE %(all)s OR g."group" = ANY(%(groups)s) ORDER BY g."group", g.role_code, g.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today(), "all": groups is None, "groups": list(groups or ())})
        return [GroupRoleRecord(*row) for row in cursor.fetchall()]
