"""Fill a town hall that is to be a source: a process of its own, ``python -m stadhuis.takeover.tests.town --zaken 60``.

Every kind of object that the registers know, made by the rooms' own deeds; what the API writes without a deed by its tables.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta
from typing import Any

from stadhuis.kit.starting import start_django

APPLICATION, SECRET = "overname", "overname-geheim-van-minstens-32-tekens"
DAY = datetime(2024, 3, 1, 9, tzinfo=UTC)
ELSEWHERE = "https://elders.example"
PERIOD = 20
"""Every so many zaken one has what is rare."""


def main() -> None:
    """Fill it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--zaken", type=int, default=60)
    given = parser.parse_args()
    start_django()
    fill(given.zaken)


def fill(count: int) -> None:
    """Make the catalogue, the application that may read everything, and the zaken."""
    from django.db import transaction

    from stadhuis.access import public as access
    from stadhuis.kit.memory import remembering

    with transaction.atomic():
        access.create_applicatie("Overname", [APPLICATION], SECRET, heeft_alle_autorisaties=True)
        zaaktype = _catalogue()
    earlier: list[int] = []
    with remembering():
        for place in range(count):
            with transaction.atomic():
                earlier.append(_zaak(place, zaaktype, earlier))


def _catalogue() -> Any:
    from stadhuis.catalogi import public as catalogi
    from stadhuis.catalogi.tests.givens import catalogus_data

    data = catalogus_data(domein="BRON", identificatie="MELDING")
    first = data["zaaktypen"][0]
    first["eigenschappen"] = ["iban", {"naam": "bedrag", "formaat": "getal", "lengte": "8"}]
    first["besluittypen"] = ["Vergunning"]
    first["deelzaaktypen"] = ["ADVIES"]
    first["gerelateerde_zaaktypen"] = [{"identificatie": "ADVIES", "aard_relatie": "bijdrage"}]
    first["zaakobjecttypen"] = [{"objecttype": f"{ELSEWHERE}/objecttypen/1", "relatie_omschrijving": "gaat over"}]
    first["informatieobjecttypen"] = ["Aanvraag", {"omschrijving": "Besluit", "richting": "uitgaand"}]
    later = {**first, "begin_geldigheid": date(2030, 1, 1), "omschrijving": "Melding, later", "concept": True}
    other = {
        "identificatie": "ADVIES", "omschrijving": "Advies", "doorlooptijd": "P14D", "statustypen": ["Gevraagd", "Gegeven"],
    }  # fmt: skip
    data["zaaktypen"] = [first, later, other]
    catalogi.build(data)
    return catalogi.zaaktype("BRON:MELDING")


def _zaak(place: int, zaaktype: Any, earlier: list[int]) -> int:
    from stadhuis.besluiten import public as besluiten
    from stadhuis.documenten import public as documenten
    from stadhuis.people.public import SYSTEM
    from stadhuis.takeover.tests.openzaak import bsn
    from stadhuis.zaken import public as zaken
    from stadhuis.zaken.models import RelevanteZaak, Zaak

    rare = place % PERIOD
    zaak = zaken.create_zaak(
        zaken.NewZaak(
            zaaktype_id=zaaktype.id, omschrijving=f"Zaak {place}", toelichting="Regel één\nRegel twee", startdatum=date(2024, 3, 1),
            zaakgeometrie={"type": "Point", "coordinates": [4.9, 52.37 + place / 1e5]} if place % 2 else None,
            eigenschappen={"iban": f"NL{place:016d}"}, kenmerken=((f"K{place}", "Oud"),),
            hoofdzaak_id=earlier[0] if rare == 1 and earlier else None,
        ),
        by=SYSTEM,
        rollen=[_rol(place, bsn(place))],
    )  # fmt: skip
    zaken.add_status(zaak.id, zaaktype.statustypen[0].id, datum_status_gezet=DAY, by=SYSTEM)
    document = _document(place, zaaktype)
    zaken.link_document(zaak.id, document.id, titel="Bijlage", by=SYSTEM)
    _pieces(place, zaak.id, zaaktype)
    if rare == 2 and earlier:
        zaken.relate_zaak(zaak.id, earlier[-1], by=SYSTEM)
        RelevanteZaak.objects.create(
            zaak_id=zaak.id, url=f"{ELSEWHERE}/zaken/api/v1/zaken/{zaak.uuid}", aard_relatie="vervolg"
        )
    if place % 4 == 0:
        besluit = besluiten.create_besluit(
            besluiten.NewBesluit(
                besluittype_id=zaaktype.besluittype("Vergunning").id, zaak_id=zaak.id, datum=date(2024, 3, 20),
                ingangsdatum=date(2024, 4, 1), toelichting="Verleend",
            ),
            by=SYSTEM,
        )  # fmt: skip
        letter = _document(place, zaaktype, kind="Besluit")
        besluiten.link_document(besluit.id, letter.id, by=SYSTEM)
    if place % 3 == 0:
        zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
        zaken.add_status(zaak.id, zaaktype.eindstatus.id, datum_status_gezet=DAY + timedelta(days=30), by=SYSTEM)
    if rare == 3:
        documenten.lock_document(document.uuid, by=SYSTEM)
    Zaak.objects.filter(pk=zaak.id).update(registratiedatum=date(2024, 3, 1))
    return zaak.id


