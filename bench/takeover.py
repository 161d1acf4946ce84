"""Taking over a whole town from a second Stadhuis, broken off three times: how long, how much memory, and whether it ends equal.

    DATABASE_URL=postgresql://.../postgres python bench/takeover.py [--zaken 10000]

Makes two databases on the server that DATABASE_URL names, fills one with zaken (each with a document, two of three a status more,
a rol, objects; a quarter with a decision), serves it, and takes it over into the other with ``stadhuis pull-zgw``. Both databases
are thrown away. Source and target share the machine: the time is that of both.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
KILLS = 3


def main() -> None:
    """Run it and print a table."""
    from stadhuis.takeover.tests.halls import Hall, write_source
    from stadhuis.takeover.tests.town import APPLICATION, SECRET

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zaken", type=int, default=10_000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-takeover-"))
    there = Hall(folder / "there", os.environ["DATABASE_URL"])
    here = Hall(
        folder / "here", os.environ["DATABASE_URL"], template=there.name,
        STADHUIS_API_ALLOWED_HOSTS=f"localhost:{there.port}",
    )  # fmt: skip
    try:
        _say(f"filling {given.zaken} zaken")
        started = time.monotonic()
        there.run("stadhuis.takeover.tests.town", "--zaken", str(given.zaken))
        _say(f"filled in {time.monotonic() - started:.0f} s")
        there.serve()
        roots = {api: f"{there.url}/{api}/api/v1" for api in ("catalogi", "documenten", "zaken", "besluiten")}
        write_source(folder / "here", "bron", APPLICATION, SECRET, roots)
        seconds, megabytes = _pull(here, kills=KILLS, every=given.zaken * 2)
        objects = here.ask("SELECT count(*) FROM takeover_taken")
        again, _ = _pull(here, kills=0, every=0)
        _say(f"| objects | {objects} |")
        _say(f"| taken over, broken off {KILLS} times | {seconds:.0f} s, {objects / seconds:.0f} a second |")
        _say(f"| a second run without changes | {again:.0f} s |")
        _say(f"| peak memory of the command | {megabytes:.0f} MB |")
        _say(f"| ends equal | {'yes' if there.shown() == here.shown() else 'NO'} |")
    finally:
        there.remove()
        here.remove()


def _pull(hall: object, *, kills: int, every: int) -> tuple[float, float]:
    """Run the command to its end, killing it after so many more objects each time; returns seconds and peak megabytes."""
    from stadhuis.takeover.tests.halls import Hall

    if not isinstance(hall, Hall):
        raise TypeError("a hall")
    started, peak = time.monotonic(), 0.0
    for number in range(kills + 1):
        before = hall.ask("SELECT count(*) FROM takeover_taken")
        process = hall.start("stadhuis", "pull-zgw", "--source", "bron", quiet=True)
        while process.poll() is None:
            peak = max(peak, _megabytes(process.pid))
            if number < kills and hall.ask("SELECT count(*) FROM takeover_taken") - before > every:
                process.kill()
            time.sleep(0.5)
        process.wait()
        if number == kills and process.returncode != 0:
            left = hall.ask(
                "SELECT string_agg(line, chr(10)) FROM (SELECT concat_ws(': ', count(*), kind, reason) AS line"
                " FROM takeover_trouble GROUP BY kind, reason ORDER BY count(*) DESC LIMIT 20) lines"
            )
            raise RuntimeError(f"the command ended with {process.returncode}; what could not come:\n{left}")
    return time.monotonic() - started, peak


def _megabytes(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
