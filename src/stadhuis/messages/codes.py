"""The code that goes to an address. It is kept nowhere: whoever reads the tables cannot confirm an address with them."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from stadhuis.messages.models import MailAddress

DIGITS = 6


def code_of(row: MailAddress) -> str:
    """Return the code of the present round: six digits."""
    digest = salted_hmac("stadhuis.messages.code", f"{row.uuid}:{row.code_round}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
