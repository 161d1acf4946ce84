"""The rehearsal: back up a seeded town while people apply, lose everything, restore, compare, log in and read a decision.

Source: BIO2 8.13 (a backup that was never restored is none).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stadhuis.demo.tests.stack import Stack
from stadhuis.demo.tests.visitor import NotUnderstood, Progress, Visitor

pytestmark = pytest.mark.slow
APPLICANTS = ("999990184", "999990391")
_DECIDED = """
import django; django.setup()
import json
from stadhuis.messages.models import Message
from stadhuis.people import public as people
letter = Message.objects.filter(person__isnull=False, kind="besluit").order_by("pk").first()
print(json.dumps({"bsn": people.bsn_of(letter.person_id), "uuid": str(letter.uuid)}))
"""


@pytest.fixture
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="stadhuis-rehearsal-") as folder:
        running = Stack(Path(folder), web_workers=1)
        running.environment["STADHUIS_BACKUP_DIR"] = str(running.folder / "backups")
        running.environment["STADHUIS_PRACTICE_DATE"] = "2021-05-17"
        try:
            running.start_empty_database()
            running.run("-m", "stadhuis", "seed-demo")
            made = running.run("-m", "stadhuis", "backup", "--new-identity", str(running.folder / "identity"))
            running.environment["STADHUIS_BACKUP_RECIPIENT"] = made.strip().splitlines()[-1]
            yield running
        finally:
            running.stop()


def _tables(stack: Stack) -> dict[str, str]:
    with psycopg.connect(stack.postgres.url()) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found = {}
        for (name,) in names:
            row = connection.execute(
                f"SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t".encode()
            ).fetchone()
            found[str(name)] = str(row[0]) if row else ""
    return found


def _files(stack: Stack) -> dict[str, str]:
    places = (stack.data / "files").glob("*/*/*")
    return {place.name: hashlib.sha256(place.read_bytes()).hexdigest() for place in places}


def _empty(stack: Stack) -> None:
    """Lose the tables and the files, as with the machine."""
    with psycopg.connect(stack.postgres.url(), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    for place in (stack.data / "files").glob("*/*/*"):
        place.unlink()


def _rows(stack: Stack, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(stack.postgres.url()) as connection:
        return connection.execute(question.encode()).fetchall()


def test_what_was_backed_up_while_people_applied_comes_back_whole_and_a_resident_reads_his_decision(
    stack: Stack,
) -> None:
    identity = str(stack.folder / "identity")
    # given: people who apply all the while
    stack.start_services()
    progress, is_enough, numbers = Progress(), threading.Event(), iter(range(1, 1000))
    turn = threading.Lock()

    def apply(bsn: str) -> None:
        visitor = Visitor(bsn, stack.url, stack.outside_url, progress)
        try:
            visitor.log_in()
            while not is_enough.is_set():
                with turn:
                    number = next(numbers)
                told = visitor.apply(number)
                with progress.lock:
                    progress.told.append(told)
        except NotUnderstood as error:
            progress.wrong.append(str(error))

    visitors = [threading.Thread(target=apply, args=(bsn,)) for bsn in APPLICANTS]
    for visitor in visitors:
        visitor.start()
    while not progress.told and not progress.wrong:
        is_enough.wait(0.1)
    told_before = [told.number for told in progress.told]
    # when: a backup in the middle of it
    said = stack.run("-m", "stadhuis", "backup")
    told_during = len(progress.told) - len(told_before)
    is_enough.set()
    for visitor in visitors:
        visitor.join()
    assert progress.wrong == []
    assert told_before
    assert "files" in said
    print(f"{told_during} applications were handed in while the backup ran")
    # and a second one, of a town in which nothing moves
    for service in (stack.worker, stack.web, stack.simulators):
        service.stop()
    stack.run("-m", "stadhuis", "backup", "--no-prune")
    tables, files = _tables(stack), _files(stack)
    first = sorted(place.name for place in (stack.folder / "backups").glob("20*"))[0]
    # then: the first is one moment: whoever had a receipt is in it, and every file that a row names
    _empty(stack)
    stack.run("-m", "stadhuis", "restore", "--identity", identity, "--backup", first, "--force")
    receipts = {row[0] for row in _rows(stack, "SELECT number FROM town_messages_receipt")}
    assert set(told_before) <= receipts
    kept = {str(row[0]): row[1] for row in _rows(stack, "SELECT uuid, sha256 FROM kit_storedfile WHERE state = 'kept'")}
    on_disk = _files(stack)
    assert {file: on_disk.get(file) for file in kept} == kept
    named = {str(row[0]) for row in _rows(stack, "SELECT file_id FROM documenten_document WHERE file_id IS NOT NULL")}
    assert named <= set(kept)
    # and the second is exactly what was there
    _empty(stack)
    stack.run("-m", "stadhuis", "restore", "--identity", identity, "--force")
    after = _tables(stack)
    assert {name for name in tables if after.get(name) != tables[name]} <= {"town_messages_outboundmail"}
    assert _files(stack).items() <= files.items()
    arrived = {
        str(row[0]) for row in _rows(stack, "SELECT uuid FROM kit_storedfile WHERE state IN ('arrived', 'kept')")
    }
    assert set(_files(stack)) == arrived
    # and a resident reads the decision on his case
    decided = json.loads(stack.run("-c", _DECIDED).strip().splitlines()[-1])
    for service in (stack.simulators, stack.web):
        service.start()
    resident = Visitor(decided["bsn"], stack.url, stack.outside_url, Progress())
    resident.log_in()
    page, _ = resident.ask("GET", f"/mijn/berichten/{decided['uuid']}/")
    pdf, _ = resident.ask("GET", f"/mijn/berichten/{decided['uuid']}/pdf/")
    assert page.status_code == 200
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert hashlib.sha256(pdf.content).hexdigest() in kept.values()
