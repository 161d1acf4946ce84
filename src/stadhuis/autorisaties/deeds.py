"""What the Autorisaties API does: it finds everything that is wrong with a body, and lets ``access`` do the deed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from stadhuis.access import public as access
from stadhuis.autorisaties import reads, rules
from stadhuis.autorisaties.choices import CATALOGI, PATHS
from stadhuis.autorisaties.resource import APPLICATIE
from stadhuis.autorisaties.rules import Line
from stadhuis.autorisaties.shapes import ApplicatieBody
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.links import own_path, uuid_in

log = logging.getLogger(__name__)
_TAKEN = "Een clientId hoort bij een applicatie en wordt nooit opnieuw gebruikt (ac-001)."
_AMBIGUOUS = {
    "ambiguous-authorizations-specified": "Geef alle autorisaties of een lijst ervan, niet allebei (ac-002).",
    "missing-authorizations": "Geef alle autorisaties of een lijst ervan (ac-002).",
}


@dataclass(frozen=True)
class Made:
    """An application that was made, with its JSON text."""

    uuid: UUID
    text: str


@transaction.atomic
def create_applicatie(body: ApplicatieBody, *, by: Caller, toelichting: str = "") -> Made:
    """Admit an application. It has no secret yet: the standard knows none. Raises ``Invalid`` with all that is wrong."""
    sent = _lines(body)
    faults = _taken(body.client_ids)
    rights = _named(sent, range(len(sent)), faults)
    _check(rights, faults, has_all=body.heeft_alle_autorisaties)
    with _client_ids_once():
        made = access.create_applicatie(
            body.label, body.client_ids, "", body.heeft_alle_autorisaties, rights,
            alleen_is_gereed_voor_publicatie=body.alleen_is_gereed_voor_publicatie, by=by.actor, reason=toelichting,
        )  # fmt: skip
    record = access.applicatie_by_id(made)
    if record is None:
        raise NotFound
    return Made(record.uuid, APPLICATIE.text_of(record.uuid, seen_by=by))


@transaction.atomic
def change_applicatie(uuid: UUID, body: ApplicatieBody, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Replace an application, or what is sent of it; returns its JSON. Raises ``Invalid`` and ``NotFound``.

    A list of rights replaces the whole set, but what stands in it as it was shown stays what it was (``rules.settle``).
    """
    record = _held(uuid)
    given = body.given if is_partial else frozenset(body.fields)
    label = body.label if "label" in given else record.label
    client_ids = body.client_ids if "client_ids" in given else list(record.client_ids)
    has_all = body.heeft_alle_autorisaties if "heeft_alle_autorisaties" in given else record.heeft_alle_autorisaties
    only_ready = (
        body.alleen_is_gereed_voor_publicatie
        if "alleen_is_gereed_voor_publicatie" in given
        else record.alleen_is_gereed_voor_publicatie
    )
    faults = _taken(client_ids, applicatie_id=record.id)
    rights = list(record.autorisaties)
    replaced: tuple[access.AutorisatieData, ...] = ()
    if "autorisaties" in given:
        sent = _lines(body)
        settled = rules.settle([] if has_all and not sent else reads.stored(record), sent)
        known = {right.type_uuid for right in record.autorisaties if right.type_uuid is not None}
        rights = [*settled.kept, *_named(sent, settled.named, faults, known=known)]
        replaced = settled.replaced
    _check(rights, faults, has_all=has_all)
    with _client_ids_once():
        access.change_applicatie(
            record.id, label=label, client_ids=client_ids, heeft_alle_autorisaties=has_all, autorisaties=rights,
            alleen_is_gereed_voor_publicatie=only_ready, by=by.actor, reason=toelichting, is_partial=is_partial,
        )  # fmt: skip
    if replaced:
        # The trail has before and after; this is for who wonders why a new version is not seen any more.
        log.warning(
            "wide rights replaced by a list of versions",
            extra={"applicatie": str(uuid), "types": sorted(one.domein or one.type_ref for one in replaced)},
        )
    return APPLICATIE.text_of(uuid, seen_by=by)


@transaction.atomic
def delete_applicatie(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Remove an application with its rights and secrets. Raises ``NotFound``."""
    access.delete_applicatie(_held(uuid).id, by=by.actor, reason=toelichting)


def _held(uuid: UUID) -> access.ApplicatieRecord:
    try:
        return access.applicatie_for_change(uuid)
    except access.NotFound:
        raise NotFound from None


# -- What is wrong -----------------------------------------------------------------------------------------------------
def _taken(client_ids: Sequence[str], *, applicatie_id: int | None = None) -> list[Fault]:
    if access.taken_client_ids(client_ids, applicatie_id=applicatie_id):
        return [Fault("clientIds", "clientId-exists", _TAKEN)]
    return []


@contextmanager
def _client_ids_once() -> Iterator[None]:
    """Turn what two clients can race for into the fault it is."""
    try:
        yield
    except access.ClientIdTaken as error:
        raise Invalid.of(error.field, error.code, _TAKEN) from None


def _check(rights: Sequence[access.AutorisatieData], faults: list[Fault], *, has_all: bool) -> None:
    """Raise all that is wrong together. Source: ac-001 to ac-003."""
    if code := access.ambiguity(has_all=has_all, has_some=bool(rights)):
        faults.append(Fault(NON_FIELD, code, _AMBIGUOUS[code]))
    if faults:
        raise Invalid(faults)


def _lines(body: ApplicatieBody) -> list[Line]:
    return [one.as_json() for one in body.autorisaties]


def _named(
    sent: Sequence[Line], places: Collection[int], faults: list[Fault], *, known: Collection[UUID] = ()
) -> list[access.AutorisatieData]:
    """Return the rights that lines of a list name: each on the one version it gives the address of.

    An address of this town hall must be that of a type that is there (or was, when the application had it already:
    ``known``). An address elsewhere is kept as it came; nothing here is of a type of somebody else.
    """
    named: dict[str, set[UUID]] = {}
    for place in places:
        if uuid := _uuid(sent[place]):
            named.setdefault(sent[place]["component"], set()).add(uuid)
    refs = {component: reads.refs(component, uuids) for component, uuids in named.items()}
    rights = []
    for place in places:
        line, uuid = sent[place], _uuid(sent[place])
        component = line["component"]
        field = access.TYPE_FIELDS.get(component, "")
        url = str(line.get(field) or "")
        ref = refs[component].get(uuid, "") if uuid else ""
        name = f"autorisaties.{place}.{field}"
        if url and uuid is None and own_path(url) is not None:
            faults.append(Fault(name, "invalid-resource", "De URL wijst niet naar de goede soort resource."))
        elif uuid is not None and not ref and uuid not in known:
            faults.append(Fault(name, "bad-url", "De URL is niet te bereiken of geeft geen status 200."))
        level = line.get("maxVertrouwelijkheidaanduiding") if component in ("zrc", "drc") else ""
        right = access.AutorisatieData(
            component, tuple(line["scopes"]), ref, url, uuid, uuid is None, access.level_of(level) if level else None
        )
        faults += [
            Fault(f"autorisaties.{place}.{missing}", "required", "Dit veld is vereist bij deze scopes (ac-003).")
            for missing in access.missing_fields(right)
        ]
        rights.append(right)
    return rights


def _uuid(line: Line) -> UUID | None:
    component = line["component"]
    url: Any = line.get(access.TYPE_FIELDS.get(component, "")) or ""
    return uuid_in(url, CATALOGI, PATHS[component]) if url else None
