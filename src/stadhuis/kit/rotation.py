"""Changing the keys of ``kit.crypto`` while people work: every encrypted column, rewritten batch by batch.

A room announces its encrypted columns (``register``, from ``apps.ready``) as statements, so that nothing is forgotten and
nobody writes another room's tables. A batch is one short transaction; whoever stops in between goes on later, for what has
the first key already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection, transaction

from stadhuis.kit.crypto import encrypt, lookup_hash, open_with_either


@dataclass(frozen=True)
class Encrypted:
    """One encrypted column, and the keyed hash beside it when rows are found by it.

    ``about`` is an SQL expression over the table (alias ``t``): what binds the value to its row. ``lookup_of`` is an SQL
    expression: what stands before the plain text when it is hashed (empty for the text alone); ``lookup_folds`` hashes without capitals.
    """

    table: str
    column: str
    about: str
    key: str = "id"
    joins: str = ""
    lookup: str = ""
    lookup_about: str = ""
    lookup_before: str = "''"
    lookup_folds: bool = False

    @property
    def name(self) -> str:
        """How it is called for a person."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Counted:
    """How a column stands: rows in all, rows that still have the other key, rows that no key opens, rows without a value.

    Without a value a keyed hash cannot be made anew (a provider's pseudonym from before it was kept): that takes a log-in.
    """

    name: str
    rows: int
    other: int
    unreadable: int
    without_value: int


_COLUMNS: dict[str, Encrypted] = {}


def register(*columns: Encrypted) -> None:
    """Announce encrypted columns (from ``apps.ready``)."""
    for column in columns:
        _COLUMNS[column.name] = column


def registered() -> list[Encrypted]:
    """Return all encrypted columns there are."""
    return list(_COLUMNS.values())


def count(column: Encrypted) -> Counted:
    """Return how a column stands; reads every row, changes none."""
    return _walk(column, 1000, rewrite=False, go_on=lambda: True)


def rotate(column: Encrypted, *, batch: int, go_on: Callable[[], bool]) -> Counted:
    """Rewrite what has the other key, in batches; returns what is left. ``go_on`` is asked before every batch."""
    _walk(column, batch, rewrite=True, go_on=go_on)
    return count(column)


def _walk(column: Encrypted, batch: int, *, rewrite: bool, go_on: Callable[[], bool]) -> Counted:
    rows = other = unreadable = without_value = 0
    after = None
    while go_on():
        with transaction.atomic():
            found = _batch(column, after, batch, lock=rewrite)
            for key, stored, about, lookup, before in found:
                rows += 1
                if stored is None:
                    without_value += bool(column.lookup)
                    continue
                try:
                    plain, is_first = open_with_either(bytes(stored), about=about)
                except InvalidTag:
                    unreadable += 1
                    continue
                hashed = f"{before}{plain}".casefold() if column.lookup_folds else f"{before}{plain}"
                wanted = lookup_hash(hashed, about=column.lookup_about) if column.lookup else None
                if is_first and (wanted is None or bytes(lookup) == wanted):
                    continue
                other += 1
                if rewrite:
                    _write(column, key, encrypt(plain, about=about), wanted)
        if len(found) < batch:
            break
        after = found[-1][0]
    return Counted(column.name, rows, other, unreadable, without_value)


def _batch(column: Encrypted, after: Any, batch: int, *, lock: bool) -> list[tuple[Any, bytes | None, str, bytes, str]]:
    lookup = f"t.{column.lookup}" if column.lookup else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{column.key}, t.{column.column}, {column.about}, {lookup}, {column.lookup_before}"
            f"  FROM {column.table} t {column.joins}"
            f" WHERE {'TRUE' if after is None else f't.{column.key} > %s'} ORDER BY t.{column.key} LIMIT %s"
            f" {'FOR UPDATE OF t' if lock else ''}",
            [*([] if after is None else [after]), batch],
        )
        return list(cursor.fetchall())


def _write(column: Encrypted, key: Any, cipher: bytes, lookup: bytes | None) -> None:
    also = f", {column.lookup} = %s" if lookup is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {column.table} SET {column.column} = %s{also} WHERE {column.key} = %s",
            [cipher, *([lookup] if lookup is not None else []), key],
        )


def has_other_key() -> bool:
    """Return whether the settings know a second key at all."""
    return bool(settings.BSN_KEY_OTHER or settings.BSN_HASH_KEY_OTHER)
