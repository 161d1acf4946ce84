"""What the rules of the Tozo need to know, and how it is taken from the answers of the application form.

Holds no BSN, name, address or account: an assessment is kept for years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, TypeVar

from stadhuis.schemes.errors import AnswerFault, UnusableAnswers

Land = Literal["nl", "eu", "anders"]
T = TypeVar("T")

LARGEST_CENTS: Final = 100_000_000
LONGEST_MONTHS: Final = 6
NETHERLANDS: Final = frozenset({"nl", "nld", "nederland", "netherlands", "the netherlands", "6030"})
# EU, EEA and Switzerland: Stcrt. 2020, 24833, art. 2. Dutch names, ISO codes.
_EUROPE: Final = """
    be bg cy de dk ee es fi fr gr el hr hu ie is it li lt lu lv mt no at pl pt ro se si sk cz ch eu
    belgië belgie bulgarije cyprus duitsland denemarken estland spanje finland frankrijk griekenland kroatië kroatie
    hongarije ierland ijsland italië italie liechtenstein litouwen luxemburg letland malta noorwegen oostenrijk polen
    portugal roemenië roemenie zweden slovenië slovenie slowakije tsjechië tsjechie zwitserland
"""
EUROPE: Final = frozenset(_EUROPE.split()) | {
    "bondsrepubliek duitsland",
    "tsjechische republiek",
    "slowaakse republiek",
}


@dataclass(frozen=True)
class TozoInputs:
    """The facts an assessment rests on. Amounts in cents per month; months as YYYY-MM; None means not known."""

    aanvraagdatum: date
    geboortedatum: date
    woonland: Land
    vestigingsland: Land
    is_ingeschreven: bool
    startdatum: date | None
    voldoet_aan_urencriterium: bool
    heeft_partner: bool
    kinderen: bool
    vraagt_levensonderhoud: bool
    vraagt_bedrijfskapitaal: bool
    naar_waarheid: bool
    starttijd: time | None = None
    partner_volgens_brp: bool | None = None
    partner_geboortedatum: date | None = None
    partner_inkomen_cent: int | None = None
    partner_akkoord: bool | None = None
    eerste_maand: str | None = None
    aantal_maanden: int | None = None
    winst_cent: int | None = None
    andere_inkomsten_cent: int | None = None
    lening_cent: int | None = None
    lening_met_reden: bool | None = None
    eerdere_lening_cent: int | None = None
    surseance: bool | None = None
    vermogen_cent: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the inputs as JSON values."""
        return {
            name: value.isoformat() if isinstance(value, date | time) else value for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> TozoInputs:
        """Return the inputs that `as_dict` gave."""
        values = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        for name in ("aanvraagdatum", "geboortedatum", "startdatum", "partner_geboortedatum"):
            if values.get(name) is not None:
                values[name] = date.fromisoformat(values[name])
        if values.get("starttijd") is not None:
            values["starttijd"] = time.fromisoformat(values["starttijd"])
        return cls(**values)


def land(value: str) -> Land:
    """Return nl, eu (EU, EEA or Switzerland) or anders for a country name or code."""
    key = value.strip().casefold()
    if key in NETHERLANDS:
        return "nl"
    return "eu" if key in EUROPE else "anders"


class _FaultyAnswer(Exception):
    """One answer cannot be read."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _FaultyAnswer("odd")
    return value.strip()


def _yes(value: object) -> bool:
    if value == "ja" or value is True:
        return True
    if value == "nee" or value is False:
        return False
    raise _FaultyAnswer("odd")


def _date(value: object) -> date:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    found = re.match(r"(\d{4}-\d{2}-\d{2})(?:T|\Z)", _text(value), re.ASCII)
    if found is None:
        raise _FaultyAnswer("not-a-date")
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        raise _FaultyAnswer("not-a-date") from None


def _month(value: object) -> str:
    found = re.match(r"(\d{4})-(\d{2})(?:-|\Z)", _text(value), re.ASCII)
    if found is None or not (2000 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12):
        raise _FaultyAnswer("not-a-month")
    return f"{found[1]}-{found[2]}"


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or str(value).strip() == "":
        raise _FaultyAnswer("odd")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise _FaultyAnswer("odd") from None
    if not number.is_finite() or number != number.to_integral_value() or not 1 <= number <= LONGEST_MONTHS:
        raise _FaultyAnswer("out-of-range")
    return int(number)


def _signed_cents(value: object) -> int:
    """Return cents for a number, "1234.56" or "1.234,56"; more than two decimals is a fault, not a rounding."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _FaultyAnswer("not-an-amount")
    text = str(value).strip().replace("€", "").replace("\N{NO-BREAK SPACE}", "").strip()
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,12}(?:\.\d{1,12})?", text, re.ASCII):
        raise _FaultyAnswer("not-an-amount")
    cents = Decimal(text) * 100
    if cents != cents.to_integral_value():
        raise _FaultyAnswer("not-an-amount")
    if abs(cents) > LARGEST_CENTS:
        raise _FaultyAnswer("too-large")
    return int(cents)


