"""News from access that rooms above listen to, inside the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stadhuis.kit.facts import Fact
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class RightsChanged:
    """Something about rights was done, for the trail. Holds no secret, no BSN, and of a family only how many."""

    deed: str
    by: Actor
    about: UUID | None = None
    """Whose trail it belongs to: a member of staff, a zaak, an applicatie, a person; None for a role itself."""
    kind: str = "toegang"
    resource: str = "toegang"
    resource_id: UUID | None = None
    number: str = ""
    """By what it is found in the trail: the code of the role, the label of the applicatie."""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str = ""
    bron: str = "stadhuis"


RIGHTS_CHANGED: Fact[RightsChanged] = Fact("access.rights_changed")


@dataclass(frozen=True)
class SecrecyChanged:
    """The address of a person became secret, or is no longer: what was kept about them follows."""

    person_id: int
    is_secret: bool


SECRECY_CHANGED: Fact[SecrecyChanged] = Fact("access.secrecy_changed")
