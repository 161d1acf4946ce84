"""The advice on an application for Tozo, and the registry of rule versions by which an old one is computed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from stadhuis.schemes.errors import UnknownRuleVersion
from stadhuis.schemes.tozo import data
from stadhuis.schemes.tozo.inputs import TozoInputs
from stadhuis.schemes.tozo.rules import (
    ALL_RULES,
    Finding,
    Part,
    RuleSet,
    covered_months,
    income_cents,
    is_of_age,
    loan_room,
    norm_cents,
    parts_asked,
    requested_months,
)

SCHEME: Final = "tozo"
Advice = Literal["toekennen", "deels toekennen", "afwijzen", "onvoldoende informatie"]
NoAmount = Literal["", "buiten-periode", "leeftijd", "inkomen", "onbekend"]

# Every version that was ever used stays here; a changed rule becomes a new version with its own rules beside the old.
RULE_SETS: Final = {
    rules.version: rules for rules in (RuleSet(f"tozo-{period.number}.1", period, ALL_RULES) for period in data.ROUNDS)
}
# Which version counts from which deemed application date on.
IN_FORCE: Final = tuple((rules.round.first_month, rules.version) for rules in RULE_SETS.values())


@dataclass(frozen=True)
class Month:
    """One month that was asked for. `reason` says why the amount is nothing."""

    month: str
    norm_cent: int
    inkomen_cent: int
    bedrag_cent: int
    reason: NoAmount = ""


@dataclass(frozen=True)
class Benefit:
    """The advice on living benefit."""

    advice: Advice
    months: tuple[Month, ...]

    @property
    def total_cent(self) -> int:
        """The amount over all months."""
        return sum(month.bedrag_cent for month in self.months)


@dataclass(frozen=True)
class Loan:
    """The advice on the loan."""

    advice: Advice
    gevraagd_cent: int
    bedrag_cent: int
    yearly_percent: int = data.FINAL_REPAYMENT_RULES.yearly_percent


@dataclass(frozen=True)
class Assessment:
    """The advice, its findings and the inputs it rests on."""

    rule_version: str
    round: int
    deemed_date: date
    inputs: TozoInputs
    findings: tuple[Finding, ...]
    levensonderhoud: Benefit | None
    bedrijfskapitaal: Loan | None
    advice: Advice
    forward_to: str = ""
    """Municipality that decides on the loan instead of us (Awb 2:3), or empty."""
    scheme: str = SCHEME

    def findings_for(self, part: Part) -> tuple[Finding, ...]:
        """Return the findings that count for a part, the general ones included."""
        return tuple(finding for finding in self.findings if finding.part in ("algemeen", part))

    def outcome(self) -> dict[str, Any]:
        """Return everything but the inputs as JSON values."""
        benefit, loan = self.levensonderhoud, self.bedrijfskapitaal
        return {
            "advice": self.advice,
            "round": self.round,
            "deemed_date": self.deemed_date.isoformat(),
            "forward_to": self.forward_to,
            "levensonderhoud": benefit
            and {
                "advice": benefit.advice,
                "total_cent": benefit.total_cent,
                "months": [
                    {
                        "month": month.month,
                        "norm_cent": month.norm_cent,
                        "inkomen_cent": month.inkomen_cent,
                        "bedrag_cent": month.bedrag_cent,
                        "reason": month.reason,
                    }
                    for month in benefit.months
                ],
            },
            "bedrijfskapitaal": loan
            and {
                "advice": loan.advice,
                "gevraagd_cent": loan.gevraagd_cent,
                "bedrag_cent": loan.bedrag_cent,
                "yearly_percent": loan.yearly_percent,
            },
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the assessment as JSON values; `replay` computes it again from these."""
        return {
            "scheme": self.scheme,
            "rule_version": self.rule_version,
            "inputs": self.inputs.as_dict(),
            "outcome": self.outcome(),
        }


def rule_version_for(aanvraagdatum: date) -> str:
    """Return the version of the rules for an application, by its deemed application date.

    An application before or after all rounds gets the first or last version, whose window rule refuses it.
    """
    deemed, _article = data.deemed_date(aanvraagdatum)
    return next((version for first, version in reversed(IN_FORCE) if first <= deemed), IN_FORCE[0][1])


