"""The repayment of the loan under every version of the rules."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.schemes import public as schemes
from stadhuis.schemes.public import Payout, repayment_schedule
from stadhuis.schemes.tozo.data import FINAL_REPAYMENT_RULES, REPAYMENT_RULES, months_between

LOAN = 1_015_700


@pytest.mark.parametrize(
    ("paid_on", "count", "first", "last"),
    [
        (date(2020, 7, 15), 48, date(2022, 7, 1), date(2026, 6, 1)),  # leeuwarden: 48 months from July 2022
        (date(2021, 9, 30), 62, date(2022, 7, 1), date(2027, 8, 1)),  # six years end in September 2027
        (date(2020, 4, 1), 45, date(2022, 7, 1), date(2026, 3, 1)),
        (date(2020, 12, 31), 53, date(2022, 7, 1), date(2026, 11, 1)),
    ],
)
def test_under_the_final_rules_repayment_starts_in_july_2022_and_ends_72_months_after_payout(
    paid_on: date, count: int, first: date, last: date
) -> None:
    # when
    schedule = repayment_schedule([Payout(paid_on, LOAN)])
    # then
    assert len(schedule.instalments) == count
    assert (schedule.instalments[0].due, schedule.last_due) == (first, last)


@pytest.mark.parametrize(
    ("rules", "first", "count", "earlier_interest"),
    [
        # 5 months of 2020 (August to December) at 2 percent over 10,000 euro: 83.33
        ("tozo-lening-2020", date(2021, 1, 1), 30, 8_333),
        ("tozo-lening-2021-1", date(2021, 7, 1), 30, 8_333),
        ("tozo-lening-2021-7", date(2022, 1, 1), 42, 8_333),
        ("tozo-lening-2022", date(2022, 7, 1), 48, 8_333),
    ],
)
def test_earlier_versions_of_the_rules_are_kept(rules: str, first: date, count: int, earlier_interest: int) -> None:
    # given
    [chosen] = [kept for kept in REPAYMENT_RULES if kept.id == rules]
    # when
    schedule = repayment_schedule([Payout(date(2020, 7, 1), 1_000_000)], chosen)
    # then
    assert schedule.rules == rules
    assert (schedule.instalments[0].due, len(schedule.instalments)) == (first, count)
    assert schedule.earlier_interest_cent == earlier_interest


@pytest.mark.parametrize(
    ("known_on", "rules"),
    [
        (date(2020, 4, 1), "tozo-lening-2020"),
        (date(2020, 12, 31), "tozo-lening-2020"),
        (date(2021, 1, 1), "tozo-lening-2021-1"),
        (date(2021, 7, 1), "tozo-lening-2021-7"),
        (date(2022, 1, 1), "tozo-lening-2022"),
        (None, "tozo-lening-2022"),
    ],
)
def test_the_rules_that_were_known_on_a_day_can_be_found(known_on: date | None, rules: str) -> None:
    assert schemes.repayment_rules(known_on=known_on).id == rules


def test_no_interest_builds_up_for_a_loan_of_2021_before_july_2022() -> None:
    # when
    schedule = repayment_schedule([Payout(date(2021, 5, 20), 600_000)])
    # then
    assert schedule.earlier_interest_cent == 0
    assert schedule.instalments[0].interest_cent == 1_000  # 2 percent of 6,000 euro, a twelfth


def test_the_monthly_amount_is_fixed_and_the_last_one_settles_the_rounding() -> None:
    # when
    schedule = repayment_schedule([Payout(date(2021, 9, 10), LOAN)])
    # then: the annuity of 10,157 euro over 62 months at 2 percent a year
    assert schedule.monthly_cent == 17_257
    assert {instalment.bedrag_cent for instalment in schedule.instalments[:-1]} == {17_257}
    assert abs(schedule.instalments[-1].bedrag_cent - 17_257) <= 62


def test_the_term_of_two_loans_is_that_of_the_first() -> None:
    # given
    both = [Payout(date(2021, 6, 1), 300_000), Payout(date(2020, 7, 1), 400_000)]
    # when
    schedule = repayment_schedule(both)
    # then
    assert len(schedule.instalments) == 48
    assert schedule.earlier_interest_cent == 3_333
    assert sum(instalment.principal_cent for instalment in schedule.instalments) == 700_000


@pytest.mark.parametrize(
    "payouts",
    [
        [],
        [Payout(date(2020, 7, 1), 0)],
        [Payout(date(2020, 7, 1), -5)],
        [Payout(date(2020, 7, 1), LOAN), Payout(date(2021, 7, 1), 1)],
        [Payout(date(2020, 7, 1), 1_000), Payout(date(2026, 7, 1), 1_000)],
    ],
)
def test_a_loan_that_cannot_be_is_refused(payouts: list[Payout]) -> None:
    with pytest.raises(schemes.ImpossibleLoan):
        repayment_schedule(payouts)


PAYOUTS = st.builds(Payout, st.dates(date(2020, 4, 1), date(2021, 12, 31)), st.integers(1, LOAN // 3))


@given(st.lists(PAYOUTS, min_size=1, max_size=3), st.sampled_from(REPAYMENT_RULES))
def test_every_schedule_sums_to_principal_plus_interest_to_the_cent_and_replays(
    payouts: list[Payout], rules: schemes.RepaymentRules
) -> None:
    # when
    schedule = repayment_schedule(payouts, rules)
    # then
    principal = sum(payout.cents for payout in payouts)
    assert schedule.total_cent == principal + schedule.interest_cent
    assert sum(instalment.principal_cent for instalment in schedule.instalments) == principal
    assert (
        sum(instalment.earlier_interest_cent for instalment in schedule.instalments) == schedule.earlier_interest_cent
    )
    assert schedule.instalments[-1].left_cent == 0
    assert all(instalment.bedrag_cent >= 0 for instalment in schedule.instalments)
    assert [instalment.number for instalment in schedule.instalments] == list(range(1, len(schedule.instalments) + 1))
    earliest = min(payout.paid_on for payout in payouts)
    assert months_between(earliest, schedule.last_due) == rules.term_months - 1
    assert schemes.replay_schedule(json.loads(json.dumps(schedule.as_dict()))) == schedule


@given(st.dates(date(2020, 4, 1), date(2021, 12, 31)), st.integers(50_000, LOAN))
def test_every_month_but_the_last_costs_the_same(paid_on: date, cents: int) -> None:
    # when
    schedule = repayment_schedule([Payout(paid_on, cents)], FINAL_REPAYMENT_RULES)
    # then
    assert len({instalment.bedrag_cent for instalment in schedule.instalments[:-1]}) == 1
    assert abs(schedule.instalments[-1].bedrag_cent - schedule.monthly_cent) <= len(schedule.instalments) * 2


def test_a_schedule_of_unknown_rules_is_refused() -> None:
    stored = repayment_schedule([Payout(date(2021, 5, 20), 600_000)]).as_dict() | {"rules": "tozo-lening-1950"}
    with pytest.raises(schemes.UnknownRuleVersion):
        schemes.replay_schedule(stored)
