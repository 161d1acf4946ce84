"""For tests of the registers' APIs: a client that sends a token, the coordinate system and JSON, as an application does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from stadhuis.kit.api import openapi

if TYPE_CHECKING:
    from stadhuis.kit.api.endpoint import Api

CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}


def token(client_id: str, secret: str, /, **claims: Any) -> str:
    """Return a JWT as an application makes it (HS256); ``claims`` replace the usual ones, None leaves one out."""
    payload = {
        "iss": client_id,
        "client_id": client_id,
        "iat": int(time.time()),
        "user_id": "tester",
        "user_representation": "Een tester",
        **claims,
    }
    parts = [
        _part({"typ": "JWT", "alg": "HS256"}),
        _part({name: value for name, value in payload.items() if value is not None}),
    ]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class ApiClient:
    """An application at the door of one API. Addresses may be paths under the root or whole addresses of ours."""

    def __init__(
        self, root: str, client_id: str = "", secret: str = "", *, headers: dict[str, str] | None = None
    ) -> None:
        self.root = root
        self.client = Client(raise_request_exception=False)
        self.headers = {**CRS, **(headers or {})}
        if client_id:
            self.headers["Authorization"] = f"Bearer {token(client_id, secret)}"

    def path(self, address: str) -> str:
        """Return the path on this server."""
        address = address.removeprefix(settings.PUBLIC_URL)
        return address if address.startswith("/") else f"/{self.root}/{address}"

    def send(
        self,
        method: str,
        address: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> HttpResponse:
        """Send a request; a header that is None is left out."""
        wanted = {name: value for name, value in {**self.headers, **(headers or {})}.items() if value is not None}
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        kind = wanted.pop("Content-Type", "application/json" if data else "")
        return self.client.generic(method, self.path(address), data, content_type=kind, headers=wanted)  # type: ignore[return-value]

    def get(self, address: str, **query: Any) -> HttpResponse:
        """GET with query parameters; a double underscore in a name stays."""
        from urllib.parse import urlencode

        return self.send("GET", f"{address}?{urlencode(query)}" if query else address)

    def post(self, address: str, body: Any, **headers: str) -> HttpResponse:
        """POST JSON."""
        return self.send("POST", address, body, headers=dict(headers))

    def put(self, address: str, body: Any) -> HttpResponse:
        """PUT JSON."""
        return self.send("PUT", address, body)

    def patch(self, address: str, body: Any) -> HttpResponse:
        """PATCH JSON."""
        return self.send("PATCH", address, body)

    def delete(self, address: str) -> HttpResponse:
        """DELETE."""
        return self.send("DELETE", address)


def faults(answer: HttpResponse) -> dict[str, str]:
    """Return name -> code of the faults in a 400."""
    body = json.loads(answer.content)
    if answer.status_code != 400 or answer["Content-Type"] != "application/problem+json":
        raise AssertionError(f"{answer.status_code} {answer['Content-Type']}: {answer.content!r}")
    return {fault["name"]: fault["code"] for fault in body["invalidParams"]}


def unargued(api: Api, prescribed: dict[str, Any], argued: Path) -> tuple[list[str], list[str]]:
    """Compare an API's document with the prescribed one: the differences nobody argued, and the arguments that are gone.

    ``argued`` has a regular expression per line, its argument above it.
    """
    lines = [line for line in argued.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = openapi.differences(openapi.document(api, "https://x.example"), prescribed, paths=sorted(api.operations))
    return (
        [one for one in found if not any(re.search(line, one) for line in lines)],
        [line for line in lines if not any(re.search(line, one) for one in found)],
    )


def prescribed_document(name: str) -> dict[str, Any]:
    """Return a document of the standard; they lie outside the repository, and where they do not the test is skipped."""
    import pytest
    import yaml

    folder = os.environ.get("STADHUIS_STANDARDS", "")
    if not folder:
        pytest.skip("STADHUIS_STANDARDS is not set: the comparison with the prescribed OpenAPI is skipped")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it is there: these documents are long
    document: dict[str, Any] = yaml.load((Path(folder) / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return document


def body_of(answer: HttpResponse, status: int = 200) -> Any:
    """Return the JSON of an answer of that status."""
    if answer.status_code != status:
        raise AssertionError(f"{answer.status_code}: {answer.content!r}")
    return json.loads(answer.content)
