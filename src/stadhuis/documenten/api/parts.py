"""What belongs to a document: gebruiksrechten, objectinformatieobjecten and verzendingen. One deed each, one transaction.

Rights on them are those on their document (BEHAVIOUR 4.1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn
from uuid import UUID

from django.db import IntegrityError, models, transaction

from stadhuis.audit import public as audit
from stadhuis.documenten.api.checks import verzending_faults
from stadhuis.documenten.api.deeds import AANMAKEN, VERWIJDEREN, Made, allowed_for_change, check_may
from stadhuis.documenten.api.links import (
    check_no_relation,
    check_relation,
    document_at,
    related_object_at,
    stored_object,
)
from stadhuis.documenten.keeping import KIND, follow
from stadhuis.documenten.models import Document, Gebruiksrecht, Objectinformatieobject, Verzending
from stadhuis.documenten.resource import EIO, GEBRUIKSRECHTEN, OIO, VERZENDING, document_uuid
from stadhuis.documenten.shapes import (
    GebruiksrechtenRequestBody,
    ObjectInformatieObjectRequestBody,
    VerzendingRequestBody,
)
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound
from stadhuis.kit.api.gate import Caller, Everyone
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape
from stadhuis.records import public as records

BIJWERKEN: Final = ("documenten.bijwerken",)
_EVERYONE: Final = Everyone()
_GROUPS: Final = ("binnenlands_correspondentieadres", "buitenlands_correspondentieadres", "correspondentie_postadres")
_NUMBERS: Final = ("faxnummer", "emailadres", "telefoonnummer")


def _text(resource: Resource, uuid: UUID) -> str:
    return resource.one(uuid, seen_by=_EVERYONE).text


def _tell(
    resource: Resource,
    uuid: UUID,
    actie: str,
    document: Document,
    *,
    before: str | None,
    after: str | None,
    by: Caller,
    toelichting: str = "",
) -> None:
    CHANGED.announce(
        Change(
            resource=resource, uuid=uuid, actie=actie, before=json.loads(before) if before else None,
            after=json.loads(after) if after else None, by=by.actor, main=EIO, main_uuid=document.uuid,
            main_json=EIO.kept(document.uuid), toelichting=toelichting, weergave=document.identificatie,
            resultaat={"create": 201, "destroy": 204}.get(actie, 200),
        )
    )  # fmt: skip


def _document_of(model: type[models.Model], uuid: UUID) -> UUID:
    """Return the uuid of the document that a part belongs to. Raises ``NotFound``."""
    found: UUID | None = model._default_manager.filter(uuid=uuid).values_list("document__uuid", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _resolve(body: Any, by: Caller) -> UUID:
    """Return the document that is to get a part. Raises ``Invalid`` and ``PermissionDenied``."""
    faults: list[Fault] = []
    document = document_at(body.informatieobject, faults)
    if document is None:
        raise Invalid(faults)
    check_may(document, AANMAKEN, by)
    return document


def _same_document(body: Any, document: UUID, faults: list[Fault]) -> None:
    if "informatieobject" in body.given and document_uuid(body.informatieobject) != document:
        faults.append(
            Fault(
                "informatieobject", "wijzigen-niet-toegelaten", "Dit blijft bij het document waarvoor het is gemaakt."
            )
        )


# -- Gebruiksrechten -----------------------------------------------------------------------------------------------------
def create_gebruiksrechten(body: GebruiksrechtenRequestBody, *, by: Caller, toelichting: str = "") -> Made:
    """Lay conditions of use down; from then on the document says that it has them. Source: drc-006."""
    document = _resolve(body, by)
    with transaction.atomic():
        row = allowed_for_change(document, AANMAKEN, by)
        made = Gebruiksrecht.objects.create(document=row, **_gebruiksrecht(body, body.fields))
        _set_indication(row, True)
        text = _text(GEBRUIKSRECHTEN, made.uuid)
        _tell(GEBRUIKSRECHTEN, made.uuid, "create", row, before=None, after=text, by=by, toelichting=toelichting)
    return Made(made.uuid, text)


def _gebruiksrecht(body: GebruiksrechtenRequestBody, given: Any) -> dict[str, Any]:
    return body.values(name for name in ("startdatum", "einddatum", "omschrijving_voorwaarden") if name in given)


def _set_indication(row: Document, value: bool | None) -> None:
    if row.indicatie_gebruiksrecht != value:
        row.indicatie_gebruiksrecht = value
        row.save(update_fields=["indicatie_gebruiksrecht"])


def change_gebruiksrechten(
    uuid: UUID, body: GebruiksrechtenRequestBody, *, is_partial: bool, by: Caller, toelichting: str = ""
) -> str:
    """Change conditions of use; returns their JSON. They stay with their document."""
    document = _document_of(Gebruiksrecht, uuid)
    with transaction.atomic():
        row = allowed_for_change(document, BIJWERKEN, by)
        faults: list[Fault] = []
        _same_document(body, document, faults)
        if faults:
            raise Invalid(faults)
        before = _text(GEBRUIKSRECHTEN, uuid)
        Gebruiksrecht.objects.filter(uuid=uuid).update(
            **_gebruiksrecht(body, body.given if is_partial else body.fields) or {"document": row}
        )
        after = _text(GEBRUIKSRECHTEN, uuid)
        actie = "partial_update" if is_partial else "update"
        _tell(GEBRUIKSRECHTEN, uuid, actie, row, before=before, after=after, by=by, toelichting=toelichting)
    return after


def delete_gebruiksrechten(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Take conditions of use away; with the last ones the document says no more whether it has any. Source: drc-006."""
    document = _document_of(Gebruiksrecht, uuid)
    with transaction.atomic():
        row = allowed_for_change(document, VERWIJDEREN, by)
        before = _text(GEBRUIKSRECHTEN, uuid)
        Gebruiksrecht.objects.filter(uuid=uuid).delete()
        if not Gebruiksrecht.objects.filter(document=row).exists():
            _set_indication(row, None)
        _tell(GEBRUIKSRECHTEN, uuid, "destroy", row, before=before, after=None, by=by, toelichting=toelichting)


