"""What the tests of forms share: a town with one form, and DigiD, BRP and KVK as a real process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from stadhuis.forms.tests.given import given_town
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import oidc
from stadhuis.personen import memory


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One process for the whole run."""
    with SimulatorProcess(tmp_path_factory.mktemp("outside") / "data", options=("--slow-seconds", "3")) as process:
        yield process


@pytest.fixture
def simulators(running: SimulatorProcess, settings: Settings) -> Iterator[SimulatorProcess]:
    """Settings that lead to the simulators, all of them working."""
    settings.DIGID_ISSUER = f"{running.url}/digid"
    settings.EHERKENNING_ISSUER, settings.EIDAS_ISSUER = f"{running.url}/eherkenning", f"{running.url}/eidas"
    settings.BRP_URL, settings.KVK_URL = f"{running.url}/brp", f"{running.url}/kvk"
    settings.OUTSIDE_TIMEOUT_SECONDS = 2
    oidc.forget()
    memory.end()
    yield running
    running.all_ok()
    oidc.forget()


@pytest.fixture
def town(db: None, simulators: SimulatorProcess, settings: Settings, tmp_path: Path) -> SimulatorProcess:
    """A town whose catalogue knows the Tozo and whose forms are published; files go to a folder of this test."""
    settings.DATA_DIR = tmp_path
    given_town()
    return simulators


@pytest.fixture
def browser() -> Client:
    """A browser without JavaScript."""
    return Client()
