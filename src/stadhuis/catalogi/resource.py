"""What the Catalogi API shows, as SQL. Source: the standard's OpenAPI file, Catalogi API 1.4.0.

Relations by name lead to the versions that are valid today (BEHAVIOUR 9.3). The endpoints come with 'The national
registers'; until then these are what ``expand`` reaches.
"""

from __future__ import annotations

from typing import Final

from stadhuis.kit.api.resource import Many, One, Resource, address, addresses, register

ROOT: Final = "catalogi/api/v1"
_TODAY: Final = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
_VALID: Final = f"NOT x.concept AND x.begin_geldigheid <= {_TODAY} AND (x.einde_geldigheid IS NULL OR x.einde_geldigheid > {_TODAY})"
_PERIOD: Final = {
    "beginGeldigheid": "{z}.begin_geldigheid",
    "eindeGeldigheid": "{z}.einde_geldigheid",
    "beginObject": "{z}.begin_object",
    "eindeObject": "{z}.einde_object",
}


def _zaaktype_of(row: str = "{z}") -> dict[str, str]:
    found = f"FROM catalogi_zaaktype y WHERE y.id = {row}.zaaktype_id"
    return {
        "zaaktype": f"(SELECT {address(ROOT, 'zaaktypen', 'y.uuid')} {found})",
        "zaaktypeIdentificatie": f"(SELECT y.identificatie {found})",
    }


_CATALOGUS_OF_TYPE: Final = (
    f"(SELECT {address(ROOT, 'catalogussen', 'c.uuid')} FROM catalogi_catalogus c"
    " JOIN catalogi_zaaktype y ON y.catalogus_id = c.id WHERE y.id = {z}.zaaktype_id)"
)


def _parts(path: str, table: str) -> str:
    return addresses(ROOT, path, f"{table} x WHERE x.zaaktype_id = {{z}}.id")


def _named(path: str, table: str, link: str, column: str) -> str:
    source = (
        f"{table} x JOIN {link} k ON k.zaaktype_id = {{z}}.id AND k.{column} = x.omschrijving"
        f" WHERE x.catalogus_id = {{z}}.catalogus_id AND {_VALID}"
    )
    return addresses(ROOT, path, source)


def _texts(column: str, link: str) -> str:
    return f"COALESCE((SELECT json_agg(k.{column} ORDER BY k.id) FROM {link} k WHERE k.zaaktype_id = {{z}}.id), '[]'::json)"


_RELATED: Final = f"""COALESCE((SELECT json_agg(json_build_object(
    'zaaktype', COALESCE(NULLIF(k.zaaktype_url, ''), (SELECT {address(ROOT, "zaaktypen", "x.uuid")} FROM catalogi_zaaktype x
        WHERE x.catalogus_id = {{z}}.catalogus_id AND x.identificatie = k.identificatie AND {_VALID} LIMIT 1), ''),
    'zaaktypeIdentificatie', k.identificatie, 'aardRelatie', k.aard_relatie, 'toelichting', k.toelichting) ORDER BY k.id)
    FROM catalogi_zaaktyperelatie k WHERE k.zaaktype_id = {{z}}.id), '[]'::json)"""

