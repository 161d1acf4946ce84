"""Questions about assessments."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.kit.rows import Rows
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


_ASSESSMENTS: Final = Rows(Assessment, order=("-assessed_at", "-id"))


def assessments_of(zaak_uuid: UUID) -> list[AssessmentRecord]:
    """Return the assessments of a case, the latest first. Who may see the case may see these: the caller has checked."""
    return [record_of(row) for row in _ASSESSMENTS.of("zaak_uuid", zaak_uuid)]
