"""An application and a zaaktype for the tests of the Zaken API."""

from __future__ import annotations

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient
from stadhuis.zaken.tests.api.givens import given_applicatie


@pytest.fixture
def zaaktype(db: None) -> catalogi.ZaaktypeRecord:
    """A published zaaktype of level zaakvertrouwelijk with one product."""
    return given_zaaktype(producten_of_diensten=["https://producten.example/1"])


@pytest.fixture
def api(db: None) -> ApiClient:
    """An application with all rights."""
    return given_applicatie()