def _rol(place: int, number: str) -> Any:
    from stadhuis.people import public as people
    from stadhuis.zaken import public as zaken

    if place % 5 == 4:
        return zaken.NewRol(
            betrokkene_type="vestiging", omschrijving_generiek="initiator",
            identificatie={"vestigingsNummer": f"{place:012d}", "handelsnaam": ["Bakkerij"], "kvkNummer": ""},
        )  # fmt: skip
    if place % 5 == 3:
        return zaken.NewRol(
            betrokkene_type="natuurlijk_persoon", omschrijving_generiek="initiator",
            betrokkene=f"{ELSEWHERE}/personen/{place}", contactpersoon_naam="Jan",
        )  # fmt: skip
    return zaken.NewRol(
        betrokkene_type="natuurlijk_persoon", omschrijving_generiek="initiator", person_id=people.person_for_bsn(number),
        identificatie={"geslachtsnaam": f"Vries {place}", "voornamen": "Jan", "geboortedatum": "1980-01-01"},
        naam=f"Jan de Vries {place}",
    )  # fmt: skip


def _document(place: int, zaaktype: Any, kind: str = "Aanvraag") -> Any:
    from stadhuis.documenten import public as documenten
    from stadhuis.documenten.models import Gebruiksrecht, Verzending
    from stadhuis.kit import files
    from stadhuis.people.public import SYSTEM

    stored = files.receive_many([f"{kind} {place}: ".encode() * (50 + place % 200)], media_type="text/plain")[0]
    made = documenten.create_document(
        documenten.NewDocument(
            informatieobjecttype_id=zaaktype.informatieobjecttype(kind).id, titel=f"{kind} {place}", auteur="Jan",
            bestandsnaam="brief.txt", formaat="text/plain", file=stored.uuid, creatiedatum=date(2024, 3, 1),
            trefwoorden=("bouw",),
        ),
        by=SYSTEM,
    )  # fmt: skip
    if place % PERIOD in (5, 6):
        lock = documenten.lock_document(made.uuid, by=SYSTEM)
        changes: dict[str, Any] = {"titel": f"{kind} {place}, herzien"}
        if place % PERIOD == 5:
            changes["file_id"] = files.receive_many([f"herzien {place}".encode()], media_type="text/plain")[0].uuid
        documenten.new_version(made.uuid, changes, lock=lock, by=SYSTEM)
        documenten.unlock_document(made.uuid, lock=lock, by=SYSTEM)
    if place % PERIOD == 7:
        Gebruiksrecht.objects.create(document_id=made.id, startdatum=DAY, omschrijving_voorwaarden="Alleen voor ons")
        Verzending.objects.create(
            document_id=made.id, betrokkene=f"{ELSEWHERE}/rollen/1", aard_relatie="geadresseerde", emailadres="a@example.org",
            contact_persoon=f"{ELSEWHERE}/personen/1", verzenddatum=date(2024, 3, 2),
        )  # fmt: skip
    return made


def _pieces(place: int, zaak_id: int, zaaktype: Any) -> None:
    from stadhuis.people.public import SYSTEM
    from stadhuis.zaken import public as zaken
    from stadhuis.zaken.models import (
        Klantcontact,
        Zaakbesluit,
        Zaakcontactmoment,
        Zaakinformatieobject,
        Zaakobject,
        Zaakverzoek,
    )

    Zaakobject.objects.create(
        zaak_id=zaak_id, object_type="adres", relatieomschrijving="Adres",
        object_identificatie={"identificatie": f"{place}", "wplWoonplaatsNaam": "Town", "gorOpenbareRuimteNaam": "Straat", "huisnummer": 1},
    )  # fmt: skip
    rare = place % PERIOD
    if rare == 8:
        Klantcontact.objects.create(zaak_id=zaak_id, identificatie=f"K{place:011d}", datumtijd=DAY, kanaal="balie")
        Zaakverzoek.objects.create(zaak_id=zaak_id, verzoek=f"{ELSEWHERE}/verzoeken/{place}")
        Zaakcontactmoment.objects.create(zaak_id=zaak_id, contactmoment=f"{ELSEWHERE}/contactmomenten/{place}")
    if rare == 9:
        zaken.add_note(zaak_id, "Even gebeld", by=SYSTEM)
        Zaakbesluit.objects.create(zaak_id=zaak_id, besluit_url=f"{ELSEWHERE}/besluiten/{place}")
        Zaakinformatieobject.objects.create(
            zaak_id=zaak_id, informatieobject_url=f"{ELSEWHERE}/documenten/{place}", registratiedatum=DAY
        )
    if rare == 10:
        zaken.extend(zaak_id, duur="P14D", reden="Druk", by=SYSTEM)
        Zaakobject.objects.create(
            zaak_id=zaak_id, object_type="overige", object_type_overige="boom", object=f"{ELSEWHERE}/bomen/1"
        )


if __name__ == "__main__":
    main()
