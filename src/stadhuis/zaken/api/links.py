"""Looking up what a zaak that is sent refers to: ours in the database, others outside it and before the deed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from stadhuis.catalogi import public as catalogi
from stadhuis.kit import outside
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.links import own_path
from stadhuis.kit.api.resource import resource_of
from stadhuis.zaken.api.checks import KnownHoofdzaak, KnownZaaktype
from stadhuis.zaken.resource import ZAAK, zaaktype_uuid
from stadhuis.zaken.shapes import RelevanteZaakBody

_BAD_URL = "De URL is niet te bereiken of geeft geen status 200."
_INVALID = "De URL wijst niet naar de goede soort resource."


def zaaktype_at(url: str, faults: list[Fault]) -> KnownZaaktype | None:
    """Return the zaaktype an address names, or add what is wrong. Source: zrc-001.

    Only our own catalogue counts; what lies elsewhere is looked up all the same, to tell a dead link from a wrong one.
    """
    uuid = zaaktype_uuid(url)
    if uuid is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, uuid, ref, catalogus_id, identificatie, vertrouwelijkheidaanduiding, concept,"
                " producten_of_diensten, servicenorm, doorlooptijd FROM catalogi_zaaktype WHERE uuid = %s",
                [uuid],
            )
            row = cursor.fetchone()
        if row is not None:
            id_, found, ref, catalogus_id, identificatie, level, concept, products, servicenorm, doorlooptijd = row
            return KnownZaaktype(
                id_, found, ref, catalogus_id, identificatie, level, concept, tuple(products), servicenorm, doorlooptijd
            )
        faults.append(Fault("zaaktype", "bad-url", _BAD_URL))
        return None
    faults.append(Fault("zaaktype", *_wrong_kind(url)))
    return None


def _wrong_kind(url: str) -> tuple[str, str]:
    if resource_of(url) is not None:
        return "invalid-resource", _INVALID
    if own_path(url) is not None:
        return "bad-url", _BAD_URL
    try:
        outside.fetch_json(url)
    except outside.NotJson:
        return "invalid-resource", _INVALID
    except outside.OutsideError:
        return "bad-url", _BAD_URL
    return "invalid-resource", _INVALID


def _fetched(url: str) -> dict[str, Any]:
    return dict(outside.fetch_json(url)) if own_path(url) is None else {}


def check_communicatiekanaal(url: str, faults: list[Fault]) -> None:
    """Add a fault unless the address gives a communicatiekanaal. Source: zrc-010.

    One of the referentielijsten that we have a copy of is looked up there, never fetched.
    """
    try:
        found = catalogi.entry(url) if catalogi.is_kept_here(url) else _fetched(url)
    except catalogi.NotInList as error:
        faults.append(Fault("communicatiekanaal", error.code, str(error)))
        return
    except outside.NotJson:
        found = {}
    except outside.OutsideError:
        faults.append(Fault("communicatiekanaal", "bad-url", _BAD_URL))
        return
    if not {"url", "naam", "omschrijving"} <= set(found):
        faults.append(Fault("communicatiekanaal", "invalid-resource", _INVALID))


@dataclass(frozen=True)
class Relevant:
    """Another zaak: ours by id, or elsewhere by URL."""

    andere_zaak_id: int | None
    url: str
    aard_relatie: str


def relevant_at(bodies: Sequence[RelevanteZaakBody], known: Collection[str], faults: list[Fault]) -> list[Relevant]:
    """Return the other zaken, or add a fault for each address that leads nowhere; ``known`` were checked before.

    Source: zrc-011.
    """
    uuids = {body.url: uuid for body in bodies if (uuid := ZAAK.uuid_of(body.url))}
    ids: dict[Any, int] = {}
    if uuids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT uuid, id FROM zaken_zaak WHERE uuid = ANY(%s)", [list(uuids.values())])
            ids = dict(cursor.fetchall())
    found = []
    for index, body in enumerate(bodies):
        if body.url in uuids and uuids[body.url] in ids:
            found.append(Relevant(ids[uuids[body.url]], "", body.aard_relatie))
        elif own_path(body.url) is not None or (body.url not in known and not _answers(body.url)):
            faults.append(Fault(f"relevanteAndereZaken.{index}.url", "bad-url", _BAD_URL))
        else:
            found.append(Relevant(None, body.url, body.aard_relatie))
    return found


def _answers(url: str) -> bool:
    try:
        outside.fetch_json(url)
    except outside.NotJson:
        return True
    except outside.OutsideError:
        return False
    return True


def hoofdzaak_at(url: str | None, faults: list[Fault]) -> KnownHoofdzaak | None:
    """Return the hoofdzaak, or add ``no_match``. Source: zrc-013."""
    if url is None:
        return None
    uuid = ZAAK.uuid_of(url)
    row = None
    if uuid is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT z.id, z.hoofdzaak_id IS NOT NULL, t.catalogus_id,"
                " ARRAY(SELECT d.identificatie FROM catalogi_zaaktypedeelzaaktype d WHERE d.zaaktype_id = t.id)"
                " FROM zaken_zaak z JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id WHERE z.uuid = %s",
                [uuid],
            )
            row = cursor.fetchone()
    if row is None:
        faults.append(Fault("hoofdzaak", "no_match", "Deze zaak is er niet."))
        return None
    return KnownHoofdzaak(row[0], row[1], row[2], tuple(row[3]))
