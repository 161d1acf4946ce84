"""Looking up an address in the copy of the lists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection

from stadhuis.catalogi.errors import NotInList
from stadhuis.catalogi.selectielijst.resource import LISTS, ROOT, uuid_at_end
from stadhuis.kit.api.errors import NotFound
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.links import own_path


def is_kept_here(url: str) -> bool:
    """Return whether an address is one of the lists that we have a copy of: ours, or of a host in ``SELECTIELIJST_HOSTS``."""
    own = own_path(url)
    if own is not None:
        return own.startswith(f"{ROOT}/")
    try:
        parts = urlsplit(url)
        host, netloc = parts.hostname or "", parts.netloc.lower()
    except ValueError:
        return False
    return not {host, netloc}.isdisjoint(settings.SELECTIELIJST_HOSTS)


def entry(url: str) -> dict[str, Any]:
    """Return what an address that is kept here gives, with addresses of the host that was asked.

    One statement, no network. Raises ``NotInList``, which says whether the list was taken in at all.
    """
    place = _place(url)
    if place is None:
        raise NotInList("Dit adres wijst niet naar een onderdeel van de selectielijst of referentielijsten.")
    path, uuid = place
    try:
        found: dict[str, Any] = json.loads(LISTS[path].one(uuid, seen_by=Everyone()).text)
    except NotFound:
        raise NotInList("Dit staat niet in de lijst die hier is ingelezen (stadhuis import-selectielijst).") from None
    found["url"] = url
    if "procesType" in found:
        base = url.rstrip("/").rsplit("/", 2)[0]
        found["procesType"] = f"{base}/procestypen/{found['procesType'].rsplit('/', 1)[-1]}"
    return found


def _place(url: str) -> tuple[str, UUID] | None:
    path, uuid = urlsplit(url).path.rstrip("/").split("/")[-2:-1], uuid_at_end(url)
    return (path[0], uuid) if path and path[0] in LISTS and uuid is not None else None


def is_same(one: str, other: str) -> bool:
    """Return whether two addresses name the same entry: equal, or both kept here with the same identification."""
    if one == other:
        return True
    return is_kept_here(one) and is_kept_here(other) and _place(one) is not None and _place(one) == _place(other)


def unknown(urls: Iterable[str]) -> list[str]:
    """Return which of these addresses should be in the copy and are not. A statement per list."""
    wanted: dict[str, dict[UUID, str]] = {path: {} for path in LISTS}
    missing = []
    for url in dict.fromkeys(url for url in urls if url and is_kept_here(url)):
        place = _place(url)
        if place is None:
            missing.append(url)
        else:
            wanted[place[0]][place[1]] = url
    for path, entries in wanted.items():
        if entries:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT uuid FROM {LISTS[path].table} WHERE uuid = ANY(%s)", [list(entries)])
                known = {row[0] for row in cursor.fetchall()}
            missing += [url for uuid, url in entries.items() if uuid not in known]
    return missing
