"""Staff log in with a password and a code, over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as live
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from stadhuis.people import public as people
from stadhuis.people.models import LoginAttempt, LoginSession, Totp
from stadhuis.people.tests.given import PASSWORD, code_at, given_medewerker, given_staff_logged_in, post

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/werkplek/inloggen/", "/werkplek/inloggen/code/"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GOOD = {"gebruikersnaam": "anna", "wachtwoord": PASSWORD}
WRONG = {"gebruikersnaam": "anna", "wachtwoord": "fout"}


def test_when_password_and_code_are_right_then_the_workplace_opens_where_one_wanted_to_be(browser: Client) -> None:
    # given
    given_medewerker()
    sent = browser.get("/werkplek/zaak/?x=1")
    assert sent.headers["Location"] == "/werkplek/inloggen/?next=%2Fwerkplek%2Fzaak%2F%3Fx%3D1"
    # when
    first = post(browser, sent.headers["Location"], {**GOOD, "next": "/werkplek/zaak/?x=1"}, to=LOGIN)
    second = post(browser, CODE, {"code": code_at()})
    # then
    assert first.headers["Location"] == CODE
    assert second.headers["Location"] == "/werkplek/zaak/?x=1"
    assert browser.get("/werkplek/zaak/").content == b"staff:anna"


def test_the_password_alone_opens_nothing(browser: Client) -> None:
    given_medewerker()
    post(browser, LOGIN, GOOD)
    assert browser.get("/werkplek/").status_code == 302


def test_the_key_of_the_session_changes_at_both_steps(browser: Client) -> None:
    # given: a key that somebody else may know
    given_medewerker()
    keys = []
    browser.get(LOGIN)
    # when
    for page, fields in ((LOGIN, GOOD), (CODE, {"code": code_at()})):
        post(browser, page, fields)
        keys.append(browser.cookies[live.STAFF_SESSION_COOKIE_NAME].value)
    # then
    assert len(set(keys)) == 2
    other = Client()
    other.cookies[live.STAFF_SESSION_COOKIE_NAME] = keys[0]
    assert other.get("/werkplek/").status_code == 302


def test_a_session_that_an_attacker_planted_is_not_the_one_that_gets_logged_in(browser: Client) -> None:
    # given: the attacker's own half-open session, planted in the victim's browser
    given_medewerker()
    attacker = Client(enforce_csrf_checks=True)
    post(attacker, LOGIN, GOOD)
    planted = attacker.cookies[live.STAFF_SESSION_COOKIE_NAME].value
    browser.cookies[live.STAFF_SESSION_COOKIE_NAME] = planted
    # when
    given_staff_logged_in(browser)
    # then
    assert browser.get("/werkplek/").status_code == 200
    assert attacker.get("/werkplek/").status_code == 302


def test_a_log_in_form_of_another_site_is_refused(browser: Client) -> None:
    given_medewerker()
    assert browser.post(LOGIN, GOOD).status_code == 403
    assert LoginSession.objects.count() == 0


def test_unknown_and_known_names_get_the_same_answer_and_the_same_work(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: we count the expensive work, the only thing that takes time
    given_medewerker()
    work: list[str] = []
    hash_one = Argon2PasswordHasher.encode
    check_one = Argon2PasswordHasher.verify

    def counted_encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        work.append("argon2")
        return hash_one(self, password, salt)

    def counted_verify(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        work.append("argon2")
        return check_one(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted_encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted_verify)
    # when
    known = post(browser, LOGIN, WRONG)
    work_known = len(work)
    unknown = post(browser, LOGIN, {**WRONG, "gebruikersnaam": "bestaat-niet"})
    work_unknown = len(work) - work_known

    # then
    def shape(body: bytes) -> str:
        return re.sub(r'value="[^"]*"|content="[^"]*"', "", body.decode())

    assert known.status_code == unknown.status_code == 400
    assert shape(known.content) == shape(unknown.content)
    assert work_known == work_unknown == 1


def test_a_code_works_once_and_an_older_one_no_more() -> None:
    given_medewerker()
    with time_machine.travel(NOON, tick=False):
        given_staff_logged_in(Client(enforce_csrf_checks=True))
        again = Client(enforce_csrf_checks=True)
        post(again, LOGIN, GOOD)
        assert post(again, CODE, {"code": code_at()}).status_code == 400
        assert post(again, CODE, {"code": code_at(-30)}).status_code == 400
        assert post(again, CODE, {"code": code_at(30)}).status_code == 302


@pytest.mark.parametrize(("offset", "status"), [(-60, 400), (-30, 302), (0, 302), (30, 302), (60, 400)])
def test_a_clock_may_be_one_step_off(browser: Client, offset: int, status: int) -> None:
    given_medewerker()
    with time_machine.travel(NOON, tick=False):
        post(browser, LOGIN, GOOD)
        assert post(browser, CODE, {"code": code_at(offset)}).status_code == status


def test_the_first_time_the_app_is_set_up_with_a_picture_and_the_key_as_text(browser: Client) -> None:
    # given
    medewerker = given_medewerker(secret=None)
    post(browser, LOGIN, GOOD)
    # when
    page = browser.get(CODE).content.decode()
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    # then
    assert "<svg" in page
    assert "style=" not in page
    assert key
    secret = key.group(1).replace(" ", "")
    assert secret.encode() not in bytes(Totp.objects.get(pk=medewerker).secret)
    assert post(browser, CODE, {"code": code_at(secret=secret)}).status_code == 302
    # and the next time nothing of it is shown
    other = Client(enforce_csrf_checks=True)
    post(other, LOGIN, GOOD)
    assert "<svg viewBox" not in other.get(CODE).content.decode()
    assert secret not in other.get(CODE).content.decode().replace(" ", "")


def test_after_five_wrong_passwords_one_waits_and_others_do_not(browser: Client) -> None:
    given_medewerker()
    given_medewerker("bert")
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert post(browser, LOGIN, WRONG).status_code == 400
        # then: even the right password waits, here
        refused = post(browser, LOGIN, GOOD)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) == 900
        # but not from elsewhere, and not for another account at the same address
        elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.50")
        assert post(elsewhere, LOGIN, GOOD).status_code == 302
        assert post(browser, LOGIN, {**GOOD, "gebruikersnaam": "bert"}).status_code == 302
        # and it passes: refused attempts do not count
        clock.shift(timedelta(minutes=15))
        assert post(browser, LOGIN, GOOD).status_code == 302


def test_an_unknown_name_is_throttled_just_the_same(browser: Client) -> None:
    for _ in range(5):
        assert post(browser, LOGIN, {**WRONG, "gebruikersnaam": "niemand"}).status_code == 400
    assert post(browser, LOGIN, {**WRONG, "gebruikersnaam": "niemand"}).status_code == 429


def test_whoever_knows_the_password_cannot_guess_codes_for_ever(browser: Client) -> None:
    given_medewerker()
    with time_machine.travel(NOON, tick=False):
        post(browser, LOGIN, GOOD)
        for _ in range(5):
            assert post(browser, CODE, {"code": "000000"}).status_code == 400
        assert post(browser, CODE, {"code": "000000"}).status_code == 429
        # the right password again does not buy new guesses
        assert post(browser, LOGIN, GOOD).status_code == 429


def test_codes_guessed_from_many_addresses_shut_strange_addresses_and_not_the_usual_one(browser: Client) -> None:
    given_medewerker()
    with time_machine.travel(NOON, tick=False) as clock:
        given_staff_logged_in(browser)
        for number in range(11):
            thief = Client(enforce_csrf_checks=True, REMOTE_ADDR=f"198.51.100.{number + 1}")
            post(thief, LOGIN, GOOD)
            for _ in range(5):
                if post(thief, CODE, {"code": "000000"}).status_code == 429:
                    break
        late = Client(enforce_csrf_checks=True, REMOTE_ADDR="198.51.100.99")
        post(late, LOGIN, GOOD)
        clock.shift(timedelta(seconds=60))
        assert post(late, CODE, {"code": code_at()}).status_code == 429
        usual = Client(enforce_csrf_checks=True)
        given_staff_logged_in(usual)
        assert usual.get("/werkplek/").status_code == 200


def test_attempts_keep_no_name_and_no_address(browser: Client) -> None:
    post(browser, LOGIN, WRONG)
    row = LoginAttempt.objects.get()
    assert b"anna" not in bytes(row.account)
    assert b"127.0.0.1" not in bytes(row.address)


def test_next_never_leads_to_another_site(browser: Client) -> None:
    given_medewerker()
    post(browser, LOGIN, {**GOOD, "next": "//kwaad.example/"})
    assert post(browser, CODE, {"code": code_at()}).headers["Location"] == "/werkplek/"


def test_who_left_does_not_come_in_and_an_open_session_ends(browser: Client) -> None:
    # given
    medewerker = given_medewerker()
    given_staff_logged_in(browser)
    # when
    people.let_go(medewerker, leaving_date=date(2020, 1, 1))
    # then
    assert "/werkplek/uitgelogd/?reden=left" in browser.get("/werkplek/").headers["Location"]
    assert post(Client(enforce_csrf_checks=True), LOGIN, GOOD).status_code == 400


def test_a_new_password_ends_every_session(browser: Client) -> None:
    medewerker = given_medewerker()
    given_staff_logged_in(browser)
    people.set_password(medewerker, "een heel ander wachtwoord")
    assert "reden=password" in browser.get("/werkplek/").headers["Location"]


def test_logging_out_ends_the_session_here_and_for_a_stolen_cookie(browser: Client) -> None:
    # given
    given_medewerker()
    given_staff_logged_in(browser)
    thief = Client()
    thief.cookies[live.STAFF_SESSION_COOKIE_NAME] = browser.cookies[live.STAFF_SESSION_COOKIE_NAME].value
    token = browser.cookies["csrftoken"].value
    # when
    out = browser.post("/werkplek/uitloggen/", HTTP_X_CSRFTOKEN=token)
    # then
    assert out.headers["Location"] == "/werkplek/uitgelogd/"
    assert thief.get("/werkplek/").status_code == 302
    session = LoginSession.objects.get()
    assert (session.end_reason, session.ended_at is None) == ("logout", False)


def test_nothing_of_the_name_or_password_comes_in_the_log(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    given_medewerker()
    with caplog.at_level("INFO"):
        post(browser, LOGIN, WRONG)
        given_staff_logged_in(Client(enforce_csrf_checks=True))
    written = " ".join(str(record.__dict__) for record in caplog.records)
    assert "logged in" in written
    assert PASSWORD not in written
    assert "Anna" not in written
