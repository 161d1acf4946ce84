"""An application, a catalogue and a selectielijst for the tests of the Catalogi API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stadhuis.catalogi.tests.api.given import catalogus_body, given_applicatie, made, selectielijst, zaaktype_body
from stadhuis.kit.api.testing import ApiClient


@pytest.fixture
def api(db: None) -> ApiClient:
    """An application with all rights."""
    return given_applicatie()


@pytest.fixture
def writer(db: None) -> ApiClient:
    """An application that may read and write, without any force."""
    return given_applicatie("schrijver", scopes=("catalogi.lezen", "catalogi.schrijven"))


@pytest.fixture
def catalogus(api: ApiClient) -> dict[str, Any]:
    """An empty catalogue."""
    return made(api, "catalogussen", catalogus_body())


@pytest.fixture
def zaaktype(api: ApiClient, catalogus: dict[str, Any]) -> dict[str, Any]:
    """A zaaktype that is still a concept."""
    return made(api, "zaaktypen", zaaktype_body(catalogus))


@pytest.fixture
def host(settings: Any) -> Iterator[str]:
    """The address of a selectielijst."""
    with selectielijst(settings) as address:
        yield address
