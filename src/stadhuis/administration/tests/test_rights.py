"""The scopes and sets that the form of rights offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from stadhuis.access import public as access
from stadhuis.administration import rights


def _apis(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Any]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from _apis(pattern.url_patterns)
        elif hasattr(pattern.callback, "api"):
            yield pattern.callback.api


def test_every_scope_that_an_operation_asks_can_be_given() -> None:
    apis = {api.component: api for api in _apis() if api.component}
    assert {"zrc", "ztc", "drc", "brc", "nrc"} <= set(apis)
    asked = {
        (component, scope)
        for component, api in apis.items()
        for operations in api.operations.values()
        for operation in operations.values()
        for scope in operation.scopes
    }
    known = {(component, scope) for component, scopes in access.SCOPES_OF_COMPONENT.items() for scope in scopes}
    # Who reads zaken or documents reads the catalogue too, with the scope of those. Source: ztc-014.
    assert asked - known == {("ztc", "zaken.lezen"), ("ztc", "documenten.lezen")}


def test_every_set_holds_known_scopes_and_reading_is_the_smallest() -> None:
    for component in rights.COMPONENTS:
        assert set(component.words) >= set(component.sets)
        for name, scopes in component.sets.items():
            assert set(scopes) <= set(access.SCOPES_OF_COMPONENT[component.code])
            assert set(component.sets[rights.READ]) <= set(scopes), name
