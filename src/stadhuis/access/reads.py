"""What someone may, as one SQL condition; and which application a client id belongs to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from stadhuis.access.errors import NotFound, UnknownAction
from stadhuis.access.guards import Guarded, check_alias, fill, guarded, own
from stadhuis.access.models import Client, ClientSecret
from stadhuis.access.rules import (
    ACTIONS,
    ADMINISTRATION,
    ALWAYS,
    BARRED,
    BARRED_SCOPE,
    COMPONENT_OF_KIND,
    EVERY_TYPE,
    HIGHEST,
    NEVER,
    OWN_ACTIONS,
    SCOPES,
    Allowance,
    AutorisatieData,
    Condition,
    allows,
    both,
    compile_allowances,
    either,
    owned_by,
    units_for,
)
from stadhuis.kit import database
from stadhuis.kit.crypto import decrypt
from stadhuis.kit.database import Statement
from stadhuis.kit.memory import remembered_while_reading
from stadhuis.kit.time import AMSTERDAM, local, now, today
from stadhuis.people import public as people
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class ApplicatieRecord:
    """An application with everything it may do."""

    id: int
    uuid: UUID
    label: str
    client_ids: tuple[str, ...]
    heeft_alle_autorisaties: bool
    alleen_is_gereed_voor_publicatie: bool
    autorisaties: tuple[AutorisatieData, ...]

    def scopes(self, component: str) -> frozenset[str]:
        """Return all scopes it has in a component, for whatever type."""
        return frozenset(
            scope
            for autorisatie in self.autorisaties
            if autorisatie.component == component
            for scope in autorisatie.scopes
        )

    def has_scope(self, component: str, *any_of: str) -> bool:
        """Return whether it has one of the scopes in a component, for at least one type."""
        return self.heeft_alle_autorisaties or not self.scopes(component).isdisjoint(any_of)


_APPLICATIE = """
    SELECT a.id, a.uuid, a.label::text, a.heeft_alle_autorisaties, a.alleen_is_gereed_voor_publicatie,
           ARRAY(SELECT c.client_id::text FROM access_client c WHERE c.applicatie_id = a.id ORDER BY c.id),
           COALESCE((SELECT json_agg(json_build_array(t.component, t.scopes, t.type_ref, t.type_url, t.type_uuid,
                                                      t.all_versions, t.max_level, t.domein) ORDER BY t.id)
                       FROM access_autorisatie t WHERE t.applicatie_id = a.id)::text, '[]')
      FROM access_applicatie a
"""


def _applicatie(row: tuple[Any, ...]) -> ApplicatieRecord:
    id_, uuid, label, all_, only_ready, client_ids, autorisaties = row[:7]
    return ApplicatieRecord(
        id=id_,
        uuid=uuid,
        label=label,
        client_ids=tuple(client_ids),
        heeft_alle_autorisaties=all_,
        alleen_is_gereed_voor_publicatie=only_ready,
        autorisaties=tuple(
            AutorisatieData(
                component, tuple(scopes), ref, url, UUID(version) if version else None, every, level, domein
            )
            for component, scopes, ref, url, version, every, level, domein in json.loads(autorisaties)
        ),
    )


def applicatie_for(client_id: str) -> ApplicatieRecord | None:
    """Return the application a client id belongs to, with all it may do, or None. One statement."""
    found = database.rows(
        f"{_APPLICATIE} JOIN access_client k ON k.applicatie_id = a.id WHERE k.client_id = %s", [client_id]
    )
    return _applicatie(found[0]) if found else None


def applicatie_for_change(uuid: UUID) -> ApplicatieRecord:
    """Return an application and hold it until the transaction ends: nobody else changes it. Raises ``NotFound``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_applicatie WHERE uuid = %s FOR UPDATE", [uuid])
        row = cursor.fetchone()
    record = applicatie_by_id(row[0]) if row else None
    if record is None:
        raise NotFound(f"no applicatie {uuid}")
    return record


def applicatie_by_id(applicatie_id: int) -> ApplicatieRecord | None:
    """Return an application by its id, or None."""
    found = database.rows(f"{_APPLICATIE} WHERE a.id = %s", [applicatie_id])
    return _applicatie(found[0]) if found else None


