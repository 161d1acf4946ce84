"""Shapes: bodies and query parameters as typed records, from which both the checking and the OpenAPI document follow.

One declaration says everything::

    class ZaakBody(Shape):
        identificatie: str = text(max_length=40, default="")
        startdatum: date = day()
        verlenging: VerlengingBody | None = group(VerlengingBody, null=True)

Keys are camelCase by themselves. ``check`` reports all faults of a body together, with the codes and names of the
standard; what it does not know it leaves out, and it keeps "absent" (``given``) apart from ``null``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self, dataclass_transform
from uuid import UUID

from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid
from stadhuis.kit.api.reader import Doubled
from stadhuis.kit.time import AMSTERDAM

Faults = list[Fault]
Schema = dict[str, Any]
_MISSING: Any = object()
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?")
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_URI = re.compile(r"https?://[^\s/?#@\\\x00-\x20\x7f]+(:\d{1,5})?([/?#][^\s\x00-\x20\x7f\\]*)?", re.ASCII)


def camel(name: str) -> str:
    """Return the camelCase key of a Python name; double underscores (filters) stay."""
    parts = []
    for part in name.split("__"):
        head, *tail = part.split("_")
        parts.append(head + "".join(word[:1].upper() + word[1:] for word in tail))
    return "__".join(parts)


def passes_eleven_test(digits: str) -> bool:
    """Return whether nine digits satisfy the eleven-test of BSN and RSIN."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


class Field:
    """One field: how it is checked, and how the OpenAPI document describes it."""

    type_name = "string"
    wrong_type = "Geen geldige waarde."

    def __init__(
        self,
        *,
        default: Any = _MISSING,
        null: bool = False,
        read_only: bool = False,
        write_only: bool = False,
        key: str = "",
        doc: str = "",
        schema: Schema | None = None,
    ) -> None:
        self.default = None if default is _MISSING and null else default
        self.is_required = self.default is _MISSING and not read_only
        self.null = null
        self.read_only = read_only
        self.write_only = write_only
        self.key = key
        self.doc = doc
        self.extra = schema or {}
        self.name = ""

    # -- checking --
    def check(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the value as Python wants it; add to ``faults`` what is wrong with it."""
        if value is None:
            if not self.null:
                faults.append(Fault(path, "null", "Dit veld mag niet leeg zijn."))
            return None
        return self.convert(value, path, faults)

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        """Check a value that is not null."""
        raise NotImplementedError

    def from_text(self, value: str) -> Any:
        """Return what a query parameter stands for, as JSON would have it."""
        return value

    def start_value(self) -> Any:
        """Return the value of a field that was left out."""
        if self.default is _MISSING:
            return None
        return self.default() if callable(self.default) else self.default

    # -- describing --
    def describe(self) -> Schema:
        """Return the OpenAPI 3.0 schema."""
        schema: Schema = {"type": self.type_name, **self.detail()}
        if self.null:
            schema["nullable"] = True
        if self.read_only:
            schema["readOnly"] = True
        if self.write_only:
            schema["writeOnly"] = True
        if self.doc:
            schema["description"] = self.doc
        schema.update(self.extra)
        return {key: value for key, value in schema.items() if value is not None}

    def detail(self) -> Schema:
        """Return what this kind of field adds to its schema."""
        return {}


class TextField(Field):
    """Text of a bounded length."""

    wrong_type = "Geen geldige tekst."

    def __init__(
        self, *, max_length: int | None = None, min_length: int | None = None, blank: bool | None = None, **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.max_length = max_length
        self.min_length = min_length
        self.blank = (not self.is_required) if blank is None else blank

    empty: Any = ""
    blank_code = "blank"

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if type(value) is not str:
            faults.append(Fault(path, "invalid", self.wrong_type))
            return None
        if not value or value.isspace():
            if not self.blank:
                faults.append(Fault(path, self.blank_code, "Dit veld mag niet leeg zijn."))
                return value
            if not value:
                return self.empty
        if "\x00" in value:
            faults.append(Fault(path, "null_characters_not_allowed", "Null-tekens zijn niet toegestaan."))
            return None
        if not value.isascii() and _SURROGATE.search(value):
            faults.append(
                Fault(path, "surrogate_characters_not_allowed", "Losse surrogaattekens zijn niet toegestaan.")
            )
            return None
        if self.max_length is not None and len(value) > self.max_length:
            faults.append(
                Fault(path, "max_length", f"Zorg ervoor dat dit veld niet meer dan {self.max_length} karakters bevat.")
            )
            return None
        if self.min_length is not None and len(value) < self.min_length:
            faults.append(
                Fault(path, "min_length", f"Zorg ervoor dat dit veld minimaal {self.min_length} karakters bevat.")
            )
            return None
        return self.convert_text(value, path, faults)

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        """Check text that is neither empty nor too long."""
        return value

    def detail(self) -> Schema:
        return {"maxLength": self.max_length, "minLength": self.min_length}


class RsinField(TextField):
    """Nine digits that pass the eleven-test. Source: OpenAPI files, fields ``bronorganisatie`` and the like."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(max_length=9, **rest)

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not (value.isascii() and value.isdigit()):
            faults.append(Fault(path, "only-digits", "Voer een numerieke waarde in"))
        elif len(value) != 9:
            faults.append(Fault(path, "invalid-length", "Waarde moet 9 tekens lang zijn"))
        elif not passes_eleven_test(value):
            faults.append(Fault(path, "invalid", "Onjuist RSIN nummer"))
        return value


class UriField(TextField):
    """An absolute http(s) address."""

    def __init__(self, *, max_length: int | None = 1000, **rest: Any) -> None:
        super().__init__(max_length=max_length, **rest)

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not _URI.fullmatch(value):
            faults.append(Fault(path, "invalid", "Voer een geldige URL in."))
            return None
        return value

    def detail(self) -> Schema:
        return {"format": "uri", **super().detail()}


class EmailField(TextField):
    """A mail address."""

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not _EMAIL.fullmatch(value):
            faults.append(Fault(path, "invalid", "Voer een geldig e-mailadres in."))
            return None
        return value

    def detail(self) -> Schema:
        return {"format": "email", **super().detail()}


class UuidField(TextField):
    """A UUID in its usual form. Empty text is none."""

    blank_code = "invalid"

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{**rest, "blank": False})

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not _UUID.fullmatch(value):
            faults.append(Fault(path, "invalid", "Geen geldige UUID."))
            return None
        return UUID(value)

    def detail(self) -> Schema:
        return {"format": "uuid"}


