"""Questions to the catalogue. Each is one statement; a zaaktype comes with all its parts."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from stadhuis.catalogi.errors import TypeNotFound
from stadhuis.catalogi.records import (
    BesluittypeRecord,
    CatalogusRecord,
    CatalogusSummary,
    EigenschapRecord,
    IncompleteZaaktype,
    InformatieobjecttypeRecord,
    ResultaattypeRecord,
    RoltypeRecord,
    StatustypeRecord,
    TypeName,
    VersionRecord,
    ZaaktypeRecord,
)
from stadhuis.kit.api.links import link, uuid_in
from stadhuis.kit.memory import remembered
from stadhuis.kit.time import today

API: Final = "catalogi/api/v1"
_VALID: Final = "{0}.begin_geldigheid <= %(day)s AND ({0}.einde_geldigheid IS NULL OR {0}.einde_geldigheid >= %(day)s)"
# For a relation the standard says 'einde after the day'; for the version itself 'up to and including' (BEHAVIOUR 9.3).
_RELATED: Final = (
    "NOT {0}.concept AND {0}.begin_geldigheid <= %(day)s"
    " AND ({0}.einde_geldigheid IS NULL OR {0}.einde_geldigheid > %(day)s)"
)
_BESLUITTYPE: Final = """json_build_array(b.id, b.uuid, b.ref, b.omschrijving, b.reactietermijn, b.publicatie_indicatie,
    b.publicatietermijn, b.concept, b.catalogus_id, ARRAY(SELECT i.omschrijving
    FROM catalogi_besluittypeinformatieobjecttype i WHERE i.besluittype_id = b.id ORDER BY i.id))"""
_ZAAKTYPE: Final = f"""
    SELECT z.id, z.uuid, z.ref, z.catalogus_id, z.identificatie, z.omschrijving, z.doorlooptijd, z.servicenorm,
           z.verlenging_mogelijk, z.verlengingstermijn, z.opschorting_en_aanhouding_mogelijk,
           z.vertrouwelijkheidaanduiding, z.producten_of_diensten, z.selectielijst_procestype, z.concept,
           z.begin_geldigheid, z.einde_geldigheid,
           (SELECT json_agg(json_build_array(s.id, s.uuid, s.omschrijving, s.volgnummer, s.informeren, s.statustekst,
                                             s.doorlooptijd) ORDER BY s.volgnummer)
              FROM catalogi_statustype s WHERE s.zaaktype_id = z.id)::text,
           (SELECT json_agg(json_build_array(r.id, r.uuid, r.omschrijving, r.omschrijving_generiek,
                        r.selectielijstklasse, r.archiefnominatie, r.archiefactietermijn, r.brondatum_afleidingswijze,
                        r.brondatum_datumkenmerk, r.brondatum_einddatum_bekend, r.brondatum_objecttype,
                        r.brondatum_registratie, r.brondatum_procestermijn) ORDER BY r.id)
              FROM catalogi_resultaattype r WHERE r.zaaktype_id = z.id)::text,
           (SELECT json_agg(json_build_array(r.id, r.uuid, r.omschrijving, r.omschrijving_generiek) ORDER BY r.id)
              FROM catalogi_roltype r WHERE r.zaaktype_id = z.id)::text,
           (SELECT json_agg(json_build_array(i.id, i.uuid, i.ref, i.omschrijving, i.vertrouwelijkheidaanduiding,
                                             i.concept, k.richting) ORDER BY k.volgnummer, i.id)
              FROM catalogi_zaaktypeinformatieobjecttype k
              JOIN catalogi_informatieobjecttype i
                ON i.catalogus_id = z.catalogus_id AND i.omschrijving = k.informatieobjecttype
               AND {_RELATED.format("i")}
             WHERE k.zaaktype_id = z.id)::text,
           (SELECT json_agg({_BESLUITTYPE} ORDER BY k.id)
              FROM catalogi_zaaktypebesluittype k
              JOIN catalogi_besluittype b
                ON b.catalogus_id = z.catalogus_id AND b.omschrijving = k.omschrijving AND {_RELATED.format("b")}
             WHERE k.zaaktype_id = z.id)::text,
           (SELECT json_agg(json_build_array(e.id, e.uuid, e.naam, e.definitie, e.specificatie_formaat,
                        e.specificatie_lengte, e.specificatie_kardinaliteit, e.specificatie_waardenverzameling)
                            ORDER BY e.id)
              FROM catalogi_eigenschap e WHERE e.zaaktype_id = z.id)::text,
           ARRAY(SELECT k.omschrijving FROM catalogi_zaaktypebesluittype k WHERE k.zaaktype_id = z.id ORDER BY k.id),
           z.trefwoorden
      FROM catalogi_zaaktype z
