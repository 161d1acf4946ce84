"""``stadhuis import-catalogus``: takes in a catalogue from a zip, our own or that of another system; all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from stadhuis.commands.start import django_started, refuse

NAME = "import-catalogus"
HELP = "take in a catalogue from a zip; twice changes nothing"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, help="the zip, with one JSON file per kind of resource")
    parser.add_argument(
        "--publish",
        action="store_true",
        help="publish what was published where it comes from; otherwise all is a concept",
    )


def run(given: argparse.Namespace) -> int:
    """Take it in; 1 with what is wrong when nothing was taken in."""
    django_started()
    from django.utils import translation

    from stadhuis.catalogi import public as catalogi
    from stadhuis.people.public import SYSTEM

    with translation.override("en"):
        try:
            with given.file.open("rb") as file:
                objects = catalogi.read_export(file)
            placed = catalogi.place_types(objects, by=SYSTEM, publish=given.publish, reason="import-catalogus")
        except OSError as error:
            return refuse(f"{given.file} cannot be read: {error.strerror}.")
        except catalogi.ExchangeInvalid as error:
            return refuse(f"{given.file}: {error}")
        except catalogi.PlacingRefused as error:
            more = f"\n... and {error.count - len(error.faults)} more" if error.count > len(error.faults) else ""
            return refuse("Nothing was taken in:\n" + "\n".join(error.faults) + more)
    print(f"{placed.new} new, {placed.changed} changed, {placed.same} the same, {placed.published} published")
    for note in placed.notes:
        print(note)
    return 0
