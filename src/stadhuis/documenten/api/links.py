"""Looking up what is referred to: ours in the database, others outside it and before the deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection

from stadhuis.documenten.facts import IS_RELATED
from stadhuis.documenten.resource import document_uuid, object_at
from stadhuis.kit import outside
from stadhuis.kit.api.errors import NON_FIELD, Fault
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.api.resource import resource_of

_BAD_URL: Final = "De URL is niet te bereiken of geeft geen status 200."
_INVALID: Final = "De URL wijst niet naar de goede soort resource."
_INCONSISTENT: Final = Fault(
    NON_FIELD, "inconsistent-relation", "De relatie staat niet in het register van het object (drc-004)."
)
_STILL_THERE: Final = Fault(
    NON_FIELD, "inconsistent-relation", "De relatie staat nog in het register van het object (drc-004)."
)
_LOOKUP: Final = Fault(
    NON_FIELD, "relation-lookup-error", "De relatie is in het register van het object niet op te zoeken (drc-004)."
)
_KEYS_OF: Final = {
    "zaak": {"url", "zaaktype", "identificatie"},
    "besluit": {"url", "besluittype"},
    "verzoek": {"url"},
}
_RELATIONS_OF: Final = {
    "zaak": ("zaken", "zaakinformatieobjecten"),
    "besluit": ("besluiten", "besluitinformatieobjecten"),
}


@dataclass(frozen=True)
class KnownType:
    """What the rules ask of an informatieobjecttype."""

    id: int
    uuid: UUID
    ref: str
    vertrouwelijkheidaanduiding: str
    concept: bool


def informatieobjecttype_at(url: str, faults: list[Fault]) -> KnownType | None:
    """Return the type an address names, or add what is wrong. Source: drc-001.

    Only our own catalogue counts; what lies elsewhere is looked up all the same, to tell a dead link from a wrong one.
    """
    uuid = uuid_in(url, "catalogi/api/v1", "informatieobjecttypen")
    if uuid is None:
        faults.append(Fault("informatieobjecttype", *_wrong_kind(url)))
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uuid, ref, vertrouwelijkheidaanduiding, concept FROM catalogi_informatieobjecttype WHERE uuid = %s",
            [uuid],
        )
        row = cursor.fetchone()
    if row is None:
        faults.append(Fault("informatieobjecttype", "bad-url", _BAD_URL))
        return None
    return KnownType(*row)


def _wrong_kind(url: str) -> tuple[str, str]:
    if resource_of(url) is not None:
        return "invalid-resource", _INVALID
    if own_path(url) is not None:
        return "bad-url", _BAD_URL
    try:
        outside.fetch_json(url)
    except outside.NotJson:
        return "invalid-resource", _INVALID
    except outside.OutsideError:
        return "bad-url", _BAD_URL
    return "invalid-resource", _INVALID


def document_at(url: str, faults: list[Fault]) -> UUID | None:
    """Return the uuid of the document an address names, or add what is wrong."""
    uuid = document_uuid(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM documenten_document WHERE uuid = %s", [uuid])
        if uuid is not None and cursor.fetchone():
            return uuid
    faults.append(Fault("informatieobject", "no_match", "Dit document is er niet."))
    return None


@dataclass(frozen=True)
class KnownObject:
    """A zaak, besluit or verzoek: ours by uuid, or elsewhere by address."""

    kind: str
    uuid: UUID | None
    url: str


def related_object_at(url: str, kind: str, faults: list[Fault]) -> KnownObject | None:
    """Return the object an address names, or add what is wrong. Source: drc-002."""
    found = resource_of(url)
    if found is not None:
        resource, uuid = found
        if resource.name != kind:
            faults.append(Fault("object", "invalid-resource", _INVALID))
            return None
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {resource.table} WHERE uuid = %s", [uuid])
            if cursor.fetchone():
                return KnownObject(kind, uuid, "")
        faults.append(Fault("object", "bad-url", _BAD_URL))
        return None
    if own_path(url) is not None:
        faults.append(Fault("object", "bad-url", _BAD_URL))
        return None
    try:
        body = outside.fetch_json(url)
    except outside.NotJson:
        body = {}
    except outside.OutsideError:
        faults.append(Fault("object", "bad-url", _BAD_URL))
        return None
    if not _KEYS_OF[kind] <= set(body):
        faults.append(Fault("object", "invalid-resource", _INVALID))
        return None
    return KnownObject(kind, None, url)


def check_relation(known: KnownObject, document_id: int, document_url: str, faults: list[Fault]) -> None:
    """Add a fault unless the register of the object knows that it has this document. Source: drc-004."""
    if known.uuid is not None:
        if not any(IS_RELATED.ask(known.kind, known.uuid, document_id)):
            faults.append(_INCONSISTENT)
        return
    found = _told_elsewhere(known, document_url)
    if found is None:
        faults.append(_LOOKUP)
    elif not found:
        faults.append(_INCONSISTENT)


def check_no_relation(known: KnownObject, document_id: int, document_url: str, faults: list[Fault]) -> None:
    """Add a fault while the register of the object still knows the relation. Source: drc-004.

    One that cannot be asked keeps nothing: its object may be gone with it.
    """
    still = (
        any(IS_RELATED.ask(known.kind, known.uuid, document_id))
        if known.uuid is not None
        else bool(_told_elsewhere(known, document_url))
    )
    if still:
        faults.append(_STILL_THERE)


def _told_elsewhere(known: KnownObject, document_url: str) -> list[Any] | None:
    """Return the relations that another register has of this object and document; None when it does not tell."""
    path, relations = _RELATIONS_OF.get(known.kind, ("", ""))
    root, found, _ = known.url.rpartition(f"/{path}/")
    if not path or not found:
        return None
    query = urlencode({known.kind: known.url, "informatieobject": document_url})
    try:
        answer = outside.fetch_list(f"{root}/{relations}?{query}")
    except outside.OutsideError:
        return None
    return answer


def stored_object(kind: str, uuid: UUID | None, url: str) -> KnownObject:
    """Return the object of a relation that is stored."""
    return KnownObject(kind, uuid, url if object_at(url) is None else "")
