"""Zaakobjecten: what a zaak is about. Source: BEHAVIOUR 8.2; the standard's discriminator ``objectType``."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound
from stadhuis.kit.api.shapes import Shape, VariantField
from stadhuis.zaken.actions.pieces import add_piece, change_piece, remove_piece, without_bsn
from stadhuis.zaken.api.definitions import definition_faults
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    ADD,
    BAD_URL,
    BIJWERKEN_OR_FORCED,
    REMOVE,
    KnownZaak,
    answers,
    done,
    sent,
    stored,
    type_at,
    unchanged,
    zaak_at,
    zaak_locked,
    zaak_with,
)
from stadhuis.zaken.models import Zaakobject
from stadhuis.zaken.resource import LEZEN, ZAAKOBJECT
from stadhuis.zaken.shapes import ObjectBody, ObjectQuery

API.reads(ZAAKOBJECT, scopes=LEZEN, query=ObjectQuery, name="zaakobject")
_IDENTIFICATIE: Final = ObjectBody.fields["object_identificatie"]


@API.endpoint("POST", "/zaakobjecten", scopes=ADD, takes=ObjectBody, gives=ZAAKOBJECT)
def zaakobject_create(request: ApiRequest, body: ObjectBody) -> Answer:
    """Say what a zaak is about: an address, or an object described in place."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, ADD, faults, by=by)
    identificatie = _identificatie(body)
    if not body.object and not identificatie:
        reason = "Geef een object of een objectIdentificatie."
        faults.append(Fault(NON_FIELD, "invalid-zaakobject", reason))
    faults += _overige_faults(body.object_type, body.object_type_overige, body.object_type_overige_definitie)
    type_id = _zaakobjecttype_at(body.zaakobjecttype, known, faults)
    if not faults:
        _check_elsewhere(body, faults)
    if faults or known is None:
        raise Invalid(faults)
    with zaak_locked(known, ADD, by=by) as zaak:
        person_id, kept = without_bsn(body.object_type, identificatie)
        row = Zaakobject(
            zaak=zaak, object=body.object, zaakobjecttype_id=type_id, object_type=body.object_type,
            object_type_overige=body.object_type_overige, relatieomschrijving=body.relatieomschrijving,
            object_type_overige_definitie=_definition(body), object_identificatie=kept or None, person_id=person_id,
        )  # fmt: skip
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(ZAAKOBJECT, uuid, zaak).created()


def _identificatie(body: ObjectBody) -> dict[str, Any]:
    found = body.object_identificatie
    return found.as_json() if isinstance(found, Shape) else {}


def _definition(body: ObjectBody) -> dict[str, Any] | None:
    found = body.object_type_overige_definitie
    return found.as_json() if found is not None else None


def _overige_faults(object_type: str, overige: str, definition: object) -> list[Fault]:
    """Return what is wrong with the kind of object. Source: BEHAVIOUR 8.2."""
    if object_type == "overige":
        if overige or definition is not None:
            return []
        reason = "Zeg bij overige welk soort object het is."
        return [Fault("objectTypeOverige", "missing-object-type-overige", reason)]
    reason = "Dit hoort alleen bij objectType overige."
    given = {"objectTypeOverige": bool(overige), "objectTypeOverigeDefinitie": definition is not None}
    return [Fault(key, "invalid-object-type-overige-usage", reason) for key, is_given in given.items() if is_given]


def _zaakobjecttype_at(url: str, known: KnownZaak | None, faults: list[Fault]) -> int | None:
    if not url:
        return None
    found = type_at(url, "zaakobjecttypen", "catalogi_zaakobjecttype", "zaakobjecttype", known, faults)
    return found[0] if found else None


def _check_elsewhere(body: ObjectBody, faults: list[Fault]) -> None:
    """Ask the other host for what the standard wants to answer: the object, and the schema of an object of another kind."""
    definition = body.object_type_overige_definitie
    if definition is not None:
        faults += definition_faults(definition, body.object)
    elif body.object and not answers(body.object):
        faults.append(Fault("object", "bad-url", BAD_URL))


