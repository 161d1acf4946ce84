"""The pages of the area people: what they do, what they refuse, and what the trail keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import today
from stadhuis.messages.models import OutboundMail
from stadhuis.people import public as people
from stadhuis.people.models import Medewerker, StaffMeans
from stadhuis.people.tests.given import given_session, post
from stadhuis.personen import memory
from stadhuis.zaken.tests.givens import given_rol, given_staff, given_zaak

pytestmark = pytest.mark.django_db
BASE = "/werkplek/beheer/mensen/"


@pytest.fixture
def ada() -> Client:
    """An administrator of people, in a browser that checks CSRF."""
    browser = Client(enforce_csrf_checks=True)
    given_session(browser, given_staff(access.GrantData("beheer.mensen"), username="ada"))
    return browser


def team() -> int:
    return people.create_unit("team", "Team")


def uuid_of(username: str) -> str:
    found = people.medewerker_by_username(username)
    assert found
    return str(found.uuid)


def in_a_month() -> str:
    return f"{today() + timedelta(days=30):%d-%m-%Y}"


@pytest.fixture
def brp(tmp_path: Path, settings: Settings) -> Iterator[None]:
    with SimulatorProcess(tmp_path / "brp") as process:
        settings.BRP_URL, settings.BRP_API_KEY = f"{process.url}/brp", "practice-brp-key"
        memory.end()
        yield
        memory.end()
        process.all_ok()


def test_who_was_just_linked_to_a_person_opens_no_case_of_their_own_or_of_a_relative(ada: Client, brp: None) -> None:
    # given: somebody who reads every case, also those of his wife, himself and a stranger
    bea = given_staff(username="bea")
    partner, own, other = (given_zaak(rollen=(given_rol(bsn),)).uuid for bsn in ("999990391", "999990184", "999990019"))
    browser = Client()
    given_session(browser, bea)
    assert [browser.get(f"/werkplek/zaken/{uuid}/").status_code for uuid in (partner, own, other)] == [200, 200, 200]
    # when
    answer = post(ada, f"{BASE}{uuid_of('bea')}/inwoner/", {"bsn": "9999 90 184"})
    # then
    assert answer.status_code == 302
    assert [browser.get(f"/werkplek/zaken/{uuid}/").status_code for uuid in (partner, own, other)] == [404, 404, 200]
    lines = audit.trail_of(people.account(medewerker_id=bea.pk).uuid)[-2:]
    assert [(line.actie, line.actor_key) for line in lines] == [
        ("gekoppeld aan persoon", "staff:ada"),
        ("familie opgehaald", "staff:ada"),
    ]
    assert "999990" not in str(lines)
    # and taken back, they open again
    page = f"{BASE}{uuid_of('bea')}/inwoner/"
    post(ada, page, {"deed": "loskoppelen"})
    assert [browser.get(f"/werkplek/zaken/{uuid}/").status_code for uuid in (partner, own)] == [200, 200]


def test_a_wrong_number_links_nobody_nobody_links_themselves_and_a_silent_brp_shuts_at_least_what_is_known(
    ada: Client, settings: Settings
) -> None:
    settings.BRP_URL = "http://127.0.0.1:9"
    bea = given_staff(username="bea")
    own = given_zaak(rollen=(given_rol("999990184"),)).uuid
    page = f"{BASE}{uuid_of('bea')}/inwoner/"
    for wrong in ({}, {"bsn": "123456789"}, {"bsn": "\x00"}, {"bsn": "9" * 400}):
        refused = post(ada, page, wrong)
        assert refused.status_code == 422
        assert "123456789" not in refused.content.decode()
    assert post(ada, f"{BASE}{uuid_of('ada')}/inwoner/", {"bsn": "999990184"}).status_code == 422
    assert people.medewerker_by_username("ada").person_id is None  # type: ignore[union-attr]
    assert post(ada, page, {"bsn": "999990184"}).status_code == 302
    browser = Client()
    given_session(browser, bea)
    assert browser.get(f"/werkplek/zaken/{own}/").status_code == 404


def test_when_somebody_is_added_then_a_mail_is_queued_and_the_trail_says_by_whom(ada: Client) -> None:
    answer = post(
        ada, f"{BASE}nieuw/",
        {"username": "Nel.Boer", "naam": "Nel de Boer", "email": "nel@town.example", "unit": str(team())},
    )  # fmt: skip
    assert answer.headers["Location"] == f"{BASE}{uuid_of('nel.boer')}/"
    assert OutboundMail.objects.get().kind == "staff_invite"
    page = ada.get(answer.headers["Location"]).content.decode()
    assert "uitnodiging verstuurd" in page
    [line] = audit.trail_of(people.account(uuid=people.medewerker_by_username("nel.boer").uuid).uuid)  # type: ignore[union-attr]
    assert (line.actie, line.actor_key) == ("medewerker toegevoegd", "staff:ada")


def test_every_fault_is_said_at_once_and_what_was_typed_stays(ada: Client) -> None:
    answer = post(
        ada, f"{BASE}gasten/nieuw/", {"username": "Ä", "naam": "<b>Gijs</b>", "email": "x", "end": in_a_month()}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("kleine letters", "mailadres in, bijvoorbeeld", "organisatieonderdeel dat er nu is", "begeleider die hier werkt",
                  "waarvoor deze gast"):  # fmt: skip
        assert words in page
    assert "&lt;b&gt;Gijs&lt;/b&gt;" in page
    assert not Medewerker.objects.filter(is_guest=True).exists()


def test_a_guest_needs_a_sponsor_a_purpose_and_an_end_within_a_year(ada: Client) -> None:
    sponsor = given_staff(username="sponsor")
    fields = {
        "username": "gijs", "naam": "Gijs", "email": "gijs@partner.example", "unit": str(team()),
        "sponsor": str(sponsor.pk), "purpose": "Wijkteam", "end": in_a_month(),
    }  # fmt: skip
    for name, value in (("sponsor", ""), ("purpose", " "), ("end", "01-01-2020"), ("end", "01-01-2099"), ("end", "")):
        assert post(ada, f"{BASE}gasten/nieuw/", {**fields, name: value}).status_code == 422
    assert post(ada, f"{BASE}gasten/nieuw/", fields).status_code == 302
    gijs = people.account(uuid=people.medewerker_by_username("gijs").uuid)  # type: ignore[union-attr]
    assert (gijs.is_guest, gijs.sponsor_id, gijs.leaving_date) == (True, sponsor.pk, today() + timedelta(days=30))


def test_a_guest_is_never_an_administrator_whatever_roles_say() -> None:
    sponsor = given_staff(username="sponsor")
    gast = given_staff(access.GrantData("beheer.mensen"), username="gast")
    Medewerker.objects.filter(username="gast").update(
        is_guest=True, sponsor_id=sponsor.pk, purpose="Project", leaving_date=today() + timedelta(days=9)
    )
    browser = Client()
    given_session(browser, gast)
    assert browser.get(BASE).status_code == 404


def test_search_finds_by_parts_of_names_and_takes_wildcards_as_they_are(ada: Client) -> None:
    for username in ("bea", "bert", "carla"):
        given_staff(username=username)
    found = post(ada, BASE, {"q": "BE town"}).content.decode()
    assert "bea" in found
    assert "bert" in found
    assert "carla" not in found
    for odd in ("%", "_", "' OR 1=1 --", "\\", "bea\x00zz"):
        assert "carla" not in post(ada, BASE, {"q": odd}).content.decode()
    assert ada.get(f"{BASE}?wie=alles&blad=-3").status_code == ada.get(f"{BASE}?blad=999999999999").status_code == 200


def test_the_list_costs_the_same_statements_for_few_and_for_many(ada: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert ada.get(BASE).status_code == 200
        return len(statements)

    few = cost()
    for number in range(40):
        people.create_medewerker(f"n{number}", "Naam", f"n{number}@town.example", team(), "", "een-lang-wachtwoord-1")
    assert cost() == few


def test_a_factor_is_wiped_with_a_reason_that_stands_on_the_page(ada: Client) -> None:
    given_staff(username="bea")
    page = f"{BASE}{uuid_of('bea')}/"
    assert post(ada, f"{page}tweede-factor/", {"reden": " "}).status_code == 422
    assert post(ada, f"{page}tweede-factor/", {"reden": "Telefoon <i>kwijt</i>"}).headers["Location"] == page
    shown = ada.get(page).content.decode()
    assert "Tweede factor gewist" in shown
    assert "Telefoon &lt;i&gt;kwijt&lt;/i&gt;" in shown
    own = post(ada, f"{BASE}{uuid_of('ada')}/tweede-factor/", {"reden": "Zelf"})
    assert own.status_code == 422


def test_a_leaving_date_is_set_and_taken_back_and_one_s_own_is_refused(ada: Client) -> None:
    given_staff(username="bea")
    page = f"{BASE}{uuid_of('bea')}/vertrek/"
    assert post(ada, page, {"dag": "morgen"}).status_code == 422
    assert post(ada, page, {"dag": in_a_month()}).status_code == 302
    assert people.account(uuid=people.medewerker_by_username("bea").uuid).leaving_date  # type: ignore[union-attr]
    assert post(ada, page, {"deed": "intrekken"}).status_code == 302
    assert not people.account(uuid=people.medewerker_by_username("bea").uuid).leaving_date  # type: ignore[union-attr]
    assert post(ada, f"{BASE}{uuid_of('ada')}/vertrek/", {"dag": in_a_month()}).status_code == 422


def test_what_a_person_may_not_change_about_themselves_cannot_be_posted_along(ada: Client) -> None:
    """Mass assignment: fields that the form does not have change nothing."""
    bea = given_staff(username="bea")
    before = Medewerker.objects.get(username="bea")
    fields = {"naam": "Bea", "email": "bea@town.example", "unit": str(team()), "username": "root", "is_guest": "on",
              "sponsor": str(bea.pk), "purpose": "x", "end": in_a_month(), "password": "x", "person": "1"}  # fmt: skip
    assert post(ada, f"{BASE}{uuid_of('bea')}/wijzigen/", fields).status_code == 302
    after = Medewerker.objects.get(username="bea")
    assert after.naam == "Bea"
    for name in ("username", "is_guest", "sponsor_id", "purpose", "leaving_date", "password", "person_id"):
        assert getattr(after, name) == getattr(before, name)


def test_a_person_s_page_shows_roles_and_that_a_privileged_one_of_a_group_waits(ada: Client) -> None:
    given_staff(username="bea")
    access.create_role("bijzonder", "Bijzondere rol", [access.GrantData("beheer.toegang")], is_privileged=True)
    post(ada, f"{BASE}groepen/", {"groep": "sg-b", "rol": "bijzonder", "unit": str(team())})
    moment = Medewerker.objects.get(username="bea").created_at
    StaffMeans.objects.create(
        medewerker_id=Medewerker.objects.get(username="bea").pk,
        issuer="x",
        lookup=b"1",
        groups=["sg-b"],
        created_at=moment,
        last_used_at=moment,
    )
    page = ada.get(f"{BASE}{uuid_of('bea')}/").content.decode()
    assert "rol-bea" in page
    assert "Een groep geeft een bijzondere rol" in page
    assert "Bijzondere rol" in page


def test_groups_are_added_once_with_a_role_that_exists_and_removed(ada: Client) -> None:
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen")])
    good = {"groep": "sg-lezers", "rol": "lezer", "unit": str(team())}
    for name, value in (("groep", ""), ("rol", "bestaat-niet"), ("unit", "999999")):
        assert post(ada, f"{BASE}groepen/", {**good, name: value}).status_code == 422
    assert post(ada, f"{BASE}groepen/", good).status_code == 302
    assert post(ada, f"{BASE}groepen/", good).status_code == 422
    [line] = people.group_roles()
    post(ada, f"{BASE}groepen/", {}, to=f"{BASE}groepen/{line.id}/verwijderen/")
    assert people.group_roles() == []


def test_the_tree_is_shown_on_a_day_and_units_are_added_renamed_and_merged(ada: Client) -> None:
    units = f"{BASE}organisatie/"
    day = f"{today() + timedelta(days=10):%d-%m-%Y}"
    before = f"{today() + timedelta(days=9):%d-%m-%Y}"
    top = str(team())
    assert post(ada, f"{units}nieuw/", {"code": "", "naam": "", "dag": "x"}).status_code == 422
    assert (
        post(ada, f"{units}nieuw/", {"code": "jeugd", "naam": "Jeugd", "onder": top, "dag": "01-01-2020"}).status_code
        == 302
    )
    assert post(ada, f"{units}jeugd/wijzigen/", {"naam": "Jeugd en gezin", "onder": top, "dag": day}).status_code == 302
    assert "Jeugd en gezin" not in ada.get(f"{units}?dag={before}").content.decode()
    assert "Jeugd en gezin" in ada.get(f"{units}?dag={day}").content.decode()
    assert post(ada, f"{units}team/samenvoegen/", {"in": top, "dag": day}).status_code == 422
    later = f"{today() + timedelta(days=20):%d-%m-%Y}"
    assert post(ada, f"{units}jeugd/samenvoegen/", {"in": top, "dag": later}).status_code == 302
    assert "Jeugd" not in ada.get(f"{units}?dag={later}").content.decode()
    shown = ada.get(f"{units}jeugd/").content.decode()
    assert "Opgegaan in" in shown
    assert ada.get(f"{units}?dag=vandaag").status_code == 200
    assert ada.get(f"{units}bestaat-niet/").status_code == 404
