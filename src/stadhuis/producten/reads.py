"""The products, read once from the data that comes with Stadhuis."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "catalogue" / "producten.json"


class ProductUnknown(Exception):
    """There is no product with this slug."""


@dataclass(frozen=True)
class Said:
    """A text in Dutch and English."""

    nl: str
    en: str

    def said_in(self, language: str) -> str:
        """Return the text in a language; Dutch when there is no English."""
        return (self.en if language.startswith("en") else self.nl) or self.nl


@dataclass(frozen=True)
class Product:
    """A product as residents read it.

    ``upl`` and ``upl_uri`` are its name in the Uniforme Productnamenlijst, ``form`` the slug of its form ('' when it is not
    yet online), ``checked`` the day its text was last checked (SDG: Regulation (EU) 2018/1724, art. 9).
    """

    slug: str
    upl: str
    upl_uri: str
    icon: str
    form: str
    level: str
    audience: tuple[str, ...]
    checked: date
    is_featured: bool
    name: Said
    summary: Said
    conditions: tuple[Said, ...]
    need: tuple[Said, ...]
    result: Said
    costs: Said
    minutes: int | None
    words: tuple[str, ...]


def _said(raw: Mapping[str, str]) -> Said:
    return Said(raw["nl"], raw.get("en", ""))


def _product(raw: Mapping[str, Any]) -> Product:
    return Product(
        slug=raw["slug"],
        upl=raw["upl"],
        upl_uri=raw["upl_uri"],
        icon=raw["icon"],
        form=raw["form"],
        level=raw["level"],
        audience=tuple(raw["audience"]),
        checked=date.fromisoformat(raw["checked"]),
        is_featured=raw["featured"],
        name=_said(raw["name"]),
        summary=_said(raw["summary"]),
        conditions=tuple(map(_said, raw["conditions"])),
        need=tuple(map(_said, raw["need"])),
        result=_said(raw["result"]),
        costs=_said(raw["costs"]),
        minutes=raw["minutes"],
        words=tuple(raw["words"]),
    )


@cache
def products() -> tuple[Product, ...]:
    """Return all products, those most asked for first."""
    found = [_product(raw) for raw in json.loads(_DATA.read_text(encoding="utf-8"))]
    return tuple(sorted(found, key=lambda product: (not product.is_featured, product.form == "")))


def product(slug: str) -> Product:
    """Return one product. Raises ``ProductUnknown``."""
    for found in products():
        if found.slug == slug:
            return found
    raise ProductUnknown(slug)


def search(words: str) -> list[Product]:
    """Return the products in which every word occurs, in either language; those with the word in their name first."""
    wanted = _plain(words).split()
    if not wanted:
        return list(products())

    def text(product: Product) -> str:
        parts = (product.name, product.summary, *product.conditions)
        return _plain(" ".join([*(f"{part.nl} {part.en}" for part in parts), *product.words, product.upl]))

    hits = [found for found in products() if all(word in text(found) for word in wanted)]
    return sorted(
        hits, key=lambda found: not all(word in _plain(f"{found.name.nl} {found.name.en}") for word in wanted)
    )


def _plain(text: str) -> str:
    """Return lower case without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
