"""How words become search terms: accents and signs away, so that what was typed finds what was meant."""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 12
MAX_TEXT = 500_000
_WORD = re.compile(r"[^\W_]+(?:[.\-/][^\W_]+)*", re.UNICODE)


def folded(text: str) -> str:
    """Return text in lower case without accents and NUL: "Café" and "cafe" are one. No contrib extension is needed."""
    apart = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign))).lower()


def words_of(typed: str) -> list[str]:
    """Return the words someone typed, folded, at most twelve."""
    return list(dict.fromkeys(_WORD.findall(folded(typed[:1000]))))[:MAX_WORDS]


def numbers_in(text: str) -> str:
    """Return the parts of reference numbers, so that "0000123" finds "OEV-2026-0000123"."""
    found = re.findall(r"[0-9A-Za-z]+(?:[-./][0-9A-Za-z]+)+", text)
    return " ".join(part for reference in found for part in re.split(r"[-./]", reference))
