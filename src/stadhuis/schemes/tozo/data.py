"""The dated figures of the Tozo, each with its source. Add rows; never change one that was used.

Amounts are in cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Round:
    """One round: when it could be applied for, for which months, and which tests it had."""

    number: int
    applied_from: date
    applied_until: date
    first_month: date
    last_month: date
    longest_months: int
    has_partner_test: bool
    refuses_surseance: bool
    source: str
    has_wealth_test: bool = False


ROUNDS: Final = (
    Round(1, date(2020, 3, 1), date(2020, 5, 31), date(2020, 3, 1), date(2020, 8, 1), 3, False, False,
          "Stb. 2020, 118; months up to August 2020: Stcrt. 2020, 29395 (haarlem.nl)"),
    Round(2, date(2020, 6, 1), date(2020, 9, 30), date(2020, 6, 1), date(2020, 9, 1), 4, True, True,
          "Stcrt. 2020, 29395 (pekela.nl, nver.info)"),
    Round(3, date(2020, 10, 1), date(2021, 3, 31), date(2020, 10, 1), date(2021, 3, 1), 6, True, True,
          "Stb. 2020, 362 (rijksoverheid.nl 30 September 2020)"),
    Round(4, date(2021, 4, 1), date(2021, 6, 30), date(2021, 4, 1), date(2021, 6, 1), 3, True, True,
          "Stb. 2021, 137 (socialedienstdrechtsteden.nl)"),
    Round(5, date(2021, 7, 1), date(2021, 9, 30), date(2021, 7, 1), date(2021, 9, 1), 3, True, True,
          "Stb. 2021, 289 (gemeentewestland.nl, albrandswaard.nl)"),
)  # fmt: skip

Counts = Literal["fixed", "this-month", "previous-month"]


@dataclass(frozen=True)
class DeemedDate:
    """When an application made in this period counts as made."""

    applied_from: date
    counts: Counts
    article: str
    fixed: date | None = None


# Source: Tozo art. 3 lid 2; Stb. 2020, 362 (a-d), Stb. 2021, 137 (d-g), Stb. 2021, 289 (g-i).
DEEMED_DATES: Final = (
    DeemedDate(date.min, "fixed", "Tozo art. 3 lid 2 onder a", date(2020, 3, 1)),
    DeemedDate(date(2020, 6, 1), "fixed", "Tozo art. 3 lid 2 onder b", date(2020, 6, 1)),
    DeemedDate(date(2020, 10, 1), "fixed", "Tozo art. 3 lid 2 onder c", date(2020, 10, 1)),
    DeemedDate(date(2020, 12, 1), "this-month", "Tozo art. 3 lid 2 onder d"),
    DeemedDate(date(2021, 2, 1), "previous-month", "Tozo art. 3 lid 2 onder e"),
    DeemedDate(date(2021, 4, 1), "this-month", "Tozo art. 3 lid 2 onder f"),
    DeemedDate(date(2021, 5, 1), "previous-month", "Tozo art. 3 lid 2 onder g"),
    DeemedDate(date(2021, 7, 1), "this-month", "Tozo art. 3 lid 2 onder h"),
    DeemedDate(date(2021, 8, 1), "previous-month", "Tozo art. 3 lid 2 onder i"),
)

Household = Literal[
    "paar-21-aow",
    "paar-een-aow",
    "paar-een-18-20-kinderen",
    "paar-een-18-20",
    "paar-18-20-kinderen",
    "paar-18-20",
    "alleen-21-aow",
    "alleen-18-20",
]


@dataclass(frozen=True)
class Norms:
    """The norm per month per household, net, from a day on."""

    valid_from: date
    cents: dict[Household, int]
    source: str
    confirmed_until: date
    """Last month for which a source names these amounts; later months use them with a remark."""


# Source of the households: Participatiewet art. 20-22; no kostendelersnorm (vng.nl, questions about Tozo).
NORMS: Final = (
    Norms(
        date(2020, 3, 1),
        {
            "paar-21-aow": 150_331,
            "paar-een-aow": 159_442,
            "paar-een-18-20-kinderen": 131_210,
            "paar-een-18-20": 101_144,
            "paar-18-20-kinderen": 82_022,
            "paar-18-20": 51_956,
            "alleen-21-aow": 105_232,
            "alleen-18-20": 25_978,
        },
        "zzp-nederland.nl, amounts for 2020",
        date(2020, 12, 1),
    ),
    Norms(
        date(2021, 1, 1),
        {
            "paar-21-aow": 153_634,
            "paar-een-aow": 162_074,
            "paar-een-18-20-kinderen": 134_093,
            "paar-een-18-20": 103_366,
            "paar-18-20-kinderen": 83_825,
            "paar-18-20": 53_098,
            "alleen-21-aow": 107_544,
            "alleen-18-20": 26_549,
        },
        "rijksoverheid.nl, amounts from 1 January 2021; amounts of 1 July 2021 for the Tozo were not found",
        date(2021, 6, 1),
    ),
)

# Years and months of age at which the AOW begins, for who reaches it in that year. Exact from 2019 on.
# Source: AOW art. 7a; the ages of 2022-2028 as published, those of 2019-2021 by the Act of 2019.
AOW_AGES: Final = {
    2019: (66, 4),
    2020: (66, 4),
    2021: (66, 4),
    2022: (66, 7),
    2023: (66, 10),
    2024: (67, 0),
    2025: (67, 0),
    2026: (67, 0),
    2027: (67, 0),
    2028: (67, 3),
}

YOUNGEST_AGE: Final = 18
FULL_NORM_AGE: Final = 21
# Started and registered before the scheme was announced. Source: Tozo, kring van rechthebbenden; CRvB 2021:1789.
STARTED_BEFORE: Final = (date(2020, 3, 17), time(18, 45))
HOURS_PER_YEAR: Final = 1_225  # Tozo art. 1, zelfstandige, onder b
PROFIT_DEDUCTION_PERCENT: Final = 18  # Tozo, inkomen; zzp-nederland.nl
WEALTH_LIMIT_CENTS: Final = 4_652_000  # Tozo art. 5 and 7 (Stb. 2020, 362); switched off by Stb. 2021, 137
LOAN_MAXIMUM_CENTS: Final = 1_015_700  # Tozo art. 10; over all rounds together
CROSS_BORDER_MUNICIPALITY: Final = "Maastricht"  # loans for who lives in the EU; Stcrt. 2020, 24833


@dataclass(frozen=True)
class RepaymentRules:
    """How the loan is paid back under one version of the rules."""

    id: str
    known_from: date
    first_repayment: date
    term_months: int
    interest_free: tuple[date, date] | None
    """First and last month without interest."""
    yearly_percent: int
    source: str


REPAYMENT_RULES: Final = (
    RepaymentRules("tozo-lening-2020", date(2020, 4, 22), date(2021, 1, 1), 36, None, 2, "Stb. 2020, 118"),
    RepaymentRules(
        "tozo-lening-2021-1",
        date(2021, 1, 1),
        date(2021, 7, 1),
        42,
        (date(2021, 1, 1), date(2021, 6, 1)),
        2,
        "Stcrt. January 2021, in force 26 January and back to 1 January 2021 (accountancyvanmorgen.nl 28 January 2021)",
    ),
    RepaymentRules(
        "tozo-lening-2021-7",
        date(2021, 7, 1),
        date(2022, 1, 1),
        60,
        (date(2021, 1, 1), date(2021, 12, 1)),
        2,
        "Stb. 2021, 289 (gemeentewestland.nl)",
    ),
    RepaymentRules(
        "tozo-lening-2022",
        date(2022, 1, 1),
        date(2022, 7, 1),
        72,
        (date(2021, 1, 1), date(2022, 6, 1)),
        2,
        "zoetermeer.nl, ondernemen.zaanstad.nl, CVDR703860; the day it became law was not found",
    ),
)
FINAL_REPAYMENT_RULES: Final = REPAYMENT_RULES[-1]


def first_of_month(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """Return the day so many months later."""
    return day + relativedelta(months=months)


def months_between(first: date, last: date) -> int:
    """Return how many months the month of `last` lies after the month of `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


def deemed_date(aanvraagdatum: date) -> tuple[date, str]:
    """Return the day on which the application counts as made, and the article that says so. Source: Tozo art. 3 lid 2."""
    row = next(row for row in reversed(DEEMED_DATES) if row.applied_from <= aanvraagdatum)
    if row.fixed is not None:
        return row.fixed, row.article
    month = first_of_month(aanvraagdatum)
    return (month if row.counts == "this-month" else add_months(month, -1)), row.article


def aow_date(geboortedatum: date) -> date:
    """Return the day the AOW begins. Exact for who reaches it from 2019 on; after 2028 the last known age is used."""
    for year, (years, months) in AOW_AGES.items():
        reached = geboortedatum + relativedelta(years=years, months=months)
        if reached.year <= year:
            return reached
    years, months = AOW_AGES[max(AOW_AGES)]
    return geboortedatum + relativedelta(years=years, months=months)


def norms_on(month: date) -> Norms:
    """Return the norms for a month from March 2020 on."""
    return next(row for row in reversed(NORMS) if row.valid_from <= month)


AgeGroup = Literal["minor", "18-20", "21-aow", "aow"]


def age_group(geboortedatum: date, on: date) -> AgeGroup:
    """Return the age group on a day; the AOW group from the day the AOW begins."""
    if on >= aow_date(geboortedatum):
        return "aow"
    age = relativedelta(on, geboortedatum).years
    if on < geboortedatum or age < YOUNGEST_AGE:
        return "minor"
    return "18-20" if age < FULL_NORM_AGE else "21-aow"


def household(own: AgeGroup, partner: AgeGroup | None, *, kinderen: bool) -> Household | None:
    """Return the household of the norm table, or None when the table has none for these ages."""
    if own in ("minor", "aow"):
        return None
    if partner is None:
        return "alleen-21-aow" if own == "21-aow" else "alleen-18-20"
    match sorted((own, partner)):
        case ["21-aow", "21-aow"]:
            return "paar-21-aow"
        case ["21-aow", "aow"]:
            return "paar-een-aow"
        case ["18-20", "21-aow"]:
            return "paar-een-18-20-kinderen" if kinderen else "paar-een-18-20"
        case ["18-20", "18-20"]:
            return "paar-18-20-kinderen" if kinderen else "paar-18-20"
    return None
