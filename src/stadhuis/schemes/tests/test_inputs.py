"""From answers of the form to what the rules need."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.schemes.public import TozoInputs, UnusableAnswers, inputs_from_application
from stadhuis.schemes.tests.given import given_answers

ON = date(2021, 5, 17)
TEXTS = st.text("janelsmo 0123456789-.,+€T:é\N{ARABIC-INDIC DIGIT ONE}\N{NO-BREAK SPACE}\x00", max_size=12)


def faults(answers: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(UnusableAnswers) as caught:
        inputs_from_application(answers, aanvraagdatum=ON)
    assert all(fault.text for fault in caught.value.faults)
    assert len({fault.key for fault in caught.value.faults}) == len(caught.value.faults)
    return {fault.key: fault.code for fault in caught.value.faults}


def test_the_answers_of_the_form_become_inputs_in_cents() -> None:
    # when
    inputs = inputs_from_application(given_answers(), aanvraagdatum=ON)
    # then
    assert inputs.winst_cent == 50_000
    assert inputs.andere_inkomsten_cent == 12_550
    assert inputs.lening_cent == 400_000
    assert inputs.geboortedatum == date(1984, 2, 29)
    assert (inputs.eerste_maand, inputs.aantal_maanden) == ("2021-04", 3)
    assert inputs.is_ingeschreven
    assert inputs.partner_inkomen_cent is None


def test_the_inputs_hold_no_name_number_or_account() -> None:
    # given
    answers = given_answers(partnerBsn="999990020", iban="NL02ABNA0123456789")
    # then
    kept = json.dumps(inputs_from_application(answers, aanvraagdatum=ON).as_dict())
    for private in ("999990020", "NL02ABNA0123456789", "Rietveld", "68750110"):
        assert private not in kept


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (0, 0),
        (1052.32, 105_232),
        ("1052.32", 105_232),
        ("1.052,32", 105_232),
        ("€ 12,5", 1_250),
        ("12", 1_200),
        (-30, -3_000),
    ],
)
def test_an_amount_may_be_written_as_a_number_or_in_the_dutch_way(value: object, cents: int) -> None:
    assert inputs_from_application(given_answers(winstPerMaand=value), aanvraagdatum=ON).winst_cent == cents


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("geboortedatum", None, "missing"),
        ("geboortedatum", "  ", "missing"),
        ("geboortedatum", "1984-02-30", "not-a-date"),
        ("geboortedatum", "1984-00-00", "not-a-date"),
        ("geboortedatum", 19840229, "odd"),
        ("geboortedatum", "2021-05-18", "in-the-future"),
        ("leefsituatie", "samenwonend", "odd"),
        ("urencriterium", "misschien", "odd"),
        ("kinderen", None, "missing"),
        ("kvkNummer", "1234567", "odd"),
        ("kvkNummer", "١٢٣٤٥٦٧٨", "odd"),
        ("watAanvragen", {"levensonderhoud": False}, "nothing-asked"),
        ("watAanvragen", ["levensonderhoud"], "odd"),
        ("watAanvragen", {"levensonderhoud": "ja"}, "odd"),
        ("watAanvragen", None, "missing"),
        ("eersteMaand", "2021-13", "not-a-month"),
        ("eersteMaand", "april", "not-a-month"),
        ("aantalMaanden", 0, "out-of-range"),
        ("aantalMaanden", 7, "out-of-range"),
        ("aantalMaanden", "2.5", "out-of-range"),
        ("aantalMaanden", "NaN", "out-of-range"),
        ("aantalMaanden", True, "odd"),
        ("winstPerMaand", "veel", "not-an-amount"),
        ("winstPerMaand", float("nan"), "not-an-amount"),
        ("winstPerMaand", float("inf"), "not-an-amount"),
        ("winstPerMaand", 10.005, "not-an-amount"),
        ("winstPerMaand", "1e3", "not-an-amount"),
        ("winstPerMaand", True, "not-an-amount"),
        ("winstPerMaand", "1000000.01", "too-large"),
        ("andereInkomsten", "-1", "negative"),
        ("leningBedrag", 0, "not-positive"),
        ("eerdereLening", None, "missing"),
        ("surseance", None, "missing"),
        ("woonland", 6030, "odd"),
        ("naarWaarheid", False, "not-truthful"),
        ("naarWaarheid", None, "missing"),
    ],
)
def test_an_answer_that_is_missing_or_odd_is_named_by_its_key(key: str, value: object, code: str) -> None:
    assert faults(given_answers(**{key: value})) == {key: code}


def test_all_faults_come_together() -> None:
    assert set(faults(given_answers(geboortedatum=None, kinderen="x", leningBedrag="x"))) == {
        "geboortedatum",
        "kinderen",
        "leningBedrag",
    }


def test_a_partner_is_asked_for_only_when_living_together() -> None:
    # given
    half = given_answers(leefsituatie="samen", partnerInkomen="abc")
    # then
    assert faults(half) == {
        "partnerGeboortedatum": "missing",
        "partnerInkomen": "not-an-amount",
        "partnerAkkoord": "missing",
    }
    alone = inputs_from_application(given_answers(partnerInkomen="abc"), aanvraagdatum=ON)
    assert alone.partner_inkomen_cent is None


def test_questions_about_a_loan_are_ignored_when_no_loan_is_asked() -> None:
    # given
    answers = given_answers(
        watAanvragen={"levensonderhoud": True, "bedrijfskapitaal": False}, leningBedrag="x", surseance=None
    )
    # then
    assert inputs_from_application(answers, aanvraagdatum=ON).lening_cent is None


@pytest.mark.parametrize(
    ("woonland", "expected"),
    [
        ("Nederland", "nl"),
        ("NL", "nl"),
        ("6030", "nl"),
        ("België", "eu"),
        ("DE", "eu"),
        ("Zwitserland", "eu"),
        ("Bondsrepubliek Duitsland", "eu"),
        ("Verenigd Koninkrijk", "anders"),
    ],
)
def test_a_country_is_the_netherlands_europe_or_elsewhere(woonland: str, expected: str) -> None:
    assert inputs_from_application(given_answers(woonland=woonland), aanvraagdatum=ON).woonland == expected


def test_inputs_survive_json() -> None:
    inputs = inputs_from_application(given_answers(startdatumBedrijf="2020-03-17"), aanvraagdatum=ON)
    assert TozoInputs.from_dict(json.loads(json.dumps(inputs.as_dict()))) == inputs


@given(
    st.dictionaries(
        st.sampled_from(sorted(given_answers())),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | TEXTS
        | st.lists(TEXTS, max_size=2)
        | st.dictionaries(TEXTS, st.booleans(), max_size=2),
    )
)
def test_no_answer_whatsoever_gives_anything_but_inputs_or_faults(changes: dict[str, Any]) -> None:
    try:
        inputs = inputs_from_application(given_answers() | changes, aanvraagdatum=ON)
    except UnusableAnswers as caught:
        outcome: object = caught.faults
    else:
        outcome = inputs.as_dict()
    # then: nothing else was raised, and there is always an answer
    assert outcome
