"""Kinds of record. A room announces its kind when it starts; other rooms add what they know of it.

A kind says where its page is, under which access rule it falls, and how its record is made (``source``): from that follow
keeping, rebuilding and comparing. Rooms above add text (``register_text``), say who owns it (``register_owner``) and how
what they keep about it is destroyed (``register_destroyer``), so that no room is imported upwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.kit.facts import Fact, Question
from stadhuis.people.public import Actor
from stadhuis.records.errors import UnknownKind


@dataclass(frozen=True)
class Part:
    """A part of a search text: what it is (``label``), what it says, and how much it counts: A most, then B, then C."""

    label: str
    text: str
    weight: str = "C"


@dataclass(frozen=True)
class Snapshot:
    """What the spine keeps of an object, as the object is now. ``level`` is 1 (openbaar) to 8 (zeer_geheim).

    ``destroy_on`` is the day the object itself names; without one it follows from brondatum and termijn.
    """

    number: str
    owner: str
    created: date
    zaaktype_ref: str
    level: int
    retention_class: str = ""
    nominatie: str = ""
    termijn: str = ""
    brondatum: date | None = None
    destroy_on: date | None = None
    parts: tuple[Part, ...] = ()


Source = Callable[[Sequence[UUID]], Mapping[UUID, Snapshot]]
"""Returns the snapshots of the objects that exist; the number of statements does not depend on how many there are."""


@dataclass(frozen=True)
class Kind:
    """A kind of record: what it is called, where its page is, which registered guard holds for it, how it is made."""

    code: str
    naam: str
    url_of: Callable[[UUID], str]
    guard: str
    action: str
    source: Source | None = None
    after: Callable[[UUID | None, int], list[UUID]] | None = None
    """Returns the next objects after one, in order of uuid."""
    reclassify: Callable[[UUID, str, str, date | None, Actor, str], None] | None = None
    """Tells the object: class, nominatie, destroy_on, by whom, why."""
    components: Callable[[UUID], list[UUID]] | None = None
    """Returns the objects of the same kind that go when this one goes (deelzaken)."""


@dataclass(frozen=True)
class HandedOver:
    """All records of one owner went to another one."""

    was: str
    becomes: str
    by: Actor


KINDS: dict[str, Kind] = {}
TEXTS: dict[str, list[Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Part]]]]] = defaultdict(list)
OWNERS: dict[str, list[Callable[[Sequence[UUID]], Mapping[UUID, str]]]] = defaultdict(list)
HANDED_OVER: Fact[HandedOver] = Fact("records handed over")
SECRET_PERSONS: Question[set[int]] = Question("which of these persons have a secret address")
"""Asked with a list of ids of persons. The names of those that are answered are not put in any search text."""


@dataclass(frozen=True)
class Destroyer:
    """How a room destroys what it keeps about an object of some kind; returns how many of what (``letters``: 2)."""

    room: str
    destroy: Callable[[UUID, Actor], Mapping[str, int]] = field(repr=False)


HIDDEN: dict[str, list[Callable[[Sequence[UUID]], Mapping[UUID, str]]]] = defaultdict(list)
DESTROYERS: dict[str, list[Destroyer]] = defaultdict(list)


def register_kind(
    code: str,
    naam: str,
    url_of: Callable[[UUID], str],
    *,
    guard: str = "zaak",
    action: str = "zaak.lezen",
    source: Source | None = None,
    after: Callable[[UUID | None, int], list[UUID]] | None = None,
    reclassify: Callable[[UUID, str, str, date | None, Actor, str], None] | None = None,
    components: Callable[[UUID], list[UUID]] | None = None,
) -> None:
    """Register a kind of record (from ``apps.ready``). ``guard`` and ``action`` say which access rule it falls under."""
    KINDS[code] = Kind(code, naam, url_of, guard, action, source, after, reclassify, components)


def register_text(kind: str, parts_of: Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Part]]]) -> None:
    """Register what else an object is found by (from ``apps.ready``): letters, for a zaak."""
    if parts_of not in TEXTS[kind]:
        TEXTS[kind].append(parts_of)


def register_hidden(kind: str, hidden_of: Callable[[Sequence[UUID]], Mapping[UUID, str]]) -> None:
    """Register what nobody may find an object by: a regular expression per object (``access.masks``), for secret addresses."""
    if hidden_of not in HIDDEN[kind]:
        HIDDEN[kind].append(hidden_of)


def register_owner(kind: str, owners_of: Callable[[Sequence[UUID]], Mapping[UUID, str]]) -> None:
    """Register which unit owns an object (from ``apps.ready``); what nobody answers belongs to the room of the kind."""
    if owners_of not in OWNERS[kind]:
        OWNERS[kind].append(owners_of)


def register_destroyer(kind: str, room: str, destroy: Callable[[UUID, Actor], Mapping[str, int]]) -> None:
    """Register how a room destroys what it keeps about an object (from ``apps.ready``).

    Rooms start from the ground up; what was registered last is destroyed first, so the object itself goes last.
    """
    DESTROYERS[kind] = [one for one in DESTROYERS[kind] if one.room != room] + [Destroyer(room, destroy)]


def kind_of(code: str) -> Kind:
    """Return a registered kind. Raises ``UnknownKind``."""
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None


def snapshots(kind: str, uuids: Sequence[UUID]) -> dict[UUID, Snapshot]:
    """Return what the spine should keep of these objects: those that exist, with what other rooms add."""
    source = kind_of(kind).source
    if source is None or not uuids:
        return {}
    found = dict(source(uuids))
    known = list(found)
    owners = {uuid: owner for answer in OWNERS[kind] for uuid, owner in answer(known).items() if owner}
    texts: dict[UUID, list[Part]] = defaultdict(list)
    for answer_text in TEXTS[kind]:
        for uuid, parts in answer_text(known).items():
            texts[uuid] += parts
    hidden = {uuid: one for answer in HIDDEN[kind] for uuid, one in answer(known).items()}
    return {
        uuid: replace(
            snapshot,
            owner=owners.get(uuid, snapshot.owner),
            parts=tuple(_shown(part, hidden.get(uuid, "")) for part in (*snapshot.parts, *texts.get(uuid, ()))),
        )
        for uuid, snapshot in found.items()
    }


def _shown(part: Part, hidden: str) -> Part:
    return replace(part, text=access.masks.text(part.text, hidden, by=" ")) if hidden else part
