"""News from people that rooms above listen to, inside the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from stadhuis.kit.facts import Fact
from stadhuis.people.actor import Actor


@dataclass(frozen=True)
class MailWanted:
    """A mail about an account is to go out. ``about`` is the uuid of a link, or of the account."""

    to_address: str = field(repr=False)
    kind: str
    about: UUID
    language: str = "nl"


@dataclass(frozen=True)
class AccountChanged:
    """Something about an account (or a unit) was done, for the trail. Holds no secret, no password, no code."""

    deed: str
    medewerker: UUID
    by: Actor
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str = ""
    kind: str = "medewerker"
    """Or "unit"; ``medewerker`` is then its uuid."""


@dataclass(frozen=True)
class StaffLeft:
    """Somebody's last day is over: their roles end and their open work goes on to ``successor_id``, or back."""

    medewerker_id: int
    leaving_date: date
    successor_id: int | None


@dataclass(frozen=True)
class GroupsSeen:
    """Single sign-on said in which groups somebody is; ``roles`` are (code of a role, unit) that those groups give."""

    medewerker_id: int
    roles: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class UnitMerged:
    """The people of a unit have moved to another one: work and routes follow."""

    unit_id: int
    into_id: int
    on: date


MAIL_WANTED: Fact[MailWanted] = Fact("people.mail_wanted")
ACCOUNT_CHANGED: Fact[AccountChanged] = Fact("people.account_changed")
STAFF_LEFT: Fact[StaffLeft] = Fact("people.staff_left")
GROUPS_SEEN: Fact[GroupsSeen] = Fact("people.groups_seen")
UNIT_MERGED: Fact[UnitMerged] = Fact("people.unit_merged")
