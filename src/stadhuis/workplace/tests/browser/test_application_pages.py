"""The pages of applications, subscriptions and incomplete zaaktypen, wide and narrow: empty, filled, and with faults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Resultaattype, Roltype
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.kit.time import now
from stadhuis.notificaties import public as notificaties
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.people.public import Actor
from stadhuis.workplace.tests.browser.keys import Keys
from stadhuis.workplace.tests.browser.test_ground_pages import Visitor
from stadhuis.workplace.tests.browser.watch import AXE, Watched
from stadhuis.zaken.tests.givens import given_staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: cd frontend && npm ci"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
# The browser's driver runs a loop in this thread, and Django would refuse to speak with the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
LONG = "Zaakafhandelcomponent bestaanszekerheid, schuldhulpverlening en Leerlingenvervoersverordening"
SECRET = "geheim-van-de-formulieren-0123456789"
READS = access.AutorisatieData("zrc", ("zaken.lezen",), "*", max_level=4)


@pytest.fixture
def ada(live_server: LiveServer, settings: Any, tmp_path: Path) -> Actor:
    settings.PUBLIC_URL, settings.DATA_DIR = live_server.url.replace("127.0.0.1", "localhost"), tmp_path
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
    return given_staff(access.GrantData("beheer.toegang"), access.GrantData("beheer.draaien"), username="ada")


@pytest.fixture
def visitors(browser: Browser, settings: Any, ada: Actor) -> Iterator[Callable[[Actor], Visitor]]:
    """Let people in; at the end nothing may have been wrong with what they saw, and no secret stood in an address."""
    made: list[Visitor] = []

    def enter(actor: Actor) -> Visitor:
        made.append(Visitor(browser, actor, settings.PUBLIC_URL))
        return made[-1]

    yield enter
    for visitor in made:
        visitor.watched.close()


def to(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def picture(visitor: Visitor, name: str) -> None:
    """With ``STADHUIS_SCREENSHOTS`` set, keep a picture of the page there, wide and narrow."""
    if folder := os.environ.get("STADHUIS_SCREENSHOTS"):
        for width in (1280, 360):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)


def call(secret: str, client_id: str, path: str = "/zaken/api/v1/zaken") -> None:
    Client().get(path, headers={"Authorization": access.trial_token(client_id, secret), "Accept-Crs": "EPSG:4326"})


def given_much() -> access.ApplicatieRecord:
    """A catalogue, many applications, one with a long name and calls that went wrong, and a stranger."""
    catalogi.build(
        catalogus_data(omschrijving="Aanvraag bijzondere bijstand en individuele inkomenstoeslag behandelen")
    )
    for number in range(60):
        access.create_applicatie(f"Taken {number:02}", [f"taken-{number}"], SECRET, autorisaties=[READS])
    pk = access.create_applicatie(LONG, ["x" * 50, "tweede"], SECRET, autorisaties=[
        READS,
        access.AutorisatieData("zrc", ("zaken.lezen", "zaken.aanmaken", "zaken.geforceerd-bijwerken"), "TEST:MELDING", max_level=8),
        access.AutorisatieData("brc", ("besluiten.lezen",), "TEST:Vergunning"),
    ])  # fmt: skip
    access.set_secret("x" * 50, SECRET + "-2", slot=2)
    call("een-verkeerd-geheim-van-dertig-tekens", "x" * 50)
    call("een-verkeerd-geheim-van-dertig-tekens", "y" * 50)
    call("een-verkeerd-geheim-van-dertig-tekens", "tweede")
    found = access.applicatie_by_id(pk)
    assert found is not None
    return found


def test_the_pages_of_applications_can_be_read_and_reached_by_everybody(
    ada: Actor, visitors: Callable[[Actor], Visitor]
) -> None:
    here = visitors(ada)
    page = here.page
    # empty
    here.visit(to("applications"), "Applicaties")
    picture(here, "list-empty")
    here.visit(to("connect"), "Applicatie aansluiten")
    here.send_empty("Controleren", "Applicatie aansluiten")
    picture(here, "form-faults")
    # filled
    record = given_much()
    here.visit(to("applications"), "Applicaties")
    picture(here, "list")
    here.visit(f"{to('applications')}?q=taken&blad=2", "Applicaties")
    here.visit(f"{to('applications')}?q=bestaat-niet", "Applicaties")
    here.visit(to("application", record.uuid), LONG)
    page.get_by_text("Zo roept de applicatie ons aan").click()
    here.look(LONG)
    picture(here, "application")
    here.visit(to("application_rights", record.uuid), "Rechten wijzigen")
    page.get_by_text("Zo is het nu").click()
    here.look("Rechten wijzigen")
    picture(here, "rights")
    page.get_by_role("button", name="Controleren").click()
    here.look("Rechten controleren")
    picture(here, "rights-review")
    here.visit(to("disconnect", record.uuid), "Applicatie afsluiten")
    picture(here, "disconnect")
    here.visit(to("application", record.uuid), LONG)
    page.get_by_role("button", name="Intrekken geheim 1 van xxx").click()
    here.look("Geheim intrekken")
    # every question of the form open, with faults
    here.visit(to("connect"), "Applicatie aansluiten")
    page.get_by_label("Naam", exact=True).fill(LONG + "x" * 20)
    page.get_by_label("Client-id", exact=False).fill("met spatie")
    for api in ("zrc", "drc", "brc"):
        page.locator(f"#{api}-set-5").check()
        page.locator(f"#{api}-types-{2 if api == 'zrc' else 3}").check()
    here.look("Applicatie aansluiten")
    picture(here, "form-open")
    here.send_empty("Controleren", "Applicatie aansluiten")


def test_an_application_is_connected_with_the_keyboard_alone_and_its_first_call_shows_by_itself(
    ada: Actor, visitors: Callable[[Actor], Visitor]
) -> None:
    here = visitors(ada)
    page, keys = here.page, Keys(here.page)
    page.goto(here.url + to("home"))
    keys.skip()
    keys.follow(page.locator("main").get_by_role("link", name="Applicatie aansluiten"))
    page.get_by_role("heading", name="Applicatie aansluiten", level=1).wait_for()
    keys.type(page.get_by_label("Naam", exact=True), "Formulieren")
    page.locator("#zrc-set-2").focus()
    page.keyboard.press("Space")
    page.get_by_label("Zaken: tot en met welke vertrouwelijkheid").select_option("4")
    keys.submit(page.get_by_role("heading", name="Controleren", level=1))
    here.look("Controleren")
    picture(here, "review")
    page.reload()  # asks the same again: nothing has happened yet
    keys.press(page.get_by_role("button", name="Aansluiten"))
    page.get_by_role("heading", name="Het geheim van de applicatie", level=1).wait_for()
    here.look("Het geheim van de applicatie")
    picture(here, "secret")
    assert page.get_by_text("Het werkt: inloggen en lezen lukken.").count() == 1
    secret = page.get_by_label("Geheim", exact=True).input_value()
    client_id = page.get_by_label("Client-id", exact=True).input_value()
    here.watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    keys.press(page.get_by_role("button", name="Kopieer het geheim"))
    page.locator("#status").get_by_text("Gekopieerd").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == secret
    keys.follow(page.get_by_role("link", name="Het geheim staat goed. Verder"))
    page.get_by_role("heading", name="Formulieren", level=1).wait_for()
    here.look("Formulieren")
    assert page.get_by_text("Wij wachten op de eerste aanroep").count() == 1
    assert secret not in page.content()
    page.evaluate("document.activeElement.blur()")
    call("een-verkeerd-geheim-van-dertig-tekens", client_id)
    page.get_by_text("gebruikt een ander geheim").wait_for()
    here.look("Formulieren")
    assert not [one for one in here.watched.addresses if secret in one]


def test_without_script_the_form_works_and_the_secret_can_be_selected(
    ada: Actor, browser: Browser, settings: Any
) -> None:
    here = Visitor(browser, ada, settings.PUBLIC_URL)
    cookies = here.watched.context.cookies()
    here.watched.close()
    plain = Watched(browser, java_script_enabled=False)
    plain.context.add_cookies(cookies)  # type: ignore[arg-type]
    page = plain.page
    page.goto(settings.PUBLIC_URL + to("connect"))
    page.get_by_label("Naam", exact=True).fill("Formulieren")
    page.get_by_label("Alles, in elke API").check()
    page.get_by_role("button", name="Controleren").click()
    page.get_by_role("button", name="Aansluiten").click()
    field = page.get_by_label("Geheim", exact=True)
    assert len(field.input_value()) == 64
    assert not page.get_by_text("Kopieer", exact=False).first.is_visible()
    plain.look("Het geheim van de applicatie")
    plain.close()


def test_the_pages_of_subscriptions_and_zaaktypen_can_be_read_and_reached_by_everybody(
    ada: Actor, visitors: Callable[[Actor], Visitor]
) -> None:
    here = visitors(ada)
    here.visit(to("subscribers"), "Abonnementen")
    here.visit(to("incomplete_types"), "Onvolledige zaaktypen")
    given_much()
    Roltype.objects.all().delete()
    Resultaattype.objects.all().delete()
    uuid = notificaties.create_abonnement(
        f"https://berichten.example/{'lang' * 30}/",
        "Bearer x",
        [("zaken", {"bronorganisatie": "807287684"}), ("besluiten", {})],
    )
    notificaties.create_abonnement("https://b.example/", "Bearer x", [("zaken", {})])
    message = Notificatie.objects.create(kanaal="zaken", actie="create", aanmaakdatum=now())
    Delivery.objects.create(
        notificatie=message, abonnement=Abonnement.objects.get(uuid=uuid), stream="s", state="dead", next_at=now(),
        finished_at=now(), last_error="status 500",
    )  # fmt: skip
    Abonnement.objects.filter(uuid=uuid).update(failures=5, paused_until=now())
    here.visit(to("home"), "Beheer")
    picture(here, "home")
    here.visit(to("subscribers"), "Abonnementen")
    picture(here, "subscribers")
    here.visit(to("failed"), "Mislukt werk")
    here.visit(to("subscriber_end", uuid), "Abonnement beëindigen")
    here.visit(to("incomplete_types"), "Onvolledige zaaktypen")
    picture(here, "types")
