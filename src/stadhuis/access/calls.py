"""How the calls of applications go: noted at the door of the APIs, read by who connects an application.

While all goes well at most one note a minute is written for a client id; an error or a refusal of the same kind at most once
in five seconds. So a client that keeps failing costs little, and what somebody sends who is nobody can fill no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from stadhuis.access.errors import NotAuthenticated
from stadhuis.access.models import LastCall
from stadhuis.kit.time import now

NOTED_EVERY = timedelta(minutes=1)
NOTED_AGAIN = timedelta(seconds=5)
FAILED = 400
MOST_UNKNOWN = 50
UNKNOWN_KEPT = timedelta(days=1)
UNKNOWN = "invalid-client-identifier"


@dataclass(frozen=True)
class CallRecord:
    """How the last calls of a client id went."""

    client_id: str
    answered_at: datetime | None
    """Of the last one that succeeded, with its operation and status."""
    operation: str
    status: int | None
    failed_at: datetime | None
    """Of the last one that was let in and got an error."""
    failed_operation: str
    failed_status: int | None
    failed_code: str
    refused_at: datetime | None
    refused_code: str
    refused_age: int | None
    """How old the refused token was, in seconds; negative when its clock is ahead of ours."""


def is_news(status: int, moment: datetime, answered_at: datetime | None, failed_at: datetime | None) -> bool:
    """Return whether the answer to a call is worth a note, given when the last notes of its client id were made.

    An error once in five seconds; a success once a minute, or in five seconds when the last note was of an error. So a
    client to whom a 404 is daily work costs no write with every call.
    """
    if status >= FAILED:
        return failed_at is None or failed_at <= moment - NOTED_AGAIN
    if answered_at is None or answered_at <= moment - NOTED_EVERY:
        return True
    return failed_at is not None and failed_at > answered_at and answered_at <= moment - NOTED_AGAIN


def note_answer(
    client_id: str, operation: str, status: int, code: str = "", *, before: tuple[datetime | None, datetime | None]
) -> None:
    """Write down how a call was answered, when that is news; ``before``: when a success and an error were last noted."""
    moment = now()
    if not is_news(status, moment, *before):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_ERROR if status >= FAILED else _NOTE_SUCCESS,
            [client_id, moment, operation[:200], status, *([code[:100]] if status >= FAILED else [])],
        )


_NOTE_SUCCESS = """
    INSERT INTO access_lastcall (client_id, answered_at, operation, status, failed_operation, failed_code, refused_code)
    VALUES (%s, %s, %s, %s, '', '', '')
    ON CONFLICT (client_id) DO UPDATE
       SET answered_at = EXCLUDED.answered_at, operation = EXCLUDED.operation, status = EXCLUDED.status
"""
_NOTE_ERROR = """
    INSERT INTO access_lastcall (client_id, failed_at, failed_operation, failed_status, failed_code, operation, refused_code)
    VALUES (%s, %s, %s, %s, %s, '', '')
    ON CONFLICT (client_id) DO UPDATE
       SET failed_at = EXCLUDED.failed_at, failed_operation = EXCLUDED.failed_operation,
           failed_status = EXCLUDED.failed_status, failed_code = EXCLUDED.failed_code
"""
_NOTE_REFUSAL = f"""
    INSERT INTO access_lastcall (client_id, operation, failed_operation, failed_code, refused_at, refused_code, refused_age)
    SELECT %(client)s::text, '', '', '', %(now)s::timestamptz, %(code)s::text, %(age)s::bigint
     WHERE NOT EXISTS (SELECT 1 FROM access_lastcall l WHERE l.client_id = %(client)s::text AND l.refused_code = %(code)s::text
                          AND sign(l.refused_age) IS NOT DISTINCT FROM sign(%(age)s::bigint)
                          AND l.refused_at > %(recently)s::timestamptz)
       AND (%(code)s::text <> '{UNKNOWN}' OR EXISTS (SELECT 1 FROM access_lastcall l WHERE l.client_id = %(client)s::text)
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
                "recently": moment - NOTED_AGAIN,
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
        row.client_id, row.answered_at, row.operation, row.status, row.failed_at, row.failed_operation,
        row.failed_status, row.failed_code, row.refused_at, row.refused_code, row.refused_age,
    )  # fmt: skip


def sweep() -> int:
    """Forget client ids that nobody has, a day after their last call; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM access_lastcall l WHERE GREATEST(l.answered_at, l.failed_at, l.refused_at) < %s AND NOT EXISTS"
            " (SELECT 1 FROM access_client c WHERE c.client_id = l.client_id AND c.applicatie_id IS NOT NULL)",
            [now() - UNKNOWN_KEPT],
        )
        return int(cursor.rowcount)