"""


def _list(text: str | None) -> list[Any]:
    return json.loads(text) if text else []


def _besluittype(row: list[Any]) -> BesluittypeRecord:
    (
        id_,
        uuid,
        ref,
        omschrijving,
        reactie,
        publicatie,
        publicatietermijn,
        concept,
        catalogus_id,
        informatieobjecttypen,
    ) = row
    return BesluittypeRecord(
        id_, UUID(uuid), link(API, "besluittypen", uuid), ref, omschrijving, reactie, publicatie, publicatietermijn,
        concept, catalogus_id, tuple(informatieobjecttypen),
    )  # fmt: skip


def _zaaktype(row: tuple[Any, ...]) -> ZaaktypeRecord:
    statustypen = _list(row[17])
    last = max((s[3] for s in statustypen), default=0)
    parts: tuple[Any, ...] = (
        tuple(
            StatustypeRecord(s[0], UUID(s[1]), link(API, "statustypen", s[1]), s[2], s[3], s[3] == last, *s[4:7])
            for s in statustypen
        ),
        tuple(ResultaattypeRecord(r[0], UUID(r[1]), link(API, "resultaattypen", r[1]), *r[2:]) for r in _list(row[18])),
        tuple(RoltypeRecord(r[0], UUID(r[1]), link(API, "roltypen", r[1]), r[2], r[3]) for r in _list(row[19])),
        tuple(
            InformatieobjecttypeRecord(i[0], UUID(i[1]), link(API, "informatieobjecttypen", i[1]), *i[2:])
            for i in _list(row[20])
        ),
        tuple(_besluittype(b) for b in _list(row[21])),
        tuple(_eigenschap(e) for e in _list(row[22])),
        tuple(row[23]),
        tuple(row[24]),
    )
    columns: list[Any] = [*row[:2], link(API, "zaaktypen", row[1]), *row[2:12], tuple(row[12]), *row[13:17]]
    return ZaaktypeRecord(*columns, *parts)


def _eigenschap(values: list[Any]) -> EigenschapRecord:
    id_, uuid, naam, definitie, formaat, lengte, kardinaliteit, waarden = values
    return EigenschapRecord(
        id_,
        UUID(uuid),
        link(API, "eigenschappen", uuid),
        naam,
        definitie,
        formaat,
        lengte,
        kardinaliteit,
        tuple(waarden),
    )


def _zaaktypen(where: str, *, on: date | None, **params: Any) -> list[ZaaktypeRecord]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_ZAAKTYPE} WHERE {where} ORDER BY z.identificatie, z.id", {"day": on or today(), **params})
        return [_zaaktype(row) for row in cursor.fetchall()]


def _one(found: list[ZaaktypeRecord], what: object) -> ZaaktypeRecord:
    if not found:
        raise TypeNotFound(f"no zaaktype {what}")
    return found[0]


def zaaktype(identificatie: str, *, on: date | None = None) -> ZaaktypeRecord:
    """Return the published version of a zaaktype that is valid on a day (today when none is given).

    ``identificatie`` may also be a ref (``<domein>:<identificatie>``). Raises ``TypeNotFound``.
    """
    column = "ref" if ":" in identificatie else "identificatie"
    where = f"z.{column} = %(name)s AND NOT z.concept AND {_VALID.format('z')}"
    day = on or today()
    found = _one(_zaaktypen(where, on=day, name=identificatie), identificatie)
    return remembered("zaaktype", (found.id, day), lambda: found)


def zaaktype_by_id(zaaktype_id: int, *, on: date | None = None) -> ZaaktypeRecord:
    """Return one version of a zaaktype. Raises ``TypeNotFound``. Remembered for the length of a web request."""
    day = on or today()
    return remembered(
        "zaaktype", (zaaktype_id, day), lambda: _one(_zaaktypen("z.id = %(id)s", on=day, id=zaaktype_id), zaaktype_id)
    )


def zaaktype_by_url(url: str, *, on: date | None = None) -> ZaaktypeRecord:
    """Return one version of a zaaktype by its address. Raises ``TypeNotFound``, also for an address that is not ours."""
    uuid = uuid_in(url, API, "zaaktypen")
    return _one(_zaaktypen("z.uuid = %(uuid)s", on=on, uuid=uuid), url)


def zaaktypen(on: date | None = None) -> list[ZaaktypeRecord]:
    """Return all published zaaktypen valid on a day, by identificatie."""
    return _zaaktypen(f"NOT z.concept AND {_VALID.format('z')}", on=on)


def informatieobjecttype(informatieobjecttype_id: int) -> InformatieobjecttypeRecord:
    """Return one version of a type of document. Raises ``TypeNotFound``. Remembered for the length of a web request."""
    return remembered(
        "zaaktype",
        ("informatieobjecttype", informatieobjecttype_id),
        lambda: _informatieobjecttype(informatieobjecttype_id),
    )


def _informatieobjecttype(informatieobjecttype_id: int) -> InformatieobjecttypeRecord:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uuid, ref, omschrijving, vertrouwelijkheidaanduiding, concept"
            "  FROM catalogi_informatieobjecttype WHERE id = %s",
            [informatieobjecttype_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise TypeNotFound(f"no informatieobjecttype {informatieobjecttype_id}")
    return InformatieobjecttypeRecord(row[0], row[1], link(API, "informatieobjecttypen", row[1]), *row[2:])


def informatieobjecttype_by_name(omschrijving: str, *, on: date | None = None) -> InformatieobjecttypeRecord:
    """Return the published version of a type of document valid on a day, by name or ref. Raises ``TypeNotFound``."""
    column = "ref" if ":" in omschrijving else "omschrijving"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id FROM catalogi_informatieobjecttype i"
            f" WHERE i.{column} = %(name)s AND NOT i.concept AND {_VALID.format('i')} ORDER BY i.id LIMIT 1",
            {"name": omschrijving, "day": on or today()},
        )
        row = cursor.fetchone()
    if row is None:
        raise TypeNotFound(f"no informatieobjecttype {omschrijving}")
    return informatieobjecttype(row[0])


def besluittype(besluittype_id: int) -> BesluittypeRecord:
    """Return one version of a type of decision. Raises ``TypeNotFound``."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({_BESLUITTYPE})::text FROM catalogi_besluittype b WHERE b.id = %s", [besluittype_id])
        row = cursor.fetchone()
    if row is None:
        raise TypeNotFound(f"no besluittype {besluittype_id}")
    return _besluittype(json.loads(row[0]))


