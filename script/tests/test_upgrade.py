"""The release before is brought up to date while it answers: its rows stay, its web server goes on, the new one takes over."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from stadhuis.kit.postgres import EmbeddedPostgres
from stadhuis.kit.tests.simulators import free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PREVIOUS = "6c6efa2a217dffdc4563c14da7eb794684515716"
"""The state of the schema before this one: an ancestor of HEAD. Move it up with each release."""
PAGES = ("/", "/producten/", "/werkplek/inloggen/", "/mijn/", "/healthz", "/readyz")
COUNTED = (
    "zaken_zaak",
    "people_personbsn",
    "access_clientsecret",
    "documenten_document",
    "audit_line",
    "casework_workitem",
)


def _previous() -> bytes | None:
    """Return the previous code as a tar file, or None where the history is not there (a shallow clone, no git)."""
    if shutil.which("git") is None:
        return None
    git = ["git", "-C", str(ROOT)]
    known = subprocess.run([*git, "merge-base", "--is-ancestor", PREVIOUS, "HEAD"], capture_output=True, check=False)
    if known.returncode != 0:
        return None
    return subprocess.run([*git, "archive", PREVIOUS, "src"], capture_output=True, check=True).stdout


@pytest.fixture
def old_code() -> Iterator[Path]:
    archive = _previous()
    if archive is None:
        pytest.skip(f"the history up to {PREVIOUS[:7]} is not here")
    with tempfile.TemporaryDirectory(prefix="stadhuis-previous-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(place, filter="data")
        # Built files are not in the history; those of now will do for the pages of then.
        built = ROOT / "src" / "stadhuis" / "kit" / "static" / "dist"
        if built.is_dir():
            shutil.copytree(built, place / "src" / "stadhuis" / "kit" / "static" / "dist", dirs_exist_ok=True)
        yield place


class _Town:
    """One database and data folder, reached by the old code and by the new."""

    def __init__(self, folder: Path, url: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
        self.url = url
        self.environment = {
            **kept,
            "DATABASE_URL": url,
            "STADHUIS_MODE": "demo",
            "STADHUIS_DATA_DIR": str(folder),
            "STADHUIS_WEB_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
        }

    def run(self, code: Path, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "stadhuis", *arguments],
            env={**self.environment, "PYTHONPATH": str(code / "src")},
            cwd=code, capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    def serve(self, code: Path, port: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "stadhuis", "serve", "--port", str(port)],
            env={**self.environment, "PYTHONPATH": str(code / "src")},
            cwd=code, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        with psycopg.connect(self.url) as connection:
            found = {}
            for table in COUNTED:
                row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
                found[table] = int(row[0]) if row else -1
            return found


def _until_it_answers(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://localhost:{port}/healthz", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the web server does not answer")


def _statuses(port: int) -> dict[str, int]:
    with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False, timeout=20) as browser:
        return {page: browser.get(page).status_code for page in PAGES}


def test_when_the_release_before_is_brought_up_to_date_then_it_answers_meanwhile_and_nothing_is_lost(
    old_code: Path, tmp_path: Path
) -> None:
    # given: a town of the release before, seeded by its own code, with its web server running
    with tempfile.TemporaryDirectory(prefix="stadhuis-upgrade-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "postgres", is_durable=False)
        running: list[subprocess.Popen[bytes]] = []
        try:
            database.start()
            town = _Town(tmp_path, database.url())
            town.run(old_code, "migrate")
            town.run(old_code, "seed-demo")
            before, old_port, new_port = town.counts(), free_port(), free_port()
            running.append(town.serve(old_code, old_port))
            _until_it_answers(old_port)
            wanted = _statuses(old_port)
            assert wanted["/"] == wanted["/healthz"] == 200
            # when
            seen: Counter[tuple[str, int]] = Counter()
            is_done = threading.Event()

            def visit() -> None:
                while not is_done.is_set():
                    seen.update(_statuses(old_port).items())

            visitor = threading.Thread(target=visit)
            visitor.start()
            said = town.run(ROOT, "migrate")
            is_done.set()
            visitor.join()
            # then: the old web server answered every page as before, and still does
            assert "migrations ran" in said
            # /readyz of the old code asks for a worker, which does not run here: 503 before and after.
            assert set(seen) == set(wanted.items())
            assert len(seen) == len(PAGES)
            assert _statuses(old_port) == wanted
            assert town.counts() == before
            # and: the new one beside it answers too
            running.append(town.serve(ROOT, new_port))
            _until_it_answers(new_port)
            assert _statuses(new_port) == wanted
            assert _statuses(old_port) == wanted
            assert "up to date already" in town.run(ROOT, "migrate")
            # and: what the old code encrypted is read by the new
            assert "they may be removed" in town.run(ROOT, "rotate-keys", "--check")
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(20)
            database.remove()
