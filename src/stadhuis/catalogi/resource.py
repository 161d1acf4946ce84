"""What the Catalogi API shows, as SQL. Source: the standard's OpenAPI file, Catalogi API 1.4.0.

Relations by name lead to the versions that are valid on the day that is asked (``datumGeldigheid``), today by default
(BEHAVIOUR 9.3).
"""

from __future__ import annotations

from typing import Any, Final

from stadhuis.catalogi import shapes
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.resource import NOTHING, Filter, Many, One, Resource, address, addresses, compare, register

ROOT: Final = "catalogi/api/v1"
_VALID: Final = (
    "NOT x.concept AND x.begin_geldigheid <= :{day}::date"
    " AND (x.einde_geldigheid IS NULL OR x.einde_geldigheid > :{day}::date)"
)
_RELATED_TO: Final = _VALID.replace("x.", "{t}.")
_PERIOD: Final = {
    "beginGeldigheid": "{z}.begin_geldigheid",
    "eindeGeldigheid": "{z}.einde_geldigheid",
    "beginObject": "{z}.begin_object",
    "eindeObject": "{z}.einde_object",
}
_OF_ZAAKTYPE: Final = "FROM catalogi_zaaktype y WHERE y.id = {z}.zaaktype_id"
_PERIOD_OF_PART: Final = {
    # Of a part the period is that of its zaaktype (BEHAVIOUR 9.3).
    "beginGeldigheid": f"COALESCE({{z}}.begin_geldigheid, (SELECT y.begin_geldigheid {_OF_ZAAKTYPE}))",
    "eindeGeldigheid": f"COALESCE({{z}}.einde_geldigheid, (SELECT y.einde_geldigheid {_OF_ZAAKTYPE}))",
    "beginObject": "{z}.begin_object",
    "eindeObject": "{z}.einde_object",
}
_ZAAKTYPE_OF_PART: Final = {
    "zaaktype": f"(SELECT {address(ROOT, 'zaaktypen', 'y.uuid')} {_OF_ZAAKTYPE})",
    "zaaktypeIdentificatie": f"(SELECT y.identificatie {_OF_ZAAKTYPE})",
}
_CATALOGUS_OF_PART: Final = (
    f"(SELECT {address(ROOT, 'catalogussen', 'c.uuid')} FROM catalogi_catalogus c"
    " JOIN catalogi_zaaktype y ON y.catalogus_id = c.id WHERE y.id = {z}.zaaktype_id)"
)
_CATALOGUS: Final = (
    f"(SELECT {address(ROOT, 'catalogussen', 'c.uuid')} FROM catalogi_catalogus c WHERE c.id = {{z}}.catalogus_id)"
)


def _parts(path: str, table: str) -> str:
    return addresses(ROOT, path, f"{table} x WHERE x.zaaktype_id = {{z}}.id")


def _named(path: str, table: str, link: str, *, on: str, column: str = "omschrijving", catalogus: str = "") -> str:
    """Return the addresses of the valid versions in the same catalogue that rows of ``link`` name."""
    source = (
        f"{table} x JOIN {link} k ON {on} AND k.{column} = x.omschrijving"
        f" WHERE x.catalogus_id = {catalogus or '{z}.catalogus_id'} AND {_VALID}"
    )
    return addresses(ROOT, path, source)


def _texts(column: str, link: str, on: str) -> str:
    return f"COALESCE((SELECT json_agg(k.{column} ORDER BY k.id) FROM {link} k WHERE {on}), '[]'::json)"


def _zaaktypen_naming(link: str, column: str) -> tuple[str, str, str]:
    """Return for a type that zaaktypen name: their addresses, their identificaties, and the join of the relation."""
    where = (
        f"x.catalogus_id = {{z}}.catalogus_id AND {_VALID} AND EXISTS"
        f" (SELECT 1 FROM {link} k WHERE k.zaaktype_id = x.id AND k.{column} = {{z}}.omschrijving)"
    )
    names = (
        "COALESCE((SELECT json_agg(q.identificatie ORDER BY q.identificatie) FROM"
        f" (SELECT DISTINCT x.identificatie FROM catalogi_zaaktype x WHERE {where}) q), '[]'::json)"
    )
    return (
        addresses(ROOT, "zaaktypen", f"catalogi_zaaktype x WHERE {where}"),
        names,
        where.replace("x.", "{t}."),
    )


# -- Filters -----------------------------------------------------------------------------------------------------------
def _uuid(path: str) -> Any:
    return lambda url: uuid_in(url, ROOT, path) or NOTHING


