"""The pages of access over HTTP: four eyes, family, view as, masks, and what an attacker adds to a form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.access.models import Membership, Request, Role
from stadhuis.audit.models import Payload
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.messages.models import OutboundMail
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import BSN, given_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings: Any, tmp_path: Path) -> Town:
    settings.PRACTICE_DATE, settings.DATA_DIR = "2021-05-17", tmp_path
    settings.BRP_URL = "http://127.0.0.1:9"
    return given_town()


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def administrator(name: str) -> Actor:
    return given_staff(access.GrantData("beheer.toegang"), username=name)


def test_two_administrators_give_a_privileged_role_and_added_fields_change_nothing(town: Town) -> None:
    # given
    ada, bo = administrator("ada"), administrator("bo")
    unit = people.unit_by_code("team")
    assert unit is not None
    first, second = browser_of(ada), browser_of(bo)
    sent: dict[str, Any] = {"medewerker": town.reader.pk, "eenheid": unit.id, "reden": "Vervangt Bo"}
    attack: dict[str, Any] = {"approved_by": "staff:bo", "given_by": "system", "is_privileged": "false", "state": "approved",
              "requested_by": bo.pk, "decided_by": bo.pk, "recorded_from": "2000-01-01", "role": "rol-roos", "id": "1"}  # fmt: skip
    # when
    first.post(reverse("administration:role_give", args=["rol-bo"]), sent | attack)
    # then
    [asked] = Request.objects.all()
    assert (asked.state, asked.requested_by_id, asked.decided_by_id) == ("awaiting", ada.pk, None)
    approve = reverse("administration:request_decide", args=[asked.uuid, "goedkeuren"])
    first.post(approve, attack)
    assert access.administration_of(town.reader) == frozenset()
    second.post(approve)
    assert access.administration_of(town.reader) == {"beheer.toegang"}
    row = Membership.objects.get(medewerker_id=town.reader.pk, role__code="rol-bo")  # type: ignore[misc]
    assert (row.given_by, row.approved_by) == ("staff:ada", "staff:bo")
    lines = Payload.objects.filter(resource="verzoek").order_by("line_id")
    assert [(line.actie, line.actor_key, line.resource_weergave, line.toelichting) for line in lines] == [
        ("rol gevraagd", "staff:ada", "roos", "Vervangt Bo"),
        ("verzoek goedgekeurd", "staff:bo", "roos", "Vervangt Bo"),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"medewerker": "x"}, "medewerker"),
        ({"medewerker": "9" * 30}, "medewerker"),
        ({"medewerker": ""}, "medewerker"),
        ({"eenheid": "0"}, ""),
        ({"van": "31-02-2026"}, "van"),
        ({"tot": "01-01-2001"}, "tot"),
        ({"reden": " "}, "reden-rol"),
    ],
)
def test_what_is_wrong_in_the_form_stands_at_its_field_and_gives_nothing(
    town: Town, wrong: dict[str, str], field: str
) -> None:
    browser = browser_of(administrator("ada"))
    access.create_role("lezer", "Lezer")
    unit = people.unit_by_code("team")
    assert unit is not None
    sent = {"medewerker": str(town.reader.pk), "eenheid": str(unit.id), "reden": "Nodig"}
    answer = browser.post(reverse("administration:role_give", args=["lezer"]), sent | wrong, follow=True)
    assert answer.status_code == (422 if field else 200)
    page = answer.content.decode()
    assert f'href="#{field}"' in page if field else "Dit bestaat niet" in page
    assert ('value="Nodig"' in page) is (bool(field) and field != "reden-rol")
    assert not Membership.objects.filter(role__code="lezer").exists()
    browser.post(reverse("administration:role_give", args=["lezer"]), sent)
    assert Membership.objects.filter(role__code="lezer").count() == 1


def test_a_right_without_a_reason_and_days_in_the_wrong_order_stand_at_their_fields(town: Town) -> None:
    browser = browser_of(administrator("ada"))
    access.create_role("lezer", "Lezer")
    right = {"handeling": "zaak.lezen", "type": "*", "niveau": "3"}
    answer = browser.post(reverse("administration:grant_add", args=["lezer"]), right)
    assert (answer.status_code, 'href="#reden-recht"' in answer.content.decode()) == (422, True)
    assert (
        browser.post(
            reverse("administration:grant_add", args=["lezer"]), right | {"type": "x", "reden": "Nodig"}
        ).status_code
        == 422
    )
    assert not access.rights_of(role="lezer")
    unit = people.unit_by_code("team")
    assert unit is not None
    assert town.reader.pk is not None
    access.give_role(town.reader.pk, "lezer", unit.id, date(2020, 1, 1), by=people.SYSTEM)
    (given,) = access.memberships(role="lezer")
    address = reverse("administration:membership", args=[given.id])
    for sent, field in (({"van": "01-01-2020", "tot": "01-01-2019"}, "tot"), ({"van": "32-01-2020"}, "van")):
        answer = browser.post(address, sent)
        assert (answer.status_code, f'href="#{field}"' in answer.content.decode()) == (422, True)
    assert access.memberships(role="lezer") == [given]


def test_a_right_of_one_team_is_chosen_shown_and_told_with_its_team(town: Town) -> None:
    # given
    ada, bo = browser_of(administrator("ada")), browser_of(administrator("bo"))
    access.create_role("lezer", "Lezer")
    unit = people.create_unit("ginds", "Ginds")
    assert town.reader.pk is not None
    access.give_role(town.reader.pk, "lezer", unit, by=people.SYSTEM)
    address, page = (reverse(f"administration:{name}", args=["lezer"]) for name in ("grant_add", "role"))
    right = {"handeling": "zaak.behandelen", "type": "*", "niveau": "5", "reden": "Nodig"}
    # when the team is none, or the right is one of the house
    for wrong in (
        {"onderdeel": "x"},
        {"onderdeel": "0"},
        {"onderdeel": "9" * 30},
        {"onderdeel": "\x00٣"},
        {"onderdeel": str(unit), "handeling": "beheer.toegang"},
    ):
        answer = ada.post(address, right | wrong)
        assert (answer.status_code, 'href="#onderdeel"' in answer.content.decode()) == (422, True), wrong
    assert not access.rights_of(role="lezer")
    # and when it is right
    ada.post(address, right | {"onderdeel": str(unit)})
    # then
    assert [(one.action, one.unit) for one in access.rights_of(role="lezer")] == [("zaak.behandelen", "Ginds")]
    assert "Alleen Ginds" in ada.get(page).content.decode()
    for query in ("", "?type=*&per=persoon"):
        matrix = ada.get(reverse("administration:matrix") + query).content.decode()
        assert "vertrouwelijk alleen bij Ginds" in matrix
    as_reader = ada.get(reverse("administration:view_as", args=[town.reader.pk])).content.decode()
    assert "tot en met vertrouwelijk, alleen bij Ginds" in as_reader
    # and what takes two says for which team it is asked
    ada.post(address, right | {"handeling": "persoon.afgeschermd", "onderdeel": str(unit)})
    waiting = bo.get(reverse("administration:requests")).content.decode()
    assert "alleen bij Ginds" in waiting
    [asked] = [one for one in access.requests() if one.state == "awaiting"]
    bo.post(reverse("administration:request_decide", args=[asked.uuid, "goedkeuren"]))
    assert {(one.action, one.unit_id) for one in access.rights_of(role="lezer")} == {
        ("zaak.behandelen", unit),
        ("persoon.afgeschermd", unit),
    }


def test_the_explanation_on_the_page_says_where_the_zaak_lies(town: Town) -> None:
    zaak = given_application(town)
    unit = people.create_unit("ginds", "Ginds")
    there = given_staff(access.GrantData("zaak.lezen", unit_id=unit), username="ginds")
    page = reverse("administration:explain", args=[zaak.uuid]) + f"?medewerker={there.pk}"
    shown = browser_of(administrator("ada")).get(page).content.decode()
    assert "Het ligt bij Team." in shown
    assert "geeft dit recht alleen bij Ginds." in shown


def test_a_role_is_made_and_a_wrong_one_is_refused_in_words(town: Town) -> None:
    browser = browser_of(administrator("ada"))
    address = reverse("administration:role_new")
    for sent in ({"code": "Ä b", "naam": "X"}, {"code": "ok", "naam": ""}, {"code": "rol-ada", "naam": "X"}):
        assert browser.post(address, sent).status_code == 422
    assert browser.post(address, {"code": "nieuw", "naam": "Nieuw", "bijzonder": "ja"}).status_code == 302
    assert Role.objects.get(code="nieuw").is_privileged


def test_the_explanation_is_reached_from_the_case_page_by_administrators_of_access_only(town: Town) -> None:
    zaak = given_application(town)
    ada = given_staff(access.GrantData("zaak.lezen"), access.GrantData("beheer.toegang"), username="ada")
    address = reverse("administration:explain", args=[zaak.uuid])
    browser = browser_of(ada)
    assert address in browser.get(reverse("workplace:zaak", args=[zaak.uuid])).content.decode()
    assert address not in browser_of(town.reader).get(reverse("workplace:zaak", args=[zaak.uuid])).content.decode()
    page = browser.get(address, {"medewerker": str(town.reader.pk), "handeling": "zaak.behandelen"}).content.decode()
    assert "Nee, dit mag niet" in page
    page = browser.get(address, {"medewerker": str(town.reader.pk), "handeling": "zaak.lezen"}).content.decode()
    assert "Ja, dit mag" in page
    page = browser.get(address, {"medewerker": str(town.reader.pk), "dag": "01-01-2019"}).content.decode()
    assert "Nee, dit mag niet" in page
    assert browser.get(address, {"medewerker": str(town.reader.pk), "dag": "99-99-2019"}).status_code == 422


def test_view_as_shows_what_somebody_sees_keeps_it_and_stays_oneself(town: Town) -> None:
    given_application(town)
    browser = browser_of(administrator("ada"))
    page = browser.get(reverse("administration:view_as", args=[town.reader.pk])).content.decode()
    assert "Zaken lezen" in page
    line = Payload.objects.get(actie="meegekeken als")
    assert (line.actor_key, line.nieuw) == ("staff:ada", {"medewerker": town.reader.pk})
    assert "open zaken te zien" in page
    assert casework.worklist("all", seen_by=town.reader).counts.all == 1


def test_a_secret_address_is_masked_for_staff_without_the_right_and_shown_with_it(town: Town) -> None:
    zaak = given_application(
        town, straat="Geheimelaan", huisnummer="77", postcode="9990 ZZ", woonplaats="Nergenshuizen"
    )
    proposal = given_proposal(town, zaak)
    access.keep_secrecy(people.person_for_bsn(BSN), is_secret=True)
    pages = (
        reverse("workplace:zaak", args=[zaak.uuid]),
        reverse("workplace:proposal", args=[zaak.uuid, proposal.uuid]),
    )
    without = browser_of(town.handler)
    for address in pages:
        text = without.get(address).content.decode()
        assert "Geheimelaan" not in text, address
        assert "Adres is geheim" in text, address
    assert without.get(reverse("workplace:fact", args=[zaak.uuid, "straat"])).status_code == 404
    knows = given_staff(access.GrantData("zaak.lezen"), access.GrantData("adres.geheim"), username="weet")
    for address in pages:
        assert "Geheimelaan" in browser_of(knows).get(address).content.decode()
    access.keep_secrecy(people.person_for_bsn(BSN), is_secret=False)
    assert "Geheimelaan" in without.get(pages[0]).content.decode()


def test_emergency_access_opens_tells_the_owner_without_content_and_is_looked_at(town: Town) -> None:
    zaak = given_application(town)
    vera = given_staff(access.GrantData("zaak.noodtoegang"), username="vera")
    browser, address = browser_of(vera), reverse("workplace:zaak", args=[zaak.uuid])
    assert browser.get(address).status_code == 404
    for sent in ({"nummer": "ZAAK-NIET", "reden": "Brand"}, {"nummer": zaak.identificatie, "reden": " "}, {}):
        assert browser.post(reverse("workplace:glass"), sent).status_code == 422
    browser.post(reverse("workplace:glass"), {"nummer": zaak.identificatie, "reden": "Brand"})
    assert browser.get(address).status_code == 200
    assert browser.post(reverse("workplace:take", args=[zaak.uuid])).status_code == 302
    work = casework.work_of(zaak.id)
    assert work is not None
    assert work.handler_id is None
    assert OutboundMail.objects.filter(kind="glass").count() == 1
    [glass] = access.glasses()
    seen = reverse("workplace:glass_deed", args=[glass.uuid, "gezien"])
    assert browser.post(seen).status_code == 404
    owner = browser_of(town.handler)
    assert "Brand" in owner.get(reverse("workplace:glass")).content.decode()
    owner.post(seen)
    assert access.glasses()[0].seen_at is not None
    assert "Brand" not in browser_of(town.reader).get(reverse("workplace:glass")).content.decode()


def test_a_reported_interest_shuts_the_case_and_hands_it_back(town: Town) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    browser = browser_of(town.handler)
    address = reverse("workplace:conflict", args=[zaak.uuid])
    assert browser.post(address, {"reden": ""}).status_code == 422
    assert browser.post(address, {"reden": "Mijn broer"}).status_code == 302
    assert browser.get(address).status_code == 404
    work = casework.work_of(zaak.id)
    assert work is not None
    assert work.handler_id is None


def test_a_colleague_does_not_withdraw_a_proposal(town: Town) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    with pytest.raises(casework.CaseworkError):
        casework.withdraw_proposal(proposal.uuid, by=town.decider)
    casework.withdraw_proposal(proposal.uuid, by=town.handler)
    assert casework.proposals_of(zaak.id)[0].state == "returned"


def test_ids_of_something_else_open_nothing(town: Town) -> None:
    browser = browser_of(administrator("ada"))
    access.declare_conflict(given_application(town).uuid, reason="x", by=town.reader)
    assert town.reader.pk is not None
    [kept] = access.conflicts_of(town.reader.pk)
    browser.post(reverse("administration:conflict_end", args=[town.handler.pk, kept.id]))
    assert len(access.conflicts_of(town.reader.pk)) == 1
    for name, arguments in (("membership", [0]), ("access_person", [0]), ("role", ["geen"]), ("view_as", [0])):
        assert browser.get(reverse(f"administration:{name}", args=arguments)).status_code == 404
    assert Membership.objects.filter(valid_from=date(2020, 1, 1), recorded_to__isnull=False).count() == 0
