"""What a room answers when it was asked to take over an object of another register."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Placed:
    """Where an object ended up: its uuid here, and what it refers to that is not here (yet), as keys of its body."""

    uuid: UUID
    waits_for: tuple[str, ...] = ()
    is_adopted: bool = False
    """It was here already, under its own uuid and made by ourselves: it was left as it is."""


class NotHere(Exception):
    """An object cannot be placed before what it refers to is here. ``keys`` names the fields that refer to it."""

    def __init__(self, *keys: str) -> None:
        super().__init__(f"refers to what is not here: {', '.join(keys)}")
        self.keys = keys


class Occupied(Exception):
    """Another object of ours stands where this one would come. The text says by which rule, never with a value."""