def _name_or_uuid(path: str) -> Any:
    """A name, or the address of a version of ours, of which the uuid is compared."""
    return lambda value: str(uuid_in(value, ROOT, path) or value)


_ON_DAY: Final = (
    "{z}.begin_geldigheid <= :{v}::date AND ({z}.einde_geldigheid IS NULL OR {z}.einde_geldigheid >= :{v}::date)"
)
_STATUS: Final = "(:{v}::text = 'alles' OR {z}.concept = (:{v}::text = 'concept'))"
_CATALOGUS_FILTER: Final = Filter(
    "{z}.catalogus_id = (SELECT c.id FROM catalogi_catalogus c WHERE c.uuid = :{v})", _uuid("catalogussen")
)
_PART_OF: Final = "EXISTS (SELECT 1 FROM catalogi_zaaktype y WHERE y.id = {z}.zaaktype_id AND {and})"


def _of_zaaktype(sql: str, convert: Any = None) -> Filter:
    return Filter(sql, convert, within=_PART_OF)


_PART_FILTERS: Final = {
    "zaaktype": _of_zaaktype("y.uuid = :{v}", _uuid("zaaktypen")),
    "zaaktype_identificatie": _of_zaaktype("y.identificatie = :{v}"),
    "status": _of_zaaktype("(:{v}::text = 'alles' OR y.concept = (:{v}::text = 'concept'))"),
    "datum_geldigheid": _of_zaaktype(_ON_DAY.replace("{z}", "y")),
    "in_catalogus": _of_zaaktype("y.catalogus_id = :{v}"),  # for an export; the API has no such parameter
}

# -- Resources ---------------------------------------------------------------------------------------------------------
CATALOGUS: Final = register(
    Resource(
        name="catalogus",
        root=ROOT,
        path="catalogussen",
        table="catalogi_catalogus",
        bron="ztc",
        shape=shapes.CatalogusBody,
        columns={
            "url": address(ROOT, "catalogussen", "{z}.uuid"),
            "domein": "{z}.domein",
            "rsin": "{z}.rsin",
            "contactpersoonBeheerNaam": "{z}.contactpersoon_beheer_naam",
            "contactpersoonBeheerTelefoonnummer": "{z}.contactpersoon_beheer_telefoonnummer",
            "contactpersoonBeheerEmailadres": "{z}.contactpersoon_beheer_emailadres",
            "zaaktypen": addresses(ROOT, "zaaktypen", "catalogi_zaaktype x WHERE x.catalogus_id = {z}.id"),
            "besluittypen": addresses(ROOT, "besluittypen", "catalogi_besluittype x WHERE x.catalogus_id = {z}.id"),
            "besluittypeOmschrijving": "COALESCE((SELECT json_agg(DISTINCT x.omschrijving) FROM catalogi_besluittype x"
            " WHERE x.catalogus_id = {z}.id), '[]'::json)",
            "informatieobjecttypen": addresses(
                ROOT, "informatieobjecttypen", "catalogi_informatieobjecttype x WHERE x.catalogus_id = {z}.id"
            ),
            "informatieobjecttypeOmschrijving": "COALESCE((SELECT json_agg(DISTINCT x.omschrijving)"
            " FROM catalogi_informatieobjecttype x WHERE x.catalogus_id = {z}.id), '[]'::json)",
            "naam": "{z}.naam",
            "versie": "{z}.versie",
            "begindatumVersie": "{z}.begindatum_versie",
        },
        filters={
            **compare("domein", "", "in"),
            **compare("rsin", "", "in"),
            "in_catalogus": Filter("{z}.id = :{v}"),
        },
        order="{z}.id",
        relations={
            "zaaktypen": Many("zaaktype", "{t}.catalogus_id = {z}.id"),
            "besluittypen": Many("besluittype", "{t}.catalogus_id = {z}.id"),
            "informatieobjecttypen": Many("informatieobjecttype", "{t}.catalogus_id = {z}.id"),
        },
        weergave="{z}.domein",
    )
)

_RELATED: Final = f"""COALESCE((SELECT json_agg(json_build_object(
    'zaaktype', COALESCE(NULLIF(k.zaaktype_url, ''), (SELECT {address(ROOT, "zaaktypen", "x.uuid")} FROM catalogi_zaaktype x
        WHERE x.catalogus_id = {{z}}.catalogus_id AND x.identificatie = k.identificatie AND {_VALID} LIMIT 1), ''),
    'zaaktypeIdentificatie', k.identificatie, 'aardRelatie', k.aard_relatie, 'toelichting', k.toelichting) ORDER BY k.id)
    FROM catalogi_zaaktyperelatie k WHERE k.zaaktype_id = {{z}}.id), '[]'::json)"""
