"""Taking over a catalogue from another register, object by object, with what that register shows.

Nothing is checked that only holds for what is new (a published type does not change any more ...); what the tables forbid
stays forbidden. What stands here already under the same name and was made here is left alone and used instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from stadhuis.audit import public as audit
from stadhuis.catalogi import shapes
from stadhuis.catalogi.api.kinds import (
    BESLUITTYPEN,
    EIGENSCHAPPEN,
    INFORMATIEOBJECTTYPEN,
    RESULTAATTYPEN,
    ROLTYPEN,
    STATUSTYPEN,
    ZAAKOBJECTTYPEN,
    ZAAKTYPE_INFORMATIEOBJECTTYPEN,
    ZAAKTYPEN,
    MainKind,
    PartKind,
)
from stadhuis.catalogi.models import Catalogus, Informatieobjecttype, Resultaattype, Statustype, Zaaktype
from stadhuis.catalogi.resource import CATALOGUS, ROOT
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.foreign import read
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.placed import NotHere, Placed
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.memory import forget
from stadhuis.people.public import Actor

Values = dict[str, Any]


@dataclass(frozen=True)
class _Main:
    """How a main type is read: its shape, and which lists of names stand beside lists of addresses."""

    kind: MainKind
    shape: type[Shape]
    names: Mapping[str, str]


_MAINS: Final = {
    "informatieobjecttype": _Main(INFORMATIEOBJECTTYPEN, shapes.InformatieobjecttypeBody, {}),
    "besluittype": _Main(
        BESLUITTYPEN, shapes.BesluittypeBody, {"informatieobjecttypen": "informatieobjecttype_omschrijvingen"}
    ),
    "zaaktype": _Main(
        ZAAKTYPEN,
        shapes.ZaaktypeBody,
        {"besluittypen": "besluittype_omschrijving", "deelzaaktypen": "deelzaaktype_identificaties"},
    ),
}


@dataclass(frozen=True)
class _Part:
    """How a part of a zaaktype is read, and by which columns it is known within its zaaktype."""

    kind: PartKind
    shape: type[Shape]
    known_by: tuple[str, ...]
    names: Mapping[str, str]


_PARTS: Final = {
    "statustype": _Part(STATUSTYPEN, shapes.StatustypeBody, ("volgnummer",), {}),
    "resultaattype": _Part(
        RESULTAATTYPEN,
        shapes.ResultaattypeBody,
        ("omschrijving",),
        {"besluittypen": "besluittype_omschrijving", "informatieobjecttypen": "informatieobjecttype_omschrijving"},
    ),
    "roltype": _Part(ROLTYPEN, shapes.RoltypeBody, ("omschrijving",), {}),
    "eigenschap": _Part(EIGENSCHAPPEN, shapes.EigenschapBody, ("naam",), {}),
    "zaakobjecttype": _Part(ZAAKOBJECTTYPEN, shapes.ZaakobjecttypeBody, ("objecttype", "relatie_omschrijving"), {}),
    "zaakinformatieobjecttype": _Part(
        ZAAKTYPE_INFORMATIEOBJECTTYPEN, shapes.ZaaktypeInformatieobjecttypeBody, ("volgnummer",), {}
    ),
}
KINDS: Final = ("catalogus", *_MAINS, *_PARTS)


@transaction.atomic
def take_over(kind: str, body: Mapping[str, Any], *, uuid: UUID, by: Actor, origin: str) -> Placed:
    """Place or renew one object of a catalogue; addresses in ``body`` are ours already.

    ``kind`` is one of ``KINDS``. Raises ``Invalid`` for a body that cannot be read and ``NotHere`` while its catalogue or
    zaaktype is not here. A relation to what is not here (yet) is left out and named in ``Placed.waits_for``.
    """
    forget("zaaktype")
    if kind == "catalogus":
        return _catalogus(body, uuid, by, origin)
    return (
        _main(_MAINS[kind], body, uuid, by, origin) if kind in _MAINS else _part(_PARTS[kind], body, uuid, by, origin)
    )


def _write(resource: Resource, row: Any, columns: Values, after: Callable[[Any], None], by: Actor, origin: str) -> None:
    before = resource.kept(row.uuid) if row.pk else None
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    after(row)
    now = resource.kept(row.uuid)
    if now == before:
        return
    main = row.zaaktype.uuid if resource.main else row.uuid
    shown = str(now.get("omschrijving") or now.get("naam") or now.get("domein") or row.uuid)
    audit.taken_over(
        resource, row.uuid, main_uuid=main, before=before, after=now, by=by, origin=origin, weergave=shown[:200]
    )


def _catalogus(body: Mapping[str, Any], uuid: UUID, by: Actor, origin: str) -> Placed:
    values = read(shapes.CatalogusBody, body)
    columns = {name: "" if name in {"naam", "versie"} and value is None else value for name, value in values.items()}
    row = Catalogus.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        same = Catalogus.objects.filter(domein=columns["domein"], rsin=columns["rsin"]).first()
        if same is not None:
            return Placed(same.uuid, is_adopted=True)
        row = Catalogus(uuid=uuid)
    _write(CATALOGUS, row, columns, lambda _: None, by, origin)
    return Placed(uuid)


def _resolved(body_names: Values, names: Mapping[str, str], values: Values) -> None:
    """Put names beside addresses: the names say also what no version valid today shows."""
    for name, beside in names.items():
        values[name] = [*(one for one in values[name] if one), *(body_names.get(beside) or [])]


def _waits(faults: list[Fault]) -> tuple[str, ...]:
    return tuple(sorted({fault.name.partition(".")[0] for fault in faults}))


def _main(main: _Main, body: Mapping[str, Any], uuid: UUID, by: Actor, origin: str) -> Placed:
    kind = main.kind
    values = read(main.shape, body, also=("concept", *main.names.values()), lacks=("referentieproces",))
    catalogus = Catalogus.objects.filter(uuid__in=_uuids([values["catalogus"]], "catalogussen")).first()
    if catalogus is None:
        raise NotHere("catalogus")
    row = kind.model._default_manager.select_for_update().filter(uuid=uuid).first()
    if row is None:
        same = kind.model._default_manager.filter(
            catalogus=catalogus, begin_geldigheid=values["begin_geldigheid"], **{kind.name: values[kind.name]}
        ).first()
        if same is not None:
            return Placed(same.uuid, is_adopted=True)
        row = kind.model(uuid=uuid)
    _resolved(values, main.names, values)
    if "gerelateerde_zaaktypen" in values:
        values["gerelateerde_zaaktypen"] = _relations(body.get("gerelateerdeZaaktypen"), values)
    faults: list[Fault] = []
    # The selectielijst is not asked: what was accepted there stays as it is.
    found = kind.resolve(
        {name: value for name, value in values.items() if name != "selectielijst_procestype"}, catalogus.pk, faults
    )
    columns = kind.columns(values) | {
        "catalogus": catalogus,
        "ref": f"{catalogus.domein}:{values[kind.name]}",
        "concept": bool(values["concept"]),
    }
    _write(kind.resource, row, columns, lambda saved: kind.write_links(saved, found), by, origin)
    return Placed(uuid, _waits(faults))


def _relations(sent: Any, values: Values) -> list[SimpleNamespace]:
    """Return the related zaaktypen by address, or by identificatie where no version is valid now."""
    relations = []
    for raw, one in zip(sent or (), values["gerelateerde_zaaktypen"], strict=False):
        where = raw.get("zaaktype") or raw.get("zaaktypeIdentificatie")
        if where:
            relations.append(
                SimpleNamespace(zaaktype=str(where), aard_relatie=one.aard_relatie, toelichting=one.toelichting or "")
            )
    return relations


def _part(part: _Part, body: Mapping[str, Any], uuid: UUID, by: Actor, origin: str) -> Placed:
    kind = part.kind
    if kind.resource.name == "zaakinformatieobjecttype":
        body = _with_name(body)
    values = read(part.shape, body, also=(*part.names.values(), *_ALSO.get(kind.resource.name, ())))
    found_types = Zaaktype.objects.select_related("catalogus").filter(
        uuid__in=_uuids([values["zaaktype"]], "zaaktypen")
    )
    zaaktype = found_types.first()
    if zaaktype is None:
        raise NotHere("zaaktype")
    row = kind.model._default_manager.select_for_update().filter(uuid=uuid).first()
    if row is None:
        same = kind.model._default_manager.filter(
            zaaktype=zaaktype, **{name: values[name] for name in part.known_by}
        ).first()
        if same is not None:
            return Placed(same.uuid, is_adopted=True)
        row = kind.model(uuid=uuid)
    _resolved(values, part.names, values)
    faults: list[Fault] = []
    # With nothing "given", nothing is looked up elsewhere, and what the selectielijst says is not put over it.
    columns, found = kind.prepare(values, frozenset(), zaaktype, faults)
    if kind.resource.name == "resultaattype":
        columns["omschrijving_generiek"] = (values["omschrijving_generiek"] or "")[:80]
    waits = [fault for fault in faults if fault.name.partition(".")[0] in _REFERS]

    def after(saved: Any) -> None:
        kind.write_links(saved, found)
        if kind.resource.name == "zaakobjecttype":
            saved.statustypen.set(_rows(Statustype, values["statustypen"], "statustypen", waits))
            saved.resultaattypen.set(_rows(Resultaattype, values["resultaattypen"], "resultaattypen", waits))

    _write(kind.resource, row, columns | {"zaaktype": zaaktype}, after, by, origin)
    return Placed(uuid, _waits(waits))


def _with_name(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the body with the type of document by name: as an address it may be longer than a name."""
    uuid = INFORMATIEOBJECTTYPEN.resource.uuid_of(str(body.get("informatieobjecttype") or ""))
    if uuid is None:
        return body
    name = Informatieobjecttype.objects.filter(uuid=uuid).values_list("omschrijving", flat=True).first()
    if name is None:
        raise NotHere("informatieobjecttype")
    return {**body, "informatieobjecttype": name}


