"""``stadhuis pull-zgw``: take over what another ZGW provider holds, over its APIs, while it stays in use."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stadhuis.commands.start import django_started, ended_by_sigterm, refuse

NAME = "pull-zgw"
HELP = "take over catalogue, zaken, documents, decisions and applications from another ZGW provider"
SHOWN = 50
"""So many objects of a list are named at most."""
NOT_WHOLE = 3
"""Exit code of a run that came to its end without everything."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--source", required=True, metavar="NAME", help="name of the source, the same every time")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="TOML that describes it (sources/NAME.toml in the data folder)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--report", action="store_true", help="take over nothing, compare everything; 1 when something differs"
    )
    what.add_argument("--dry-run", action="store_true", help="take over nothing, only say what would be new or renewed")


def run(given: argparse.Namespace) -> int:
    """Take over, or compare. 0: everything is here; 3: the end was reached and something is not; 1: it stopped, start it again."""
    django_started()
    from django.conf import settings

    from stadhuis.takeover import public as takeover

    ended_by_sigterm()
    file = given.settings or Path(settings.DATA_DIR) / "sources" / f"{given.source}.toml"
    tell = _teller()
    try:
        source = takeover.read_settings(given.source, file)
        if given.report:
            found = takeover.compare(source, tell=tell)
            print(takeover.in_words(found, most=SHOWN))
            return 0 if all(one.is_equal for one in found.values()) else 1
        if given.dry_run:
            print(f"{'':32}{'there':>9}{'new':>9}{'renewed':>9}")
            for kind, (read, new, changed) in takeover.try_out(source, tell=tell).items():
                print(f"{kind:32}{read:>9}{new:>9}{changed:>9}")
            return 0
        outcome = takeover.pull(source, tell=tell)
    except takeover.TakeoverError as error:
        return refuse(str(error))
    print(f"Run {outcome.run} of {given.source} came to its end.")
    print(f"{'':32}{'read':>9}{'new':>9}{'renewed':>9}")
    for kind, (read, new, changed) in outcome.read.items():
        print(f"{kind:32}{read:>9}{new:>9}{changed:>9}")
    for kind, problem in outcome.problems.items():
        print(f"not read: {kind}: {problem}")
    for kind, urls in outcome.gone.items():
        _shown([f"no longer there, still here: {kind}: {url}" for url in urls])
    _shown([f"not or not whole here: {kind}: {url}: {reason}" for kind, url, reason in outcome.troubles])
    return 0 if outcome.is_whole else NOT_WHOLE


def _shown(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        print(line)
    if len(lines) > SHOWN:
        print(f"... and {len(lines) - SHOWN} more")


def _teller() -> Callable[[str], None]:
    """Return what shows progress on standard error: at most one line a second."""
    last = 0.0

    def tell(sentence: str) -> None:
        nonlocal last
        if time.monotonic() - last >= 1 or " again" in sentence or "not read" in sentence:
            last = time.monotonic()
            print(sentence, file=sys.stderr, flush=True)

    return tell