_ZAAKTYPE_LINK: Final = "k.zaaktype_id = {z}.id"
_DEELZAAKTYPEN: Final = (
    "catalogi_zaaktype x JOIN catalogi_zaaktypedeelzaaktype k ON k.zaaktype_id = {z}.id"
    f" AND k.identificatie = x.identificatie WHERE x.catalogus_id = {{z}}.catalogus_id AND {_VALID}"
)


def _named_by(link: str, column: str, *, key: str = "omschrijving") -> str:
    """Return the join of a relation to the valid versions that rows of ``link`` of a zaaktype name."""
    return (
        f"{{t}}.catalogus_id = {{z}}.catalogus_id AND {_RELATED_TO} AND EXISTS"
        f" (SELECT 1 FROM {link} k WHERE k.zaaktype_id = {{z}}.id AND k.{column} = {{t}}.{key})"
    )


ZAAKTYPE: Final = register(
    Resource(
        name="zaaktype",
        root=ROOT,
        path="zaaktypen",
        table="catalogi_zaaktype",
        bron="ztc",
        shape=shapes.ZaaktypeBody,
        kanaal="zaaktypen",
        kenmerken={"catalogus": "catalogus"},
        columns={
            "url": address(ROOT, "zaaktypen", "{z}.uuid"),
            "identificatie": "{z}.identificatie",
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "vertrouwelijkheidaanduiding": "{z}.vertrouwelijkheidaanduiding",
            "doel": "{z}.doel",
            "aanleiding": "{z}.aanleiding",
            "toelichting": "{z}.toelichting",
            "indicatieInternOfExtern": "{z}.indicatie_intern_of_extern",
            "handelingInitiator": "{z}.handeling_initiator",
            "onderwerp": "{z}.onderwerp",
            "handelingBehandelaar": "{z}.handeling_behandelaar",
            "doorlooptijd": "{z}.doorlooptijd",
            "servicenorm": "{z}.servicenorm",
            "opschortingEnAanhoudingMogelijk": "{z}.opschorting_en_aanhouding_mogelijk",
            "verlengingMogelijk": "{z}.verlenging_mogelijk",
            "verlengingstermijn": "{z}.verlengingstermijn",
            "trefwoorden": "{z}.trefwoorden",
            "publicatieIndicatie": "{z}.publicatie_indicatie",
            "publicatietekst": "{z}.publicatietekst",
            "verantwoordingsrelatie": "{z}.verantwoordingsrelatie",
            "productenOfDiensten": "{z}.producten_of_diensten",
            "selectielijstProcestype": "{z}.selectielijst_procestype",
            "referentieproces": "json_build_object('naam', {z}.referentieproces_naam, 'link', {z}.referentieproces_link)",
            "verantwoordelijke": "{z}.verantwoordelijke",
            "zaakobjecttypen": _parts("zaakobjecttypen", "catalogi_zaakobjecttype"),
            "broncatalogus": "CASE WHEN {z}.broncatalogus_url <> '' THEN json_build_object('url', {z}.broncatalogus_url,"
            " 'domein', {z}.broncatalogus_domein, 'rsin', {z}.broncatalogus_rsin) END",
            "bronzaaktype": "CASE WHEN {z}.bronzaaktype_url <> '' THEN json_build_object('url', {z}.bronzaaktype_url,"
            " 'identificatie', {z}.bronzaaktype_identificatie, 'omschrijving', {z}.bronzaaktype_omschrijving) END",
            "catalogus": _CATALOGUS,
            "statustypen": _parts("statustypen", "catalogi_statustype"),
            "resultaattypen": _parts("resultaattypen", "catalogi_resultaattype"),
            "eigenschappen": _parts("eigenschappen", "catalogi_eigenschap"),
            "informatieobjecttypen": _named(
                "informatieobjecttypen", "catalogi_informatieobjecttype", "catalogi_zaaktypeinformatieobjecttype",
                on=_ZAAKTYPE_LINK, column="informatieobjecttype",
            ),
            "informatieobjecttypeOmschrijving": _texts(
                "informatieobjecttype", "catalogi_zaaktypeinformatieobjecttype", _ZAAKTYPE_LINK
            ),
            "roltypen": _parts("roltypen", "catalogi_roltype"),
            "besluittypen": _named(
                "besluittypen", "catalogi_besluittype", "catalogi_zaaktypebesluittype", on=_ZAAKTYPE_LINK
            ),
            "besluittypeOmschrijving": _texts("omschrijving", "catalogi_zaaktypebesluittype", _ZAAKTYPE_LINK),
            "deelzaaktypen": addresses(ROOT, "zaaktypen", _DEELZAAKTYPEN),
            "deelzaaktypeIdentificaties": _texts("identificatie", "catalogi_zaaktypedeelzaaktype", _ZAAKTYPE_LINK),
            "gerelateerdeZaaktypen": _RELATED,
            **_PERIOD,
            "versiedatum": "COALESCE({z}.versiedatum, {z}.begin_geldigheid)",
            "concept": "{z}.concept",
        },
        filters={
            "catalogus": _CATALOGUS_FILTER,
            "in_catalogus": Filter("{z}.catalogus_id = :{v}"),
            "identificatie": Filter("{z}.identificatie = :{v}"),
            "trefwoorden": Filter("{z}.trefwoorden::text[] && :{v}::text[]"),
            "status": Filter(_STATUS),
            "datum_geldigheid": Filter(_ON_DAY),
        },
        relations={
            "zaakobjecttypen": Many("zaakobjecttype", "{t}.zaaktype_id = {z}.id"),
            "catalogus": One("catalogus", "{t}.id = {z}.catalogus_id"),
            "statustypen": Many("statustype", "{t}.zaaktype_id = {z}.id", "{t}.volgnummer"),
            "resultaattypen": Many("resultaattype", "{t}.zaaktype_id = {z}.id"),
            "eigenschappen": Many("eigenschap", "{t}.zaaktype_id = {z}.id"),
            "informatieobjecttypen": Many(
                "informatieobjecttype", _named_by("catalogi_zaaktypeinformatieobjecttype", "informatieobjecttype")
            ),
            "roltypen": Many("roltype", "{t}.zaaktype_id = {z}.id"),
            "besluittypen": Many("besluittype", _named_by("catalogi_zaaktypebesluittype", "omschrijving")),
            "deelzaaktypen": Many(
                "zaaktype", _named_by("catalogi_zaaktypedeelzaaktype", "identificatie", key="identificatie")
            ),
            "gerelateerdeZaaktypen": Many(
                "zaaktype", _named_by("catalogi_zaaktyperelatie", "identificatie", key="identificatie")
            ),
        },
        weergave="{z}.identificatie",
    )
)  # fmt: skip

