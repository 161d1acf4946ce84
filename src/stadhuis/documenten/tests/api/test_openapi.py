"""The generated OpenAPI document of the Documenten API beside the prescribed one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from stadhuis.documenten.api import API
from stadhuis.kit.api.testing import ApiClient, body_of, prescribed_document, unargued

ARGUED = Path(__file__).parent / "argued_differences.txt"
PRESCRIBED = "documenten-1.7.1.yaml"


def test_every_operation_is_described_as_the_standard_describes_it() -> None:
    differences, gone = unargued(API, prescribed_document(PRESCRIBED), ARGUED)
    assert differences == []
    assert gone == []


def test_the_operations_are_those_of_the_standard_and_no_more() -> None:
    theirs = {
        (path, method.upper())
        for path, operations in prescribed_document(PRESCRIBED)["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert {(path, method) for path, methods in API.operations.items() for method in methods} == theirs


@pytest.mark.django_db
def test_the_document_is_served_as_json_and_as_yaml_without_a_token() -> None:
    anyone = ApiClient(API.root, headers={"Accept": "*/*"})
    document = body_of(anyone.get("openapi.json"))
    assert document["info"]["version"] == "1.7.1"
    assert document["servers"] == [{"url": "http://localhost:8000/documenten/api/v1"}]
    assert yaml.safe_load(anyone.get("openapi.yaml").content) == document
