"""The one way to another system over HTTP: bounded in time and size, traced, counted, and never past a check of addresses.

A ``Source`` is a system that the settings name; ``fetch_json`` and ``post_json`` are for addresses that somebody else wrote
down. Only for the phase before a deed: never call out while a transaction is open.
"""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection
from prometheus_client import Counter

from stadhuis.kit import trace
from stadhuis.kit.outside import breaker
from stadhuis.kit.outside.addresses import check_form
from stadhuis.kit.outside.errors import (
    Forbidden,
    Garbled,
    NotJson,
    OutsideError,
    Paused,
    TooLarge,
    TooSlow,
    Unreachable,
)
from stadhuis.kit.outside.time_left import within

if TYPE_CHECKING:
    import httpx

# httpcore would write headers (our API keys) at DEBUG, httpx addresses (which may name a person) at INFO.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

MAX_BYTES: Final = 1024 * 1024
MAX_REDIRECTS: Final = 3
_CALLS = Counter("stadhuis_outside_calls", "Calls to other systems.", ["source", "outcome"])


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and body of an answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the body as JSON values. Raises ``NotJson``."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise NotJson("no JSON") from None


@dataclass(frozen=True)
class Coming:
    """An answer of which the body is still to come: take ``pieces`` once, within the block."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    pieces: Iterator[bytes] = field(repr=False)


class Source:
    """Another system, for as long as the process lives: its open connections are shared by all threads."""

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        is_guarded: bool = False,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.name = name
        self._max_bytes = max_bytes
        # Addresses of others are as many as there are others: what fails there is kept where it is called from.
        self._has_breaker = not is_guarded
        self._base_url, self._headers = base_url, dict(headers or {})
        self._is_guarded, self._ssl_context = is_guarded, ssl_context

    @cached_property
    def _http(self) -> httpx.Client:
        # Made at the first call, with the libraries for it: most processes never call anyone.
        import httpx

        from stadhuis.kit.outside.wire import Transport

        return httpx.Client(
            base_url=self._base_url,
            # Unpacking is a way to make much of little: we ask for answers as they are, and take nothing else.
            headers={
                "Accept": "application/json",
                "User-Agent": "stadhuis",
                "Accept-Encoding": "identity",
                **self._headers,
            },
            transport=Transport(is_guarded=self._is_guarded, ssl_context=self._ssl_context),
            # Where calls go stands in the settings, not in proxy variables or a .netrc.
            trust_env=False,
            follow_redirects=False,
        )

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
        **content: Any,
    ) -> Answer:
        """Return the answer, whatever its status. The time-out counts for the whole of it, not per piece.

        ``content``: ``params``, ``json``, ``data``, ``content`` and ``auth`` as httpx has them. Raises ``Paused``,
        ``Unreachable``, ``TooSlow``, ``TooLarge``, ``Garbled`` or ``Forbidden``; a traceback never carries the request.
        """
        with self.stream(method, url, headers=headers, timeout_seconds=timeout_seconds, **content) as coming:
            body = bytearray()
            for piece in coming.pieces:
                body += piece
                if len(body) > self._max_bytes:
                    raise TooLarge("the answer is too large")
            return Answer(coming.status, coming.headers, bytes(body))

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
        piece_seconds: float | None = None,
        **content: Any,
    ) -> Iterator[Coming]:
        """Give an answer whose body may be larger than memory; whoever takes the pieces minds how many there are.

        The time-out counts for the whole of it, ``piece_seconds`` for each piece. Raises as ``call`` does, also while the pieces come in.
        """
        origin = _origin(self._base_url, url)
        if self._has_breaker and not breaker.may_call(self.name, origin):
            _CALLS.labels(self.name, "paused").inc()
            raise Paused("it failed a few times in a row and is left alone for a moment")
        try:
            with self._exchange(method, url, dict(headers or {}), timeout_seconds, piece_seconds, content) as coming:
                yield coming
        except OutsideError as error:
            _CALLS.labels(self.name, type(error).__name__).inc()
            if self._has_breaker:
                breaker.tell(self.name, origin, is_well=not isinstance(error, Unreachable | TooSlow))
            raise
        _CALLS.labels(self.name, f"{coming.status // 100}xx").inc()
        if self._has_breaker:
            breaker.tell(self.name, origin, is_well=coming.status not in (502, 503, 504))

    @contextmanager
    def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        timeout_seconds: float | None,
        piece_seconds: float | None,
        content: Mapping[str, Any],
    ) -> Iterator[Coming]:
        import httpx

        seconds = timeout_seconds or float(settings.OUTSIDE_TIMEOUT_SECONDS)
        piece = min(piece_seconds or seconds, seconds)
        here = trace.current()
        if here is not None:
            headers.setdefault(trace.HEADER, here.header)
        try:
            with (
                within(seconds),
                self._http.stream(
                    method, url, headers=headers, timeout=httpx.Timeout(piece, connect=min(2.0, seconds)), **content
                ) as answer,
            ):
                if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                    raise Garbled("the answer is packed")
                yield Coming(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.iter_raw())
        # The chain is cut on purpose: a traceback must not carry the request.
        except httpx.TimeoutException:
            raise TooSlow("no whole answer in time") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unreachable(type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError):
            raise Forbidden("no address") from None


def _origin(base: str, url: str) -> str:
    try:
        return urlsplit(urljoin(base, url)).netloc
    except ValueError:
        return ""


_others: Source | None = None


def _of_others() -> Source:
    global _others
    if _others is None:
        _others = Source("addresses of others", is_guarded=True)
    return _others


def fetch_json(url: str, *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address; redirects are followed as long as each step is allowed.

    Raises ``Forbidden``, ``NotJson`` or another ``OutsideError`` (time-out, not 200, too large).
    """
    value = _fetched(url, headers)
    if not isinstance(value, dict):
        raise NotJson("no JSON object")
    return value


def fetch_list(url: str) -> list[Any]:
    """Return the JSON list at an address, under the rules of ``fetch_json``. Raises ``OutsideError``."""
    value = _fetched(url, None)
    if not isinstance(value, list):
        raise NotJson("no JSON list")
    return value


def _fetched(url: str, headers: dict[str, str] | None) -> Any:
    if connection.in_atomic_block and settings.MODE != "test":
        raise RuntimeError("nothing is fetched while a transaction is open")
    for _ in range(MAX_REDIRECTS + 1):
        check_form(url)
        answer = _of_others().call("GET", url, headers=headers or {})
        if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("location"):
            try:
                url = urljoin(url, answer.headers["location"])
            except ValueError:
                raise Forbidden("no address") from None
            headers = {}  # what is meant for one host is not shown to another
            continue
        if answer.status != 200:
            raise OutsideError(f"status {answer.status}")
        return answer.json()
    raise OutsideError("too many redirects")


@dataclass(frozen=True)
class Sent:
    """How a message to another system went: ``problem`` is empty when it was taken (2xx)."""

    problem: str = ""
    was_reached: bool = True


def post_json(url: str, value: object, *, headers: dict[str, str] | None = None) -> Sent:
    """Send JSON to an address that somebody else wrote down; a redirect is not followed. Never raises for the network."""
    body = json.dumps(value, ensure_ascii=False).encode()
    try:
        check_form(url)
        answer = _of_others().call(
            "POST", url, headers={"Content-Type": "application/json", **(headers or {})}, content=body
        )
    except (Unreachable, TooSlow) as error:
        return Sent(str(error), was_reached=False)
    except OutsideError as error:
        return Sent(str(error))
    return Sent() if 200 <= answer.status < 300 else Sent(f"status {answer.status}")
