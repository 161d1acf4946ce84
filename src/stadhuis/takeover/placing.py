"""Placing one object in its room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.besluiten import public as besluiten
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.kit import files
from stadhuis.kit.api.errors import Invalid, NotFound
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.placed import NotHere, Placed
from stadhuis.kit.api.resource import registered
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.takeover.addresses import Addresses
from stadhuis.takeover.client import Remote
from stadhuis.takeover.errors import NotAllowed, NotThere
from stadhuis.zaken import public as zaken

Body = Mapping[str, Any]
Place = Callable[[], Placed]
_ROOMS: Final = {
    **dict.fromkeys(catalogi.TAKEN_OVER, catalogi.take_over),
    **dict.fromkeys(documenten.TAKEN_OVER, documenten.take_over),
    **dict.fromkeys(zaken.TAKEN_OVER, zaken.take_over),
    **dict.fromkeys(besluiten.TAKEN_OVER, besluiten.take_over),
}
ADOPTABLE: Final = frozenset(catalogi.TAKEN_OVER)
"""What stands here under the same uuid already may be used as it is: a catalogue is the same wherever it was imported."""
_TYPE_KEYS: Final = ("zaaktype", "informatieobjecttype", "besluittype")


def actor(source: str) -> Actor:
    """Return who takes over."""
    return replace(SYSTEM, key=f"system:takeover:{source}"[:120])


def is_here(kind: str, uuid: UUID) -> bool:
    """Return whether an object with this uuid is here, whoever made it."""
    if kind == "applicatie":
        return access.applicatie_as_sent(uuid) is not None
    try:
        registered(kind).kept(uuid)
    except NotFound:
        return False
    return True


def as_shown(kind: str, uuid: UUID) -> dict[str, Any] | None:
    """Return an object as our own API shows it, or None when it is not here."""
    if kind == "applicatie":
        return access.applicatie_as_sent(uuid)
    import json

    try:
        found: dict[str, Any] = json.loads(registered(kind).one(uuid, seen_by=Everyone()).text)
    except NotFound:
        return None
    return found


def rights_we_keep(autorisaties: Any) -> list[dict[str, Any]]:
    """Return the rights of an application in registers that we have, with what the standard says of each and no more."""
    kept = []
    for one in autorisaties or ():
        component = one.get("component")
        if component not in access.KNOWN_COMPONENTS:
            continue
        kept.append(
            {key: one.get(key) for key in ("component", "scopes", *_TYPE_KEYS, "maxVertrouwelijkheidaanduiding")}
        )
    return kept


@dataclass(frozen=True)
class Placer:
    """Places objects of one source."""

    source: str
    remote: Remote
    addresses: Addresses
    by: Actor

    def prepared(self, kind: str, body: Body, uuid: UUID) -> tuple[Place, list[UUID]]:
        """Return what places the object within a transaction, having fetched what it needs, and the files that came in for it.

        Raises what the source says (``NotAllowed``, ``ContentDiffers`` ...); calling the result raises ``Invalid``,
        ``NotHere``, ``Occupied`` and what the database refuses.
        """
        origin = f"{self.source} ({body.get('url')})"
        if kind == "enkelvoudiginformatieobject":
            versions, fetched = self._versions(body, uuid)
            return lambda: documenten.take_over_document(uuid, versions, by=self.by, origin=origin), fetched
        if kind == "applicatie":
            return lambda: self._applicatie(body, uuid, origin), []
        ours = self.addresses.rewritten(dict(body))
        return lambda: _ROOMS[kind](kind, ours, uuid=uuid, by=self.by, origin=origin), []

    # -- documents --
    def _versions(self, body: Body, uuid: UUID) -> tuple[list[documenten.TakenVersion], list[UUID]]:
        """Return the versions that are not here yet, oldest first, and the newest; with their content, fetched."""
        held = documenten.held(uuid)
        here = held.versions if held else {}
        newest = body.get("versie")
        if not isinstance(newest, int) or not 1 <= newest <= 10_000:
            raise Invalid.of("versie", "invalid", "Dit is geen versienummer.")
        path = self.remote.path_of("documenten", str(body["url"]))
        versions: list[documenten.TakenVersion] = []
        fetched: list[files.Stored] = []
        try:
            for number in [*(number for number in range(1, newest) if number not in here), newest]:
                try:
                    one = body if number == newest else self.remote.get("documenten", path, {"versie": str(number)})
                except NotThere:
                    continue  # an older version that was destroyed there
                versions.append(self._version(path, number, one, here, fetched))
        except BaseException:
            for stored in fetched:
                files.let_go(stored.uuid)
            raise
        return versions, [stored.uuid for stored in fetched]

    def _version(
        self, path: str, number: int, body: Any, here: Mapping[int, int | None], fetched: list[files.Stored]
    ) -> documenten.TakenVersion:
        if not isinstance(body, Mapping):
            raise Invalid.of("inhoud", "invalid", "Deze versie is geen object.")
        ours = self.addresses.rewritten(dict(body))
        if not body.get("inhoud") or body.get("bestandsdelen"):
            return documenten.TakenVersion(ours)
        if here.get(number) is not None and here[number] == body.get("bestandsomvang"):
            return documenten.TakenVersion(ours, keeps_file=True)
        stored = self.remote.content(path, number, body)
        if fetched and fetched[-1].sha256 == stored.sha256:
            # A version that changed only the description has the bytes of the one before.
            files.let_go(stored.uuid)
            stored = fetched[-1]
        else:
            fetched.append(stored)
        return documenten.TakenVersion(ours, stored.uuid)

    # -- applications --
    def _applicatie(self, body: Body, uuid: UUID, origin: str) -> Placed:
        rights, waits = [], set()
        for one in rights_we_keep(body.get("autorisaties")):
            url = next((self.addresses.ours(one[key]) for key in _TYPE_KEYS if one.get(key)), "")
            found = catalogi.ref_of(url) if url else None
            if url and found is None:
                waits.add("autorisaties")
                continue
            level = one.get("maxVertrouwelijkheidaanduiding") or ""
            rights.append(
                access.AutorisatieData(
                    component=one["component"], scopes=tuple(map(str, one.get("scopes") or ())), type_url=url,
                    type_ref=found.ref if found else "", type_uuid=found.uuid if found else None,
                    all_versions=found is None, max_level=access.LEVELS.get(level),
                )
            )  # fmt: skip
        client_ids = [str(one) for one in body.get("clientIds") or ()]
        if not client_ids:
            raise Invalid.of("clientIds", "required", "Een applicatie heeft minstens één clientId.")
        access.take_over_applicatie(
            uuid, label=str(body.get("label") or ""), client_ids=client_ids,
            heeft_alle_autorisaties=body.get("heeftAlleAutorisaties") is True, autorisaties=rights, by=self.by,
            origin=origin,
        )  # fmt: skip
        return Placed(uuid, tuple(sorted(waits)))


__all__ = ["ADOPTABLE", "NotAllowed", "NotHere", "Placer", "actor", "as_shown", "is_here"]
