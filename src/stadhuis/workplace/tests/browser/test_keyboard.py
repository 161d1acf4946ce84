"""The main job with the keyboard only, for the resident, the clerk and the colleague who approves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.house import House
from stadhuis.workplace.tests.browser.keys import Keys
from stadhuis.workplace.tests.browser.lay import PASSWORD
from stadhuis.workplace.tests.browser.walk import ESTHER, Staff
from stadhuis.workplace.tests.browser.watch import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Watch = Callable[..., Watched]


def test_when_there_is_only_a_keyboard_then_everybody_does_the_whole_job(
    house: House, watch: Watch, staff: Staff, tmp_path: Path
) -> None:
    number = _apply(watch(secrets=ESTHER.secrets), house.url, tmp_path)
    clerk, decider = watch(secrets=(*ESTHER.secrets, number)), watch(secrets=(*ESTHER.secrets, number))
    keys = _log_in(clerk, house.url, "femke", staff)
    page = clerk.page
    keys.type(page.get_by_role("banner").get_by_role("searchbox"), "Polak")
    page.keyboard.press("Enter")
    _on(page, "Een zaak zoeken")
    keys.skip()
    keys.follow(page.locator("main table").get_by_role("link"))
    page.get_by_role("heading", name="Gegevens uit de aanvraag").wait_for()
    keys.press(page.get_by_role("button", name="Zaak oppakken"))
    walk.told(page, "U behandelt deze zaak.")
    keys.press(page.get_by_role("button", name="Aanvraag beoordelen"))
    walk.told(page, "De regels zijn toegepast.")
    keys.follow(page.get_by_role("link", name="Besluit voorstellen"))
    _on(page, "Besluit voorstellen")
    keys.skip()
    keys.choose(page.get_by_label("Toekennen", exact=True))
    keys.type(page.get_by_label("Waarom?"), "U voldoet aan de voorwaarden.")
    keys.press(page.get_by_role("button", name="Voorleggen aan een collega"))
    walk.told(page, "Uw voorstel ligt klaar voor een collega.")

    keys = _log_in(decider, house.url, "ines", staff)
    other = decider.page
    keys.follow(other.get_by_role("navigation", name="Lijsten").get_by_role("link", name="Wacht op akkoord"))
    other.locator("main table").get_by_text(number).wait_for()
    keys.follow(other.locator("main table").get_by_role("link").filter(has_text="Tozo"))
    other.get_by_role("heading", name="Gegevens uit de aanvraag").wait_for()
    keys.follow(other.get_by_role("link", name="Bekijk het voorstel"))
    _on(other, "Voorstel voor een besluit")
    keys.press(other.get_by_role("button", name="Goedkeuren"))
    walk.told(other, "Het besluit is goedgekeurd.")

    keys = Keys(page)
    page.reload()
    keys.follow(page.get_by_role("link", name="Bekijk en verstuur"))
    _on(page, "Voorstel voor een besluit")
    keys.press(page.get_by_role("button", name="Besluit versturen"))
    walk.told(page, "Het besluit is verzonden en de zaak is afgesloten.")


def _on(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, level=1).wait_for()


def _log_in(watched: Watched, url: str, username: str, staff: Staff) -> Keys:
    page, keys = watched.page, Keys(watched.page)
    page.goto(f"{url}/werkplek/")
    keys.type(page.get_by_label("Gebruikersnaam"), username)
    keys.type(page.get_by_label("Wachtwoord"), PASSWORD)
    keys.submit(page.get_by_label("Code van 6 cijfers"))
    is_first_time = username not in staff.keys
    if is_first_time:
        staff.keys[username] = re.sub(r"\s", "", page.locator("main code").inner_text())
    keys.type(page.get_by_label("Code van 6 cijfers"), staff.code(username))
    page.keyboard.press("Enter")
    if is_first_time:
        _on(page, "Herstelcodes")
        keys.press(page.get_by_role("button", name="Maak herstelcodes"))
        keys.follow(page.get_by_role("link", name="Ik heb ze bewaard"))
    _on(page, "Werkvoorraad")
    return keys


def _apply(resident: Watched, url: str, files: Path) -> str:
    page, keys = resident.page, Keys(resident.page)

    def go_on() -> None:
        keys.press(page.get_by_role("button", name="Volgende", exact=True).last)

    page.goto(f"{url}/aanvragen/tozo/")
    keys.follow(page.get_by_role("link", name="DigiD", exact=True))
    keys.pick(page.get_by_label("Testpersoon"), "Esther")
    keys.choose(page.get_by_label("DigiD Substantieel (app met ID-check)"))
    keys.press(page.get_by_role("button", name="Verder"))
    keys.press(page.get_by_role("button", name="Bevestig in de app"))
    _on(page, walk.FORM)
    keys.skip()
    keys.press(page.get_by_role("button", name="Beginnen"))
    _on(page, "Uw gegevens")
    keys.type(page.get_by_label("Telefoonnummer"), "0612345678")
    keys.type(page.get_by_label("E-mailadres"), "esther@example.org")
    go_on()
    _on(page, "Uw bedrijf")
    keys.choose(page.get_by_label("In Nederland"))
    keys.choose(page.get_by_role("radiogroup", name=re.compile("1.225 uur")).get_by_label("Ja"))
    go_on()
    _on(page, "Uw huishouden")
    keys.choose(page.get_by_label("Nee, ik heb geen partner"))
    keys.choose(page.get_by_role("radiogroup", name=re.compile("kinderen jonger")).get_by_label("Nee"))
    go_on()
    _on(page, "Wat u aanvraagt")
    keys.press(page.get_by_label("Een uitkering voor levensonderhoud"))
    keys.pick(page.get_by_label("Vanaf welke maand"), "mei")
    keys.type(page.get_by_label("Voor hoeveel maanden?"), "1")
    go_on()
    _on(page, "Inkomsten en rekening")
    keys.type(page.get_by_label("Hoeveel winst"), "350,00")
    keys.type(page.get_by_label("Hoeveel andere inkomsten"), "0")
    keys.type(page.get_by_label("Rekeningnummer (IBAN)"), "NL91ABNA0417164300")
    keys.type(page.get_by_label("Op wiens naam"), "E. Polak")
    go_on()
    _on(page, "Bewijsstukken")
    keys.add_file(page.get_by_label("Bankafschrift of bankpas"), walk.a_pdf(files, "afschrift.pdf"))
    page.get_by_role("link", name="afschrift.pdf").wait_for()
    go_on()
    _on(page, "Controleren en versturen")
    keys.press(page.get_by_role("checkbox"))
    keys.press(page.get_by_role("button", name="Aanvraag versturen"))
    page.get_by_role("heading", name="Uw aanvraag is ontvangen").wait_for()
    found = re.search(r"\w+-\d{4}-\d{7}", page.locator("main").inner_text())
    assert found
    return found.group()