class DurationField(TextField):
    """An ISO 8601 duration, kept as it was sent: P1Y is not 365 days."""

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not _DURATION.fullmatch(value) or any(len(number) > 6 for number in re.findall(r"\d+", value)):
            faults.append(Fault(path, "invalid", "Geen geldige duur volgens ISO 8601."))
            return None
        return value

    def detail(self) -> Schema:
        return {"format": "duration"}


class DayField(TextField):
    """A date, YYYY-MM-DD. Empty text is none: what has no date is null."""

    blank_code = "invalid"

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{**rest, "blank": False})

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        faults.append(Fault(path, "invalid", "Datum heeft het verkeerde formaat, gebruik YYYY-MM-DD."))
        return None

    def detail(self) -> Schema:
        return {"format": "date"}


class MomentField(TextField):
    """A moment, RFC 3339. Without offset it is read as Dutch time: the standard's own tests send such.

    Empty text is none: what has no moment is null.
    """

    blank_code = "invalid"

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{**rest, "blank": False})

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if _MOMENT.fullmatch(value):
            try:
                moment = datetime.fromisoformat(value.upper().replace(" ", "T"))
                if moment.tzinfo is None:
                    moment = moment.replace(tzinfo=AMSTERDAM)
                if 1 < moment.year < 9999:
                    return moment
            except ValueError:
                pass
        faults.append(Fault(path, "invalid", "Datum en tijd hebben het verkeerde formaat."))
        return None

    def detail(self) -> Schema:
        return {"format": "date-time"}


class ChoiceField(Field):
    """One of a list of words; with ``blank`` also the empty text."""

    def __init__(self, choices: Iterable[str], *, blank: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.choices = tuple(choices)
        self.blank = blank
        self._allowed = frozenset(self.choices) | ({""} if blank else set())

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if type(value) is str and value in self._allowed:
            return value
        faults.append(Fault(path, "invalid_choice", "Geen geldige keuze."))
        return None

    def detail(self) -> Schema:
        return {"enum": [*self.choices, *([""] if self.blank else [])]}


class BooleanField(Field):
    """True or false."""

    type_name = "boolean"

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if type(value) is not bool:
            faults.append(Fault(path, "invalid", "Geen geldige ja/nee-waarde."))
            return None
        return value

    def from_text(self, value: str) -> Any:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)


