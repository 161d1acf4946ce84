"""Decisions about who someone is: facts in, answer out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Literal
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme
from stdnum.nl import bsn as bsn_rules

from stadhuis.kit.sessions import is_workplace

Level = Literal["", "low", "substantial", "high"]
_ORDER: dict[str, int] = {"": 0, "low": 1, "substantial": 2, "high": 3}
_ACR = {f"http://eidas.europa.eu/LoA/{level}": level for level in ("low", "substantial", "high")}
MAX_NEXT = 1500


def is_bsn(text: str) -> bool:
    """Return whether a text is nine digits that pass the eleven-test. Source: Besluit burgerservicenummer art. 2."""
    return re.fullmatch(r"[0-9]{9}", text) is not None and bool(bsn_rules.is_valid(text))


def is_kvk(text: str) -> bool:
    """Return whether a text is the eight digits of a KVK number."""
    return re.fullmatch(r"[0-9]{8}", text) is not None


def level_of_acr(acr: object) -> Level:
    """Return the assurance level that an ``acr`` names; an unknown one proves nothing. Source: OIDC NL GOV, acr values."""
    return _ACR.get(acr, "") if isinstance(acr, str) else ""  # type: ignore[return-value]


def acr_of_level(level: str) -> str:
    """Return the ``acr`` value that asks for a level."""
    return f"http://eidas.europa.eu/LoA/{level}"


def is_high_enough(given: str, needed: str) -> bool:
    """Return whether a level is at least the level needed; an unknown given level never is, unless nothing is needed."""
    return _ORDER.get(given, 0) >= _ORDER[needed]


def lowest_level(one: Level, other: Level) -> Level:
    """Return the weaker of two levels: a chain is as strong as its weakest link."""
    return min(one, other, key=lambda level: _ORDER[level])


def safe_next(value: str, *, workplace: bool, default: str) -> str:
    """Return the path to lead someone back to: only within this town hall and on the same face, else ``default``.

    Source: OWASP, unvalidated redirects. Control characters, backslashes, schemes and hosts are all refused.
    """
    if not value or len(value) > MAX_NEXT or not value.startswith("/") or "\\" in value:
        return default
    if any(ord(sign) < 33 or ord(sign) == 127 for sign in value):
        return default
    if not url_has_allowed_host_and_scheme(value, allowed_hosts=None) or urlsplit(value).netloc:
        return default
    path = urlsplit(value).path
    if is_workplace(path) is not workplace or ".." in path.split("/"):
        return default
    return value


def has_expired(
    now: datetime, *, last_seen_at: datetime, ends_at: datetime, idle_seconds: int
) -> Literal["", "idle", "absolute"]:
    """Return why a session is over, or nothing. Source: DigiD norm, 15 minutes without activity."""
    if now >= ends_at:
        return "absolute"
    if now - last_seen_at >= timedelta(seconds=idle_seconds):
        return "idle"
    return ""


def network_of(address: str) -> str:
    """Return what counts as one network address: an IPv4 address, or the /64 of an IPv6 address (one subscriber)."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


def client_address(remote: str, forwarded: str, trusted: list[str]) -> str:
    """Return the address of the visitor: the last one in ``X-Forwarded-For`` that is not one of our own proxies.

    Whatever stands before that one was written by the visitor and proves nothing.
    """
    if remote not in trusted:
        return remote
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if hop not in trusted:
            return hop
    return remote


def new_step(now: datetime, *, matching: int | None, last_step: int) -> int | None:
    """Return the time step to write down when a code is accepted, or None: it did not match or was used before.

    Source: RFC 6238 section 5.2, a code is accepted once.
    """
    return matching if matching is not None and matching > last_step else None
