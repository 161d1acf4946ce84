"""What the Zaken API does to a zaak. Each deed resolves first (outside a transaction), then writes in one.

Every deed ends in ``CHANGED``: the audit line and the notification are written in the same transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from stadhuis.access.public import LEVELS
from stadhuis.kit import database
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.api.errors import Conflict, Fault, Invalid, NotFound, PermissionDenied
from stadhuis.kit.api.gate import Caller, Everyone
from stadhuis.kit.durations import period
from stadhuis.kit.rows import insert, update
from stadhuis.kit.time import now, today
from stadhuis.records import public as records
from stadhuis.zaken import actions
from stadhuis.zaken.actions.common import LOCKED_ZAAK, keep_record
from stadhuis.zaken.actions.create import TRIES, next_number
from stadhuis.zaken.api.checks import KnownHoofdzaak, KnownZaaktype, Stored, columns_of, zaak_faults
from stadhuis.zaken.api.links import Relevant, check_communicatiekanaal, hoofdzaak_at, relevant_at, zaaktype_at
from stadhuis.zaken.errors import IdentificatieTaken
from stadhuis.zaken.facts import START_MOVED, ZAAK_CREATED
from stadhuis.zaken.models import RelevanteZaak, Zaak, Zaakkenmerk
from stadhuis.zaken.records import StartMoved, ZaakCreated
from stadhuis.zaken.resource import ZAAK
from stadhuis.zaken.shapes import KenmerkBody, ZaakBody

AANMAKEN: Final = ("zaken.aanmaken",)
BIJWERKEN: Final = ("zaken.bijwerken", "zaken.geforceerd-bijwerken")
FORCED: Final = ("zaken.geforceerd-bijwerken",)
VERWIJDEREN: Final = ("zaken.verwijderen",)
_EVERYONE: Final = Everyone()


@dataclass(frozen=True)
class Made:
    """A zaak that was made, with its JSON text."""

    uuid: UUID
    text: str


@dataclass(frozen=True)
class _Resolved:
    """What a body refers to."""

    zaaktype: KnownZaaktype
    hoofdzaak: KnownHoofdzaak | None
    relevant: list[Relevant] | None


_LOOKED_UP: Final = frozenset({"zaaktype", "hoofdzaak", "communicatiekanaal", "relevante_andere_zaken"})
"""What a body refers to: it may lie on another host, so it is looked up before anything is locked."""


def _resolve(
    body: ZaakBody, given: frozenset[str], stored: dict[str, Any] | None, kept: KnownZaaktype | None = None
) -> _Resolved:
    """Look up what the body refers to; all faults together. ``stored`` is the JSON before a change: what it holds already
    is not fetched again. ``kept`` is the zaaktype of a zaak that keeps it, where it is known.
    """
    before = stored or {}
    faults: list[Fault] = []
    zaaktype = kept or zaaktype_at(body.zaaktype if "zaaktype" in given else before["zaaktype"], faults)
    hoofdzaak = hoofdzaak_at(body.hoofdzaak, faults) if "hoofdzaak" in given else None
    if body.communicatiekanaal and body.communicatiekanaal != before.get("communicatiekanaal"):
        check_communicatiekanaal(body.communicatiekanaal, faults)
    relevant = None
    if "relevante_andere_zaken" in given or not stored:
        known = {item["url"] for item in before.get("relevanteAndereZaken", ())}
        relevant = relevant_at(body.relevante_andere_zaken, known, faults)
    if faults or zaaktype is None:
        raise Invalid(faults)
    return _Resolved(zaaktype, hoofdzaak, relevant)


def _may(
    caller: Caller,
    scopes: tuple[str, ...],
    zaaktype_uuid: UUID,
    ref: str,
    vertrouwelijkheidaanduiding: str,
    zaak_id: int | None = None,
) -> None:
    level = LEVELS[vertrouwelijkheidaanduiding]
    if not caller.may("zaak", scopes, type_ref=ref, level=level, type_uuid=zaaktype_uuid, row_id=zaak_id):
        raise PermissionDenied


def _later(start: date, duration: str | None) -> date | None:
    try:
        return start + period(duration) if duration else None
    except (ValueError, OverflowError):
        return None


def create_zaak(body: ZaakBody, *, by: Caller, toelichting: str = "") -> Made:
    """Make a zaak. Raises ``Invalid`` with all that is wrong, and ``PermissionDenied``. Source: zrc-001, 002, 006, 009-015, 022."""
    found = _resolve(body, body.given, None)
    zaaktype = found.zaaktype
    values = body.values()
    values["vertrouwelijkheidaanduiding"] = body.vertrouwelijkheidaanduiding or zaaktype.vertrouwelijkheidaanduiding
    values["registratiedatum"] = body.registratiedatum or today()
    _may(by, AANMAKEN, zaaktype.uuid, zaaktype.ref, values["vertrouwelijkheidaanduiding"])
    faults = zaak_faults(
        values, body.given, zaaktype=zaaktype, hoofdzaak=found.hoofdzaak, stored=None, documents_archived=True,
        today=today(), now=now(),
    )  # fmt: skip
    if faults:
        raise Invalid(faults)
    # As the field's usual provider does when the client says nothing (BEHAVIOUR 8.2).
    if "einddatum_gepland" not in body.given:
        values["einddatum_gepland"] = _later(body.startdatum, zaaktype.servicenorm)
    if "uiterlijke_einddatum_afdoening" not in body.given:
        values["uiterlijke_einddatum_afdoening"] = _later(body.startdatum, zaaktype.doorlooptijd)
    with transaction.atomic():
        zaak = _insert(values, found, body.identificatie)
        keep_record(zaak)
        _replace_lists(zaak.pk, body.kenmerken, found.relevant)
        text = ZAAK.one(zaak.uuid, seen_by=_EVERYONE).text
        _tell("create", zaak.uuid, None, json.loads(text), by, toelichting, 201)
        ZAAK_CREATED.announce(
            ZaakCreated(
                zaak_id=zaak.pk, zaak_uuid=zaak.uuid, identificatie=zaak.identificatie, zaaktype_id=zaaktype.id,
                zaaktype_ref=zaaktype.ref, by=by.actor,
            )
        )  # fmt: skip
    return Made(zaak.uuid, text)


def _insert(values: dict[str, Any], found: _Resolved, identificatie: str) -> Zaak:
    hoofdzaak_id = found.hoofdzaak.id if found.hoofdzaak else None
    prefix = found.zaaktype.ref.partition(":")[0]
    for _attempt in range(1 if identificatie else TRIES):
        values["identificatie"] = identificatie or next_number(prefix)
        try:
            # A savepoint only where another try may follow; a number that was sent ends the deed when it is taken.
            with transaction.atomic(savepoint=not identificatie):
                return insert(
                    Zaak(
                        **columns_of(values),
                        zaaktype_id=found.zaaktype.id,
                        zaaktype_ref=found.zaaktype.ref,
                        hoofdzaak_id=hoofdzaak_id,
                    )
                )
        except IntegrityError as error:
            _raise_unless_taken(error)
    raise IdentificatieTaken


def _raise_unless_taken(error: IntegrityError) -> None:
    if "zaak_identificatie_once" not in str(error):
        raise error


def _replace_lists(zaak_id: int, kenmerken: list[KenmerkBody] | None, relevant: list[Relevant] | None) -> None:
    if kenmerken:
        Zaakkenmerk.objects.bulk_create(
            Zaakkenmerk(zaak_id=zaak_id, kenmerk=one.kenmerk, bron=one.bron) for one in kenmerken
        )
    if relevant:
        RelevanteZaak.objects.bulk_create(
            RelevanteZaak(
                zaak_id=zaak_id, andere_zaak_id=one.andere_zaak_id, url=one.url, aard_relatie=one.aard_relatie
            )
            for one in relevant
        )


def _tell(
    actie: str,
    uuid: UUID,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    by: Caller,
    toelichting: str,
    resultaat: int,
) -> None:
    main = after or before or {}
    CHANGED.announce(
        Change(
            resource=ZAAK, uuid=uuid, actie=actie, before=before, after=after, by=by.actor, main=ZAAK, main_uuid=uuid,
            main_json=main, toelichting=toelichting, weergave=main["identificatie"], resultaat=resultaat,
        )
    )  # fmt: skip


def _zaak_for_change(uuid: UUID, scopes: tuple[str, ...], by: Caller) -> Zaak:
    """Return the zaak, found, allowed and locked. Raises ``NotFound`` and ``PermissionDenied``."""
    zaak = LOCKED_ZAAK.first("uuid", uuid)
    if zaak is None:
        raise NotFound
    _may(by, scopes, zaak.zaaktype.uuid, zaak.zaaktype_ref, zaak.vertrouwelijkheidaanduiding, zaak.pk)
    return zaak


def change_zaak(uuid: UUID, body: ZaakBody, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Change a zaak by PUT (everything) or PATCH (what was sent); returns its JSON text.

    A closed zaak changes only with the forced scope. Source: zrc-001, 002, 007, 009-015, 022; BEHAVIOUR 1.5.
    """
    given = (
        body.given if is_partial else frozenset(name for name, field in ZaakBody.fields.items() if not field.read_only)
    )
    found = _resolve(body, given, _before(uuid, by)) if given & _LOOKED_UP else None
    with transaction.atomic():
        zaak = _zaak_for_change(uuid, BIJWERKEN, by)
        if zaak.is_closed:
            _may(by, FORCED, zaak.zaaktype.uuid, zaak.zaaktype_ref, zaak.vertrouwelijkheidaanduiding)
        # What the client did not send is as it stands now, under the lock.
        before = json.loads(ZAAK.one(uuid, seen_by=_EVERYONE).text)
        found = found or _resolve(body, given, before, _zaaktype_of(zaak))
        current = ZaakBody.check({key: value for key, value in before.items() if value is not None}, is_partial=True)
        values = {**current.values(), **body.values(given)}
        _keep_what_has_no_default(values, zaak, body, found.zaaktype)
        if values["betalingsindicatie"] == "nvt" and "laatste_betaaldatum" not in body.given:
            values["laatste_betaaldatum"] = None
        stored = Stored(zaak.pk, zaak.identificatie, zaak.archiefstatus, has_deelzaken=bool(before["deelzaken"]))
        archived = values["archiefstatus"] == "nog_te_archiveren" or _documents_archived(zaak.pk)
        faults = zaak_faults(
            values, body.given, zaaktype=found.zaaktype, hoofdzaak=found.hoofdzaak, stored=stored,
            documents_archived=archived, today=today(), now=now(),
        )  # fmt: skip
        if faults:
            raise Invalid(faults)
        values["identificatie"] = zaak.identificatie
        _may(by, BIJWERKEN, found.zaaktype.uuid, found.zaaktype.ref, values["vertrouwelijkheidaanduiding"])
        was = zaak.startdatum
        _write(zaak, values, given, found)
        if values["startdatum"] != was:
            START_MOVED.announce(StartMoved(zaak.pk, uuid, was, values["startdatum"], by.actor))
        text = ZAAK.one(uuid, seen_by=_EVERYONE).text
        _tell("partial_update" if is_partial else "update", uuid, before, json.loads(text), by, toelichting, 200)
    return text


