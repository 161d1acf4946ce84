"""Read a JSON body strictly: what two readers could understand differently is refused, not guessed.

Source: RFC 8259 (names SHOULD be unique; no NaN; UTF-8), RFC 7493 (I-JSON).
"""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 40
"""A body nested deeper than this is refused. The deepest prescribed body (a GeometryCollection of polygons) has ten levels."""

_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[{]|[\]}]")


class MalformedBody(ValueError):
    """The body is not JSON that we can read; the text says why in one sentence and repeats nothing of the body."""


class Doubled(dict[str, Any]):
    """An object in which a name stood more than once; ``names`` holds those. Whoever walks the body reports them."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = tuple(dict.fromkeys(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    doubled = Doubled(made)
    doubled.names = twice
    return doubled


def _no_constant(name: str) -> Any:
    raise MalformedBody(f"{name} is no JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text. Objects with a repeated name come out as ``Doubled``.

    Raises ``MalformedBody`` for what is not UTF-8, not JSON, nested too deeply, or holds a number of absurd length.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    # Counting all brackets is enough for nearly every body; only a body with many is looked at closely.
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise MalformedBody(f"The body is nested deeper than {DEEPEST} levels.")
    try:
        return _DECODER.decode(text)
    except MalformedBody:
        raise
    except json.JSONDecodeError as error:
        raise MalformedBody(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from None
    except (ValueError, RecursionError):  # a whole number of thousands of digits
        raise MalformedBody("The body holds a number that is too long.") from None
