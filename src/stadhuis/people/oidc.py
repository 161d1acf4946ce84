"""DigiD, eHerkenning and eIDAS over OIDC: the client of the outside world.

Code flow with PKCE S256, state and nonce; the ID token is checked completely before a word of it is believed, and so is a
logout token. Source: OIDC NL GOV assurance profile; OpenID Connect Core 3.1.3.7; Back-Channel Logout 1.0; RFC 7636; RFC 9207
(issuer in the answer); RFC 8705 (mTLS).
"""

from __future__ import annotations

import hmac
import json
import re
import ssl
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from stadhuis.kit import outside
from stadhuis.kit.time import now, today
from stadhuis.people import keys as own_keys
from stadhuis.people.errors import LoginFailed, MandateUnusable, ProviderUnavailable
from stadhuis.people.representation import Representation, RepresentationUnusable, read_representation, text
from stadhuis.people.rules import Level, acr_of_level, level_of_acr

Means = Literal["digid", "eherkenning", "eidas"]
Authentication = Literal["private_key_jwt", "mtls", "client_secret_basic"]
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures we accept. Never ``none``, never one with a shared secret."""
BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:BSN"
KVK_CLAIM = "urn:nl-eid-gdi:1.0:id:KvKnr"
ACTING_CLAIM = "urn:etoegang:core:ActingSubjectID"
BRANCH_CLAIM = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
GIVEN_CLAIMS = ("urn:etoegang:1.9:attribute:FirstName", "given_name")
FAMILY_CLAIMS = ("urn:etoegang:1.9:attribute:FamilyName", "family_name")
BIRTH_CLAIMS = ("urn:etoegang:1.9:attribute:DateOfBirth", "birthdate")
"""What eIDAS says about a natural person: the minimum data set, with a family name that is not split."""
LEGAL_ID_CLAIMS = ("urn:etoegang:1.11:EntityConcernedID:eIDASLegalIdentifier", "legal_person_identifier")
LEGAL_NAME_CLAIMS = ("urn:etoegang:1.11:attribute-represented:CompanyName", "legal_name")
"""What eIDAS says about a legal person: the mandatory part of its minimum data set. Source: Implementing Regulation (EU) 2015/1501, annex 2."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
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
    client_secret: str = field(default="", repr=False)
    authentication: Authentication = "client_secret_basic"
    """How we prove who we are. The profile wants private_key_jwt or mtls; a secret is for brokers that cannot do either."""
    certificate: str = ""
    certificate_key: str = ""
    """PEM files of our client certificate, for mtls."""

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
    given_name: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    birthdate: date | None = field(default=None, repr=False)
    legal_id: str = field(default="", repr=False)
    legal_name: str = field(default="", repr=False)
    """Of a legal person from another country of the EU; whoever logs in acts for it."""
    represents: Representation | None = None


@dataclass(frozen=True)
class LogoutOrder:
    """What a sound logout token asks: end this session at the provider, or every session of this subject."""

    issuer: str
    jti: str
    expires_at: float
    session: str = ""
    subject: str = field(default="", repr=False)


NAMES: Mapping[str, str] = {"digid": "DigiD", "eherkenning": "eHerkenning", "eidas": "eIDAS"}


def provider(means: str) -> Provider:
    """Return a provider. Raises ``KeyError`` for an unknown means, or one that this town does not have."""
    name = NAMES[means]
    prefix = means.upper()
    issuer = str(getattr(settings, f"{prefix}_ISSUER"))
    if not issuer:
        raise KeyError(means)
    return Provider(
        means,  # type: ignore[arg-type]
        name,
        issuer,
        getattr(settings, f"{prefix}_CLIENT_ID"),
        getattr(settings, f"{prefix}_CLIENT_SECRET"),
        getattr(settings, f"{prefix}_CLIENT_AUTH"),
        settings.LOGIN_CERTIFICATE_FILE,
        settings.LOGIN_CERTIFICATE_KEY_FILE,
    )


def offered() -> list[str]:
    """Return the means that this town has a provider for."""
    return [means for means in NAMES if getattr(settings, f"{means.upper()}_ISSUER")]


_CACHE: dict[str, tuple[float, dict[str, Any]]] = {}


