"""Requests made from the generated OpenAPI of every API, good and bad: no 5xx, and every answer as the document says.

Schemathesis makes the requests; half of those that make or change something start from a valid body of ours, of which a part
is replaced, so that they come past the first check. The same requests every time.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.documenten.tests.api import given as documents
from stadhuis.kit.api.endpoint import Api
from stadhuis.kit.api.resource import registered_for
from stadhuis.kit.api.testing import CRS, body_of, token
from stadhuis.workplace.tests.test_every_url import API_ROUTES
from stadhuis.zaken.tests.api.givens import (
    SECRET,
    given_applicatie,
    given_resultaat,
    given_status,
    given_zaak,
    zaak_body,
)
from stadhuis.zaken.tests.api.test_objecten import given_object, object_body
from stadhuis.zaken.tests.api.test_rollen import rol_body, roltype

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
APIS = {api.name: api for api in API_ROUTES.values()}
EXAMPLES = 4
"""Requests per operation, of those the document allows and of those it does not."""
Json = dict[str, Any]


@pytest.fixture
def bodies() -> dict[str, Json]:
    """A zaak with everything and a document, and valid bodies for what can be made."""
    api, zaaktype = given_applicatie(), given_zaaktype()
    zaak = given_zaak(api, zaaktype)
    given_status(api, zaak, zaaktype.statustypen[0])
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    given_object(api, zaak)
    body_of(api.post("rollen", rol_body(zaak, roltype(zaaktype))), 201)
    note = {"gerelateerdAan": zaak["url"], "onderwerp": "x", "tekst": "y"}
    body_of(api.post("zaaknotities", note), 201)
    api.root = documents.ROOT
    document = documents.given_document(api)
    link = {"zaak": zaak["url"], "informatieobject": document["url"]}
    eigenschap = {"zaak": zaak["url"], "eigenschap": zaaktype.eigenschappen[0].url, "waarde": "1-ABC-23"}
    return {
        "/zaken": zaak_body(zaaktype),
        "/zaken/{uuid}": zaak_body(zaaktype),
        "/zaken/{zaak_uuid}/zaakeigenschappen": eigenschap,
        "/statussen": {"zaak": zaak["url"], "statustype": zaaktype.eindstatus.url, "datumStatusGezet": "2026-04-01T10:00:00Z"},
        "/rollen": rol_body(zaak, roltype(zaaktype, "behandelaar")),
        "/zaakobjecten": object_body(zaak, "adres"),
        "/zaaknotities": note,
        "/zaakinformatieobjecten": link,
        "/enkelvoudiginformatieobjecten": documents.document_body(),
        "/enkelvoudiginformatieobjecten/{uuid}": documents.document_body(),
    }  # fmt: skip


@pytest.fixture
def app(bodies: dict[str, Json]) -> Iterator[Any]:
    """The application as a server calls it, within the transaction of the test."""
    with connection.cursor() as cursor:  # making requests takes longer than answering them
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    kept = (signals.request_started, signals.request_finished)
    for signal in kept:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in kept:
        signal.connect(close_old_connections)


def known_uuids(api: Api, template: str) -> dict[str, list[UUID]]:
    """Return for each parameter of a path the uuids of what is there."""
    parts = template.strip("/").split("/")
    found = {}
    for before, part in itertools.pairwise(parts):
        if part.startswith("{"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'uuid'")
                tables = [row[0] for row in cursor.fetchall()]
                resources = [registered_for(table) for table in tables]
                table = next((one.table for one in resources if one and (one.root, one.path) == (api.root, before)), "")
                if table:
                    cursor.execute(f"SELECT uuid FROM {table} ORDER BY id LIMIT 5")
                    found[part.strip("{}")] = [row[0] for row in cursor.fetchall()]
    return {name: uuids for name, uuids in found.items() if uuids}


NOTHING_IS_NULL = {"broncatalogus", "bronzaaktype", "oud", "nieuw"}
"""Objects that the prescribed documents do not call nullable, and that are null where there is nothing: a zaaktype of one's
own has no source, and what is made has no state before it. Whether the field reads them so is still to be asked."""


def may_be_empty(part: Any) -> None:
    """Let, in place, a text in the form of a URI or address be empty, as the standard gives it where there is none."""
    if isinstance(part, dict):
        if part.get("type") == "string" and part.get("format") in {"uri", "email"}:
            part["anyOf"] = [{"format": part.pop("format")}, {"enum": [""]}]
        for name in NOTHING_IS_NULL & set(part):
            if isinstance(part[name], dict) and part[name].get("type") == "object":
                part[name]["nullable"] = True
        part = list(part.values())
    if isinstance(part, list):
        for below in part:
            may_be_empty(below)


def mixed(valid: Json, made: Any, chance: random.Random) -> Json:
    """Return a valid body with one or two of its keys as they were made, or without them."""
    body = dict(valid)
    for key in chance.sample(sorted({*valid, *(made if isinstance(made, dict) else ())}), 2)[: chance.randint(0, 2)]:
        if isinstance(made, dict) and key in made:
            body[key] = made[key]
        else:
            del body[key]
    return body


def tried(api: Api, operation: Any, valid: Json | None, headers: dict[str, str]) -> Callable[[], None]:
    """Return what sends requests of one operation and checks each answer; nothing of them stays."""
    uuids = known_uuids(api, operation.path)
    strategy = operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(
        generation_mode=GenerationMode.NEGATIVE
    )
    chance = random.Random(operation.label)
    checks = [schemathesis.checks.not_a_server_error, response_schema_conformance, content_type_conformance]

    @given(case=strategy)
    @settings(
        max_examples=2 * EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        for name, known in uuids.items():
            if chance.random() < 0.8:
                case.path_parameters[name] = str(chance.choice(known))
        if valid is not None and case.method in {"POST", "PUT", "PATCH"} and chance.random() < 0.6:
            case.body = mixed(valid, case.body, chance)
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=checks)
            transaction.set_rollback(True)

    return ask


@pytest.mark.parametrize("name", sorted(APIS))
def test_when_requests_follow_from_the_document_then_no_answer_is_a_5xx_and_each_is_as_described(
    name: str, app: Any, bodies: dict[str, Json]
) -> None:
    api = APIS[name]
    schema = schemathesis.openapi.from_wsgi(f"/{api.root}/openapi.json", app)
    may_be_empty(schema.raw_schema)
    headers = {**CRS, "Authorization": f"Bearer {token('alles', SECRET)}"}
    wrong, asked = [], 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked += 1
        try:
            tried(api, operation, bodies.get(operation.path), headers)()
        except (Exception, FailureGroup) as error:  # noqa: BLE001  (what is wrong is told together)
            reasons = error.exceptions if isinstance(error, FailureGroup) else [error]
            wrong.append(f"{operation.label}: " + "\n".join(str(reason)[:1000] for reason in reasons))
    assert asked >= sum(len(methods) for methods in api.operations.values())  # HEAD is described as well
    assert not wrong, "\n\n".join(wrong)
