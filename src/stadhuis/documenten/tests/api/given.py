"""Applications and documents for the tests of the Documenten API."""

from __future__ import annotations

import base64
from typing import Any

from stadhuis.access import public as access
from stadhuis.documenten.tests.givens import given_informatieobjecttype
from stadhuis.kit.api.testing import ApiClient, body_of

ROOT = "documenten/api/v1"
SECRET = "een-geheim-van-minstens-32-tekens!!"
RSIN = "807287684"
TEXT = b"De inhoud van een document."


def given_applicatie(
    client_id: str = "alles", *, scopes: tuple[str, ...] = (), ref: str = "*", max_level: int = 8, **more: Any
) -> ApiClient:
    """Admit an application: with all rights, or with these scopes on one type of document."""
    rights = [access.AutorisatieData("drc", scopes, type_ref=ref, max_level=max_level)] if scopes else []
    access.create_applicatie(
        client_id, [client_id], SECRET, heeft_alle_autorisaties=not scopes, autorisaties=rights, **more
    )
    return ApiClient(ROOT, client_id, SECRET)


def encoded(content: bytes) -> str:
    """Return content as base64."""
    return base64.b64encode(content).decode()


def document_body(soort: str = "Aanvraag", /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a document with content."""
    return {
        "bronorganisatie": RSIN,
        "creatiedatum": "2026-03-02",
        "titel": "Aanvraag",
        "auteur": "Jan de Vries",
        "taal": "dut",
        "formaat": "text/plain",
        "bestandsnaam": "aanvraag.txt",
        "inhoud": encoded(TEXT),
        "bestandsomvang": len(TEXT),
        "informatieobjecttype": type_url(soort),
        **more,
    }


def type_url(soort: str = "Aanvraag") -> str:
    """Return the address of a published type of document."""
    return f"http://localhost:8000/catalogi/api/v1/informatieobjecttypen/{given_informatieobjecttype(soort).uuid}"


def given_document(api: ApiClient, soort: str = "Aanvraag", /, **more: Any) -> dict[str, Any]:
    """Make a document through the API and return its JSON."""
    made: dict[str, Any] = body_of(api.post("enkelvoudiginformatieobjecten", document_body(soort, **more)), 201)
    return made


def given_lock(api: ApiClient, document: dict[str, Any]) -> str:
    """Lock a document and return the key."""
    return str(body_of(api.send("POST", f"{document['url']}/lock"))["lock"])


def content_of(api: ApiClient, address: str) -> bytes:
    """Download and return the bytes."""
    answer = api.send("GET", address)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
