"""Acting for someone else: what the ``represents`` claim says, and whether the town hall can go by it. Pure.

The claim turns the usual order round: ``sub`` is whoever is at the keyboard, ``represents`` names the one whose affairs are
handled; in a chain that is the deepest one. On what basis somebody acts, for which services and until when is no part of
the profile, so those claims have names of our own, and the broker is asked to fill them (decision 0010).

Source: OIDC NL GOV assurance profile, Representation Relationships; BW 1:245 (parents), 1:337 (guardian of a child), 1:378
(curator), 1:431 (bewindvoerder), 1:450 (mentor), 3:60 and Awb 2:1 (authorised representative).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stadhuis.people.rules import Level, is_bsn, is_kvk, level_of_acr, lowest_level

PartyKind = Literal["bsn", "kvk", "rsin", "pseudonym"]

ID_TYPES: Mapping[str, PartyKind] = {
    "urn:nl-eid-gdi:1.0:id:BSN": "bsn",
    "urn:nl-eid-gdi:1.0:id:KvKnr": "kvk",
    "urn:nl-eid-gdi:1.0:id:RSIN": "rsin",
    "urn:nl-eid-gdi:1.0:id:pseudonym": "pseudonym",
}
BASIS_CLAIM = "urn:stadhuis:represents:basis"
SERVICES_CLAIM = "urn:stadhuis:represents:services"
UNTIL_CLAIM = "urn:stadhuis:represents:until"
MAX_CHAIN = 4
MAX_SERVICES = 50
MAJORITY_YEARS = 18
_SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,49}")

BASES: Mapping[str, str | Promise] = {
    "machtiging": gettext_lazy("gemachtigde"),
    "ouder": gettext_lazy("ouder met gezag"),
    "voogd": gettext_lazy("voogd"),
    "bewindvoerder": gettext_lazy("bewindvoerder"),
    "curator": gettext_lazy("curator"),
    "mentor": gettext_lazy("mentor"),
    "bestuurder": gettext_lazy("bestuurder"),
}
"""On what basis one may act for someone else, as a reader knows it."""


def basis_name(basis: str) -> str:
    """Return a basis as a reader knows it; one that is no longer in the list as it is."""
    return str(BASES.get(basis, basis))


FOR_CHILDREN = frozenset({"ouder", "voogd"})
"""Bases that end when the child comes of age. Source: BW 1:233 and 1:245."""
FOR_PERSONS = frozenset({"ouder", "voogd", "bewindvoerder", "curator", "mentor"})
"""Bases that only exist towards a natural person."""


class RepresentationUnusable(Exception):
    """The provider says that somebody acts for someone else, but not in a way that can be gone by. No personal data in it."""


@dataclass(frozen=True)
class Party:
    """Someone in the chain: by what kind of number, whose number it is, and what the provider says about them."""

    kind: PartyKind
    issuer: str
    subject: str = field(repr=False)
    naam: str = field(default="", repr=False)
    geboortedatum: date | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Representation:
    """For whom someone acts, on what basis, by way of whom, for which services (none named: all) and until when."""

    basis: str
    party: Party
    between: tuple[Party, ...] = ()
    services: tuple[str, ...] = ()
    until: date | None = None
    """The last day on which it holds."""
    level: Level = "high"
    """The level at which the relation itself was established; a log-in is never stronger than that."""


def read_representation(claims: Mapping[str, Any], *, on: date) -> Representation | None:
    """Return the representation in the claims of an ID token, or None when somebody acts for himself.

    Raises ``RepresentationUnusable``: malformed, too long a chain, no basis we know, over, or a parent of an adult.
    """
    if claims.get("represents") is None:
        return None
    links = _links(claims)
    last = links[-1]
    party = _party(last)
    basis = last.get(BASIS_CLAIM)
    if not isinstance(basis, str) or basis not in BASES:
        raise RepresentationUnusable("no basis that we know")
    found = Representation(
        basis=basis,
        party=party,
        between=tuple(_party(link) for link in links[:-1]),
        services=_services(last.get(SERVICES_CLAIM)),
        until=_day(last, UNTIL_CLAIM),
        level=_level(links),
    )
    if found.until is not None and found.until < on:
        raise RepresentationUnusable("the basis is over")
    if found.basis in FOR_PERSONS and party.kind in {"kvk", "rsin"}:
        raise RepresentationUnusable("this basis does not exist towards an organisation")
    if found.basis in FOR_CHILDREN and party.geboortedatum is not None and of_age_on(party.geboortedatum) <= on:
        raise RepresentationUnusable("the child is of age")
    return found


def of_age_on(born: date) -> date:
    """Return the day on which someone comes of age; who was born on 29 February does so on 1 March. Source: BW 1:233."""
    try:
        return born.replace(year=born.year + MAJORITY_YEARS)
    except ValueError:
        return date(born.year + MAJORITY_YEARS, 3, 1)


def holds_on_last_day(found: Representation) -> date | None:
    """Return the last day on which it may be acted upon: its own end, or the day before a child comes of age."""
    ends = [found.until] if found.until else []
    if found.basis in FOR_CHILDREN and found.party.geboortedatum is not None:
        ends.append(date.fromordinal(of_age_on(found.party.geboortedatum).toordinal() - 1))
    return min(ends, default=None)


def covers(mandate: Mapping[str, str], service: str) -> bool:
    """Return whether acting for someone else reaches to a service: all of them when none is named."""
    named = mandate.get("services", "").split()
    return not named or service in named


def _links(claims: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    links: list[Mapping[str, Any]] = []
    link = claims.get("represents")
    while link is not None:
        if not isinstance(link, dict) or len(links) == MAX_CHAIN:
            raise RepresentationUnusable("not a chain of at most four")
        links.append(link)
        link = link.get("represents")
    return links


def _party(link: Mapping[str, Any]) -> Party:
    kind, subject = _number(link)
    issuer = link.get("iss")
    if not isinstance(issuer, str) or not 1 <= len(issuer) <= 255:
        raise RepresentationUnusable("no issuer of the represented one")
    sound = {
        "bsn": is_bsn(subject),
        "kvk": is_kvk(subject),
        "rsin": re.fullmatch(r"[0-9]{9}", subject) is not None,
        "pseudonym": 1 <= len(subject) <= 255,
    }
    if not sound[kind]:
        raise RepresentationUnusable(f"no usable {kind} of the represented one")
    given, family = text(link, "given_name"), text(link, "family_name")
    naam = text(link, "name") or f"{given} {family}".strip()
    return Party(kind, issuer, subject, naam[:200], _day(link, "birthdate"))


def _number(link: Mapping[str, Any]) -> tuple[PartyKind, str]:
    """Return the best number by which we know somebody: what ``sub`` is, or else a known kind in ``alt_sub``."""
    ours = ID_TYPES.get(str(link.get("sub_id_type") or "urn:nl-eid-gdi:1.0:id:pseudonym"))
    subject = link.get("sub")
    if not isinstance(subject, str):
        raise RepresentationUnusable("no subject of the represented one")
    others = link.get("alt_sub")
    listed = others if isinstance(others, list) else [others]
    for other in listed[:10] if ours in {"pseudonym", "rsin", None} else ():
        if not isinstance(other, dict):
            continue
        kind, number = ID_TYPES.get(str(other.get("sub_id_type"))), other.get("sub")
        if kind in {"bsn", "kvk"} and isinstance(number, str):
            return kind, number
    if ours is None:
        raise RepresentationUnusable("a kind of number that we do not know")
    return ours, subject


def _services(value: object) -> tuple[str, ...]:
    """Return the services; a claim that is there but names none we can read would otherwise mean 'all'."""
    if value is None:
        return ()
    named = value if isinstance(value, list) else [value]
    good = [one for one in named if isinstance(one, str) and _SERVICE.fullmatch(one)]
    if not good or len(good) != len(named) or len(good) > MAX_SERVICES:
        raise RepresentationUnusable("services that cannot be read")
    return tuple(good)


def _level(links: Sequence[Mapping[str, Any]]) -> Level:
    level: Level = "high"
    for link in links:
        if "acr" in link:
            level = lowest_level(level, level_of_acr(link["acr"]))
    return level


def _day(link: Mapping[str, Any], name: str) -> date | None:
    """Return a day; one that is there but is no day makes the whole unusable, for it could be an end that has come."""
    value = link.get(name)
    if value is None:
        return None
    # A birth date of which only the year is known (OpenID Connect Core 5.1) says nothing about the day.
    if name == "birthdate" and isinstance(value, str) and re.fullmatch(r"(\d{4})(-00-00)?|0000-\d\d-\d\d", value):
        return None
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise RepresentationUnusable(f"{name} is not a day") from None


def text(claims: Mapping[str, Any], *names: str) -> str:
    """Return the first of these claims that is a text, without control characters; "" when there is none."""
    for name in names:
        value = claims.get(name)
        if isinstance(value, str) and value.strip():
            return "".join(sign for sign in value.strip() if sign.isprintable())
    return ""
