"""Too many requests, and read-only maintenance: over HTTP."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.access import limits
from stadhuis.access import public as access
from stadhuis.kit import jobs
from stadhuis.kit.api.testing import token
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
SECRET = "een-geheim-van-minstens-32-tekens!!"


def test_a_bucket_lets_a_minute_of_requests_pass_and_says_when_to_come_back(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    limit = limits.Limit("person", 30)
    for _ in range(30):
        limits.take(limit, "x")
    with pytest.raises(access.TooMany) as refused, django_assert_num_queries(1):
        limits.take(limit, "x")
    assert 1 <= refused.value.retry_after <= 4
    limits.take(limit, "somebody else")
    limits.take(limits.Limit("person", 0), "x")


def test_who_does_too_much_gets_429_with_retry_after_and_reading_costs_nothing(settings: Any) -> None:
    settings.RATE_PER_PERSON = 2
    browser = Client()
    given_session(browser, given_staff())
    codes = [browser.post("/werkplek/zoeken/", {"q": "Jansen"}).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    answer = browser.post("/werkplek/zoeken/", {"q": "Jansen"})
    assert int(answer.headers["Retry-After"]) >= 1
    assert "U probeert het te vaak" in answer.content.decode()
    assert browser.get("/werkplek/").status_code == 200


def test_an_address_without_log_in_has_a_limit_of_its_own(settings: Any) -> None:
    settings.RATE_PER_ADDRESS = 2
    codes = [Client().post("/taal/", {"language": "en"}).status_code for _ in range(3)]
    assert codes[-1] == 429


def test_an_application_gets_a_problem_in_json(settings: Any) -> None:
    settings.RATE_PER_APPLICATION = 1
    access.create_applicatie("a", ["a"], SECRET, True)
    answers = [
        Client().get(
            "/zaken/api/v1/zaken", headers={"Authorization": f"Bearer {token('a', SECRET)}", "Accept-Crs": "EPSG:4326"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["Content-Type"] == "application/problem+json"
    assert int(answers[1].headers["Retry-After"]) >= 1
    assert answers[1].json()["code"] == "throttled"


def test_in_maintenance_one_reads_but_does_nothing_and_jobs_wait(capsys: pytest.CaptureFixture[str]) -> None:
    browser = Client()
    given_session(browser, given_staff())
    access.create_applicatie("a", ["a"], SECRET, True)
    access.maintenance.switch(True, message="Om acht uur zijn wij er weer.", minutes=30)
    answer = browser.post("/werkplek/zoeken/", {"q": "Jansen"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1800"
    assert "Om acht uur zijn wij er weer." in answer.content.decode()
    bearer = {"Authorization": f"Bearer {token('a', SECRET)}", "Accept-Crs": "EPSG:4326"}
    program = Client().post("/zaken/api/v1/zaken", "{}", content_type="application/json", headers=bearer)
    assert program.status_code == 503
    assert program.headers["Content-Type"] == "application/problem+json"
    assert browser.get("/werkplek/").status_code == 200
    assert Client().get("/zaken/api/v1/zaken", headers=bearer).status_code == 200
    assert access.maintenance.jobs_wait()
    assert access.maintenance.jobs_wait in jobs._PAUSES
    access.maintenance.switch(False)
    assert browser.post("/werkplek/zoeken/", {"q": "Jansen"}).status_code == 200
    assert not access.maintenance.jobs_wait()


def test_the_command_switches_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert import_module("stadhuis.cli").main(["maintenance", "on", "--message", "Even geduld", "--minutes", "5"]) == 0
    assert access.maintenance.standing().message == "Even geduld"
    assert "read-only" in capsys.readouterr().out
    assert import_module("stadhuis.cli").main(["maintenance", "off"]) == 0
    assert not access.maintenance.standing().is_on
