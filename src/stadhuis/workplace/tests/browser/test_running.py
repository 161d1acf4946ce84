"""How the house runs, and a resident's mail addresses, in a real browser: wide and narrow, with axe on every state."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from stadhuis.access import public as access
from stadhuis.kit import outages, watch
from stadhuis.kit.models import Alarm
from stadhuis.kit.time import now
from stadhuis.messages import public as messages
from stadhuis.messages.models import MailAddress
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.people import public as people
from stadhuis.people.tests.given import given_session
from stadhuis.workplace.tests.browser.watch import AXE, Watched
from stadhuis.zaken.tests.givens import given_resident, given_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: cd frontend && npm ci"),
]
# The browser's driver runs a loop in this thread, and Django would refuse to speak with the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@pytest.fixture
def address(live_server: LiveServer, settings: Any) -> str:
    settings.PUBLIC_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return str(settings.PUBLIC_URL)


def opened(browser: Browser, actor: people.Actor, address: str, width: int) -> Watched:
    """A browser in which this actor is logged in."""
    client = Client()
    given_session(client, actor)
    watched = Watched(browser, width=width)
    watched.context.add_cookies(
        [{"name": name, "value": morsel.value, "url": address} for name, morsel in client.cookies.items()]
    )
    return watched


def given_trouble() -> None:
    """Alarms, outages, a failed job and a message that was given up."""
    moment = now()
    for name, figure, by in (("failed_jobs", 3, ""), ("channels", 1, ""), ("mail_bounces", 14, "staff:bob")):
        Alarm.objects.create(
            name=name, figure=figure, raised_at=moment - timedelta(hours=2), seen_at=moment, taken_by=by,
            taken_by_name="Bob Boersma" if by else "", taken_at=moment if by else None,
        )  # fmt: skip
    Alarm.objects.create(name="errors", figure=4, raised_at=moment, seen_at=moment, ended_at=moment)
    for channel in outages.CHANNELS:
        watch.note_channel(channel, is_well=channel != "mail")
    outages.record("mail", moment - timedelta(minutes=30), None, reason="", by="system", source="check")
    outages.record(
        "portal", moment - timedelta(days=2), moment - timedelta(days=1), reason="Stroom weg.", by="staff:bob"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts) VALUES "
            "('default', 'forms.make_summary', '{\"_trace\": \"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"}', 'failed', 12)"
        )
    abonnement = Abonnement.objects.create(callback_url="https://a.example/", auth=b"x")
    message = Notificatie.objects.create(kanaal="zaken", actie="create", aanmaakdatum=moment)
    Delivery.objects.create(
        notificatie=message, abonnement=abonnement, stream="s", state="dead", next_at=moment, finished_at=moment,
        attempts=31, last_error="status 503",
    )  # fmt: skip


@WIDTHS
def test_an_administrator_sees_to_what_is_wrong(browser: Browser, address: str, width: int, tmp_path: Path) -> None:
    given_trouble()
    ada = opened(browser, given_staff(access.GrantData("beheer.draaien"), username="ada"), address, width)
    page = ada.page
    page.goto(f"{address}/werkplek/beheer/")
    ada.look("administration")
    page.goto(f"{address}/werkplek/beheer/draaien/")
    ada.look("alarms")
    page.screenshot(path=tmp_path / "alarms.png", full_page=True)
    page.get_by_role("button", name="Ik ben ermee bezig").first.click()
    page.get_by_role("button", name="Toch niet").wait_for()
    ada.look("alarms: mine")
    page.goto(f"{address}/werkplek/beheer/draaien/storingen/")
    ada.look("outages")
    page.get_by_role("button", name="Vastleggen").click()
    page.locator("[data-error-summary]").wait_for()
    ada.look("outages: errors")
    page.screenshot(path=tmp_path / "outages.png", full_page=True)
    page.get_by_label("Inloggen met DigiD").check()
    page.get_by_label("Op welke dag begon het?").fill("02-03-2026")
    page.get_by_label("Hoe laat begon het?").fill("09:00")
    page.get_by_label("Op welke dag was het voorbij?").fill("02-03-2026")
    page.get_by_label("Hoe laat was het voorbij?").fill("10:00")
    page.get_by_label("Wat was er aan de hand?").fill("Storing bij de leverancier.")
    page.get_by_role("button", name="Vastleggen").click()
    page.get_by_text("De storing is vastgelegd.").first.wait_for()
    page.get_by_text("Dit was geen storing").first.click()
    page.get_by_role("button", name="Intrekken").first.click()
    page.locator("[data-error-summary]").wait_for()
    ada.look("outages: no reason")
    page.goto(f"{address}/werkplek/beheer/draaien/mislukt/")
    ada.look("failed")
    page.screenshot(path=tmp_path / "failed.png", full_page=True)
    page.get_by_role("button", name="Opnieuw starten").click()
    page.get_by_text("De taak start opnieuw.").first.wait_for()
    page.get_by_role("button", name="Alles opnieuw sturen").click()
    page.get_by_text("1 bericht gaat opnieuw weg.").first.wait_for()
    ada.look("failed: nothing")
    assert ada.faults == []


@WIDTHS
def test_a_resident_sees_the_outage_and_the_state_of_each_address(
    browser: Browser, address: str, width: int, tmp_path: Path
) -> None:
    given_trouble()
    noor = given_resident()
    for name in ("nieuw", "goed", "terug"):
        messages.add_address(f"{name}.adres.van.een.inwoner@voorbeeld.example", by=noor, language="nl")
    rows = MailAddress.objects.order_by("pk")
    MailAddress.objects.filter(pk__in=[row.pk for row in rows[1:]]).update(verified_at=now(), code_sent_at=None)
    MailAddress.objects.filter(pk=rows[2].pk).update(bounced_at=now(), bounce_status="5.1.1")
    visitor = opened(browser, noor, address, width)
    page = visitor.page
    page.goto(f"{address}/mijn/mail/")
    visitor.look("addresses")
    page.screenshot(path=tmp_path / "addresses.png", full_page=True)
    page.get_by_role("button", name="Code sturen").click()
    page.locator("[data-error-summary]").wait_for()
    visitor.look("addresses: none given")
    page.get_by_label("Code uit de mail").fill("000000")
    page.get_by_role("button", name="Bevestigen").click()
    page.locator("[data-error-summary]").wait_for()
    visitor.look("addresses: wrong code")
    page.goto(f"{address}/mijn/")
    page.get_by_role("heading", name="Er is een storing").wait_for()
    visitor.look("my cases: outage")
    page.screenshot(path=tmp_path / "mine.png", full_page=True)
    assert visitor.faults == []