def taken_client_ids(client_ids: Iterable[str], *, applicatie_id: int | None = None) -> list[str]:
    """Return those of the client ids that are another application's, or once were. Source: ac-001."""
    rows = Client.objects.filter(client_id__in=list(client_ids))
    if applicatie_id is not None:
        rows = rows.exclude(applicatie_id=applicatie_id)
    return sorted(rows.values_list("client_id", flat=True))


@dataclass(frozen=True)
class SecretRecord:
    """A secret of a client id, without the secret: its slot, since when it is there, when it was last used (roughly)."""

    id: int
    client_id: str
    slot: int
    created_at: datetime
    last_used_at: datetime | None


def secrets_of(client_id: str) -> list[SecretRecord]:
    """Return the secrets of a client id by slot. Raises ``NotFound``. Two statements."""
    if not Client.objects.filter(client_id=client_id, applicatie__isnull=False).exists():
        raise NotFound(f"no client {client_id}")
    rows = ClientSecret.objects.filter(client__client_id=client_id).order_by("slot")
    return [SecretRecord(row.pk, client_id, row.slot, row.created_at, row.last_used_at) for row in rows]


@dataclass(frozen=True)
class KnownClient:
    """The application of a client id, its valid secrets, and when its calls were last noted."""

    applicatie: ApplicatieRecord
    secrets: list[tuple[SecretRecord, str]]
    noted: tuple[datetime | None, datetime | None]
    """When the last success and the last error of this client id were noted."""


_WITH_SECRETS = Statement.compile(f"""
    SELECT * FROM ({_APPLICATIE} JOIN access_client k ON k.applicatie_id = a.id WHERE k.client_id = :{{client_id}}) app,
           LATERAL (SELECT array_agg(s.cipher ORDER BY s.slot), array_agg(s.id ORDER BY s.slot),
                           array_agg(s.slot ORDER BY s.slot), array_agg(s.created_at ORDER BY s.slot),
                           array_agg(s.last_used_at ORDER BY s.slot) FROM access_clientsecret s
                      JOIN access_client k ON k.id = s.client_id WHERE k.client_id = :{{client_id}}) secrets
           LEFT JOIN LATERAL (SELECT c.answered_at, c.failed_at FROM access_lastcall c
                               WHERE c.client_id = :{{client_id}}) l ON TRUE
""")


def applicatie_with_secrets(client_id: str) -> KnownClient | None:
    """Return an application and the secrets that are valid for this client id, or None. One statement."""
    row = _WITH_SECRETS.first_row({"client_id": client_id})
    if row is None:
        return None
    secrets = zip(*(column or [] for column in row[7:12]), strict=True)
    return KnownClient(
        _applicatie(row),
        [
            (SecretRecord(pk, client_id, slot, created, used), decrypt(bytes(cipher), about=f"client:{client_id}"))
            for cipher, pk, slot, created, used in secrets
        ],
        (row[12], row[13]),
    )


# -- The rule ---------------------------------------------------------------------------------------------------------

_GRANTS = f"""
    SELECT m.person_id, g.action, g.type_ref, g.max_level,
           EXISTS (SELECT 1 FROM access_kin k WHERE k.medewerker_id = m.id AND k.recorded_from <= %(known)s
                      AND (k.recorded_to IS NULL OR k.recorded_to > %(known)s)),
           EXISTS (SELECT 1 FROM access_conflict c WHERE c.medewerker_id = m.id AND c.recorded_from <= %(known)s
                      AND (c.recorded_to IS NULL OR c.recorded_to > %(known)s)),
           EXISTS (SELECT 1 FROM access_breakglass b WHERE b.medewerker_id = m.id AND b.starts_at <= %(known)s
                      AND b.starts_at <= %(until)s AND b.ends_at > %(since)s),
           EXISTS (SELECT 1 FROM access_bar bar WHERE bar.starts_at <= %(known)s
                      AND (bar.lifted_at IS NULL OR bar.lifted_at > %(known)s)
                      AND (bar.ends_on IS NULL OR bar.ends_on > %(day)s)),
           {people.units_below_sql("g.unit_id", "%(day)s")}, m.id
      FROM people_medewerker m
      LEFT JOIN (access_membership l
                 JOIN access_grant g ON g.role_id = l.role_id
                  AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
                  AND g.recorded_from <= %(known)s AND (g.recorded_to IS NULL OR g.recorded_to > %(known)s))
             ON l.medewerker_id = m.id
            AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to > %(day)s)
            AND l.recorded_from <= %(known)s AND (l.recorded_to IS NULL OR l.recorded_to > %(known)s)
     WHERE m.id = ANY(%(medewerkers)s) AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s)
"""


