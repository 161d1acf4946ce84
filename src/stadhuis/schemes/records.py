"""What the schemes room hands to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class AssessmentRecord:
    """An assessment as it was stored; `public.replay(record.as_stored())` computes it again."""

    uuid: UUID
    zaak_uuid: UUID
    scheme: str
    rule_version: str
    inputs: dict[str, Any]
    outcome: dict[str, Any]
    assessed_at: datetime
    assessed_by: str

    @property
    def advice(self) -> str:
        """The advice of the whole: toekennen, deels toekennen, afwijzen or onvoldoende informatie."""
        return str(self.outcome["advice"])

    def as_stored(self) -> dict[str, Any]:
        """Return what `replay` takes."""
        return {
            "scheme": self.scheme,
            "rule_version": self.rule_version,
            "inputs": self.inputs,
            "outcome": self.outcome,
        }