STATUSTYPE: Final = register(
    Resource(
        name="statustype",
        root=ROOT,
        path="statustypen",
        table="catalogi_statustype",
        bron="ztc",
        main="zaaktype",
        shape=shapes.StatustypeBody,
        columns={
            "url": address(ROOT, "statustypen", "{z}.uuid"),
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "statustekst": "{z}.statustekst",
            **_ZAAKTYPE_OF_PART,
            "catalogus": _CATALOGUS_OF_PART,
            "volgnummer": "{z}.volgnummer",
            "isEindstatus": "NOT EXISTS (SELECT 1 FROM catalogi_statustype x"
            " WHERE x.zaaktype_id = {z}.zaaktype_id AND x.volgnummer > {z}.volgnummer)",
            "informeren": "{z}.informeren",
            "doorlooptijd": "{z}.doorlooptijd",
            "toelichting": "{z}.toelichting",
            "checklistitemStatustype": "{z}.checklistitem_statustype",
            "eigenschappen": addresses(
                ROOT,
                "eigenschappen",
                "catalogi_eigenschap x JOIN catalogi_statustypeeigenschap k ON k.eigenschap_id = x.id"
                " WHERE k.statustype_id = {z}.id",
            ),
            **_PERIOD_OF_PART,
        },
        filters=_PART_FILTERS,
        order="{z}.zaaktype_id DESC, {z}.volgnummer",
        relations={
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "catalogus": One("catalogus", f"{{t}}.id = (SELECT y.catalogus_id {_OF_ZAAKTYPE})"),
            "eigenschappen": Many(
                "eigenschap",
                "{t}.id IN (SELECT k.eigenschap_id FROM catalogi_statustypeeigenschap k WHERE k.statustype_id = {z}.id)",
            ),
        },
        weergave="{z}.omschrijving",
    )
)

_BRONDATUM: Final = """CASE WHEN {z}.brondatum_afleidingswijze <> '' THEN json_build_object(
    'afleidingswijze', {z}.brondatum_afleidingswijze, 'datumkenmerk', {z}.brondatum_datumkenmerk,
    'einddatumBekend', {z}.brondatum_einddatum_bekend, 'objecttype', {z}.brondatum_objecttype,
    'registratie', {z}.brondatum_registratie, 'procestermijn', {z}.brondatum_procestermijn) END"""
