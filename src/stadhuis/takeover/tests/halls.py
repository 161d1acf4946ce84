"""Town halls in processes of their own, each with a database beside that of the suite."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from stadhuis.kit.tests import tables
from stadhuis.kit.tests.simulators import free_port


class Hall:
    """A town hall: its database, its files, its address, and its commands."""

    def __init__(self, folder: Path, database_url: str, *, template: str = "", **more: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.name = f"stadhuis_hall_{uuid.uuid4().hex[:10]}"
        self._server = database_url
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        parts = urlsplit(database_url)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
        self.environment = {
            **kept,
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self.name}")),
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
            "STADHUIS_MODE": "test",
            "STADHUIS_DATA_DIR": str(folder),
            "STADHUIS_PUBLIC_URL": self.url,
            "STADHUIS_WEB_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
            **more,
        }
        self._web: subprocess.Popen[bytes] | None = None
        if template:
            self._on_server("CREATE DATABASE {} TEMPLATE {}", self.name, template)
        else:
            tables.copy(database_url, self.name)
            self.run("stadhuis", "migrate")  # publishes the forms

    def _on_server(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server, dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def start(self, *arguments: str, quiet: bool = False) -> subprocess.Popen[bytes]:
        """Start a Python module of ours in this town hall; what it says is kept to be read, or thrown away."""
        out = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], env=self.environment, stdout=out, stderr=subprocess.STDOUT
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a Python module of ours to its end and return what it said; it must end with this code."""
        process = self.start(*arguments)
        said = process.communicate()[0].decode()
        if process.returncode != code:
            raise AssertionError(f"{' '.join(arguments)} ended with {process.returncode}: {said[-4000:]}")
        return said

    def serve(self) -> None:
        """Answer requests, until ``remove``."""
        log = (self.folder / "web.log").open("wb")
        command = [sys.executable, "-m", "stadhuis", "serve", "--port", str(self.port)]
        self._web = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with (
                suppress(OSError, http.client.HTTPException),
                closing(http.client.HTTPConnection("localhost", self.port, timeout=5)) as connection,
            ):
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError((self.folder / "web.log").read_text(errors="replace")[-3000:])

    def shown(self) -> dict[str, list[str]]:
        """Return what its registers show."""
        found: dict[str, list[str]] = json.loads(self.run("stadhuis.takeover.tests.shown").splitlines()[-1])
        return found

    def ask(self, statement: str) -> Any:
        """Return the first value of a statement on its database."""
        with psycopg.connect(self._server, dbname=self.name) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def remove(self) -> None:
        """End it and throw its database away."""
        if self._web is not None:
            self._web.send_signal(signal.SIGTERM)
            try:
                self._web.wait(15)
            except subprocess.TimeoutExpired:
                self._web.kill()
                self._web.wait()
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)


def write_source(folder: Path, name: str, client_id: str, secret: str, roots: dict[str, str]) -> None:
    """Write the settings of a source where the command looks for them."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    key = folder / "sources" / f"{name}.secret"
    key.write_text(secret)
    key.chmod(0o600)
    lines = [f'client_id = "{client_id}"', f'secret_file = "{name}.secret"', "patience_seconds = 60", "[roots]"]
    lines += [f'{api} = "{root}"' for api, root in roots.items()]
    (folder / "sources" / f"{name}.toml").write_text("\n".join(lines))
