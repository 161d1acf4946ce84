"""Contacts about a zaak: klantcontacten (deprecated), zaakcontactmomenten and zaakverzoeken.

The registers that zrc-024 and zrc-025 mirror to are no longer in use; what lies elsewhere is kept by its address.
"""

from __future__ import annotations

import secrets
from typing import Any, Final
from uuid import UUID

from stadhuis.kit.api.endpoint import Answer, ApiRequest
from stadhuis.kit.api.errors import Fault, Invalid, NotFound
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.time import now
from stadhuis.zaken.actions.pieces import add_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    BAD_URL,
    BIJWERKEN,
    BIJWERKEN_OR_FORCED,
    answers,
    done,
    zaak_at,
    zaak_locked,
    zaak_with,
)
from stadhuis.zaken.models import Klantcontact, Zaakcontactmoment, Zaakverzoek
from stadhuis.zaken.resource import KLANTCONTACT, LEZEN, ZAAKCONTACTMOMENT, ZAAKVERZOEK
from stadhuis.zaken.shapes import (
    KlantContactBody,
    KlantContactQuery,
    ZaakContactMomentBody,
    ZaakContactMomentQuery,
    ZaakVerzoekBody,
    ZaakVerzoekQuery,
)

_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

API.reads(KLANTCONTACT, scopes=LEZEN, query=KlantContactQuery, name="klantcontact", cacheable=False)
API.reads(
    ZAAKCONTACTMOMENT, scopes=LEZEN, query=ZaakContactMomentQuery, name="zaakcontactmoment", cacheable=False,
    in_pages=False,
)  # fmt: skip
API.reads(ZAAKVERZOEK, scopes=LEZEN, query=ZaakVerzoekQuery, name="zaakverzoek", cacheable=False, in_pages=False)


# -- Klantcontacten ----------------------------------------------------------------------------------------------------
@API.endpoint("POST", "/klantcontacten", scopes=BIJWERKEN_OR_FORCED, takes=KlantContactBody, gives=KLANTCONTACT)
def klantcontact_create(request: ApiRequest, body: KlantContactBody) -> Answer:
    """Note a contact with the initiator; it gets a number when none is sent."""
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, BIJWERKEN_OR_FORCED, faults, by=by)
    if body.datumtijd > now():
        faults.append(Fault("datumtijd", "future_not_allowed", "Deze datum ligt in de toekomst."))
    if body.identificatie and Klantcontact.objects.filter(identificatie=body.identificatie).exists():
        faults.append(Fault("identificatie", "unique", "Deze identificatie is al in gebruik."))
    if faults or known is None:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN_OR_FORCED, by=by) as zaak:
        row = Klantcontact(
            zaak=zaak, identificatie=body.identificatie or _number(), datumtijd=body.datumtijd, kanaal=body.kanaal,
            onderwerp=body.onderwerp, toelichting=body.toelichting,
        )  # fmt: skip
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(KLANTCONTACT, uuid, zaak).created()


def _number() -> str:
    """Return a number of twelve characters; 60 bits of chance, and the table refuses a double one."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


# -- Relations with what lies elsewhere --------------------------------------------------------------------------------
def _add(request: ApiRequest, resource: Resource, body: Any, row: Zaakcontactmoment | Zaakverzoek, key: str) -> Answer:
    by = request.caller
    faults: list[Fault] = []
    known = zaak_at(body.zaak, BIJWERKEN, faults, by=by)
    if known is not None and not answers(body.value(key)):
        faults.append(Fault(key, "bad-url", BAD_URL))
    if faults or known is None:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN, by=by, guards_closed=False) as zaak:
        row.zaak = zaak
        setattr(row, key, body.value(key))
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(resource, uuid, zaak).created()


def _remove(request: ApiRequest, table: type[Zaakcontactmoment] | type[Zaakverzoek], uuid: UUID) -> Answer:
    by = request.caller
    zaak_id = table._default_manager.filter(uuid=uuid).values_list("zaak_id", flat=True).first()
    if zaak_id is None:
        raise NotFound
    known = zaak_with(zaak_id, BIJWERKEN, by=by)
    with zaak_locked(known, BIJWERKEN, by=by, guards_closed=False) as zaak:
        row = table._default_manager.select_for_update().filter(uuid=uuid).first()
        if row is None:
            raise NotFound
        remove_piece(zaak, row, by=by.actor, reason=request.toelichting)
    return Answer(204)


@API.endpoint("POST", "/zaakcontactmomenten", scopes=BIJWERKEN, takes=ZaakContactMomentBody, gives=ZAAKCONTACTMOMENT)
def zaakcontactmoment_create(request: ApiRequest, body: ZaakContactMomentBody) -> Answer:
    """Note a contact elsewhere about a zaak."""
    return _add(request, ZAAKCONTACTMOMENT, body, Zaakcontactmoment(), "contactmoment")


@API.endpoint("DELETE", "/zaakcontactmomenten/{uuid}", scopes=BIJWERKEN)
def zaakcontactmoment_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take such a note away."""
    return _remove(request, Zaakcontactmoment, uuid)


@API.endpoint("POST", "/zaakverzoeken", scopes=BIJWERKEN, takes=ZaakVerzoekBody, gives=ZAAKVERZOEK)
def zaakverzoek_create(request: ApiRequest, body: ZaakVerzoekBody) -> Answer:
    """Note a verzoek elsewhere that led to a zaak."""
    return _add(request, ZAAKVERZOEK, body, Zaakverzoek(), "verzoek")


@API.endpoint("DELETE", "/zaakverzoeken/{uuid}", scopes=BIJWERKEN)
def zaakverzoek_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Take such a note away."""
    return _remove(request, Zaakverzoek, uuid)
