"""Publishing a form."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from stadhuis.forms.models import FormVersion
from stadhuis.forms.rules import definition as definitions
from stadhuis.kit.time import now

SHIPPED = Path(__file__).resolve().parents[1] / "definitions"


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


@transaction.atomic
def publish(raw: dict[str, Any]) -> int:
    """Publish a definition as a new version and return its number; the same definition again changes nothing.

    Raises ``DefinitionBroken`` with every fault. Drafts and submissions keep the version on which they were filled in.
    """
    slug = definitions.read(raw).slug
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"forms:publish:{slug}"])
    newest = FormVersion.objects.filter(slug=slug).order_by("-version").first()
    sha256 = fingerprint(raw)
    if newest is not None and newest.sha256 == sha256:
        return newest.version
    version = newest.version + 1 if newest else 1
    FormVersion.objects.create(slug=slug, version=version, definition=raw, sha256=sha256, published_at=now())
    return version


def publish_shipped() -> dict[str, int]:
    """Publish every form that comes with Stadhuis; returns the version of each slug. Safe to run again."""
    return {file.stem: publish(json.loads(file.read_text(encoding="utf-8"))) for file in sorted(SHIPPED.glob("*.json"))}
