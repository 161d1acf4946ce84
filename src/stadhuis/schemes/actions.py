"""Recording and destroying assessments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from stadhuis.kit import time
from stadhuis.schemes.models import Assessment as Row
from stadhuis.schemes.reads import record_of
from stadhuis.schemes.records import AssessmentRecord
from stadhuis.schemes.tozo.assessment import Assessment


@transaction.atomic
def record_assessment(
    *, zaak_uuid: UUID, assessment: Assessment, by: str, assessed_at: datetime | None = None
) -> AssessmentRecord:
    """Keep an assessment with its rule version and inputs. `by` is the key of who made it (Actor.key)."""
    row = Row.objects.create(
        zaak_uuid=zaak_uuid,
        scheme=assessment.scheme,
        rule_version=assessment.rule_version,
        inputs=assessment.inputs.as_dict(),
        outcome=assessment.outcome(),
        assessed_at=assessed_at or time.now(),
        assessed_by=by,
    )
    return record_of(row)


@transaction.atomic
def destroy_assessments(zaak_uuid: UUID) -> int:
    """Remove every assessment of a case that is destroyed; returns how many there were."""
    count, _per_model = Row.objects.filter(zaak_uuid=zaak_uuid).delete()
    return count