@dataclass(frozen=True)
class When:
    """A question in two times: the day it is about, and what was known at a moment."""

    day: date
    known: datetime
    since: datetime
    until: datetime
    """Within which something that runs by the clock (break-glass) must have been open."""

    @classmethod
    def of(cls, on: date | None, known_at: datetime | None) -> When:
        """Return the question as asked; now when nothing is said."""
        moment = known_at or now()
        day = on or today()
        if day == local(moment).date():
            return cls(day, moment, moment, moment)
        start = datetime.combine(day, time.min, tzinfo=AMSTERDAM)
        return cls(day, moment, start, start + timedelta(days=1))


@dataclass(frozen=True)
class _Staff:
    """What the rule must know about a member of staff."""

    pk: int
    person_id: int | None
    allowances: list[Allowance]
    has_kin: bool
    has_conflicts: bool
    has_glass: bool
    when: When
    has_bars: bool = False
    barred: tuple[Allowance, ...] = ()
    """For which types and levels they see cases of barred persons."""


def _staff(actor: Actor, action: str, *, on: date | None, known_at: datetime | None) -> _Staff | None:
    when = When.of(on, known_at)
    rows = (
        _grants([actor.pk], when)
        if on or known_at
        else remembered_while_reading("grants", actor.pk, lambda: _grants([actor.pk], when))
    )
    if not rows or actor.pk is None:
        return None
    person_id, _, _, _, has_kin, has_conflicts, has_glass, has_bars, _, _ = rows[0]
    allowances = [_allowance(row) for row in rows if row[1] == action]
    barred = tuple(_allowance(row) for row in rows if row[1] == BARRED)
    return _Staff(actor.pk, person_id, allowances, has_kin, has_conflicts, has_glass, when, has_bars, barred)


def _allowance(row: Sequence[Any]) -> Allowance:
    units = row[8]
    return Allowance(row[2], row[3], units=None if units is None else tuple(units))


def read_ahead(medewerker_ids: Collection[int]) -> None:
    """Read what all of these are granted in one statement, so that ``may`` asks nothing for each of them in this request.

    Only a request that reads remembers it; anywhere else ``may`` asks each time.
    """
    ids = list(medewerker_ids)
    if not ids:
        return
    found = remembered_while_reading("grants of", tuple(ids), lambda: _grants(ids, When.of(None, None)))
    of_each: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in ids}
    for row in found:
        of_each[row[-1]].append(row)
    for pk, rows in of_each.items():
        remembered_while_reading("grants", pk, partial(list, rows))


def _grants(medewerker_ids: Sequence[int | None], when: When) -> list[tuple[Any, ...]]:
    """Return all that people may, one row per grant; a page asks for many actions. Nobody who left has a row."""
    return database.rows(
        _GRANTS,
        {
            "day": when.day,
            "known": when.known,
            "since": when.since,
            "until": when.until,
            "medewerkers": [pk for pk in medewerker_ids if pk is not None],
        },
    )


def administration_of(actor: Actor) -> frozenset[str]:
    """Return which ``beheer.*`` actions someone has today; nothing for a guest, whatever their roles say. One statement."""
    if actor.kind != "staff":
        return frozenset()
    return frozenset(
        action
        for (action,) in database.rows(
            "SELECT DISTINCT g.action FROM people_medewerker m"
            "  JOIN access_membership l ON l.medewerker_id = m.id"
            "   AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to > %(day)s) AND l.recorded_to IS NULL"
            "  JOIN access_grant g ON g.role_id = l.role_id AND g.action = ANY(%(actions)s)"
            "   AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s) AND g.recorded_to IS NULL AND g.unit_id IS NULL"
            " WHERE m.id = %(medewerker)s AND NOT m.is_guest AND (m.leaving_date IS NULL OR m.leaving_date > %(day)s)",
            {"day": today(), "actions": sorted(ADMINISTRATION), "medewerker": actor.pk},
        )
    )


