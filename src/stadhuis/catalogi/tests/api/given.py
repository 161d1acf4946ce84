"""A catalogue filled through its API, and a selectielijst on another host."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stadhuis.access import public as access
from stadhuis.kit.api.testing import ApiClient, body_of

ROOT = "catalogi/api/v1"
SECRET = "een-geheim-van-minstens-32-tekens!!"
RSIN = "807287684"


def given_applicatie(client_id: str = "alles", *, component: str = "ztc", scopes: tuple[str, ...] = ()) -> ApiClient:
    """Admit an application: with all rights, or with these scopes."""
    rights = [access.AutorisatieData(component, scopes, type_ref="*", max_level=8)] if scopes else []
    access.create_applicatie(client_id, [client_id], SECRET, heeft_alle_autorisaties=not scopes, autorisaties=rights)
    return ApiClient(ROOT, client_id, SECRET)


def made(api: ApiClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make something and return its JSON."""
    found: dict[str, Any] = body_of(api.post(path, body), 201)
    return found


def catalogus_body(**more: Any) -> dict[str, Any]:
    """Return a valid body of a catalogue."""
    return {"domein": "OEV", "rsin": RSIN, "contactpersoonBeheerNaam": "Beheer", **more}


def zaaktype_body(catalogus: dict[str, Any], /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a zaaktype."""
    return {
        "identificatie": "KAP",
        "omschrijving": "Boom kappen",
        "vertrouwelijkheidaanduiding": "openbaar",
        "doel": "Beslissen",
        "aanleiding": "Iemand wil kappen",
        "indicatieInternOfExtern": "extern",
        "handelingInitiator": "aanvragen",
        "onderwerp": "Boom",
        "handelingBehandelaar": "behandelen",
        "doorlooptijd": "P56D",
        "opschortingEnAanhoudingMogelijk": True,
        "verlengingMogelijk": False,
        "publicatieIndicatie": False,
        "productenOfDiensten": [],
        "referentieproces": {"naam": "Vergunning verlenen"},
        "verantwoordelijke": RSIN,
        "catalogus": catalogus["url"],
        "besluittypen": [],
        "deelzaaktypen": [],
        "gerelateerdeZaaktypen": [],
        "beginGeldigheid": "2020-01-01",
        **more,
    }


def informatieobjecttype_body(catalogus: dict[str, Any], /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a type of document."""
    return {
        "catalogus": catalogus["url"],
        "omschrijving": "Kaart",
        "vertrouwelijkheidaanduiding": "openbaar",
        "beginGeldigheid": "2020-01-01",
        "informatieobjectcategorie": "Bijlage",
        **more,
    }


def besluittype_body(catalogus: dict[str, Any], /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a besluittype."""
    return {
        "catalogus": catalogus["url"],
        "omschrijving": "Kapvergunning",
        "publicatieIndicatie": True,
        "informatieobjecttypen": [],
        "beginGeldigheid": "2020-01-01",
        **more,
    }


def part_body(path: str, zaaktype: dict[str, Any], host: str = "", /, **more: Any) -> dict[str, Any]:
    """Return a valid body of a part of a zaaktype; a resultaattype needs the host of a selectielijst."""
    bodies: dict[str, dict[str, Any]] = {
        "statustypen": {"omschrijving": "Ontvangen", "volgnummer": 1},
        "roltypen": {"omschrijving": "Aanvrager", "omschrijvingGeneriek": "initiator"},
        "eigenschappen": {
            "naam": "hoogte",
            "definitie": "in meters",
            "specificatie": {"formaat": "getal", "lengte": "3", "kardinaliteit": "1"},
        },
        "zaakobjecttypen": {
            "anderObjecttype": False,
            "objecttype": "https://objecten.example/boom",
            "relatieOmschrijving": "de boom",
            "catalogus": zaaktype["catalogus"],
        },
        "zaaktype-informatieobjecttypen": {"informatieobjecttype": "Kaart", "volgnummer": 1, "richting": "inkomend"},
        "resultaattypen": {
            "omschrijving": "Verleend",
            "resultaattypeomschrijving": f"{host}/verleend",
            "selectielijstklasse": f"{host}/resultaat",
            "brondatumArchiefprocedure": {"afleidingswijze": "afgehandeld"},
        },
    }
    return {"zaaktype": zaaktype["url"], **bodies[path], **more}


PARTS = (
    "statustypen",
    "roltypen",
    "eigenschappen",
    "zaakobjecttypen",
    "zaaktype-informatieobjecttypen",
    "resultaattypen",
)


@contextmanager
def selectielijst(settings: Any) -> Iterator[str]:
    """Run a selectielijst of somebody else on an allowed host; yields its address."""
    answers: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found or {}).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = f"http://127.0.0.1:{server.server_address[1]}"
    result = {"url": f"{host}/resultaat", "procesType": f"{host}/procestype", "nummer": 1, "naam": "Verleend"}
    answers.update(
        {
            "/procestype": {"url": f"{host}/procestype", "nummer": 1, "jaar": 2020, "naam": "Instellen"},
            "/resultaat": {**result, "waardering": "vernietigen", "bewaartermijn": "P5Y", "procestermijn": "nihil"},
            "/bestaansduur": {
                **result, "waardering": "vernietigen", "bewaartermijn": "P10Y",
                "procestermijn": "ingeschatte_bestaansduur_procesobject",
            },
            "/vrij": {**result, "waardering": "blijvend_bewaren", "bewaartermijn": None, "procestermijn": ""},
            "/verleend": {"url": f"{host}/verleend", "omschrijving": "Verleend", "definitie": "Het is verleend"},
            "/iets": {"url": f"{host}/iets"},
        }
    )  # fmt: skip
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.API_ALLOWED_HOSTS = [host.removeprefix("http://")]
    settings.OUTSIDE_TIMEOUT_SECONDS = 2
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
