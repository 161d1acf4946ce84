"""News of access for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass

from stadhuis.kit.facts import Fact


@dataclass(frozen=True)
class SecrecyChanged:
    """The address of a person became secret, is no longer, or is another one."""

    person_id: int


SECRECY_CHANGED: Fact[SecrecyChanged] = Fact("secrecy changed")