class IntegerField(Field):
    """A whole number that fits in the database."""

    type_name = "integer"

    def __init__(self, *, minimum: int = -(2**31), maximum: int = 2**31 - 1, **rest: Any) -> None:
        super().__init__(**rest)
        self.minimum, self.maximum = minimum, maximum

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if type(value) is not int:
            faults.append(Fault(path, "invalid", "Een geldig geheel getal is vereist."))
        elif value < self.minimum:
            faults.append(
                Fault(path, "min_value", f"Zorg ervoor dat deze waarde groter is dan of gelijk is aan {self.minimum}.")
            )
        elif value > self.maximum:
            faults.append(
                Fault(path, "max_value", f"Zorg ervoor dat deze waarde kleiner is dan of gelijk is aan {self.maximum}.")
            )
        else:
            return value
        return None

    def from_text(self, value: str) -> Any:
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else value

    def detail(self) -> Schema:
        return {
            "minimum": self.minimum if self.minimum > -(2**31) else None,
            "maximum": self.maximum if self.maximum < 2**31 - 1 else None,
        }


class ListField(Field):
    """A list of one kind of thing; in a query parameter separated by commas."""

    type_name = "array"

    def __init__(
        self, item: Field, *, is_unique: bool = False, most: int = 1000, required: bool = False, **rest: Any
    ) -> None:
        if not required:
            rest.setdefault("default", list)
        super().__init__(**rest)
        self.item = item
        self.is_unique = is_unique
        self.most = most

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if type(value) is not list:
            faults.append(Fault(path, "not_a_list", "Verwachtte een lijst van items."))
            return None
        if len(value) > self.most:
            faults.append(Fault(path, "max_length", f"Niet meer dan {self.most} items."))
            return None
        check = self.item.check
        return [check(item, f"{path}.{index}", faults) for index, item in enumerate(value)]

    def from_text(self, value: str) -> Any:
        return [self.item.from_text(part) for part in value.split(",")]

    def detail(self) -> Schema:
        return {"items": self.item.describe(), "uniqueItems": True if self.is_unique else None}


class TextMapField(Field):
    """An object whose keys are free and whose values are texts."""

    type_name = "object"

    def __init__(self, *, max_length: int, min_length: int = 0, most: int = 100, **rest: Any) -> None:
        rest.setdefault("default", dict)
        super().__init__(**rest)
        self.item = TextField(max_length=max_length, min_length=min_length or None, blank=not min_length)
        self.most = most

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict) or type(value) is Doubled:
            faults.append(Fault(path, "invalid", "Ongeldige gegevens: een object werd verwacht."))
            return None
        if len(value) > self.most:
            faults.append(Fault(path, "max_length", f"Niet meer dan {self.most} sleutels."))
            return None
        key = TextField(max_length=100)
        return {key.check(name, path, faults): self.item.check(text, path, faults) for name, text in value.items()}

    def detail(self) -> Schema:
        return {"additionalProperties": self.item.describe()}


class GroupField(Field):
    """A nested object. An object that is sent is checked completely, also within a PATCH (zrc-012)."""

    type_name = "object"

    def __init__(self, shape: type[Shape], **rest: Any) -> None:
        super().__init__(**rest)
        self.shape = shape

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict):
            faults.append(Fault(path, "invalid", "Ongeldige gegevens: een object werd verwacht."))
            return None
        return self.shape.walk(value, f"{path}.", faults)

    def detail(self) -> Schema:
        return self.shape.describe_body()


class VariantField(Field):
    """An object whose shape depends on another field of the record, ``by`` (a Python name).

    A value of ``by`` without shape takes no object. In a PATCH that leaves ``by`` out the object comes as it was sent.
    """

    type_name = "object"

    def __init__(self, *, by: str, shapes: Mapping[str, type[Shape] | None], **rest: Any) -> None:
        rest.setdefault("default", None)
        super().__init__(null=True, **rest)
        self.by = by
        self.shapes = dict(shapes)

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        return value

    def settle(self, values: dict[str, Any], path: str, faults: Faults) -> None:
        """Put the record of the right shape in its place, now that the other field is known."""
        value, kind = values[self.name], values[self.by]
        if value is not None and kind in self.shapes:
            values[self.name] = self.shaped(value, kind, path, faults)

    def shaped(self, value: Any, kind: str, path: str, faults: Faults) -> Any:
        """Return the record of an object of a known kind."""
        shape = self.shapes[kind]
        if shape is None:
            faults.append(Fault(path, "invalid", "Bij deze soort hoort hier niets."))
            return None
        return GroupField(shape).check(value, path, faults)


