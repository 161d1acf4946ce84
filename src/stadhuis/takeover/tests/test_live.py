"""A whole takeover by the command, from a provider that runs in a process of its own, killed three times on the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stadhuis.kit.tests.simulators import free_port
from stadhuis.takeover.tests.halls import Hall, write_source
from stadhuis.takeover.tests.openzaak import CLIENT
from stadhuis.takeover.tests.openzaak import SECRET as THEIR_SECRET
from stadhuis.takeover.tests.town import APPLICATION, SECRET

pytestmark = pytest.mark.slow
ZAKEN = 30
KILLS = 3


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Make a town hall with nothing in it, of which others are copies."""
    hall = Hall(tmp_path_factory.mktemp("empty"), os.environ["DATABASE_URL"])
    yield hall
    hall.remove()


def _hall(empty: Hall, folder: Path, **more: str) -> Hall:
    return Hall(folder, os.environ["DATABASE_URL"], template=empty.name, **more)


def _roots(base: str, *, autorisaties: bool = False) -> dict[str, str]:
    apis = ["catalogi", "documenten", "zaken", "besluiten", *(["autorisaties"] if autorisaties else [])]
    return {api: f"{base}/{api}/api/v1" for api in apis}


def _until_it_took(more: int, hall: Hall, process: subprocess.Popen[bytes]) -> None:
    """Return when it took so many objects more, or ended; one connection, for a new one each time costs as much as the work."""
    with psycopg.connect(hall.environment["DATABASE_URL"], autocommit=True) as connection:

        def taken() -> int:
            row = connection.execute("SELECT count(*) FROM takeover_taken").fetchone()
            return int(row[0]) if row else 0

        before, until = taken(), time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until and taken() < before + more:
            time.sleep(0.02)


def _pull_with_kills(hall: Hall, source: str) -> str:
    """Run the command, kill it three times when it has got a bit further, and let it come to its end."""
    for _ in range(KILLS):
        process = hall.start("stadhuis", "pull-zgw", "--source", source)
        _until_it_took(90, hall, process)
        assert process.poll() is None, process.communicate()[0].decode()[-3000:]
        process.kill()
        process.communicate()
        assert hall.ask("SELECT count(*) FROM takeover_run WHERE ended_at IS NULL") == 1
    return hall.run("stadhuis", "pull-zgw", "--source", source)


def test_a_takeover_from_another_stadhuis_that_is_killed_three_times_ends_equal(empty: Hall, tmp_path: Path) -> None:
    # given
    there = _hall(empty, tmp_path / "there")
    here = _hall(empty, tmp_path / "here", STADHUIS_API_ALLOWED_HOSTS=f"localhost:{there.port}")
    try:
        there.run("stadhuis.takeover.tests.town", "--zaken", str(ZAKEN))
        there.serve()
        write_source(tmp_path / "here", "bron", APPLICATION, SECRET, _roots(there.url))
        # when
        said = _pull_with_kills(here, "bron")
        # then
        theirs, ours = there.shown(), here.shown()
        assert len(ours["zaak"]) == ZAKEN
        for kind in theirs:
            assert ours[kind] == theirs[kind], kind
        assert "not or not whole" not in said
        assert "SECRET" not in said
        report = here.run("stadhuis", "pull-zgw", "--source", "bron", "--report")
        assert "differs" not in report
        assert here.ask("SELECT count(*) FROM notificaties_notificatie") == 0
        # when people work on there
        there.run("stadhuis.takeover.tests.town_goes_on")
        again = here.run("stadhuis", "pull-zgw", "--source", "bron")
        # then only that comes
        assert {line.split()[0]: line.split()[2:] for line in again.splitlines() if line.startswith("zaak  ")} == {
            "zaak": ["1", "1"]
        }
        assert here.shown() == there.shown()
    finally:
        there.remove()
        here.remove()


def test_a_takeover_from_the_usual_provider_that_is_killed_three_times_ends_equal(empty: Hall, tmp_path: Path) -> None:
    # given
    port = free_port()
    here = _hall(empty, tmp_path / "here", STADHUIS_API_ALLOWED_HOSTS=f"127.0.0.1:{port}")
    provider = subprocess.Popen(
        [sys.executable, "-m", "stadhuis.takeover.tests.openzaak", "--port", str(port), "--zaken", str(ZAKEN)]
    )
    try:
        roots = _roots(f"http://127.0.0.1:{port}", autorisaties=True)
        write_source(tmp_path / "here", "oz", CLIENT, THEIR_SECRET, roots)
        # when
        said = _pull_with_kills(here, "oz")
        # then
        assert "not or not whole" not in said
        report = here.run("stadhuis", "pull-zgw", "--source", "oz", "--report")
        assert [line.split()[1:] for line in report.splitlines() if line.startswith("zaak  ")] == [
            [str(ZAKEN), str(ZAKEN), "0", "0", "0"]
        ]
        # no file without a row, and none that nobody keeps but what the kills left for the sweep
        left = here.ask("SELECT count(*) FROM kit_storedfile WHERE state <> 'kept'")
        assert left <= 2 * KILLS
        assert here.ask("SELECT count(DISTINCT uuid) FROM takeover_taken") == here.ask(
            "SELECT count(*) FROM takeover_taken"
        )
    finally:
        provider.kill()
        provider.wait()
        here.remove()


def test_the_command_says_in_one_sentence_what_is_wrong_with_its_settings(empty: Hall, tmp_path: Path) -> None:
    here = _hall(empty, tmp_path)
    try:
        assert "cannot be read" in here.run("stadhuis", "pull-zgw", "--source", "weg", code=1)
        write_source(tmp_path, "bron", "x", "geheim", {"catalogi": "ftp://x"})
        assert "roots.catalogi is no http(s) address" in here.run("stadhuis", "pull-zgw", "--source", "bron", code=1)
        write_source(tmp_path, "bron", "x", "geheim", _roots("http://localhost:1"))
        assert "STADHUIS_API_ALLOWED_HOSTS" in here.run("stadhuis", "pull-zgw", "--source", "bron", code=1)
        (tmp_path / "sources" / "bron.secret").chmod(0o644)
        assert "chmod 600" in here.run("stadhuis", "pull-zgw", "--source", "bron", code=1)
    finally:
        here.remove()


def test_the_tables_of_a_takeover_are_there(empty: Hall) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=empty.name) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'takeover_%'").fetchone()
    assert found == (4,)
