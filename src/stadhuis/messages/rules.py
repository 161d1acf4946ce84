"""What a code is worth and what a bounce means; values only."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

CODE_VALID: Final = timedelta(hours=24)
BETWEEN_CODES: Final = timedelta(seconds=60)
CODES_PER_DAY: Final = 5
"""To one address, whoever asks: nobody is pestered by typing his address here."""
CODES_PER_DAY_OF_ONE: Final = 10
"""That one person or company asks for on the page of addresses."""
WRONG_TRIES: Final = 5
ADDRESSES: Final = 5
"""That one person or company keeps."""
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_NOT_THE_ADDRESS: Final = ("5.2.2", "5.2.3", "5.2.4", "5.3.", "5.4.", "5.6.", "5.7.")


def is_code_alive(sent_at: datetime | None, wrong_tries: int, moment: datetime) -> bool:
    """Say whether a code may still be given: for a day, and five times."""
    return sent_at is not None and moment - sent_at < CODE_VALID and wrong_tries < WRONG_TRIES


def may_send_code(latest: datetime | None, of_the_day: int, moment: datetime) -> bool:
    """Say whether another code may go to an address."""
    return of_the_day < CODES_PER_DAY and (latest is None or moment - latest >= BETWEEN_CODES)


def plain_code(typed: str) -> str:
    """Return what was typed as a code, without the spaces and dashes people put in."""
    return re.sub(r"[\s-]", "", typed)


def is_about_the_address(status: str) -> bool:
    """Say whether a permanent failure means that nothing will ever arrive at this address.

    A full box, a refusal of our text or of us, or a fault on the way says nothing about the address. Source: RFC 3463.
    """
    return bool(_STATUS.fullmatch(status)) and status.startswith("5.") and not status.startswith(_NOT_THE_ADDRESS)
