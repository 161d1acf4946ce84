"""How fast the registers' APIs answer, and what the bare statement costs beside it.

    script/bench zgw [--zaken 100000] [--seconds 4] [--only list ...] [--write]
    script/bench zgw --zaken 10000 1000000 --keep FOLDER FOLDER [--lay]

With ``--keep`` the database of each size stays in its folder and is measured again without laying it anew; what a run
did to the zaken it was given is undone first, the zaken that it made stay.

Real processes (Granian with two request processes, PostgreSQL that keeps what it promised; the worker does not run), one
and eight clients that hold their connection and ask without a pause, on the same machine. Each operation runs for an
application with all rights and for one limited to two of the four zaaktypen. Statements are counted in this process, on the
same database. In the same run ``pgbench`` asks the statement that writes the JSON of the page, prepared, as often as it can;
the ratio is its answers a second over ours. ``--write`` keeps the figures in docs/benchmarks-zgw.md.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import os
import pickle
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.main_job import cpu_seconds, machine
from bench.zgw import seed
from bench.zgw.load import Sent, Taken, load, request
from stadhuis.demo.tests.stack import Stack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks-zgw.md"
CLIENTS = (1, 8)
AIMS = {
    "list of 100": 250, "one zaak": 1000, "by identificatie": 1000, "by BSN of a rol": 1000,
    "list, expand status, zaaktype and rollen": 120, "create": 300, "patch": 300, "add status": 200, "document of 10 KB": 200,
}  # fmt: skip
"""Answers a second that are aimed at with eight clients and 100,000 zaken."""
POOL = 40_000
"""Zaken that writes go round, each application and number of clients its own part of them."""


@dataclass(frozen=True)
class Case:
    """An operation: its requests for an application (from its token and a range of zaken of its own)."""

    name: str
    requests: Callable[[str, range], Iterator[Sent]]
    most: int | None = None
    is_read: bool = True


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    who: str
    clients: int
    taken: Taken
    cpu_ms: float
    statements: int
    bare: float | None
    walked: frozenset[str] = frozenset()
    """Large tables that a read goes through from end to end."""

    def row(self) -> str:
        """The line as Markdown."""
        aim = AIMS.get(self.name, 0) if self.clients == CLIENTS[-1] and self.who == seed.ALL else 0
        met = "" if not aim else f"{aim} {'yes' if self.taken.per_second >= aim else '**no**'}"
        bare = "" if self.bare is None else f"{self.bare:.0f}"
        ratio = "" if self.bare is None else f"{self.bare / self.taken.per_second:.1f}"
        return (
            f"| {self.name} | {self.who} | {self.clients} | {_short(self.taken.per_second)} | {self.taken.p50:.1f}"
            f" | {self.taken.p95:.1f} | {self.cpu_ms:.2f} | {self.statements} | {bare} | {ratio} | {met} |"
        )


HOLDS_BACK = """
## What holds it back

* **Processor time of a read.** A thousand a second on two cores, which clients and PostgreSQL share, leaves less than 2 ms for a
  request. One zaak takes some 2.9. Measured apart on 2026-11-27, in microseconds of web process and PostgreSQL: Granian 300;
  Django with its middleware, addresses, log line, figures and answer 450; a connection of the pool 30; who calls, with its secrets
  and rights 210 + 90; its bucket 60 + 30; the zaak 120 + 120; whose data it shows 55 + 50; processing log and ledger 230 + 160,
  commit included; the rest is between them, and caches that each part finds cold. A statement that asks nothing takes 40 + 15.
  None of the five can go: rights are read with every request (decision 0029), and what cannot be logged is not shown.
* **Writes** are 20 to 24 statements, most in one transaction: the change, its record and search text, the trail, the message with
  its deliveries and job, and for a new zaak its work item and deadline. None of the registers' own is written by Django's ORM
  any more (decision 0042). A change of one zaak takes some 8.8 ms, of which PostgreSQL 3.6; it was 22. Of the 5.2 in
  Python two fifths go to sending the statements and reading their rows; a fifth goes to what the spine keeps of the zaak (six
  statements of three rooms), a tenth to the message and its job, another to the two buckets and whether the town hall is read-only.
* **The disk.** A read that shows personal data commits the processing log before it answers, and a write its transaction; a
  request thread waits for that.
