"""How many requests were answered and how many failed, per minute and over all processes, so that a worker can see it too.

This module is read before Django is ready (by the log set-up of the web server): hence no models. Each web process counts and writes its counts down every few seconds. When the database is gone they wait in the process.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from psycopg_pool import PoolTimeout

from stadhuis.kit.time import now

_lock = threading.Lock()
_counts: dict[datetime, list[int]] = {}
_written = time.monotonic()
MOST_MINUTES = 120
"""Counts that wait longer than this for the database are dropped."""


@dataclass(frozen=True)
class Traffic:
    """Requests and server errors."""

    requests: int
    errors: int


def count(status: int) -> None:
    """Count one answer, and write down what was counted when it is time."""
    global _written
    seconds = settings.TRAFFIC_SECONDS
    if not seconds:
        return
    minute = now().replace(second=0, microsecond=0)
    with _lock:
        entry = _counts.setdefault(minute, [0, 0])
        entry[0] += 1
        entry[1] += status >= 500
        if time.monotonic() - _written < seconds:
            return
        _written = time.monotonic()
        taken = dict(_counts)
        _counts.clear()
    try:
        _write(taken)
    except (DatabaseError, PoolTimeout):
        with _lock:
            for minute, (requests, errors) in list(taken.items())[-MOST_MINUTES:]:
                entry = _counts.setdefault(minute, [0, 0])
                entry[0] += requests
                entry[1] += errors


def _write(counts: dict[datetime, list[int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO kit_trafficminute (minute, requests, errors) VALUES (%s, %s, %s) ON CONFLICT (minute) DO UPDATE SET "
            "requests = kit_trafficminute.requests + excluded.requests, errors = kit_trafficminute.errors + excluded.errors",
            [(minute, *entry) for minute, entry in sorted(counts.items())],
        )


def of_the_last(period: timedelta) -> Traffic:
    """Return how much was answered in the latest period. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(requests), 0), coalesce(sum(errors), 0) FROM kit_trafficminute WHERE minute >= %s",
            [now() - period],
        )
        requests, errors = cursor.fetchone()
    return Traffic(int(requests), int(errors))


def forget_old(*, older_than: timedelta) -> int:
    """Remove counts that old; returns how many minutes."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_trafficminute WHERE minute < %s", [now() - older_than])
        return int(cursor.rowcount)
