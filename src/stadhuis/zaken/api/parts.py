"""What the deeds on everything that hangs on a zaak share: finding the zaak, whether the caller may, what it refers to.

Each deed first looks up what the body refers to, outside a transaction, and reports all faults together; then it locks the
zaak and writes. Whoever may not change the zaak learns nothing more than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from stadhuis.access.public import LEVELS
from stadhuis.kit import database, outside
from stadhuis.kit.api.endpoint import Answer, ApiRequest, seen, whole_answer
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, NotFound, PermissionDenied
from stadhuis.kit.api.gate import Caller, Everyone
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.api.resource import Resource, resource_of
from stadhuis.zaken.actions.common import LOCKED_ZAAK
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.resource import CATALOGI, ZAAK

AANMAKEN: Final = ("zaken.aanmaken",)
BIJWERKEN: Final = ("zaken.bijwerken",)
BIJWERKEN_OR_FORCED: Final = ("zaken.bijwerken", "zaken.geforceerd-bijwerken")
ADD: Final = ("zaken.aanmaken", *BIJWERKEN_OR_FORCED)
REMOVE: Final = (*BIJWERKEN_OR_FORCED, "zaken.verwijderen")
FORCED: Final = ("zaken.geforceerd-bijwerken",)
_EVERYONE: Final = Everyone()
BAD_URL: Final = "De URL is niet te bereiken of geeft geen status 200."
WRONG_KIND: Final = "De URL wijst niet naar de goede soort resource."
UNCHANGING: Final = "Dit veld verandert niet meer."


@dataclass(frozen=True)
class KnownZaak:
    """What the deeds ask of the zaak that a body names."""

    id: int
    uuid: UUID
    zaaktype_id: int
    zaaktype_uuid: UUID
    zaaktype_ref: str
    vertrouwelijkheidaanduiding: str
    startdatum: date

    def may(self, by: Caller, scopes: tuple[str, ...]) -> bool:
        """Return whether a caller has one of the scopes on this zaak."""
        return by.may(
            "zaak", scopes, type_ref=self.zaaktype_ref, level=LEVELS[self.vertrouwelijkheidaanduiding],
            type_uuid=self.zaaktype_uuid, row_id=self.id,
        )  # fmt: skip


_KNOWN: Final = """SELECT z.id, z.uuid, z.zaaktype_id, t.uuid, z.zaaktype_ref, z.vertrouwelijkheidaanduiding,
    z.startdatum FROM zaken_zaak z JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id WHERE """


def _known(where: str, value: UUID | int) -> KnownZaak | None:
    found = database.rows(_KNOWN + where, [value])
    return KnownZaak(*found[0]) if found else None


def zaak_at(
    url: str, scopes: tuple[str, ...], faults: list[Fault], *, by: Caller, field: str = "zaak"
) -> KnownZaak | None:
    """Return the zaak an address names, or add ``no_match``. Raises ``PermissionDenied`` when the caller may not."""
    uuid = ZAAK.uuid_of(url)
    found = _known("z.uuid = %s", uuid) if uuid else None
    if found is None:
        faults.append(Fault(field, "no_match", "Deze zaak is er niet."))
    elif not found.may(by, scopes):
        raise PermissionDenied
    return found


def zaak_in_path(uuid: UUID, scopes: tuple[str, ...], *, by: Caller) -> KnownZaak:
    """Return the zaak of a nested address. Raises ``NotFound`` and ``PermissionDenied``."""
    found = _known("z.uuid = %s", uuid)
    if found is None:
        raise NotFound
    if not found.may(by, scopes):
        raise PermissionDenied
    return found


def zaak_with(zaak_id: int, scopes: tuple[str, ...], *, by: Caller) -> KnownZaak:
    """Return the zaak that a row hangs on. Raises ``PermissionDenied``, and ``NotFound`` when it has just gone."""
    found = _known("z.id = %s", zaak_id)
    if found is None:
        raise NotFound
    if not found.may(by, scopes):
        raise PermissionDenied
    return found


@contextmanager
def zaak_locked(known: KnownZaak, scopes: tuple[str, ...], *, by: Caller, guards_closed: bool = True) -> Iterator[Zaak]:
    """Lock the zaak for one deed, in a transaction.

    What belongs to a closed zaak changes only with the forced scope (zrc-007), and not once it is archived (BEHAVIOUR 8.2).
    """
    with transaction.atomic():
        zaak = LOCKED_ZAAK.first("id", known.id)
        if zaak is None:
            raise NotFound
        now = KnownZaak(
            zaak.pk,
            zaak.uuid,
            zaak.zaaktype_id,
            zaak.zaaktype.uuid,
            zaak.zaaktype_ref,
            zaak.vertrouwelijkheidaanduiding,
            zaak.startdatum,
        )
        if not now.may(by, scopes) or (guards_closed and zaak.is_closed and not now.may(by, FORCED)):
            raise PermissionDenied
        if guards_closed and zaak.archiefstatus != "nog_te_archiveren":
            raise Invalid.of(NON_FIELD, "zaak-archiefstatus-invalid", "De zaak is al gearchiveerd.")
        yield zaak


# -- What a body refers to ---------------------------------------------------------------------------------------------
def type_at(
    url: str, path: str, table: str, field: str, zaak: KnownZaak | None, faults: list[Fault]
) -> tuple[int, Any] | None:
    """Return id and uuid of the part of the zaak's zaaktype that an address names, or add what is wrong with it.

    Source: zrc-016, 018, 019, 020: a part of another zaaktype is ``zaaktype-mismatch``.
    """
    uuid = uuid_in(url, CATALOGI, path)
    if uuid is None:
        faults.append(Fault(field, *problem_of(url)))
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, uuid, zaaktype_id FROM {table} WHERE uuid = %s", [uuid])
        row = cursor.fetchone()
    if row is None:
        faults.append(Fault(field, "bad-url", BAD_URL))
        return None
    if zaak is not None and row[2] != zaak.zaaktype_id:
        faults.append(Fault(NON_FIELD, "zaaktype-mismatch", "Dit hoort niet bij het zaaktype van deze zaak."))
        return None
    return row[0], row[1]


def problem_of(url: str) -> tuple[str, str]:
    """Return why an address is not the resource that was expected: nothing there, or something else."""
    if resource_of(url) is not None:
        return "invalid-resource", WRONG_KIND
    if own_path(url) is not None or not answers(url):
        return "bad-url", BAD_URL
    return "invalid-resource", WRONG_KIND


def answers(url: str) -> bool:
    """Return whether an address on another host gives status 200, whatever it says."""
    try:
        outside.fetch_json(url)
    except outside.NotJson:
        return True
    except outside.OutsideError:
        return False
    return True


def unchanged(
    body: Any, given: frozenset[str], stored: dict[str, Any], fields: dict[str, str], faults: list[Fault]
) -> None:
    """Add a fault for each field that does not change but would; ``fields``: Python name -> key."""
    for name, key in fields.items():
        if name in given and body.value(name) != stored[key]:
            faults.append(Fault(key, "wijzigen-niet-toegelaten", UNCHANGING))


# -- Answers -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Done:
    """What a deed made or changed: its JSON text and its zaak."""

    text: str
    zaak: UUID
    url: str = ""
    warning: str = ""

    def created(self) -> Answer:
        """Return 201."""
        headers = {"Location": self.url}
        if self.warning:
            headers["X-Warning"] = self.warning
        return Answer(201, self.text, headers, shows=(self.zaak,))

    def changed(self) -> Answer:
        """Return 200."""
        return Answer(200, self.text, shows=(self.zaak,))


def done(resource: Resource, uuid: UUID, zaak: Zaak, *, url: str = "", warning: str = "") -> Done:
    """Return a resource as it stands, within the transaction of the deed."""
    return Done(resource.one(uuid, seen_by=_EVERYONE).text, zaak.uuid, url or resource.url(uuid), warning)


def stored(resource: Resource, uuid: UUID) -> dict[str, Any]:
    """Return a resource as JSON before a change, without a BSN. Raises ``NotFound``."""
    return resource.kept(uuid)


def sent(body: Any, *, is_partial: bool) -> frozenset[str]:
    """Return which fields a PUT (all) or PATCH (those that were sent) sets."""
    return body.given if is_partial else frozenset(body.values())


def nested_list(resource: Resource, request: ApiRequest, zaak_uuid: UUID) -> Answer:
    """Return what hangs on one zaak, as a list without pages. Raises ``NotFound`` and ``PermissionDenied`` for the zaak."""
    found = ZAAK.one(zaak_uuid, seen_by=request.caller)
    if not found.is_allowed:
        raise PermissionDenied
    return whole_answer(resource, request, query=request.query, in_zaak=zaak_uuid)


def nested_one(resource: Resource, request: ApiRequest, zaak_uuid: UUID, uuid: UUID) -> Answer:
    """Return one thing at the address below its zaak."""
    found = resource.one(uuid, seen_by=request.caller, node=resource.expansion(getattr(request.query, "expand", "")))
    if found.main != zaak_uuid:
        raise NotFound
    return Answer(200, seen(found), has_etag=True, shows=found.mains)
