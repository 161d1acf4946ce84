"""The code that goes to an address. It is kept nowhere: whoever reads the tables cannot confirm an address with them."""

from __future__ import annotations

from stadhuis.kit.crypto import derived
from stadhuis.messages.models import MailAddress

DIGITS = 6


def code_of(row: MailAddress) -> str:
    """Return the code of the present round: six digits."""
    return codes_of(row)[0]


def codes_of(row: MailAddress) -> list[str]:
    """Return the code of the present round, and what it was by each former secret key: a code may be on its way."""
    return [
        f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
        for digest in derived("stadhuis.messages.code", f"{row.uuid}:{row.code_round}")
    ]
