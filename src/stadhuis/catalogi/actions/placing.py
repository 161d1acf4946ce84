"""Placing types that come from another catalogue: from a file, or from the API of another provider.

A version is known by what the standard knows it by (identificatie or omschrijving, and its first day), a part by its name or
number within the zaaktype. What is not here yet is made; a concept follows what was sent; of a published version only the
last day may follow (ztc-009), any other difference is a conflict. Nothing is taken away, and nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import DatabaseError, DataError, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from stadhuis.catalogi import shapes
from stadhuis.catalogi.api import kinds
from stadhuis.catalogi.errors import PlacingRefused
from stadhuis.catalogi.models import (
    Besluittype,
    BesluittypeInformatieobjecttype,
    Catalogus,
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
from stadhuis.catalogi.resource import BESLUITTYPE, CATALOGUS, INFORMATIEOBJECTTYPE, ZAAKTYPE
from stadhuis.catalogi.selectielijst.reads import unknown
from stadhuis.kit import together
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.memory import forget

Objects = Mapping[str, Sequence[Mapping[str, Any]]]
"""Path of a resource in the Catalogi API -> its objects, with the keys of the API."""
MOST_FAULTS: Final = 50
_EVERYONE: Final = Everyone()


@dataclass(frozen=True)
class Placed:
    """What came of placing types."""

    new: int = 0
    changed: int = 0
    same: int = 0
    published: int = 0
    uuids: Mapping[str, UUID] = field(default_factory=dict)
    """Address under which something was sent -> what it is here."""
    notes: tuple[str, ...] = ()
    """What an administrator should look at."""

    @property
    def changed_nothing(self) -> bool:
        """Whether everything was here already."""
        return not (self.new or self.changed or self.published)


def place_types(objects: Objects, *, by: Any, publish: bool = False, reason: str = "") -> Placed:
    """Place types with everything that belongs to them: all of it or nothing. Twice changes nothing.

    New versions come in as a concept, as everywhere in the field; with ``publish`` those that were published where they come
    from are published here. Their identification is kept when nothing here has it. ``by`` is the actor. Raises
    ``PlacingRefused`` with what is wrong: shapes, references that lead nowhere, conflicts with published versions.
    """
    placing = _Placing(objects, by=by, publish=publish, reason=reason)
    placing.read()
    placing.refuse_if_wrong()
    forget("zaaktype")
    try:
        with transaction.atomic(), together.together():
            with connection.cursor() as cursor:  # one at a time: two would make the same version twice
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalogi:placing', 0))")
            placing.write()
            placing.refuse_if_wrong()
            placing.tell()
    except (IntegrityError, DataError) as error:
        raise PlacingRefused(
            [_("De gegevens passen niet bij elkaar: %(why)s") % {"why": _first_line(error)}], 1
        ) from None
    return placing.placed()


def _first_line(error: DatabaseError) -> str:
    return str(error).splitlines()[0][:200]


@dataclass(frozen=True)
class _Link:
    """Rows that hang on a row, known by these columns."""

    model: Any
    owner: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class _Kind:
    """How objects of one resource are read and stored."""

    path: str
    label: str
    model: Any
    shape: type[Shape]
    key: tuple[str, ...]
    columns: Callable[[Mapping[str, Any]], dict[str, Any]]
    links: tuple[_Link, ...] = ()
    resource: Resource | None = None
    """Of the types that have versions."""


_MAIN: Final = (
    _Kind(
        "informatieobjecttypen", "informatieobjecttype", Informatieobjecttype, shapes.InformatieobjecttypeBody,
        ("omschrijving", "begin_geldigheid"), kinds.INFORMATIEOBJECTTYPEN.columns, resource=INFORMATIEOBJECTTYPE,
    ),
    _Kind(
        "besluittypen", "besluittype", Besluittype, shapes.BesluittypeInBody, ("omschrijving", "begin_geldigheid"),
        kinds.BESLUITTYPEN.columns, (_Link(BesluittypeInformatieobjecttype, "besluittype_id", ("omschrijving",)),),
        BESLUITTYPE,
    ),
    _Kind(
        "zaaktypen", "zaaktype", Zaaktype, shapes.ZaaktypeInBody, ("identificatie", "begin_geldigheid"),
        kinds.ZAAKTYPEN.columns,
        (
            _Link(ZaaktypeBesluittype, "zaaktype_id", ("omschrijving",)),
            _Link(ZaaktypeDeelzaaktype, "zaaktype_id", ("identificatie",)),
            _Link(ZaaktypeRelatie, "zaaktype_id", ("identificatie", "zaaktype_url", "aard_relatie", "toelichting")),
        ),
        ZAAKTYPE,
    ),
)  # fmt: skip
_PARTS: Final = (
    _Kind(
        "statustypen", "statustype", Statustype, shapes.StatustypeBody, ("volgnummer",), kinds.statustype_columns,
        (_Link(StatustypeEigenschap, "statustype_id", ("eigenschap_id",)),),
    ),
    _Kind(
        "eigenschappen", "eigenschap", Eigenschap, shapes.EigenschapBody, ("naam",), kinds.eigenschap_columns
    ),
    _Kind(
        "resultaattypen", "resultaattype", Resultaattype, shapes.ResultaattypeInBody, ("omschrijving",),
        kinds.resultaattype_columns,
        (
            _Link(ResultaattypeBesluittype, "resultaattype_id", ("omschrijving",)),
            _Link(ResultaattypeInformatieobjecttype, "resultaattype_id", ("omschrijving",)),
        ),
    ),
    _Kind("roltypen", "roltype", Roltype, shapes.RoltypeBody, ("omschrijving",), kinds.roltype_columns),
    _Kind(
        "zaakobjecttypen", "zaakobjecttype", Zaakobjecttype, shapes.ZaakobjecttypeBody,
        ("objecttype", "relatie_omschrijving"), kinds.zaakobjecttype_columns,
        (
            _Link(Zaakobjecttype.statustypen.through, "zaakobjecttype_id", ("statustype_id",)),
            _Link(Zaakobjecttype.resultaattypen.through, "zaakobjecttype_id", ("resultaattype_id",)),
        ),
    ),
    _Kind(
        "zaaktype-informatieobjecttypen", "zaaktype-informatieobjecttype", ZaaktypeInformatieobjecttype,
        shapes.ZaaktypeInformatieobjecttypeBody, ("volgnummer",), kinds.ziot_columns,
    ),
)  # fmt: skip
PATHS: Final = ("catalogussen", *(kind.path for kind in (*_MAIN, *_PARTS)))
"""The resources that can be placed."""


@dataclass
class _Sent:
    """One object that was sent."""

    kind: _Kind
    raw: Mapping[str, Any]
    url: str
    label: str
    columns: dict[str, Any]
    key: tuple[Any, ...]
    concept: bool
    parent: str
    """Address of its catalogus or zaaktype, as sent."""
    links: list[set[tuple[Any, ...]]] = field(default_factory=list)
    row: Any = None
    is_new: bool = False

    @property
    def name(self) -> str:
        return str(self.key[0])


class _Placing:
    """One run: first everything is read and checked, then written."""

    def __init__(self, objects: Objects, *, by: Any, publish: bool, reason: str) -> None:
        self.objects, self.by, self.publish, self.reason = objects, by, publish, reason
        self.faults: list[str] = []
        self.catalogi: dict[str, Mapping[str, Any]] = {}
        self.catalogus_rows: dict[str, Catalogus] = {}
        self.sent: dict[str, dict[str, _Sent]] = {kind.path: {} for kind in (*_MAIN, *_PARTS)}
        self.before: dict[tuple[str, UUID], tuple[_Kind | None, str | None]] = {}
        self.counts = {"new": 0, "changed": 0, "same": 0, "published": 0}

    # -- reading --
    def read(self) -> None:
        """Check every object and every reference."""
        for path in self.objects:
            if path not in PATHS:
                self.faults.append(_("Onbekend onderdeel: %(path)s.") % {"path": path[:60]})
        for raw in self.objects.get("catalogussen", ()):
            self._read_catalogus(raw)
        for kind in (*_MAIN, *_PARTS):
            for raw in self.objects.get(kind.path, ()):
                self._read_one(kind, raw)
        if not self.faults:  # of what has no shape nothing can be said
            for sent in self._all():
                self._read_links(sent)

    def _all(self) -> Iterable[_Sent]:
        return (sent for kind in (*_MAIN, *_PARTS) for sent in self.sent[kind.path].values())

    def _read_catalogus(self, raw: Mapping[str, Any]) -> None:
        url = _text(raw.get("url"))
        faults: list[Fault] = []
        record = shapes.CatalogusBody.walk(dict(raw), "", faults)
        label = f"catalogus {_text(raw.get('domein'))}"
        self.faults += [f"{label}: {fault.name}: {fault.reason}" for fault in faults]
        if not url or url in self.catalogi:
            self.faults.append(_("%(what)s: url ontbreekt of staat er twee keer in.") % {"what": label})
        values = record.values()
        self.catalogi[url] = {**values, "naam": values["naam"] or "", "versie": values["versie"] or ""}

    def _read_one(self, kind: _Kind, raw: Mapping[str, Any]) -> None:
        faults: list[Fault] = []
        values = kind.shape.walk(_cleaned(kind, raw), "", faults).values()
        label = f"{kind.label} {_name_of(raw)}"
        url = _text(raw.get("url"))
        if not url or url in self.sent[kind.path]:
            self.faults.append(_("%(what)s: url ontbreekt of staat er twee keer in.") % {"what": label})
            return
        if faults:
            self.faults += [f"{label}: {fault.name}: {fault.reason}" for fault in faults]
            return
        columns = kind.columns(values)
        if kind.resource is None:
            for derived in ("begin_geldigheid", "einde_geldigheid"):  # of a part they are those of its zaaktype
                columns.pop(derived, None)
        elif kind.model is Zaaktype and columns.get("versiedatum") is None:
            columns["versiedatum"] = columns["begin_geldigheid"]
        if kind.model is Resultaattype:
            columns["omschrijving_generiek"] = _text(raw.get("omschrijvingGeneriek"))[:80]
        key = tuple(columns[name] for name in kind.key if name in columns) if kind.key[0] in columns else ()
        parent = values["zaaktype" if kind.resource is None else "catalogus"]
        self.sent[kind.path][url] = _Sent(kind, raw, url, label, columns, key, raw.get("concept") is not False, parent)

    def _fault(self, sent: _Sent, text: str) -> None:
        self.faults.append(f"{sent.label}: {text}")

    def _read_links(self, sent: _Sent) -> None:
        raw, kind = sent.raw, sent.kind
        if kind.resource is not None:
            if sent.parent not in self.catalogi:
                self._fault(sent, _("de catalogus %(url)s zit er niet bij.") % {"url": sent.parent})
        elif sent.parent not in self.sent["zaaktypen"]:
            self._fault(sent, _("het zaaktype %(url)s zit er niet bij.") % {"url": sent.parent})
        if kind.model is Besluittype:
            sent.links = [self._names(sent, "informatieobjecttypen", "informatieobjecttypen", "informatieobjecttypeOmschrijvingen", "informatieobjecttypeOmschrijving", "vastgelegdIn")]  # fmt: skip
        elif kind.model is Zaaktype:
            sent.links = [
                self._names(sent, "besluittypen", "besluittypen", "besluittypeOmschrijving"),
                self._names(sent, "deelzaaktypen", "zaaktypen", "deelzaaktypeIdentificaties"),
                self._related(sent),
            ]
        elif kind.model is Resultaattype:
            sent.links = [
                self._names(sent, "besluittypen", "besluittypen", "besluittypeOmschrijving"),
                self._names(sent, "informatieobjecttypen", "informatieobjecttypen", "informatieobjecttypeOmschrijving"),
            ]
        elif kind.model is ZaaktypeInformatieobjecttype:
            value = _text(raw.get("informatieobjecttype"))
            sent.columns["informatieobjecttype"] = self._name(
                sent, "informatieobjecttype", "informatieobjecttypen", value
            )
        # What leads to another part of the same zaaktype gets its row once that is stored.
        for name, path in _PART_REFERENCES.get(kind.path, {}).items():
            for url in _urls(raw.get(name)):
                found = self.sent[path].get(url)
                if found is None or found.parent != sent.parent:
                    self._fault(
                        sent,
                        _("%(field)s: %(url)s zit er niet bij of is van een ander zaaktype.")
                        % {"field": name, "url": url},
                    )

    def _names(self, sent: _Sent, key: str, path: str, *more: str) -> set[tuple[Any, ...]]:
        """Return names that were sent as such, or as the address of a version that was sent too."""
        values = [value for name in (key, *more) for value in _urls(sent.raw.get(name))]
        return {(self._name(sent, key, path, value),) for value in values}

    def _name(self, sent: _Sent, key: str, path: str, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            if len(value) > (50 if path == "zaaktypen" else 80) or "\x00" in value or value.isspace():
                self._fault(sent, _("%(field)s: geen geldige naam.") % {"field": key})
            return value
        found = self.sent[path].get(value)
        if (
            found is None
            or found.kind.resource is None
            or (sent.kind.resource is not None and found.parent != sent.parent)
        ):
            self._fault(
                sent,
                _("%(field)s: %(url)s zit er niet bij of is van een andere catalogus.") % {"field": key, "url": value},
            )
            return ""
        return found.name

    def _related(self, sent: _Sent) -> set[tuple[Any, ...]]:
        rows = set()
        for one in sent.raw.get("gerelateerdeZaaktypen") or ():
            value, name = _text(one.get("zaaktype")), _text(one.get("zaaktypeIdentificatie"))
            found = self.sent["zaaktypen"].get(value)
            if found is not None:  # of another catalogue the address is kept: an identificatie means nothing there
                name = found.name if found.parent == sent.parent else ""
            elif not value.startswith(("http://", "https://")):
                name = name or value
            rows.add((name[:50], "" if name else value[:200], one["aardRelatie"], _text(one.get("toelichting"))[:255]))
        return rows

    def refuse_if_wrong(self) -> None:
        """Raise ``PlacingRefused`` when something is."""
        if self.faults:
            raise PlacingRefused(self.faults[:MOST_FAULTS], len(self.faults))

    # -- writing --
    def write(self) -> None:
        """Store what differs."""
        for url, values in self.catalogi.items():
            self.catalogus_rows[url] = self._catalogus(url, values)
        for kind in _MAIN:
            self._store(kind)
        for kind in _PARTS:
            self._store(kind)
        self._link_parts()
        for kind in (*_MAIN, *_PARTS):
            self._store_links(kind)
        if self.publish and not self.faults:
            self._publish()

    def _catalogus(self, url: str, values: Mapping[str, Any]) -> Catalogus:
        row = Catalogus.objects.select_for_update().filter(domein=values["domein"], rsin=values["rsin"]).first()
        if row is None:
            taken = set(Catalogus.objects.filter(uuid=_uuid(url) or uuid4()).values_list("uuid", flat=True))
            row = Catalogus.objects.create(uuid=_free(url, taken), **values)
            self.before["catalogussen", row.uuid] = (None, None)
            self.counts["new"] += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            self.before["catalogussen", row.uuid] = (None, _json_text(CATALOGUS, row.uuid))
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            self.counts["changed"] += 1
        else:
            self.counts["same"] += 1
        return row

    def _owner(self, sent: _Sent) -> Any:
        return self.catalogus_rows[sent.parent] if sent.kind.resource else self.sent["zaaktypen"][sent.parent].row

    def _store(self, kind: _Kind) -> None:
        every = list(self.sent[kind.path].values())
        if not every:
            return
        owner = "catalogus_id" if kind.resource else "zaaktype_id"
        there: dict[tuple[Any, ...], Any] = {}
        rows = kind.model._default_manager.filter(**{f"{owner}__in": {self._owner(one).pk for one in every}})
        # Of versions with the same name and first day the published one counts, and else the oldest: it comes last.
        for row in rows.order_by(*(["-concept"] if kind.resource else []), "-pk").select_for_update():
            there[getattr(row, owner), *(getattr(row, name) for name in kind.key)] = row
        taken = set(
            kind.model._default_manager.filter(uuid__in=[_uuid(one.url) for one in every]).values_list(
                "uuid", flat=True
            )
        )
        seen: dict[tuple[Any, ...], _Sent] = {}
        new = []
        for one in every:
            place = (self._owner(one).pk, *one.key)
            if place in seen:
                if kind.model is not Zaakobjecttype:
                    self._fault(one, _("staat er twee keer in."))
                one.row = seen[place].row
                continue
            seen[place] = one
            self._resolve(one)
            one.row = there.get(place)
            if one.row is None:
                one.is_new = True
                one.row = kind.model(uuid=_free(one.url, taken), **{owner: place[0]}, **one.columns)
                if kind.resource:
                    one.row.ref = f"{self._owner(one).domein}:{one.key[0]}"
                new.append(one)
            else:
                self._follow(one)
        self._add(kind, new)

    def _resolve(self, one: _Sent) -> None:
        if one.kind.model in (Eigenschap, ZaaktypeInformatieobjecttype):
            url = _text(one.raw.get("statustype"))
            one.columns["statustype_id"] = self.sent["statustypen"][url].row.pk if url else None

    def _add(self, kind: _Kind, new: list[_Sent]) -> None:
        for one in new:
            if kind.resource is None and not self._may_change(one, _("is nieuw")):
                return
        kind.model._default_manager.bulk_create([one.row for one in new])
        for one in new:
            if kind.resource is not None:
                self.before[kind.path, one.row.uuid] = (kind, None)
        self.counts["new"] += len(new)

    def _follow(self, one: _Sent) -> None:
        """Let a row that is here follow what was sent, if it may."""
        differs = [name for name, value in one.columns.items() if _differs(one.row, name, value)]
        if not differs:
            self.counts["same"] += 1
            return
        may_follow = one.kind.resource is not None and set(differs) <= {"einde_geldigheid"}
        if not may_follow and not self._may_change(one, _("verschilt: %(fields)s") % {"fields": ", ".join(differs)}):
            return
        self._touch(one)
        for name in differs:
            setattr(one.row, name, one.columns[name])
        try:
            with transaction.atomic():
                one.row.save(update_fields=differs)
        except IntegrityError:
            self._fault(one, _("de geldigheid overlapt met een andere gepubliceerde versie (ztc-016)."))
        self.counts["changed"] += 1

    def _may_change(self, one: _Sent, what: str) -> bool:
        """Add a conflict when a row belongs to a version that is published here. Source: ztc-009, ztc-010."""
        version = one.row if one.kind.resource else self._owner(one)
        if version.concept:
            return True
        self._fault(
            one,
            _(
                "%(what)s, maar %(ref)s van %(day)s is hier al gepubliceerd en verandert niet meer. Maak een nieuwe versie."
            )
            % {"what": what, "ref": version.ref, "day": version.begin_geldigheid},
        )
        return False

    def _touch(self, one: _Sent) -> None:
        """Keep how a version was, before the first thing of it changes."""
        sent = one if one.kind.resource else self.sent["zaaktypen"][one.parent]
        key = (sent.kind.path, sent.row.uuid)
        if key not in self.before and sent.kind.resource is not None:
            self.before[key] = (sent.kind, _json_text(sent.kind.resource, sent.row.uuid))

    def _link_parts(self) -> None:
        """Say in ids what leads from one part to another."""

        def rows(sent: _Sent, name: str, path: str) -> set[tuple[Any, ...]]:
            return {(self.sent[path][url].row.pk,) for url in _urls(sent.raw.get(name))}

        for sent in self.sent["statustypen"].values():
            sent.links = [rows(sent, "eigenschappen", "eigenschappen")]
        for sent in self.sent["zaakobjecttypen"].values():
            sent.links = [rows(sent, "statustypen", "statustypen"), rows(sent, "resultaattypen", "resultaattypen")]

    def _store_links(self, kind: _Kind) -> None:
        every = [one for one in self.sent[kind.path].values() if one.row is not None and one.row.pk is not None]
        for place, link in enumerate(kind.links):
            there: dict[int, set[tuple[Any, ...]]] = {}
            for owner, *values in link.model._default_manager.filter(
                **{f"{link.owner}__in": [one.row.pk for one in every if not one.is_new]}
            ).values_list(link.owner, *link.columns):
                there.setdefault(owner, set()).add(tuple(values))
            new = []
            for one in every:
                wanted, has = one.links[place], there.get(one.row.pk, set())
                if wanted == has:
                    continue
                if not one.is_new:
                    if not self._may_change(one, _("heeft andere relaties")):
                        continue
                    self._touch(one)
                    self.counts["changed"] += 1
                    for gone in has - wanted:
                        link.model._default_manager.filter(
                            **{link.owner: one.row.pk, **dict(zip(link.columns, gone, strict=True))}
                        ).delete()
                new += [
                    link.model(**{link.owner: one.row.pk, **dict(zip(link.columns, values, strict=True))})
                    for values in sorted(wanted - has)
                ]
            link.model._default_manager.bulk_create(new)

    def _publish(self) -> None:
        for kind in _MAIN:
            for one in self.sent[kind.path].values():
                if one.concept or not one.row.concept:
                    continue
                self._touch(one)
                one.row.concept = False
                try:
                    with transaction.atomic():
                        one.row.save(update_fields=["concept"])
                except IntegrityError:
                    self._fault(one, _("de geldigheid overlapt met een andere gepubliceerde versie (ztc-016)."))
                self.counts["published"] += 1

    # -- telling --
    def tell(self) -> None:
        """Announce every version that was made or changed: a line in its trail, a message to subscribers."""
        for (path, uuid), (kind, before) in self.before.items():
            resource = CATALOGUS if path == "catalogussen" else kind.resource if kind else None
            assert resource is not None
            old, new = (json.loads(before) if before else None), json.loads(_json_text(resource, uuid))
            CHANGED.announce(
                Change(
                    resource=resource, uuid=uuid, actie="update" if old else "create", before=old, after=new, by=self.by,
                    main=resource, main_uuid=uuid, main_json=new, toelichting=self.reason,
                    weergave=str(new.get("omschrijving") or new.get("domein"))[:200], resultaat=200 if old else 201,
                )
            )  # fmt: skip

    def placed(self) -> Placed:
        """Return what came of it."""
        uuids = {one.url: one.row.uuid for one in self._all()}
        uuids |= {url: row.uuid for url, row in self.catalogus_rows.items()}
        return Placed(**self.counts, uuids=uuids, notes=tuple(self._notes()))

    def _notes(self) -> Iterable[str]:
        addresses = [one.columns["selectielijstklasse"] for one in self.sent["resultaattypen"].values()]
        addresses += [one.columns["selectielijst_procestype"] for one in self.sent["zaaktypen"].values()]
        if missing := unknown(addresses):
            yield _("%(count)s adressen van de selectielijst staan niet in de lijst die hier is ingelezen.") % {
                "count": len(missing)
            }
        concepts = sum(1 for kind in _MAIN for one in self.sent[kind.path].values() if one.row.concept)
        if concepts:
            yield _("%(count)s typen zijn hier een concept: publiceer ze als ze gebruikt mogen worden.") % {
                "count": concepts
            }


_PART_REFERENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "statustypen": {"eigenschappen": "eigenschappen"},
    "eigenschappen": {"statustype": "statustypen"},
    "zaakobjecttypen": {"statustypen": "statustypen", "resultaattypen": "resultaattypen"},
    "zaaktype-informatieobjecttypen": {"statustype": "statustypen"},
}
"""Path -> field that leads to another part of the same zaaktype -> path of that."""
_GROUPS: Final = ("broncatalogus", "bronzaaktype", "omschrijvingGeneriek", "brondatumArchiefprocedure")
"""Groups that others write with empty values where we write nothing."""


def _cleaned(kind: _Kind, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object as the shape of a POST wants it: groups that say nothing go, and links are read apart."""
    values = dict(raw)
    for name in _GROUPS:
        group = values.get(name)
        if group is None or (isinstance(group, dict) and not any(group.values())):
            values.pop(name, None)
    if kind.resource is None:
        values.pop("catalogus", None)
        if kind.model is Zaakobjecttype:
            values["catalogus"] = values.get("zaaktype")
    if isinstance(related := values.get("gerelateerdeZaaktypen"), list):
        values["gerelateerdeZaaktypen"] = [
            {**one, "zaaktype": one.get("zaaktype") or one.get("zaaktypeIdentificatie")}
            if isinstance(one, dict)
            else one
            for one in related
        ]
    for name in _LINK_LISTS.get(kind.path, ()):
        values[name] = []
    for name in ("statustype",):
        values.pop(name, None)
    return values


