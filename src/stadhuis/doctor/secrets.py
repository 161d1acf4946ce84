"""Secrets and settings that are weak, or that only suit practice."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature, TimestampSigner

from stadhuis.doctor.findings import Finding, ok, warning, wrong
from stadhuis.kit.time import now

LEAST_DISTINCT_BYTES = 16
"""Of 32 random bytes at least so many differ (fewer: once in more than 10^9)."""
LEAST_TOKEN = 24


def secrets() -> Iterator[Finding]:
    """Look at everything that is secret or that opens a door. Production refuses the worst when it reads its settings."""
    name = "secrets"
    found = [*_keys(), *_doors()]
    yield from found
    if "only-for-tests" in settings.SECRET_KEY:
        yield warning(name, "those for tests, good for practice on this machine only")
    elif not found:
        yield ok(name, "set, and not weak")


def signing() -> Iterator[Finding]:
    """Look whether a former SECRET_KEY is still needed: by a session that is alive and was last signed with it.

    A session signed with it ends within SESSION_MAX_SECONDS, later than any code by mail; links by mail do not need it.
    """
    name = "signing"
    if not settings.SECRET_KEY_FALLBACKS:
        yield ok(name, "one key signs, and no other one is believed")
        return
    with_first_alone = TimestampSigner(salt=SessionStore().key_salt, fallback_keys=[])
    alive = Session.objects.filter(expire_date__gt=now()).values_list("session_data", flat=True)
    if any(not _is_signed(with_first_alone, data) for data in alive.iterator(2000)):
        yield ok(name, "STADHUIS_SECRET_KEY_FALLBACKS is needed: sessions are alive that another key signed")
    else:
        yield warning(
            name,
            "STADHUIS_SECRET_KEY_FALLBACKS holds a key by which no living session was signed: when every machine signs with the new one, remove it",
        )


def _is_signed(signer: TimestampSigner, data: str) -> bool:
    try:
        signer.unsign(data)
    except BadSignature:
        return False
    return True


def _keys() -> Iterator[Finding]:
    name = "secrets"
    for setting in ("BSN_KEY", "BSN_HASH_KEY", "BSN_KEY_OTHER", "BSN_HASH_KEY_OTHER"):
        value = str(getattr(settings, setting))
        if not value:
            continue
        try:
            key = base64.b64decode(value, validate=True)
        except ValueError:
            yield wrong(name, f"STADHUIS_{setting} is not base64")
            continue
        if len(key) != 32:
            yield wrong(name, f"STADHUIS_{setting} is {len(key)} bytes and must be 32")
        elif len(set(key)) < LEAST_DISTINCT_BYTES and settings.IS_PRODUCTION:
            yield wrong(name, f"STADHUIS_{setting} was not made by chance: take 32 random bytes")
    if settings.BSN_KEY == settings.BSN_HASH_KEY:
        yield wrong(name, "STADHUIS_BSN_KEY and STADHUIS_BSN_HASH_KEY are the same key: whoever has one has both")
    if settings.BSN_KEY_OTHER or settings.BSN_HASH_KEY_OTHER:
        yield warning(name, "keys are being changed: stadhuis rotate-keys --check says when the other ones may go")


def _doors() -> Iterator[Finding]:
    name = "secrets"
    if settings.DEBUG:
        yield wrong(name, "STADHUIS_DEBUG is on: visitors see what is inside when something fails")
    if "*" in settings.ALLOWED_HOSTS:
        yield wrong(name, "STADHUIS_ALLOWED_HOSTS lets every host name in")
    for setting in ("METRICS_TOKEN", "WEBHOOK_TOKEN"):
        if 0 < len(getattr(settings, setting)) < LEAST_TOKEN:
            yield wrong(name, f"STADHUIS_{setting} is short: give at least {LEAST_TOKEN} random characters")
    if not settings.IS_PRODUCTION:
        return
    from stadhuis.settings import env

    for setting in ("DIGID_ISSUER", "EHERKENNING_ISSUER", "BRP_URL", "KVK_URL"):
        if urlsplit(getattr(settings, setting)).scheme != "https":
            yield wrong(name, f"STADHUIS_{setting} does not start with https://")
    for setting in ("DIGID_CLIENT_SECRET", "EHERKENNING_CLIENT_SECRET", "BRP_API_KEY", "KVK_API_KEY"):
        if str(getattr(settings, setting, "")).startswith(("stadhuis-practice", "practice-")):
            yield wrong(name, f"STADHUIS_{setting} is the one of the simulators")
    if settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or getattr(settings, "EMAIL_USE_SSL", False)):
        yield wrong(name, "the password for the SMTP server goes over the line unencrypted (STADHUIS_SMTP_STARTTLS)")
    if settings.TOWN_RSIN == "807287684":
        yield warning(name, "STADHUIS_TOWN_RSIN is that of the practice town")
    if missing := [name for name in ("COURT_NAME", "COURT_ADDRESS") if not env.values.get(env.prefix + name)]:
        yield warning(
            "secrets",
            f"STADHUIS_{missing[0]} is not set: decisions on objections send people to {settings.COURT_NAME}, {settings.COURT_ADDRESS}",
        )
