"""Every rule of the Tozo, every household and the boundary days of every round."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.schemes import public as schemes
from stadhuis.schemes.public import Assessment, TozoInputs, assess
from stadhuis.schemes.tests.given import given_inputs, with_loan, with_partner
from stadhuis.schemes.tozo import data
from stadhuis.schemes.tozo.assessment import RULE_SETS, assess_with
from stadhuis.schemes.tozo.texts import SENTENCES


def status(assessment: Assessment, rule: str) -> str:
    [found] = [finding.status for finding in assessment.findings if finding.rule == rule]
    return found


def amounts(assessment: Assessment) -> list[int]:
    assert assessment.levensonderhoud is not None
    return [month.bedrag_cent for month in assessment.levensonderhoud.months]


# -- rounds -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("applied", "deemed", "version"),
    [
        (date(2020, 3, 1), date(2020, 3, 1), "tozo-1.1"),
        (date(2020, 5, 31), date(2020, 3, 1), "tozo-1.1"),
        (date(2020, 6, 1), date(2020, 6, 1), "tozo-2.1"),
        (date(2020, 9, 30), date(2020, 6, 1), "tozo-2.1"),
        (date(2020, 10, 1), date(2020, 10, 1), "tozo-3.1"),
        (date(2020, 11, 30), date(2020, 10, 1), "tozo-3.1"),
        (date(2020, 12, 1), date(2020, 12, 1), "tozo-3.1"),
        (date(2020, 12, 31), date(2020, 12, 1), "tozo-3.1"),
        (date(2021, 1, 31), date(2021, 1, 1), "tozo-3.1"),
        (date(2021, 2, 1), date(2021, 1, 1), "tozo-3.1"),
        (date(2021, 3, 31), date(2021, 2, 1), "tozo-3.1"),
        (date(2021, 4, 1), date(2021, 4, 1), "tozo-4.1"),
        (date(2021, 4, 30), date(2021, 4, 1), "tozo-4.1"),
        (date(2021, 5, 17), date(2021, 4, 1), "tozo-4.1"),
        (date(2021, 6, 30), date(2021, 5, 1), "tozo-4.1"),
        (date(2021, 7, 1), date(2021, 7, 1), "tozo-5.1"),
        (date(2021, 7, 31), date(2021, 7, 1), "tozo-5.1"),
        (date(2021, 8, 1), date(2021, 7, 1), "tozo-5.1"),
        (date(2021, 9, 30), date(2021, 8, 1), "tozo-5.1"),
    ],
)
def test_an_application_counts_from_its_deemed_date_and_gets_the_rules_of_that_round(
    applied: date, deemed: date, version: str
) -> None:
    # given
    inputs = given_inputs(aanvraagdatum=applied, eerste_maand=deemed.isoformat()[:7], aantal_maanden=1)
    # when
    assessment = assess(inputs)
    # then
    assert (assessment.deemed_date, assessment.rule_version) == (deemed, version)
    assert status(assessment, "aanvraagperiode") == "satisfied"
    assert assessment.advice == "toekennen"


@pytest.mark.parametrize(
    ("applied", "message"),
    [
        (date(2020, 2, 29), "periode-te-vroeg"),
        (date(2021, 10, 1), "periode-te-laat"),
        (date(2026, 11, 22), "periode-te-laat"),
    ],
)
def test_an_application_outside_all_rounds_is_refused_with_the_reason(applied: date, message: str) -> None:
    # given
    inputs = with_loan(aanvraagdatum=applied, vraagt_levensonderhoud=True, eerste_maand="2021-09", aantal_maanden=1)
    # when
    assessment = assess(inputs)
    # then
    assert assessment.advice == "afwijzen"
    assert [finding.message for finding in assessment.findings if finding.rule == "aanvraagperiode"] == [message]
    assert assessment.bedrijfskapitaal is not None
    assert assessment.bedrijfskapitaal.bedrag_cent == 0


@pytest.mark.parametrize(
    ("applied", "first", "count", "paid", "advice"),
    [
        (date(2020, 5, 1), "2020-06", 3, 3, "toekennen"),
        (date(2020, 5, 1), "2020-07", 3, 2, "deels toekennen"),  # August 2020 was the last month of Tozo 1
        (date(2020, 9, 30), "2020-06", 4, 4, "toekennen"),
        (date(2020, 9, 30), "2020-05", 2, 1, "deels toekennen"),
        (date(2020, 12, 15), "2020-11", 2, 1, "deels toekennen"),
        (date(2021, 2, 15), "2021-01", 3, 3, "toekennen"),
        (date(2021, 5, 17), "2021-03", 3, 2, "deels toekennen"),
        (date(2021, 6, 1), "2021-04", 3, 2, "deels toekennen"),
        (date(2021, 6, 1), "2021-06", 3, 1, "deels toekennen"),
        (date(2021, 6, 1), "2021-07", 3, 0, "afwijzen"),
        (date(2021, 9, 1), "2021-07", 3, 2, "deels toekennen"),
        (date(2021, 5, 17), "2021-04", 6, 3, "deels toekennen"),
    ],
)
def test_only_months_of_the_round_from_the_deemed_date_on_are_paid(
    applied: date, first: str, count: int, paid: int, advice: str
) -> None:
    # when
    assessment = assess(given_inputs(aanvraagdatum=applied, eerste_maand=first, aantal_maanden=count))
    # then
    assert sum(amount > 0 for amount in amounts(assessment)) == paid
    assert len(amounts(assessment)) == count
    assert assessment.advice == advice


# -- norms ------------------------------------------------------------------------------------------------------------
FULL, YOUNG, OLD = date(1984, 2, 29), date(2002, 1, 15), date(1953, 5, 5)
HOUSEHOLDS: list[tuple[date, date | None, bool, int, int]] = [
    (FULL, FULL, False, 150_331, 153_634),
    (FULL, FULL, True, 150_331, 153_634),
    (FULL, OLD, False, 159_442, 162_074),
    (FULL, YOUNG, True, 131_210, 134_093),
    (YOUNG, FULL, True, 131_210, 134_093),
    (FULL, YOUNG, False, 101_144, 103_366),
    (YOUNG, YOUNG, True, 82_022, 83_825),
    (YOUNG, YOUNG, False, 51_956, 53_098),
    (FULL, None, False, 105_232, 107_544),
    (FULL, None, True, 105_232, 107_544),
    (YOUNG, None, False, 25_978, 26_549),
    (YOUNG, None, True, 25_978, 26_549),
]


@pytest.mark.parametrize(("own", "partner", "kinderen", "in_2020", "in_2021"), HOUSEHOLDS)
def test_each_household_has_its_norm_in_2020_and_in_2021(
    own: date, partner: date | None, kinderen: bool, in_2020: int, in_2021: int
) -> None:
    # given
    make = given_inputs if partner is None else with_partner
    extra: dict[str, Any] = {} if partner is None else {"partner_geboortedatum": partner}
    inputs = make(
        aanvraagdatum=date(2020, 12, 10),
        geboortedatum=own,
        kinderen=kinderen,
        eerste_maand="2020-12",
        aantal_maanden=2,
        **extra,
    )
    # then: without income the whole norm, and the norm changes with the year
    assert amounts(assess(inputs)) == [in_2020, in_2021]


@pytest.mark.parametrize("partner", [date(2004, 1, 1), OLD])
def test_a_household_that_the_table_does_not_know_is_left_to_a_person(partner: date) -> None:
    # when: a partner under 18, or 18-20 with a pensioner
    assessment = assess(with_partner(geboortedatum=YOUNG, partner_geboortedatum=partner))
    # then
    assert assessment.advice == "onvoldoende informatie"
    assert status(assessment, "huishouden") == "unknown"


def test_the_norm_of_july_2021_carries_a_remark() -> None:
    # given
    later = given_inputs(aanvraagdatum=date(2021, 7, 5), eerste_maand="2021-07", aantal_maanden=1)
    # then
    assert "norm" in {finding.rule for finding in assess(later).findings}
    assert "norm" not in {finding.rule for finding in assess(given_inputs()).findings}


# -- income -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("profit", "other", "amount"),
    [
        (0, 0, 107_544),
        (100_000, 0, 107_544 - 82_000),
        (100_000, 10_050, 107_544 - 92_050),
        (-50_000, 0, 107_544),  # a loss is no negative income
        (1, 0, 107_544),  # 0.82 cents is rounded in favour of the applicant
        (131_150, 0, 1),
        (131_151, 0, 1),
        (131_152, 0, 0),
        (0, 107_543, 1),
        (0, 107_544, 0),
        (10_000_000, 0, 0),
    ],
)
def test_the_benefit_tops_up_82_percent_of_the_profit_and_other_income_to_the_norm(
    profit: int, other: int, amount: int
) -> None:
    # when
    assessment = assess(given_inputs(winst_cent=profit, andere_inkomsten_cent=other))
    # then
    assert amounts(assessment) == [amount] * 3
    assert assessment.advice == ("toekennen" if amount else "afwijzen")


@pytest.mark.parametrize(
    ("applied", "month", "amount"), [(date(2020, 5, 31), "2020-05", 150_331), (date(2020, 6, 1), "2020-06", 331)]
)
def test_the_income_of_the_partner_counts_from_tozo_2_on(applied: date, month: str, amount: int) -> None:
    inputs = with_partner(aanvraagdatum=applied, eerste_maand=month, aantal_maanden=1, partner_inkomen_cent=150_000)
    assert amounts(assess(inputs)) == [amount]


def test_income_above_the_norm_in_one_year_only_pays_the_other_year() -> None:
    # given
    inputs = given_inputs(
        aanvraagdatum=date(2020, 12, 10), eerste_maand="2020-12", aantal_maanden=2, andere_inkomsten_cent=106_000
    )
    # when
    assessment = assess(inputs)
    # then
    assert amounts(assessment) == [0, 1_544]
    assert assessment.advice == "deels toekennen"


@pytest.mark.parametrize("missing", ["winst_cent", "andere_inkomsten_cent", "eerste_maand"])
def test_without_income_or_months_nothing_can_be_said(missing: str) -> None:
    assert assess(given_inputs(**{missing: None})).advice == "onvoldoende informatie"


# -- who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("born", "aow"),
    [
        (date(1952, 12, 31), date(2019, 4, 30)),
        (date(1953, 12, 1), date(2020, 4, 1)),
        (date(1955, 8, 31), date(2021, 12, 31)),
        (date(1955, 9, 1), date(2022, 4, 1)),
        (date(1956, 5, 31), date(2022, 12, 31)),
        (date(1956, 6, 1), date(2023, 4, 1)),
        (date(1957, 2, 28), date(2023, 12, 28)),
        (date(1957, 3, 1), date(2024, 3, 1)),
        (date(1960, 12, 31), date(2027, 12, 31)),
        (date(1961, 1, 1), date(2028, 4, 1)),
        (date(1984, 2, 29), date(2051, 5, 29)),
    ],
)
def test_the_aow_begins_at_the_age_of_the_year_in_which_it_is_reached(born: date, aow: date) -> None:
    assert data.aow_date(born) == aow


@pytest.mark.parametrize(
    ("born", "paid"),
    [
        (date(2003, 4, 1), [True, True, True]),  # 18 on 1 April 2021
        (date(2003, 4, 2), [False, True, True]),
        (date(2003, 6, 1), [False, False, True]),
        (date(2003, 6, 2), [False, False, False]),
        (date(1954, 11, 30), [False, False, False]),  # AOW from 30 March 2021
        (date(1954, 12, 1), [False, False, False]),  # AOW from 1 April 2021
        (date(1954, 12, 2), [True, False, False]),
        (date(1955, 2, 2), [True, True, True]),
    ],
)
def test_age_is_judged_on_the_first_day_of_each_month(born: date, paid: list[bool]) -> None:
    # when
    assessment = assess(given_inputs(geboortedatum=born))
    # then
    assert [amount > 0 for amount in amounts(assessment)] == paid
    assert assessment.advice == {3: "toekennen", 0: "afwijzen"}.get(sum(paid), "deels toekennen")
    assert status(assessment, "leeftijd") == ("satisfied" if any(paid) else "failed")


def test_a_pensioner_may_have_the_loan_but_no_living_benefit() -> None:
    # when
    assessment = assess(with_loan(vraagt_levensonderhoud=True, geboortedatum=OLD))
    # then
    assert assessment.levensonderhoud is not None
    assert assessment.bedrijfskapitaal is not None
    assert (assessment.levensonderhoud.advice, assessment.bedrijfskapitaal.advice) == ("afwijzen", "toekennen")
    assert assessment.advice == "deels toekennen"


@pytest.mark.parametrize(
    ("woonland", "vestigingsland", "benefit", "loan", "forward_to"),
    [
        ("nl", "nl", "toekennen", "toekennen", ""),
        ("nl", "eu", "toekennen", "afwijzen", ""),
        ("eu", "nl", "afwijzen", "onvoldoende informatie", "Maastricht"),
        ("eu", "eu", "afwijzen", "afwijzen", "Maastricht"),
        ("nl", "anders", "afwijzen", "afwijzen", ""),
        ("anders", "nl", "afwijzen", "afwijzen", ""),
    ],
)
def test_home_and_business_across_a_border(
    woonland: str, vestigingsland: str, benefit: str, loan: str, forward_to: str
) -> None:
    # when
    assessment = assess(with_loan(vraagt_levensonderhoud=True, woonland=woonland, vestigingsland=vestigingsland))
    # then
    assert assessment.levensonderhoud is not None
    assert assessment.bedrijfskapitaal is not None
    assert (assessment.levensonderhoud.advice, assessment.bedrijfskapitaal.advice) == (benefit, loan)
    assert assessment.forward_to == forward_to


@pytest.mark.parametrize(
    ("started", "at", "expected"),
    [
        (date(2020, 3, 16), None, "satisfied"),
        (date(2020, 3, 17), None, "unknown"),
        (date(2020, 3, 17), time(18, 44), "satisfied"),
        (date(2020, 3, 17), time(18, 45), "failed"),
        (date(2020, 3, 18), None, "failed"),
        (None, None, "unknown"),
    ],
)
def test_the_business_started_before_17_march_2020_18_45(started: date | None, at: time | None, expected: str) -> None:
    assert status(assess(given_inputs(startdatum=started, starttijd=at)), "startdatum") == expected


@pytest.mark.parametrize(
    ("changes", "rule", "expected", "advice"),
    [
        ({"voldoet_aan_urencriterium": False}, "urencriterium", "failed", "afwijzen"),
        ({"is_ingeschreven": False}, "inschrijving", "failed", "afwijzen"),
        ({"is_ingeschreven": False, "vestigingsland": "eu"}, "inschrijving", "unknown", "onvoldoende informatie"),
        ({"naar_waarheid": False}, "verklaring", "unknown", "onvoldoende informatie"),
        ({"partner_volgens_brp": True}, "leefsituatie", "unknown", "onvoldoende informatie"),
        ({"partner_volgens_brp": False}, "leefsituatie", "satisfied", "toekennen"),
        ({"voldoet_aan_urencriterium": False, "startdatum": None}, "startdatum", "unknown", "afwijzen"),
    ],
)
def test_each_condition_has_its_weight(changes: dict[str, Any], rule: str, expected: str, advice: str) -> None:
    # when
    assessment = assess(given_inputs(**changes))
    # then
    assert status(assessment, rule) == expected
    assert assessment.advice == advice
    if advice != "toekennen":
        assert amounts(assessment) == [0, 0, 0]


def test_a_partner_who_did_not_agree_leaves_the_application_incomplete() -> None:
    assert assess(with_partner(partner_akkoord=False)).advice == "onvoldoende informatie"
    assert assess(with_partner()).advice == "toekennen"


# -- wealth: switched off ---------------------------------------------------------------------------------------------
def test_no_round_tests_wealth() -> None:
    assert not any(round_.has_wealth_test for round_ in data.ROUNDS)
    assert "vermogen" not in {finding.rule for finding in assess(given_inputs(vermogen_cent=99_999_999)).findings}


@pytest.mark.parametrize(
    ("wealth", "advice"), [(4_652_000, "toekennen"), (4_652_001, "afwijzen"), (None, "onvoldoende informatie")]
)
def test_the_wealth_test_keeps_its_amount_of_46520_euro_for_who_switches_it_on(wealth: int | None, advice: str) -> None:
    # given
    rules = RULE_SETS["tozo-4.1"]
    switched_on = replace(rules, round=replace(rules.round, has_wealth_test=True))
    # then
    assert assess_with(given_inputs(vermogen_cent=wealth), switched_on).advice == advice


# -- loan -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "earlier", "granted", "advice"),
    [
        (400_000, 0, 400_000, "toekennen"),
        (1_015_700, 0, 1_015_700, "toekennen"),
        (1_015_701, 0, 1_015_700, "deels toekennen"),
        (400_000, 615_700, 400_000, "toekennen"),
        (400_000, 615_701, 399_999, "deels toekennen"),
        (1, 1_015_699, 1, "toekennen"),
        (1, 1_015_700, 0, "afwijzen"),
        (1, 2_000_000, 0, "afwijzen"),
        (400_000, None, 0, "onvoldoende informatie"),
    ],
)
def test_the_loan_stays_under_10157_euro_over_all_rounds_together(
    asked: int, earlier: int | None, granted: int, advice: str
) -> None:
    # when
    loan = assess(with_loan(lening_cent=asked, eerdere_lening_cent=earlier)).bedrijfskapitaal
    # then
    assert loan is not None
    assert (loan.bedrag_cent, loan.advice) == (granted, advice)


@pytest.mark.parametrize(
    ("applied", "surseance", "advice"),
    [
        (date(2020, 5, 31), True, "toekennen"),
        (date(2020, 6, 1), True, "afwijzen"),
        (date(2020, 6, 1), False, "toekennen"),
        (date(2020, 6, 1), None, "onvoldoende informatie"),
    ],
)
def test_suspension_of_payments_stands_in_the_way_from_tozo_2_on(
    applied: date, surseance: bool | None, advice: str
) -> None:
    assert assess(with_loan(aanvraagdatum=applied, surseance=surseance)).advice == advice


def test_a_loan_without_a_reason_needs_one() -> None:
    assert assess(with_loan(lening_met_reden=False)).advice == "onvoldoende informatie"


# -- the record -------------------------------------------------------------------------------------------------------
def test_every_finding_has_a_rule_an_article_and_a_reason_in_both_languages() -> None:
    # given
    assessment = assess(with_loan(vraagt_levensonderhoud=True, eerdere_lening_cent=900_000))
    # then
    for language in ("nl", "en"):
        with translation.override(language):
            for finding in assessment.findings:
                assert finding.rule
                assert finding.article
                assert finding.rests_on
                assert set(finding.rests_on) <= set(TozoInputs.__dataclass_fields__)
                assert "%(" not in finding.explanation


def test_a_finding_explains_itself_in_dutch() -> None:
    # given
    assessment = assess(given_inputs(winst_cent=100_000))
    # when
    with translation.override("nl"):
        texts = {finding.rule: finding.explanation for finding in assessment.findings}
    # then
    assert (
        texts["aanvraagperiode"]
        == "De aanvraag van 17 mei 2021 is op tijd voor Tozo 4. De aanvraag telt vanaf 1 april 2021."
    )
    assert texts["huishouden"] == "De norm voor dit huishouden is €\N{NO-BREAK SPACE}1.075,44 per maand."
    assert texts["urencriterium"] == "De aanvrager werkt ten minste 1.225 uur per jaar voor het bedrijf."
    assert {finding.message for finding in assessment.findings} <= set(SENTENCES)


def test_an_unknown_version_or_scheme_is_refused() -> None:
    stored = assess(given_inputs()).as_dict()
    for change in ({"rule_version": "tozo-9.1"}, {"scheme": "tonk"}):
        with pytest.raises(schemes.UnknownRuleVersion):
            schemes.replay(stored | change)


def test_a_stored_assessment_keeps_the_version_it_was_made_with() -> None:
    # given: the same inputs under the rules of another round
    inputs = with_partner(partner_inkomen_cent=150_000)
    stored = assess(inputs).as_dict() | {"rule_version": "tozo-1.1"}
    # then
    assert schemes.replay(stored).rule_version == "tozo-1.1"
    assert schemes.replay(stored) != assess(inputs)


@st.composite
def inputs_of_anyone(draw: st.DrawFn) -> TozoInputs:
    cents = st.integers(0, 400_000)
    maybe = st.none() | st.booleans()
    return given_inputs(
        aanvraagdatum=draw(st.dates(date(2020, 1, 1), date(2022, 3, 1))),
        geboortedatum=draw(st.dates(date(1940, 1, 1), date(2005, 1, 1))),
        woonland=draw(st.sampled_from(["nl", "nl", "nl", "eu", "anders"])),
        vestigingsland=draw(st.sampled_from(["nl", "nl", "nl", "eu", "anders"])),
        startdatum=draw(st.none() | st.dates(date(2000, 1, 1), date(2020, 6, 1))),
        heeft_partner=draw(st.booleans()),
        partner_geboortedatum=draw(st.none() | st.dates(date(1940, 1, 1), date(2005, 1, 1))),
        partner_inkomen_cent=draw(st.none() | cents),
        partner_akkoord=draw(maybe),
        kinderen=draw(st.booleans()),
        vraagt_levensonderhoud=draw(st.booleans()),
        vraagt_bedrijfskapitaal=draw(st.booleans()),
        eerste_maand=draw(
            st.none() | st.dates(date(2020, 1, 1), date(2021, 12, 1)).map(lambda day: day.isoformat()[:7])
        ),
        aantal_maanden=draw(st.none() | st.integers(1, 6)),
        winst_cent=draw(st.none() | st.integers(-400_000, 400_000)),
        andere_inkomsten_cent=draw(st.none() | cents),
        lening_cent=draw(st.none() | st.integers(1, 2_000_000)),
        eerdere_lening_cent=draw(st.none() | st.integers(0, 2_000_000)),
        lening_met_reden=draw(maybe),
        surseance=draw(maybe),
    )


@given(inputs_of_anyone())
def test_whatever_is_given_the_amounts_stay_within_norm_and_maximum_and_replay_the_same(inputs: TozoInputs) -> None:
    # when
    assessment = assess(inputs)
    stored = json.loads(json.dumps(assessment.as_dict()))
    # then
    if assessment.levensonderhoud is not None:
        for month in assessment.levensonderhoud.months:
            assert 0 <= month.bedrag_cent <= max(month.norm_cent, 0)
            assert month.bedrag_cent + max(0, month.inkomen_cent) <= max(month.norm_cent, month.inkomen_cent)
        paid = assessment.levensonderhoud.total_cent > 0
        assert paid == (assessment.levensonderhoud.advice in ("toekennen", "deels toekennen"))
    if assessment.bedrijfskapitaal is not None:
        granted = assessment.bedrijfskapitaal.bedrag_cent
        assert 0 <= granted <= assessment.bedrijfskapitaal.gevraagd_cent
        assert granted == 0 or granted + (inputs.eerdere_lening_cent or 0) <= schemes.LOAN_MAXIMUM_CENTS
    assert schemes.replay(stored) == assessment
    assert schemes.replay(stored).as_dict() == stored
    assert [schemes.Finding.from_dict(found) for found in stored["outcome"]["findings"]] == list(assessment.findings)
