"""What the tests of people share: a browser without JavaScript, and DigiD and eHerkenning as a real process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import oidc


@pytest.fixture(autouse=True)
def test_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "stadhuis.people.tests.urls"
    settings.SESSION_IDLE_SECONDS = 900
    settings.STAFF_IDLE_SECONDS = 3600


@pytest.fixture
def browser() -> Client:
    """A browser that checks CSRF as a real one would have to."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    folder = tmp_path_factory.mktemp("simulators")
    with SimulatorProcess(
        folder / "data", app_url="http://localhost:8000", options=("--slow-seconds", "2.5")
    ) as process:
        yield process


@pytest.fixture
def simulators(running: SimulatorProcess, settings: Settings) -> Iterator[SimulatorProcess]:
    settings.DIGID_ISSUER = f"{running.url}/digid"
    settings.EHERKENNING_ISSUER = f"{running.url}/eherkenning"
    settings.EIDAS_ISSUER = f"{running.url}/eidas"
    settings.OUTSIDE_TIMEOUT_SECONDS = 1
    oidc.forget()
    yield running
    running.all_ok()
    oidc.forget()
