"""Preparing the next version of a type beside the one that is used, and letting it take over on its day.

Source: history model of ZGW Catalogi 1.3 (a version is a resource of its own); ztc-009, ztc-010, ztc-016.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, models, transaction

from stadhuis.catalogi.errors import TypeNotFound, VersionRefused
from stadhuis.catalogi.models import (
    Besluittype,
    Eigenschap,
    Informatieobjecttype,
    Resultaattype,
    ResultaattypeBesluittype,
    ResultaattypeInformatieobjecttype,
    Roltype,
    Statustype,
    StatustypeEigenschap,
    Versioned,
    Zaakobjecttype,
    Zaaktype,
    ZaaktypeBesluittype,
    ZaaktypeDeelzaaktype,
    ZaaktypeInformatieobjecttype,
    ZaaktypeRelatie,
)
from stadhuis.catalogi.resource import BESLUITTYPE, INFORMATIEOBJECTTYPE, ZAAKTYPE
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.memory import forget
from stadhuis.kit.time import today

_EVERYONE: Final = Everyone()
_KINDS: Final[Mapping[str, tuple[Any, str, Resource]]] = {
    "zaaktypen": (Zaaktype, "identificatie", ZAAKTYPE),
    "informatieobjecttypen": (Informatieobjecttype, "omschrijving", INFORMATIEOBJECTTYPE),
    "besluittypen": (Besluittype, "omschrijving", BESLUITTYPE),
}
_PARTS: Final[tuple[Any, ...]] = (
    Statustype,
    Eigenschap,
    Resultaattype,
    Roltype,
    Zaakobjecttype,
    ZaaktypeInformatieobjecttype,
)
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def new_version(zaaktype: UUID, begin: date, *, by: Any, reason: str = "") -> UUID:
    """Copy a version of a zaaktype with everything in it to a concept that begins on a day; returns its identification.

    The version that is used goes on unchanged; ``publish_version`` lets the new one take over. ``by`` is the actor. Raises
    ``TypeNotFound``, and ``VersionRefused`` for a day in the past or on which a version begins already.
    """
    source: Zaaktype = _versions_of("zaaktypen", zaaktype)[zaaktype]
    if begin < today():
        raise VersionRefused("past", begin)
    same = Zaaktype.objects.filter(catalogus=source.catalogus_id, identificatie=source.identificatie)
    if same.filter(begin_geldigheid=begin).exists():
        raise VersionRefused("same-begin", begin)
    made = _copy(source, begin_geldigheid=begin, einde_geldigheid=None, versiedatum=begin, concept=True)
    made.save(force_insert=True)
    _copy_parts(source, made)
    _tell(ZAAKTYPE, made.uuid, "create", None, by=by, reason=reason)
    return made.uuid


def _copy(row: Row, **changed: Any) -> Row:
    """Return a new row like another one, not yet stored."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    if "uuid" in values:
        values["uuid"] = uuid4()
    return type(row)(**{**values, **changed})


def _copy_parts(source: Zaaktype, made: Zaaktype) -> None:
    """Copy everything that belongs to a version; what leads from one part to another leads to the copies."""
    copies: dict[Any, dict[int, Any]] = {}
    for model in _PARTS:
        rows = model._default_manager.filter(zaaktype=source).order_by("pk")
        changed: dict[str, Any] = {"zaaktype_id": made.pk}
        if model is not ZaaktypeInformatieobjecttype:
            changed |= {"begin_geldigheid": None, "einde_geldigheid": None}  # they are those of the zaaktype
        pairs = [(row.pk, _copy(row, **changed)) for row in rows]
        if model in (Eigenschap, ZaaktypeInformatieobjecttype):
            for _, copy in pairs:
                copy.statustype_id = copies[Statustype][copy.statustype_id].pk if copy.statustype_id else None
        model._default_manager.bulk_create([copy for _, copy in pairs])
        copies[model] = dict(pairs)
    by_name: tuple[Any, ...] = (ZaaktypeBesluittype, ZaaktypeDeelzaaktype, ZaaktypeRelatie)
    for link in by_name:
        rows = link._default_manager.filter(zaaktype=source).order_by("pk")
        link._default_manager.bulk_create([_copy(row, zaaktype_id=made.pk) for row in rows])
    ends: tuple[tuple[Any, dict[str, Any]], ...] = (
        (StatustypeEigenschap, {"statustype_id": Statustype, "eigenschap_id": Eigenschap}),
        (ResultaattypeBesluittype, {"resultaattype_id": Resultaattype}),
        (ResultaattypeInformatieobjecttype, {"resultaattype_id": Resultaattype}),
        (Zaakobjecttype.statustypen.through, {"zaakobjecttype_id": Zaakobjecttype, "statustype_id": Statustype}),
        (
            Zaakobjecttype.resultaattypen.through,
            {"zaakobjecttype_id": Zaakobjecttype, "resultaattype_id": Resultaattype},
        ),
    )
    for link, columns in ends:
        [(first, of), *_] = columns.items()
        rows = link._default_manager.filter(**{f"{first}__in": list(copies[of])}).order_by("pk")
        link._default_manager.bulk_create(
            _copy(row, **{name: copies[kind][getattr(row, name)].pk for name, kind in columns.items()}) for row in rows
        )


