"""The front door of commands: all of them, by name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol, cast

from stadhuis.commands import (
    api_secret,
    backup,
    export_catalogus,
    import_catalogus,
    import_selectielijst,
    pull_zgw,
    restore,
    rotate_keys,
)


class Command(Protocol):
    """A command: its name, how its arguments are added, and what it does (returns the exit code)."""

    NAME: str
    add_to: Callable[[argparse.ArgumentParser], None]
    HELP: str
    run: Callable[[argparse.Namespace], int]


COMMANDS: dict[str, Command] = {
    module.NAME: cast(Command, module)
    for module in (
        backup,
        restore,
        rotate_keys,
        api_secret,
        import_selectielijst,
        export_catalogus,
        import_catalogus,
        pull_zgw,
    )
}