_RESULTAATTYPE_LINK: Final = "k.resultaattype_id = {z}.id"
_ITS_CATALOGUS: Final = f"(SELECT y.catalogus_id {_OF_ZAAKTYPE})"


def _of_result(link: str) -> str:
    return (
        f"{{t}}.catalogus_id = {_ITS_CATALOGUS} AND {_RELATED_TO} AND EXISTS"
        f" (SELECT 1 FROM {link} k WHERE k.resultaattype_id = {{z}}.id AND k.omschrijving = {{t}}.omschrijving)"
    )


RESULTAATTYPE: Final = register(
    Resource(
        name="resultaattype",
        root=ROOT,
        path="resultaattypen",
        table="catalogi_resultaattype",
        bron="ztc",
        main="zaaktype",
        shape=shapes.ResultaattypeBody,
        columns={
            "url": address(ROOT, "resultaattypen", "{z}.uuid"),
            **_ZAAKTYPE_OF_PART,
            "omschrijving": "{z}.omschrijving",
            "resultaattypeomschrijving": "{z}.resultaattypeomschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "selectielijstklasse": "{z}.selectielijstklasse",
            "toelichting": "{z}.toelichting",
            "archiefnominatie": "{z}.archiefnominatie",
            "archiefactietermijn": "{z}.archiefactietermijn",
            "brondatumArchiefprocedure": _BRONDATUM,
            "procesobjectaard": "{z}.procesobjectaard",
            "catalogus": _CATALOGUS_OF_PART,
            **_PERIOD_OF_PART,
            "indicatieSpecifiek": "{z}.indicatie_specifiek",
            "procestermijn": "{z}.procestermijn",
            "besluittypen": _named(
                "besluittypen", "catalogi_besluittype", "catalogi_resultaattypebesluittype", on=_RESULTAATTYPE_LINK,
                catalogus=_ITS_CATALOGUS,
            ),
            "besluittypeOmschrijving": _texts("omschrijving", "catalogi_resultaattypebesluittype", _RESULTAATTYPE_LINK),
            "informatieobjecttypen": _named(
                "informatieobjecttypen", "catalogi_informatieobjecttype", "catalogi_resultaattypeinformatieobjecttype",
                on=_RESULTAATTYPE_LINK, catalogus=_ITS_CATALOGUS,
            ),
            "informatieobjecttypeOmschrijving": _texts(
                "omschrijving", "catalogi_resultaattypeinformatieobjecttype", _RESULTAATTYPE_LINK
            ),
        },
        filters={
            **_PART_FILTERS,
            "zaaktype_identificatie_": _PART_FILTERS["zaaktype_identificatie"],
            "datum_geldigheid_": _PART_FILTERS["datum_geldigheid"],
        },
        relations={
            "catalogus": One("catalogus", f"{{t}}.id = {_ITS_CATALOGUS}"),
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "besluittypen": Many("besluittype", _of_result("catalogi_resultaattypebesluittype")),
            "informatieobjecttypen": Many(
                "informatieobjecttype", _of_result("catalogi_resultaattypeinformatieobjecttype")
            ),
        },
        weergave="{z}.omschrijving",
    )
)  # fmt: skip

ROLTYPE: Final = register(
    Resource(
        name="roltype",
        root=ROOT,
        path="roltypen",
        table="catalogi_roltype",
        bron="ztc",
        main="zaaktype",
        shape=shapes.RoltypeBody,
        columns={
            "url": address(ROOT, "roltypen", "{z}.uuid"),
            **_ZAAKTYPE_OF_PART,
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "catalogus": _CATALOGUS_OF_PART,
            **_PERIOD_OF_PART,
        },
        filters={**_PART_FILTERS, "omschrijving_generiek": Filter("{z}.omschrijving_generiek = :{v}")},
        relations={
            "catalogus": One("catalogus", f"{{t}}.id = {_ITS_CATALOGUS}"),
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
        },
        weergave="{z}.omschrijving",
    )
)

