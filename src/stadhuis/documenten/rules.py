"""Decisions about documents: values in, answer out."""

from __future__ import annotations

from datetime import date

from stadhuis.documenten.errors import ReceivedIsNotBeingWritten


def check_received(status: str, ontvangstdatum: date | None) -> None:
    """Refuse a received document that is still being written. Source: drc-005."""
    if ontvangstdatum is not None and status in {"in_bewerking", "ter_vaststelling"}:
        raise ReceivedIsNotBeingWritten


def plain_name(bestandsnaam: str) -> str:
    """Return a file name fit for a header: no path, no control characters, at most 255 characters."""
    name = bestandsnaam.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in name if character.isprintable())[:255].strip()
