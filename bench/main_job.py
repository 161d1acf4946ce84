"""The main job under load: how long a resident and a member of staff wait, and what the town hall takes at rest.

    script/bench main_job [--cases 10000 100000] [--rounds 12] [--write]

Real processes (Granian with three request processes, worker, PostgreSQL that keeps what it promised), eight clients that hold
their connection and ask without a pause, timed from request to last byte; the clients run on the same machine. Statements
are counted in this process, on the same database. ``--write`` keeps the figures in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from stadhuis.demo.tests.stack import Stack, children

if TYPE_CHECKING:
    from stadhuis.demo.tests.visitor import Visitor

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
CLIENTS = 8
BSNS = ("999990184", "999990391", "999991012", "999991231", "999991437", "999996241", "999996654", "999995820")
OWN_CASES, DOCUMENTS, STATUSES = 100, 50, 20
SUBMIT_MS, PAGE_MS, REST_MIB = 500, 300, 1536
WARM_UP = 4
FIRST = "{Anna,Bram,Chris,Dewi,Emma,Fleur,Gijs,Hugo,Ilse,Jan,Kees,Lies,Mees,Nina,Otto,Piet,Roos,Sem,Tess,Vera}"
LAST = "{Aalders,Bos,Claassen,Dekker,Evers,Faber,Groen,Hendriks,Jansen,Kok,Linden,Mulder,Noor,Ooms,Peters,Ruiter,Smit,Tuin,Uil,Visser,Wolters,Zwart,Akkerman,Blom,Dool}"
UNIQUE_NAME, UNIQUE_BIRTH = "Xandra Zeldzaam", "1899-12-31"


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    milliseconds: tuple[float, ...]
    aim_ms: float
    statements: int | None
    cpu_ms: float
    """Processor time of web and PostgreSQL per request: what hardly depends on how busy the machine is."""

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Nineteen of twenty are faster."""
        return statistics.quantiles(self.milliseconds, n=20, method="inclusive")[-1]

    def row(self) -> str:
        """The line as Markdown."""
        verdict = "yes" if self.p95 <= self.aim_ms else "**no**"
        statements = "" if self.statements is None else str(self.statements)
        return f"| {self.name} | {self.p50:.0f} | {self.p95:.0f} | {self.aim_ms:.0f} | {verdict} | {self.cpu_ms:.0f} | {statements} | {len(self.milliseconds)} |"


HEAD = "| page or deed | p50 ms | p95 ms | aim p95 | met | CPU ms | statements | requests |\n|---|---:|---:|---:|---|---:|---:|---:|"


