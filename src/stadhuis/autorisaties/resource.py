"""What the Autorisaties API shows, as SQL. Source: the standard's OpenAPI file, Autorisaties API 1.1.0.

A right on all versions of a type, on a catalogue or on every type is shown as the versions of today: a line for each that is
published, the ended ones too, for what was made of those falls under the right as well.
"""

from __future__ import annotations

from typing import Final

from stadhuis.access import public as access
from stadhuis.autorisaties import shapes
from stadhuis.autorisaties.choices import CATALOGI, COMPONENTEN, PATHS
from stadhuis.kit.api.resource import Filter, Resource, address, register

ROOT: Final = "autorisaties/api/v1"

_IS_WIDE: Final = "t.component IN ('zrc', 'drc', 'brc') AND t.all_versions AND (t.type_ref <> '' OR t.domein <> '')"
_LEVELS: Final = ", ".join(f"'{name}'" for name in access.ORDER)


def _case(cases: dict[str, str]) -> str:
    """Return the SQL that gives each component its own expression."""
    whens = " ".join(f"WHEN '{component}' THEN {sql}" for component, sql in cases.items())
    return f"CASE t.component {whens} END"


def _versions(component: str) -> str:
    """Return the SQL of the versions a wide right ``t`` comes down to today; those of one type are found by index."""
    source = f"FROM catalogi_{access.TYPE_FIELDS[component]} x WHERE t.component = '{component}' AND {_IS_WIDE}"
    columns = f"SELECT x.id AS version, {address(CATALOGI, PATHS[component], 'x.uuid')} AS url"
    return (
        f"{columns} {source} AND NOT x.concept AND t.type_ref <> '*' AND x.ref = t.type_ref"
        f" UNION ALL {columns} {source} AND NOT x.concept AND (t.type_ref = '*' OR t.domein <> '')"
        " AND (t.type_ref = '*' OR split_part(x.ref, ':', 1) = t.domein)"
    )


def lines(where: str) -> str:
    """Return the SQL of the lines of rights ``t``: ``id`` of the right, ``version`` by which they are ordered, ``line``."""
    named = _case({component: address(CATALOGI, path, "t.type_uuid") for component, path in PATHS.items()})
    keys = {
        "component": "t.component",
        "componentWeergave": _case({code: f"'{name}'" for code, name in COMPONENTEN.items()}),
        "scopes": "t.scopes",
        **{field: f"CASE WHEN t.component = '{code}' THEN k.url END" for code, field in access.TYPE_FIELDS.items()},
        "maxVertrouwelijkheidaanduiding": f"CASE WHEN t.component IN ('zrc', 'drc') THEN (ARRAY[{_LEVELS}])[t.max_level] END",
    }
    made = ", ".join(f"'{key}', {sql}" for key, sql in keys.items())
    versions = " UNION ALL ".join(_versions(component) for component in PATHS)
    return (
        f"SELECT t.id, k.version, json_strip_nulls(json_build_object({made})) AS line FROM access_autorisatie t,"
        f" LATERAL ({versions} UNION ALL SELECT 0, CASE WHEN t.type_uuid IS NULL THEN NULLIF(t.type_url, '') ELSE {named} END"
        f" WHERE NOT ({_IS_WIDE})) k WHERE {where}"
    )


def _client_ids(text: str) -> list[str]:
    return text.split(",")


APPLICATIE: Final = register(
    Resource(
        name="applicatie",
        root=ROOT,
        path="applicaties",
        table="access_applicatie",
        bron="ac",
        kanaal="autorisaties",
        shape=shapes.ApplicatieBody,
        columns={
            "url": address(ROOT, "applicaties", "{z}.uuid"),
            "clientIds": "ARRAY(SELECT c.client_id FROM access_client c WHERE c.applicatie_id = {z}.id ORDER BY c.id)",
            "label": "{z}.label",
            "heeftAlleAutorisaties": "{z}.heeft_alle_autorisaties",
            "alleenIsGereedVoorPublicatie": "{z}.alleen_is_gereed_voor_publicatie",
            "autorisaties": "COALESCE((SELECT json_agg(l.line ORDER BY l.id, l.version)"
            f" FROM ({lines('t.applicatie_id = {z}.id')}) l), '[]'::json)",
        },
        filters={
            "client_ids": Filter(
                "EXISTS (SELECT 1 FROM access_client c WHERE c.applicatie_id = {z}.id AND c.client_id = ANY(:{v}::text[]))",
                _client_ids,
            )
        },
        order="{z}.id",
        weergave="{z}.label",
    )
)
