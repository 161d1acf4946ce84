"""The token of an application: HS256 only, checked in the order of ZGW BEHAVIOUR 3.2."""

from __future__ import annotations

import base64
import binascii
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from stadhuis.access.actions import note_use
from stadhuis.access.errors import NotAuthenticated
from stadhuis.access.reads import ApplicatieRecord, applicatie_with_secrets
from stadhuis.kit.time import now
from stadhuis.people.public import Actor

MAX_TOKEN = 8192
VALID_SECONDS = 3600
LEEWAY_SECONDS = 60
FUTURE_SECONDS = 300
MAX_USER = 255
"""Length of ``AuditTrail.gebruikersId``."""


@dataclass(frozen=True)
class Authenticated:
    """Who sends a request, and the application with its rights."""

    actor: Actor
    applicatie: ApplicatieRecord


def authenticate(token: str) -> Authenticated:
    """Return who a token belongs to. Raises ``NotAuthenticated`` with one of the codes of BEHAVIOUR 3.3.

    ``token`` may be the whole ``Authorization`` header or the bare JWT.
    """
    token = token.strip()
    scheme, _, rest = token.partition(" ")
    if rest and scheme.lower() == "bearer":
        token = rest.strip()
    if not token:
        raise NotAuthenticated("not_authenticated", "Authenticatiegegevens zijn niet opgegeven.")
    payload = _payload(token)
    client_id = payload.get("client_id")
    if client_id is None or client_id == "":
        raise NotAuthenticated("missing-client-identifier", "`client_id` ontbreekt in het token.")
    found = None
    if isinstance(client_id, str) and len(client_id) <= 50 and "\x00" not in client_id:
        found = applicatie_with_secrets(client_id)
    if found is None:
        raise NotAuthenticated("invalid-client-identifier", "Deze `client_id` is niet bekend.")
    record, secrets = found
    used = next((which for which, secret in secrets if _is_signed_with(token, secret)), None)
    if used is None:
        raise NotAuthenticated("invalid-jwt-signature", "De handtekening van het token klopt niet.")
    _check_iat(payload)
    note_use(used)
    user_id, user_label = _text(payload.get("user_id")), _text(payload.get("user_representation"))
    actor = Actor(
        kind="applicatie",
        pk=record.id,
        key=f"applicatie:{client_id}",
        label=record.label,
        user_id=user_id,
        user_label=user_label,
    )
    return Authenticated(actor, record)


def _payload(token: str) -> dict[str, Any]:
    """Return what an unverified token says; only to know whose secret to check it with."""
    parts = token.split(".")
    if len(token) > MAX_TOKEN or len(parts) != 3:
        raise NotAuthenticated("jwt-decode-error", "Het token is geen geldige JWT.")
    try:
        header, payload = (json.loads(_decoded(part)) for part in parts[:2])
    except (ValueError, RecursionError, binascii.Error):
        raise NotAuthenticated("jwt-decode-error", "Het token is geen geldige JWT.") from None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise NotAuthenticated("jwt-decode-error", "Het token is geen geldige JWT.")
    return payload


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


@lru_cache(maxsize=1000)
def _is_signed_with(token: str, secret: str) -> bool:
    try:
        jws.deserialize_compact(token, OctKey.import_key(secret.encode()), algorithms=["HS256"])
    except (JoseError, ValueError):
        return False
    return True


def _check_iat(payload: dict[str, Any]) -> None:
    issued = payload.get("iat")
    if issued is None:
        raise NotAuthenticated("jwt-missing-iat-claim", "`iat` ontbreekt in het token.")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not math.isfinite(issued):
        raise NotAuthenticated("jwt-decode-error", "`iat` is geen tijdstip.")
    age = now().timestamp() - issued
    if age > VALID_SECONDS + LEEWAY_SECONDS:
        raise NotAuthenticated("jwt-expired", "Het token is verlopen.")
    if age < -FUTURE_SECONDS:
        raise NotAuthenticated("jwt-expired", "`iat` ligt te ver in de toekomst.")


def _text(value: object) -> str:
    return str(value).replace("\x00", "")[:MAX_USER] if isinstance(value, str | int) else ""
