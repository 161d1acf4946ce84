"""The decision letter once more in English, for an applicant who used the portal in English.

It goes under the Dutch letter, which is the decision: Awb 2:6 lid 1 has authorities write Dutch. Pure, like ``letters``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from stadhuis.law import public as law

if TYPE_CHECKING:
    from stadhuis.casework.letters import LetterFacts

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LAST_DAY = "{last day for objection}"

_OPENING = {
    "toekennen": "You applied for {scheme}. You will receive what you applied for.",
    "deels toekennen": "You applied for {scheme}. You will receive part of what you applied for.",
    "afwijzen": "You applied for {scheme}. You will not receive it.",
}


_OPENING_BEZWAAR = {
    "toekennen": "You objected to our decision. You are right: your objection is upheld.",
    "deels toekennen": "You objected to our decision. You are partly right: your objection is partly upheld.",
    "afwijzen": "You objected to our decision. Your objection is not upheld.",
}


def in_words(day: date) -> str:
    """Return a date in English: 3 May 2021."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def euros(cents: int) -> str:
    """Return an amount in English: €1,075.44."""
    sign = "-" if cents < 0 else ""
    return f"{sign}€{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def translation(facts: LetterFacts) -> dict[str, Any]:
    """Return the English part of a letter: ``lang``, ``heading``, ``note`` and ``sections`` as the letter itself has them."""
    sections = [_decision(facts), _why(facts)]
    if facts.outcome != "afwijzen" and not facts.on_bezwaar:
        sections.append(_duties(facts))
    sections.append(_remedy_beroep(facts) if facts.on_bezwaar else _remedy(facts))
    return {
        "lang": "en",
        "heading": "This letter in English",
        "note": "This is a translation. The Dutch letter is the decision: if the two differ, the Dutch letter counts.",
        "sections": sections,
    }


def _decision(facts: LetterFacts) -> dict[str, Any]:
    opening = _OPENING_BEZWAAR if facts.on_bezwaar else _OPENING
    paragraphs = [
        opening[facts.outcome].format(scheme=facts.scheme),
        f"We received your {'objection' if facts.on_bezwaar else 'application'} on {in_words(facts.received)}. Your case number is {facts.reference}.",
    ]
    rows: list[list[str]] = []
    if facts.amounts and facts.outcome != "afwijzen":
        paragraphs.append("Each month you will receive the amount below. It is a net amount.")
        rows = [["Month", "Amount"], *([_month(month), euros(cents)] for month, cents in facts.amounts)]
    if facts.loan_cents and facts.outcome != "afwijzen":
        paragraphs.append(
            f"You will receive a loan of {euros(facts.loan_cents)}. {' '.join(facts.loan_terms_en)}".strip()
        )
    return {"heading": "Our decision", "paragraphs": paragraphs, "rows": rows}


def _month(dutch: str) -> str:
    """Return "mei 2021" as "May 2021"."""
    from stadhuis.casework.letters import MONTHS as DUTCH

    name, _, year = dutch.partition(" ")
    return f"{MONTHS[DUTCH.index(name)]} {year}"


def _why(facts: LetterFacts) -> dict[str, Any]:
    paragraphs = [part for part in facts.reasons_en.strip().split("\n\n") if part.strip()] or [
        f"Our reasons are in the Dutch letter. Would you like us to explain them in English? Call us on {facts.phone}."
    ]
    if facts.grounds_en:
        paragraphs.append("We looked at these rules:")
        paragraphs.append("\n".join(f"– {text} ({article})" for text, article in facts.grounds_en))
    return {"heading": "Why we decided this", "paragraphs": paragraphs, "rows": []}


def _duties(facts: LetterFacts) -> dict[str, Any]:
    return {
        "heading": "What you must do",
        "paragraphs": [
            "Does anything change in your income, your business or your household? Tell us within two weeks. The law requires "
            "this (article 17 of the Participation Act). If you receive too much, you will have to pay it back."
        ],
        "rows": [],
    }


def penalty_section(owed: law.Penalty) -> dict[str, Any]:
    """Return the decision on the penalty in English. Source: Awb 4:17, 4:18, 4:87."""
    first, last = owed.amounts[0][0], owed.amounts[-1][0]
    runs = [
        (cents, sum(paid == cents for _, paid in owed.amounts)) for cents in dict.fromkeys(c for _, c in owed.amounts)
    ]
    return {
        "heading": "Penalty because we decided too late",
        "paragraphs": [
            "You told us that we were late with our decision (a notice of default). We then had two more weeks, and were late "
            f"again. You therefore receive a penalty of {euros(owed.cents)}. This follows from articles 4:17 and 4:18 of the General "
            "Administrative Law Act (Awb).",
            f"The penalty is for {owed.days} {'day' if owed.days == 1 else 'days'}, from {in_words(first)} up to and including "
            f"{in_words(last)}. We pay within six weeks after the day on which we sent this letter.",
        ],
        "rows": [
            ["Days", "Per day", "Together"],
            *([str(days), euros(cents), euros(cents * days)] for cents, days in runs),
        ],
    }


