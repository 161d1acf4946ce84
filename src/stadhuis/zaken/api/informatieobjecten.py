"""Zaakinformatieobjecten: which documents belong to a zaak. Source: zrc-003, 004, 005, 017."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from stadhuis.kit import outside
from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.time import now
from stadhuis.zaken import actions
from stadhuis.zaken.actions.pieces import add_piece, change_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    ADD,
    BAD_URL,
    BIJWERKEN_OR_FORCED,
    REMOVE,
    WRONG_KIND,
    KnownZaak,
    done,
    problem_of,
    sent,
    stored,
    unchanged,
    zaak_at,
    zaak_locked,
    zaak_with,
)
from stadhuis.zaken.api.reads import document_at, fits_zaaktype
from stadhuis.zaken.models import Status, Zaakinformatieobject
from stadhuis.zaken.resource import CATALOGI, DOCUMENTEN, LEZEN, STATUS, ZAAKINFORMATIEOBJECT
from stadhuis.zaken.shapes import ZaakInformatieObjectBody, ZaakInformatieObjectQuery

API.reads(
    ZAAKINFORMATIEOBJECT, scopes=LEZEN, query=ZaakInformatieObjectQuery, name="zaakinformatieobject", in_pages=False
)
_MISMATCH = "Dit soort document hoort niet bij het zaaktype van deze zaak."


@API.endpoint("POST", "/zaakinformatieobjecten", scopes=ADD, takes=ZaakInformatieObjectBody, gives=ZAAKINFORMATIEOBJECT)
def zaakinformatieobject_create(request: ApiRequest, body: ZaakInformatieObjectBody) -> Answer:
    """Add a document to a zaak; the register of documents knows it at once (zrc-005)."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, ADD, faults, by=by)
    document_id = _document_at(body.informatieobject, known, faults)
    status_id = _status_at(body.status, known.id if known else None, faults)
    if faults or known is None:
        raise Invalid(faults)
    with zaak_locked(known, ADD, by=by) as zaak:
        if document_id is None:
            row = Zaakinformatieobject(
                zaak=zaak, informatieobject_url=body.informatieobject, titel=body.titel, beschrijving=body.beschrijving,
                vernietigingsdatum=body.vernietigingsdatum, status_id=status_id, registratiedatum=now(),
            )  # fmt: skip
            uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        else:
            uuid = actions.link_document(
                zaak.pk, document_id, titel=body.titel, beschrijving=body.beschrijving, status_id=status_id,
                vernietigingsdatum=body.vernietigingsdatum, by=by.actor, force=zaak.is_closed, reason=request.toelichting,
            )  # fmt: skip
        return done(ZAAKINFORMATIEOBJECT, uuid, zaak).created()


def _document_at(url: str, known: KnownZaak | None, faults: list[Fault]) -> int | None:
    """Return the document of ours that an address names, None for one elsewhere, or add what is wrong. Source: zrc-003, 017."""
    uuid = uuid_in(url, DOCUMENTEN, "enkelvoudiginformatieobjecten")
    if uuid is not None:
        found = document_at(uuid)
        if found is None:
            faults.append(Fault("informatieobject", "bad-url", BAD_URL))
            return None
        if known is not None and not fits_zaaktype(known.zaaktype_id, found.informatieobjecttype):
            faults.append(Fault(NON_FIELD, "missing-zaaktype-informatieobjecttype-relation", _MISMATCH))
        return found.id
    if own_path(url) is not None:
        faults.append(Fault("informatieobject", *problem_of(url)))
        return None
    _check_elsewhere(url, known, faults)
    return None


def _check_elsewhere(url: str, known: KnownZaak | None, faults: list[Fault]) -> None:
    try:
        document = outside.fetch_json(url)
    except outside.NotJson:
        faults.append(Fault("informatieobject", "invalid-resource", WRONG_KIND))
        return
    except outside.OutsideError:
        faults.append(Fault("informatieobject", "bad-url", BAD_URL))
        return
    kind = document.get("informatieobjecttype") if isinstance(document, dict) else None
    if not isinstance(kind, str):
        faults.append(Fault("informatieobject", "invalid-resource", WRONG_KIND))
        return
    uuid = uuid_in(kind, CATALOGI, "informatieobjecttypen")
    if known is not None and not (uuid and fits_zaaktype(known.zaaktype_id, uuid)):
        faults.append(Fault(NON_FIELD, "missing-zaaktype-informatieobjecttype-relation", _MISMATCH))


