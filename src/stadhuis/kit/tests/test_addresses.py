"""Addresses of many rows are those that ``reverse`` gives."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from stadhuis.kit.pages import addresses


def test_every_row_gets_the_address_that_reverse_gives() -> None:
    zaak = uuid4()
    document = addresses.per_row("workplace:document", zaak)
    fact = addresses.per_row("workplace:fact", zaak)
    for own in (uuid4(), uuid4()):
        assert document(own) == reverse("workplace:document", args=[zaak, own])
    for key in ("inkomen", "a b", "é", "50%", "vraag:1"):
        assert fact(key) == reverse("workplace:fact", args=[zaak, key])


def test_an_unknown_route_is_said_at_once() -> None:
    with pytest.raises(NoReverseMatch):
        addresses.per_row("workplace:nowhere", uuid4())
