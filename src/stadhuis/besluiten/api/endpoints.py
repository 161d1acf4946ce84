"""The operations of the Besluiten API. Source: the standard's OpenAPI file, Besluiten API 1.1.0; rules brc-001 to brc-009."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.besluiten.api import deeds
from stadhuis.besluiten.errors import BesluitenError
from stadhuis.besluiten.processing import log_exchange, log_opened, mask_of
from stadhuis.besluiten.resource import BESLUIT, BESLUITINFORMATIEOBJECT, LEZEN, ROOT
from stadhuis.besluiten.shapes import (
    BesluitBody,
    BesluitInformatieObjectBody,
    BesluitInformatieObjectQuery,
    BesluitQuery,
)
from stadhuis.documenten import public as documenten
from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest, seen
from stadhuis.kit.api.errors import NotFound
from stadhuis.kit.api.resource import Guard, Resource
from stadhuis.zaken import public as zaken

AUDITTRAILS: Final = ("audittrails.lezen",)

API: Final = Api(
    name="besluiten",
    title="Besluiten API",
    version="1.1.0",
    root=ROOT,
    component="brc",
    enter=access.enter,
    room_error=(BesluitenError, zaken.ZakenError, documenten.DocumentenError),
    logs_use=log_exchange,
    opened=log_opened,
    masks=mask_of,
)

API.reads(BESLUIT, scopes=LEZEN, query=BesluitQuery, name="besluit", one_name="besluit_read", cacheable=False)
API.reads(
    BESLUITINFORMATIEOBJECT, scopes=LEZEN, query=BesluitInformatieObjectQuery, name="besluitinformatieobject",
    one_name="besluitinformatieobject_read", cacheable=False, in_pages=False,
)  # fmt: skip


@API.endpoint("POST", "/besluiten", scopes=deeds.AANMAKEN, takes=BesluitBody, gives=BESLUIT)
def besluit_create(request: ApiRequest, body: BesluitBody) -> Answer:
    """Record a decision; the zaak it was taken in knows it at once (brc-006)."""
    uuid, text = deeds.create_besluit(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(BESLUIT, uuid, text)


@API.endpoint("PUT", "/besluiten/{uuid}", scopes=deeds.BIJWERKEN, takes=BesluitBody, gives=BESLUIT)
def besluit_update(request: ApiRequest, body: BesluitBody, uuid: UUID) -> Answer:
    """Replace a decision: what is left out falls back to its default."""
    text = deeds.change_besluit(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting)
    return Answer(200, text, shows=(uuid,))


@API.endpoint("PATCH", "/besluiten/{uuid}", scopes=deeds.BIJWERKEN, takes=BesluitBody, is_partial=True, gives=BESLUIT)
def besluit_partial_update(request: ApiRequest, body: BesluitBody, uuid: UUID) -> Answer:
    """Change what is sent, and nothing else."""
    text = deeds.change_besluit(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
    return Answer(200, text, shows=(uuid,))


@API.endpoint("DELETE", "/besluiten/{uuid}", scopes=deeds.VERWIJDEREN, name="besluit_delete")
def besluit_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove a decision with its relations and its trail (brc-009)."""
    deeds.delete_besluit(uuid, by=request.caller)
    return Answer(204)


@API.endpoint(
    "POST", "/besluitinformatieobjecten", scopes=deeds.AANMAKEN, takes=BesluitInformatieObjectBody,
    gives=BESLUITINFORMATIEOBJECT,
)  # fmt: skip
def besluitinformatieobject_create(request: ApiRequest, body: BesluitInformatieObjectBody) -> Answer:
    """Lay a decision down in a document; the register of documents knows it at once (brc-005)."""
    uuid, text, besluit = deeds.link_document(body, by=request.caller, toelichting=request.toelichting)
    headers = {"Location": BESLUITINFORMATIEOBJECT.url(uuid)}
    return Answer(201, text, headers, shows=(besluit,))


@API.endpoint(
    "DELETE", "/besluitinformatieobjecten/{uuid}", scopes=deeds.VERWIJDEREN, name="besluitinformatieobject_delete"
)
def besluitinformatieobject_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take a document off a decision; the document itself stays."""
    deeds.unlink_document(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)


# -- Audit trail -------------------------------------------------------------------------------------------------------
_TRAIL: Final = "/besluiten/{besluit_uuid}/audittrail"
_TRAIL_GUARD: Final = Resource(
    name="besluit-trail",
    root=ROOT,
    path="besluiten",
    table="besluiten_besluit",
    columns={"uuid": "{z}.uuid"},
    guard=Guard("besluit", AUDITTRAILS),
)


@API.endpoint(
    "GET", _TRAIL, scopes=AUDITTRAILS, gives=openapi.Plain(audit.AuditTrailBody, is_list=True), name="audittrail_list",
    statuses=(401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def audittrail_list(request: ApiRequest, besluit_uuid: UUID) -> Answer:
    """Everything that was done with a decision, oldest first."""
    seen(_TRAIL_GUARD.one(besluit_uuid, seen_by=request.caller))
    lines = [audit.trail_json(line, BESLUIT) for line in audit.trail_of(besluit_uuid)]
    return Answer.of(lines, shows=(besluit_uuid,))


@API.endpoint(
    "GET", _TRAIL + "/{uuid}", scopes=AUDITTRAILS, gives=openapi.Plain(audit.AuditTrailBody), name="audittrail_read"
)
def audittrail_retrieve(request: ApiRequest, besluit_uuid: UUID, uuid: UUID) -> Answer:
    """One line of the trail."""
    seen(_TRAIL_GUARD.one(besluit_uuid, seen_by=request.caller))
    line = audit.trail_line(besluit_uuid, uuid)
    if line is None:
        raise NotFound
    return Answer.of(audit.trail_json(line, BESLUIT), shows=(besluit_uuid,))
