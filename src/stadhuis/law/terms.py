"""Terms as data: how long, from which article, and whether the Algemene termijnenwet (Atw) applies."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal

from dateutil.relativedelta import relativedelta

from stadhuis.law.calendar import ONE_DAY, next_working_day, working_days
from stadhuis.law.errors import UnknownTerm

Unit = Literal["days", "weeks", "months", "years"]
Regime = Literal["awb-4-15", "awb-7-10", "woo-4-4", "none"]
"""Which law says what makes a term stand still; ``clock.REGIMES`` holds the grounds of each."""

# Above these lengths the Atw does not apply; a term in years never falls under it. Source: Atw art. 4 onder a.
ATW_LIMITS: Final[dict[Unit, int]] = {"days": 90, "weeks": 12, "months": 3, "years": 0}
# Source: Atw art. 2.
ATW_SHORTEST_DAYS: Final = 3
ATW_WORKING_DAYS: Final = 2


@dataclass(frozen=True)
class Term:
    """A term of law. The day of the event itself does not count: the first day is the day after."""

    id: str
    article: str
    length: int
    unit: Unit
    in_act: bool = True
    """Set in an Act or AMvB; the Atw does not apply to a term in a by-law, a letter or a policy."""
    is_counted_back: bool = False
    is_statutory: bool = True
    """False for the 'reasonable term' of Awb 4:13: then a notice of 4:14 lid 3 moves the end."""
    has_penalty: bool = False
    """The penalty of Awb 4:17 may follow when the end has passed."""
    is_of_sender: bool = False
    """A term for the resident, so that an outage of the channel counts (Awb 2:21)."""
    longest_extension: tuple[int, Unit] | None = None
    """One extension of at most this length; None when the law names no limit."""
    extension_article: str = ""
    """Where the law allows the extension; empty when it follows from `article`."""
    regime: Regime = "awb-4-15"
    starts: str = field(default="", compare=False)
    """What the term runs from, in a few words; for the page that lists the terms."""
    source: str = field(default="", compare=False)
    """Where the length was read; empty when that is `article` itself."""
    is_confirmed: bool = field(default=True, compare=False)
    """False for what is general knowledge and was not read in a source."""

    def as_dict(self) -> dict[str, Any]:
        """Return what the term decides as JSON values."""
        extension = list(self.longest_extension) if self.longest_extension else None
        values = {name: value for name, value in asdict(self).items() if name not in _ABOUT}
        return {**values, "longest_extension": extension}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Term:
        """Return the term that `as_dict` gave, also an earlier version of it."""
        extension = stored.get("longest_extension")
        return cls(**{**stored, "longest_extension": tuple(extension) if extension else None})


_ABOUT: Final = frozenset({"starts", "source", "is_confirmed"})

TERMS: Final = {
    term.id: term
    for term in (
        Term(
            "awb-4-13", "Awb 4:13 lid 2", 8, "weeks", is_statutory=False, has_penalty=True,
            starts="receipt of the application", extension_article="Awb 4:14 lid 3",
        ),
        Term("awb-4-5", "Awb 4:5 lid 4", 4, "weeks", regime="none", starts="the supplement, or the unused end of the recovery term"),
        Term("awb-4-17", "Awb 4:17 lid 3", 2, "weeks", regime="none", starts="receipt of the default notice", source="ECLI:NL:RBMNE:2022:4508"),
        Term("awb-4-18", "Awb 4:18 lid 1", 2, "weeks", regime="none", starts="the last day over which the penalty was owed", source="ECLI:NL:RBZWB:2020:3789"),
        Term("awb-4-87", "Awb 4:87 lid 1", 6, "weeks", regime="none", starts="announcement of the decision that fixes a sum of money", source="MinBZK/regelrecht"),
        Term("awb-6-7", "Awb 6:7", 6, "weeks", is_of_sender=True, regime="none", starts="announcement of the decision (6:8 lid 1)"),
        Term("awb-6-9", "Awb 6:9 lid 2", 1, "weeks", regime="none", starts="the end of the term of 6:7, for what was posted in time", source="MinBZK/regelrecht"),
        Term("awb-7-4", "Awb 7:4 lid 1", 10, "days", is_counted_back=True, is_of_sender=True, regime="none", starts="the hearing, counted back", is_confirmed=False),
        Term(
            "awb-7-10", "Awb 7:10 lid 1", 6, "weeks", has_penalty=True, longest_extension=(6, "weeks"),
            extension_article="Awb 7:10 lid 3", regime="awb-7-10", starts="the end of the term of 6:7", source="ECLI:NL:RBMNE:2024:6245",
        ),
        Term(
            "awb-7-10-commissie", "Awb 7:10 lid 1 (commissie, 7:13)", 12, "weeks", has_penalty=True, longest_extension=(6, "weeks"),
            extension_article="Awb 7:10 lid 3", regime="awb-7-10", starts="the end of the term of 6:7", source="zylab.com on Awb 7:13",
        ),
        # The penalty of Awb 4:17 does not apply to the Woo: Woo art. 8.2.
        Term("woo-4-1", "Woo 4.1 lid 5", 2, "weeks", regime="none", starts="receipt of a request that is too general; by then it is asked to be made precise"),
        Term(
            "woo-4-4", "Woo 4.4 lid 1", 4, "weeks", longest_extension=(2, "weeks"), extension_article="Woo 4.4 lid 2",
            regime="woo-4-4", starts="receipt of the request", source="Woo (12 February 2025); ECLI:NL:RBMNE:2025:654",
        ),
        Term("woo-4-4-verstrekken", "Woo 4.4 lid 5", 2, "weeks", regime="none", starts="the decision, when somebody is expected to object"),
        Term("wmo-onderzoek", "Wmo 2015 2.3.2 lid 1", 6, "weeks", regime="none", starts="receipt of the report (melding)", source="schulinck.nl"),
        Term("wmo-besluit", "Wmo 2015 2.3.5 lid 2", 2, "weeks", has_penalty=True, starts="receipt of the application after the investigation", source="schulinck.nl"),
        # A European regulation is no Act in the sense of the Atw; without a later day the answer is on the safe side.
        Term(
            "avg-12", "AVG 12 lid 3", 1, "months", in_act=False, longest_extension=(2, "months"), extension_article="AVG 12 lid 3",
            regime="none", has_penalty=True, starts="receipt of a request about one's own data", source="UAVG 34; ECLI:NL:RBZWB:2020:3789",
        ),
    )
}  # fmt: skip


def term(term_id: str) -> Term:
    """Return the term with this id; raises UnknownTerm."""
    try:
        return TERMS[term_id]
    except KeyError:
        raise UnknownTerm(f"there is no term {term_id!r}") from None


_ISO = re.compile(r"P(?:(?P<years>\d+)Y|(?P<months>\d+)M|(?P<weeks>\d+)W|(?P<days>\d+)D)")


def term_of_duration(
    duration: str,
    *,
    article: str = "doorlooptijd van het zaaktype",
    in_act: bool = True,
    has_penalty: bool = True,
    longest_extension: str | None = None,
) -> Term:
    """Return the term for an ISO 8601 duration of one unit, such as P8W, P56D, P2M (zaaktype.doorlooptijd).

    `longest_extension` is a duration too (zaaktype.verlengingstermijn); None sets no limit, and neither does a mixed one.
    Set `in_act` to False when the length comes from a policy or by-law; raises UnknownTerm for anything else, also for
    a mixed duration such as P1M3D, in which the law would not say what comes first, and for a term of no length.
    """
    length, unit = _length(duration)
    try:
        extension = _length(longest_extension) if longest_extension else None
    except UnknownTerm:
        extension = None
    return Term(
        f"duur-{duration}", article, length, unit, in_act=in_act, has_penalty=has_penalty, longest_extension=extension
    )


def _length(duration: str) -> tuple[int, Unit]:
    found = _ISO.fullmatch(duration)
    if found is None:
        raise UnknownTerm(f"{duration!r} is not a duration of one unit (P8W, P56D, P2M, P1Y)")
    [(unit, length)] = [(unit, value) for unit, value in found.groupdict().items() if value is not None]
    if not 0 < int(length) < 10_000:
        raise UnknownTerm(f"{duration!r} is no usable length")
    return int(length), unit  # type: ignore[return-value]


def shift(day: date, length: int, unit: Unit) -> date:
    """Return the day that lies `length` units after (or, negative, before) the day, in calendar time."""
    if unit == "days":
        return day + timedelta(days=length)
    if unit == "weeks":
        return day + timedelta(weeks=length)
    return day + (relativedelta(months=length) if unit == "months" else relativedelta(years=length))


def atw_applies(of: Term) -> bool:
    """Say whether the Atw may move the end of the term. Source: Atw art. 1 lid 2 and art. 4."""
    return of.in_act and not of.is_counted_back and of.length <= ATW_LIMITS[of.unit]


def last_day(start: date, of: Term) -> date:
    """Return the last day of a term that runs from the day after `start`, without suspension, the Atw applied.

    A term that is counted back ends (begins) `length` units before `start` and never moves.
    Source: Atw art. 1-4.
    """
    if of.is_counted_back:
        return shift(start, -of.length, of.unit)
    return rolled(shift(start, of.length, of.unit), start, of)


def rolled(end: date, start: date, of: Term) -> date:
    """Return the end after art. 1 and 2 of the Atw, for a term that runs from the day after `start`."""
    if not atw_applies(of):
        return end
    if of.unit != "days" or of.length >= ATW_SHORTEST_DAYS:
        while working_days(start + ONE_DAY, end) < ATW_WORKING_DAYS:
            end += ONE_DAY
    return next_working_day(end)
