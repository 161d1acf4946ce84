"""What the ground costs: the access rule, search, the audit trail, log-in and memory, and how that grows with the town.

    script/bench ground [--records 10000 1000000] [--keep FOLDER] [--rounds 40] [--part predicate] [--write]

Each part is a pair in ``PARTS``: what lays its town, and what measures it. The parts that grow with the town run at every size, each
size in a process and on a PostgreSQL of its own; log-in and memory run once, on a town hall of their own with real processes.
``--keep`` lays the sizes in that folder and leaves them there, the servers stopped: the next run finds them and only measures
(``--lay`` stops once they lie there). Without it they lie in a temporary folder, unless ``DATABASE_URL`` names a database of no
value, which is then filled further from size to size. ``--write`` keeps the figures in docs/benchmarks-ground.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
os.environ.setdefault("STADHUIS_MODE", "test")

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-ground.md"
CLIENTS = 8
TYPES = 4
SEARCH_MS, COUNT_MS, LOGIN_MS, REST_MIB = 300, 150, 300, 1536
LIMITED_RATIO, GROWTH_RATIO, AUDIT_RATIO = 1.3, 1.5, 1.2
LEVELS = (
    "openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim", "zeer_geheim",
)  # fmt: skip
ROW_BY_ROW = "count all, row by row"
NOBODY_BARRED, ONE_BARRED = "", ", one person barred"


@dataclass(frozen=True)
class Figure:
    """One figure: what, how much, of what, and what it should be at most (None: no aim was set)."""

    what: str
    value: float
    unit: str = "ms"
    aim: float | None = None

    @property
    def text(self) -> str:
        """The figure with its unit."""
        return f"{self.value:,.0f} {self.unit}" if self.value >= 100 else f"{self.value:.2f} {self.unit}"

    @property
    def met(self) -> str:
        """Whether it is what it should be."""
        return "" if self.aim is None else "yes" if self.value <= self.aim else "**no**"


Figures = list[Figure]


def timed(run: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each run, after three to warm up."""
    for _ in range(3):
        run()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def median_ms(run: Callable[[], object], rounds: int) -> float:
    """Return the median of a number of runs, in milliseconds."""
    return statistics.median(timed(run, rounds))


def by_turns(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median of each, in milliseconds; they take turns, so that what else the machine does weighs on all alike."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 3):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if number >= 3:
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(one) for name, one in taken.items()}


def p95(taken: Sequence[float]) -> float:
    """Return what 95 of a hundred stay below."""
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))]


def by_clients(work: Callable[[int], list[float]], clients: int = CLIENTS) -> list[float]:
    """Let clients work at the same time, each with a connection of its own; returns all that they took."""
    from django.db import connections

    taken: list[float] = []
    wrong: list[BaseException] = []

    def run(number: int) -> None:
        try:
            taken.extend(work(number))
        except BaseException as error:  # noqa: BLE001  (raised again below, in the thread that asked)
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return taken


