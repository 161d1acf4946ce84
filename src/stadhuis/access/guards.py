"""Which tables are guarded, and how a resident's own rows are found in them. Registered by the rooms at start-up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stadhuis.access.errors import UnknownGuard
from stadhuis.access.rules import NEVER, Condition
from stadhuis.people.public import Actor

_ALIAS = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Guarded:
    """A guarded table: where its type and level stand, and which rows are somebody's own."""

    kind: str
    type_column: str
    level_column: str
    own_sql: str
    involved_sql: str
    version_sql: str
    table: str
    component: str
    case_sql: str
    ready_sql: str = ""
    unit_sql: str = ""
    unit_then_sql: str = ""
    unit_column: str = ""

    def level_sql(self, alias: str) -> str:
        """Return the SQL of the level of a row."""
        return f"{alias}.{self.level_column}" if self.level_column else "1"


_REGISTRY: dict[str, Guarded] = {}


_ALSO: dict[str, dict[str, Also]] = {}


def register_guarded(
    kind: str,
    *,
    type_column: str = "zaaktype_ref",
    level_column: str = "vertrouwelijkheid_orde",
    own_sql: str = "",
    involved_sql: str = "",
    version_sql: str = "",
    table: str = "",
    component: str = "",
    case_sql: str = "",
    ready_sql: str = "",
    unit_sql: str = "",
    unit_then_sql: str = "",
    unit_column: str = "",
) -> None:
    """Register a guarded table (from ``apps.ready``).

    ``own_sql`` says which rows are a resident's or company's own; ``involved_sql`` (by default the same) in which rows
    a person has any part, so that staff do not open their own case. Both may use ``{alias}`` for the table's alias,
    ``{person}`` and ``{company}`` for the ids of who asks (NULL when they are not that), and ``{services}`` and ``{branch}``
    for the bounds of acting for someone else (a text array and a text; NULL when there are none), for example::

        EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {alias}.id
                AND (r.person_id = {person} OR r.company_id = {company}))

    An empty ``level_column`` says that the table knows no level of confidentiality: all of it is of the lowest.
    ``version_sql`` gives the uuid of the version of the type, for applications bound to one version. ``table`` (with a
    column ``uuid``) lets other tables that carry the same guard columns, like the search index, apply the same rule.
    ``component`` is the ZGW component whose autorisaties count for this table (by default the usual one of the kind).
    ``case_sql`` selects the uuids of the cases a row belongs to, for what is kept per case: break-glass and a declared
    conflict of interest. ``ready_sql`` says which rows are ready for publication, for applications that see those only.
    ``unit_sql`` selects the codes of the units that own a row, for grants bound to a unit; without it they give nothing.
    ``unit_then_sql`` selects those that owned it at the moment ``{at}``. ``unit_column`` names the column with that
    unit itself (``people_unit``) of a table that is listed by unit, so that an index of it can be used.
    ``{person}`` may become ``ANY (SELECT ...)``: write it behind an equals sign only.
    """
    found = Guarded(
        kind, type_column, level_column, own_sql, involved_sql or own_sql, version_sql, table, component, case_sql,
        ready_sql, unit_sql, unit_then_sql, unit_column,
    )  # fmt: skip
    for more in _ALSO.get(kind, {}).values():
        found = _with(found, more)
    _REGISTRY[kind] = found


@dataclass(frozen=True)
class Also:
    """By what else a row of a guarded table belongs to a case, told by a room above the one that registered it."""

    involved_sql: str
    case_sql: str
    unit_sql: str
    unit_then_sql: str


def also_belongs(kind: str, by_room: str, **more: str) -> None:
    """Let a room above say by what else the rows of a guarded table belong to a case; once per room, and after it was registered.

    ``more`` are ``involved_sql``, ``case_sql``, ``unit_sql`` and ``unit_then_sql`` of ``register_guarded``, all of them.
    """
    _ALSO.setdefault(kind, {})[by_room] = Also(**more)
    _REGISTRY[kind] = _with(guarded(kind), _ALSO[kind][by_room])


def _with(table: Guarded, more: Also) -> Guarded:
    return replace(
        table,
        involved_sql=f"({table.involved_sql} OR {more.involved_sql})",
        case_sql=f"{table.case_sql} UNION ALL {more.case_sql}",
        unit_sql=f"{table.unit_sql} UNION ALL {more.unit_sql}",
        unit_then_sql=f"{table.unit_then_sql} UNION ALL {more.unit_then_sql}",
    )


def guarded(kind: str) -> Guarded:
    """Return a registered table. Raises ``UnknownGuard``."""
    try:
        return _REGISTRY[kind]
    except KeyError:
        raise UnknownGuard(kind) from None


def check_alias(alias: str) -> str:
    """Return the alias if it is a plain SQL name; anything else is a programming error."""
    if not _ALIAS.fullmatch(alias):
        raise ValueError(f"not an alias: {alias!r}")
    return alias


_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _literal(value: str) -> str:
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"not a plain word: {value!r}")
    return f"'{value}'"


def fill(
    sql: str,
    *,
    alias: str,
    person_id: int | None,
    company_id: int | None,
    services: Sequence[str] = (),
    branch: str = "",
    persons_sql: str = "",
) -> str:
    """Return registered SQL with its placeholders filled in; only whole numbers and plain words ever enter.

    ``persons_sql`` (our own text) selects several persons at once.
    """
    named = ", ".join(map(_literal, services))
    person = "NULL" if person_id is None else str(int(person_id))
    return (
        sql.replace("{alias}", check_alias(alias))
        .replace("{person}", f"ANY ({persons_sql})" if persons_sql else person)
        .replace("{company}", "NULL" if company_id is None else str(int(company_id)))
        .replace("{services}", f"ARRAY[{named}]::text[]" if services else "NULL::text[]")
        .replace("{branch}", f"{_literal(branch)}::text" if branch else "NULL::text")
    )


def own(table: Guarded, actor: Actor, *, alias: str) -> Condition:
    """Return the condition for a resident's or company's own rows."""
    person_id, company_id = actor.person_id, actor.company_id
    if not table.own_sql or (person_id is None and company_id is None):
        return NEVER
    return Condition(
        fill(
            table.own_sql,
            alias=alias,
            person_id=person_id,
            company_id=company_id,
            services=actor.services,
            branch=actor.branch,
        )
    )
