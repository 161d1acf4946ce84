"""Jobs of audit."""

from __future__ import annotations

from stadhuis.audit import actions
from stadhuis.kit.jobs import periodic


@periodic("*/5 * * * *", "audit.seal")
def seal_job(timestamp: int) -> None:
    """Every five minutes: seal what was written since last time."""
    while actions.seal():
        continue
