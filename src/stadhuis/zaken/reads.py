"""Questions about zaken, as seen by someone. The number of statements does not depend on the number of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Final, TypeVar
from uuid import UUID

from django.db import connection

from stadhuis.access import public as access
from stadhuis.documenten import public as documenten
from stadhuis.kit import database
from stadhuis.kit.api.links import link
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import guards
from stadhuis.zaken.errors import ZaakNotFound
from stadhuis.zaken.facts import BESLUITEN_OF
from stadhuis.zaken.records import (
    Dossier,
    EigenschapRecord,
    FoundZaak,
    MyCase,
    MyCases,
    NotitieRecord,
    ResultaatRecord,
    RolRecord,
    StatusRecord,
    ZaakdocumentRecord,
    ZaakRecord,
)
from stadhuis.zaken.rules import tsquery

API: Final = "zaken/api/v1"
T = TypeVar("T")


def url_of(uuid: UUID) -> str:
    """Return the address of a zaak in the API."""
    return link(API, "zaken", uuid)


_COLUMNS: Final = """z.id, z.uuid, z.identificatie, z.bronorganisatie, z.zaaktype_id, z.zaaktype_ref, t.omschrijving,
    z.omschrijving, z.toelichting, z.registratiedatum, z.startdatum, z.einddatum, z.einddatum_gepland,
    z.uiterlijke_einddatum_afdoening, z.vertrouwelijkheidaanduiding, z.vertrouwelijkheid_orde,
    COALESCE(st.omschrijving, ''), COALESCE(st.volgnummer, 0), s.datum_status_gezet, COALESCE(rt.omschrijving, ''),
    z.opschorting_indicatie, z.opschorting_reden, z.verlenging_duur, z.verlenging_reden, COALESCE(z.archiefnominatie, ''),
    z.archiefactiedatum, z.archiefstatus"""
_WIDTH: Final = 27
_FROM: Final = """FROM zaken_zaak z
    JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id
    LEFT JOIN zaken_status s ON s.id = z.status_id
    LEFT JOIN catalogi_statustype st ON st.id = s.statustype_id
    LEFT JOIN zaken_resultaat r ON r.zaak_id = z.id
    LEFT JOIN catalogi_resultaattype rt ON rt.id = r.resultaattype_id"""


def _zaak(row: Sequence[Any]) -> ZaakRecord:
    return ZaakRecord(row[0], row[1], url_of(row[1]), *row[2:_WIDTH])


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    return database.rows(sql, params)


def _one_zaak(where: str, param: object, *, seen_by: Actor) -> ZaakRecord:
    condition = access.predicate(seen_by, "zaak.lezen")
    found = _rows(f"SELECT {_COLUMNS} {_FROM} WHERE {where} AND {condition.sql}", [param, *condition.params])
    if not found:
        raise ZaakNotFound(str(param))
    return _zaak(found[0])


def zaak_by_uuid(uuid: UUID, *, seen_by: Actor) -> ZaakRecord:
    """Return a zaak. Raises ``ZaakNotFound``, also when ``seen_by`` may not see it."""
    return _one_zaak("z.uuid = %s", uuid, seen_by=seen_by)


def zaken_by_uuid(uuids: Sequence[UUID], *, seen_by: Actor) -> dict[UUID, ZaakRecord]:
    """Return those of the zaken that ``seen_by`` may see, by uuid; one statement."""
    condition = access.predicate(seen_by, "zaak.lezen")
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE z.uuid = ANY(%s) AND {condition.sql}"
    return {row[1]: _zaak(row) for row in _rows(sql, [list(uuids), *condition.params])}


def zaak_by_id(zaak_id: int, *, seen_by: Actor = SYSTEM) -> ZaakRecord:
    """Return a zaak by its internal id. Raises ``ZaakNotFound``, also when ``seen_by`` may not see it."""
    return _one_zaak("z.id = %s", zaak_id, seen_by=seen_by)


def status_volgnummer(zaak_id: int) -> int:
    """Return the volgnummer of the status a zaak has now; 0 when it has none."""
    found = _rows(
        "SELECT st.volgnummer FROM zaken_zaak z JOIN zaken_status s ON s.id = z.status_id"
        " JOIN catalogi_statustype st ON st.id = s.statustype_id WHERE z.id = %s",
        [zaak_id],
    )
    return int(found[0][0]) if found else 0


# -- The dossier ------------------------------------------------------------------------------------------------------
_STATUSSEN: Final = """(SELECT json_agg(json_build_array(x.id, x.uuid, x.statustype_id, y.omschrijving, y.volgnummer,
        x.datum_status_gezet, x.statustoelichting, y.statustekst,
        y.volgnummer = (SELECT max(e.volgnummer) FROM catalogi_statustype e WHERE e.zaaktype_id = y.zaaktype_id))
        ORDER BY x.datum_status_gezet DESC, x.id DESC)
    FROM zaken_status x JOIN catalogi_statustype y ON y.id = x.statustype_id WHERE x.zaak_id = z.id)::text"""
_RESULTAAT: Final = """(SELECT json_build_array(r.id, r.uuid, r.resultaattype_id, rt.omschrijving, r.toelichting)
    WHERE r.id IS NOT NULL)::text"""
_ROLLEN: Final = """(SELECT json_agg(json_build_array(x.id, x.uuid, x.roltype_id, x.omschrijving, x.omschrijving_generiek,
        x.betrokkene_type, x.naam, x.geboortedatum, x.person_id, x.company_id, x.medewerker_id, x.unit_id,
        COALESCE(x.betrokkene_identificatie, '{{}}'::jsonb), x.authenticatie_context, x.indicatie_machtiging,
        x.roltoelichting, x.contactpersoon_rol_naam, x.contactpersoon_rol_emailadres,
        x.contactpersoon_rol_telefoonnummer, x.registratiedatum) ORDER BY x.id)
    FROM zaken_rol x WHERE x.zaak_id = z.id AND {visible})::text"""
_DOCUMENT_COLUMNS: Final = """k.id, d.id, d.uuid, k.informatieobject_url, COALESCE(NULLIF(k.titel, ''), d.titel, ''),
        COALESCE(d.bestandsnaam, ''), COALESCE(d.formaat, ''), d.bestandsomvang, COALESCE(d.sha256, ''),
        COALESCE(dt.omschrijving, ''), COALESCE(d.vertrouwelijkheidaanduiding, ''), COALESCE(d.auteur, ''),
        d.creatiedatum, d.ontvangstdatum, d.verzenddatum, COALESCE(d.tonen_aan_initiator, FALSE),
        COALESCE(d.versie, 0), k.registratiedatum"""
_DOCUMENTS_FROM: Final = """zaken_zaakinformatieobject k
    LEFT JOIN documenten_document d ON d.id = k.document_id
    LEFT JOIN catalogi_informatieobjecttype dt ON dt.id = d.informatieobjecttype_id"""
# A document may be more confidential than its zaak: whoever reads it may read the documents of a zaak of this type
# at the higher level.
_DOCUMENT_VISIBLE: Final = """EXISTS (SELECT 1 FROM (SELECT z.id AS id, z.zaaktype_ref AS zaaktype_ref,
        z.zaaktype_id AS zaaktype_id, GREATEST(z.vertrouwelijkheid_orde, COALESCE(d.vertrouwelijkheid_orde, 1))
        AS vertrouwelijkheid_orde) g WHERE {condition})"""
_EIGENSCHAPPEN: Final = """(SELECT json_agg(json_build_array(x.naam, x.waarde) ORDER BY x.id)
    FROM zaken_zaakeigenschap x WHERE x.zaak_id = z.id)::text"""
_NOTITIES: Final = """(SELECT json_agg(json_build_array(x.uuid, x.onderwerp, x.tekst, x.aangemaakt_door, x.notitie_type,
        x.status, x.aanmaakdatum) ORDER BY x.aanmaakdatum DESC, x.id DESC)
    FROM zaken_zaaknotitie x WHERE x.zaak_id = z.id AND {visible})::text"""


def _is_outsider(actor: Actor) -> bool:
    return actor.kind in {"resident", "company"}


def _document_condition(seen_by: Actor) -> access.Condition:
    """Return which documents of a zaak that is in sight ``seen_by`` may open."""
    # Autorisaties of applications name informatieobjecttypen for documents; here we go by the zaaktype.
    action = "zaak.lezen" if seen_by.kind == "applicatie" else "document.lezen"
    condition = access.predicate(seen_by, action, alias="g")
    sql = _DOCUMENT_VISIBLE.format(condition=condition.sql)
    return access.Condition(f"d.tonen_aan_initiator AND {sql}" if _is_outsider(seen_by) else sql, condition.params)


def _rol_condition(seen_by: Actor) -> access.Condition:
    """Residents see themselves and who handles the zaak, not other people in it (AVG art. 5)."""
    if not _is_outsider(seen_by):
        return access.Condition("TRUE")
    return access.Condition(
        "(x.person_id = %s OR x.company_id = %s OR x.betrokkene_type IN ('medewerker', 'organisatorische_eenheid'))",
        [seen_by.person_id, seen_by.company_id],
    )


def dossier(uuid: UUID, *, seen_by: Actor) -> Dossier:
    """Return a zaak with all that hangs on it: one statement for the zaak, one for its besluiten, two for the rights.

    A resident gets the documents that are to be shown to the initiator, external notes that are final, and of the
    rollen their own and those of the town. Raises ``ZaakNotFound``, also when ``seen_by`` may not see it.
    """
    condition = access.predicate(seen_by, "zaak.lezen")
    documents, rollen = _document_condition(seen_by), _rol_condition(seen_by)
    notes = "x.notitie_type = 'extern' AND x.status = 'definitief'" if _is_outsider(seen_by) else "TRUE"
    sql = f"""SELECT {_COLUMNS}, {_STATUSSEN}, {_RESULTAAT}, {_ROLLEN.format(visible=rollen.sql)},
        (SELECT json_agg(json_build_array({_DOCUMENT_COLUMNS}) ORDER BY k.registratiedatum DESC, k.id DESC)
           FROM {_DOCUMENTS_FROM} WHERE k.zaak_id = z.id AND {documents.sql})::text,
        {_EIGENSCHAPPEN}, {_NOTITIES.format(visible=notes)}
        {_FROM} WHERE z.uuid = %s AND {condition.sql}"""
    found = _rows(sql, [*rollen.params, *documents.params, uuid, *condition.params])
    if not found:
        raise ZaakNotFound(str(uuid))
    row = found[0]
    statussen, resultaat, rol_rows, document_rows, eigenschappen, notities = row[_WIDTH:]
    return Dossier(
        zaak=_zaak(row),
        statussen=_parsed(statussen, _status),
        resultaat=_resultaat(json.loads(resultaat)) if resultaat else None,
        rollen=_parsed(rol_rows, _rol),
        documenten=_parsed(document_rows, _document),
        eigenschappen=_parsed(eigenschappen, lambda values: EigenschapRecord(*values)),
        notities=_parsed(notities, _notitie),
        besluiten=tuple(besluit for answer in BESLUITEN_OF.ask(row[0]) for besluit in answer),
    )


def _parsed(text: str | None, make: Callable[[list[Any]], T]) -> tuple[T, ...]:
    return tuple(make(values) for values in json.loads(text)) if text else ()


def _as(values: list[Any], **kinds: tuple[int, ...]) -> list[Any]:
    """Return the values with those at the named places read from JSON's text: uuids, days and moments."""
    made = list(values)
    for kind, places in kinds.items():
        for place in places:
            if made[place] is not None:
                made[place] = _READERS[kind](made[place])
    return made


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "uuids": UUID,
    "days": date.fromisoformat,
    "moments": datetime.fromisoformat,
}


