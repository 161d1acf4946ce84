"""A test helper: the simulators of the outside world as a process of their own, on free ports.

Knows only the command line and the addresses, so that rooms below ``demo`` can use it without importing upwards.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

_START_SECONDS = 20.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class SimulatorProcess:
    """One running set of simulators; use as a context manager."""

    def __init__(self, data_dir: Path, *, app_url: str = "http://localhost:8000", options: Sequence[str] = ()) -> None:
        self.data_dir = data_dir
        self.app_url = app_url
        self.port, self.smtp_port, self.imap_port = free_port(), free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self._options = tuple(options)
        self._process: subprocess.Popen[bytes] | None = None
        # No TLS here; without a certificate store a client is made in no time.
        self._http = httpx.Client(base_url=self.url, timeout=30, trust_env=False, verify=False)

    def __enter__(self) -> SimulatorProcess:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it serves; the same ports again after a ``stop``."""
        command = [
            sys.executable, "-m", "stadhuis.demo.simulators", "--port", str(self.port), "--smtp-port", str(self.smtp_port),
            "--imap-port", str(self.imap_port), "--public-url", self.url, "--app-url", self.app_url, "--data-dir", str(self.data_dir), *self._options,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the simulators stopped at once with code {self._process.returncode}")
            try:
                if self.get("/healthz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("the simulators did not start in time")

    def stop(self) -> int | None:
        """Stop as an operator would (SIGTERM) and return the exit code."""
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process = None

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """GET a path."""
        return self._http.get(path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> httpx.Response:
        """POST to a path."""
        return self._http.post(path, **kwargs)

    def switch(self, **switches: str) -> None:
        """Turn switches: ``switch(brp="down")``."""
        self.post("/switches", json=switches).raise_for_status()

    def all_ok(self) -> None:
        """Turn every switch back."""
        self.switch(brp="ok", kvk="ok", oidc="ok", smtp="ok")

    def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        """Return the mails in the inbox, newest first."""
        messages: list[dict[str, Any]] = json.loads(
            self.get("/mail/api/messages", params={"to": to} if to else {}).content
        )
        return messages

    def clear_mails(self) -> None:
        """Empty the inbox."""
        self._http.delete("/mail/api/messages").raise_for_status()
