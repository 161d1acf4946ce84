"""JsonLogic, as far as form definitions use it, with the date operators of Open Forms (``date``, ``today``, ``rdelta``).

A definition is written by people, so ``faults_in`` names what is not understood before it is published; ``compute`` never
raises on answers: what cannot be compared is not true.

Source: jsonlogic.com/operations; open-forms ``json_logic`` (names of the date operators).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta

Logic = Any
"""JSON: a literal, a list of logic, or an object with one operator."""

MAX_DEPTH = 40


def compute(logic: Logic, data: Mapping[str, Any], *, today: date) -> Any:
    """Return what the logic yields for these answers."""
    return _Computer(today).compute(logic, data)


def is_true(value: Any) -> bool:
    """Return whether JsonLogic takes a value for true: not empty, not zero, not false."""
    return bool(value) and not (isinstance(value, Decimal) and value == 0)


def variables(logic: Logic) -> Iterator[str]:
    """Yield the path of every ``var`` that reads the answers (not those inside map, filter and the like)."""
    if isinstance(logic, dict):
        for operator, arguments in logic.items():
            values = arguments if isinstance(arguments, list) else [arguments]
            if operator == "var":
                if values and isinstance(values[0], str) and values[0]:
                    yield values[0]
            elif operator in _OVER_LISTS:
                yield from variables(values[0] if values else None)
            else:
                for value in values:
                    yield from variables(value)
    elif isinstance(logic, list):
        for value in logic:
            yield from variables(value)


def faults_in(logic: Logic, depth: int = 0) -> list[str]:
    """Return what is not understood in the logic, in words for the person who wrote the definition."""
    if depth > MAX_DEPTH:
        return ["logic is nested too deeply"]
    if isinstance(logic, list):
        return [fault for value in logic for fault in faults_in(value, depth + 1)]
    if not isinstance(logic, dict):
        return []
    if len(logic) != 1:
        return [f"an object in logic has exactly one operator, this one has {len(logic)}"]
    operator, arguments = next(iter(logic.items()))
    found: list[str] = []
    if operator not in OPERATORS:
        found.append(f"unknown operator '{operator}'")
    if operator == "var":
        path = arguments[0] if isinstance(arguments, list) and arguments else arguments
        if not isinstance(path, str):
            found.append("'var' wants the key of a component")
        return found
    values = arguments if isinstance(arguments, list) else [arguments]
    return found + [fault for value in values for fault in faults_in(value, depth + 1)]


def look_up(data: Any, path: str) -> Any:
    """Return what stands at a dotted path, or None."""
    if path == "":
        return data
    for part in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, Sequence) and not isinstance(data, str) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def as_number(value: Any) -> Decimal | None:
    """Return a value as a number, or None: texts that read as numbers count, as in JavaScript."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (int, float, str)):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return None


def _as_date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def _equal(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, date) or isinstance(right, date):
        return _as_date(left) == _as_date(right)
    one, other = as_number(left), as_number(right)
    return one == other if one is not None and other is not None else bool(left == right)


def _less(left: Any, right: Any, *, or_equal: bool) -> bool:
    one: Any
    other: Any
    if isinstance(left, date) or isinstance(right, date):
        one, other = _as_date(left), _as_date(right)
    else:
        one, other = as_number(left), as_number(right)
        if (one is None or other is None) and isinstance(left, str) and isinstance(right, str):
            one, other = left, right
    if one is None or other is None:
        return False
    return bool(one <= other if or_equal else one < other)


def _plus(values: Sequence[Any]) -> Any:
    if any(isinstance(value, (date, relativedelta)) for value in values):
        return _shift(values, 1)
    numbers = [as_number(value) for value in values]
    return None if None in numbers else sum((n for n in numbers if n is not None), Decimal(0))


def _minus(values: Sequence[Any]) -> Any:
    if any(isinstance(value, (date, relativedelta)) for value in values):
        return _shift(values, -1)
    numbers = [as_number(value) for value in values]
    if not numbers or numbers[0] is None or numbers[-1] is None:
        return None
    return -numbers[0] if len(numbers) == 1 else numbers[0] - numbers[-1]


def _shift(values: Sequence[Any], sign: int) -> date | None:
    start = _as_date(values[0])
    if start is None or len(values) != 2 or not isinstance(values[1], relativedelta):
        return None
    try:
        return start + sign * values[1]
    except (ValueError, OverflowError):
        return None


def _times(values: Sequence[Any]) -> Any:
    product = Decimal(1)
    for value in values:
        number = as_number(value)
        if number is None:
            return None
        product *= number
    return product