def _status(values: list[Any]) -> StatusRecord:
    return StatusRecord(*_as(values, uuids=(1,), moments=(5,)))


def _resultaat(values: list[Any]) -> ResultaatRecord:
    return ResultaatRecord(*_as(values, uuids=(1,)))


def _rol(values: list[Any]) -> RolRecord:
    return RolRecord(*_as(values, uuids=(1,), days=(7,), moments=(19,)))


def _document(values: list[Any]) -> ZaakdocumentRecord:
    local = values[2] and link("documenten/api/v1", "enkelvoudiginformatieobjecten", values[2])
    values[3] = values[3] or local
    return ZaakdocumentRecord(*_as(values, uuids=(2,), days=(12, 13, 14), moments=(17,)))


def _notitie(values: list[Any]) -> NotitieRecord:
    return NotitieRecord(*_as(values, uuids=(0,), moments=(6,)))


def document_of(zaak_uuid: UUID, document_uuid: UUID, *, seen_by: Actor) -> ZaakdocumentRecord:
    """Return one document of a zaak that ``seen_by`` may open. Raises ``ZaakNotFound`` for everything else."""
    condition, documents = access.predicate(seen_by, "zaak.lezen"), _document_condition(seen_by)
    found = _rows(
        f"""SELECT json_build_array({_DOCUMENT_COLUMNS})::text
              FROM {_DOCUMENTS_FROM} JOIN zaken_zaak z ON z.id = k.zaak_id
             WHERE z.uuid = %s AND d.uuid = %s AND {condition.sql} AND {documents.sql}""",
        [zaak_uuid, document_uuid, *condition.params, *documents.params],
    )
    if not found:
        raise ZaakNotFound(str(document_uuid))
    return _document(json.loads(found[0][0]))


