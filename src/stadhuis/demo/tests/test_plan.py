"""The plan of the demo town: believable on whatever day it is seeded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stadhuis.demo.seeding import plan
from stadhuis.kit.time import AMSTERDAM

FIRST = datetime(2026, 1, 1, 0, 3, tzinfo=AMSTERDAM)


@pytest.mark.parametrize("days", range(0, 366, 17))
def test_on_whatever_day_it_is_seeded_every_state_is_there(days: int) -> None:
    now = FIRST + timedelta(days=days, hours=days % 24)
    plans = plan.plans(now)
    running = [one for one in plans if not one.is_closed]
    assert (len(running), len(plans) - len(running)) == (300, 60)
    assert sum(one.when.extended is not None for one in running) >= 4
    assert sum(one.when.suspended is not None and one.when.resumed is None for one in running) >= 3
    assert sum(one.state == "proposed" for one in running) >= 5
    assert sum(one.state == "approved" for one in running) >= 2
    assert sum(one.state == "new" for one in running) >= 40
    assert all(one.when.ended is not None for one in plans if one.is_closed)
    assert all(one.start < now for one in plans)
