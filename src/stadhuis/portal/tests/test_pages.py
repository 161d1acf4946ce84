"""What a visitor sees over HTTP."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.forms.models import Submission
from stadhuis.forms.tests.given import given_draft, given_resident, given_submitted
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people.tests.given import NOOR
from stadhuis.zaken.tests.givens import given_rol, given_zaak, given_zaaktype

pytestmark = pytest.mark.django_db
BRAM = "999990202"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/producten/",
        "/producten/?q=corona",
        "/producten/?q=zeppelin",
        "/producten/tozo/",
        "/contact/",
        "/privacy/",
        "/toegankelijkheid/",
    ],
)
def test_what_is_open_to_everyone_answers_without_a_log_in(browser: Client, address: str) -> None:
    page = browser.get(address)
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


def test_an_unknown_product_is_not_there(browser: Client) -> None:
    assert browser.get("/producten/zeppelin/").status_code == 404


@pytest.mark.parametrize("address", ["/mijn/", "/mijn/gegevens/"])
def test_one_s_own_affairs_ask_for_a_log_in(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/inloggen/")


def test_when_there_is_nothing_yet_then_my_cases_says_where_to_begin(town: SimulatorProcess, browser: Client) -> None:
    given_resident(town, browser)
    assert "U hebt nog niets aangevraagd" in browser.get("/mijn/").content.decode()


def test_a_draft_can_be_continued_from_my_cases(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    assert f"{draft}stap/uw-gegevens/" in browser.get("/mijn/").content.decode()


def test_a_case_shows_where_it_stands_and_what_was_filled_in(town: SimulatorProcess, browser: Client) -> None:
    given_submitted(town, browser)
    submission = Submission.objects.get()
    assert submission.zaak_identificatie in browser.get("/mijn/").content.decode()
    page = browser.get(f"/mijn/zaken/{submission.zaak_uuid}/").content.decode()
    assert submission.zaak_identificatie in page
    assert "Kapsalon De Krul" in page
    assert "ONT-" in page
    receipt = browser.get(f"/mijn/zaken/{submission.zaak_uuid}/ontvangst/{submission.receipt_uuid}/")
    assert receipt.status_code == 200


def test_a_case_of_someone_else_is_not_there(town: SimulatorProcess, browser: Client) -> None:
    given_submitted(town, browser)
    submission = Submission.objects.get()
    other = Client()
    given_resident(town, other, BRAM)
    assert other.get(f"/mijn/zaken/{submission.zaak_uuid}/").status_code == 404
    receipt = f"/mijn/zaken/{submission.zaak_uuid}/ontvangst/{submission.receipt_uuid}/"
    assert other.get(receipt).status_code == 404
    assert other.get(f"/mijn/berichten/{submission.uuid}/").status_code == 404


def test_my_facts_are_those_of_the_brp(town: SimulatorProcess, browser: Client) -> None:
    given_resident(town, browser)
    assert "Verhagen" in browser.get("/mijn/gegevens/").content.decode()


def test_when_the_brp_is_down_then_my_facts_are_said_to_be_missing(town: SimulatorProcess, browser: Client) -> None:
    given_resident(town, browser)
    town.switch(brp="down")
    page = browser.get("/mijn/gegevens/").content.decode()
    assert "Nu niet te bereiken" in page
    assert "Verhagen" not in page


def test_my_cases_takes_the_same_statements_for_one_case_and_for_three(town: SimulatorProcess, browser: Client) -> None:
    given_submitted(town, browser)
    with CaptureQueriesContext(connection) as one:
        browser.get("/mijn/")
    for _ in range(2):
        given_submitted(town, browser)
    assert Submission.objects.count() == 3
    with CaptureQueriesContext(connection) as three:
        browser.get("/mijn/")
    assert len(three) == len(one)


def test_when_someone_has_many_cases_then_they_come_page_by_page(town: SimulatorProcess, browser: Client) -> None:
    # given
    given_resident(town, browser)
    zaaktype = given_zaaktype()
    for _ in range(23):
        given_zaak(zaaktype=zaaktype, rollen=(given_rol(NOOR),))
    # when
    first, second = (browser.get(f"/mijn/{query}").content.decode() for query in ("", "?blad=2"))
    # then
    assert first.count('class="card ') == 20
    assert "/mijn/?blad=2" in first
    assert second.count('class="card ') == 3
    assert "21–23" in second
    for wrong in ("0", "3", "999999"):
        assert browser.get(f"/mijn/?blad={wrong}").status_code == 404
    assert browser.get("/mijn/?blad=-1%27").status_code == 200
