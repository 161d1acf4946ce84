"""``stadhuis rotate-keys``: rewrite what is encrypted or hashed with the former key."""

from __future__ import annotations

import argparse
import signal
import time
from types import FrameType

from stadhuis.commands.start import django_started, refuse

NAME = "rotate-keys"
HELP = "rewrite everything encrypted or hashed with STADHUIS_BSN_KEY_OTHER and STADHUIS_BSN_HASH_KEY_OTHER"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--check", action="store_true", help="only say whether something still uses the other keys")
    parser.add_argument("--batch", type=int, default=500, help="rows in one transaction (500)")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two batches (0)")


def run(given: argparse.Namespace) -> int:
    """Rewrite or count; 0 when the other keys may be removed, 1 with one sentence when not."""
    django_started()
    from stadhuis.kit import rotation

    if given.batch < 1 or given.pause < 0:
        return refuse("--batch is at least 1 and --pause not below 0.")
    if not given.check and not rotation.has_other_key():
        return refuse(
            "There is nothing to rotate: set the new keys, and the former ones as STADHUIS_BSN_KEY_OTHER and STADHUIS_BSN_HASH_KEY_OTHER."
        )
    is_told_to_stop = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_told_to_stop
        is_told_to_stop = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)

    def go_on() -> bool:
        if given.pause:
            time.sleep(given.pause)
        return not is_told_to_stop

    left = []
    for column in rotation.registered():
        if is_told_to_stop:
            return refuse("Stopped between two batches: start it again and it goes on.")
        found = rotation.count(column) if given.check else rotation.rotate(column, batch=given.batch, go_on=go_on)
        left.append(found)
        print(
            f"{found.name}: {found.rows} rows, {found.other} with the other key"
            + (f", {found.unreadable} that no key opens" if found.unreadable else "")
            + (f", {found.without_value} that wait for their next log-in" if found.without_value else "")
        )
    if is_told_to_stop:
        return refuse("Stopped between two batches: start it again and it goes on.")
    if unreadable := sum(found.unreadable for found in left):
        return refuse(
            f"{unreadable} values are opened by no key of the settings: a former key is missing. Remove none."
        )
    if other := sum(found.other for found in left):
        return refuse(f"{other} values still have the other key: it must stay.")
    if waiting := sum(found.without_value for found in left):
        return refuse(
            f"STADHUIS_BSN_KEY_OTHER may go. {waiting} accounts of eIDAS or eHerkenning can only be hashed anew at their next log-in: without STADHUIS_BSN_HASH_KEY_OTHER they would begin as strangers."
        )
    print("Nothing uses the other keys any more: they may be removed.")
    return 0