def open_document(zaak_uuid: UUID, document_uuid: UUID, *, seen_by: Actor) -> BinaryIO:
    """Return the bytes of a document of a zaak. Raises ``ZaakNotFound`` and ``documenten.DocumentNotFound``."""
    document_of(zaak_uuid, document_uuid, seen_by=seen_by)
    return documenten.open_document(document_uuid)


def rollen_of(zaak_id: int, *, omschrijving_generiek: str = "") -> tuple[RolRecord, ...]:
    """Return who is in a zaak, of one generic kind or all."""
    visible = "x.omschrijving_generiek = %s" if omschrijving_generiek else "TRUE"
    found = _rows(
        f"SELECT {_ROLLEN.format(visible=visible)} FROM zaken_zaak z WHERE z.id = %s",
        [*([omschrijving_generiek] if omschrijving_generiek else []), zaak_id],
    )
    return _parsed(found[0][0], _rol) if found else ()


# -- Lists ------------------------------------------------------------------------------------------------------------
def zaken_of(
    person_id: int | None = None,
    *,
    company_id: int | None = None,
    services: Sequence[str] = (),
    branch: str = "",
    page: int = 1,
    size: int = 100,
) -> MyCases:
    """Return a page of the zaken a resident or company asked for or holds a machtiging in: running ones first, newest first.

    ``services`` and ``branch`` are the bounds within which somebody acts for them; none: all. One statement. ``resultaat`` and ``status`` are names, empty when there is none.
    """
    own = (
        guards.OWN_ROL.replace("{person}", "%(person)s::bigint")
        .replace("{company}", "%(company)s::bigint")
        .replace("{services}", "%(services)s::text[]")
        .replace("{branch}", "%(branch)s::text")
        .replace("r.", "o.")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT z.uuid, z.identificatie, t.omschrijving, z.omschrijving, z.startdatum, COALESCE(st.omschrijving, ''),
                       COALESCE(st.statustekst, ''), z.uiterlijke_einddatum_afdoening, z.einddatum, COALESCE(rt.omschrijving, ''),
                       count(*) OVER ()
                  {_FROM}
                 WHERE z.id IN (SELECT o.zaak_id FROM zaken_rol o WHERE {own})
                 ORDER BY z.einddatum IS NOT NULL, z.startdatum DESC, z.id DESC
                 LIMIT %(size)s OFFSET %(skip)s""",
            {
                "person": person_id,
                "company": company_id,
                "services": list(services) or None,
                "branch": branch or None,
                "size": size,
                "skip": (page - 1) * size,
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return MyCases(tuple(MyCase(*row[:-1]) for row in rows), rows[0][-1] if rows else 0)


def find(
    *,
    number: str = "",
    name: str = "",
    birth_date: date | None = None,
    bsn: str = "",
    seen_by: Actor,
    limit: int = 50,
) -> list[FoundZaak]:
    """Return the zaken that match everything that was given, newest first; nothing given, nothing found.

    ``name`` matches the beginning of every word, whatever its accents and capitals, of anyone in the zaak; name and
    birth date are those of the same person. Raises ``people.InvalidBsn``. Only what ``seen_by`` may see is found, in
    the same statement.
    """
    parts: list[str] = []
    params: list[object] = []
    if number.strip():
        parts.append("z.identificatie = ANY(%s)")
        params.append(sorted({number.strip(), number.strip().upper()}))
    who: list[str] = []
    if name.strip():
        words = tsquery(name)
        if not words:
            return []
        who.append("array_to_tsvector(string_to_array(f.naam_zoek, ' ')) @@ %s::tsquery")
        params.append(words)
    if birth_date is not None:
        who.append("f.geboortedatum = %s")
        params.append(birth_date)
    if bsn.strip():
        person_id = people.find_person(bsn.strip())
        if person_id is None:
            return []
        who.append("f.person_id = %s")
        params.append(person_id)
    if who:
        parts.append(f"z.id IN (SELECT f.zaak_id FROM zaken_rol f WHERE {' AND '.join(who)})")
    if not parts:
        return []
    condition = access.predicate(seen_by, "zaak.lezen")
    rows = _rows(
        f"""SELECT z.id, z.uuid, z.identificatie, t.omschrijving, z.omschrijving, z.startdatum, z.einddatum,
                   COALESCE(st.omschrijving, ''), COALESCE(i.naam, '')
              {_FROM}
              LEFT JOIN LATERAL (SELECT a.naam FROM zaken_rol a WHERE a.zaak_id = z.id
                                    AND a.omschrijving_generiek = 'initiator' ORDER BY a.id LIMIT 1) i ON TRUE
             WHERE {" AND ".join(parts)} AND {condition.sql}
             ORDER BY z.id DESC LIMIT %s""",
        [*params, *condition.params, limit],
    )
    return [FoundZaak(*row) for row in rows]


def has_document(kind: str, uuid: UUID, document_id: int) -> bool:
    """Return whether this is a zaak that has this document. One statement. Source: drc-004."""
    if kind != "zaak":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM zaken_zaakinformatieobject k JOIN zaken_zaak z ON z.id = k.zaak_id"
            " WHERE z.uuid = %s AND k.document_id = %s)",
            [uuid, document_id],
        )
        return bool(cursor.fetchone()[0])
