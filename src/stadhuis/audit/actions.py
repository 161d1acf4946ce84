"""Writing down what happened, sealing it, and destroying what must go."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Q

from stadhuis.audit.activities import activities, activity_of
from stadhuis.audit.models import Line, Payload, Processing, Seal
from stadhuis.audit.rules import START, digest_of, link_of, pseudonym
from stadhuis.kit.database import Statement
from stadhuis.kit.time import now
from stadhuis.kit.together import hand
from stadhuis.people import public as people
from stadhuis.people.public import Actor

log = logging.getLogger(__name__)
SEAL_LOCK = 7_253_001
"""Advisory lock: one sealer at a time."""
FIELDS = (
    "about", "kind", "bron", "actie", "actie_weergave", "resource", "resource_id", "resource_weergave", "resultaat",
    "toelichting", "actor_key", "actor_kind", "applicatie_id", "applicatie_weergave", "gebruikers_id",
    "gebruikers_weergave", "acting_for_key", "mandate", "session", "oud", "nieuw",
)  # fmt: skip


def _plain(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return JSON as it will come back from the database, so that the digest can be checked later."""
    if value is None:
        return None
    text = json.dumps(value, cls=DjangoJSONEncoder).replace("\\u0000", "")
    plain: dict[str, Any] = json.loads(text)
    return plain


def content_of(payload: Payload) -> dict[str, object]:
    """Return what the digest of a payload is taken over."""
    return {name: getattr(payload, name) for name in FIELDS}


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    about: UUID | None,
    kind: str,
    resource: str,
    resource_id: UUID | None,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    result: int = 200,
    weergave: str = "",
    bron: str = "zrc",
    action_label: str = "",
) -> UUID:
    """Add a line to the trail of ``about``, in the transaction of the deed. Returns the id of the line.

    Source: ZGW BEHAVIOUR section 5; BIO2 8.15.01 (action, object, result, origin, actor, time).
    """
    is_application = by.kind == "applicatie"
    acting_for = by.acting_for
    content: dict[str, object] = {
        "about": about,
        "kind": kind,
        "bron": bron,
        "actie": action[:50],
        "actie_weergave": action_label[:200],
        "resource": resource,
        "resource_id": resource_id,
        "resource_weergave": weergave.replace("\x00", "")[:200],
        "resultaat": result,
        "toelichting": reason.replace("\x00", ""),
        "actor_key": by.key,
        "actor_kind": by.kind,
        "applicatie_id": by.key.removeprefix("applicatie:")[:100] if is_application else "stadhuis",
        "applicatie_weergave": by.label[:200] if is_application else "Stadhuis",
        "gebruikers_id": by.user_id if is_application else by.key,
        "gebruikers_weergave": by.user_label if is_application else by.label[:255],
        "acting_for_key": acting_for.key if acting_for else "",
        "mandate": _plain({**dict(by.mandate), **({"representative": by.representative} if by.representative else {})}),
        "session": by.session,
        "oud": _plain(before),
        "nieuw": _plain(after),
    }
    salt, line = os.urandom(16), uuid4()
    digest = digest_of(salt, content)
    hand(
        _write,
        {
            "uuid": line,
            "at": now().isoformat(),
            "digest": f"\\x{digest.hex()}",
            "salt": f"\\x{salt.hex()}",
            **content,
        },
    )
    return line


