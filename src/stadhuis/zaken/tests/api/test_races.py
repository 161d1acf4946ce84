"""Two clients at the API at the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from stadhuis.catalogi.tests.givens import given_resultaattype_data, given_zaaktype
from stadhuis.kit.api.testing import body_of
from stadhuis.zaken.models import Resultaat, Rol, Status, Zaak, Zaakinformatieobject
from stadhuis.zaken.tests.api.givens import (
    given_applicatie,
    given_resultaat,
    given_zaak,
    status_body,
    zaak_body,
)
from stadhuis.zaken.tests.api.test_informatieobjecten import DOCUMENTS
from stadhuis.zaken.tests.api.test_rollen import rol_body
from stadhuis.zaken.tests.givens import given_document
from stadhuis.zaken.tests.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SCOPES = ("zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen")


def codes(outcomes: list[Any]) -> list[int]:
    assert all(isinstance(outcome, HttpResponse) for outcome in outcomes), outcomes
    return sorted(outcome.status_code for outcome in outcomes)


def test_when_two_clients_close_a_zaak_at_once_then_the_eindstatus_is_set_once() -> None:
    zaaktype = given_zaaktype(resultaattypen=[given_resultaattype_data()])
    api = given_applicatie(scopes=SCOPES, ref=zaaktype.ref)
    zaak = given_zaak(api, zaaktype)
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    moments = (f"2026-03-1{number}T10:00:00Z" for number in range(4))
    bodies = [status_body(zaak, zaaktype.eindstatus, datumStatusGezet=moment) for moment in moments]
    outcomes = at_once(*[lambda body=body: api.post("statussen", body) for body in bodies])
    assert codes(outcomes) == [201, 403, 403, 403]
    status = Status.objects.get()
    assert Zaak.objects.get().einddatum == status.datum_status_gezet.date()


def test_when_one_number_is_sent_by_many_at_once_then_one_zaak_has_it() -> None:
    zaaktype = given_zaaktype()
    api = given_applicatie(scopes=SCOPES, ref=zaaktype.ref)
    outcomes = at_once(*[lambda: api.post("zaken", zaak_body(zaaktype, identificatie="OEV-1"))] * 4)
    assert codes(outcomes) == [201, 400, 400, 400]
    assert Zaak.objects.count() == 1


def test_when_the_same_thing_is_added_by_many_at_once_then_it_is_there_once() -> None:
    zaaktype = given_zaaktype()
    api = given_applicatie(scopes=SCOPES, ref=zaaktype.ref)
    zaak = given_zaak(api, zaaktype)
    initiator = next(one for one in zaaktype.roltypen if one.omschrijving_generiek == "initiator")
    document = {"zaak": zaak["url"], "informatieobject": f"{DOCUMENTS}/{given_document().uuid}"}
    resultaat = {"zaak": zaak["url"], "resultaattype": zaaktype.resultaattypen[0].url}
    for path, body, table in (
        ("resultaten", resultaat, Resultaat),
        ("zaakinformatieobjecten", document, Zaakinformatieobject),
        ("rollen", rol_body(zaak, initiator), Rol),
    ):
        outcomes = at_once(*[lambda path=path, body=body: api.post(path, body)] * 3)
        assert codes(outcomes) == [201, 400, 400], path
        assert table._default_manager.count() == 1


def test_when_a_zaak_is_removed_while_others_add_to_it_then_nothing_breaks() -> None:
    zaaktype = given_zaaktype()
    api = given_applicatie()
    zaak = given_zaak(api, zaaktype)
    note = {"gerelateerdAan": zaak["url"], "onderwerp": "x", "tekst": "y"}
    add_note = lambda: api.post("zaaknotities", note)  # noqa: E731
    add_result = lambda: api.post("resultaten", {"zaak": zaak["url"], "resultaattype": zaaktype.resultaattypen[0].url})  # noqa: E731
    outcomes = at_once(add_note, lambda: api.delete(zaak["url"]), add_result, add_note)
    assert set(codes(outcomes)) <= {201, 204, 400, 404}
    assert outcomes[1].status_code == 204  # type: ignore[attr-defined]
    assert body_of(api.get("zaken"))["count"] == 0
    assert not Resultaat.objects.exists()
