"""The Notificaties API (ZGW 1.0.1): channels, subscriptions, and messages of other producers. Source: BEHAVIOUR 13.3."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.kit import outside
from stadhuis.kit.api import openapi
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest
from stadhuis.kit.api.errors import Fault, Invalid, NotFound
from stadhuis.kit.api.links import link
from stadhuis.kit.time import now
from stadhuis.notificaties import actions, reads
from stadhuis.notificaties.errors import NotificatieError
from stadhuis.notificaties.rules import are_known
from stadhuis.notificaties.shapes import AbonnementBody, KanaalBody, KanaalQuery, MessageBody

ROOT: Final = "notificaties/api/v1"
READ: Final = ("notificaties.consumeren", "notificaties.publiceren")
READ_KANAAL: Final = ("notificaties.publiceren", "notificaties.consumeren")
PUBLICEREN: Final = ("notificaties.publiceren",)
CONSUMEREN: Final = ("notificaties.consumeren",)
_ONE = (401, 403, 404, 406, 409, 410, 415, 429, 500)
_LIST = (401, 403, 406, 409, 410, 415, 429, 500)

API: Final = Api(
    name="notificaties",
    title="Notificaties API",
    version="1.0.1",
    root=ROOT,
    component="nrc",
    enter=access.enter,
    room_error=NotificatieError,
    with_audit_headers=False,
)


# -- Channels ----------------------------------------------------------------------------------------------------------
def _kanaal(record: reads.KanaalRecord) -> dict[str, Any]:
    return {
        "url": link(ROOT, "kanaal", record.uuid),
        "naam": record.naam,
        "documentatieLink": record.documentatie_link,
        "filters": list(record.filters),
    }


@API.endpoint(
    "GET", "/kanaal", scopes=READ_KANAAL, query=KanaalQuery, gives=openapi.Plain(KanaalBody, is_list=True),
    statuses=(400, *_LIST),
)  # fmt: skip
def kanaal_list(request: ApiRequest) -> Answer:
    """All channels, or the one of a name."""
    return Answer.of([_kanaal(one) for one in reads.kanalen(request.query.naam)])


@API.endpoint("POST", "/kanaal", scopes=PUBLICEREN, takes=KanaalBody, gives=openapi.Plain(KanaalBody))
def kanaal_create(request: ApiRequest, body: KanaalBody) -> Answer:
    """Make a channel. A name is there once and does not change."""
    actions.create_kanaal(body.naam, documentatie_link=body.documentatie_link, filters=body.filters)
    [made] = reads.kanalen(body.naam)
    shown = _kanaal(made)
    return Answer(201, Answer.of(shown).text, {"Location": shown["url"]})


@API.endpoint("GET", "/kanaal/{uuid}", scopes=READ_KANAAL, gives=openapi.Plain(KanaalBody), statuses=_ONE)
def kanaal_read(request: ApiRequest, uuid: UUID) -> Answer:
    """One channel."""
    found = next((one for one in reads.kanalen() if one.uuid == uuid), None)
    if found is None:
        raise NotFound
    return Answer.of(_kanaal(found))


# -- Subscriptions -----------------------------------------------------------------------------------------------------
def _abonnement(record: reads.AbonnementRecord) -> dict[str, Any]:
    # The secret is taken and never given back.
    return {
        "url": link(ROOT, "abonnement", record.uuid),
        "callbackUrl": record.callback_url,
        "kanalen": [{"naam": naam, "filters": filters} for naam, filters in record.kanalen],
    }


def _one(uuid: UUID) -> reads.AbonnementRecord:
    found = reads.abonnementen(uuid)
    if not found:
        raise NotFound
    return found[0]


def _kanalen(body: AbonnementBody) -> list[tuple[str, dict[str, str]]]:
    return [(one.naam, one.filters) for one in body.kanalen]


def _check_kanalen(body: AbonnementBody) -> list[Fault]:
    known, faults = actions.kanalen(), []
    for index, (naam, filters) in enumerate(_kanalen(body)):
        if naam not in known:
            faults.append(Fault(f"kanalen.{index}.naam", "kanaal_naam", "Dit kanaal bestaat niet."))
        elif not are_known(filters, known[naam]):
            faults.append(
                Fault(
                    f"kanalen.{index}.filters",
                    "inconsistent-abonnement-filters",
                    "Dit filter hoort niet bij het kanaal.",
                )
            )
    return faults


def _check_callback(url: str, auth: str) -> list[Fault]:
    """Return what is wrong with where messages go: it must ask for its secret, and take a message with it."""
    message = {
        "kanaal": "test", "hoofdObject": url, "resource": "test", "resourceUrl": url, "actie": "test",
        "aanmaakdatum": now().isoformat().replace("+00:00", "Z"), "kenmerken": {},
    }  # fmt: skip
    if outside.post_json(url, message).problem not in ("status 401", "status 403"):
        return [Fault("callbackUrl", "no-auth-on-callback-url", "Zonder Authorization hoort hier 401 of 403 te komen.")]
    problem = outside.post_json(url, message, headers={"Authorization": auth}).problem
    if problem:
        return [Fault("callbackUrl", "invalid-callback-url", "Dit adres neemt geen berichten aan.")]
    return []


@API.endpoint("GET", "/abonnement", scopes=READ, gives=openapi.Plain(AbonnementBody, is_list=True), statuses=_LIST)
def abonnement_list(request: ApiRequest) -> Answer:
    """All subscriptions."""
    return Answer.of([_abonnement(one) for one in reads.abonnementen()])


@API.endpoint("POST", "/abonnement", scopes=CONSUMEREN, takes=AbonnementBody, gives=openapi.Plain(AbonnementBody))
def abonnement_create(request: ApiRequest, body: AbonnementBody) -> Answer:
    """Subscribe, when the address proves that it is guarded and takes messages."""
    faults = _check_kanalen(body) or _check_callback(body.callback_url, body.auth)
    if faults:
        raise Invalid(faults)
    uuid = actions.create_abonnement(body.callback_url, body.auth, _kanalen(body))
    shown = _abonnement(_one(uuid))
    return Answer(201, Answer.of(shown).text, {"Location": shown["url"]})


@API.endpoint("GET", "/abonnement/{uuid}", scopes=READ, gives=openapi.Plain(AbonnementBody), statuses=_ONE)
def abonnement_read(request: ApiRequest, uuid: UUID) -> Answer:
    """One subscription."""
    return Answer.of(_abonnement(_one(uuid)))


@API.endpoint("PUT", "/abonnement/{uuid}", scopes=CONSUMEREN, takes=AbonnementBody, gives=openapi.Plain(AbonnementBody))
def abonnement_update(request: ApiRequest, body: AbonnementBody, uuid: UUID) -> Answer:
    """Replace a subscription."""
    return _changed(uuid, body)


@API.endpoint(
    "PATCH", "/abonnement/{uuid}", scopes=CONSUMEREN, takes=AbonnementBody, is_partial=True,
    gives=openapi.Plain(AbonnementBody),
)  # fmt: skip
def abonnement_partial_update(request: ApiRequest, body: AbonnementBody, uuid: UUID) -> Answer:
    """Change what is sent of a subscription."""
    return _changed(uuid, body)


def _changed(uuid: UUID, body: AbonnementBody) -> Answer:
    before = _one(uuid)
    faults = _check_kanalen(body) if "kanalen" in body.given else []
    if not faults and not {"callback_url", "auth"}.isdisjoint(body.given):
        url = body.callback_url if "callback_url" in body.given else before.callback_url
        faults = _check_callback(url, body.auth if "auth" in body.given else actions.auth_of(uuid))
    if faults:
        raise Invalid(faults)
    actions.change_abonnement(
        uuid,
        callback_url=body.callback_url if "callback_url" in body.given else None,
        auth=body.auth if "auth" in body.given else None,
        kanalen_met_filters=_kanalen(body) if "kanalen" in body.given else None,
    )
    return Answer.of(_abonnement(_one(uuid)))


@API.endpoint("DELETE", "/abonnement/{uuid}", scopes=CONSUMEREN)
def abonnement_delete(request: ApiRequest, uuid: UUID) -> Answer:
    """End a subscription; what waits for it is dropped."""
    if not actions.delete_abonnement(uuid):
        raise NotFound
    return Answer(204)


# -- Messages ----------------------------------------------------------------------------------------------------------
@API.endpoint(
    "POST", "/notificaties", scopes=PUBLICEREN, takes=MessageBody, gives=openapi.Plain(MessageBody), success=200
)
def notificaties_create(request: ApiRequest, body: MessageBody) -> Answer:
    """Take a message of another producer and route it as it came; it is given back."""
    known = actions.kanalen().get(body.kanaal)
    if known is None:
        raise Invalid.of("kanaal", "message_kanaal", "Dit kanaal bestaat niet.")
    if not are_known(body.kenmerken, known):
        raise Invalid.of("kenmerken", "kenmerken_inconsistent", "Deze kenmerken horen niet bij het kanaal.")
    actions.notify(
        body.kanaal, hoofd_object=body.hoofd_object, resource=body.resource, resource_url=body.resource_url,
        actie=body.actie, kenmerken=body.kenmerken, aanmaakdatum=body.aanmaakdatum,
    )  # fmt: skip
    return Answer.of(
        {
            "kanaal": body.kanaal,
            "hoofdObject": body.hoofd_object,
            "resource": body.resource,
            "resourceUrl": body.resource_url,
            "actie": body.actie,
            "aanmaakdatum": body.aanmaakdatum.isoformat().replace("+00:00", "Z"),
            "kenmerken": body.kenmerken,
        }
    )
