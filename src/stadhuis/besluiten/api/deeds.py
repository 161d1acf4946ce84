"""What the Besluiten API does. Each deed resolves first (outside a transaction), then asks the room, in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from stadhuis.besluiten import actions
from stadhuis.besluiten.models import Besluit, Besluitinformatieobject
from stadhuis.besluiten.records import NewBesluit
from stadhuis.besluiten.resource import BESLUIT, BESLUITINFORMATIEOBJECT, CATALOGI, DOCUMENTEN, ROOT, ZAKEN
from stadhuis.besluiten.shapes import BesluitBody, BesluitInformatieObjectBody
from stadhuis.kit import outside
from stadhuis.kit.api.endpoint import seen
from stadhuis.kit.api.errors import NON_FIELD, Conflict, Fault, Invalid, NotFound, PermissionDenied
from stadhuis.kit.api.gate import Caller, Everyone
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.api.resource import Guard, Resource, resource_of
from stadhuis.kit.time import today
from stadhuis.records import public as records

AANMAKEN: Final = ("besluiten.aanmaken",)
BIJWERKEN: Final = ("besluiten.bijwerken",)
VERWIJDEREN: Final = ("besluiten.verwijderen",)
_FORCED: Final = ("zaken.geforceerd-bijwerken",)
_EVERYONE: Final = Everyone()
_BAD_URL: Final = "De URL is niet te bereiken of geeft geen status 200."
_WRONG_KIND: Final = "De URL wijst niet naar de goede soort resource."
_FIXED: Final = ("besluittype", "zaak", "verantwoordelijke_organisatie", "identificatie")
"""What never changes. Source: brc-001, 002, 006."""


# -- What a body refers to ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Type:
    id: int
    uuid: UUID
    ref: str
    concept: bool


def _problem_of(url: str) -> tuple[str, str]:
    if resource_of(url) is not None:
        return "invalid-resource", _WRONG_KIND
    if own_path(url) is not None or _fetched(url) is None:
        return "bad-url", _BAD_URL
    return "invalid-resource", _WRONG_KIND


def _fetched(url: str) -> Any:
    """Return what an address on another host gives: None when nothing, an empty object when it is no JSON."""
    try:
        return outside.fetch_json(url)
    except outside.NotJson:
        return {}
    except outside.OutsideError:
        return None


def _besluittype_at(url: str, faults: list[Fault]) -> _Type | None:
    """Return the published besluittype an address names, or add what is wrong. Source: brc-001."""
    uuid = uuid_in(url, CATALOGI, "besluittypen")
    if uuid is None:
        faults.append(Fault("besluittype", *_problem_of(url)))
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, uuid, ref, concept FROM catalogi_besluittype WHERE uuid = %s", [uuid])
        row = cursor.fetchone()
    if row is None:
        faults.append(Fault("besluittype", "bad-url", _BAD_URL))
        return None
    if row[3]:
        faults.append(Fault("besluittype", "not-published", "Het besluittype is nog een concept (brc-001)."))
    return _Type(*row)


@dataclass(frozen=True)
class _Zaak:
    id: int
    type_ref: str
    type_uuid: UUID
    level: int

    def is_forced(self, by: Caller) -> bool:
        """Return whether the caller may change this zaak though it is closed."""
        return by.has_scope("zrc", _FORCED) and by.may(
            "zaak", _FORCED, type_ref=self.type_ref, level=self.level, type_uuid=self.type_uuid
        )


def _zaak_at(url: str, besluittype: _Type | None, faults: list[Fault]) -> _Zaak | None:
    """Return the zaak of ours an address names, None for none or one elsewhere, or add what is wrong. Source: brc-006, 007."""
    if not url:
        return None
    uuid = uuid_in(url, ZAKEN, "zaken")
    if uuid is None:
        if own_path(url) is not None:
            faults.append(Fault("zaak", *_problem_of(url)))
            return None
        found = _fetched(url)
        if found is None:
            faults.append(Fault("zaak", "bad-url", _BAD_URL))
        elif not isinstance(found, dict) or "zaaktype" not in found:
            faults.append(Fault("zaak", "invalid-resource", _WRONG_KIND))
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT z.id, z.zaaktype_ref, t.uuid, z.vertrouwelijkheid_orde, EXISTS ("
            " SELECT 1 FROM catalogi_zaaktypebesluittype k JOIN catalogi_besluittype b ON b.omschrijving = k.omschrijving"
            "  AND b.catalogus_id = t.catalogus_id WHERE k.zaaktype_id = t.id AND b.id = %s)"
            " FROM zaken_zaak z JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id WHERE z.uuid = %s",
            [besluittype.id if besluittype else None, uuid],
        )
        row = cursor.fetchone()
    if row is None:
        faults.append(Fault("zaak", "no_match", "Deze zaak is er niet."))
        return None
    if besluittype is not None and not row[4]:
        faults.append(Fault(NON_FIELD, "zaaktype-mismatch", "Dit besluittype hoort niet bij het zaaktype (brc-007)."))
    return _Zaak(*row[:4])


def _check_may(by: Caller, scopes: tuple[str, ...], ref: str, uuid: UUID) -> None:
    if not by.may("besluit", scopes, type_ref=ref, level=1, type_uuid=uuid):
        raise PermissionDenied


def _row(uuid: UUID, scopes: tuple[str, ...], by: Caller) -> Besluit:
    row = Besluit.objects.select_related("besluittype").filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    guarded = Resource(
        name=f"besluit-for-{'-'.join(scopes)}", root=ROOT, path="besluiten", table="besluiten_besluit",
        columns={"uuid": "{z}.uuid"}, guard=Guard("besluit", scopes),
    )  # fmt: skip
    seen(guarded.one(uuid, seen_by=by))
    return row


def _datum_faults(body: BesluitBody, given: frozenset[str]) -> list[Fault]:
    if "datum" in given and body.datum > today():
        return [Fault("datum", "future_not_allowed", "De datum van het besluit ligt in de toekomst.")]
    return []


# -- Deeds -------------------------------------------------------------------------------------------------------------
def create_besluit(body: BesluitBody, *, by: Caller, toelichting: str = "") -> tuple[UUID, str]:
    """Record a decision; returns its uuid and JSON. Raises ``Invalid`` with all that is wrong. Source: brc-001, 002, 006, 007."""
    faults: list[Fault] = []
    besluittype = _besluittype_at(body.besluittype, faults)
    if besluittype is not None:
        _check_may(by, AANMAKEN, besluittype.ref, besluittype.uuid)
    zaak = _zaak_at(body.zaak, besluittype, faults)
    faults += _datum_faults(body, body.given)
    taken = {"identificatie": body.identificatie, "verantwoordelijke_organisatie": body.verantwoordelijke_organisatie}
    if body.identificatie and Besluit.objects.filter(**taken).exists():
        faults.append(Fault("identificatie", "identificatie-niet-uniek", "Dit nummer is al in gebruik (brc-002)."))
    if faults or besluittype is None:
        raise Invalid(faults)
    columns = body.values(body.fields.keys() - {"url", "vervalreden_weergave", "besluittype", "zaak"})
    new = NewBesluit(
        besluittype_id=besluittype.id, zaak_id=zaak.id if zaak else None, zaak_url="" if zaak else body.zaak,
        derives_reactiedatum=False, **columns,
    )  # fmt: skip
    with transaction.atomic():
        force = zaak is not None and zaak.is_forced(by)
        made = actions.create_besluit(new, by=by.actor, force=force, reason=toelichting)
        if zaak is not None:
            _row(made.uuid, AANMAKEN, by)  # nor may it come to lie where the caller may not see: with a barred person
        return made.uuid, BESLUIT.one(made.uuid, seen_by=_EVERYONE).text


def change_besluit(uuid: UUID, body: BesluitBody, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Change a decision by PUT (everything) or PATCH (what was sent); returns its JSON. Source: brc-001, 002, 006."""
    _row(uuid, BIJWERKEN, by)
    given = body.given if is_partial else frozenset(body.values())
    stored = BESLUIT.kept(uuid)
    faults = _datum_faults(body, given)
    for name in _FIXED:
        key = body.fields[name].key
        left_out = name not in body.given or (name == "identificatie" and not body.identificatie)
        if not left_out and body.value(name) != stored[key]:
            faults.append(Fault(key, "wijzigen-niet-toegelaten", "Dit veld verandert niet meer."))
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        actions.change_besluit(
            uuid, body.values(given - set(_FIXED)), by=by.actor, is_partial=is_partial, reason=toelichting
        )
        return BESLUIT.one(uuid, seen_by=_EVERYONE).text


