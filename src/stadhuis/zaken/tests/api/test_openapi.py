"""The generated OpenAPI document beside the prescribed one."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stadhuis.kit.api import openapi
from stadhuis.kit.api.testing import ApiClient, body_of
from stadhuis.zaken.api import API

ARGUED = Path(__file__).parent / "argued_differences.txt"
FOLDER = os.environ.get("STADHUIS_STANDARDS", "")


@pytest.fixture
def prescribed() -> dict[str, Any]:
    """The standard's own document; it lies outside the repository."""
    if not FOLDER:
        pytest.skip("STADHUIS_STANDARDS is not set: the comparison with the prescribed OpenAPI is skipped")
    document: dict[str, Any] = yaml.safe_load((Path(FOLDER) / "zaken-1.7.0.yaml").read_text(encoding="utf-8"))
    return document


def test_the_paths_we_have_are_described_as_the_standard_describes_them(prescribed: dict[str, Any]) -> None:
    # given
    lines = ARGUED.read_text(encoding="utf-8").splitlines()
    argued = [re.compile(line) for line in lines if line and not line.startswith("#")]
    # when
    found = openapi.differences(openapi.document(API, "https://x.example"), prescribed, paths=sorted(API.operations))
    # then
    assert [line for line in found if not any(pattern.search(line) for pattern in argued)] == []
    assert all(any(pattern.search(line) for line in found) for pattern in argued), "an argued difference is gone"


def test_no_path_is_ours_alone(prescribed: dict[str, Any]) -> None:
    assert set(API.operations) <= set(prescribed["paths"])


@pytest.mark.django_db
def test_the_document_is_served_as_json_and_as_yaml_without_a_token() -> None:
    anyone = ApiClient(API.root, headers={"Accept": "*/*"})
    document = body_of(anyone.get("openapi.json"))
    assert document["info"]["version"] == "1.7.0"
    assert document["servers"] == [{"url": "http://localhost:8000/zaken/api/v1"}]
    assert yaml.safe_load(anyone.get("openapi.yaml").content) == document
    assert anyone.send("POST", "openapi.json").status_code == 405