def applicatie_allowances(record: ApplicatieRecord, component: str, scopes: Sequence[str]) -> list[Allowance]:
    """Return for which types and levels an application has one of the scopes. Source: ZGW BEHAVIOUR 4.1."""
    if record.heeft_alle_autorisaties:
        return [Allowance(EVERY_TYPE, HIGHEST)]
    return [
        Allowance(
            autorisatie.type_ref,
            # A besluittype has no maximum; where the standard asks for one, none given means nothing allowed.
            autorisatie.max_level or (HIGHEST if component == "brc" else 0),
            None if autorisatie.all_versions else autorisatie.type_uuid,
            autorisatie.domein if autorisatie.all_versions else "",
        )
        for autorisatie in record.autorisaties
        if autorisatie.component == component
        and not set(scopes).isdisjoint(autorisatie.scopes)
        and (
            (autorisatie.type_ref or autorisatie.domein)
            if autorisatie.all_versions
            else autorisatie.type_uuid is not None
        )
    ]


def _needed_scopes(
    action: str, kind: str, table_component: str, scopes: Sequence[str] | None
) -> tuple[str, Sequence[str]]:
    if scopes is not None:
        return table_component or COMPONENT_OF_KIND[kind], scopes
    component, needed = SCOPES.get(action, ("", ()))
    if action == "audittrail.lezen":
        component = table_component or COMPONENT_OF_KIND[kind]
    return component, needed


def predicate(
    actor: Actor,
    action: str,
    *,
    kind: str = "zaak",
    alias: str = "z",
    scopes: Sequence[str] | None = None,
    applicatie: ApplicatieRecord | None = None,
    on: date | None = None,
    known_at: datetime | None = None,
) -> Condition:
    """Return ONE SQL condition: the rows of a guarded table on which ``actor`` may do ``action``.

    "FALSE" when nothing is allowed, "TRUE" for the system. For an application ``scopes`` names the scopes of which one
    will do (by default those that belong to the action) and ``applicatie`` saves looking it up again. ``on`` and
    ``known_at`` ask about the past: who could see this on that day, as we knew it then.

    Raises ``UnknownAction`` and ``UnknownGuard`` (programming errors).
    """
    table = guarded(kind)
    check_alias(alias)
    return _condition(
        actor, action, table, scopes=scopes, applicatie=applicatie, on=on, known_at=known_at,
        type_sql=f"{alias}.{table.type_column}", level_sql=table.level_sql(alias),
        version_sql=table.version_sql.replace("{alias}", alias), own_alias=alias,
        unit_sql=owners_sql_of(table, When.of(on, known_at), alias) if on or known_at else
        table.unit_sql.replace("{alias}", alias),
    )  # fmt: skip


def predicate_by_type(
    applicatie: ApplicatieRecord, *, kind: str, alias: str, scopes: Sequence[str]
) -> tuple[Condition, str] | None:
    """Return ``predicate`` of an application in two: what its rights say of type and level, and the rows that are left out
    of that because somebody in them is barred ("": none). None where it looks at more of a row than that.
    """
    table = guarded(kind)
    check_alias(alias)
    if applicatie.alleen_is_gereed_voor_publicatie and table.ready_sql:
        return None
    granted = _granted(
        applicatie, table, scopes=scopes, type_sql=f"{alias}.{table.type_column}", level_sql=table.level_sql(alias),
        version_sql=table.version_sql.replace("{alias}", alias),
    )  # fmt: skip
    if granted.is_never or sees_barred(applicatie) or not table.involved_sql:
        return granted, ""
    barred = fill(table.involved_sql, alias=alias, person_id=None, company_id=None, persons_sql=_in_force())
    return granted, barred