# -- Asking -----------------------------------------------------------------------------------------------------------
class Client:
    """One connection that is kept, with the cookies of somebody who is logged in."""

    def __init__(self, port: int, cookies: str) -> None:
        self.cookies = cookies
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        found = re.search(r"csrftoken=([^;]+)", cookies)
        self.token = found[1] if found else ""

    def ask(self, path: str, posted: dict[str, str] | None = None) -> float:
        """Ask once and return the milliseconds to the last byte. Anything but success ends the benchmark."""
        headers = {"Host": "localhost", "Cookie": self.cookies, "Accept-Encoding": "gzip"}
        body = None
        if posted is not None:
            body = urlencode({**posted, "csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        return took


def together(works: Sequence[Callable[[], list[float]]]) -> tuple[float, ...]:
    """Run the works at the same time and return all their milliseconds; what goes wrong in one is raised."""
    taken: list[float] = []
    wrong: list[BaseException] = []

    def run(work: Callable[[], list[float]]) -> None:
        try:
            taken.extend(work())
        except BaseException as error:  # noqa: BLE001  (raised again below, in the thread that asked)
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return tuple(taken)


@dataclass(frozen=True)
class Taken:
    """What a page cost: milliseconds of each request, and processor milliseconds per request."""

    milliseconds: tuple[float, ...]
    cpu_ms: float


def pages(stack: Stack, cookies: Sequence[str], path: str, rounds: int, posted: dict[str, str] | None = None) -> Taken:
    """Let eight clients ask one page without a pause; the first few answers of each are not timed."""

    def work(cookie: str) -> list[float]:
        client = Client(stack.port, cookie)
        return [client.ask(path, posted) for _ in range(WARM_UP + rounds)][WARM_UP:]

    before = cpu_seconds(stack)
    taken = together([partial(work, cookies[number % len(cookies)]) for number in range(CLIENTS)])
    return Taken(taken, (cpu_seconds(stack) - before) * 1000 / (CLIENTS * (WARM_UP + rounds)))


def cpu_seconds(stack: Stack) -> float:
    """Return the processor time that web and PostgreSQL have used so far."""
    ticks = 0
    for pid in (*stack.web_pids(), *stack.postgres_pids()):
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def statements(path: str, cookies: str, posted: dict[str, str] | None = None) -> int:
    """Return how many statements a page takes, asked in this process (transactions' begin and end not counted)."""
    from django.db import connection
    from django.test import Client as InProcess
    from django.test.utils import CaptureQueriesContext

    browser = InProcess(HTTP_HOST="localhost", HTTP_COOKIE=cookies)
    for name, _, value in (pair.strip().partition("=") for pair in cookies.split(";")):
        browser.cookies[name] = value
    for _ in range(2):  # the second time what is read once per process is there
        with CaptureQueriesContext(connection) as caught:
            answer = browser.get(path) if posted is None else browser.post(path, posted)
    if answer.status_code not in {200, 302}:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in caught.captured_queries)


# -- Log in -----------------------------------------------------------------------------------------------------------
def cookie_line(cookies: Any) -> str:
    """Return cookies as a browser sends them."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies.jar)


def staff_cookies(stack: Stack, usernames: Iterable[str]) -> list[str]:
    """Log in with password and code."""
    import httpx
    import pyotp

    from stadhuis.demo.town import staff

    lines = []
    for username in usernames:
        secret = next(one.totp_secret for one in staff.STAFF if one.username == username)
        with httpx.Client(base_url=stack.url, trust_env=False, timeout=60) as browser:
            browser.get("/werkplek/inloggen/")
            for path, posted in (
                ("/werkplek/inloggen/", {"gebruikersnaam": username, "wachtwoord": staff.PASSWORD}),
                ("/werkplek/inloggen/code/", {"code": pyotp.TOTP(secret).now()}),
            ):
                answer = browser.post(path, data={**posted, "csrfmiddlewaretoken": browser.cookies["csrftoken"]})
                if answer.status_code != 302:
                    raise RuntimeError(f"{username} cannot log in: {answer.status_code}")
            lines.append(cookie_line(browser.cookies))
    return lines


# -- Filling ----------------------------------------------------------------------------------------------------------
def copies(table: str, template: int, count: int, **columns: str) -> None:
    """Copy a row ``count`` times, with other values (SQL, ``n`` is the number of the copy) in some columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        names = [row[0] for row in cursor.fetchall() if row[0] != "id" or "id" in columns]
        values = ", ".join(columns.get(name, f"t.{name}") for name in names)
        overriding = "OVERRIDING SYSTEM VALUE" if "id" in columns else ""
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) {overriding} SELECT {values} FROM {table} t, generate_series(1, %s) n WHERE t.id = %s",
            [count, template],
        )


