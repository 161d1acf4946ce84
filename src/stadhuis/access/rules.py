"""The access rule itself: grants in, one SQL condition out. No database here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from stadhuis.access.errors import RightIncomplete, UnknownAction

ORDER = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)
"""Low to high. Source: ZGW BEHAVIOUR 4.3."""
LEVELS = {name: number for number, name in enumerate(ORDER, start=1)}
HIGHEST = len(ORDER)
EVERY_TYPE = "*"
Ref = TypeVar("Ref", str, UUID)

ACTIONS = (
    "zaak.lezen",
    "zaak.aanmaken",
    "zaak.behandelen",
    "zaak.besluiten",
    "zaak.verdelen",
    "zaak.noodtoegang",
    "document.lezen",
    "besluit.lezen",
    "audittrail.lezen",
    "adres.geheim",
    "persoon.afgeschermd",
    "beheer.mensen",
    "beheer.toegang",
    "beheer.naspeuren",
    "beheer.draaien",
    "beheer.catalogus",
)
"""What staff can be granted."""

ADMINISTRATION = frozenset(action for action in ACTIONS if action.startswith("beheer."))
"""What is not about a zaak of some type, but about the house: people, access, the trail, how it runs, and the catalogue."""

OWN_ACTIONS = frozenset({"zaak.lezen", "document.lezen", "besluit.lezen"})
"""What a resident or company may do with their own case, and what break-glass opens for staff: reading."""

BARRED = "persoon.afgeschermd"
"""Without it a case in which a barred person has a part stays shut, whatever else somebody may."""
BARRED_SCOPE = "persoonsgegevens.afgeschermd"
"""What an application needs for the same; a scope of ours beside those of the standard, of any component."""

VERY_HIGH = LEVELS["geheim"]
"""From this level on, a right is privileged whatever the role."""


def is_privileged(action: str, max_level: int) -> bool:
    """Return whether giving this right takes a second administrator: all administration, and what is secret."""
    return (
        action in ADMINISTRATION
        or action == BARRED
        or (max_level >= VERY_HIGH and action in {"zaak.noodtoegang", "adres.geheim"})
    )


def days_without(
    first: date, end: date | None, others: Iterable[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    """Return the parts of a period (up to ``end``, None: for ever) that none of the other periods covers, in order."""
    left: list[tuple[date, date | None]] = []
    at: date | None = first
    for start, stop in sorted(others, key=lambda one: one[0]):
        if at is None or (end is not None and start >= end):
            break
        if stop is not None and stop <= at:
            continue
        if start > at:
            left.append((at, start))
        at = stop
    if at is not None and (end is None or at < end):
        left.append((at, end))
    return left


SCOPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "zaak.lezen": ("zrc", ("zaken.lezen",)),
    "zaak.aanmaken": ("zrc", ("zaken.aanmaken",)),
    "zaak.behandelen": ("zrc", ("zaken.bijwerken", "zaken.geforceerd-bijwerken")),
    "document.lezen": ("drc", ("documenten.lezen",)),
    "besluit.lezen": ("brc", ("besluiten.lezen",)),
    "zaak.besluiten": ("brc", ("besluiten.aanmaken",)),
    "audittrail.lezen": ("zrc", ("audittrails.lezen",)),
}
"""Which scope of which component an action asks of an applicatie; any of them will do. Source: ZGW BEHAVIOUR 4.2."""

SCOPES_OF_COMPONENT: dict[str, tuple[str, ...]] = {
    "zrc": (
        "zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen", "zaken.heropenen",
        "zaken.geforceerd-bijwerken", "zaken.verwijderen", "audittrails.lezen", BARRED_SCOPE,
    ),
    "ztc": (
        "catalogi.lezen", "catalogi.schrijven", "catalogi.geforceerd-schrijven", "catalogi.geforceerd-verwijderen",
    ),
    "drc": (
        "documenten.lezen", "documenten.aanmaken", "documenten.bijwerken", "documenten.lock",
        "documenten.geforceerd-bijwerken", "documenten.geforceerd-unlock", "documenten.verwijderen",
        "audittrails.lezen", BARRED_SCOPE,
    ),
    "brc": (
        "besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken", "besluiten.verwijderen", "audittrails.lezen",
        BARRED_SCOPE,
    ),
    "nrc": ("notificaties.consumeren", "notificaties.publiceren"),
    "ac": ("autorisaties.lezen", "autorisaties.bijwerken"),
}  # fmt: skip
"""Every scope of the standard per component, and ours. Source: ZGW BEHAVIOUR 4.2."""

COMPONENT_OF_KIND = {"zaak": "zrc", "document": "drc", "besluit": "brc"}
TYPE_FIELDS = {"zrc": "zaaktype", "drc": "informatieobjecttype", "brc": "besluittype"}
"""Components whose rights are bound to a type, and the field that names it. Source: ZGW BEHAVIOUR 4.1."""


@dataclass(frozen=True)
class GrantData:
    """A grant as it is given: an action on a type (or ``*``) up to a level (1..8, inclusive), of one unit when it is named.

    Raises ``UnknownAction``, and ``RightIncomplete`` for a unit with what is about the house and belongs to none.
    """

    action: str
    zaaktype_ref: str = EVERY_TYPE
    max_level: int = HIGHEST
    unit_id: int | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise UnknownAction(self.action)
        if self.unit_id is not None and self.action in ADMINISTRATION:
            raise RightIncomplete("unit")


@dataclass(frozen=True)
class AutorisatieData:
    """What an applicatie may do in one component, as the standard describes it. ``max_level`` is 1..8.

    ``type_ref`` says which type in our own terms (``*`` for every type), ``domein`` that every type of a catalogue is
    meant; ``type_url`` is kept as it was given.
    """

    component: str
    scopes: tuple[str, ...]
    type_ref: str = ""
    type_url: str = ""
    type_uuid: UUID | None = None
    all_versions: bool = True
    max_level: int | None = None
    domein: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it holds for types and versions that are still to come: all versions, a catalogue, or every type."""
        return self.component in TYPE_FIELDS and self.all_versions and bool(self.type_ref or self.domein)


