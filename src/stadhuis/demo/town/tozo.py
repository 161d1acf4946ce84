"""Who of the residents applied for Tozo and what they answered, as plain data. Keys are those of the form ``tozo``.

The main applicant, Noor Verhagen, and Bram Hoekstra are not here: they apply when somebody tries the demo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stadhuis.demo.town import people

State = Literal["new", "in hand", "assessed", "proposed", "approved", "closed"]


@dataclass(frozen=True)
class Applicant:
    """One application: how many days ago, and how far the town is with it."""

    key: str
    days_ago: int
    state: State
    profit: int = 0
    other: int = 0
    months: int = 3
    first: str = "2021-04"
    loan: int = 0
    partner_income: int = 0
    hours: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    outcome: str = "toekennen"
    reasons: str = "Uw bedrijf bestond al voor 17 maart 2020 en uw inkomen is door corona lager dan de norm."


APPLICANTS: tuple[Applicant, ...] = (
    Applicant("fatima-el-amrani", 2, "new", profit=450, partner_income=1150),
    Applicant("sanne-kuipers", 9, "new", profit=700, loan=4000),
    Applicant("pieter-zijlstra", 60, "in hand", profit=900, loan=6500),
    Applicant("katrien-smeets", 46, "in hand", profit=520, answers={"vestigingsland": "eu"}),
    Applicant("ahmed-yilmaz", 20, "in hand", profit=1800, loan=10157, partner_income=2400),
    Applicant("luuk-de-haan", 33, "assessed", profit=120, months=2, first="2021-05"),
    Applicant("iris-bakker", 39, "proposed", profit=600, partner_income=640,
              reasons="Uw inkomen en dat van uw partner zijn samen lager dan de norm voor uw huishouden."),
    Applicant("chantal-de-groot", 41, "proposed", profit=300, outcome="afwijzen",
              reasons="Uw bedrijf staat sinds 1 juni 2020 in het Handelsregister. Voor de Tozo moet dat voor 17 maart 2020 zijn."),
    Applicant("willem-van-den-berg", 49, "approved", profit=200, partner_income=0, outcome="afwijzen",
              reasons="U hebt de AOW-leeftijd bereikt. Dan is er geen Tozo voor levensonderhoud."),
    Applicant("jan-willem-ruiter", 14, "in hand", profit=880, hours=False),
    Applicant("esther-polak", 75, "closed", profit=0, months=3),
    Applicant("gerard-mulder", 82, "closed", profit=380, loan=5000),
)  # fmt: skip

DRAFT_OF = "thirza-vos"
"""Started the form, saved two steps, and has not handed it in."""
_LEGAL_FORMS = {"Eenmanszaak": "eenmanszaak", "Vennootschap onder firma": "vof", "Besloten Vennootschap": "bv"}


def prefilled(key: str) -> dict[str, dict[str, str | int]]:
    """Return what BRP and KVK say about a resident, per source and attribute of the form's prefill."""
    resident, company = people.resident(key), people.companies_of(key)[0]
    brp: dict[str, str | int] = {
        "naam": resident.volledige_naam,
        "geboortedatum": resident.geboren,
        "partner": "ja" if _partner(resident) else "nee",
        "woonland": "Nederland",
    }
    if isinstance(resident.adres, people.Address):
        adres = resident.adres
        brp |= {
            "straat": adres.straat,
            "huisnummer": adres.number_text,
            "postcode": adres.postcode,
            "woonplaats": adres.woonplaats,
        }
    kvk: dict[str, str | int] = {
        "kvkNummer": company.kvk_nummer,
        "bedrijfsnaam": company.naam,
        "rechtsvorm": _LEGAL_FORMS[company.rechtsvorm],
        "startdatum": company.start,
    }
    return {"brp": brp, "kvk": kvk}


def _partner(resident: people.Resident) -> people.Resident | None:
    return people.resident(resident.partner) if resident.partner and not resident.partner_tot else None


def typed(applicant: Applicant) -> dict[str, list[str]]:
    """Return what the applicant typed, as a browser posts it."""
    resident = people.resident(applicant.key)
    partner = _partner(resident)
    number = int(resident.bsn)
    answers: dict[str, list[str]] = {
        "telefoonnummer": [f"06-{number % 100_000_000:08d}"],
        "emailadres": [resident.email],
        "vestigingsland": ["nl"],
        "urencriterium": ["ja" if applicant.hours else "nee"],
        "leefsituatie": ["samen" if partner else "alleen"],
        "kinderen": ["ja" if people.children_of(applicant.key) else "nee"],
        "watAanvragen": ["levensonderhoud", *(["bedrijfskapitaal"] if applicant.loan else [])],
        "eersteMaand": [applicant.first],
        "aantalMaanden": [str(applicant.months)],
        "winstPerMaand": [str(applicant.profit)],
        "andereInkomsten": [str(applicant.other)],
        "iban": [_iban(number)],
        "ibanTenaamstelling": [resident.naam],
    }
    if partner:
        answers |= {
            "partnerNaam": [partner.volledige_naam],
            "partnerBsn": [partner.bsn],
            "partnerGeboortedatum": [partner.geboren],
            "partnerInkomen": [str(applicant.partner_income)],
            "partnerAkkoord": ["ja"],
        }
    if applicant.loan:
        answers |= {
            "leningBedrag": [str(applicant.loan)],
            "leningReden": ["Huur van het bedrijf en rekeningen van leveranciers die ik nu niet kan betalen."],
            "eerdereLening": ["0"],
            "surseance": ["nee"],
        }
    return answers | {name: [value] for name, value in applicant.answers.items()}


def _iban(number: int) -> str:
    """Return an account number at a bank that does not exist (OEVB), with the right check digits."""
    account = f"OEVB{number % 10_000_000_000:010d}"
    digits = "".join(str(int(character, 36)) for character in f"{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"