* **Lists of 100** are bound by writing JSON: 0.05 ms of PostgreSQL per zaak with its eight relations, whatever the number of zaken:
  how many there are is kept (decision 0039), and a late page is read from the end.
* **A range of dates** is counted row by row, so at 1,000,000 zaken a month of them costs more than a first page; `_zoek` finds
  its zaken first and reads the page in a second statement.
"""
HEAD = (
    "| operation | application | clients | per second | p50 ms | p95 ms | CPU ms | statements | bare per second | ratio | aim |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"
)


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


# -- What is asked -----------------------------------------------------------------------------------------------------
def _get(path: str, **query: object) -> Callable[[str, range], Iterator[Sent]]:
    """Return the same request again and again."""
    whole = f"/{seed.ZAKEN}/{path}" + (f"?{urlencode(query)}" if query else "")
    return lambda token, numbers: itertools.repeat(request("GET", whole, token))


def _each(make: Callable[[str, int], Sent]) -> Callable[[str, range], Iterator[Sent]]:
    """Return a request per zaak of the range, around and around."""
    return lambda token, numbers: (make(token, number) for number in itertools.cycle(numbers))


def _once(make: Callable[[str, int], Sent]) -> Callable[[str, range], Iterator[Sent]]:
    """Return a request per zaak of the range, each zaak once."""
    return lambda token, numbers: (make(token, number) for number in numbers)


def _post(path: str, body: Any, *, root: str = seed.ZAKEN, status: int = 201) -> Callable[[str], Sent]:
    data = json.dumps(body).encode()
    return lambda token: request("POST", f"/{root}/{path}", token, data, status)


def cases(seeded: seed.Seeded, who: str) -> list[Case]:
    """Return all operations, for an application."""
    from django.conf import settings

    zaaktype = seeded.zaaktypen[0]
    base = f"{settings.PUBLIC_URL}/{seed.ZAKEN}"

    def url(number: int) -> str:
        return f"{base}/zaken/{seeded.uuid(number)}"

    def patch(token: str, number: int) -> Sent:
        body = json.dumps({"toelichting": f"anders {os.urandom(4).hex()}"}).encode()
        return request("PATCH", f"/{seed.ZAKEN}/zaken/{seeded.uuid(number)}", token, body)

    moments = itertools.count()

    def status(which: int) -> Callable[[str, int], Sent]:
        def make(token: str, number: int) -> Sent:
            kind = seeded.zaaktypen[number % seed.TYPES].statustypen[which]
            moment = f"2026-04-01T10:{next(moments) % 60:02}:00.{next(moments) % 1_000_000:06}Z"
            body = {"zaak": url(number), "statustype": kind.url, "datumStatusGezet": moment}
            return _post("statussen", body)(token)

        return make

    def document(size: int) -> Callable[[str, range], Iterator[Sent]]:
        body = seed.document_body(seeded.documenttypen[0], os.urandom(size))
        make = _post("enkelvoudiginformatieobjecten", body, root=seed.DOCUMENTEN)
        return lambda token, numbers: itertools.repeat(make(token))

    zoek = {"zaakgeometrie": {"within": {"type": "Polygon", "coordinates": [[[5.1, 52.0], [5.5, 52.0], [5.5, 52.005], [5.1, 52.005], [5.1, 52.0]]]}}}  # fmt: skip
    last = -(-seed.visible(seeded, who) // 100)  # runs before this one made zaken as well
    return [
        Case("list of 100", _get("zaken")),
        Case("by identificatie", _each(lambda token, n: request("GET", f"/{seed.ZAKEN}/zaken?identificatie={seeded.identificatie(n)}", token))),
        Case("by zaaktype", _get("zaken", zaaktype=zaaktype.url)),
        Case("by BSN of a rol", _each(lambda token, n: request("GET", f"/{seed.ZAKEN}/zaken?rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn={seeded.bsn(n)}", token))),
        Case("by dates (a month)", _get("zaken", startdatum__gte="2022-03-01", startdatum__lt="2022-04-01")),
        Case("last page", _get("zaken", page=last)),
        Case("first page, reversed order", _get("zaken", ordering="startdatum")),
        Case("_zoek in an area", lambda token, numbers: itertools.repeat(_post("zaken/_zoek", zoek, status=200)(token))),
        Case("list, expand status, zaaktype and rollen", _get("zaken", expand="status,zaaktype,rollen")),
        Case("one zaak", _each(lambda token, n: request("GET", f"/{seed.ZAKEN}/zaken/{seeded.uuid(n)}", token))),
        Case("its documents", _each(lambda token, n: request("GET", f"/{seed.ZAKEN}/zaakinformatieobjecten?{urlencode({'zaak': url(n)})}", token))),
        Case("create", lambda token, numbers: itertools.repeat(_post("zaken", seed.zaak_body(zaaktype))(token)), is_read=False),
        Case("patch", _each(patch), is_read=False),
        Case("add status", _once(status(1)), is_read=False),
        Case("close", _once(status(2)), is_read=False),
        Case("document of 10 KB", document(10_000), is_read=False),
        Case("document of 50 MB", document(50_000_000), most=4, is_read=False),
    ]  # fmt: skip


# -- Beside it ---------------------------------------------------------------------------------------------------------
@contextmanager
def statements_of_resources() -> Iterator[list[tuple[str, list[Any]]]]:
    """Yield what is asked by prepared statements meanwhile: SQL and values."""
    from stadhuis.kit.database import Statement

    caught: list[tuple[str, list[Any]]] = []
    plain = Statement.first_row

    def watched(self: Statement, values: Any) -> Any:
        caught.append((self.sql.decode(), [values[name] for name in self.names]))
        return plain(self, values)

    Statement.first_row = watched  # type: ignore[method-assign]
    try:
        yield caught
    finally:
        Statement.first_row = plain  # type: ignore[method-assign]


def in_process(sent: Sent) -> tuple[int, str]:
    """Return how many statements a request takes, and the SQL that writes its JSON, with its values in it ("": none)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from psycopg import sql

    head, _, body = sent.request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    kind = headers.pop("Content-Type", "application/json")
    headers.pop("Content-Length", None)
    with CaptureQueriesContext(connection) as caught, statements_of_resources() as asked:
        answer = Client().generic(method, path, body, content_type=kind, headers=headers)
    if answer.status_code != sent.status:
        raise RuntimeError(f"{first}: {answer.status_code} {answer.content[:300]!r}")
    count = sum(not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", query["sql"]) for query in caught.captured_queries)
    pages = [(text, values) for text, values in asked if "row_to_json" in text]
    if not pages:
        return count, ""
    text, values = pages[-1]
    written = [sql.Literal(value).as_string(connection.connection) for value in values]
    return count, re.sub(r"\$(\d+)", lambda match: written[int(match[1]) - 1], text)


LARGE = 5_000
"""Rows from which reading a whole table is worth a line."""


def walked(text: str) -> frozenset[str]:
    """Return the large tables that PostgreSQL would read from end to end for a statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + text.replace("%", "%%"), [])
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples > %s",
            [re.findall(r"Seq Scan on (\w+)", plan), LARGE],
        )
        return frozenset(name for (name,) in cursor.fetchall())


def bare(stack: Stack, text: str, clients: int, seconds: float) -> float:
    """Return how often a second PostgreSQL alone answers a statement, by ``pgbench``."""
    script = stack.folder / "bare.sql"
    script.write_text(text.replace("\n", " ") + ";\n", encoding="utf-8")
    script.chmod(0o644)
    command = stack.postgres.program(
        "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(max(1, round(seconds))), "-f",
        str(script), "stadhuis",
    )  # fmt: skip
    command.remove("--no-password")  # pgbench does not know it
    done = subprocess.run(command, capture_output=True, text=True, check=False, **stack.postgres._as_user())
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])


# -- Measuring ---------------------------------------------------------------------------------------------------------
def measure(stack: Stack, seeded: seed.Seeded, seconds: float, only: list[str]) -> list[Figure]:
    """Ask everything and return the figures, printing each as it comes."""
    from stadhuis.kit.api.testing import token

    figures = []
    size = min(POOL, seeded.count) // (2 * len(CLIENTS) * seed.TYPES) * seed.TYPES
    parts = itertools.count()
    print(HEAD, flush=True)
    both = zip(*(cases(seeded, who) for who in (seed.ALL, seed.LIMITED)), strict=True)
    chosen = [(case, who) for pair in both for case, who in zip(pair, (seed.ALL, seed.LIMITED), strict=True)]
    for case, who in chosen:
        if only and not any(word in case.name for word in only):
            continue
        signed = token(who, seed.SECRET)
        # The limited application sees the zaken of the first two zaaktypen.
        spare = [number for number in range(seeded.count - 20, seeded.count) if number % seed.TYPES < 2]
        if case.name == "close":
            seed.give_resultaat(seeded, range(1, size * 2 * len(CLIENTS) + 1))
            seed.give_resultaat(seeded, range(seeded.count - 20, seeded.count))
        counted, text = 0, ""
        for number in spare[:3] if who == seed.ALL else spare[-3:]:  # what is read once per process is there
            counted, text = in_process(next(iter(case.requests(signed, [number]))))  # type: ignore[arg-type]
        through = walked(text) if case.is_read and text else frozenset()
        for clients in CLIENTS:
            part = next(parts) % (2 * len(CLIENTS))
            numbers = [n for n in range(1 + part * size, 1 + (part + 1) * size) if n % seed.TYPES < 2]
            alone = bare(stack, text, clients, seconds / 2) if case.is_read and text and who == seed.ALL else None
            ask = partial(load, stack.port, clients)
            requests = case.requests(signed, numbers)  # type: ignore[arg-type]
            if case.most is None:
                ask(min(0.5, seconds / 4), requests)
            before = cpu_seconds(stack)
            taken = ask(seconds if case.most is None else 120, requests, most=case.most and max(case.most, clients))
            cpu_ms = (cpu_seconds(stack) - before) * 1000 / len(taken.milliseconds)
            figures.append(Figure(case.name, who, clients, taken, cpu_ms, counted, alone, through))
            print(figures[-1].row(), flush=True)
    return figures


def count_ms(rounds: int = 5) -> float:
    """Return the milliseconds of the exact count of all zaken, by itself."""
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        for _ in range(rounds):
            began = time.perf_counter()
            cursor.execute("SELECT count(*) FROM zaken_zaak")
            cursor.fetchone()
            times.append((time.perf_counter() - began) * 1000)
    return min(times)


def report(environment: str, found: dict[int, tuple[list[Figure], float]]) -> list[str]:
    """Return the page."""
    lines = [
        "# Benchmarks of the registers' APIs",
        "",
        "One run of `script/bench zgw --write`; the program's own docstring says how it measures. Figures of another machine",
        "or a busier moment differ; compare runs on one machine. The aims hold for eight clients and 100,000 zaken.",
        "",
        f"* When: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"* On: {environment}. Clients and PostgreSQL share it.",
        "* Data: zaken with two statussen, a rol with a BSN, an object and a record each; every fifth with a document, every tenth"
        " with a place.",
        "* `bench` has all rights, `limited` those on two of the four zaaktypen. CPU ms: web and PostgreSQL per request.",
        "* Bare: `pgbench` with the same number of clients on the statement that writes the same JSON; ratio: its answers a second over ours.",
    ]  # fmt: skip
    for count, (figures, counting) in found.items():
        lines.append(
            f"* Exact count of {count:,} zaken by itself, read from the table: {counting:.1f} ms (aim: 150 at 1,000,000)."
        )
        through = sorted({f"{one.name} ({one.who}): {table}" for one in figures for table in one.walked})
        lines.append(f"* Read from end to end at {count:,}, by EXPLAIN: {'; '.join(through) or 'no large table'}.")
        times = _dearer(figures, seed.ALL, figures, seed.LIMITED)
        lines.append(f"* Times dearer for the limited application at {count:,}, eight clients (aim: 1.3): {times}.")
    small, large = min(found), max(found)
    if small != large:
        names = ("list of 100", "one zaak", "by identificatie", "by BSN of a rol", "last page")
        times = _dearer(found[small][0], seed.ALL, found[large][0], seed.ALL, names)
        lines.append(f"* Times dearer at {large:,} than at {small:,}, eight clients (aim: 1.5): {times}.")
    for count, (figures, _) in found.items():
        lines += ["", f"## {count:,} zaken", "", HEAD, *(figure.row() for figure in figures)]
    return [*lines, "", *HOLDS_BACK.strip().split("\n")]


def _dearer(some: list[Figure], who: str, others: list[Figure], other: str, names: tuple[str, ...] = ()) -> str:
    """Return how many times dearer the second is than the first, with the most clients, per operation."""
    of_other = {figure.name: figure for figure in others if (figure.who, figure.clients) == (other, CLIENTS[-1])}
    return "; ".join(
        f"{figure.name} {figure.taken.per_second / of_other[figure.name].taken.per_second:.2f}"
        for figure in some
        if (figure.who, figure.clients) == (who, CLIENTS[-1]) and figure.name in of_other and (not names or figure.name in names)
    )  # fmt: skip


def laid(stack: Stack, folder: Path, count: int) -> seed.Seeded:
    """Return what is in the folder; fills its database first when that was not done before."""
    note = folder / "seeded.pickle"
    if note.exists():
        seeded: seed.Seeded = pickle.loads(note.read_bytes())
        seed.undo(seeded)
        return seeded
    began = time.perf_counter()
    seeded = seed.fill(count)
    note.write_bytes(pickle.dumps(seeded))
    (folder / "port").write_text(str(stack.port), encoding="utf-8")
    print(f"{count:,} zaken laid in {time.perf_counter() - began:.0f} s", flush=True)
    return seeded


def measured(folder: Path, count: int, given: argparse.Namespace, *, is_kept: bool) -> tuple[list[Figure], float]:
    """Serve what is laid in a folder and return its figures, and the milliseconds of an exact count by itself."""
    # An application asks more here than a town's; the limits stay on, for what they cost, and are out of reach.
    limits = dict.fromkeys(("STADHUIS_RATE_PER_APPLICATION", "STADHUIS_RATE_PER_ADDRESS"), "10000000")
    hosts = {"STADHUIS_ALLOWED_HOSTS": "localhost,127.0.0.1,testserver"}
    port = int((folder / "port").read_text(encoding="utf-8")) if (folder / "port").exists() else None
    stack = Stack(folder, stalled_seconds=60, web_workers=given.processes, port=port, **limits, **hosts)
    try:
        os.environ.update(stack.environment)
        stack.supervisor.start(stack.postgres)
        stack.run("-m", "stadhuis", "migrate")
        import django

        django.setup()
        logging.getLogger().setLevel(logging.WARNING)
        seeded = laid(stack, folder, count)
        if given.lay:
            return [], 0
        stack.supervisor.keep(stack.web)
        stack.web.launch()
        stack.web.wait_until_ready()
        return measure(stack, seeded, given.seconds, given.only), count_ms()
    except Exception:
        print(stack.last_words())
        raise
    finally:
        if is_kept:
            stack.supervisor.stop()
        else:
            stack.stop()


def in_own_process(given: argparse.Namespace, count: int, keep: str | None) -> tuple[list[Figure], float]:
    """Return the figures of one size: Django reads its settings once in a process."""
    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as temporary:
        folder, result = Path(keep or temporary), Path(temporary) / "result"
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "bench.zgw", *sys.argv[1:], "--zaken", str(count), "--result", str(result)]
        command += ["--keep", str(folder)] if keep else ["--keep"]
        subprocess.run(command, check=True)
        found: tuple[list[Figure], float] = pickle.loads(result.read_bytes())
        return found


def main() -> int:
    """Seed, serve, measure, print."""
    parser = argparse.ArgumentParser(description="Figures of the registers' APIs.")
    parser.add_argument("--zaken", type=int, nargs="+", default=[10_000], help="10000, 100000, 1000000")
    parser.add_argument("--seconds", type=float, default=3, help="how long each operation is asked")
    parser.add_argument("--only", nargs="+", default=[], help="words in the names of operations")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks-zgw.md")
    parser.add_argument(
        "--keep",
        nargs="*",
        default=[],
        metavar="FOLDER",
        help="a folder per number of zaken, laid once and measured again",
    )
    parser.add_argument("--lay", action="store_true", help="only lay the folders")
    parser.add_argument("--processes", type=int, default=2, help="web processes")
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.result is not None:
        [count] = given.zaken
        with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as temporary:
            folder = Path(given.keep[0] if given.keep else temporary)
            given.result.write_bytes(pickle.dumps(measured(folder, count, given, is_kept=bool(given.keep))))
        return 0
    folders = given.keep or [None] * len(given.zaken)
    environment = machine()
    found = {}
    for count, folder in zip(given.zaken, folders, strict=True):
        print(f"\n{count:,} zaken", flush=True)
        found[count] = in_own_process(given, count, folder)
    if given.lay:
        return 0
    lines = report(environment, found)
    print("\n" + "\n".join(lines[6:20]))
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
