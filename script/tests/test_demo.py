"""The demo town comes up, answers, and leaves nothing behind however it ends."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
START_SECONDS = 120


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stadhuis-demo-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def _free_port() -> int:
    """Return the first of four neighbouring ports that nobody uses.

    Below those that the machine hands out to connections of its own, or one of these may take a neighbour meanwhile.
    """
    while True:
        port = random.randrange(15000, 32000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for number in (port, port + 1, port + 2, port + 3):
                held.enter_context(socket.socket()).bind(("127.0.0.1", number))
            return port


def _start(data: Path, port: int) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "DATABASE_URL"))}
    return subprocess.Popen(
        [sys.executable, "-m", "stadhuis", "demo", "--no-seed", "--port", str(port)],
        env={**kept, "STADHUIS_DATA_DIR": str(data)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _until_ready(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(f"the demo ended before it was ready:\n{said}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _left_behind(data: Path) -> list[str]:
    """Return the commands of live processes that were given this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if str(data).encode() in told and int(process.name) != os.getpid():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_the_demo_runs_then_it_answers_and_when_it_ends_nothing_is_left(
    data: Path, number: signal.Signals
) -> None:
    # given
    port = _free_port()
    demo = _start(data, port)
    try:
        said = _until_ready(demo)
        # then
        assert f"http://localhost:{port}/" in said
        assert f"http://localhost:{port}/werkplek/" in said
        assert _status(port, "/healthz") == 200
        assert _status(port, "/readyz") == 200
        assert _left_behind(data)
        # when
        demo.send_signal(number)
        code = demo.wait(60)
    finally:
        demo.kill()
        demo.wait()
        assert demo.stdout is not None
        demo.stdout.close()
    # then
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    until = time.monotonic() + 20
    while _left_behind(data) and time.monotonic() < until:
        time.sleep(0.1)
    assert _left_behind(data) == []


def test_when_one_process_is_killed_then_the_demo_goes_on(data: Path) -> None:
    # given
    port = _free_port()
    demo = _start(data, port)
    try:
        _until_ready(demo)
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text(encoding="utf-8").split()
        assert len(children) >= 3
        # when
        for child in children:
            os.kill(int(child), signal.SIGKILL)
            time.sleep(0.2)
        # then
        until = time.monotonic() + START_SECONDS
        status = 0
        while status != 200 and time.monotonic() < until:
            time.sleep(0.5)
            with contextlib.suppress(OSError, http.client.HTTPException):
                status = _status(port, "/readyz")
        assert status == 200
        demo.terminate()
        assert demo.wait(60) == 0
    finally:
        demo.kill()
        demo.wait()
        assert demo.stdout is not None
        demo.stdout.close()