# -- Filling ----------------------------------------------------------------------------------------------------------
def copy(table: str, replaced: dict[str, str], source: str) -> None:
    """Insert copies of the row ``t`` that ``source`` (SQL behind FROM) selects, with other values (SQL) in some columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        columns = [row[0] for row in cursor.fetchall() if row[0] != "id" or "id" in replaced]
        chosen = ", ".join(replaced.get(column, f't."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        overriding = "OVERRIDING SYSTEM VALUE" if "id" in replaced else ""
        cursor.execute(f'INSERT INTO "{table}" ({names}) {overriding} SELECT {chosen} FROM {source}')


def lay_zaken(wanted: int, *, batch: int = 50_000) -> None:
    """Bring the register to this many copies of a real zaak, each with a person of its own, over four types and all levels.

    Their uuids follow from their number (``ground_search.UUID_OF``), so that the records of the spine are of them.
    """
    from django.db import connection, transaction

    from bench.ground_search import UUID_OF
    from stadhuis.zaken.tests.givens import given_zaak, given_zaaktype

    with connection.cursor() as cursor:
        cursor.execute("SELECT identificatie FROM zaken_zaak WHERE identificatie LIKE 'TEMPLATE-%'")
        if not cursor.fetchall():
            for number in range(TYPES):
                zaaktype = given_zaaktype(domein=f"B{number}")
                given_zaak(zaaktype=zaaktype, identificatie=f"TEMPLATE-{number}")
        cursor.execute("SELECT count(*) FROM zaken_zaak WHERE identificatie LIKE 'BENCH-%'")
        there = cursor.fetchone()[0]
    if there >= wanted:
        return
    level = f"(ARRAY[{','.join(repr(one) for one in LEVELS)}])[1 + (n / 4) % 8]"
    for start in range(there + 1, wanted + 1, batch):
        stop = min(wanted, start + batch - 1)
        numbers = f"generate_series({start}, {stop}) n"
        of_type = f"{numbers} JOIN zaken_zaak t ON t.identificatie = 'TEMPLATE-' || (n % {TYPES})"
        new = f"{numbers} JOIN zaken_zaak z ON z.uuid = {UUID_OF}"
        with transaction.atomic(), connection.cursor() as cursor:
            copy("zaken_zaak", {
                "uuid": UUID_OF, "identificatie": "'BENCH-' || n", "vertrouwelijkheidaanduiding": level, "nummer": "NULL",
                "status_id": "NULL", "startdatum": "CURRENT_DATE - n % 301",
            }, f"{of_type} ORDER BY n")  # fmt: skip
            cursor.execute(
                f"INSERT INTO people_person (id, uuid) OVERRIDING SYSTEM VALUE SELECT 10000000 + n, gen_random_uuid() FROM {numbers}"
            )
            one = "JOIN (SELECT r.* FROM zaken_rol r JOIN zaken_zaak y ON y.id = r.zaak_id WHERE y.identificatie = 'TEMPLATE-0') t ON TRUE"
            copy("zaken_rol", {
                "uuid": "gen_random_uuid()", "zaak_id": "z.id", "person_id": "10000000 + n", "naam": "'Bewoner ' || n",
                "naam_zoek": "'bewoner ' || n",
            }, f"{new} {one}")  # fmt: skip
            one = one.replace("zaken_rol", "casework_workitem")
            copy("casework_workitem", {
                "zaak_id": "z.id", "zaaktype_ref": "z.zaaktype_ref", "vertrouwelijkheid_orde": "z.vertrouwelijkheid_orde",
                "deadline": "CURRENT_DATE - 20 + n % 83",
            }, f"{new} {one}")  # fmt: skip
    with connection.cursor() as cursor:
        for table in ("zaken_zaak", "zaken_rol", "casework_workitem", "people_person"):
            cursor.execute(f"VACUUM ANALYZE {table}")


@contextmanager
def one_barred() -> Iterator[None]:
    """Bar a person of one zaak for a while: from then on every list has to look whose the cases are."""
    from django.db import connection

    from stadhuis.access.models import Bar
    from stadhuis.kit.time import now
    from stadhuis.people.models import Person

    bar = Bar.objects.create(
        person=Person.objects.order_by("-pk")[0], reason="bench", starts_at=now(), set_by="bench"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE access_bar")
    try:
        yield
    finally:
        bar.delete()


# -- Parts that grow with the town --------------------------------------------------------------------------------------
def predicate(size: int, given: argparse.Namespace) -> Figures:
    """The one access rule: somebody who sees everything against people with ever more limits; and one bucket."""
    from django.db import connection

    from stadhuis.access import limits
    from stadhuis.access import public as access
    from stadhuis.casework import public as casework
    from stadhuis.people import public as people
    from stadhuis.people.public import Actor
    from stadhuis.zaken.tests.givens import OTHER_BSN, given_staff

    some = [access.GrantData("zaak.lezen", f"B{n}:MELDING", 4 + n) for n in range(TYPES - 1)]
    free = given_staff(access.GrantData("zaak.lezen"), username=f"alles-{size}-{os.getpid()}")
    typed = given_staff(*some, username=f"soorten-{size}-{os.getpid()}")
    kin = given_staff(*some, username=f"familie-{size}-{os.getpid()}")
    assert kin.pk is not None
    access.set_family(kin.pk, [access.Relative(people.person_for_bsn(OTHER_BSN), "child")])

    def asks(actor: Actor, sql: str) -> Callable[[], object]:
        def once() -> object:
            condition = access.predicate(actor, "zaak.lezen")
            with connection.cursor() as cursor:
                cursor.execute(sql.format(condition.sql), condition.params)
                return cursor.fetchall()

        return once

    figures: Figures = []
    for what, sql, aim in (
        ("newest 50", "SELECT z.id FROM zaken_zaak z WHERE {} ORDER BY z.id DESC LIMIT 50", None),
        ("count to 1,001", "SELECT count(*) FROM (SELECT 1 FROM zaken_zaak z WHERE {} LIMIT 1001) counted", COUNT_MS),
        # No page asks this: pages say '1.000+', and the exact number of the API is kept (below). It is what such a page would cost.
        (ROW_BY_ROW, "SELECT count(*) FROM zaken_zaak z WHERE {}", None),
    ):
        asked = {
            "sees everything": asks(free, sql),
            "limited by type and level": asks(typed, sql),
            "limited, with family": asks(kin, sql),
        }
        taken = by_turns(asked, given.rounds)
        figures += [Figure(f"{what}, {name}", milliseconds, aim=aim) for name, milliseconds in taken.items()]
        ratio = taken["limited by type and level"] / taken["sees everything"]
        # Of all in the town a part has to be looked at row by row; what pages ask has a limit.
        figures.append(Figure(f"{what}, limited: ratio", ratio, "x", None if what == ROW_BY_ROW else LIMITED_RATIO))
        with one_barred():
            barred = median_ms(asks(typed, sql), given.rounds)
            figures.append(Figure(f"{what}, limited{ONE_BARRED}", barred, aim=aim))
    figures += exact_counts(size, given)
    lists = by_turns(
        {
            "sees everything": lambda: casework.worklist("all", seen_by=free),
            "limited by type and level": lambda: casework.worklist("all", seen_by=typed),
        },
        given.rounds,
    )
    figures += [Figure(f"worklist with its counts, {name}", milliseconds) for name, milliseconds in lists.items()]
    ratio = lists["limited by type and level"] / lists["sees everything"]
    figures.append(Figure("worklist with its counts, limited: ratio", ratio, "x", LIMITED_RATIO))
    once = given.rounds
    figures.append(Figure("making the condition", median_ms(lambda: access.predicate(typed, "zaak.lezen"), once)))
    may = median_ms(lambda: access.may(typed, "zaak.lezen", zaaktype_ref="B1:MELDING", level=2), once)
    figures.append(Figure("may, one zaak", may))
    bucket = limits.Limit("bench", 10_000_000)
    figures.append(Figure("rate limit, one request", median_ms(lambda: limits.take(bucket, "x"), once)))
    figures.append(Figure("maintenance, one question", median_ms(access.maintenance.standing, once)))
    return figures


def exact_counts(size: int, given: argparse.Namespace) -> Figures:
    """The one place that gives an exact number of zaken: a page of the Zaken API, with its hundred zaken (decision 0039)."""
    from django.conf import settings

    from stadhuis.access import public as access
    from stadhuis.kit.api.testing import ApiClient
    from stadhuis.zaken.api import API

    settings.ALLOWED_HOSTS = ["*"]
    secret, number = "bench-bench-bench-bench-bench-bench", f"{size}-{os.getpid()}"
    some = [access.AutorisatieData("zrc", ("zaken.lezen",), f"B{n}:MELDING", max_level=4 + n) for n in range(TYPES - 1)]
    clients = {}
    for name, is_free, rights in (("sees everything", True, []), ("limited by type and level", False, some)):
        client_id = f"bench-{'alles' if is_free else 'deel'}-{number}"
        access.create_applicatie(client_id, [client_id], secret, is_free, rights)
        clients[name] = ApiClient(API.root, client_id, secret)

    def asks(client: ApiClient) -> Callable[[], object]:
        def once() -> object:
            answer = client.get("zaken")
            if answer.status_code != 200:
                raise RuntimeError(answer.content[:500])
            return answer

        return once

    what = "exact count, on a page of the Zaken API"
    taken = by_turns({name: asks(client) for name, client in clients.items()}, given.rounds)
    figures = [Figure(f"{what}, {name}", milliseconds, aim=COUNT_MS) for name, milliseconds in taken.items()]
    with one_barred():
        barred = median_ms(asks(clients["limited by type and level"]), given.rounds)
        figures.append(Figure(f"{what}, limited{ONE_BARRED}", barred, aim=COUNT_MS))
    return figures


def search(size: int, given: argparse.Namespace) -> Figures:
    """Search in the records by eight clients, for who sees everything and for who sees a part; and a bar in force."""
    from bench import ground_search
    from stadhuis.access import public as access
    from stadhuis.people.public import Actor
    from stadhuis.records import public as records
    from stadhuis.zaken.tests.givens import given_staff

    whole = given_staff(access.GrantData("zaak.lezen"), username=f"zoekt-alles-{size}-{os.getpid()}")
    part = given_staff(
        *(access.GrantData("zaak.lezen", f"bench:{number}", 4) for number in range(0, 20, 3)),
        username=f"zoekt-deel-{size}-{os.getpid()}",
    )

    def measured(question: str, forms: Sequence[str], actor: Actor, name: str) -> Figures:
        def work(client: int) -> list[float]:
            taken = []
            for number in range(given.rounds // 2 + 2):
                words = ground_search.words_of(forms, client * 1009 + number, size)
                start = time.perf_counter()
                records.search(words, seen_by=actor)
                taken.append((time.perf_counter() - start) * 1000)
            return taken[2:]

        return [
            Figure(f"{question}, {name}: one client, p50", statistics.median(by_clients(work, 1))),
            Figure(f"{question}, {name}: {CLIENTS} clients, p95", p95(by_clients(work)), aim=SEARCH_MS),
        ]

    figures: Figures = []
    for question, forms in ground_search.QUESTIONS.items():
        figures += measured(question, forms, whole, "sees everything")
        figures += measured(question, forms, part, "sees a part")
    with one_barred():
        for question in ("frequent word", "two words"):
            figures += measured(question, ground_search.QUESTIONS[question], part, f"sees a part{ONE_BARRED}")
    return figures


def trail(size: int, given: argparse.Namespace) -> Figures:
    """The trail per deed, with the trail as long as the town is large: a real deed with its lines and without."""
    from bench import ground_audit

    found = ground_audit.audit_overhead(deeds=given.rounds, rounds=5)
    return [
        Figure("making a zaak with its rol, as it is", found["deed_ms"]),
        Figure("making a zaak with its rol: with the trail against without", found["ratio"], "x", AUDIT_RATIO),
        Figure("one line of the trail", found["line_ms"]),
        Figure("sealing, per line", found["seal_us_per_line"], "us"),
        *(Figure("verifying, per line", one, "us") for name, one in found.items() if name == "verify_us_per_line"),
    ]


def storage(size: int, given: argparse.Namespace) -> Figures:
    """What lies on disk."""
    from django.db import connection

    figures = []
    with connection.cursor() as cursor:
        for table in ("zaken_zaak", "zaken_rol", "records_record", "records_searchtext", "records_word", "audit_line",
                      "audit_payload"):  # fmt: skip
            cursor.execute("SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", [table, table])
            data, indexes = cursor.fetchone()
            figures.append(Figure(f"{table}: rows", data / 1024**2, "MiB"))
            figures.append(Figure(f"{table}: indexes", indexes / 1024**2, "MiB"))
    return figures


def lay_texts(size: int) -> None:
    """Bring the spine to this many records with their texts and words."""
    from bench import ground_search

    ground_search.fill(size)


def lay_trail(size: int) -> None:
    """Bring the trail to this many sealed lines."""
    from bench import ground_audit

    ground_audit.lay_trail(size)


def lay_nothing(size: int) -> None:
    """What lies on disk is what the other parts laid."""


PARTS: dict[str, tuple[Callable[[int], None], Callable[[int, argparse.Namespace], Figures]]] = {
    "predicate": (lay_zaken, predicate),
    "search": (lay_texts, search),
    "audit": (lay_trail, trail),
    "storage": (lay_nothing, storage),
}


# -- Log-in and memory, with real processes -----------------------------------------------------------------------------
def processes(rounds: int) -> dict[str, Figures]:
    """Log-ins by eight clients at once at a town hall of its own, and the memory of its processes before and after."""
    from bench.ground_login import log_ins
    from bench.main_job import memory, start
    from stadhuis.demo.tests.stack import Stack

    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as folder:
        limits = {"STADHUIS_RATE_PER_PERSON": "1000000", "STADHUIS_RATE_PER_ADDRESS": "1000000"}
        stack = Stack(Path(folder), stalled_seconds=60, **limits)
        os.environ.update(stack.environment)
        try:
            import django

            django.setup()
            stack.start_database()
            start(stack)
            time.sleep(8)
            rest = memory(stack)
            logged_in = [Figure(f"{what}: {name}", value, aim=aim) for what, name, value, aim in log_ins(stack, rounds)]
            after = memory(stack)
        finally:
            stack.stop()
    figures = [
        Figure(f"{name}, {when} (PSS)", pss, "MiB")
        for when, lines in (("at rest", rest), ("after the log-ins", after))
        for name, _, pss, _ in lines
        if "demo only" not in name
    ]
    together = sum(pss for name, _, pss, _ in rest if "demo only" not in name)
    return {
        "log-in": logged_in,
        "memory": [*figures, Figure("together, at rest (PSS)", together, "MiB", REST_MIB)],
    }


# -- The report ---------------------------------------------------------------------------------------------------------
_TITLES = {
    "predicate": ("The access rule", "Median of one client. 'Limited': three zaaktypen of four, up to a level each."
                  " Pages count to a thousand and say '1.000+'; what must be exact, the API, is kept (decision 0039). 'Row by row' is what"
                  " neither does; no aim is set for it."),
    "search": ("Search in the records", f"{CLIENTS} clients at once. 'A part': seven zaaktypen of twenty, up to a level."),
    "audit": (
        "The trail",
        "The trail holds as many lines as the town has records; a deed is a transaction of its own. A chain of more than 200,000"
        " lines is sealed but not walked.",
    ),
    "storage": ("On disk", ""),
    "log-in": ("Log-in", f"{CLIENTS} clients at once, each log-in with a new browser; only what the town hall itself does. A password"
               " costs what OWASP asks (Argon2id, 19 MiB, two rounds)."),
    "memory": ("Memory", ""),
}  # fmt: skip


def report(
    environment: str, sizes: Sequence[int], grown: dict[str, dict[int, Figures]], once: dict[str, Figures]
) -> list[str]:
    """Return the page."""
    lines = [
        "# Benchmarks of the ground",
        "",
        "One run of `script/bench ground --write`; the program's own docstring says how it measures. Figures of another machine",
        "or a busier moment differ; ratios and growth say more. [The main job](benchmarks.md) has a page of its own.",
        "",
        f"* When: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"* On: {environment}.",
        f"* Sizes: {', '.join(f'{size:,}' for size in sizes)} records, in one PostgreSQL with the settings of the embedded one.",
        "* Aims: search p95 300 ms at a million, counts 150 ms, an ordinary user at most 1.3 times who sees everything, a line of",
        "  the trail less than 20 % of a deed, 1.5 GiB at rest.",
    ]
    for part, by_size in grown.items():
        title, note = _TITLES[part]
        sizes = sorted(by_size)
        lines += ["", f"## {title}", "", *([note, ""] if note else [])]
        lines.append(f"| what | {' | '.join(f'{size:,}' for size in sizes)} | aim | met |")
        lines.append(f"|---|{'---:|' * len(sizes)}---:|---|")
        named = {size: {one.what: one for one in by_size[size]} for size in sizes}
        for what in dict.fromkeys(what for size in reversed(sizes) for what in named[size]):
            found = [named[size].get(what) for size in sizes]
            last = next(one for one in reversed(found) if one is not None)
            shown = " | ".join(one.text if one else "not measured" for one in found)
            lines.append(f"| {what} | {shown} | {_aim(last)} | {last.met} |")
    for part, figures in once.items():
        title, note = _TITLES[part]
        lines += [
            "",
            f"## {title}",
            "",
            *([note, ""] if note else []),
            "| what | figure | aim | met |",
            "|---|---:|---:|---|",
        ]
        lines += [f"| {one.what} | {one.text} | {_aim(one)} | {one.met} |" for one in figures]
    return lines


def _aim(figure: Figure) -> str:
    return "" if figure.aim is None else f"{figure.aim:g} {figure.unit}"


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """Give a database: the one that is named, or one of our own in the folder for as long as this runs."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from stadhuis.kit.postgres import EmbeddedPostgres

    folder.mkdir(parents=True, exist_ok=True)
    for one in (folder, folder.parent):
        one.chmod(0o711)  # PostgreSQL may run as another user than we do
    server = EmbeddedPostgres(folder / "postgres", is_durable=False)
    server.start()
    os.environ["DATABASE_URL"] = server.url()
    try:
        yield
    finally:
        server.stop()