def forget() -> None:
    """Forget what was fetched (tests; a changed setting)."""
    _CACHE.clear()


_SOURCE = outside.Source("log-in provider", max_bytes=MAX_BYTES)


def _call(method: str, url: str, *, source: outside.Source = _SOURCE, **arguments: Any) -> tuple[int, Any]:
    """Return status and JSON of an answer. Raises ``ProviderUnavailable``: no answer, too slow, too large, no JSON."""
    try:
        answer = source.call(method, url, **arguments)
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
    status, body = post_to_token_endpoint(
        of,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": of.redirect_uri,
            "code_verifier": attempt.verifier,
        },
    )
    if status >= 500:
        raise ProviderUnavailable(f"token endpoint answers {status}")
    if status != 200:
        said = body.get("error") if isinstance(body, dict) else ""
        if said in {"invalid_client", "unauthorized_client"}:
            # Not the visitor's doing: our keys, certificate or secret are not (or no longer) known there.
            raise ProviderUnavailable(f"token endpoint does not know us ({said})")
        raise LoginFailed(f"token endpoint refuses the code ({status})")
    token = body.get("id_token") if isinstance(body, dict) else None
    if not isinstance(token, str):
        raise ProviderUnavailable("no ID token in the answer")
    return proof_of(of, token, nonce=attempt.nonce)


def post_to_token_endpoint(of: Provider, form: dict[str, str]) -> tuple[int, Any]:
    """Return status and JSON; asks with exactly one way of proving who we are. Source: OIDC NL GOV, Client Authentication; RFC 8705 section 5."""
    document = discovery(of)
    address = str(document["token_endpoint"])
    more: dict[str, Any] = {}
    match of.authentication:
        case "private_key_jwt":
            try:
                proof = own_keys.assertion(of.client_id, of.issuer)
            except own_keys.KeysUnusable as error:
                raise ProviderUnavailable(f"our own keys: {error}") from None
            form |= {
                "client_id": of.client_id,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": proof,
            }
        case "mtls":
            aliases = document.get("mtls_endpoint_aliases")
            alias = aliases.get("token_endpoint") if isinstance(aliases, dict) else None
            address = str(alias) if _is_address(alias) else address
            form |= {"client_id": of.client_id}
            more["source"] = outside.Source(
                "log-in provider",
                max_bytes=MAX_BYTES,
                ssl_context=_tls_with_certificate(of.certificate, of.certificate_key),
            )
        case _:
            more["auth"] = (of.client_id, of.client_secret)
    return _call("POST", address, data=form, headers={"Accept": "application/json"}, **more)


def _tls_with_certificate(certificate: str, key: str) -> ssl.SSLContext:
    """Return TLS that shows our certificate, read anew each time so that a renewed one is used at once."""
    try:
        tls = ssl.create_default_context()
        tls.load_cert_chain(certificate, key or None)
    except (OSError, ValueError) as error:
        raise ProviderUnavailable(f"our own certificate: {type(error).__name__}") from None
    return tls


