"""Search in the records: p50 and p95 per kind of question, for who may see all and for who may see a part.

    script/bench ground_search [--records 20000] [--rounds 30]

Starts a PostgreSQL of its own in a temporary folder, unless ``DATABASE_URL`` names an empty database. ``measure`` can be
called by another benchmark that has a migrated database: it fills the spine and returns figures and ratios. The texts
are made up: frequent words, names and numbers in the proportions of a register of cases.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
os.environ.setdefault("STADHUIS_MODE", "demo")

import django

UUID_OF = "md5('zaak ' || n)::uuid"
"""SQL of the uuid of the zaak with number ``n``; ``ground.lay_zaken`` makes the zaken themselves."""
QUESTIONS = {
    "number": ["BENCH-2026-{n:07d}"],
    "rare name": ["Verhagen{s}", "Bruinsma{s}"],
    "frequent word": ["aanvraag", "bijstand", "vergunning"],
    "two words": ["aanvraag Verhagen{s}", "bijstand zelfstandige"],
    "beginning": ["bijst", "zelfst aanvr"],
    "misspelled": ["bijstant", "vergunnig", "aanvraagg zelfstandigge"],
    "nothing": ["zwartwitkastje onvindbaar"],
}
"""``{n}`` is a number that is there, ``{s}`` the ending of a name that few have."""
_RECORDS = """
    INSERT INTO records_record (kind, object_uuid, number, owner_unit, retention_class, nominatie, termijn, created,
                                zaaktype_ref, level)
    SELECT 'zaak', md5('zaak ' || n)::uuid, 'BENCH-2026-' || lpad(n::text, 7, '0'), 'zaken', '', '', '', DATE '2026-01-01',
           'bench:' || (n %% 20), 1 + n %% 6
      FROM generate_series(%(start)s::bigint, %(stop)s::bigint) n
"""
_TEXTS = """
    WITH made AS (
        SELECT r.id, r.number, substr(r.number, 12)::bigint AS n FROM records_record r
         LEFT JOIN records_searchtext t ON t.record_id = r.id WHERE t.record_id IS NULL AND r.number LIKE 'BENCH-%%'),
    told AS (
        SELECT id, number,
               (ARRAY['aanvraag bijstand zelfstandigen', 'aanvraag vergunning kappen boom', 'melding openbare ruimte',
                      'bezwaar tegen besluit', 'aanvraag subsidie vereniging', 'verzoek inzage dossier',
                      'aanvragen ondersteuning thuis', 'melding overlast straat'])[1 + n %% 8] AS subject,
               (ARRAY['Noor', 'Jan', 'Fatima', 'Kees', 'Anna', 'Mohammed', 'Sanne', 'Pieter'])[1 + n %% 8] || ' ' ||
               (ARRAY['Verhagen', 'Bruinsma', 'Jansen', 'Bakker', 'Yilmaz', 'Visser', 'Smit'])[1 + n %% 7] ||
               CASE WHEN n %% 3 = 0 THEN '' ELSE chr((97 + (n / 7) %% 26)::int) || chr((97 + (n / 182) %% 26)::int)
                    || chr((97 + (n / 4732) %% 26)::int) END AS naam,
               'straat ' || n %% 997 || ' toelichting over ' || md5(n::text) || ' en ' || md5((n %% 4000)::text) AS body
          FROM made)
    INSERT INTO records_searchtext (record_id, text, labels, vector)
    SELECT id, number || E'\\n' || subject || E'\\n' || naam || E'\\n' || body,
           ARRAY['nummer', 'omschrijving', 'betrokkene', 'toelichting'],
           setweight(to_tsvector('dutch', w) || to_tsvector('simple', w), 'A')
           || setweight(to_tsvector('dutch', lower(body)) || to_tsvector('simple', lower(body)), 'C')
      FROM told, LATERAL (SELECT lower(number || ' ' || split_part(number, '-', 3) || ' ' || subject || ' ' || naam) AS w) x
