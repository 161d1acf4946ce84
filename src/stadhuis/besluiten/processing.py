"""Whose data go out with besluiten: those of the persons in their zaken. Source: AVG art. 5 lid 2 and 30."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken

_ZAKEN: Final = """SELECT z.uuid FROM zaken_zaak z WHERE z.uuid = ANY(%(shown)s)
    UNION SELECT z.uuid FROM besluiten_besluit b JOIN zaken_zaak z ON z.id = b.zaak_id WHERE b.uuid = ANY(%(shown)s)"""


def log_exchange(shown: Sequence[UUID], *, by: Actor) -> None:
    """Log what goes to other software over the Besluiten API: besluiten, and zaken that were expanded."""
    with connection.cursor() as cursor:
        cursor.execute(_ZAKEN, {"shown": list(shown)})
        uuids = [row[0] for row in cursor.fetchall()]
    zaken.log_use("zaak.uitwisselen", uuids, by=by)
