"""The sources as a real process, and the settings that point at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.personen import memory, public
from stadhuis.personen.records import Processing


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One process for the whole run."""
    with SimulatorProcess(tmp_path_factory.mktemp("sources"), options=("--slow-seconds", "3")) as process:
        yield process


@pytest.fixture
def sources(running: SimulatorProcess, settings: Settings) -> Iterator[SimulatorProcess]:
    """BRP and KVK that work, and settings that lead there."""
    settings.BRP_URL, settings.BRP_API_KEY = f"{running.url}/brp", "practice-brp-key"
    settings.KVK_URL, settings.KVK_API_KEY = f"{running.url}/kvk", "practice-kvk-key"
    settings.OUTSIDE_TIMEOUT_SECONDS = 1
    memory.end()
    yield running
    running.all_ok()


@pytest.fixture
def processing_log(monkeypatch: pytest.MonkeyPatch) -> list[Processing]:
    """What the processing log was told; other listeners are left out for the length of the test."""
    told: list[Processing] = []
    monkeypatch.setattr(public, "_hooks", [])
    monkeypatch.setattr(public, "_answers", [])
    public.on_processing(told.append)
    return told
