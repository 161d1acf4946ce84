"""The embedded PostgreSQL starts, stops and cleans up after an accident."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stadhuis.kit import postgres
from stadhuis.kit.postgres import EmbeddedPostgres


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-pg-"))
    folder.chmod(0o711)
    embedded = EmbeddedPostgres(folder / "postgres", is_durable=False)
    yield embedded
    embedded.remove()
    folder.rmdir()


def _ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def test_when_it_starts_then_it_answers_as_an_ordinary_role_and_sorts_and_lowers_like_unicode(
    server: EmbeddedPostgres,
) -> None:
    # when
    with server:
        # then
        assert _ask(server, "SELECT current_user") == "stadhuis"
        assert _ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert _ask(server, "SELECT lower('ÀÉÏ')") == "àéï"
        assert _ask(server, "SHOW listen_addresses") == ""


def test_when_it_runs_then_nobody_else_may_enter_its_folders(server: EmbeddedPostgres) -> None:
    with server:
        socket = Path(server.url().split("host=")[1])
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert len(str(socket)) < 95


def test_when_it_is_stopped_and_started_then_its_rows_are_still_there(server: EmbeddedPostgres) -> None:
    # given
    with server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert not server.is_running()
    # when
    with server:
        # then
        assert _ask(server, "SELECT number FROM kept") == 7


def test_when_it_was_killed_then_the_next_start_recovers(server: EmbeddedPostgres) -> None:
    # given
    server.start()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    # when
    with server:
        # then
        assert _ask(server, "SELECT 1") == 1


def test_when_the_pid_file_names_a_stranger_then_the_stranger_lives_and_the_start_succeeds(
    server: EmbeddedPostgres,
) -> None:
    # given: after an accident the number was given to another process
    with server:
        pid_file = next(Path(server.url().split("host=")[1]).parent.glob("cluster")) / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file.write_text(f"{stranger.pid}\n")
    try:
        # when
        with server:
            # then
            assert _ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_when_its_starter_is_killed_outright_then_it_stops_too(server: EmbeddedPostgres) -> None:
    # given
    program = (
        "import sys, time; from pathlib import Path; from stadhuis.kit.postgres import EmbeddedPostgres\n"
        "s = EmbeddedPostgres(Path(sys.argv[1]), is_durable=False); s.start()\n"
        "print(s.process.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(server.folder)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    # when
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    # then
    until = time.monotonic() + 10
    while (
        Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() and time.monotonic() < until
    ):
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
def test_when_root_starts_it_below_a_closed_folder_then_it_runs_as_another_user_elsewhere() -> None:
    # given
    closed = Path(tempfile.mkdtemp(prefix="stadhuis-closed-"))
    closed.chmod(0o700)
    server = EmbeddedPostgres(closed / "postgres", is_durable=False)
    try:
        # when
        with server:
            assert server.process is not None
            # then
            assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
            assert _ask(server, "SELECT 1") == 1
            assert not (closed / "postgres").exists()
    finally:
        server.remove()
        closed.rmdir()


def test_when_the_wheel_is_missing_then_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    # when
    with pytest.raises(postgres.PostgresUnavailable) as raised:
        postgres.binaries()
    # then
    assert "set DATABASE_URL" in str(raised.value)


def test_when_it_was_killed_while_a_backend_is_busy_then_it_starts_again_without_it(server: EmbeddedPostgres) -> None:
    # given
    server.start()
    busy = psycopg.connect(server.url(), autocommit=True)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    # when
    server.restart()
    # then
    assert _ask(server, "SELECT 1") == 1
    assert not postgres._lives(backend)
    busy.close()
