"""Residents and companies log in at a real provider process, over HTTP; and what an attacker tries."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.conf import settings as live
from django.test import Client
from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from pytest_django.fixtures import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people import oidc
from stadhuis.people import public as people
from stadhuis.people.errors import LoginFailed
from stadhuis.people.models import Company, LoginSession, Representative
from stadhuis.people.tests.given import NOOR, at_the_provider, given_resident_logged_in

pytestmark = pytest.mark.django_db


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_when_a_resident_logs_in_then_the_page_opens_and_the_bsn_is_only_in_the_guarded_table(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # when
    back = given_resident_logged_in(simulators, browser, to="/mijn/?a=1")
    # then
    assert back.headers["Location"] == "/mijn/?a=1"
    person_id = people.find_person(NOOR)
    assert person_id is not None
    page = browser.get("/mijn/")
    assert page.content.decode() == f"person:{people.person_uuid(person_id)} low"
    assert page.headers["Cache-Control"] == "no-store"
    assert NOOR not in json.dumps(dict(browser.session.items()))


def test_the_request_to_the_provider_carries_pkce_state_nonce_and_the_level_of_the_service(
    simulators: SimulatorProcess, browser: Client
) -> None:
    asked = query_of(browser.get("/inloggen/digid/", {"next": "/dienst/uitkering/"}).headers["Location"])
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert min(len(asked["state"]), len(asked["nonce"])) >= 43
    assert asked["acr_values"] == "http://eidas.europa.eu/LoA/substantial"
    assert asked["redirect_uri"] == "http://localhost:8000/inloggen/digid/terug"
    again = query_of(browser.get("/inloggen/digid/").headers["Location"])
    assert not {asked["state"], asked["nonce"], asked["code_challenge"]} & set(again.values())


def test_when_someone_logs_in_for_a_company_then_company_and_acting_person_are_both_kept(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given
    started = browser.get("/inloggen/eherkenning/", {"next": "/mijn/"})
    wie = company_choice(simulators, started.headers["Location"])
    # when
    back = browser.get(at_the_provider(simulators, started.headers["Location"], wie=wie, niveau="eh3"))
    # then
    assert back.headers["Location"] == "/mijn/"
    company = Company.objects.get()
    assert company.kvk_nummer == wie.split("|")[0]
    session = LoginSession.objects.get()
    assert session.representative_id == Representative.objects.get(company=company).pk
    assert browser.get("/mijn/").content.decode() == f"company:{company.uuid} substantial"


def company_choice(simulators: SimulatorProcess, address: str) -> str:
    with httpx.Client(trust_env=False) as visitor:
        page = visitor.get(simulators.url + visitor.get(address).headers["location"]).text
    return page.split('<option value="')[1].split('"')[0]


# -- Levels -----------------------------------------------------------------------------------------------------------


def test_when_the_provider_returns_a_lower_level_than_the_service_asks_then_nobody_is_logged_in(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given
    started = browser.get("/inloggen/digid/", {"next": "/dienst/uitkering/"})
    # when
    back = browser.get(at_the_provider(simulators, started.headers["Location"], niveau="midden", fout="lower_level"))
    # then
    assert back.status_code == 403
    assert "hoger niveau" in back.content.decode()
    assert "substantieel" in back.content.decode()
    assert LoginSession.objects.count() == 0


def test_when_the_visitor_lowers_the_level_in_the_request_then_the_service_still_refuses(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given: the visitor edits acr_values on the way to the provider
    started = browser.get("/inloggen/digid/", {"next": "/dienst/uitkering/"})
    lowered = started.headers["Location"].replace("LoA%2Fsubstantial", "LoA%2Flow")
    assert lowered != started.headers["Location"]
    # when
    back = browser.get(at_the_provider(simulators, lowered, niveau="midden"))
    # then
    assert back.status_code == 403
    assert LoginSession.objects.count() == 0


def test_stepping_up_keeps_the_session_and_what_is_in_it(simulators: SimulatorProcess, browser: Client) -> None:
    # given
    given_resident_logged_in(simulators, browser)
    session = browser.session
    session["concept"] = "stap 3"
    session.save()
    before = browser.cookies[live.SESSION_COOKIE_NAME].value
    # when
    sent = browser.get("/dienst/uitkering/")
    assert sent.headers["Location"] == "/inloggen/ophogen/?next=%2Fdienst%2Fuitkering%2F"
    assert "substantieel" in browser.get(sent.headers["Location"]).content.decode()
    back = given_resident_logged_in(simulators, browser, to="/dienst/uitkering/", niveau="substantieel")
    # then
    assert back.headers["Location"] == "/dienst/uitkering/"
    assert browser.get("/dienst/uitkering/").content == b"service"
    assert browser.session["concept"] == "stap 3"
    assert browser.cookies[live.SESSION_COOKIE_NAME].value != before


def test_when_another_person_logs_in_on_the_same_browser_then_nothing_of_the_first_is_left(
    simulators: SimulatorProcess, browser: Client
) -> None:
    given_resident_logged_in(simulators, browser)
    session = browser.session
    session["concept"] = "van de eerste"
    session.save()
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    browser.get(at_the_provider(simulators, started.headers["Location"], bsn="999990019"))
    assert people.find_person("999990019") is not None
    assert "concept" not in browser.session
    assert LoginSession.objects.filter(ended_at__isnull=True).count() == 1


# -- What goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    ["unknown_acr", "wrong_nonce", "wrong_state", "expired_token", "wrong_audience", "wrong_issuer", "wrong_signature", "no_identity"],
)  # fmt: skip
def test_when_the_answer_does_not_hold_then_nobody_is_logged_in_and_a_page_offers_to_retry(
    simulators: SimulatorProcess, browser: Client, fault: str
) -> None:
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    back = browser.get(at_the_provider(simulators, started.headers["Location"], fout=fault))
    assert back.status_code in {400, 403}
    assert "/inloggen/digid/?next=" in back.content.decode()
    assert LoginSession.objects.count() == 0
    assert browser.get("/mijn/").status_code == 302


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_when_the_provider_says_it_is_broken_then_a_friendly_page_leads_back(
    simulators: SimulatorProcess, browser: Client, error: str
) -> None:
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    back = browser.get(at_the_provider(simulators, started.headers["Location"], fout=error))
    assert back.status_code == 503
    assert "niet bereikbaar" in back.content.decode()
    assert "next=%2Fmijn%2F" in back.content.decode()


def test_when_the_visitor_cancels_then_that_is_no_error(simulators: SimulatorProcess, browser: Client) -> None:
    state = query_of(browser.get("/inloggen/digid/").headers["Location"])["state"]
    back = browser.get("/inloggen/digid/terug", {"error": "access_denied", "state": state, "iss": live.DIGID_ISSUER})
    assert back.status_code == 200
    assert "gestopt met inloggen" in back.content.decode()


@pytest.mark.parametrize("trouble", ["down", "slow", "nonsense"])
def test_when_the_provider_is_down_slow_or_talks_nonsense_then_a_friendly_page_comes_in_time(
    simulators: SimulatorProcess, browser: Client, trouble: str
) -> None:
    simulators.switch(oidc=trouble)
    began = time.monotonic()
    answer = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    assert answer.status_code == 503
    assert "niet bereikbaar" in answer.content.decode()
    assert time.monotonic() - began < 2.4


def test_when_the_token_comes_too_slowly_then_the_visitor_hears_so(
    simulators: SimulatorProcess, browser: Client
) -> None:
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    back = browser.get(at_the_provider(simulators, started.headers["Location"], fout="slow"))
    assert back.status_code == 503
    assert LoginSession.objects.count() == 0


def test_when_nobody_listens_at_the_provider_then_a_friendly_page_comes(browser: Client, settings: Settings) -> None:
    settings.DIGID_ISSUER = "http://127.0.0.1:9/digid"
    oidc.forget()
    assert browser.get("/inloggen/digid/").status_code == 503


def test_when_the_provider_signs_with_a_new_key_then_logging_in_goes_on(
    simulators: SimulatorProcess, browser: Client
) -> None:
    given_resident_logged_in(simulators, browser)
    simulators.post("/practice/rotate-keys")
    time.sleep(oidc.REFRESH_SECONDS + 0.1)
    assert given_resident_logged_in(simulators, Client()).status_code == 302


# -- What an attacker tries -------------------------------------------------------------------------------------------


def test_an_answer_works_once(simulators: SimulatorProcess, browser: Client) -> None:
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    answer = at_the_provider(simulators, started.headers["Location"])
    assert browser.get(answer).status_code == 302
    again = browser.get(answer)
    assert again.status_code == 400
    assert "verlopen" in again.content.decode()
    assert LoginSession.objects.count() == 1


def test_an_answer_from_the_browser_of_an_attacker_does_not_log_the_victim_in_as_him(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given: log-in CSRF, the attacker stops before his own answer and hands it to the victim
    attacker = Client()
    answer = at_the_provider(simulators, attacker.get("/inloggen/digid/").headers["Location"])
    browser.get("/inloggen/digid/")
    # when
    refused = browser.get(answer)
    # then
    assert refused.status_code == 400
    assert browser.get("/mijn/").status_code == 302


def test_a_code_of_another_log_in_does_not_fit_ones_own_state(simulators: SimulatorProcess, browser: Client) -> None:
    # given: code injection, a stolen code with the attacker's own state
    stolen = query_of(at_the_provider(simulators, Client().get("/inloggen/digid/").headers["Location"]))
    own = query_of(browser.get("/inloggen/digid/").headers["Location"])
    # when: PKCE refuses, the verifier is another one
    answer = browser.get("/inloggen/digid/terug", {"code": stolen["code"], "state": own["state"], "iss": stolen["iss"]})
    # then
    assert answer.status_code == 400
    assert LoginSession.objects.count() == 0


def test_an_answer_of_one_provider_is_not_taken_for_that_of_another(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given (mix-up: the answer of one is handed in at the other)
    answer = at_the_provider(simulators, browser.get("/inloggen/digid/").headers["Location"])
    given = query_of(answer)
    # when
    at_the_other = browser.get("/inloggen/eherkenning/terug", given)
    # then
    assert at_the_other.status_code == 400
    other = query_of(browser.get("/inloggen/digid/").headers["Location"])
    for issuer in (live.EHERKENNING_ISSUER, "https://kwaad.example", None):
        state = query_of(browser.get("/inloggen/digid/").headers["Location"])["state"]
        sent = {"code": given["code"], "state": state} | ({"iss": issuer} if issuer else {})
        assert browser.get("/inloggen/digid/terug", sent).status_code == 400
    assert other["state"]
    assert LoginSession.objects.count() == 0


def test_a_planted_session_key_is_worth_nothing_after_log_in(simulators: SimulatorProcess, browser: Client) -> None:
    # given: session fixation
    attacker = Client()
    attacker.get("/inloggen/digid/")
    planted = attacker.cookies[live.SESSION_COOKIE_NAME].value
    browser.cookies[live.SESSION_COOKIE_NAME] = planted
    # when
    assert given_resident_logged_in(simulators, browser).status_code == 302
    # then
    assert browser.get("/mijn/").status_code == 200
    assert browser.cookies[live.SESSION_COOKIE_NAME].value != planted
    assert attacker.get("/mijn/").status_code == 302


@pytest.mark.parametrize("hostile", ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "/werkplek/"])
def test_after_log_in_nobody_is_led_to_another_site(
    simulators: SimulatorProcess, browser: Client, hostile: str
) -> None:
    assert given_resident_logged_in(simulators, browser, to=hostile).headers["Location"] == "/"


def test_a_browser_keeps_at_most_five_log_ins_under_way(simulators: SimulatorProcess, browser: Client) -> None:
    states = [query_of(browser.get("/inloggen/digid/").headers["Location"])["state"] for _ in range(7)]
    assert list(browser.session["oidc"]) == states[2:]


def test_two_tabs_can_log_in_side_by_side(simulators: SimulatorProcess, browser: Client) -> None:
    one = browser.get("/inloggen/digid/", {"next": "/mijn/?tab=1"}).headers["Location"]
    two = browser.get("/inloggen/digid/", {"next": "/mijn/?tab=2"}).headers["Location"]
    assert browser.get(at_the_provider(simulators, two)).headers["Location"] == "/mijn/?tab=2"
    assert browser.get(at_the_provider(simulators, one)).headers["Location"] == "/mijn/?tab=1"


def test_the_portal_session_opens_no_workplace(simulators: SimulatorProcess, browser: Client) -> None:
    given_resident_logged_in(simulators, browser)
    browser.cookies[live.STAFF_SESSION_COOKIE_NAME] = browser.cookies[live.SESSION_COOKIE_NAME].value
    assert browser.get("/werkplek/").status_code == 302


# -- The ID token itself ----------------------------------------------------------------------------------------------


class Issuer:
    """A provider whose keys we hold, served from the cache of what was fetched."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.provider = oidc.Provider("digid", "DigiD", "https://idp.example", "stadhuis", "geheim")
        document = {
            "issuer": "https://idp.example",
            "authorization_endpoint": "https://idp.example/a",
            "token_endpoint": "https://idp.example/t",
            "jwks_uri": "https://idp.example/jwks",
        }
        fetched = time.monotonic() + 3600
        oidc._CACHE["https://idp.example/.well-known/openid-configuration"] = (fetched, document)
        oidc._CACHE["https://idp.example/jwks"] = (fetched, dict(KeySet([self.key]).as_dict(private=False)))

    def claims(self, **changes: Any) -> dict[str, Any]:
        moment = int(time.time())
        base = {
            "iss": "https://idp.example", "aud": "stadhuis", "sub": "abc", "iat": moment, "exp": moment + 300,
            "nonce": "n", "acr": "http://eidas.europa.eu/LoA/high", oidc.BSN_CLAIM: NOOR,
        }  # fmt: skip
        return {name: value for name, value in (base | changes).items() if value is not None}

    def token(self, **changes: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"}, self.claims(**changes), self.key)


@pytest.fixture
def issuer() -> Any:
    oidc.forget()
    yield Issuer()
    oidc.forget()


def test_a_sound_token_proves_who_and_how(issuer: Issuer) -> None:
    proof = oidc.proof_of(issuer.provider, issuer.token(), nonce="n")
    assert (proof.bsn, proof.level, proof.subject) == (NOOR, "high", "abc")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://idp.example/"},
        {"iss": None},
        {"aud": "iemand-anders"},
        {"aud": ["stadhuis", "iemand-anders"]},
        {"aud": ["stadhuis"], "azp": "iemand-anders"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "morgen"},
        {"iat": None},
        {"iat": 1},
        {"iat": 99999999999},
        {"nbf": 99999999999},
        {"nonce": "m"},
        {"nonce": None},
        {"nonce": ["n"]},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {oidc.BRANCH_CLAIM: ["000090001658"]},
        {oidc.BRANCH_CLAIM: "' OR 1=1"},
        {oidc.BRANCH_CLAIM: 90001658},
        {oidc.BRANCH_CLAIM: ""},
    ],
)
def test_a_token_with_one_wrong_claim_proves_nothing(issuer: Issuer, changes: dict[str, Any]) -> None:
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, issuer.token(**changes), nonce="n")


