"""One town hall and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stadhuis.kit.pages import assets
from stadhuis.workplace.tests.browser.house import House
from stadhuis.workplace.tests.browser.walk import Staff
from stadhuis.workplace.tests.browser.watch import AXE, Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A town hall with a worker that runs the jobs."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd frontend && npm ci")
    try:
        assets.url("stadhuis.css")
    except assets.AssetsNotBuilt as error:
        pytest.skip(str(error))
    with House(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. It stops with the module: two of its loops in one process do not go together."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def staff() -> Staff:
    """Everybody's app for codes."""
    return Staff()


@pytest.fixture
def watch(browser: Browser, house: House) -> Iterator[Callable[..., Watched]]:
    """Make watched browsers; at the end of the test each must have had nothing to complain about."""
    made: list[Watched] = []

    def make(**options: object) -> Watched:
        made.append(Watched(browser, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for watched in made:
        watched.close()
