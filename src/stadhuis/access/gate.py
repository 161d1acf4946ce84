"""The door of the registers' APIs: from an ``Authorization`` header to a caller with rights (``kit.api.gate``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stadhuis.access.calls import note_answer, note_refusal
from stadhuis.access.errors import NotAuthenticated, TooMany
from stadhuis.access.limits import of_applicatie, take
from stadhuis.access.reads import ApplicatieRecord, may, predicate, predicate_by_type
from stadhuis.access.tokens import authenticate
from stadhuis.kit.api import errors
from stadhuis.kit.api.gate import TypeRule
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class ApplicatieCaller:
    """An application that sent a good token."""

    actor: Actor
    applicatie: ApplicatieRecord
    client_id: str = ""
    noted: tuple[datetime | None, datetime | None] = (None, None)
    is_trial: bool = False

    def has_scope(self, component: str, scopes: Sequence[str]) -> bool:
        """Return whether it has one of the scopes, for whatever type."""
        return self.applicatie.has_scope(component, *scopes)

    def condition(self, kind: str, scopes: Sequence[str], *, alias: str) -> tuple[str, Sequence[object]]:
        """Return the access rule as one SQL condition."""
        found = predicate(self.actor, "", kind=kind, alias=alias, scopes=scopes, applicatie=self.applicatie)
        return found.sql, found.params

    def type_rule(self, kind: str, scopes: Sequence[str], *, alias: str) -> TypeRule | None:
        """Return the access rule in two, for counting: type and level, and the rows left out for who is barred."""
        found = predicate_by_type(self.applicatie, kind=kind, alias=alias, scopes=scopes)
        return found and TypeRule(found[0].sql, found[0].params, found[1])

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
        """Return whether it has one of the scopes on something of this type and level; of ``row_id`` nobody may be barred."""
        return may(
            self.actor, "", zaaktype_ref=type_ref, level=level, type_uuid=type_uuid, scopes=scopes,
            applicatie=self.applicatie, kind=kind, zaak_id=row_id,
        )  # fmt: skip

    def answered(self, operation: str, status: int, code: str) -> None:
        """Note how the call went, for who connects the application; a trial of our own is no call of it."""
        if self.client_id and not self.is_trial:
            note_answer(self.client_id, operation, status, code, before=self.noted)


def enter(authorization: str) -> ApplicatieCaller:
    """Return who sends a request. Raises the errors of ``kit.api`` with the codes of BEHAVIOUR 3.3, all of them 403."""
    try:
        found = authenticate(authorization)
    except NotAuthenticated as error:
        note_refusal(error)
        if error.code == "not_authenticated":
            raise errors.NotAuthenticated from None
        raise errors.PermissionDenied(error.text, code=error.code) from None
    caller = ApplicatieCaller(found.actor, found.applicatie, found.client_id, found.noted, found.is_trial)
    try:
        take(of_applicatie(), found.actor.key)
    except TooMany as error:
        caller.answered("", 429, "throttled")
        raise errors.TooManyRequests(error.retry_after) from None
    return caller
