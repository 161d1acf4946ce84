"""Passkeys: what the server refuses. That a real browser gets in stands in the browser tests of the workplace."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as live
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client
from webauthn.helpers import base64url_to_bytes

from stadhuis.kit.time import now
from stadhuis.people import account_pages
from stadhuis.people import public as people
from stadhuis.people.models import LoginSession, Passkey
from stadhuis.people.tests.authenticator import Authenticator
from stadhuis.people.tests.given import given_medewerker, given_staff_logged_in, post, token_at

pytestmark = pytest.mark.django_db
OPTIONS, LOGIN = "/werkplek/inloggen/passkey/opties/", "/werkplek/inloggen/passkey/"
ADD_OPTIONS, ADD = "/werkplek/account/passkeys/opties/", "/werkplek/account/passkeys/"
ANSWER = {
    "id": "AQ", "rawId": "AQ", "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": None},
}  # fmt: skip


def send(browser: Client, address: str, body: Any, *, page: str = "/werkplek/inloggen/") -> Any:
    token = token_at(browser, page)
    data = body if isinstance(body, str) else json.dumps(body)
    return browser.post(
        address, data, content_type="application/json", HTTP_X_CSRFTOKEN=token, HTTP_ACCEPT="application/json"
    )


def given_key(medewerker: int) -> None:
    Passkey.objects.create(
        medewerker_id=medewerker, credential_id=b"\x01", public_key=b"\x02", name="Laptop", created_at=now()
    )


def test_the_challenge_is_fresh_each_time_and_names_nobody(browser: Client) -> None:
    given_key(given_medewerker())
    first, second = (send(browser, OPTIONS, {}).json() for _ in range(2))
    assert first["challenge"] != second["challenge"]
    assert first.get("allowCredentials", []) == []
    assert (first["rpId"], first["userVerification"]) == ("localhost", "required")


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "geen json", "null", {"answer": "x"}, {"answer": {}}, {"answer": {"id": 7}}, {"answer": {"id": "!!"}},
        {"answer": ANSWER}, {"answer": {**ANSWER, "response": None}}, {"answer": {"id": "x" * 70000}},
        {"answer": {**ANSWER, "id": "Ag", "rawId": "Ag"}}, "[" * 100_000,
    ],
)  # fmt: skip
def test_an_answer_that_proves_nothing_opens_nothing(browser: Client, body: Any) -> None:
    given_key(given_medewerker())
    send(browser, OPTIONS, {})
    assert send(browser, LOGIN, body).status_code == 400
    assert LoginSession.objects.count() == 0


def test_a_challenge_counts_once_and_for_five_minutes() -> None:
    request = HttpRequest()
    request.session = SessionStore()
    account_pages._keep_challenge(request, b"x")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        assert account_pages._take_challenge(request) is None
    account_pages._keep_challenge(request, b"x")
    assert account_pages._take_challenge(request) == b"x"
    assert account_pages._take_challenge(request) is None


def test_without_a_csrf_token_nothing_is_asked_or_taken(browser: Client) -> None:
    for address in (OPTIONS, LOGIN):
        assert browser.post(address, "{}", content_type="application/json").status_code == 403


def test_making_a_passkey_takes_a_session_and_a_log_in_of_the_last_minutes(browser: Client) -> None:
    given_medewerker()
    assert send(browser, ADD_OPTIONS, {}).status_code in {302, 401}
    start = datetime.now(UTC)
    given_staff_logged_in(browser)
    page = "/werkplek/account/"
    options = send(browser, ADD_OPTIONS, {}, page=page).json()
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    with time_machine.travel(start + timedelta(minutes=11)):
        refused = send(browser, ADD_OPTIONS, {}, page=page)
        assert (refused.status_code, refused.json()["confirm"]) == (403, True)


@pytest.mark.parametrize("body", [{}, {"answer": {}}, {"answer": ANSWER, "name": 7}, "geen json"])
def test_a_made_up_passkey_is_not_kept(browser: Client, body: Any) -> None:
    given_medewerker()
    given_staff_logged_in(browser)
    send(browser, ADD_OPTIONS, {}, page="/werkplek/account/")
    refused = send(browser, ADD, body, page="/werkplek/account/")
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert Passkey.objects.count() == 0


def challenge_in(options: Any) -> bytes:
    return base64url_to_bytes(options.json()["challenge"])


def test_a_passkey_that_was_made_opens_the_workplace_until_it_is_removed(browser: Client) -> None:
    # given: made at 'Mijn account'
    device, page = Authenticator(origin=live.PUBLIC_URL), "/werkplek/account/"
    given_medewerker()
    given_staff_logged_in(browser)
    asked = challenge_in(send(browser, ADD_OPTIONS, {}, page=page))
    assert send(browser, ADD, {"answer": device.made(asked), "name": "Telefoon"}, page=page).status_code == 200
    key = Passkey.objects.get()
    assert (key.name, bytes(key.credential_id)) == ("Telefoon", device.credential_id)
    # when: another browser, and nothing but the passkey
    elsewhere = Client()
    signed = device.signed(challenge_in(send(elsewhere, OPTIONS, {})))
    assert send(elsewhere, LOGIN, {"answer": signed}).status_code == 200
    # then
    assert elsewhere.get(page).status_code == 200
    assert LoginSession.objects.filter(means="passkey").count() == 1
    # and: the same answer opens nothing for who overheard it, nor does one without finger or PIN, or of a copied device
    overheard = Client()
    send(overheard, OPTIONS, {})
    assert send(overheard, LOGIN, {"answer": signed}).status_code == 400
    unverified = device.signed(challenge_in(send(overheard, OPTIONS, {})), is_verified=False)
    assert send(overheard, LOGIN, {"answer": unverified}).status_code == 400
    device.uses = 0
    copied = device.signed(challenge_in(send(overheard, OPTIONS, {})))
    assert send(overheard, LOGIN, {"answer": copied}).status_code == 400
    # and: removed is removed
    device.uses = 10
    assert send(browser, f"{ADD}{key.uuid}/verwijderen/", {}, page=page).status_code < 400
    removed = device.signed(challenge_in(send(overheard, OPTIONS, {})))
    assert send(overheard, LOGIN, {"answer": removed}).status_code == 400


def test_a_passkey_made_for_another_site_is_not_kept(browser: Client) -> None:
    given_medewerker()
    given_staff_logged_in(browser)
    for device in (
        Authenticator(origin="https://kwaad.example"),
        Authenticator(origin=live.PUBLIC_URL, rp_id="kwaad.example"),
    ):
        asked = challenge_in(send(browser, ADD_OPTIONS, {}, page="/werkplek/account/"))
        refused = send(browser, ADD, {"answer": device.made(asked), "name": "x"}, page="/werkplek/account/")
        assert refused.status_code == 400
    assert Passkey.objects.count() == 0


def test_a_passkey_of_somebody_else_is_not_there_to_be_removed(browser: Client) -> None:
    given_medewerker()
    given_key(given_medewerker("bert"))
    given_staff_logged_in(browser)
    theirs = Passkey.objects.get().uuid
    answer = send(browser, f"/werkplek/account/passkeys/{theirs}/verwijderen/", {}, page="/werkplek/account/")
    assert answer.status_code == 404
    assert people.account(medewerker_id=Passkey.objects.get().medewerker_id).passkeys == 1


def test_a_log_in_by_passkey_is_written_down_as_one_by_password_and_code_is(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A log-in is no line of the trail, whatever the means: its session keeps who, when and how, the log that it was."""
    device, page, medewerker = Authenticator(origin=live.PUBLIC_URL), "/werkplek/account/", given_medewerker()
    with caplog.at_level("INFO"):
        # when somebody gets in by password and code, makes a passkey, and gets in by that
        given_staff_logged_in(browser)
        asked = challenge_in(send(browser, ADD_OPTIONS, {}, page=page))
        assert send(browser, ADD, {"answer": device.made(asked), "name": "Telefoon"}, page=page).status_code == 200
        elsewhere = Client()
        signed = device.signed(challenge_in(send(elsewhere, OPTIONS, {})))
        assert send(elsewhere, LOGIN, {"answer": signed}).status_code == 200
        # and a stranger does not, by either
        stranger = Client()
        assert (
            post(stranger, "/werkplek/inloggen/", {"gebruikersnaam": "anna", "wachtwoord": "x" * 20}).status_code == 400
        )
        send(stranger, OPTIONS, {})
        assert send(stranger, LOGIN, {"answer": signed}).status_code == 400
    # then
    logins = list(LoginSession.objects.order_by("started_at"))
    assert [one.means for one in logins] == ["password", "passkey"]
    assert {(one.kind, one.medewerker_id, one.level) for one in logins} == {("staff", medewerker, "substantial")}
    said = [vars(record) for record in caplog.records if record.name.startswith("stadhuis.people")]
    assert [(one["means"], one["login"]) for one in said if one["msg"] == "logged in"] == [
        (one.means, str(one.pk)) for one in logins
    ]
    assert [one["factor"] for one in said if one["msg"] == "log-in refused"] == ["password", "passkey"]
