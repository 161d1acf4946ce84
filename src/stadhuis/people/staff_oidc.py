"""The organisation's own log-in provider for staff (single sign-on), over OIDC: the client of the outside world.

Checks of the ID token are those of residents (``oidc.proof_of``); what is different is what is asked for (groups) and where
one comes back to: on the face of the workplace, where its session is.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings

from stadhuis.people import oidc
from stadhuis.people.errors import LoginFailed, ProviderUnavailable

MAX_BYTES = 256 * 1024
MAX_GROUPS = 500
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "sc", "pop", "fpt", "face", "iris", "vbm"})
"""Methods of RFC 8176 that say that there was more than a password."""


@dataclass(frozen=True)
class StaffProvider(oidc.Provider):
    """The provider of staff; the same as those of residents, but for its address to come back to."""

    @property
    def redirect_uri(self) -> str:
        """Where it sends people back to."""
        return f"{settings.PUBLIC_URL}/werkplek/inloggen/sso/terug"


@dataclass(frozen=True)
class StaffProof:
    """What a sound ID token says about a member of staff."""

    issuer: str
    subject: str
    email: str = field(repr=False)
    """Only when the provider says that it is verified."""
    groups: tuple[str, ...]
    is_strong: bool
    """Whether the provider asked for more than a password."""
    provider_session: str = ""
    """Its own name of the session (``sid``), by which it may end it later."""


def provider() -> StaffProvider | None:
    """Return the provider, or None when this town hall has no single sign-on."""
    if not settings.STAFF_OIDC_ISSUER:
        return None
    return StaffProvider(
        means="staff",  # type: ignore[arg-type]
        name=settings.STAFF_OIDC_NAME,
        issuer=settings.STAFF_OIDC_ISSUER,
        client_id=settings.STAFF_OIDC_CLIENT_ID,
        client_secret=settings.STAFF_OIDC_CLIENT_SECRET,
    )


def authorization_url(of: StaffProvider, attempt: oidc.Attempt) -> str:
    """Return where somebody goes to log in. Raises ``ProviderUnavailable``."""
    endpoint = str(oidc.discovery(of)["authorization_endpoint"])
    query = urlencode(
        {
            "response_type": "code",
            "client_id": of.client_id,
            "redirect_uri": of.redirect_uri,
            "scope": settings.STAFF_OIDC_SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
    )
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def redeem(of: StaffProvider, attempt: oidc.Attempt, code: str) -> StaffProof:
    """Exchange a code for a proof. Raises ``ProviderUnavailable`` and ``LoginFailed``."""
    token = _id_token(of, attempt, code)
    sound = oidc.proof_of(of, token, nonce=attempt.nonce)
    # Believed only now that the signature and every claim of the token were checked.
    claims = _claims(token)
    email = claims.get("email")
    return StaffProof(
        issuer=of.issuer,
        subject=sound.subject,
        email=email if isinstance(email, str) and claims.get("email_verified") is True else "",
        groups=_groups(claims.get(settings.STAFF_OIDC_GROUPS_CLAIM)),
        is_strong=_is_strong(claims.get("amr")),
        provider_session=sound.provider_session,
    )


def _id_token(of: StaffProvider, attempt: oidc.Attempt, code: str) -> str:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": of.redirect_uri,
        "code_verifier": attempt.verifier,
    }
    status, body = oidc.post_to_token_endpoint(of, data)
    if status >= 500:
        raise ProviderUnavailable(f"token endpoint answers {status}")
    if status != 200:
        raise LoginFailed(f"token endpoint refuses the code ({status})")
    token = body.get("id_token") if isinstance(body, dict) else None
    if not isinstance(token, str):
        raise ProviderUnavailable("no ID token in the answer")
    return token


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(claims, dict):
        raise LoginFailed("claims are no object")
    return claims


def _groups(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(each[:200] for each in value[:MAX_GROUPS] if isinstance(each, str) and each))


def _is_strong(amr: object) -> bool:
    return isinstance(amr, list) and any(isinstance(each, str) and each in SECOND_FACTORS for each in amr)
