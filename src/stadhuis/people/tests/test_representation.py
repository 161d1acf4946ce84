"""What the ``represents`` claim may say, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.people.representation import (
    BASIS_CLAIM,
    SERVICES_CLAIM,
    UNTIL_CLAIM,
    RepresentationUnusable,
    covers,
    holds_on_last_day,
    of_age_on,
    read_representation,
)

TODAY = date(2026, 3, 2)
BSN_TYPE, KVK_TYPE, RSIN_TYPE = (f"urn:nl-eid-gdi:1.0:id:{kind}" for kind in ("BSN", "KvKnr", "RSIN"))
LOW = "http://eidas.europa.eu/LoA/low"


def a_claim(**changes: Any) -> dict[str, Any]:
    base = {"sub": "999990810", "sub_id_type": BSN_TYPE, "iss": "https://idp.example", BASIS_CLAIM: "ouder"}
    return {name: value for name, value in (base | changes).items() if value is not None}


def test_who_acts_for_himself_represents_nobody() -> None:
    assert read_representation({"sub": "abc"}, on=TODAY) is None


def test_a_parent_acts_for_a_child_until_the_day_it_comes_of_age() -> None:
    child = a_claim(given_name="Siem", family_name="Postma", birthdate="2016-09-04")
    found = read_representation({"represents": child}, on=TODAY)
    assert found is not None
    assert (found.basis, found.party.kind, found.party.subject, found.party.naam) == (
        "ouder", "bsn", "999990810", "Siem Postma",
    )  # fmt: skip
    assert holds_on_last_day(found) == date(2034, 9, 3)
    assert read_representation({"represents": child}, on=date(2034, 9, 3)) is not None
    with pytest.raises(RepresentationUnusable, match="of age"):
        read_representation({"represents": child}, on=date(2034, 9, 4))


@pytest.mark.parametrize(
    ("born", "of_age"),
    [(date(2008, 2, 29), date(2026, 3, 1)), (date(2008, 3, 1), date(2026, 3, 1)), (date(2010, 12, 31), date(2028, 12, 31))],
)  # fmt: skip
def test_the_day_of_coming_of_age(born: date, of_age: date) -> None:
    assert of_age_on(born) == of_age


@pytest.mark.parametrize("born", ["2016", "2016-00-00", None])
def test_a_birth_date_that_is_not_a_whole_day_sets_no_end(born: str | None) -> None:
    found = read_representation({"represents": a_claim(birthdate=born)}, on=TODAY)
    assert found is not None
    assert holds_on_last_day(found) is None


def test_in_a_chain_the_deepest_is_whose_affairs_they_are_and_the_weakest_link_is_the_level() -> None:
    chain = {
        "sub": "90001536", "sub_id_type": KVK_TYPE, "iss": "https://idp.example", "acr": LOW,
        "represents": a_claim(**{BASIS_CLAIM: "machtiging", SERVICES_CLAIM: ["TOZO", "KAP"], UNTIL_CLAIM: "2026-03-02"}),
    }  # fmt: skip
    found = read_representation({"represents": chain}, on=TODAY)
    assert found is not None
    assert [party.subject for party in found.between] == ["90001536"]
    assert (found.party.subject, found.services, found.level) == ("999990810", ("TOZO", "KAP"), "low")
    assert holds_on_last_day(found) == TODAY


def test_an_alternative_number_we_know_somebody_by_is_preferred_over_a_pseudonym() -> None:
    claim = a_claim(
        sub="4Yg8u72NxR", sub_id_type=None, alt_sub=[{"sub": "90001536", "sub_id_type": KVK_TYPE}], **{BASIS_CLAIM: "bestuurder"}
    )  # fmt: skip
    found = read_representation({"represents": claim}, on=TODAY)
    assert found is not None
    assert (found.party.kind, found.party.subject) == ("kvk", "90001536")


@pytest.mark.parametrize(
    "changes",
    [
        {BASIS_CLAIM: None},
        {BASIS_CLAIM: "buurman"},
        {BASIS_CLAIM: ["ouder"]},
        {"sub": None},
        {"sub": 999990810},
        {"sub": "999990811"},
        {"sub": "x" * 256, "sub_id_type": None},
        {"sub_id_type": "urn:example:schoenmaat"},
        {"sub": "9000153", "sub_id_type": KVK_TYPE, BASIS_CLAIM: "machtiging"},
        {"sub": "12", "sub_id_type": RSIN_TYPE, BASIS_CLAIM: "machtiging"},
        {"sub": "90001536", "sub_id_type": KVK_TYPE, BASIS_CLAIM: "curator"},
        {"iss": None},
        {"iss": 7},
        {"birthdate": "1990-01-01"},
        {"birthdate": "gisteren"},
        {UNTIL_CLAIM: "2026-03-01"},
        {UNTIL_CLAIM: "altijd"},
        {UNTIL_CLAIM: 20300101},
        {SERVICES_CLAIM: []},
        {SERVICES_CLAIM: ["TOZO", "' OR 1=1"]},
        {SERVICES_CLAIM: ["TOZO", 7]},
        {SERVICES_CLAIM: {"TOZO": True}},
    ],
)  # fmt: skip
def test_a_representation_that_cannot_be_gone_by_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RepresentationUnusable):
        read_representation({"represents": a_claim(**changes)}, on=TODAY)


@pytest.mark.parametrize("claim", ["999990810", ["a"], True, 7, {}])
def test_a_claim_of_another_shape_is_refused(claim: object) -> None:
    with pytest.raises(RepresentationUnusable):
        read_representation({"represents": claim}, on=TODAY)


def test_a_chain_that_goes_on_and_on_is_refused() -> None:
    claim: dict[str, Any] = a_claim()
    for _ in range(5):
        claim = {"sub": "90001536", "sub_id_type": KVK_TYPE, "iss": "https://idp.example", "represents": claim}
    with pytest.raises(RepresentationUnusable, match="chain"):
        read_representation({"represents": claim}, on=TODAY)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["sub", "iss", "represents", BASIS_CLAIM, SERVICES_CLAIM, "alt_sub", "birthdate", "acr"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(_ANYTHING)
def test_whatever_stands_in_the_claim_it_is_read_or_refused(claim: object) -> None:
    try:
        found = read_representation({"represents": claim}, on=TODAY)
    except RepresentationUnusable:
        return
    assert (found is None) == (claim is None)


def test_a_mandate_without_services_covers_everything_and_one_with_services_those_only() -> None:
    assert covers({}, "TOZO")
    assert covers({"services": "KAP TOZO"}, "TOZO")
    assert not covers({"services": "KAP"}, "TOZO")
