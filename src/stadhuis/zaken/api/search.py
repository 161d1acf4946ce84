"""Search within an area: candidates by bounding box from the index, then exactly."""

from __future__ import annotations

import json
from typing import Any

from stadhuis.kit.api.endpoint import PageQuery
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.geo import areas_of, box_of, is_within
from stadhuis.kit.api.shapes import text
from stadhuis.kit.database import Statement
from stadhuis.zaken.shapes import ZaakZoek


class ZoekQuery(PageQuery):
    """Query parameters of ``_zoek``."""

    expand: str = text(default="", max_length=2000, schema={"maxLength": None})


# The expression is the one of the index zaak_bbox.
_CANDIDATES = Statement.compile("""
    SELECT COALESCE(json_agg(json_build_array(z.id, z.zaakgeometrie)), '[]')::text FROM zaken_zaak z
     WHERE z.bbox_min_x IS NOT NULL
       AND box(point(z.bbox_max_x, z.bbox_max_y), point(z.bbox_min_x, z.bbox_min_y))
           <@ box(point(:{max_x}::float8, :{max_y}::float8), point(:{min_x}::float8, :{min_y}::float8))
""")


class _Within:
    """A search body in which the area has become the ids of the zaken in it."""

    def __init__(self, body: ZaakZoek, ids: list[int]) -> None:
        self._body = body
        self.given = body.given
        self.ordering = body.ordering
        self._ids = ids

    def value(self, name: str) -> Any:
        """Return the value of a filter."""
        return self._ids if name == "zaakgeometrie" else self._body.value(name)


def within(body: ZaakZoek, *, seen_by: Caller) -> Any:
    """Return the search with its area resolved to ids; those the caller may not see fall away in the query itself."""
    area = body.zaakgeometrie.within if body.zaakgeometrie is not None else None
    if area is None:
        return _without_area(body)
    min_x, min_y, max_x, max_y = box_of(area)
    row = _CANDIDATES.first_row({"min_x": min_x, "min_y": min_y, "max_x": max_x, "max_y": max_y})
    areas = areas_of(area)
    candidates = json.loads(row[0]) if row else []
    return _Within(body, [zaak_id for zaak_id, geometry in candidates if is_within(geometry, areas)])


def _without_area(body: ZaakZoek) -> Any:
    if "zaakgeometrie" not in body.given:
        return body
    plain = _Within(body, [])
    plain.given = body.given - {"zaakgeometrie"}
    return plain
