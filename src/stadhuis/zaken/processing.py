"""Whose data are in a zaak, written in the processing log when someone reads them. Source: AVG art. 5 lid 2 and 30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.audit import public as audit
from stadhuis.kit import database
from stadhuis.kit.database import Statement
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken.secrecy import masked, masked_json

View = Callable[..., HttpResponseBase]


def _persons(where: str) -> Statement:
    return Statement.compile(f"""
WITH z AS MATERIALIZED (SELECT id FROM zaken_zaak WHERE {where})
SELECT COALESCE(array_agg(p.uuid), '{{}}'), COALESCE(array_agg(a.person_id IS NOT NULL), '{{}}')
  FROM people_person p LEFT JOIN access_shield a ON a.person_id = p.id
 WHERE p.id IN (
  SELECT r.person_id FROM zaken_rol r JOIN z ON z.id = r.zaak_id
   UNION
  SELECT o.person_id FROM zaken_zaakobject o JOIN z ON z.id = o.zaak_id)
""")


_IN_ONE: Final = _persons("uuid = :{zaak}")
_IN_MANY: Final = _persons("uuid = ANY(:{zaken}::uuid[])")
"""Of one zaak by itself: a statement with a short array is planned anew each time."""


def subjects_of(uuids: Sequence[UUID]) -> list[UUID]:
    """Return the uuids of the persons whose data are in these zaken. One statement."""
    return [uuid for uuid, _ in _subjects(uuids)]


def _subjects(uuids: Sequence[UUID]) -> list[tuple[UUID, bool]]:
    row = _IN_ONE.first_row({"zaak": uuids[0]}) if len(uuids) == 1 else _IN_MANY.first_row({"zaken": list(uuids)})
    return list(zip(*row, strict=True)) if row else []


_OF_DOCUMENTS: Final = """
SELECT DISTINCT z.uuid FROM zaken_zaakinformatieobject k JOIN zaken_zaak z ON z.id = k.zaak_id
  JOIN documenten_document d ON d.id = k.document_id WHERE d.uuid {those}
"""


def subjects_of_documents(uuids: Sequence[UUID]) -> list[UUID]:
    """Return the uuids of the persons whose data are in the zaken of these documents. At most two statements."""
    zaken = _zaken_of(uuids)
    return subjects_of(zaken) if zaken else []


def _zaken_of(documents: Sequence[UUID]) -> list[UUID]:
    those, value = database.one_or_many(documents)
    return [zaak for (zaak,) in database.rows(_OF_DOCUMENTS.format(those=those), [value])]


def kept_with(document: UUID) -> list[tuple[str, UUID]]:
    """Return the zaken a document belongs to, as kinds and uuids of records. One statement."""
    return [("zaak", zaak) for zaak in _zaken_of([document])]


def log_use(activity: str, uuids: Sequence[UUID], *, by: Actor) -> bool:
    """Write in the processing log that what stands in these zaken was read: one row, of one zaak with its uuid.

    Returns whether somebody in them has a secret address (``zaken.secrecy`` takes it out of what leaves).
    """
    if not uuids:
        return False
    about = uuids[0] if len(set(uuids)) == 1 else None
    subjects = _subjects(uuids)
    audit.record_processing(activity, uuids=[uuid for uuid, _ in subjects], by=by, about=about)
    return any(is_secret for _, is_secret in subjects)


def log_exchange(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str] | None:
    """Log what goes to other software over the Zaken API; returns what takes secret addresses out of it, if there are."""
    if not log_use("zaak.uitwisselen", shown, by=by):
        return None
    return mask_of(shown, by=by)


def mask_of(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str]:
    """Return what takes out of JSON about these zaken the secret addresses that ``by`` may not see."""
    return lambda text: masked_json(text, shown, by=by)


def log_opened(zaak: UUID, *, by: Actor) -> None:
    """Write in the ledger of a zaak that other software opened it, or one thing in it. One statement."""
    records.opened("zaak", zaak, by=by, what="api")


def logs_use(activity: str) -> Callable[[View], View]:
    """Let a page about one zaak (argument ``uuid`` of its address) write its line before the answer leaves.

    What leaves is without the secret addresses that the reader may not see (``zaken.secrecy``).

    Put it below the guard of the page. Whoever is refused has seen nothing, and a page that only sends on shows nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = view(request, *args, **kwargs)
            by = people.actor_of(request)
            if by is None:
                return answer
            if answer.status_code in audit.SHOWN and not log_use(activity, [kwargs["uuid"]], by=by):
                return answer
            return masked(answer, [kwargs["uuid"]], by=by)

        return logged

    return decorate
