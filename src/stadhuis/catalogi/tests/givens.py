"""Valid catalogues for tests of all rooms."""

from __future__ import annotations

from typing import Any

from stadhuis.catalogi import public as catalogi

SELECTIELIJST = "https://selectielijst.example/api/v1/resultaten/1"


def catalogus_data(
    *,
    domein: str = "TEST",
    identificatie: str = "MELDING",
    resultaattypen: list[dict[str, Any]] | None = None,
    **zaaktype: Any,
) -> dict[str, Any]:
    """Return the data of a small catalogue: three steps, two outcomes, three types of document, one of decision."""
    return {
        "domein": domein,
        "rsin": "807287684",
        "naam": "Testcatalogus",
        "informatieobjecttypen": [
            "Aanvraag",
            "Besluit",
            {"omschrijving": "Advies", "vertrouwelijkheidaanduiding": "geheim"},
        ],
        "besluittypen": [
            {"omschrijving": "Vergunning", "reactietermijn": "P42D", "informatieobjecttypen": ["Besluit"]},
            {"omschrijving": "Ontheffing"},
        ],
        "zaaktypen": [
            {
                "identificatie": identificatie,
                "omschrijving": "Melding doen",
                "doorlooptijd": "P56D",
                "servicenorm": "P28D",
                "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
                "verlengingstermijn": "P28D",
                "statustypen": [
                    {"omschrijving": "Ontvangen", "informeren": True, "statustekst": "We hebben uw melding."},
                    "In behandeling",
                    {"omschrijving": "Afgerond", "informeren": True},
                ],
                "resultaattypen": resultaattypen
                or [
                    given_resultaattype_data(),
                    given_resultaattype_data(omschrijving="Afgewezen", archiefactietermijn="P1Y"),
                ],
                "informatieobjecttypen": ["Aanvraag", {"omschrijving": "Besluit", "richting": "uitgaand"}],
                "besluittypen": ["Vergunning"],
                "eigenschappen": ["kenteken", {"naam": "einde", "formaat": "datum"}],
                **zaaktype,
            }
        ],
    }


def given_resultaattype_data(**wanted: Any) -> dict[str, Any]:
    """Return the data of an outcome that is destroyed ten years after the zaak was handled."""
    return {
        "omschrijving": "Toegekend",
        "selectielijstklasse": SELECTIELIJST,
        "archiefnominatie": "vernietigen",
        "archiefactietermijn": "P10Y",
        "brondatum": {"afleidingswijze": "afgehandeld"},
        **wanted,
    }


def given_zaaktype(**wanted: Any) -> catalogi.ZaaktypeRecord:
    """Build a catalogue and return its zaaktype."""
    data = catalogus_data(**wanted)
    catalogi.build(data)
    return catalogi.zaaktype(
        f"{data['domein']}:{data['zaaktypen'][0]['identificatie']}", on=wanted.get("begin_geldigheid")
    )
