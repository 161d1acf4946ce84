"""Whoever does something, as every room knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from stadhuis.people.rules import Level

Kind = Literal["resident", "company", "staff", "applicatie", "system"]


@dataclass(frozen=True)
class Actor:
    """Who does something. ``key`` is a pseudonym and may be logged; ``label`` is a name and may not."""

    kind: Kind
    pk: int | None
    """person_id, company_id, medewerker_id or applicatie_id; none for the system itself."""
    key: str
    """``person:<uuid>``, ``company:<uuid>``, ``staff:<username>``, ``applicatie:<client_id>`` or ``system``."""
    label: str = field(repr=False)
    level: Level = ""
    """Assurance level of the log-in."""
    session: str = ""
    """Id of the log-in session."""
    means: str = ""
    """digid, eherkenning, eidas or password."""
    representative: str = ""
    """Of a company: pseudonym of the person who is at the keyboard."""
    acting_for: Actor | None = None
    """The person or company this actor represents; ``mandate`` says on what basis."""
    mandate: tuple[tuple[str, str], ...] = ()
    """On what basis and within which bounds: basis, level, services, until, between; and the branch of a company."""
    stated: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Of someone without a BSN: given_name, family_name and birthdate as the provider states them (eIDAS)."""
    user_id: str = field(default="", repr=False)
    """Of an applicatie: ``user_id`` from the token, for the audit trail."""
    user_label: str = field(default="", repr=False)
    """Of an applicatie: ``user_representation`` from the token."""

    @property
    def person_id(self) -> int | None:
        """The person whose affairs are handled: the represented one, else the resident."""
        whose = self.acting_for or self
        return whose.pk if whose.kind == "resident" else None

    @property
    def basis(self) -> str:
        """On what basis someone else is represented (``ouder``, ``bewindvoerder``, ...); "" for who acts for himself."""
        return dict(self.mandate).get("basis", "") if self.acting_for else ""

    @property
    def services(self) -> tuple[str, ...]:
        """The only zaaktypen (identificatie) for which someone else may be represented; none named: all."""
        return tuple(dict(self.mandate).get("services", "").split()) if self.acting_for else ()

    @property
    def branch(self) -> str:
        """The only vestiging (twelve digits) for which someone may act for a company; "" for the whole company."""
        return dict(self.mandate).get("branch", "")

    @property
    def company_id(self) -> int | None:
        """The company whose affairs are handled: the represented one, else the company that logged in."""
        whose = self.acting_for or self
        return whose.pk if whose.kind == "company" else None


SYSTEM = Actor(kind="system", pk=None, key="system", label="Stadhuis")
"""Jobs, imports and seeding."""


@dataclass(frozen=True)
class CompanyRecord:
    """A company as other rooms know it."""

    id: int
    uuid: UUID
    kvk_nummer: str
    """"" for a company from another country of the EU."""
    rsin: str | None
    naam: str


@dataclass(frozen=True)
class UnitRecord:
    """An organisation unit as it is on the day asked for."""

    id: int
    code: str
    naam: str
    parent_id: int | None


@dataclass(frozen=True)
class MedewerkerRecord:
    """A member of staff as other rooms know them."""

    id: int
    uuid: UUID
    username: str
    naam: str
    email: str
    unit_id: int
    unit_code: str
    unit_naam: str
    functie: str
    is_active: bool
    person_id: int | None
    is_guest: bool

    def actor(self) -> Actor:
        """Return this member of staff as someone who does something (jobs and seeding act in their name)."""
        return Actor(kind="staff", pk=self.id, key=f"staff:{self.username}", label=self.naam)