class Filler:
    """Fills the registers with copies of one real zaak, so that every column is as the deeds leave it."""

    def __init__(self) -> None:
        from stadhuis.demo.seeding import foundation

        foundation.hire()
        self.made = 0

    def template(self, bsn: str) -> int:
        """Make one zaak by the real deeds; returns its id."""
        from django.db import transaction

        from stadhuis.catalogi import public as catalogi
        from stadhuis.kit.time import today
        from stadhuis.people import public as people
        from stadhuis.people.public import SYSTEM
        from stadhuis.zaken import public as zaken
        from stadhuis.zaken.public import NewRol, NewZaak

        with transaction.atomic():
            zaaktype = catalogi.zaaktype("TOZO", on=today())
            rol = NewRol(
                omschrijving_generiek="initiator",
                betrokkene_type="natuurlijk_persoon",
                person_id=people.person_for_bsn(bsn),
                naam="Noor Verhagen",
                geboortedatum=None,
            )
            zaak = zaken.create_zaak(NewZaak(zaaktype_id=zaaktype.id, omschrijving="Aanvraag"), by=SYSTEM, rollen=[rol])
            zaken.add_status(zaak.id, zaaktype.statustypen[0].id, by=SYSTEM)
        return zaak.id

    def fill_to(self, count: int, template: int) -> None:
        """Bring the number of zaken to ``count``: all open, deadlines around today, every tenth with a handler."""
        from django.db import connection, transaction

        from stadhuis.demo.town import staff
        from stadhuis.people import public as people

        new = count - self.made
        handler = people.medewerker_by_username(staff.CLERK)
        assert handler is not None
        with transaction.atomic(), connection.cursor() as cursor:
            ids: dict[str, int] = {}
            for table in ("zaken_zaak", "zaken_status", "zaken_rol", "casework_workitem", "people_person"):
                cursor.execute(f"SELECT coalesce(max(id), 0) + 1000 FROM {table}")
                ids[table] = cursor.fetchone()[0]
            zaak, status, person = (f"{ids[name]} + n" for name in ("zaken_zaak", "zaken_status", "people_person"))
            cursor.execute(
                "SELECT s.id, r.id, w.id FROM zaken_status s, zaken_rol r, casework_workitem w"
                " WHERE s.zaak_id = %(z)s AND r.zaak_id = %(z)s AND w.zaak_id = %(z)s",
                {"z": template},
            )
            old_status, old_rol, old_work = cursor.fetchone()
            cursor.execute(
                f"INSERT INTO people_person (id, uuid) OVERRIDING SYSTEM VALUE SELECT {person}, gen_random_uuid() FROM generate_series(1, %s) n",
                [new],
            )
            cursor.execute(
                f"INSERT INTO people_personbsn (person_id, cipher, lookup) SELECT {person}, '\\x00'::bytea, sha256(({person})::text::bytea) FROM generate_series(1, %s) n",
                [new],
            )
            start = "CURRENT_DATE - (n %% 300)::int"
            copies(
                "zaken_zaak", template, new, id=zaak, uuid="gen_random_uuid()", status_id=status,
                identificatie=f"'BENCH-' || lpad(({self.made} + n)::text, 7, '0')", startdatum=start, registratiedatum=start,
            )  # fmt: skip
            copies("zaken_status", old_status, new, id=status, uuid="gen_random_uuid()", zaak_id=zaak)
            name = f"('{FIRST}'::text[])[1 + n %% 20] || ' ' || ('{LAST}'::text[])[1 + (n / 20) %% 25]"
            copies(
                "zaken_rol", old_rol, new, id=f"{ids['zaken_rol']} + n", uuid="gen_random_uuid()", zaak_id=zaak,
                person_id=person, naam=name, naam_zoek=f"lower({name})",
                geboortedatum="DATE '1930-01-01' + (n * 7919 %% 27000)::int",
            )  # fmt: skip
            copies(
                "casework_workitem", old_work, new, id=f"{ids['casework_workitem']} + n", zaak_id=zaak,
                deadline="CURRENT_DATE - 20 + (n %% 80)::int",
                handler_id=f"CASE WHEN n %% 10 = 0 THEN {handler.id} END",
            )  # fmt: skip
            for table in ids:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        self.made = count
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def give_cases(self, bsns: Sequence[str]) -> None:
        """Give each of these residents a hundred of the zaken, and one zaak a name and birth date that no other has."""
        from django.db import connection

        from stadhuis.people import public as people

        with connection.cursor() as cursor:
            for number, bsn in enumerate(bsns):
                cursor.execute(
                    "UPDATE zaken_rol SET person_id = %s WHERE id IN"
                    " (SELECT id FROM zaken_rol WHERE naam NOT LIKE 'Noor V%%' ORDER BY id LIMIT %s OFFSET %s)",
                    [people.person_for_bsn(bsn), OWN_CASES, number * OWN_CASES],
                )
            cursor.execute(
                "UPDATE zaken_rol SET naam = %s, naam_zoek = lower(%s), geboortedatum = %s WHERE id = (SELECT max(id) FROM zaken_rol)",
                [UNIQUE_NAME, UNIQUE_NAME, UNIQUE_BIRTH],
            )


