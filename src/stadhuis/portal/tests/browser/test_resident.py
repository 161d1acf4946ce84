"""A resident in a real browser: with the mouse, and with JavaScript switched off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stadhuis.forms.tests.given import given_town
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import oidc
from stadhuis.people.tests.given import NOOR
from stadhuis.personen import memory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A served town with its outside world; the provider sends people back to this server."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    settings.PUBLIC_URL, settings.DATA_DIR = url, tmp_path / "data"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    with SimulatorProcess(tmp_path / "outside", app_url=url) as outside:
        settings.DIGID_ISSUER = f"{outside.url}/digid"
        settings.BRP_URL, settings.KVK_URL = f"{outside.url}/brp", f"{outside.url}/kvk"
        oidc.forget()
        memory.end()
        given_town()
        yield url
    oidc.forget()


def log_in(page: Page) -> None:
    page.select_option("[name=wie]", NOOR)
    page.check("[name=niveau][value=substantieel]")
    page.get_by_role("button", name="Verder").click()
    page.locator("button[value=bevestigen]").click()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Volgende").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["mouse", "no-javascript"])
def test_a_resident_finds_the_tozo_applies_and_sees_the_case(chromium: Browser, address: str, has_script: bool) -> None:
    page = chromium.new_context(java_script_enabled=has_script, locale="nl-NL").new_page()
    page.goto(f"{address}/producten/?q=corona")
    page.get_by_role("link", name="Tozo").first.click()
    page.get_by_role("link", name="Online aanvragen").click()
    page.get_by_role("link", name="DigiD").first.click()
    log_in(page)
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("Noor Elisabeth Verhagen")).to_be_visible()
    page.fill("[name=telefoonnummer]", "06 12345678")
    page.fill("[name=emailadres]", "noor-verhagen@example.org")
    go_on(page)
    page.check("[name=vestigingsland][value=nl]")
    page.check("[name=urencriterium][value=ja]")
    go_on(page)
    page.check("[name=leefsituatie][value=alleen]")
    page.check("[name=kinderen][value=nee]")
    go_on(page)
    page.check("[name=watAanvragen][value=levensonderhoud]")
    if not has_script:
        go_on(page)
        expect(page.get_by_text("Er zijn vragen bij gekomen")).to_be_visible()
    page.select_option("[name=eersteMaand]", "2021-05")
    page.fill("[name=aantalMaanden]", "2")
    go_on(page)
    page.fill("[name=winstPerMaand]", "350,00")
    page.fill("[name=andereInkomsten]", "0")
    page.fill("[name=iban]", "NL91ABNA0417164300")
    page.fill("[name=ibanTenaamstelling]", "N. Verhagen")
    go_on(page)
    go_on(page)
    page.check("[name=naarWaarheid]")
    page.get_by_role("button", name="Aanvraag versturen").click()
    expect(page.get_by_role("heading", name="Uw aanvraag is ontvangen")).to_be_visible()
    page.get_by_role("link", name="Naar mijn zaak").click()
    expect(page.get_by_role("heading", name="Hoe staat het ermee?")).to_be_visible()
