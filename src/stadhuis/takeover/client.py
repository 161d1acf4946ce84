"""The other provider, read over its APIs: patient with what passes, clear about what does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

from stadhuis.kit import outside
from stadhuis.kit.files import FileTooLarge, Stored, let_go, receive
from stadhuis.kit.time import now
from stadhuis.takeover.config import SourceSettings
from stadhuis.takeover.errors import ContentDiffers, NotAllowed, NotThere, SourceDown, SourceRefuses

LARGEST_ANSWER: Final = 128 * 1024 * 1024
"""Of one page or one list without pages; documents are streamed."""
TOKEN_SECONDS: Final = 300
LONGEST_WAIT: Final = 60.0
CONTENT_SECONDS: Final = 6 * 3600.0
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_OF_THE_TOKEN: Final = frozenset(
    {
        "not_authenticated", "jwt-decode-error", "jwt-expired", "jwt-missing-iat-claim", "invalid-jwt-signature",
        "invalid-client-identifier", "missing-client-identifier",
    }
)  # fmt: skip
"""With these codes a 403 is about who we are, not about what we may see. Source: BEHAVIOUR 3.3."""
_LOOK_AT: Final = "Look at client_id, the secret and the clocks of both."
_HASHES: Final = {"md5": 32, "sha_1": 40, "sha_256": 64, "sha_384": 96, "sha_512": 128}
"""Algorithms of ``integriteit`` that we know -> length of the hex."""


T = TypeVar("T")


class _Passing(Exception):
    """It did not work now; it may in a moment. ``wait``: what the source asks, in seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Remote:
    """A source."""

    def __init__(
        self, source: SourceSettings, *, tell: Callable[[str], None], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        for root in source.roots.values():
            try:
                outside.check_host(root)
            except outside.Forbidden as error:
                raise SourceRefuses(
                    f"{root} is not called: {error}. Hosts in a private network stand in STADHUIS_API_ALLOWED_HOSTS."
                ) from None
            except outside.OutsideError:
                continue  # what cannot be looked up now is tried again when it is called
        self._source = source
        self._tell = tell
        self._sleep = sleep
        self._http = outside.Source(f"takeover {source.name}", max_bytes=LARGEST_ANSWER)
        self._token = ""
        self._token_at = 0.0

    # -- questions --
    def has(self, api: str) -> bool:
        """Return whether the source has this API, as far as the settings say."""
        return api in self._source.roots

    def get(self, api: str, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return the JSON at a path of an API.

        Raises ``NotThere``, ``NotAllowed``, and (after patience) ``SourceDown`` or ``SourceRefuses``.
        """
        return self._patiently(f"{api} {path}", lambda: self._json(api, path, params or {}))

    def at(self, api: str, url: str, params: Mapping[str, str] | None = None) -> Any:
        """Return the JSON at an address as the source gives it. Raises as ``get``."""
        return self.get(api, self.path_of(api, url), params)

    def path_of(self, api: str, url: str) -> str:
        """Return the path within an API of an address as the source gives it. Raises ``NotThere`` for any other address."""
        root = f"{self._source.shown[api]}/"
        if not url.startswith(root):
            raise NotThere("the address lies outside of the source")
        return url[len(root) :]

    def content(self, path: str, version: int, body: Mapping[str, Any]) -> Stored:
        """Fetch the content of one version of a document into our files, not kept yet.

        Raises ``ContentDiffers`` when size or checksum are not what ``body`` says, and as ``get``.
        """
        return self._patiently(f"documenten {path}", lambda: self._content(path, version, body))

    # -- patience --
    def _patiently(self, what: str, ask: Callable[[], T]) -> T:
        until = time.monotonic() + self._source.patience_seconds
        pause = 0.5
        while True:
            try:
                return ask()
            except _Passing as error:
                wait = max(error.wait, pause)
                if time.monotonic() + wait > until:
                    raise SourceDown(f"{what}: {error}. Start the same command again: it goes on from here.") from None
                if wait >= 2:
                    self._tell(f"{what}: {error}; again in {wait:.0f} seconds")
                self._sleep(wait)
                pause = min(pause * 2, LONGEST_WAIT)

    def _json(self, api: str, path: str, params: Mapping[str, str]) -> Any:
        with _as_passing():
            answer = self._http.call(
                "GET", f"{self._source.roots[api]}/{path}", params=dict(params), headers=self._headers(api),
                timeout_seconds=self._source.timeout_seconds,
            )  # fmt: skip
            if answer.status == 403 and (code := _code(answer.body)) in _OF_THE_TOKEN:
                raise SourceRefuses(f"The source does not accept our token ({code}). {_LOOK_AT}")
            self._check(answer.status, answer.headers)
            try:
                return answer.json()
            except outside.NotJson:
                raise _Passing("the answer is no JSON") from None

    def _content(self, path: str, version: int, body: Mapping[str, Any]) -> Stored:
        size = body.get("bestandsomvang")
        digests = _digests(body.get("integriteit"))
        with (
            _as_passing(),
            self._http.stream(
                "GET",
                f"{self._source.roots['documenten']}/{path}/download",
                params={"versie": str(version)},
                headers={**self._headers("documenten"), "Accept": "*/*"},
                timeout_seconds=CONTENT_SECONDS,
                piece_seconds=self._source.timeout_seconds,
            ) as coming,
        ):
            self._check(coming.status, coming.headers)

            def pieces() -> Iterator[bytes]:
                for piece in coming.pieces:
                    for one, _ in digests:
                        one.update(piece)
                    yield piece

            try:
                stored = receive(
                    pieces(), max_bytes=self._source.biggest_file, media_type=str(body.get("formaat") or "")
                )
            except FileTooLarge:
                raise ContentDiffers("the content is larger than biggest_file") from None
        if isinstance(size, int) and not isinstance(size, bool) and size != stored.size:
            let_go(stored.uuid)
            raise ContentDiffers("the content has another size than the source says")
        if any(not hmac.compare_digest(one.hexdigest(), said) for one, said in digests):
            let_go(stored.uuid)
            raise ContentDiffers("the content does not fit the checksum the source has of it")
        return stored

    # -- details --
    def _headers(self, api: str) -> dict[str, str]:
        if not self._token or time.monotonic() - self._token_at > TOKEN_SECONDS:
            self._token, self._token_at = _token(self._source), time.monotonic()
        crs = {"Accept-Crs": "EPSG:4326"} if api == "zaken" else {}
        return {"Authorization": f"Bearer {self._token}", **crs}

    def _check(self, status: int, headers: Mapping[str, str]) -> None:
        if status == 200:
            return
        if status in _PASSING:
            raise _Passing(f"status {status}", _seconds(headers.get("retry-after", "")))
        if status == 401:
            raise SourceRefuses(f"The source does not accept our token (401). {_LOOK_AT}")
        if status == 403:
            raise NotAllowed("no right to see it at the source (403)")
        if status in (404, 405, 410):
            raise NotThere(f"not there at the source ({status})")
        raise NotThere(f"the source answers with status {status}", status)


@contextmanager
def _as_passing() -> Iterator[None]:
    try:
        yield
    except outside.TooLarge:
        raise NotThere("the answer is larger than we take") from None
    except outside.Forbidden as error:
        raise SourceRefuses(f"The source is not called: {error}.") from None
    except outside.OutsideError as error:
        raise _Passing(str(error)) from None


def _code(body: bytes) -> str:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("code", "")) if isinstance(found, dict) else ""


def _seconds(retry_after: str) -> float:
    """Return what Retry-After asks: seconds or a date. What is neither asks nothing."""
    try:
        return min(max(float(retry_after), 0.0), 3600.0)
    except ValueError:
        pass
    try:
        return min(max((parsedate_to_datetime(retry_after) - now()).total_seconds(), 0.0), 3600.0)
    except (TypeError, ValueError):
        return 0.0


def _digests(integriteit: Any) -> list[tuple[Any, str]]:
    """Return what to reckon while the content comes in: nothing for an algorithm we do not know or a value that is no hex."""
    if not isinstance(integriteit, Mapping):
        return []
    name, value = str(integriteit.get("algoritme") or ""), str(integriteit.get("waarde") or "").strip().lower()
    if len(value) != _HASHES.get(name, -1) or set(value) - set("0123456789abcdef"):
        return []
    return [(hashlib.new(name.replace("_", "")), value)]


def _token(source: SourceSettings) -> str:
    """Return a token of client credentials, HS256. Source: BEHAVIOUR 3.1."""
    claims = {
        "iss": source.client_id, "iat": int(now().timestamp()), "client_id": source.client_id,
        "user_id": source.user_id, "user_representation": "Stadhuis",
    }  # fmt: skip
    parts = [{"typ": "JWT", "alg": "HS256"}, claims]
    body = ".".join(_packed(json.dumps(part).encode()) for part in parts)
    return f"{body}.{_packed(hmac.digest(source.secret.encode(), body.encode(), 'sha256'))}"


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
