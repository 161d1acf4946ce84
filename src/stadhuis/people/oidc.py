"""DigiD and eHerkenning over OIDC: the client of the outside world.

Code flow with PKCE S256, state and nonce; the ID token is checked completely before a word of it is believed. Source: OIDC
NL GOV assurance profile; OpenID Connect Core 3.1.3.7; RFC 7636; RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from stadhuis.kit import outside
from stadhuis.kit.time import now
from stadhuis.people.errors import LoginFailed, ProviderUnavailable
from stadhuis.people.rules import Level, acr_of_level, level_of_acr

Means = Literal["digid", "eherkenning"]
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures we accept. Never ``none``, never one with a shared secret."""
BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:BSN"
KVK_CLAIM = "urn:nl-eid-gdi:1.0:id:KvKnr"
ACTING_CLAIM = "urn:etoegang:core:ActingSubjectID"
BRANCH_CLAIM = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
CACHE_SECONDS = 300
REFRESH_SECONDS = 1
"""An unknown key id makes us fetch the keys again, but not more often than this: anyone can send an unknown key id."""
LEEWAY_SECONDS = 30
MAX_TOKEN_AGE = 600
MAX_BYTES = 256 * 1024


@dataclass(frozen=True)
class Provider:
    """A provider of log-ins, as the settings name it."""

    means: Means
    name: str
    issuer: str
    client_id: str
    client_secret: str

    @property
    def redirect_uri(self) -> str:
        """Where it sends people back to: an address of its own per provider, against mix-up."""
        return f"{settings.PUBLIC_URL}/inloggen/{self.means}/terug"


