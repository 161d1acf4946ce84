"""'Wie gebruikte mijn gegevens?' as the resident sees it."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from django.test import Client

from stadhuis.audit import public as audit
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_resident, given_zaak

pytestmark = pytest.mark.django_db
ADDRESS = "/mijn/gegevens/gebruik/"
ANNA = Actor("staff", 7, "staff:anna", "Anna de Vries")


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def test_when_staff_looked_often_then_the_resident_sees_one_line_with_a_count_and_no_name() -> None:
    # given
    owner, zaak = given_resident(BSN), given_zaak()
    assert owner.pk is not None
    for _ in range(200):
        audit.record_processing("zaak.behandelen", [owner.pk], by=ANNA, about=zaak.uuid)
    # when
    page = browser_of(owner).get(ADDRESS).content.decode()
    # then
    assert page.count("Een medewerker van de gemeente") == 1
    assert ">200<" in page
    assert zaak.identificatie in page
    assert "Anna" not in page
    assert "anna" not in page


def test_when_the_zaak_is_not_one_s_own_then_it_is_not_said_which_it_was() -> None:
    owner, other = given_resident(BSN), given_resident(OTHER_BSN)
    zaak = given_zaak()  # of the owner
    assert other.pk is not None
    audit.record_processing("zaak.behandelen", [other.pk], by=ANNA, about=zaak.uuid)
    page = browser_of(other).get(ADDRESS).content.decode()
    assert "Een medewerker van de gemeente" in page
    assert zaak.identificatie not in page
    assert str(zaak.uuid) not in page
    # and the owner sees nothing of the other one's line
    assert "Een medewerker van de gemeente" not in browser_of(owner).get(ADDRESS).content.decode()


def test_when_nothing_was_used_then_the_page_says_so_and_the_look_itself_is_the_first_line() -> None:
    browser = browser_of(given_resident(BSN))
    assert "Wij hebben uw gegevens nog niet gebruikt" in browser.get(ADDRESS).content.decode()
    assert "Uw gegevens aan u laten zien" in browser.get(ADDRESS).content.decode()


def test_when_a_company_logged_in_then_the_page_says_that_it_is_about_people() -> None:
    company = people.company_for_kvk("90000013")
    actor = Actor(kind="company", pk=company, key=f"company:{people.company(company).uuid}", label="Krul")
    assert "alleen voor mensen" in browser_of(actor).get(ADDRESS).content.decode()
    assert browser_of(actor).get(f"{ADDRESS}bestand/").status_code == 200


def test_when_there_is_much_then_it_comes_in_pages_and_a_page_that_is_not_there_is_the_first() -> None:
    owner = given_resident(BSN)
    assert owner.pk is not None
    for _ in range(30):
        audit.record_processing("zaak.behandelen", [owner.pk], by=ANNA, about=uuid4())
    browser = browser_of(owner)
    first, second = browser.get(ADDRESS).content.decode(), browser.get(f"{ADDRESS}?blad=2").content.decode()
    assert first.count("Een medewerker") == 25
    assert second.count("Een medewerker") == 6  # the first look is itself a line, and the newest
    for wrong in ("0", "-1", "99", "x", "²", "9" * 30, "%00"):
        assert browser.get(f"{ADDRESS}?blad={wrong}").status_code == 200, wrong


def test_the_file_is_a_table_in_which_nothing_is_a_formula() -> None:
    # given: a zaak whose number, chosen by another program, begins like a formula
    owner = given_resident(BSN)
    zaak = given_zaak(identificatie="=1+1")
    assert owner.pk is not None
    audit.record_processing("zaak.behandelen", [owner.pk], by=ANNA, about=zaak.uuid)
    # when
    answer = browser_of(owner).get(f"{ADDRESS}bestand/")
    # then
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Dag"
    [line] = rows[1:]
    assert line[5] == "'=1+1"
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_everybody_can_read_what_data_may_be_used_for() -> None:
    page = Client().get("/verwerkingen/").content.decode()
    for one in audit.activities():
        assert f'id="{one.code}"' in page
        assert one.purpose.nl.split("'")[0] in page
