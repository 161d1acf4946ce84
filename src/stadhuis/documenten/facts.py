"""What documenten asks of the rooms above: to what a document belongs is theirs to know."""

from __future__ import annotations

from uuid import UUID

from stadhuis.kit.facts import Question

IS_RELATED: Question[bool] = Question("does this object have this document")
"""Asked with the type (zaak, besluit) and the uuid of an object, and the id of a document. Source: drc-004."""
PERSONS_IN: Question[list[UUID]] = Question("whose data are in these documents")
"""Asked with a list of uuids of documents; answered with uuids of persons, for the processing log."""
HIDDEN_IN: Question[str] = Question("what must not leave with these documents")
"""Asked with a list of uuids of documents and ``seen_by``; answered with a pattern of ``access.masks``, '' for nothing."""
MADE_ANEW: Question[bytes | None] = Question("the bytes of this document without what must not leave")
"""Asked with the uuid of a document and ``seen_by``; answered by the room that made its PDF, None when there is nothing to
hide or somebody else made it."""
KEPT_WITH: Question[list[tuple[str, UUID]]] = Question("with which records is this document kept")
"""Asked with the uuid of a document; answered with kind and uuid of records that are not the document's own."""
