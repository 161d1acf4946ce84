"""Logging in for someone else in a real browser: every page on the way is looked at by axe-core and fits the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from stadhuis.portal.tests.browser.test_resident import address, chromium, pytestmark  # noqa: F401

AXE = Path(__file__).resolve().parents[5] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PETER = "999994360"


def look(page: Page) -> None:
    """Nothing is wrong for whoever cannot see or has a narrow screen."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    wrong = page.evaluate("axe.run().then((result) => result.violations.map((each) => [each.id, each.nodes[0].html]))")
    assert wrong == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def log_in_for(page: Page, wie: str, namens: str) -> None:
    page.get_by_role("link", name="DigiD").first.click()
    page.select_option("[name=wie]", wie)
    page.select_option("[name=namens]", namens)
    page.get_by_role("button", name="Verder").click()
    page.locator("button[value=bevestigen]").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_bewindvoerder_logs_in_for_someone_and_a_parent_of_an_adult_hears_why_not(
    chromium: Browser,  # noqa: F811
    address: str,  # noqa: F811
    width: int,
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd frontend && npm ci")
    page = chromium.new_context(locale="nl-NL", viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{address}/inloggen/?next=/mijn/")
    expect(page.get_by_role("heading", name="Regelt u iets voor iemand anders?")).to_be_visible()
    look(page)
    log_in_for(page, PETER, "peter-aaltje")
    expect(page.get_by_text("U regelt zaken voor Aaltje Bouma, als bewindvoerder.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Uitloggen").click()
    page.goto(f"{address}/inloggen/?next=/mijn/")
    log_in_for(page, "999994153", "marja-eva")
    expect(page.get_by_role("heading", name="U kunt niet inloggen voor iemand anders")).to_be_visible()
    look(page)
    page.goto(f"{address}/uitgelogd?reden=provider&next=/mijn/")
    look(page)
    page.goto(f"{address}/inloggen/?next=/mijn/")
    log_in_for(page, "999995418", "iris-thirza")
    page.goto(f"{address}/mijn/gegevens/")
    expect(page.get_by_role("heading", name="Uw machtiging geldt hier niet")).to_be_visible()
    look(page)
