"""How many requests somebody may make: token buckets in PostgreSQL, one statement each.

In PostgreSQL because every web process must see the same bucket; in an unlogged table because losing it costs nothing.
Counted are deeds (every request but GET and HEAD) and the operations of the APIs. A page that is only read costs no write.
Source: BIO2 8.06; OWASP API4 (unrestricted resource consumption).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from stadhuis.access.errors import TooMany
from stadhuis.access.maintenance import standing
from stadhuis.kit.crypto import lookup_hash
from stadhuis.kit.database import Statement
from stadhuis.kit.pages import errors
from stadhuis.people.public import actor_of, client_address

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BURST_SECONDS = 60
"""A bucket holds a minute of requests: so much may come at once."""

_TAKE = Statement.compile("""
    INSERT INTO access_ratebucket AS b (key, tokens, filled_at) VALUES (:{key}, :{size}::float8 - 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET
        tokens = GREATEST(-1, LEAST(:{size}, b.tokens + EXTRACT(EPOCH FROM clock_timestamp() - b.filled_at) * :{rate}::float8) - 1),
        filled_at = clock_timestamp()
    RETURNING tokens
""")


@dataclass(frozen=True)
class Limit:
    """So many requests a minute."""

    kind: str
    per_minute: int


def take(limit: Limit, who: str) -> None:
    """Take one request from somebody's bucket. Raises ``TooMany``. A limit of 0 is no limit."""
    if limit.per_minute <= 0:
        return
    rate = limit.per_minute / 60
    key = lookup_hash(f"{limit.kind}|{who}", about="rate")
    row = _TAKE.first_row({"key": key, "size": float(rate * BURST_SECONDS), "rate": rate})
    left = float(row[0]) if row else 0.0
    if left < 0:
        raise TooMany(max(1, round(-left / rate + 0.5)))


def sweep() -> int:
    """Throw away buckets that have been full for an hour; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_ratebucket WHERE filled_at < clock_timestamp() - interval '1 hour'")
        return int(cursor.rowcount)


def of_person() -> Limit:
    """The limit of somebody who is logged in."""
    return Limit("person", settings.RATE_PER_PERSON)


def of_applicatie() -> Limit:
    """The limit of an application that sends a good token."""
    return Limit("applicatie", settings.RATE_PER_APPLICATION)


def of_address() -> Limit:
    """The limit of a network address."""
    return Limit("address", settings.RATE_PER_ADDRESS)


def is_api(path: str) -> bool:
    """Return whether an address belongs to an API for programs."""
    return "/api/v" in path


def _problem(request: HttpRequest, status: int, title: str, detail: str, retry_after: int) -> HttpResponseBase:
    if not is_api(request.path_info):
        return errors.page(request, status, text=detail, retry_after=retry_after)
    body = {"type": "about:blank", "code": {429: "throttled"}.get(status, "maintenance"), "title": title,
            "status": status, "detail": detail, "instance": ""}  # fmt: skip
    return JsonResponse(
        body, status=status, content_type="application/problem+json", headers={"Retry-After": str(retry_after)}
    )


class GateMiddleware:
    """Refuses a deed while the town hall is read-only (503), and whoever asks too much (429)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let a page that is only read pass untouched."""
        is_deed = request.method not in SAFE
        if is_deed:
            closed = standing()
            if closed.is_on:
                return _problem(request, 503, "Alleen lezen", closed.said, closed.minutes * 60)
            try:
                self._count(request)
            except TooMany as error:
                return _problem(
                    request, 429, "Te veel verzoeken", str(errors.WORDS[429].text), error.retry_after
                )  # fmt: skip
        return self.get_response(request)

    def _count(self, request: HttpRequest) -> None:
        actor = actor_of(request)
        if actor is not None:
            return take(of_person(), actor.key)
        address = client_address(
            request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), settings.TRUSTED_PROXIES
        )
        return take(of_address(), address)
