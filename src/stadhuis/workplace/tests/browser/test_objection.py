"""A resident objects to a decision in a real browser: with a fault, in time and late, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import given_proposal, given_town, given_zaaktype_of_law
from stadhuis.forms.tests.given import given_handed_in
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import clock_set_to, now, today
from stadhuis.people import public as people
from stadhuis.personen import memory
from stadhuis.workplace.tests.browser.test_ground_pages import Visitor
from stadhuis.workplace.tests.browser.watch import AXE
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import OTHER_BSN, given_resident

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: cd frontend && npm ci"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
REASONS = "Mijn winst was in mei lager dan u denkt: de facturen van juni zijn dubbel geteld. " * 3


@dataclass(frozen=True)
class Decided:
    """A resident who got a decision so many days ago."""

    url: str
    resident: people.Actor
    zaak: zaken.ZaakRecord


@pytest.fixture
def decided(live_server: LiveServer, settings: Any, tmp_path: Path) -> Iterator[Callable[[int], Decided]]:
    """Make a decision that was sent some days ago."""
    settings.PUBLIC_URL, settings.DATA_DIR = live_server.url.replace("127.0.0.1", "localhost"), tmp_path / "data"
    settings.ALLOWED_HOSTS, settings.PRACTICE_DATE = ["localhost", "127.0.0.1"], "2021-05-17"

    def make(days_ago: int) -> Decided:
        resident = given_resident(OTHER_BSN)
        with clock_set_to(now() - timedelta(days=days_ago)):
            town = given_town()
            given_zaaktype_of_law("BEZWAAR", "P42D", "termijn:awb-7-10")
            submission = given_handed_in(resident)
            zaak = zaken.zaak_by_uuid(submission.zaak_uuid, seen_by=town.handler)
            proposal = given_proposal(town, zaak, outcome="afwijzen")
            casework.approve(proposal.uuid, by=town.decider)
            casework.send(proposal.uuid, by=town.handler)
        return Decided(settings.PUBLIC_URL, resident, zaak)

    with SimulatorProcess(tmp_path / "outside", app_url=settings.PUBLIC_URL) as outside:
        settings.BRP_URL, settings.KVK_URL = f"{outside.url}/brp", f"{outside.url}/kvk"
        memory.end()
        yield make


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[[Decided], Visitor]]:
    """Let the resident in; at the end nothing may have been wrong with what was shown."""
    made: list[Visitor] = []

    def enter(who: Decided) -> Visitor:
        made.append(Visitor(browser, who.resident, who.url))
        return made[-1]

    yield enter
    for one in made:
        one.watched.close()


def begin(noor: Visitor) -> None:
    """Find the form and fill in the first step, in which the BRP has filled in who she is."""
    page = noor.page
    noor.visit("/producten/bezwaar-maken/", "Bezwaar maken")
    page.get_by_role("link", name="Online aanvragen").or_(page.get_by_role("link", name="Online bezwaar maken")).click()
    noor.look("Bezwaar maken")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("Noor Elisabeth Verhagen")).to_be_visible()
    noor.look("Uw gegevens")
    page.get_by_label("E-mailadres").fill("noor-verhagen@example.org")
    go_on(noor)


def go_on(noor: Visitor) -> None:
    """Go to the next step."""
    noor.page.get_by_role("button", name="Volgende", exact=True).last.click()


def fault_at(noor: Visitor, heading: str, wanted: int) -> None:
    """See that so many faults are told on top, each with a link that leads to its field."""
    summary = noor.page.locator("[data-error-summary]")
    summary.wait_for()
    links = summary.get_by_role("link").all()
    assert len(links) == wanted
    for link in links:
        assert noor.page.locator(f"main {link.get_attribute('href')}").count() == 1
    noor.look(heading)


def the_decision(noor: Visitor, town: Decided, *, days_ago: int) -> None:
    """Fill in what it is against."""
    page = noor.page
    page.get_by_label("Zaaknummer in de brief").fill(town.zaak.identificatie)
    page.get_by_label("Datum op de brief").fill(f"{today() - timedelta(days=days_ago):%d-%m-%Y}")
    page.get_by_label("Tegen welk besluit maakt u bezwaar?").fill("De afwijzing van mijn Tozo-aanvraag")
    noor.look("Het besluit")
    go_on(noor)


def hand_in(noor: Visitor) -> None:
    """Look at what was filled in, forget to sign, sign, send, and see the case."""
    page = noor.page
    noor.look("Controleren en versturen")
    page.get_by_role("button", name="Bezwaar versturen").click()
    fault_at(noor, "Controleren en versturen", 1)
    page.get_by_label("Ik maak bezwaar tegen dit besluit").check()
    page.get_by_role("button", name="Bezwaar versturen").click()
    page.get_by_role("link", name="Naar mijn zaak").wait_for()
    noor.look("Uw bezwaar is ontvangen")
    page.get_by_role("link", name="Naar mijn zaak").click()
    noor.look("Bezwaar")


def test_an_objection_in_time_with_a_fault_at_every_step_first(
    decided: Callable[[int], Decided], visitor: Callable[[Decided], Visitor]
) -> None:
    town = decided(10)
    noor = visitor(town)
    begin(noor)
    noor.look("Het besluit")
    go_on(noor)
    fault_at(noor, "Het besluit", 2)
    noor.page.get_by_label("Datum op de brief").fill("31-2-2026")
    go_on(noor)
    fault_at(noor, "Het besluit", 2)
    the_decision(noor, town, days_ago=10)
    noor.look("Uw bezwaar")
    go_on(noor)
    fault_at(noor, "Uw bezwaar", 1)
    noor.page.get_by_label("Waarom bent u het er niet mee eens?").fill(REASONS)
    go_on(noor)
    hand_in(noor)


def test_an_objection_that_comes_late_is_taken_in_with_the_reason(
    decided: Callable[[int], Decided], visitor: Callable[[Decided], Visitor]
) -> None:
    town = decided(70)
    noor = visitor(town)
    begin(noor)
    the_decision(noor, town, days_ago=70)
    noor.page.get_by_label("Waarom bent u het er niet mee eens?").fill(REASONS)
    noor.page.get_by_label("Bent u later dan zes weken?").fill("Ik lag zes weken in het ziekenhuis.")
    noor.look("Uw bezwaar")
    go_on(noor)
    expect(noor.page.get_by_text("Ik lag zes weken in het ziekenhuis.")).to_be_visible()
    hand_in(noor)