def thick_zaak(zaak_identificatie: str) -> UUID:
    """Give a zaak that was applied for fifty documents and twenty statuses; returns its uuid."""
    from django.db import connection, transaction

    from stadhuis.catalogi import public as catalogi
    from stadhuis.demo.tests.visitor import a_pdf
    from stadhuis.documenten import public as documenten
    from stadhuis.documenten.public import NewDocument
    from stadhuis.kit import files
    from stadhuis.kit.time import today
    from stadhuis.people.public import SYSTEM
    from stadhuis.zaken import public as zaken

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, zaaktype_id, uuid FROM zaken_zaak WHERE identificatie = %s", [zaak_identificatie])
        zaak_id, zaaktype_id, uuid = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM zaken_zaakinformatieobject WHERE zaak_id = %s", [zaak_id])
        present = cursor.fetchone()[0]
    kind = catalogi.zaaktype_by_id(zaaktype_id).informatieobjecttypen[0].id
    contents = [a_pdf(f"document {number}") for number in range(DOCUMENTS - present)]
    stored = files.receive_many(contents, media_type="application/pdf")
    with transaction.atomic():
        for number, file in enumerate(stored):
            new = NewDocument(
                informatieobjecttype_id=kind, titel=f"Document {number}", auteur="Gemeente Oeverveen",
                bestandsnaam=f"document-{number}.pdf", formaat="application/pdf", file=file.uuid,
                ontvangstdatum=today(), creatiedatum=today(), tonen_aan_initiator=True,
            )  # fmt: skip
            zaken.link_document(zaak_id, documenten.create_document(new, by=SYSTEM).id, by=SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO zaken_status (uuid, zaak_id, statustype_id, datum_status_gezet, statustoelichting)
                   SELECT gen_random_uuid(), s.zaak_id, s.statustype_id, s.datum_status_gezet - n * interval '1 minute', ''
                     FROM zaken_status s, generate_series(1, %s) n WHERE s.zaak_id = %s""",
                [STATUSES - 1, zaak_id],
            )
    return UUID(str(uuid))


# -- Measuring --------------------------------------------------------------------------------------------------------
def submissions(stack: Stack, visitors: Sequence[Visitor], rounds: int) -> tuple[Taken, Taken, list[str]]:
    """Let all residents fill in and hand in, all pressing the last button at the same moment; the first round is not timed.

    Returns what a step save cost, what a submit cost, and the zaaknummers.
    """
    from stadhuis.demo.tests.visitor import zaaknummer_in
    from stadhuis.forms.tests.given import ANSWERS, STEPS

    steps: list[float] = []
    zaken: list[str] = []
    cpu: list[float] = []
    all_here = threading.Barrier(len(visitors), action=lambda: cpu.append(cpu_seconds(stack)))

    def work(visitor: Visitor) -> list[float]:
        taken = []
        for number in range(rounds + 1):
            draft = visitor.begin()
            all_here.wait(120)
            for step in STEPS[:-1]:
                started = time.perf_counter()
                visitor.fill_in(f"{draft}stap/{step}/", ANSWERS[step])
                if number:
                    steps.append((time.perf_counter() - started) * 1000)
            all_here.wait(120)
            visitor.add_files(f"{draft}stap/{STEPS[-1]}/", number, _FILES)
            visitor.fill_in(f"{draft}stap/{STEPS[-1]}/", {})
            all_here.wait(120)
            started = time.perf_counter()
            answer, again = visitor.ask("POST", f"{draft}overzicht/", data={"naarWaarheid": "ja"})
            took = (time.perf_counter() - started) * 1000
            all_here.wait(120)
            if answer.status_code != 302 or "controle" in answer.headers["location"] or again:
                raise RuntimeError(f"submit: {answer.status_code}")
            if number:
                taken.append(took)
            page, _ = visitor.ask("GET", answer.headers["location"])
            zaken.append(zaaknummer_in(page.text))
        return taken

    submits = together([partial(work, visitor) for visitor in visitors])
    of_steps = sum(cpu[at + 1] - cpu[at] for at in range(4, len(cpu), 4)) * 1000 / len(steps)
    of_submits = sum(cpu[at + 1] - cpu[at] for at in range(6, len(cpu), 4)) * 1000 / len(submits)
    return Taken(tuple(steps), of_steps), Taken(submits, of_submits), zaken


_FILES = (("bewijsInkomen", "omzet.pdf"), ("bewijsInkomen", "loonstrook.pdf"), ("bewijsBank", "bank.pdf"))


def memory(stack: Stack) -> list[tuple[str, int, float, float]]:
    """Return name, number of processes, PSS and RSS in MiB of each part."""
    parts = {
        "PostgreSQL with its backends": stack.postgres_pids(),
        "web (Granian and its request processes)": stack.web_pids(),
        "worker": [stack.worker.process.pid, *children(stack.worker.process.pid)] if stack.worker.process else [],
        "simulators (demo only)": [stack.simulators.process.pid] if stack.simulators.process else [],
    }
    lines = []
    for name, pids in parts.items():
        pss = rss = 0
        for pid in pids:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
            pss += sum(int(kib) for kib in re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE))
            rss += sum(int(kib) for kib in re.findall(r"^Rss:\s+(\d+)", text, re.MULTILINE))
        lines.append((name, len(pids), pss / 1024, rss / 1024))
    return lines


def machine() -> str:
    """Describe this machine and how busy it was before we began."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    ram = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    return (
        f"{os.cpu_count()} cores ({cpu[1].strip() if cpu else platform.machine()}), "
        f"{int(ram[1]) / 1024**2 if ram else 0:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load of others before the start {os.getloadavg()[0]:.1f}"
    )