_LINK_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "zaaktypen": ("besluittypen", "deelzaaktypen"),
    "besluittypen": ("informatieobjecttypen",),
    "resultaattypen": ("besluittypen", "informatieobjecttypen"),
    "statustypen": ("eigenschappen",),
}


def _text(value: object) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _urls(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one]


def _name_of(raw: Mapping[str, Any]) -> str:
    names = (raw.get(key) for key in ("zaaktypeIdentificatie", "identificatie", "omschrijving", "naam", "relatieOmschrijving", "volgnummer"))  # fmt: skip
    return " ".join(str(name)[:60].strip() for name in names if isinstance(name, str | int) and name != "")


def _differs(row: models.Model, name: str, value: object) -> bool:
    stored = getattr(row, name)
    if name == "versiedatum" and stored is None and isinstance(row, Versioned):
        return value != row.begin_geldigheid
    return bool(stored != value)


def _uuid(url: str) -> UUID | None:
    try:
        return UUID(url.rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None


def _free(url: str, taken: set[UUID]) -> UUID:
    """Return the identification something was sent under, or another one when that is in use here."""
    found = _uuid(url)
    if found is None or found in taken:
        return uuid4()
    taken.add(found)
    return found


def _json_text(resource: Resource, uuid: UUID) -> str:
    return resource.one(uuid, seen_by=_EVERYONE).text
