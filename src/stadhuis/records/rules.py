"""How words become search terms and why they match; how long something is kept. No database here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from stadhuis.kit.durations import period

MAX_WORDS: Final = 12
MAX_TEXT: Final = 200_000
_WORD = re.compile(r"[^\W_]+(?:[.\-/][^\W_]+)*", re.UNICODE)
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_WHITE = re.compile(r"\s+")
STOP_WORDS: Final = frozenset(
    [
        "aan",
        "al",
        "als",
        "bij",
        "dan",
        "dat",
        "de",
        "der",
        "des",
        "die",
        "dit",
        "door",
        "een",
        "en",
        "er",
        "het",
        "hij",
        "ik",
        "in",
        "is",
        "je",
        "maar",
        "met",
        "mijn",
        "naar",
        "niet",
        "nog",
        "of",
        "om",
        "onze",
        "ook",
        "op",
        "over",
        "te",
        "tot",
        "u",
        "uit",
        "uw",
        "van",
        "voor",
        "was",
        "wat",
        "we",
        "wij",
        "ze",
        "zich",
        "zij",
        "zijn",
        "zo",
    ]
)
"""Words that say nothing: left out of a question unless there is nothing else in it."""


def folded(text: str) -> str:
    """Return text in lower case without accents and NUL: "Café" and "cafe" are one. No contrib extension is needed."""
    if text.isascii():
        return text.replace("\x00", " ").lower()
    apart = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign))).lower()


def words_of(typed: str) -> list[str]:
    """Return the words someone typed, folded, at most twelve; without those that say nothing, if others are left."""
    found = list(dict.fromkeys(_WORD.findall(folded(typed[:1000]))))
    return ([word for word in found if word not in STOP_WORDS] or found)[:MAX_WORDS]


def numbers_in(text: str) -> str:
    """Return the parts of reference numbers, so that "0000123" finds "OEV-2026-0000123"."""
    found = re.findall(r"[0-9A-Za-z]+(?:[-./][0-9A-Za-z]+)+", text)
    return " ".join(part for reference in found for part in re.split(r"[-./]", reference))


def one_line(text: str) -> str:
    """Return a part of a search text as one line; the lines of a text are its parts."""
    return _WHITE.sub(" ", text.replace("\x00", " ")).strip()


# -- Misspellings -----------------------------------------------------------------------------------------------------
SHORTEST: Final = 4
LONGEST: Final = 40
_SOUNDS: Final = (
    ("ij", "y"), ("ei", "y"), ("auw", "ou"), ("ouw", "ou"), ("au", "ou"), ("sch", "sg"), ("ch", "g"), ("ph", "f"),
    ("th", "t"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("dt", "t"),
)  # fmt: skip
"""Spellings that sound alike in Dutch, or nearly; what comes first is replaced first."""
_DOUBLED = re.compile(r"(.)\1+")


def can_be_learned(word: str) -> bool:
    """Whether a word is one that people misspell: letters only, neither very short nor very long."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def sound_of(word: str) -> str:
    """Return how a folded word sounds, roughly: "bijstandt", "beistand" and "bijstant" are one."""
    for spelled, sounds in _SOUNDS:
        word = word.replace(spelled, sounds)
    word = _DOUBLED.sub(r"\1", word)
    return f"{word[:-1]}t" if word.endswith("d") else word


def keys_of(word: str) -> list[str]:
    """Return the keys of a word: its sound, and that with each letter left out.

    Two words with a letter wrong, missing, added or swapped have a key in common, so that a plain index on arrays finds
    them (the idea of symmetric deletion). No contrib extension is needed.
    """
    sound = sound_of(word)
    return sorted({sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))})


