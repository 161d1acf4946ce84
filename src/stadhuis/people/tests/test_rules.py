"""Decisions about who someone is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadhuis.people import rules


@pytest.mark.parametrize(
    "hostile",
    [
        "https://kwaad.example/",
        "//kwaad.example/",
        "///kwaad.example",
        "/\\kwaad.example",
        "\\\\kwaad.example",
        "/\t/kwaad.example",
        "javascript:alert(1)",
        "http:/mijn/",
        "mijn/",
        "/mijn/\r\nSet-Cookie: a=b",
        "/mijn/../werkplek/",
        " /mijn/",
        "/" + "a" * 2000,
        "",
        "/werkplek/zaak/",
    ],
)
def test_when_next_leads_elsewhere_then_the_default_is_used(hostile: str) -> None:
    assert rules.safe_next(hostile, workplace=False, default="/") == "/"


def test_when_next_is_a_page_of_this_face_then_it_is_kept_with_its_query() -> None:
    assert rules.safe_next("/aanvragen/tozo/?stap=3", workplace=False, default="/") == "/aanvragen/tozo/?stap=3"
    assert rules.safe_next("/werkplek/zaak/", workplace=True, default="/werkplek/") == "/werkplek/zaak/"
    assert rules.safe_next("/mijn/", workplace=True, default="/werkplek/") == "/werkplek/"


@given(st.text(max_size=60))
def test_whatever_next_is_the_browser_stays_here(value: str) -> None:
    kept = rules.safe_next(value, workplace=False, default="/")
    assert kept.startswith("/")
    assert not kept.startswith("//")
    assert "\\" not in kept
    assert kept.isprintable() or all(ord(sign) > 127 or sign.isprintable() for sign in kept)


@pytest.mark.parametrize(
    ("number", "is_good"),
    [
        ("999990019", True),
        ("999990184", True),
        ("999990018", False),
        ("99999001", False),
        ("99999001a", False),
        ("٩٩٩٩٩٠٠١٩", False),
    ],
)
def test_a_bsn_is_nine_digits_that_pass_the_eleven_test(number: str, is_good: bool) -> None:
    assert rules.is_bsn(number) is is_good


def test_an_unknown_acr_proves_nothing() -> None:
    assert rules.level_of_acr("http://eidas.europa.eu/LoA/substantial") == "substantial"
    assert rules.level_of_acr("http://eidas.europa.eu/LoA/SUBSTANTIAL") == ""
    assert rules.level_of_acr(["http://eidas.europa.eu/LoA/high"]) == ""
    assert not rules.is_high_enough("", "low")
    assert not rules.is_high_enough("godlike", "low")
    assert rules.is_high_enough("high", "substantial")
    assert not rules.is_high_enough("low", "substantial")


def test_a_session_ends_after_the_idle_time_and_at_the_absolute_end() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    fresh = moment - timedelta(seconds=899)
    assert rules.has_expired(moment, last_seen_at=fresh, ends_at=moment + timedelta(1), idle_seconds=900) == ""
    stale = moment - timedelta(seconds=900)
    assert rules.has_expired(moment, last_seen_at=stale, ends_at=moment + timedelta(1), idle_seconds=900) == "idle"
    assert rules.has_expired(moment, last_seen_at=moment, ends_at=moment, idle_seconds=900) == "absolute"


def test_only_our_own_proxies_are_believed_about_the_address_of_a_visitor() -> None:
    assert rules.client_address("203.0.113.9", "198.51.100.1", []) == "203.0.113.9"
    assert rules.client_address("10.0.0.1", "198.51.100.1, 203.0.113.7", ["10.0.0.1"]) == "203.0.113.7"
    assert rules.client_address("10.0.0.1", "203.0.113.7, 10.0.0.2", ["10.0.0.1", "10.0.0.2"]) == "203.0.113.7"
    assert rules.client_address("10.0.0.1", "", ["10.0.0.1"]) == "10.0.0.1"


def test_one_ipv6_subscriber_is_one_address() -> None:
    assert rules.network_of("2001:db8:1:2:3:4:5:6") == rules.network_of("2001:db8:1:2::1")
    assert rules.network_of("2001:db8:1:3::1") != rules.network_of("2001:db8:1:2::1")
    assert rules.network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert rules.network_of("no address") == "unknown"


def test_a_code_is_accepted_once() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert rules.new_step(moment, matching=100, last_step=99) == 100
    assert rules.new_step(moment, matching=100, last_step=100) is None
    assert rules.new_step(moment, matching=99, last_step=100) is None
    assert rules.new_step(moment, matching=None, last_step=0) is None
