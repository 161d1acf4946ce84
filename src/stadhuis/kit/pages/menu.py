"""The menus of the faces: rooms register their entries when they start, the layouts show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import force_str

Face = Literal["portal", "workplace"]


@dataclass(frozen=True)
class Entry:
    """What a room registered. ``label`` may be a lazy translation."""

    face: Face
    label: object
    route: str
    order: int
    icon: str
    visible: Callable[[HttpRequest], bool]
    count: Callable[[HttpRequest], int | None]


@dataclass(frozen=True)
class MenuItem:
    """What a layout draws. ``current`` is "page" on the page itself, "true" on a page below it, else ""."""

    text: str
    url: str
    icon: str
    count: int | None
    current: str


_entries: dict[tuple[str, str], Entry] = {}
_search: dict[str, str] = {}


def register(
    face: Face,
    label: object,
    route: str,
    *,
    order: int = 50,
    icon: str = "",
    visible: Callable[[HttpRequest], bool] = lambda request: True,
    count: Callable[[HttpRequest], int | None] = lambda request: None,
) -> None:
    """Add an entry that leads to a route; registering it again replaces it."""
    _entries[face, route] = Entry(face, label, route, order, icon, visible, count)


def search_at(route: str) -> None:
    """Name the route to which the search box of the workplace posts ``q``."""
    _search["workplace"] = route


def search_url() -> str:
    """Return the address of the workplace's search, or ""."""
    return _address(_search.get("workplace", ""))


def items(face: Face, request: HttpRequest) -> list[MenuItem]:
    """Return what this visitor sees in the menu of a face, in order."""
    shown = []
    for entry in sorted(_entries.values(), key=lambda each: each.order):
        address = _address(entry.route) if entry.face == face and entry.visible(request) else ""
        if address:
            shown.append((entry, address))
    below = [address for _, address in shown if address != "/" and request.path.startswith(address)]
    nearest = max(below, key=len, default="")
    return [
        MenuItem(
            text=force_str(entry.label),
            url=address,
            icon=entry.icon,
            count=entry.count(request),
            current="page" if request.path == address else "true" if address == nearest else "",
        )
        for entry, address in shown
    ]


def _address(route: str) -> str:
    try:
        return reverse(route) if route else ""
    except NoReverseMatch:
        return ""