def _granted(
    applicatie: ApplicatieRecord,
    table: Guarded,
    *,
    scopes: Sequence[str] | None,
    type_sql: str,
    level_sql: str,
    version_sql: str,
    action: str = "",
) -> Condition:
    """Return what the rights of an application say of the type and level of a row."""
    component, needed = _needed_scopes(action, table.kind, table.component, scopes)
    return compile_allowances(
        applicatie_allowances(applicatie, component, needed),
        type_sql=type_sql, level_sql=level_sql, version_sql=version_sql,
    )  # fmt: skip


def predicate_by_uuid(
    actor: Actor, action: str, *, kind: str, type_sql: str, level_sql: str, uuid_sql: str, owner_sql: str = ""
) -> Condition:
    """Return the same rule for a table that carries the guard columns and the uuid of a guarded row (the search index).

    ``owner_sql`` is its column with the code of the unit that owns the row.
    """
    table = guarded(kind)
    return _condition(
        actor, action, table, type_sql=type_sql, level_sql=level_sql, own_alias="own_row", uuid_sql=uuid_sql,
        unit_sql=f"SELECT {owner_sql}" if owner_sql else "",
        version_sql="" if not (table.version_sql and table.table) else
        f"(SELECT {table.version_sql.replace('{alias}', 'own_row')} FROM {table.table} own_row WHERE own_row.uuid = {uuid_sql})",
    )  # fmt: skip


def _condition(
    actor: Actor,
    action: str,
    table: Guarded,
    *,
    type_sql: str,
    level_sql: str,
    version_sql: str,
    own_alias: str,
    unit_sql: str,
    uuid_sql: str = "",
    scopes: Sequence[str] | None = None,
    applicatie: ApplicatieRecord | None = None,
    on: date | None = None,
    known_at: datetime | None = None,
) -> Condition:
    if scopes is None and action not in ACTIONS:
        raise UnknownAction(action)
    if actor.kind == "system":
        return ALWAYS
    if actor.kind in {"resident", "company"}:
        return _by_uuid(own(table, actor, alias=own_alias), table, uuid_sql) if action in OWN_ACTIONS else NEVER
    if actor.kind == "applicatie":
        record = applicatie or (applicatie_by_id(actor.pk) if actor.pk is not None else None)
        if record is None:
            return NEVER
        granted = _granted(
            record, table, scopes=scopes, type_sql=type_sql, level_sql=level_sql, version_sql=version_sql, action=action
        )
        if granted.is_never:
            return granted
        if record.alleen_is_gereed_voor_publicatie and table.ready_sql:
            # Source: Autorisaties API 1.1.0, alleenIsGereedVoorPublicatie.
            ready = Condition(table.ready_sql.replace("{alias}", own_alias))
            granted = both(granted, _by_uuid(ready, table, uuid_sql))
        return granted if sees_barred(record) else both(granted, _without_barred(table, own_alias, uuid_sql))
    staff = _staff(actor, action, on=on, known_at=known_at)
    if staff is None:
        return NEVER
    granted = compile_allowances(staff.allowances, type_sql=type_sql, level_sql=level_sql, unit_sql=unit_sql)
    if staff.has_glass and action in OWN_ACTIONS:
        granted = either([granted, _by_uuid(_glass(table, staff, own_alias), table, uuid_sql)])
    if granted.is_never:
        return granted
    barred = compile_allowances(staff.barred, type_sql=type_sql, level_sql=level_sql, unit_sql=unit_sql)
    shut = _not_barred(table, staff, own_alias, uuid_sql)
    return both(both(granted, either([barred, shut])), _not_own(table, staff, own_alias, uuid_sql))


def _moment(moment: datetime) -> str:
    return f"'{moment.astimezone(UTC).isoformat()}'::timestamptz"


def _known(alias: str, when: When) -> str:
    known = _moment(when.known)
    return f"{alias}.recorded_from <= {known} AND ({alias}.recorded_to IS NULL OR {alias}.recorded_to > {known})"


def own_sql_of(table: Guarded, staff: _Staff, alias: str) -> str:
    """Return the SQL of: somebody of the family, or they themselves, have a part in this row; "" when there is nobody."""
    if staff.has_kin:
        persons = f"SELECT kin.person_id FROM access_kin kin WHERE kin.medewerker_id = {int(staff.pk)} AND {_known('kin', staff.when)}"
        if staff.person_id is not None:
            persons += f" UNION ALL SELECT {int(staff.person_id)}"
        return fill(table.involved_sql, alias=alias, person_id=None, company_id=None, persons_sql=persons)
    if staff.person_id is not None:
        return fill(table.involved_sql, alias=alias, person_id=staff.person_id, company_id=None)
    return ""


