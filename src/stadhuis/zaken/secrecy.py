"""Secret addresses in zaken: what must not leave, for whom, and the answer without it. One place for pages and APIs.

Source: Wet BRP art. 2.59; AVG art. 5 lid 1 under f.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.http.response import HttpResponse, HttpResponseBase

from stadhuis.access import public as access
from stadhuis.kit import database
from stadhuis.kit.time import today
from stadhuis.people.public import Actor
from stadhuis.zaken.facts import ADDRESSES_IN

Page = TypeVar("Page", bound=HttpResponseBase)
_HELD: Final = """
    SELECT z.uuid, string_agg(DISTINCT a.pattern, '|'),
           json_agg(DISTINCT jsonb_build_array(r.betrokkene_identificatie,
             (SELECT jsonb_agg(o.object_identificatie) FROM zaken_zaakobject o WHERE o.zaak_id = z.id)))::text
      FROM zaken_zaak z JOIN zaken_rol r ON r.zaak_id = z.id JOIN access_shield a ON a.person_id = r.person_id
     WHERE z.uuid {those} AND a.person_id IS DISTINCT FROM %s
     GROUP BY z.uuid
"""
_MAY_SEE: Final = "SELECT z.uuid FROM zaken_zaak z WHERE z.uuid = ANY(%s) AND {condition}"


def hidden_addresses(uuids: Sequence[UUID], *, seen_by: Actor | None) -> dict[UUID, str]:
    """Return per zaak the pattern (``access.masks``) of every secret address in it that ``seen_by`` may not see.

    A resident sees their own, nobody else's; staff see them with ``adres.geheim``; an application never; None is for what
    everybody may find. One statement when there is none.
    """
    if not uuids or (seen_by is not None and seen_by.kind == "system"):
        return {}
    own = seen_by.person_id if seen_by is not None and seen_by.kind in {"resident", "company"} else None
    those, value = database.one_or_many(list(set(uuids)))
    found = database.rows(_HELD.format(those=those), [value, own])
    held = {uuid: {pattern} | access.masks.patterns_in(json.loads(bodies)) for uuid, pattern, bodies in found}
    if held and seen_by is not None and seen_by.kind == "staff":
        may = access.predicate(seen_by, "adres.geheim")
        with connection.cursor() as cursor:
            cursor.execute(_MAY_SEE.format(condition=may.sql), [list(held), *may.params])
            for (uuid,) in cursor.fetchall():
                del held[uuid]
    for answer in ADDRESSES_IN.ask(list(held)) if held else ():
        for uuid, answers in answer.items():
            held[uuid] |= access.masks.patterns_in(answers)
    return {uuid: access.masks.joined(patterns) for uuid, patterns in held.items()}


def hidden_in(uuids: Sequence[UUID], *, seen_by: Actor | None) -> str:
    """Return the same for several zaken at once: what must not stand on a page about them; '' for nothing."""
    return access.masks.joined(hidden_addresses(uuids, seen_by=seen_by).values())


_OF_DOCUMENTS: Final = """
    SELECT DISTINCT z.uuid FROM zaken_zaakinformatieobject k JOIN zaken_zaak z ON z.id = k.zaak_id
      JOIN documenten_document d ON d.id = k.document_id JOIN zaken_rol r ON r.zaak_id = z.id
      JOIN access_shield a ON a.person_id = r.person_id
     WHERE d.uuid = ANY(%s)
"""


def hidden_in_documents(uuids: Sequence[UUID], *, seen_by: Actor | None) -> str:
    """Return what must not leave with these documents: the secret addresses of their zaken. One statement when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_DOCUMENTS, [list(uuids)])
        zaken = [row[0] for row in cursor.fetchall()]
    return hidden_in(zaken, seen_by=seen_by)


def hidden_from_search(uuids: Sequence[UUID]) -> dict[UUID, str]:
    """Return per zaak what nobody may find it by."""
    return hidden_addresses(uuids, seen_by=None)


_SHUT: Final = """
    SELECT DISTINCT z.uuid FROM zaken_zaak z JOIN zaken_rol r ON r.zaak_id = z.id JOIN access_bar b ON b.person_id = r.person_id
     WHERE z.uuid = ANY(%s) AND b.lifted_at IS NULL AND (b.ends_on IS NULL OR b.ends_on > %s)
"""


def shut_because_barred(uuids: Sequence[UUID], *, seen_by: Actor) -> set[UUID]:
    """Return those of the zaken in which a barred person has a part that ``seen_by`` may not see.

    For lists that are not about what somebody may read in the zaken themselves (the trail). One statement when there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHUT, [list(uuids), today()])
        shut = {row[0] for row in cursor.fetchall()}
        if shut:
            may = access.predicate(seen_by, "persoon.afgeschermd")
            cursor.execute(_MAY_SEE.format(condition=may.sql), [list(shut), *may.params])
            shut -= {row[0] for row in cursor.fetchall()}
    return shut


def masked(answer: Page, uuids: Sequence[UUID], *, by: Actor) -> Page:
    """Return a page about these zaken without the secret addresses that ``by`` may not see, wherever in it they stood."""
    kind = answer.headers.get("Content-Type", "")
    if not isinstance(answer, HttpResponse) or not kind.startswith(("text/", "application/json")):
        return answer
    pattern = hidden_in(uuids, seen_by=by)
    if pattern:
        answer.content = access.masks.text(answer.content.decode(answer.charset), pattern).encode(answer.charset)
        if answer.has_header("Content-Length"):
            answer["Content-Length"] = str(len(answer.content))
    return answer


def masked_json(text: str, uuids: Sequence[UUID], *, by: Actor) -> str:
    """Return the JSON of an API about these zaken without secret addresses: neither by their keys nor in what people typed."""
    pattern = hidden_in(uuids, seen_by=by)
    if not pattern or not text:
        return text
    made: Any = access.masks.without(json.loads(text))
    return access.masks.text(
        json.dumps(made, ensure_ascii=False, separators=(",", ":")), pattern, by=access.masks.IN_JSON
    )
