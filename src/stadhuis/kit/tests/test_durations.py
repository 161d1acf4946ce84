"""Durations are calendar time."""

from __future__ import annotations

from datetime import date

import pytest

from stadhuis.kit.durations import period


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        (date(2021, 1, 31), "P1M", date(2021, 2, 28)),
        (date(2020, 1, 31), "P1M", date(2020, 2, 29)),
        (date(2020, 2, 29), "P1Y", date(2021, 2, 28)),
        (date(2020, 2, 29), "P4Y", date(2024, 2, 29)),
        (date(2021, 3, 1), "P8W", date(2021, 4, 26)),
        (date(2021, 3, 1), "P1Y6M10D", date(2022, 9, 11)),
        (date(2021, 3, 1), "P0D", date(2021, 3, 1)),
    ],
)
def test_when_a_duration_is_added_then_the_day_of_the_month_is_kept_and_clipped(
    start: date, duration: str, end: date
) -> None:
    assert start + period(duration) == end


@pytest.mark.parametrize("text", ["", "P", "PT", "1Y", "P1.5Y", "P-1D", "P1Y\n", "P1D2Y", "een jaar"])
def test_when_a_text_is_not_a_duration_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        period(text)