@dataclass(frozen=True)
class Attempt:
    """What must be remembered of a log-in that was started, in the visitor's session."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proof:
    """What a sound ID token says."""

    issuer: str
    subject: str
    level: Level
    bsn: str = ""
    kvk_nummer: str = ""
    acting: str = ""
    branch: str = ""
    provider_session: str = ""


def provider(means: str) -> Provider:
    """Return a provider. Raises ``KeyError`` for an unknown means."""
    found: dict[str, Provider] = {
        "digid": Provider(
            "digid", "DigiD", settings.DIGID_ISSUER, settings.DIGID_CLIENT_ID, settings.DIGID_CLIENT_SECRET
        ),
        "eherkenning": Provider(
            "eherkenning",
            "eHerkenning",
            settings.EHERKENNING_ISSUER,
            settings.EHERKENNING_CLIENT_ID,
            settings.EHERKENNING_CLIENT_SECRET,
        ),
    }
    return found[means]


_CACHE: dict[str, tuple[float, dict[str, Any]]] = {}


def forget() -> None:
    """Forget what was fetched (tests; a changed setting)."""
    _CACHE.clear()


_SOURCE = outside.Source("log-in provider", max_bytes=MAX_BYTES)


def _call(method: str, url: str, **arguments: Any) -> tuple[int, Any]:
    """Return status and JSON of an answer. Raises ``ProviderUnavailable``: no answer, too slow, too large, no JSON."""
    try:
        answer = _SOURCE.call(method, url, **arguments)
        return answer.status, answer.json()
    except outside.OutsideError as error:
        raise ProviderUnavailable(type(error).__name__) from None


def _fetched(url: str, *, max_age: float = CACHE_SECONDS) -> dict[str, Any]:
    held = _CACHE.get(url)
    if held is not None and time.monotonic() - held[0] < max_age:
        return held[1]
    status, body = _call("GET", url)
    if status != 200 or not isinstance(body, dict):
        raise ProviderUnavailable(f"status {status} at a published document")
    _CACHE[url] = (time.monotonic(), body)
    return body


def discovery(of: Provider) -> dict[str, Any]:
    """Return what the provider publishes about itself; checked, and kept for five minutes."""
    url = f"{of.issuer}/.well-known/openid-configuration"
    found = _fetched(url)
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    sound = found.get("issuer") == of.issuer and all(_is_address(found.get(name)) for name in needed)
    if not sound:
        _CACHE.pop(url, None)
        raise ProviderUnavailable("discovery document does not fit the issuer")
    return found


def _is_address(value: object) -> bool:
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and not settings.IS_PRODUCTION))


def begin() -> Attempt:
    """Return fresh secrets for one log-in (state and nonce of 256 bits)."""
    return Attempt(state=generate_token(43), nonce=generate_token(43), verifier=generate_token(64))


def authorization_url(of: Provider, attempt: Attempt, *, level: Level) -> str:
    """Return where the visitor goes to log in. Raises ``ProviderUnavailable``."""
    endpoint = str(discovery(of)["authorization_endpoint"])
    query = urlencode(
        {
            "response_type": "code",
            "client_id": of.client_id,
            "redirect_uri": of.redirect_uri,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
            "acr_values": acr_of_level(level or "low"),
        }
    )
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def check_answer_issuer(of: Provider, given: str | None) -> None:
    """Raise ``LoginFailed`` when an answer comes from another provider than this log-in was started at. Source: RFC 9207."""
    promised = discovery(of).get("authorization_response_iss_parameter_supported") is True
    if (given is None and promised) or (given is not None and given != of.issuer):
        raise LoginFailed("answer of another issuer")


def redeem(of: Provider, attempt: Attempt, code: str) -> Proof:
    """Exchange a code for a proof. Raises ``ProviderUnavailable`` and ``LoginFailed``."""
    status, body = _call(
        "POST",
        str(discovery(of)["token_endpoint"]),
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": of.redirect_uri,
            "code_verifier": attempt.verifier,
        },
        auth=(of.client_id, of.client_secret),
        headers={"Accept": "application/json"},
    )
    if status >= 500:
        raise ProviderUnavailable(f"token endpoint answers {status}")
    if status != 200:
        raise LoginFailed(f"token endpoint refuses the code ({status})")
    token = body.get("id_token") if isinstance(body, dict) else None
    if not isinstance(token, str):
        raise ProviderUnavailable("no ID token in the answer")
    return proof_of(of, token, nonce=attempt.nonce)


def proof_of(of: Provider, token: str, *, nonce: str) -> Proof:
    """Return what an ID token proves, after every check of OpenID Connect Core 3.1.3.7. Raises ``LoginFailed``."""
    claims = _verified(of, token)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    moment = now().timestamp()
    faults = {
        "issuer": claims.get("iss") != of.issuer,
        "audience": of.client_id not in audiences,
        "authorized party": (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != of.client_id,
        "expiry": not _is_moment(claims.get("exp")) or claims["exp"] <= moment - LEEWAY_SECONDS,
        "issued at": not _is_moment(claims.get("iat"))
        or not moment - MAX_TOKEN_AGE <= claims["iat"] <= moment + LEEWAY_SECONDS,
        "not before": "nbf" in claims and (not _is_moment(claims["nbf"]) or claims["nbf"] > moment + LEEWAY_SECONDS),
        "nonce": not isinstance(claims.get("nonce"), str)
        or not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()),
        "subject": not isinstance(claims.get("sub"), str) or not 1 <= len(str(claims.get("sub"))) <= 255,
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise LoginFailed(f"ID token: {', '.join(wrong)}")
    return Proof(
        issuer=of.issuer,
        subject=str(claims["sub"]),
        level=level_of_acr(claims.get("acr")),
        bsn=_text(claims, BSN_CLAIM) if of.means == "digid" else "",
        kvk_nummer=_text(claims, KVK_CLAIM) if of.means == "eherkenning" else "",
        acting=_text(claims, ACTING_CLAIM),
        branch=_text(claims, BRANCH_CLAIM)[:12],
        provider_session=_text(claims, "sid")[:255],
    )


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _verified(of: Provider, token: str) -> dict[str, Any]:
    address = str(discovery(of)["jwks_uri"])
    last: Exception | None = None
    # A second look at the keys covers a provider that changed them a moment ago.
    for max_age in (CACHE_SECONDS, REFRESH_SECONDS):
        try:
            keys = KeySet.import_key_set(_fetched(address, max_age=max_age))  # type: ignore[arg-type]
            return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            last = error
    raise LoginFailed(f"signature: {type(last).__name__}")


def logout_url(of: Provider, *, provider_session: str = "") -> str | None:
    """Return where the visitor ends the session at the provider, or None when it has no such place or is down.

    No ``id_token_hint``: the ID token holds a BSN, and that never stands in an address.
    """
    try:
        endpoint = discovery(of).get("end_session_endpoint")
    except ProviderUnavailable:
        return None
    if not _is_address(endpoint):
        return None
    query = {"client_id": of.client_id, "post_logout_redirect_uri": f"{settings.PUBLIC_URL}/uitgelogd"}
    if provider_session:
        query["logout_hint"] = provider_session
    return f"{endpoint}{'&' if '?' in str(endpoint) else '?'}{urlencode(query)}"
