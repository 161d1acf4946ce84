"""How the calls of applications go: noted at the door of the APIs, read by who connects an application.

While all goes well at most one note a minute is written for a client id; a refusal of the same kind at most once in five
seconds. So a client that keeps failing costs little, and what somebody sends who is nobody can fill no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from stadhuis.access.errors import NotAuthenticated
from stadhuis.access.models import LastCall
from stadhuis.kit.time import now

NOTED_EVERY = timedelta(minutes=1)
REFUSAL_NOTED_EVERY = timedelta(seconds=5)
MOST_UNKNOWN = 50
UNKNOWN_KEPT = timedelta(days=1)
UNKNOWN = "invalid-client-identifier"


@dataclass(frozen=True)
class CallRecord:
    """How the last calls of a client id went."""

    client_id: str
    answered_at: datetime | None
    operation: str
    status: int | None
    code: str
    refused_at: datetime | None
    refused_code: str
    refused_age: int | None
    """How old the refused token was, in seconds; negative when its clock is ahead of ours."""


def note_answer(
    client_id: str, operation: str, status: int, code: str = "", *, before: tuple[datetime, int] | None
) -> None:
    """Write down how a call was answered, when that is news: another status than ``before``, or a minute ago."""
    moment = now()
    if before is not None and before[1] == status and before[0] > moment - NOTED_EVERY:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_lastcall (client_id, answered_at, operation, status, code, refused_code)"
            " VALUES (%s, %s, %s, %s, %s, '') ON CONFLICT (client_id) DO UPDATE SET"
            " answered_at = EXCLUDED.answered_at, operation = EXCLUDED.operation, status = EXCLUDED.status,"
            " code = EXCLUDED.code",
            [client_id, moment, operation[:200], status, code[:100]],
        )


_NOTE_REFUSAL = f"""
    INSERT INTO access_lastcall (client_id, operation, code, refused_at, refused_code, refused_age)
    SELECT %(client)s, '', '', %(now)s, %(code)s, %(age)s
     WHERE NOT EXISTS (SELECT 1 FROM access_lastcall l WHERE l.client_id = %(client)s AND l.refused_code = %(code)s
                          AND sign(l.refused_age) IS NOT DISTINCT FROM sign(%(age)s::bigint)
                          AND l.refused_at > %(recently)s)
       AND (%(code)s <> '{UNKNOWN}' OR EXISTS (SELECT 1 FROM access_lastcall l WHERE l.client_id = %(client)s)
            OR (SELECT count(*) FROM access_lastcall l WHERE l.refused_code = '{UNKNOWN}') < {MOST_UNKNOWN})
    ON CONFLICT (client_id) DO UPDATE SET refused_at = EXCLUDED.refused_at, refused_code = EXCLUDED.refused_code,
           refused_age = EXCLUDED.refused_age
"""


def note_refusal(error: NotAuthenticated) -> None:
    """Write down that a token was refused and why. Of client ids that nobody has, at most fifty are kept, for a day."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_REFUSAL,
            {
                "client": error.client_id,
                "now": moment,
                "recently": moment - REFUSAL_NOTED_EVERY,
                "code": error.code,
                "age": error.age_seconds,
            },
        )


def refused_strangers(*, limit: int = 5) -> list[CallRecord]:
    """Return the latest refusals of tokens with a client id that nobody has, or with none. One statement."""
    rows = LastCall.objects.raw(
        "SELECT l.* FROM access_lastcall l WHERE l.refused_at > %s AND NOT EXISTS"
        " (SELECT 1 FROM access_client c WHERE c.client_id = l.client_id AND c.applicatie_id IS NOT NULL)"
        " ORDER BY l.refused_at DESC LIMIT %s",
        [now() - UNKNOWN_KEPT, limit],
    )
    return [record_of(row) for row in rows]


def record_of(row: LastCall) -> CallRecord:
    """Return a row as a record."""
    return CallRecord(
        row.client_id, row.answered_at, row.operation, row.status, row.code, row.refused_at, row.refused_code,
        row.refused_age,
    )  # fmt: skip


def sweep() -> int:
    """Forget client ids that nobody has, a day after their last call; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM access_lastcall l WHERE GREATEST(l.answered_at, l.refused_at) < %s AND NOT EXISTS"
            " (SELECT 1 FROM access_client c WHERE c.client_id = l.client_id AND c.applicatie_id IS NOT NULL)",
            [now() - UNKNOWN_KEPT],
        )
        return int(cursor.rowcount)
