"""What people's requests need is not done for programs, and nothing of one request is left for the next."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from stadhuis.kit.programs import is_for_programs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "is_api"),
    [
        ("/zaken/api/v1/zaken", True), ("/webhooks/api/v1/autorisaties", True), ("/zaken/api/v1", False), ("/", False),
        ("/werkplek/zaken/api/v1/", False), ("/ZAKEN/api/v1/zaken", False), ("//zaken/api/v1/", False), ("/api/v1/", False),
    ],
)  # fmt: skip
def test_only_the_roots_of_apis_are_for_programs(path: str, is_api: bool) -> None:
    assert is_for_programs(path) is is_api


def test_when_a_person_asked_in_english_then_a_program_is_answered_in_the_language_of_the_town() -> None:
    client = Client()
    client.get("/", headers={"Accept-Language": "en"})
    assert translation.get_language() == "en"
    client.get("/zaken/api/v1/zaken", headers={"Accept-Language": "en"})
    assert translation.get_language() == "nl"


def test_when_a_program_sends_cookies_then_they_mean_nothing() -> None:
    client = Client()
    client.cookies["sessionid"] = client.cookies["stadhuis_taal"] = "x" * 200
    answer = client.get("/zaken/api/v1/zaken")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert "Vary" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_when_an_address_only_looks_like_an_api_then_it_is_not_found_and_nothing_breaks(method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True, raise_request_exception=False), method)("/onbekend/api/v1/iets")
    assert answer.status_code == 404


def test_when_a_form_of_people_is_sent_without_its_token_then_it_is_refused_as_ever() -> None:
    assert Client(enforce_csrf_checks=True).post("/inloggen/", {"x": "y"}).status_code in {403, 404}
