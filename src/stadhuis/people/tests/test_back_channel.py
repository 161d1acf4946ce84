"""The provider says that a session is over: OpenID Connect Back-Channel Logout 1.0, with a real provider and forged tokens."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

import pytest
from django.test import Client
from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from pytest_django.fixtures import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import jobs, oidc
from stadhuis.people.errors import LoginFailed
from stadhuis.people.models import LoginSession, SpentLogout
from stadhuis.people.tests.given import NOOR, given_resident_logged_in
from stadhuis.people.tests.test_acting_for import KIM, PRIYA, log_in

pytestmark = pytest.mark.django_db
OUT = "/inloggen/digid/afmelden"


def tokens(simulators: SimulatorProcess, by: str = "both") -> dict[str, str]:
    """Return per sid the logout token that the provider would send now."""
    listed = simulators.get("/practice/logout-tokens", params={"by": by}).json()
    return {one["sid"]: one["token"] for one in listed}


def the_session() -> LoginSession:
    return LoginSession.objects.filter(ended_at__isnull=True).latest("started_at")


@pytest.mark.parametrize("by", ["sid", "sub", "both"])
def test_when_the_provider_says_so_then_the_session_is_over_and_the_next_page_says_why(
    simulators: SimulatorProcess, browser: Client, by: str
) -> None:
    # given
    given_resident_logged_in(simulators, browser)
    token = tokens(simulators, by)[the_session().provider_session]
    # when: the provider calls, without cookie and without CSRF token
    answer = Client(enforce_csrf_checks=True).post(OUT, {"logout_token": token})
    # then
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer.headers["Cache-Control"]
    sent = browser.get("/mijn/?stap=2")
    assert sent.headers["Location"] == "/uitgelogd?reden=provider&next=%2Fmijn%2F%3Fstap%3D2"
    assert "uitgelogd bij uw inlogdienst" in browser.get(sent.headers["Location"]).content.decode()


def test_a_sid_ends_one_browser_and_a_subject_ends_all_of_them_but_nobody_elses(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given: Noor in two browsers, somebody else in a third
    two, other = Client(), Client()
    given_resident_logged_in(simulators, browser)
    first = the_session()
    given_resident_logged_in(simulators, two)
    second = the_session()
    given_resident_logged_in(simulators, other, wie="999990391")
    # when
    assert Client().post(OUT, {"logout_token": tokens(simulators, "sid")[first.provider_session]}).status_code == 200
    # then
    assert [browser.get("/mijn/").status_code, two.get("/mijn/").status_code] == [302, 200]
    # when
    assert Client().post(OUT, {"logout_token": tokens(simulators, "sub")[second.provider_session]}).status_code == 200
    # then
    assert [two.get("/mijn/").status_code, other.get("/mijn/").status_code] == [302, 200]


def test_one_employee_logs_out_and_the_other_of_the_same_company_stays(
    simulators: SimulatorProcess, browser: Client
) -> None:
    other = Client()
    log_in(simulators, browser, means="eherkenning", niveau="eh3", wie=KIM)
    kim = the_session()
    log_in(simulators, other, means="eherkenning", niveau="eh3", wie=PRIYA)
    token = tokens(simulators, "sub")[kim.provider_session]
    assert Client().post("/inloggen/eherkenning/afmelden", {"logout_token": token}).status_code == 200
    assert [browser.get("/mijn/").status_code, other.get("/mijn/").status_code] == [302, 200]


def test_a_logout_token_works_once(simulators: SimulatorProcess, browser: Client) -> None:
    # given
    given_resident_logged_in(simulators, browser)
    token = tokens(simulators, "sub")[the_session().provider_session]
    assert Client().post(OUT, {"logout_token": token}).status_code == 200
    # when: she logs in again and somebody sends the old token once more
    given_resident_logged_in(simulators, browser)
    again = Client().post(OUT, {"logout_token": token})
    # then
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_request"
    assert browser.get("/mijn/").status_code == 200


def test_a_logout_token_of_one_provider_is_nothing_at_another(simulators: SimulatorProcess, browser: Client) -> None:
    given_resident_logged_in(simulators, browser)
    token = tokens(simulators)[the_session().provider_session]
    assert Client().post("/inloggen/eherkenning/afmelden", {"logout_token": token}).status_code == 400
    assert browser.get("/mijn/").status_code == 200
    assert Client().post("/inloggen/onzin/afmelden", {"logout_token": token}).status_code == 404


def test_an_id_token_is_no_logout_token_and_a_logout_token_no_id_token(
    issuer: Forger, simulators: SimulatorProcess, browser: Client
) -> None:
    login = given_known_login(issuer)
    id_token = issuer.sign({**issuer.claims(), "nonce": "n", "acr": "http://eidas.europa.eu/LoA/low"}, typ="JWT")
    assert Client().post(OUT, {"logout_token": id_token}).status_code == 400
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, issuer.sign(issuer.claims()), nonce="")
    login.refresh_from_db()
    assert login.ended_at is None


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_a_post_counts(simulators: SimulatorProcess, method: str) -> None:
    assert getattr(Client(), method)(OUT).status_code == 405


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "a.b.c.d.e", "e30.e30.", "x" * 20_000, "é.é.é", "\x00.\x00.\x00", "bnVsbA.e30.e30"]
)
def test_what_is_no_token_is_refused_and_nothing_changes(
    simulators: SimulatorProcess, browser: Client, token: str
) -> None:
    given_resident_logged_in(simulators, browser)
    assert Client().post(OUT, {"logout_token": token}).status_code == 400
    assert browser.get("/mijn/").status_code == 200
    assert SpentLogout.objects.count() == 0


def test_when_the_keys_of_the_provider_cannot_be_fetched_then_it_is_asked_to_try_later(
    simulators: SimulatorProcess, browser: Client
) -> None:
    given_resident_logged_in(simulators, browser)
    token = tokens(simulators)[the_session().provider_session]
    simulators.switch(oidc="down")
    oidc.forget()
    assert Client().post(OUT, {"logout_token": token}).status_code == 503
    simulators.switch(oidc="ok")
    assert Client().post(OUT, {"logout_token": token}).status_code == 200


# -- Forged tokens ----------------------------------------------------------------------------------------------------


class Forger:
    """A provider whose keys we hold, served from the cache of what was fetched."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.provider = oidc.Provider("digid", "DigiD", "https://idp.example", "stadhuis")
        fetched = time.monotonic() + 3600
        document = {
            "issuer": "https://idp.example",
            "authorization_endpoint": "https://idp.example/a",
            "token_endpoint": "https://idp.example/t",
            "jwks_uri": "https://idp.example/jwks",
        }
        oidc._CACHE["https://idp.example/.well-known/openid-configuration"] = (fetched, document)
        oidc._CACHE["https://idp.example/jwks"] = (fetched, dict(KeySet([self.key]).as_dict(private=False)))

    def claims(self, **changes: Any) -> dict[str, Any]:
        moment = int(time.time())
        base = {
            "iss": "https://idp.example", "aud": "stadhuis", "iat": moment, "exp": moment + 120, "jti": "j-1",
            "sid": "s-1", "sub": "abc", "events": {oidc.LOGOUT_EVENT: {}},
        }  # fmt: skip
        return {name: value for name, value in (base | changes).items() if value is not None}

    def sign(self, claims: dict[str, Any], *, typ: str = "logout+jwt") -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1", "typ": typ}, claims, self.key)


