"""The decision letter as data: what it must say by law, and its words in Dutch at B1.

Pure: facts in, letter out. The letter that the second person approves is the letter that is sent; only the dates that
depend on the day of sending are filled in then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from stadhuis.access import public as access
from stadhuis.casework import letters_en
from stadhuis.casework.errors import LetterIncomplete
from stadhuis.law import public as law

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
SENT_ON = "{verzenddatum}"
LAST_DAY = "{laatste dag bezwaar}"


def in_words(day: date) -> str:
    """Return a date as Dutch letters write it: 3 mei 2021."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def euros(cents: int) -> str:
    """Return an amount as Dutch letters write it: € 1.075,44."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"€ {sign}{whole:,}".replace(",", ".") + f",{rest:02d}"


@dataclass(frozen=True)
class LetterFacts:
    """Everything a decision letter says about one zaak; amounts in cents."""

    town: str
    address: str
    phone: str
    authority: str
    to: Sequence[str]
    addressee: str
    reference: str
    scheme: str
    received: date
    outcome: str
    reasons: str
    grounds: Sequence[tuple[str, str]] = ()
    amounts: Sequence[tuple[str, int]] = ()
    loan_cents: int = 0
    loan_terms: Sequence[str] = ()
    signer: str = ""
    function: str = ""
    conditions: Sequence[str] = field(default=())
    on_bezwaar: bool = False
    """A decision on a bezwaar: what follows is beroep at the court, not bezwaar again. Source: Awb 7:1 and 8:1."""
    objection_url: str = ""
    """Where the resident can object online; '' when there is no form for it. Source: Awb 2:13 (Wmebv)."""
    court: str = ""
    court_address: str = ""
    court_url: str = ""
    language: str = "nl"
    """Of the applicant; "en" adds the letter in English below the Dutch one."""
    reasons_en: str = ""
    grounds_en: Sequence[tuple[str, str]] = ()
    loan_terms_en: Sequence[str] = ()


_OPENING = {
    "toekennen": "U hebt {scheme} aangevraagd. U krijgt wat u hebt aangevraagd.",
    "deels toekennen": "U hebt {scheme} aangevraagd. U krijgt een deel van wat u hebt aangevraagd.",
    "afwijzen": "U hebt {scheme} aangevraagd. U krijgt dit niet.",
}


_OPENING_BEZWAAR = {
    "toekennen": "U hebt bezwaar gemaakt. U krijgt gelijk: uw bezwaar is gegrond.",
    "deels toekennen": "U hebt bezwaar gemaakt. U krijgt voor een deel gelijk: uw bezwaar is gedeeltelijk gegrond.",
    "afwijzen": "U hebt bezwaar gemaakt. U krijgt geen gelijk: uw bezwaar is niet gegrond.",
}


def compose(facts: LetterFacts) -> dict[str, Any]:
    """Return the letter as the template ``letter`` of ``kit.pdf`` takes it, with place-holders for the day of sending.

    Raises ``LetterIncomplete`` when reasons or authority are missing. Source: Awb 3:45 and 3:46.
    """
    if not facts.reasons.strip():
        raise LetterIncomplete("Er staat geen motivering in de brief (Awb 3:46).")
    if not facts.authority.strip():
        raise LetterIncomplete("De brief noemt niet wie het besluit neemt.")
    sections: list[dict[str, Any]] = [_decision(facts), _why(facts)]
    if facts.outcome != "afwijzen" and not facts.on_bezwaar:
        sections.append(_duties(facts))
    if facts.on_bezwaar and not (facts.court.strip() and facts.court_address.strip() and facts.court_url.strip()):
        raise LetterIncomplete("De brief noemt de rechtbank niet, of niet waar die te bereiken is (Awb 3:45).")
    sections.append(_remedy_beroep(facts) if facts.on_bezwaar else _remedy(facts))
    return {
        "town": facts.town,
        "address": facts.address,
        "phone": facts.phone,
        "to": list(facts.to),
        "date": SENT_ON,
        "reference": facts.reference,
        "subject": "Beslissing op uw bezwaar" if facts.on_bezwaar else f"Besluit op uw aanvraag {facts.scheme}",
        "remedy": BEROEP if facts.on_bezwaar else BEZWAAR,
        "labels": {"date": "Datum", "reference": "Zaaknummer"},
        "salutation": f"Beste {facts.addressee},",
        "sections": sections,
        "closing": f"Met vriendelijke groet,\nnamens {facts.authority},",
        "signer": facts.signer,
        "function": facts.function,
        "translation": letters_en.translation(facts) if facts.language == "en" else None,
    }


def _decision(facts: LetterFacts) -> dict[str, Any]:
    opening = _OPENING_BEZWAAR if facts.on_bezwaar else _OPENING
    paragraphs = [
        opening[facts.outcome].format(scheme=facts.scheme),
        f"Wij ontvingen uw {'bezwaar' if facts.on_bezwaar else 'aanvraag'} op {in_words(facts.received)}. Uw zaaknummer is {facts.reference}.",
    ]
    rows: list[list[str]] = []
    if facts.amounts and facts.outcome != "afwijzen":
        paragraphs.append("U krijgt per maand het bedrag dat hieronder staat. Het bedrag is netto.")
        rows = [["Maand", "Bedrag"], *([month, euros(cents)] for month, cents in facts.amounts)]
    if facts.loan_cents and facts.outcome != "afwijzen":
        paragraphs.append(f"U krijgt een lening van {euros(facts.loan_cents)}. " + " ".join(facts.loan_terms))
    return {"heading": "Ons besluit", "paragraphs": paragraphs, "rows": rows}


def _why(facts: LetterFacts) -> dict[str, Any]:
    paragraphs = [part for part in facts.reasons.strip().split("\n\n") if part.strip()]
    if facts.grounds:
        paragraphs.append("Wij hebben gekeken naar deze regels:")
        paragraphs.append("\n".join(f"– {text} ({article})" for text, article in facts.grounds))
    return {"heading": "Waarom wij dit besluiten", "paragraphs": paragraphs}


def _duties(facts: LetterFacts) -> dict[str, Any]:
    return {
        "heading": "Wat u moet doen",
        "paragraphs": [
            "Verandert er iets in uw inkomen, uw bedrijf of uw huishouden? Geef dat dan binnen twee weken aan ons door. "
            "Dit moet volgens de wet (artikel 17 van de Participatiewet). Krijgt u te veel, dan moet u dat terugbetalen.",
            *facts.conditions,
        ],
    }


def _remedy(facts: LetterFacts) -> dict[str, Any]:
    """Return the remedy clause: which remedy, by when, where, how. Source: Awb 3:45, 6:4, 6:5, 6:7, 6:8."""
    return {
        "heading": REMEDY,
        "paragraphs": [
            f"Dan kunt u bezwaar maken. Doe dat uiterlijk op {LAST_DAY}. Dat is binnen zes weken na de dag waarop wij u dit "
            "besluit stuurden.",
            f"{_online(facts)}tuur een brief naar {facts.authority}, {facts.address}. Zet in uw brief: uw naam en adres, de datum, het "
            f"zaaknummer {facts.reference}, tegen welk besluit u bezwaar maakt en waarom. Zet uw handtekening onder de brief.",
            "Kunt u niet wachten op onze beslissing op uw bezwaar? Dan kunt u de voorzieningenrechter van de rechtbank vragen "
            "om een voorlopige voorziening.",
            f"Hebt u hulp nodig? Bel ons op {facts.phone}. Wij helpen u graag.",
        ],
    }


def _online(facts: LetterFacts) -> str:
    return f"Dat kan online, met DigiD of eHerkenning: {facts.objection_url}. Of s" if facts.objection_url else "S"


def _remedy_beroep(facts: LetterFacts) -> dict[str, Any]:
    """Return the remedy clause of a decision on a bezwaar. Source: Awb 3:45, 6:4 lid 3, 6:5, 6:7, 6:8, 7:1, 8:1, 8:41, 8:81."""
    return {
        "heading": REMEDY,
        "paragraphs": [
            f"Dan kunt u in beroep gaan bij de rechter. Doe dat uiterlijk op {LAST_DAY}. Dat is binnen zes weken na de dag waarop "
            "wij u dit besluit stuurden.",
            f"U kunt uw beroep via internet sturen: {facts.court_url}. Of stuur een brief naar {facts.court}, "
            f"{facts.court_address}. Zet in uw brief: uw naam en adres, de datum, tegen welk besluit u in beroep gaat en waarom. "
            f"Ons zaaknummer is {facts.reference}. Zet uw handtekening onder de brief en stuur een kopie van dit besluit mee.",
            "De rechtbank vraagt geld voor een beroep: griffierecht. De rechtbank laat u weten hoeveel.",
            "Kunt u niet wachten tot de rechter beslist over uw beroep? Dan kunt u de voorzieningenrechter van de rechtbank vragen "
            "om een voorlopige voorziening.",
            f"Hebt u hulp nodig? Bel ons op {facts.phone}. Wij helpen u graag.",
        ],
    }


def masked_letter(letter: dict[str, Any], hidden: str) -> dict[str, Any]:
    """Return a letter as somebody reads it who may not see the address of whoever it goes to.

    ``hidden`` is a pattern of ``access.masks``. The letter that goes out is not touched. Source: Wet BRP art. 2.59.
    """
    made: dict[str, Any] = access.masks.everywhere(letter, hidden)
    return made | {"to": access.masks.lines(list(letter.get("to", [])))}


BEZWAAR: Final = "bezwaar"
BEROEP: Final = "beroep"
PENALTY: Final = "Dwangsom omdat wij te laat beslisten"
REMEDY: Final = "Bent u het niet eens met dit besluit?"


def penalty_section(owed: law.Penalty) -> dict[str, Any]:
    """Return the decision on the penalty: over which days, how much, and when it is paid. Source: Awb 4:17, 4:18, 4:87.

    The law fixes the amount and the days follow from the day of sending; so it is filled in on that day, like the dates.
    """
    first, last = owed.amounts[0][0], owed.amounts[-1][0]
    runs = [
        (cents, [day for day, paid in owed.amounts if paid == cents])
        for cents in dict.fromkeys(c for _, c in owed.amounts)
    ]
    return {
        "heading": PENALTY,
        "paragraphs": [
            "U liet ons weten dat wij te laat waren met ons besluit (een ingebrekestelling). Wij hadden daarna nog twee weken. "
            f"Ook dat haalden wij niet. Daarom krijgt u een dwangsom van {euros(owed.cents)}. Dat staat in de artikelen 4:17 en "
            "4:18 van de Algemene wet bestuursrecht.",
            f"De dwangsom gaat over {owed.days} {'dag' if owed.days == 1 else 'dagen'}, van {in_words(first)} tot en met "
            f"{in_words(last)}. Wij betalen binnen zes weken na de dag waarop wij deze brief stuurden.",
        ],
        "rows": [
            ["Dagen", "Per dag", "Samen"],
            *([str(len(days)), euros(cents), euros(cents * len(days))] for cents, days in runs),
        ],
    }


def _with_penalty(letter: dict[str, Any], owed: law.Penalty | None) -> dict[str, Any]:
    if owed is None or owed.cents == 0:
        return letter
    sections = list(letter.get("sections", []))
    place = next((at for at, one in enumerate(sections) if one["heading"] == REMEDY), len(sections))
    made = {**letter, "sections": [*sections[:place], penalty_section(owed), *sections[place:]]}
    if letter.get("translation"):
        english = letter["translation"]
        *before, remedy = english["sections"]
        made["translation"] = {**english, "sections": [*before, letters_en.penalty_section(owed), remedy]}
    return made


def dated(
    letter: dict[str, Any], *, sent_on: date, last_day_for_bezwaar: date, owed: law.Penalty | None = None
) -> dict[str, Any]:
    """Return the letter as it goes out: the day of sending, the last day for bezwaar and what the law makes us pay filled in.

    Raises ``LetterIncomplete`` when a part that the law asks is missing. Source: Awb 3:45, 3:46.
    """

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return (
                value.replace(SENT_ON, in_words(sent_on))
                .replace(LAST_DAY, in_words(last_day_for_bezwaar))
                .replace(letters_en.LAST_DAY, letters_en.in_words(last_day_for_bezwaar))
            )
        if isinstance(value, list):
            return [fill(item) for item in value]
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        return value

    filled: dict[str, Any] = fill(_with_penalty(letter, owed))
    check(filled, last_day_for_bezwaar)
    return filled


def check(letter: dict[str, Any], last_day_for_bezwaar: date) -> None:
    """Refuse a letter without date, reasons, remedy clause or authority. Source: Awb 3:45 and 3:46."""
    missing = []
    if not letter.get("date") or "{" in str(letter.get("date")):
        missing.append("de datum")
    headings = {section["heading"]: section for section in letter.get("sections", [])}
    if not any(part.strip() for part in headings.get("Waarom wij dit besluiten", {}).get("paragraphs", [])):
        missing.append("de motivering (Awb 3:46)")
    remedy = " ".join(headings.get(REMEDY, {}).get("paragraphs", []))
    kind = letter.get("remedy", BEZWAAR)
    words = ("beroep", "rechtbank") if kind == BEROEP else (kind,)
    if any(word not in remedy for word in words) or in_words(last_day_for_bezwaar) not in remedy:
        missing.append(f"hoe en tot wanneer {kind} mogelijk is (Awb 3:45)")
    if "namens" not in str(letter.get("closing")) or not letter.get("signer"):
        missing.append("wie het besluit neemt")
    if missing:
        raise LetterIncomplete("De brief kan niet weg. Dit ontbreekt: " + ", ".join(missing) + ".")


TOZO_SENTENCES = {
    "periode-te-vroeg": "U vroeg de Tozo aan voordat de regeling begon.",
    "periode-te-laat": "U vroeg de Tozo aan toen dat niet meer kon.",
    "periode-goed": "U vroeg de Tozo op tijd aan.",
    "waarheid-niet": "U hebt niet verklaard dat u alles naar waarheid hebt ingevuld.",
    "leeftijd-goed": "U bent 18 jaar of ouder en u krijgt nog geen AOW.",
    "leeftijd-te-jong": "U bent jonger dan 18 jaar.",
    "leeftijd-aow": "U krijgt AOW. Dan is er geen uitkering voor levensonderhoud.",
    "leeftijd-aow-lening": "U krijgt AOW. Een lening voor uw bedrijf mag dan wel.",
    "woonland-goed": "U woont in Nederland.",
    "woonland-niet": "U woont buiten de EU.",
    "woonland-eu-uitkering": "U woont in een ander land van de EU. Dan is er geen uitkering voor levensonderhoud.",
    "onderneming-goed": "Uw bedrijf staat in Nederland.",
    "onderneming-eu-uitkering": "Uw bedrijf staat in een ander land van de EU. Een uitkering voor levensonderhoud mag dan wel.",
    "onderneming-eu-lening": "Uw bedrijf staat in een ander land van de EU. Dan is er geen lening.",
    "onderneming-niet": "Uw bedrijf staat buiten de EU.",
    "uren-goed": "U werkt ten minste 1.225 uur per jaar voor uw bedrijf.",
    "uren-niet": "U werkt minder dan 1.225 uur per jaar voor uw bedrijf.",
    "inschrijving-goed": "Uw bedrijf staat in het Handelsregister van de KVK.",
    "inschrijving-niet": "Uw bedrijf staat niet in het Handelsregister van de KVK.",
    "start-goed": "Uw bedrijf begon voor 17 maart 2020, 18.45 uur.",
    "start-niet": "Uw bedrijf begon niet voor 17 maart 2020, 18.45 uur.",
    "partner-inkomen-telt": "Het inkomen van uw partner telt mee.",
    "maanden-deels": "Een deel van de maanden die u vroeg, valt buiten de periode van deze ronde.",
    "maanden-niet": "De maanden die u vroeg, vallen buiten de periode van deze ronde.",
    "inkomen-goed": "Uw inkomen is lager dan de norm voor uw huishouden. Van uw winst telt 82 procent mee.",
    "inkomen-deels": "Uw inkomen is niet in alle maanden lager dan de norm voor uw huishouden.",
    "inkomen-te-hoog": "Uw inkomen is niet lager dan de norm voor uw huishouden. Van uw winst telt 82 procent mee.",
    "surseance-niet": "U hebt surseance van betaling of u bent failliet. Dan is er geen lening.",
    "maximum-goed": "De lening past onder het maximum voor alle rondes samen.",
    "maximum-deels": "U hebt al eerder geleend. U krijgt wat er over is tot het maximum voor alle rondes samen.",
    "maximum-niet": "U hebt al het hoogste bedrag geleend dat voor alle rondes samen mag.",
}
"""Findings of the Tozo rules as a letter says them to the resident; a finding without a sentence is not in the letter."""


def grounds_of(outcome: dict[str, Any], *, refused: bool, language: str = "nl") -> list[tuple[str, str]]:
    """Return what the decision rests on as (sentence, article): for a refusal the rules that were not met."""
    sentences = letters_en.TOZO_SENTENCES if language == "en" else TOZO_SENTENCES
    return [
        (sentences[finding["message"]], str(finding["article"]))
        for finding in outcome.get("findings", [])
        if finding["message"] in sentences and (not refused or finding["status"] == "failed")
    ]


def amounts_of(outcome: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the months and amounts in cents that the rules advise to grant."""
    benefit = outcome.get("levensonderhoud") or {}
    return [
        (f"{MONTHS[int(line['month'][5:7]) - 1]} {line['month'][:4]}", int(line["bedrag_cent"]))
        for line in benefit.get("months", [])
        if line["bedrag_cent"] > 0
    ]


def loan_of(outcome: dict[str, Any]) -> tuple[int, list[str]]:
    """Return the advised loan in cents and its terms in sentences (final repayment rules)."""
    loan = outcome.get("bedrijfskapitaal") or {}
    cents = int(loan.get("bedrag_cent") or 0)
    if not cents:
        return 0, []
    return cents, [
        f"De rente is {loan.get('yearly_percent')} procent per jaar. Over de tijd van 1 januari 2021 tot en met 30 juni 2022 "
        "betaalt u geen rente.",
        "U betaalt de lening vanaf 1 juli 2022 in vaste bedragen per maand terug, in hoogstens 72 maanden na de uitbetaling. "
        "Eerder terugbetalen mag altijd en kost niets extra.",
    ]


def loan_terms_en(outcome: dict[str, Any]) -> list[str]:
    """Return the terms of the advised loan in English."""
    return letters_en.loan_terms((outcome.get("bedrijfskapitaal") or {}).get("yearly_percent"))
