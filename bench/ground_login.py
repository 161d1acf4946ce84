"""Log-in under load at a town hall of its own, and the memory of its processes; ``bench/ground`` runs this in a process of its own.

    python -m bench.ground_login [--rounds 40]

Staff log in with password and code (two pages asked, two sent); residents over the DigiD simulator, of which only the two
requests at the town hall count. Eight at once, each time a new browser. Prints JSON on its last line.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from stadhuis.demo.tests.stack import Stack

PASSWORD = "een-lang-wachtwoord-van-de-proef-1"
Found = list[tuple[str, str, float, float | None]]


def hire(count: int) -> list[tuple[str, str]]:
    """Add members of staff who have a password and a code; returns their user names and secrets."""
    import pyotp
    from django.db import connection

    from stadhuis.people import public as people

    unit = people.create_unit("proef", "Proef")
    made = []
    for number in range(count):
        username, secret = f"proef{number}", pyotp.random_base32()
        people.create_medewerker(username, f"Proef {number}", f"{username}@town.example", unit, "x", PASSWORD, secret)
        made.append((username, secret))
    connection.close()
    return made


def log_ins(stack: Stack, rounds: int) -> Found:
    """Return (who, which figure, milliseconds, aim) of all log-ins."""
    from bench.ground import CLIENTS, LOGIN_MS, p95
    from bench.main_job import BSNS, together

    def staff(chunk: list[tuple[str, str]], parts: dict[str, list[float]]) -> list[float]:
        import httpx
        import pyotp

        taken = []
        for username, secret in chunk:
            with httpx.Client(base_url=stack.url, trust_env=False, timeout=60) as browser:
                started = time.perf_counter()
                browser.get("/werkplek/inloggen/")
                for name, path, posted in (
                    ("password", "/werkplek/inloggen/", {"gebruikersnaam": username, "wachtwoord": PASSWORD}),
                    ("code", "/werkplek/inloggen/code/", {"code": pyotp.TOTP(secret).now()}),
                ):
                    asked = time.perf_counter()
                    answer = browser.post(path, data={**posted, "csrfmiddlewaretoken": browser.cookies["csrftoken"]})
                    parts[name].append((time.perf_counter() - asked) * 1000)
                    if answer.status_code != 302:
                        raise RuntimeError(f"{path}: {answer.status_code}")
                taken.append((time.perf_counter() - started) * 1000)
        return taken

    def resident(bsn: str) -> list[float]:
        from stadhuis.demo.tests.visitor import Progress, Visitor

        taken = []
        for _ in range(max(2, rounds // 4)):
            visitor = Visitor(bsn, stack.url, stack.outside_url, Progress())
            started = time.perf_counter()
            answer, _ = visitor.ask("GET", "/inloggen/digid/", params={"next": "/mijn-zaken/"})
            took = time.perf_counter() - started
            back = visitor._at_the_provider(answer.headers["location"])
            started = time.perf_counter()
            answer, _ = visitor.ask("GET", back)
            took += time.perf_counter() - started
            if answer.status_code != 302 or urlsplit(answer.headers["location"]).path != "/mijn-zaken/":
                raise RuntimeError(f"no log-in: {answer.status_code}")
            visitor.http.close()
            taken.append(took * 1000)
        return taken

    per_client = max(2, rounds // 4)
    people = hire(CLIENTS * per_client)
    parts: dict[str, list[float]] = {"password": [], "code": []}
    whole = list(together([partial(staff, people[number::CLIENTS], parts) for number in range(CLIENTS)]))
    residents = list(together([partial(resident, bsn) for bsn in BSNS]))
    found: Found = []
    for who, taken, aim in (
        ("staff, sending the password", parts["password"], LOGIN_MS),
        ("staff, sending the code", parts["code"], LOGIN_MS),
        ("staff, all three requests", whole, None),
        ("resident with DigiD, both requests", residents, LOGIN_MS),
    ):
        found += [(who, "p50", statistics.median(taken), None), (who, "p95", p95(taken), aim)]
    return found


def main() -> int:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description="Log-in and memory.")
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    from bench.ground import processes

    found = processes(given.rounds)
    print(json.dumps({part: [vars(one) for one in figures] for part, figures in found.items()}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
