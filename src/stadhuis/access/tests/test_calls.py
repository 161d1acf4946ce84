"""How the calls of an application are noted at the door, and what an administrator reads about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from joserfc import jws
from joserfc.jwk import OctKey

from stadhuis.access import calls
from stadhuis.access import public as access
from stadhuis.access.models import LastCall

pytestmark = pytest.mark.django_db
SECRET = "geheim-van-de-formulieren-0123456789"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZAKEN = "/zaken/api/v1/zaken"
READS = access.AutorisatieData("zrc", ("zaken.lezen",), "*", max_level=8)


@pytest.fixture(autouse=True)
def applicatie() -> int:
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        return access.create_applicatie("Formulieren", ["formulieren"], SECRET, autorisaties=[READS])


def token(at: datetime = NOON, *, secret: str = SECRET, **changes: Any) -> str:
    claims = {"iss": "x", "iat": int(at.timestamp()), "client_id": "formulieren", **changes}
    key = OctKey.import_key(secret.encode())
    return jws.serialize_compact({"alg": "HS256"}, json.dumps(claims), key, algorithms=["HS256"])


def call(given: str, *, path: str = ZAKEN, method: str = "get", at: datetime = NOON) -> int:
    with time_machine.travel(at, tick=False):
        sent = {"Authorization": f"Bearer {given}"} if given else {}
        return int(getattr(Client(), method)(path, headers={"Accept-Crs": "EPSG:4326", **sent}).status_code)


def noted(client_id: str = "formulieren") -> LastCall:
    return LastCall.objects.get(pk=client_id)


def test_a_call_that_is_answered_is_noted_with_its_operation_and_status() -> None:
    assert call(token()) == 200
    row = noted()
    assert (row.operation, row.status, row.answered_at, row.failed_at) == ("GET zaken/api/v1/zaken", 200, NOON, None)


def test_a_call_that_is_not_allowed_is_noted_with_the_code_of_its_error() -> None:
    assert call(token(), path="/besluiten/api/v1/besluiten") == 403
    assert (noted().failed_status, noted().failed_code) == (403, "permission_denied")
    assert call(token(), path="/catalogi/api/v1/zaaktypen") == 200
    assert (noted().operation, noted().status) == ("GET catalogi/api/v1/zaaktypen", 200)


def test_a_success_is_noted_once_a_minute_and_an_error_beside_it() -> None:
    call(token())
    call(token(), at=NOON + timedelta(seconds=59))
    assert noted().answered_at == NOON
    call(token(), path="/zaken/api/v1/zaken/0b1f0b2c-0000-4000-8000-000000000000", at=NOON + timedelta(seconds=1))
    assert (noted().failed_status, noted().failed_at) == (404, NOON + timedelta(seconds=1))
    assert noted().failed_operation == "GET zaken/api/v1/zaken/{uuid}", "no address of an object is kept"
    assert (noted().status, noted().answered_at) == (200, NOON)
    call(token(), at=NOON + timedelta(seconds=4))
    assert noted().answered_at == NOON
    call(token(), at=NOON + timedelta(seconds=5))
    assert noted().answered_at == NOON + timedelta(seconds=5), "after an error a success is told sooner"
    call(token(), at=NOON + timedelta(seconds=65))
    assert noted().answered_at == NOON + timedelta(seconds=65)


@pytest.mark.parametrize(
    ("status", "answered", "failed", "is_news"),
    [
        (200, None, None, True), (200, 59, None, False), (201, 59, 70, False), (200, 60, None, True), (200, 30, 10, True),
        (200, 4, 3, False), (404, None, None, True), (404, 1, None, True), (404, 90, 4, False), (500, 1, 5, True),
    ],
)  # fmt: skip
def test_what_is_news(status: int, answered: int | None, failed: int | None, is_news: bool) -> None:
    ago = [None if seconds is None else NOON - timedelta(seconds=seconds) for seconds in (answered, failed)]
    assert calls.is_news(status, NOON, *ago) is is_news


def test_a_call_that_is_no_news_costs_no_statement_more() -> None:
    call(token())
    with CaptureQueriesContext(connection) as statements:
        call(token())
    assert [one["sql"] for one in statements if "INSERT INTO access_lastcall" in one["sql"]] == []


@pytest.mark.parametrize(
    ("given", "code", "age"),
    [
        (token(secret="een-ander-geheim-van-vierendertig-tekens"), "invalid-jwt-signature", None),
        (token(NOON - timedelta(hours=2)), "jwt-expired", 7200),
        (token(NOON + timedelta(minutes=9)), "jwt-expired", -540),
        (token(iat=None), "jwt-missing-iat-claim", None),
        (token(iat=-(10**300)), "jwt-expired", 100 * 366 * 86400),
    ],
)
def test_a_token_that_is_refused_is_noted_with_what_is_wrong(given: str, code: str, age: int | None) -> None:
    assert call(given) == 403
    row = noted()
    assert (row.refused_code, row.refused_age, row.refused_at, row.answered_at) == (code, age, NOON, None)


def test_what_went_well_before_a_refusal_stays_known() -> None:
    call(token())
    call(token(secret="een-ander-geheim-van-vierendertig-tekens"), at=NOON + timedelta(minutes=2))
    assert (noted().status, noted().refused_at) == (200, NOON + timedelta(minutes=2))


def test_tokens_of_nobody_are_kept_for_a_day_and_never_more_than_fifty_client_ids() -> None:
    for number in range(60):
        call(token(client_id=f"typefout-{number}"))
    call("")
    call("geen.jwt")
    assert LastCall.objects.filter(refused_code=calls.UNKNOWN).count() == calls.MOST_UNKNOWN
    assert noted("").refused_code == "jwt-decode-error"
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        shown = access.refused_strangers(limit=60)
    assert {one.client_id for one in shown} == {"", *(f"typefout-{number}" for number in range(calls.MOST_UNKNOWN))}
    call(token())
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        assert access.refused_strangers() == []
        assert calls.sweep() == calls.MOST_UNKNOWN + 1
    assert noted().status == 200


@pytest.mark.parametrize("client_id", ["x" * 51, "nul\x00", 7, ["formulieren"]])
def test_a_client_id_that_is_none_is_noted_as_none(client_id: object) -> None:
    assert call(token(client_id=client_id)) == 403
    assert noted("").refused_code == calls.UNKNOWN
    assert LastCall.objects.count() == 1


def test_a_trial_of_our_own_is_answered_but_is_no_call_of_the_application() -> None:
    with time_machine.travel(NOON, tick=False):
        given = access.token_to_try("formulieren")
    assert given is not None
    assert call(given) == 200
    assert not LastCall.objects.exists()
    assert access.secrets_of("formulieren")[0].last_used_at is None


@pytest.mark.parametrize("mark", [True, "", "00" * 32, "é"])
def test_nobody_hides_the_use_of_a_secret_behind_a_mark_of_a_trial_that_is_not_ours(mark: object) -> None:
    assert call(token(stadhuis_trial=mark)) == 200
    assert noted().status == 200
    assert access.secrets_of("formulieren")[0].last_used_at == NOON


def test_without_a_secret_there_is_no_token_to_try() -> None:
    access.drop_secret("formulieren", slot=1)
    assert access.token_to_try("formulieren") is None
    assert access.token_to_try("onbekend") is None


def test_the_newest_secret_is_the_one_that_is_tried() -> None:
    with time_machine.travel(NOON, tick=False):
        access.set_secret("formulieren", "een-tweede-geheim-van-vierendertig-tek", slot=2)
        given = access.token_to_try("formulieren")
    access.drop_secret("formulieren", slot=1)
    assert call(given or "") == 200


def test_the_list_of_applications_is_one_statement_and_finds_by_name_and_client_id() -> None:
    for number in range(60):
        access.create_applicatie(f"Taak {number:02}", [f"taak-{number}", f"tweede-{number}"], SECRET, True)
    call(token())
    with CaptureQueriesContext(connection) as statements:
        first = access.applications()
    assert len(statements) == 1
    assert (first.total, first.pages, len(first.lines)) == (61, 2, 50)
    assert [one.label for one in access.applications(page=2).lines][-1] == "Taak 59"
    assert access.applications(page=9).lines == []
    assert [one.label for one in access.applications(words=" TWEEDE-7 ").lines] == ["Taak 07"]
    (found,) = access.applications(words="formu").lines
    assert (found.client_ids, found.secrets, found.last_used_at, found.last_status) == (("formulieren",), 1, NOON, 200)
    assert access.applications(words="%_").total == 0


def test_when_all_goes_well_the_noting_survives_that_the_note_cannot_be_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_lastcall RENAME COLUMN operation TO was_operation")
    assert call(token()) == 200
