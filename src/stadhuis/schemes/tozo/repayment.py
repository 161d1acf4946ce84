"""The repayment of the Tozo loan under each version of the rules.

Interest is simple: a twelfth of the yearly rate over the outstanding principal per month, from the month after payout,
none in the months without interest, and none over interest. What built up before the first repayment is spread evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from stadhuis.schemes.errors import ImpossibleLoan, UnknownRuleVersion
from stadhuis.schemes.tozo.data import (
    FINAL_REPAYMENT_RULES,
    LOAN_MAXIMUM_CENTS,
    REPAYMENT_RULES,
    RepaymentRules,
    add_months,
    first_of_month,
    months_between,
)


@dataclass(frozen=True)
class Payout:
    """Money of the loan that was paid out."""

    paid_on: date
    cents: int


@dataclass(frozen=True)
class Instalment:
    """One monthly payment: interest of the month, interest from before the first repayment, and principal."""

    number: int
    due: date
    bedrag_cent: int
    interest_cent: int
    earlier_interest_cent: int
    principal_cent: int
    left_cent: int


@dataclass(frozen=True)
class Schedule:
    """The whole repayment under one version of the rules."""

    rules: str
    payouts: tuple[Payout, ...]
    earlier_interest_cent: int
    instalments: tuple[Instalment, ...]

    @property
    def monthly_cent(self) -> int:
        """The fixed amount of every month but the last."""
        return self.instalments[0].bedrag_cent

    @property
    def total_cent(self) -> int:
        """Everything that is paid back."""
        return sum(instalment.bedrag_cent for instalment in self.instalments)

    @property
    def interest_cent(self) -> int:
        """All interest, also what built up before the first repayment."""
        return self.earlier_interest_cent + sum(instalment.interest_cent for instalment in self.instalments)

    @property
    def last_due(self) -> date:
        """First day of the month of the last payment."""
        return self.instalments[-1].due

    def as_dict(self) -> dict[str, Any]:
        """Return the schedule as JSON values; `replay_schedule` computes it again from these."""
        return {
            "rules": self.rules,
            "payouts": [{"paid_on": payout.paid_on.isoformat(), "cents": payout.cents} for payout in self.payouts],
            "earlier_interest_cent": self.earlier_interest_cent,
            "instalments": [{**vars(instalment), "due": instalment.due.isoformat()} for instalment in self.instalments],
        }


def repayment_rules(*, known_on: date | None = None) -> RepaymentRules:
    """Return the rules that were known on a day; without a day the final ones, which apply to every loan."""
    if known_on is None:
        return FINAL_REPAYMENT_RULES
    return next((rules for rules in reversed(REPAYMENT_RULES) if rules.known_from <= known_on), REPAYMENT_RULES[0])


def repayment_schedule(payouts: Sequence[Payout], rules: RepaymentRules = FINAL_REPAYMENT_RULES) -> Schedule:
    """Return the schedule: a fixed amount per month, the last one settles the rounding, the sum right to the cent.

    More than one loan: the term runs from the first payout. Raises ImpossibleLoan without money, above the maximum, or
    when a payout leaves no month to repay in.
    Source: see REPAYMENT_RULES.
    """
    paid = tuple(sorted(payouts, key=lambda payout: (payout.paid_on, payout.cents)))
    principal = sum(payout.cents for payout in paid)
    if not paid or any(payout.cents <= 0 for payout in paid):
        raise ImpossibleLoan("a loan is money that was paid out")
    if principal > LOAN_MAXIMUM_CENTS:
        raise ImpossibleLoan(f"{principal} cents is more than the maximum over all rounds together")
    first = max(rules.first_repayment, add_months(first_of_month(paid[-1].paid_on), 1))
    count = rules.term_months - months_between(paid[0].paid_on, first)
    if count < 1:
        raise ImpossibleLoan("no month is left to repay in")
    earlier = _rounded(sum((_built_up(payout, first, rules) for payout in paid), Fraction(0)))
    monthly_rate = Fraction(rules.yearly_percent, 1200)
    fixed = _fixed_principal_and_interest(principal, count, monthly_rate) + _rounded(Fraction(earlier, count))
    instalments: list[Instalment] = []
    left, earlier_left = principal, earlier
    for number in range(1, count + 1):
        due = add_months(first, number - 1)
        interest = 0 if _is_free(due, rules) else _rounded(left * monthly_rate)
        earlier_part = earlier * number // count - earlier * (number - 1) // count
        repaid = left if number == count else min(left, max(0, fixed - interest - earlier_part))
        left, earlier_left = left - repaid, earlier_left - earlier_part
        instalments.append(
            Instalment(
                number, due, repaid + interest + earlier_part, interest, earlier_part, repaid, left + earlier_left
            )
        )
    return Schedule(rules.id, paid, earlier, tuple(instalments))


def replay_schedule(stored: dict[str, Any]) -> Schedule:
    """Compute a stored schedule again with its own version of the rules; raises UnknownRuleVersion."""
    for rules in REPAYMENT_RULES:
        if rules.id == stored["rules"]:
            payouts = [Payout(date.fromisoformat(row["paid_on"]), row["cents"]) for row in stored["payouts"]]
            return repayment_schedule(payouts, rules)
    raise UnknownRuleVersion(str(stored["rules"]))


def _built_up(payout: Payout, first: date, rules: RepaymentRules) -> Fraction:
    """Return the exact interest from the month after payout up to the month before the first repayment."""
    start = add_months(first_of_month(payout.paid_on), 1)
    months = [add_months(start, offset) for offset in range(max(0, months_between(start, first)))]
    counted = sum(not _is_free(month, rules) for month in months)
    return Fraction(payout.cents * rules.yearly_percent * counted, 1200)


def _is_free(month: date, rules: RepaymentRules) -> bool:
    return rules.interest_free is not None and rules.interest_free[0] <= month <= rules.interest_free[1]


def _fixed_principal_and_interest(principal: int, count: int, rate: Fraction) -> int:
    """Return the annuity in whole cents."""
    if rate == 0:
        return _rounded(Fraction(principal, count))
    return _rounded(principal * rate / (1 - (1 + rate) ** -count))


def _rounded(amount: Fraction) -> int:
    """Round to whole cents, half upwards."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
