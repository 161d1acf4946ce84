"""How many statements a call costs, whose processor time is most of its own: fewer is progress, more is a reason to look."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from stadhuis.catalogi import public as catalogi
from stadhuis.kit.api.testing import ApiClient, body_of
from stadhuis.notificaties.models import Abonnement, AbonnementKanaal
from stadhuis.zaken.tests.api.givens import given_zaak, status_body, zaak_body

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


@pytest.fixture
def zaak(api: ApiClient, zaaktype: Zaaktype) -> dict[str, Any]:
    """A zaak with a person, and a subscriber who is told of everything; what is read once per process has been read."""
    AbonnementKanaal.objects.create(
        abonnement=Abonnement.objects.create(callback_url="http://localhost:9/", auth=b""), naam="zaken", filters={}
    )
    made = given_zaak(api, zaaktype)
    roltype = next(one for one in zaaktype.roltypen if one.omschrijving_generiek == "initiator")
    person = {"inpBsn": "999990184", "geslachtsnaam": "Verhagen"}
    rol = {"zaak": made["url"], "roltype": roltype.url, "betrokkeneType": "natuurlijk_persoon", "roltoelichting": "x"}
    body_of(api.post("rollen", {**rol, "betrokkeneIdentificatie": person}), 201)
    body_of(api.get(made["url"]))
    body_of(api.patch(made["url"], {"toelichting": "eerst"}))
    return made


def count(call: Callable[[], HttpResponse], status: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        body_of(call(), status)
    return sum(not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", query["sql"]) for query in asked.captured_queries)


def test_one_zaak_takes_who_calls_its_bucket_the_zaak_whose_data_and_one_for_log_and_ledger(
    api: ApiClient, zaak: dict[str, Any]
) -> None:
    assert count(lambda: api.get(zaak["url"]), 200) == 5


def test_a_change_of_what_refers_to_nothing_takes_one_statement_per_thing_that_must_be_known_or_kept(
    api: ApiClient, zaak: dict[str, Any]
) -> None:
    assert count(lambda: api.patch(zaak["url"], {"toelichting": "anders"}), 200) == 20


def test_a_new_zaak_takes_no_more_than_this(api: ApiClient, zaak: dict[str, Any], zaaktype: Zaaktype) -> None:
    assert count(lambda: api.post("zaken", zaak_body(zaaktype)), 201) == 24


def test_a_status_takes_no_more_than_this(api: ApiClient, zaak: dict[str, Any], zaaktype: Zaaktype) -> None:
    body = status_body(zaak, zaaktype.statustypen[0])
    assert count(lambda: api.post("statussen", body), 201) == 20
