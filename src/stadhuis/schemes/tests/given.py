"""A valid application for Tozo 4, of which a test names only what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from stadhuis.schemes.public import TozoInputs


def given_answers(**changes: Any) -> dict[str, Any]:
    """Answers of a single self-employed resident who asks for three months and a loan; None removes an answer."""
    answers: dict[str, Any] = {
        "naam": "R. Rietveld",
        "geboortedatum": "1984-02-29",
        "woonland": "Nederland",
        "partnerUitBrp": "nee",
        "kvkNummer": "68750110",
        "startdatumBedrijf": "2015-09-01",
        "vestigingsland": "nl",
        "urencriterium": "ja",
        "leefsituatie": "alleen",
        "kinderen": "nee",
        "watAanvragen": {"levensonderhoud": True, "bedrijfskapitaal": True},
        "eersteMaand": "2021-04",
        "aantalMaanden": 3,
        "winstPerMaand": 500,
        "andereInkomsten": "125.50",
        "leningBedrag": "4000",
        "leningReden": "De huur van de zaak loopt door.",
        "eerdereLening": 0,
        "surseance": "nee",
        "naarWaarheid": True,
    }
    answers |= changes
    return {key: value for key, value in answers.items() if value is not None}


def given_inputs(**changes: Any) -> TozoInputs:
    """Inputs of a single applicant, born in 1984, for Tozo 4: three months from April 2021, no income, no loan."""
    inputs = TozoInputs(
        aanvraagdatum=date(2021, 5, 17),
        geboortedatum=date(1984, 2, 29),
        woonland="nl",
        vestigingsland="nl",
        is_ingeschreven=True,
        startdatum=date(2015, 9, 1),
        voldoet_aan_urencriterium=True,
        heeft_partner=False,
        kinderen=False,
        vraagt_levensonderhoud=True,
        vraagt_bedrijfskapitaal=False,
        naar_waarheid=True,
        eerste_maand="2021-04",
        aantal_maanden=3,
        winst_cent=0,
        andere_inkomsten_cent=0,
    )
    return replace(inputs, **changes)


def with_partner(**changes: Any) -> TozoInputs:
    """The same with a partner of the same age without income who agrees."""
    partner: dict[str, Any] = {
        "heeft_partner": True,
        "partner_geboortedatum": date(1985, 3, 1),
        "partner_inkomen_cent": 0,
        "partner_akkoord": True,
    }
    return given_inputs(**(partner | changes))


def with_loan(**changes: Any) -> TozoInputs:
    """An application for a loan of 4,000 euro only."""
    loan: dict[str, Any] = {
        "vraagt_levensonderhoud": False,
        "vraagt_bedrijfskapitaal": True,
        "lening_cent": 400_000,
        "lening_met_reden": True,
        "eerdere_lening_cent": 0,
        "surseance": False,
    }
    return given_inputs(**(loan | changes))
