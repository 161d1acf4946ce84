"""The operations of the Documenten API. Source: the standard's OpenAPI file, Documenten API 1.7.1; rules drc-001 to drc-014."""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from django.conf import settings

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.documenten import shapes
from stadhuis.documenten.api import deeds, parts, versions
from stadhuis.documenten.errors import DocumentenError
from stadhuis.documenten.processing import ADDRESSES, log_exchange, log_opened, made_anew, mask_of
from stadhuis.documenten.resource import EIO, GEBRUIKSRECHTEN, LEZEN, OIO, ROOT, VERZENDING, document_uuid
from stadhuis.kit.api import openapi
from stadhuis.kit.api.content import with_content, with_file
from stadhuis.kit.api.download import bytes_answer, file_answer
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest, PageQuery, page_answer
from stadhuis.kit.api.errors import NotFound

AUDITTRAILS: Final = ("audittrails.lezen",)
_STATUSES: Final = (401, 403, 404, 406, 410, 415, 429, 500)

API: Final = Api(
    name="documenten",
    title="Documenten API",
    version="1.7.1",
    root=ROOT,
    component="drc",
    enter=access.enter,
    room_error=DocumentenError,
    logs_use=log_exchange,
    opened=log_opened,
    masks=mask_of,
    left_out=ADDRESSES,
)

# -- Documents -----------------------------------------------------------------------------------------------------------
_CONTENT: Final = with_content("inhoud", most=lambda: settings.DOCUMENT_MAX_BYTES)


@API.endpoint(
    "GET", "/enkelvoudiginformatieobjecten", scopes=LEZEN, query=shapes.EIOQuery, gives=openapi.Paginated(EIO),
    name="enkelvoudiginformatieobject_list",
)  # fmt: skip
def document_list(request: ApiRequest) -> Answer:
    """The newest versions of documents."""
    return page_answer(EIO, request, query=request.query)


