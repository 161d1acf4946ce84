"""What documenten asks of the rooms above: to what a document belongs is theirs to know."""

from __future__ import annotations

from uuid import UUID

from stadhuis.kit.facts import Question

IS_RELATED: Question[bool] = Question("does this object have this document")
"""Asked with the type (zaak, besluit) and the uuid of an object, and the id of a document. Source: drc-004."""
PERSONS_IN: Question[list[UUID]] = Question("whose data are in these documents")
"""Asked with a list of uuids of documents; answered with uuids of persons, for the processing log."""
