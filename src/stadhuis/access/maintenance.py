"""Read-only: pages and GETs go on, deeds answer 503, jobs wait. Switched by ``stadhuis maintenance on|off``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from stadhuis.access.facts import RIGHTS_CHANGED, RightsChanged
from stadhuis.access.models import Maintenance
from stadhuis.kit.database import Statement
from stadhuis.kit.time import now
from stadhuis.people.public import SYSTEM, Actor


@dataclass(frozen=True)
class Standing:
    """Whether the town hall is read-only, and what visitors are told."""

    is_on: bool = False
    message: str = ""
    since: datetime | None = None
    minutes: int = 10

    @property
    def said(self) -> str:
        """The sentence for a visitor."""
        return self.message or _("Wij werken aan het systeem. U kunt alles lezen, maar nu even niets versturen.")


_STANDING = Statement.compile("SELECT is_on, message, since, minutes FROM access_maintenance WHERE id = 1")


def standing() -> Standing:
    """Return how it stands now. One statement on a table of one row."""
    row = _STANDING.first_row({})
    return Standing(*row) if row else Standing()


@transaction.atomic
def switch(on: bool, *, message: str = "", minutes: int = 10, by: Actor = SYSTEM) -> None:
    """Make the town hall read-only, or open it again."""
    before = standing()
    Maintenance.objects.update_or_create(
        id=1,
        defaults={
            "is_on": on,
            "message": message.replace("\x00", "").strip()[:300] if on else "",
            "since": now() if on else None,
            "minutes": max(1, min(minutes, 1440)),
        },
    )
    RIGHTS_CHANGED.announce(
        RightsChanged(
            "alleen lezen" if on else "weer open", by, resource="onderhoud", before={"alleen lezen": before.is_on},
            after={"alleen lezen": on},
        )
    )  # fmt: skip


def jobs_wait() -> bool:
    """Return whether the worker must leave the queue alone. A database without the table yet holds nothing up."""
    try:
        return standing().is_on
    except DatabaseError:
        return False
