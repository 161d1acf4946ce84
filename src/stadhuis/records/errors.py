"""What can be wrong with a record."""

from __future__ import annotations


class RecordsError(Exception):
    """Something about records."""


class UnknownKind(RecordsError):
    """No room registered this kind: a programming error."""


class OnHold(RecordsError):
    """A record under a legal hold cannot be removed (Woo request, objection, court case)."""


class NotFound(RecordsError):
    """There is no such record or hold."""
