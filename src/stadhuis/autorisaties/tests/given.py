"""Applications at the door of the Autorisaties API, and a catalogue whose types have versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from stadhuis.access import public as access
from stadhuis.autorisaties.resource import ROOT
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Besluittype, Informatieobjecttype, Zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of

SECRET = "een-geheim-van-minstens-32-tekens!!"
Json = dict[str, Any]
_ENDS = [date(2020, 12, 31), date(2021, 12, 31), date(2022, 12, 31)]


def given_applicatie(client_id: str = "beheer", *scopes: str) -> ApiClient:
    """Admit an application: with all rights, or with these scopes of the Autorisaties API."""
    rights = [access.AutorisatieData("ac", scopes)] if scopes else []
    access.create_applicatie(client_id, [client_id], SECRET, not scopes, rights)
    return ApiClient(ROOT, client_id, SECRET)


def given_types(domein: str = "OEV", *, versions: int = 1, concept: bool = False) -> None:
    """Make a catalogue with a zaaktype KAP in so many versions, a type of document and a type of decision."""
    zaaktype = {"identificatie": "KAP", "omschrijving": "Kappen", "doorlooptijd": "P56D", "statustypen": ["Klaar"],
                "resultaattypen": []}  # fmt: skip
    catalogi.build(
        {
            "domein": domein,
            "informatieobjecttypen": [{"omschrijving": "Kaart"}],
            "besluittypen": [{"omschrijving": "Vergunning"}],
            "zaaktypen": [
                {
                    **zaaktype, "begin_geldigheid": date(2020 + number, 1, 1), "einde_geldigheid": _ENDS[number],
                    "concept": concept and number == versions - 1,
                }
                for number in range(versions)
            ],
        }
    )  # fmt: skip


def urls(kind: str = "zaaktypen", domein: str = "OEV", *, concept: bool = False) -> list[str]:
    """Return the addresses of the versions there are, oldest first."""
    model: Any = {"zaaktypen": Zaaktype, "informatieobjecttypen": Informatieobjecttype, "besluittypen": Besluittype}[
        kind
    ]
    rows = model.objects.filter(catalogus__domein=domein, concept=concept).order_by("id")
    return [f"http://localhost:8000/catalogi/api/v1/{kind}/{row.uuid}" for row in rows]


def zrc(zaaktype: str, **more: Any) -> Json:
    """Return a right to read zaken of one version."""
    return {
        "component": "zrc",
        "scopes": ["zaken.lezen"],
        "zaaktype": zaaktype,
        "maxVertrouwelijkheidaanduiding": "intern",
        **more,
    }


def shown(line: Json) -> Json:
    """Return a right as it comes back."""
    names = {"ac": "Autorisaties", "nrc": "Notificaties", "zrc": "Zaken", "ztc": "Catalogi", "drc": "Documenten", "brc": "Besluiten"}  # fmt: skip
    return {**line, "componentWeergave": f"{names[line['component']]} API"}


def applicatie_body(*lines: Json, **more: Any) -> Json:
    """Return a valid body of an application."""
    return {"clientIds": ["zaaksysteem"], "label": "Zaaksysteem", "autorisaties": list(lines), **more}


def made(api: ApiClient, *lines: Json, **more: Any) -> Json:
    """Register an application and return its JSON."""
    found: Json = body_of(api.post("applicaties", applicatie_body(*lines, **more)), 201)
    return found


def given_wide(client_id: str, *rights: access.AutorisatieData) -> str:
    """Admit an application as an administrator does and return its address."""
    record = access.applicatie_by_id(access.create_applicatie(client_id, [client_id], SECRET, False, rights))
    assert record is not None
    return f"http://localhost:8000/{ROOT}/applicaties/{record.uuid}"


def rights_of(client_id: str) -> tuple[access.AutorisatieData, ...]:
    """Return the rights as they are kept."""
    record = access.applicatie_for(client_id)
    assert record is not None
    return record.autorisaties
