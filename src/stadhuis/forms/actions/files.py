"""Files of a draft: add one that has arrived, take one away."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from stadhuis.forms.actions.drafts import draft_for_change
from stadhuis.forms.errors import TooManyFiles
from stadhuis.forms.models import DraftFile
from stadhuis.forms.reads import FileRecord, file_record
from stadhuis.forms.rules.definition import Component
from stadhuis.kit import files
from stadhuis.kit.files import Stored
from stadhuis.kit.time import now
from stadhuis.people.public import Actor


@transaction.atomic
def add_file(uuid: UUID, component: Component, stored: Stored, *, naam: str, media_type: str, by: Actor) -> FileRecord:
    """Attach a file that arrived and was checked. Raises ``DraftNotFound``, ``DraftAlreadySubmitted`` or ``TooManyFiles``."""
    row = draft_for_change(uuid, by=by)
    limit = component.file_max_count if component.multiple else 1
    if row.files.filter(component=component.key).count() >= limit:
        raise TooManyFiles(limit)
    files.keep(stored.uuid)
    added = DraftFile.objects.create(
        draft=row,
        component=component.key,
        file=stored.uuid,
        naam=naam,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        created_at=now(),
    )
    row.changed_at = now()
    row.save(update_fields=["changed_at"])
    return file_record(added)


@transaction.atomic
def remove_file(uuid: UUID, file: UUID, *, by: Actor) -> None:
    """Take a file away from a draft; one that is not there is gone already. Raises as ``add_file`` does."""
    row = draft_for_change(uuid, by=by)
    for found in row.files.filter(uuid=file):
        files.discard(found.file)
        found.delete()