def _zaaktype_of(zaak: Zaak) -> KnownZaaktype:
    kept = zaak.zaaktype
    return KnownZaaktype(
        kept.pk, kept.uuid, kept.ref, kept.catalogus_id, kept.identificatie, kept.vertrouwelijkheidaanduiding,
        kept.concept, tuple(kept.producten_of_diensten), kept.servicenorm, kept.doorlooptijd,
    )  # fmt: skip


def _before(uuid: UUID, by: Caller) -> dict[str, Any]:
    """Return the zaak as JSON before anything is looked up elsewhere; whoever may not change it learns nothing more."""
    found: dict[str, Any] = json.loads(ZAAK.one(uuid, seen_by=_EVERYONE).text)
    # No lock yet: it is looked at again under one.
    row = database.rows(
        "SELECT t.uuid, z.zaaktype_ref, z.vertrouwelijkheidaanduiding, z.id"
        " FROM zaken_zaak z JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id WHERE z.uuid = %s",
        [uuid],
    )
    if not row:
        raise NotFound
    _may(by, BIJWERKEN, *row[0])
    return found


def _keep_what_has_no_default(values: dict[str, Any], zaak: Zaak, body: ZaakBody, zaaktype: KnownZaaktype) -> None:
    """Put back what a PUT without them does not empty: these have no empty value."""
    values["identificatie"] = body.identificatie or zaak.identificatie
    values["registratiedatum"] = values["registratiedatum"] or zaak.registratiedatum
    # zrc-009: a response always has a level.
    values["vertrouwelijkheidaanduiding"] = (
        values["vertrouwelijkheidaanduiding"] or zaaktype.vertrouwelijkheidaanduiding
    )


