"""What every endpoint shares: tokens, headers, methods, and bodies that mean harm."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.catalogi import public as catalogi
from stadhuis.kit.api import endpoint
from stadhuis.kit.api.testing import ApiClient, body_of, faults, token
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.shapes import ZaakBody, ZaakFilter
from stadhuis.zaken.tests.api.givens import SECRET, given_applicatie, given_zaak, zaak_body

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


def is_problem(answer: Any, status: int, code: str) -> bool:
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["API-version"] == "1.7.0"
    assert set(body) >= {"type", "code", "title", "status", "detail", "instance"}
    return (answer.status_code, body["status"], body["code"]) == (status, status, code)


# -- Tokens -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "not_authenticated"),
        ("Bearer", "jwt-decode-error"),
        ("Bearer x.y.z", "jwt-decode-error"),
        ("Bearer " + "a" * 100_000, "jwt-decode-error"),
        ("Bearer " + token("onbekend", SECRET), "invalid-client-identifier"),
        ("Bearer " + token("alles", SECRET, client_id=None), "missing-client-identifier"),
        ("Bearer " + token("alles", "een-ander-geheim-van-minstens-32-tekens"), "invalid-jwt-signature"),
        ("Bearer " + token("alles", SECRET, iat=None), "jwt-missing-iat-claim"),
        ("Bearer " + token("alles", SECRET, iat=int(time.time()) - 7200), "jwt-expired"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJjbGllbnRfaWQiOiJhbGxlcyJ9.", "invalid-jwt-signature"),
    ],
)
def test_when_a_token_is_not_good_then_the_answer_is_403_with_its_code(
    api: ApiClient, authorization: str | None, code: str
) -> None:
    answer = api.send("GET", "zaken", headers={"Authorization": authorization})
    assert is_problem(answer, 403, code) or (authorization == "Bearer" and is_problem(answer, 403, "not_authenticated"))


def test_when_a_scope_is_missing_then_the_answer_is_403(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    reader = given_applicatie("lezer", scopes=("zaken.lezen",), ref=zaaktype.ref)
    assert is_problem(reader.post("zaken", zaak_body(zaaktype)), 403, "permission_denied")
    for method in ("PUT", "PATCH", "DELETE"):
        assert is_problem(reader.send(method, zaak["url"], {}), 403, "permission_denied")


# -- Methods, paths, headers -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "", "nergens", "zaken/", "zaken/1", "zaken/_zoek/", "zaken//", "zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d",
        "zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d/", "zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d/audittrail",
        "zaken/%00", "zaken/..%2f", "zaken/0d6b2c0e7a1e4d519c5b3e1f1a2b3c4d", "stappen?x=%ff",
    ],
)  # fmt: skip
def test_when_there_is_nothing_at_an_address_then_the_answer_is_a_problem_of_404(api: ApiClient, path: str) -> None:
    assert is_problem(api.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "zaken", "GET, HEAD, POST"),
        ("DELETE", "zaken", "GET, HEAD, POST"),
        ("GET", "zaken/_zoek", "POST"),
        ("POST", "zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "DELETE, GET, HEAD, PATCH, PUT"),
        ("OPTIONS", "zaken", "GET, HEAD, POST"),
        ("TRACE", "zaken", "GET, HEAD, POST"),
        ("DELETE", "zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d/audittrail", "GET, HEAD"),
    ],
)
def test_when_a_method_is_not_in_the_standard_then_the_answer_is_405(
    api: ApiClient, method: str, path: str, allowed: str
) -> None:
    answer = api.send(method, path)
    assert is_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == allowed


def test_when_the_coordinate_system_is_missing_or_another_then_the_standard_says_how(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    assert is_problem(api.send("GET", zaak["url"], headers={"Accept-Crs": None}), 412, "precondition_failed")
    assert api.send("GET", zaak["url"], headers={"Content-Crs": None}).status_code == 200
    for name in ("Accept-Crs", "Content-Crs"):
        assert is_problem(api.send("PATCH", zaak["url"], {}, headers={name: None}), 412, "precondition_failed")
        assert is_problem(api.send("PATCH", zaak["url"], {}, headers={name: "EPSG:28992"}), 406, "not_acceptable")
    assert api.send("DELETE", zaak["url"], headers={"Accept-Crs": None, "Content-Crs": None}).status_code == 204


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.5", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
    ],
)
def test_when_a_media_type_is_asked_then_only_json_is_given(api: ApiClient, accept: str, status: int) -> None:
    assert api.send("GET", "zaken", headers={"Accept": accept}).status_code == status


def test_when_the_media_type_of_a_body_is_not_json_then_the_answer_is_415(api: ApiClient, zaaktype: Zaaktype) -> None:
    body = json.dumps(zaak_body(zaaktype)).encode()
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
    ):
        answer = api.send("POST", "zaken", raw=body, headers={"Content-Type": kind})
        assert is_problem(answer, 415, "unsupported_media_type"), kind
    made = api.send("POST", "zaken", raw=body, headers={"Content-Type": "application/json; charset=UTF-8"})
    assert made.status_code == 201


def test_when_a_body_is_too_large_then_the_answer_is_413(api: ApiClient) -> None:
    answer = api.send("POST", "zaken", raw=b'{"omschrijving": "' + b"x" * 3_000_000 + b'"}')
    assert is_problem(answer, 413, "request_entity_too_large")


def test_when_something_breaks_then_the_answer_is_a_problem_that_says_only_its_number(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    # given
    def broken(request: endpoint.ApiRequest) -> endpoint.Answer:
        raise RuntimeError("iets geheims")

    broken_api = endpoint.Api(
        name="stuk", title="Stuk", version="1.7.0", root="zaken/api/v1", component="zrc", enter=_enter
    )
    broken_api.endpoint("GET", "/stuk", scopes=("x",))(broken)
    from django.test import RequestFactory

    # when
    answer = broken_api.view(RequestFactory().get("/zaken/api/v1/stuk"), "stuk")
    # then
    assert is_problem(answer, 500, "error")
    assert b"geheims" not in answer.content
    instance = json.loads(answer.content)["instance"]
    assert any(getattr(record, "instance", "") == instance for record in caplog.records)


def _enter(authorization: str) -> Any:
    from stadhuis.kit.api.gate import Everyone

    return Everyone()


# -- Bodies that mean harm ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "raw",
    [
        b" ", b"{", b"[]", b"null", b'"x"', b"7", b"\xff\xfe{}", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000, b'{"a":' * 5000,
        b'{"zaakgeometrie": ' + b"[" * 60 + b"]" * 60 + b"}", b'{"a": ' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}", b"{'a': 1}",
    ],
)  # fmt: skip
def test_when_a_body_is_no_json_object_then_the_answer_is_400(api: ApiClient, raw: bytes) -> None:
    assert set(faults(api.send("POST", "zaken", raw=raw))) == {"nonFieldErrors"}


def test_when_a_key_stands_twice_then_it_is_named_with_all_other_faults(api: ApiClient) -> None:
    raw = b'{"omschrijving": "een", "omschrijving": "twee", "kenmerken": [{"bron": "a", "bron": "b", "kenmerk": ""}]}'
    found = faults(api.send("POST", "zaken", raw=raw))
    assert found["omschrijving"] == "duplicate-key"
    assert found["kenmerken.0.bron"] == "duplicate-key"
    assert found["kenmerken.0.kenmerk"] == "blank"
    assert found["zaaktype"] == "required"


def test_when_text_cannot_be_stored_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    raw = (
        json.dumps(zaak_body(zaaktype, omschrijving="NUL", toelichting="LONE"))
        .replace("NUL", r"\u0000")
        .replace("LONE", r"\ud800")
    )
    assert faults(api.send("POST", "zaken", raw=raw.encode())) == {
        "omschrijving": "null_characters_not_allowed",
        "toelichting": "surrogate_characters_not_allowed",
    }


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(["", " ", "\x00", "\ud800", "0000-00-00", "9999-12-31", "P1Y", "P999999999Y", "2026-03-02", "24:00", "https://x.example",
                       "http://[::1", "http://localhost:8000/zaken/api/v1/zaken/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "807287684", "openbaar"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12) | st.sampled_from(["type", "coordinates", "url", "duur"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
_QUIET = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_QUIET
@given(
    body=st.dictionaries(st.sampled_from(sorted(ZaakBody.keys)), _VALUES, max_size=12),
    method=st.sampled_from(["POST", "PUT", "PATCH"]),
)
def test_whatever_is_sent_as_a_zaak_the_answer_is_never_5xx(
    api: ApiClient, zaaktype: Zaaktype, body: Any, method: str
) -> None:
    zaak = Zaak.objects.first() or given_zaak(api, zaaktype)
    uuid = zaak["uuid"] if isinstance(zaak, dict) else zaak.uuid
    whole = {**zaak_body(zaaktype), **body}
    answer = api.send(method, "zaken" if method == "POST" else f"zaken/{uuid}", whole)
    assert answer.status_code < 500, answer.content
    json.loads(answer.content.decode("utf-8"))


@_QUIET
@given(
    body=st.dictionaries(
        st.sampled_from([*sorted(ZaakFilter.keys), "fields", "zaakgeometrie", "uuid__in", "expand", "ordering"]),
        _VALUES,
        max_size=4,
    )
)
def test_whatever_is_sought_the_answer_is_never_5xx(api: ApiClient, body: Any) -> None:
    assert api.post("zaken/_zoek", body).status_code < 500


@_QUIET
@given(
    query=st.dictionaries(
        st.sampled_from([*sorted(ZaakFilter.keys), "page", "expand", "ordering"]), st.text(max_size=30), max_size=3
    )
)
def test_whatever_is_asked_in_a_query_the_answer_is_never_5xx(api: ApiClient, query: dict[str, str]) -> None:
    clean = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    assert api.get("zaken", **clean).status_code < 500


@_QUIET
@given(raw=st.binary(max_size=200))
def test_whatever_bytes_are_sent_the_answer_is_never_5xx(api: ApiClient, raw: bytes) -> None:
    assert api.send("POST", "zaken", raw=raw or b" ").status_code == 400


def test_when_a_header_of_the_caller_is_strange_then_the_trail_keeps_what_can_be_read(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    made = body_of(
        api.send("POST", "zaken", zaak_body(zaaktype), headers={"X-Audit-Toelichting": "é\x01" + "x" * 5000}), 201
    )
    line = body_of(api.get(f"{made['url']}/audittrail"))[0]
    assert line["toelichting"].startswith("éxxx")
