"""The world outside: whether it answers, what time it has, and until when its certificates are good."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from django.conf import settings
from django.db import connection

from stadhuis.doctor.findings import Finding, ok, warning, wrong
from stadhuis.kit.time import now

MOST_SECONDS_TO_DATABASE = 5
MOST_SECONDS_TO_SOURCE = 30
"""A Date header counts whole seconds and may lie in a cache; log-in codes allow thirty."""
SOON_DAYS, URGENT_DAYS = 30, 7
_PEM_SETTINGS = ("_CERT", "_CERTIFICATE", "_CERT_FILE", "_CERTIFICATE_FILE")


@dataclass(frozen=True)
class _Source:
    name: str
    url: str
    wants_200: bool


def _sources() -> list[_Source]:
    well_known = "/.well-known/openid-configuration"
    given = [
        _Source("DigiD", str(settings.DIGID_ISSUER).rstrip("/") + well_known, True),
        _Source("eHerkenning", str(settings.EHERKENNING_ISSUER).rstrip("/") + well_known, True),
        _Source("BRP", str(settings.BRP_URL), False),
        _Source("KVK", str(settings.KVK_URL), False),
    ]
    return [source for source in given if urlsplit(source.url).hostname]


def _ask(source: _Source) -> tuple[httpx.Response | None, str]:
    try:
        with httpx.Client(timeout=settings.OUTSIDE_TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client:
            return client.get(source.url), ""
    except httpx.TimeoutException:
        return None, f"no answer within {settings.OUTSIDE_TIMEOUT_SECONDS} seconds"
    except (httpx.HTTPError, ssl.SSLError, httpx.InvalidURL) as error:
        return None, type(error).__name__


def sources() -> Iterator[Finding]:
    """Look whether each source answers. BRP and KVK are not asked about anyone: any answer but an error of theirs will do."""
    for source in _sources():
        answer, why = _ask(source)
        if answer is None:
            yield wrong("sources", f"{source.name} does not answer at {_place(source.url)} ({why})")
        elif answer.status_code >= 500 or (source.wants_200 and answer.status_code != 200):
            yield wrong("sources", f"{source.name} answers with status {answer.status_code}")
        else:
            yield ok("sources", f"{source.name} answers")
    yield _smtp()


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def _smtp() -> Finding:
    import smtplib

    host, port = str(settings.EMAIL_HOST), int(settings.EMAIL_PORT)
    kind = smtplib.SMTP_SSL if getattr(settings, "EMAIL_USE_SSL", False) else smtplib.SMTP
    try:
        with kind(host, port, timeout=settings.OUTSIDE_TIMEOUT_SECONDS) as server:
            server.ehlo()
            if settings.EMAIL_USE_TLS and not server.has_extn("starttls"):
                return wrong("sources", f"the SMTP server {host}:{port} offers no STARTTLS")
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except smtplib.SMTPAuthenticationError:
        return wrong("sources", f"the SMTP server {host}:{port} refuses our user or password")
    except (OSError, smtplib.SMTPException) as error:
        return wrong("sources", f"the SMTP server {host}:{port} does not answer as it should ({type(error).__name__})")
    return ok("sources", "SMTP answers")


def clock() -> Iterator[Finding]:
    """Compare our clock with that of the database and that of the first source that tells the time."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        theirs = float(cursor.fetchone()[0])
    yield _compared("the database", (before + time.time()) / 2 - theirs, MOST_SECONDS_TO_DATABASE)
    for source in _sources():
        answer, _ = _ask(source)
        told = answer.headers.get("date") if answer is not None else None
        if not told:
            continue
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            continue
        yield _compared(source.name, time.time() - moment.timestamp(), MOST_SECONDS_TO_SOURCE)
        return
    yield warning("clock", "no source told the time: compared with the database only")


def _compared(whose: str, difference: float, most: int) -> Finding:
    if abs(difference) <= most:
        return ok("clock", f"within {most} seconds of that of {whose}")
    which = "ahead of" if difference > 0 else "behind"
    return wrong(
        "clock", f"{abs(difference):.0f} seconds {which} that of {whose}: log-in codes and tokens will be refused"
    )


def certificates() -> Iterator[Finding]:
    """Look until when certificates are good: ours, those of the sources, and client certificates that settings name."""
    addresses = {"our own address": str(settings.PUBLIC_URL), **{source.name: source.url for source in _sources()}}
    looked_at = False
    seen = set()
    for who, url in addresses.items():
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port or 443)
        if parts.scheme == "https" and place not in seen:
            seen.add(place)
            looked_at = True
            yield from _server_certificate(who, *place)
    for setting in _named_in_settings():
        looked_at = True
        yield from _client_certificate(*setting)
    if not looked_at:
        yield ok("certificates", "none in use: no address starts with https://")


def _server_certificate(who: str, host: str, port: int) -> Iterator[Finding]:
    seconds = settings.OUTSIDE_TIMEOUT_SECONDS
    # Without checking first: to read the date of one that is not good as well.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), seconds) as plain,
            unchecked.wrap_socket(plain, server_hostname=host) as line,
        ):
            shown = line.getpeercert(binary_form=True)
    except (OSError, ValueError) as error:
        yield wrong("certificates", f"{who} ({host}:{port}) shows no certificate ({type(error).__name__})")
        return
    if shown is None:
        yield wrong("certificates", f"{who} ({host}:{port}) shows no certificate")
        return
    yield _until(f"that of {who} ({host})", x509.load_der_x509_certificate(shown).not_valid_after_utc)
    try:
        with (
            socket.create_connection((host, port), seconds) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host),
        ):
            pass
    except ssl.SSLCertVerificationError as error:
        yield wrong("certificates", f"that of {who} ({host}) is not trusted here: {error.verify_message}")
    except OSError:
        return  # it answered a moment ago; what is the matter the sources say


def _named_in_settings() -> list[tuple[str, Path]]:
    from stadhuis.settings import env

    names = [setting.name.removeprefix(env.prefix) for setting in env.documented]
    return [
        (name, Path(str(getattr(settings, name, ""))))
        for name in names
        if name.endswith(_PEM_SETTINGS) and str(getattr(settings, name, ""))
    ]


def _client_certificate(name: str, place: Path) -> Iterator[Finding]:
    try:
        certificate = x509.load_pem_x509_certificate(place.read_bytes())
    except (OSError, ValueError):
        yield wrong("certificates", f"STADHUIS_{name} names no certificate (PEM) that can be read")
        return
    yield _until(f"that of STADHUIS_{name}", certificate.not_valid_after_utc)


def _until(which: str, end: datetime) -> Finding:
    left = end.astimezone(UTC) - now()
    day = f"{end:%Y-%m-%d}"
    if left < timedelta(0):
        return wrong("certificates", f"{which} expired on {day}")
    if left < timedelta(days=URGENT_DAYS):
        return wrong("certificates", f"{which} expires on {day}, in {left.days} days")
    if left < timedelta(days=SOON_DAYS):
        return warning("certificates", f"{which} expires on {day}, in {left.days} days")
    return ok("certificates", f"{which} is good until {day}")
