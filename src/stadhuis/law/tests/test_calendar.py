"""The calendar of the Algemene termijnenwet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.law import public as law
from stadhuis.law.calendar import easter_sunday, public_holidays
from stadhuis.law.decrees import DECREES

SUNDAYS_IN_THE_LIBRARY = {"Easter Sunday", "Pentecost"}


@pytest.mark.parametrize("year", range(2015, 2036))
def test_the_holidays_are_those_of_the_holidays_library(year: int) -> None:
    # given
    library = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="en_US")
    expected = {day for day, name in library.items() if name not in SUNDAYS_IN_THE_LIBRARY}
    # then
    assert set(public_holidays(year)) == expected
    assert easter_sunday(year) in library


@pytest.mark.parametrize("year", range(2015, 2036))
def test_a_day_is_a_working_day_unless_weekend_holiday_or_decree(year: int) -> None:
    # given
    library = holidays.country_holidays("NL", years=year, categories=("public", "optional"))
    decreed = {day for decree in DECREES for day in decree.days}
    # when
    day = date(year, 1, 1)
    while day.year == year:
        # then
        assert law.is_working_day(day) == (day.weekday() < 5 and day not in library and day not in decreed), day
        day = date.fromordinal(day.toordinal() + 1)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2013, 4, 30), "koningsdag"),
        (date(2014, 4, 26), "koningsdag"),  # 27 April 2014 was a Sunday
        (date(2014, 4, 27), None),
        (date(2020, 5, 5), "bevrijdingsdag"),
        (date(2021, 4, 2), "goede-vrijdag"),
        (date(2021, 5, 14), "gelijkgesteld"),
        (date(2018, 12, 24), "gelijkgesteld"),
        (date(2026, 1, 2), "gelijkgesteld"),
        (date(2026, 5, 4), None),
    ],
)
def test_each_free_day_has_its_name(day: date, name: str | None) -> None:
    assert law.holiday_key(day) == name


def test_every_day_of_a_decree_lies_in_its_years_and_on_a_weekday() -> None:
    for decree in DECREES:
        assert {day.year for day in decree.days} <= set(decree.years)
        assert all(day.weekday() < 5 and day not in public_holidays(day.year) for day in decree.days)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_the_next_working_day_is_the_first_one_not_before_the_day(day: date) -> None:
    # when
    found = law.next_working_day(day)
    # then
    assert found >= day
    assert law.working_days(day, found) == 1
    assert law.is_working_day(found)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2021, 3, 27, 22, 59, tzinfo=UTC), date(2021, 3, 27)),
        (datetime(2021, 3, 27, 23, 0, tzinfo=UTC), date(2021, 3, 28)),  # the night summer time begins
        (datetime(2021, 3, 28, 21, 59, tzinfo=UTC), date(2021, 3, 28)),
        (datetime(2021, 3, 28, 22, 0, tzinfo=UTC), date(2021, 3, 29)),
        (datetime(2021, 10, 30, 22, 0, tzinfo=UTC), date(2021, 10, 31)),  # the night it ends
        (datetime(2021, 10, 31, 22, 59, tzinfo=UTC), date(2021, 10, 31)),
        (datetime(2021, 10, 31, 23, 0, tzinfo=UTC), date(2021, 11, 1)),
    ],
)
def test_a_moment_falls_on_the_day_that_the_dutch_clock_shows(moment: datetime, day: date) -> None:
    assert law.as_date(moment) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(law.LawError):
        law.as_date(datetime(2021, 3, 28, 2, 30))


def test_a_year_without_a_decree_is_not_settled() -> None:
    assert law.is_settled(2028)
    assert not law.is_settled(2029)
