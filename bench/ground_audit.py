"""What the audit trail costs per deed: the same deed with its lines and without, as a ratio; and sealing and verifying.

Called by ``bench/ground`` (``lay_trail``, ``audit_overhead``), on a database that it prepared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from unittest import mock
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

OBJECTS = 1000
"""Over how many objects the laid trail is spread."""
MOST_VERIFIED = 200_000
"""A longer chain is not walked: it takes minutes, and what a line costs is known from a shorter one."""
_MULTIPLY = """
    WITH template AS (
        SELECT l.id, l.at, l.digest FROM audit_line l JOIN audit_payload p ON p.line_id = l.id
         WHERE p.resource_weergave = 'BENCH' ORDER BY l.id LIMIT %(objects)s),
    made AS (
        INSERT INTO audit_line (uuid, at, digest)
        SELECT gen_random_uuid(), t.at, t.digest FROM template t, generate_series(1, %(times)s)
        RETURNING id, digest)
    INSERT INTO audit_payload (line_id, {columns})
    SELECT made.id, {columns_of} FROM made JOIN template t ON t.digest = made.digest JOIN audit_payload p ON p.line_id = t.id
"""


def lay_trail(wanted: int) -> None:
    """Bring the trail to about this many sealed lines; their digests are right, so that the chain verifies."""
    from django.db import connection

    from stadhuis.audit import public as audit
    from stadhuis.audit.models import Line, Payload
    from stadhuis.people.public import Actor

    by = Actor("staff", 1, "staff:bench", "Bench")
    if not Payload.objects.filter(resource_weergave="BENCH").exists():
        for number in range(OBJECTS):
            _record(audit, uuid5(NAMESPACE_OID, str(number)), by)
    names = [field.column for field in Payload._meta.concrete_fields if field.column != "line_id"]
    missing = wanted - Line.objects.count()
    with connection.cursor() as cursor:
        while missing >= OBJECTS:
            times = min(missing // OBJECTS, 50)
            cursor.execute(
                _MULTIPLY.format(columns=", ".join(names), columns_of=", ".join(f"p.{name}" for name in names)),
                {"objects": OBJECTS, "times": times},
            )
            missing -= times * OBJECTS
    if not Line.objects.filter(number__isnull=True).exists():
        return
    while audit.seal():
        continue
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_line")
        cursor.execute("VACUUM ANALYZE audit_payload")


def _record(audit: object, about: UUID, by: object) -> None:
    audit.record(  # type: ignore[attr-defined]
        "update", about=about, kind="zaak", resource="zaak", resource_id=about, by=by, weergave="BENCH",
        before={"omschrijving": "een aanvraag", "toelichting": "x" * 400},
        after={"omschrijving": "een gewijzigde aanvraag", "toelichting": "y" * 400},
    )  # fmt: skip


def audit_overhead(*, deeds: int = 60, rounds: int = 5) -> dict[str, float]:
    """Return milliseconds per deed with and without its lines, their ratio, and the time to seal and (of a chain that is not too long) verify a line.

    The deed is making a zaak with a rol, by the real action, in a transaction of its own. Deeds with and without take turns, and the
    median of all counts. Without: the one function that writes a line does nothing.
    """
    from django.db import transaction

    from stadhuis.audit import public as audit
    from stadhuis.audit.models import Line
    from stadhuis.zaken.tests.givens import given_zaak, given_zaaktype

    zaaktype = given_zaaktype(domein=f"A{uuid4().hex[:4].upper()}")

    def deed() -> float:
        start = time.perf_counter()
        with transaction.atomic():
            given_zaak(zaaktype=zaaktype)
        return time.perf_counter() - start

    for _ in range(deeds):
        deed()
    lined: list[float] = []
    bare: list[float] = []
    before = Line.objects.count()
    for _ in range(deeds * rounds):
        lined.append(deed())
        with mock.patch.object(audit, "record", return_value=uuid4()):
            bare.append(deed())
    per_deed = (Line.objects.count() - before) / (deeds * rounds)
    for _ in range(2000):
        _record(audit, uuid4(), _somebody())
    waiting = Line.objects.filter(number__isnull=True).count()
    sealing = _seconds(lambda: [None for _ in iter(audit.seal, 0)]) / waiting
    lines = Line.objects.count()
    verifying = _seconds(audit.verify) / lines if lines <= MOST_VERIFIED else None
    one, other = statistics.median(bare), statistics.median(lined)
    return {
        "deed_ms": other * 1000,
        "ratio": other / one,
        "lines_per_deed": per_deed,
        "line_ms": (other - one) * 1000 / per_deed,
        "seal_us_per_line": sealing * 1e6,
        **({} if verifying is None else {"verify_us_per_line": verifying * 1e6}),
    }


def _somebody() -> object:
    from stadhuis.people.public import Actor

    return Actor("staff", 1, "staff:bench", "Bench")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
