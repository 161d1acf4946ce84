"""Rendering: clean the text, start the compiler, read the PDF."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
TIMEOUT_SECONDS = 30
LONGEST_TEXT = 10_000
"""Characters of one value that a PDF shows; the rest is said to be left out (it stays in the case)."""

LONGEST_WORD = 60
"""A longer word gets break points, so that it stays on the page."""

REPLACEMENT = "\N{WHITE SQUARE}"
BREAK = "\N{ZERO WIDTH SPACE}"
Data = str | int | bool | None | list["Data"] | dict[str, "Data"]


class PdfError(Exception):
    """The document could not be made; the text says why and holds nothing of the person's data."""


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters that every bundled font can show."""
    from fontTools.ttLib import TTFont

    shown: frozenset[int] | None = None
    for file in sorted(FONTS.glob("*.ttf")):
        font = TTFont(file, lazy=True)
        own = frozenset(font.getBestCmap())
        font.close()
        shown = own if shown is None else shown & own
    if shown is None:
        raise PdfError("no fonts are bundled")
    return shown


def printable(text: str) -> str:
    """Return the text with every character that the fonts cannot show replaced by a white square.

    Control characters disappear (line ends stay), a run of emoji parts becomes one square. Text longer than
    ``LONGEST_TEXT`` is cut with a note. PDF/UA-1 asks that every glyph maps to Unicode, so a missing one would fail.
    """
    glyphs = _glyphs()
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]} [...] ({len(text) - LONGEST_TEXT})"
    out: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if character == "\n" or (ord(character) in glyphs and unicodedata.category(character)[0] != "C"):
            out.append(character)
        elif character == "\t":
            out.append(" ")
        elif unicodedata.category(character) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
            continue
        elif not out or out[-1] != REPLACEMENT:
            out.append(REPLACEMENT)
    return re.sub(rf"[^\s]{{{LONGEST_WORD}}}", lambda word: word.group() + BREAK, "".join(out))


def _clean(value: Data) -> Data:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def render(template: str, data: dict[str, Data], *, title: str, lang: str = "nl") -> bytes:
    """Return a PDF/A-2a + PDF/UA-1 document.

    ``template`` is the name of a file in ``pdf/templates`` without ``.typ``; it reads ``sys.inputs.data`` (JSON). Raises
    ``PdfError`` when the compiler refuses, dies or takes more than ``TIMEOUT_SECONDS``.
    """
    return render_many(template, [{**data, "title": title}], lang=lang)[0]


def render_many(template: str, documents: Sequence[dict[str, Data]], *, lang: str = "nl") -> list[bytes]:
    """Return one document per set of data, ``title`` among it, from one start of the compiler. Raises as ``render``."""
    source = FOLDER / "templates" / f"{template}.typ"
    if source.parent != FOLDER / "templates" or not source.is_file():
        raise PdfError(f"no template {template!r}")
    data = [json.dumps(_clean({**one, "lang": lang}), ensure_ascii=False) for one in documents]
    timeout = TIMEOUT_SECONDS + len(data)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(FOLDER / "compile.py")],
            input=json.dumps({"template": template, "data": data}).encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"template {template!r} took more than {timeout} seconds") from None
    found = _parts(done.stdout) if done.returncode == 0 else []
    if len(found) != len(data) or not all(part.startswith(b"%PDF-") for part in found):
        raise PdfError(f"template {template!r} could not be compiled: {done.stderr.decode(errors='replace')[-400:]}")
    return found


def _parts(stream: bytes) -> list[bytes]:
    """Return the documents in what the compiler wrote: each stands after its length in eight bytes."""
    parts = []
    while stream:
        size = int.from_bytes(stream[:8], "big")
        parts.append(stream[8 : 8 + size])
        stream = stream[8 + size :]
    return parts
