"""Rows that a deed locks and adds: by statements that are written once.

Django's ORM writes the SQL of a query anew each time; for a wide table with a wide one beside it that costs several times what
the query does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from stadhuis.kit.database import Statement

M = TypeVar("M", bound=models.Model)


class LockedRow(Generic[M]):
    """The row of ``model`` that has a value in a column, locked until the transaction ends, with the rows ``beside`` it.

    What comes back is what ``model.objects.select_for_update(of=("self",)).select_related(*beside)`` gives.
    """

    def __init__(self, model: type[M], *beside: str) -> None:
        self.model: Final = model
        self.beside: Final = beside
        self._statement = cache(self._compile)

    def first(self, column: str, value: object) -> M | None:
        """Return the row, or None. ``column`` is one of ours that no two rows share: it stands in the statement."""
        found = self._statement(column).first_row({"value": value})
        if found is None:
            return None
        fields = self.model._meta.concrete_fields
        row, rest = _made(self.model, found), found[len(fields) :]
        for name in self.beside:
            other = self._other(name)
            setattr(row, name, _made(other, rest))
            rest = rest[len(other._meta.concrete_fields) :]
        return row

    def _other(self, name: str) -> type[models.Model]:
        other = self.model._meta.get_field(name).related_model
        if not (isinstance(other, type) and issubclass(other, models.Model)):
            raise TypeError(f"{name} leads to no other row")
        return other

    def _compile(self, column: str) -> Statement:
        meta = self.model._meta
        columns, joins = _columns("r", self.model), ""
        for place, name in enumerate(self.beside):
            other, alias = self._other(name), f"b{place}"
            columns += _columns(alias, other)
            key = meta.get_field(name).column  # type: ignore[union-attr]
            joins += f' JOIN "{other._meta.db_table}" {alias} ON {alias}."{other._meta.pk.column}" = r."{key}"'
        return Statement.compile(
            f'SELECT {", ".join(columns)} FROM "{meta.db_table}" r{joins} WHERE r."{meta.get_field(column).column}" = :{{value}}'  # type: ignore[union-attr]
            " FOR UPDATE OF r"
        )


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
