"""Decisions about names and countries: pure functions."""

from __future__ import annotations

import re
from typing import Literal

Vestigingsland = Literal["nl", "eu", "anders"]

_NAME = re.compile(r"[a-zA-Z0-9À-ž .\-']{1,200}|[a-zA-Z0-9À-ž .\-']{3,199}\*")
_EU = frozenset(
    {
        "belgië", "bulgarije", "cyprus", "denemarken", "duitsland", "estland", "finland", "frankrijk", "griekenland",
        "hongarije", "ierland", "italië", "kroatië", "letland", "litouwen", "luxemburg", "malta", "oostenrijk", "polen",
        "portugal", "roemenië", "slovenië", "slowakije", "spanje", "tsjechië", "zweden",
    }
)  # fmt: skip


def is_searchable_name(value: str) -> bool:
    """Return whether the BRP takes this as a surname to search by. Source: BRP API Personen, GeslachtsnaamFilter."""
    return bool(_NAME.fullmatch(value))


def vestigingsland(land: str) -> Vestigingsland:
    """Return where a country (Dutch name) lies for schemes that tell the Netherlands, the EU and elsewhere apart.

    Source: member states of the European Union since 1 February 2020.
    """
    name = land.casefold()
    if name == "nederland":
        return "nl"
    return "eu" if name in _EU else "anders"
