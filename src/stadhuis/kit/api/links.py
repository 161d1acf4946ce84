"""Absolute addresses of our own resources: made from ``PUBLIC_URL``, recognised without a network call."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings


def link(root: str, path: str, uuid: UUID | str) -> str:
    """Return the address of a resource, for example ``link("zaken/api/v1", "zaken", uuid)``."""
    return f"{settings.PUBLIC_URL}/{root}/{path}/{uuid}"


def own_path(url: str) -> str | None:
    """Return the path (without leading slash) of an address of ours, now or formerly; None for another host."""
    for base in (settings.PUBLIC_URL, *settings.FORMER_PUBLIC_URLS):
        base = base.rstrip("/") + "/"
        if url.startswith(base):
            return url[len(base) :]
    return None


def uuid_in(url: str, root: str, path: str) -> UUID | None:
    """Return the uuid in the address of one of our resources of that kind; None when it is anything else."""
    own = own_path(url)
    prefix = f"{root}/{path}/"
    if own is None or not own.startswith(prefix):
        return None
    rest = own[len(prefix) :]
    if len(rest) != 36:
        return None
    try:
        return UUID(rest)
    except ValueError:
        return None
