"""The generated OpenAPI document beside the prescribed one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from stadhuis.kit.api.testing import ApiClient, body_of, prescribed_document, unargued
from stadhuis.zaken.api import API

ARGUED = Path(__file__).parent / "argued_differences.txt"
PRESCRIBED = "zaken-1.7.0.yaml"


def test_the_paths_we_have_are_described_as_the_standard_describes_them() -> None:
    differences, gone = unargued(API, prescribed_document(PRESCRIBED), ARGUED)
    assert differences == []
    assert gone == []


def test_every_path_of_the_standard_is_there_and_none_is_ours_alone() -> None:
    assert set(API.operations) == set(prescribed_document(PRESCRIBED)["paths"])


@pytest.mark.django_db
def test_the_document_is_served_as_json_and_as_yaml_without_a_token() -> None:
    anyone = ApiClient(API.root, headers={"Accept": "*/*"})
    document = body_of(anyone.get("openapi.json"))
    assert document["info"]["version"] == "1.7.0"
    assert document["servers"] == [{"url": "http://localhost:8000/zaken/api/v1"}]
    assert yaml.safe_load(anyone.get("openapi.yaml").content) == document
    assert anyone.send("POST", "openapi.json").status_code == 405