def test_a_token_without_signature_proves_nothing(issuer: Issuer) -> None:
    unsigned = jws.serialize_compact(
        {"alg": "none"}, json.dumps(issuer.claims()), OctKey.generate_key(), algorithms=["none"]
    )
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, unsigned, nonce="n")


def test_a_token_signed_with_the_public_key_as_secret_proves_nothing(issuer: Issuer) -> None:
    # given: algorithm confusion
    parts = ({"alg": "HS256", "kid": "k1"}, issuer.claims())
    head = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.new(issuer.key.as_pem(private=False), head, "sha256").digest()
    forged = (head + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, forged, nonce="n")


def test_a_token_that_brings_its_own_key_proves_nothing(issuer: Issuer) -> None:
    own = RSAKey.generate_key(2048, {"kid": "k1"})
    forged = jwt.encode({"alg": "RS256", "kid": "k1", "jwk": own.as_dict(private=False)}, issuer.claims(), own)
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, forged, nonce="n")


def test_a_header_that_must_be_understood_and_is_not_proves_nothing_and_any_other_is_ignored(issuer: Issuer) -> None:
    from joserfc.jws import JWSRegistry

    lenient = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    header = {"alg": "RS256", "kid": "k1", "zaak": "x"}
    assert oidc.proof_of(
        issuer.provider, jwt.encode(header, issuer.claims(), issuer.key, registry=lenient), nonce="n"
    ).subject == "abc"  # fmt: skip
    parts = ({**header, "crit": ["zaak"]}, issuer.claims())
    head = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    private = issuer.key.private_key
    assert private is not None
    signature = private.sign(head, padding.PKCS1v15(), hashes.SHA256())
    critical = (head + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()
    with pytest.raises(LoginFailed):
        oidc.proof_of(issuer.provider, critical, nonce="n")


def test_a_nonce_proves_one_log_in_only(simulators: SimulatorProcess, browser: Client) -> None:
    # given: two log-ins of the same browser under way, both answered; the state of one, the code of the other
    one, two = (browser.get("/inloggen/digid/", {"next": "/mijn/"}).headers["Location"] for _ in range(2))
    first, second = query_of(at_the_provider(simulators, one)), query_of(at_the_provider(simulators, two))
    # when
    crossed = browser.get("/inloggen/digid/terug", {**first, "state": second["state"]})
    # then: refused, and that state is spent; the other one still works, once
    assert crossed.status_code == 400
    assert browser.get("/inloggen/digid/terug", second).status_code == 400
    spent = browser.get("/inloggen/digid/terug", first)
    assert spent.status_code == 400
    assert LoginSession.objects.count() == 0


@pytest.mark.parametrize("fault", ["token_down", "token_nonsense"])
def test_when_the_provider_breaks_off_half_way_then_one_page_says_what_to_do_and_a_session_that_was_there_stays(
    simulators: SimulatorProcess, browser: Client, fault: str
) -> None:
    # given: logged in at a low level, with work under way, on the way to a service that needs more
    given_resident_logged_in(simulators, browser)
    session = browser.session
    session["concept"] = "stap 3"
    session.save()
    started = browser.get("/inloggen/digid/", {"next": "/dienst/uitkering/"})
    # when
    back = browser.get(at_the_provider(simulators, started.headers["Location"], niveau="substantieel", fout=fault))
    # then
    page = back.content.decode()
    assert back.status_code == 503
    assert "niet bereikbaar" in page
    assert "next=%2Fdienst%2Fuitkering%2F" in page
    assert browser.session["concept"] == "stap 3"
    assert browser.get("/mijn/").status_code == 200


# -- Log-out ----------------------------------------------------------------------------------------------------------


def test_logging_out_ends_it_here_and_at_the_provider_without_a_bsn_in_any_address(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given
    given_resident_logged_in(simulators, browser)
    browser.get("/stijlgids/")
    thief = Client()
    thief.cookies[live.SESSION_COOKIE_NAME] = browser.cookies[live.SESSION_COOKIE_NAME].value
    lenient = Client()
    lenient.cookies[live.SESSION_COOKIE_NAME] = browser.cookies[live.SESSION_COOKIE_NAME].value
    assert browser.post("/uitloggen/").status_code == 403
    # when
    out = lenient.post("/uitloggen/")
    # then
    asked = query_of(out.headers["Location"])
    assert out.headers["Location"].startswith(f"{live.DIGID_ISSUER}/end_session?")
    assert asked["post_logout_redirect_uri"] == "http://localhost:8000/uitgelogd"
    assert "id_token_hint" not in asked
    assert thief.get("/mijn/").status_code == 302
    assert "U bent uitgelogd" in browser.get("/uitgelogd").content.decode()