def conflict_sql_of(table: Guarded, staff: _Staff, alias: str) -> str:
    """Return the SQL of: they said that this case touches them."""
    return (
        f"EXISTS (SELECT 1 FROM access_conflict own WHERE own.medewerker_id = {int(staff.pk)} AND {_known('own', staff.when)}"
        f" AND own.zaak_uuid IN ({table.case_sql.replace('{alias}', check_alias(alias))}))"
    )


def owners_sql_of(table: Guarded, when: When, alias: str) -> str:
    """Return the SQL that selects the codes of the units that owned a row at the moment asked about."""
    at = _moment(min(when.known, when.until))
    return table.unit_then_sql.replace("{alias}", check_alias(alias)).replace("{at}", at)


def sees_barred(record: ApplicatieRecord) -> bool:
    """Return whether an application sees cases of barred persons."""
    return record.heeft_alle_autorisaties or any(BARRED_SCOPE in one.scopes for one in record.autorisaties)


def barred_sql_of(table: Guarded, when: When, alias: str) -> str:
    """Return the SQL of: somebody who was barred on that day, as we knew it then, has a part in this row."""
    known = _moment(when.known)
    return fill(
        table.involved_sql, alias=alias, person_id=None, company_id=None,
        persons_sql=f"SELECT bar.person_id FROM access_bar bar WHERE bar.starts_at <= {known}"
        f" AND (bar.lifted_at IS NULL OR bar.lifted_at > {known}) AND {_not_ended(when.day)}",
    )  # fmt: skip


def _not_ended(day: date) -> str:
    return f"(bar.ends_on IS NULL OR bar.ends_on > '{day.isoformat()}'::date)"


def _not_barred(table: Guarded, staff: _Staff, alias: str, uuid_sql: str) -> Condition:
    """A case of a barred person stays shut. Where that cannot be told, nothing opens."""
    if not staff.has_bars:
        return ALWAYS
    if not table.involved_sql:
        return NEVER
    wrapped = _by_uuid(Condition(barred_sql_of(table, staff.when, alias)), table, uuid_sql)
    return NEVER if wrapped.is_never else Condition(f"NOT ({wrapped.sql})", wrapped.params)


def _without_barred(table: Guarded, alias: str, uuid_sql: str) -> Condition:
    """The same for an application, in a text that stays the same all day: what is compiled from it is kept."""
    if not table.involved_sql:
        return ALWAYS
    in_force = _in_force()
    wrapped = _by_uuid(
        Condition(fill(table.involved_sql, alias=alias, person_id=None, company_id=None, persons_sql=in_force)),
        table, uuid_sql,
    )  # fmt: skip
    # The first half is asked once per statement; while nobody is barred, no row pays for this.
    return NEVER if wrapped.is_never else Condition(f"(NOT EXISTS ({in_force}) OR NOT ({wrapped.sql}))", wrapped.params)


def _in_force() -> str:
    return f"SELECT bar.person_id FROM access_bar bar WHERE bar.lifted_at IS NULL AND {_not_ended(today())}"


def _not_own(table: Guarded, staff: _Staff, alias: str, uuid_sql: str) -> Condition:
    """Nobody opens or decides their own case or that of their family, or one they have an interest in (Awb art. 2:4).

    Where that cannot be told, nothing opens.
    """
    parts: list[Condition] = []
    if staff.has_kin or staff.person_id is not None:
        parts.append(Condition(own_sql_of(table, staff, alias)) if table.involved_sql else NEVER)
    if staff.has_conflicts:
        parts.append(Condition(conflict_sql_of(table, staff, alias)) if table.case_sql else NEVER)
    if not parts:
        return ALWAYS
    if any(part.is_never for part in parts):
        return NEVER
    shut = ALWAYS
    for part in parts:
        # Each by itself: of an OR of two the planner makes no join, and looks at every row of the town.
        wrapped = _by_uuid(part, table, uuid_sql)
        shut = both(shut, NEVER if wrapped.is_never else Condition(f"NOT ({wrapped.sql})", wrapped.params))
    return shut


