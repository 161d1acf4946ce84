"""What documenten does when something happens in it, in the same transaction."""

from __future__ import annotations

from stadhuis.documenten.facts import DOCUMENT_OPENED, DocumentOpened
from stadhuis.documenten.keeping import KIND
from stadhuis.records import public as records


@DOCUMENT_OPENED.listener
def write_in_its_own_ledger(fact: DocumentOpened) -> None:
    """A loose document has a ledger of its own. No record: nothing."""
    records.opened(KIND, fact.uuid, by=fact.by, what="document")