def _beginning_alike(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def distance(one: str, other: str, *, at_most: int = LONGEST) -> int:
    """Return how many letters are wrong, missing, too many or swapped between two words (optimal string alignment).

    Above ``at_most`` any number that is larger: who looks for what is near stops counting there.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    # What begins and ends alike costs nothing; words that are nearly alike are nearly all of them.
    same = _beginning_alike(one, other)
    one, other = one[same:], other[same:]
    same = _beginning_alike(one[::-1], other[::-1])
    one, other = one[: len(one) - same], other[: len(other) - same]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        current = [i]
        for j, counterpart in enumerate(other, start=1):
            cost = min(row[j] + 1, current[-1] + 1, row[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > at_most and min(row) > at_most:
            return at_most + 1
        before, row = row, current
    return row[-1]


def nearest(typed: str, candidates: Iterable[str], *, at_most: int = 8) -> list[str]:
    """Return the words that look most like what was typed; none that differs in more than one in three letters."""
    allowed = 1 if len(typed) < 5 else max(2, len(typed) // 4)
    sound = sound_of(typed)
    scored = sorted(
        (min(found, distance(sound, sound_of(word), at_most=found)), found, word)
        for word in candidates
        if word != typed and (found := distance(typed, word, at_most=allowed + 1)) <= allowed + 1
    )
    best = [word for sounds, _, word in scored if sounds <= allowed and sounds <= scored[0][0] + 1]
    return best[:at_most]


# -- Why it was found -------------------------------------------------------------------------------------------------
How = Literal["exact", "begin", "stem", "near"]


@dataclass(frozen=True)
class Why:
    """Which word of the question matched which word of the text, and how."""

    typed: str
    form: str
    how: How


@dataclass(frozen=True)
class Excerpt:
    """A piece of one part of the text, in pieces of which some are what was looked for."""

    label: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Terms:
    """What was asked: the words, what looks like each of them, and the stem of every word that may be one of them."""

    words: Sequence[str]
    near: Mapping[str, Collection[str]]
    stems: Mapping[str, str]

    def match(self, token: str) -> Why | None:
        """Return why a word of a text is a hit, or None."""
        word = folded(token)
        found: Why | None = None
        for typed in self.words:
            if word == typed:
                return Why(typed, token, "exact")
            if len(typed) > 1 and word.startswith(typed):
                found = found or Why(typed, token, "begin")
            elif self.stems.get(word) and self.stems.get(word) == self.stems.get(typed):
                found = found or Why(typed, token, "stem")
            elif any(
                word == near or self.stems.get(word, word) == self.stems.get(near) for near in self.near.get(typed, ())
            ):
                found = found or Why(typed, token, "near")
        return found


def parts_of(words: Sequence[str]) -> list[str]:
    """Return the words of a question as they occur in a text: the parts of a reference number apart."""
    return list(dict.fromkeys(part for word in words for part in _TOKEN.findall(word)))


def tokens_to_stem(texts: Iterable[str], words: Sequence[str]) -> list[str]:
    """Return the words of texts that may share a stem with a word of the question: they begin alike."""
    begins = {word[:3] for word in words}
    return sorted(
        {word for text in texts for token in _TOKEN.findall(text) if (word := folded(token))[:3] in begins} | set(words)
    )


AROUND: Final = 70
"""Characters shown before the first and after the last hit of a part."""


def explain(text: str, labels: Sequence[str], terms: Terms, *, most: int = 3) -> tuple[list[Excerpt], list[Why]]:
    """Return the parts of a text in which something was found, with the hits marked, and why each is a hit."""
    excerpts: list[Excerpt] = []
    reasons: dict[tuple[str, str], Why] = {}
    for number, line in enumerate(text.split("\n")):
        found = [(token, why) for token in _TOKEN.finditer(line) if (why := terms.match(token[0]))]
        if not found:
            continue
        for token, why in found:
            reasons.setdefault((why.typed, folded(token[0])), why)
        if len(excerpts) < most:
            label = labels[number] if number < len(labels) else ""
            excerpts.append(Excerpt(label, _pieces(line, [token.span() for token, _ in found])))
    return excerpts, list(reasons.values())


def _pieces(line: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    start = 0 if spans[0][0] <= AROUND else line.find(" ", spans[0][0] - AROUND) + 1
    shown = [span for span in spans if span[1] <= start + 4 * AROUND] or [spans[0]]
    end = len(line) if len(line) - shown[-1][1] <= AROUND else line.rfind(" ", shown[-1][1], shown[-1][1] + AROUND)
    end = end if end > 0 else shown[-1][1]
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last in shown:
        pieces += [(line[at:first], False), (line[first:last], True)]
        at = last
    pieces.append((line[at:end], False))
    if end < len(line):
        pieces.append((" …", False))
    return tuple(piece for piece in pieces if piece[0])


# -- How long it is kept ----------------------------------------------------------------------------------------------
DESTROY: Final = "vernietigen"
KEEP: Final = "blijvend_bewaren"
NOMINATIES: Final = (DESTROY, KEEP)


def destroy_on(nominatie: str, brondatum: date | None, termijn: str) -> date | None:
    """Return the first day on which something may be destroyed: brondatum plus termijn in calendar time.

    None when it is kept for good, or when the day or the term is not known yet. Raises ``ValueError`` for a termijn that
    is no ISO 8601 duration. Source: Archiefwet 1995 art. 5; ZGW zrc-021 (archiefactiedatum).
    """
    if nominatie != DESTROY or brondatum is None or not termijn:
        return None
    try:
        return brondatum + period(termijn)
    except OverflowError:
        return None


def end_of_next_quarter(day: date) -> date:
    """Return the last day of the quarter after the one a day falls in."""
    month = (day.month - 1) // 3 * 3 + 7  # first month after the coming quarter
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date.fromordinal(date(year, month, 1).toordinal() - 1)