def _cents(value: object) -> int:
    cents = _signed_cents(value)
    if cents < 0:
        raise _FaultyAnswer("negative")
    return cents


def _positive_cents(value: object) -> int:
    cents = _cents(value)
    if cents == 0:
        raise _FaultyAnswer("not-positive")
    return cents


class _Answers:
    """Reads answers and collects every fault."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.faults: list[AnswerFault] = []

    def fault(self, key: str, code: str) -> None:
        self.faults.append(AnswerFault(key, code))

    def optional(self, key: str, read: Callable[[object], T]) -> T | None:
        value = self.answers.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return read(value)
        except _FaultyAnswer as fault:
            self.fault(key, str(fault))
            return None

    def required(self, key: str, read: Callable[[object], T], instead: T) -> T:
        known = len(self.faults)
        value = self.optional(key, read)
        if value is None and len(self.faults) == known:
            self.fault(key, "missing")
        return instead if value is None else value


def inputs_from_application(answers: Mapping[str, Any], *, aanvraagdatum: date) -> TozoInputs:
    """Return what the rules need from the answers of the form `tozo`.

    Answers to questions that were not asked (a partner for who lives alone, a loan for who wants none) are ignored.
    Raises UnusableAnswers with all faults together, each with the key of its answer.
    """
    form = _Answers(answers)
    geboortedatum = form.required("geboortedatum", _date, aanvraagdatum)
    if geboortedatum > aanvraagdatum:
        form.fault("geboortedatum", "in-the-future")
    samen = form.required("leefsituatie", _household_kind, "alleen") == "samen"
    levensonderhoud, bedrijfskapitaal = form.required("watAanvragen", _asked, (False, False))
    if (
        "watAanvragen" in answers
        and not (levensonderhoud or bedrijfskapitaal)
        and not _has(form.faults, "watAanvragen")
    ):
        form.fault("watAanvragen", "nothing-asked")
    naar_waarheid = form.required("naarWaarheid", _yes, instead=False)
    if not naar_waarheid and not _has(form.faults, "naarWaarheid"):
        form.fault("naarWaarheid", "not-truthful")
    partner: dict[str, Any] = {}
    if samen:
        partner = {
            "partner_geboortedatum": form.required("partnerGeboortedatum", _date, aanvraagdatum),
            "partner_inkomen_cent": form.required("partnerInkomen", _cents, 0),
            "partner_akkoord": form.required("partnerAkkoord", _yes, instead=False),
        }
        if partner["partner_geboortedatum"] > aanvraagdatum:
            form.fault("partnerGeboortedatum", "in-the-future")
    living: dict[str, Any] = {}
    if levensonderhoud:
        living = {
            "eerste_maand": form.required("eersteMaand", _month, ""),
            "aantal_maanden": form.required("aantalMaanden", _count, 0),
            "winst_cent": form.required("winstPerMaand", _signed_cents, 0),
            "andere_inkomsten_cent": form.required("andereInkomsten", _cents, 0),
        }
    loan: dict[str, Any] = {}
    if bedrijfskapitaal:
        loan = {
            "lening_cent": form.required("leningBedrag", _positive_cents, 0),
            "lening_met_reden": bool(form.optional("leningReden", _text)),
            "eerdere_lening_cent": form.required("eerdereLening", _cents, 0),
            "surseance": form.required("surseance", _yes, instead=False),
        }
    inputs = TozoInputs(
        aanvraagdatum=aanvraagdatum,
        geboortedatum=geboortedatum,
        woonland=form.required("woonland", lambda value: land(_text(value)), "nl"),
        vestigingsland=form.required("vestigingsland", lambda value: land(_text(value)), "nl"),
        is_ingeschreven=bool(form.optional("kvkNummer", _kvk_nummer)),
        startdatum=form.optional("startdatumBedrijf", _date),
        voldoet_aan_urencriterium=form.required("urencriterium", _yes, instead=False),
        heeft_partner=samen,
        partner_volgens_brp=form.optional("partnerUitBrp", _yes),
        kinderen=form.required("kinderen", _yes, instead=False),
        vraagt_levensonderhoud=levensonderhoud,
        vraagt_bedrijfskapitaal=bedrijfskapitaal,
        naar_waarheid=naar_waarheid,
        **partner,
        **living,
        **loan,
    )
    if form.faults:
        raise UnusableAnswers(tuple(form.faults))
    return inputs


def _has(faults: list[AnswerFault], key: str) -> bool:
    return any(fault.key == key for fault in faults)


def _household_kind(value: object) -> str:
    if value not in ("alleen", "samen"):
        raise _FaultyAnswer("odd")
    return str(value)


def _asked(value: object) -> tuple[bool, bool]:
    if not isinstance(value, Mapping) or not all(isinstance(chosen, bool) for chosen in value.values()):
        raise _FaultyAnswer("odd")
    return value.get("levensonderhoud", False), value.get("bedrijfskapitaal", False)


def _kvk_nummer(value: object) -> str:
    number = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    if not re.fullmatch(r"\d{8}", number, re.ASCII):
        raise _FaultyAnswer("odd")
    return number
