"""A real town hall for a test or a benchmark: PostgreSQL that keeps what it promised, simulators, web and worker."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg

from stadhuis.kit.postgres import EmbeddedPostgres
from stadhuis.kit.supervise import ProcessService, Supervisor
from stadhuis.kit.tests import tables
from stadhuis.kit.tests.simulators import free_port

STALLED_SECONDS = 6
"""A dead worker is found out in this time here; production waits a minute."""


class Stack:
    """Everything the demo runs, without the demo town. Start and kill from one thread only: children die with it."""

    def __init__(
        self,
        folder: Path,
        *,
        stalled_seconds: int = STALLED_SECONDS,
        web_workers: int = 2,
        port: int | None = None,
        **more: str,
    ) -> None:
        self.folder = folder
        self.folder.chmod(0o711)  # started by root, the database runs as another user
        self.data = folder / "data"
        self.logs = folder / "logs"
        self.scratch = folder / "tmp"
        for place in (self.data, self.logs, self.scratch):
            place.mkdir(exist_ok=True)
        self.port, self.outside_port, self.smtp_port = port or free_port(), free_port(), free_port()
        self.url, self.outside_url = f"http://localhost:{self.port}", f"http://localhost:{self.outside_port}"
        self.mail_folder = self.data / "simulators" / "mail"
        self.postgres = EmbeddedPostgres(folder / "postgres", log_file=self.logs / "postgresql.log")
        self.said: list[str] = []
        self.supervisor = Supervisor(self.said.append, restarts_per_minute=60)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
        self.environment = {
            **kept,
            "DATABASE_URL": self.postgres.url(),
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
            "STADHUIS_MODE": "demo",
            "STADHUIS_DATA_DIR": str(self.data),
            "STADHUIS_PUBLIC_URL": self.url,
            "STADHUIS_SIMULATORS_URL": self.outside_url,
            "STADHUIS_SMTP_HOST": "localhost",
            "STADHUIS_SMTP_PORT": str(self.smtp_port),
            "STADHUIS_JOB_STALLED_SECONDS": str(stalled_seconds),
            "STADHUIS_WEB_WORKERS": str(web_workers),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.scratch),
            **more,
        }
        stadhuis = [sys.executable, "-m", "stadhuis"]
        self.web = self._service(
            "web server", [*stadhuis, "serve", "--port", str(self.port)], lambda: self.status("/healthz") == 200
        )
        self.worker = self._service("worker", [*stadhuis, "worker"], self._worker_beats)
        self.simulators = self._service(
            "simulators",
            [sys.executable, "-m", "stadhuis.demo.simulators", "--port", str(self.outside_port)]
            + ["--smtp-port", str(self.smtp_port), "--public-url", self.outside_url, "--app-url", self.url]
            + ["--data-dir", str(self.data / "simulators")],
            lambda: _listens(self.outside_port) and _listens(self.smtp_port),
        )

    def _service(self, name: str, command: list[str], is_ready: Any) -> ProcessService:
        log = self.logs / f"{name.split(maxsplit=1)[0]}.log"
        return ProcessService(name, command, log_file=log, environment=self.environment, is_ready=is_ready)

    # -- Start and stop -----------------------------------------------------------------------------------------------
    def start_empty_database(self) -> None:
        """Start PostgreSQL with the tables, and the forms of this release."""
        self.supervisor.start(self.postgres)
        if "PYTEST_VERSION" in os.environ:  # a benchmark migrates
            tables.lay_in(self.postgres, from_server=os.environ["DATABASE_URL"])
        self.run("-m", "stadhuis", "migrate")

    def start_database(self) -> None:
        """Start PostgreSQL with the tables, and catalogue, forms and units of the demo town."""
        self.start_empty_database()
        self.run("-m", "stadhuis.demo.tests.lay")

    def start_services(self) -> None:
        """Start web, worker and simulators together and wait until they are ready."""
        for service in (self.web, self.simulators, self.worker):
            self.supervisor.keep(service)
            service.launch()
        for service in (self.web, self.simulators, self.worker):
            service.wait_until_ready()

    def stop(self) -> None:
        """Stop everything and throw the database away."""
        self.supervisor.stop()
        self.postgres.remove()

    def run(self, *arguments: str) -> str:
        """Run a Python process in the environment of this town hall and return what it said."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-1500:]}{done.stderr[-3000:]}")
        return done.stdout

    # -- Questions ----------------------------------------------------------------------------------------------------
    def status(self, path: str) -> int:
        """Return the status of a page, or 0 without an answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def _worker_beats(self) -> bool:
        """Return whether the worker that runs now has told the database that it is there."""
        if self.worker.process is None:
            return False
        started = Path(f"/proc/{self.worker.process.pid}").stat().st_mtime
        with suppress(psycopg.OperationalError), psycopg.connect(self.postgres.url(), connect_timeout=2) as connection:
            found = connection.execute(
                "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > to_timestamp(%s)", [started]
            ).fetchone()
            return bool(found and found[0])
        return False

    # -- Kills --------------------------------------------------------------------------------------------------------
    def web_pids(self) -> list[int]:
        """Return the server and its request processes."""
        return [] if self.web.process is None else [self.web.process.pid, *children(self.web.process.pid)]

    def postgres_pids(self) -> list[int]:
        """Return the server and its backends."""
        process = self.postgres.process
        return [] if process is None else [process.pid, *children(process.pid)]

    def kill(self, pids: list[int]) -> None:
        """End processes as a power cut would."""
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_web(self, how: str, chance: random.Random) -> None:
        """Kill all of the web server, its first process, or one that answers requests."""
        first, *others = self.web_pids()
        self.kill({"all": [first, *others], "first": [first]}.get(how) or [chance.choice(others or [first])])

    def kill_postgres(self, how: str, chance: random.Random) -> None:
        """Kill all of PostgreSQL, its first process (the backends go by themselves), or one of the others."""
        first, *others = self.postgres_pids()
        self.kill({"all": [first, *others], "first": [first]}.get(how) or [chance.choice(others or [first])])

    def kill_worker(self) -> None:
        """Kill the worker."""
        if self.worker.process is not None:
            self.kill([self.worker.process.pid])

    def last_words(self) -> str:
        """Return the ends of the logs, for a test that failed."""
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in self.logs.iterdir())


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children(pid: int) -> list[int]:
    """Return the children of a process and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text(encoding="utf-8").split():
                found += [int(child), *children(int(child))]
    return found


def as_json(text: str) -> Any:
    """Return what the last line of an output says."""
    return json.loads(text.strip().splitlines()[-1])


def until(seconds: float) -> Any:
    """Yield until the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.01)
