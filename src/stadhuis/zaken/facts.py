"""News that zaken announces, and the questions it asks of the rooms above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from stadhuis.kit.facts import Fact, Question
from stadhuis.zaken.records import (
    BesluitSummary,
    DocumentLinked,
    StartMoved,
    StatusSet,
    ZaakClosed,
    ZaakCreated,
    ZaakReopened,
)

ZAAK_CREATED: Fact[ZaakCreated] = Fact("zaak created")
STATUS_SET: Fact[StatusSet] = Fact("status set")
ZAAK_CLOSED: Fact[ZaakClosed] = Fact("zaak closed")
ZAAK_REOPENED: Fact[ZaakReopened] = Fact("zaak reopened")
START_MOVED: Fact[StartMoved] = Fact("start of a zaak moved")
DOCUMENT_LINKED: Fact[DocumentLinked] = Fact("document linked")
BESLUITEN_OF: Question[list[BesluitSummary]] = Question("besluiten of a zaak")
"""Asked with the id of a zaak."""
ADDRESSES_IN: Question[Mapping[UUID, list[Mapping[str, Any]]]] = Question(
    "answers of forms that hold an address, per zaak"
)
"""Asked with uuids of zaken of which the address must not leave; the keys are those of ``access.masks``."""
