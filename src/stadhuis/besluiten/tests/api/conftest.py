"""An application and a zaaktype for the tests of the Besluiten API."""

from __future__ import annotations

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient
from stadhuis.zaken.tests.api.conftest import elsewhere
from stadhuis.zaken.tests.api.givens import SECRET, given_applicatie

__all__ = ["elsewhere"]
ROOT = "besluiten/api/v1"


@pytest.fixture
def zaaktype(db: None) -> catalogi.ZaaktypeRecord:
    """A published zaaktype that leads to a Vergunning, laid down in a Besluit."""
    return given_zaaktype()


@pytest.fixture
def zaken_api(db: None) -> ApiClient:
    """An application with all rights, at the door of the Zaken API."""
    return given_applicatie()


@pytest.fixture
def api(zaken_api: ApiClient) -> ApiClient:
    """The same application, at the door of the Besluiten API."""
    return ApiClient(ROOT, "alles", SECRET)
