"""What the deeds of the Autorisaties API ask: how rights are shown today, and which types addresses name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import connection

from stadhuis.access import public as access
from stadhuis.autorisaties.resource import lines
from stadhuis.autorisaties.rules import Stored

_STORED = (
    f"SELECT COALESCE((SELECT json_agg(l.line ORDER BY l.version) FROM ({lines('t.id = g.id')}) l), '[]'::json)::text"
    " FROM access_autorisatie g WHERE g.applicatie_id = %s ORDER BY g.id"
)


def stored(record: access.ApplicatieRecord) -> list[Stored]:
    """Return the rights of an application, each with the lines it is shown as today. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED.replace("{base}", settings.PUBLIC_URL.replace("'", "''")), [record.id])
        shown = [tuple(json.loads(row[0])) for row in cursor.fetchall()]
    return [Stored(right, lines_) for right, lines_ in zip(record.autorisaties, shown, strict=True)]


def refs(component: str, uuids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the name (``<domein>:<identificatie>``) of the versions of types that there are. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT x.uuid, x.ref FROM catalogi_{access.TYPE_FIELDS[component]} x WHERE x.uuid = ANY(%s)",
            [list(uuids)],
        )
        return dict(cursor.fetchall())
