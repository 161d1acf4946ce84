"""What the Documenten API shows, as SQL. Source: the standard's OpenAPI file, Documenten API 1.7.1."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from stadhuis.catalogi.choices import VERTROUWELIJKHEID
from stadhuis.documenten import shapes
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.resource import NOTHING, Filter, Guard, One, Resource, address, compare, register

ROOT: Final = "documenten/api/v1"
EIO_PATH: Final = "enkelvoudiginformatieobjecten"
LEZEN: Final = ("documenten.lezen",)
_OBJECT_PATHS: Final = {"zaak": ("zaken/api/v1", "zaken"), "besluit": ("besluiten/api/v1", "besluiten")}
VIA_DOCUMENT: Final = "documenten_document {g} WHERE {g}.id = {z}.document_id"
_OF_DOCUMENT: Final = Guard("document", LEZEN, via=VIA_DOCUMENT)
_DOCUMENT_URL: Final = (
    f"(SELECT {address(ROOT, EIO_PATH, 'y.uuid')} FROM documenten_document y WHERE y.id = {{z}}.document_id)"
)


def document_uuid(url: str) -> UUID | None:
    """Return the uuid in the address of a document of ours; None for any other address."""
    return uuid_in(url, ROOT, EIO_PATH)


def _document(url: str) -> object:
    return document_uuid(url) or NOTHING


def object_at(url: str) -> tuple[str, UUID] | None:
    """Return the kind and the uuid of a zaak or besluit of ours by its address; None for any other address."""
    for kind, (root, path) in _OBJECT_PATHS.items():
        if uuid := uuid_in(url, root, path):
            return kind, uuid
    return None


def _object(url: str) -> list[str | None]:
    """Return what an object is known by in the mirror: its uuid here, or its address elsewhere."""
    found = object_at(url)
    return [str(found[1]), None] if found else [None, url]


_OF_DOCUMENT_FILTER: Final = Filter(
    "{z}.document_id = (SELECT y.id FROM documenten_document y WHERE y.uuid = :{v})", _document
)
_MIRROR: Final = "EXISTS (SELECT 1 FROM documenten_objectinformatieobject o WHERE o.document_id = {z}.id AND {and})"
# Two conditions, so that each uses its own partial index.
_IS_OBJECT: Final = (
    "(o.object_uuid = (:{v}::text[])[1]::uuid OR (o.object_url <> '' AND o.object_url = (:{v}::text[])[2]))"
)


def _mirror(sql: str, convert: Any = None) -> Filter:
    return Filter(sql, convert, within=_MIRROR)


_PARTS: Final = f"""COALESCE((SELECT json_agg(json_build_object('url', {address(ROOT, "bestandsdelen", "x.uuid")},
    'volgnummer', x.volgnummer, 'omvang', x.omvang, 'voltooid', x.file_id IS NOT NULL, 'lock', {{z}}.lock)
    ORDER BY x.volgnummer) FROM documenten_bestandsdeel x WHERE x.document_id = {{z}}.id), '[]'::json)"""


def _columns(parts: str) -> dict[str, str]:
    return {
        "url": address(ROOT, EIO_PATH, "{z}.uuid"),
        "identificatie": "{z}.identificatie",
        "bronorganisatie": "{z}.bronorganisatie",
        "creatiedatum": "{z}.creatiedatum",
        "titel": "{z}.titel",
        "vertrouwelijkheidaanduiding": "{z}.vertrouwelijkheidaanduiding",
        "isGereedVoorPublicatie": "{z}.is_gereed_voor_publicatie",
        "tonenAanInitiator": "{z}.tonen_aan_initiator",
        "auteur": "{z}.auteur",
        "status": "{z}.status",
        "inhoudIsVervallen": "{z}.inhoud_is_vervallen",
        "formaat": "{z}.formaat",
        "taal": "{z}.taal",
        "versie": "{z}.versie",
        "beginRegistratie": "{z}.begin_registratie",
        "bestandsnaam": "{z}.bestandsnaam",
        "inhoud": "CASE WHEN {z}.file_id IS NOT NULL THEN"
        f" {address(ROOT, EIO_PATH, '{z}.uuid')} || '/download?versie=' || {{z}}.versie END",
        "bestandsomvang": "{z}.bestandsomvang",
        "link": "{z}.link",
        "beschrijving": "{z}.beschrijving",
        "ontvangstdatum": "{z}.ontvangstdatum",
        "verzenddatum": "{z}.verzenddatum",
        "indicatieGebruiksrecht": "{z}.indicatie_gebruiksrecht",
        "verschijningsvorm": "{z}.verschijningsvorm",
        "ondertekening": "CASE WHEN {z}.ondertekening_soort <> '' THEN"
        " json_build_object('soort', {z}.ondertekening_soort, 'datum', {z}.ondertekening_datum) END",
        "integriteit": "CASE WHEN {z}.integriteit_algoritme <> '' THEN json_build_object('algoritme',"
        " {z}.integriteit_algoritme, 'waarde', {z}.integriteit_waarde, 'datum', {z}.integriteit_datum) END",
        "informatieobjecttype": f"(SELECT {address('catalogi/api/v1', 'informatieobjecttypen', 'y.uuid')}"
        " FROM catalogi_informatieobjecttype y WHERE y.id = {z}.informatieobjecttype_id)",
        "locked": "{z}.lock <> ''",
        "bestandsdelen": parts,
        "trefwoorden": "{z}.trefwoorden",
    }


_RELATIONS: Final = {"informatieobjecttype": One("informatieobjecttype", "{t}.id = {z}.informatieobjecttype_id")}

EIO: Final = register(
    Resource(
        name="enkelvoudiginformatieobject",
        root=ROOT,
        path=EIO_PATH,
        table="documenten_document",
        bron="drc",
        shape=shapes.EnkelvoudigInformatieObjectBody,
        guard=Guard("document", LEZEN),
        kanaal="documenten",
        kenmerken={name: name for name in ("bronorganisatie", "informatieobjecttype", "vertrouwelijkheidaanduiding")},
        columns=_columns(_PARTS),
        filters={
            **compare("identificatie", ""),
            **compare("bronorganisatie", ""),
            "objectinformatieobjecten_object": _mirror(_IS_OBJECT, _object),
            "objectinformatieobjecten__object": _mirror(_IS_OBJECT, _object),
            "objectinformatieobjecten_object_type": _mirror("o.object_type = :{v}"),
            "objectinformatieobjecten__object_type": _mirror("o.object_type = :{v}"),
            "trefwoorden": Filter("{z}.trefwoorden @> :{v}::text[]"),
            # Only in the body of _zoek:
            "uuid__in": Filter("{z}.uuid = ANY(:{v}::uuid[])"),
        },
        relations=_RELATIONS,
        weergave="{z}.identificatie",
    )
)

_CONTENT: Final = (
    "informatieobjecttype_id", "informatieobjecttype_ref", "creatiedatum", "titel", "vertrouwelijkheidaanduiding",
    "is_gereed_voor_publicatie", "tonen_aan_initiator", "auteur", "status", "inhoud_is_vervallen", "formaat", "taal",
    "versie", "begin_registratie", "bestandsnaam", "file_id", "sha256", "bestandsomvang", "link", "beschrijving",
    "ontvangstdatum", "verzenddatum", "indicatie_gebruiksrecht", "verschijningsvorm", "ondertekening_soort",
    "ondertekening_datum", "integriteit_algoritme", "integriteit_waarde", "integriteit_datum", "trefwoorden",
)  # fmt: skip
_LEVELS: Final = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(VERTROUWELIJKHEID, start=1))

OLD_VERSION: Final = Resource(
    # A row per version that a newer one took the place of, with its own type and level: who may not see that version does
    # not. That one may see the document as it is now is asked before.
    name="enkelvoudiginformatieobject-versie",
    root=ROOT,
    path=EIO_PATH,
    table=f"(SELECT d.id, d.uuid, d.identificatie, d.bronorganisatie, d.lock, {', '.join(f'v.{name}' for name in _CONTENT)},"
    f" CASE v.vertrouwelijkheidaanduiding {_LEVELS} ELSE 8 END AS vertrouwelijkheid_orde"
    " FROM documenten_documentversie v JOIN documenten_document d ON d.id = v.document_id)",
    bron="drc",
    shape=shapes.EnkelvoudigInformatieObjectBody,
    guard=Guard("document", LEZEN),
    columns=_columns("'[]'::json"),
    relations=_RELATIONS,
)

GEBRUIKSRECHTEN: Final = register(
    Resource(
        name="gebruiksrechten",
        root=ROOT,
        path="gebruiksrechten",
        table="documenten_gebruiksrecht",
        bron="drc",
        main="enkelvoudiginformatieobject",
        shape=shapes.GebruiksrechtenBody,
        guard=_OF_DOCUMENT,
        columns={
            "url": address(ROOT, "gebruiksrechten", "{z}.uuid"),
            "informatieobject": _DOCUMENT_URL,
            "startdatum": "{z}.startdatum",
            "einddatum": "{z}.einddatum",
            "omschrijvingVoorwaarden": "{z}.omschrijving_voorwaarden",
        },
        filters={
            "informatieobject": _OF_DOCUMENT_FILTER,
            **compare("startdatum", "lt", "lte", "gt", "gte"),
            **compare("einddatum", "lt", "lte", "gt", "gte"),
        },
        relations={"informatieobject": One("enkelvoudiginformatieobject", "{t}.id = {z}.document_id")},
    )
)


def _object_url() -> str:
    whens = " ".join(
        f"WHEN '{kind}' THEN {address(root, path, '{z}.object_uuid')}" for kind, (root, path) in _OBJECT_PATHS.items()
    )
    return f"COALESCE(NULLIF({{z}}.object_url, ''), CASE {{z}}.object_type {whens} END)"


OIO: Final = register(
    Resource(
        name="objectinformatieobject",
        root=ROOT,
        path="objectinformatieobjecten",
        table="documenten_objectinformatieobject",
        bron="drc",
        main="enkelvoudiginformatieobject",
        shape=shapes.ObjectInformatieObjectBody,
        guard=_OF_DOCUMENT,
        columns={
            "url": address(ROOT, "objectinformatieobjecten", "{z}.uuid"),
            "informatieobject": _DOCUMENT_URL,
            "object": _object_url(),
            "objectType": "{z}.object_type",
        },
        filters={
            "informatieobject": _OF_DOCUMENT_FILTER,
            "object": Filter(_IS_OBJECT.replace("o.object", "{z}.object"), _object),
        },
        relations={"informatieobject": One("enkelvoudiginformatieobject", "{t}.id = {z}.document_id")},
    )
)

VERZENDING: Final = register(
    Resource(
        name="verzending",
        root=ROOT,
        path="verzendingen",
        table="documenten_verzending",
        bron="drc",
        main="enkelvoudiginformatieobject",
        shape=shapes.VerzendingBody,
        guard=_OF_DOCUMENT,
        columns={
            "url": address(ROOT, "verzendingen", "{z}.uuid"),
            "betrokkene": "{z}.betrokkene",
            "informatieobject": _DOCUMENT_URL,
            "aardRelatie": "{z}.aard_relatie",
            "toelichting": "{z}.toelichting",
            "ontvangstdatum": "{z}.ontvangstdatum",
            "verzenddatum": "{z}.verzenddatum",
            "contactPersoon": "{z}.contact_persoon",
            "contactpersoonnaam": "{z}.contactpersoonnaam",
            "binnenlandsCorrespondentieadres": "{z}.binnenlands_correspondentieadres",
            "buitenlandsCorrespondentieadres": "{z}.buitenlands_correspondentieadres",
            "correspondentiePostadres": "{z}.correspondentie_postadres",
            "faxnummer": "NULLIF({z}.faxnummer, '')",
            "emailadres": "NULLIF({z}.emailadres, '')",
            "mijnOverheid": "{z}.mijn_overheid",
            "telefoonnummer": "NULLIF({z}.telefoonnummer, '')",
        },
        filters={
            "aard_relatie": Filter("{z}.aard_relatie = :{v}"),
            "informatieobject": _OF_DOCUMENT_FILTER,
            "betrokkene": Filter("{z}.betrokkene = :{v}"),
        },
        relations={"informatieobject": One("enkelvoudiginformatieobject", "{t}.id = {z}.document_id")},
    )
)
