"""What besluiten does when something happens below it, in the same transaction."""

from __future__ import annotations

from stadhuis.besluiten.processing import log_opened_document
from stadhuis.documenten import public as documenten

documenten.DOCUMENT_OPENED.listener(log_opened_document)
