"""What is remembered, and for how long."""

from __future__ import annotations

import pytest

from stadhuis.kit import memory


def test_outside_a_request_every_question_is_asked_afresh() -> None:
    asked: list[int] = []
    for _ in range(2):
        memory.remembered("kind", 1, lambda: asked.append(1))
    assert len(asked) == 2


def test_within_a_piece_of_work_a_question_is_asked_once_per_key_until_it_is_forgotten() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    with memory.remembering():
        assert memory.remembered("kind", 1, ask) == memory.remembered("kind", 1, ask) == 1
        assert memory.remembered("kind", 2, ask) == 2
        memory.forget("other")
        assert memory.remembered("kind", 1, ask) == 1
        memory.forget("kind")
        assert memory.remembered("kind", 1, ask) == 3
    assert memory.remembered("kind", 1, ask) == 4


def test_an_error_is_not_remembered() -> None:
    def broken() -> int:
        raise LookupError

    with memory.remembering():
        with pytest.raises(LookupError):
            memory.remembered("kind", 1, broken)
        assert memory.remembered("kind", 1, lambda: 1) == 1


@pytest.mark.parametrize(("method", "asked_for"), [("GET", 1), ("HEAD", 1), ("POST", 2), ("PATCH", 2)])
def test_what_a_deed_may_change_is_remembered_only_while_reading(method: str, asked_for: int) -> None:
    asked: list[int] = []
    memory.begin(environ={"REQUEST_METHOD": method})
    try:
        for _ in range(2):
            memory.remembered_while_reading("kind", 1, lambda: asked.append(1))
    finally:
        memory.end()
    assert len(asked) == asked_for
