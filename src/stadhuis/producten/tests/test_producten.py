"""What one can find among the products."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from stadhuis.producten import public as producten


@pytest.mark.parametrize(
    "words", ["corona", "ZZP", "self-employed loan", "Inkomensondersteuning", "bijstand zelfstandigen"]
)
def test_the_tozo_is_found_by_the_words_people_use(words: str) -> None:
    assert "tozo" in [product.slug for product in producten.search(words)]


def test_a_word_that_nothing_has_finds_nothing() -> None:
    assert producten.search("zeppelin") == []


def test_no_words_give_everything() -> None:
    assert producten.search("  ") == list(producten.products())


def test_an_unknown_product_is_said_to_be_unknown() -> None:
    with pytest.raises(producten.ProductUnknown):
        producten.product("zeppelin")


def test_every_product_is_said_in_dutch_and_english() -> None:
    for product in producten.products():
        texts = (product.name, product.summary, product.result, product.costs, *product.conditions, *product.need)
        assert all(text.nl and text.en for text in texts), product.slug


@pytest.mark.skipif("STADHUIS_STANDARDS" not in os.environ, reason="the prescribed lists are not on this machine")
def test_every_product_has_a_name_of_the_uniforme_productnamenlijst() -> None:
    with (Path(os.environ["STADHUIS_STANDARDS"]) / "upl-actueel-2025-04-30.csv").open(encoding="utf-8") as file:
        names = {row["UniformeProductnaam"]: row["URI"] for row in csv.DictReader(file)}
    for product in producten.products():
        assert names.get(product.upl) == product.upl_uri, product.slug