def of_one_size(size: int, parts: Sequence[str], folder: Path, given: argparse.Namespace) -> dict[str, Figures]:
    """Lay what is not there yet and measure; runs in a process of its own, since it prepares Django for this database."""
    figures: dict[str, Figures] = {}
    with database(folder):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # to lay a town, or to index one, takes longer than a page may
        call_command("migrate", verbosity=0)
        for part in parts:
            started = time.perf_counter()
            PARTS[part][0](size)
            print(f"{part}, {size:,} records: laid ({time.perf_counter() - started:.0f} s)", flush=True)
        connection.close()
        for part in () if given.lay else parts:
            started = time.perf_counter()
            figures[part] = PARTS[part][1](size, given)
            print(f"\n{part}, {size:,} records ({time.perf_counter() - started:.0f} s)", flush=True)
            for one in figures[part]:
                print(f"  {one.what:<62} {one.text:>14} {one.met.strip('*')}", flush=True)
        connection.close()
    return figures


def measure(sizes: Sequence[int], parts: Sequence[str], given: argparse.Namespace) -> dict[str, dict[int, Figures]]:
    """Run the parts at each size, the smallest first."""
    grown: dict[str, dict[int, Figures]] = {part: {} for part in parts}
    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as folder:
        for size in sizes:
            own = Path(given.keep or folder).resolve() / str(size)
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
                for part, figures in process.submit(of_one_size, size, parts, own, given).result().items():
                    grown[part][size] = figures
    return grown


