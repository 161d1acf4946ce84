"""What the Catalogi API does. Each deed resolves first (outside a transaction), then writes in one.

There are two kinds of resource: the three main types, which have versions that are a concept until they are published, and
the parts of a zaaktype, which live and are frozen with it. What is particular to a resource stands in ``kinds``; what they
share (scopes, the rules of concept and published, trail and notification) stands here. Every deed ends in ``CHANGED``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from stadhuis.catalogi.api.checks import Values, derived_period_faults, period_faults, published_faults
from stadhuis.catalogi.api.kinds import MainKind, PartKind
from stadhuis.catalogi.api.links import catalogus_at, zaaktype_at
from stadhuis.catalogi.models import Besluittype, Catalogus, Informatieobjecttype, Versioned, Zaaktype
from stadhuis.catalogi.resource import CATALOGUS, ZAAKTYPE
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.api.errors import NON_FIELD, Conflict, Fault, Invalid, NotFound
from stadhuis.kit.api.gate import Caller, Everyone
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape

SCHRIJVEN: Final = ("catalogi.schrijven",)
WRITE: Final = ("catalogi.schrijven", "catalogi.geforceerd-schrijven")
FORCED_WRITE: Final = ("catalogi.geforceerd-schrijven",)
DELETE: Final = ("catalogi.schrijven", "catalogi.geforceerd-verwijderen")
FORCED_DELETE: Final = ("catalogi.geforceerd-verwijderen",)
_EVERYONE: Final = Everyone()
_IN_USE: Final = "Dit is in gebruik en kan niet worden verwijderd."


@dataclass(frozen=True)
class Made:
    """What was made, with its JSON text."""

    uuid: UUID
    text: str


def _text(resource: Resource, uuid: UUID) -> str:
    return resource.one(uuid, seen_by=_EVERYONE).text


def _tell(
    resource: Resource,
    uuid: UUID,
    actie: str,
    before: str | None,
    after: str | None,
    main: Resource,
    main_uuid: UUID,
    by: Caller,
    toelichting: str,
) -> None:
    old, new = (json.loads(text) if text else None for text in (before, after))
    main_json = (new or old or {}) if main is resource else json.loads(_text(main, main_uuid))
    named = new or old or {}
    CHANGED.announce(
        Change(
            resource=resource, uuid=uuid, actie=actie, before=old, after=new, by=by.actor, main=main, main_uuid=main_uuid,
            main_json=main_json, toelichting=toelichting,
            weergave=str(named.get("omschrijving") or named.get("naam") or named.get("domein") or uuid)[:200],
            resultaat={"create": 201, "destroy": 204}.get(actie, 200),
        )
    )  # fmt: skip


@contextmanager
def _once(unique: str, key: str) -> Iterator[None]:
    """Turn a breach of a constraint that two clients can race for into the fault it is."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if unique and unique in str(error):
            raise Invalid.of(key, "unique", "Dit bestaat al.") from None
        if "do_not_overlap" in str(error):
            raise Invalid.of("beginGeldigheid", "overlap", _OVERLAP) from None
        raise


_OVERLAP: Final = "Er is al een gepubliceerde versie die in deze periode geldig is (ztc-016)."


def _forced(by: Caller) -> bool:
    return by.has_scope("ztc", FORCED_WRITE)


# -- Catalogues --------------------------------------------------------------------------------------------------------
def create_catalogus(body: Shape, *, by: Caller, toelichting: str = "") -> Made:
    """Make a catalogue. Raises ``Invalid``, also when this domain of this organisation has one."""
    with _once("catalogus_once", NON_FIELD):
        row = Catalogus.objects.create(**_catalogus_columns(body.values()))
        text = _text(CATALOGUS, row.uuid)
        _tell(CATALOGUS, row.uuid, "create", None, text, CATALOGUS, row.uuid, by, toelichting)
    return Made(row.uuid, text)


def _catalogus_columns(values: Values) -> dict[str, Any]:
    # The standard gives null, the column holds no text.
    return {name: "" if name in {"naam", "versie"} and value is None else value for name, value in values.items()}


