"""Destroying what was handed in, with the zaak it became."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from stadhuis.forms.models import Draft, DraftFile, Submission
from stadhuis.kit import files
from stadhuis.people.public import Actor


@transaction.atomic
def destroy_submission(zaak_uuid: UUID, by: Actor) -> dict[str, int]:
    """Destroy the submission of a zaak, the draft it came from and the files of that; returns how many submissions."""
    drafts = list(Submission.objects.filter(zaak_uuid=zaak_uuid).values_list("draft_id", flat=True))
    for file in DraftFile.objects.filter(draft__in=drafts).values_list("file", flat=True):
        files.discard(file)
    Submission.objects.filter(zaak_uuid=zaak_uuid).delete()
    Draft.objects.filter(pk__in=drafts).delete()
    return {"aanvragen": len(drafts)}
