"""Whatever is sent, the answer is one of the standard, and never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.documenten import shapes
from stadhuis.documenten.models import Document
from stadhuis.documenten.tests.api.given import document_body, given_document, given_lock
from stadhuis.documenten.tests.api.test_parts import gebruiksrechten_body, verzending_body
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.api.testing import ApiClient, faults

pytestmark = pytest.mark.django_db
PATH = "enkelvoudiginformatieobjecten"
_TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "0000-01-01", "9999-12-31", "2026-02-30", "2026-03-02T00:00:00Z", "https://x.example/1", "QQ==",
         "http://169.254.169.254/", "dut", "zaak", "afzender", "a" * 2000, "\u202e", "'; DROP TABLE documenten_document; --"]
    ),
)  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


def _bodies(shape: type[Shape]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(shape.keys)), _VALUES, max_size=6)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (PATH, shapes.EnkelvoudigInformatieObjectCreateLockRequestBody),
        (f"{PATH}/_zoek", shapes.EIOZoekRequestBody),
        ("gebruiksrechten", shapes.GebruiksrechtenRequestBody),
        ("objectinformatieobjecten", shapes.ObjectInformatieObjectRequestBody),
        ("verzendingen", shapes.VerzendingRequestBody),
    ],
)
def test_when_a_body_is_anything_then_the_answer_is_one_of_the_standard(
    api: ApiClient, path: str, shape: type[Shape]
) -> None:
    document = given_document(api)
    valid = {
        PATH: document_body(),
        f"{PATH}/_zoek": {"uuid__in": [document["url"][-36:]]},
        "gebruiksrechten": gebruiksrechten_body(document),
        "objectinformatieobjecten": {
            "informatieobject": document["url"],
            "object": document["url"],
            "objectType": "zaak",
        },
        "verzendingen": verzending_body(document),
    }[path]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(_bodies(shape), st.booleans())
    def send(body: dict[str, Any], is_filled: bool) -> None:
        sent = json.dumps({**valid, **body} if is_filled else body).encode()
        answer = api.send("POST", path, raw=sent)
        assert answer.status_code in (200, 201, 400, 404), answer.content
        assert b"DROP TABLE" not in answer.content or answer.status_code in (200, 201)

    send()


def test_when_a_day_is_an_empty_text_then_it_is_a_fault(api: ApiClient) -> None:
    document = given_document(api)
    empty = {"creatiedatum": "", "ontvangstdatum": "", "verzenddatum": ""}
    assert faults(api.post(PATH, document_body(**empty))) == {
        "creatiedatum": "invalid", "ontvangstdatum": "invalid", "verzenddatum": "invalid",
    }  # fmt: skip
    rights = gebruiksrechten_body(document, einddatum="")
    assert faults(api.post("gebruiksrechten", rights)) == {"einddatum": "invalid"}
    sent = verzending_body(document, verzenddatum="", ontvangstdatum=" ")
    assert faults(api.post("verzendingen", sent)) == {"verzenddatum": "invalid", "ontvangstdatum": "invalid"}


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_bodies(shapes.EnkelvoudigInformatieObjectWithLockRequestBody))
def test_when_a_change_is_anything_then_the_answer_is_one_of_the_standard(api: ApiClient, body: dict[str, Any]) -> None:
    row = Document.objects.first()
    if row is None:
        given_lock(api, given_document(api))
        row = Document.objects.get()
    answer = api.send("PATCH", f"{PATH}/{row.uuid}", raw=json.dumps({**body, "lock": row.lock}).encode())
    assert answer.status_code in (200, 400), answer.content


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999", "page=x", "page=1&page=2", "expand=" + ",".join("informatieobjecttype" for _ in range(300)),
        "identificatie=%00", "identificatie=%ff", "trefwoorden=%00", "objectinformatieobjecten_object=%ed%a0%80", "__class__=1",
        "objectinformatieobjecten_objectType=kat", "versie=1", "&".join(f"x{n}=1" for n in range(2000)), "expand=informatieobjecttype." * 50,
        "bronorganisatie=" + "1" * 5000, "object=", "object=urn:x:1", "object=HTTP://elders.example/1", "informatieobject=urn:x:1",
        "informatieobject=", "objectinformatieobjecten_object=urn:x:1", "objectinformatieobjecten_object=",
    ],
)  # fmt: skip
def test_when_a_query_is_anything_then_the_answer_is_one_of_the_standard(api: ApiClient, query: str) -> None:
    for path in (PATH, "gebruiksrechten", "objectinformatieobjecten", "verzendingen"):
        answer = api.get(f"{path}?{query}")
        assert answer.status_code in (200, 400, 404)
        assert answer["Content-Type"] in ("application/json", "application/problem+json")


@pytest.mark.parametrize("query", ["versie=-1", "versie=0", "registratieOp=0000-01-01T00:00:00Z", "registratieOp=1e9", "versie=1&versie=1", "versie=", "registratieOp="])  # fmt: skip
def test_when_a_version_is_anything_then_the_answer_is_one_of_the_standard(api: ApiClient, query: str) -> None:
    document = given_document(api)
    for address in (document["url"], f"{document['url']}/download"):
        assert api.get(f"{address}?{query}").status_code in (400, 404), query


def test_when_a_parameter_is_not_in_the_standard_then_it_is_refused_everywhere(api: ApiClient) -> None:
    document = given_document(api)
    for address in (
        PATH,
        document["url"],
        f"{document['url']}/download",
        f"{document['url']}/audittrail",
        "verzendingen",
    ):
        assert faults(api.get(address, pageSize=5)) == {"nonFieldErrors": "unknown-parameters"}
    assert faults(api.send("POST", f"{PATH}?x=1", document_body())) == {"nonFieldErrors": "unknown-parameters"}
