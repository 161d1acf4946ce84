"""Remembering an answer for the length of one web request, or of one piece of work that says so.

For what a deed asks again and again and nobody changes meanwhile (the parts of a zaaktype). Outside a request nothing is
remembered; whoever changes what may be remembered calls ``forget``. Nothing here outlives a request, so no other process can
make it stale for long.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

T = TypeVar("T")
_answers: ContextVar[dict[tuple[str, Hashable], object] | None] = ContextVar("answers", default=None)
_changes_nothing: ContextVar[bool] = ContextVar("changes_nothing", default=False)


def begin(*, environ: Mapping[str, object] | None = None, **kwargs: object) -> None:
    """Start with an empty memory (a web request starts)."""
    _answers.set({})
    _changes_nothing.set((environ or {}).get("REQUEST_METHOD") in {"GET", "HEAD"})


def end(**kwargs: object) -> None:
    """Forget everything (a web request is over)."""
    _answers.set(None)
    _changes_nothing.set(False)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember during a piece of work that is no web request (seeding, an import)."""
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def remembered(kind: str, key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer that was given before in this request, or ask. An error is not remembered."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if (kind, key) not in answers:
        answers[kind, key] = ask()
    return cast(T, answers[kind, key])


def remembered_while_reading(kind: str, key: Hashable, ask: Callable[[], T]) -> T:
    """Do the same in a request that only reads (GET, HEAD); anywhere else ask each time: a deed may change the answer."""
    return remembered(kind, key, ask) if _changes_nothing.get() else ask()


def forget(kind: str) -> None:
    """Forget all answers of a kind: they have changed."""
    answers = _answers.get()
    for known in [known for known in answers or () if known[0] == kind]:
        del cast(dict[tuple[str, Hashable], object], answers)[known]
