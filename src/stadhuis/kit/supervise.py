"""Keep a handful of processes running together: start in order, start again what dies, stop in reverse order.

No child outlives us: each is told by the kernel when we die (``PR_SET_PDEATHSIG``), also when we are killed outright.
Children stand in a process group of their own, so that Ctrl-C reaches only us and we decide the order.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Protocol

_PR_SET_PDEATHSIG = 1
RESTARTS_PER_MINUTE = 5
STOP_SECONDS = 15


class ServiceFailed(Exception):
    """A service did not start or kept dying; the text is one sentence."""


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the kernel send ``number`` to the child when the thread that made it is gone."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # we died between the fork and the call
            os.kill(os.getpid(), number)

    return ask


class Service(Protocol):
    """What can be supervised."""

    name: str

    def start(self) -> None:
        """Start and return when it is ready; raises when it does not get ready."""

    def restart(self) -> None:
        """Start again after it died, without waiting until it is ready: what it waits for may have died as well."""

    def stop(self) -> None:
        """Stop, and return when it has stopped."""

    def is_running(self) -> bool:
        """Return whether it lives."""


class ProcessService:
    """A command that is ready when ``is_ready`` says so (at once when None). Its output goes to ``log_file``, appended."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log_file: Path,
        environment: Mapping[str, str],
        is_ready: Callable[[], bool] | None = None,
        start_seconds: float = 60,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log_file = log_file
        self.environment = dict(environment)
        self.is_ready = is_ready
        self.start_seconds = start_seconds
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start without waiting."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  (started from the only thread)
            )

    def wait_until_ready(self) -> None:
        """Return when it is ready; raises ``ServiceFailed`` when it dies or takes too long."""
        until = time.monotonic() + self.start_seconds
        while self.is_ready is not None and not self.is_ready():
            if not self.is_running():
                raise ServiceFailed(
                    f"The {self.name} stopped while it started: {self._last_line()} (see {self.log_file})."
                )
            if time.monotonic() > until:
                raise ServiceFailed(
                    f"The {self.name} was not ready within {self.start_seconds:.0f} seconds (see {self.log_file})."
                )
            time.sleep(0.05)

    def start(self) -> None:
        """Start and wait until ready."""
        self.launch()
        self.wait_until_ready()

    def restart(self) -> None:
        """Clear what is left of its process group and launch it."""
        self.stop()
        self.launch()

    def stop(self) -> None:
        """Ask it to stop; after ``STOP_SECONDS`` kill it, and whatever is left of its process group."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def is_running(self) -> bool:
        """Return whether its first process lives."""
        return self.process is not None and self.process.poll() is None

    def _last_line(self) -> str:
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"


class Supervisor:
    """Run services until SIGINT, SIGTERM or SIGHUP, or until one of them cannot be kept alive."""

    def __init__(self, tell: Callable[[str], None], *, restarts_per_minute: int = RESTARTS_PER_MINUTE) -> None:
        self.tell = tell
        self.restarts_per_minute = restarts_per_minute
        self.services: list[Service] = []
        self._deaths: defaultdict[str, deque[float]] = defaultdict(deque)
        self._listens = False

    def listen_to_signals(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP raise ``KeyboardInterrupt`` wherever we are."""
        self._listens = True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_listening()  # once is enough: stopping takes a bounded time and must not be cut off
        raise KeyboardInterrupt

    def _stop_listening(self) -> None:
        if not self._listens:
            return
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    def start(self, service: Service) -> None:
        """Start one service and keep it from now on."""
        self.services.append(service)
        service.start()

    def keep(self, service: Service) -> None:
        """Keep a service that somebody else starts."""
        self.services.append(service)

    def wait(self) -> None:
        """Never return by itself. A service that dies is started again, a few times a minute at most."""
        while True:
            time.sleep(0.5)
            self.look_after()

    def look_after(self) -> None:
        """Start again what died since the last look, in the order in which they were first started."""
        for service in self.services:
            if not service.is_running():
                self._start_again(service)

    def _start_again(self, service: Service) -> None:
        now = time.monotonic()
        deaths = self._deaths[service.name]
        deaths.append(now)
        while deaths[0] < now - 60:
            deaths.popleft()
        if len(deaths) > self.restarts_per_minute:
            raise ServiceFailed(f"The {service.name} stopped {len(deaths)} times within a minute.")
        self.tell(f"{service.name} stopped by itself and is started again")
        service.restart()

    def stop(self) -> None:
        """Stop everything, last started first."""
        self._stop_listening()
        while self.services:
            self.services[-1].stop()
            self.services.pop()
