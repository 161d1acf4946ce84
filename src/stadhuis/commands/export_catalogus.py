"""``stadhuis export-catalogus``: a catalogue with all versions of everything in it, as a zip that other systems read too."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from stadhuis.commands.start import django_started, refuse

NAME = "export-catalogus"
HELP = "write a catalogue to a zip with one JSON file per kind of resource"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("domein", help="domein of the catalogue")
    parser.add_argument(
        "file", type=Path, help="the zip to write; one that is there is replaced when the new one is whole"
    )


def run(given: argparse.Namespace) -> int:
    """Write it; 1 with one sentence when that cannot be."""
    django_started()
    from stadhuis.catalogi import public as catalogi

    try:
        content = catalogi.export_catalogus(catalogi.catalogus(given.domein).uuid)
    except catalogi.TypeNotFound:
        return refuse(f"There is no catalogue with the domein {given.domein}.")
    half = given.file.with_name(f".{given.file.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(given.file)
    except OSError as error:
        half.unlink(missing_ok=True)
        return refuse(f"{given.file} cannot be written: {error.strerror}.")
    print(f"{given.file}: {len(content)} bytes")
    return 0
