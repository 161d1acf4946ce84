"""The mask over a secret address: one place for pages, letters as staff see them, and the JSON of the APIs.

The letter that goes to the person themselves is not masked. Source: Wet BRP art. 2.59.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

ADDRESS_ANSWERS: Final = frozenset(
    {"straat", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats", "land"}
)
"""Keys of forms that hold where somebody lives."""
ADDRESS_KEYS: Final = ("verblijfsadres", "subVerblijfBuitenland")
"""Keys of betrokkeneIdentificatie and objectIdentificatie that do. Source: ZGW Zaken API 1.5, NatuurlijkPersoon."""


def word() -> str:
    """Return what stands in place of a secret address."""
    return _("Adres is geheim")


def answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with every part of the address masked; what was empty stays empty."""
    return {key: word() if key in ADDRESS_ANSWERS and value else value for key, value in given.items()}


def lines(given: list[str]) -> list[str]:
    """Return the lines on an envelope with only the name left."""
    return [*given[:1], word()] if len(given) > 1 else list(given)


def json_sql(json: str, person: str) -> str:
    """Return the SQL of a jsonb value without the address when the person (SQL of an id) has a secret one."""
    without = " - ".join([f"({json})", *(f"'{key}'" for key in ADDRESS_KEYS)])
    return (
        f"CASE WHEN EXISTS (SELECT 1 FROM access_shield a WHERE a.person_id = {person}) THEN {without} ELSE {json} END"
    )
