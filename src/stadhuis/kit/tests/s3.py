"""A test helper: an S3 server that nobody here wrote (moto) as a process of its own, with a bucket for the test.

``conftest.py`` makes its fixtures known everywhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from stadhuis.kit.tests.simulators import free_port

_START_SECONDS = 30.0


class Server:
    """The running server."""

    def __init__(self, program: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                httpx.get(self.url, trust_env=False)
                return
            except httpx.TransportError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    raise RuntimeError("the S3 server of the tests did not start") from None
                time.sleep(0.1)

    def hang(self) -> None:
        """Let it take in connections and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it."""
        self.go_on()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
            return
        self.process.kill()
        self.process.wait()


class InBucket:
    """The settings that lead to a bucket of the test, and a look into it past our own code."""

    def __init__(self, server: Server) -> None:
        self.server, self.name = server, f"test-{uuid.uuid4().hex[:12]}"
        self.settings = {
            "S3_BUCKET": self.name,
            "S3_ENDPOINT": server.url,
            "S3_ACCESS_KEY": "key-of-the-test",
            "S3_SECRET_KEY": "secret-of-the-test",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The same settings for another process."""
        return {f"STADHUIS_{name}": value for name, value in self.settings.items()}

    @property
    def client(self) -> Any:
        """A client of the store."""
        from stadhuis.kit.files import bucket  # models: not before Django has started

        return bucket.from_settings()._client

    def keys(self) -> list[str]:
        """Return the keys of all objects."""
        return sorted(one["Key"] for one in self.client.list_objects_v2(Bucket=self.name).get("Contents", ()))

    def unfinished(self) -> list[str]:
        """Return the keys of uploads that are not finished."""
        return [one["Key"] for one in self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", ())]


def program() -> str | None:
    """Return the S3 server of the tests, when it is installed."""
    beside = Path(sys.executable).with_name("moto_server")
    return str(beside) if beside.exists() else shutil.which("moto_server")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Server]:
    """Start the server once."""
    found = program()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("moto_server is missing: install requirements-dev.lock")
        pytest.skip("S3: moto_server is not installed (requirements-dev.lock)")
    server = Server(found)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def in_bucket(s3_server: Server, settings: Settings) -> Iterator[InBucket]:
    """Let files lie in an empty bucket."""
    place = InBucket(s3_server)
    for name, value in place.settings.items():
        setattr(settings, name, value)
    place.client.create_bucket(Bucket=place.name)
    yield place
    s3_server.go_on()
