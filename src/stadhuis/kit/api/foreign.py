"""Bodies as another provider of the same standard gives them back, read with our own shapes.

What a client sends is checked strictly; what another register holds is taken as it stands: providers write ``null`` where the
standard says empty text, empty groups where it says ``null``, and leave out what a later release added. What the database
could not hold, or what nobody can read (a date that is none), stays a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid
from stadhuis.kit.api.shapes import (
    ChoiceField,
    DayField,
    DurationField,
    Faults,
    Field,
    GroupField,
    ListField,
    MomentField,
    Shape,
    TextField,
    UuidField,
    VariantField,
)

_LEFT_OUT: Final[Any] = object()


def is_hollow(value: Any) -> bool:
    """Return whether a value says nothing: null, empty text, false, or a list or object of nothing else."""
    if isinstance(value, Mapping):
        return all(is_hollow(item) for item in value.values())
    if isinstance(value, list):
        return all(is_hollow(item) for item in value)
    return value is None or value is False or value == ""


def read(shape: type[Shape], body: Any, *, also: Collection[str] = (), lacks: Collection[str] = ()) -> dict[str, Any]:
    """Return the values of a body by Python name: of all fields that can be written, and of the read-only ones in ``also``.

    ``lacks`` names required fields that may be missing (None). Raises ``Invalid`` with all that is wrong; reasons never
    repeat a value.
    """
    if not isinstance(body, Mapping):
        raise Invalid.of(NON_FIELD, "invalid", "Ongeldige gegevens: een object werd verwacht.")
    faults: Faults = []
    values = _record(shape, body, "", faults, lacks).values()
    for name in also:
        field = shape.fields[name]
        value = _value(field, body.get(field.key), body, field.key, faults, shape)
        values[name] = None if value is _LEFT_OUT else value
    if faults:
        raise Invalid(faults)
    return values


def _record(
    shape: type[Shape], body: Mapping[str, Any], prefix: str, faults: Faults, lacks: Collection[str] = ()
) -> Shape:
    record = shape.walk({}, prefix, [], is_partial=True)
    given = []
    for key, name, field in shape._plan:
        value = _value(field, body.get(key, _LEFT_OUT), body, prefix + key, faults, shape)
        if value is not _LEFT_OUT:
            given.append(name)
            record.__dict__[name] = value
        elif field.is_required:
            record.__dict__[name] = empty = _without(field)
            if empty is None and name not in lacks:
                faults.append(Fault(prefix + key, "required", "Dit veld is vereist."))
    record.__dict__["given"] = frozenset(given)
    return record


def _without(field: Field) -> Any:
    """Return what a required field that says nothing is stored as; None when it has no such value."""
    if isinstance(field, ListField):
        return []
    return "" if _holds_text(field) else None


def _holds_text(field: Field) -> bool:
    return isinstance(field, TextField) and not isinstance(field, DayField | MomentField | DurationField | UuidField)


def _value(field: Field, item: Any, body: Mapping[str, Any], path: str, faults: Faults, shape: type[Shape]) -> Any:
    if item is _LEFT_OUT:
        return item
    if isinstance(field, VariantField):
        kind = body.get(shape.fields[field.by].key)
        inner = field.shapes.get(kind) if isinstance(kind, str) else None
        return _record(inner, item, f"{path}.", faults) if inner and isinstance(item, dict) and item else None
    if isinstance(field, GroupField) and isinstance(item, dict):
        if not is_hollow(item):
            return _record(field.shape, item, f"{path}.", faults)
        item = None
    if isinstance(field, ListField) and isinstance(item, list):
        found = [_value(field.item, one, {}, f"{path}.{index}", faults, shape) for index, one in enumerate(item)]
        return [one for one in found if one is not _LEFT_OUT and (one is not None or field.item.null)]
    if item == "":
        if _holds_text(field) or (isinstance(field, ChoiceField) and field.blank):
            return item
        item = None
    if item is None:
        return None if field.null else _LEFT_OUT
    return field.check(item, path, faults)
