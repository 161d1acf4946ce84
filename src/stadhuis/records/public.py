"""The front door of records."""

from __future__ import annotations

from stadhuis.records.actions import hold, lift_hold, put, register_kind, remove
from stadhuis.records.errors import NotFound, OnHold, RecordsError, UnknownKind
from stadhuis.records.reads import Hit, due_for_destruction, is_held, search

__all__ = [
    "Hit",
    "NotFound",
    "OnHold",
    "RecordsError",
    "UnknownKind",
    "due_for_destruction",
    "hold",
    "is_held",
    "lift_hold",
    "put",
    "register_kind",
    "remove",
    "search",
]
