"""What happens in the demo town, and when: the same for everyone who starts it on the same day. No database here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from stadhuis.demo.town import catalogue, people, staff, stories, tozo
from stadhuis.kit.time import AMSTERDAM

SEED = 20210517
State = tozo.State | Literal["withdrawn"]
_CLOSED_STATES = ("closed", "withdrawn")
_EMPTY_HANDED = frozenset({people.MAIN_APPLICANT, people.SINGLE_APPLICANT, "hendrik-dijkstra"})
"""No chance cases: two who apply when somebody tries the demo, and one who died."""
_ADULT_BEFORE = "2008-01-01"
_NOTE_AFTER_DAYS = 9


@dataclass(frozen=True)
class Party:
    """Who asks: a resident or company of the town (``key``), or somebody only known by name."""

    kind: Literal["resident", "company", "person", "club"]
    key: str = ""
    naam: str = ""
    geboortedatum: date | None = None


@dataclass(frozen=True)
class Moments:
    """When what happened; None for what did not happen (yet)."""

    taken: datetime | None = None
    proposed: datetime | None = None
    approved: datetime | None = None
    ended: datetime | None = None
    suspended: datetime | None = None
    resumed: datetime | None = None
    extended: datetime | None = None
    assigned: datetime | None = None
    noticed: datetime | None = None


@dataclass(frozen=True)
class CasePlan:
    """One zaak from start to where it is now."""

    number: int
    zaaktype: str
    omschrijving: str
    party: Party
    start: datetime
    state: State
    outcome: str = "toekennen"
    reasons: str = ""
    when: Moments = field(default_factory=Moments)
    notes: tuple[tuple[datetime, str], ...] = ()
    papers: tuple[str, ...] = ()
    """Document types that came with the application."""
    is_read: bool = True
    """Whether the applicant opened the letter."""
    application: tozo.Applicant | None = None

    @property
    def handler(self) -> str:
        """Who handles it."""
        return staff.HANDLERS[self.zaaktype]

    @property
    def is_closed(self) -> bool:
        """Whether it has ended."""
        return self.state in _CLOSED_STATES


@dataclass
class _Planner:
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    plans: list[CasePlan] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(AMSTERDAM).date()

    def moment(self, day: date, *, office: bool = False) -> datetime:
        """Return a believable moment on a day, never later than a quarter of an hour ago."""
        hour = self.chance.randint(9, 16) if office else self.chance.choice((8, 9, 10, 11, 13, 14, 15, 19, 20, 21))
        moment = datetime.combine(day, time(hour, self.chance.randint(0, 59), self.chance.randint(0, 59)), AMSTERDAM)
        return min(moment, self.now - timedelta(minutes=15))

    def working_day(self, day: date) -> date:
        """Return this day, or the Monday after a weekend."""
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))

    def after(self, moment: datetime, least: int, most: int) -> datetime | None:
        """Return a moment in office hours some days later, or None when that is not past yet."""
        day = self.working_day(moment.astimezone(AMSTERDAM).date() + timedelta(days=self.chance.randint(least, most)))
        return self.moment(day, office=True) if day < self.today else None

    # -- Who ----------------------------------------------------------------------------------------------------------
    def party(self, story: stories.Story) -> Party:
        if self.chance.random() < story.outsiders:
            if story.parties == "club":
                return Party("club", naam=self.chance.choice(stories.CLUBS))
            born = date(self.chance.randint(1945, 2004), self.chance.randint(1, 12), self.chance.randint(1, 28))
            naam = f"{self.chance.choice(stories.FIRST_NAMES)} {self.chance.choice(stories.SURNAMES)}"
            return Party("person", naam=naam, geboortedatum=born)
        if story.parties in ("company", "club") and self.chance.random() < (1 if story.parties == "company" else 0.7):
            return Party("company", self.chance.choice(_COMPANIES))
        return Party("resident", self.chance.choice(_OWNERS if story.parties == "owner" else _RESIDENTS))

    def subject(self, story: stories.Story) -> str:
        adres = f"{self.chance.choice(stories.ADDRESSES)} {self.chance.randint(1, 99)}"
        return self.chance.choice(story.subjects).format(adres=adres)

    # -- One zaak -----------------------------------------------------------------------------------------------------
    def open_zaak(self, kind: catalogue.Kind, story: stories.Story) -> None:
        term = int(kind.doorlooptijd[1:-1])
        left = self.days_left(term)
        start = self.moment(self.today - timedelta(days=max(term - left, 0)))
        taken = self.after(start, 1, 6) if self.chance.random() < 0.8 else None
        assigned = self.after(start, 1, 3) if taken is None and self.chance.random() < 0.4 else None
        proposed = self.after(taken, 8, 16) if taken and self.chance.random() < 0.12 else None
        approved = self.after(proposed, 1, 4) if proposed and self.chance.random() < 0.35 else None
        suspended = resumed = extended = None
        if taken and not proposed and left >= 0:
            suspended, resumed, extended = self.clock_events(taken)
        state: State = "approved" if approved else "proposed" if proposed else "in hand" if taken else "new"
        moments = Moments(
            taken=taken, assigned=assigned, proposed=proposed, approved=approved, suspended=suspended, resumed=resumed,
            extended=extended, noticed=self.noticed(left) if taken else None,
        )  # fmt: skip
        self.add(kind, story, start, state, moments)

    def days_left(self, term: int) -> int:
        """Return how many days are left of the term: some too few, most enough."""
        among = self.chance.random()
        if among < 0.08:
            return -self.chance.randint(1, 24)
        if among < 0.25:
            return self.chance.randint(0, min(13, term - 1))
        return self.chance.randint(min(15, term - 1), term)

    def noticed(self, left: int) -> datetime | None:
        """Return when somebody who waited more than a week too long put the town in default; no chance in it."""
        if left > -8:
            return None
        day = self.working_day(self.today + timedelta(days=left + 5))
        return datetime.combine(day, time(10, 30), AMSTERDAM) if day < self.today else None

    def clock_events(self, taken: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
        among = self.chance.random()
        if among < 0.1:
            suspended = self.after(taken, 1, 5)
            resumed = self.after(suspended, 4, 9) if suspended and self.chance.random() < 0.5 else None
            return suspended, resumed, None
        return None, None, self.after(taken, 4, 12) if among < 0.25 else None

    def closed_zaak(self, kind: catalogue.Kind, story: stories.Story) -> None:
        start = self.moment(self.today - timedelta(days=self.chance.randint(70, 360)))
        withdrawn = any(name == "Afgebroken" for name, _ in kind.results) and self.chance.random() < 0.15
        self.add(kind, story, start, "withdrawn" if withdrawn else "closed", self.decided(start))

    def decided(self, start: datetime) -> Moments:
        """Return the moments of a zaak that was decided in time."""
        taken = self.after(start, 1, 4)
        proposed = taken and self.after(taken, 3, 15)
        approved = proposed and self.after(proposed, 1, 3)
        ended = approved and self.after(approved, 1, 2)
        return Moments(taken=taken, proposed=proposed, approved=approved, ended=ended)

    def add(
        self,
        kind: catalogue.Kind,
        story: stories.Story,
        start: datetime,
        state: State,
        when: Moments,
        *,
        party: Party | None = None,
        omschrijving: str = "",
        is_read: bool | None = None,
        outcome: str = "",
    ) -> None:
        taken, ended = when.taken, when.ended
        noted = self.after(taken, 1, _NOTE_AFTER_DAYS) if taken and self.chance.random() < 0.4 else None
        granted = self.chance.random() < 0.8
        if noted and ended and noted >= ended:
            noted = None
        first = kind.documents[0]
        extra = (story.extra,) if story.extra and self.chance.random() < 0.3 else ()
        self.plans.append(
            CasePlan(
                number=len(self.plans),
                zaaktype=kind.identificatie,
                omschrijving=omschrijving or self.subject(story),
                party=party or self.party(story),
                start=start,
                state=state,
                outcome=outcome or ("toekennen" if granted else "afwijzen"),
                reasons=story.reasons[0 if granted or outcome == "toekennen" else 1],
                notes=((noted, self.chance.choice(stories.NOTES)),) if noted else (),
                papers=(first, *extra),
                is_read=self.chance.random() < 0.85 if is_read is None else is_read,
                when=when,
            )
        )

    # -- Tozo and the main applicant ----------------------------------------------------------------------------------
    def tozo_zaak(self, applicant: tozo.Applicant) -> None:
        start = self.moment(self.today - timedelta(days=applicant.days_ago))
        taken = proposed = approved = ended = None
        if applicant.state != "new":
            taken = self.after(start, 1, 4)
        if applicant.state in ("proposed", "approved", "closed") and taken:
            proposed = self.after(taken, 6, 18)
        if applicant.state in ("approved", "closed") and proposed:
            approved = self.after(proposed, 1, 3)
        if applicant.state == "closed" and approved:
            ended = self.after(approved, 1, 2)
        self.plans.append(
            CasePlan(
                number=len(self.plans), zaaktype="TOZO", omschrijving="", party=Party("resident", applicant.key), start=start,
                state=applicant.state, outcome=applicant.outcome, reasons=applicant.reasons, application=applicant,
                is_read=applicant.key != "gerard-mulder",
                when=Moments(taken=taken, proposed=proposed, approved=approved, ended=ended),
            )
        )  # fmt: skip

    def main_applicant(self) -> None:
        """Noor Verhagen has two older cases, with one letter she read, and one that runs; no Tozo."""
        party = Party("resident", people.MAIN_APPLICANT)
        kinds = {kind.identificatie: kind for kind in catalogue.KINDS}
        for name, days, subject in (
            ("PARKEREN", 310, "Vergunning Turfkade 14"),
            ("UITTREKSEL", 190, "Voor een hypotheek"),
        ):
            start = self.moment(self.today - timedelta(days=days))
            self.add(
                kinds[name], stories.STORIES[name], start, "closed", self.decided(start), party=party,
                omschrijving=subject, is_read=True, outcome="toekennen",
            )  # fmt: skip
        start = self.moment(self.today - timedelta(days=26))
        self.add(
            kinds["KAP"], stories.STORIES["KAP"], start, "in hand", Moments(taken=self.after(start, 2, 4)), party=party,
            omschrijving="Zieke berk in de voortuin, Turfkade 14",
        )  # fmt: skip


_RESIDENTS = [one.key for one in people.RESIDENTS if one.geboren < _ADULT_BEFORE and one.key not in _EMPTY_HANDED]
_OWNERS = [key for key in _RESIDENTS if people.companies_of(key)]
_COMPANIES = [
    one.key
    for one in people.COMPANIES
    if people.MAIN_APPLICANT not in one.eigenaren and people.SINGLE_APPLICANT not in one.eigenaren
]


def plans(now: datetime) -> list[CasePlan]:
    """Return every zaak of the demo town as it came to be before this moment, in order of start."""
    planner = _Planner(now)
    planner.main_applicant()
    for applicant in tozo.APPLICANTS:
        planner.tozo_zaak(applicant)
    for kind in catalogue.KINDS:
        story = stories.STORIES.get(kind.identificatie)
        if story is None:
            continue
        mine = [plan for plan in planner.plans if plan.zaaktype == kind.identificatie]
        for _ in range(story.open - sum(not plan.is_closed for plan in mine)):
            planner.open_zaak(kind, story)
        for _ in range(story.closed - sum(plan.is_closed for plan in mine)):
            planner.closed_zaak(kind, story)
    return sorted(planner.plans, key=lambda plan: (plan.start, plan.number))