_TYPES: Final = {
    "salt": "bytea", "about": "uuid", "resource_id": "uuid", "resultaat": "smallint", "mandate": "jsonb", "oud": "jsonb",
    "nieuw": "jsonb",
}  # fmt: skip
"""Types of the columns of a payload; the others are text."""
_COLUMNS: Final = ("salt", *FIELDS)
_WRITE: Final = Statement.compile(f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM ROWS FROM (jsonb_to_recordset(:{{lines}}::jsonb) AS (
            uuid uuid, at timestamptz, digest bytea, {", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in _COLUMNS)}
        )) WITH ORDINALITY),
    line AS (
        INSERT INTO audit_line (uuid, at, digest) SELECT uuid, at, digest FROM given ORDER BY ordinality RETURNING id, uuid)
    INSERT INTO audit_payload (line_id, {", ".join(_COLUMNS)})
    SELECT line.id, {", ".join(f"given.{name}" for name in _COLUMNS)} FROM line JOIN given USING (uuid) ORDER BY line.id
""")
"""Any number of lines with their payloads, in one statement that is planned once: every deed pays for this one."""


def _write(lines: list[dict[str, object]]) -> None:
    _WRITE.run({"lines": json.dumps(lines, default=str, ensure_ascii=False)})


@transaction.atomic
def destroy_trail(about: UUID, *, by: Actor = people.SYSTEM) -> int:
    """Destroy what the trail of an object says, with the salts; returns how many lines.

    The lines stay in the chain, and a new line names them, so that a payload that is missing without that is found out.
    The processing log keeps that data were used, and no longer for which object.
    """
    Processing.objects.filter(about=about).update(about=None)
    gone = list(Payload.objects.select_for_update().filter(about=about).values_list("line_id", flat=True))
    if not gone:
        return 0
    numbers = sorted(str(uuid) for uuid in Line.objects.filter(pk__in=gone).values_list("uuid", flat=True))
    Payload.objects.filter(line_id__in=gone).delete()
    record(
        "destroy_trail", about=None, kind="audittrail", resource="audittrail", resource_id=None, by=by, bron="stadhuis",
        after={"lines": numbers}, result=204,
    )  # fmt: skip
    return len(gone)


def seal(*, limit: int = 10_000) -> int:
    """Give the lines that have been committed since last time their place in the chain; returns how many.

    One sealer at a time; a second one finds nothing to do. The head of the chain goes to the log, outside the database.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT number, link FROM audit_line WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1")
        head = cursor.fetchone()
        number, link = (head[0], bytes(head[1])) if head else (0, START)
        cursor.execute(
            "SELECT id, uuid, at, digest FROM audit_line WHERE number IS NULL ORDER BY id LIMIT %s FOR UPDATE", [limit]
        )
        rows = cursor.fetchall()
        if not rows:
            return 0
        ids, numbers, links = [], [], []
        for line_id, uuid, at, digest in rows:
            number += 1
            link = link_of(link, number=number, uuid=uuid, at=at, digest=bytes(digest))
            ids.append(line_id)
            numbers.append(number)
            links.append(link)
        cursor.execute(
            "UPDATE audit_line l SET number = s.number, link = s.link"
            "  FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS s(id, number, link) WHERE l.id = s.id",
            [ids, numbers, links],
        )
        Seal.objects.create(sealed_at=now(), first_number=numbers[0], last_number=number, link=link)
    log.info("audit trail sealed", extra={"lines": len(rows), "last_line": number, "chain_head": link.hex()})
    return len(rows)


def pseudonyms_of(person: UUID) -> list[UUID]:
    """Return every pseudonym under which a person may stand in the processing log: the current one first, then older."""
    return [pseudonym(key, person) for key in _keys(settings.PROCESSING_KEY)]


@lru_cache(maxsize=4)
def _keys(given: str) -> list[bytes]:
    """Return the keys of the setting, the current one first."""
    return [base64.b64decode(key) for key in given.split(",") if key.strip()]


_USED = Statement.compile("""
    INSERT INTO audit_processing (operation_id, trace_id, activity_id, subjects, about, party, status, started_at)
    VALUES (:{operation}, :{trace}, :{activity}, :{subjects}::uuid[], :{about}::uuid, :{party}, :{status}, :{started})
""")


def record_processing(
    activity: str,
    subjects: Collection[int] = (),
    *,
    uuids: Collection[UUID] = (),
    by: Actor,
    about: UUID | None = None,
    status: str = "Ok",
    started_at: datetime | None = None,
) -> None:
    """Write down, before the answer leaves, that personal data of these persons were used for an activity.

    ``subjects`` are ids; a caller that has their uuids at hand gives ``uuids`` and saves a statement. One row per request;
    the employee is not in it. Nobody's data: nothing is written. Raises ``UnknownActivity`` for what
    is not in the register. Source: Logboek Dataverwerkingen.
    """
    activity_of(activity)
    persons = {*uuids, *(people.person_uuids(subjects).values() if subjects else ())}
    if not persons:
        return
    # One statement, its own transaction outside any: what is refused above leaves the caller's transaction as it was.
    _USED.run({
        "operation": uuid4(), "trace": str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        "activity": activity, "subjects": sorted(pseudonym(_keys(settings.PROCESSING_KEY)[0], person) for person in persons), "about": about,
        "party": party_of(by), "status": status, "started": started_at or now(),
    })  # fmt: skip


def let_go_of(about: UUID) -> int:
    """Let the processing log no longer name an object that is destroyed; returns how many rows did.

    The rows stay: whose data were used for what, and when, is for the person to ask. Source: AVG art. 15.
    """
    return Processing.objects.filter(about=about).update(about=None)


def party_of(by: Actor) -> str:
    """Return what the log says of whoever used the data: a kind, and for software which. Never who."""
    if by.kind == "applicatie":
        return by.key
    return "representative" if by.acting_for is not None else by.kind


def drop_old_processing(*, limit: int = 10_000) -> int:
    """Remove at most ``limit`` lines per activity whose time in the log is over; returns how many went."""
    gone = 0
    for one in activities():
        before = now() - relativedelta(months=one.log_months)
        codes = Q(activity_id=one.code) | (Q(activity_id__startswith=f"{one.code}-") if one.is_family else Q())
        old = Processing.objects.filter(codes, started_at__lt=before).order_by("started_at")[:limit]
        gone += Processing.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
    return gone