def delete_besluit(uuid: UUID, *, by: Caller) -> None:
    """Remove a decision. Raises ``Conflict`` while a legal hold keeps it. Source: brc-009."""
    _row(uuid, VERWIJDEREN, by)
    try:
        actions.delete_besluit(uuid, by=by.actor)
    except records.OnHold:
        raise Conflict("Dit besluit moet bewaard blijven.", code="legal-hold") from None


def link_document(body: BesluitInformatieObjectBody, *, by: Caller, toelichting: str = "") -> tuple[UUID, str, UUID]:
    """Lay a decision down in a document; returns uuid, JSON and the decision. Source: brc-003, 005, 008."""
    faults: list[Fault] = []
    besluit_uuid = BESLUIT.uuid_of(body.besluit)
    besluit = None
    if besluit_uuid is None or not Besluit.objects.filter(uuid=besluit_uuid).exists():
        faults.append(Fault("besluit", "no_match", "Dit besluit is er niet."))
    else:
        besluit = _row(besluit_uuid, AANMAKEN, by)
    document_id = _document_at(body.informatieobject, besluit, faults)
    if faults or besluit is None:
        raise Invalid(faults)
    with transaction.atomic():
        if document_id is None:
            uuid = actions.link_document_elsewhere(besluit.pk, body.informatieobject, by=by.actor, reason=toelichting)
        else:
            uuid = actions.link_document(besluit.pk, document_id, by=by.actor, reason=toelichting)
        return uuid, BESLUITINFORMATIEOBJECT.one(uuid, seen_by=_EVERYONE).text, besluit.uuid


