"""Whether one GeoJSON geometry lies within another, exactly, in the plane of longitude and latitude.

PostgreSQL without PostGIS finds the candidates by their bounding box (an index); this decides. What lies on the border
counts as within. Curvature of the earth is left out: areas are the size of a town.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

Position = Sequence[float]
Ring = Sequence[Position]
Area = Sequence[Ring]
"""An outer ring and its holes."""


def areas_of(geometry: dict[str, Any]) -> list[Area]:
    """Return the areas of a Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else list(coordinates)


def box_of(geometry: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return (min x, min y, max x, max y) of a Polygon or MultiPolygon."""
    points = [point for area in areas_of(geometry) for point in area[0]]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_within(geometry: dict[str, Any], areas: Sequence[Area]) -> bool:
    """Return whether every part of a geometry lies in one of the areas."""
    parts = list(_parts(geometry))
    return bool(parts) and all(any(_part_within(part, area) for area in areas) for part in parts)


def _parts(geometry: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    kind = geometry["type"]
    if kind == "GeometryCollection":
        for member in geometry["geometries"]:
            yield from _parts(member)
    elif kind.startswith("Multi"):
        for coordinates in geometry["coordinates"]:
            yield kind.removeprefix("Multi"), coordinates
    else:
        yield kind, geometry["coordinates"]


def _part_within(part: tuple[str, Any], area: Area) -> bool:
    kind, coordinates = part
    if kind == "Point":
        return _covers(area, coordinates)
    if kind == "LineString":
        return _line_within(coordinates, area)
    # A surface: its border lies within, and no hole of the area lies in it.
    return all(_line_within(ring, area) for ring in coordinates[:1]) and not any(
        _inside(coordinates[0], point) == 1 and not any(_inside(hole, point) >= 0 for hole in coordinates[1:])
        for ring in area[1:]
        for point in ring
    )


def _line_within(line: Ring, area: Area) -> bool:
    if not all(_covers(area, point) for point in line):
        return False
    for start, end in pairwise(line):
        cuts = [0.0, 1.0]
        for ring in area:
            for one, two in pairwise(ring):
                cuts += _cuts(start, end, one, two)
        cuts.sort()
        # Between two meetings with the border a segment is wholly inside or wholly outside.
        for before, after in pairwise(cuts):
            if after - before > 1e-12:
                middle = (before + after) / 2
                point = (start[0] + (end[0] - start[0]) * middle, start[1] + (end[1] - start[1]) * middle)
                if not _covers(area, point):
                    return False
    return True


def _cuts(start: Position, end: Position, one: Position, two: Position) -> list[float]:
    """Return where, from 0 to 1, a segment meets another; nothing for parallel ones."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    ex, ey = two[0] - one[0], two[1] - one[1]
    cross = dx * ey - dy * ex
    if abs(cross) < 1e-18:
        return []
    t = ((one[0] - start[0]) * ey - (one[1] - start[1]) * ex) / cross
    u = ((one[0] - start[0]) * dy - (one[1] - start[1]) * dx) / cross
    return [t] if 0 <= t <= 1 and 0 <= u <= 1 else []


def _covers(area: Area, point: Position) -> bool:
    return _inside(area[0], point) >= 0 and not any(_inside(hole, point) == 1 for hole in area[1:])


def _inside(ring: Ring, point: Position) -> int:
    """Return 1 when a point lies inside a ring, 0 on its border, -1 outside."""
    x, y = point[0], point[1]
    inside = False
    for one, two in pairwise(ring):
        ax, ay, bx, by = one[0], one[1], two[0], two[1]
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if abs(cross) < 1e-14 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return 0
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return 1 if inside else -1
