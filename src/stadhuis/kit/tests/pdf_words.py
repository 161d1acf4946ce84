"""The words of a PDF that we made, for tests: codes in the content streams, through the ToUnicode map of their font."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf


def words_of_pdf(content: bytes) -> str:
    """Return what a PDF says, without spaces between runs that the layout set apart; all whitespace is one space."""
    said: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            _collect(page, page.resources, said)
    return re.sub(r"\s+", " ", "".join(said))


def _collect(stream: Any, resources: Any, said: list[str]) -> None:
    fonts = {name: _map(font) for name, font in resources.get("/Font", {}).items()}
    known: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(stream):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            known = fonts.get(str(operands[0]), {})
        elif operator in {"Tj", "'"}:
            said.append(_decoded(bytes(operands[-1]), known))
        elif operator == "TJ":
            said.append("".join(_decoded(bytes(one), known) for one in operands[0] if isinstance(one, pikepdf.String)))
        elif operator == "ET":
            said.append(" ")
        elif operator == "Do":
            form = resources["/XObject"][str(operands[0])]
            if form.get("/Subtype") == "/Form":
                _collect(form, form.get("/Resources", resources), said)


def _decoded(codes: bytes, known: dict[int, str]) -> str:
    return "".join(known.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _map(font: Any) -> dict[int, str]:
    text = font["/ToUnicode"].read_bytes().decode("ascii") if "/ToUnicode" in font else ""
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, unicode in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[int(code, 16)] = bytes.fromhex(unicode).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, unicode in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(unicode, 16) + step)
    return found