@pytest.fixture
def issuer(settings: Settings) -> Any:
    settings.DIGID_ISSUER = "https://idp.example"
    oidc.forget()
    yield Forger()
    oidc.forget()


def given_known_login(issuer: Forger) -> LoginSession:
    from datetime import timedelta

    from stadhuis.kit.time import now
    from stadhuis.people import public as people
    from stadhuis.people.actions.login import _subject_lookup

    return LoginSession.objects.create(
        kind="resident", person_id=people.person_for_bsn(NOOR), means="digid", level="low", issuer="https://idp.example",
        provider_session="s-1", subject_lookup=_subject_lookup("https://idp.example", "abc"), started_at=now(),
        last_seen_at=now(), ends_at=now() + timedelta(hours=8),
    )  # fmt: skip


def is_over(login: LoginSession) -> bool:
    login.refresh_from_db()
    return login.ended_at is not None


def test_a_sound_token_ends_the_session(issuer: Forger) -> None:
    login = given_known_login(issuer)
    assert Client().post(OUT, {"logout_token": issuer.sign(issuer.claims())}).status_code == 200
    assert is_over(login)
    assert login.end_reason == "provider"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://iemand-anders.example"},
        {"aud": "iemand-anders"},
        {"aud": None},
        {"exp": None},
        {"exp": 1},
        {"exp": 99999999999},
        {"iat": None},
        {"iat": 1},
        {"iat": 99999999999},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"events": None},
        {"events": []},
        {"events": {"http://schemas.openid.net/event/iets-anders": {}}},
        {"events": {oidc.LOGOUT_EVENT: "ja"}},
        {"nonce": "n"},
        {"nonce": ""},
        {"sid": None, "sub": None},
        {"sid": "", "sub": ""},
        {"sid": ["s-1"], "sub": None},
    ],
)
def test_a_token_with_one_wrong_claim_ends_nothing(issuer: Forger, changes: dict[str, Any]) -> None:
    login = given_known_login(issuer)
    assert Client().post(OUT, {"logout_token": issuer.sign(issuer.claims(**changes))}).status_code == 400
    assert not is_over(login)
    assert SpentLogout.objects.count() == 0


