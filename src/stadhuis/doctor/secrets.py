"""Secrets and settings that are weak, or that only suit practice."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from stadhuis.doctor.findings import Finding, ok, warning, wrong

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
