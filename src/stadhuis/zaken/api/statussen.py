"""Statussen and resultaten: how a zaak goes on, ends and runs again. Source: zrc-007, 008, 016, 020, 021."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound, PermissionDenied
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.time import now
from stadhuis.zaken import actions
from stadhuis.zaken.actions.pieces import add_piece, change_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    AANMAKEN,
    BIJWERKEN_OR_FORCED,
    FORCED,
    Done,
    KnownZaak,
    done,
    sent,
    stored,
    type_at,
    unchanged,
    zaak_at,
    zaak_locked,
    zaak_with,
)
from stadhuis.zaken.models import Resultaat, Rol, Status, Zaak
from stadhuis.zaken.resource import LEZEN, RESULTAAT, ROL, STATUS
from stadhuis.zaken.shapes import ResultaatBody, ResultaatQuery, StatusBody, StatusQuery

TOEVOEGEN: Final = ("zaken.statussen.toevoegen",)
HEROPENEN: Final = ("zaken.heropenen",)
STATUS_SCOPES: Final = (*AANMAKEN, *TOEVOEGEN, *HEROPENEN)

API.reads(STATUS, scopes=LEZEN, query=StatusQuery, name="status")
API.reads(RESULTAAT, scopes=LEZEN, query=ResultaatQuery, name="resultaat")


# -- Statussen ---------------------------------------------------------------------------------------------------------
@API.endpoint("POST", "/statussen", scopes=STATUS_SCOPES, also=FORCED, takes=StatusBody, gives=STATUS)
def status_create(request: ApiRequest, body: StatusBody) -> Answer:
    """Let a zaak reach a step: the last one closes it, another one reopens a closed zaak."""
    return add_status(body, by=request.caller, reason=request.toelichting).created()


def add_status(body: StatusBody, *, by: Caller, reason: str) -> Done:
    """Add a status. Raises ``Invalid``, ``PermissionDenied`` and what closing refuses. Source: zrc-007, 008, 016."""
    faults: list[Fault] = []
    known = zaak_at(body.zaak, (*STATUS_SCOPES, *FORCED), faults, by=by)
    statustype = type_at(body.statustype, "statustypen", "catalogi_statustype", "statustype", known, faults)
    gezetdoor_id = _rol_at(body.gezetdoor, known, faults)
    if body.datum_status_gezet > now():
        faults.append(Fault("datumStatusGezet", "date-in-future", "Deze datum ligt in de toekomst."))
    if known is not None:
        faults += _start_faults(known.startdatum, body.datum_status_gezet.date())
    if faults or known is None or statustype is None:
        raise Invalid(faults)
    with zaak_locked(known, (*STATUS_SCOPES, *FORCED), by=by, guards_closed=False) as zaak:
        _check_scopes(zaak, known, by)
        if zaak.archiefstatus != "nog_te_archiveren":
            raise Invalid.of(NON_FIELD, "zaak-archiefstatus-invalid", "De zaak is al gearchiveerd.")
        is_reopening = zaak.is_closed and not _is_eindstatus(zaak, statustype[0])
        deed = actions.reopen_zaak if is_reopening else actions.add_status
        more = {} if is_reopening else {"force": zaak.is_closed}
        uuid = deed(
            zaak.pk, statustype[0], toelichting=body.statustoelichting, by=by.actor, gezetdoor_id=gezetdoor_id,
            datum_status_gezet=body.datum_status_gezet, reason=reason, **more,
        )  # fmt: skip
        return done(STATUS, uuid, zaak)


def _start_faults(startdatum: date, day: date) -> list[Fault]:
    if day < startdatum:
        return [Fault("datumStatusGezet", "invalid", "Deze datum ligt voor de startdatum van de zaak.")]
    return []


def _rol_at(url: str, known: KnownZaak | None, faults: list[Fault]) -> int | None:
    """Return the rol of the same zaak that an address names, or add what is wrong. Source: BEHAVIOUR 8.2."""
    if not url:
        return None
    uuid = ROL.uuid_of(url)
    row = Rol.objects.filter(uuid=uuid).values_list("pk", "zaak_id").first() if uuid else None
    if row is None:
        faults.append(Fault("gezetdoor", "no_match", "Deze rol is er niet."))
        return None
    if known is not None and row[1] != known.id:
        faults.append(Fault("gezetdoor", "zaak-mismatch", "Deze rol hoort bij een andere zaak."))
        return None
    return int(row[0])


def _is_eindstatus(zaak: Zaak, statustype_id: int) -> bool:
    highest = zaak.zaaktype.statustypen.order_by("-volgnummer").values_list("pk", flat=True).first()
    return highest == statustype_id


def _check_scopes(zaak: Zaak, known: KnownZaak, by: Caller) -> None:
    """Refuse what the scopes for statuses do not cover. Source: BEHAVIOUR 4.2, meaning of the three status scopes."""
    if zaak.is_closed:
        allowed = known.may(by, (*HEROPENEN, *FORCED))
    elif known.may(by, TOEVOEGEN):
        allowed = True
    else:
        allowed = known.may(by, AANMAKEN) and not Status.objects.filter(zaak=zaak).exists()
    if not allowed:
        raise PermissionDenied


# -- Resultaten --------------------------------------------------------------------------------------------------------
@API.endpoint("POST", "/resultaten", scopes=BIJWERKEN_OR_FORCED, takes=ResultaatBody, gives=RESULTAAT)
def resultaat_create(request: ApiRequest, body: ResultaatBody) -> Answer:
    """Give a zaak its result; it has one (zrc-020)."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, BIJWERKEN_OR_FORCED, faults, by=by)
    kind = type_at(body.resultaattype, "resultaattypen", "catalogi_resultaattype", "resultaattype", known, faults)
    if faults or known is None or kind is None:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = Resultaat(zaak=zaak, resultaattype_id=kind[0], toelichting=body.toelichting)
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(RESULTAAT, uuid, zaak).created()


