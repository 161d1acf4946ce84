"""Questions about assessments."""

from __future__ import annotations

from uuid import UUID

from stadhuis.schemes.models import Assessment
from stadhuis.schemes.records import AssessmentRecord


def record_of(row: Assessment) -> AssessmentRecord:
    """Return the frozen record of a row."""
    return AssessmentRecord(
        row.uuid,
        row.zaak_uuid,
        row.scheme,
        row.rule_version,
        row.inputs,
        row.outcome,
        row.assessed_at,
        row.assessed_by,
    )


def assessments_of(zaak_uuid: UUID) -> list[AssessmentRecord]:
    """Return the assessments of a case, the latest first. Who may see the case may see these: the caller has checked."""
    rows = Assessment.objects.filter(zaak_uuid=zaak_uuid).order_by("-assessed_at", "-id")
    return [record_of(row) for row in rows]