def publish_version(kind: str, uuid: UUID, begin: date | None = None, *, by: Any, reason: str = "") -> None:
    """Publish a concept, from a day on (by default its own); the version it follows ends on the day before.

    ``kind`` is zaaktypen, informatieobjecttypen or besluittypen. What is published already stays as it is. Raises
    ``TypeNotFound``, and ``VersionRefused``: a version that begins on that day or later would overlap, or the version before
    would end in the past, while things were made under it since. Source: ztc-016.
    """
    try:
        with transaction.atomic():
            _publish(kind, uuid, begin, by, reason)
    except IntegrityError:
        raise VersionRefused("later", begin) from None
    forget("zaaktype")


def _publish(kind: str, uuid: UUID, begin: date | None, by: Any, reason: str) -> None:
    versions = _versions_of(kind, uuid)
    row, resource = versions[uuid], _KINDS[kind][2]
    if not row.concept:
        return
    first = begin or row.begin_geldigheid
    if row.einde_geldigheid is not None and row.einde_geldigheid < first:
        raise VersionRefused("order", row.einde_geldigheid)
    published = [one for one in versions.values() if not one.concept]
    following = min((one.begin_geldigheid for one in published if one.begin_geldigheid >= first), default=None)
    if following is not None and (row.einde_geldigheid is None or row.einde_geldigheid >= following):
        raise VersionRefused("later", following)
    for one in published:
        if one.begin_geldigheid < first and (one.einde_geldigheid is None or one.einde_geldigheid >= first):
            if first < today():
                raise VersionRefused("past", first)
            before = _json_text(resource, one.uuid)
            one.einde_geldigheid = first - timedelta(days=1)
            one.save(update_fields=["einde_geldigheid"])
            _tell(resource, one.uuid, "partial_update", before, by=by, reason=reason)
    before = _json_text(resource, uuid)
    if isinstance(row, Zaaktype) and row.begin_geldigheid != first:
        row.versiedatum = first
        for model in _PARTS:
            if model is not ZaaktypeInformatieobjecttype:
                model._default_manager.filter(zaaktype=row, begin_geldigheid__isnull=False).update(
                    begin_geldigheid=None
                )
    row.begin_geldigheid, row.concept = first, False
    row.save()
    _tell(resource, uuid, "update", before, by=by, reason=reason)


def _versions_of(kind: str, uuid: UUID) -> dict[UUID, Any]:
    """Return all versions of the type that a version is of, locked. Raises ``TypeNotFound``."""
    model, name, _ = _KINDS[kind]
    one: Versioned | None = model._default_manager.filter(uuid=uuid).first()
    if one is None:
        raise TypeNotFound(f"no version {uuid}")
    same = {"catalogus_id": one.catalogus_id, name: getattr(one, name)}
    rows = {row.uuid: row for row in model._default_manager.filter(**same).order_by("pk").select_for_update()}
    if uuid not in rows:  # renamed or removed in between
        raise TypeNotFound(f"no version {uuid}")
    return rows


def _json_text(resource: Resource, uuid: UUID) -> str:
    return resource.one(uuid, seen_by=_EVERYONE).text


def _tell(resource: Resource, uuid: UUID, actie: str, before: str | None, *, by: Any, reason: str) -> None:
    new = json.loads(_json_text(resource, uuid))
    CHANGED.announce(
        Change(
            resource=resource, uuid=uuid, actie=actie, before=json.loads(before) if before else None, after=new, by=by,
            main=resource, main_uuid=uuid, main_json=new, toelichting=reason, weergave=str(new["omschrijving"])[:200],
            resultaat=201 if actie == "create" else 200,
        )
    )  # fmt: skip
