"""Applications and zaken for the tests of the Zaken API."""

from __future__ import annotations

from typing import Any

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.kit.api.testing import ApiClient, body_of

ROOT = "zaken/api/v1"
SECRET = "een-geheim-van-minstens-32-tekens!!"
RSIN = "807287684"


def given_applicatie(
    client_id: str = "alles", *, scopes: tuple[str, ...] = (), ref: str = "", max_level: int = 8
) -> ApiClient:
    """Admit an application: with all rights, or with these scopes on one zaaktype."""
    rights = [access.AutorisatieData("zrc", scopes, type_ref=ref, max_level=max_level)] if scopes else []
    access.create_applicatie(client_id, [client_id], SECRET, heeft_alle_autorisaties=not scopes, autorisaties=rights)
    return ApiClient(ROOT, client_id, SECRET)


def zaak_body(of: catalogi.ZaaktypeRecord, /, **more: Any) -> dict[str, Any]:
    """Return a valid body."""
    return {
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "zaaktype": of.url,
        "startdatum": "2026-03-02",
        **more,
    }


def given_zaak(api: ApiClient, of: catalogi.ZaaktypeRecord, /, **more: Any) -> dict[str, Any]:
    """Make a zaak through the API and return its JSON."""
    made: dict[str, Any] = body_of(api.post("zaken", zaak_body(of, **more)), 201)
    return made
