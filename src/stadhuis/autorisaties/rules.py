"""Which rights an application has after somebody sent a list of them. Values in, values out; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stadhuis.access import public as access
from stadhuis.autorisaties.choices import CATALOGI, PATHS
from stadhuis.kit.api.links import uuid_in

Line = Mapping[str, Any]
"""A right as it goes over the line, by its JSON keys."""


def key_of(line: Line) -> tuple[object, ...]:
    """Return what makes two lines the same right: component, scopes in any order, the type they name, and the level.

    An address of ours is known by its uuid, whatever the town hall was called when it was written.
    """
    component = line["component"]
    url = line.get(access.TYPE_FIELDS.get(component, "")) or ""
    uuid = uuid_in(url, CATALOGI, PATHS[component]) if url else None
    level = line.get("maxVertrouwelijkheidaanduiding") or "" if component in ("zrc", "drc") else ""
    return component, frozenset(line["scopes"]), uuid or url, level


@dataclass(frozen=True)
class Stored:
    """A right that the application has, and the lines it is shown as today."""

    right: access.AutorisatieData
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Settled:
    """What a list comes down to: rights that stay as they are, places in the list that name new ones, and what goes."""

    kept: tuple[access.AutorisatieData, ...]
    named: tuple[int, ...]
    replaced: tuple[access.AutorisatieData, ...]
    """Rights on versions still to come that the application no longer has."""


def settle(stored: Sequence[Stored], sent: Sequence[Line]) -> Settled:
    """Return what becomes of the rights of an application when a list is sent.

    The list that was shown changes nothing. In another list a right stays when all its lines are in it; a wide right of
    which a line is missing goes, and so does one that shows no line today, for then nobody can say that it was meant:
    a list never gives more than it says. What no right that stays accounts for, is a right of its own.
    """
    keys = [key_of(line) for line in sent]
    shown = {key_of(line) for one in stored for line in one.lines}
    if shown == set(keys):
        kept = list(stored)
    else:
        kept = [one for one in stored if one.lines and {key_of(line) for line in one.lines} <= set(keys)]
    covered = {key_of(line) for one in kept for line in one.lines}
    return Settled(
        tuple(one.right for one in kept),
        tuple(index for index, key in enumerate(keys) if key not in covered),
        tuple(one.right for one in stored if one.right.is_wide and one not in kept),
    )