def _divide(values: Sequence[Any], *, rest: bool) -> Any:
    one, other = as_number(values[0]), as_number(values[1]) if len(values) > 1 else None
    if one is None or other is None:
        return None
    try:
        return one % other if rest else one / other
    except (DivisionByZero, InvalidOperation):
        return None


def _within(values: Sequence[Any]) -> bool:
    needle, stack = values[0], values[1] if len(values) > 1 else None
    if isinstance(stack, str):
        return isinstance(needle, str) and needle in stack
    return isinstance(stack, list) and any(_equal(needle, item) for item in stack)


def _extreme(values: Sequence[Any], choose: Callable[[list[Decimal]], Decimal]) -> Any:
    numbers = [number for number in map(as_number, values) if number is not None]
    return choose(numbers) if numbers else None


def _delta(values: Sequence[Any]) -> relativedelta:
    numbers = [int(as_number(value) or 0) for value in values] + [0, 0, 0]
    return relativedelta(years=numbers[0], months=numbers[1], days=numbers[2])


_PLAIN: dict[str, Callable[[Sequence[Any]], Any]] = {
    "==": lambda v: _equal(v[0], v[-1]),
    "===": lambda v: type(v[0]) is type(v[-1]) and v[0] == v[-1],
    "!=": lambda v: not _equal(v[0], v[-1]),
    "!==": lambda v: type(v[0]) is not type(v[-1]) or v[0] != v[-1],
    "!": lambda v: not is_true(v[0]),
    "!!": lambda v: is_true(v[0]),
    "<": lambda v: all(_less(a, b, or_equal=False) for a, b in pairwise(v)),
    "<=": lambda v: all(_less(a, b, or_equal=True) for a, b in pairwise(v)),
    ">": lambda v: _less(v[-1], v[0], or_equal=False),
    ">=": lambda v: _less(v[-1], v[0], or_equal=True),
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": lambda v: _divide(v, rest=False),
    "%": lambda v: _divide(v, rest=True),
    "min": lambda v: _extreme(v, min),
    "max": lambda v: _extreme(v, max),
    "in": _within,
    "cat": lambda v: "".join("" if item is None else str(item) for item in v),
    "merge": lambda v: [item for value in v for item in (value if isinstance(value, list) else [value])],
    "date": lambda v: _as_date(v[0]),
    "rdelta": _delta,
}
_OVER_LISTS = frozenset({"map", "filter", "all", "none", "some", "reduce"})
OPERATORS = frozenset(_PLAIN) | _OVER_LISTS | {"var", "if", "and", "or", "today"}


class _Computer:
    def __init__(self, today: date) -> None:
        self.today = today

    def compute(self, logic: Logic, data: Any) -> Any:
        if isinstance(logic, list):
            return [self.compute(value, data) for value in logic]
        if not isinstance(logic, dict) or len(logic) != 1:
            return logic
        operator, arguments = next(iter(logic.items()))
        values = arguments if isinstance(arguments, list) else [arguments]
        if operator == "var":
            path = self.compute(values[0], data) if values else ""
            found = look_up(data, str(path if path is not None else ""))
            return self.compute(values[1], data) if found is None and len(values) > 1 else found
        if operator == "today":
            return self.today
        if operator in ("and", "or", "if"):
            return self._choose(operator, values, data)
        if operator in _OVER_LISTS:
            return self._over_list(operator, values, data)
        function = _PLAIN.get(operator)
        if function is None or not values:
            return None
        return function([self.compute(value, data) for value in values])

    def _choose(self, operator: str, values: list[Any], data: Any) -> Any:
        if operator == "if":
            for index in range(0, len(values) - 1, 2):
                if is_true(self.compute(values[index], data)):
                    return self.compute(values[index + 1], data)
            return self.compute(values[-1], data) if len(values) % 2 else None
        result: Any = None
        for value in values:
            result = self.compute(value, data)
            if is_true(result) == (operator == "or"):
                return result
        return result

    def _over_list(self, operator: str, values: list[Any], data: Any) -> Any:
        items = self.compute(values[0], data) if values else None
        if not isinstance(items, list):
            items = []
        body = values[1] if len(values) > 1 else None
        if operator == "reduce":
            result = self.compute(values[2], data) if len(values) > 2 else None
            for item in items:
                result = self.compute(body, {"current": item, "accumulator": result})
            return result
        outcomes = [self.compute(body, item) for item in items]
        if operator == "map":
            return outcomes
        if operator == "filter":
            return [item for item, outcome in zip(items, outcomes, strict=True) if is_true(outcome)]
        truths = [is_true(outcome) for outcome in outcomes]
        if operator == "all":
            return bool(truths) and all(truths)
        return any(truths) if operator == "some" else not any(truths)
