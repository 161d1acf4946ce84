"""The token of an application: HS256 only, checked in the order of ZGW BEHAVIOUR 3.2."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from stadhuis.access.actions import note_use
from stadhuis.access.errors import NotAuthenticated
from stadhuis.access.reads import ApplicatieRecord, applicatie_with_secrets
from stadhuis.kit.crypto import lookup_hash
from stadhuis.kit.time import now
from stadhuis.people.public import Actor

MAX_TOKEN = 8192
VALID_SECONDS = 3600
LEEWAY_SECONDS = 60
FUTURE_SECONDS = 300
LONGEST_AGE = 100 * 366 * 86400
"""What is said of the age of a token goes no further than this."""
_REGISTRY = jws.JWSRegistry(algorithms=["HS256"], strict_check_header=False)
"""Clients in the field put names of their own in the header (``client_identifier``); what is critical must be known still."""
TRIAL = "stadhuis_trial"
MAX_USER = 255
"""Length of ``AuditTrail.gebruikersId``."""


@dataclass(frozen=True)
class Authenticated:
    """Who sends a request, and the application with its rights."""

    actor: Actor
    applicatie: ApplicatieRecord
    client_id: str
    noted: tuple[datetime | None, datetime | None] = (None, None)
    """When the last success and the last error of this client id were noted."""
    is_trial: bool = False
    """Whether the token is one of ours, to try a connection: that counts as no call of the application."""


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
    readable = isinstance(client_id, str) and len(client_id) <= 50 and "\x00" not in client_id
    said = client_id if isinstance(client_id, str) and readable else ""
    if said:
        found = applicatie_with_secrets(said)
    if found is None:
        raise NotAuthenticated("invalid-client-identifier", "Deze `client_id` is niet bekend.", client_id=said)
    used = next((which for which, secret in found.secrets if _is_signed_with(token, secret)), None)
    if used is None:
        raise NotAuthenticated("invalid-jwt-signature", "De handtekening van het token klopt niet.", client_id=said)
    _check_iat(payload, said)
    is_trial = _is_trial(payload, said)
    if not is_trial:
        note_use(used)
    record = found.applicatie
    user_id, user_label = _text(payload.get("user_id")), _text(payload.get("user_representation"))
    actor = Actor(
        kind="applicatie",
        pk=record.id,
        key=f"applicatie:{client_id}",
        label=record.label,
        user_id=user_id,
        user_label=user_label,
    )
    return Authenticated(actor, record, said, found.noted, is_trial)


def trial_token(client_id: str, secret: str) -> str:
    """Return a token to try a connection with, as the application would make it.

    It carries a mark that only this house can make, so that the trial does not look like a call of the application and a
    thief of the secret cannot hide behind it.
    """
    issued = int(now().timestamp())
    claims = {
        "iss": client_id, "client_id": client_id, "iat": issued, "user_id": "", "user_representation": "",
        TRIAL: _mark(client_id, issued),
    }  # fmt: skip
    return jws.serialize_compact(
        {"typ": "JWT", "alg": "HS256"}, json.dumps(claims), OctKey.import_key(secret.encode()), algorithms=["HS256"]
    )


def _mark(client_id: str, issued: int) -> str:
    return lookup_hash(f"{client_id}|{issued}", about=TRIAL).hex()


def _is_trial(payload: Mapping[str, Any], client_id: str) -> bool:
    mark, issued = payload.get(TRIAL), payload.get("iat")
    return (
        isinstance(mark, str)
        and isinstance(issued, int)
        and hmac.compare_digest(mark.encode(), _mark(client_id, issued).encode())
    )


@lru_cache(maxsize=1000)
def _payload(token: str) -> Mapping[str, Any]:
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
    return MappingProxyType(payload)


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


@lru_cache(maxsize=1000)
def _is_signed_with(token: str, secret: str) -> bool:
    try:
        jws.deserialize_compact(token, OctKey.import_key(secret.encode()), registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True


def _check_iat(payload: Mapping[str, Any], client_id: str) -> None:
    issued = payload.get("iat")
    if issued is None:
        raise NotAuthenticated("jwt-missing-iat-claim", "`iat` ontbreekt in het token.", client_id=client_id)
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not math.isfinite(issued):
        raise NotAuthenticated("jwt-decode-error", "`iat` is geen tijdstip.", client_id=client_id)
    age = now().timestamp() - issued
    seconds = int(max(-LONGEST_AGE, min(LONGEST_AGE, age)))
    if age > VALID_SECONDS + LEEWAY_SECONDS:
        raise NotAuthenticated("jwt-expired", "Het token is verlopen.", client_id=client_id, age_seconds=seconds)
    if age < -FUTURE_SECONDS:
        raise NotAuthenticated(
            "jwt-expired", "`iat` ligt te ver in de toekomst.", client_id=client_id, age_seconds=seconds
        )


def _text(value: object) -> str:
    return str(value).replace("\x00", "")[:MAX_USER] if isinstance(value, str | int) else ""
