"""The archivist's pages and the search page in a real browser: axe-core, nothing refused by the CSP, nothing too wide."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stadhuis.access import public as access
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import given_closed_zaak, given_rol, given_staff, given_zaak, given_zaaktype

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).resolve().parents[5] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


@pytest.fixture
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


def look(page: Page, name: str, complaints: list[str]) -> None:
    """Say what is wrong with a page; with ``STADHUIS_SCREENSHOTS`` set, keep a picture there."""
    if folder := os.environ.get("STADHUIS_SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    if AXE.exists():
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        found = page.evaluate("axe.run().then((r) => r.violations.map((each) => [each.id, each.nodes[0].html]))")
        assert (name, found) == (name, [])
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    refused = [text for text in complaints if "Content Security Policy" in text]
    assert (name, wider, refused) == (name, 0, [])


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_archivist_and_the_search_page_are_sound(
    chromium: Browser, live_server: LiveServer, settings: Settings, tmp_path: Path, width: int
) -> None:
    # given
    settings.PUBLIC_URL, settings.DATA_DIR = live_server.url, tmp_path
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    zaaktype = given_zaaktype()
    grants = [access.GrantData(action) for action in ("zaak.lezen", "beheer.naspeuren")]
    ada, bert = given_staff(*grants, username="ada"), given_staff(*grants, username="bert")
    people.create_unit("sociaal", "Sociaal domein")
    for name in ("Noor Verhagen", "Thirza de Bruin"):
        given_zaak(zaaktype=zaaktype, omschrijving="Aanvragen bijstand zelfstandigen", toelichting="Het Café op de hoek in de straat naast de markt, sinds een jaar of twee", rollen=(given_rol(naam=name),))  # fmt: skip
    for _ in range(30):
        given_zaak(zaaktype=zaaktype, omschrijving="Kapvergunning voor een boom")
    due = [given_closed_zaak(zaaktype=zaaktype) for _ in range(4)]
    Zaak.objects.filter(pk__in=[zaak.id for zaak in due]).update(
        archiefnominatie="vernietigen", archiefactiedatum=today() - timedelta(days=9)
    )
    records.keep("zaak", *(zaak.uuid for zaak in due))
    records.learn()
    records.hold("zaak", due[0].uuid, reason="Woo-verzoek 2026-12 over de bijstand", by=ada)
    made = records.make_list(by=bert)
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="nl-NL")
    browser = Client()
    given_session(browser, ada)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in browser.cookies.items()]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    base = f"{live_server.url}/werkplek/beheer/"
    # when somebody opens a zaak and searches
    page.goto(f"{live_server.url}/werkplek/zaken/{due[0].uuid}/", wait_until="networkidle")
    for words, name in (("bijstant cafe", "search-near"), ("boom", "search-pages")):
        page.goto(f"{live_server.url}/werkplek/zoeken/", wait_until="networkidle")
        page.locator("main input[name=q]").fill(words)
        with page.expect_navigation(wait_until="networkidle"):
            page.locator("main").get_by_role("button", name="Zoeken", exact=True).click()
        look(page, name, complaints)
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_text("Blad 2 van 2")).to_be_visible()
    assert "boom" not in page.url
    # then
    page.goto(base, wait_until="networkidle")
    look(page, "home", complaints)
    for path, name in (
        ("dossiers/", "records"),
        (f"dossiers/zaak/{due[0].uuid}/", "record"),
        ("vernietigen/", "destruction"),
        (f"vernietigen/{made}/", "list"),
        ("bewaartermijnen/", "classes"),
        ("eigenaren/", "owners"),
    ):
        page.goto(f"{base}naspeuren/{path}", wait_until="networkidle")
        look(page, name, complaints)
    # when a colleague's list is approved and carried out
    page.goto(f"{base}naspeuren/vernietigen/{made}/", wait_until="networkidle")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Goedkeuren").click()
    assert records.run(made) == 3
    page.reload(wait_until="networkidle")
    expect(page.get_by_role("heading", name="Verklaring van vernietiging")).to_be_visible()
    look(page, "declaration", complaints)