EIGENSCHAP: Final = register(
    Resource(
        name="eigenschap",
        root=ROOT,
        path="eigenschappen",
        table="catalogi_eigenschap",
        bron="ztc",
        main="zaaktype",
        shape=shapes.EigenschapBody,
        columns={
            "url": address(ROOT, "eigenschappen", "{z}.uuid"),
            "naam": "{z}.naam",
            "catalogus": _CATALOGUS_OF_PART,
            "definitie": "{z}.definitie",
            "specificatie": "json_build_object('groep', {z}.specificatie_groep, 'formaat', {z}.specificatie_formaat,"
            " 'lengte', {z}.specificatie_lengte, 'kardinaliteit', {z}.specificatie_kardinaliteit,"
            " 'waardenverzameling', {z}.specificatie_waardenverzameling)",
            "toelichting": "{z}.toelichting",
            **_ZAAKTYPE_OF_PART,
            "statustype": f"(SELECT {address(ROOT, 'statustypen', 'x.uuid')} FROM catalogi_statustype x WHERE x.id = {{z}}.statustype_id)",
            **_PERIOD_OF_PART,
        },
        filters=_PART_FILTERS,
        relations={
            "catalogus": One("catalogus", f"{{t}}.id = {_ITS_CATALOGUS}"),
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "statustype": One("statustype", "{t}.id = {z}.statustype_id"),
        },
        weergave="{z}.naam",
    )
)

ZAAKOBJECTTYPE: Final = register(
    Resource(
        name="zaakobjecttype",
        root=ROOT,
        path="zaakobjecttypen",
        table="catalogi_zaakobjecttype",
        bron="ztc",
        main="zaaktype",
        shape=shapes.ZaakobjecttypeBody,
        columns={
            "url": address(ROOT, "zaakobjecttypen", "{z}.uuid"),
            "anderObjecttype": "{z}.ander_objecttype",
            **_PERIOD_OF_PART,
            "objecttype": "{z}.objecttype",
            "relatieOmschrijving": "{z}.relatie_omschrijving",
            **_ZAAKTYPE_OF_PART,
            "resultaattypen": addresses(
                ROOT,
                "resultaattypen",
                "catalogi_resultaattype x JOIN catalogi_zaakobjecttype_resultaattypen k ON k.resultaattype_id = x.id"
                " WHERE k.zaakobjecttype_id = {z}.id",
            ),
            "resultaattypeOmschrijving": "COALESCE((SELECT json_agg(x.omschrijving ORDER BY x.id) FROM catalogi_resultaattype x"
            " JOIN catalogi_zaakobjecttype_resultaattypen k ON k.resultaattype_id = x.id"
            " WHERE k.zaakobjecttype_id = {z}.id), '[]'::json)",
            "statustypen": addresses(
                ROOT,
                "statustypen",
                "catalogi_statustype x JOIN catalogi_zaakobjecttype_statustypen k ON k.statustype_id = x.id"
                " WHERE k.zaakobjecttype_id = {z}.id",
            ),
            "catalogus": _CATALOGUS_OF_PART,
        },
        filters={
            **{name: one for name, one in _PART_FILTERS.items() if name != "status"},
            "ander_objecttype": Filter("{z}.ander_objecttype = :{v}::boolean"),
            "catalogus": _of_zaaktype(
                "y.catalogus_id = (SELECT c.id FROM catalogi_catalogus c WHERE c.uuid = :{v})", _uuid("catalogussen")
            ),
            "datum_begin_geldigheid": Filter(f"{_PERIOD_OF_PART['beginGeldigheid']} = :{{v}}::date"),
            "datum_einde_geldigheid": Filter(f"{_PERIOD_OF_PART['eindeGeldigheid']} = :{{v}}::date"),
            "objecttype": Filter("{z}.objecttype = :{v}"),
            "relatie_omschrijving": Filter("{z}.relatie_omschrijving = :{v}"),
        },
        relations={
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "resultaattypen": Many(
                "resultaattype",
                "{t}.id IN (SELECT k.resultaattype_id FROM catalogi_zaakobjecttype_resultaattypen k WHERE k.zaakobjecttype_id = {z}.id)",
            ),
            "statustypen": Many(
                "statustype",
                "{t}.id IN (SELECT k.statustype_id FROM catalogi_zaakobjecttype_statustypen k WHERE k.zaakobjecttype_id = {z}.id)",
            ),
            "catalogus": One("catalogus", f"{{t}}.id = {_ITS_CATALOGUS}"),
        },
        weergave="{z}.relatie_omschrijving",
    )
)