def ambiguity(*, has_all: bool, has_some: bool) -> str:
    """Return the code of what is wrong: all rights and single rights, or neither; "" when one of the two. Source: ac-002."""
    if has_all and has_some:
        return "ambiguous-authorizations-specified"
    return "" if has_all or has_some else "missing-authorizations"


def missing_fields(right: AutorisatieData) -> list[str]:
    """Return the fields that the scopes of a right need and that it lacks. Source: ac-003."""
    prefix = {"zrc": "zaken.", "drc": "documenten.", "brc": "besluiten."}.get(right.component, "")
    if not prefix or not any(scope.startswith(prefix) for scope in right.scopes):
        return []
    names_type = right.type_url or right.type_ref or right.domein or right.type_uuid
    missing = [] if names_type else [TYPE_FIELDS[right.component]]
    if right.component != "brc" and right.max_level is None:
        missing.append("maxVertrouwelijkheidaanduiding")
    return missing


@dataclass(frozen=True)
class Condition:
    """One SQL condition with its parameters, in the order in which they occur."""

    sql: str
    params: list[Any] = field(default_factory=list)

    @property
    def is_never(self) -> bool:
        """Whether nothing at all is allowed."""
        return self.sql == "FALSE"


NEVER = Condition("FALSE")
ALWAYS = Condition("TRUE")


@dataclass(frozen=True)
class Allowance:
    """Types up to a level: what grants and autorisaties both come down to."""

    type_ref: str
    max_level: int
    type_uuid: UUID | None = None
    """Only this version of the type, when it is named."""
    domein: str = ""
    """Every type of the catalogue of this domain, when it is named."""
    units: tuple[str, ...] | None = None
    """Only what one of these units owns (by code), when they are named. Applications are bound to none."""
    unit_ids: tuple[int, ...] = ()
    """The same units by their id."""


def level_of(vertrouwelijkheidaanduiding: str) -> int:
    """Return 1..8 for a vertrouwelijkheidaanduiding. Raises ``KeyError`` for another word."""
    return LEVELS[vertrouwelijkheidaanduiding]


def compile_allowances(
    allowances: Iterable[Allowance],
    *,
    type_sql: str,
    level_sql: str,
    version_sql: str = "",
    unit_sql: str = "",
    unit_column: str = "",
) -> Condition:
    """Return one condition over a type column and a level column, with as few parts as there are distinct levels.

    A grant for every type up to a level swallows all grants that reach no higher. A grant for one version holds only
    where the table can tell its version (``version_sql``), one of a unit where it can tell who owns a row (``unit_sql``, that
    selects the codes, or a ``unit_column`` with the unit itself); elsewhere it gives nothing.
    """
    free: list[Allowance] = []
    of_units: dict[tuple[str, ...], list[Allowance]] = defaultdict(list)
    for allowance in allowances:
        if allowance.units is None:
            free.append(allowance)
        else:
            of_units[allowance.units].append(allowance)
    granted = _of_any_unit(free, type_sql=type_sql, level_sql=level_sql, version_sql=version_sql)
    if not of_units or not (unit_sql or unit_column) or granted == ALWAYS:
        return granted
    parts = [granted]
    for units, bound in sorted(of_units.items()):
        more = [one for one in bound if not allows(free, type_ref=one.type_ref, level=one.max_level)]
        types = _of_any_unit(more, type_sql=type_sql, level_sql=level_sql, version_sql=version_sql)
        # The ids stand in the text: the planner must know them to see that little lies there, and start from its index.
        here = ", ".join(str(int(pk)) for pk in bound[0].unit_ids)
        at_home = Condition(f"{unit_column} IN ({here})") if unit_column and here else owned_by(units, unit_sql)
        parts.append(both(types, at_home))
    return either(parts)


