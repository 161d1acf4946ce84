"""The catalogue of the demo town: fifteen zaaktypen as data.

Selectielijst numbers and periods are those of the selectielijst 2020 (``number: (uuid of the resultaat, nominatie,
bewaartermijn, afleidingswijze)``). Terms are the legal ones in calendar days; the article stands beside each.
"""

from __future__ import annotations

from dataclasses import dataclass

SELECTIELIJST = "https://selectielijst.openzaak.nl/api/v1"
VERNIETIGEN, BEWAREN = "vernietigen", "blijvend_bewaren"

PROCESTYPEN = {
    "5": "651a1b5b-f84f-4c73-9151-4d485c7dcb99",
    "6": "6d85b4dc-381c-413e-af3c-1e9668f4ea97",
    "7": "75252f24-5840-43db-b6fc-04c9f19261b9",
    "8": "bd1ec0a0-0ecd-4046-8372-dcb6bdfda891",
    "11": "3e1f6d3e-617f-43e1-87be-8bd255ef4745",
    "13": "d4e71ef1-a20f-4023-8023-112002f6327c",
}
"""Selectielijst 2020: number of the procestype -> its uuid."""

RESULTATEN: dict[str, tuple[str, str]] = {
    "5.1": ("ceb821a2-3b5e-421a-ac49-ebc63d15dc29", "P5Y"),
    "5.3": ("423c22eb-1237-4a8b-846d-1cb0a02d74b2", "P1Y"),
    "6.1": ("968dee12-73d3-4b38-933f-5b25005d4ded", "P5Y"),
    "6.2": ("82d2ef7e-a074-42dd-871e-ea8735fee77a", "P1Y"),
    "6.3": ("f9606a6a-51f1-4ea5-a385-f8f14f25e623", "P1Y"),
    "7.1": ("0495bb2e-2f23-4026-a484-946ca59cf2f5", "P5Y"),
    "7.2": ("79e3022f-5264-4b09-b4ae-ba7df013feb5", "P5Y"),
    "8.1.1": ("d97defa2-764f-402c-b3d7-b8db60ae340b", "P15Y"),
    "8.1.5": ("e5769690-6eed-4091-a079-6cac70d987d6", "P10Y"),
    "8.1.8": ("80fb6d54-a88f-4a0a-b98f-eee41c0ba04f", "P7Y"),
    "8.1.14": ("c7a60ae8-11ce-4fc7-b7b7-63b9b0634fcf", "P1Y"),
    "8.2": ("e2068367-1012-4795-984e-72901180ff80", "P5Y"),
    "8.4": ("a3388f94-be2c-440d-a03a-dd31f42bf0bd", "P1Y"),
    "11.1.1": ("183352aa-26d1-4bc3-8bbf-aec3a180ebbb", "P1Y"),
    "11.1.12": ("afd63548-62c9-4299-a6c3-1fb5c754b152", "P1Y"),
    "11.2": ("bcd33d3a-4a34-4143-9569-4d161ea6da6b", "P5Y"),
    "11.4": ("c448d114-c162-4509-9bfb-f699bb302a28", "P1Y"),
    "13.1": ("04c016fb-c7e6-4a77-a214-a504b469bb14", "P5Y"),
    "13.2": ("671e2d55-7416-4d8e-8b99-a2b444044e5a", "P1Y"),
}
"""Selectielijst 2020: number -> (uuid of the resultaat, bewaartermijn); all of these are 'vernietigen'."""

BESTAANSDUUR = {"8.1.14", "11.1.12"}
"""Results whose retention starts when the process object ends; the day is set by hand (``ander_datumkenmerk``)."""


@dataclass(frozen=True)
class Kind:
    """One zaaktype: what it is called, who handles it, its terms, steps, results, documents and decision."""

    identificatie: str
    omschrijving: str
    unit: str
    doorlooptijd: str
    article: str
    servicenorm: str
    level: str
    statuses: tuple[str, ...]
    results: tuple[tuple[str, str], ...]
    documents: tuple[str, ...] = ("Aanvraag", "Bijlage", "Brief")
    besluit: str = ""
    reactietermijn: str = "P42D"
    doel: str = ""


GRANTED = ("Ontvangen", "In behandeling", "Besluit klaar", "Afgerond")
SERVED = ("Ontvangen", "In behandeling", "Afgerond")
INKOMEN = ("Aanvraag", "Bewijs van inkomen", "Bewijs van bedrijf", "Bankafschrift", "Brief", "Besluit")

