"""The front door of besluiten."""

from __future__ import annotations

from stadhuis.besluiten.actions import create_besluit, delete_besluit, link_document
from stadhuis.besluiten.errors import (
    BesluitenError,
    BesluitNotFound,
    DatumInFuture,
    DocumentAlreadyLinked,
    DocumentTypeMismatch,
    IdentificatieTaken,
    NotPublished,
    ZaaktypeMismatch,
)
from stadhuis.besluiten.reads import besluit, besluiten_of, loose_besluit
from stadhuis.besluiten.records import BesluitRecord, NewBesluit
from stadhuis.besluiten.take_over import KINDS as TAKEN_OVER
from stadhuis.besluiten.take_over import take_over

__all__ = [
    "TAKEN_OVER",
    "BesluitNotFound",
    "BesluitRecord",
    "BesluitenError",
    "DatumInFuture",
    "DocumentAlreadyLinked",
    "DocumentTypeMismatch",
    "IdentificatieTaken",
    "NewBesluit",
    "NotPublished",
    "ZaaktypeMismatch",
    "besluit",
    "besluiten_of",
    "create_besluit",
    "delete_besluit",
    "link_document",
    "loose_besluit",
    "take_over",
]