def _document_at(url: str, besluit: Besluit | None, faults: list[Fault]) -> int | None:
    """Return the document of ours an address names, None for one elsewhere, or add what is wrong. Source: brc-003, 008."""
    uuid = uuid_in(url, DOCUMENTEN, "enkelvoudiginformatieobjecten")
    if uuid is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT d.id, t.uuid FROM documenten_document d"
                " JOIN catalogi_informatieobjecttype t ON t.id = d.informatieobjecttype_id WHERE d.uuid = %s",
                [uuid],
            )
            row = cursor.fetchone()
        if row is None:
            faults.append(Fault("informatieobject", "bad-url", _BAD_URL))
            return None
        _check_kind(row[1], besluit, faults)
        return int(row[0])
    if own_path(url) is not None:
        faults.append(Fault("informatieobject", *_problem_of(url)))
        return None
    found = _fetched(url)
    kind = found.get("informatieobjecttype") if isinstance(found, dict) else None
    if found is None:
        faults.append(Fault("informatieobject", "bad-url", _BAD_URL))
    elif not isinstance(kind, str):
        faults.append(Fault("informatieobject", "invalid-resource", _WRONG_KIND))
    else:
        _check_kind(uuid_in(kind, CATALOGI, "informatieobjecttypen"), besluit, faults)
    return None


def _check_kind(informatieobjecttype: UUID | None, besluit: Besluit | None, faults: list[Fault]) -> None:
    if besluit is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM catalogi_besluittypeinformatieobjecttype k"
            " JOIN catalogi_besluittype b ON b.id = k.besluittype_id"
            " JOIN catalogi_informatieobjecttype i ON i.omschrijving = k.omschrijving AND i.catalogus_id = b.catalogus_id"
            " WHERE b.id = %s AND i.uuid = %s)",
            [besluit.besluittype_id, informatieobjecttype],
        )
        fits = bool(cursor.fetchone()[0])
    if not fits:
        reason = "Dit soort document hoort niet bij het besluittype (brc-008)."
        faults.append(Fault(NON_FIELD, "missing-besluittype-informatieobjecttype-relation", reason))


def unlink_document(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Take a document off a decision. Source: brc-005."""
    relation = Besluitinformatieobject.objects.select_related("besluit").filter(uuid=uuid).first()
    if relation is None:
        raise NotFound
    _row(relation.besluit.uuid, VERWIJDEREN, by)
    actions.unlink_document(uuid, by=by.actor, reason=toelichting)
