"""The generated OpenAPI document of the Documenten API beside the prescribed one."""

from __future__ import annotations

from html.parser import HTMLParser
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


class _Reader(HTMLParser):
    """What a browser would find in a page: ids, links and text, with every element closed."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


@pytest.mark.django_db
def test_the_page_for_people_shows_every_operation_and_every_link_in_it_leads_somewhere() -> None:
    answer = ApiClient(API.root, headers={"Accept": "text/html"}).get("openapi.html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = _Reader()
    page.feed(answer.content.decode())
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    for path, operations in API.operations.items():
        assert path in page.text
        assert {operation.name for operation in operations.values()} <= set(page.ids)
    inside = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)
    assert set(page.links) - {f"#{name}" for name in inside} == {"openapi.json", "openapi.yaml"}
    assert "documenten.geforceerd-unlock" in page.text
