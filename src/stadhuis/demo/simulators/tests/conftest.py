"""The simulators as a real process, started once for these tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.jwk import KeySet, RSAKey

from stadhuis.kit.tests.simulators import SimulatorProcess


@pytest.fixture(scope="session")
def client_key() -> RSAKey:
    """The private key of the application, for private_key_jwt."""
    return RSAKey.generate_key(2048, {"use": "sig", "kid": "app-1"})


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, client_key: RSAKey) -> Iterator[SimulatorProcess]:
    """One process for the whole run."""
    folder: Path = tmp_path_factory.mktemp("simulators")
    jwks = folder / "client-jwks.json"
    jwks.write_text(json.dumps(KeySet([client_key]).as_dict(private=False)))
    options = ("--client-jwks", str(jwks), "--slow-seconds", "1.2")
    with SimulatorProcess(folder / "data", app_url="http://localhost:8000", options=options) as process:
        yield process


@pytest.fixture
def simulators(running: SimulatorProcess) -> Iterator[SimulatorProcess]:
    """The process with every switch on 'works' and an empty inbox."""
    running.clear_mails()
    yield running
    running.all_ok()
