"""The generated OpenAPI document of the Catalogi API beside the prescribed one."""

from __future__ import annotations

from pathlib import Path

from stadhuis.catalogi.api import API
from stadhuis.kit.api.testing import prescribed_document, unargued

ARGUED = Path(__file__).parent / "argued_differences.txt"
PRESCRIBED = "catalogi-1.4.0.yaml"


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