def _change(request: ApiRequest, body: ResultaatBody, uuid: UUID, *, is_partial: bool) -> Answer:
    by = request.caller
    found = Resultaat.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    known = zaak_with(found.zaak_id, BIJWERKEN_OR_FORCED, by=by)
    given = sent(body, is_partial=is_partial)
    faults: list[Fault] = []
    unchanged(body, given, stored(RESULTAAT, uuid), {"zaak": "zaak", "resultaattype": "resultaattype"}, faults)
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = _locked(uuid)
        if "toelichting" in given:
            columns = {"toelichting": body.toelichting}
            change_piece(zaak, row, columns, by=by.actor, is_partial=is_partial, reason=request.toelichting)
        return done(RESULTAAT, uuid, zaak).changed()


def _locked(uuid: UUID) -> Resultaat:
    row = Resultaat.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    return row


@API.endpoint("PUT", "/resultaten/{uuid}", scopes=BIJWERKEN_OR_FORCED, takes=ResultaatBody, gives=RESULTAAT)
def resultaat_update(request: ApiRequest, body: ResultaatBody, uuid: UUID) -> Answer:
    """Replace the toelichting; the rest does not change."""
    return _change(request, body, uuid, is_partial=False)


@API.endpoint(
    "PATCH", "/resultaten/{uuid}", scopes=BIJWERKEN_OR_FORCED, takes=ResultaatBody, is_partial=True, gives=RESULTAAT
)
def resultaat_partial_update(request: ApiRequest, body: ResultaatBody, uuid: UUID) -> Answer:
    """Change the toelichting; the rest does not change."""
    return _change(request, body, uuid, is_partial=True)


@API.endpoint("DELETE", "/resultaten/{uuid}", scopes=BIJWERKEN_OR_FORCED)
def resultaat_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take the result of a zaak away."""
    found = Resultaat.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    known = zaak_with(found.zaak_id, BIJWERKEN_OR_FORCED, by=request.caller)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=request.caller) as zaak:
        remove_piece(zaak, _locked(uuid), by=request.caller.actor, reason=request.toelichting)
    return Answer(204)