KINDS: tuple[Kind, ...] = (
    Kind("TOZO", "Tozo: inkomen en lening voor zelfstandigen", "inkomen", "P56D", "Awb 4:13", "P28D", "zaakvertrouwelijk",
         GRANTED, (("Toegekend", "8.1.5"), ("Deels toegekend", "8.1.5"), ("Afgewezen", "8.2"), ("Afgebroken", "8.4")),
         INKOMEN, "Besluit Tozo", doel="Zelfstandigen helpen die door corona te weinig inkomen hebben."),
    Kind("BBZ", "Bijstand voor zelfstandigen", "inkomen", "P91D", "Participatiewet 78f", "P56D", "zaakvertrouwelijk",
         GRANTED, (("Toegekend", "8.1.5"), ("Afgewezen", "8.2"), ("Afgebroken", "8.4")), INKOMEN, "Besluit bijstand"),
    Kind("BIJZONDERE-BIJSTAND", "Bijzondere bijstand", "inkomen", "P56D", "Awb 4:13", "P28D", "zaakvertrouwelijk",
         GRANTED, (("Toegekend", "8.1.5"), ("Afgewezen", "8.2"), ("Afgebroken", "8.4")), INKOMEN, "Besluit bijzondere bijstand"),
    Kind("SUBSIDIE", "Subsidie voor buurt en cultuur", "samenleving", "P91D", "Awb 4:13", "P56D", "intern",
         GRANTED, (("Verstrekt", "8.1.8"), ("Geweigerd", "8.2")), ("Aanvraag", "Begroting", "Brief", "Besluit"), "Besluit subsidie"),
    Kind("WMO", "Melding hulp en ondersteuning (Wmo)", "samenleving", "P42D", "Wmo 2015 2.3.2", "P28D", "vertrouwelijk",
         GRANTED, (("Verstrekt", "8.1.1"), ("Geweigerd", "8.2"), ("Afgebroken", "8.4")), ("Melding", "Verslag", "Brief", "Besluit"), "Besluit Wmo"),
    Kind("GPK", "Gehandicaptenparkeerkaart", "samenleving", "P56D", "Awb 4:13", "P42D", "vertrouwelijk",
         GRANTED, (("Verstrekt", "8.1.14"), ("Geweigerd", "8.2")), ("Aanvraag", "Medisch advies", "Brief", "Besluit"), "Besluit parkeerkaart"),
    Kind("EVENEMENT", "Vergunning voor een evenement", "vergunningen", "P56D", "Awb 4:13", "P42D", "openbaar",
         GRANTED, (("Verleend", "11.1.1"), ("Geweigerd", "11.2"), ("Afgebroken", "11.4")), ("Aanvraag", "Plattegrond", "Brief", "Besluit"), "Evenementenvergunning"),
    Kind("KAP", "Vergunning om een boom te kappen", "vergunningen", "P56D", "Omgevingswet 16.64", "P42D", "openbaar",
         GRANTED, (("Verleend", "11.1.12"), ("Geweigerd", "11.2"), ("Afgebroken", "11.4")), ("Aanvraag", "Foto", "Brief", "Besluit"), "Kapvergunning"),
    Kind("TERRAS", "Vergunning voor een terras", "vergunningen", "P56D", "Awb 4:13", "P42D", "openbaar",
         GRANTED, (("Verleend", "11.1.1"), ("Geweigerd", "11.2")), ("Aanvraag", "Plattegrond", "Brief", "Besluit"), "Terrasvergunning"),
    Kind("PARKEREN", "Parkeervergunning voor bewoners", "publiekszaken", "P28D", "Parkeerverordening", "P7D", "intern",
         SERVED, (("Verleend", "11.1.1"), ("Geweigerd", "11.2")), ("Aanvraag", "Bijlage", "Brief"), "Parkeervergunning"),
    Kind("VERHUIZING", "Verhuizing doorgeven", "publiekszaken", "P28D", "Wet BRP 2.60", "P5D", "zaakvertrouwelijk",
         SERVED, (("Verwerkt", "7.1"), ("Geweigerd", "7.2"))),
    Kind("UITTREKSEL", "Uittreksel uit de BRP", "publiekszaken", "P28D", "Wet BRP 2.55", "P5D", "zaakvertrouwelijk",
         SERVED, (("Geleverd", "5.1"), ("Niet geleverd", "5.3"))),
    Kind("WOO", "Verzoek om informatie (Woo)", "juridisch", "P28D", "Woo 4.4", "P28D", "openbaar",
         GRANTED, (("Ingewilligd", "6.1"), ("Afgewezen", "6.2"), ("Afgebroken", "6.3")), ("Verzoek", "Brief", "Besluit"), "Besluit Woo"),
    Kind("BEZWAAR", "Bezwaar", "juridisch", "P42D", "Awb 7:10", "P42D", "vertrouwelijk",
         GRANTED, (("Afgehandeld", "13.1"), ("Afgebroken", "13.2")), ("Bezwaarschrift", "Verslag", "Brief", "Besluit"), "Besluit op bezwaar"),
    Kind("KLACHT", "Klacht over de gemeente", "juridisch", "P42D", "Awb 9:11", "P28D", "vertrouwelijk",
         SERVED, (("Afgehandeld", "13.1"), ("Afgebroken", "13.2")), ("Klacht", "Brief")),
)  # fmt: skip