def _row(uuid: UUID, *, locked: bool = False) -> Zaakobject:
    rows = Zaakobject.objects.filter(uuid=uuid)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise NotFound
    return row


def _change(request: ApiRequest, body: ObjectBody, uuid: UUID, *, is_partial: bool) -> Answer:
    by = request.caller
    found = _row(uuid)
    known = zaak_with(found.zaak_id, BIJWERKEN_OR_FORCED, by=by)
    given = sent(body, is_partial=is_partial)
    faults: list[Fault] = []
    fixed = {"zaak": "zaak", "object": "object", "object_type": "objectType"}
    unchanged(body, given, stored(ZAAKOBJECT, uuid), fixed, faults)
    columns: dict[str, Any] = body.values(given & {"object_type_overige", "relatieomschrijving"})
    if "zaakobjecttype" in given:
        columns["zaakobjecttype_id"] = _zaakobjecttype_at(body.zaakobjecttype, known, faults)
    if "object_type_overige_definitie" in given:
        columns["object_type_overige_definitie"] = _definition(body)
    wanted: dict[str, Any] | None = None
    if "object_identificatie" in given:
        wanted = _identificatie_of(body, found.object_type, faults)
        if not wanted and not found.object and not faults:
            faults.append(Fault(NON_FIELD, "invalid-zaakobject", "Geef een object of een objectIdentificatie."))
    faults += _overige_faults(
        found.object_type,
        columns.get("object_type_overige", found.object_type_overige),
        columns.get("object_type_overige_definitie", found.object_type_overige_definitie),
    )
    if not faults and body.object_type_overige_definitie is not None:
        faults += definition_faults(body.object_type_overige_definitie, found.object)
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = _row(uuid, locked=True)
        if wanted is not None:
            columns["person_id"], kept = without_bsn(row.object_type, wanted)
            columns["object_identificatie"] = kept or None
        if columns:
            change_piece(zaak, row, columns, by=by.actor, is_partial=is_partial, reason=request.toelichting)
        return done(ZAAKOBJECT, uuid, zaak).changed()


def _identificatie_of(body: ObjectBody, object_type: str, faults: list[Fault]) -> dict[str, Any]:
    """Return what identifies an object of a kind that the body itself may have left out."""
    sent_as = body.object_identificatie
    if sent_as is None or isinstance(sent_as, Shape):
        return _identificatie(body)
    if not isinstance(_IDENTIFICATIE, VariantField):
        raise TypeError("objectIdentificatie depends on objectType")
    record = _IDENTIFICATIE.shaped(sent_as, object_type, "objectIdentificatie", faults)
    return record.as_json() if isinstance(record, Shape) and not faults else {}


@API.endpoint(
    "PUT",
    "/zaakobjecten/{uuid}",
    scopes=BIJWERKEN_OR_FORCED,
    takes=ObjectBody,
    gives=ZAAKOBJECT,
    with_audit_headers=False,
)
def zaakobject_update(request: ApiRequest, body: ObjectBody, uuid: UUID) -> Answer:
    """Replace what is said about an object; zaak, object and kind stay."""
    return _change(request, body, uuid, is_partial=False)


@API.endpoint(
    "PATCH", "/zaakobjecten/{uuid}", scopes=BIJWERKEN_OR_FORCED, takes=ObjectBody, is_partial=True, gives=ZAAKOBJECT,
    with_audit_headers=False,
)  # fmt: skip
def zaakobject_partial_update(request: ApiRequest, body: ObjectBody, uuid: UUID) -> Answer:
    """Change what is said about an object; zaak, object and kind stay."""
    return _change(request, body, uuid, is_partial=True)


@API.endpoint("DELETE", "/zaakobjecten/{uuid}", scopes=REMOVE, with_audit_headers=False)
def zaakobject_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Say that a zaak is not about this after all."""
    by = request.caller
    known = zaak_with(_row(uuid).zaak_id, REMOVE, by=by)
    with zaak_locked(known, REMOVE, by=by) as zaak:
        remove_piece(zaak, _row(uuid, locked=True), by=by.actor, reason=request.toelichting)
    return Answer(204)
