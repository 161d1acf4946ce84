"""The pages of the catalogue in a real browser: axe-core, nothing refused by the CSP, nothing too wide; a version is made by keyboard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stadhuis.access import public as access
from stadhuis.administration.tests.browser.test_archivist import chromium, look, pytestmark
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Zaaktype
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.time import today
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

__all__ = ["chromium", "pytestmark"]


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_catalogue_are_sound(
    chromium: Browser, live_server: LiveServer, settings: Settings, tmp_path: Path, width: int
) -> None:
    # given
    settings.PUBLIC_URL, settings.DATA_DIR = live_server.url, tmp_path
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    zaaktype = given_zaaktype(omschrijving="Melding doen van iets dat langer is dan men op een telefoon lezen kan")
    catalogus = catalogi.catalogi()[0].uuid
    good, wrong, hostile = (tmp_path / name for name in ("goed.zip", "verschil.zip", "geen.zip"))
    good.write_bytes(catalogi.export_catalogus(catalogus))
    Zaaktype.objects.update(doel="Iets anders")
    wrong.write_bytes(catalogi.export_catalogus(catalogus))
    Zaaktype.objects.update(doel="Melding doen van iets dat langer is dan men op een telefoon lezen kan")
    hostile.write_bytes(b"geen zip")
    ada = given_staff(access.GrantData("beheer.catalogus"), username="ada")
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="nl-NL")
    browser = Client()
    given_session(browser, ada)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in browser.cookies.items()]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    base = f"{live_server.url}/werkplek/beheer/catalogus/"
    # then
    page.goto(base, wait_until="networkidle")
    look(page, "catalogi", complaints)
    page.get_by_role("link", name="Testcatalogus (TEST)", exact=True).click()
    look(page, "catalogus-types", complaints)
    # when catalogues come in
    for file, name, said in (
        (good, "import-same", "Alles stond er al"),
        (hostile, "import-hostile", "Dit bestand is geen zip, of het is beschadigd."),
        (wrong, "import-conflict", "Wat er niet in orde is"),
    ):
        page.goto(f"{base}inlezen/", wait_until="networkidle")
        page.locator("input[type=file]").set_input_files(file)
        with page.expect_navigation(wait_until="networkidle"):
            page.get_by_role("button", name="Inlezen").click()
        expect(page.locator("main").get_by_text(said).first).to_be_visible()
        look(page, name, complaints)
    page.goto(f"{base}{catalogus}/zaaktypen/{zaaktype.uuid}/", wait_until="networkidle")
    look(page, "catalogus-versions", complaints)
    # when a version is prepared by keyboard, first on a day that is none
    page.get_by_label("Op welke dag gaat de nieuwe versie in?").focus()
    page.keyboard.type("morgen")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    look(page, "catalogus-version-fault", complaints)
    page.get_by_label("Op welke dag gaat de nieuwe versie in?").fill(f"{today() + timedelta(days=9):%d-%m-%Y}")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    look(page, "catalogus-concept", complaints)
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("De versie is gepubliceerd")).to_be_visible()
    look(page, "catalogus-published", complaints)
