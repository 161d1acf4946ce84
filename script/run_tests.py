"""Everything of ``script/test``: checks, tests, browser tests, a second PostgreSQL. Runs in the project's environment.

Without arguments everything this machine can do; with arguments only the tests they select (they go to pytest as they are).
``TEST_DATABASE_URL_SECOND`` names another server, an older PostgreSQL, on which what asks the database below the pages runs
once more: in one process beside the two of the first run, which wait now and then for a browser, a time-out, a start.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from stadhuis.kit.postgres import EmbeddedPostgres, PostgresUnavailable
from stadhuis.kit.supervise import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser")
PAGES = ("administration", "casework", "demo", "doctor", "forms", "messages", "portal", "takeover", "workplace")
"""Rooms that are not run on the older server: pages and deeds over the rooms below, and what they ask themselves is plain SQL."""


def main(arguments: list[str]) -> int:
    """Run and print a summary; returns 1 when something failed."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    started = time.monotonic()
    try:
        with _database() as url:
            results = _selection(arguments, url) if arguments else _everything(url)
    except PostgresUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"\nSummary after {time.monotonic() - started:.0f} seconds")
    for name, outcome in results.items():
        print(f"  {outcome:8} {name}")
    return 1 if "FAILED" in results.values() else 0


def _everything(url: str) -> dict[str, str]:
    results = {"script/check": _run([sys.executable, "script/run_checks.py"], url)}
    second = os.environ.get("TEST_DATABASE_URL_SECOND")
    meanwhile: AbstractContextManager[dict[str, str]] = _on_older_server(second) if second else nullcontext({})
    with meanwhile as found:
        results["tests"] = _run(_pytest("-n", "2", "--dist", "loadgroup"), url)
    results |= found
    if not any(map(shutil.which, BROWSERS)):
        results["browser tests: there is no Chromium on this machine"] = "skipped"
    if not second:
        results["tests on a second PostgreSQL: TEST_DATABASE_URL_SECOND is not set"] = "skipped"
    if not os.environ.get("STADHUIS_STANDARDS"):
        results["comparison with the prescribed OpenAPI files: STADHUIS_STANDARDS is not set"] = "skipped"
    return results


@contextmanager
def _on_older_server(url: str) -> Iterator[dict[str, str]]:
    """Run meanwhile what asks the database below the pages; at the end of the block print what it said and yield how it went."""
    found: dict[str, str] = {}
    command = _pytest(
        "-m", "database and not browser and not slow", *(f"--ignore=src/stadhuis/{room}" for room in PAGES)
    )
    with tempfile.TemporaryFile() as said:
        running = _start(command, url, said)
        try:
            yield found
            code = running.wait()
        finally:
            running.terminate()
            running.wait()
        print(f"\n$ {_words(command)}", flush=True)
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    found[f"tests on PostgreSQL {_version(url)}"] = "passed" if code == 0 else "FAILED"


def _selection(arguments: list[str], url: str) -> dict[str, str]:
    return {"selected tests": _run(_pytest(*arguments), url)}


@contextmanager
def _database() -> Iterator[str]:
    """Yield the URL of the server the tests use: the one that is set, else an embedded one of this run."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-tests-"))
    folder.chmod(0o711)  # started by root, the database runs as another user
    server = EmbeddedPostgres(folder / "postgres", is_durable=False)
    try:
        with server:
            yield server.url()
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _version(url: str) -> str:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.info.parameter_status("server_version") or "?"


def _pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "--durations=40", "--durations-min=5", *arguments]


def _environment() -> dict[str, str]:
    """Return the environment, in which Python may keep what it compiled: tests start hundreds of processes."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _run(command: list[str], url: str) -> str:
    print(f"\n$ {_words(command)}", flush=True)
    with _start(command, url, None) as running:
        return "passed" if running.wait() == 0 else "FAILED"


def _words(command: list[str]) -> str:
    return " ".join(Path(part).name if part == sys.executable else part for part in command)


def _start(command: list[str], url: str, output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**_environment(), "DATABASE_URL": url, "STADHUIS_MODE": "test"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  (started from the only thread)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
