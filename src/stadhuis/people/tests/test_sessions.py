"""How long a session lasts, what one sees when it is over, and how it is stretched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings as live
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from stadhuis.kit.time import now
from stadhuis.people import jobs
from stadhuis.people import public as people
from stadhuis.people.models import LoginAttempt, LoginSession

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def logged_in() -> Client:
    """A resident who logged in now, with a session of the real kind."""
    browser = Client()
    browser.get("/inloggen/")
    session = browser.session
    login = LoginSession.objects.create(
        kind="resident", person_id=people.person_for_bsn("999990184"), means="digid", level="low",
        started_at=now(), last_seen_at=now(), ends_at=now() + timedelta(hours=8),
    )  # fmt: skip
    session["login"] = str(login.pk)
    session.set_expiry(9 * 3600)
    session.save()
    browser.cookies[live.SESSION_COOKIE_NAME] = str(session.session_key)
    return browser


@pytest.fixture
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


Clock = time_machine.Traveller


def test_after_fifteen_idle_minutes_a_page_says_so_and_leads_back(clock: Clock, logged_in: Client) -> None:
    # given
    clock.shift(timedelta(minutes=14, seconds=59))
    assert logged_in.get("/mijn/").status_code == 200
    # when
    clock.shift(timedelta(minutes=15))
    sent = logged_in.get("/mijn/?stap=3")
    page = logged_in.get(sent.headers["Location"]).content.decode()
    # then
    assert sent.headers["Location"] == "/uitgelogd?reden=idle&next=%2Fmijn%2F%3Fstap%3D3"
    assert "U bent uitgelogd" in page
    assert "15 minuten niets" in page
    assert "/inloggen/?next=%2Fmijn%2F%3Fstap%3D3" in page
    assert LoginSession.objects.get().end_reason == "idle"


def test_activity_stretches_a_session_up_to_the_absolute_end(clock: Clock, logged_in: Client) -> None:
    for _ in range(47):
        clock.shift(timedelta(minutes=10))
        assert logged_in.get("/mijn/").status_code == 200
    clock.shift(timedelta(minutes=10))
    assert logged_in.get("/mijn/").status_code == 302
    assert LoginSession.objects.get().end_reason == "absolute"


def test_what_a_page_asks_by_itself_is_no_activity(clock: Clock, logged_in: Client) -> None:
    clock.shift(timedelta(minutes=10))
    assert logged_in.get("/mijn/", headers={"X-Stadhuis-Background": "1"}).status_code == 200
    clock.shift(timedelta(minutes=6))
    assert logged_in.get("/mijn/").status_code == 302


def test_who_is_still_there_stays_logged_in(clock: Clock, logged_in: Client) -> None:
    clock.shift(timedelta(minutes=14))
    answer = logged_in.post("/sessie/verlengen/")
    assert answer.json() == {"seconds": 900}
    clock.shift(timedelta(minutes=14))
    assert logged_in.get("/mijn/").status_code == 200
    clock.shift(timedelta(minutes=16))
    assert logged_in.post("/sessie/verlengen/").status_code == 401


def test_a_step_that_was_sent_too_late_leads_back_to_the_page_of_that_step(clock: Clock, logged_in: Client) -> None:
    clock.shift(timedelta(minutes=16))
    sent = logged_in.post("/mijn/", {"iban": "x"}, headers={"Referer": "http://testserver/mijn/?stap=2"})
    assert parse_qs(urlsplit(sent.headers["Location"]).query)["next"] == ["/mijn/?stap=2"]


def test_a_referer_of_another_site_is_not_where_one_was(clock: Clock, logged_in: Client) -> None:
    clock.shift(timedelta(minutes=16))
    sent = logged_in.post("/mijn/", headers={"Referer": "https://kwaad.example/mijn/?stap=2"})
    assert parse_qs(urlsplit(sent.headers["Location"]).query)["next"] == ["/mijn/"]


def test_a_fragment_and_a_script_hear_it_in_their_own_way(clock: Clock, logged_in: Client) -> None:
    clock.shift(timedelta(minutes=16))
    answer = logged_in.get("/mijn/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/mijn/?a=1"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/uitgelogd?reden=idle&next=%2Fmijn%2F%3Fa%3D1"
    anonymous = Client().get("/mijn/", headers={"Accept": "application/json"})
    assert anonymous.status_code == 401
    assert anonymous.json()["reason"] == "not-logged-in"


def test_who_is_logged_in_costs_two_statements_and_who_is_not_none(
    logged_in: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        logged_in.get("/mijn/")
    with django_assert_num_queries(0):
        Client().get("/")


def test_a_session_whose_log_in_is_gone_is_emptied(logged_in: Client) -> None:
    LoginSession.objects.all().delete()
    assert "reden=unknown" in logged_in.get("/mijn/").headers["Location"]
    assert logged_in.get("/").content == b"nobody"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(logged_in: Client) -> None:
    answer = logged_in.get("/inloggen/digid/")
    for morsel in answer.cookies.values():
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"


def test_at_night_what_is_no_longer_needed_goes(clock: Clock, logged_in: Client) -> None:
    # given
    LoginAttempt.objects.create(account=b"a", address=b"b", factor="code", succeeded=False, at=now())
    LoginAttempt.objects.create(account=b"a", address=b"b", factor="code", succeeded=True, at=now())
    # when
    clock.shift(timedelta(days=3))
    jobs.tidy_up(0)
    # then
    assert list(LoginAttempt.objects.values_list("succeeded", flat=True)) == [True]
    assert LoginSession.objects.count() == 1
    clock.shift(timedelta(days=90))
    jobs.tidy_up(0)
    assert LoginAttempt.objects.count() == LoginSession.objects.count() == 0


# -- Another secret key -------------------------------------------------------------------------------------------------
FORMER, COMING = "former-key-of-the-test-" + "a" * 40, "coming-key-of-the-test-" + "b" * 40


def test_when_the_secret_key_changes_then_who_is_logged_in_stays_so_while_the_former_one_is_believed(
    settings: Settings, request: pytest.FixtureRequest
) -> None:
    # given: logged in under the former key
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FORMER, []
    logged_in: Client = request.getfixturevalue("logged_in")
    assert logged_in.get("/mijn/").status_code == 200
    # when: one machine has the new key, another one still the former
    for key, others in ((COMING, [FORMER]), (FORMER, [COMING]), (COMING, [FORMER])):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, others
        # then
        assert logged_in.get("/mijn/").status_code == 200
        assert logged_in.post("/sessie/verlengen/").status_code == 200
    # and: what is stored anew needs the former key no more
    session = logged_in.session
    session["touched"] = True
    session.save()
    settings.SECRET_KEY_FALLBACKS = []
    assert logged_in.get("/mijn/").status_code == 200


def test_when_the_former_secret_key_is_not_believed_any_more_then_its_sessions_are_over(
    settings: Settings, request: pytest.FixtureRequest
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FORMER, []
    logged_in: Client = request.getfixturevalue("logged_in")
    settings.SECRET_KEY = COMING
    assert logged_in.get("/mijn/").status_code == 302
