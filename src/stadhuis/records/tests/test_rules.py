"""How far two words are apart; the rules of keeping and of words are tested through the spine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stadhuis.records.rules import distance, folded

WORDS = st.text(alphabet="abc", max_size=8)


def by_the_book(one: str, other: str) -> int:
    """Optimal string alignment, the whole table."""
    table = [
        [row + column if not row * column else 0 for column in range(len(other) + 1)] for row in range(len(one) + 1)
    ]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            found = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (one[row - 1] != other[column - 1]),
            )
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                found = min(found, table[row - 2][column - 2] + 1)
            table[row][column] = found
    return table[-1][-1]


@given(WORDS, WORDS, st.integers(min_value=0, max_value=8))
def test_the_distance_is_that_of_the_book_and_above_the_most_it_is_only_more(one: str, other: str, most: int) -> None:
    true, found = by_the_book(one, other), distance(one, other, at_most=most)
    assert found == true if true <= most else found > most


def test_text_is_folded_whether_or_not_it_has_accents() -> None:
    assert (folded("Bijstand\x00 A"), folded("Café\x00 Ĳ")) == ("bijstand  a", "cafe  ij")