_ALSO: Final = {"resultaattype": ("omschrijving_generiek",), "zaakobjecttype": ("statustypen", "resultaattypen")}
_REFERS: Final = {"besluittypen", "informatieobjecttypen", "informatieobjecttype", "statustype", "eigenschappen"}


def _uuids(urls: Iterable[str], path: str) -> set[UUID]:
    """Return the uuids in addresses of ours of this kind."""
    return {uuid for url in urls if (uuid := uuid_in(url, ROOT, path)) is not None}


def _rows(model: type[models.Model], urls: list[str] | None, path: str, waits: list[Fault]) -> list[Any]:
    wanted = _uuids(urls or (), path)
    found = list(model._default_manager.filter(uuid__in=wanted))
    if len(found) < len(wanted):
        waits.append(Fault(path, "bad-url", "Niet alles waarnaar dit verwijst is er."))
    return found


@dataclass(frozen=True)
class TypeRef:
    """Which main type an address of ours names."""

    id: int
    ref: str
    uuid: UUID


def ref_of(url: str) -> TypeRef | None:
    """Return the main type of ours that an address names; None for any other address."""
    for one in _MAINS.values():
        uuid = one.kind.resource.uuid_of(url)
        if uuid is not None:
            row = one.kind.model._default_manager.filter(uuid=uuid).values_list("pk", "ref").first()
            return TypeRef(row[0], row[1], uuid) if row else None
    return None
