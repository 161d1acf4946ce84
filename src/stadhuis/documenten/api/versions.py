"""Reading a document: as it is now, a version by its number, or what it was at a moment. Source: BEHAVIOUR 10.2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stadhuis.documenten.resource import EIO, OLD_VERSION
from stadhuis.documenten.rules import plain_name
from stadhuis.documenten.shapes import EIOZoekRequestBody
from stadhuis.kit.api.endpoint import seen
from stadhuis.kit.api.errors import NotFound
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.resource import Node

_PLAIN = Node()


def _version_at(uuid: UUID, moment: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT versie FROM (SELECT d.versie, d.begin_registratie FROM documenten_document d WHERE d.uuid = %(uuid)s"
            " UNION ALL SELECT v.versie, v.begin_registratie FROM documenten_documentversie v"
            " JOIN documenten_document d ON d.id = v.document_id WHERE d.uuid = %(uuid)s) every"
            " WHERE begin_registratie <= %(moment)s ORDER BY versie DESC LIMIT 1",
            {"uuid": uuid, "moment": moment},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("Deze versie is er niet.")
    return int(row[0])


def text_of(
    uuid: UUID, versie: int | None, registratie_op: datetime | None, *, seen_by: Caller, node: Node = _PLAIN
) -> str:
    """Return the JSON text of a document or of a version of it. One statement for what is asked most.

    Raises ``NotFound`` and ``PermissionDenied``, also when only the version is out of reach.
    """
    if versie is None and registratie_op is None:
        return seen(EIO.one(uuid, seen_by=seen_by, node=node))
    seen(EIO.one(uuid, seen_by=seen_by))
    number = versie if versie is not None else _version_at(uuid, registratie_op)  # type: ignore[arg-type]
    narrowed, values = "{z}.versie = :{versie}::int", {"versie": number}
    try:
        return seen(EIO.one(uuid, seen_by=seen_by, node=node, narrowed=narrowed, values=values))
    except NotFound:
        return seen(OLD_VERSION.one(uuid, seen_by=seen_by, node=node, narrowed=narrowed, values=values))


@dataclass(frozen=True)
class Held:
    """The bytes of a version, and under what name they are given."""

    file: UUID
    sha256: str
    name: str
    versie: int


def content_of(uuid: UUID, versie: int | None, registratie_op: datetime | None, *, seen_by: Caller) -> Held:
    """Return the content of a document or of a version of it. Raises ``NotFound``, also for a version without content."""
    text_of(uuid, versie, registratie_op, seen_by=seen_by)
    number = versie if versie is not None or registratie_op is None else _version_at(uuid, registratie_op)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file_id, sha256, bestandsnaam, titel, versie FROM documenten_document"
            " WHERE uuid = %(uuid)s AND (%(versie)s::int IS NULL OR versie = %(versie)s::int)"
            " UNION ALL SELECT v.file_id, v.sha256, v.bestandsnaam, v.titel, v.versie FROM documenten_documentversie v"
            " JOIN documenten_document d ON d.id = v.document_id WHERE d.uuid = %(uuid)s AND v.versie = %(versie)s::int",
            {"uuid": uuid, "versie": number},
        )
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotFound("Dit document heeft geen inhoud.")
    file, sha256, bestandsnaam, titel, versie = row
    return Held(file, sha256, bestandsnaam or plain_name(titel) or "document", versie)


class Zoek:
    """A search body whose empty questions ask nothing."""

    def __init__(self, body: EIOZoekRequestBody) -> None:
        self._body = body
        self.given = frozenset(name for name in body.given if name == "uuid__in" or body.value(name))
        self.expand = body.expand

    def value(self, name: str) -> Any:
        """Return the value of a filter."""
        return self._body.value(name)
