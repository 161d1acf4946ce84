"""Form fields made ready for their templates: ids, descriptions, attributes, options, so that templates decide nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext as _

GROUPS = frozenset({"radio", "checkboxes", "date", "month"})
TEMPLATES = {
    "textarea": "textarea",
    "select": "select",
    "radio": "choices",
    "checkboxes": "choices",
    "checkbox": "checkbox",
    "date": "parts",
    "month": "parts",
    "file": "file",
    "readonly": "readonly",
    "hidden": "hidden",
}
INPUT_TYPES = {"email": "email", "tel": "tel", "password": "password", "search": "search"}
DEFAULTS: dict[str, dict[str, str]] = {
    "email": {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    "tel": {"autocomplete": "tel", "inputmode": "tel", "width": "sm"},
    "number": {"inputmode": "numeric", "width": "xs", "autocomplete": "off"},
    "currency": {"inputmode": "decimal", "width": "sm", "prefix": "€", "autocomplete": "off"},
    "iban": {"width": "md", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    "bsn": {"inputmode": "numeric", "width": "sm", "autocomplete": "off", "maxlength": "11"},
    "postcode": {"width": "xs", "autocomplete": "postal-code", "spellcheck": "false", "maxlength": "7"},
    "password": {"autocomplete": "current-password", "spellcheck": "false", "width": "md"},
    "code": {"inputmode": "numeric", "autocomplete": "one-time-code", "width": "xs", "maxlength": "8"},
    "datetext": {"inputmode": "numeric", "width": "sm", "autocomplete": "off", "maxlength": "10"},
    "date": {"inputmode": "numeric", "autocomplete": "off"},
    "month": {"inputmode": "numeric", "autocomplete": "off"},
    "textarea": {"rows": "5"},
}
_ATTRIBUTES = (
    "autocomplete",
    "inputmode",
    "maxlength",
    "placeholder",
    "spellcheck",
    "autocapitalize",
    "rows",
    "accept",
)


class FieldMisused(ValueError):
    """A page asked for a field in a way that cannot be drawn; a fault of the page, not of the visitor."""


@dataclass(frozen=True)
class Option:
    """One choice, or one part of a date."""

    id: str
    name: str
    value: str
    label: str
    hint: str = ""
    hint_id: str = ""
    show_when: str = ""
    is_chosen: bool = False
    maxlength: int = 0
    width: str = ""
    autocomplete: str = ""


@dataclass(frozen=True)
class Field:
    """A field as its template needs it."""

    kind: str
    template: str
    id: str
    name: str
    label: str
    value: str
    hint: str
    errors: tuple[str, ...]
    is_required: bool
    is_group: bool
    described_by: str
    """Ids of hint and errors, for ``aria-describedby``."""
    hint_id: str
    error_id: str
    show_when: str
    width: str
    prefix: str
    suffix: str
    input_type: str
    attributes: tuple[tuple[str, str], ...]
    options: tuple[Option, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only one kind needs: inline, legend_size, legend_heading, disabled, autofocus, multiple, files, source..."""


def prepare(kind: str, name: str, label: object, given: Mapping[str, Any]) -> Field:
    """Return the field for its template. Raises ``FieldMisused`` for a kind that is not there or a field without name."""
    if kind not in TEMPLATES and kind not in DEFAULTS and kind not in ("text", "search"):
        raise FieldMisused(f"there is no field of kind {kind!r}")
    if not name:
        raise FieldMisused(f"a field of kind {kind!r} needs a name")
    settings = {**DEFAULTS.get(kind, {}), **{key: value for key, value in given.items() if value not in (None, "")}}
    html_id = _text(settings.get("id")) or name
    errors = _lines(settings.get("error"))
    hint = _text(settings.get("hint")) or (_("Bijvoorbeeld 24-12-2026") if kind == "datetext" else "")
    hint_id = f"{html_id}-hint" if hint else ""
    error_id = f"{html_id}-error" if errors else ""
    max_size_id = f"{html_id}-size" if kind == "file" and settings.get("max_size") else ""
    suffix_id = f"{html_id}-suffix" if settings.get("suffix") else ""
    options = _options(kind, html_id, name, settings)
    if any(option.value == "" for option in options):
        settings["no_empty"] = True  # the list has a word of its own for no choice
    return Field(
        kind=kind,
        template=f"fields/{TEMPLATES.get(kind, 'input')}",
        id=html_id,
        name=name,
        label=_text(label),
        value=_value(kind, settings.get("value")),
        hint=hint,
        errors=errors,
        is_required=bool(settings.get("required")),
        is_group=kind in GROUPS,
        described_by=" ".join(each for each in (hint_id, max_size_id, suffix_id, error_id) if each),
        hint_id=hint_id,
        error_id=error_id,
        show_when=condition(settings.get("show_when")),
        width=_text(settings.get("width")),
        prefix=_text(settings.get("prefix")),
        suffix=_text(settings.get("suffix")),
        input_type=INPUT_TYPES.get(kind, "text"),
        attributes=tuple(
            (key, _attribute(settings[key])) for key in _ATTRIBUTES if settings.get(key) not in (None, "")
        ),
        options=options,
        extra={"max_size_id": max_size_id, "suffix_id": suffix_id, **settings},
    )


