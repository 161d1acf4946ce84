"""Whether an object elsewhere fits the JSON schema that a zaakobject of another kind names.

The standard lets ``schema`` and ``objectData`` be jq expressions. Those that lead along keys and indexes
(``.record.data``, ``.a["b c"][0]``) are followed; of the schema the words are checked that an object type uses. Anything
else would be a programming language from outside, and is refused. Source: BEHAVIOUR 8.2 (``invalid-schema``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from stadhuis.kit import outside
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.links import own_path
from stadhuis.zaken.shapes.parts import ObjectTypeOverigeDefinitieBody

_STEP: Final = re.compile(r"""\.?(?:([A-Za-z_][A-Za-z0-9_]*)|\["([^"\\]*)"\]|\[(\d{1,4})\])""")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float),
    "null": (type(None),),
}  # fmt: skip
_DEEPEST: Final = 20
NOWHERE: Final = object()


def follow(value: Any, expression: str) -> Any:
    """Return what a path leads to, or ``NOWHERE`` when it is no path or leads nowhere."""
    rest = expression.strip()
    if rest == ".":
        return value
    if not rest.startswith("."):
        return NOWHERE
    while rest:
        match = _STEP.match(rest)
        if match is None:
            return NOWHERE
        name, quoted, index = match.groups()
        if index is not None:
            if not isinstance(value, list) or int(index) >= len(value):
                return NOWHERE
            value = value[int(index)]
        else:
            key = name if name is not None else quoted
            if not isinstance(value, dict) or key not in value:
                return NOWHERE
            value = value[key]
        rest = rest[match.end() :]
    return value


def fits(value: Any, schema: Any, depth: int = 0) -> bool:
    """Return whether a value has the types, required keys and words that a JSON schema asks."""
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return False
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(kinds, list) or (kinds and not any(_is(value, kind) for kind in kinds)):
        return False
    if isinstance(schema.get("enum"), list) and value not in schema["enum"]:
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema, depth)
    if isinstance(value, list) and "items" in schema:
        return all(fits(item, schema["items"], depth + 1) for item in value)
    return True


def _is(value: Any, kind: Any) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(kind, str) and isinstance(value, _TYPES.get(kind, ()))


def _object_fits(value: dict[str, Any], schema: dict[str, Any], depth: int) -> bool:
    required, properties = schema.get("required", []), schema.get("properties", {})
    if not isinstance(required, list) or not isinstance(properties, dict):
        return False
    if any(key not in value for key in required if isinstance(key, str)):
        return False
    if schema.get("additionalProperties") is False and set(value) - set(properties):
        return False
    return all(fits(value[key], below, depth + 1) for key, below in properties.items() if key in value)


def definition_faults(definition: ObjectTypeOverigeDefinitieBody, url: str) -> list[Fault]:
    """Return what is wrong with the schema that an object names, or with the object by that schema."""
    schema = _fetched(definition.url, definition.schema)
    if not isinstance(schema, dict | bool):
        return [Fault("objectTypeOverigeDefinitie", "invalid-schema", "Het schema is niet op te halen.")]
    if not url:
        return [Fault("object", "required", "Bij een definitie hoort de URL van het object.")]
    data = _fetched(url, definition.object_data)
    if data is NOWHERE:
        return [Fault("object", "bad-url", "Het object is niet op te halen.")]
    if not fits(data, schema):
        return [Fault("object", "invalid-schema", "Het object voldoet niet aan het schema.")]
    return []


def _fetched(url: str, expression: str) -> Any:
    if own_path(url) is not None:
        return NOWHERE
    try:
        return follow(outside.fetch_json(url), expression)
    except outside.OutsideError:
        return NOWHERE
