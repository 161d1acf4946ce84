"""Zaaknotities (experimental in the standard) and numbers beforehand. Source: BEHAVIOUR 8.2."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import Fault, Invalid, NotFound
from stadhuis.kit.time import now
from stadhuis.zaken import actions
from stadhuis.zaken.actions.pieces import add_piece, change_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import AANMAKEN, BIJWERKEN, done, sent, zaak_at, zaak_locked, zaak_with
from stadhuis.zaken.models import Zaaknotitie
from stadhuis.zaken.resource import LEZEN, ZAAKNOTITIE
from stadhuis.zaken.shapes import ZaakNotitieQuery, ZaakNotitieRequestBody, ZaaknummerBody, ZaaknummerRequestBody

API.reads(
    ZAAKNOTITIE, scopes=LEZEN, query=ZaakNotitieQuery, name="zaaknotitie", one_name="zaaknotitie_read", cacheable=False
)


@API.endpoint(
    "POST", "/zaaknotities", scopes=BIJWERKEN, takes=ZaakNotitieRequestBody, gives=ZAAKNOTITIE, with_audit_headers=False
)
def zaaknotitie_create(request: ApiRequest, body: ZaakNotitieRequestBody) -> Answer:
    """Write a note, also on a closed zaak."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.gerelateerd_aan, BIJWERKEN, faults, by=by, field="gerelateerdAan")
    if faults or known is None:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN, by=by, guards_closed=False) as zaak:
        moment = now()
        author = body.aangemaakt_door or (by.actor.user_label or by.actor.label)[:255]
        row = Zaaknotitie(
            zaak=zaak, onderwerp=body.onderwerp, tekst=body.tekst, aangemaakt_door=author, status=body.status,
            notitie_type=body.notitie_type, aanmaakdatum=moment, wijzigingsdatum=moment,
        )  # fmt: skip
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(ZAAKNOTITIE, uuid, zaak).created()


def _row(uuid: UUID, *, locked: bool = False) -> Zaaknotitie:
    rows = Zaaknotitie.objects.filter(uuid=uuid)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise NotFound
    return row


def _change(request: ApiRequest, body: ZaakNotitieRequestBody, uuid: UUID, *, is_partial: bool) -> Answer:
    by = request.caller
    found = _row(uuid)
    known = zaak_with(found.zaak_id, BIJWERKEN, by=by)
    given = sent(body, is_partial=is_partial)
    faults: list[Fault] = []
    if "gerelateerd_aan" in given:
        other = zaak_at(body.gerelateerd_aan, BIJWERKEN, faults, by=by, field="gerelateerdAan")
        if other is not None and other.id != known.id:
            reason = "Een notitie blijft bij haar zaak."
            faults.append(Fault("gerelateerdAan", "wijzigen-niet-toegelaten", reason))
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN, by=by, guards_closed=False) as zaak:
        row = _row(uuid, locked=True)
        columns: dict[str, Any] = body.values(given - {"gerelateerd_aan"})
        if columns:
            columns["wijzigingsdatum"] = now()
            change_piece(zaak, row, columns, by=by.actor, is_partial=is_partial, reason=request.toelichting)
        return done(ZAAKNOTITIE, uuid, zaak).changed()


@API.endpoint(
    "PUT", "/zaaknotities/{uuid}", scopes=BIJWERKEN, takes=ZaakNotitieRequestBody, gives=ZAAKNOTITIE,
    with_audit_headers=False,
)  # fmt: skip
def zaaknotitie_update(request: ApiRequest, body: ZaakNotitieRequestBody, uuid: UUID) -> Answer:
    """Replace a note."""
    return _change(request, body, uuid, is_partial=False)


@API.endpoint(
    "PATCH", "/zaaknotities/{uuid}", scopes=BIJWERKEN, takes=ZaakNotitieRequestBody, is_partial=True, gives=ZAAKNOTITIE,
    with_audit_headers=False,
)  # fmt: skip
def zaaknotitie_partial_update(request: ApiRequest, body: ZaakNotitieRequestBody, uuid: UUID) -> Answer:
    """Change a note."""
    return _change(request, body, uuid, is_partial=True)


@API.endpoint("DELETE", "/zaaknotities/{uuid}", scopes=BIJWERKEN, name="zaaknotitie_delete", with_audit_headers=False)
def zaaknotitie_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove a note; the trail keeps what it said."""
    by = request.caller
    known = zaak_with(_row(uuid).zaak_id, BIJWERKEN, by=by)
    with zaak_locked(known, BIJWERKEN, by=by, guards_closed=False) as zaak:
        remove_piece(zaak, _row(uuid, locked=True), by=by.actor, reason=request.toelichting)
    return Answer(204)


# -- Numbers beforehand ------------------------------------------------------------------------------------------------
@API.endpoint(
    "POST", "/zaaknummer_reserveren", scopes=AANMAKEN, takes=ZaaknummerRequestBody,
    gives=openapi.Plain(ZaaknummerBody, is_list=True), statuses=(400, 401, 403, 406, 409, 410, 412, 415, 429, 500),
)  # fmt: skip
def zaaknummer_reserveren(request: ApiRequest, body: ZaaknummerRequestBody) -> Answer:
    """Give out numbers that no zaak gets by itself: one as an object, more as a list (BEHAVIOUR 8.2)."""
    numbers = actions.reserve_numbers(body.bronorganisatie, aantal=body.aantal, by=request.caller.actor)
    made = [{"zaaknummer": number} for number in numbers]
    answer = Answer.of(made[0] if body.aantal == 1 else made, 201)
    answer.headers["Location"] = request.url
    return answer