def resultaattype(resultaattype_id: int) -> ResultaattypeRecord:
    """Return an outcome with its archive parameters. Raises ``TypeNotFound``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uuid, omschrijving, omschrijving_generiek, selectielijstklasse, archiefnominatie,"
            " archiefactietermijn, brondatum_afleidingswijze, brondatum_datumkenmerk, brondatum_einddatum_bekend,"
            " brondatum_objecttype, brondatum_registratie, brondatum_procestermijn FROM catalogi_resultaattype WHERE id = %s",
            [resultaattype_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise TypeNotFound(f"no resultaattype {resultaattype_id}")
    return ResultaattypeRecord(row[0], row[1], link(API, "resultaattypen", row[1]), *row[2:])


def catalogus(domein: str) -> CatalogusRecord:
    """Return a catalogue by its domein. Raises ``TypeNotFound``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uuid, domein, rsin, naam FROM catalogi_catalogus WHERE domein = %s ORDER BY id LIMIT 1",
            [domein],
        )
        row = cursor.fetchone()
    if row is None:
        raise TypeNotFound(f"no catalogus {domein}")
    return CatalogusRecord(row[0], row[1], link(API, "catalogussen", row[1]), row[2], row[3], row[4])


def catalogi() -> list[CatalogusSummary]:
    """Return all catalogues with how much is in them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.uuid, c.domein, c.rsin, c.naam,"
            " (SELECT count(DISTINCT z.identificatie) FROM catalogi_zaaktype z WHERE z.catalogus_id = c.id),"
            " (SELECT count(DISTINCT i.omschrijving) FROM catalogi_informatieobjecttype i WHERE i.catalogus_id = c.id),"
            " (SELECT count(DISTINCT b.omschrijving) FROM catalogi_besluittype b WHERE b.catalogus_id = c.id)"
            " FROM catalogi_catalogus c ORDER BY c.domein, c.id"
        )
        return [CatalogusSummary(*row) for row in cursor.fetchall()]


_COUNTED: Final = {
    "statustypen": "catalogi_statustype",
    "resultaattypen": "catalogi_resultaattype",
    "roltypen": "catalogi_roltype",
    "eigenschappen": "catalogi_eigenschap",
    "zaakobjecttypen": "catalogi_zaakobjecttype",
    "informatieobjecttypen": "catalogi_zaaktypeinformatieobjecttype",
    "besluittypen": "catalogi_zaaktypebesluittype",
}
_COUNTS: Final = ", ".join(
    f"'{name}', (SELECT count(*) FROM {table} p WHERE p.zaaktype_id = v.id)" for name, table in _COUNTED.items()
)


def _versions_sql(kind: str, table: str, name: str, counts: str) -> str:
    return (
        f"SELECT '{kind}' AS kind, v.uuid, v.{name} AS name, v.omschrijving, v.begin_geldigheid, v.einde_geldigheid,"
        " CASE WHEN v.concept THEN 'concept' WHEN v.begin_geldigheid > %(day)s THEN 'coming'"
        " WHEN v.einde_geldigheid < %(day)s THEN 'past' ELSE 'current' END,"
        f" json_build_object({counts})::text, v.id"
        f" FROM {table} v JOIN catalogi_catalogus c ON c.id = v.catalogus_id"
        f" WHERE c.uuid = %(catalogus)s AND (%(name)s::text IS NULL OR (v.{name} = %(name)s AND %(kind)s = '{kind}'))"
    )


_VERSIONS: Final = " UNION ALL ".join(
    (
        _versions_sql("zaaktypen", "catalogi_zaaktype", "identificatie", _COUNTS),
        _versions_sql("informatieobjecttypen", "catalogi_informatieobjecttype", "omschrijving", ""),
        _versions_sql("besluittypen", "catalogi_besluittype", "omschrijving", ""),
    )
)


def versions(catalogus: UUID, *, of: tuple[str, str] | None = None, on: date | None = None) -> list[VersionRecord]:
    """Return the versions of all types of a catalogue, or of one (``of``: kind and name), newest first per type.

    One statement. Nothing for a catalogue that is not there.
    """
    wanted_kind, wanted_name = of or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({_VERSIONS}) q ORDER BY q.kind, q.name, q.begin_geldigheid DESC, q.id DESC",
            {"catalogus": catalogus, "day": on or today(), "kind": wanted_kind, "name": wanted_name},
        )
        return [
            VersionRecord(kind, uuid, name, omschrijving, begin, end, state, json.loads(counts))
            for kind, uuid, name, omschrijving, begin, end, state, counts, _ in cursor.fetchall()
        ]


_TYPE_TABLES: Final = {
    "zaaktype": ("catalogi_zaaktype", "omschrijving"),
    "informatieobjecttype": ("catalogi_informatieobjecttype", "omschrijving"),
    "besluittype": ("catalogi_besluittype", "omschrijving"),
}


def type_names(kind: str) -> list[TypeName]:
    """Return the published types of a kind, each once however many versions it has, with the name of its latest.

    ``kind`` is zaaktype, informatieobjecttype or besluittype. Ordered by catalogue and name. One statement.
    """
    table, name = _TYPE_TABLES[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.ref, t.omschrijving, c.domein, COALESCE(NULLIF(c.naam, ''), c.domein)"
            f"  FROM (SELECT DISTINCT ON (ref) ref, {name} AS omschrijving, catalogus_id FROM {table}"
            "          WHERE NOT concept ORDER BY ref, begin_geldigheid DESC, id DESC) t"
            "  JOIN catalogi_catalogus c ON c.id = t.catalogus_id ORDER BY c.domein, lower(t.omschrijving), t.ref"
        )
        return [TypeName(*row) for row in cursor.fetchall()]


def incomplete_zaaktypen() -> list[IncompleteZaaktype]:
    """Return the published zaaktypen, valid now or later, that lack statustypen, resultaattypen or roltypen. One statement.

    Publishing such a version is allowed; a zaak of it cannot be handled to its end. Source: ZGW BEHAVIOUR 9.2.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT z.uuid, z.ref, z.identificatie, z.omschrijving, z.begin_geldigheid,"
            "       COALESCE(NULLIF(c.naam, ''), c.domein), m.statustypen, m.resultaattypen, m.roltypen"
            "  FROM catalogi_zaaktype z JOIN catalogi_catalogus c ON c.id = z.catalogus_id"
            "  CROSS JOIN LATERAL (SELECT"
            "       NOT EXISTS (SELECT 1 FROM catalogi_statustype s WHERE s.zaaktype_id = z.id) AS statustypen,"
            "       NOT EXISTS (SELECT 1 FROM catalogi_resultaattype r WHERE r.zaaktype_id = z.id) AS resultaattypen,"
            "       NOT EXISTS (SELECT 1 FROM catalogi_roltype o WHERE o.zaaktype_id = z.id) AS roltypen) m"
            " WHERE NOT z.concept AND (z.einde_geldigheid IS NULL OR z.einde_geldigheid >= %s)"
            "   AND (m.statustypen OR m.resultaattypen OR m.roltypen)"
            " ORDER BY c.domein, z.identificatie, z.begin_geldigheid, z.id",
            [today()],
        )
        return [
            IncompleteZaaktype(
                uuid, link(API, "zaaktypen", uuid), ref, identificatie, omschrijving, begin, catalogus,
                tuple(
                    name
                    for name, lacks in zip(("statustypen", "resultaattypen", "roltypen"), missing, strict=True)
                    if lacks
                ),
            )
            for uuid, ref, identificatie, omschrijving, begin, catalogus, *missing in cursor.fetchall()
        ]  # fmt: skip
