"""The resident's part without JavaScript and on a narrow screen; sessions, two windows, English, and pages that say no."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.house import House
from stadhuis.workplace.tests.browser.walk import GERARD, NOOR, THIRZA, Staff
from stadhuis.workplace.tests.browser.watch import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Watch = Callable[..., Watched]
DRAFT = re.compile(r"/aanvragen/tozo/[0-9a-f-]{36}/stap/")


def _begin(watched: Watched, url: str, who: walk.Person) -> None:
    page = watched.page
    page.goto(f"{url}/aanvragen/tozo/")
    page.get_by_role("link", name="DigiD", exact=True).click()
    walk.at_digid(page, who)
    page.get_by_role("button", name="Beginnen").click()
    page.get_by_role("heading", name="Uw gegevens", level=1).wait_for()


def test_when_there_is_no_script_then_a_resident_applies_and_a_second_press_changes_nothing(
    house: House, watch: Watch, tmp_path: Path
) -> None:
    resident = watch(java_script_enabled=False, secrets=THIRZA.secrets)
    page = resident.page
    number = walk.apply(resident, house.url, tmp_path, THIRZA, email="thirza@example.org", twice=True)
    # The back button leads to no form that could be sent again.
    receipt = page.url
    for _ in range(2):
        page.go_back()
        page.get_by_role("heading", name="Uw aanvraag is ontvangen").wait_for()
        assert page.url == receipt
    # Whoever comes back to the form, or sends it again, gets the same receipt.
    for again in ("overzicht", "stap/uw-gegevens"):
        page.goto(receipt.replace("ontvangst", again))
        assert page.url == receipt
        assert number in page.locator("main").inner_text()
    page.goto(f"{house.url}/mijn/")
    assert page.locator("main .card").count() == 1
    page.locator("main .card").get_by_role("link").click()
    assert number in page.locator("main").inner_text()
    resident.look("plain: my case")


def test_when_the_screen_is_320_pixels_wide_then_nothing_is_cut_off(
    house: House, watch: Watch, staff: Staff, tmp_path: Path
) -> None:
    resident = watch(width=320, secrets=GERARD.secrets)
    number = walk.apply(resident, house.url, tmp_path, GERARD, email="gerard@example.org")
    resident.page.get_by_role("link", name="Naar mijn zaak").click()
    resident.page.get_by_role("heading", name="Hoe staat het ermee?").wait_for()
    resident.look("narrow: my case")
    resident.page.goto(f"{house.url}/mijn/")
    resident.look("narrow: my cases")

    clerk = watch(width=320, secrets=(*GERARD.secrets, number))
    walk.log_in_staff(clerk, house.url, "ruben", staff)
    page = clerk.page
    for view in ("mine", "free", "unit", "approve", "all"):
        page.goto(f"{house.url}/werkplek/?lijst={view}")
        clerk.look(f"narrow: worklist {view}")
    walk.find(clerk, "Mulder")
    clerk.look("narrow: search")
    walk.open_case(clerk, number)
    # Who only reads gets no buttons that would be refused.
    assert page.get_by_role("button", name="Zaak oppakken").count() == 0
    clerk.look("narrow: case, reading along")
    page.goto(f"{house.url}/werkplek/zaken/{uuid4()}/")
    page.get_by_role("heading", name="Deze pagina bestaat niet").wait_for()
    clerk.look("narrow: no such case")
    page.goto(f"{house.url}/werkplek/")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Worklist", level=1).wait_for()
    clerk.look("English: worklist")
    page.goto(f"{house.url}/werkplek/zoeken/")
    page.get_by_role("main").get_by_role("searchbox").fill(number)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_role("heading", name="Facts from the application").wait_for()
    clerk.look("English: case")


def test_when_a_session_ends_or_two_windows_disagree_then_nothing_is_lost(house: House, watch: Watch) -> None:
    resident = watch(secrets=NOOR.secrets)
    page = resident.page
    page.clock.install()
    _begin(resident, house.url, NOOR)
    address = page.url
    assert DRAFT.search(address)

    # Every field is kept as soon as one leaves it.
    page.get_by_label("Telefoonnummer").fill("06 11112222")
    page.get_by_label("Telefoonnummer").blur()
    page.locator("[data-autosave-status][data-state=saved]").wait_for()

    # A second window changes what this one does not know of.
    other = resident.new_page()
    other.goto(address)
    assert other.get_by_label("Telefoonnummer").input_value() == "06 11112222"
    other.get_by_label("E-mailadres").fill("noor@example.org")
    walk.next_step(other)
    other.get_by_role("heading", name="Uw bedrijf", level=1).wait_for()
    other.close()
    page.get_by_label("E-mailadres").fill("noor@example.com")
    walk.next_step(page)
    page.get_by_role("heading", name="U hebt dit ook in een ander venster veranderd").wait_for()
    assert page.get_by_label("E-mailadres").input_value() == "noor@example.com"
    resident.look("two windows")
    walk.next_step(page)
    page.get_by_role("heading", name="Uw bedrijf", level=1).wait_for()

    # Two minutes before the end a bar says so; one press and there is time again.
    page.clock.run_for(13 * 60 * 1000 + 5000)
    page.get_by_role("button", name="Ik ben er nog").wait_for()
    resident.look("session: warning")
    page.get_by_role("button", name="Ik ben er nog").click()
    page.locator("#session-bar").wait_for(state="hidden")

    # After the end a page leads back to the very step, with what was kept.
    house.end_all_sessions(idle_seconds=16 * 60)
    here = page.url
    page.reload()
    page.get_by_role("heading", name="U bent uitgelogd").wait_for()
    resident.look("session: over")
    page.get_by_role("link", name="Log in en ga verder").click()
    page.get_by_role("link", name="DigiD", exact=True).click()
    walk.at_digid(page, NOOR)
    page.get_by_role("heading", name="Uw bedrijf", level=1).wait_for()
    assert page.url == here
    page.get_by_role("link", name="Vorige").click()
    page.get_by_role("heading", name="Uw gegevens", level=1).wait_for()
    assert page.get_by_label("E-mailadres").input_value() == "noor@example.com"

    # Later means later: the draft waits in 'Mijn zaken', and goes away when one says so twice.
    page.get_by_role("button", name="Bewaren en later verder").click()
    page.get_by_role("heading", name="Nog niet verstuurd").wait_for()
    resident.look("my cases: a draft")
    page.goto(f"{house.url}/aanvragen/tozo/")
    page.get_by_role("heading", name="U bent al begonnen").wait_for()
    resident.look("form: begun before")
    page.goto(f"{house.url}/mijn/")
    page.get_by_role("link", name=re.compile("Weggooien")).click()
    page.get_by_role("heading", name="Wilt u weggooien wat u hebt ingevuld?").wait_for()
    resident.look("form: throw away")
    page.get_by_role("button", name="Ja, weggooien").click()
    page.get_by_role("heading", name="U hebt nog niets aangevraagd").wait_for()
    resident.look("my cases: none")


def test_when_english_is_chosen_or_a_page_says_no_then_it_is_still_a_good_page(house: House, watch: Watch) -> None:
    visitor = watch()
    page = visitor.page
    for path in ("contact/", "privacy/", "toegankelijkheid/", "producten/?q=ruimtevaart", "bestaat-niet/", "uitgelogd"):
        page.goto(f"{house.url}/{path}")
        visitor.look(path)
    page.goto(f"{house.url}/inloggen/digid/?next=/mijn/")
    page.get_by_role("button", name="Annuleren").click()
    page.get_by_role("heading", name="U bent gestopt met inloggen").wait_for()
    visitor.look("log in: cancelled")
    page.goto(f"{house.url}/werkplek/")
    page.get_by_role("button", name="Verder").click()
    page.locator("[data-error-summary]").wait_for()
    visitor.look("staff: log in with faults")
    page.goto(house.url)
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Nederlands").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    for path in (
        "",
        "producten/",
        "producten/?q=tozo",
        "contact/",
        "privacy/",
        "toegankelijkheid/",
        "werkplek/inloggen/",
    ):
        page.goto(f"{house.url}/{path}")
        visitor.look(f"English: {path}")
    page.goto(f"{house.url}/aanvragen/tozo/")
    page.get_by_role("link", name="DigiD", exact=True).click()
    walk.at_digid(page, walk.BRAM)
    visitor.look("English: form")
    page.goto(f"{house.url}/mijn/")
    visitor.look("English: my cases")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="You are logged out").wait_for()
    visitor.look("English: logged out")
