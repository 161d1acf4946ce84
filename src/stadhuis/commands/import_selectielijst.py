"""``stadhuis import-selectielijst``: takes in the selectielijst and referentielijsten from files, all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from stadhuis.commands.start import django_started, refuse

NAME = "import-selectielijst"
HELP = "take in the selectielijst and referentielijsten from JSON files; twice changes nothing"
LARGEST = 50 * 1024 * 1024


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE",
        help="procestypen, resultaten, resultaattypeomschrijvingen or communicatiekanalen, as VNG's API gives them",
    )  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Take them in; 1 with what is wrong when nothing was taken in."""
    django_started()
    from stadhuis.catalogi import public as catalogi
    from stadhuis.kit.api.reader import MalformedBody, read_json

    contents: dict[str, object] = {}
    for path in given.files:
        try:
            if path.stat().st_size > LARGEST:
                return refuse(f"{path} is larger than {LARGEST // 1024 // 1024} MB: that is no selectielijst.")
            contents[str(path)] = read_json(path.read_bytes())
        except OSError as error:
            return refuse(f"{path} cannot be read: {error.strerror}.")
        except MalformedBody as error:
            return refuse(f"{path} cannot be read: {error}")
    try:
        taken = catalogi.import_selectielijst(contents)
    except catalogi.ListInvalid as error:
        more = f"\n... and {error.count - len(error.faults)} more" if error.count > len(error.faults) else ""
        return refuse("Nothing was taken in:\n" + "\n".join(error.faults) + more)
    for one in taken:
        print(f"{one.name}: {one.new} new, {one.changed} changed, {one.same} the same")
    return 0
