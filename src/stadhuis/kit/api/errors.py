"""What goes wrong in an API, in the standard's terms: ``Fout`` and ``ValidatieFout`` (BEHAVIOUR: schemas of the OpenAPI files).

An error knows its status, code and text. It is raised where the fact is known and becomes an answer in ``endpoint``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

NON_FIELD = "nonFieldErrors"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one field; ``name`` is its camelCase path (``verlenging.duur``, ``kenmerken.0.bron``)."""

    name: str
    code: str
    reason: str


class ApiError(Exception):
    """An answer of 4xx or 5xx. ``title`` is general, ``detail`` may say more; neither repeats personal data."""

    status: ClassVar[int] = 500
    code = "error"
    title = "Er is een serverfout opgetreden."
    kind = "APIException"

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        if code:
            self.code = code


class Invalid(ApiError):
    """400: one or more faults in body or query, all together."""

    status = 400
    code, title, kind = "invalid", "Invalid input.", "ValidationError"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.detail = ""
        self.faults = tuple(faults)

    @classmethod
    def of(cls, name: str, code: str, reason: str) -> Invalid:
        """Return the error for a single fault."""
        return cls([Fault(name, code, reason)])

    def __str__(self) -> str:
        return ", ".join(f"{fault.name}: {fault.code}" for fault in self.faults)


class NotAuthenticated(ApiError):
    """403: no token. The standard's tests ask 403, not 401, for everything about tokens."""

    status = 403
    code, title, kind = "not_authenticated", "Authenticatiegegevens zijn niet opgegeven.", "NotAuthenticated"


class PermissionDenied(ApiError):
    """403: the token is fine, but the right is missing, or the token itself is refused with a code of its own."""

    status = 403
    code, title, kind = "permission_denied", "Je hebt geen toestemming om deze actie uit te voeren.", "PermissionDenied"


class NotFound(ApiError):
    """404."""

    status = 404
    code, title, kind = "not_found", "Niet gevonden.", "NotFound"


class MethodNotAllowed(ApiError):
    """405: the method is not in the standard for this path."""

    status = 405
    code, title, kind = "method_not_allowed", "Methode niet toegestaan.", "MethodNotAllowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.allowed = tuple(sorted(allowed))


class NotAcceptable(ApiError):
    """406: the client asks for a media type or coordinate system that we do not have."""

    status = 406
    code, title, kind = "not_acceptable", "Kan niet voldoen aan de Accept header in het verzoek.", "NotAcceptable"


class Conflict(ApiError):
    """409."""

    status = 409
    code, title, kind = "conflict", "Conflict met de huidige staat.", "Conflict"


class PreconditionFailed(ApiError):
    """412: a header that says in which coordinate system we talk is missing."""

    status = 412
    code, title, kind = "precondition_failed", "Een vereiste header ontbreekt.", "PreconditionFailed"


class TooLarge(ApiError):
    """413."""

    status = 413
    code, title, kind = "request_entity_too_large", "Het verzoek is te groot.", "RequestEntityTooLarge"


class UnsupportedMediaType(ApiError):
    """415."""

    status = 415
    code, title, kind = "unsupported_media_type", "Niet-ondersteund mediatype in het verzoek.", "UnsupportedMediaType"


class RangeNotSatisfiable(ApiError):
    """416: the part of a file that was asked lies outside it. Source: RFC 9110, 15.5.17."""

    status = 416
    code, title, kind = "range_not_satisfiable", "Dit deel van het bestand is er niet.", "RangeNotSatisfiable"

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class TooManyRequests(ApiError):
    """429."""

    status = 429
    code, title, kind = "throttled", "Te veel verzoeken.", "Throttled"

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__()
        self.retry_after = retry_after


class ServerError(ApiError):
    """500: a fault of ours; the answer says nothing but its number."""

    kind = "ServerError"