@pytest.mark.parametrize("changes", [{"sid": "s-2"}, {"sub": "iemand"}, {"sid": "s-2", "sub": None}])
def test_a_token_about_another_session_or_person_ends_nothing_here(issuer: Forger, changes: dict[str, Any]) -> None:
    login = given_known_login(issuer)
    assert Client().post(OUT, {"logout_token": issuer.sign(issuer.claims(**changes))}).status_code == 200
    assert not is_over(login)


def test_a_token_of_another_type_ends_nothing(issuer: Forger) -> None:
    login = given_known_login(issuer)
    assert Client().post(OUT, {"logout_token": issuer.sign(issuer.claims(), typ="at+jwt")}).status_code == 400
    assert not is_over(login)


def test_a_token_without_signature_ends_nothing(issuer: Forger) -> None:
    login = given_known_login(issuer)
    unsigned = jws.serialize_compact(
        {"alg": "none"}, json.dumps(issuer.claims()), OctKey.generate_key(), algorithms=["none"]
    )
    assert Client().post(OUT, {"logout_token": unsigned}).status_code == 400
    assert not is_over(login)


def test_a_token_signed_with_the_public_key_as_secret_ends_nothing(issuer: Forger) -> None:
    login = given_known_login(issuer)
    parts = ({"alg": "HS256", "kid": "k1", "typ": "logout+jwt"}, issuer.claims())
    head = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.new(issuer.key.as_pem(private=False), head, "sha256").digest()
    forged = (head + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()
    assert Client().post(OUT, {"logout_token": forged}).status_code == 400
    assert not is_over(login)


def test_a_token_of_an_unknown_key_ends_nothing(issuer: Forger) -> None:
    login = given_known_login(issuer)
    own = RSAKey.generate_key(2048, {"kid": "k1"})
    forged = jwt.encode({"alg": "RS256", "kid": "k1", "typ": "logout+jwt"}, issuer.claims(), own)
    assert Client().post(OUT, {"logout_token": forged}).status_code == 400
    assert not is_over(login)


def test_at_night_spent_tokens_that_have_expired_go(issuer: Forger) -> None:
    given_known_login(issuer)
    Client().post(OUT, {"logout_token": issuer.sign(issuer.claims())})
    jobs.tidy_up(0)
    assert SpentLogout.objects.count() == 1
    SpentLogout.objects.update(expires_at="2026-01-01T00:00:00Z")
    jobs.tidy_up(0)
    assert SpentLogout.objects.count() == 0