def _online(facts: LetterFacts) -> str:
    return (
        f"You can do so online, with DigiD or eHerkenning: {facts.objection_url}. Or s" if facts.objection_url else "S"
    )


def _remedy_beroep(facts: LetterFacts) -> dict[str, Any]:
    return {
        "heading": "Do you disagree with this decision?",
        "paragraphs": [
            f"You can appeal to the court. Do so no later than {LAST_DAY}. That is within six weeks after the day on which we sent "
            "you this decision.",
            f"You can send your appeal online: {facts.court_url}. Or send a letter to {facts.court}, {facts.court_address}. Write in "
            "Dutch, or add a translation. Your letter must give: your name and address, the date, which decision you appeal against "
            f"and why. Our case number is {facts.reference}. Sign the letter and add a copy of this decision.",
            "The court charges a fee. The court will tell you how much.",
            "Can you not wait for the decision of the court? Then you can ask the court (voorzieningenrechter) for a provisional "
            "ruling.",
            f"Do you need help? Call us on {facts.phone}. We are happy to help.",
        ],
        "rows": [],
    }


def _remedy(facts: LetterFacts) -> dict[str, Any]:
    return {
        "heading": "Do you disagree with this decision?",
        "paragraphs": [
            f"You can object. Do so no later than {LAST_DAY}. That is within six weeks after the day on which we sent you this "
            "decision.",
            f"{_online(facts)}end a letter to {facts.authority}, {facts.address}. Write in Dutch, or add a translation. Your letter must give: "
            f"your name and address, the date, case number {facts.reference}, which decision you object to and why. Sign the letter.",
            "Can you not wait for our decision on your objection? Then you can ask the court (voorzieningenrechter) for a "
            "provisional ruling.",
            f"Do you need help? Call us on {facts.phone}. We are happy to help.",
        ],
        "rows": [],
    }


TOZO_SENTENCES = {
    "periode-te-vroeg": "You applied for Tozo before the scheme began.",
    "periode-te-laat": "You applied for Tozo when that was no longer possible.",
    "periode-goed": "You applied for Tozo in time.",
    "waarheid-niet": "You did not declare that you filled in everything truthfully.",
    "leeftijd-goed": "You are 18 or older and do not yet receive a state pension (AOW).",
    "leeftijd-te-jong": "You are younger than 18.",
    "leeftijd-aow": "You receive a state pension (AOW). Then there is no benefit for living costs.",
    "leeftijd-aow-lening": "You receive a state pension (AOW). A loan for your business is still possible.",
    "woonland-goed": "You live in the Netherlands.",
    "woonland-niet": "You live outside the EU.",
    "woonland-eu-uitkering": "You live in another EU country. Then there is no benefit for living costs.",
    "onderneming-goed": "Your business is established in the Netherlands.",
    "onderneming-eu-uitkering": "Your business is in another EU country. A benefit for living costs is still possible.",
    "onderneming-eu-lening": "Your business is in another EU country. Then there is no loan.",
    "onderneming-niet": "Your business is outside the EU.",
    "uren-goed": "You work at least 1,225 hours a year for your business.",
    "uren-niet": "You work fewer than 1,225 hours a year for your business.",
    "inschrijving-goed": "Your business is in the trade register of KVK.",
    "inschrijving-niet": "Your business is not in the trade register of KVK.",
    "start-goed": "Your business began before 17 March 2020, 18:45.",
    "start-niet": "Your business did not begin before 17 March 2020, 18:45.",
    "partner-inkomen-telt": "Your partner's income counts.",
    "maanden-deels": "Some of the months you asked for are outside the period of this round.",
    "maanden-niet": "The months you asked for are outside the period of this round.",
    "inkomen-goed": "Your income is below the norm for your household. Of your profit 82 per cent counts.",
    "inkomen-deels": "Your income is not below the norm for your household in every month.",
    "inkomen-te-hoog": "Your income is not below the norm for your household. Of your profit 82 per cent counts.",
    "surseance-niet": "You have a suspension of payments or are bankrupt. Then there is no loan.",
    "maximum-goed": "The loan is below the maximum for all rounds together.",
    "maximum-deels": "You borrowed before. You receive what is left up to the maximum for all rounds together.",
    "maximum-niet": "You have already borrowed the highest amount that is possible for all rounds together.",
}
"""The findings of ``letters.TOZO_SENTENCES`` in English."""


def loan_terms(yearly_percent: object) -> list[str]:
    """Return the terms of the loan in sentences (final repayment rules)."""
    return [
        f"The interest rate is {yearly_percent} per cent a year. You pay no interest over the time from 1 January 2021 up to "
        "and including 30 June 2022.",
        "You repay the loan from 1 July 2022 in fixed monthly amounts, within 72 months after it was paid out. Repaying earlier "
        "is always possible and costs nothing extra.",
    ]
