"""What can be wrong with a right or a token."""

from __future__ import annotations


class AccessError(Exception):
    """Something about rights."""


class UnknownAction(AccessError):
    """No such action is known: a programming error, never an answer to a visitor."""


class UnknownGuard(AccessError):
    """No room registered a guarded table of this kind: a programming error."""


class NotAuthenticated(AccessError):
    """A token is missing or refused. ``code`` is one of BEHAVIOUR 3.3; the answer is always 403."""

    def __init__(self, code: str, text: str, *, client_id: str = "", age_seconds: int | None = None) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text
        self.client_id, self.age_seconds = client_id, age_seconds
        """What the token said, unproved: only to tell an administrator what is wrong."""


class ClientIdTaken(AccessError):
    """A client id belongs to one applicatie and is never used again. Source: ac-001."""

    code, field = "clientId-exists", "clientIds"

    def __init__(self, client_ids: list[str]) -> None:
        super().__init__(f"taken: {', '.join(client_ids)}")
        self.client_ids = client_ids


class AmbiguousAuthorizations(AccessError):
    """All rights and single rights at once, or neither. Source: ac-002."""

    field = "nonFieldErrors"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AutorisatieIncomplete(AccessError):
    """A field that these scopes need is missing. Source: ac-003."""

    code = "required"

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class MembershipConflict(AccessError):
    """Someone has this role in this unit already in (part of) that time."""


class NotFound(AccessError):
    """No such role, membership or applicatie."""


class RightIncomplete(AccessError):
    """Something is missing or impossible in what was asked; ``field`` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TakesSecondPerson(AccessError):
    """What one person may only ask for: a second administrator decides."""


class OwnRequest(AccessError):
    """Nobody decides on their own request, or on something for themselves. Source: BIO2 5.03."""


class RequestDecided(AccessError):
    """Somebody else was first."""


class TooMany(AccessError):
    """More requests than the limit; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again after {retry_after} s")
        self.retry_after = retry_after
