"""Translations without gettext's tools: ``compile``, ``check`` or ``update``.

A msgid is the Dutch text as it stands in the code; ``locale/en`` of a room holds the English of that room. A text that several
rooms use needs its English once. ``compile`` writes the .mo files, ``check`` says which texts lack English and which
translations nobody asks for any more, ``update`` adds and removes those entries in the .po file of the first room that uses the
text (new ones with an empty msgstr, which ``check`` refuses until someone writes it).
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "stadhuis"
HEADER = (
    "Project-Id-Version: stadhuis\nLanguage: en\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_TEXT = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")


@dataclass
class Entry:
    """One text: where it stands, its plural form and its translations."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    translations: list[str] = field(default_factory=list)
    is_fuzzy: bool = False
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes it one entry."""
        return (self.context, self.msgid)


def read_po(path: Path) -> list[Entry]:
    """Return the entries of a .po file, its header (the empty msgid) first."""
    entries: list[Entry] = []
    values: dict[str, str] = {}
    word, is_fuzzy = "", False

    def close() -> None:
        nonlocal values, is_fuzzy
        if "msgid" in values:
            texts = [values[name] for name in ("msgstr", "msgstr[0]", "msgstr[1]") if name in values]
            entry = Entry(values["msgid"], values.get("msgctxt"), values.get("msgid_plural"), texts, is_fuzzy)
            entries.append(entry)
        values, is_fuzzy = {}, False

    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            if "msgstr" in values or "msgstr[0]" in values:
                close()
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            continue
        if not line.startswith('"'):
            word, _, line = line.partition(" ")
            if word == "msgctxt" or (word == "msgid" and "msgid" in values):
                close()
            values[word] = ""
        try:
            values[word] += str(ast.literal_eval(line))
        except (SyntaxError, ValueError, KeyError) as error:
            raise SystemExit(f"{path}:{number}: this line is not understood: {raw}") from error
    close()
    return entries


def compile_po(path: Path) -> None:
    """Write the .mo file beside a .po file. Source of the format: GNU gettext manual, section 10.3."""
    texts: dict[bytes, bytes] = {}
    for entry in read_po(path):
        if entry.is_fuzzy or not all(entry.translations) or not entry.translations:
            continue
        key = entry.msgid if entry.plural is None else f"{entry.msgid}\0{entry.plural}"
        key = key if entry.context is None else f"{entry.context}\4{key}"
        texts[key.encode()] = "\0".join(entry.translations).encode()
    keys = sorted(texts)
    start = 28 + 16 * len(keys)
    index: list[tuple[int, int]] = []
    body = b""
    for part in [*keys, *(texts[key] for key in keys)]:
        index.append((len(part), start + len(body)))
        body += part + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    fresh = path.with_suffix(".mo.new")
    fresh.write_bytes(head + b"".join(struct.pack("<2I", *pair) for pair in index) + body)
    fresh.rename(path.with_suffix(".mo"))


def texts_in_code() -> dict[tuple[str | None, str], Entry]:
    """Return every text that code and templates mark for translation."""
    found: dict[tuple[str | None, str], Entry] = {}

    def add(place: str, msgid: str, context: str | None = None, plural: str | None = None) -> None:
        entry = found.setdefault((context, msgid), Entry(msgid, context, plural))
        entry.plural = entry.plural or plural
        entry.places.append(place)

    for path in sorted(PACKAGE.rglob("*.py")):
        if {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                _add_call(node, str(path.relative_to(ROOT)), add)
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        _add_template(path, add)
    for path in sorted(PACKAGE.rglob("components/**/*.html")):
        _add_marked(path, path.read_text(encoding="utf-8"), add)
    return found


def _add_call(node: ast.Call, place: str, add) -> None:  # type: ignore[no-untyped-def]
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
    strings = [text if isinstance(text, str) else None for text in texts]
    if name in _PLAIN and strings and strings[0]:
        add(place, strings[0])
    elif name in _WITH_CONTEXT and len(strings) > 1 and strings[1]:
        add(place, strings[1], context=strings[0])
    elif name in _PLURAL and len(strings) > 1 and strings[0]:
        add(place, strings[0], plural=strings[1])


def _add_template(path: Path, add) -> None:  # type: ignore[no-untyped-def]
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    _add_marked(path, templatize(path.read_text(encoding="utf-8"), origin=str(path)), add)


def _add_marked(path: Path, text: str, add) -> None:  # type: ignore[no-untyped-def]
    place = str(path.relative_to(ROOT))
    for name, first, second in _IN_TEMPLATE.findall(text):
        one = str(ast.literal_eval(first))
        two = str(ast.literal_eval(second)) if second else None
        # Django doubles the percent signs of a blocktranslate when it looks a text up; templatize did so already.
        if name == "pgettext" and two is not None:
            add(place, two, context=one)
        else:
            add(place, one, plural=two if name == "ngettext" else None)


def catalogue(room: str) -> Path:
    """Return the .po file of a room."""
    return PACKAGE / room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def catalogues() -> dict[str, dict[tuple[str | None, str], Entry]]:
    """Return the translations of every room that has any."""
    return {
        path.relative_to(PACKAGE).parts[0]: {entry.key: entry for entry in read_po(path) if entry.key != (None, "")}
        for path in sorted(PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po"))
    }


def faults() -> list[str]:
    """Return one line per text without English and per translation without a text."""
    wanted, there = texts_in_code(), catalogues()
    known = {key for entries in there.values() for key in entries}
    found = [f"{entry.places[0]}: no English for {entry.msgid!r}" for key, entry in wanted.items() if key not in known]
    for room, entries in there.items():
        for key, entry in entries.items():
            if key not in wanted:
                found.append(f"{room}: nobody asks for {entry.msgid!r} any more")
            elif entry.is_fuzzy or not all(entry.translations) or len(entry.translations) != (2 if entry.plural else 1):
                found.append(f"{wanted[key].places[0]}: no English yet for {entry.msgid!r}")
            else:
                found += _other_names(room, entry)
    return found


def _other_names(room: str, entry: Entry) -> list[str]:
    names = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
    wanted = set(names.findall(entry.msgid)) | set(names.findall(entry.plural or ""))
    return [
        f"{room}: other placeholders in the English of {entry.msgid!r}"
        for text in entry.translations
        if not set(names.findall(text)) <= wanted
    ]


def update() -> None:
    """Add what is missing to the rooms' catalogues and remove what nobody asks for; translations are kept."""
    wanted, there = texts_in_code(), catalogues()
    home = {key: room for room, entries in there.items() for key in entries}
    for key, entry in wanted.items():
        home.setdefault(key, Path(entry.places[0]).parts[2])
    for room in sorted(set(home.values())):
        texts = {key: entry for key, entry in wanted.items() if home.get(key) == room}
        _write(catalogue(room), texts, there.get(room, {}))


