"""Whose data go out with besluiten: those of the persons in their zaken. Source: AVG art. 5 lid 2 and 30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from stadhuis.kit import database
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken import public as zaken

_ZAKEN: Final = """SELECT z.uuid FROM zaken_zaak z WHERE z.uuid = ANY(%(shown)s)
    UNION SELECT z.uuid FROM besluiten_besluit b JOIN zaken_zaak z ON z.id = b.zaak_id WHERE b.uuid = ANY(%(shown)s)"""


def log_exchange(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str] | None:
    """Log what goes to other software over the Besluiten API: besluiten, and zaken that were expanded.

    Returns what takes secret addresses out of it, if there are.
    """
    uuids = _zaken_of(shown)
    if not zaken.log_use("zaak.uitwisselen", uuids, by=by):
        return None
    return lambda text: zaken.masked_json(text, uuids, by=by)


def mask_of(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str]:
    """Return what takes out of JSON about these besluiten the secret addresses that ``by`` may not see."""
    uuids = _zaken_of(shown)
    return lambda text: zaken.masked_json(text, uuids, by=by)


def _zaken_of(shown: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_ZAKEN, {"shown": list(shown)})
        return [row[0] for row in cursor.fetchall()]


def log_opened(besluit: UUID, *, by: Actor) -> None:
    """Write in the ledger that other software opened a besluit: that of its zaak, or its own when it was taken in none."""
    for kind, uuid in _kept_with("b.uuid = %s", besluit):
        records.opened(kind, uuid, by=by, what="besluit")


def kept_with(document: UUID) -> list[tuple[str, UUID]]:
    """Answer the question of documenten: one that lays a besluit down is kept with what that is kept with (``log_opened``)."""
    return _kept_with(_HAS_DOCUMENT, document)


_HAS_DOCUMENT: Final = """EXISTS (SELECT 1 FROM besluiten_besluitinformatieobject k
    JOIN documenten_document d ON d.id = k.document_id WHERE k.besluit_id = b.id AND d.uuid = %s
     AND NOT EXISTS (SELECT 1 FROM zaken_zaakinformatieobject z WHERE z.zaak_id = b.zaak_id AND z.document_id = d.id))"""
"""Not what the zaak has itself: zaken writes that down."""


def _kept_with(where: str, param: UUID) -> list[tuple[str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT CASE WHEN z.id IS NULL THEN 'besluit' ELSE 'zaak' END, COALESCE(z.uuid, b.uuid)"
            f" FROM besluiten_besluit b LEFT JOIN zaken_zaak z ON z.id = b.zaak_id WHERE {where}",
            [param],
        )
        return [(kind, uuid) for kind, uuid in cursor.fetchall()]


def _zaken_of_documents(uuids: Sequence[UUID]) -> list[UUID]:
    those, value = database.one_or_many(uuids)
    found = database.rows(
        "SELECT DISTINCT z.uuid FROM documenten_document d"
        " JOIN besluiten_besluitinformatieobject k ON k.document_id = d.id"
        f" JOIN besluiten_besluit b ON b.id = k.besluit_id JOIN zaken_zaak z ON z.id = b.zaak_id WHERE d.uuid {those}",
        [value],
    )
    return [row[0] for row in found]


def subjects_of_documents(uuids: Sequence[UUID]) -> list[UUID]:
    """Answer the question of documenten: whose data are in documents that lay a besluit down."""
    found = _zaken_of_documents(uuids)
    return zaken.subjects_of(found) if found else []


def hidden_in_documents(uuids: Sequence[UUID], *, seen_by: Actor | None) -> str:
    """Answer the question of documenten: which secret addresses must not leave with documents that lay a besluit down."""
    return zaken.hidden_in(_zaken_of_documents(uuids), seen_by=seen_by)
