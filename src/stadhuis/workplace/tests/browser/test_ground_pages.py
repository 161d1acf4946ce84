"""The pages of the ground, wide and narrow: access, people, records, the trail, who used my data, acting for someone else.

Each page is looked at in both widths: axe, nothing wider than the screen, nothing refused by the CSP, and every stop of the
keyboard on the screen with a ring. They are full of long names; empty pages and faults are visited too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.keys import Keys
from stadhuis.workplace.tests.browser.watch import AXE, Watched
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import (  # fmt: skip
    given_closed_zaak,
    given_resident,
    given_rol,
    given_staff,
    given_zaak,
    given_zaaktype,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from stadhuis.workplace.tests.browser.house import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: cd frontend && npm ci"),
]
with_database = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# The browser's driver runs a loop in this thread, and Django would refuse to speak with the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
LONG = "Wilhelmina-Alexandra van Heeckerenvanbrandsenburgh-Oldenbarnevelt tot Westerwolde"
WIDTHS = (1280, 360)
STOPS = 40
_STOP = """() => {
  const now = document.activeElement
  if (!now || now === document.body) return null
  const box = now.getBoundingClientRect()
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  const ring = [null, "::after", "::before"].some((part) => {
    const style = getComputedStyle(now, part)
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
  })
  return seen && ring ? "" : `${seen ? "" : "off the screen"} ${ring ? "" : "no ring"}: ${now.outerHTML.slice(0, 120)}`
}"""


class Visitor:
    """Somebody who is logged in and visits pages in both widths."""

    def __init__(self, browser: Browser, actor: people.Actor, url: str) -> None:
        self.url = url
        self.watched = Watched(browser)
        client = Client()
        given_session(client, actor)
        self.watched.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]
        )

    @property
    def page(self) -> Page:
        """The tab."""
        return self.watched.page

    def visit(self, address: str, heading: str) -> None:
        """Go to a page by its address and look at it."""
        self.page.goto(f"{self.url}{address}")
        self.look(heading)

    def look(self, heading: str, *, widths: tuple[int, ...] = WIDTHS) -> None:
        """Examine the page as it stands, and go over it with the Tab key."""
        self.page.get_by_role("heading", name=heading, level=1).wait_for()
        look(self.watched, heading, widths=widths)

    def send_empty(self, button: str, heading: str) -> None:
        """Press a button of a form that is not filled in; what is wrong stands on top, and its links lead to the fields."""
        self.page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        summary = self.page.locator("[data-error-summary]")
        summary.wait_for()
        for link in summary.get_by_role("link").all():
            target = link.get_attribute("href") or ""
            assert self.page.locator(f"main {target}").count() == 1, f"{heading}: {target} leads nowhere"
        self.look(heading, widths=WIDTHS[1:])


def look(watched: Watched, name: str, *, widths: tuple[int, ...] = WIDTHS) -> None:
    """Look in each width, and at the stops of the keyboard in the last one, which is narrow."""
    for width in widths:
        watched.page.set_viewport_size({"width": width, "height": 900})
        watched.look(f"{name} ({width})")
    for _ in range(STOPS):
        watched.page.keyboard.press("Tab")
        fault = watched.page.evaluate(_STOP)
        if fault is None:
            return
        if fault:
            watched.faults.append(f"{name}: {fault}")


@dataclass(frozen=True)
class Full:
    """A town hall in which there is something on every page."""

    url: str
    ada: people.Actor
    bert: people.Actor
    sponsor: people.Actor
    colleague: people.MedewerkerRecord
    resident: people.Actor
    zaak: UUID
    due: UUID
    listed: UUID


@pytest.fixture
def full(live_server: LiveServer, settings: Any, tmp_path: Path) -> Full:
    settings.PUBLIC_URL, settings.DATA_DIR = live_server.url.replace("127.0.0.1", "localhost"), tmp_path
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    zaaktype = given_zaaktype()
    administers = [
        access.GrantData(name) for name in (*access.ADMINISTRATION, "zaak.lezen", "zaak.noodtoegang", "zaak.verdelen")
    ]
    ada, bert = given_staff(*administers, username="ada"), given_staff(*administers, username="bert")
    team = people.create_unit("team", "Team")
    people.create_unit("jeugd", "Jeugdhulp, onderwijshuisvesting en leerlingenvervoer Noordoost-Oeverveen", team)
    colleague_id = people.create_medewerker(
        "wil", LONG, "wilhelmina-alexandra.van.heeckerenvanbrandsenburgh@town.example", team,
        "Beleidsmedewerker bestaanszekerheid en schuldhulpverlening", "een-lang-wachtwoord-1",
    )  # fmt: skip
    access.create_role("lang", "Behandelaar levensonderhoud zelfstandigen en schuldhulpverlening", grants=[access.GrantData("zaak.lezen", zaaktype.ref)])  # fmt: skip
    access.give_role(colleague_id, "lang", team, date(2021, 1, 1), date(2022, 1, 1), by=SYSTEM)
    access.give_role(colleague_id, "rol-ada", team, by=SYSTEM)
    colleague = people.medewerker(colleague_id)
    people.create_medewerker(
        "gast", f"Gast {LONG}", "gast@partner.example", team, "Gast", "een-lang-wachtwoord-1",
        sponsor_id=colleague_id, purpose="Meekijken bij bijzondere bijstand van het wijkteam", leaving_date=today() + timedelta(days=20),
    )  # fmt: skip
    people.add_absence(colleague_id, today(), today() + timedelta(days=9), replacement_id=ada.pk, by=colleague.actor())
    people.map_group("sg-bestaanszekerheid-en-schuldhulpverlening", "lang", team, by=SYSTEM)
    resident = given_resident()
    zaak = given_zaak(zaaktype=zaaktype, omschrijving="Aanvulling op inkomen eigen bedrijf", rollen=(given_rol(naam=LONG),))  # fmt: skip
    due = [given_closed_zaak(zaaktype=zaaktype) for _ in range(3)]
    Zaak.objects.filter(pk__in=[one.id for one in due]).update(
        archiefnominatie="vernietigen", archiefactiedatum=today() - timedelta(days=9)
    )
    records.keep("zaak", zaak.uuid, *(one.uuid for one in due))
    records.hold("zaak", due[0].uuid, reason="Woo-verzoek over bestaanszekerheid en schuldhulpverlening", by=ada)
    listed = records.make_list(by=bert)
    access.break_glass(zaak.uuid, reason="De aanvrager staat op straat na een brand; is de bijstand al toegekend?", by=bert)  # fmt: skip
    access.declare_conflict(due[1].uuid, reason="De aanvrager is mijn buurvrouw", by=colleague.actor())
    assert resident.pk is not None
    audit.record_processing("zaak.behandelen", uuids=[people.person_uuid(resident.pk)], by=ada, about=zaak.uuid)
    return Full(settings.PUBLIC_URL, ada, bert, colleague.actor(), colleague, resident, zaak.uuid, due[0].uuid, listed)


@pytest.fixture
def visitors(browser: Browser, full: Full) -> Iterator[Callable[[people.Actor], Visitor]]:
    """Let people in; at the end nothing may have been wrong with what they saw."""
    made: list[Visitor] = []

    def enter(actor: people.Actor) -> Visitor:
        made.append(Visitor(browser, actor, full.url))
        return made[-1]

    yield enter
    for visitor in made:
        visitor.watched.close()


def to(name: str, *args: object) -> str:
    """Return the address of a page of administration."""
    return reverse(f"administration:{name}", args=args)


@with_database
def test_the_pages_of_access_can_be_read_and_reached_by_everybody(
    full: Full, visitors: Callable[[people.Actor], Visitor]
) -> None:
    ada = visitors(full.ada)
    ada.visit(to("home"), "Beheer")
    ada.visit(to("roles"), "Toegang")
    ada.visit(to("requests"), "Verzoeken om rechten")
    ada.visit(to("role_new"), "Nieuwe rol")
    ada.send_empty("Rol maken", "Nieuwe rol")
    ada.visit(to("role", "rol-ada"), "rol-ada")
    ada.page.get_by_text("Rol geven", exact=True).first.click()
    ada.send_empty("Rol geven", "rol-ada")
    ada.page.get_by_text("Recht toevoegen", exact=True).first.click()
    ada.send_empty("Recht toevoegen", "rol-ada")
    ada.visit(to("barred"), "Afgeschermde personen")
    ada.send_empty("Persoon afschermen", "Afgeschermde personen")
    ada.visit(f"{to('matrix')}?per=rol", "Wie mag wat")
    ada.visit(f"{to('matrix')}?per=persoon", "Wie mag wat")
    ada.visit(to("access_person", full.colleague.id), LONG)
    ada.visit(to("view_as", full.colleague.id), "Dit ziet deze collega")
    ada.visit(f"{to('explain', full.zaak)}?medewerker={full.colleague.id}", "Waarom mag iemand dit")
    ada.visit(f"{to('explain', full.zaak)}?medewerker={full.colleague.id}&dag=32-13-2026", "Waarom mag iemand dit")
    (membership,) = access.memberships(role="lang")
    ada.visit(to("membership", membership.id), "Rol wijzigen of beëindigen")
    ada.page.get_by_label("Eerste dag", exact=True).fill("31-02-2026")
    ada.send_empty("Opslaan", "Rol wijzigen of beëindigen")


@with_database
def test_the_pages_of_people_can_be_read_and_reached_by_everybody(
    full: Full, visitors: Callable[[people.Actor], Visitor]
) -> None:
    ada = visitors(full.ada)
    for kind in ("", "?wie=gasten", "?wie=vertrokken"):
        ada.visit(to("people") + kind, "Mensen")
    ada.visit(to("person", full.colleague.uuid), LONG)
    ada.visit(to("change_person", full.colleague.uuid), "Gegevens wijzigen")
    ada.visit(to("link_person", full.colleague.uuid), "Koppelen als inwoner")
    ada.send_empty("Koppelen", "Koppelen als inwoner")
    ada.visit(to("leave", full.colleague.uuid), "Vertrek vastleggen")
    ada.send_empty("Vastleggen", "Vertrek vastleggen")
    ada.visit(to("reset_factor", full.colleague.uuid), "Tweede factor wissen")
    ada.send_empty("Tweede factor wissen", "Tweede factor wissen")
    ada.visit(to("add_person"), "Medewerker toevoegen")
    ada.visit(to("add_guest"), "Gast toevoegen")
    ada.send_empty("Toevoegen en uitnodigen", "Gast toevoegen")
    ada.visit(to("units"), "Organisatie")
    ada.visit(to("unit", "jeugd"), "Jeugdhulp")
    ada.visit(to("change_unit", "jeugd"), "")
    ada.visit(to("groups"), "Groepen en rollen")
    ada.send_empty("Toevoegen", "Groepen en rollen")
    wil = visitors(full.sponsor)
    wil.visit(reverse("people:gasten"), "Mijn gasten")
    wil.visit(reverse("people:afwezig"), "Afwezigheid en vervanging")
    wil.send_empty("Vastleggen", "Afwezigheid en vervanging")


@with_database
def test_the_pages_that_look_back_can_be_read_and_reached_by_everybody(
    full: Full, visitors: Callable[[people.Actor], Visitor]
) -> None:
    ada = visitors(full.ada)
    ada.visit(to("trail"), "Wie deed wat")
    ada.send_empty("Zoeken", "Wie deed wat")
    ada.page.get_by_label("Vanaf dag").fill("01-01-2020")
    ada.page.locator("main").get_by_role("button", name="Zoeken", exact=True).click()
    ada.page.get_by_role("heading", name="Gevonden").wait_for()
    ada.look("Wie deed wat")
    ada.visit(to("chain"), "Is het logboek heel?")
    ada.visit(to("records"), "Dossiers")
    ada.send_empty("Dossier openen", "Dossiers")
    ada.visit(to("record", "zaak", full.due), "")
    ada.send_empty("Vastzetten", "")
    ada.visit(to("classes"), "Bewaartermijnen")
    ada.send_empty("Opslaan", "Bewaartermijnen")
    ada.visit(to("owners"), "Eigenaren van dossiers")
    ada.visit(to("destruction"), "Vernietigen")
    ada.visit(to("destruction_list", full.listed), "Lijst van wat vernietigd mag worden")
    for name, heading in (("running", "Hoe draait het"), ("outages", "Storingen"), ("failed", "Mislukt werk")):
        ada.visit(to(name), heading)
    ada.visit(reverse("workplace:glass"), "Noodtoegang")
    ada.send_empty("Zaak openen", "Noodtoegang")


@with_database
def test_who_used_my_data_can_be_read_by_a_resident_of_seventy(
    full: Full, visitors: Callable[[people.Actor], Visitor]
) -> None:
    noor = visitors(full.resident)
    noor.visit(reverse("portal:uses"), "Wie gebruikte mijn gegevens?")
    assert "1" in noor.page.locator("main tbody").inner_text()
    noor.visit(reverse("portal:activities"), "Waarvoor wij gegevens gebruiken")
    bram = visitors(given_resident("999991012"))
    bram.visit(reverse("portal:uses"), "Wie gebruikte mijn gegevens?")


@with_database
def test_two_administrators_give_a_role_with_the_keyboard_alone(
    full: Full, visitors: Callable[[people.Actor], Visitor]
) -> None:
    # given: the first administrator asks
    ada, bert = visitors(full.ada), visitors(full.bert)
    page, keys = ada.page, Keys(ada.page)
    page.goto(full.url + to("home"))
    keys.skip()
    keys.follow(page.get_by_role("link", name="Rollen en rechten"))
    page.get_by_role("heading", name="Toegang", level=1).wait_for()
    keys.follow(page.locator("main").get_by_role("link", name="rol-bert", exact=True))
    page.get_by_role("heading", name="rol-bert", level=1).wait_for()
    keys.press(page.locator("summary").filter(has_text="Rol geven"))
    keys.pick(page.get_by_label("Aan wie"), "Wil")
    keys.pick(page.get_by_label("In welk team"), "Jeugd")
    keys.type(page.locator("#reden-rol"), "Neemt waar tijdens het verlof van Bert")
    keys.submit(page.locator(".flashes").get_by_text("Een tweede beheerder moet dit goedkeuren."))
    # she cannot approve it herself
    keys.follow(page.get_by_role("navigation", name="Kruimelpad").get_by_role("link", name="Toegang"))
    keys.follow(page.get_by_role("link", name="verzoeken wachten"))
    page.get_by_role("heading", name="Verzoeken om rechten").wait_for()
    ada.look("Verzoeken om rechten")
    assert page.get_by_role("button", name="Goedkeuren").count() == 0
    assert not [one for one in access.memberships(role="rol-bert") if one.medewerker_id == full.colleague.id]
    # when the second one does
    page, keys = bert.page, Keys(bert.page)
    page.goto(full.url + to("requests"))
    bert.look("Verzoeken om rechten")
    page.reload()
    keys.press(page.get_by_role("button", name="Goedkeuren"))
    page.locator(".flashes").get_by_text("Het verzoek is goedgekeurd.").wait_for()
    # then
    (given,) = [one for one in access.memberships(role="rol-bert") if one.medewerker_id == full.colleague.id]
    assert given.valid_from == today()


def test_who_acts_for_someone_else_reads_on_every_page_for_whom(house: House, watch: Callable[..., Watched]) -> None:
    noor = watch(secrets=walk.NOOR.secrets)
    page = noor.page
    page.goto(f"{house.url}/inloggen/?next=/mijn/")
    look(noor, "log in")
    page.get_by_role("link", name="DigiD", exact=True).click()
    page.get_by_label("Voor wie logt u in?").select_option(label="Noor Verhagen voor Siem Postma (ouder): Ouder voor een jong kind.")  # fmt: skip
    walk.at_digid(page, walk.NOOR)
    for path in ("/mijn/", "/mijn/gegevens/", "/mijn/gegevens/gebruik/"):
        page.goto(house.url + path)
        page.get_by_role("region", name="Voor wie u zaken regelt").get_by_text("Siem").wait_for()
        look(noor, f"acting: {path}")