def owned_by(units: Iterable[str], unit_sql: str) -> Condition:
    """Return the condition that one of the units owns a row, given the SQL that selects who does; never without that."""
    if not unit_sql:
        return NEVER
    return Condition(f"EXISTS (SELECT 1 FROM ({unit_sql}) owner (code) WHERE owner.code = ANY(%s))", [sorted(units)])


def units_for(allowances: Iterable[Allowance], *, type_ref: str, level: int) -> frozenset[str]:
    """Return of which units something of a type and level must be to fall under the allowances bound to units."""
    return frozenset(
        code
        for allowance in allowances
        if level <= allowance.max_level and _is_of_type(allowance, type_ref, None)
        for code in allowance.units or ()
    )


def _of_any_unit(allowances: Iterable[Allowance], *, type_sql: str, level_sql: str, version_sql: str = "") -> Condition:
    best: dict[str, int] = {}
    domeinen: dict[str, int] = {}
    versions: dict[UUID, int] = {}
    for allowance in allowances:
        if allowance.type_uuid is not None:
            if version_sql:
                versions[allowance.type_uuid] = max(allowance.max_level, versions.get(allowance.type_uuid, 0))
        elif allowance.domein:
            domeinen[allowance.domein] = max(allowance.max_level, domeinen.get(allowance.domein, 0))
        else:
            best[allowance.type_ref] = max(allowance.max_level, best.get(allowance.type_ref, 0))
    every = best.pop(EVERY_TYPE, 0)
    if every >= HIGHEST:
        return ALWAYS
    parts: list[str] = []
    params: list[Any] = []
    if every:
        parts.append(f"{level_sql} <= {every}")
    for level, refs in _by_level(best, every):
        parts.append(_bounded(f"{type_sql} = ANY(%s)", level, level_sql))
        params.append(sorted(refs))
    for level, names in _by_level(domeinen, every):
        parts.append(_bounded(f"split_part({type_sql}, ':', 1) = ANY(%s)", level, level_sql))
        params.append(sorted(names))
    for level, uuids in _by_level(versions, every):
        parts.append(_bounded(f"{version_sql} = ANY(%s)", level, level_sql))
        params.append(list(uuids))
    if not parts:
        return NEVER
    return Condition(f"({' OR '.join(parts)})", params)


def _by_level(best: Mapping[Ref, int], above: int) -> list[tuple[int, list[Ref]]]:
    grouped: dict[int, list[Ref]] = defaultdict(list)
    for ref, level in best.items():
        if level > above:
            grouped[level].append(ref)
    return sorted(grouped.items(), reverse=True)


def _bounded(matches: str, level: int, level_sql: str) -> str:
    return matches if level >= HIGHEST else f"({level_sql} <= {level} AND {matches})"


def both(one: Condition, other: Condition) -> Condition:
    """Return the condition that holds when both hold."""
    if one.is_never or other.is_never:
        return NEVER
    if one.sql == "TRUE":
        return other
    if other.sql == "TRUE":
        return one
    return Condition(f"({one.sql} AND {other.sql})", [*one.params, *other.params])


def either(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that holds when any of them holds."""
    left = [condition for condition in conditions if not condition.is_never]
    if not left:
        return NEVER
    if any(condition.sql == "TRUE" for condition in left):
        return ALWAYS
    return Condition(
        f"({' OR '.join(condition.sql for condition in left)})",
        [param for condition in left for param in condition.params],
    )


def allows(allowances: Iterable[Allowance], *, type_ref: str, level: int, type_uuid: UUID | None = None) -> bool:
    """Return whether one of the allowances covers a type at a level, whoever owns it: the same rule as the condition."""
    return any(level <= allowance.max_level and _covers(allowance, type_ref, type_uuid) for allowance in allowances)


def _covers(allowance: Allowance, type_ref: str, type_uuid: UUID | None) -> bool:
    return allowance.units is None and _is_of_type(allowance, type_ref, type_uuid)


def _is_of_type(allowance: Allowance, type_ref: str, type_uuid: UUID | None) -> bool:
    if allowance.type_uuid is not None:
        return type_uuid == allowance.type_uuid
    if allowance.domein:
        return type_ref.partition(":")[0] == allowance.domein
    return allowance.type_ref in {EVERY_TYPE, type_ref}