@transaction.atomic
def change_catalogus(uuid: UUID, body: Shape, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Change a catalogue; returns its JSON. A domain that types bear in their name does not change any more."""
    row = Catalogus.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    before = _text(CATALOGUS, uuid)
    values = _catalogus_columns(body.values(body.given if is_partial else None))
    if values.get("domein", row.domein) != row.domein and _holds(row):
        raise Invalid.of(
            "domein", "wijzigen-niet-toegelaten", "Het domein ligt vast zodra er typen in de catalogus zijn."
        )
    for name, value in values.items():
        setattr(row, name, value)
    with _once("catalogus_once", NON_FIELD):
        row.save()
    after = _text(CATALOGUS, uuid)
    _tell(
        CATALOGUS, uuid, "partial_update" if is_partial else "update", before, after, CATALOGUS, uuid, by, toelichting
    )
    return after


def _holds(catalogus: Catalogus) -> bool:
    return any(
        model._default_manager.filter(catalogus=catalogus).exists()
        for model in (Zaaktype, Informatieobjecttype, Besluittype)
    )


@transaction.atomic
def delete_catalogus(uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Remove an empty catalogue. Raises ``Conflict`` CATALOG_NOT_EMPTY. Source: ztc-017."""
    row = Catalogus.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    if _holds(row):
        raise Conflict("De catalogus kan niet worden verwijderd omdat deze nog items bevat.", code="CATALOG_NOT_EMPTY")
    before = _text(CATALOGUS, uuid)
    row.delete()
    _tell(CATALOGUS, uuid, "destroy", before, None, CATALOGUS, uuid, by, toelichting)


# -- The main types ----------------------------------------------------------------------------------------------------
def create_type(kind: MainKind, body: Any, *, by: Caller, toelichting: str = "") -> Made:
    """Make a version of a type, as a concept. Raises ``Invalid`` with all that is wrong."""
    faults: list[Fault] = []
    catalogus = catalogus_at(body.catalogus, faults)
    values = body.values()
    faults += kind.faults(values)
    links = kind.resolve(values, catalogus.pk if catalogus else 0, faults)
    if faults or catalogus is None:
        raise Invalid(faults)
    with _once("", ""):
        row = kind.model._default_manager.create(
            catalogus=catalogus,
            ref=f"{catalogus.domein}:{values[kind.name]}",
            concept=True,
            **kind.columns(values),
        )
        kind.write_links(row, links)
        text = _text(kind.resource, row.uuid)
        _tell(kind.resource, row.uuid, "create", None, text, kind.resource, row.uuid, by, toelichting)
    return Made(row.uuid, text)


def change_type(kind: MainKind, uuid: UUID, body: Any, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Change a version of a type; returns its JSON. Raises ``Invalid`` and ``NotFound``. Source: ztc-009, ztc-016."""
    found = kind.model._default_manager.filter(uuid=uuid).select_related("catalogus").first()
    if found is None:
        raise NotFound
    given = body.given if is_partial else frozenset(body.values())
    stored = kind.stored(found)
    values = {**stored, **body.values(given)}
    faults: list[Fault] = []
    catalogus = catalogus_at(values["catalogus"], faults) if "catalogus" in given else found.catalogus
    if not found.concept:
        faults += published_faults(given, values, stored, forced=_forced(by), fixed=kind.fixed)
    faults += kind.faults(values)
    links = kind.resolve({name: values[name] for name in given}, catalogus.pk if catalogus else 0, faults)
    if faults or catalogus is None:
        raise Invalid(faults)
    with _once("", ""):
        row = kind.model._default_manager.select_for_update().get(pk=found.pk)
        if row.concept != found.concept:
            raise Conflict("Deze versie is intussen gepubliceerd.")
        before = _text(kind.resource, uuid)
        for name, value in kind.columns({name: values[name] for name in given}).items():
            setattr(row, name, value)
        row.catalogus, row.ref = catalogus, f"{catalogus.domein}:{values[kind.name]}"
        row.save()
        kind.write_links(row, links)
        after = _text(kind.resource, uuid)
        actie = "partial_update" if is_partial else "update"
        _tell(kind.resource, uuid, actie, before, after, kind.resource, uuid, by, toelichting)
    return after


def _locked(kind: MainKind, uuid: UUID) -> Versioned:
    row: Versioned | None = kind.model._default_manager.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    return row


def publish_type(kind: MainKind, uuid: UUID, *, by: Caller, toelichting: str = "") -> str:
    """Publish a concept; returns its JSON. Raises ``Invalid`` when another version is valid then. Source: ztc-016.

    What practice asks beside that (parts, published relations) is a warning in administration, not an error: the text of
    the standard does not ask it (BEHAVIOUR 9.2).
    """
    with _once("", ""):
        row = _locked(kind, uuid)
        before = _text(kind.resource, uuid)
        if not row.concept:
            return before
        faults = period_faults({"begin_geldigheid": row.begin_geldigheid, "einde_geldigheid": row.einde_geldigheid})
        if faults:
            raise Invalid(faults)
        row.concept = False
        row.save(update_fields=["concept"])
        after = _text(kind.resource, uuid)
        _tell(kind.resource, uuid, "update", before, after, kind.resource, uuid, by, toelichting)
    return after


@transaction.atomic
def delete_type(kind: MainKind, uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Remove a concept, or with the forced scope a published version that nothing uses. Source: ztc-009."""
    row = _locked(kind, uuid)
    if not row.concept and not by.has_scope("ztc", FORCED_DELETE):
        raise Invalid.of(NON_FIELD, "non-concept-object", "Een gepubliceerde versie wordt niet verwijderd (ztc-009).")
    before = _text(kind.resource, uuid)
    _remove(row)
    _tell(kind.resource, uuid, "destroy", before, None, kind.resource, uuid, by, toelichting)


def _remove(row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, IntegrityError):
        raise Conflict(_IN_USE, code="in-use") from None


# -- The parts of a zaaktype ---------------------------------------------------------------------------------------------
def create_part(kind: PartKind, body: Any, *, by: Caller, toelichting: str = "") -> Made:
    """Add a part to a zaaktype. Raises ``Invalid`` with all that is wrong. Source: ztc-010."""
    faults: list[Fault] = []
    zaaktype = zaaktype_at(body.zaaktype, faults)
    if zaaktype is None:
        raise Invalid(faults)
    values = body.values()
    columns, links = _checked(kind, values, frozenset(values), zaaktype, faults, by)
    if faults:
        raise Invalid(faults)
    with _once(kind.unique, kind.unique_key):
        _freeze(kind, zaaktype.pk, by)
        row = kind.model._default_manager.create(zaaktype=zaaktype, **columns)
        kind.write_links(row, links)
        text = _text(kind.resource, row.uuid)
        _tell(kind.resource, row.uuid, "create", None, text, ZAAKTYPE, zaaktype.uuid, by, toelichting)
    return Made(row.uuid, text)


def _checked(
    kind: PartKind, values: Values, given: Collection[str], zaaktype: Zaaktype, faults: list[Fault], by: Caller
) -> tuple[dict[str, Any], Any]:
    if not zaaktype.concept and not _forced(by):
        faults.append(_frozen(kind))
    catalogus = values.get("catalogus")
    if catalogus and CATALOGUS.uuid_of(catalogus) != zaaktype.catalogus.uuid:
        faults.append(Fault("catalogus", "relations-incorrect-catalogus", "Dit is niet de catalogus van het zaaktype."))
    faults += derived_period_faults(values, zaaktype.begin_geldigheid)
    return kind.prepare(values, given, zaaktype, faults)


def _frozen(kind: PartKind) -> Fault:
    return Fault(NON_FIELD, kind.frozen_code, "Het zaaktype is gepubliceerd: dit verandert niet meer (ztc-010).")


def _freeze(kind: PartKind, zaaktype_id: int, by: Caller) -> None:
    """Hold the zaaktype: nobody publishes it until this deed is done."""
    concept = Zaaktype.objects.select_for_update().values_list("concept", flat=True).get(pk=zaaktype_id)
    if not concept and not _forced(by):
        raise Invalid([_frozen(kind)])


def _part(kind: PartKind, uuid: UUID) -> Any:
    row = kind.model._default_manager.filter(uuid=uuid).select_related("zaaktype__catalogus").first()
    if row is None:
        raise NotFound
    return row


def change_part(kind: PartKind, uuid: UUID, body: Any, *, is_partial: bool, by: Caller, toelichting: str = "") -> str:
    """Change a part of a zaaktype; returns its JSON. Raises ``Invalid`` and ``NotFound``. Source: ztc-010."""
    row = _part(kind, uuid)
    given = body.given if is_partial else frozenset(body.values())
    stored = kind.stored(row)
    values = {**stored, **body.values(given)}
    faults: list[Fault] = []
    zaaktype = zaaktype_at(values["zaaktype"], faults) if "zaaktype" in given else row.zaaktype
    if zaaktype is None:
        raise Invalid(faults)
    if zaaktype.pk != row.zaaktype_id and not row.zaaktype.concept and not _forced(by):
        faults.append(_frozen(kind))
    columns, links = _checked(kind, values, given, zaaktype, faults, by)
    if faults:
        raise Invalid(faults)
    with _once(kind.unique, kind.unique_key):
        _freeze(kind, row.zaaktype_id, by)
        if zaaktype.pk != row.zaaktype_id:
            _freeze(kind, zaaktype.pk, by)
        before = _text(kind.resource, uuid)
        for name, value in columns.items():
            setattr(row, name, value)
        row.zaaktype = zaaktype
        row.save()
        kind.write_links(row, links)
        after = _text(kind.resource, uuid)
        actie = "partial_update" if is_partial else "update"
        _tell(kind.resource, uuid, actie, before, after, ZAAKTYPE, zaaktype.uuid, by, toelichting)
    return after


@transaction.atomic
def delete_part(kind: PartKind, uuid: UUID, *, by: Caller, toelichting: str = "") -> None:
    """Remove a part of a concept zaaktype; with the forced scope also of a published one, when nothing uses it."""
    row = _part(kind, uuid)
    concept = Zaaktype.objects.select_for_update().values_list("concept", flat=True).get(pk=row.zaaktype_id)
    if not concept and not by.has_scope("ztc", FORCED_DELETE):
        raise Invalid([_frozen(kind)])
    before = _text(kind.resource, uuid)
    _remove(row)
    _tell(kind.resource, uuid, "destroy", before, None, ZAAKTYPE, row.zaaktype.uuid, by, toelichting)
