"""Everything of ``script/test``: checks, tests, browser tests, a second PostgreSQL. Runs in the project's environment.

Without arguments everything this machine can do; with arguments only the tests they select (they go to pytest as they are).
``TEST_DATABASE_URL_SECOND`` names another server, an older PostgreSQL, on which what asks the database below the pages runs
once more.
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
from contextlib import contextmanager
from pathlib import Path

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
    results["tests"] = _run(_pytest("-n", "2", "--dist", "loadgroup"), url)
    if not any(map(shutil.which, BROWSERS)):
        results["browser tests: there is no Chromium on this machine"] = "skipped"
    second = os.environ.get("TEST_DATABASE_URL_SECOND")
    if second:
        version = _version(second)
        results[f"tests on PostgreSQL {version}"] = _run(
            _pytest(
                "-n", "2", "--dist", "loadgroup", "-m", "database and not browser and not slow",
                *(f"--ignore=src/stadhuis/{room}" for room in PAGES),
            ),
            second,
        )  # fmt: skip
    else:
        results["tests on a second PostgreSQL: TEST_DATABASE_URL_SECOND is not set"] = "skipped"
    if not os.environ.get("STADHUIS_STANDARDS"):
        results["comparison with the prescribed OpenAPI files: STADHUIS_STANDARDS is not set"] = "skipped"
    return results


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
    print(f"\n$ {' '.join(Path(part).name if part == sys.executable else part for part in command)}", flush=True)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**_environment(), "DATABASE_URL": url, "STADHUIS_MODE": "test"},
        stdin=subprocess.DEVNULL,
        check=False,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    return "passed" if done.returncode == 0 else "FAILED"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
