"""Taking in the lists from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection, models, transaction

from stadhuis.catalogi.choices import TAAKGEBIEDEN
from stadhuis.catalogi.errors import ListInvalid
from stadhuis.catalogi.models import (
    Communicatiekanaal,
    Procestype,
    Resultaattypeomschrijving,
    Selectielijstresultaat,
)
from stadhuis.catalogi.selectielijst.resource import uuid_at_end
from stadhuis.catalogi.selectielijst.shapes import KanaalBody, OmschrijvingBody, ProcestypeBody, ResultaatBody
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.shapes import Shape

MOST_FAULTS: Final = 20
MOST_ENTRIES: Final = 50_000


@dataclass(frozen=True)
class _Kind:
    name: str
    model: type[models.Model]
    shape: type[Shape]
    marks: frozenset[str]
    """Keys by which an entry of this kind is known from the others."""


# In this order: a result refers to its process.
_KINDS: Final = (
    _Kind("procestypen", Procestype, ProcestypeBody, frozenset({"jaar", "nummer"})),
    _Kind("resultaten", Selectielijstresultaat, ResultaatBody, frozenset({"procesType", "volledigNummer"})),
    _Kind(
        "resultaattypeomschrijvingen",
        Resultaattypeomschrijving,
        OmschrijvingBody,
        frozenset({"omschrijving", "definitie"}),
    ),
    _Kind("communicatiekanalen", Communicatiekanaal, KanaalBody, frozenset({"naam", "omschrijving"})),
)


@dataclass(frozen=True)
class TakenIn:
    """How many entries of a list were new, changed, or already there."""

    name: str
    new: int
    changed: int
    same: int


@dataclass
class _Entries:
    """Checked entries per kind, by identification, and everything that is wrong."""

    of: dict[str, dict[UUID, dict[str, Any]]] = field(default_factory=lambda: {kind.name: {} for kind in _KINDS})
    faults: list[str] = field(default_factory=list)


def import_selectielijst(files: Mapping[str, object]) -> list[TakenIn]:
    """Take in lists, given as parsed JSON by the name of their file: all of it or nothing. Twice changes nothing.

    A file holds entries of one kind as the API of VNG gives them: an array, or a page with ``results``. What is here
    already and in no file stays, because zaaktypen may refer to it. Raises ``ListInvalid`` with what is wrong.
    """
    entries = _Entries()
    for name, content in files.items():
        _check(name, content, entries)
    if entries.faults:
        raise ListInvalid(entries.faults[:MOST_FAULTS], len(entries.faults))
    with transaction.atomic():
        with connection.cursor() as cursor:  # two imports at the same time come one after the other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalogi:selectielijst', 0))")
        _link(entries)
        return [_store(kind, entries.of[kind.name]) for kind in _KINDS if entries.of[kind.name]]


def _check(name: str, content: object, entries: _Entries) -> None:
    if isinstance(content, dict) and isinstance(content.get("results"), list):
        content = content["results"]
    if not isinstance(content, list) or not content:
        entries.faults.append(f"{name}: holds no list of entries")
        return
    if len(content) > MOST_ENTRIES:
        entries.faults.append(f"{name}: holds more than {MOST_ENTRIES} entries")
        return
    first = set(content[0]) if isinstance(content[0], dict) else set()
    kind = next((one for one in _KINDS if one.marks <= first), None)
    if kind is None:
        kinds = ", ".join(one.name for one in _KINDS)
        entries.faults.append(f"{name}: the first entry is none of {kinds}")
        return
    for number, one in enumerate(content, start=1):
        where = f"{name}, entry {number}"
        if not isinstance(one, dict):
            entries.faults.append(f"{where}: is no object")
            continue
        faults: list[Fault] = []
        record = kind.shape.walk(one, "", faults)
        uuid = _identification(one, "url", faults)
        values = record.values()
        if kind.model is Selectielijstresultaat:
            values["procestype"] = _identification(one, "procesType", faults)
            values["taakgebieden"] = [area for area in TAAKGEBIEDEN if values.pop(area)]
        entries.faults += [f"{where}: {fault.name}: {fault.reason}" for fault in faults]
        if faults or uuid is None:
            continue
        if uuid in entries.of[kind.name]:
            entries.faults.append(f"{where}: url: {uuid} stands there twice")
        entries.of[kind.name][uuid] = values


def _identification(one: dict[str, Any], key: str, faults: list[Fault]) -> UUID | None:
    value = one.get(key)
    uuid = uuid_at_end(value) if isinstance(value, str) else None
    if uuid is None:
        faults.append(Fault(key, "invalid", "Dit is geen UUID en eindigt er niet op."))
    return uuid


def _link(entries: _Entries) -> None:
    """Check that the process of every result is in the files or already here."""
    results = entries.of["resultaten"]
    wanted = {values["procestype"] for values in results.values()} - set(entries.of["procestypen"])
    known = set(Procestype.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    if missing := sorted(map(str, wanted - known)):
        raise ListInvalid(
            [f"resultaten: procesType {uuid} is in no file and not here either" for uuid in missing[:MOST_FAULTS]],
            len(missing),
        )


def _store(kind: _Kind, entries: dict[UUID, dict[str, Any]]) -> TakenIn:
    if kind.model is Selectielijstresultaat:
        wanted = {values["procestype"] for values in entries.values()}
        ids = dict(Procestype.objects.filter(uuid__in=wanted).values_list("uuid", "pk"))
        entries = {
            uuid: {**{name: value for name, value in values.items() if name != "procestype"}, "procestype_id": ids[values["procestype"]]}
            for uuid, values in entries.items()
        }  # fmt: skip
    manager = kind.model._default_manager
    there: dict[UUID, Any] = {row.uuid: row for row in manager.filter(uuid__in=entries)}  # type: ignore[attr-defined]
    new = [kind.model(uuid=uuid, **values) for uuid, values in entries.items() if uuid not in there]
    changed = []
    for uuid, row in there.items():
        values = entries[uuid]
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    manager.bulk_create(new)
    if changed:
        manager.bulk_update(changed, list(entries[changed[0].uuid]))
    return TakenIn(kind.name, len(new), len(changed), len(there) - len(changed))
