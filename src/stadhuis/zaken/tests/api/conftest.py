"""An application and a zaaktype for the tests of the Zaken API."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit import outside
from stadhuis.kit.api.testing import ApiClient
from stadhuis.zaken.tests.api.givens import given_applicatie


@pytest.fixture
def zaaktype(db: None) -> catalogi.ZaaktypeRecord:
    """A published zaaktype of level zaakvertrouwelijk with one product."""
    return given_zaaktype(producten_of_diensten=["https://producten.example/1"])


@pytest.fixture
def api(db: None) -> ApiClient:
    """An application with all rights."""
    return given_applicatie()


SCHEMA = {"type": "object", "required": ["soort"], "properties": {"soort": {"type": "string"}}}
ANSWERS = {
    "/kanaal": (200, '{"url": "x", "naam": "balie", "omschrijving": "aan de balie"}', ""),
    "/other": (200, '{"url": "x"}', ""),
    "/schema": (200, json.dumps({"jsonSchema": SCHEMA}), ""),
    "/tree": (200, json.dumps({"record": {"data": {"soort": "eik"}}}), ""),
    "/stone": (200, json.dumps({"record": {"data": {"soort": 7}}}), ""),
    "/text": (200, "hallo", ""),
    "/moved": (302, "", "/kanaal"),
    "/inside": (302, "", "http://169.254.169.254/latest/meta-data"),
    "/round": (302, "", "/round"),
    "/large": (200, '{"x": "' + "y" * (outside.MAX_BYTES + 10) + '"}', ""),
}


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[tuple[str, list[str]]]:
    """A server of somebody else on an allowed host: its address and the paths that were asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, text, location = ANSWERS.get(self.path, (404, "{}", ""))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.API_ALLOWED_HOSTS = [f"127.0.0.1:{server.server_address[1]}"]
    settings.OUTSIDE_TIMEOUT_SECONDS = 2
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