def main() -> int:
    """Run the parts, print what they found, and keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000], help="sizes, such as 10000 1000000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--part", choices=[*PARTS, "processes"], action="append")
    parser.add_argument("--keep", metavar="FOLDER", help="where the sizes are laid, or lie already, and stay")
    parser.add_argument(
        "--lay", action="store_true", help="lay what is not there yet in the folder to keep, and measure nothing"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks-ground.md")
    given = parser.parse_args()
    if given.lay and not given.keep:
        parser.error("--lay needs --keep: a temporary folder is gone afterwards")
    from bench.main_job import machine

    environment, sizes = machine(), sorted(set(given.records))
    parts = given.part or [*PARTS, "processes"]
    once: dict[str, Figures] = {}
    # First what has processes of its own: it must not share the machine with a large database in memory.
    if "processes" in parts and not given.lay:
        once = _in_a_process_of_its_own(given)
    grown = measure(sizes, [part for part in PARTS if part in parts], given) if set(parts) & set(PARTS) else {}
    if given.lay:
        return 0
    lines = report(environment, sizes, grown, once)
    print("\n" + "\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _in_a_process_of_its_own(given: argparse.Namespace) -> dict[str, Figures]:
    """Measure log-in and memory in another process: Django is set up once per process, and that one has another database."""
    import json
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "bench.ground_login", "--rounds", str(given.rounds)],
        stdout=subprocess.PIPE, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STADHUIS_MODE"}},
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return {part: [Figure(**one) for one in figures] for part, figures in found.items()}


if __name__ == "__main__":
    sys.exit(main())
