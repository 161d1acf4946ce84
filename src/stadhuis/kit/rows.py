"""Rows that a deed locks: by a statement that is written once.

Django's ORM writes the SQL of a query anew each time; for a wide table with a wide one beside it that costs several times what
the query does.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import connection, models

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