class AnyField(Field):
    """Any JSON, checked only for what no database or reader can hold."""

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        _check_any(value, path, faults)
        return value


def _check_any(value: Any, path: str, faults: Faults) -> None:
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and _SURROGATE.search(value)):
            faults.append(Fault(path, "invalid", "Deze tekens zijn niet toegestaan."))
    elif isinstance(value, float):
        if not math.isfinite(value):
            faults.append(Fault(path, "invalid", "Het getal is te groot."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_any(item, f"{path}.{index}", faults)
    elif isinstance(value, dict):
        _report_doubled(value, f"{path}.", faults)
        for name, item in value.items():
            if "\x00" in name or _SURROGATE.search(name):
                faults.append(Fault(path, "invalid", "Deze tekens zijn niet toegestaan."))
            else:
                _check_any(item, f"{path}.{name}", faults)


def _report_doubled(value: dict[str, Any], prefix: str, faults: Faults) -> None:
    if type(value) is Doubled:
        for name in value.names:
            if "\x00" not in name and not _SURROGATE.search(name):
                faults.append(Fault(f"{prefix}{name}"[:200], "duplicate-key", "Dit veld staat er meer dan een keer."))


GEOMETRIES = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""Nesting of lists around a position, per kind of geometry."""


class GeometryField(Field):
    """A GeoJSON geometry in WGS 84, longitude first. Source: RFC 7946; ``zaakgeometrie`` of the Zaken API."""

    type_name = "object"

    def __init__(self, *, kinds: Iterable[str] = (*GEOMETRIES, "GeometryCollection"), **rest: Any) -> None:
        super().__init__(**rest)
        self.kinds = frozenset(kinds)

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        problem = self.problem(value)
        if problem:
            faults.append(Fault(path, "invalid", problem))
            return None
        return self._bare(value)

    def _bare(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the geometry without members that GeoJSON does not know."""
        if value["type"] == "GeometryCollection":
            return {"type": value["type"], "geometries": [self._bare(member) for member in value["geometries"]]}
        return {"type": value["type"], "coordinates": value["coordinates"]}

    def problem(self, value: Any) -> str:
        """Return what is wrong with a geometry, or nothing."""
        if not isinstance(value, dict) or type(value) is Doubled:
            return "Geen geldige GeoJSON-geometrie."
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.kinds:
            return "Onbekende soort geometrie."
        if kind == "GeometryCollection":
            members = value.get("geometries")
            if not isinstance(members, list) or any(
                isinstance(member, dict) and member.get("type") == "GeometryCollection" for member in members
            ):
                return "Een GeometryCollection heeft een lijst geometries."
            return next((problem for member in members if (problem := self.problem(member))), "")
        coordinates: list[Any] = value.get("coordinates") or []
        if not self._good(coordinates, GEOMETRIES[kind]):
            return "Geen geldige coördinaten: lengtegraad (-180 tot 180) en breedtegraad (-90 tot 90)."
        if kind == "LineString" and len(coordinates) < 2:
            return "Een lijn heeft minstens twee punten."
        areas = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
        if any(len(ring) < 4 or ring[0] != ring[-1] for area in areas for ring in area):
            return "Een ring heeft minstens vier punten en is gesloten."
        if not coordinates or not all(areas):
            return "Deze geometrie is leeg."
        return ""

    def _good(self, value: Any, nesting: int) -> bool:
        if not isinstance(value, list):
            return False
        if nesting:
            return all(self._good(item, nesting - 1) for item in value)
        return (
            len(value) in (2, 3)
            and all(type(number) in (int, float) and abs(number) <= 1e9 for number in value)
            and abs(value[0]) <= 180
            and abs(value[1]) <= 90
        )


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Shape:
    """A typed record of a body. Subclasses declare fields; instances are made by ``check`` and do not change."""

    fields: ClassVar[dict[str, Field]] = {}
    keys: ClassVar[dict[str, Field]] = {}
    variants: ClassVar[tuple[VariantField, ...]] = ()
    _plan: ClassVar[tuple[tuple[str, str, Field], ...]] = ()
    given: ClassVar[frozenset[str]] = frozenset()
    """Python names of the fields that were sent (set per record)."""
    always: ClassVar[frozenset[str]] = frozenset()
    """Of query parameters: filters that hold with their default when nothing was sent."""
    media: ClassVar[tuple[str, ...]] = ()
    """Of a body that is no JSON: the media types it may have."""

    def __init_subclass__(cls) -> None:
        fields = dict(cls.fields)
        for name, field in list(vars(cls).items()):
            if isinstance(field, Field):
                field.name = name
                field.key = field.key or camel(name)
                fields[name] = field
                delattr(cls, name)
        cls.fields = fields
        cls.keys = {field.key: field for field in fields.values()}
        cls._plan = tuple((field.key, name, field) for name, field in fields.items() if not field.read_only)
        cls.variants = tuple(field for field in fields.values() if isinstance(field, VariantField))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a shape does not change")

    @classmethod
    def walk(cls, value: dict[str, Any], prefix: str, faults: Faults, *, is_partial: bool = False) -> Self:
        """Return the record of an object, adding every fault in it to ``faults``."""
        if type(value) is Doubled:
            _report_doubled(value, prefix, faults)
        values: dict[str, Any] = {}
        given = []
        get = value.get
        for key, name, field in cls._plan:
            item = get(key, _MISSING)
            if item is _MISSING:
                if field.is_required and not is_partial:
                    faults.append(Fault(prefix + key, "required", "Dit veld is vereist."))
                values[name] = field.start_value()
            else:
                given.append(name)
                values[name] = field.check(item, prefix + key, faults)
        for variant in cls.variants:
            variant.settle(values, prefix + variant.key, faults)
        record = cls.__new__(cls)
        values["given"] = frozenset(given)
        record.__dict__.update(values)
        return record

    @classmethod
    def check(cls, value: object, *, is_partial: bool = False) -> Self:
        """Return the record of a whole body. Raises ``Invalid`` with all faults together; a PATCH is partial."""
        if not isinstance(value, dict):
            raise Invalid.of(NON_FIELD, "invalid", "Ongeldige gegevens: een object werd verwacht.")
        faults: Faults = []
        record = cls.walk(value, "", faults, is_partial=is_partial)
        if faults:
            raise Invalid(faults)
        return record

    @classmethod
    def check_query(cls, parameters: Mapping[str, Sequence[str]]) -> Self:
        """Return the record of query parameters. An unknown, repeated or missing parameter is a fault."""
        unknown = [name for name in parameters if name not in cls.keys]
        if unknown:
            shown = ", ".join(sorted(name for name in unknown if name.isidentifier())[:10])
            raise Invalid.of(NON_FIELD, "unknown-parameters", f"Onbekende query parameters: {shown}")
        faults = [
            Fault(name, "invalid", "Deze parameter mag maar een keer worden gegeven.")
            for name, values in parameters.items()
            if len(values) > 1
        ]
        body = {name: cls.keys[name].from_text(values[-1]) for name, values in parameters.items()}
        record = cls.walk(body, "", faults)
        if faults:
            raise Invalid(faults)
        return record

    def value(self, name: str) -> Any:
        """Return the value of a field by its Python name."""
        return self.__dict__[name]

    def values(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """Return values by Python name: of all fields that can be written, or of those named."""
        return {
            name: self.__dict__[name] for name in (names if names is not None else (plan[1] for plan in self._plan))
        }

    def as_json(self) -> dict[str, Any]:
        """Return what was sent, checked, by the keys of the JSON: for a group that is kept as it came."""
        return {
            field.key: _plain_json(self.__dict__[name]) for name, field in self.fields.items() if name in self.given
        }

    @classmethod
    def describe_body(cls) -> Schema:
        """Return the OpenAPI schema of the object."""
        required = sorted(field.key for field in cls.fields.values() if field.is_required or field.read_only)
        schema: Schema = {
            "type": "object",
            "properties": {field.key: field.describe() for field in cls.fields.values() if field not in cls.variants},
        }
        if required:
            schema["required"] = required
        return schema


def _plain_json(value: Any) -> Any:
    if isinstance(value, Shape):
        return value.as_json()
    if isinstance(value, list):
        return [_plain_json(item) for item in value]
    return value


# What a class body says. Each returns ``Any`` so that the annotation beside it tells the type.
def _maker(kind: Callable[..., Field]) -> Callable[..., Any]:
    return kind


text = _maker(TextField)
rsin = _maker(RsinField)
uri = _maker(UriField)
email = _maker(EmailField)
uuid = _maker(UuidField)
duration = _maker(DurationField)
day = _maker(DayField)
moment = _maker(MomentField)
choice = _maker(ChoiceField)
boolean = _maker(BooleanField)
integer = _maker(IntegerField)
list_of = _maker(ListField)
group = _maker(GroupField)
text_map = _maker(TextMapField)
anything = _maker(AnyField)
geometry = _maker(GeometryField)
variant = _maker(VariantField)
