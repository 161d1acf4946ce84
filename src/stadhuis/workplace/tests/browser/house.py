"""A whole town hall for a browser: a database of its own, web server, worker and the simulators, each a real process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

from stadhuis.kit.tests import tables
from stadhuis.kit.tests.simulators import SimulatorProcess, free_port

START_SECONDS = 60.0


class House:
    """Use as a context manager; ``url`` is where it answers, ``outside`` the world around it."""

    def __init__(self, folder: Path, *, idle_seconds: int = 900) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.outside = SimulatorProcess(folder / "outside", app_url=self.url)
        self.database = f"browser_{os.getpid()}_{self.port}"
        self._server = os.environ["DATABASE_URL"]
        self._processes: list[subprocess.Popen[bytes]] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
        self.environment = {
            **kept,
            "DATABASE_URL": urlunsplit(urlsplit(self._server)._replace(path=f"/{self.database}")),
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
            "STADHUIS_MODE": "demo",
            "STADHUIS_DATA_DIR": str(folder / "data"),
            "STADHUIS_PUBLIC_URL": self.url,
            "STADHUIS_SIMULATORS_URL": self.outside.url,
            "STADHUIS_SMTP_HOST": "localhost",
            "STADHUIS_SMTP_PORT": str(self.outside.smtp_port),
            "STADHUIS_SESSION_IDLE_SECONDS": str(idle_seconds),
            "STADHUIS_WEB_WORKERS": "1",
        }

    def __enter__(self) -> House:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the database with the town in it, start everything, and wait until pages come."""
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        tables.copy(self._server, self.database)
        self._run("-m", "stadhuis", "migrate")  # publishes the forms
        self._run("-m", "stadhuis.workplace.tests.browser.lay")
        self._start("web", "serve", "--port", str(self.port))
        self._start("worker", "worker")
        self.outside.start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"the town hall did not start in time\n{self.last_words()}")

    def stop(self) -> None:
        """Stop everything and throw the database away."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.outside.stop()
        with psycopg.connect(self._server_admin(), autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(self.database)))

    def last_words(self) -> str:
        """Return the ends of the logs, for a test that failed."""
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in self.folder.glob("*.log")
        )

    def end_all_sessions(self, *, idle_seconds: int) -> None:
        """Let time pass for everybody who is logged in."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(
                "UPDATE people_loginsession SET last_seen_at = last_seen_at - make_interval(secs => %s)"
                " WHERE ended_at IS NULL",
                [idle_seconds],
            )

    def _server_admin(self) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path="/postgres"))

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-1500:]}{done.stderr[-3000:]}")

    def _start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [sys.executable, "-m", "stadhuis", *arguments]
            self._processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
