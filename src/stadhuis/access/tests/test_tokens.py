"""The token of an application. Source: ZGW BEHAVIOUR section 3."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.access import public as access

pytestmark = pytest.mark.django_db
SECRET = "geheim-van-de-formulieren-0123456789"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def applicatie() -> int:
    return access.create_applicatie("Formulieren", ["formulieren"], SECRET, True)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(secret: str = SECRET, header: dict[str, Any] | None = None, **changes: Any) -> str:
    base = {
        "iss": "formulieren",
        "iat": int(NOON.timestamp()),
        "client_id": "formulieren",
        "user_id": "u1",
        "user_representation": "Anna",
    }
    payload = {name: value for name, value in (base | changes).items() if value is not None}
    head = f"{part(header or {'typ': 'JWT', 'alg': 'HS256'})}.{part(payload)}"
    signature = hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def code_of(given: str) -> str:
    with time_machine.travel(NOON, tick=False), pytest.raises(access.NotAuthenticated) as error:
        access.authenticate(given)
    return error.value.code


def test_a_good_token_says_which_application_and_which_user(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with time_machine.travel(NOON, tick=False):
        access.authenticate(token())  # the first use of a secret in ten minutes is written down
        with django_assert_num_queries(1):
            found = access.authenticate(f"Bearer {token()}")
    assert (found.actor.kind, found.actor.key, found.applicatie.label) == (
        "applicatie",
        "applicatie:formulieren",
        "Formulieren",
    )
    assert (found.actor.user_id, found.actor.user_label) == ("u1", "Anna")
    assert "Anna" not in repr(found.actor)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "not_authenticated"),
        ("Bearer ", "jwt-decode-error"),
        ("geen.token", "jwt-decode-error"),
        ("a.b.c", "jwt-decode-error"),
        (f"{part({'alg': 'HS256'})}.{part([1])}.x", "jwt-decode-error"),
        (f"{part({'alg': 'HS256'})}.{base64.urlsafe_b64encode(b'[' * 3000).decode()}.x", "jwt-decode-error"),
        ("x" * 9000 + ".a.b", "jwt-decode-error"),
        (token(client_id=None), "missing-client-identifier"),
        (token(client_id="onbekend"), "invalid-client-identifier"),
        (token(client_id=7), "invalid-client-identifier"),
        (token(client_id="x\x00y"), "invalid-client-identifier"),
        (token(secret="een-ander-geheim-0123456789-0123456789"), "invalid-jwt-signature"),
        (token(header={"typ": "JWT", "alg": "none"}), "invalid-jwt-signature"),
        (token(header={"typ": "JWT", "alg": "HS512"}), "invalid-jwt-signature"),
        (token(header={"typ": "JWT", "alg": "HS256", "crit": ["x"], "x": 1}), "invalid-jwt-signature"),
        (token(iat=None), "jwt-missing-iat-claim"),
        (token(iat="nu"), "jwt-decode-error"),
        (token(iat=True), "jwt-decode-error"),
        (token(iat=int(NOON.timestamp()) - 3661), "jwt-expired"),
        (token(iat=int(NOON.timestamp()) + 301), "jwt-expired"),
    ],
)
def test_a_token_that_does_not_hold_is_refused_with_its_code(given: str, code: str) -> None:
    assert code_of(given) == code


@pytest.mark.parametrize("offset", [-3660, -3600, 0, 300])
def test_a_token_holds_an_hour_and_clocks_may_differ_a_little(offset: int) -> None:
    with time_machine.travel(NOON, tick=False):
        assert access.authenticate(token(iat=int(NOON.timestamp()) + offset)).actor.pk


def test_names_of_their_own_in_the_header_are_left_alone() -> None:
    header = {"typ": "JWT", "alg": "HS256", "client_identifier": "formulieren", "kid": "1"}
    with time_machine.travel(NOON, tick=False):
        assert access.authenticate(token(header=header)).client_id == "formulieren"


def test_a_token_without_signature_is_refused() -> None:
    assert code_of(token().rsplit(".", 1)[0] + ".") == "invalid-jwt-signature"


def test_a_token_with_a_public_key_algorithm_is_refused() -> None:
    key = RSAKey.generate_key(2048)
    payload = json.dumps({"client_id": "formulieren", "iat": int(NOON.timestamp())})
    assert code_of(jws.serialize_compact({"alg": "RS256"}, payload, key)) == "invalid-jwt-signature"


def test_two_secrets_hold_at_once_so_that_one_can_be_changed_without_a_standstill() -> None:
    new = "het-nieuwe-geheim-van-de-formulieren"
    access.set_secret("formulieren", new, slot=2)
    with time_machine.travel(NOON, tick=False):
        assert access.authenticate(token()).actor.pk
        assert access.authenticate(token(secret=new)).actor.pk
    access.drop_secret("formulieren", slot=1)
    assert code_of(token()) == "invalid-jwt-signature"
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert access.authenticate(token(secret=new)).actor.pk


def test_a_user_id_is_cut_to_what_the_audit_trail_takes() -> None:
    with time_machine.travel(NOON, tick=False):
        found = access.authenticate(token(user_id="x" * 300 + "\x00", user_representation=["lijst"]))
    assert len(found.actor.user_id) == 255
    assert found.actor.user_label == ""


def test_a_secret_is_not_in_the_database_in_the_clear() -> None:
    from stadhuis.access.models import ClientSecret

    assert SECRET.encode() not in bytes(ClientSecret.objects.get().cipher)
    assert OctKey.import_key(SECRET)
