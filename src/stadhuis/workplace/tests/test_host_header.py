"""A Host header of somebody's own choice is refused, and stands in nothing that we send."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stadhuis.kit import mail
from stadhuis.messages.models import OutboundMail
from stadhuis.messages.sending import _text
from stadhuis.messages.tests.test_messages import given_resident
from stadhuis.people.tests.given import given_session

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
LOCATIONS = ("/", "/mijn/", "/werkplek/", "/mijn/mail/", "/inloggen/", "/zaken/api/v1/zaken")


@pytest.fixture(autouse=True)
def _one_host(settings: Any) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://stadhuis.example", ["stadhuis.example"]


@pytest.mark.parametrize("host", [EVIL, "stadhuis.example.evil.example", "stadhuis.example@evil.example", "stadhuis.example:80@evil.example", "127.0.0.1", "", "[::1]", "stadhuis.example\t"])  # fmt: skip
@pytest.mark.parametrize("path", LOCATIONS)
def test_another_host_is_refused_and_not_repeated(host: str, path: str) -> None:
    answer = Client().get(path, headers={"host": host})
    assert answer.status_code in {400, 403}
    assert EVIL not in answer.content.decode() + str(answer.headers)


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Rewrite-URL"])
@pytest.mark.parametrize("path", LOCATIONS)
def test_a_header_beside_the_host_changes_no_address(header: str, path: str) -> None:
    value = f"host={EVIL}" if header == "Forwarded" else EVIL
    answer = Client().get(path, headers={"host": "stadhuis.example", header: value})
    assert answer.status_code != 400
    assert EVIL not in answer.content.decode() + str(answer.headers)


def test_the_addresses_in_a_mail_are_those_of_the_settings() -> None:
    # given: a resident whose browser claims another host beside the right one
    resident = given_resident()
    browser = Client()
    given_session(browser, resident)
    answer = browser.post(
        "/mijn/mail/", {"emailadres": "noor@example.org"}, secure=True,
        headers={"host": "stadhuis.example", "X-Forwarded-Host": EVIL, "referer": "https://stadhuis.example/mijn/mail/"},
    )  # fmt: skip
    assert answer.status_code == 302
    # then
    text = _text(OutboundMail.objects.get())
    assert "https://stadhuis.example/mijn/mail/" in text["text"]
    assert EVIL not in str(text)
    composed = mail.compose(to_address="a@example.org", message_id=uuid4(), **text)
    assert EVIL not in composed.as_string()
