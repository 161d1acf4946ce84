"""Attacks on the log-in of staff: spraying, guessing, shutting somebody out, and telling who exists by the time it takes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as live
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from stadhuis.people import public as people
from stadhuis.people.models import KnownDevice
from stadhuis.people.pages import DEVICE_COOKIE
from stadhuis.people.tests.given import PASSWORD, given_medewerker, given_staff_logged_in, post, token_at

pytestmark = pytest.mark.django_db
LOGIN = "/werkplek/inloggen/"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def as_(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"gebruikersnaam": name, "wachtwoord": password}


def from_(address: str) -> Client:
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=address)


def test_one_password_on_many_names_runs_into_the_budget_of_the_address_before_any_code(settings: Settings) -> None:
    # given
    settings.LOGIN_ADDRESS_BUDGET = 10
    for name in ("anna", "bert"):
        given_medewerker(name)
    with time_machine.travel(NOON, tick=False) as clock:
        sprayer = from_("198.51.100.7")
        # when: ten accounts, among them one of which the password is right
        for number in range(9):
            assert post(sprayer, LOGIN, as_(f"naam{number}")).status_code == 400
        assert post(sprayer, LOGIN, as_("anna")).status_code == 302
        # then: the next account is not even looked at, whether the password is right or not
        assert post(sprayer, LOGIN, as_("bert")).status_code == 429
        assert post(sprayer, LOGIN, as_("naam99")).status_code == 429
        # but other addresses do not notice
        assert post(from_("203.0.113.5"), LOGIN, as_("bert")).status_code == 302
        clock.shift(timedelta(minutes=15))
        assert post(sprayer, LOGIN, as_("bert")).status_code == 302


def test_a_busy_office_behind_one_address_is_not_shut_by_typing_errors(settings: Settings) -> None:
    settings.LOGIN_ADDRESS_BUDGET = 5
    names = [f"naam{number}" for number in range(8)]
    for name in names:
        given_medewerker(name)
    with time_machine.travel(NOON, tick=False):
        # everybody mistypes once, and then gets in
        for name in names:
            visitor = from_("203.0.113.80")
            assert post(visitor, LOGIN, as_(name, "typefout")).status_code == 400
            given_staff_logged_in(visitor, name)


def test_an_attacker_behind_the_same_address_does_not_shut_out_a_known_browser(settings: Settings) -> None:
    # given: Anna logged in here before
    settings.LOGIN_ADDRESS_BUDGET = 5
    given_medewerker()
    with time_machine.travel(NOON, tick=False) as clock:
        own = from_("203.0.113.80")
        given_staff_logged_in(own)
        out = own.post("/werkplek/uitloggen/", HTTP_X_CSRFTOKEN=own.cookies["csrftoken"].value)
        assert out.status_code == 302
        clock.shift(timedelta(minutes=1))
        # when: from the same address, both her account and many others are attacked
        attacker = from_("203.0.113.80")
        for number in range(8):
            post(attacker, LOGIN, as_("anna", "geraden"))
            post(attacker, LOGIN, as_(f"naam{number}"))
        assert post(attacker, LOGIN, as_("anna")).status_code == 429
        # then
        given_staff_logged_in(own)
        assert own.get("/werkplek/").status_code == 200


def test_passwords_guessed_from_many_addresses_shut_strangers_and_not_the_known_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stadhuis.people.actions.login.MAX_WRONG_FROM_STRANGERS", {"password": 12, "code": 50})
    given_medewerker()
    with time_machine.travel(NOON, tick=False) as clock:
        own = from_("203.0.113.80")
        given_staff_logged_in(own)
        own.post("/werkplek/uitloggen/", HTTP_X_CSRFTOKEN=own.cookies["csrftoken"].value)
        clock.shift(timedelta(minutes=1))
        for number in range(13):
            post(from_(f"198.51.100.{number}"), LOGIN, as_("anna", "geraden"))
        assert post(from_("198.51.100.99"), LOGIN, as_("anna")).status_code == 429
        # she travels: another address, her own browser
        own.defaults["REMOTE_ADDR"] = "192.0.2.1"
        given_staff_logged_in(own)
        # and her usual address from another browser
        clock.shift(timedelta(minutes=1))
        given_staff_logged_in(from_("203.0.113.80"))


def test_even_a_known_browser_has_five_guesses(browser: Client) -> None:
    given_medewerker()
    with time_machine.travel(NOON, tick=False) as clock:
        given_staff_logged_in(browser)
        browser.post("/werkplek/uitloggen/", HTTP_X_CSRFTOKEN=browser.cookies["csrftoken"].value)
        clock.shift(timedelta(minutes=1))
        for _ in range(5):
            assert post(browser, LOGIN, as_("anna", "geraden")).status_code == 400
        assert post(browser, LOGIN, as_("anna")).status_code == 429


@pytest.mark.parametrize("cookie", ["", "verzonnen", "x" * 5000, "\u00e9"])
def test_a_made_up_cookie_or_that_of_a_colleague_is_no_known_browser(cookie: str) -> None:
    # given: Bert's own browser
    given_medewerker()
    given_medewerker("bert")
    bert = from_("203.0.113.80")
    given_staff_logged_in(bert, "bert")
    thief = from_("198.51.100.7")
    thief.cookies[DEVICE_COOKIE] = cookie or bert.cookies[DEVICE_COOKIE].value
    # when
    for _ in range(5):
        post(thief, LOGIN, as_("anna", "geraden"))
    # then: counted as any stranger's
    assert post(thief, LOGIN, as_("anna")).status_code == 429
    assert post(from_("198.51.100.8"), LOGIN, as_("anna")).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_stands_hashed(browser: Client) -> None:
    given_medewerker()
    given_staff_logged_in(browser)
    morsel = browser.cookies[DEVICE_COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/werkplek")
    assert morsel.value.encode() not in bytes(KnownDevice.objects.get().lookup)
    assert live.SESSION_COOKIE_SECURE is False  # on http://localhost only; with https it is set


def test_unknown_known_invited_left_and_guest_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of a log-in is Argon2 and statements: both are counted. Unknown names cost what known ones cost."""
    # given
    unit = people.create_unit("inkomen", "Werk en inkomen")
    anna = given_medewerker()
    people.let_go(given_medewerker("weg"), leaving_date=date(2020, 1, 1))
    people.invite(people.NewMedewerker("nel", "Nel", "nel@oeverveen.example", unit), by=people.SYSTEM)
    tomorrow = people.account(medewerker_id=anna)  # the sponsor
    people.create_medewerker(
        "gast", "Gijs", "gijs@partner.example", unit, "", PASSWORD, sponsor_id=tomorrow.id, purpose="Project",
        leaving_date=date(2099, 1, 1),
    )  # fmt: skip
    work: list[str] = []
    hash_one, check_one = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def counted_encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        work.append("argon2")
        return hash_one(self, password, salt)

    def counted_verify(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        work.append("argon2")
        return check_one(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted_encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted_verify)
    # when
    costs = {}
    for number, name in enumerate(("niemand", "anna", "weg", "nel", "gast", "")):
        visitor = from_(f"203.0.113.{number}")
        token = token_at(visitor, LOGIN)
        work.clear()
        with CaptureQueriesContext(connection) as statements:
            answer = visitor.post(LOGIN, {**as_(name or "onbekend.twee", "fout"), "csrfmiddlewaretoken": token})
        assert answer.status_code == 400
        kinds = [re.sub(r"'[^']*'|\d+", "", each["sql"])[:50] for each in statements.captured_queries]
        costs[name] = (len(work), tuple(kinds))
    # then
    assert len(set(costs.values())) == 1, costs
    assert costs["niemand"][0] == 1