"""


@dataclass(frozen=True)
class Figure:
    """One kind of question by one person: milliseconds, and how many hits the last one gave."""

    question: str
    person: str
    p50: float
    p95: float
    hits: int


def fill(wanted: int) -> None:
    """Bring the spine to this many made-up records, with search text and learned words."""
    from django.db import connection

    from stadhuis.records import public as records

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE number LIKE 'BENCH-%'")
        there = cursor.fetchone()[0]
        cursor.execute("SELECT EXISTS (SELECT 1 FROM records_searchtext WHERE NOT is_learned)")
        if there >= wanted and not cursor.fetchone()[0]:
            return
        for start in range(there + 1, wanted + 1, 50_000):
            cursor.execute(_RECORDS, {"start": start, "stop": min(wanted, start + 49_999)})
            cursor.execute(_TEXTS, {})
    while records.learn(limit=2000):
        continue
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measure(wanted: int, rounds: int = 30) -> list[Figure]:
    """Fill and ask; returns a figure per kind of question and person."""
    from stadhuis.access import public as access
    from stadhuis.people.public import SYSTEM
    from stadhuis.records import public as records
    from stadhuis.zaken.tests.givens import given_staff

    fill(wanted)
    limited = given_staff(
        *(access.GrantData("zaak.lezen", f"bench:{number}", 4) for number in range(0, 20, 3)),
        username=f"bench-{wanted}",
    )
    figures = []
    for question, forms in QUESTIONS.items():
        for person, actor in (("all", SYSTEM), ("a part", limited)):
            times, hits = [], 0
            for number in range(rounds + 3):
                words = words_of(forms, number, wanted)
                started = time.perf_counter()
                found = records.search(words, seen_by=actor)
                times.append((time.perf_counter() - started) * 1000)
                hits = max(hits, found.total)
            times = sorted(times[3:])
            figures.append(Figure(question, person, statistics.median(times), times[int(len(times) * 0.95)], hits))
    return figures


def words_of(forms: Sequence[str], number: int, wanted: int) -> str:
    """Return the words of the next question: another number or name each time."""
    ending = "".join(chr(97 + (number * step) % 26) for step in (3, 5, 0))
    return forms[number % len(forms)].format(n=1 + (number * 7919) % wanted, s=ending)


def ledger_cost(rounds: int = 200) -> tuple[float, float]:
    """Return the median milliseconds of the processing log alone, and together with the ledger in one transaction."""
    from django.db import connection, transaction

    from stadhuis.audit import public as audit
    from stadhuis.people import public as people
    from stadhuis.records import public as records
    from stadhuis.zaken.tests.givens import given_staff

    by, person = given_staff(username="bench-ledger"), people.person_for_bsn("999990019")
    with connection.cursor() as cursor:
        cursor.execute("SELECT object_uuid FROM records_record ORDER BY id LIMIT 1")
        uuid = cursor.fetchone()[0]
    alone, both = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        audit.record_processing("zaak.behandelen", [person], by=by, about=uuid)
        alone.append(time.perf_counter() - started)
        started = time.perf_counter()
        with transaction.atomic():
            audit.record_processing("zaak.behandelen", [person], by=by, about=uuid)
            records.opened("zaak", uuid, by=by, what="zaak")
        both.append(time.perf_counter() - started)
    return statistics.median(alone) * 1000, statistics.median(both) * 1000


def lines(wanted: int, figures: list[Figure]) -> list[str]:
    """Return a table; the last column is what the right to see only a part costs."""
    shown = [f"{wanted} records", f"{'question':<16}{'person':<10}{'p50 ms':>9}{'p95 ms':>9}{'hits':>8}{'ratio':>8}"]
    whole: dict[str, float] = {}
    for one in figures:
        whole.setdefault(one.question, one.p50)
        shown.append(
            f"{one.question:<16}{one.person:<10}{one.p50:>9.1f}{one.p95:>9.1f}{one.hits:>8}"
            f"{one.p50 / whole[one.question]:>8.2f}"
        )
    return shown


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Search in the records.")
    parser.add_argument("--records", type=int, nargs="+", default=[20_000], help="sizes, such as 20000 1000000")
    parser.add_argument("--rounds", type=int, default=30, help="questions per kind and person")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as folder:
        server = None
        if "DATABASE_URL" not in os.environ:
            from stadhuis.kit.postgres import EmbeddedPostgres

            server = EmbeddedPostgres(Path(folder) / "postgres")
            server.start()
            os.environ["DATABASE_URL"] = server.url()
        try:
            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            medians: dict[tuple[str, str], float] = {}
            for wanted in sorted(given.records):
                figures = measure(wanted, given.rounds)
                print("\n".join(lines(wanted, figures)))
                if medians:
                    growth = max(one.p50 / medians[one.question, one.person] for one in figures)
                    print(f"the slowest grew {growth:.1f} times since the size before")
                medians = {(one.question, one.person): one.p50 for one in figures}
            alone, both = ledger_cost()
            print(
                f"processing log {alone:.2f} ms, with the ledger {both:.2f} ms: the ledger costs {both - alone:.2f} ms"
            )
        finally:
            from django.db import connections

            connections.close_all()
            if server is not None:
                server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
