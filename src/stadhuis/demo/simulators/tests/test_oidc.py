"""The practice DigiD and eHerkenning, walked through by a real OAuth client (Authlib) and a browser without JavaScript."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from stadhuis.kit.tests.simulators import SimulatorProcess

LOA = "http://eidas.europa.eu/LoA/"
BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:BSN"
KVK_CLAIM = "urn:nl-eid-gdi:1.0:id:KvKnr"
NOOR = "999990184"


@dataclass
class Walk:
    """A person in a browser who logs in at one means for one application."""

    simulators: SimulatorProcess
    means: str = "digid"
    asked: dict[str, str] = field(default_factory=dict)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def __post_init__(self) -> None:
        self.issuer = f"{self.simulators.url}/{self.means}"
        self.redirect_uri = f"http://localhost:8000/inloggen/{self.means}/terug"
        self.browser = httpx.Client(trust_env=False, verify=False, timeout=10)
        self.metadata = self.browser.get(f"{self.issuer}/.well-known/openid-configuration").json()

    def client(self, secret: str = "stadhuis-practice-secret") -> OAuth2Client:
        return OAuth2Client(
            "stadhuis", secret, redirect_uri=self.redirect_uri, scope="openid", code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic", trust_env=False, verify=False,
        )  # fmt: skip

    def authorize(self, **changes: str | None) -> httpx.Response:
        url, _ = self.client().create_authorization_url(
            self.metadata["authorization_endpoint"],
            state=self.state,
            code_verifier=self.verifier,
            nonce=self.nonce,
            **self.asked,
        )
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()} | changes
        return self.browser.get(
            f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode({k: v for k, v in query.items() if v is not None})}"
        )

    def choose(self, wie: str = NOOR, niveau: str = "midden", **fields: str) -> httpx.Response:
        answer = self.authorize()
        assert answer.status_code == 303, answer.text
        self.login_path = answer.headers["location"]
        page = self.browser.get(self.simulators.url + self.login_path)
        assert page.status_code == 200
        return self.browser.post(self.simulators.url + self.login_path, data={"wie": wie, "niveau": niveau, **fields})

    def confirm(self, chosen: httpx.Response) -> httpx.Response:
        assert chosen.status_code == 303, chosen.text
        address = self.simulators.url + chosen.headers["location"]
        assert "<svg" in self.browser.get(address).text
        return self.browser.post(address, data={"actie": "bevestigen"})

    def answer(self, response: httpx.Response) -> dict[str, str]:
        assert response.status_code == 303, response.text
        location = response.headers["location"]
        assert location.startswith(self.redirect_uri + "?")
        return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}

    def log_in(self, wie: str = NOOR, niveau: str = "midden", **fields: str) -> dict[str, str]:
        return self.answer(self.confirm(self.choose(wie, niveau, **fields)))

    def redeem(self, answer: dict[str, str], **changes: str) -> dict[str, Any]:
        with self.client() as client:
            token: dict[str, Any] = client.fetch_token(
                self.metadata["token_endpoint"], grant_type="authorization_code",
                **{"code": answer["code"], "code_verifier": self.verifier, "redirect_uri": self.redirect_uri} | changes,
            )  # fmt: skip
            return token

    def keys(self) -> KeySet:
        return KeySet.import_key_set(self.browser.get(self.metadata["jwks_uri"]).json())

    def claims(self, token: dict[str, Any]) -> dict[str, Any]:
        return jwt.decode(token["id_token"], self.keys(), algorithms=["RS256"]).claims


def test_when_a_resident_logs_in_then_the_id_token_says_who_with_which_level(simulators: SimulatorProcess) -> None:
    # given
    walk = Walk(simulators, asked={"acr_values": LOA + "substantial"})
    # when
    answer = walk.log_in(NOOR, "substantieel")
    token = walk.redeem(answer)
    claims = walk.claims(token)
    # then
    assert answer["state"] == walk.state
    assert answer["iss"] == walk.issuer == walk.metadata["issuer"]
    assert claims["iss"] == walk.issuer
    assert claims["aud"] == "stadhuis"
    assert claims["nonce"] == walk.nonce
    assert claims["acr"] == LOA + "substantial"
    assert claims[BSN_CLAIM] == NOOR
    assert abs(claims["exp"] - claims["iat"] - 300) <= 1
    assert abs(claims["iat"] - time.time()) < 30
    assert NOOR not in claims["sub"]


def test_when_the_same_person_comes_again_then_the_subject_is_the_same_and_for_another_person_it_is_not(
    simulators: SimulatorProcess,
) -> None:
    subjects = []
    for person in (NOOR, NOOR, "999991012"):
        walk = Walk(simulators)
        subjects.append(walk.claims(walk.redeem(walk.log_in(person)))["sub"])
    assert subjects[0] == subjects[1] != subjects[2]


def test_when_an_entrepreneur_logs_in_then_company_branch_and_pseudonym_are_told_and_no_bsn(
    simulators: SimulatorProcess,
) -> None:
    walk = Walk(simulators, means="eherkenning", asked={"acr_values": LOA + "substantial"})
    claims = walk.claims(walk.redeem(walk.log_in("90001647|pieter-zijlstra|000090001658", "eh3")))
    assert claims[KVK_CLAIM] == "90001647"
    assert claims["urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"] == "000090001658"
    assert claims["urn:etoegang:core:ActingSubjectID"] == claims["sub"]
    assert claims["acr"] == LOA + "substantial"
    assert BSN_CLAIM not in claims
    colleague = Walk(simulators, means="eherkenning")
    other = colleague.claims(colleague.redeem(colleague.log_in("90001647|jan-willem-ruiter|", "eh3")))
    assert other["sub"] != claims["sub"]
    assert "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr" not in other


def test_when_the_level_is_below_what_is_asked_then_the_page_says_so(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators, asked={"acr_values": LOA + "high"})
    answer = walk.choose(NOOR, "substantieel")
    assert answer.status_code == 400
    assert "Met dit niveau kunt u niet inloggen bij deze dienst" in answer.text
    assert 'href="#niveau"' in answer.text


def test_when_the_lower_level_is_sent_on_purpose_then_the_token_tells_it_honestly(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators, asked={"acr_values": LOA + "high"})
    claims = walk.claims(walk.redeem(walk.log_in(NOOR, "midden", fout="lower_level")))
    assert claims["acr"] == LOA + "low"


@pytest.mark.parametrize("bsn", ["12345678", "123456782", "999990185", "abc"])
def test_when_an_impossible_or_real_looking_bsn_is_typed_then_it_is_refused(
    simulators: SimulatorProcess, bsn: str
) -> None:
    answer = Walk(simulators).choose(bsn=bsn)
    assert answer.status_code == 400
    assert "Vul een test-BSN in" in answer.text


def test_when_the_phone_confirms_with_the_pairing_code_then_the_other_screen_goes_on(
    simulators: SimulatorProcess,
) -> None:
    # given
    walk = Walk(simulators)
    chosen = walk.choose()
    address = simulators.url + chosen.headers["location"]
    page = walk.browser.get(address).text
    pairing = re.search(r'class="pair">([A-Z]{4})<', page)
    assert pairing is not None
    # when the person is too early
    early = walk.browser.post(address, data={"actie": "kijken"})
    # then
    assert "nog niet bevestigd" in early.text
    # when the phone opens the address of the QR code and mistypes, then types the code
    phone = re.search(r'href="([^"]+/digid/app/[^"]+)"', page)
    assert phone is not None
    assert httpx.get(phone[1], trust_env=False, verify=False).status_code == 200
    assert httpx.post(phone[1], data={"code": "AAAA"}, trust_env=False, verify=False).status_code == 400
    assert httpx.post(phone[1], data={"code": pairing[1].lower()}, trust_env=False, verify=False).status_code == 200
    # then
    answer = walk.answer(walk.browser.post(address, data={"actie": "kijken"}))
    assert walk.claims(walk.redeem(answer))[BSN_CLAIM] == NOOR
    assert httpx.get(phone[1], trust_env=False, verify=False).status_code == 410


def test_when_the_person_cancels_then_the_application_hears_access_denied(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    walk.choose()
    cancelled = walk.browser.post(simulators.url + walk.login_path.replace("/login/", "/annuleren/"))
    answer = walk.answer(cancelled)
    assert (answer["error"], answer["state"]) == ("access_denied", walk.state)
    again = walk.browser.get(simulators.url + walk.login_path)
    assert again.status_code == 410


@pytest.mark.parametrize("fault", ["server_error", "temporarily_unavailable"])
def test_when_the_provider_fails_then_the_application_hears_which_error(
    simulators: SimulatorProcess, fault: str
) -> None:
    walk = Walk(simulators)
    assert walk.answer(walk.choose(fout=fault))["error"] == fault


def test_when_a_faulty_token_is_chosen_then_it_is_faulty_in_just_that_way(simulators: SimulatorProcess) -> None:
    def claims(fault: str) -> tuple[Walk, dict[str, Any]]:
        walk = Walk(simulators)
        return walk, walk.claims(walk.redeem(walk.log_in(fout=fault)))

    walk, wrong_nonce = claims("wrong_nonce")
    assert wrong_nonce["nonce"] != walk.nonce
    assert claims("expired_token")[1]["exp"] < time.time()
    assert not claims("unknown_acr")[1]["acr"].startswith(LOA)
    assert claims("wrong_audience")[1]["aud"] != "stadhuis"
    walk, wrong_issuer = claims("wrong_issuer")
    assert wrong_issuer["iss"] != walk.issuer
    assert BSN_CLAIM not in claims("no_identity")[1]


def test_when_the_signature_is_forged_then_no_published_key_fits(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    token = walk.redeem(walk.log_in(fout="wrong_signature"))
    with pytest.raises(Exception, match="bad_signature"):
        walk.claims(token)


def test_when_the_state_is_wrong_then_the_answer_carries_another_one(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    assert walk.log_in(fout="wrong_state")["state"] != walk.state


def test_when_the_answer_is_slow_then_the_token_takes_its_time(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    answer = walk.log_in(fout="slow")
    begun = time.monotonic()
    walk.redeem(answer)
    assert time.monotonic() - begun > 1.1


def _error(
    walk: Walk,
    answer: dict[str, str],
    auth: tuple[str, str] | None = ("stadhuis", "stadhuis-practice-secret"),
    **changes: str,
) -> tuple[int, str]:
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": walk.redirect_uri,
        "code_verifier": walk.verifier,
    }
    response = httpx.post(
        walk.metadata["token_endpoint"], data=form | changes, auth=auth, trust_env=False, verify=False
    )
    return response.status_code, str(response.json().get("error"))


def test_when_a_code_is_used_twice_then_the_second_time_is_refused(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    answer = walk.log_in()
    walk.redeem(answer)
    assert _error(walk, answer) == (400, "invalid_grant")


def test_when_the_verifier_the_address_or_the_issuer_differs_then_the_code_is_refused(
    simulators: SimulatorProcess,
) -> None:
    walk = Walk(simulators)
    assert _error(walk, walk.log_in(), code_verifier=secrets.token_urlsafe(48)) == (400, "invalid_grant")
    assert _error(walk, walk.log_in(), redirect_uri="http://localhost:8000/inloggen/eherkenning/terug") == (
        400,
        "invalid_grant",
    )
    other = Walk(simulators, means="eherkenning")
    answer = walk.log_in()
    walk.metadata = other.metadata
    assert _error(walk, answer) == (400, "invalid_grant")


def test_when_the_client_is_not_who_it_says_then_it_is_refused(simulators: SimulatorProcess) -> None:
    walk = Walk(simulators)
    answer = walk.log_in()
    assert _error(walk, answer, auth=("stadhuis", "fout")) == (401, "invalid_client")
    assert _error(walk, answer, auth=None) == (401, "invalid_client")
    # a secret in the body is not a way this provider knows
    assert _error(walk, answer, auth=None, client_id="stadhuis", client_secret="stadhuis-practice-secret") == (
        401,
        "invalid_client",
    )


def _assertion(key: RSAKey, audience: str, **changes: Any) -> dict[str, str]:
    now = int(time.time())
    claims = {
        "iss": "stadhuis",
        "sub": "stadhuis",
        "aud": audience,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_hex(8),
    } | changes
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "RS256", "kid": "app-1"}, claims, key),
    }


def test_when_the_client_signs_a_jwt_then_it_is_known_without_a_secret(
    simulators: SimulatorProcess, client_key: RSAKey
) -> None:
    walk = Walk(simulators)
    endpoint = walk.metadata["token_endpoint"]
    proof = _assertion(client_key, endpoint)
    assert _error(walk, walk.log_in(), auth=None, **proof) == (200, "None")
    # the same proof again, a proof for someone else, an old one, and one by another key
    answer = walk.log_in()
    for refused in (
        proof,
        _assertion(client_key, "https://elders.example/token"),
        _assertion(client_key, endpoint, exp=int(time.time()) - 5),
        _assertion(RSAKey.generate_key(2048, {"kid": "app-1"}), endpoint),
        _assertion(client_key, endpoint, sub="iemand"),
    ):
        assert _error(walk, answer, auth=None, **refused) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "eyJ"}, "request_not_supported"),
    ],
)
def test_when_the_request_is_not_by_the_profile_then_it_is_sent_back_with_an_error(
    simulators: SimulatorProcess, changes: dict[str, str | None], error: str
) -> None:
    walk = Walk(simulators)
    assert walk.answer(walk.authorize(**changes))["error"] == error


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:8000/inloggen/digid/terug/",
        "http://localhost:8000/inloggen/digid/terug?x=1",
        "https://kwaad.example/",
        "",
    ],
)
def test_when_the_redirect_address_is_not_registered_then_nobody_is_redirected(
    simulators: SimulatorProcess, redirect_uri: str
) -> None:
    answer = Walk(simulators).authorize(redirect_uri=redirect_uri)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_when_the_client_is_unknown_then_nobody_is_redirected(simulators: SimulatorProcess) -> None:
    answer = Walk(simulators).authorize(client_id="iemand")
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_when_someone_logs_out_then_he_goes_back_only_to_a_registered_address(simulators: SimulatorProcess) -> None:
    back = simulators.get(
        "/digid/end_session",
        params={"client_id": "stadhuis", "post_logout_redirect_uri": "http://localhost:8000/", "state": "abc"},
    )
    assert back.headers["location"] == "http://localhost:8000/?state=abc"
    stay = simulators.get(
        "/digid/end_session", params={"client_id": "stadhuis", "post_logout_redirect_uri": "https://kwaad.example/"}
    )
    assert stay.status_code == 200
    assert "location" not in stay.headers


def test_when_the_keys_rotate_then_new_tokens_carry_a_new_kid_and_old_tokens_still_check(
    simulators: SimulatorProcess,
) -> None:
    walk = Walk(simulators)
    before = walk.redeem(walk.log_in())
    assert simulators.post("/practice/rotate-keys").status_code == 204
    later = Walk(simulators)
    after = later.redeem(later.log_in())
    old, new = (
        jwt.decode(token["id_token"], walk.keys(), algorithms=["RS256"]).header["kid"] for token in (before, after)
    )
    assert old != new


def test_when_the_provider_is_down_or_talks_nonsense_then_discovery_shows_it(simulators: SimulatorProcess) -> None:
    path = "/digid/.well-known/openid-configuration"
    simulators.switch(oidc="down")
    assert simulators.get(path).status_code == 503
    simulators.switch(oidc="nonsense")
    assert simulators.get(path).headers["content-type"].startswith("text/html")
    simulators.switch(oidc="slow")
    begun = time.monotonic()
    assert simulators.get(path).status_code == 200
    assert time.monotonic() - begun > 1.1


def test_when_a_page_is_shown_then_its_policy_allows_no_script_and_it_has_no_inline_style(
    simulators: SimulatorProcess,
) -> None:
    walk = Walk(simulators)
    chosen = walk.choose()
    for path in ("/", "/mail", "/switches", "/nergens", chosen.headers["location"]):
        page = simulators.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self' http://localhost:8000" in policy
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.text)
        assert "Dit is een oefenomgeving" in page.text


def test_the_challenge_of_authlib_is_the_one_we_compute() -> None:
    from stadhuis.demo.simulators.oidc_tokens import challenge_of

    assert challenge_of("a" * 43) == create_s256_code_challenge("a" * 43)
