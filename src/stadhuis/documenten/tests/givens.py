"""Valid documents for tests of this room and those above."""

from __future__ import annotations

from typing import Any

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.documenten import public as documenten
from stadhuis.kit import files
from stadhuis.people.public import SYSTEM

CONTENT = b"%PDF-1.7 een aanvraag"


def given_file(content: bytes = CONTENT) -> files.Stored:
    """Return bytes that have arrived."""
    return files.receive([content], max_bytes=10_000_000, media_type="application/pdf")


def given_informatieobjecttype(omschrijving: str = "Aanvraag") -> catalogi.InformatieobjecttypeRecord:
    """Return a published type of document, in the catalogue of the tests."""
    try:
        return catalogi.informatieobjecttype_by_name(f"TEST:{omschrijving}")
    except catalogi.TypeNotFound:
        catalogi.build(catalogus_data())
        return catalogi.informatieobjecttype_by_name(f"TEST:{omschrijving}")


def given_new_document(*, soort: str = "Aanvraag", content: bytes = CONTENT, **wanted: Any) -> documenten.NewDocument:
    """Return a document to be registered, with its bytes."""
    values: dict[str, Any] = {
        "informatieobjecttype_id": given_informatieobjecttype(soort).id,
        "titel": "Aanvraag",
        "auteur": "Jan de Vries",
        "bestandsnaam": "aanvraag.pdf",
        "formaat": "application/pdf",
        **wanted,
    }
    if "file" not in values:
        values["file"] = given_file(content).uuid
    return documenten.NewDocument(**values)


def given_document(**wanted: Any) -> documenten.DocumentRecord:
    """Register a document."""
    return documenten.create_document(given_new_document(**wanted), by=SYSTEM)
