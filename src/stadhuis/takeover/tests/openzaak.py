"""A provider in the style of the field's usual one, of our own making: pages with ``next``, null where it gives null, its own
order of keys, keys that the standard does not have, lists without pages, addresses on its own host.

A small town that is the same every time. Run as a process of its own with ``python -m stadhuis.takeover.tests.openzaak``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from stadhuis.kit.api.shapes import passes_eleven_test

CLIENT, SECRET = "stadhuis", "een-geheim-van-minstens-tweeendertig-tekens"
RSIN = "000000000"
PAGED = 10
WITHOUT_PAGES = {
    "gebruiksrechten", "zaakcontactmomenten", "zaakverzoeken", "zaakinformatieobjecten", "besluitinformatieobjecten",
    "objectinformatieobjecten",
}  # fmt: skip
ELSEWHERE = "https://elders.example/objecten/api/v2/objects/7f1c2c3a-0000-4000-8000-000000000001"


def number(*words: object) -> UUID:
    """Return a uuid that is the same every time."""
    return uuid5(NAMESPACE_URL, "/".join(map(str, words)))


def bsn(place: int) -> str:
    """Return a number that passes the eleven-test."""
    start = 900_000_000 + place * 13
    return next(str(one) for one in range(start, start + 100) if passes_eleven_test(str(one)))


class Town:
    """What the provider holds: path -> objects, newest first as it lists them; and bytes of documents."""

    def __init__(self, base: str, zaken: int = 60) -> None:
        self.base = base
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.nested: dict[str, list[dict[str, Any]]] = {}
        self.versions: dict[tuple[str, int], dict[str, Any]] = {}
        self.bytes: dict[tuple[str, int], bytes] = {}
        self._catalogue()
        for place in range(zaken):
            self.zaak(place)
        self._between_zaken()
        self._applications()

    def url(self, api: str, path: str, *words: object) -> str:
        """Return the address of an object."""
        return f"{self.base}/{api}/api/v1/{path}/{number(path, *words)}"

    def add(self, api: str, path: str, *words: object, **body: Any) -> dict[str, Any]:
        """Add an object; returns it."""
        made = {**body, "url": self.url(api, path, *words)}
        self.lists.setdefault(f"{api}/{path}", []).insert(0, made)
        return made

    def at(self, url: str) -> dict[str, Any]:
        """Return an object by its address."""
        return next(
            one for objects in (*self.lists.values(), *self.nested.values()) for one in objects if one["url"] == url
        )

    # -- the catalogue --
    def _catalogue(self) -> None:
        self.catalogus = self.add(
            "catalogi", "catalogussen", 1, naam="Algemeen", domein="OZ", rsin="002564440", versie="", begindatumVersie=None,
            contactpersoonBeheerNaam="Beheer", contactpersoonBeheerTelefoonnummer="", contactpersoonBeheerEmailadres="",
            zaaktypen=[], besluittypen=[], informatieobjecttypen=[],
        )["url"]  # fmt: skip
        period = {"beginGeldigheid": "2020-01-01", "eindeGeldigheid": None, "beginObject": None, "eindeObject": None}
        self.iot = self.add(
            "catalogi", "informatieobjecttypen", 1, catalogus=self.catalogus, omschrijving="Brief", concept=False,
            vertrouwelijkheidaanduiding="openbaar", informatieobjectcategorie="Zaakdocument", trefwoord=[],
            omschrijvingGeneriek={
                "informatieobjecttypeOmschrijvingGeneriek": "", "definitieInformatieobjecttypeOmschrijvingGeneriek": "",
                "herkomstInformatieobjecttypeOmschrijvingGeneriek": "",
                "hierarchieInformatieobjecttypeOmschrijvingGeneriek": "",
                "opmerkingInformatieobjecttypeOmschrijvingGeneriek": "",
            },
            besluittypen=[], zaaktypen=[], **period,
        )["url"]  # fmt: skip
        self.zaaktype, deel = self.url("catalogi", "zaaktypen", 1), self.url("catalogi", "zaaktypen", 2)
        self.besluittype = self.add(
            "catalogi", "besluittypen", 1, catalogus=self.catalogus, zaaktypen=[self.zaaktype], omschrijving="Verlening",
            omschrijvingGeneriek="", besluitcategorie="", reactietermijn="P42D", publicatieIndicatie=False,
            publicatietekst="", publicatietermijn=None, toelichting="", informatieobjecttypen=[self.iot], concept=False,
            resultaattypen=[], resultaattypenOmschrijving=[], vastgelegdIn=[], **period,
        )["url"]  # fmt: skip
        for one, naam, deelzaaktypen in ((1, "Vergunning", [deel]), (2, "Advies", [])):
            self.add(
                "catalogi", "zaaktypen", one, identificatie=f"OZ-{one}", omschrijving=naam, omschrijvingGeneriek="",
                vertrouwelijkheidaanduiding="openbaar", doel="Doel", aanleiding="Aanleiding", toelichting="",
                indicatieInternOfExtern="extern", handelingInitiator="aanvragen", onderwerp="Vergunning",
                handelingBehandelaar="behandelen", doorlooptijd="P56D", servicenorm=None,
                opschortingEnAanhoudingMogelijk=True, verlengingMogelijk=False, verlengingstermijn=None, trefwoorden=[],
                publicatieIndicatie=False, publicatietekst="", verantwoordingsrelatie=[], productenOfDiensten=[],
                selectielijstProcestype="https://selectielijst.openzaak.nl/api/v1/procestypen/e1b73b12-b2f6-4c4e-8929-94f84dd2a57d",
                referentieproces={"naam": "Vergunning", "link": ""}, concept=False, verantwoordelijke="002564440",
                broncatalogus={"url": "", "domein": "", "rsin": ""}, catalogus=self.catalogus,
                bronzaaktype={"url": "", "identificatie": "", "omschrijving": ""}, besluittypen=[self.besluittype],
                deelzaaktypen=deelzaaktypen, versiedatum="2020-01-01", zaakobjecttypen=[],
                gerelateerdeZaaktypen=[{"zaaktype": deel, "aardRelatie": "bijdrage", "toelichting": ""}] if one == 1 else [],
                **period,
            )  # fmt: skip
        part = {"zaaktype": self.zaaktype, "catalogus": self.catalogus, "zaaktypeIdentificatie": "OZ-1"}
        none = dict.fromkeys(("beginGeldigheid", "eindeGeldigheid", "beginObject", "eindeObject"))
        self.statustypen = [
            self.add(
                "catalogi", "statustypen", place, omschrijving=naam, omschrijvingGeneriek="", statustekst="",
                volgnummer=place, isEindstatus=place == 2, informeren=False, doorlooptijd=None, toelichting=None,
                checklistitemStatustype=[], eigenschappen=[], **part, **none,
            )["url"]
            for place, naam in ((1, "Ontvangen"), (2, "Afgehandeld"))
        ]  # fmt: skip
        self.eigenschap = self.add(
            "catalogi", "eigenschappen", 1, naam="bedrag", definitie="Bedrag", toelichting="", statustype=None,
            specificatie={"groep": "", "formaat": "getal", "lengte": "8", "kardinaliteit": "1", "waardenverzameling": []},
            **part, **none,
        )["url"]  # fmt: skip
        self.roltype = self.add(
            "catalogi", "roltypen", 1, omschrijving="Aanvrager", omschrijvingGeneriek="initiator", **part, **none
        )["url"]
        self.resultaattype = self.add(
            "catalogi", "resultaattypen", 1, omschrijving="Verleend", omschrijvingGeneriek="Verleend", toelichting="",
            resultaattypeomschrijving="https://referentielijsten-api.vng.cloud/api/v1/resultaattypeomschrijvingen/ce8cf476-0b59-496f-8eee-957a7c6e2506",
            selectielijstklasse="https://selectielijst.openzaak.nl/api/v1/resultaten/cc5ae4e3-a9e6-4386-bcee-46be4986a829",
            archiefnominatie="vernietigen", archiefactietermijn="P7Y", procesobjectaard="", procestermijn=None,
            indicatieSpecifiek=None, besluittypen=[self.besluittype], besluittypeOmschrijving=["Verlening"],
            informatieobjecttypen=[], informatieobjecttypeOmschrijving=[],
            brondatumArchiefprocedure={
                "afleidingswijze": "afgehandeld", "datumkenmerk": "", "einddatumBekend": False, "objecttype": "",
                "registratie": "", "procestermijn": None,
            },
            **part, **none,
        )["url"]  # fmt: skip
        self.add(
            "catalogi", "zaaktype-informatieobjecttypen", 1, volgnummer=1, richting="inkomend", statustype=None,
            informatieobjecttype=self.iot, **part,
        )  # fmt: skip

    # -- zaken --
    def zaak(self, place: int) -> dict[str, Any]:
        """Add a zaak with all that hangs on it."""
        zaak = self.url("zaken", "zaken", place)
        parts = {path: self.url("zaken", path, place) for path in ("rollen", "zaakinformatieobjecten", "zaakobjecten")}
        closed = place % 4 == 0
        status = self.url("zaken", "statussen", place, int(closed))
        made = self.add(
            "zaken", "zaken", place, uuid=str(number("zaken", place)), identificatie=f"ZAAK-2024-{place:010d}",
            bronorganisatie="002564440", omschrijving=f"Vergunning {place}", toelichting="", zaaktype=self.zaaktype,
            registratiedatum="2024-03-01", verantwoordelijkeOrganisatie="002564440", startdatum="2024-03-01",
            einddatum="2024-04-01" if closed else None, einddatumGepland=None, uiterlijkeEinddatumAfdoening="2024-04-26",
            publicatiedatum=None, communicatiekanaal="", communicatiekanaalNaam="", productenOfDiensten=[],
            vertrouwelijkheidaanduiding="openbaar", betalingsindicatie="", betalingsindicatieWeergave="",
            laatsteBetaaldatum=None, zaakgeometrie={"type": "Point", "coordinates": [4.9 + place / 1000, 52.37]},
            verlenging={"reden": "", "duur": None}, selectielijstklasse="",
            opschorting={"indicatie": False, "eerdereOpschorting": False, "reden": ""}, hoofdzaak=None, deelzaken=[],
            relevanteAndereZaken=[], eigenschappen=[f"{zaak}/zaakeigenschappen/{number('eigenschap', place)}"],
            rollen=[parts["rollen"]], status=status, zaakinformatieobjecten=[parts["zaakinformatieobjecten"]],
            zaakobjecten=[parts["zaakobjecten"]], kenmerken=[{"kenmerk": f"K{place}", "bron": "Oud"}],
            archiefnominatie="vernietigen" if closed else None, archiefstatus="nog_te_archiveren",
            archiefactiedatum="2031-04-01" if closed else None,
            resultaat=self.url("zaken", "resultaten", place) if closed else None, opdrachtgevendeOrganisatie="",
            processobjectaard="", startdatumBewaartermijn=None,
            processobject={"datumkenmerk": "", "identificatie": "", "objecttype": "", "registratie": ""},
        )  # fmt: skip
        self._rol(place, zaak)
        for step in range(int(closed) + 1):
            self.add(
                "zaken", "statussen", place, step, uuid=str(number("statussen", place, step)), zaak=zaak,
                statustype=self.statustypen[step], datumStatusGezet=f"2024-03-0{step + 1}T09:00:00.12345{step}Z",
                statustoelichting="", indicatieLaatstGezetteStatus=step == int(closed), gezetdoor=parts["rollen"] if step else "",
                zaakinformatieobjecten=[],
            )  # fmt: skip
        if closed:
            self.add(
                "zaken", "resultaten", place, uuid=str(number("resultaten", place)), zaak=zaak,
                resultaattype=self.resultaattype, toelichting="",
            )  # fmt: skip
        self.add(
            "zaken", "zaakobjecten", place, uuid=str(number("zaakobjecten", place)), zaak=zaak, object=ELSEWHERE,
            zaakobjecttype=None, objectType="overige", objectTypeOverige="boom", objectTypeOverigeDefinitie=None,
            relatieomschrijving="", objectIdentificatie=None,
        )  # fmt: skip
        self.nested[f"{zaak}/zaakeigenschappen"] = [
            {
                "url": f"{zaak}/zaakeigenschappen/{number('eigenschap', place)}", "uuid": str(number("eigenschap", place)),
                "zaak": zaak, "eigenschap": self.eigenschap, "naam": "bedrag", "waarde": "1",
            }
        ]  # fmt: skip
        self.nested[f"{zaak}/besluiten"] = []
        self._document(place, zaak, status)
        if closed:
            self._besluit(place, zaak)
        self.add(
            "zaken", "klantcontacten", place, uuid=str(number("klantcontacten", place)), zaak=zaak,
            identificatie=f"K{place:011d}", datumtijd="2024-03-02T10:00:00Z", kanaal="balie", onderwerp="", toelichting="",
        )  # fmt: skip
        return made

    def _rol(self, place: int, zaak: str) -> None:
        self.add(
            "zaken", "rollen", place, uuid=str(number("rollen", place)), zaak=zaak, betrokkene="",
            betrokkeneType="natuurlijk_persoon", afwijkendeNaamBetrokkene="", roltype=self.roltype,
            omschrijving="Aanvrager", omschrijvingGeneriek="initiator", roltoelichting="", statussen=[],
            registratiedatum="2024-03-01T08:00:00Z", indicatieMachtiging="",
            contactpersoonRol={"emailadres": "", "functie": "", "telefoonnummer": "", "naam": ""},
            beginGeldigheid=None, eindeGeldigheid=None,
            betrokkeneIdentificatie={
                "inpBsn": bsn(place), "anpIdentificatie": "", "inpA_nummer": "", "geslachtsnaam": f"Jansen{place}",
                "voorvoegselGeslachtsnaam": "", "voorletters": "J.", "voornamen": "Jan", "geslachtsaanduiding": "",
                "geboortedatum": "", "verblijfsadres": None, "subVerblijfBuitenland": None,
            },
        )  # fmt: skip

    def _document(self, place: int, zaak: str, status: str) -> None:
        path, uuid = "enkelvoudiginformatieobjecten", str(number("enkelvoudiginformatieobjecten", place))
        url, newest = self.url("documenten", path, place), 2 if place % 3 == 0 else 1
        body: dict[str, Any] = {}
        for version in range(1, newest + 1):
            content = f"brief {place} versie {version} ".encode() * (1 + place)
            self.bytes[uuid, version] = content
            body = {
                "url": url, "identificatie": f"DOCUMENT-2024-{place:010d}", "bronorganisatie": "002564440",
                "creatiedatum": "2024-03-01", "titel": f"Brief {place}, {version}", "taal": "nld",
                "vertrouwelijkheidaanduiding": "openbaar", "auteur": "Jan", "status": "", "formaat": "text/plain",
                "versie": version, "beginRegistratie": f"2024-03-0{version}T09:00:00Z", "bestandsnaam": "brief.txt",
                "inhoud": f"{url}/download?versie={version}", "bestandsomvang": len(content), "link": "",
                "beschrijving": "", "ontvangstdatum": None, "verzenddatum": None, "indicatieGebruiksrecht": None,
                "verschijningsvorm": "", "ondertekening": {"soort": "", "datum": None},
                "integriteit": {
                    "algoritme": "sha_256", "waarde": hashlib.sha256(content).hexdigest(), "datum": "2024-03-01",
                } if place % 2 else {"algoritme": "", "waarde": "", "datum": None},
                "informatieobjecttype": self.iot, "locked": place % 10 == 3, "bestandsdelen": [], "trefwoorden": [],
                "inhoudIsVervallen": None,
            }  # fmt: skip
            self.versions[uuid, version] = body
        self.lists.setdefault(f"documenten/{path}", []).insert(0, body)
        self.add(
            "zaken", "zaakinformatieobjecten", place, uuid=str(number("zaakinformatieobjecten", place)),
            informatieobject=url, zaak=zaak, aardRelatieWeergave="Hoort bij, omgekeerd: kent", titel="", beschrijving="",
            registratiedatum="2024-03-01T08:30:00Z", vernietigingsdatum=None, status=status,
        )  # fmt: skip
        self.add("documenten", "objectinformatieobjecten", place, informatieobject=url, object=zaak, objectType="zaak")

    def _besluit(self, place: int, zaak: str) -> None:
        besluit = self.add(
            "besluiten", "besluiten", place, identificatie=f"BESLUIT-2024-{place:010d}",
            verantwoordelijkeOrganisatie="002564440", besluittype=self.besluittype, zaak=zaak, datum="2024-03-30",
            toelichting="", bestuursorgaan="", ingangsdatum="2024-04-01", vervaldatum=None, vervalreden="",
            vervalredenWeergave="", publicatiedatum=None, verzenddatum=None, uiterlijkeReactiedatum=None,
        )["url"]  # fmt: skip
        self.nested[f"{zaak}/besluiten"].append(
            {
                "url": f"{zaak}/besluiten/{number('zaakbesluit', place)}",
                "uuid": str(number("zaakbesluit", place)),
                "besluit": besluit,
            }
        )
        document = self.url("documenten", "enkelvoudiginformatieobjecten", place)
        self.add("besluiten", "besluitinformatieobjecten", place, informatieobject=document, besluit=besluit)
        self.add(
            "documenten", "objectinformatieobjecten", place, "besluit", informatieobject=document, object=besluit,
            objectType="besluit",
        )  # fmt: skip

    def _between_zaken(self) -> None:
        zaken = self.lists["zaken/zaken"]
        if len(zaken) > 2:
            # Newest first: the hoofdzaak is met after its deelzaak, and two zaken name each other.
            zaken[0]["hoofdzaak"] = zaken[-1]["url"]
            zaken[-1]["deelzaken"] = [zaken[0]["url"]]
            for one, other in ((zaken[1], zaken[2]), (zaken[2], zaken[1])):
                one["relevanteAndereZaken"] = [{"url": other["url"], "aardRelatie": "onderwerp"}]
            zaken[1]["relevanteAndereZaken"].append(
                {"url": "https://elders.example/zaken/api/v1/zaken/" + str(number("elders")), "aardRelatie": "vervolg"}
            )

    def _applications(self) -> None:
        self.add(
            "autorisaties", "applicaties", 1, clientIds=["portaal"], label="Portaal", heeftAlleAutorisaties=False,
            autorisaties=[
                {
                    "applicatie": self.url("autorisaties", "applicaties", 1), "component": "zrc",
                    "componentWeergave": "Zaken API", "scopes": ["zaken.lezen"], "zaaktype": self.zaaktype,
                    "maxVertrouwelijkheidaanduiding": "openbaar",
                },
                {"component": "cmc", "scopes": ["contactmomenten.lezen"]},
            ],
        )  # fmt: skip


Fault = Callable[[str], tuple[int, bytes, dict[str, str]] | None]


class OpenZaak:
    """The provider on a port. ``fault`` may answer a request (path with query) in its place."""

    def __init__(self, port: int = 0, *, zaken: int = 60, page_size: int = PAGED) -> None:
        self.asked: list[str] = []
        self.fault: Fault = lambda path: None
        self.page_size = page_size
        handler = type("Bound", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])
        self.base = f"http://127.0.0.1:{self.port}"
        self.town = Town(self.base, zaken)

    def start(self) -> OpenZaak:
        """Serve in the background."""
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def answer(self, target: str, crs: str | None) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers of a GET."""
        self.asked.append(target)
        if (broken := self.fault(target)) is not None:
            return broken
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        api, _, rest = parts.path.strip("/").partition("/api/v1/")
        if api == "zaken" and rest.split("/")[0] == "zaken" and "/" not in rest and crs is None:
            return 406, b"{}", {}
        return self._found(api, rest, query)

    def _found(self, api: str, rest: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        words = rest.split("/")
        if len(words) == 3 and words[2] == "download":
            content = self.town.bytes.get((words[1], int(query["versie"])))
            return (
                (200, content, {"Content-Type": "application/octet-stream"})
                if content is not None
                else (404, b"{}", {})
            )
        url = f"{self.town.base}/{api}/api/v1/{rest}"
        if url in self.town.nested:
            return _json(self.town.nested[url])
        if len(words) == 1:
            return self._list(api, words[0], query)
        if "versie" in query:
            found = self.town.versions.get((words[1], int(query["versie"])))
            return _json(found) if found else (404, b"{}", {})
        try:
            return _json(self.town.at(url))
        except StopIteration:
            return 404, b"{}", {}

    def _list(self, api: str, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        objects = self.town.lists.get(f"{api}/{path}", [])
        for key in ("zaak", "besluit", "informatieobject"):
            if key in query:
                objects = [one for one in objects if one.get(key) == query[key]]
        if path in WITHOUT_PAGES:
            return _json(objects)
        if query.get("ordering") == "identificatie":
            objects = sorted(objects, key=lambda one: one["identificatie"])
        page = int(query.get("page", "1"))
        first = (page - 1) * self.page_size
        if page > 1 and first >= len(objects):
            return 404, b"{}", {}
        more = first + self.page_size < len(objects)
        following = f"{self.town.base}/{api}/api/v1/{path}?page={page + 1}" if more else None
        shown = objects[first : first + self.page_size]
        return _json({"count": len(objects), "next": following, "previous": None, "results": shown})


def _json(value: Any) -> tuple[int, bytes, dict[str, str]]:
    return 200, json.dumps(value).encode(), {"Content-Type": "application/json"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body go out together
    provider: OpenZaak

    def do_GET(self) -> None:
        if not _is_signed(self.headers.get("Authorization", "")):
            self._say(401, b"{}", {})
            return
        self._say(*self.provider.answer(self.path, self.headers.get("Accept-Crs")))

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def _is_signed(header: str) -> bool:
    body, _, signature = header.removeprefix("Bearer ").rpartition(".")
    wanted = base64.urlsafe_b64encode(hmac.digest(SECRET.encode(), body.encode(), "sha256")).rstrip(b"=").decode()
    return bool(body) and hmac.compare_digest(wanted, signature)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--zaken", type=int, default=60)
    parser.add_argument("--page-size", type=int, default=PAGED)
    given = parser.parse_args()
    OpenZaak(given.port, zaken=given.zaken, page_size=given.page_size).start()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
