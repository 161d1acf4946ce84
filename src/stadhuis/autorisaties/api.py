"""The operations of the Autorisaties API. Source: the standard's OpenAPI file, Autorisaties API 1.1.0; rules ac-001 to ac-003."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.autorisaties import deeds
from stadhuis.autorisaties.resource import APPLICATIE, ROOT
from stadhuis.autorisaties.shapes import ApplicatieBody, ApplicatieQuery, ConsumerQuery
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest
from stadhuis.kit.api.errors import NotFound

LEZEN: Final = ("autorisaties.lezen",)
BIJWERKEN: Final = ("autorisaties.bijwerken",)

API: Final = Api(
    name="autorisaties",
    title="Autorisaties API",
    version="1.1.0",
    root=ROOT,
    component="ac",
    enter=access.enter,
    with_audit_headers=False,
)

API.reads(
    APPLICATIE, scopes=LEZEN, query=ApplicatieQuery, name="applicatie", one_name="applicatie_read", cacheable=False
)


@API.endpoint(
    "GET", "/applicaties/consumer", scopes=LEZEN, query=ConsumerQuery, gives=APPLICATIE, cacheable=False,
    statuses=(400, 401, 403, 404, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def applicatie_consumer(request: ApiRequest) -> Answer:
    """The application of a client id. One object, as the prose and practice have it (BEHAVIOUR 12)."""
    found = APPLICATIE.all(seen_by=request.caller, fixed={"client_ids": [request.query.client_id]})
    if not found.count:
        raise NotFound
    return Answer(200, found.results[1:-1])


@API.endpoint("POST", "/applicaties", scopes=BIJWERKEN, takes=ApplicatieBody, gives=APPLICATIE)
def applicatie_create(request: ApiRequest, body: ApplicatieBody) -> Answer:
    """Register an application with its rights."""
    made = deeds.create_applicatie(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(APPLICATIE, made.uuid, made.text)


@API.endpoint("PUT", "/applicaties/{uuid}", scopes=BIJWERKEN, takes=ApplicatieBody, gives=APPLICATIE)
def applicatie_update(request: ApiRequest, body: ApplicatieBody, uuid: UUID) -> Answer:
    """Replace an application."""
    return Answer(
        200,
        deeds.change_applicatie(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting),
    )


@API.endpoint("PATCH", "/applicaties/{uuid}", scopes=BIJWERKEN, takes=ApplicatieBody, is_partial=True, gives=APPLICATIE)
def applicatie_partial_update(request: ApiRequest, body: ApplicatieBody, uuid: UUID) -> Answer:
    """Change what is sent of an application; a list of rights replaces the whole set."""
    return Answer(
        200,
        deeds.change_applicatie(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting),
    )


@API.endpoint("DELETE", "/applicaties/{uuid}", scopes=BIJWERKEN)
def applicatie_delete(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove an application with its rights."""
    deeds.delete_applicatie(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)
