"""The clock of a decision: what happened, in any order, becomes a last day with the reasons for it.

Nothing is overwritten: the answer carries its term and its events, so that it can be replayed, and its version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext

from stadhuis.law.calendar import ONE_DAY, as_date, is_settled, next_working_day
from stadhuis.law.errors import ImpossibleEvent, LawError
from stadhuis.law.terms import TERMS, Regime, Term, Unit, atw_applies, last_day, rolled, shift
from stadhuis.law.texts import SENTENCES, length_text

VERSION: Final = "awb-2026.2"
KNOWN_VERSIONS: Final = ("awb-2026.1", VERSION)
"""2026.1: every term stood still on the grounds of Awb 4:15. 2026.2: each term on the grounds of its own law (``REGIMES``).
An answer is computed again by the rules it was given by; add a version, never change one."""
Day = date  # a Deadline has a field of the other name


class EventKind(StrEnum):
    """What can happen to a clock."""

    RECEIVED = "received"
    OBJECTED_TO = "decision_objected_to"
    INVITED = "invited_to_supplement"
    SUPPLEMENTED = "supplemented"
    RECOVERY_TERM_LAPSED = "recovery_term_lapsed"
    ASKED_ABROAD = "asked_abroad"
    CONSENT_TO_DELAY = "consent_to_delay"
    APPLICANT_DELAY = "applicant_delay"
    FORCE_MAJEURE = "force_majeure"
    THIRD_PARTY_VIEWS = "third_party_views"
    RESUMED = "resumed"
    EXTENDED = "extended"
    NOTICE_4_14 = "notice_4_14"
    DEFAULT_NOTICE = "default_notice"
    OUTAGE = "outage"
    DECIDED = "decided"
    ANNOUNCED = "announced"


@dataclass(frozen=True)
class Event:
    """Something that happened on a day.

    A decision objected to: `on` is the day on which that decision was made known.
    `until`: last day of the recovery term (invitation), of the delay, force majeure, outage or of the term that a
    4:14 notice names. `length` and `unit`: of an extension. `of` and `since`: which standstill a supplement or the end
    of a standstill is about, when it is about one alone. `channel`: of an outage.
    """

    kind: EventKind
    on: date
    until: date | None = None
    length: int | None = None
    unit: Unit | None = None
    of: EventKind | None = None
    since: date | None = None
    channel: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", EventKind(self.kind))
        object.__setattr__(self, "on", as_date(self.on))
        if self.of is not None:
            object.__setattr__(self, "of", EventKind(self.of))
        if self.since is not None:
            object.__setattr__(self, "since", as_date(self.since))
        if self.until is not None:
            object.__setattr__(self, "until", as_date(self.until))
            if self.until < self.on:
                raise ImpossibleEvent(f"{self.kind} ends on {self.until}, before it began on {self.on}")
        if self.kind is EventKind.EXTENDED and (not self.length or self.length < 1 or self.unit is None):
            raise ImpossibleEvent("an extension needs a length and a unit")
        if self.kind in NEEDS_UNTIL and self.until is None:
            raise ImpossibleEvent(f"{self.kind} needs the day until which it lasts")

    def order(self) -> tuple[date, str, date, int, str, str, date, str]:
        """Return the place among other events: by day, then by kind, so that the order of arrival never matters."""
        last = (self.of or "", self.since or date.min, self.channel)
        return (self.on, self.kind, self.until or date.min, self.length or 0, self.unit or "", *last)

    def is_about(self, standstill: Event) -> bool:
        """Say whether this supplement or end belongs to that standstill."""
        return (self.of is None or self.of is standstill.kind) and self.since in (None, standstill.on)

    def as_dict(self) -> dict[str, Any]:
        """Return the event as JSON values, without what is not set."""
        values = {"kind": self.kind.value, "on": self.on.isoformat(), "length": self.length, "unit": self.unit}
        values["until"] = self.until.isoformat() if self.until else None
        values["of"] = self.of.value if self.of else None
        values["since"] = self.since.isoformat() if self.since else None
        values["channel"] = self.channel or None
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Event:
        """Return the event that `as_dict` gave."""
        until, since, of = stored.get("until"), stored.get("since"), stored.get("of")
        return cls(
            EventKind(stored["kind"]),
            date.fromisoformat(stored["on"]),
            date.fromisoformat(until) if until else None,
            stored.get("length"),
            stored.get("unit"),
            EventKind(of) if of else None,
            date.fromisoformat(since) if since else None,
            stored.get("channel", ""),
        )


NEEDS_UNTIL: Final = frozenset({EventKind.CONSENT_TO_DELAY, EventKind.NOTICE_4_14})

# Kinds that make the clock stand still from `on` (an invitation: from the day after) up to and including `until`, each with
# the sentence that says so.
STANDSTILLS: Final = {
    EventKind.INVITED: "suspended-supplement",
    EventKind.ASKED_ABROAD: "suspended-abroad",
    EventKind.CONSENT_TO_DELAY: "suspended-consent",
    EventKind.APPLICANT_DELAY: "suspended-applicant",
    EventKind.FORCE_MAJEURE: "suspended-force-majeure",
    EventKind.THIRD_PARTY_VIEWS: "suspended-views",
}
_AWB_4_15: Final = {
    EventKind.INVITED: "Awb 4:15 lid 1 onder a",
    EventKind.ASKED_ABROAD: "Awb 4:15 lid 1 onder b",
    EventKind.CONSENT_TO_DELAY: "Awb 4:15 lid 2 onder a",
    EventKind.APPLICANT_DELAY: "Awb 4:15 lid 2 onder b",
    EventKind.FORCE_MAJEURE: "Awb 4:15 lid 2 onder c",
}
REGIMES: Final[Mapping[Regime, Mapping[EventKind, str]]] = {
    "awb-4-15": _AWB_4_15,
    # A bezwaar has grounds of its own; of 4:15 only force majeure applies (7:14). Lid 4 onder a and b: consent.
    "awb-7-10": {
        EventKind.INVITED: "Awb 7:10 lid 2",
        EventKind.CONSENT_TO_DELAY: "Awb 7:10 lid 4",
        EventKind.FORCE_MAJEURE: "Awb 7:14 en 4:15 lid 2 onder c",
    },
    "woo-4-4": {**_AWB_4_15, EventKind.THIRD_PARTY_VIEWS: "Woo 4.4 lid 3"},
    "none": {},
}
"""What makes a term stand still, per law. What is not here has no effect, and the answer says so."""
_OLDEST_REGIME: Final = REGIMES["woo-4-4"]


@dataclass(frozen=True)
class Step:
    """One reason for the date: the article, what it did, the last day before it (none at the start) and after it."""

    code: str
    article: str
    deadline: date
    before: date | None = None
    start: date | None = None
    first: date | None = None
    last: date | None = None
    days: int = 0
    length: int | None = None
    unit: Unit | None = None

    @property
    def text(self) -> str:
        """The reason in the language of the reader."""
        days = {name: getattr(self, name) for name in ("deadline", "start", "first", "last")}
        values: dict[str, Any] = {name: date_format(day, "j F Y") for name, day in days.items() if day is not None}
        values["days"] = self.days
        if self.length is not None and self.unit is not None:
            values["length"] = length_text(self.length, self.unit)
        return gettext(SENTENCES[self.code]) % values

    def as_dict(self) -> dict[str, Any]:
        """Return the step as JSON values, without what is not set."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value is not None
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Step:
        """Return the step that `as_dict` gave, so that an old answer is shown as it was given."""
        days = {"deadline", "before", "start", "first", "last"}
        values: dict[str, Any] = {
            name: date.fromisoformat(value) if name in days else value for name, value in stored.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Period:
    """A run of days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Deadline:
    """The last day on which a decision is in time, and why."""

    date: Day
    term: Term
    received: Day
    events: tuple[Event, ...]
    steps: tuple[Step, ...]
    suspensions: tuple[Period, ...]
    decided: Day | None = None
    announced: Day | None = None
    as_of: Day | None = None
    version: str = VERSION

    @property
    def is_late(self) -> bool:
        """Whether the decision was made known (or, when that is not recorded, taken) after the last day."""
        done = self.announced or self.decided
        return done is not None and done > self.date

    def stands_still_on(self, day: Day) -> bool:
        """Say whether the clock stands still on this day."""
        return any(period.first <= day <= period.last for period in self.suspensions)

    def days_left(self, on: Day) -> int:
        """Return the days from `on` to the last day; 0 on the last day itself, negative afterwards."""
        return (self.date - on).days

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values; `replay` computes it again from these."""
        return {
            "version": self.version,
            "date": self.date.isoformat(),
            "term": self.term.as_dict(),
            "received": self.received.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "events": [event.as_dict() for event in self.events],
            "steps": [step.as_dict() for step in self.steps],
        }


@dataclass(frozen=True)
class _Change:
    """Something that moves the last day, at the moment from which it works."""

    at: date
    event: Event
    standstill: Period | None = None
    article: str = ""
    code: str = ""


def decision_deadline(
    received: date | datetime,
    term: Term,
    events: Iterable[Event] = (),
    *,
    as_of: date | None = None,
    version: str = VERSION,
) -> Deadline:
    """Return the last day to decide on what was received, with every step that led there.

    The order of the events does not matter. `as_of` is only needed while a delay without an end lasts: the clock is
    taken to stand still up to and including that day. Raises LawError for rules of an unknown version.
    Source: Awb 4:13-4:15; Algemene termijnenwet art. 1-4.
    """
    if version not in KNOWN_VERSIONS:
        raise LawError(f"the rules of version {version!r} are not known here")
    received = as_date(received)
    if term.is_counted_back:
        raise LawError(f"{term.id} is counted back from an event and is no term to decide in")
    known = tuple(sorted(events, key=Event.order))
    for event in known:
        if event.kind is EventKind.RECEIVED and event.on != received:
            raise ImpossibleEvent(f"received on {event.on} and on {received}")
    grounds = _OLDEST_REGIME if version == "awb-2026.1" else REGIMES[term.regime]
    start = _start(received, term, known)
    end = shift(start, term.length, term.unit)
    steps = [Step("term", term.article, end, length=term.length, unit=term.unit)]
    if start != received:
        known_on = max(event.on for event in known if event.kind is EventKind.OBJECTED_TO)
        steps.insert(0, Step("objection-term", "Awb 6:7, 6:8 en 7:10 lid 1", end, start=known_on, last=start))
    elif not term.is_of_sender:
        article = "Awb 4:13" if term.regime == "awb-4-15" else term.article
        steps.insert(0, Step("received", article, end, start=received))
    suspensions: list[Period] = []
    counted_to = start
    for change in sorted(_changes(known, as_of, grounds), key=lambda change: (change.at, change.event.order())):
        before = end
        if change.standstill is not None:
            end, period, step = _suspended(change, change.standstill, end, counted_to, start, term)
            if period is not None:
                suspensions.append(period)
                counted_to = period.last
        else:
            is_repeated = any(done.code == "extended" for done in steps)
            end, step = _moved(change, end, start, term, is_repeated=is_repeated)
        steps.append(replace(step, before=before))
    final = rolled(end, start, term)
    steps.extend(replace(step, before=end) for step in _calendar_steps(end, final, term))
    if term.is_of_sender:
        final = _after_outages(known, final, steps)
    decided = _first_day(known, EventKind.DECIDED)
    announced = _first_day(known, EventKind.ANNOUNCED)
    steps.extend(_other_steps(known, final))
    return Deadline(
        final,
        term,
        received,
        known,
        tuple(steps),
        tuple(suspensions),
        decided=decided,
        announced=announced,
        as_of=as_of,
        version=version,
    )


def _start(received: date, term: Term, events: Sequence[Event]) -> date:
    """Return the day after which the term runs: the receipt; for a bezwaar the end of the term to object, once known.

    Of two decisions objected to, the one made known last counts. Source: Awb 7:10 lid 1.
    """
    if term.regime != "awb-7-10":
        return received
    objected = [event.on for event in events if event.kind is EventKind.OBJECTED_TO]
    return last_day(max(objected), TERMS["awb-6-7"]) if objected else received


def replay(stored: dict[str, Any]) -> Deadline:
    """Compute a stored answer again from its own term, events and rules; raises LawError for an unknown version."""
    as_of = stored.get("as_of")
    return decision_deadline(
        date.fromisoformat(stored["received"]),
        Term.from_dict(stored["term"]),
        [Event.from_dict(event) for event in stored["events"]],
        as_of=date.fromisoformat(as_of) if as_of else None,
        version=stored["version"],
    )


class Outage(NamedTuple):
    """A time in which a channel did not work. `end` is the first moment it worked again, None while it does not."""

    channel: str
    start: datetime
    end: datetime | None


def outage_events(
    outages: Iterable[tuple[str, datetime, datetime | None]], *, channels: Iterable[str] | None = None, as_of: date
) -> list[Event]:
    """Return the outages as events in Dutch days: of the channels a message may come by, or of all.

    An outage that lasts counts up to and including `as_of`; one that ended at midnight does not count for the day after.
    Raises LawError for a moment without a time zone, ImpossibleEvent for an end before the start.
    """
    wanted = None if channels is None else frozenset(channels)
    events = []
    for channel, start, end in outages:
        if wanted is not None and channel not in wanted:
            continue
        if end is not None and end < start:
            raise ImpossibleEvent(f"the outage of {channel} ends at {end}, before it began at {start}")
        first = as_date(start)
        last = max(first, as_of) if end is None else as_date(max(start, end - timedelta(microseconds=1)))
        events.append(Event(EventKind.OUTAGE, first, until=last, channel=channel))
    return events


NEAR_THE_END: Final = timedelta(days=7)
"""An outage in these last days may explain that something came late. The law says 'some time before the end' and names no
number; this one is ours."""
OUTAGE_ARTICLE: Final = "Awb 2:21 lid 3"


def sender_deadline(start: date | datetime, term: Term, outages: Sequence[Event] = ()) -> Deadline:
    """Return the last day for someone who sends something to us, moved when our channel was down on that day.

    The law does not move the term: it does not hold lateness against a sender who could not reach us in the time before
    the end, unless he is in default. Here an outage on the last day moves that day to the first working day after the
    outage, so that nobody has to argue; one shortly before it is named in a step, for a person to weigh.
    Source: Awb 2:21 lid 3 (text of bill 35261; the number in the final text was not checked); decision 0023.
    """
    if not term.is_of_sender:
        raise LawError(f"{term.id} is our own term; an outage does not move it")
    if any(event.kind is not EventKind.OUTAGE for event in outages):
        raise ImpossibleEvent("only outages move the term of a sender")
    return decision_deadline(start, term, outages)


def _after_outages(events: Sequence[Event], end: date, steps: list[Step]) -> date:
    """Return the end moved by every outage that lay on it, each with its step."""
    legal = end
    for event in events:
        last = event.until or event.on
        if event.kind is EventKind.OUTAGE and event.on <= end <= last:
            moved = next_working_day(last + ONE_DAY)
            steps.append(Step("outage-extended", OUTAGE_ARTICLE, moved, before=end, first=event.on, last=last))
            end = moved
        elif event.kind is EventKind.OUTAGE and legal - NEAR_THE_END <= last < legal:
            steps.append(Step("outage-near-the-end", OUTAGE_ARTICLE, end, before=end, first=event.on, last=last))
    return end


def _changes(events: Sequence[Event], as_of: date | None, grounds: Mapping[EventKind, str]) -> Iterable[_Change]:
    for event in events:
        if event.kind in STANDSTILLS:
            article, code = grounds.get(event.kind, ""), STANDSTILLS[event.kind]
            if not article:
                yield _Change(event.on, event, code="no-ground-in-law")
            elif event.kind is not EventKind.INVITED:
                last = _resumed(event, event.until or max(event.on, as_of or event.on), events)
                yield _Change(event.on, event, Period(event.on, last), article, code)
            elif (period := _recovery(event, events)) is not None:
                yield _Change(event.on + ONE_DAY, event, period, article, code)
            else:
                yield _Change(event.on + ONE_DAY, event, code="no-suspension-without-term")
        elif event.kind in (EventKind.EXTENDED, EventKind.NOTICE_4_14):
            yield _Change(event.on, event)


def _recovery(invitation: Event, events: Sequence[Event]) -> Period | None:
    """Return the days that an invitation to supplement stops the clock; None when it named no term.

    From the day after the invitation until (not on) the day of the supplement, or up to and including the last day of
    an unused term. Source: Awb 4:15 lid 1 onder a; a request without a term does not suspend: ABRvS 2016:2527.
    """
    if invitation.until is None:
        return None
    last = invitation.until
    for event in events:
        if event.on < invitation.on or not event.is_about(invitation):
            continue
        if event.kind is EventKind.SUPPLEMENTED:
            last = min(last, event.on - ONE_DAY)
        elif event.kind is EventKind.RECOVERY_TERM_LAPSED:
            last = min(last, event.on)
    return Period(invitation.on + ONE_DAY, _resumed(invitation, last, events))


def _resumed(event: Event, last: date, events: Sequence[Event]) -> date:
    """Return the last day of a standstill, cut short when it was said to be over: that day runs again (4:15 lid 4)."""
    ends = [
        other.on - ONE_DAY
        for other in events
        if other.kind is EventKind.RESUMED and other.on >= event.on and other.is_about(event)
    ]
    return min([last, *ends])


def _suspended(
    change: _Change, period: Period, end: date, counted_to: date, received: date, term: Term
) -> tuple[date, Period | None, Step]:
    first = max(period.first, counted_to + ONE_DAY)
    if first > period.last:
        return end, None, Step("no-suspension-no-days", change.article, end, start=change.event.on)
    latest_start = rolled(end, received, term)
    # Someone may agree, within the term, to a delay that follows it at once.
    if change.event.kind is EventKind.CONSENT_TO_DELAY:
        latest_start += ONE_DAY
    if first > latest_start:
        return end, None, Step("no-effect-too-late", change.article, end, start=change.event.on)
    if first > end:
        end = min(latest_start, rolled(end, received, term))
    counted = Period(first, period.last)
    end += counted.days * ONE_DAY
    step = Step(
        change.code, change.article, end, start=change.event.on, first=first, last=period.last, days=counted.days
    )
    return end, counted, step


def _moved(change: _Change, end: date, received: date, term: Term, *, is_repeated: bool) -> tuple[date, Step]:
    event = change.event
    if change.code == "no-ground-in-law":
        return end, Step(change.code, term.article, end, start=event.on)
    if change.code:
        return end, Step(change.code, "Awb 4:15 lid 1; ABRvS 2016:2527", end, start=event.on)
    extension = term.extension_article or f"{term.article} (verlenging)"
    article = {EventKind.EXTENDED: extension}.get(event.kind, "Awb 4:14")
    if event.on > rolled(end, received, term):
        return end, Step("no-effect-too-late", article, end, start=event.on)
    if event.kind is EventKind.EXTENDED and event.length and event.unit:
        longest = term.longest_extension
        if longest and (is_repeated or shift(end, event.length, event.unit) > shift(end, *longest)):
            return end, Step("extension-not-allowed", article, end, start=event.on, length=longest[0], unit=longest[1])
        end = shift(end, event.length, event.unit)
        return end, Step("extended", article, end, start=event.on, length=event.length, unit=event.unit)
    if term.is_statutory or event.until is None:
        return end, Step("notice-4-14-lid-1", "Awb 4:14 lid 1", end, start=event.on)
    end = max(end, event.until)
    return end, Step("notice-4-14-lid-3", "Awb 4:14 lid 3", end, start=event.on)


def _calendar_steps(end: date, final: date, term: Term) -> Iterable[Step]:
    if not atw_applies(term):
        yield Step("atw-not", "Atw 1 lid 2 en 4", final)
        return
    if final != end:
        is_art_1 = next_working_day(end) == final
        yield Step("atw-1" if is_art_1 else "atw-2", "Atw 1 lid 1" if is_art_1 else "Atw 2", final)
    if not is_settled(final.year):
        yield Step("decree-unknown", "Atw 3 lid 3", final)


def _other_steps(events: Sequence[Event], final: date) -> Iterable[Step]:
    for event in events:
        if event.kind is EventKind.DEFAULT_NOTICE:
            is_early = event.on <= final
            yield Step(
                "default-notice-too-early" if is_early else "default-notice", "Awb 4:17 lid 3", final, start=event.on
            )
        elif event.kind is EventKind.OUTAGE:
            yield Step("outage", OUTAGE_ARTICLE, final, first=event.on, last=event.until or event.on)
        elif event.kind in (EventKind.DECIDED, EventKind.ANNOUNCED):
            article = "Awb 4:13" if event.kind is EventKind.DECIDED else "Awb 3:41"
            yield Step(event.kind.value, article, final, start=event.on)


def _first_day(events: Sequence[Event], kind: EventKind) -> date | None:
    return next((event.on for event in events if event.kind is kind), None)
