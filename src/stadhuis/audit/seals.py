"""Seals in a file, to be kept where whoever can change the database cannot come. One line per seal: number, link, moment."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from stadhuis.audit.reads import SealRecord

_LINE = re.compile(r"([1-9][0-9]{0,18}) ([0-9a-f]{64})(?: \S+)?")


class SealsUnreadable(ValueError):
    """The file does not hold seals; the message names the line."""


def write_seals(place: Path, seals: Sequence[SealRecord]) -> None:
    """Write seals to a file: the new file takes the place of the old one at once, or not at all. Raises ``OSError``."""
    fresh = place.with_name(place.name + ".new")
    with fresh.open("w", encoding="ascii") as file:
        file.writelines(f"{one.last_number} {one.link.hex()} {one.sealed_at.isoformat()}\n" for one in seals)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)


def read_seals(place: Path) -> dict[int, bytes]:
    """Return last line -> link of a file that ``write_seals`` made. Raises ``SealsUnreadable`` and ``OSError``."""
    kept: dict[int, bytes] = {}
    text = place.read_bytes().decode("ascii", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise SealsUnreadable(f"line {number} of {place} is not a seal")
        kept[int(found[1])] = bytes.fromhex(found[2])
    if not kept:
        raise SealsUnreadable(f"{place} holds no seals")
    return kept