# -- Objectinformatieobjecten --------------------------------------------------------------------------------------------
def create_oio(body: ObjectInformatieObjectRequestBody, *, by: Caller) -> Made:
    """Note that an object has a document, as its own register knows already. Source: drc-002, drc-003, drc-004."""
    document = _resolve(body, by)
    faults: list[Fault] = []
    known = related_object_at(body.object, body.object_type, faults)
    if known is None:
        raise Invalid(faults)
    document_id = Document.objects.values_list("pk", flat=True).filter(uuid=document).first()
    if document_id is None:
        raise NotFound
    named = {"object_uuid": known.uuid, "object_url": known.url}
    if Objectinformatieobject.objects.filter(document_id=document_id, **named).exists():
        raise Invalid([_TWICE])
    check_relation(known, document_id, EIO.url(document), faults)
    if faults:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            row = allowed_for_change(document, AANMAKEN, by)
            made = Objectinformatieobject.objects.create(document=row, object_type=known.kind, **named)
            text = _text(OIO, made.uuid)
            _note(row, made.uuid, "create", before=None, after=text, by=by)
            records.absorb(KIND, [document], into=(known.kind, known.uuid or document))
    except IntegrityError as error:
        if "oio_" in str(error):
            raise Invalid([_TWICE]) from None
        raise
    return Made(made.uuid, text)


_TWICE: Final = Fault(NON_FIELD, "unique", "Deze relatie is er al (drc-003).")


def _note(row: Document, uuid: UUID, actie: str, *, before: str | None, after: str | None, by: Caller) -> None:
    """Write it in the trail; the channel of documents does not tell of these relations (their own registers do)."""
    audit.record(
        actie, about=row.uuid, kind=EIO.name, resource=OIO.name, resource_id=uuid, by=by.actor,
        before=json.loads(before) if before else None, after=json.loads(after) if after else None,
        weergave=row.identificatie, bron="drc", result=201 if after else 204,
    )  # fmt: skip


