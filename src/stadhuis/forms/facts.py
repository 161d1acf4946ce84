"""What forms announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from stadhuis.kit.facts import Fact


@dataclass(frozen=True)
class FormSubmitted:
    """A form was handed in and became a zaak."""

    zaak_id: int
    zaak_uuid: UUID
    zaaktype_id: int
    slug: str


FORM_SUBMITTED: Fact[FormSubmitted] = Fact("form submitted")
