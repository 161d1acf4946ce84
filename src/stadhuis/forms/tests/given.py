"""Builds valid things, so that a test names only what matters."""

from __future__ import annotations

import re
from typing import Any

import pikepdf
from django.http.response import HttpResponseBase
from django.test import Client

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.forms import public as forms
from stadhuis.forms.actions import drafts
from stadhuis.forms.actions.submit import submit
from stadhuis.forms.prefill import Gathered
from stadhuis.forms.public import SubmissionRecord
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import NOOR, given_resident_logged_in

PARTNER_BSN = "999990196"
STEPS = ("uw-gegevens", "uw-bedrijf", "uw-huishouden", "wat-u-aanvraagt", "inkomsten", "bewijsstukken")

ANSWERS: dict[str, dict[str, Any]] = {
    "uw-gegevens": {"telefoonnummer": "06 12345678", "emailadres": "noor-verhagen@example.org"},
    "uw-bedrijf": {
        "kvkNummer": "90000013",
        "bedrijfsnaam": "Kapsalon De Krul",
        "rechtsvorm": "eenmanszaak",
        "startdatumBedrijf": "1-9-2016",
        "vestigingsland": "nl",
        "urencriterium": "ja",
    },
    "uw-huishouden": {"leefsituatie": "alleen", "kinderen": "nee"},
    "wat-u-aanvraagt": {"watAanvragen": ["levensonderhoud"], "eersteMaand": "2021-05", "aantalMaanden": "2"},
    "inkomsten": {
        "winstPerMaand": "350,00",
        "andereInkomsten": "0",
        "iban": "NL91ABNA0417164300",
        "ibanTenaamstelling": "N. Verhagen",
    },
    "bewijsstukken": {},
}
"""Right answers of the Tozo form, as a browser posts them."""


def given_town() -> None:
    data = catalogus_data(identificatie="TOZO", omschrijving="Tozo", eigenschappen=["KVK-nummer"])
    catalogi.build(data)
    forms.publish_shipped()


def given_resident(town: SimulatorProcess, browser: Client, wie: str = NOOR) -> None:
    given_resident_logged_in(town, browser, wie=wie, niveau="substantieel")


def given_draft(town: SimulatorProcess, browser: Client, *, wie: str = NOOR) -> str:
    """Log in, begin, and return the address of the draft (without a step)."""
    given_resident(town, browser, wie)
    started = browser.post("/aanvragen/tozo/")
    assert started.status_code == 302, started.content.decode()[:2000]
    return started["Location"].split("stap/")[0]


def given_filled_in(town: SimulatorProcess, browser: Client, **other: dict[str, Any]) -> str:
    """Return the address of a draft in which every step is right; ``other`` changes answers per step (with underscores)."""
    draft = given_draft(town, browser)
    for step in STEPS:
        answer = browser.post(f"{draft}stap/{step}/", {**ANSWERS[step], **other.get(step.replace("-", "_"), {})})
        assert answer.status_code == 302, f"{step}: {errors_on(answer)}"
    return draft


def given_submitted(town: SimulatorProcess, browser: Client) -> str:
    draft = given_filled_in(town, browser)
    answer = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    assert answer.status_code == 302, errors_on(answer)
    return draft


def sent_back(browser: Client, answer: HttpResponseBase) -> Any:
    """Return the page that says what is wrong; a POST leads there, so that the back button never asks to send again."""
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert "?controle=1" in address, address
    page = browser.get(address)
    assert page.status_code == 200
    return page


def errors_on(answer: HttpResponseBase) -> list[str]:
    """Return what the error summary of a page says."""
    return re.findall(r'<a[^>]+href="#[^"]*"[^>]*>([^<]+)</a>', getattr(answer, "content", b"").decode())


def a_pdf(pages: int = 1, **saved: Any) -> bytes:
    from io import BytesIO

    out = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(out, **saved)
    return out.getvalue()


def given_handed_in(by: Actor, **other: Any) -> SubmissionRecord:
    """Hand in a Tozo application as this resident without a browser, BRP and KVK silent; ``other`` changes answers per key."""
    stated = {
        "naam": "Noor Verhagen",
        "geboortedatum": "14-3-1985",
        "woonland": "Nederland",
        "straat": "Lindelaan",
        "huisnummer": "7",
        "postcode": "9991 AB",
        "woonplaats": "Oeverveen",
    }
    posted: dict[str, list[str]] = {}
    for values in ({key: value for step in STEPS for key, value in ANSWERS[step].items()}, stated, other):
        posted.update({key: value if isinstance(value, list) else [value] for key, value in values.items()})
    draft = drafts.start("tozo", by=by, gathered=Gathered())
    components = list(forms.definition("tozo").inputs())
    for _round in range(2):  # what an answer makes visible is kept the second time
        drafts.save_answers(draft, posted, by=by, components=components, revision=None, tab="test")
    return submit(draft, by=by, declared={"naarWaarheid": ["ja"]})
