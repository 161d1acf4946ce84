"""A write through an API, told to whoever must know: the audit trail and the notifications listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stadhuis.kit.api.resource import Resource
from stadhuis.kit.facts import Fact


@dataclass(frozen=True)
class Change:
    """What was written: the resource before and after as JSON, and the hoofdobject it belongs to."""

    resource: Resource
    uuid: UUID
    actie: str
    """create, update, partial_update or destroy."""
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    by: Any
    """The actor."""
    main: Resource
    main_uuid: UUID
    main_json: dict[str, Any]
    """The hoofdobject, for the kenmerken of the notification; composed before a deletion."""
    toelichting: str = ""
    weergave: str = ""
    resultaat: int = 200


CHANGED: Fact[Change] = Fact("api.changed")
