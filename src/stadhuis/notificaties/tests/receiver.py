"""A real receiver of notifications on this machine, that can be up, down or unwilling."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Keeps what it got; answers ``status``. Down: the port is closed."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.status = 204
        self.location = ""
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    def status_for(self, headers: dict[str, str]) -> int:
        """Return what it answers to a message with these headers."""
        return self.status

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/callback"

    def up(self) -> None:
        """Listen, on the same port as before."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status_for(dict(self.headers)))
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"url": "x", "naam": "balie", "omschrijving": "aan de balie"}')

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def down(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def actions(self) -> list[str]:
        """Return the actie of every message, in order of arrival."""
        return [body["actie"] for _, body in self.got]