@API.endpoint(
    "POST", "/enkelvoudiginformatieobjecten", scopes=deeds.AANMAKEN,
    takes=shapes.EnkelvoudigInformatieObjectCreateLockRequestBody,
    gives=openapi.Plain(shapes.EnkelvoudigInformatieObjectCreateLockBody), name="enkelvoudiginformatieobject_create",
    body=_CONTENT,
)  # fmt: skip
def document_create(request: ApiRequest, body: shapes.EnkelvoudigInformatieObjectCreateLockRequestBody) -> Answer:
    """Make a document."""
    made = deeds.create_document(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(EIO, made.uuid, made.text)


@API.endpoint(
    "GET", "/enkelvoudiginformatieobjecten/{uuid}", scopes=LEZEN, query=shapes.EIOOneQuery, gives=EIO,
    name="enkelvoudiginformatieobject_retrieve",
)  # fmt: skip
def document_retrieve(request: ApiRequest, uuid: UUID) -> Answer:
    """One document: as it is now, or an older version."""
    node = EIO.expansion(request.query.expand)
    text = versions.text_of(uuid, request.query.versie, request.query.registratie_op, seen_by=request.caller, node=node)
    return Answer(200, text, has_etag=True, shows=(uuid,))


@API.endpoint(
    "PUT", "/enkelvoudiginformatieobjecten/{uuid}", scopes=deeds.BIJWERKEN,
    takes=shapes.EnkelvoudigInformatieObjectWithLockRequestBody, gives=EIO, name="enkelvoudiginformatieobject_update",
    body=_CONTENT,
)  # fmt: skip
def document_update(
    request: ApiRequest, body: shapes.EnkelvoudigInformatieObjectWithLockRequestBody, uuid: UUID
) -> Answer:
    """Replace a document by a new version."""
    text = deeds.change_document(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting)
    return Answer(200, text, shows=(uuid,))


@API.endpoint(
    "PATCH", "/enkelvoudiginformatieobjecten/{uuid}", scopes=deeds.BIJWERKEN,
    takes=shapes.EnkelvoudigInformatieObjectWithLockRequestBody, is_partial=True, gives=EIO,
    name="enkelvoudiginformatieobject_partial_update", body=_CONTENT,
)  # fmt: skip
def document_partial_update(
    request: ApiRequest, body: shapes.EnkelvoudigInformatieObjectWithLockRequestBody, uuid: UUID
) -> Answer:
    """Make a new version with what is sent, and the rest as it was."""
    text = deeds.change_document(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
    return Answer(200, text, shows=(uuid,))


@API.endpoint(
    "DELETE", "/enkelvoudiginformatieobjecten/{uuid}", scopes=deeds.VERWIJDEREN,
    name="enkelvoudiginformatieobject_destroy",
)  # fmt: skip
def document_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove a document with all its versions (drc-008)."""
    deeds.delete_document(uuid, by=request.caller)
    return Answer(204)


@API.endpoint(
    "GET", "/enkelvoudiginformatieobjecten/{uuid}/download", scopes=LEZEN, query=shapes.VersionQuery,
    gives=openapi.Bytes(), name="enkelvoudiginformatieobject_download", statuses=_STATUSES,
)  # fmt: skip
def document_download(request: ApiRequest, uuid: UUID) -> Answer:
    """The content of a document, or of an older version of it; what we made ourselves, without a secret address."""
    held = versions.content_of(uuid, request.query.versie, request.query.registratie_op, seen_by=request.caller)
    # What came in place of our own first version is somebody else's, and nobody can rewrite that.
    anew = made_anew(uuid, seen_by=request.caller.actor) if held.versie == 1 else None
    stream = (
        file_answer(request.http, held.file, sha256=held.sha256, name=held.name)
        if anew is None
        else bytes_answer(request.http, anew, name=held.name)
    )
    return Answer(stream=stream, has_etag=True, shows=(uuid,))


@API.endpoint(
    "POST", "/enkelvoudiginformatieobjecten/{uuid}/lock", scopes=deeds.LOCK,
    gives=openapi.Plain(shapes.LockEnkelvoudigInformatieObjectBody), name="enkelvoudiginformatieobject_lock",
    with_audit_headers=False, statuses=(400, *_STATUSES), success=200,
)  # fmt: skip
def document_lock(request: ApiRequest, uuid: UUID) -> Answer:
    """Lock a document for changes (drc-009)."""
    return Answer.of({"lock": deeds.lock_document(uuid, by=request.caller)})


@API.endpoint(
    "POST", "/enkelvoudiginformatieobjecten/{uuid}/unlock", scopes=(*deeds.LOCK, *deeds.FORCED_UNLOCK),
    takes=shapes.UnlockEnkelvoudigInformatieObjectRequestBody, name="enkelvoudiginformatieobject_unlock",
    with_audit_headers=False, statuses=(400, *_STATUSES), success=204,
)  # fmt: skip
def document_unlock(
    request: ApiRequest, body: shapes.UnlockEnkelvoudigInformatieObjectRequestBody, uuid: UUID
) -> Answer:
    """Take the lock off and join the parts that came in (drc-009)."""
    deeds.unlock_document(uuid, lock=body.lock, by=request.caller)
    return Answer(204)


@API.endpoint(
    "POST", "/enkelvoudiginformatieobjecten/_zoek", scopes=LEZEN, takes=shapes.EIOZoekRequestBody, query=PageQuery,
    gives=openapi.Paginated(EIO), name="enkelvoudiginformatieobject__zoek",
)  # fmt: skip
def document_zoek(request: ApiRequest, body: shapes.EIOZoekRequestBody) -> Answer:
    """Search for documents."""
    return page_answer(EIO, request, query=request.query, filters=versions.Zoek(body))


_A_LITTLE_MORE: Final = 64 * 1024
"""A part that is only a little too large is told so; what is larger is not read."""


# -- Parts ---------------------------------------------------------------------------------------------------------------
@API.endpoint(
    "PUT", "/bestandsdelen/{uuid}", scopes=("documenten.bijwerken",), takes=shapes.BestandsDeelRequestBody,
    gives=openapi.Plain(shapes.BestandsDeelResponseBody), name="bestandsdeel_update", with_audit_headers=False,
    body=with_file("inhoud", most=lambda: settings.DOCUMENT_PART_BYTES + _A_LITTLE_MORE),
)  # fmt: skip
def bestandsdeel_update(request: ApiRequest, body: shapes.BestandsDeelRequestBody, uuid: UUID) -> Answer:
    """Take in a part of a large file."""
    return Answer.of(deeds.take_part(uuid, body.inhoud, lock=body.lock, by=request.caller))


def _part(text: str) -> Answer:
    """Return the JSON of something that belongs to a document, and say of which."""
    document = document_uuid(json.loads(text)["informatieobject"])
    return Answer(200, text, shows=(document,) if document else ())


# -- Gebruiksrechten -----------------------------------------------------------------------------------------------------
API.reads(GEBRUIKSRECHTEN, scopes=LEZEN, query=shapes.GebruiksrechtenQuery, name="gebruiksrechten", in_pages=False)


@API.endpoint(
    "POST", "/gebruiksrechten", scopes=deeds.AANMAKEN, takes=shapes.GebruiksrechtenRequestBody, gives=GEBRUIKSRECHTEN
)
def gebruiksrechten_create(request: ApiRequest, body: shapes.GebruiksrechtenRequestBody) -> Answer:
    """Lay conditions of use of a document down (drc-006)."""
    made = parts.create_gebruiksrechten(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(GEBRUIKSRECHTEN, made.uuid, made.text)


@API.endpoint(
    "PUT", "/gebruiksrechten/{uuid}", scopes=parts.BIJWERKEN, takes=shapes.GebruiksrechtenRequestBody,
    gives=GEBRUIKSRECHTEN,
)  # fmt: skip
def gebruiksrechten_update(request: ApiRequest, body: shapes.GebruiksrechtenRequestBody, uuid: UUID) -> Answer:
    """Replace conditions of use."""
    text = parts.change_gebruiksrechten(
        uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting
    )
    return _part(text)


@API.endpoint(
    "PATCH", "/gebruiksrechten/{uuid}", scopes=parts.BIJWERKEN, takes=shapes.GebruiksrechtenRequestBody, is_partial=True,
    gives=GEBRUIKSRECHTEN,
)  # fmt: skip
def gebruiksrechten_partial_update(request: ApiRequest, body: shapes.GebruiksrechtenRequestBody, uuid: UUID) -> Answer:
    """Change what is sent of conditions of use."""
    text = parts.change_gebruiksrechten(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
    return _part(text)


@API.endpoint("DELETE", "/gebruiksrechten/{uuid}", scopes=deeds.VERWIJDEREN)
def gebruiksrechten_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take conditions of use away (drc-006)."""
    parts.delete_gebruiksrechten(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)


# -- Objectinformatieobjecten ----------------------------------------------------------------------------------------------
API.reads(OIO, scopes=LEZEN, query=shapes.ObjectInformatieObjectQuery, name="objectinformatieobject", in_pages=False)


@API.endpoint(
    "POST", "/objectinformatieobjecten", scopes=deeds.AANMAKEN, takes=shapes.ObjectInformatieObjectRequestBody, gives=OIO,
    with_audit_headers=False,
)  # fmt: skip
def objectinformatieobject_create(request: ApiRequest, body: shapes.ObjectInformatieObjectRequestBody) -> Answer:
    """Note that an object has a document, as its own register knows already (drc-004)."""
    made = parts.create_oio(body, by=request.caller)
    return Answer.created(OIO, made.uuid, made.text)


@API.endpoint("DELETE", "/objectinformatieobjecten/{uuid}", scopes=deeds.VERWIJDEREN, with_audit_headers=False)
def objectinformatieobject_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take such a note away (drc-004)."""
    parts.delete_oio(uuid, by=request.caller)
    return Answer(204)


# -- Verzendingen ----------------------------------------------------------------------------------------------------------
API.reads(VERZENDING, scopes=LEZEN, query=shapes.VerzendingQuery, name="verzending")


@API.endpoint(
    "POST", "/verzendingen", scopes=deeds.AANMAKEN, takes=shapes.VerzendingRequestBody, gives=VERZENDING,
    with_audit_headers=False,
)  # fmt: skip
def verzending_create(request: ApiRequest, body: shapes.VerzendingRequestBody) -> Answer:
    """Note from whom a document came or to whom it went."""
    made = parts.create_verzending(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(VERZENDING, made.uuid, made.text)


@API.endpoint(
    "PUT", "/verzendingen/{uuid}", scopes=parts.BIJWERKEN, takes=shapes.VerzendingRequestBody, gives=VERZENDING,
    with_audit_headers=False,
)  # fmt: skip
def verzending_update(request: ApiRequest, body: shapes.VerzendingRequestBody, uuid: UUID) -> Answer:
    """Replace a verzending."""
    text = parts.change_verzending(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting)
    return _part(text)


@API.endpoint(
    "PATCH", "/verzendingen/{uuid}", scopes=parts.BIJWERKEN, takes=shapes.VerzendingRequestBody, is_partial=True,
    gives=VERZENDING, with_audit_headers=False,
)  # fmt: skip
def verzending_partial_update(request: ApiRequest, body: shapes.VerzendingRequestBody, uuid: UUID) -> Answer:
    """Change what is sent of a verzending."""
    text = parts.change_verzending(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
    return _part(text)


@API.endpoint("DELETE", "/verzendingen/{uuid}", scopes=deeds.VERWIJDEREN, with_audit_headers=False)
def verzending_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take a verzending away."""
    parts.delete_verzending(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)


# -- Audit trail ---------------------------------------------------------------------------------------------------------
_TRAIL: Final = "/enkelvoudiginformatieobjecten/{enkelvoudiginformatieobject_uuid}/audittrail"


@API.endpoint(
    "GET", _TRAIL, scopes=AUDITTRAILS, gives=openapi.Plain(audit.AuditTrailBody, is_list=True), name="audittrail_list",
    statuses=(401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def audittrail_list(request: ApiRequest, enkelvoudiginformatieobject_uuid: UUID) -> Answer:
    """Everything that was done with a document through an API or by staff, oldest first."""
    uuid = enkelvoudiginformatieobject_uuid
    deeds.check_may(uuid, AUDITTRAILS, request.caller)
    return Answer.of([audit.trail_json(line, EIO) for line in audit.trail_of(uuid)], shows=(uuid,))


@API.endpoint(
    "GET",
    f"{_TRAIL}/{{uuid}}",
    scopes=AUDITTRAILS,
    gives=openapi.Plain(audit.AuditTrailBody),
    name="audittrail_retrieve",
)
def audittrail_retrieve(request: ApiRequest, enkelvoudiginformatieobject_uuid: UUID, uuid: UUID) -> Answer:
    """One line of the trail."""
    deeds.check_may(enkelvoudiginformatieobject_uuid, AUDITTRAILS, request.caller)
    line = audit.trail_line(enkelvoudiginformatieobject_uuid, uuid)
    if line is None:
        raise NotFound
    return Answer.of(audit.trail_json(line, EIO), shows=(enkelvoudiginformatieobject_uuid,))
