"""Whose data are in a zaak, written in the processing log when someone reads them. Source: AVG art. 5 lid 2 and 30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.audit import public as audit
from stadhuis.people import public as people
from stadhuis.people.public import Actor

View = Callable[..., HttpResponseBase]
_SUBJECTS: Final = """
SELECT p.uuid FROM people_person p WHERE p.id IN (
  SELECT r.person_id FROM zaken_rol r JOIN zaken_zaak z ON z.id = r.zaak_id WHERE z.uuid = ANY(%(zaken)s)
   UNION
  SELECT o.person_id FROM zaken_zaakobject o JOIN zaken_zaak z ON z.id = o.zaak_id WHERE z.uuid = ANY(%(zaken)s))
"""


def subjects_of(uuids: Sequence[UUID]) -> list[UUID]:
    """Return the uuids of the persons whose data are in these zaken. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, {"zaken": list(uuids)})
        return [row[0] for row in cursor.fetchall()]


_OF_DOCUMENTS: Final = """
SELECT DISTINCT z.uuid FROM zaken_zaakinformatieobject k JOIN zaken_zaak z ON z.id = k.zaak_id
  JOIN documenten_document d ON d.id = k.document_id WHERE d.uuid = ANY(%s)
"""


def subjects_of_documents(uuids: Sequence[UUID]) -> list[UUID]:
    """Return the uuids of the persons whose data are in the zaken of these documents. At most two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_DOCUMENTS, [list(uuids)])
        zaken = [row[0] for row in cursor.fetchall()]
    return subjects_of(zaken) if zaken else []


def log_use(activity: str, uuids: Sequence[UUID], *, by: Actor) -> None:
    """Write in the processing log that what stands in these zaken was read: one row, of one zaak with its uuid."""
    if uuids:
        about = uuids[0] if len(set(uuids)) == 1 else None
        audit.record_processing(activity, uuids=subjects_of(uuids), by=by, about=about)


def log_exchange(shown: Sequence[UUID], *, by: Actor) -> None:
    """Log what goes to other software over the Zaken API."""
    log_use("zaak.uitwisselen", shown, by=by)


def logs_use(activity: str) -> Callable[[View], View]:
    """Let a page about one zaak (argument ``uuid`` of its address) write its line before the answer leaves.

    Put it below the guard of the page. Whoever is refused has seen nothing, and a page that only sends on shows nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = view(request, *args, **kwargs)
            by = people.actor_of(request)
            if answer.status_code in audit.SHOWN and by is not None:
                log_use(activity, [kwargs["uuid"]], by=by)
            return answer

        return logged

    return decorate
