"""What the audit trail costs per deed: the same deed with its line and without, as a ratio.

    python -c "from bench.ground_audit import audit_overhead; print(audit_overhead())"   (in a prepared Django)

``bench/ground`` calls ``audit_overhead``; by itself (``python bench/ground_audit.py``) it takes an embedded PostgreSQL.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4


def audit_overhead(*, deeds: int = 300, rounds: int = 5) -> dict[str, float]:
    """Return milliseconds per deed with and without its line, their ratio, and the time to seal and verify a line.

    The deed is a small one (a row that is inserted and changed in a transaction of its own), so the ratio is a worst case.
    Rounds alternate, and the median counts.
    """
    from django.db import transaction

    from stadhuis.audit import public as audit
    from stadhuis.people.public import Actor
    from stadhuis.records import public as records

    by = Actor("staff", 1, "staff:bench", "Bench")

    def deed(*, with_line: bool) -> None:
        uuid = uuid4()
        with transaction.atomic():
            for text in ("een aanvraag", "een gewijzigde aanvraag"):
                _put(records, uuid, text)
            if with_line:
                audit.record(
                    "update", about=uuid, kind="zaak", resource="zaak", resource_id=uuid, by=by, weergave="BENCH",
                    before={"omschrijving": "een aanvraag"}, after={"omschrijving": "een gewijzigde aanvraag"},
                )  # fmt: skip

    bare, lined = [], []
    for _ in range(rounds):
        bare.append(_seconds(lambda: [deed(with_line=False) for _ in range(deeds)]) / deeds)
        lined.append(_seconds(lambda: [deed(with_line=True) for _ in range(deeds)]) / deeds)
    lines = deeds * rounds
    sealing = _seconds(lambda: [None for _ in iter(audit.seal, 0)]) / lines
    verifying = _seconds(audit.verify) / lines
    one, other = statistics.median(bare), statistics.median(lined)
    return {
        "deed_ms": one * 1000,
        "deed_with_line_ms": other * 1000,
        "ratio": other / one,
        "line_ms": (other - one) * 1000,
        "seal_us_per_line": sealing * 1e6,
        "verify_us_per_line": verifying * 1e6,
    }


def _put(records: Any, uuid: Any, text: str) -> None:
    records.put(
        "zaak",
        uuid,
        owner_unit="",
        retention_class="",
        created=date(2026, 1, 1),
        destroy_on=None,
        guard=("bench", 1),
        text=[text],
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure on a database of this run alone."""
    from stadhuis.kit.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="stadhuis-bench-"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    try:
        os.environ["DATABASE_URL"] = server.url()
        os.environ["STADHUIS_MODE"] = "test"
        os.environ["DJANGO_SETTINGS_MODULE"] = "stadhuis.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        for name, value in audit_overhead().items():
            sys.stdout.write(f"{name:22} {value:8.2f}\n")
    finally:
        server.remove()


if __name__ == "__main__":
    main()
