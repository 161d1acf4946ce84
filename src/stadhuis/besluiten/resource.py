"""What the Besluiten API shows, as SQL. Source: the standard's OpenAPI file, Besluiten API 1.1.0."""

from __future__ import annotations

from typing import Any, Final

from stadhuis.besluiten.reads import API
from stadhuis.besluiten.shapes import VERVALREDEN, BesluitBody, BesluitInformatieObjectBody
from stadhuis.kit.api.links import uuid_in
from stadhuis.kit.api.resource import NOTHING, Filter, Guard, One, Resource, address, compare, register

ROOT: Final = API
CATALOGI: Final = "catalogi/api/v1"
DOCUMENTEN: Final = "documenten/api/v1"
ZAKEN: Final = "zaken/api/v1"
LEZEN: Final = ("besluiten.lezen",)


def _weergave() -> str:
    whens = " ".join(f"WHEN '{value}' THEN '{label}'" for value, label in VERVALREDEN.items())
    return f"CASE {{z}}.vervalreden {whens} ELSE '' END"


def _uuid_under(root: str, path: str) -> Any:
    return lambda url: uuid_in(url, root, path) or NOTHING


def _ours_or_address(root: str, path: str) -> Any:
    """Return the uuid of something of ours, or the address of what lies elsewhere."""

    def convert(url: str) -> list[str | None]:
        uuid = uuid_in(url, root, path)
        return [str(uuid), None] if uuid else [None, url]

    return convert


def _either(column: str, table: str, url_column: str) -> str:
    return (
        f"{{z}}.{column} = (SELECT x.id FROM {table} x WHERE x.uuid = (:{{v}}::text[])[1]::uuid)"
        f" OR {{z}}.{url_column} <> '' AND {{z}}.{url_column} = (:{{v}}::text[])[2]"
    )


BESLUIT: Final = register(
    Resource(
        name="besluit",
        root=ROOT,
        path="besluiten",
        table="besluiten_besluit",
        shape=BesluitBody,
        guard=Guard("besluit", LEZEN),
        bron="brc",
        kanaal="besluiten",
        kenmerken={name: name for name in ("verantwoordelijkeOrganisatie", "besluittype")},
        weergave="{z}.identificatie",
        also_shows=("zaak",),
        columns={
            "url": address(ROOT, "besluiten", "{z}.uuid"),
            "identificatie": "{z}.identificatie",
            "verantwoordelijkeOrganisatie": "{z}.verantwoordelijke_organisatie",
            "besluittype": f"(SELECT {address(CATALOGI, 'besluittypen', 'y.uuid')} FROM catalogi_besluittype y"
            " WHERE y.id = {z}.besluittype_id)",
            "zaak": f"COALESCE((SELECT {address(ZAKEN, 'zaken', 'y.uuid')} FROM zaken_zaak y WHERE y.id = {{z}}.zaak_id),"
            " {z}.zaak_url)",
            "datum": "{z}.datum",
            "toelichting": "{z}.toelichting",
            "bestuursorgaan": "{z}.bestuursorgaan",
            "ingangsdatum": "{z}.ingangsdatum",
            "vervaldatum": "{z}.vervaldatum",
            "vervalreden": "{z}.vervalreden",
            "vervalredenWeergave": _weergave(),
            "publicatiedatum": "{z}.publicatiedatum",
            "verzenddatum": "{z}.verzenddatum",
            "uiterlijkeReactiedatum": "{z}.uiterlijke_reactiedatum",
        },
        filters={
            **compare("identificatie", ""),
            **compare("verantwoordelijke_organisatie", ""),
            "besluittype": Filter(
                "{z}.besluittype_id = (SELECT x.id FROM catalogi_besluittype x WHERE x.uuid = :{v})",
                _uuid_under(CATALOGI, "besluittypen"),
            ),
            "zaak": Filter(_either("zaak_id", "zaken_zaak", "zaak_url"), _ours_or_address(ZAKEN, "zaken")),
        },
        relations={
            "besluittype": One("besluittype", "{t}.id = {z}.besluittype_id"),
            "zaak": One("zaak", "{t}.id = {z}.zaak_id"),
        },
    )
)

BESLUITINFORMATIEOBJECT: Final = register(
    Resource(
        name="besluitinformatieobject",
        root=ROOT,
        path="besluitinformatieobjecten",
        table="besluiten_besluitinformatieobject",
        shape=BesluitInformatieObjectBody,
        guard=Guard("besluit", LEZEN, via="besluiten_besluit {g} WHERE {g}.id = {z}.besluit_id"),
        bron="brc",
        main="besluit",
        also_shows=("zaak",),
        order="{z}.id",
        columns={
            "url": address(ROOT, "besluitinformatieobjecten", "{z}.uuid"),
            "informatieobject": "COALESCE(NULLIF({z}.informatieobject_url, ''), (SELECT"
            f" {address(DOCUMENTEN, 'enkelvoudiginformatieobjecten', 'y.uuid')} FROM documenten_document y"
            " WHERE y.id = {z}.document_id))",
            "besluit": f"(SELECT {address(ROOT, 'besluiten', 'y.uuid')} FROM besluiten_besluit y WHERE y.id = {{z}}.besluit_id)",
        },
        filters={
            "besluit": Filter(
                "{z}.besluit_id = (SELECT x.id FROM besluiten_besluit x WHERE x.uuid = :{v})",
                _uuid_under(ROOT, "besluiten"),
            ),
            "informatieobject": Filter(
                _either("document_id", "documenten_document", "informatieobject_url"),
                _ours_or_address(DOCUMENTEN, "enkelvoudiginformatieobjecten"),
            ),
        },
        relations={
            "informatieobject": One("enkelvoudiginformatieobject", "{t}.id = {z}.document_id"),
            "besluit": One("besluit", "{t}.id = {z}.besluit_id"),
        },
    )
)
