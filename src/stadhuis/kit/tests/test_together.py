"""What is written together, and when."""

from __future__ import annotations

import pytest
from django.db import transaction

from stadhuis.kit.together import hand, together

written: list[list[str]] = []


@pytest.fixture(autouse=True)
def nothing_written() -> None:
    written.clear()


def write(rows: list[str]) -> None:
    written.append(list(rows))


def write_other(rows: list[str]) -> None:
    written.append([f"other {row}" for row in rows])


def test_alone_a_row_is_written_at_once() -> None:
    hand(write, "a")
    hand(write, "b")
    assert written == [["a"], ["b"]]


@pytest.mark.django_db
def test_in_a_deed_of_many_parts_rows_of_a_kind_are_written_at_its_end_in_their_order() -> None:
    with transaction.atomic(), together():
        hand(write, "a")
        hand(write_other, "x")
        with together():  # a part that is itself a deed of many parts
            hand(write, "b")
        assert written == []
    assert written == [["a", "b"], ["other x"]]
    hand(write, "c")
    assert written[-1] == ["c"]


@pytest.mark.django_db
def test_a_deed_that_fails_leaves_nothing_behind_for_the_next_one() -> None:
    def fail() -> None:
        hand(write, "a")
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic(), together():
        fail()
    with transaction.atomic(), together():
        hand(write, "b")
    assert written == [["b"]]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_without_a_deed_to_write_it_in() -> None:
    with pytest.raises(RuntimeError, match="without the deed"), together():
        pass