ZAAKTYPE_INFORMATIEOBJECTTYPE: Final = register(
    Resource(
        name="zaakinformatieobjecttype",
        root=ROOT,
        path="zaaktype-informatieobjecttypen",
        table="catalogi_zaaktypeinformatieobjecttype",
        bron="ztc",
        main="zaaktype",
        shape=shapes.ZaaktypeInformatieobjecttypeBody,
        columns={
            "url": address(ROOT, "zaaktype-informatieobjecttypen", "{z}.uuid"),
            **_ZAAKTYPE_OF_PART,
            "catalogus": _CATALOGUS_OF_PART,
            "informatieobjecttype": "{z}.informatieobjecttype",
            "volgnummer": "{z}.volgnummer",
            "richting": "{z}.richting",
            "statustype": f"(SELECT {address(ROOT, 'statustypen', 'x.uuid')} FROM catalogi_statustype x WHERE x.id = {{z}}.statustype_id)",
        },
        filters={
            "zaaktype": _PART_FILTERS["zaaktype"],
            "in_catalogus": _PART_FILTERS["in_catalogus"],
            "informatieobjecttype": Filter("{z}.informatieobjecttype = :{v}"),
            "richting": Filter("{z}.richting = :{v}"),
            "status": _PART_FILTERS["status"],
        },
        order="{z}.zaaktype_id DESC, {z}.volgnummer",
        relations={
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "catalogus": One("catalogus", f"{{t}}.id = {_ITS_CATALOGUS}"),
            "informatieobjecttype": One(
                "informatieobjecttype",
                f"{{t}}.catalogus_id = {_ITS_CATALOGUS} AND {{t}}.omschrijving = {{z}}.informatieobjecttype AND {_RELATED_TO}",
            ),
            "statustype": One("statustype", "{t}.id = {z}.statustype_id"),
        },
    )
)

_IOT_ZAAKTYPEN, _IOT_IDENTIFICATIES, _IOT_JOIN = _zaaktypen_naming(
    "catalogi_zaaktypeinformatieobjecttype", "informatieobjecttype"
)
_IOT_BESLUITTYPEN: Final = (
    f"x.catalogus_id = {{z}}.catalogus_id AND {_VALID} AND EXISTS (SELECT 1 FROM catalogi_besluittypeinformatieobjecttype k"
    " WHERE k.besluittype_id = x.id AND k.omschrijving = {z}.omschrijving)"
)

INFORMATIEOBJECTTYPE: Final = register(
    Resource(
        name="informatieobjecttype",
        root=ROOT,
        path="informatieobjecttypen",
        table="catalogi_informatieobjecttype",
        bron="ztc",
        shape=shapes.InformatieobjecttypeBody,
        kanaal="informatieobjecttypen",
        kenmerken={"catalogus": "catalogus"},
        columns={
            "url": address(ROOT, "informatieobjecttypen", "{z}.uuid"),
            "catalogus": _CATALOGUS,
            "omschrijving": "{z}.omschrijving",
            "vertrouwelijkheidaanduiding": "{z}.vertrouwelijkheidaanduiding",
            **_PERIOD,
            "concept": "{z}.concept",
            "zaaktypen": _IOT_ZAAKTYPEN,
            "zaaktypeIdentificaties": _IOT_IDENTIFICATIES,
            "besluittypen": addresses(ROOT, "besluittypen", f"catalogi_besluittype x WHERE {_IOT_BESLUITTYPEN}"),
            "besluittypeOmschrijving": "COALESCE((SELECT json_agg(DISTINCT x.omschrijving) FROM catalogi_besluittype x"
            f" WHERE {_IOT_BESLUITTYPEN}), '[]'::json)",
            "informatieobjectcategorie": "{z}.informatieobjectcategorie",
            "trefwoord": "{z}.trefwoord",
            "omschrijvingGeneriek": "json_build_object("
            "'informatieobjecttypeOmschrijvingGeneriek', {z}.generiek_omschrijving,"
            " 'definitieInformatieobjecttypeOmschrijvingGeneriek', {z}.generiek_definitie,"
            " 'herkomstInformatieobjecttypeOmschrijvingGeneriek', {z}.generiek_herkomst,"
            " 'hierarchieInformatieobjecttypeOmschrijvingGeneriek', {z}.generiek_hierarchie,"
            " 'opmerkingInformatieobjecttypeOmschrijvingGeneriek', {z}.generiek_opmerking)",
        },
        filters={
            "catalogus": _CATALOGUS_FILTER,
            "in_catalogus": Filter("{z}.catalogus_id = :{v}"),
            "status": Filter(_STATUS),
            "datum_geldigheid": Filter(_ON_DAY),
            "omschrijving": Filter("{z}.omschrijving = :{v}"),
        },
        relations={
            "catalogus": One("catalogus", "{t}.id = {z}.catalogus_id"),
            "zaaktypen": Many("zaaktype", _IOT_JOIN),
            "besluittypen": Many("besluittype", _IOT_BESLUITTYPEN.replace("x.", "{t}.")),
        },
        weergave="{z}.omschrijving",
    )
)

