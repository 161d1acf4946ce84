"""A resident makes a bezwaar with the form: linked to what it is against, its terms counted, a late one taken in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from stadhuis.audit import public as audit
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town, given_zaaktype_of_law
from stadhuis.forms import public as forms
from stadhuis.forms.actions import drafts
from stadhuis.forms.actions.submit import submit
from stadhuis.forms.errors import AnswersWrong
from stadhuis.forms.prefill import Gathered
from stadhuis.kit.time import clock_set_to
from stadhuis.law import public as law
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import RelevanteZaak
from stadhuis.zaken.tests.givens import OTHER_BSN, given_resident

pytestmark = pytest.mark.django_db
ANSWERS = {
    "naam": "Jan de Vries", "geboortedatum": "14-3-1985", "woonland": "Nederland", "straat": "Lindelaan", "huisnummer": "7",
    "postcode": "9991 AB", "woonplaats": "Oeverveen", "emailadres": "jan@example.org", "bestredenZaaknummer": "",
    "bestredenDatum": "2-3-2026", "bestredenBesluit": "De afwijzing", "gronden": "Mijn winst was lager.", "waaromLater": "",
}  # fmt: skip
SENT = date(2026, 3, 2)
KIND = law.EventKind


def on(day: date) -> Any:
    return clock_set_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


@pytest.fixture
def town() -> Town:
    with on(date(2021, 1, 4)):
        made = given_town()
        given_zaaktype_of_law("BEZWAAR", "P42D", "termijn:awb-7-10")
        return made


@pytest.fixture
def decided(town: Town) -> zaken.ZaakRecord:
    """A Tozo application on which was decided on 2 March 2026."""
    with on(SENT):
        zaak = given_application(town)
        proposal = given_proposal(town, zaak, outcome="afwijzen")
        casework.approve(proposal.uuid, by=town.decider)
        casework.send(proposal.uuid, by=town.handler)
    return zaak


def objects(by: Actor, **other: str) -> zaken.ZaakRecord:
    draft = drafts.start("bezwaar", by=by, gathered=Gathered())
    posted = {key: [value] for key, value in {**ANSWERS, **other}.items()}
    components = list(forms.definition("bezwaar").inputs())
    drafts.save_answers(draft, posted, by=by, components=components, revision=None, tab="test")
    made = submit(draft, by=by, declared={"ondertekend": ["ja"]})
    return zaken.zaak_by_uuid(made.zaak_uuid, seen_by=by)


def objected_days(zaak: zaken.ZaakRecord) -> list[date]:
    return [row.on for row in casework.clock_events_of(zaak.id) if row.kind is KIND.OBJECTED_TO]


def intake_of(zaak: zaken.ZaakRecord) -> dict[str, Any]:
    [line] = [one for one in audit.trail_of(zaak.uuid) if one.actie == "bezwaar ingekomen"]
    assert line.nieuw is not None
    return line.nieuw


def test_a_bezwaar_against_a_decision_of_ours_counts_from_the_day_we_sent_it(decided: zaken.ZaakRecord) -> None:
    # given a day on the form that is not that of the letter
    with on(date(2026, 3, 20)):
        zaak = objects(given_resident(), bestredenZaaknummer=decided.identificatie.lower(), bestredenDatum="10-3-2026")
    # then
    assert objected_days(zaak) == [SENT]
    [link] = RelevanteZaak.objects.filter(zaak_id=zaak.id)
    assert (link.andere_zaak_id, link.aard_relatie) == (decided.id, "onderwerp")
    clock = casework.clock_of(zaak.id)
    assert clock is not None
    # six weeks to object, and six to decide (7:10)
    assert clock.deadline == law.last_day_to_decide_on_bezwaar(SENT, committee=False).date == date(2026, 5, 26)
    said = intake_of(zaak)
    assert (said["bekendgemaakt"], said["laatsteDag"], said["opTijd"]) == ("2026-03-02", "2026-04-13", True)
    assert said["bestredenBesluit"] == "" or len(said["bestredenBesluit"]) == 36


@pytest.mark.parametrize(
    ("number", "day"), [("", "2-3-2026"), ("TOZO-1999-0000001", "2-3-2026"), ("x' OR 1=1", "2-3-2026")]
)
def test_without_a_known_number_the_day_on_the_form_counts(town: Town, number: str, day: str) -> None:
    with on(date(2026, 3, 20)):
        zaak = objects(given_resident(), bestredenZaaknummer=number, bestredenDatum=day)
    assert objected_days(zaak) == [SENT]
    assert not RelevanteZaak.objects.exists()


def test_the_zaak_of_somebody_else_is_not_linked_and_tells_nothing(decided: zaken.ZaakRecord) -> None:
    with on(date(2026, 3, 20)):
        zaak = objects(given_resident(OTHER_BSN), bestredenZaaknummer=decided.identificatie, bestredenDatum="16-3-2026")
    assert objected_days(zaak) == [date(2026, 3, 16)]
    assert not RelevanteZaak.objects.exists()


@pytest.mark.parametrize("why", ["", "Ik lag in het ziekenhuis."])
def test_a_late_bezwaar_is_taken_in_and_waits_for_a_person_to_judge(
    decided: zaken.ZaakRecord, town: Town, why: str
) -> None:
    with on(date(2026, 6, 1)):
        zaak = objects(given_resident(), bestredenZaaknummer=decided.identificatie, waaromLater=why)
        assert intake_of(zaak)["opTijd"] is False
        work = casework.work_of(zaak.id)
        assert work is not None
        assert work.is_open
        browser = Client()
        given_session(browser, town.handler)
        page = browser.get(f"/werkplek/zaken/{zaak.uuid}/termijn/").content.decode()
        assert "Het bezwaar kwam na de laatste dag" in page
        assert "6:11" in page
        if why:
            assert why in browser.get(f"/werkplek/zaken/{zaak.uuid}/").content.decode()


def test_what_must_be_there_must_be_there_and_the_pages_are_there(town: Town) -> None:
    by = given_resident()
    with on(date(2026, 3, 20)):
        for wrong in (
            {"gronden": ""},
            {"bestredenDatum": "31-2-2026"},
            {"bestredenDatum": "21-3-2026"},
            {"bestredenBesluit": "x" * 501},
        ):
            with pytest.raises(AnswersWrong):
                objects(by, **wrong)
    browser = Client()
    given_session(browser, by)
    start = browser.get("/aanvragen/bezwaar/").content.decode()
    assert "Stuur uw bezwaar dan toch" in start
    first = browser.post("/aanvragen/bezwaar/")["Location"]
    for step in ("uw-gegevens", "het-besluit", "uw-bezwaar"):
        assert browser.get(first.replace("uw-gegevens", step)).status_code == 200


def test_the_letter_of_a_first_decision_names_the_form(decided: zaken.ZaakRecord) -> None:
    [proposal] = casework.proposals_of(decided.id)
    assert "http://localhost:8000/aanvragen/bezwaar/. Of stuur een brief naar" in str(proposal.letter["sections"][-1])


def test_another_form_is_left_alone(decided: zaken.ZaakRecord) -> None:
    assert objected_days(decided) == []
    assert decided.startdatum + timedelta(days=56) == decided.uiterlijke_einddatum_afdoening
