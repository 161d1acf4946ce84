"""The lists as resources: what a GET gives, in one statement."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from stadhuis.catalogi.choices import TAAKGEBIEDEN
from stadhuis.kit.api.resource import NOTHING, Filter, Resource, address
from stadhuis.kit.api.shapes import camel

ROOT: Final = "selectielijst/api/v1"
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def uuid_at_end(url: str) -> UUID | None:
    """Return the identification that a text is or ends with (after a slash); None when there is none."""
    last = url.rstrip("/").rsplit("/", 1)[-1]
    return UUID(last) if _UUID.fullmatch(last) else None


def _procestype(value: Any) -> Any:
    return uuid_at_end(value) or NOTHING


def _resource(name: str, path: str, table: str, columns: dict[str, str], **more: Any) -> Resource:
    own = {"url": address(ROOT, path, "{z}.uuid")}
    return Resource(name=name, root=ROOT, path=path, table=table, columns=own | columns, **more)


def _plain(*names: str) -> dict[str, str]:
    return {camel(name): f"{{z}}.{name}" for name in names}


PROCESTYPE: Final = _resource(
    "procestype",
    "procestypen",
    "catalogi_procestype",
    _plain("nummer", "jaar", "naam", "omschrijving", "toelichting", "procesobject"),
    filters={"jaar": Filter("{z}.jaar = :{v}")},
    order="{z}.jaar, {z}.nummer, {z}.id",
)
RESULTAAT: Final = _resource(
    "selectielijstresultaat",
    "resultaten",
    "catalogi_selectielijstresultaat",
    {
        "procesType": f"(SELECT {address(ROOT, 'procestypen', 'x.uuid')} FROM catalogi_procestype x"
        " WHERE x.id = {z}.procestype_id)",
        **_plain(
            "nummer", "volledig_nummer", "generiek", "specifiek", "naam", "omschrijving", "herkomst", "waardering",
            "procestermijn", "procestermijn_weergave", "bewaartermijn", "toelichting",
        ),
        **{camel(name): f"('{name}' = ANY({{z}}.taakgebieden))" for name in TAAKGEBIEDEN},
        "procestermijnOpmerking": "{z}.procestermijn_opmerking",
    },
    filters={
        "proces_type": Filter(
            "{z}.procestype_id = (SELECT y.id FROM catalogi_procestype y WHERE y.uuid = :{v})", _procestype
        )
    },
    order="{z}.id",
)  # fmt: skip
OMSCHRIJVING: Final = _resource(
    "resultaattypeomschrijving",
    "resultaattypeomschrijvingen",
    "catalogi_resultaattypeomschrijving",
    _plain("omschrijving", "definitie", "opmerking"),
    order="{z}.omschrijving, {z}.id",
)
KANAAL: Final = _resource(
    "communicatiekanaal",
    "communicatiekanalen",
    "catalogi_communicatiekanaal",
    _plain("naam", "omschrijving"),
    order="{z}.naam, {z}.id",
)
LISTS: Final = {one.path: one for one in (PROCESTYPE, RESULTAAT, OMSCHRIJVING, KANAAL)}
