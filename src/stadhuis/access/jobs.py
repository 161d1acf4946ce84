"""Jobs of access."""

from __future__ import annotations

from stadhuis.access import calls, limits
from stadhuis.kit.jobs import periodic


@periodic("17 * * * *", "access.sweep_buckets")
def sweep_buckets(timestamp: int) -> None:
    """Every hour: throw away the buckets of who was not here for an hour, and the calls of client ids nobody has."""
    limits.sweep()
    calls.sweep()
