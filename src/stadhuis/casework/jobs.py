"""Jobs of casework."""

from __future__ import annotations

from stadhuis.casework.actions.clock import recompute_lasting
from stadhuis.kit.jobs import periodic


@periodic("10 0 * * *", "casework.follow_standstills")
def follow_standstills(timestamp: int) -> None:
    """Every night: where force majeure lasts without an end, the last day moves with it."""
    recompute_lasting()
