"""The forms about the term: what is typed wrongly is said at its field and nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.casework import public as casework
from stadhuis.casework.models import ClockEvent, DeadlineVersion
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town, given_zaaktype_of_law
from stadhuis.kit import outages
from stadhuis.kit.templatetags.kit import day
from stadhuis.kit.time import clock_set_to, today
from stadhuis.law import public as law
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.people.tests.given import given_session
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import OTHER_BSN, given_resident

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def town(settings: Any) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"
    with clock_set_to(datetime(2021, 1, 4, 10, tzinfo=UTC)):
        return given_town()


@pytest.fixture
def late(town: Town) -> zaken.ZaakRecord:
    with clock_set_to(LONG_AGO):
        return given_application(town)


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def address(name: str, zaak: zaken.ZaakRecord, **more: Any) -> str:
    return reverse(f"workplace:{name}", kwargs={"uuid": zaak.uuid, **more})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"op": ""}, "Vul de dag in als dd-mm-jjjj"),
        ({"op": "gisteren"}, "Vul de dag in als dd-mm-jjjj"),
        ({"op": "31-02-2026"}, "Vul de dag in als dd-mm-jjjj"),
        ({"op": "01-01-2026"}, "Deze dag ligt voor de dag waarop wij de aanvraag kregen."),
        ({"op": "01-01-2999"}, "Deze dag ligt in de toekomst."),
        ({"op": "04-05-2026", "uitzondering": "<script>"}, "Kies of er een reden is waarom er geen dwangsom is."),
    ],
)
def test_a_default_notice_that_cannot_be_is_said_at_its_field(
    town: Town, late: zaken.ZaakRecord, typed: dict[str, str], said: str
) -> None:
    answer = browser_of(town.handler).post(address("default_notice", late), typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ClockEvent.objects.exists()


def test_a_notice_is_entered_corrected_and_taken_back(town: Town, late: zaken.ZaakRecord) -> None:
    browser = browser_of(town.handler)
    # when
    answer = browser.post(address("default_notice", late), {"op": "04-05-2026", "reden": "Per post"}, follow=True)
    # then
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == address("term", late)
    assert "De dwangsom is" in page
    assert "Awb 4:17 lid 3" in page
    [event] = casework.clock_events_of(late.id)
    correct = address("correct_event", late, event=event.id)
    assert "04-05-2026" in browser.get(correct).content.decode()
    assert browser.post(correct, {"op": "05-05-2026", "reden": " "}).status_code == 422
    assert browser.post(correct, {"op": "5 mei", "reden": "Fout"}).status_code == 422
    assert browser.post(correct, {"op": "05-05-2026", "reden": "Fout"}).status_code == 302
    # a second window still shows the old entry
    again = browser.post(correct, {"op": "06-05-2026", "reden": "Fout"}, follow=True)
    assert "Bekijk de termijn opnieuw" in again.content.decode()
    [event] = casework.clock_events_of(late.id)
    withdraw = address("withdraw_event", late, event=event.id)
    assert browser.post(withdraw, {"reden": ""}).status_code == 422
    assert browser.post(withdraw, {"reden": "Verkeerde zaak"}).status_code == 302
    assert casework.clock_events_of(late.id) == []
    page = browser.get(address("term", late)).content.decode()
    assert "Ingetrokken: Verkeerde zaak" in page


@pytest.mark.parametrize("event", [1, 0, 2**63, 10**30])
def test_an_event_that_is_not_of_this_zaak_is_not_there(town: Town, late: zaken.ZaakRecord, event: int) -> None:
    assert browser_of(town.handler).get(address("correct_event", late, event=event)).status_code == 404
    assert browser_of(town.handler).post(address("withdraw_event", late, event=event)).status_code == 404


def test_who_only_reads_sees_the_steps_and_no_way_to_change_them(town: Town, late: zaken.ZaakRecord) -> None:
    casework.record_default_notice(late.uuid, received=today(), by=town.handler)
    page = browser_of(town.reader).get(address("term", late)).content.decode()
    assert "Waarom deze datum?" in page
    assert "Verbeteren" not in page
    answer = browser_of(town.reader).post(address("default_notice", late), {"op": f"{today():%d-%m-%Y}"})
    assert answer.status_code == 422
    assert "U mag dit niet doen" in answer.content.decode()
    assert ClockEvent.objects.count() == 1


def test_only_the_grounds_of_its_own_law_are_offered_and_wrong_days_are_said_at_their_field(
    town: Town, late: zaken.ZaakRecord
) -> None:
    with clock_set_to(LONG_AGO + timedelta(days=20)):
        fresh = given_application(town)
    browser = browser_of(town.handler)
    page = browser.get(address("suspend", fresh)).content.decode()
    assert "Overmacht" in page
    assert "zienswijze" not in page
    answer = browser.post(
        address("suspend", fresh),
        {"grond": "force_majeure", "vanaf": "01-01-2020", "tot": "soon", "reden": "Storing"},
    )
    assert answer.status_code == 422
    assert not ClockEvent.objects.exists()


@pytest.mark.parametrize(
    ("announced", "said"), [("02-02-2026", "kwam op tijd"), ("02-01-2026", "kwam na de laatste dag")]
)
def test_a_bezwaar_asks_for_its_decision_and_then_says_whether_it_came_in_time(
    town: Town, announced: str, said: str
) -> None:
    bezwaar = given_zaaktype_of_law("BEZWAAR", "P42D", "termijn:awb-7-10")
    with clock_set_to(LONG_AGO):
        zaak = zaken.create_zaak(zaken.NewZaak(zaaktype_id=bezwaar.id), by=SYSTEM)
    browser = browser_of(town.handler)
    assert "Wanneer is het bestreden besluit bekendgemaakt?" in browser.get(address("term", zaak)).content.decode()
    # when
    page = browser.post(address("objected_decision", zaak), {"op": announced}, follow=True).content.decode()
    # then
    assert said in page
    assert "Wanneer is het bestreden besluit bekendgemaakt?" not in page
    assert browser.post(address("objected_decision", zaak), {"op": announced}).status_code == 422


def test_a_bezwaar_after_an_outage_on_the_last_day_is_in_time_and_the_page_says_why(town: Town) -> None:
    # given
    bezwaar = given_zaaktype_of_law("BEZWAAR", "P42D", "termijn:awb-7-10")
    with clock_set_to(LONG_AGO):
        zaak = zaken.create_zaak(zaken.NewZaak(zaaktype_id=bezwaar.id), by=SYSTEM)
    received = zaak.startdatum
    announced = received - timedelta(days=45)
    last = law.last_day_for_bezwaar(announced)
    moment = datetime(last.year, last.month, last.day, 20, tzinfo=UTC)
    outages.record("portal", moment, moment + timedelta(days=(received - last).days), reason="x", by="system")
    # when
    page = browser_of(town.handler).post(
        address("objected_decision", zaak), {"op": f"{announced:%d-%m-%Y}"}, follow=True
    ).content.decode()  # fmt: skip
    # then
    assert last < received
    assert "kwam op tijd" in page
    assert "Op de laatste dag was er een storing bij ons" in page


def test_resuming_takes_the_day_on_which_the_supplement_came(town: Town) -> None:
    with clock_set_to(datetime.now(UTC) - timedelta(days=20)):
        zaak = given_application(town)
    first, came = today() - timedelta(days=10), today() - timedelta(days=4)
    casework.suspend_term(
        zaak.uuid, law.EventKind.INVITED, since=first, until=today() + timedelta(days=9), reason="Stuk", by=town.handler
    )
    browser = browser_of(town.handler)
    browser.post(address("resume", zaak), {"op": "vorige week"})
    assert len(casework.clock_events_of(zaak.id)) == 1
    browser.post(address("resume", zaak), {"op": f"{came:%d-%m-%Y}"})
    assert [row.on for row in casework.clock_events_of(zaak.id)] == [first, came]


def test_portal_and_workplace_show_the_same_legal_day_and_the_resident_reads_why(
    town: Town, late: zaken.ZaakRecord
) -> None:
    # given: by the register Monday 27 April 2026, King's Day; by law the 28th
    clock = casework.clock_of(late.id)
    assert clock is not None
    assert clock.deadline != late.uiterlijke_einddatum_afdoening
    owner = browser_of(given_resident())
    # when
    pages = [
        browser_of(town.handler).get(address("zaak", late)).content.decode(),
        owner.get(reverse("portal:mine")).content.decode(),
        owner.get(reverse("portal:case", kwargs={"uuid": late.uuid})).content.decode(),
    ]
    # then
    for page in pages:
        assert day(clock.deadline) in page
    assert "27 april 2026" not in pages[1]
    assert "De laatste dag was een zaterdag, zondag of feestdag." in pages[2]
    assert "Awb" not in pages[2]
    assert DeadlineVersion.objects.get(zaak_id=late.id).first_shown_at is not None


def test_when_we_are_late_then_the_resident_reads_what_he_can_do(town: Town, late: zaken.ZaakRecord) -> None:
    owner = browser_of(given_resident())
    address_of_case = reverse("portal:case", kwargs={"uuid": late.uuid})
    page = owner.get(address_of_case).content.decode()
    assert "U hoort uiterlijk" not in page
    assert "Wij hadden uiterlijk 28 april 2026 moeten beslissen." in page
    assert reverse("portal:default_notice", kwargs={"uuid": late.uuid}) in page
    casework.record_default_notice(late.uuid, received=today(), by=town.handler)
    page = owner.get(address_of_case).content.decode()
    assert "Wij kregen uw ingebrekestelling." in page
    assert reverse("portal:default_notice", kwargs={"uuid": late.uuid}) not in page


def test_a_resident_puts_the_town_in_default_and_gets_a_receipt(town: Town, late: zaken.ZaakRecord) -> None:
    owner = browser_of(given_resident())
    sends = reverse("portal:default_notice", kwargs={"uuid": late.uuid})
    assert "Ja, ik stel de gemeente in gebreke" in owner.get(sends).content.decode()
    # when
    answer = owner.post(sends, follow=True)
    # then
    page = answer.content.decode()
    assert "Ontvangstbewijs" in page
    assert "Wij hebben uw ingebrekestelling." in page
    [event] = casework.clock_events_of(late.id)
    assert (event.kind, event.on) == (law.EventKind.DEFAULT_NOTICE, today())
    assert casework.worklist("all", seen_by=town.handler).lines[0].notice_on == today()
    # and a second press changes nothing
    assert "Wij hebben uw ingebrekestelling al." in owner.post(sends, follow=True).content.decode()
    assert owner.get(sends).status_code == 302
    assert ClockEvent.objects.count() == 1


def test_nobody_puts_the_town_in_default_too_early_for_a_closed_zaak_or_for_someone_else(
    town: Town, late: zaken.ZaakRecord
) -> None:
    fresh = given_application(town)
    owner = given_resident()
    sends = reverse("portal:default_notice", kwargs={"uuid": fresh.uuid})
    assert "nog niet te laat" in browser_of(owner).post(sends, follow=True).content.decode()
    assert browser_of(given_resident(OTHER_BSN)).post(sends).status_code == 404
    with pytest.raises(casework.NotAllowed):
        casework.give_default_notice(late.uuid, by=town.handler)
    with pytest.raises(zaken.ZaakNotFound):
        casework.give_default_notice(late.uuid, by=given_resident(OTHER_BSN))
    casework.withdraw_event(late.uuid, _noticed(late, town), reason="Fout", by=town.handler)
    proposal = given_proposal(town, late)
    casework.approve(proposal.uuid, by=town.decider)
    casework.send(proposal.uuid, by=town.handler)
    with pytest.raises(casework.ZaakIsClosed):
        casework.give_default_notice(late.uuid, by=owner)


def _noticed(zaak: zaken.ZaakRecord, town: Town) -> int:
    casework.record_default_notice(zaak.uuid, received=today(), by=town.handler)
    return casework.clock_events_of(zaak.id)[0].id


def test_when_the_date_moved_then_the_resident_reads_which_date_stood_there(town: Town) -> None:
    with clock_set_to(datetime.now(UTC) - timedelta(days=7)):
        zaak = given_application(town)
    owner = browser_of(given_resident())
    address_of_case = reverse("portal:case", kwargs={"uuid": zaak.uuid})
    owner.get(address_of_case)
    before = casework.clock_of(zaak.id)
    casework.suspend_term(zaak.uuid, law.EventKind.FORCE_MAJEURE, until=None, reason="Geheim", by=town.handler)
    casework.extend_term(zaak.uuid, weeks=4, reason="Ook geheim", by=town.handler)
    page = owner.get(address_of_case).content.decode()
    assert before is not None
    assert f"Eerder stond hier {day(before.deadline)}." in page
    assert "Deze datum schuift op" in page
    assert "Er was overmacht." in page
    assert "eheim" not in page