def start(stack: Stack) -> list[tuple[str, float]]:
    """Start everything and return the seconds until each part was ready, counted from the start of web and worker."""
    taken = []
    started = time.perf_counter()
    for service in (stack.simulators, stack.web, stack.worker):
        stack.supervisor.keep(service)
        service.launch()
    for service in (stack.simulators, stack.web, stack.worker):
        service.wait_until_ready()
        taken.append((f"{service.name} ready", time.perf_counter() - started))
    return taken


def measure(stack: Stack, cases: Sequence[int], rounds: int) -> list[str]:
    """Return the lines of the report."""
    environment = machine()
    os.environ.update(stack.environment)
    import django

    django.setup()
    from stadhuis.demo.tests.visitor import Progress, Visitor

    started = time.perf_counter()
    stack.start_database()
    tables = time.perf_counter() - started
    filler = Filler()
    template = filler.template(BSNS[0])
    filler.fill_to(cases[0], template)
    filler.give_cases(BSNS)
    startup = [("PostgreSQL made and started, all migrations, catalogue and forms", tables), *start(stack)]
    time.sleep(8)
    at_rest = memory(stack)
    print("\n".join(f"{name}: {seconds:.1f} s" for name, seconds in startup), flush=True)
    print(
        "\n".join(f"{name}: {count}, PSS {pss:.0f}, RSS {rss:.0f} MiB" for name, count, pss, rss in at_rest), flush=True
    )
    figures: list[Figure] = []

    def add(name: str, taken: Taken, aim: float, counted: int | None) -> None:
        figures.append(Figure(name, taken.milliseconds, aim, counted, taken.cpu_ms))
        print(figures[-1].row(), flush=True)

    print(HEAD)
    visitors = [Visitor(bsn, stack.url, stack.outside_url, Progress()) for bsn in BSNS]
    for visitor in visitors:
        visitor.log_in()
    residents = [cookie_line(visitor.http.cookies) for visitor in visitors]
    add("portal home", pages(stack, residents, "/", rounds), PAGE_MS, statements("/", residents[0]))
    add(
        "'My cases' with 100 cases",
        pages(stack, residents, "/mijn/", rounds),
        PAGE_MS,
        statements("/mijn/", residents[0]),
    )
    steps, submits, numbers = submissions(stack, visitors, max(3, rounds // 3))
    step_count, submit_count = count_deeds(visitors[0], residents[0])
    add("step save (POST of one step)", steps, PAGE_MS, step_count)
    add("submit with 3 files, all 8 at the same moment", submits, SUBMIT_MS, submit_count)
    own = next(number for number in numbers if _is_of(number, BSNS[0]))
    zaak = thick_zaak(own)
    mine = f"/mijn/zaken/{zaak}/"
    add(
        "case page of the resident, 50 documents, 20 statuses",
        pages(stack, residents[:1], mine, rounds),
        PAGE_MS,
        statements(mine, residents[0]),
    )
    from stadhuis.demo.town import staff

    colleagues = staff_cookies(stack, (staff.CLERK, staff.SECOND_PERSON, staff.MANAGER))
    theirs = f"/werkplek/zaken/{zaak}/"
    add(
        "case page of the workplace, 50 documents, 20 statuses",
        pages(stack, colleagues, theirs, rounds),
        PAGE_MS,
        statements(theirs, colleagues[0]),
    )
    for count in cases:
        if count > filler.made:
            filler.fill_to(count, template)
        for view, said in (("mine", "my work"), ("unit", "my unit")):
            path = f"/werkplek/?lijst={view}"
            add(
                f"worklist '{said}' at {count:,} open cases",
                pages(stack, colleagues[:1], path, rounds),
                PAGE_MS,
                statements(path, colleagues[0]),
            )
    for name, words in (
        ("number", "BENCH-0000042"), ("a name of one", UNIQUE_NAME), ("a name of hundreds", "Anna Bos"),
        ("birth date", "31-12-1899"), ("BSN", BSNS[1]),
    ):  # fmt: skip
        add(
            f"search by {name} at {cases[-1]:,} cases",
            pages(stack, colleagues[:1], "/werkplek/zoeken/", rounds, {"q": words}),
            PAGE_MS,
            statements("/werkplek/zoeken/", colleagues[0], {"q": words}),
        )
    after_load = memory(stack)
    return report(environment, startup, at_rest, after_load, figures, cases)


def _is_of(number: str, bsn: str) -> bool:
    from django.db import connection

    from stadhuis.people import public as people

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM zaken_rol r JOIN zaken_zaak z ON z.id = r.zaak_id WHERE z.identificatie = %s AND r.person_id = %s",
            [number, people.person_for_bsn(bsn)],
        )
        return bool(cursor.fetchone()[0])


def count_deeds(visitor: Visitor, cookies: str) -> tuple[int, int]:
    """Return the statements of a step save and of a submit with three files."""
    from django.db import connection
    from django.test import Client as InProcess
    from django.test.utils import CaptureQueriesContext

    from stadhuis.forms.tests.given import ANSWERS, STEPS

    draft = visitor.begin()
    for step in STEPS[:-1]:
        visitor.fill_in(f"{draft}stap/{step}/", ANSWERS[step])
    visitor.add_files(f"{draft}stap/{STEPS[-1]}/", 9999, _FILES)
    browser = InProcess(HTTP_HOST="localhost")
    for name, _, value in (pair.strip().partition("=") for pair in cookies.split(";")):
        browser.cookies[name] = value
    browser.get(f"{draft}overzicht/")
    counts = []
    for path, posted in (
        (f"{draft}stap/{STEPS[1]}/", ANSWERS[STEPS[1]]),
        (f"{draft}overzicht/", {"naarWaarheid": "ja"}),
    ):
        with CaptureQueriesContext(connection) as caught:
            answer = browser.post(path, posted)
        if answer.status_code != 302:
            raise RuntimeError(f"{path}: {answer.status_code}")
        counts.append(sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in caught.captured_queries))
    return counts[0], counts[1]


