"""Whom a zaak can be given to: those who may handle it, asked of all of them at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.casework.tests.givens import given_application, given_town
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
HANDLES = access.GrantData("zaak.behandelen", max_level=8)


def _seen(by: Actor, zaak: zaken.ZaakRecord) -> tuple[int, list[int]]:
    """Return how many statements the page took, and to whom the zaak can be given."""
    browser = Client()
    given_session(browser, by)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(reverse("workplace:zaak", args=[zaak.uuid]))
    assert answer.status_code == 200
    return len(queries), sorted(int(key) for key, _ in answer.context["collegas"] if key)


def test_the_page_of_a_zaak_takes_as_many_statements_for_few_and_for_many_colleagues() -> None:
    # given
    zaak = given_application(given_town())
    divider = given_staff(
        *(access.GrantData(name, max_level=8) for name in ("zaak.lezen", "zaak.verdelen")), username="vera"
    )
    _seen(divider, zaak)
    few, before = _seen(divider, zaak)
    # when
    handlers = [given_staff(HANDLES, username=f"collega{number}").pk for number in range(8)]
    given_staff(access.GrantData("zaak.lezen", max_level=8), username="leest-alleen")
    given_staff(access.GrantData("zaak.behandelen", max_level=1), username="te-laag")
    many, after = _seen(divider, zaak)
    # then
    assert many == few
    assert set(after) - set(before) == set(handlers)
