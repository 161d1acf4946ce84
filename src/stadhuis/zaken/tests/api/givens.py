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


def given_status(api: ApiClient, zaak: dict[str, Any], statustype: catalogi.StatustypeRecord, /, **more: Any) -> Any:
    """Let a zaak reach a step through the API and return the JSON of the status."""
    return body_of(api.post("statussen", status_body(zaak, statustype, **more)), 201)


def status_body(zaak: dict[str, Any], statustype: catalogi.StatustypeRecord, /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a status."""
    return {"zaak": zaak["url"], "statustype": statustype.url, "datumStatusGezet": "2026-03-10T10:00:00Z", **more}


def given_resultaat(
    api: ApiClient, zaak: dict[str, Any], resultaattype: catalogi.ResultaattypeRecord, /, **more: Any
) -> Any:
    """Give a zaak its result through the API and return its JSON."""
    return body_of(api.post("resultaten", {"zaak": zaak["url"], "resultaattype": resultaattype.url, **more}), 201)


def given_closed_zaak(api: ApiClient, of: catalogi.ZaaktypeRecord, /, **more: Any) -> dict[str, Any]:
    """Make a zaak and close it, all through the API."""
    zaak = given_zaak(api, of, **more)
    given_resultaat(api, zaak, of.resultaattypen[0])
    given_status(api, zaak, of.eindstatus)
    closed: dict[str, Any] = body_of(api.get(zaak["url"]))
    return closed