ZAAKTYPE: Final = register(
    Resource(
        name="zaaktype",
        root=ROOT,
        path="zaaktypen",
        table="catalogi_zaaktype",
        bron="ztc",
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
            "catalogus": f"(SELECT {address(ROOT, 'catalogussen', 'c.uuid')} FROM catalogi_catalogus c WHERE c.id = {{z}}.catalogus_id)",
            "statustypen": _parts("statustypen", "catalogi_statustype"),
            "resultaattypen": _parts("resultaattypen", "catalogi_resultaattype"),
            "eigenschappen": _parts("eigenschappen", "catalogi_eigenschap"),
            "informatieobjecttypen": _named(
                "informatieobjecttypen", "catalogi_informatieobjecttype", "catalogi_zaaktypeinformatieobjecttype",
                "informatieobjecttype",
            ),
            "informatieobjecttypeOmschrijving": _texts("informatieobjecttype", "catalogi_zaaktypeinformatieobjecttype"),
            "roltypen": _parts("roltypen", "catalogi_roltype"),
            "besluittypen": _named("besluittypen", "catalogi_besluittype", "catalogi_zaaktypebesluittype", "omschrijving"),
            "besluittypeOmschrijving": _texts("omschrijving", "catalogi_zaaktypebesluittype"),
            "deelzaaktypen": addresses(
                ROOT,
                "zaaktypen",
                "catalogi_zaaktype x JOIN catalogi_zaaktypedeelzaaktype k ON k.zaaktype_id = {z}.id"
                f" AND k.identificatie = x.identificatie WHERE x.catalogus_id = {{z}}.catalogus_id AND {_VALID}",
            ),
            "deelzaaktypeIdentificaties": _texts("identificatie", "catalogi_zaaktypedeelzaaktype"),
            "gerelateerdeZaaktypen": _RELATED,
            **_PERIOD,
            "versiedatum": "COALESCE({z}.versiedatum, {z}.begin_geldigheid)",
            "concept": "{z}.concept",
        },
        relations={
            "statustypen": Many("statustype", "{t}.zaaktype_id = {z}.id", "{t}.volgnummer"),
            "resultaattypen": Many("resultaattype", "{t}.zaaktype_id = {z}.id"),
            "eigenschappen": Many("eigenschap", "{t}.zaaktype_id = {z}.id"),
            "roltypen": Many("roltype", "{t}.zaaktype_id = {z}.id"),
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
        columns={
            "url": address(ROOT, "statustypen", "{z}.uuid"),
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "statustekst": "{z}.statustekst",
            **_zaaktype_of(),
            "catalogus": _CATALOGUS_OF_TYPE,
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
            **_PERIOD,
        },
        relations={"zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id")},
    )
)

_BRONDATUM: Final = """CASE WHEN {z}.brondatum_afleidingswijze <> '' THEN json_build_object(
    'afleidingswijze', {z}.brondatum_afleidingswijze, 'datumkenmerk', {z}.brondatum_datumkenmerk,
    'einddatumBekend', {z}.brondatum_einddatum_bekend, 'objecttype', {z}.brondatum_objecttype,
    'registratie', {z}.brondatum_registratie, 'procestermijn', {z}.brondatum_procestermijn) END"""

RESULTAATTYPE: Final = register(
    Resource(
        name="resultaattype",
        root=ROOT,
        path="resultaattypen",
        table="catalogi_resultaattype",
        bron="ztc",
        columns={
            "url": address(ROOT, "resultaattypen", "{z}.uuid"),
            **_zaaktype_of(),
            "omschrijving": "{z}.omschrijving",
            "resultaattypeomschrijving": "{z}.resultaattypeomschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "selectielijstklasse": "{z}.selectielijstklasse",
            "toelichting": "{z}.toelichting",
            "archiefnominatie": "{z}.archiefnominatie",
            "archiefactietermijn": "{z}.archiefactietermijn",
            "brondatumArchiefprocedure": _BRONDATUM,
            "procesobjectaard": "{z}.procesobjectaard",
            "catalogus": _CATALOGUS_OF_TYPE,
            **_PERIOD,
            "indicatieSpecifiek": "{z}.indicatie_specifiek",
            "procestermijn": "{z}.procestermijn",
        },
        relations={"zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id")},
    )
)

ROLTYPE: Final = register(
    Resource(
        name="roltype",
        root=ROOT,
        path="roltypen",
        table="catalogi_roltype",
        bron="ztc",
        columns={
            "url": address(ROOT, "roltypen", "{z}.uuid"),
            **_zaaktype_of(),
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "catalogus": _CATALOGUS_OF_TYPE,
            **_PERIOD,
        },
        relations={"zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id")},
    )
)

EIGENSCHAP: Final = register(
    Resource(
        name="eigenschap",
        root=ROOT,
        path="eigenschappen",
        table="catalogi_eigenschap",
        bron="ztc",
        columns={
            "url": address(ROOT, "eigenschappen", "{z}.uuid"),
            "naam": "{z}.naam",
            "catalogus": _CATALOGUS_OF_TYPE,
            "definitie": "{z}.definitie",
            "specificatie": "json_build_object('groep', {z}.specificatie_groep, 'formaat', {z}.specificatie_formaat,"
            " 'lengte', {z}.specificatie_lengte, 'kardinaliteit', {z}.specificatie_kardinaliteit,"
            " 'waardenverzameling', {z}.specificatie_waardenverzameling)",
            "toelichting": "{z}.toelichting",
            **_zaaktype_of(),
            "statustype": f"(SELECT {address(ROOT, 'statustypen', 'x.uuid')} FROM catalogi_statustype x WHERE x.id = {{z}}.statustype_id)",
            **_PERIOD,
        },
        relations={
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "statustype": One("statustype", "{t}.id = {z}.statustype_id"),
        },
    )
)
