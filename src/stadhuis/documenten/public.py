"""The front door of documenten."""

from __future__ import annotations

from stadhuis.documenten.actions import (
    create_document,
    create_documents,
    delete_document,
    destroy_if_unrelated,
    lock_document,
    mirror,
    mirror_all,
    new_version,
    set_tonen_aan_initiator,
    unlock_document,
    unmirror,
)
from stadhuis.documenten.errors import (
    AlreadyLocked,
    DestroyLocked,
    DocumentenError,
    DocumentNotFound,
    ExistingGebruiksrechten,
    FileMissing,
    IdentificatieTaken,
    MissingGebruiksrechten,
    NotLocked,
    NotPublished,
    PendingRelations,
    ReceivedIsNotBeingWritten,
    WrongLock,
)
from stadhuis.documenten.facts import HIDDEN_IN, IS_RELATED, KEPT_WITH, MADE_ANEW, PERSONS_IN
from stadhuis.documenten.keeping import is_loose
from stadhuis.documenten.reads import document, documents, open_document
from stadhuis.documenten.records import DocumentRecord, NewDocument
from stadhuis.documenten.take_over import KINDS as TAKEN_OVER
from stadhuis.documenten.take_over import TakenVersion, held, take_over, take_over_document

__all__ = [
    "HIDDEN_IN",
    "IS_RELATED",
    "KEPT_WITH",
    "MADE_ANEW",
    "PERSONS_IN",
    "TAKEN_OVER",
    "AlreadyLocked",
    "DestroyLocked",
    "DocumentNotFound",
    "DocumentRecord",
    "DocumentenError",
    "ExistingGebruiksrechten",
    "FileMissing",
    "IdentificatieTaken",
    "MissingGebruiksrechten",
    "NewDocument",
    "NotLocked",
    "NotPublished",
    "PendingRelations",
    "ReceivedIsNotBeingWritten",
    "TakenVersion",
    "WrongLock",
    "create_document",
    "create_documents",
    "delete_document",
    "destroy_if_unrelated",
    "document",
    "documents",
    "held",
    "is_loose",
    "lock_document",
    "mirror",
    "mirror_all",
    "new_version",
    "open_document",
    "set_tonen_aan_initiator",
    "take_over",
    "take_over_document",
    "unlock_document",
    "unmirror",
]
