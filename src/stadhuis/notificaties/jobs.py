"""Jobs of notificaties."""

from __future__ import annotations

from stadhuis.kit.jobs import job, periodic
from stadhuis.notificaties import actions


@job("notificaties.deliver", queue="notificaties")
def deliver_job(stream: str) -> None:
    """Send what waits for one subscriber about one object."""
    actions.deliver(stream)


@periodic("17 3 * * *", "notificaties.clean_up")
def clean_up_job(timestamp: int) -> None:
    """Every night: remove old messages that everybody has."""
    actions.clean_up()