def _glass(table: Guarded, staff: _Staff, alias: str) -> Condition:
    """Break-glass: one case, for one person, for a limited time. Where the case cannot be told, nothing opens."""
    if not table.case_sql:
        return NEVER
    when = staff.when
    return Condition(
        f"EXISTS (SELECT 1 FROM access_breakglass glass WHERE glass.medewerker_id = {int(staff.pk)}"
        f" AND glass.starts_at <= {_moment(min(when.known, when.until))} AND glass.ends_at > {_moment(when.since)}"
        f" AND glass.zaak_uuid IN ({table.case_sql.replace('{alias}', check_alias(alias))}))"
    )


def _by_uuid(condition: Condition, table: Guarded, uuid_sql: str) -> Condition:
    if not uuid_sql or condition.is_never:
        return condition
    if not table.table:
        return NEVER
    return Condition(
        f"EXISTS (SELECT 1 FROM {table.table} own_row WHERE own_row.uuid = {uuid_sql} AND {condition.sql})",
        condition.params,
    )


def may(
    actor: Actor,
    action: str,
    *,
    zaaktype_ref: str,
    level: int,
    zaak_id: int | None = None,
    type_uuid: UUID | None = None,
    scopes: Sequence[str] | None = None,
    applicatie: ApplicatieRecord | None = None,
    kind: str = "zaak",
) -> bool:
    """Return whether ``actor`` may do ``action`` on one case of this type and level.

    With ``zaak_id`` its own-case rule counts too: for a resident whether the case is theirs, for staff whether it is
    not, and what is granted for a unit holds when that unit owns it. Without it (a case that is still to be made) a resident
    may nothing, and neither does somebody whose grants are all bound to a unit: nobody owns it yet.
    """
    if scopes is None and action not in ACTIONS:
        raise UnknownAction(action)
    if actor.kind == "system":
        return True
    table = guarded(kind)
    if actor.kind in {"resident", "company"}:
        return action in OWN_ACTIONS and zaak_id is not None and _holds(own(table, actor, alias="z"), zaak_id)
    if actor.kind == "applicatie":
        record = applicatie or (applicatie_by_id(actor.pk) if actor.pk is not None else None)
        if record is None:
            return False
        component, needed = _needed_scopes(action, kind, table.component, scopes)
        granted = applicatie_allowances(record, component, needed)
        if not allows(granted, type_ref=zaaktype_ref, level=level, type_uuid=type_uuid):
            return False
        return zaak_id is None or sees_barred(record) or _holds(_without_barred(table, "z", ""), zaak_id)
    staff = _staff(actor, action, on=None, known_at=None)
    if staff is None:
        return False
    if not _grant_covers(staff.allowances, table, zaaktype_ref, level, zaak_id):
        opens = staff.has_glass and action in OWN_ACTIONS and zaak_id is not None
        if not opens or not _holds(_glass(table, staff, "z"), zaak_id):
            return False
    if zaak_id is None:
        return True
    if not (
        allows(staff.barred, type_ref=zaaktype_ref, level=level)
        or _holds(_not_barred(table, staff, "z", ""), zaak_id)
        or _grant_covers(staff.barred, table, zaaktype_ref, level, zaak_id)
    ):
        return False
    return _holds(_not_own(table, staff, "z", ""), zaak_id)


def _grant_covers(
    allowances: Sequence[Allowance], table: Guarded, type_ref: str, level: int, row_id: int | None
) -> bool:
    """Return whether a grant covers one row; who owns it is asked only when it hangs on that."""
    if allows(allowances, type_ref=type_ref, level=level):
        return True
    units = units_for(allowances, type_ref=type_ref, level=level)
    return bool(units) and _holds(owned_by(units, table.unit_sql.replace("{alias}", "z")), row_id)


def _holds(condition: Condition, row_id: int | None) -> bool:
    if condition.is_never or row_id is None:
        return False
    if condition == ALWAYS:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM (SELECT %s::bigint AS id) z WHERE {condition.sql})",
            [row_id, *condition.params],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
