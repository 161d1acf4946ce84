"""Jobs of the register of zaken."""

from __future__ import annotations

from stadhuis.kit.jobs import periodic
from stadhuis.zaken import counting


@periodic("* * * * *", "zaken.add_up")
def add_up(timestamp: int) -> None:
    """Every minute: add up how many zaken there are."""
    counting.add_up()
