"""Who calls, as far as this layer must know. The room ``access`` makes these from a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable
from uuid import UUID


class Caller(Protocol):
    """Someone with rights: an application that sent a token, or anyone else whose rights come down to a condition."""

    @property
    def actor(self) -> Any:
        """Who it is, as the audit trail wants it."""

    def has_scope(self, component: str, scopes: Sequence[str]) -> bool:
        """Return whether it has one of the scopes, for whatever type."""

    def condition(self, kind: str, scopes: Sequence[str], *, alias: str) -> tuple[str, Sequence[object]]:
        """Return one SQL condition with its ``%s`` parameters: the rows of a guarded table it has one of the scopes on."""

    def may(
        self,
        kind: str,
        scopes: Sequence[str],
        *,
        type_ref: str,
        level: int,
        type_uuid: UUID | None = None,
        row_id: int | None = None,
    ) -> bool:
        """Return whether it has one of the scopes on something of this type and level, and on this row of it if named."""

    def answered(self, operation: str, status: int, code: str) -> None:
        """Hear how the call was answered: ``GET zaken/api/v1/zaken``, its status, and the code of an error."""


@dataclass(frozen=True)
class TypeRule:
    """An access rule as a condition on type and level of a row alone, and which of those rows it leaves out."""

    sql: str
    params: Sequence[object] = ()
    without: str = ""
    """Condition on single rows; empty when none is left out."""


@runtime_checkable
class CountsByType(Protocol):
    """A caller whose rights may be told as a ``TypeRule``: what it sees can be counted without looking at every row."""

    def type_rule(self, kind: str, scopes: Sequence[str], *, alias: str) -> TypeRule | None:
        """Return ``condition`` in two; None where it looks at more than that."""


class Everyone:
    """The system itself: sees everything. For reads that no application asked for, such as the text of a trail line."""

    actor: Any = None

    def has_scope(self, component: str, scopes: Sequence[str]) -> bool:
        """Everything."""
        return True

    def condition(self, kind: str, scopes: Sequence[str], *, alias: str) -> tuple[str, Sequence[object]]:
        """Everything."""
        return "TRUE", ()

    def type_rule(self, kind: str, scopes: Sequence[str], *, alias: str) -> TypeRule | None:
        """Everything."""
        return TypeRule("TRUE")

    def may(
        self,
        kind: str,
        scopes: Sequence[str],
        *,
        type_ref: str,
        level: int,
        type_uuid: UUID | None = None,
        row_id: int | None = None,
    ) -> bool:
        """Everything."""
        return True

    def answered(self, operation: str, status: int, code: str) -> None:
        """Nobody listens."""