UNITS: tuple[tuple[str, str, str | None], ...] = (
    ("oeverveen", "Gemeente Oeverveen", None),
    ("inkomen", "Team Inkomen en Ondernemers", "oeverveen"),
    ("samenleving", "Team Samenleving", "oeverveen"),
    ("vergunningen", "Team Vergunningen", "oeverveen"),
    ("publiekszaken", "Team Publiekszaken", "oeverveen"),
    ("juridisch", "Team Juridische Zaken", "oeverveen"),
    ("informatie", "Team Informatie en Automatisering", "oeverveen"),
)
"""Organisation units: code, name, code of the unit above."""

LEGAL_TERMS: dict[str, tuple[str, str]] = {"WOO": ("termijn:woo-4-4", "P14D"), "BEZWAAR": ("termijn:awb-7-10", "P42D")}
"""Zaaktypen with a term of law of their own: the word that names it, and its longest extension."""

DOMEIN = "OEV"


def catalogue() -> dict[str, object]:
    """Return the whole catalogue as ``catalogi.public.build`` takes it."""
    names = sorted({name for kind in KINDS for name in kind.documents} | {"Samenvatting van de aanvraag"})
    return {
        "domein": DOMEIN,
        "naam": "Zaaktypecatalogus Oeverveen",
        "informatieobjecttypen": [
            {"omschrijving": name, "vertrouwelijkheidaanduiding": "zaakvertrouwelijk"} for name in names
        ],
        "besluittypen": [
            {
                "omschrijving": kind.besluit,
                "reactietermijn": kind.reactietermijn,
                "informatieobjecttypen": ["Besluit", "Brief"],
            }
            for kind in KINDS
            if kind.besluit
        ],
        "zaaktypen": [_zaaktype(kind) for kind in KINDS],
    }


def _zaaktype(kind: Kind) -> dict[str, object]:
    procestype = kind.results[0][1].partition(".")[0]
    last = len(kind.statuses) - 1
    word, extension = LEGAL_TERMS.get(kind.identificatie, ("", "P28D"))
    return {
        "identificatie": kind.identificatie,
        "omschrijving": kind.omschrijving,
        "doel": kind.doel or kind.omschrijving,
        "aanleiding": f"Iemand vraagt om: {kind.omschrijving.lower()}",
        "doorlooptijd": kind.doorlooptijd,
        "servicenorm": kind.servicenorm,
        "vertrouwelijkheidaanduiding": kind.level,
        "verlengingstermijn": extension,
        "trefwoorden": [word] if word else [],
        "selectielijst_procestype": f"{SELECTIELIJST}/procestypen/{PROCESTYPEN[procestype]}",
        "statustypen": [
            {"omschrijving": name, "informeren": place in {0, last}, "statustekst": name}
            for place, name in enumerate(kind.statuses)
        ],
        "resultaattypen": [_resultaattype(name, number) for name, number in kind.results],
        "informatieobjecttypen": [
            {"omschrijving": name, "richting": "uitgaand" if name in {"Brief", "Besluit"} else "inkomend"}
            for name in (*kind.documents, "Samenvatting van de aanvraag")
        ],
        "besluittypen": [kind.besluit] if kind.besluit else [],
    }


def _resultaattype(name: str, number: str) -> dict[str, object]:
    uuid, period = RESULTATEN[number]
    by_hand = {
        "afleidingswijze": "ander_datumkenmerk",
        "datumkenmerk": "einddatum voorziening",
        "objecttype": "overige",
        "registratie": "zaaksysteem",
    }
    return {
        "omschrijving": name,
        "selectielijstklasse": f"{SELECTIELIJST}/resultaten/{uuid}",
        "archiefnominatie": VERNIETIGEN,
        "archiefactietermijn": period,
        "brondatum": by_hand if number in BESTAANSDUUR else {"afleidingswijze": "afgehandeld"},
    }
