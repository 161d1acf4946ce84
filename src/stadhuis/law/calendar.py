"""Working days and public holidays in the sense of the Algemene termijnenwet (Atw)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _

from stadhuis.kit.time import AMSTERDAM
from stadhuis.law.decrees import DECREED_DAYS, SETTLED_YEARS
from stadhuis.law.errors import LawError

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
SUNDAY: Final = 6
# Koningsdag since 2014 (27 April); before that Koninginnedag (30 April). On a Sunday it is kept the day before.
FIRST_KONINGSDAG: Final = 2014

HOLIDAY_NAMES: Final = {
    "nieuwjaarsdag": _("Nieuwjaarsdag"),
    "goede-vrijdag": _("Goede Vrijdag"),
    "tweede-paasdag": _("Tweede paasdag"),
    "koningsdag": _("Koningsdag"),
    "bevrijdingsdag": _("Bevrijdingsdag"),
    "hemelvaartsdag": _("Hemelvaartsdag"),
    "tweede-pinksterdag": _("Tweede pinksterdag"),
    "eerste-kerstdag": _("Eerste kerstdag"),
    "tweede-kerstdag": _("Tweede kerstdag"),
    "gelijkgesteld": _("Dag die bij koninklijk besluit gelijkstaat met een feestdag"),
}


def as_date(value: date | datetime) -> date:
    """Return the calendar day in the Netherlands; a moment must be aware.

    23:30 UTC on 27 March is already 28 March in Amsterdam; the hour that a clock change adds or drops does not matter.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise LawError("a moment without a time zone has no day in the Netherlands")
    return value.astimezone(AMSTERDAM).date()


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous method of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    quarter, quarter_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * quarter - epact - quarter_rest) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def public_holidays(year: int) -> Mapping[date, str]:
    """Return the holidays of art. 3 lid 1 and 2 of the Atw in this year, each with its key in HOLIDAY_NAMES."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27) if year >= FIRST_KONINGSDAG else date(year, 4, 30)
    if kings_day.weekday() == SUNDAY:
        kings_day -= ONE_DAY
    named: dict[date, str] = {}
    for day, name in (
        (date(year, 1, 1), "nieuwjaarsdag"),
        (easter - 2 * ONE_DAY, "goede-vrijdag"),
        (easter + ONE_DAY, "tweede-paasdag"),
        (kings_day, "koningsdag"),
        (date(year, 5, 5), "bevrijdingsdag"),
        (easter + 39 * ONE_DAY, "hemelvaartsdag"),
        (easter + 50 * ONE_DAY, "tweede-pinksterdag"),
        (date(year, 12, 25), "eerste-kerstdag"),
        (date(year, 12, 26), "tweede-kerstdag"),
    ):
        named.setdefault(day, name)
    return MappingProxyType(named)


def holiday_key(day: date) -> str | None:
    """Return the key of the holiday on this day, "gelijkgesteld" for a day of a royal decree, or None."""
    named = public_holidays(day.year).get(day)
    if named is None and day in DECREED_DAYS:
        return "gelijkgesteld"
    return named


def is_working_day(day: date) -> bool:
    """Say whether the day is neither Saturday, Sunday nor public holiday. Source: Atw art. 1 and 3."""
    return day.weekday() < SATURDAY and holiday_key(day) is None


def next_working_day(day: date) -> date:
    """Return the day itself when it is a working day, else the first working day after it. Source: Atw art. 1 lid 1."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_days(first: date, last: date) -> int:
    """Count the working days from first up to and including last."""
    return sum(is_working_day(first + offset * ONE_DAY) for offset in range((last - first).days + 1))


def is_settled(year: int) -> bool:
    """Say whether the royal decree for this year is in the table; without it a date may still move."""
    return year in SETTLED_YEARS
