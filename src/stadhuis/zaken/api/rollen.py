"""Rollen: who is in a zaak. Source: zrc-019; BEHAVIOUR 8.2."""

from __future__ import annotations

from uuid import UUID

from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound
from stadhuis.kit.api.shapes import Shape
from stadhuis.zaken import actions
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    BIJWERKEN_OR_FORCED,
    done,
    type_at,
    zaak_at,
    zaak_locked,
    zaak_with,
)
from stadhuis.zaken.models import Rol
from stadhuis.zaken.records import NewRol
from stadhuis.zaken.resource import LEZEN, ROL
from stadhuis.zaken.shapes import RolBody, RolQuery

API.reads(ROL, scopes=LEZEN, query=RolQuery, name="rol")


@API.endpoint("POST", "/rollen", scopes=BIJWERKEN_OR_FORCED, takes=RolBody, gives=ROL)
def rol_create(request: ApiRequest, body: RolBody) -> Answer:
    """Put someone in a zaak, by an address or described in place."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, BIJWERKEN_OR_FORCED, faults, by=by)
    roltype = type_at(body.roltype, "roltypen", "catalogi_roltype", "roltype", known, faults)
    # The address of a betrokkene is kept as it is sent: who lies behind it (a BRP) is not ours to ask.
    identificatie = _identificatie(body)
    if not body.betrokkene and not identificatie:
        reason = "Geef een betrokkene of een betrokkeneIdentificatie."
        faults.append(Fault(NON_FIELD, "invalid-betrokkene", reason))
    if faults or known is None or roltype is None:
        raise Invalid(faults)
    contact = body.contactpersoon_rol
    new = NewRol(
        betrokkene_type=body.betrokkene_type,
        roltype_id=roltype[0],
        betrokkene=body.betrokkene,
        identificatie=identificatie,
        indicatie_machtiging=body.indicatie_machtiging,
        toelichting=body.roltoelichting,
        afwijkende_naam=body.afwijkende_naam_betrokkene,
        contactpersoon_naam=contact.naam if contact else "",
        contactpersoon_functie=contact.functie if contact else "",
        contactpersoon_emailadres=contact.emailadres if contact else "",
        contactpersoon_telefoonnummer=contact.telefoonnummer if contact else "",
    )
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        rol_id = actions.add_rol(zaak.pk, new, by=by.actor, force=zaak.is_closed, reason=request.toelichting)
        uuid = Rol.objects.values_list("uuid", flat=True).get(pk=rol_id)
        return done(ROL, uuid, zaak).created()


def _identificatie(body: RolBody) -> dict[str, object]:
    """Return what identifies the betrokkene, by the keys of the standard; empty when nothing in it says anything."""
    if not isinstance(body.betrokkene_identificatie, Shape):
        return {}
    found = body.betrokkene_identificatie.as_json()
    return found if any(found.values()) else {}


@API.endpoint("DELETE", "/rollen/{uuid}", scopes=BIJWERKEN_OR_FORCED)
def rol_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take someone out of a zaak."""
    row = Rol.objects.filter(uuid=uuid).values_list("pk", "zaak_id").first()
    if row is None:
        raise NotFound
    known = zaak_with(row[1], BIJWERKEN_OR_FORCED, by=request.caller)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=request.caller) as zaak:
        actions.end_rol(row[0], by=request.caller.actor, reason=request.toelichting, force=zaak.is_closed)
    return Answer(204)
