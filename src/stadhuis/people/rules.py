"""Decisions about who someone is: facts in, answer out."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address
from itertools import pairwise
from typing import Final, Literal
from urllib.parse import urlsplit

from django.contrib.auth.password_validation import CommonPasswordValidator
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


# -- The account of staff ---------------------------------------------------------------------------------------------

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
PasswordFault = Literal["", "short", "long", "common", "name", "repeats", "differs"]
_TOWN_WORDS: Final = (
    "wachtwoord", "welkom", "gemeente", "stadhuis", "gemeentehuis", "raadhuis", "burgerzaken", "burgemeester", "wethouder",
    "ambtenaar", "werkplek", "balie", "geheim", "inloggen", "intranet", "zaaksysteem", "thuiswerken", "voorjaar", "najaar",
    "lente", "zomer", "herfst", "winter", "januari", "februari", "maart", "april", "augustus", "september", "oktober",
    "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "vakantie",
    "koningsdag", "sinterklaas", "voetbal", "feyenoord", "nederland", "holland", "amsterdam", "rotterdam", "utrecht", "password",
    "welcome", "administrator", "beheerder", "qwerty", "azerty", "letmein", "iloveyou", "abcdef",
)  # fmt: skip
"""What passwords in a Dutch town hall are made of: such words, once or more, with figures and signs around them."""
_LONG_ONES: Final = frozenset(
    {"correcthorsebatterystaple", "qwertyuiopas", "asdfghjkl", "zxcvbnm", "abcdefghijkl", "1q2w3e4r5t6y", "qazwsxedc"}
)
"""Long ones that the list of Django, which goes by how often they leaked, does not have."""
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
LEAST_BESIDE_WORDS = 6
"""So many letters a password must have besides such words."""


@cache
def _common() -> frozenset[str]:
    """Return the 20,000 most used passwords, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords) | _LONG_ONES


def is_common(password: str, *, town: str = "") -> bool:
    """Return whether a password is one of the most used ones, one of those with figures or signs stuck to it, a row of signs
    ("123456789012"), or made of words of the town hall and its name: "Gemeente2026!", "Welkom01Welkom".
    """
    plain = password.casefold().strip()
    bare = re.sub(r"[\W\d_]+$", "", re.sub(r"^[\W\d_]+", "", plain))
    forms = {plain, bare, plain.translate(_LOOKALIKES), bare.translate(_LOOKALIKES)}
    if any(form in _common() for form in forms if form):
        return True
    if all(abs(ord(one) - ord(other)) <= 1 or one + other in {"90", "09"} for one, other in pairwise(plain)):
        return True
    half, odd = divmod(len(bare), 2)
    if half and not odd and bare[:half] == bare[half:] and bare[:half] in _common():
        return True
    words = sorted({*_TOWN_WORDS, *(word for word in town.casefold().split() if len(word) > 3)}, key=len, reverse=True)
    of_town = re.compile("|".join(map(re.escape, words)))
    return any(
        of_town.search(form) is not None and len(re.sub(r"[\W\d_]+", "", of_town.sub("", form))) < LEAST_BESIDE_WORDS
        for form in (plain, plain.translate(_LOOKALIKES))
    )


def password_fault(password: str, again: str, *, names: tuple[str, ...] = (), town: str = "") -> PasswordFault:
    """Return what is wrong with a new password, or nothing. Length counts, not a mix of signs.

    Source: NIST SP 800-63B section 3.1.1.2 (no composition rules; refuse common words and the person's own names);
    BIO2 5.17.
    """
    plain = password.casefold()
    if len(password) < MIN_PASSWORD:
        return "short"
    if len(password) > MAX_PASSWORD:
        return "long"
    if len(set(plain)) < 5:
        return "repeats"
    if is_common(password, town=town):
        return "common"
    if any(len(name) > 3 and name.casefold() in plain and len(plain) - len(name) < 8 for name in names):
        return "name"
    return "differs" if password != again else ""


_RECOVERY_SIGNS = "abcdefghjkmnpqrstvwxyz23456789"
"""Without signs that look alike."""


def recovery_code(random_number: int) -> str:
    """Return a code of three groups of four signs (58 bits) from a random number of at least 64 bits."""
    signs = []
    for _ in range(12):
        random_number, at = divmod(random_number, len(_RECOVERY_SIGNS))
        signs.append(_RECOVERY_SIGNS[at])
    return "-".join("".join(signs[at : at + 4]) for at in (0, 4, 8))


def plain_recovery_code(typed: str) -> str:
    """Return a recovery code as it is kept, from how somebody typed it; "" when it can be none."""
    plain = re.sub(r"[^a-z0-9]", "", typed.casefold())
    return plain if len(plain) == 12 and not plain.isdigit() else ""


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def agent_in_words(user_agent: str) -> str:
    """Return browser and system of a User-Agent in a few words, to recognise one's own session by; "" for an odd one."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} ({system})" if browser and system else browser or system


MAX_GUEST_DAYS = 365
RENEWAL_DAYS = 91


def renewed_until(end: date, *, today: date) -> date:
    """Return until when a guest may stay after one renewal: three months more, never more than a year from today."""
    return min(max(end, today) + timedelta(days=RENEWAL_DAYS), today + timedelta(days=MAX_GUEST_DAYS))


def guest_end_fault(end: date | None, *, today: date) -> Literal["", "missing", "past", "far"]:
    """Return what is wrong with the end date of a guest, or nothing."""
    if end is None:
        return "missing"
    if end <= today:
        return "past"
    return "far" if end > today + timedelta(days=MAX_GUEST_DAYS) else ""
