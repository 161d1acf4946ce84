"""The operations of the Zaken API. Source: the standard's OpenAPI file, Zaken API 1.7.0; rules zrc-001 to zrc-029."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.documenten import public as documenten
from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest, page_answer, seen
from stadhuis.kit.api.errors import NON_FIELD, Invalid, NotFound
from stadhuis.kit.api.resource import Guard, Resource
from stadhuis.kit.api.shapes import ChoiceField, integer, list_of, text
from stadhuis.zaken.api import deeds, search
from stadhuis.zaken.errors import ZakenError
from stadhuis.zaken.processing import log_exchange, log_opened, mask_of
from stadhuis.zaken.resource import LEZEN, ROOT, ZAAK
from stadhuis.zaken.shapes import SIGNED_ORDERINGS, ZaakBody, ZaakFilter, ZaakZoek

AANMAKEN: Final = ("zaken.aanmaken",)
BIJWERKEN: Final = ("zaken.bijwerken", "zaken.geforceerd-bijwerken")
VERWIJDEREN: Final = ("zaken.verwijderen",)
AUDITTRAILS: Final = ("audittrails.lezen",)

API: Final = Api(
    name="zaken",
    title="Zaken API",
    version="1.7.0",
    root=ROOT,
    component="zrc",
    enter=access.enter,
    room_error=(ZakenError, documenten.DocumentenError),
    logs_use=log_exchange,
    opened=log_opened,
    masks=mask_of,
    left_out=("objectIdentificatie",),
)


class ZaakQuery(ZaakFilter):
    """Query parameters of the list of zaken."""

    expand: str = text(default="", max_length=2000, schema={"maxLength": None})
    ordering: list[str] = list_of(ChoiceField(SIGNED_ORDERINGS), most=len(SIGNED_ORDERINGS))
    page: int = integer(default=1)


API.reads(ZAAK, scopes=LEZEN, query=ZaakQuery, with_crs=True, name="zaak")


@API.endpoint("POST", "/zaken", scopes=AANMAKEN, takes=ZaakBody, gives=ZAAK, with_crs=True)
def zaak_create(request: ApiRequest, body: ZaakBody) -> Answer:
    """Make a zaak."""
    made = deeds.create_zaak(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(ZAAK, made.uuid, made.text)


@API.endpoint("PUT", "/zaken/{uuid}", scopes=BIJWERKEN, takes=ZaakBody, gives=ZAAK, with_crs=True)
def zaak_update(request: ApiRequest, body: ZaakBody, uuid: UUID) -> Answer:
    """Replace a zaak: what is left out falls back to its default."""
    return Answer(
        200,
        deeds.change_zaak(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting),
        shows=(uuid,),
    )


@API.endpoint("PATCH", "/zaken/{uuid}", scopes=BIJWERKEN, takes=ZaakBody, is_partial=True, gives=ZAAK, with_crs=True)
def zaak_partial_update(request: ApiRequest, body: ZaakBody, uuid: UUID) -> Answer:
    """Change what is sent, and nothing else."""
    return Answer(
        200,
        deeds.change_zaak(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting),
        shows=(uuid,),
    )


@API.endpoint("DELETE", "/zaken/{uuid}", scopes=VERWIJDEREN, with_crs=True)
def zaak_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove a zaak with all that hangs on it (zrc-023)."""
    deeds.delete_zaak(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)


@API.endpoint(
    "POST", "/zaken/_zoek", scopes=LEZEN, takes=ZaakZoek, query=search.ZoekQuery, gives=openapi.Paginated(ZAAK),
    with_crs=True, name="zaak__zoek",
)  # fmt: skip
def zaak_zoek(request: ApiRequest, body: ZaakZoek) -> Answer:
    """Search, with everything the list can be narrowed by, within an area, and with a choice of fields."""
    if not body.given:
        raise Invalid.of(NON_FIELD, "empty_search_body", "Geef minstens een zoekvraag.")
    expand = body.expand or request.query.expand
    if "fields_" in body.given and expand:
        raise Invalid.of(NON_FIELD, "fields-and-expand", "Gebruik fields of expand, niet allebei (zrc-029).")
    node = ZAAK.selection(body.fields_) if "fields_" in body.given else ZAAK.expansion(expand)
    return page_answer(
        ZAAK, request, query=request.query, filters=search.within(body, seen_by=request.caller), node=node
    )


# -- Audit trail -------------------------------------------------------------------------------------------------------
_TRAIL_GUARD: Final = Resource(
    name="zaak-trail",
    root=ROOT,
    path="zaken",
    table="zaken_zaak",
    columns={"uuid": "{z}.uuid"},
    guard=Guard("zaak", AUDITTRAILS),
)


@API.endpoint(
    "GET", "/zaken/{zaak_uuid}/audittrail", scopes=AUDITTRAILS, gives=openapi.Plain(audit.AuditTrailBody, is_list=True),
    name="audittrail_list", statuses=(401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def audittrail_list(request: ApiRequest, zaak_uuid: UUID) -> Answer:
    """Everything that was done with a zaak through an API or by staff, oldest first."""
    seen(_TRAIL_GUARD.one(zaak_uuid, seen_by=request.caller))
    return Answer.of([audit.trail_json(line, ZAAK) for line in audit.trail_of(zaak_uuid)], shows=(zaak_uuid,))


@API.endpoint(
    "GET", "/zaken/{zaak_uuid}/audittrail/{uuid}", scopes=AUDITTRAILS, gives=openapi.Plain(audit.AuditTrailBody),
    name="audittrail_retrieve",
)  # fmt: skip
def audittrail_retrieve(request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """One line of the trail."""
    seen(_TRAIL_GUARD.one(zaak_uuid, seen_by=request.caller))
    line = audit.trail_line(zaak_uuid, uuid)
    if line is None:
        raise NotFound
    return Answer.of(audit.trail_json(line, ZAAK), shows=(zaak_uuid,))
