"""Facts: news that goes up. The room below announces what happened; rooms above listen, in the same transaction.

What leaves the building is a job that a listener queues in that same transaction (``kit.jobs``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")


class Fact(Generic[T]):
    """A kind of news with a typed message.

    ``announce`` calls every listener at once, inside the running transaction; an error of a listener undoes the deed, so
    listeners only write rows and queue jobs. Announcing outside a transaction is a programming error.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._listeners: list[Callable[[T], None]] = []

    def listener(self, function: Callable[[T], None]) -> Callable[[T], None]:
        """Register a listener (at start-up, from ``listeners.py``); the same function counts once."""
        if function not in self._listeners:
            self._listeners.append(function)
        return function

    def announce(self, message: T) -> None:
        """Tell everyone who listens."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError(f"fact {self.name} was announced outside a transaction")
        for listener in self._listeners:
            listener(message)


class Question(Generic[T]):
    """A question that a lower room asks and a higher room answers (registered at start-up, never imported)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: list[Callable[..., T]] = []

    def answer(self, function: Callable[..., T]) -> Callable[..., T]:
        """Register an answer."""
        if function not in self.answers:
            self.answers.append(function)
        return function

    def ask(self, *args: object, **kwargs: object) -> list[T]:
        """Return what every registered room answers, in order of registration."""
        return [answer(*args, **kwargs) for answer in self.answers]