_BT_ZAAKTYPEN, _BT_IDENTIFICATIES, _BT_JOIN = _zaaktypen_naming("catalogi_zaaktypebesluittype", "omschrijving")
_BESLUITTYPE_LINK: Final = "k.besluittype_id = {z}.id"
_BT_RESULTS: Final = (
    "EXISTS (SELECT 1 FROM catalogi_resultaattypebesluittype k JOIN catalogi_zaaktype y ON y.id = x.zaaktype_id"
    " WHERE k.resultaattype_id = x.id AND k.omschrijving = {z}.omschrijving AND y.catalogus_id = {z}.catalogus_id)"
)

BESLUITTYPE: Final = register(
    Resource(
        name="besluittype",
        root=ROOT,
        path="besluittypen",
        table="catalogi_besluittype",
        bron="ztc",
        shape=shapes.BesluittypeBody,
        kanaal="besluittypen",
        kenmerken={"catalogus": "catalogus"},
        columns={
            "url": address(ROOT, "besluittypen", "{z}.uuid"),
            "catalogus": _CATALOGUS,
            "zaaktypen": _BT_ZAAKTYPEN,
            "zaaktypeIdentificaties": _BT_IDENTIFICATIES,
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "besluitcategorie": "{z}.besluitcategorie",
            "reactietermijn": "{z}.reactietermijn",
            "publicatieIndicatie": "{z}.publicatie_indicatie",
            "publicatietekst": "{z}.publicatietekst",
            "publicatietermijn": "{z}.publicatietermijn",
            "toelichting": "{z}.toelichting",
            "informatieobjecttypen": _named(
                "informatieobjecttypen", "catalogi_informatieobjecttype", "catalogi_besluittypeinformatieobjecttype",
                on=_BESLUITTYPE_LINK,
            ),
            "informatieobjecttypeOmschrijvingen": _texts(
                "omschrijving", "catalogi_besluittypeinformatieobjecttype", _BESLUITTYPE_LINK
            ),
            **_PERIOD,
            "concept": "{z}.concept",
            "resultaattypen": addresses(ROOT, "resultaattypen", f"catalogi_resultaattype x WHERE {_BT_RESULTS}"),
            "resultaattypenOmschrijving": "COALESCE((SELECT json_agg(DISTINCT x.omschrijving) FROM catalogi_resultaattype x"
            f" WHERE {_BT_RESULTS}), '[]'::json)",
            "vastgelegdIn": _texts("omschrijving", "catalogi_besluittypeinformatieobjecttype", _BESLUITTYPE_LINK),
        },
        filters={
            "catalogus": _CATALOGUS_FILTER,
            "in_catalogus": Filter("{z}.catalogus_id = :{v}"),
            "zaaktypen": Filter(
                "EXISTS (SELECT 1 FROM catalogi_zaaktypebesluittype k JOIN catalogi_zaaktype y ON y.id = k.zaaktype_id"
                " WHERE k.omschrijving = {z}.omschrijving AND y.catalogus_id = {z}.catalogus_id AND (y.identificatie = :{v}::text"
                " OR y.uuid::text = :{v}::text))",
                _name_or_uuid("zaaktypen"),
            ),
            "informatieobjecttypen": Filter(
                "EXISTS (SELECT 1 FROM catalogi_besluittypeinformatieobjecttype k WHERE k.besluittype_id = {z}.id"
                " AND (k.omschrijving = :{v}::text OR EXISTS (SELECT 1 FROM catalogi_informatieobjecttype y"
                " WHERE y.omschrijving = k.omschrijving AND y.catalogus_id = {z}.catalogus_id"
                " AND y.uuid::text = :{v}::text)))",
                _name_or_uuid("informatieobjecttypen"),
            ),
            "status": Filter(_STATUS),
            "omschrijving": Filter("{z}.omschrijving = :{v}"),
            "datum_geldigheid": Filter(_ON_DAY),
        },
        relations={
            "catalogus": One("catalogus", "{t}.id = {z}.catalogus_id"),
            "zaaktypen": Many("zaaktype", _BT_JOIN),
            "informatieobjecttypen": Many(
                "informatieobjecttype",
                f"{{t}}.catalogus_id = {{z}}.catalogus_id AND {_RELATED_TO} AND EXISTS"
                " (SELECT 1 FROM catalogi_besluittypeinformatieobjecttype k WHERE k.besluittype_id = {z}.id"
                " AND k.omschrijving = {t}.omschrijving)",
            ),
            "resultaattypen": Many("resultaattype", _BT_RESULTS.replace("x.", "{t}.")),
        },
        weergave="{z}.omschrijving",
    )
)  # fmt: skip