def _status_at(url: str | None, zaak_id: int | None, faults: list[Fault]) -> int | None:
    """Return the status of the same zaak that an address names, or add what is wrong. Source: BEHAVIOUR 8.2."""
    if url is None:
        return None
    uuid = STATUS.uuid_of(url)
    row = Status.objects.filter(uuid=uuid).values_list("pk", "zaak_id").first() if uuid else None
    if row is None:
        faults.append(Fault("status", "no_match", "Deze status is er niet."))
    elif zaak_id is not None and row[1] != zaak_id:
        faults.append(Fault("status", "zaak-status-mismatch", "Deze status hoort bij een andere zaak."))
    else:
        return int(row[0])
    return None


def _row(uuid: UUID, *, locked: bool = False) -> Zaakinformatieobject:
    rows = Zaakinformatieobject.objects.filter(uuid=uuid)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise NotFound
    return row


def _change(request: ApiRequest, body: ZaakInformatieObjectBody, uuid: UUID, *, is_partial: bool) -> Answer:
    by = request.caller
    found = _row(uuid)
    known = zaak_with(found.zaak_id, BIJWERKEN_OR_FORCED, by=by)
    given = sent(body, is_partial=is_partial)
    faults: list[Fault] = []
    fixed = {"zaak": "zaak", "informatieobject": "informatieobject"}
    unchanged(body, given, stored(ZAAKINFORMATIEOBJECT, uuid), fixed, faults)
    columns: dict[str, Any] = body.values(given & {"titel", "beschrijving", "vernietigingsdatum"})
    if "status" in given:
        columns["status_id"] = _status_at(body.status, known.id, faults)
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = _row(uuid, locked=True)
        if columns:
            change_piece(zaak, row, columns, by=by.actor, is_partial=is_partial, reason=request.toelichting)
        return done(ZAAKINFORMATIEOBJECT, uuid, zaak).changed()


@API.endpoint(
    "PUT", "/zaakinformatieobjecten/{uuid}", scopes=BIJWERKEN_OR_FORCED, takes=ZaakInformatieObjectBody,
    gives=ZAAKINFORMATIEOBJECT,
)  # fmt: skip
def zaakinformatieobject_update(request: ApiRequest, body: ZaakInformatieObjectBody, uuid: UUID) -> Answer:
    """Replace what is said about a document in a zaak; zaak and document stay (zrc-004)."""
    return _change(request, body, uuid, is_partial=False)


@API.endpoint(
    "PATCH", "/zaakinformatieobjecten/{uuid}", scopes=BIJWERKEN_OR_FORCED, takes=ZaakInformatieObjectBody,
    is_partial=True, gives=ZAAKINFORMATIEOBJECT,
)  # fmt: skip
def zaakinformatieobject_partial_update(request: ApiRequest, body: ZaakInformatieObjectBody, uuid: UUID) -> Answer:
    """Change what is said about a document in a zaak; zaak and document stay (zrc-004)."""
    return _change(request, body, uuid, is_partial=True)


@API.endpoint("DELETE", "/zaakinformatieobjecten/{uuid}", scopes=REMOVE)
def zaakinformatieobject_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take a document off a zaak; the document itself stays (zrc-005)."""
    by = request.caller
    known = zaak_with(_row(uuid).zaak_id, REMOVE, by=by)
    with zaak_locked(known, REMOVE, by=by) as zaak:
        row = _row(uuid, locked=True)
        if row.document_id is None:
            remove_piece(zaak, row, by=by.actor, reason=request.toelichting)
        else:
            actions.unlink_document(
                zaak.pk, row.document_id, by=by.actor, force=zaak.is_closed, reason=request.toelichting
            )
    return Answer(204)
