"""Alarms, outages and failed work: what an administrator of the area running sees and does."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.audit.models import Payload
from stadhuis.kit import alarms, outages
from stadhuis.kit.models import Alarm, Outage
from stadhuis.kit.time import now
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
ROOT = "/werkplek/beheer/draaien/"
TYPED = {
    "kanaal": "portal", "begin_dag": "02-03-2026", "begin_tijd": "09:00", "einde_dag": "02-03-2026", "einde_tijd": "11:30", "reden": "Stroom weg.",
}  # fmt: skip


@pytest.fixture
def ada() -> Client:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.draaien"), username="ada"))
    return browser


def given_alarm(name: str = "failed_jobs", figure: int = 2) -> Alarm:
    return Alarm.objects.create(name=name, figure=figure, raised_at=now() - timedelta(hours=1), seen_at=now())


def test_an_alarm_says_what_since_when_what_to_do_and_who_is_on_it(ada: Client) -> None:
    alarm = given_alarm()
    page = ada.get(ROOT).content.decode()
    assert "2 taken zijn voorgoed mislukt" in page
    assert f"{ROOT}mislukt/" in page
    ada.post(f"{ROOT}alarmen/{alarm.uuid}/oppakken/")
    assert "is ermee bezig sinds" in ada.get(ROOT).content.decode()
    assert alarms.standing()[0].taken_by == "staff:ada"
    ada.post(f"{ROOT}alarmen/{alarm.uuid}/loslaten/")
    assert alarms.standing()[0].taken_by == ""
    assert list(Payload.objects.filter(kind="beheer").order_by("pk").values_list("actie", flat=True)) == [
        "alarm opgepakt", "alarm losgelaten",
    ]  # fmt: skip


def test_an_alarm_that_is_over_is_not_taken_and_leaves_no_trace(ada: Client) -> None:
    before = Payload.objects.count()
    answer = ada.post(f"{ROOT}alarmen/{uuid4()}/oppakken/", follow=True)
    assert "een collega was u voor" in answer.content.decode()
    assert Payload.objects.count() == before


def test_an_outage_is_recorded_ended_and_withdrawn_with_a_reason(ada: Client) -> None:
    assert ada.post(f"{ROOT}storingen/", TYPED).status_code == 302
    one = outages.latest()[0]
    assert (one.ended_at or one.started_at) - one.started_at == timedelta(hours=2, minutes=30)
    assert "Stroom weg." in ada.get(f"{ROOT}storingen/").content.decode()
    assert ada.post(f"{ROOT}storingen/{one.uuid}/intrekken/", {"reden": " "}).status_code == 422
    ada.post(f"{ROOT}storingen/{one.uuid}/intrekken/", {"reden": "Verkeerde dag."})
    assert outages.latest()[0].withdrawn_reason == "Verkeerde dag."
    ada.post(
        f"{ROOT}storingen/",
        {**TYPED, "einde_dag": "", "einde_tijd": "", "begin_dag": f"{now():%d-%m-%Y}", "begin_tijd": "00:00"},
    )
    assert len(outages.current()) == 1
    ada.post(f"{ROOT}storingen/{outages.current()[0].uuid}/einde/")
    assert outages.current() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kanaal": ""}, {"kanaal": "fax"}, {"begin_dag": ""}, {"begin_dag": "31-02-2026"}, {"begin_tijd": "25:00"}, {"begin_dag": "01-01-0001"},
        {"begin_dag": "29-03-2026", "begin_tijd": "02:30"}, {"einde_tijd": ""}, {"einde_dag": "01-03-2026"}, {"reden": " "}, {"begin_dag": "01-01-2999"},
        {"begin_dag": "01-10-2025"}, {"begin_dag": "\x00"},
    ],
)  # fmt: skip
def test_an_outage_that_cannot_be_is_refused_with_a_sentence_and_what_was_typed_stays(
    ada: Client, wrong: dict[str, str]
) -> None:
    answer = ada.post(f"{ROOT}storingen/", {**TYPED, **wrong})
    assert answer.status_code == 422
    assert Outage.objects.count() == 0
    assert "data-error-summary" in answer.content.decode()


def test_the_portal_says_that_something_does_not_work_while_it_lasts(ada: Client) -> None:
    visitor = Client()
    assert "Er is een storing" not in visitor.get("/").content.decode()
    uuid = outages.record("login", now() - timedelta(minutes=5), None, reason="x", by="staff:ada")
    page = visitor.get("/").content.decode()
    assert "Er is een storing" in page
    assert "Inloggen lukt nu misschien niet" in page
    outages.end(uuid)
    outages.record("api", now() - timedelta(minutes=5), None, reason="x", by="staff:ada")
    assert "Er is een storing" not in visitor.get("/").content.decode()


def test_somebody_without_this_area_finds_nothing_and_changes_nothing() -> None:
    bert = Client()
    given_session(bert, given_staff(access.GrantData("beheer.mensen"), username="bert"))
    alarm = given_alarm()
    for path in ("", "storingen/", "mislukt/"):
        assert bert.get(f"{ROOT}{path}").status_code == 404
    assert bert.post(f"{ROOT}alarmen/{alarm.uuid}/oppakken/").status_code == 404
    assert bert.post(f"{ROOT}storingen/", TYPED).status_code == 404
    assert Outage.objects.count() == 0
    assert alarms.standing()[0].taken_by == ""


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_of_outages_costs_the_same_for_one_and_for_fifty(ada: Client, number: int) -> None:
    for hours in range(number):
        start = now() - timedelta(hours=2 * hours + 2)
        outages.record("mail", start, start + timedelta(hours=1), reason="x", by="staff:ada")
    ada.get(f"{ROOT}storingen/")
    with CaptureQueriesContext(connection) as statements:
        ada.get(f"{ROOT}storingen/")
    assert len(statements) <= 12
