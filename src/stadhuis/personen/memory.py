"""Remembering answers for the length of one web request.

A page and its prefill ask for the same person more than once; one answer (or one failure, so that a source that is down costs its
time-out once) serves them all. Jobs have no request and always ask afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TypeVar, cast

from stadhuis.personen.errors import SourceUnavailable

T = TypeVar("T")
_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("personen_answers", default=None)


def begin(**kwargs: object) -> None:
    """Start with an empty memory (a web request starts)."""
    _answers.set({})


def end(**kwargs: object) -> None:
    """Forget everything (a web request is over)."""
    _answers.set(None)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer that was given before in this request, or ask."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        try:
            answers[key] = ask()
        except SourceUnavailable as error:
            answers[key] = error
    answer = answers[key]
    if isinstance(answer, SourceUnavailable):
        raise SourceUnavailable(answer.source, answer.reason)
    return cast(T, answer)
