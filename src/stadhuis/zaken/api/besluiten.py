"""Zaakbesluiten: the mirror of besluiten, below the address of their zaak. Source: brc-006; BEHAVIOUR 8.2."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, ApiRequest, ExpandQuery
from stadhuis.kit.api.errors import Fault, Invalid, NotFound
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.zaken.actions.pieces import add_piece, remove_piece
from stadhuis.zaken.api.endpoints import API
from stadhuis.zaken.api.parts import (
    BAD_URL,
    BIJWERKEN,
    KnownZaak,
    answers,
    done,
    nested_list,
    nested_one,
    problem_of,
    zaak_in_path,
    zaak_locked,
)
from stadhuis.zaken.facts import BESLUITEN_OF
from stadhuis.zaken.models import Zaakbesluit
from stadhuis.zaken.resource import BESLUITEN, LEZEN, ZAAK, ZAAKBESLUIT
from stadhuis.zaken.shapes import ZaakBesluitBody

_LIST: Final = "/zaken/{zaak_uuid}/besluiten"
_ONE: Final = _LIST + "/{uuid}"


@API.endpoint(
    "GET", _LIST, scopes=LEZEN, query=ExpandQuery, gives=openapi.Listed(ZAAKBESLUIT), name="zaakbesluit_list",
    statuses=(401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def zaakbesluit_list(request: ApiRequest, zaak_uuid: UUID) -> Answer:
    """All besluiten of a zaak."""
    return nested_list(ZAAKBESLUIT, request, zaak_uuid)


@API.endpoint(
    "GET", _ONE, scopes=LEZEN, query=ExpandQuery, gives=ZAAKBESLUIT, name="zaakbesluit_retrieve", cacheable=False
)
def zaakbesluit_retrieve(request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """One besluit of a zaak."""
    return nested_one(ZAAKBESLUIT, request, zaak_uuid, uuid)


@API.endpoint(
    "POST", _LIST, scopes=BIJWERKEN, takes=ZaakBesluitBody, gives=ZAAKBESLUIT,
    statuses=(400, 401, 403, 406, 409, 410, 415, 429, 500),
)  # fmt: skip
def zaakbesluit_create(request: ApiRequest, body: ZaakBesluitBody, zaak_uuid: UUID) -> Answer:
    """Note a besluit that was taken in a zaak; meant for a register of besluiten elsewhere."""
    by = request.caller
    known = zaak_in_path(zaak_uuid, BIJWERKEN, by=by)
    faults: list[Fault] = []
    besluit_uuid = _besluit_at(body.besluit, known, faults)
    if faults:
        raise Invalid(faults)
    with zaak_locked(known, BIJWERKEN, by=by) as zaak:
        row = Zaakbesluit(zaak=zaak, besluit_uuid=besluit_uuid, besluit_url="" if besluit_uuid else body.besluit)
        uuid = add_piece(zaak, row, by=by.actor, reason=request.toelichting)
        return done(ZAAKBESLUIT, uuid, zaak, url=f"{ZAAK.url(zaak_uuid)}/besluiten/{uuid}").created()


def _besluit_at(url: str, known: KnownZaak, faults: list[Fault]) -> UUID | None:
    """Return the besluit of ours that an address names, None for one elsewhere, or add what is wrong.

    A besluit of ours is one that the register of besluiten knows in this zaak.
    """
    uuid = uuid_in(url, BESLUITEN, "besluiten")
    if uuid is not None:
        if uuid not in {besluit.uuid for answer in BESLUITEN_OF.ask(known.id) for besluit in answer}:
            faults.append(Fault("besluit", "bad-url", BAD_URL))
        return uuid
    if own_path(url) is not None:
        faults.append(Fault("besluit", *problem_of(url)))
    elif not answers(url):
        faults.append(Fault("besluit", "bad-url", BAD_URL))
    return None


@API.endpoint("DELETE", _ONE, scopes=BIJWERKEN)
def zaakbesluit_destroy(request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """Take such a note away; the besluit itself stays where it is."""
    by = request.caller
    known = zaak_in_path(zaak_uuid, BIJWERKEN, by=by)
    if not Zaakbesluit.objects.filter(uuid=uuid, zaak_id=known.id).exists():
        raise NotFound
    with zaak_locked(known, BIJWERKEN, by=by) as zaak:
        row = Zaakbesluit.objects.select_for_update().filter(uuid=uuid, zaak_id=known.id).first()
        if row is None:
            raise NotFound
        remove_piece(zaak, row, by=by.actor, reason=request.toelichting)
    return Answer(204)
