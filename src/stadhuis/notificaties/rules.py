"""When a message fits a subscription, and when it is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

FIRST_DELAY: Final = timedelta(seconds=25)
LONGEST_DELAY: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=8)
"""A subscriber that is down for a week misses nothing; one day more for the week-end."""


FAILURES_BEFORE_PAUSE: Final = 3
PAUSE: Final = timedelta(seconds=60)
"""A subscriber that could not be reached a few times in a row is left alone for this long, by all its streams together."""


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lower()


def fits(filters: Mapping[str, str], kenmerken: Mapping[str, str]) -> bool:
    """Return whether all filters match; a filter that is ``*`` or not there matches everything.

    Names are compared in snake form: the standard spells ``verantwoordelijke_organisatie`` both ways.
    Source: ZGW BEHAVIOUR 13.2 and 13.3.
    """
    known = {_snake(name): value for name, value in kenmerken.items()}
    return all(wanted == "*" or known.get(_snake(name)) == wanted for name, wanted in filters.items())


def are_known(names: Iterable[str], known: Iterable[str]) -> bool:
    """Return whether all names of filters or kenmerken are those of a channel, however they are spelled."""
    return {_snake(name) for name in names} <= {_snake(name) for name in known}


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after that many failed attempts: 25 s, doubled each time, six hours at most."""
    times: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_DELAY * times, LONGEST_DELAY)


def is_given_up(first_tried_at: datetime, now: datetime) -> bool:
    """Return whether a message has been tried for long enough."""
    return now - first_tried_at >= GIVEN_UP_AFTER
