"""Days that a royal decree puts on a par with a public holiday, per year.

Source: Algemene termijnenwet art. 3 lid 3. A new decree comes about every three years: add a row, never change one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Decree:
    """One royal decree: the years it settles, its days and where it was read."""

    years: tuple[int, ...]
    days: tuple[date, ...]
    source: str
    is_confirmed: bool = True


DECREES: Final = (
    Decree(
        (2014, 2015, 2016),
        (date(2014, 5, 30), date(2015, 1, 2), date(2015, 5, 15), date(2016, 5, 6)),
        "Not read; follows the practice of the later decrees (the Friday after Ascension, the Friday after a holiday on Thursday)",
        is_confirmed=False,
    ),
    Decree(
        (2017, 2018, 2019),
        (
            date(2017, 4, 28),
            date(2017, 5, 26),
            date(2018, 5, 11),
            date(2018, 12, 24),
            date(2018, 12, 31),
            date(2019, 5, 31),
            date(2019, 12, 27),
        ),
        "Besluit van 24 oktober 2016, nr. 2016001827 (BWBR0038666)",
    ),
    Decree(
        (2020, 2021, 2022),
        (date(2020, 5, 22), date(2021, 5, 14), date(2022, 5, 27)),
        "Besluit van 20 september 2019 (as cited by legal-support-office.nl)",
    ),
    Decree(
        (2023, 2024, 2025),
        (date(2023, 4, 28), date(2023, 5, 19), date(2024, 5, 10), date(2024, 12, 27), date(2025, 5, 30)),
        "Besluit gelijkstelling van 28 april 2023 en volgende (title as cited by sterfgeval.nl, 4 October 2025)",
    ),
    Decree(
        (2026, 2027, 2028),
        (date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)),
        "Besluit gelijkstelling van 2 januari 2026 en volgende (title as cited by sterfgeval.nl, 4 October 2025)",
    ),
)

DECREED_DAYS: Final = frozenset(day for decree in DECREES for day in decree.days)
SETTLED_YEARS: Final = frozenset(year for decree in DECREES for year in decree.years)
