"""Processes that are kept together start, come back and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stadhuis.kit.supervise import ProcessService, ServiceFailed, Supervisor


def _service(folder: Path, program: str, **options: object) -> ProcessService:
    command = [sys.executable, "-c", program]
    return ProcessService("helper", command, log_file=folder / "log", environment=dict(os.environ), **options)  # type: ignore[arg-type]


def _until(is_true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not is_true() and time.monotonic() < until:
        time.sleep(0.02)
    return is_true()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_when_a_service_dies_while_it_starts_then_the_error_tells_its_last_words(tmp_path: Path) -> None:
    # given
    service = _service(tmp_path, "import sys; sys.exit('no disk')", is_ready=lambda: False)
    # when
    with pytest.raises(ServiceFailed) as raised:
        service.start()
    # then
    assert "no disk" in str(raised.value)


def test_when_a_service_is_stopped_then_what_it_started_goes_too(tmp_path: Path) -> None:
    # given
    program = "import subprocess, time; c = subprocess.Popen(['sleep', '60']); print(c.pid, flush=True); time.sleep(60)"
    service = _service(tmp_path, program, is_ready=lambda: bool((tmp_path / "log").read_text().strip()))
    service.start()
    grandchild = int((tmp_path / "log").read_text())
    assert _lives(grandchild)
    # when
    service.stop()
    # then
    assert _until(lambda: not _lives(grandchild))
    assert not service.is_running()


def test_when_a_service_dies_then_it_is_started_again_until_it_dies_too_often(tmp_path: Path) -> None:
    # given
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start(_service(tmp_path, "print('alive', flush=True)"))
    # when
    with pytest.raises(ServiceFailed) as raised:
        supervisor.wait()
    supervisor.stop()
    # then
    assert said == ["helper stopped by itself and is started again"] * 5
    assert "stopped 6 times within a minute" in str(raised.value)
    assert (tmp_path / "log").read_text().count("alive") == 6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_when_the_supervisor_ends_in_whatever_way_then_no_child_is_left(tmp_path: Path, number: signal.Signals) -> None:
    # given
    program = f"""
import os, sys
from pathlib import Path
from stadhuis.kit.supervise import ProcessService, Supervisor
supervisor = Supervisor(print)
supervisor.listen_to_signals()
service = ProcessService("helper", ["sleep", "60"], log_file=Path({str(tmp_path / "log")!r}), environment=dict(os.environ))
supervisor.start(service)
try:
    print(service.process.pid, flush=True)
    supervisor.wait()
except KeyboardInterrupt:
    supervisor.stop()
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _lives(child)
    # when
    parent.send_signal(number)
    code = parent.wait(20)
    parent.stdout.close()
    # then
    assert _until(lambda: not _lives(child))
    assert code == (0 if number != signal.SIGKILL else -signal.SIGKILL)
