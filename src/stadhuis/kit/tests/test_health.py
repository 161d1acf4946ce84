"""What an operator's tools ask is answered, with and without a database."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from stadhuis.kit import health


def _get(path: str, **headers: str) -> HttpResponse:
    def elsewhere(request: HttpRequest) -> HttpResponse:
        return HttpResponse("passed on", status=299)

    answer = health.HealthMiddleware(elsewhere)(RequestFactory().get(path, headers=headers, SERVER_NAME="10.0.0.7"))
    assert isinstance(answer, HttpResponse)
    return answer


def test_when_the_process_serves_then_healthz_is_200_for_any_host_and_without_a_database() -> None:
    # The test has no access to the database: a look at it would fail here.
    assert _get("/healthz").status_code == 200


def test_when_another_address_is_asked_then_it_is_passed_on() -> None:
    assert _get("/healthz/").status_code == 299


def test_when_a_probe_is_posted_then_it_is_refused() -> None:
    answer = health.HealthMiddleware(lambda request: HttpResponse())(RequestFactory().post("/healthz"))
    assert answer.status_code == 405


@pytest.mark.django_db
def test_when_no_worker_beats_then_readyz_is_503_and_says_which_check_fails() -> None:
    # when
    answer = _get("/readyz")
    # then
    body = json.loads(answer.content)
    assert answer.status_code == 503
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "migrations": True,
        "worker": False,
    }


@pytest.mark.django_db
def test_when_a_worker_beats_then_readyz_is_200() -> None:
    # given
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    # then
    assert _get("/readyz").status_code == 200


@pytest.mark.django_db
def test_when_a_worker_was_last_heard_of_two_minutes_ago_then_readyz_is_503() -> None:
    # given
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")
    # then
    assert _get("/readyz").status_code == 503


@pytest.mark.django_db
def test_when_a_migration_has_not_run_then_readyz_names_it() -> None:
    # given
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    # when
    body = json.loads(_get("/readyz").content)
    # then
    assert body["checks"]["migrations"]["text"] == "1 migrations have not run, the first is sessions.0001_initial"


@pytest.mark.django_db
def test_when_requests_were_counted_then_the_metrics_show_route_and_status_and_the_jobs() -> None:
    # given
    health.count_request("GET", "portal:home", 200, 0.02)
    health.count_request("BREW", "portal:home", 405, 0.02)
    # when
    text = _get("/metrics").content.decode()
    # then
    assert 'stadhuis_requests_total{method="GET",route="portal:home",status="200"}' in text
    assert 'method="other"' in text
    assert 'stadhuis_request_seconds_bucket{le="0.025",route="portal:home"}' in text
    assert "stadhuis_database_up 1.0" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", "", 404),
        ("secret-token", "", 401),
        ("secret-token", "Bearer wrong", 401),
        ("secret-token", "Bearer secret-token", 200),
    ],
)
def test_when_it_is_production_then_the_metrics_ask_for_the_token(
    settings: Settings, token: str, given: str, status: int
) -> None:
    # given
    settings.IS_PRODUCTION = True
    settings.METRICS_TOKEN = token
    # then
    assert _get("/metrics", Authorization=given).status_code == status
