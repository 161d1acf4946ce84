"""Rows that a deed locks and adds, and those that a page shows: by statements that are written once.

Django's ORM writes the SQL of a query anew each time; for a wide table with a wide one beside it that costs several times what
the query does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, Final, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from stadhuis.kit.database import Statement

M = TypeVar("M", bound=models.Model)


class _Question(Generic[M]):
    """A question for rows of ``model`` by the value of a column, with the rows ``beside`` them; its SQL is written once."""

    _tail = ""

    def __init__(self, model: type[M], *beside: str) -> None:
        self.model: Final = model
        self._names: Final = beside
        self._statement = cache(self._compile)

    @cached_property
    def beside(self) -> dict[str, type[models.Model]]:
        """The models beside it, by the name of the field that leads there."""
        return {name: _leads_to(self.model, name) for name in self._names}

    def _compile(self, column: str) -> Statement:
        meta = self.model._meta
        columns, joins = _columns("r", self.model), ""
        for place, (name, other) in enumerate(self.beside.items()):
            alias, field = f"b{place}", meta.get_field(name)
            columns += _columns(alias, other)
            join = "LEFT JOIN" if field.null else "JOIN"
            joins += f' {join} "{other._meta.db_table}" {alias} ON {alias}."{_key(other)}" = r."{_column(meta, name)}"'
        return Statement.compile(
            f'SELECT {", ".join(columns)} FROM "{meta.db_table}" r{joins}'
            f' WHERE r."{_column(meta, column)}" = :{{value}}{self._tail}'
        )

    def _row(self, found: tuple[Any, ...]) -> M:
        row, rest = _made(self.model, found), found[len(self.model._meta.concrete_fields) :]
        for name, other in self.beside.items():
            setattr(row, name, None if getattr(row, f"{name}_id") is None else _made(other, rest))
            rest = rest[len(other._meta.concrete_fields) :]
        return row


class LockedRow(_Question[M]):
    """The row of ``model`` that has a value in a column, locked until the transaction ends, with the rows ``beside`` it.

    What comes back is what ``model.objects.select_for_update(of=("self",)).select_related(*beside)`` gives.
    """

    _tail = " FOR UPDATE OF r"

    def first(self, column: str, value: object) -> M | None:
        """Return the row, or None. ``column`` is one of ours that no two rows share: it stands in the statement."""
        found = self._statement(column).first_row({"value": value})
        return self._row(found) if found else None


class Rows(_Question[M]):
    """The rows of ``model`` that have a value in a column, in an order, with the rows ``beside`` them.

    What comes back is what ``model.objects.filter(...).select_related(*beside).order_by(*order)`` gives, as a list. For a page
    that asks a dozen such questions: Django spends more on writing the SQL than PostgreSQL on the answer.
    """

    def __init__(self, model: type[M], *beside: str, order: tuple[str, ...]) -> None:
        """Take the order as Django does: the name of a field, with a minus for the last one first."""
        super().__init__(model, *beside)
        words = (f'r."{_column(model._meta, name.lstrip("-"))}"{" DESC" * name.startswith("-")}' for name in order)
        self._tail = f" ORDER BY {', '.join(words)} LIMIT :{{limit}}"

    def of(self, column: str, value: object, *, limit: int | None = None) -> list[M]:
        """Return the rows, at most ``limit`` when it is given; one statement. ``column`` stands in it: one of ours."""
        return [self._row(found) for found in self._statement(column).rows({"value": value, "limit": limit})]


def _leads_to(model: type[models.Model], name: str) -> type[models.Model]:
    other = model._meta.get_field(name).related_model
    if not (isinstance(other, type) and issubclass(other, models.Model)):
        raise TypeError(f"{name} leads to no other row")
    return other


def _key(model: type[models.Model]) -> str:
    return _column(model._meta, "pk")


def _column(meta: Any, name: str) -> str:
    return str((meta.pk if name == "pk" else meta.get_field(name)).column)


def insert(row: M) -> M:
    """Add a row and return it with its key and what the database filled in, as ``row.save(force_insert=True)`` does."""
    values: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        value = None if field.generated else field.pre_save(row, add=True)
        if not field.generated and not isinstance(value, DatabaseDefault) and not (field.primary_key and value is None):
            values[str(field.column)] = field.get_db_prep_save(value, connection)
    statement = _insertion(type(row), tuple(values))
    for field, value in zip(_filled_in(type(row)), statement.first_row(values) or (), strict=True):
        for convert in field.get_db_converters(connection):
            value = convert(value, field, connection)
        setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, connection.alias
    return row


def update(row: M, **columns: object) -> None:
    """Give a row other values in columns that are named as in the model, as ``row.save(update_fields=...)`` does."""
    fields = [row._meta.get_field(name) for name in columns]
    values = {
        str(field.column): field.get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for field, value in zip(fields, columns.values(), strict=True)
    }
    _change(type(row), tuple(values)).run({**values, "the_row": row.pk})
    for name, value in columns.items():
        setattr(row, name, value)


@cache
def _change(model: type[models.Model], columns: tuple[str, ...]) -> Statement:
    changed = ", ".join(f'"{column}" = :{{{column}}}' for column in columns)
    return Statement.compile(
        f'UPDATE "{model._meta.db_table}" SET {changed} WHERE "{model._meta.pk.column}" = :{{the_row}}'
    )


def insert_all(rows: Sequence[models.Model]) -> None:
    """Add rows of one table, with their keys: one by ``insert``, more in one statement of Django's."""
    if len(rows) == 1:
        insert(rows[0])
    elif rows:
        type(rows[0])._default_manager.bulk_create(rows)


@cache
def _insertion(model: type[models.Model], columns: tuple[str, ...]) -> Statement:
    names, slots = (", ".join(form.format(column) for column in columns) for form in ('"{}"', ":{{{}}}"))
    returning = ", ".join(f'"{field.column}"' for field in _filled_in(model))
    return Statement.compile(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({slots}) RETURNING {returning}')


def _filled_in(model: type[models.Model]) -> Sequence[models.Field[Any, Any]]:
    return model._meta.db_returning_fields or [model._meta.pk]


def _columns(alias: str, model: type[models.Model]) -> list[str]:
    return [f'{alias}."{field.column}"' for field in model._meta.concrete_fields]


def _made(model: type[M], values: tuple[Any, ...]) -> M:
    """Return a model of the first of the values, each as its field reads it."""
    names, read = [], []
    for field, value in zip(model._meta.concrete_fields, values, strict=False):
        for convert in field.get_db_converters(connection):
            value = convert(value, field, connection)
        names.append(field.attname)
        read.append(value)
    return model.from_db(connection.alias, names, read)
