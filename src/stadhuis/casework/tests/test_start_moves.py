"""A client of the Zaken API moves the startdatum: the clock is counted anew, and what was said before stays known."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.casework.models import WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_town
from stadhuis.kit.api.testing import ApiClient
from stadhuis.kit.time import AMSTERDAM, clock_set_to
from stadhuis.law import public as law
from stadhuis.zaken import public as zaken
from stadhuis.zaken.api import API

pytestmark = pytest.mark.django_db
SECRET = "een-geheim-van-minstens-32-tekens!!"
RECEIVED = date(2026, 3, 2)  # eight weeks later is King's Day, so Tuesday 28 April


@pytest.fixture
def town(settings: Any) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"
    with clock_set_to(datetime(2021, 1, 4, 10, tzinfo=AMSTERDAM)):
        return given_town()


@pytest.fixture
def client(town: Town) -> ApiClient:
    access.create_applicatie("bron", ["bron"], SECRET, True)
    return ApiClient(API.root, "bron", SECRET)


def given_zaak_on(day: date, town: Town) -> zaken.ZaakRecord:
    with clock_set_to(datetime(day.year, day.month, day.day, 10, tzinfo=AMSTERDAM)):
        return given_application(town)


@pytest.mark.parametrize("method", ["patch", "put"])
def test_the_last_day_follows_the_startdatum_and_the_old_answer_is_kept(
    town: Town, client: ApiClient, method: str
) -> None:
    # given
    zaak = given_zaak_on(RECEIVED, town)
    [before] = casework.answers_of_clock(zaak.id)
    assert before.deadline == date(2026, 4, 28)
    # when
    body: dict[str, Any] = {"startdatum": "2026-02-16"}
    if method == "put":
        read = client.get(f"zaken/{zaak.uuid}").content
        body = {**json.loads(read), **body}
    answer = client.send(method.upper(), f"zaken/{zaak.uuid}", body)
    assert answer.status_code == 200, answer.content
    # then
    after, kept = casework.answers_of_clock(zaak.id)
    term = casework.term_of(town.zaaktype)
    assert after.deadline == law.decision_deadline(date(2026, 2, 16), term).date == date(2026, 4, 13)
    assert (kept.deadline, kept.explanation) == (before.deadline, before.explanation)
    assert kept.until == after.given_at
    assert WorkItem.objects.get(zaak_id=zaak.id).deadline == after.deadline
    assert casework.answer_on(zaak.id, before.given_at) == kept
    # and what does not touch it adds no answer
    client.patch(f"zaken/{zaak.uuid}", {"toelichting": "x", "startdatum": "2026-02-16"})
    assert len(casework.answers_of_clock(zaak.id)) == 2


def test_what_happened_meanwhile_still_counts_also_when_the_start_comes_after_it(town: Town, client: ApiClient) -> None:
    zaak = given_zaak_on(RECEIVED, town)
    with clock_set_to(datetime(2026, 3, 10, 10, tzinfo=AMSTERDAM)):
        casework.suspend_term(
            zaak.uuid,
            law.EventKind.INVITED,
            since=None,
            until=date(2026, 3, 20),
            reason="Jaarrekening",
            by=town.handler,
        )
    stood = casework.answers_of_clock(zaak.id)[0].deadline
    for start, known in ((date(2026, 2, 16), True), (date(2026, 3, 16), False)):
        assert client.patch(f"zaken/{zaak.uuid}", {"startdatum": start.isoformat()}).status_code == 200
        found = casework.answers_of_clock(zaak.id)[0]
        plain = law.decision_deadline(start, casework.term_of(town.zaaktype)).date
        assert found.deadline >= plain
        assert (
            "suspended-supplement" in {step["code"] for step in found.explanation["steps"]}
        ) == known or start > RECEIVED
    assert stood in {one.deadline for one in casework.answers_of_clock(zaak.id)}


@pytest.mark.parametrize("wrong", ["gisteren", "2026-02-31", None, ""])
def test_a_day_that_is_none_changes_nothing(town: Town, client: ApiClient, wrong: Any) -> None:
    zaak = given_zaak_on(RECEIVED, town)
    assert client.patch(f"zaken/{zaak.uuid}", {"startdatum": wrong}).status_code == 400
    assert len(casework.answers_of_clock(zaak.id)) == 1
