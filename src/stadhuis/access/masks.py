"""The mask over a secret address: one place for pages, letters as staff see them, files of ours, and the JSON of the APIs.

Two means. What is an address by its place (an answer, a key of the JSON) is left out. What people typed is searched for the
address itself, in the bytes that leave. The letter that goes to the person themselves is not masked. Source: Wet BRP art. 2.59.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from stadhuis.kit.api.masked import MASK

ADDRESS_ANSWERS: Final = frozenset(
    {"straat", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats", "land"}
)
"""Keys of forms that hold where somebody lives."""
ADDRESS_KEYS: Final = ("verblijfsadres", "subVerblijfBuitenland")
"""Keys of betrokkeneIdentificatie and objectIdentificatie that do. Source: ZGW Zaken API 1.5, NatuurlijkPersoon."""
IN_JSON: Final = MASK
"""What stands in place of a secret address in a text of an API."""
_STREETS: Final = frozenset({"straat", "gorOpenbareRuimteNaam", "wplWoonplaatsStraat", "subAdresBuitenland1"})
_POSTCODES: Final = frozenset({"postcode", "aoaPostcode"})
_SHORTEST: Final = 3


def word() -> str:
    """Return what stands in place of a secret address."""
    return _("Adres is geheim")


def answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with every part of the address masked; what was empty stays empty."""
    return {key: word() if key in ADDRESS_ANSWERS and value else value for key, value in given.items()}


def lines(given: list[str]) -> list[str]:
    """Return the lines on an envelope with only the name left."""
    return [*given[:1], word()] if len(given) > 1 else list(given)


def without(value: Any) -> Any:
    """Return JSON without whatever is an address by its key, however deep it lies."""
    if isinstance(value, Mapping):
        return {key: without(one) for key, one in value.items() if key not in ADDRESS_KEYS}
    if isinstance(value, list):
        return [without(one) for one in value]
    return value


def json_sql(json: str, person: str) -> str:
    """Return the SQL of a jsonb value without the address when the person (SQL of an id) has a secret one."""
    without = " - ".join([f"({json})", *(f"'{key}'" for key in ADDRESS_KEYS)])
    return (
        f"CASE WHEN EXISTS (SELECT 1 FROM access_shield a WHERE a.person_id = {person}) THEN {without} ELSE {json} END"
    )


# -- Texts ------------------------------------------------------------------------------------------------------------
def pattern_of(*, street: str = "", postcode: str = "") -> str:
    """Return the regular expression that finds an address in a text, '' for none; without a name group, so that several
    can be joined with ``|``. The street is masked with the number behind it, the postcode with or without its space.
    """
    found = []
    words = street.split()
    if len("".join(words)) >= _SHORTEST:
        name = r"\s+".join(re.escape(one) for one in words)
        found.append(rf"{name}(?:\s*\d+(?:\s?[a-z](?![a-z]))?(?:\s?-\s?\w+)?)?")
    code = re.sub(r"\s", "", postcode)
    if re.fullmatch(r"[1-9][0-9]{3}[A-Za-z]{2}", code):
        found.append(rf"{code[:4]}\s*{code[4:]}")
    elif len(code) >= _SHORTEST:
        found.append(re.escape(postcode.strip()))
    return "|".join(found)


def patterns_in(value: Any) -> set[str]:
    """Return the patterns of every address in answers of a form or in JSON of the register, however deep it lies."""
    if isinstance(value, list):
        return {pattern for one in value for pattern in patterns_in(one)}
    if not isinstance(value, Mapping):
        return set()
    found = {pattern for one in value.values() for pattern in patterns_in(one)}
    for key, one in value.items():
        if isinstance(one, str) and key in _STREETS:
            found.add(pattern_of(street=one))
        if isinstance(one, str) and key in _POSTCODES:
            found.add(pattern_of(postcode=one))
    return found - {""}


def joined(patterns: Iterable[str]) -> str:
    """Return one pattern for several, the longest first; '' for none."""
    parts = {part for one in patterns if one for part in _parts(one)}
    return "|".join(sorted(parts, key=lambda part: (-len(part), part)))


def _parts(pattern: str) -> list[str]:
    # Our own patterns hold no bar inside a group, and an escaped one is no separator.
    return re.split(r"(?<!\\)\|", pattern)


def text(given: str, pattern: str, *, by: str = "") -> str:
    """Return a text with every secret address replaced (by ``word()``, or ``by``), as HTML and JSON write it too."""
    if not pattern:
        return given
    # An apostrophe and an ampersand have another form in HTML.
    spelled = pattern.replace("'", "(?:'|&#x27;|&#39;)").replace(r"\&", "&(?:amp;)?")
    return re.sub(rf"(?<!\w)(?:{spelled})(?!\w)", (by or word()).replace("\\", ""), given, flags=re.IGNORECASE)


def everywhere(value: Any, pattern: str) -> Any:
    """Return JSON (a letter, the data of a PDF) with every text of it masked, however deep it lies."""
    if isinstance(value, str):
        return text(value, pattern)
    if isinstance(value, Mapping):
        return {key: everywhere(one, pattern) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [everywhere(one, pattern) for one in value]
    return value
