"""What the Zaken API shows, as SQL. Source: the standard's OpenAPI file, Zaken API 1.7.0."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.resource import (
    NOTHING,
    Filter,
    Guard,
    Many,
    One,
    Resource,
    Tally,
    address,
    addresses,
    compare,
    late_value,
    register,
)
from stadhuis.kit.api.shapes import Shape
from stadhuis.people import public as people
from stadhuis.zaken.shapes import (
    BETALINGSINDICATIE,
    ORDERINGS,
    EigenschapBody,
    KlantContactBody,
    ObjectBody,
    ResultaatBody,
    RolBody,
    StatusBody,
    ZaakBesluitBody,
    ZaakBody,
    ZaakContactMomentBody,
    ZaakInformatieObjectBody,
    ZaakNotitieBody,
    ZaakVerzoekBody,
)

ROOT: Final = "zaken/api/v1"
CATALOGI: Final = "catalogi/api/v1"
DOCUMENTEN: Final = "documenten/api/v1"
BESLUITEN: Final = "besluiten/api/v1"
LEZEN: Final = ("zaken.lezen",)
GUARD: Final = Guard("zaak", LEZEN)
_OF_ZAAK: Final = Guard("zaak", LEZEN, via="zaken_zaak {g} WHERE {g}.id = {z}.zaak_id")
_ZAAK_URL: Final = f"(SELECT {address(ROOT, 'zaken', 'y.uuid')} FROM zaken_zaak y WHERE y.id = {{z}}.zaak_id)"

late_value("bsn", people.bsns_of)


def _type_url(path: str, table: str, column: str) -> str:
    return f"(SELECT {address(CATALOGI, path, 'y.uuid')} FROM {table} y WHERE y.id = {{z}}.{column})"


def _of_zaak(path: str, table: str) -> str:
    return addresses(ROOT, path, f"{table} x WHERE x.zaak_id = {{z}}.id")


def _weergave() -> str:
    whens = " ".join(f"WHEN '{value}' THEN '{label}'" for value, label in BETALINGSINDICATIE.items())
    return f"CASE {{z}}.betalingsindicatie {whens} ELSE '' END"


# -- Filters -----------------------------------------------------------------------------------------------------------
def zaaktype_uuid(url: str) -> UUID | None:
    """Return the uuid in the address of a zaaktype of ours; None for any other address."""
    return uuid_in(url, CATALOGI, "zaaktypen")


def _zaaktype_uuid(url: str) -> object:
    return zaaktype_uuid(url) or NOTHING


def _zaaktype_uuids(urls: list[str]) -> object:
    return [uuid for url in urls if (uuid := zaaktype_uuid(url))] or NOTHING


def _person(bsn: str) -> object:
    return (people.find_person(bsn) if people.is_bsn(bsn) else None) or NOTHING


_ROL: Final = "EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {z}.id AND {and})"


def _rol(sql: str, convert: Any = None) -> Filter:
    return Filter(sql, convert, within=_ROL)


def _rol_key(kind: str, key: str) -> Filter:
    # The condition on the key is the one of the partial index.
    return _rol(
        f"r.betrokkene_type = '{kind}' AND r.betrokkene_identificatie ? '{key}' AND r.betrokkene_identificatie ->> '{key}' = :{{v}}"
    )


def _by_zaak() -> Filter:
    return Filter("{z}.zaak_id = (SELECT x.id FROM zaken_zaak x WHERE x.uuid = :{v})", _uuid_under(ROOT, "zaken"))


def _by_type(path: str, table: str, column: str) -> Filter:
    sql = f"{{z}}.{column} = (SELECT x.id FROM {table} x WHERE x.uuid = :{{v}})"
    return Filter(sql, _uuid_under(CATALOGI, path))


def _uuid_under(root: str, path: str) -> Any:
    return lambda url: uuid_in(url, root, path) or NOTHING


def _contains(column: str) -> Filter:
    return Filter(f"position(lower(:{{v}}) IN lower({{z}}.{column})) > 0")


def _identified(kind: str, key: str) -> Filter:
    # The condition on the key is the one of the partial index.
    column = "{z}.betrokkene_identificatie"
    return Filter(f"{{z}}.betrokkene_type = '{kind}' AND {column} ? '{key}' AND {column} ->> '{key}' = :{{v}}")


def _document_or_address(url: str) -> list[str | None]:
    """Return the uuid of a document of ours, or the address of one elsewhere."""
    uuid = uuid_in(url, DOCUMENTEN, "enkelvoudiginformatieobjecten")
    return [str(uuid), None] if uuid else [None, url]


_OF_DOCUMENT: Final = """{z}.document_id = (SELECT d.id FROM documenten_document d WHERE d.uuid = (:{v}::text[])[1]::uuid)
    OR {z}.informatieobject_url <> '' AND {z}.informatieobject_url = (:{v}::text[])[2]"""
_PERSOON: Final = "rol__betrokkene_identificatie__natuurlijk_persoon__"
_NNP: Final = "rol__betrokkene_identificatie__niet_natuurlijk_persoon__"
FILTERS: Final = {
    **compare("identificatie", ""),
    **compare("bronorganisatie", "", "in"),
    "zaaktype": Filter("{z}.zaaktype_id = (SELECT x.id FROM catalogi_zaaktype x WHERE x.uuid = :{v})", _zaaktype_uuid),
    **compare("archiefnominatie", "", "in"),
    **compare("archiefactiedatum", "", "isnull", "lt", "gt"),
    **compare("archiefstatus", "", "in"),
    **compare("startdatum", "", "gt", "gte", "lt", "lte"),
    **compare("registratiedatum", "", "gt", "lt"),
    **compare("einddatum", "", "isnull", "gt", "lt"),
    **compare("einddatum_gepland", "", "gt", "lt"),
    **compare("uiterlijke_einddatum_afdoening", "", "gt", "lt"),
    "rol__betrokkene_type": _rol("r.betrokkene_type = :{v}"),
    "rol__betrokkene": _rol("r.betrokkene <> '' AND r.betrokkene = :{v}"),
    "rol__omschrijving_generiek": _rol("r.omschrijving_generiek = :{v}"),
    "maximale_vertrouwelijkheidaanduiding": Filter("{z}.vertrouwelijkheid_orde <= :{v}", access.level_of),
    f"{_PERSOON}inp_bsn": _rol("r.person_id = :{v}", _person),
    f"{_PERSOON}anp_identificatie": _rol_key("natuurlijk_persoon", "anpIdentificatie"),
    f"{_PERSOON}inp_a_nummer": _rol_key("natuurlijk_persoon", "inpA_nummer"),
    f"{_NNP}inn_nnp_id": _rol_key("niet_natuurlijk_persoon", "innNnpId"),
    f"{_NNP}ann_identificatie": _rol_key("niet_natuurlijk_persoon", "annIdentificatie"),
    "rol__betrokkene_identificatie__vestiging__vestigings_nummer": _rol_key("vestiging", "vestigingsNummer"),
    "rol__betrokkene_identificatie__medewerker__identificatie": _rol_key("medewerker", "identificatie"),
    "rol__betrokkene_identificatie__organisatorische_eenheid__identificatie": _rol_key("organisatorische_eenheid", "identificatie"),
    # Only in the body of _zoek:
    "uuid__in": Filter("{z}.uuid = ANY(:{v}::uuid[])"),
    "zaaktype__in": Filter("{z}.zaaktype_id IN (SELECT x.id FROM catalogi_zaaktype x WHERE x.uuid = ANY(:{v}::uuid[]))", _zaaktype_uuids),
    "zaakgeometrie": Filter("{z}.id = ANY(:{v}::bigint[])"),
}  # fmt: skip

# -- Resources ---------------------------------------------------------------------------------------------------------
_RELEVANT: Final = f"""COALESCE((SELECT json_agg(json_build_object('url', COALESCE(NULLIF(x.url, ''),
    (SELECT {address(ROOT, "zaken", "y.uuid")} FROM zaken_zaak y WHERE y.id = x.andere_zaak_id)),
    'aardRelatie', x.aard_relatie) ORDER BY x.id) FROM zaken_relevantezaak x WHERE x.zaak_id = {{z}}.id), '[]'::json)"""
_KENMERKEN: Final = """COALESCE((SELECT json_agg(json_build_object('kenmerk', x.kenmerk, 'bron', x.bron) ORDER BY x.id)
    FROM zaken_zaakkenmerk x WHERE x.zaak_id = {z}.id), '[]'::json)"""

ZAAK: Final = register(
    Resource(
        name="zaak",
        root=ROOT,
        path="zaken",
        table="zaken_zaak",
        shape=ZaakBody,
        guard=GUARD,
        kanaal="zaken",
        kenmerken={name: name for name in ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding")},
        weergave="{z}.identificatie",
        columns={
            "url": address(ROOT, "zaken", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "identificatie": "{z}.identificatie",
            "bronorganisatie": "{z}.bronorganisatie",
            "omschrijving": "{z}.omschrijving",
            "toelichting": "{z}.toelichting",
            "zaaktype": _type_url("zaaktypen", "catalogi_zaaktype", "zaaktype_id"),
            "registratiedatum": "{z}.registratiedatum",
            "verantwoordelijkeOrganisatie": "{z}.verantwoordelijke_organisatie",
            "startdatum": "{z}.startdatum",
            "einddatum": "{z}.einddatum",
            "einddatumGepland": "{z}.einddatum_gepland",
            "uiterlijkeEinddatumAfdoening": "{z}.uiterlijke_einddatum_afdoening",
            "publicatiedatum": "{z}.publicatiedatum",
            "communicatiekanaal": "{z}.communicatiekanaal",
            "productenOfDiensten": "{z}.producten_of_diensten",
            "vertrouwelijkheidaanduiding": "{z}.vertrouwelijkheidaanduiding",
            "betalingsindicatie": "{z}.betalingsindicatie",
            "betalingsindicatieWeergave": _weergave(),
            "laatsteBetaaldatum": "{z}.laatste_betaaldatum",
            "zaakgeometrie": "{z}.zaakgeometrie",
            "verlenging": "CASE WHEN {z}.verlenging_duur <> '' THEN"
            " json_build_object('reden', {z}.verlenging_reden, 'duur', {z}.verlenging_duur) END",
            "opschorting": "json_build_object('indicatie', {z}.opschorting_indicatie, 'reden', {z}.opschorting_reden)",
            "selectielijstklasse": "{z}.selectielijstklasse",
            "hoofdzaak": f"(SELECT {address(ROOT, 'zaken', 'y.uuid')} FROM zaken_zaak y WHERE y.id = {{z}}.hoofdzaak_id)",
            "deelzaken": addresses(ROOT, "zaken", "zaken_zaak x WHERE x.hoofdzaak_id = {z}.id"),
            "relevanteAndereZaken": _RELEVANT,
            "eigenschappen": "COALESCE((SELECT json_agg('{base}/zaken/api/v1/zaken/' || {z}.uuid || '/zaakeigenschappen/' || x.uuid"
            " ORDER BY x.id) FROM zaken_zaakeigenschap x WHERE x.zaak_id = {z}.id), '[]'::json)",
            "rollen": _of_zaak("rollen", "zaken_rol"),
            "status": f"(SELECT {address(ROOT, 'statussen', 'y.uuid')} FROM zaken_status y WHERE y.id = {{z}}.status_id)",
            "zaakinformatieobjecten": _of_zaak("zaakinformatieobjecten", "zaken_zaakinformatieobject"),
            "zaakobjecten": _of_zaak("zaakobjecten", "zaken_zaakobject"),
            "kenmerken": _KENMERKEN,
            "archiefnominatie": "{z}.archiefnominatie",
            "archiefstatus": "{z}.archiefstatus",
            "archiefactiedatum": "{z}.archiefactiedatum",
            "resultaat": f"(SELECT {address(ROOT, 'resultaten', 'y.uuid')} FROM zaken_resultaat y WHERE y.zaak_id = {{z}}.id)",
            "opdrachtgevendeOrganisatie": "{z}.opdrachtgevende_organisatie",
            "processobjectaard": "{z}.processobjectaard",
            "startdatumBewaartermijn": "{z}.startdatum_bewaartermijn",
            "processobject": "CASE WHEN {z}.processobject_identificatie <> '' THEN json_build_object("
            "'datumkenmerk', {z}.processobject_datumkenmerk, 'identificatie', {z}.processobject_identificatie,"
            " 'objecttype', {z}.processobject_objecttype, 'registratie', {z}.processobject_registratie) END",
        },
        filters=FILTERS,
        orderings={name: f"{{z}}.{name}" for name in ORDERINGS},
        never_null=frozenset({"startdatum", "registratiedatum", "identificatie"}),
        tally=Tally("zaken_tally", frozenset({"zaaktype", "zaaktype__in", "maximale_vertrouwelijkheidaanduiding"})),
        relations={
            "zaaktype": One("zaaktype", "{t}.id = {z}.zaaktype_id"),
            "hoofdzaak": One("zaak", "{t}.id = {z}.hoofdzaak_id"),
            "deelzaken": Many("zaak", "{t}.hoofdzaak_id = {z}.id"),
            "relevanteAndereZaken": Many(
                "zaak", "{t}.id IN (SELECT x.andere_zaak_id FROM zaken_relevantezaak x WHERE x.zaak_id = {z}.id)"
            ),
            "eigenschappen": Many("zaakeigenschap", "{t}.zaak_id = {z}.id"),
            "rollen": Many("rol", "{t}.zaak_id = {z}.id"),
            "status": One("status", "{t}.id = {z}.status_id"),
            "zaakinformatieobjecten": Many("zaakinformatieobject", "{t}.zaak_id = {z}.id"),
            "zaakobjecten": Many("zaakobject", "{t}.zaak_id = {z}.id"),
            "resultaat": One("resultaat", "{t}.zaak_id = {z}.id"),
        },
    )
)

STATUS: Final = register(
    Resource(
        name="status",
        root=ROOT,
        path="statussen",
        table="zaken_status",
        shape=StatusBody,
        filters={
            "zaak": _by_zaak(),
            "statustype": _by_type("statustypen", "catalogi_statustype", "statustype_id"),
            "indicatie_laatst_gezette_status": Filter(
                "EXISTS (SELECT 1 FROM zaken_zaak y WHERE y.id = {z}.zaak_id AND y.status_id = {z}.id) = :{v}::boolean"
            ),
        },
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": address(ROOT, "statussen", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "statustype": _type_url("statustypen", "catalogi_statustype", "statustype_id"),
            "datumStatusGezet": "{z}.datum_status_gezet",
            "statustoelichting": "{z}.statustoelichting",
            "indicatieLaatstGezetteStatus": "EXISTS (SELECT 1 FROM zaken_zaak y WHERE y.id = {z}.zaak_id AND y.status_id = {z}.id)",
            "gezetdoor": f"COALESCE((SELECT {address(ROOT, 'rollen', 'y.uuid')} FROM zaken_rol y WHERE y.id = {{z}}.gezetdoor_id), '')",
            "zaakinformatieobjecten": addresses(
                ROOT, "zaakinformatieobjecten", "zaken_zaakinformatieobject x WHERE x.status_id = {z}.id"
            ),
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "statustype": One("statustype", "{t}.id = {z}.statustype_id"),
            "gezetdoor": One("rol", "{t}.id = {z}.gezetdoor_id"),
            "zaakinformatieobjecten": Many("zaakinformatieobject", "{t}.status_id = {z}.id"),
        },
    )
)

RESULTAAT: Final = register(
    Resource(
        name="resultaat",
        root=ROOT,
        path="resultaten",
        table="zaken_resultaat",
        shape=ResultaatBody,
        filters={
            "zaak": _by_zaak(),
            "resultaattype": _by_type("resultaattypen", "catalogi_resultaattype", "resultaattype_id"),
        },
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": address(ROOT, "resultaten", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "resultaattype": _type_url("resultaattypen", "catalogi_resultaattype", "resultaattype_id"),
            "toelichting": "{z}.toelichting",
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "resultaattype": One("resultaattype", "{t}.id = {z}.resultaattype_id"),
        },
    )
)


def _masked(column: str) -> str:
    return access.masks.json_sql(f"COALESCE({{z}}.{column}, '{{}}'::jsonb)", "{z}.person_id")


_BETROKKENE: Final = f"""CASE WHEN {{z}}.person_id IS NOT NULL THEN {_masked("betrokkene_identificatie")}
    || jsonb_build_object('inpBsn', {{late}} || 'bsn:' || {{z}}.person_id || '@') ELSE {{z}}.betrokkene_identificatie END"""

_IDENTIFIED: Final = "betrokkene_identificatie__"
ROL_FILTERS: Final = {
    "zaak": _by_zaak(),
    "betrokkene": Filter("{z}.betrokkene <> '' AND {z}.betrokkene = :{v}"),
    "betrokkene_type": Filter("{z}.betrokkene_type = :{v}"),
    f"{_IDENTIFIED}natuurlijk_persoon__inp_bsn": Filter("{z}.person_id = :{v}", _person),
    f"{_IDENTIFIED}natuurlijk_persoon__anp_identificatie": _identified("natuurlijk_persoon", "anpIdentificatie"),
    f"{_IDENTIFIED}natuurlijk_persoon__inp_a_nummer": _identified("natuurlijk_persoon", "inpA_nummer"),
    f"{_IDENTIFIED}niet_natuurlijk_persoon__inn_nnp_id": _identified("niet_natuurlijk_persoon", "innNnpId"),
    f"{_IDENTIFIED}niet_natuurlijk_persoon__ann_identificatie": _identified("niet_natuurlijk_persoon", "annIdentificatie"),
    f"{_IDENTIFIED}vestiging__vestigings_nummer": _identified("vestiging", "vestigingsNummer"),
    f"{_IDENTIFIED}organisatorische_eenheid__identificatie": _identified("organisatorische_eenheid", "identificatie"),
    f"{_IDENTIFIED}medewerker__identificatie": _identified("medewerker", "identificatie"),
    "roltype": _by_type("roltypen", "catalogi_roltype", "roltype_id"),
    "omschrijving": Filter("{z}.omschrijving = :{v}"),
    "omschrijving_generiek": Filter("{z}.omschrijving_generiek = :{v}"),
}  # fmt: skip

ROL: Final = register(
    Resource(
        name="rol",
        root=ROOT,
        path="rollen",
        table="zaken_rol",
        shape=RolBody,
        filters=ROL_FILTERS,
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": address(ROOT, "rollen", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "betrokkene": "{z}.betrokkene",
            "betrokkeneType": "{z}.betrokkene_type",
            "afwijkendeNaamBetrokkene": "{z}.afwijkende_naam_betrokkene",
            "roltype": _type_url("roltypen", "catalogi_roltype", "roltype_id"),
            "omschrijving": "{z}.omschrijving",
            "omschrijvingGeneriek": "{z}.omschrijving_generiek",
            "roltoelichting": "{z}.roltoelichting",
            "registratiedatum": "{z}.registratiedatum",
            "indicatieMachtiging": "{z}.indicatie_machtiging",
            "contactpersoonRol": "CASE WHEN {z}.contactpersoon_rol_naam <> '' THEN json_build_object("
            "'emailadres', {z}.contactpersoon_rol_emailadres, 'functie', {z}.contactpersoon_rol_functie,"
            " 'telefoonnummer', {z}.contactpersoon_rol_telefoonnummer, 'naam', {z}.contactpersoon_rol_naam) END",
            "statussen": addresses(ROOT, "statussen", "zaken_status x WHERE x.gezetdoor_id = {z}.id"),
            "betrokkeneIdentificatie": _BETROKKENE,
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "roltype": One("roltype", "{t}.id = {z}.roltype_id"),
            "statussen": Many("status", "{t}.gezetdoor_id = {z}.id"),
        },
    )
)

_NESTED: Final = "{z}.zaak_id = (SELECT x.id FROM zaken_zaak x WHERE x.uuid = :{v})"

ZAAKEIGENSCHAP: Final = register(
    Resource(
        name="zaakeigenschap",
        root=ROOT,
        path="zaakeigenschappen",
        table="zaken_zaakeigenschap",
        shape=EigenschapBody,
        filters={"in_zaak": Filter(_NESTED)},
        order="{z}.id",
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": "(SELECT '{base}/zaken/api/v1/zaken/' || y.uuid || '/zaakeigenschappen/' || {z}.uuid"
            " FROM zaken_zaak y WHERE y.id = {z}.zaak_id)",
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "eigenschap": _type_url("eigenschappen", "catalogi_eigenschap", "eigenschap_id"),
            "naam": "{z}.naam",
            "waarde": "{z}.waarde",
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "eigenschap": One("eigenschap", "{t}.id = {z}.eigenschap_id"),
        },
    )
)

ZAAKINFORMATIEOBJECT: Final = register(
    Resource(
        name="zaakinformatieobject",
        root=ROOT,
        path="zaakinformatieobjecten",
        table="zaken_zaakinformatieobject",
        shape=ZaakInformatieObjectBody,
        filters={"zaak": _by_zaak(), "informatieobject": Filter(_OF_DOCUMENT, _document_or_address)},
        order="{z}.id",
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": address(ROOT, "zaakinformatieobjecten", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "informatieobject": "COALESCE(NULLIF({z}.informatieobject_url, ''), (SELECT"
            f" {address(DOCUMENTEN, 'enkelvoudiginformatieobjecten', 'y.uuid')} FROM documenten_document y WHERE y.id = {{z}}.document_id))",
            "zaak": _ZAAK_URL,
            "aardRelatieWeergave": "'Hoort bij, omgekeerd: kent'::text",
            "titel": "{z}.titel",
            "beschrijving": "{z}.beschrijving",
            "registratiedatum": "{z}.registratiedatum",
            "vernietigingsdatum": "{z}.vernietigingsdatum",
            "status": f"(SELECT {address(ROOT, 'statussen', 'y.uuid')} FROM zaken_status y WHERE y.id = {{z}}.status_id)",
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "status": One("status", "{t}.id = {z}.status_id"),
            "informatieobject": One("enkelvoudiginformatieobject", "{t}.id = {z}.document_id"),
        },
    )
)

_OBJECT: Final = f"""CASE WHEN {{z}}.person_id IS NOT NULL AND {{z}}.object_type = 'zakelijk_recht'
    THEN jsonb_set({{z}}.object_identificatie, '{{heeftAlsGerechtigde,natuurlijkPersoon}}',
        {access.masks.json_sql("({z}.object_identificatie #> '{heeftAlsGerechtigde,natuurlijkPersoon}')", "{z}.person_id")}
        || jsonb_build_object('inpBsn', {{late}} || 'bsn:' || {{z}}.person_id || '@'))
    WHEN {{z}}.person_id IS NOT NULL THEN {_masked("object_identificatie")}
    || jsonb_build_object('inpBsn', {{late}} || 'bsn:' || {{z}}.person_id || '@') ELSE {{z}}.object_identificatie END"""

ZAAKOBJECT: Final = register(
    Resource(
        name="zaakobject",
        root=ROOT,
        path="zaakobjecten",
        table="zaken_zaakobject",
        shape=ObjectBody,
        filters={
            "zaak": _by_zaak(),
            "object": Filter("{z}.object <> '' AND {z}.object = :{v}"),
            "object_type": Filter("{z}.object_type = :{v}"),
        },
        guard=_OF_ZAAK,
        main="zaak",
        columns={
            "url": address(ROOT, "zaakobjecten", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "object": "{z}.object",
            "zaakobjecttype": f"COALESCE({_type_url('zaakobjecttypen', 'catalogi_zaakobjecttype', 'zaakobjecttype_id')}, '')",
            "objectType": "{z}.object_type",
            "objectTypeOverige": "{z}.object_type_overige",
            "objectTypeOverigeDefinitie": "{z}.object_type_overige_definitie",
            "relatieomschrijving": "{z}.relatieomschrijving",
            "objectIdentificatie": _OBJECT,
        },
        relations={
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
            "zaakobjecttype": One("zaakobjecttype", "{t}.id = {z}.zaakobjecttype_id"),
        },
    )
)

ZAAKBESLUIT: Final = register(
    Resource(
        name="zaakbesluit",
        root=ROOT,
        path="besluiten",
        table="zaken_zaakbesluit",
        shape=ZaakBesluitBody,
        guard=_OF_ZAAK,
        main="zaak",
        filters={"in_zaak": Filter(_NESTED)},
        order="{z}.id",
        columns={
            "url": "(SELECT '{base}/zaken/api/v1/zaken/' || y.uuid || '/besluiten/' || {z}.uuid"
            " FROM zaken_zaak y WHERE y.id = {z}.zaak_id)",
            "uuid": "{z}.uuid",
            "besluit": f"COALESCE(NULLIF({{z}}.besluit_url, ''), {address(BESLUITEN, 'besluiten', '{z}.besluit_uuid')})",
        },
        relations={"besluit": One("besluit", "{t}.uuid = {z}.besluit_uuid")},
    )
)

ZAAKNOTITIE: Final = register(
    Resource(
        name="zaaknotitie",
        root=ROOT,
        path="zaaknotities",
        table="zaken_zaaknotitie",
        shape=ZaakNotitieBody,
        guard=_OF_ZAAK,
        main="zaak",
        filters={
            **compare("aangemaakt_door", ""),
            "aangemaakt_door__icontains": _contains("aangemaakt_door"),
            **compare("aanmaakdatum", "", "gt", "gte", "lt", "lte"),
            "gerelateerd_aan": _by_zaak(),
            **compare("notitie_type", ""),
            **compare("onderwerp", ""),
            "onderwerp__icontains": _contains("onderwerp"),
            **compare("status", ""),
            **compare("tekst", ""),
            "tekst__icontains": _contains("tekst"),
            **compare("wijzigingsdatum", "", "gt", "gte", "lt", "lte"),
        },
        columns={
            "url": address(ROOT, "zaaknotities", "{z}.uuid"),
            "onderwerp": "{z}.onderwerp",
            "tekst": "{z}.tekst",
            "aangemaaktDoor": "{z}.aangemaakt_door",
            "notitieType": "{z}.notitie_type",
            "status": "{z}.status",
            "aanmaakdatum": "{z}.aanmaakdatum",
            "wijzigingsdatum": "{z}.wijzigingsdatum",
            "gerelateerdAan": _ZAAK_URL,
        },
    )
)


def _elsewhere(name: str, path: str, table: str, shape: type[Shape], key: str) -> Resource:
    """Return the resource of a relation between a zaak and something on another host."""
    return register(
        Resource(
            name=name,
            root=ROOT,
            path=path,
            table=table,
            shape=shape,
            guard=_OF_ZAAK,
            main="zaak",
            filters={"zaak": _by_zaak(), **compare(key, "")},
            order="{z}.id",
            columns={
                "url": address(ROOT, path, "{z}.uuid"),
                "uuid": "{z}.uuid",
                "zaak": _ZAAK_URL,
                key: f"{{z}}.{key}",
            },
        )
    )


ZAAKCONTACTMOMENT: Final = _elsewhere(
    "zaakcontactmoment", "zaakcontactmomenten", "zaken_zaakcontactmoment", ZaakContactMomentBody, "contactmoment"
)
ZAAKVERZOEK: Final = _elsewhere("zaakverzoek", "zaakverzoeken", "zaken_zaakverzoek", ZaakVerzoekBody, "verzoek")

KLANTCONTACT: Final = register(
    Resource(
        name="klantcontact",
        root=ROOT,
        path="klantcontacten",
        table="zaken_klantcontact",
        shape=KlantContactBody,
        guard=_OF_ZAAK,
        main="zaak",
        filters={"zaak": _by_zaak()},
        columns={
            "url": address(ROOT, "klantcontacten", "{z}.uuid"),
            "uuid": "{z}.uuid",
            "zaak": _ZAAK_URL,
            "identificatie": "{z}.identificatie",
            "datumtijd": "{z}.datumtijd",
            "kanaal": "{z}.kanaal",
            "onderwerp": "{z}.onderwerp",
            "toelichting": "{z}.toelichting",
        },
    )
)
