"""200 applications while web, worker and PostgreSQL are killed again and again: afterwards everything adds up.

Source: DESIGN, promise 3 (a submission and its case are one transaction; kill any process anywhere).
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

from stadhuis.demo.tests.stack import STALLED_SECONDS, Stack, as_json
from stadhuis.demo.tests.visitor import FILES, Progress, Visitor
from stadhuis.kit.supervise import ProcessService, Service

pytestmark = pytest.mark.slow

SEED = 20210517
SUBMISSIONS = 200
KILLS_EACH = 16
REQUESTS_EACH = 14
"""What one application takes at least: the kills are spread over so many answers."""
BSNS = ("999990184", "999990391", "999991012", "999991231", "999991437", "999996241")
"""Adult residents of the demo town, each at a browser of his own."""


@dataclass(frozen=True)
class Kill:
    """Who is killed when so many requests were answered, and how."""

    at: int
    target: str
    how: str
    delay_seconds: float


def plan(chance: random.Random) -> list[Kill]:
    """Return the kills in the order of their moments: the same for everybody."""
    ways = {
        "web": ("all", "all", "first", "one"),
        "worker": ("any moment", "a mail"),
        "postgres": ("all", "first", "one"),
    }
    requests = SUBMISSIONS * REQUESTS_EACH
    kills = [
        Kill(chance.randint(requests // 50, requests * 9 // 10), target, how[number % len(how)], chance.random() * 0.04)
        for target, how in ways.items()
        for number in range(KILLS_EACH)
    ]
    return sorted(kills, key=lambda kill: kill.at)


@pytest.fixture
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="stadhuis-kill-") as folder:
        running = Stack(Path(folder))
        try:
            running.start_database()
            running.start_services()
            yield running
        finally:
            running.stop()


def _visit(visitor: Visitor, numbers: Iterator[int], turn: threading.Lock) -> None:
    try:
        visitor.log_in()
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            told = visitor.apply(number)
            with visitor.progress.lock:
                visitor.progress.told.append(told)
    except Exception as error:  # noqa: BLE001  (the test says what went wrong, in its own thread)
        visitor.progress.wrong.append(f"{visitor.bsn[-3:]}: {type(error).__name__}: {error}")


def _do(kill: Kill, stack: Stack, chance: random.Random) -> None:
    """Wait until the victim is at work, then kill it."""
    victim: Service = {"web": stack.web, "worker": stack.worker, "postgres": stack.postgres}[kill.target]  # type: ignore[assignment]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        stack.supervisor.look_after()
        if victim.is_running() and (
            not isinstance(victim, ProcessService) or victim.is_ready is None or victim.is_ready()
        ):
            break
        time.sleep(0.05)
    if kill.how == "a mail":
        # The moment between the mail server's 250 and the row that says 'sent'.
        before = stack.mail_folder.stat().st_mtime_ns
        end = time.monotonic() + 3
        while stack.mail_folder.stat().st_mtime_ns == before and time.monotonic() < end:
            time.sleep(0.0005)
    else:
        time.sleep(kill.delay_seconds)
    if kill.target == "web":
        stack.kill_web(kill.how, chance)
    elif kill.target == "postgres":
        stack.kill_postgres(kill.how, chance)
    else:
        stack.kill_worker()


def _received(stack: Stack) -> Counter[str]:
    """Return how often each Message-ID arrived at the mail server."""
    return Counter(
        str(message_from_bytes(path.read_bytes())["Message-ID"]).strip("<>").partition("@")[0]
        for path in stack.mail_folder.glob("*.eml")
    )


def test_when_everything_is_killed_again_and_again_then_nothing_is_lost_doubled_or_left_over(stack: Stack) -> None:
    # given
    chance = random.Random(SEED)
    progress = Progress()
    numbers, turn = iter(range(1, SUBMISSIONS + 1)), threading.Lock()
    threads = [
        threading.Thread(
            target=_visit,
            args=(Visitor(bsn, stack.url, stack.outside_url, progress), numbers, turn),
            name=f"resident {bsn[-3:]}",
        )
        for bsn in BSNS
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()

    def at_work() -> bool:
        return any(thread.is_alive() for thread in threads)

    def wrong() -> str:
        return f"{progress.wrong}\n{stack.last_words()}"

    # when
    done: Counter[str] = Counter()
    for kill in plan(chance):
        while progress.answered < kill.at and at_work():
            stack.supervisor.look_after()
            time.sleep(0.01)
        assert not progress.wrong, wrong()
        _do(kill, stack, chance)
        done[f"{kill.target} ({kill.how})"] += 1
    while at_work():
        stack.supervisor.look_after()
        time.sleep(0.05)
    applied = time.monotonic() - started
    end = time.monotonic() + 30
    while stack.status("/readyz") != 200 and time.monotonic() < end:
        stack.supervisor.look_after()
        time.sleep(0.1)
    time.sleep(STALLED_SECONDS + 1)  # until the last killed worker counts as dead
    found = as_json(stack.run("-m", "stadhuis.demo.tests.examine"))
    received = _received(stack)
    mails: dict[str, str] = found.pop("mails")
    receipts: dict[str, str] = found.pop("receipt numbers")
    zaken: list[str] = found.pop("zaak numbers")
    summary = {
        "killed": dict(done),
        "restarted by the supervisor": len(stack.said),
        "applications": f"{len(progress.told)} in {applied:.0f} s, {progress.answered} answers",
        "pressed again": progress.pressed_again,
        "mails": dict(Counter(mails.values())),
        "unknown mails that did arrive": sum(received[uuid] for uuid, state in mails.items() if state == "unknown"),
        **found,
    }
    print(json.dumps(summary, indent=1))
    # then
    assert not progress.wrong, wrong()
    assert all(sum(done[name] for name in done if name.startswith(who)) >= 15 for who in ("web", "worker", "postgres"))
    assert len(progress.told) == SUBMISSIONS
    assert found["zaken"] == found["submissions"] == found["receipts"] == SUBMISSIONS
    assert receipts == {told.number: told.zaak for told in progress.told}
    assert sorted(zaken) == sorted(told.zaak for told in progress.told)
    assert all(len(told.files) == len(FILES) for told in progress.told)
    assert found["open drafts"] == 0
    assert found["submissions without exactly one zaak, receipt, work item, summary, first status"] == 0
    assert found["documents"] == SUBMISSIONS * (len(FILES) + 1)
    assert found["documents whose file is not the one that was kept"] == 0
    assert found["kept files nobody refers to"] == found["files that are not kept"] == 0
    assert found["files without a row"] == found["kept rows without a file"] == found["files with wrong bytes"] == []
    assert [path.name for path in stack.scratch.iterdir() if "upload" in path.name] == []
    assert found["jobs not ended"] == []
    assert len(mails) == SUBMISSIONS
    assert found["mails per zaak"] == 1
    assert set(mails.values()) <= {"sent", "unknown"}
    assert all(received[uuid] == 1 for uuid, state in mails.items() if state == "sent")
    assert all(received[uuid] <= 1 for uuid in mails)
    assert set(received) <= set(mails)
