"""An application for the tests of the Documenten API, and files in a folder of the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stadhuis.documenten.tests.api.given import given_applicatie
from stadhuis.kit.api.testing import ApiClient


@pytest.fixture
def api(db: None, settings: Any, tmp_path: Path) -> ApiClient:
    """An application with all rights."""
    settings.DATA_DIR = tmp_path
    return given_applicatie()
