"""Zaakeigenschappen: values of the properties of a zaak, below its address. Source: zrc-018; BEHAVIOUR 8.2."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.catalogi import public as catalogi
from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import Fault, Invalid, NotFound
from stadhuis.zaken.actions.pieces import add_piece, change_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    BIJWERKEN_OR_FORCED,
    KnownZaak,
    done,
    nested_list,
    nested_one,
    sent,
    stored,
    type_at,
    unchanged,
    zaak_in_path,
    zaak_locked,
)
from stadhuis.zaken.models import Zaakeigenschap
from stadhuis.zaken.resource import LEZEN, ZAAK, ZAAKEIGENSCHAP
from stadhuis.zaken.rules import breach_of
from stadhuis.zaken.shapes import EigenschapBody

_LIST: Final = "/zaken/{zaak_uuid}/zaakeigenschappen"
_ONE: Final = _LIST + "/{uuid}"


@API.endpoint(
    "GET", _LIST, scopes=LEZEN, gives=openapi.Listed(ZAAKEIGENSCHAP), name="zaakeigenschap_list",
    statuses=(401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def zaakeigenschap_list(request: ApiRequest, zaak_uuid: UUID) -> Answer:
    """All properties of a zaak."""
    return nested_list(ZAAKEIGENSCHAP, request, zaak_uuid)


@API.endpoint("GET", _ONE, scopes=LEZEN, gives=ZAAKEIGENSCHAP, name="zaakeigenschap_retrieve")
def zaakeigenschap_retrieve(request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """One property of a zaak."""
    return nested_one(ZAAKEIGENSCHAP, request, zaak_uuid, uuid)


@API.endpoint(
    "POST", _LIST, scopes=BIJWERKEN_OR_FORCED, takes=EigenschapBody, gives=ZAAKEIGENSCHAP, more_headers=("X-Warning",),
    statuses=(400, 401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def zaakeigenschap_create(request: ApiRequest, body: EigenschapBody, zaak_uuid: UUID) -> Answer:
    """Give a property a value; one that breaks its specification is kept, and the answer warns."""
    by = request.caller
    known = zaak_in_path(zaak_uuid, BIJWERKEN_OR_FORCED, by=by)
    faults: list[Fault] = []
    _check_zaak(body, zaak_uuid, faults)
    found = type_at(body.eigenschap, "eigenschappen", "catalogi_eigenschap", "eigenschap", known, faults)
    if faults or found is None:
        raise Invalid(faults)
    eigenschap = _eigenschap(known, found[0])
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = Zaakeigenschap(zaak=zaak, eigenschap_id=eigenschap.id, naam=eigenschap.naam, waarde=body.waarde)
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        warning = breach_of(
            body.waarde, formaat=eigenschap.formaat, lengte=eigenschap.lengte, values=eigenschap.waardenverzameling
        )
        return done(ZAAKEIGENSCHAP, uuid, zaak, url=_url(zaak_uuid, uuid), warning=warning).created()


def _url(zaak_uuid: UUID, uuid: UUID) -> str:
    return f"{ZAAK.url(zaak_uuid)}/zaakeigenschappen/{uuid}"


def _check_zaak(body: EigenschapBody, zaak_uuid: UUID, faults: list[Fault]) -> None:
    if ZAAK.uuid_of(body.zaak) != zaak_uuid:
        faults.append(Fault("zaak", "no_match", "Dit is niet de zaak van dit adres."))


def _eigenschap(known: KnownZaak, eigenschap_id: int) -> catalogi.EigenschapRecord:
    for eigenschap in catalogi.zaaktype_by_id(known.zaaktype_id).eigenschappen:
        if eigenschap.id == eigenschap_id:
            return eigenschap
    raise NotFound


def _row(uuid: UUID, zaak_id: int, *, locked: bool = False) -> Zaakeigenschap:
    rows = Zaakeigenschap.objects.filter(uuid=uuid, zaak_id=zaak_id)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise NotFound
    return row


def _change(request: ApiRequest, body: EigenschapBody, zaak_uuid: UUID, uuid: UUID, *, is_partial: bool) -> Answer:
    by = request.caller
    known = zaak_in_path(zaak_uuid, BIJWERKEN_OR_FORCED, by=by)
    _row(uuid, known.id)
    given = sent(body, is_partial=is_partial)
    faults: list[Fault] = []
    fixed = {"zaak": "zaak", "eigenschap": "eigenschap"}
    unchanged(body, given, stored(ZAAKEIGENSCHAP, uuid), fixed, faults)
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = _row(uuid, known.id, locked=True)
        if "waarde" in given:
            columns = {"waarde": body.waarde}
            change_piece(zaak, row, columns, by=by.actor, is_partial=is_partial, reason=request.toelichting)
        return done(ZAAKEIGENSCHAP, uuid, zaak).changed()


@API.endpoint(
    "PUT", _ONE, scopes=BIJWERKEN_OR_FORCED, takes=EigenschapBody, gives=ZAAKEIGENSCHAP, with_audit_headers=False
)
def zaakeigenschap_update(request: ApiRequest, body: EigenschapBody, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """Replace the value; the rest does not change."""
    return _change(request, body, zaak_uuid, uuid, is_partial=False)


@API.endpoint(
    "PATCH", _ONE, scopes=BIJWERKEN_OR_FORCED, takes=EigenschapBody, is_partial=True, gives=ZAAKEIGENSCHAP,
    with_audit_headers=False,
)  # fmt: skip
def zaakeigenschap_partial_update(request: ApiRequest, body: EigenschapBody, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """Change the value; the rest does not change."""
    return _change(request, body, zaak_uuid, uuid, is_partial=True)


@API.endpoint("DELETE", _ONE, scopes=BIJWERKEN_OR_FORCED, with_audit_headers=False)
def zaakeigenschap_destroy(request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """Take a value away."""
    by = request.caller
    known = zaak_in_path(zaak_uuid, BIJWERKEN_OR_FORCED, by=by)
    _row(uuid, known.id)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        remove_piece(zaak, _row(uuid, known.id, locked=True), by=by.actor, reason=request.toelichting)
    return Answer(204)