def proof_of(of: Provider, token: str, *, nonce: str) -> Proof:
    """Return what an ID token proves, after every check of OpenID Connect Core 3.1.3.7.

    Raises ``LoginFailed``, and ``MandateUnusable`` when somebody acts for someone else in a way we cannot go by.
    """
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
        # A restriction that cannot be read must not turn into none.
        "branch": BRANCH_CLAIM in claims and re.fullmatch(r"[0-9]{12}", str(claims[BRANCH_CLAIM])) is None,
        "subject": not isinstance(claims.get("sub"), str) or not 1 <= len(str(claims.get("sub"))) <= 255,
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise LoginFailed(f"ID token: {', '.join(wrong)}")
    try:
        represents = read_representation(claims, on=today())
    except RepresentationUnusable as error:
        raise MandateUnusable(str(error)) from None
    is_foreign = of.means == "eidas"
    legal_id = text(claims, *LEGAL_ID_CLAIMS) if is_foreign else ""
    legal_name = text(claims, *LEGAL_NAME_CLAIMS)[:625] if is_foreign else ""
    # Half a legal person must not turn into the natural person who acts for it.
    is_legal = is_foreign and any(name in claims for name in (*LEGAL_ID_CLAIMS, *LEGAL_NAME_CLAIMS))
    if is_legal and not (legal_name and 1 <= len(legal_id) <= 255):
        raise LoginFailed("ID token: legal person")
    return Proof(
        issuer=of.issuer,
        subject=str(claims["sub"]),
        level=level_of_acr(claims.get("acr")),
        given_name=text(claims, *GIVEN_CLAIMS)[:200] if is_foreign else "",
        family_name=text(claims, *FAMILY_CLAIMS)[:200] if is_foreign else "",
        birthdate=_birthdate(claims) if is_foreign else None,
        legal_id=legal_id,
        legal_name=legal_name,
        represents=represents,
        bsn=_text(claims, BSN_CLAIM) if of.means in {"digid", "eidas"} else "",
        kvk_nummer=_text(claims, KVK_CLAIM) if of.means == "eherkenning" else "",
        acting=_text(claims, ACTING_CLAIM),
        branch=_text(claims, BRANCH_CLAIM),
        provider_session=_text(claims, "sid")[:255],
    )


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _birthdate(claims: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(text(claims, *BIRTH_CLAIMS))
    except ValueError:
        return None


def _verified(of: Provider, token: str, *, typ: str = "") -> dict[str, Any]:
    """Return the claims of a token whose signature is the provider's. Raises ``LoginFailed`` and ``ProviderUnavailable``.

    A key id that we do not hold makes us look at the published keys once more, which covers a provider that changed them
    a moment ago; a wrong signature under a key we hold does not.
    """
    try:
        signed = own_keys.unseal(token)
        header = _header(signed)
    except (JoseError, own_keys.KeysUnusable, ValueError, KeyError, TypeError) as error:
        raise LoginFailed(f"token: {type(error).__name__}") from None
    if typ and str(header.get("typ", typ)).lower() not in {typ, "jwt"}:
        raise LoginFailed("token of another kind")
    address = str(discovery(of)["jwks_uri"])
    try:
        held = _fetched(address)
        if header.get("kid") not in _key_ids(held):
            held = _fetched(address, max_age=REFRESH_SECONDS)
        keys = KeySet.import_key_set(held)  # type: ignore[arg-type]
        # A header we do not know is ignored, as it should be (RFC 7515 section 4); ``crit`` and ``alg`` are still judged.
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        return dict(jwt.decode(signed, keys, algorithms=ALGORITHMS, registry=registry).claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise LoginFailed(f"signature: {type(error).__name__}") from None


def _header(token: str) -> dict[str, Any]:
    first = token.partition(".")[0]
    header = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    if not isinstance(header, dict):
        raise ValueError("no header")
    return header


def _key_ids(published: Mapping[str, Any]) -> set[object]:
    listed = published.get("keys")
    return {key.get("kid") for key in listed if isinstance(key, dict)} if isinstance(listed, list) else set()


def logout_order(of: Provider, token: str) -> LogoutOrder:
    """Return what a logout token asks, after every check of Back-Channel Logout 1.0 section 2.6 but that of replay.

    Raises ``LoginFailed`` and ``ProviderUnavailable``.
    """
    claims = _verified(of, token, typ="logout+jwt")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    events = claims.get("events")
    session, subject, jti = _text(claims, "sid"), _text(claims, "sub"), _text(claims, "jti")
    moment = now().timestamp()
    faults = {
        "issuer": claims.get("iss") != of.issuer,
        "audience": of.client_id not in audiences,
        "expiry": not _is_moment(claims.get("exp")) or claims["exp"] <= moment - LEEWAY_SECONDS,
        "lifetime": _is_moment(claims.get("exp")) and claims["exp"] > moment + MAX_TOKEN_AGE,
        "issued at": not _is_moment(claims.get("iat"))
        or not moment - MAX_TOKEN_AGE <= claims["iat"] <= moment + LEEWAY_SECONDS,
        "event": not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict),
        # An ID token must never be taken for a logout token.
        "nonce": "nonce" in claims,
        "jti": not 1 <= len(jti) <= 255,
        "session or subject": not (session or subject) or len(session) > 255 or len(subject) > 255,
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise LoginFailed(f"logout token: {', '.join(wrong)}")
    return LogoutOrder(of.issuer, jti, float(claims["exp"]), session, subject)


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
