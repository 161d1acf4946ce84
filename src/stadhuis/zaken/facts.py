"""News that zaken announces, and the one question it asks of the room above."""

from __future__ import annotations

from stadhuis.kit.facts import Fact, Question
from stadhuis.zaken.records import BesluitSummary, DocumentLinked, StatusSet, ZaakClosed, ZaakCreated, ZaakReopened

ZAAK_CREATED: Fact[ZaakCreated] = Fact("zaak created")
STATUS_SET: Fact[StatusSet] = Fact("status set")
ZAAK_CLOSED: Fact[ZaakClosed] = Fact("zaak closed")
ZAAK_REOPENED: Fact[ZaakReopened] = Fact("zaak reopened")
DOCUMENT_LINKED: Fact[DocumentLinked] = Fact("document linked")
BESLUITEN_OF: Question[list[BesluitSummary]] = Question("besluiten of a zaak")
"""Asked with the id of a zaak."""
