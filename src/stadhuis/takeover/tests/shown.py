"""Print what a town hall shows of its registers, without its own host: a process of its own, to compare two of them."""

from __future__ import annotations

import hashlib
import json
import sys

from stadhuis.kit.starting import start_django


def main() -> None:
    """Print one line of JSON: kind -> what its objects are; sorted, so that equal registers print equal lines."""
    start_django()
    from django.conf import settings
    from django.db import connection

    from stadhuis.documenten.models import Document, DocumentVersie
    from stadhuis.kit.api.gate import Everyone
    from stadhuis.kit.api.resource import registered
    from stadhuis.kit.files import open_stored
    from stadhuis.takeover.kinds import KINDS

    shown: dict[str, list[str]] = {}
    for kind in KINDS:
        if kind.name == "applicatie":
            continue
        resource = registered(kind.name)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT uuid FROM {resource.table}")
            uuids = [row[0] for row in cursor.fetchall()]
        shown[kind.name] = sorted(
            json.dumps(_sorted(json.loads(resource.one(uuid, seen_by=Everyone()).text)), sort_keys=True).replace(
                settings.PUBLIC_URL, ""
            )
            for uuid in uuids
        )
    shown["inhoud"] = sorted(
        f"{uuid} {versie} {hashlib.sha256(open_stored(file).read()).hexdigest()}"
        for rows in (
            Document.objects.values_list("uuid", "versie", "file_id"),
            DocumentVersie.objects.values_list("document__uuid", "versie", "file_id"),
        )
        for uuid, versie, file in rows
        if file is not None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT object_uuid::text FROM records_record WHERE kind = 'zaak' ORDER BY 1")
        shown["records"] = [row[0] for row in cursor.fetchall()]
    sys.stdout.write(json.dumps(shown))


def _sorted(value: object) -> object:
    """Return JSON with its lists of addresses in one order: which row came first is not what is compared."""
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


if __name__ == "__main__":
    main()
