"""The main job from end to end with the mouse: apply, assess, decide, read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.house import House
from stadhuis.workplace.tests.browser.walk import BRAM, Staff
from stadhuis.workplace.tests.browser.watch import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Watch = Callable[..., Watched]
EMAIL = "bram@example.org"


def test_when_a_resident_applies_then_the_town_decides_and_he_reads_the_letter(
    house: House, watch: Watch, staff: Staff, tmp_path: Path
) -> None:
    resident = watch(secrets=BRAM.secrets)
    number = walk.apply(resident, house.url, tmp_path, BRAM, email=EMAIL)
    _resident_confirms_the_address(resident, house)
    _resident_sees_the_case(resident, number)

    clerk = watch(secrets=(*BRAM.secrets, number))
    walk.log_in_staff(clerk, house.url, "marit", staff)
    _clerk_finds(clerk, number)
    _clerk_proposes(clerk, number)

    decider = watch(secrets=(*BRAM.secrets, number))
    walk.log_in_staff(decider, house.url, "joris", staff)
    _decider_approves(decider, number)

    clerk.page.reload()
    clerk.page.get_by_role("link", name="Bekijk en verstuur").click()
    clerk.look("proposal: approved")
    clerk.page.get_by_role("button", name="Besluit versturen").click()
    walk.told(clerk.page, "Het besluit is verzonden en de zaak is afgesloten.")
    clerk.look("case: closed")

    mails = _mails(house, EMAIL, 2)
    for mail in mails:
        said = f"{mail['subject']} {mail['text']}"
        assert not re.search(r"Tozo|Hoekstra|toegekend|€|999991012", said, re.IGNORECASE), said
    _resident_reads(resident, house, number, tmp_path)


def _resident_confirms_the_address(resident: Watched, house: House) -> None:
    """Beside the application: the receipt stands on the page already, the code lets later mails come."""
    page = resident.page
    receipt = page.url
    page.get_by_role("link", name="Code invullen").click()
    page.get_by_role("heading", name="Mijn mailadres", level=1).wait_for()
    resident.look("my address: code asked")
    page.get_by_label("Code uit de mail").fill("000000")
    page.get_by_role("button", name="Bevestigen").click()
    page.locator("[data-error-summary]").wait_for()
    resident.look("my address: wrong code")
    [mail] = _mails(house, EMAIL, 1)
    code = re.search(r"^(\d{6})$", mail["text"], re.MULTILINE)
    assert code is not None, mail["text"]
    page.get_by_label("Code uit de mail").fill(code[1])
    page.get_by_role("button", name="Bevestigen").click()
    walk.told(page, "Uw mailadres is bevestigd.")
    resident.look("my address: confirmed")
    page.goto(receipt)


def _resident_sees_the_case(resident: Watched, number: str) -> None:
    page = resident.page
    page.get_by_role("link", name="Naar mijn zaak").click()
    page.get_by_role("heading", name="Hoe staat het ermee?").wait_for()
    assert "U hoort uiterlijk" in page.locator("main").inner_text()
    resident.look("my case: begun")
    page.get_by_role("link", name="Mijn zaken").first.click()
    page.get_by_role("heading", name="Mijn zaken", level=1).wait_for()
    assert number in page.locator("main").inner_text()
    resident.look("my cases")
    page.get_by_role("link", name="Mijn gegevens", exact=True).click()
    page.get_by_role("heading", name="Mijn gegevens", level=1).wait_for()
    resident.look("my facts")


def _clerk_finds(clerk: Watched, number: str) -> None:
    page = clerk.page
    clerk.look("worklist: mine, empty")
    page.get_by_role("navigation", name="Lijsten").get_by_role("link", name="Nog niet opgepakt").click()
    page.locator("main table").get_by_text(number).wait_for()
    clerk.look("worklist: free")
    page.get_by_role("link", name="Mails nakijken").click()
    page.get_by_role("heading", name="Mails nakijken", level=1).wait_for()
    clerk.look("mails: none")
    for words in (number, "Hoekstra", BRAM.geboren, BRAM.bsn):
        walk.find(clerk, words)
        page.locator("main table").get_by_text(number).wait_for()
        assert page.url.endswith("/werkplek/zoeken/")
    clerk.look("search: found")
    walk.find(clerk, "Niemandheetzo")
    page.get_by_role("heading", name="Niets gevonden").wait_for()
    clerk.look("search: nothing")
    walk.find(clerk, "x")
    page.locator("[data-error-summary]").wait_for()
    clerk.look("search: too little")


def _clerk_proposes(clerk: Watched, number: str) -> None:
    page = clerk.page
    walk.open_case(clerk, number)
    clerk.look("case: new")
    page.get_by_role("button", name="Zaak oppakken").click()
    walk.told(page, "U behandelt deze zaak.")
    page.get_by_role("link", name="Vaststellen Hoeveel winst").click()
    page.get_by_role("heading", name="Gegeven vaststellen").wait_for()
    clerk.look("fact")
    page.get_by_label("Hoeveel winst").fill("400,00")
    page.get_by_role("button", name="Vaststellen").click()
    page.locator("[data-error-summary]").wait_for()
    clerk.look("fact: no source")
    page.get_by_label("Waar komt dit gegeven vandaan?").fill("jaarrekening 2020, blz. 3")
    page.get_by_role("button", name="Vaststellen").click()
    walk.told(page, "Het gegeven is vastgesteld.")
    assert "Vastgesteld door Marit Postma: jaarrekening 2020, blz. 3" in page.locator("main").inner_text()
    page.get_by_role("button", name="Aanvraag beoordelen").click()
    walk.told(page, "De regels zijn toegepast.")
    # 18 % off the profit that was established, not off the one that was stated: € 400 - 18 % = € 328.
    assert re.search(r"€\s328,00", page.locator("main table").first.inner_text())
    clerk.look("case: advice")
    page.get_by_label("Nieuwe notitie").fill("Gebeld: de jaarrekening klopt.")
    page.get_by_role("button", name="Notitie opslaan").click()
    walk.told(page, "Notitie opgeslagen.")
    for link, heading in (("Termijn verlengen", "Termijn verlengen"), ("Termijn stilzetten", "Termijn stilzetten")):
        page.get_by_role("link", name=link).click()
        page.get_by_role("heading", name=heading, level=1).wait_for()
        page.get_by_role("button", name=link).click()
        page.locator("[data-error-summary]").wait_for()
        clerk.look(f"{link}: faults")
        page.get_by_role("link", name="Vorige").click()
    page.get_by_role("link", name="Besluit voorstellen").click()
    page.get_by_role("button", name="Voorleggen aan een collega").click()
    page.locator("[data-error-summary]").wait_for()
    clerk.look("propose: faults")
    page.get_by_label("Waarom?").fill("U voldoet aan de voorwaarden. Uw inkomen is lager dan de norm.")
    page.get_by_role("button", name="Voorleggen aan een collega").click()
    walk.told(page, "Uw voorstel ligt klaar voor een collega.")
    clerk.look("case: proposed")
    page.get_by_role("link", name="Bekijk het voorstel").click()
    page.get_by_role("heading", name="De brief").wait_for()
    # Nobody approves his own proposal.
    assert page.get_by_role("button", name="Goedkeuren").count() == 0
    clerk.look("proposal: own")
    page.get_by_role("link", name=number).first.click()


def _decider_approves(decider: Watched, number: str) -> None:
    page = decider.page
    page.get_by_role("navigation", name="Lijsten").get_by_role("link", name="Wacht op akkoord").click()
    page.locator("main table").get_by_text(number).wait_for()
    decider.look("worklist: approve")
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_role("link", name="Bekijk het voorstel").click()
    page.get_by_role("heading", name="Uw oordeel").wait_for()
    page.get_by_role("button", name="Teruggeven").click()
    page.locator("[data-error-summary]").wait_for()
    decider.look("proposal: return without a remark")
    page.get_by_role("button", name="Goedkeuren").click()
    walk.told(page, "Het besluit is goedgekeurd.")


def _mails(house: House, to: str, count: int) -> list[dict[str, Any]]:
    """Wait for the worker to send this many mails."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if len(found := house.outside.mails(to)) >= count:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{len(found)} mails instead of {count}\n{house.last_words()}")


def _resident_reads(resident: Watched, house: House, number: str, folder: Path) -> None:
    page = resident.page
    page.goto(f"{house.url}/mijn/")
    page.get_by_role("heading", name="U hebt post").wait_for()
    resident.look("my cases: post")
    page.get_by_role("region", name="U hebt post").or_(page.locator(".notice")).get_by_role("link").first.click()
    page.get_by_role("link", name="Brief lezen (PDF)").wait_for()
    letter = page.locator("main").inner_text()
    assert number in letter
    assert "bezwaar" in letter
    resident.look("letter")
    address = page.get_by_role("link", name="Brief lezen (PDF)").get_attribute("href")
    answer = page.context.request.get(f"{house.url}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    place = folder / "brief.pdf"
    place.write_bytes(answer.body())
    with pikepdf.open(place) as pdf:
        assert len(pdf.pages) >= 1
    page.get_by_role("link", name="Naar mijn zaak").click()
    page.get_by_text(re.compile("Klaar sinds")).first.wait_for()
    assert "Uitkomst" in page.locator("main").inner_text()
    resident.look("my case: closed")
    page.get_by_role("link", name=re.compile("ONT-")).first.click()
    resident.look("receipt")