def _write(path: Path, texts: dict[tuple[str | None, str], Entry], there: dict[tuple[str | None, str], Entry]) -> None:
    blocks = ['msgid ""\nmsgstr ""\n' + "".join(f"{_quote(line)}\n" for line in HEADER.splitlines(keepends=True))]
    for key, entry in sorted(texts.items(), key=lambda pair: (pair[1].places[0], pair[0][1])):
        old = there.get(key)
        lines = [f"#: {place}" for place in sorted(set(entry.places))]
        if old is not None and old.is_fuzzy:
            lines.append("#, fuzzy")
        lines += [f"msgctxt {_quote(entry.context)}"] if entry.context is not None else []
        lines.append(f"msgid {_quote(entry.msgid)}")
        known = old.translations if old is not None else []
        if entry.plural is None:
            lines.append(f"msgstr {_quote(known[0] if known else '')}")
        else:
            lines.append(f"msgid_plural {_quote(entry.plural)}")
            lines += [f"msgstr[{n}] {_quote(known[n] if n < len(known) else '')}" for n in (0, 1)]
        blocks.append("\n".join(lines) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(blocks), encoding="utf-8")


def _quote(text: str) -> str:
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    )
    return f'"{escaped}"'


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    command = arguments[0] if arguments else ""
    if command == "compile":
        for path in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")):
            compile_po(path)
    elif command == "update":
        update()
    elif command == "check":
        found = faults()
        print("\n".join(found))
        return 1 if found else 0
    else:
        print("script/translations.py compile | check | update", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