def delete_oio(uuid: UUID, *, by: Caller) -> None:
    """Take the note away, once the register of the object does not know the relation any more. Source: drc-004."""
    document = _document_of(Objectinformatieobject, uuid)
    check_may(document, VERWIJDEREN, by)
    mirror = Objectinformatieobject.objects.filter(uuid=uuid).first()
    if mirror is None:
        raise NotFound
    faults: list[Fault] = []
    known = stored_object(mirror.object_type, mirror.object_uuid, mirror.object_url)
    check_no_relation(known, mirror.document_id, EIO.url(document), faults)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        row = allowed_for_change(document, VERWIJDEREN, by)
        before = _text(OIO, uuid)
        Objectinformatieobject.objects.filter(uuid=uuid).delete()
        _note(row, uuid, "destroy", before=before, after=None, by=by)
        follow([document])


# -- Verzendingen --------------------------------------------------------------------------------------------------------
def create_verzending(body: VerzendingRequestBody, *, by: Caller, toelichting: str = "") -> Made:
    """Note from whom a document came or to whom it went. Source: BEHAVIOUR 10.5."""
    document = _resolve(body, by)
    faults = verzending_faults(body.values())
    if faults:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            row = allowed_for_change(document, AANMAKEN, by)
            made = Verzending.objects.create(document=row, **_verzending(body.values()))
            text = _text(VERZENDING, made.uuid)
            _tell(VERZENDING, made.uuid, "create", row, before=None, after=text, by=by, toelichting=toelichting)
    except IntegrityError as error:
        _raise_unless_second(error)
    return Made(made.uuid, text)


def _raise_unless_second(error: IntegrityError) -> NoReturn:
    if "verzending_one_afzender" not in str(error):
        raise error
    raise Invalid.of("aardRelatie", "unique", "Een document heeft hoogstens één afzender.") from None


def _verzending(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a verzending: addresses by the names of the standard, what is not there as no text."""
    columns = {name: value for name, value in values.items() if name != "informatieobject"}
    for name in _GROUPS:
        if isinstance(columns.get(name), Shape):
            group = columns[name]
            columns[name] = {field.key: group.value(key) for key, field in group.fields.items()}
    for name in _NUMBERS:
        if name in columns:
            columns[name] = columns[name] or ""
    return columns


def change_verzending(
    uuid: UUID, body: VerzendingRequestBody, *, is_partial: bool, by: Caller, toelichting: str = ""
) -> str:
    """Change a verzending; returns its JSON. It stays with its document. Source: BEHAVIOUR 10.5."""
    document = _document_of(Verzending, uuid)
    given = body.given if is_partial else frozenset(body.fields)
    try:
        with transaction.atomic():
            row = allowed_for_change(document, BIJWERKEN, by)
            before = _text(VERZENDING, uuid)
            stored = VerzendingRequestBody.check(
                {key: value for key, value in json.loads(before).items() if value is not None}, is_partial=True
            )
            values = {**stored.values(), **body.values(name for name in body.fields if name in given)}
            faults = verzending_faults(values)
            _same_document(body, document, faults)
            if faults:
                raise Invalid(faults)
            Verzending.objects.filter(uuid=uuid).update(**_verzending(values))
            after = _text(VERZENDING, uuid)
            actie = "partial_update" if is_partial else "update"
            _tell(VERZENDING, uuid, actie, row, before=before, after=after, by=by, toelichting=toelichting)
    except IntegrityError as error:
        _raise_unless_second(error)
    return after


def delete_verzending(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Take a verzending away."""
    document = _document_of(Verzending, uuid)
    with transaction.atomic():
        row = allowed_for_change(document, VERWIJDEREN, by)
        before = _text(VERZENDING, uuid)
        Verzending.objects.filter(uuid=uuid).delete()
        _tell(VERZENDING, uuid, "destroy", row, before=before, after=None, by=by, toelichting=toelichting)