def assess(inputs: TozoInputs) -> Assessment:
    """Return the advice under the rules for the deemed application date."""
    return assess_with(inputs, RULE_SETS[rule_version_for(inputs.aanvraagdatum)])


def assess_with(inputs: TozoInputs, rules: RuleSet) -> Assessment:
    """Return the advice under one version of the rules."""
    findings = tuple(finding for rule in rules.rules for finding in rule(inputs, rules))
    benefit = _benefit(inputs, rules, findings) if inputs.vraagt_levensonderhoud else None
    loan = _loan(inputs, findings) if inputs.vraagt_bedrijfskapitaal else None
    is_forwarded = any(finding.message == "woonland-eu-lening" for finding in findings)
    return Assessment(
        rules.version,
        rules.round.number,
        data.deemed_date(inputs.aanvraagdatum)[0],
        inputs,
        findings,
        benefit,
        loan,
        _together([part.advice for part in (benefit, loan) if part is not None]),
        forward_to=data.CROSS_BORDER_MUNICIPALITY if is_forwarded and parts_asked(inputs) else "",
    )


def replay(stored: dict[str, Any]) -> Assessment:
    """Compute a stored assessment again, with the rule version it was made with; raises UnknownRuleVersion."""
    if stored.get("scheme", SCHEME) != SCHEME or stored["rule_version"] not in RULE_SETS:
        raise UnknownRuleVersion(f"{stored.get('scheme', SCHEME)} {stored['rule_version']}")
    return assess_with(TozoInputs.from_dict(stored["inputs"]), RULE_SETS[stored["rule_version"]])


def _obstacle(findings: Iterable[Finding], part: Part) -> Advice | None:
    """Return the advice when a rule stands in the way: one that failed is decisive whatever else is unknown."""
    statuses = {finding.status for finding in findings if finding.part in ("algemeen", part)}
    if "failed" in statuses:
        return "afwijzen"
    return "onvoldoende informatie" if "unknown" in statuses else None


def _benefit(inputs: TozoInputs, rules: RuleSet, findings: tuple[Finding, ...]) -> Benefit:
    obstacle = _obstacle(findings, "levensonderhoud")
    covered = covered_months(inputs, rules)
    lines = tuple(_month(inputs, rules, month, is_covered=month in covered) for month in requested_months(inputs))
    if obstacle is not None:
        return Benefit(obstacle, tuple(Month(m.month, m.norm_cent, m.inkomen_cent, 0, m.reason) for m in lines))
    paid = sum(line.bedrag_cent > 0 for line in lines)
    if paid == 0:
        return Benefit("afwijzen", lines)
    return Benefit("toekennen" if paid == len(lines) else "deels toekennen", lines)


def _month(inputs: TozoInputs, rules: RuleSet, month: date, *, is_covered: bool) -> Month:
    """Top up the household income to the norm. Source: Tozo art. 5; Participatiewet art. 19."""
    name = month.isoformat()[:7]
    norm, income = norm_cents(inputs, month) if is_covered else None, income_cents(inputs, rules)
    if not is_covered:
        return Month(name, 0, income or 0, 0, "buiten-periode")
    if not is_of_age(inputs, month):
        return Month(name, 0, income or 0, 0, "leeftijd")
    if norm is None or income is None:
        return Month(name, norm or 0, income or 0, 0, "onbekend")
    amount = max(0, norm - income)
    return Month(name, norm, income, amount, "" if amount else "inkomen")


def _loan(inputs: TozoInputs, findings: tuple[Finding, ...]) -> Loan:
    asked, room = inputs.lening_cent or 0, loan_room(inputs) or 0
    obstacle = _obstacle(findings, "bedrijfskapitaal")
    if obstacle is not None:
        return Loan(obstacle, asked, 0)
    amount = min(asked, room)
    return Loan("toekennen" if amount == asked else "deels toekennen", asked, amount)


def _together(advices: list[Advice]) -> Advice:
    """Return one advice for all parts: what is not known comes first, a mix of yes and no is partly yes."""
    if not advices or "onvoldoende informatie" in advices:
        return "onvoldoende informatie"
    return advices[0] if len(set(advices)) == 1 else "deels toekennen"
