"""What the ground costs. Each part is a function in ``PARTS``; it prints figures and ratios, and changes nothing it keeps.

    script/bench ground [--records 10000] [--rounds 50] [--part predicate]

Starts a PostgreSQL of its own in a temporary folder (or fills the one ``DATABASE_URL`` names). A part takes the options and
returns lines of (what, figure).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
os.environ.setdefault("STADHUIS_MODE", "test")

Lines = list[tuple[str, str]]


def median_ms(run: Callable[[], object], rounds: int) -> float:
    """Return the median of a number of runs, in milliseconds, after three to warm up."""
    for _ in range(3):
        run()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def lay_zaken(wanted: int) -> None:
    """Multiply one zaak with its rol and work item, over four zaaktypen and all levels."""
    from django.db import connection

    from stadhuis.casework.models import WorkItem
    from stadhuis.zaken.models import Rol, Zaak
    from stadhuis.zaken.tests.givens import given_zaak, given_zaaktype

    types = [given_zaaktype(domein=f"B{number}") for number in range(4)]
    made = [given_zaak(zaaktype=zaaktype) for zaaktype in types]
    levels = [
        "openbaar",
        "beperkt_openbaar",
        "intern",
        "zaakvertrouwelijk",
        "vertrouwelijk",
        "confidentieel",
        "geheim",
        "zeer_geheim",
    ]

    def copy(model: type, where: str, replaced: dict[str, str], source: str) -> None:
        table = model._meta.db_table  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
                " AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            columns = [row[0] for row in cursor.fetchall()]
            chosen = ", ".join(replaced.get(column, f't."{column}"') for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}" t {source} WHERE {where}')

    numbers = f"CROSS JOIN generate_series(1, {wanted // 4}) n"
    array = "(ARRAY[" + ",".join(f"'{level}'" for level in levels) + "])[1 + n % 8]"
    ids = [zaak.id for zaak in made]
    copy(Zaak, f"t.id IN ({','.join(map(str, ids))})", {
        "uuid": "gen_random_uuid()", "identificatie": "t.identificatie || '-' || n", "vertrouwelijkheidaanduiding": array,
        "nummer": "NULL",
    }, numbers)  # fmt: skip
    first = f"t.zaak_id = {ids[0]}"
    new = f"CROSS JOIN (SELECT id AS new_id FROM zaken_zaak WHERE id > {max(ids)}) k"
    copy(Rol, first, {"uuid": "gen_random_uuid()", "zaak_id": "k.new_id"}, new)
    copy(WorkItem, first, {"zaak_id": "k.new_id", "uuid": "gen_random_uuid()", "zaaktype_ref":
         "(SELECT z.zaaktype_ref FROM zaken_zaak z WHERE z.id = k.new_id)"}, new)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE zaken_zaak")
        cursor.execute("ANALYZE zaken_rol")
        cursor.execute("ANALYZE casework_workitem")


def predicate(given: argparse.Namespace) -> Lines:
    """The one access rule: somebody who sees everything against people with ever more limits; and one bucket."""
    from django.db import connection

    from stadhuis.access import limits
    from stadhuis.access import public as access
    from stadhuis.people import public as people
    from stadhuis.people.public import Actor
    from stadhuis.zaken.tests.givens import OTHER_BSN, given_staff

    lay_zaken(given.records)
    ref = "B1:MELDING"
    free = given_staff(access.GrantData("zaak.lezen"), username="alles")
    typed = given_staff(*(access.GrantData("zaak.lezen", f"B{n}:MELDING", 3 + n) for n in range(3)), username="soorten")
    kin = given_staff(*(access.GrantData("zaak.lezen", f"B{n}:MELDING", 3 + n) for n in range(3)), username="familie")
    assert kin.pk is not None
    access.set_family(kin.pk, [access.Relative(people.person_for_bsn(OTHER_BSN), "child")])

    def run(actor: Actor, sql: str) -> Callable[[], object]:
        def once() -> object:
            condition = access.predicate(actor, "zaak.lezen")
            with connection.cursor() as cursor:
                cursor.execute(sql.format(condition.sql), condition.params)
                return cursor.fetchall()

        return once

    lines: Lines = []
    for what, sql in (
        ("newest 50", "SELECT z.id FROM zaken_zaak z WHERE {} ORDER BY z.id DESC LIMIT 50"),
        ("count", "SELECT count(*) FROM zaken_zaak z WHERE {}"),
    ):
        base = median_ms(run(free, sql), given.rounds)
        lines.append((f"{what}, unlimited", f"{base:.2f} ms"))
        for name, actor in (("limited by type and level", typed), ("limited, with family", kin)):
            taken = median_ms(run(actor, sql), given.rounds)
            lines.append((f"{what}, {name}", f"{taken:.2f} ms, {taken / base:.2f} x"))
    lines.append(
        ("making the condition", f"{median_ms(lambda: access.predicate(typed, 'zaak.lezen'), given.rounds):.2f} ms")
    )
    lines.append(
        (
            "may, one zaak",
            f"{median_ms(lambda: access.may(typed, 'zaak.lezen', zaaktype_ref=ref, level=2), given.rounds):.2f} ms",
        )
    )
    bucket = limits.Limit("bench", 10_000_000)
    lines.append(("rate limit, one request", f"{median_ms(lambda: limits.take(bucket, 'x'), given.rounds):.2f} ms"))
    lines.append(("maintenance, one question", f"{median_ms(access.maintenance.standing, given.rounds):.2f} ms"))
    return lines


PARTS: dict[str, Callable[[argparse.Namespace], Lines]] = {"predicate": predicate}
"""Every part gets a freshly migrated, empty database, within a transaction that is rolled back."""


@contextmanager
def database() -> Iterator[None]:
    """Give a database: the one that is named, or one of our own for as long as this runs."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from stadhuis.kit.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", is_durable=False)
        server.start()
        os.environ["DATABASE_URL"] = server.url()
        try:
            yield
        finally:
            server.stop()


def main() -> int:
    """Run the parts and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--part", choices=sorted(PARTS), action="append")
    given = parser.parse_args()
    with database():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction

        call_command("migrate", verbosity=0)
        for name in given.part or sorted(PARTS):
            print(f"\n{name}, {given.records:,} records")
            with transaction.atomic():
                for what, figure in PARTS[name](given):
                    print(f"  {what:<45} {figure}")
                transaction.set_rollback(True)
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
