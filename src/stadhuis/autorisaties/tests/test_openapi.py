"""The generated OpenAPI documents beside the prescribed ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from stadhuis.autorisaties import webhook
from stadhuis.autorisaties.api import API
from stadhuis.kit.api.testing import prescribed_document, unargued

FOLDER = Path(__file__).parent


def test_every_operation_is_described_as_the_standard_describes_it() -> None:
    assert unargued(API, prescribed_document("autorisaties-1.1.0.yaml"), FOLDER / "argued_differences.txt") == ([], [])


def test_the_operations_are_those_of_the_standard_and_no_more() -> None:
    theirs = {
        (path, method.upper())
        for path, operations in prescribed_document("autorisaties-1.1.0.yaml")["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert {(path, method) for path, methods in API.operations.items() for method in methods} == theirs


def test_the_webhook_is_described_as_the_standard_describes_a_consumer() -> None:
    prescribed = prescribed_document("notificaties-consumer-1.0.0-rc1.yaml")
    prescribed["paths"] = {"/autorisaties": prescribed["paths"]["/{webhooks_path}"]}
    assert unargued(webhook.API, prescribed, FOLDER / "argued_webhook.txt") == ([], [])


@pytest.mark.django_db
def test_the_documents_are_served_to_everybody() -> None:
    browser = Client()
    document = json.loads(browser.get("/autorisaties/api/v1/openapi.json").content)
    assert (document["info"]["title"], document["info"]["version"]) == ("Autorisaties API", "1.1.0")
    assert browser.get("/autorisaties/api/v1/openapi.yaml").status_code == 200
    assert b"/applicaties/consumer" in browser.get("/autorisaties/api/v1/openapi.html").content