def report(
    environment: str,
    startup: Sequence[tuple[str, float]],
    at_rest: Sequence[tuple[str, int, float, float]],
    after_load: Sequence[tuple[str, int, float, float]],
    figures: Sequence[Figure],
    cases: Sequence[int],
) -> list[str]:
    """Return the page."""
    without_simulators = sum(line[2] for line in at_rest if "demo only" not in line[0])
    loaded = {name: (pss, rss) for name, _, pss, rss in after_load}
    return [
        "# Benchmarks",
        "",
        "One run of `script/bench main_job --write`; the program's own docstring says how it measures. Figures of another machine",
        "or a busier moment differ; compare runs on one machine.",
        "",
        f"* When: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"* On: {environment}. Clients, simulators and PostgreSQL share it.",
        f"* Data: {' and then '.join(f'{count:,}' for count in cases)} open cases, all in one unit.",
        "* Load: 8 clients that keep their connection and ask without a pause; request to last byte, warm. CPU ms: web and PostgreSQL per request.",
        "",
        HEAD,
        *(figure.row() for figure in figures),
        "",
        "## At rest",
        "",
        "| part | processes | PSS MiB | RSS MiB | PSS after the load | RSS after the load |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {count} | {pss:.0f} | {rss:.0f} | {loaded[name][0]:.0f} | {loaded[name][1]:.0f} |"
            for name, count, pss, rss in at_rest
        ),
        f"| **together, without simulators** | | **{without_simulators:.0f}** (aim {REST_MIB}) | | | |",
        "",
        "## Start-up",
        "",
        "| what | seconds |",
        "|---|---:|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in startup),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Figures of the main job.")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000], help="sizes of the worklist")
    parser.add_argument("--rounds", type=int, default=40, help="requests per client and page")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as folder:
        # Eight clients ask as much as a town: the limits stay on, for what they cost, and are out of reach.
        limits = {"STADHUIS_RATE_PER_PERSON": "1000000", "STADHUIS_RATE_PER_ADDRESS": "1000000"}
        stack = Stack(Path(folder), stalled_seconds=60, web_workers=3, **limits)
        try:
            lines = measure(stack, sorted(given.cases), given.rounds)
        except Exception:
            print(stack.last_words())
            raise
        finally:
            stack.stop()
    print("\n" + "\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
