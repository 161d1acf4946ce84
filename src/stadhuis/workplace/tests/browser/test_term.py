"""The term of a late zaak: a default notice, its correction, the penalty, and what the resident sees of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.house import House
from stadhuis.workplace.tests.browser.walk import BRAM, Staff
from stadhuis.workplace.tests.browser.watch import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Watch = Callable[..., Watched]


def _late_zaak(house: House) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "stadhuis.workplace.tests.browser.lay_late", BRAM.bsn, BRAM.naam],
        env=house.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.strip().splitlines()[-1]


def _typed(days_ago: int) -> str:
    return f"{date.today() - timedelta(days=days_ago):%d-%m-%Y}"


def test_when_a_default_notice_comes_in_then_the_clerk_enters_it_and_sees_the_penalty_grow(
    house: House, watch: Watch, staff: Staff
) -> None:
    number = _late_zaak(house)
    clerk = watch(secrets=BRAM.secrets)
    page = clerk.page
    walk.log_in_staff(clerk, house.url, "marit", staff)
    walk.find(clerk, number)
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_role("heading", name="Termijn", exact=True).wait_for()
    page.get_by_text("Waarom deze datum?").click()
    clerk.look("late: case")
    page.get_by_role("link", name="Ingebrekestelling ontvangen").click()
    page.get_by_role("heading", name="Ingebrekestelling ontvangen", level=1).wait_for()
    page.get_by_role("button", name="Noteren").click()
    page.locator("[data-error-summary]").wait_for()
    clerk.look("notice: faults")
    page.get_by_label("Op welke dag kregen wij").fill(_typed(29))
    page.get_by_label("Opmerking").fill("Brief bij de post")
    page.get_by_role("button", name="Noteren").click()
    walk.told(page, "De ingebrekestelling is genoteerd.")
    page.get_by_role("heading", name="De dwangsom is nu").wait_for()
    page.get_by_text("Bedrag per dag").click()
    clerk.look("term: penalty")
    page.get_by_role("link", name="Verbeteren Ingebrekestelling").click()
    page.get_by_label("Dag", exact=True).fill(_typed(5))
    page.get_by_label("Wat klopte er niet?").fill("Dat was de dag van de brief.")
    clerk.look("term: correction")
    page.get_by_role("button", name="Verbeteren").click()
    walk.told(page, "Verbeterd.")
    page.get_by_role("heading", name="Ingebrekestelling: beslis voor").wait_for()
    page.get_by_text("Verbeterd of ingetrokken").click()
    clerk.look("term: corrected")
    page.goto(f"{house.url}/werkplek/?lijst=all")
    first = page.locator("main table tbody tr").first
    assert number in first.inner_text()
    assert "Ingebrekestelling" in first.inner_text()
    clerk.look("worklist: default notice on top")
    first.get_by_role("link").first.click()
    page.get_by_role("link", name="Alles over de termijn").click()
    page.set_viewport_size({"width": 360, "height": 800})
    clerk.look("narrow: term")
    page.get_by_role("link", name="Intrekken Ingebrekestelling").click()
    clerk.look("narrow: take back")
    page.get_by_label("Wat klopte er niet?").fill("Verkeerde zaak.")
    page.get_by_role("button", name="Intrekken").click()
    walk.told(page, "Ingetrokken.")
    assert page.get_by_role("heading", name="Ingebrekestelling: beslis voor").count() == 0


def test_when_a_resident_asks_why_then_the_portal_says_so_without_script_and_on_a_narrow_screen(
    house: House, watch: Watch
) -> None:
    number = _late_zaak(house)
    for options in ({"width": 320}, {"java_script_enabled": False}):
        resident = watch(secrets=BRAM.secrets, **options)
        page = resident.page
        page.goto(f"{house.url}/mijn/")
        page.get_by_role("link", name="DigiD", exact=True).click()
        walk.at_digid(page, BRAM)
        page.get_by_text(number).first.wait_for()
        page.locator("main .card").filter(has_text=number).get_by_role("link").click()
        page.get_by_text("Waarom deze datum?").click()
        assert "De termijn is 56 dagen." in page.locator("main").inner_text()
        resident.look(f"why this date: {options}")
        page.get_by_role("link", name="Laat ons weten dat wij te laat zijn").click()
        page.get_by_role("heading", name="Laat ons weten dat wij te laat zijn", level=1).wait_for()
        resident.look(f"default notice: {options}")
    page.get_by_role("button", name="Ja, ik stel de gemeente in gebreke").click()
    page.get_by_role("heading", name="Ontvangstbewijs", level=1).wait_for()
    resident.look("default notice: receipt")