def _write(zaak: Zaak, values: dict[str, Any], given: frozenset[str], found: _Resolved) -> None:
    columns = columns_of(values)
    columns |= {"zaaktype_id": found.zaaktype.id, "zaaktype_ref": found.zaaktype.ref}
    if "hoofdzaak" in given:
        columns["hoofdzaak_id"] = found.hoofdzaak.id if found.hoofdzaak else None
    changed = {name: value for name, value in columns.items() if getattr(zaak, name) != value}
    if changed:
        try:
            update(zaak, **changed)
        except IntegrityError as error:
            _raise_unless_taken(error)
            raise IdentificatieTaken from None
    keep_record(zaak)
    if "kenmerken" in given:
        Zaakkenmerk.objects.filter(zaak=zaak).delete()
        _replace_lists(zaak.pk, values["kenmerken"], None)
    if found.relevant is not None:
        RelevanteZaak.objects.filter(zaak=zaak).delete()
        _replace_lists(zaak.pk, None, found.relevant)


def _documents_archived(zaak_id: int) -> bool:
    """Return whether all documents of a zaak that we hold have the status gearchiveerd."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM zaken_zaakinformatieobject o JOIN documenten_document d ON d.id = o.document_id"
            " WHERE o.zaak_id = %s AND d.status <> 'gearchiveerd')",
            [zaak_id],
        )
        return bool(cursor.fetchone()[0])


def delete_zaak(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Remove a zaak with everything that hangs on it, its deelzaken and their trails. Source: zrc-023.

    Raises ``RelatedBesluiten``, and ``Conflict`` while a legal hold keeps it. The reason goes with the trail.
    """
    with transaction.atomic():
        zaak = _zaak_for_change(uuid, VERWIJDEREN, by)
        deelzaken = Zaak.objects.select_for_update(of=("self",)).select_related("zaaktype").filter(hoofdzaak=zaak)
        for deelzaak in deelzaken.order_by("pk"):
            _may(
                by,
                VERWIJDEREN,
                deelzaak.zaaktype.uuid,
                deelzaak.zaaktype_ref,
                deelzaak.vertrouwelijkheidaanduiding,
                deelzaak.pk,
            )
        try:
            actions.delete_zaak(zaak.pk, by=by.actor)
        except records.OnHold:
            raise Conflict("Deze zaak moet bewaard blijven.", code="legal-hold") from None
