"""Teams that share a zaaktype, in a real browser: a zaak to another team, a right for one team, the request for one.

By keyboard alone, at three widths, with axe on every state. With ``STADHUIS_SCREENSHOTS`` set, pictures are kept there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import given_application, given_town
from stadhuis.people import public as people
from stadhuis.people.tests.given import given_session
from stadhuis.workplace.tests.browser.keys import Keys
from stadhuis.workplace.tests.browser.watch import AXE, Watched
from stadhuis.zaken.tests.givens import given_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: cd frontend && npm ci"),
]
# The browser's driver runs a loop in this thread, and Django would refuse to speak with the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
WIDTHS = pytest.mark.parametrize("width", [1280, 360, 320])
LONG = "Jeugdhulp, onderwijshuisvesting en leerlingenvervoer Noordoost-Oeverveen"
Enter = Callable[[people.Actor, int], "Visitor"]


class Visitor:
    """Somebody who is logged in and has only a keyboard."""

    def __init__(self, browser: Browser, actor: people.Actor, url: str, width: int) -> None:
        self.url, self.width = url, width
        self.watched = Watched(browser, width=width)
        client = Client()
        given_session(client, actor)
        self.watched.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]
        )
        self.page: Page = self.watched.page
        self.keys = Keys(self.page)

    def go(self, address: str) -> None:
        """Go to a page by its address."""
        self.page.goto(f"{self.url}{address}")

    def press(self, button: Locator, key: str = "Enter") -> None:
        """Tab to a link or button and press a key on it; the next page is there when this returns."""
        self.keys.to(button)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def look(self, name: str) -> None:
        """Examine the page as it stands."""
        if folder := os.environ.get("STADHUIS_SCREENSHOTS"):
            self.page.screenshot(path=str(Path(folder) / f"{name}-{self.width}.png"), full_page=True)
        self.watched.look(f"{name} ({self.width})")

    def faults(self) -> list[str]:
        """Return what the summary of errors says; each of its links leads to the field."""
        summary = self.page.locator("[data-error-summary]")
        summary.wait_for()
        links = summary.get_by_role("link").all()
        for link in links:
            assert self.page.locator(f"main {link.get_attribute('href')}").count() == 1
        return [link.inner_text() for link in links]


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[Enter]:
    """Let people in; at the end nothing may have been wrong with what they saw."""
    settings.PUBLIC_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    made: list[Visitor] = []

    def one(actor: people.Actor, width: int) -> Visitor:
        made.append(Visitor(browser, actor, settings.PUBLIC_URL, width))
        return made[-1]

    yield one
    for visitor in made:
        visitor.watched.close()


@WIDTHS
def test_a_clerk_gives_a_zaak_to_another_team_and_reads_where_it_lies(enter: Enter, width: int) -> None:
    # given
    zaak = given_application(given_town())
    people.create_unit("jeugd", LONG)
    team = people.unit_by_code("team")
    assert team is not None
    clerk = enter(
        given_staff(
            *(access.GrantData(name, unit_id=team.id) for name in ("zaak.lezen", "zaak.behandelen", "zaak.verdelen"))
        ),
        width,
    )
    page, address = clerk.page, reverse("workplace:zaak", args=[zaak.uuid])
    clerk.go(address)
    clerk.look("zaak")
    clerk.press(page.get_by_role("link", name="Naar een ander team"))
    page.get_by_role("heading", name="Naar een ander team", level=1).wait_for()
    clerk.look("to-unit")
    # the team it lies with is told, and is none to choose
    assert f"De zaak ligt nu bij {team.naam}." in page.locator("main").inner_text()
    assert page.get_by_label("Naar welk team?").locator("option").all_inner_texts() == ["Kies een team", LONG]
    # when it is sent empty
    clerk.press(page.get_by_role("button", name="Zaak overdragen"))
    assert clerk.faults() == ["Kies een ander team uit de lijst.", "Schrijf waarom de zaak naar een ander team gaat."]
    clerk.look("to-unit-faults")
    # when it is filled in
    clerk.keys.pick(page.get_by_label("Naar welk team?"), "Jeugd")
    clerk.keys.type(page.get_by_label("Waarom?"), "Het gaat over leerlingenvervoer.")
    clerk.press(page.get_by_role("button", name="Zaak overdragen"))
    # then the clerk, who sees zaken of the own team only, is back at the list
    page.get_by_role("heading", name="Werkvoorraad", level=1).wait_for()
    page.locator(".flashes").get_by_text(f"Zaak {zaak.identificatie} ligt nu bij {LONG}.").wait_for()
    page.locator(".flashes").get_by_text("U kunt deze zaak niet meer openen.").wait_for()
    clerk.look("to-unit-done")
    work = casework.work_of(zaak.id)
    assert work is not None
    assert work.unit == LONG


@WIDTHS
def test_two_administrators_give_a_right_for_one_team_and_read_for_which(enter: Enter, width: int) -> None:
    # given
    given_town()
    people.create_unit("jeugd", LONG)
    administers = [access.GrantData(name) for name in access.ADMINISTRATION]
    ada, bert = given_staff(*administers, username="ada"), given_staff(*administers, username="bert")
    access.create_role("inkomen", "Behandelaar inkomen")
    first = enter(ada, width)
    page, keys = first.page, first.keys

    def ask(right: str, *, team: str, why: str, level: str = "zaakvertr") -> None:
        keys.pick(page.get_by_label("Recht", exact=True), right)
        keys.pick(page.get_by_label("Zaaktype"), "Elk")
        keys.pick(page.get_by_label("Tot en met vertrouwelijkheid"), level)
        if team:
            keys.pick(page.get_by_label("Voor zaken van welk team"), team)
        keys.type(page.locator("#reden-recht"), why)
        first.press(page.get_by_role("button", name="Recht toevoegen"))

    # when the form is sent without a reason
    first.go(reverse("administration:role", args=["inkomen"]))
    keys.press(page.locator("summary").filter(has_text="Recht toevoegen"))
    first.look("role-form")
    ask("Zaken lezen", team="Jeugd", why="")
    # then it stands open with what was chosen
    assert first.faults() == ["Schrijf waarom dit nodig is."]
    assert page.get_by_label("Voor zaken van welk team").locator("option:checked").inner_text() == LONG
    first.look("role-faults")
    # when it is right, once for every team and once for one
    ask("Zaken lezen", team="Jeugd", why="Hoort bij het werk")
    page.locator(".flashes").get_by_text("Het recht is toegevoegd.").wait_for()
    assert f"Alleen {LONG}" in page.get_by_role("table", name="Rechten van deze rol").inner_text()
    # and a right that takes a second administrator
    keys.press(page.locator("summary").filter(has_text="Recht toevoegen"))
    ask("Noodtoegang", team="Jeugd", why="Voor de piketdienst", level="zeer")
    page.locator(".flashes").get_by_text("Een tweede beheerder moet dit goedkeuren.").wait_for()
    first.look("role-rights")
    # then the second one reads what it is about, in words
    second = enter(bert, width)
    second.go(reverse("administration:requests"))
    second.look("requests")
    told = second.page.get_by_role("table", name="Verzoeken om rechten").inner_text()
    assert f"alleen bij {LONG}" in told
    assert "Elk zaaktype" in told
    assert "*" not in told
    second.press(second.page.get_by_role("button", name="Goedkeuren"), "Space")
    second.page.locator(".flashes").get_by_text("Het verzoek is goedgekeurd.").wait_for()
    second.look("requests-approved")
    assert ("zaak.noodtoegang", LONG) in {(one.action, one.unit) for one in access.rights_of(role="inkomen")}
