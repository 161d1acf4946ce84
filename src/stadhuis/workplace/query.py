"""What a member of staff typed in the search box: number, name, birth date, BSN, or several of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stadhuis.people import public as people

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True)
class Query:
    """What to look for; everything given must fit."""

    number: str = ""
    name: str = ""
    birth_date: date | None = None
    bsn: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return self == Query()


def plain(text: str) -> str:
    """Return what was typed without characters that no database or letter can hold (NUL, other control characters)."""
    return _UNPRINTABLE.sub("", text).strip()


def read(words: str) -> Query:
    """Return what the words mean: dd-mm-jjjj is a birth date, nine digits a BSN, other words with a digit a number.

    A date that does not exist and nine digits that are no BSN count as a number, so that nothing is silently dropped.
    """
    number, bsn, names = "", "", []
    birth_date: date | None = None
    for word in words.split():
        found = _DAY.fullmatch(word)
        day = _day(found) if found else None
        if day is not None:
            birth_date = day
        elif people.is_bsn(word):
            bsn = word
        elif any(character.isdigit() for character in word):
            number = word
        else:
            names.append(word)
    return Query(number, " ".join(names), birth_date, bsn)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
