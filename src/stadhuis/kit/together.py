"""Writing together, at the end of a deed of many parts, what each part leaves behind (trail, messages, marks).

A deed that makes a zaak with ten documents leaves dozens of rows of a few kinds; written together they cost a few statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

from django.db import transaction

T = TypeVar("T")
Write = Callable[[list[T]], None]
_held: ContextVar[dict[Write[object], list[object]] | None] = ContextVar("held", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Hold what is given to ``hand`` until the end of the block, and write it then, in the same transaction.

    An error that leaves the block drops what was held, as it undoes the deed. An error of a part may not be caught inside:
    what that part handed over would still be written. Raises ``RuntimeError`` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("what is held would be written without the deed")
    if _held.get() is not None:
        yield
        return
    held: dict[Write[object], list[object]] = {}
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
    for write, rows in held.items():
        write(rows)


def hand(write: Write[T], row: T) -> None:
    """Have a row written: at once, or with others of its kind at the end of ``together``."""
    held = cast("dict[Write[T], list[T]] | None", _held.get())
    if held is None:
        write([row])
    else:
        held.setdefault(write, []).append(row)