def condition(show_when: object) -> str:
    """Return a condition as the JSON that the script reads; "" for none."""
    if not show_when:
        return ""
    return show_when if isinstance(show_when, str) else json.dumps(show_when, ensure_ascii=False)


def _options(kind: str, html_id: str, name: str, settings: Mapping[str, Any]) -> tuple[Option, ...]:
    if kind == "date":
        return _parts(html_id, name, _date_parts(settings.get("value")), ("dag", "maand", "jaar"), settings)
    if kind == "month":
        return _parts(html_id, name, _date_parts(settings.get("value")), ("maand", "jaar"), settings)
    chosen = _chosen(settings.get("value"))
    made = []
    for number, given in enumerate(settings.get("options") or (), start=1):
        value, label, hint, show_when = _option(given)
        # The first one carries the id of the field, so that the error summary leads to it.
        own_id = html_id if number == 1 else f"{html_id}-{number}"
        made.append(
            Option(
                id=own_id,
                name=name,
                value=value,
                label=label,
                hint=hint,
                hint_id=f"{own_id}-uitleg" if hint else "",
                show_when=condition(show_when),
                is_chosen=value in chosen,
            )
        )
    return tuple(made)


def _parts(
    html_id: str, name: str, values: Mapping[str, str], parts: Sequence[str], settings: Mapping[str, Any]
) -> tuple[Option, ...]:
    labels = {"dag": _("Dag"), "maand": _("Maand"), "jaar": _("Jaar")}
    birthday = {"dag": "bday-day", "maand": "bday-month", "jaar": "bday-year"}
    return tuple(
        Option(
            id=html_id if number == 0 else f"{html_id}-{part}",
            name=f"{name}_{part}",
            value=values.get(part, ""),
            label=labels[part],
            maxlength=4 if part == "jaar" else 2,
            width="year" if part == "jaar" else "two",
            autocomplete=birthday[part] if settings.get("autocomplete") == "bday" else "",
        )
        for number, part in enumerate(parts)
    )


def _date_parts(value: object) -> Mapping[str, str]:
    if isinstance(value, date):
        return {"dag": str(value.day), "maand": str(value.month), "jaar": str(value.year)}
    if isinstance(value, Mapping):
        return {str(key): _text(each) for key, each in value.items()}
    pieces = _text(value).split("-")
    if len(pieces) < 2 or not all(piece.isdigit() for piece in pieces):
        return {}
    return dict(zip(("jaar", "maand", "dag"), (str(int(piece)) for piece in pieces), strict=False))


def _option(given: Any) -> tuple[str, str, str, object]:
    if isinstance(given, Mapping):
        return _text(given["value"]), _text(given["label"]), _text(given.get("hint")), given.get("show_when")
    if isinstance(given, str):
        return given, given, "", None
    value, label, *rest = given
    return _text(value), _text(label), _text(rest[0]) if rest else "", None


def _chosen(value: object) -> frozenset[str]:
    if value is None or value == "":
        return frozenset()
    if isinstance(value, Mapping):
        return frozenset(str(key) for key, is_on in value.items() if is_on)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return frozenset({_text(value)})
    return frozenset(_text(each) for each in value)


def _value(kind: str, value: object) -> str:
    if kind == "datetext" and isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, bool):
        return "ja" if value else ""
    return "" if value is None or isinstance(value, Mapping | list | tuple | set) else _text(value)


def _attribute(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else _text(value)


def _lines(value: object) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, str | Promise) or not isinstance(value, Iterable):
        return (_text(value),)
    return tuple(_text(each) for each in value if each)


def _text(value: object) -> str:
    return "" if value is None else force_str(value)
