"""What every command begins with."""

from __future__ import annotations

import signal
import sys
from threading import Event
from types import FrameType

from stadhuis.kit.starting import start_django

ENDED = 143
"""Exit code of what SIGTERM ended."""


def django_started() -> None:
    """Start Django with the settings of the environment; raises ``SettingsError`` with everything that is wrong."""
    from stadhuis import settings  # noqa: F401  (reports faults as one)

    start_django()
    from django.db import connection

    # One thread needs one connection: a pool opens others, and a restore would find itself in company.
    connection.settings_dict["OPTIONS"]["pool"] = False


def ended_by_sigterm() -> Event:
    """Let SIGTERM end the command the ordinary way, so that what is half done is cleaned up.

    Returns what tells afterwards that it was so: a library in between may make another error of it.
    """
    told = Event()

    def end(number: int, frame: FrameType | None) -> None:
        told.set()
        sys.exit(ENDED)

    signal.signal(signal.SIGTERM, end)
    return told


def refuse(sentence: str) -> int:
    """Say why not, on standard error, and return the exit code."""
    print(sentence, file=sys.stderr)
    return 1
