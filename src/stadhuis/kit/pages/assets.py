"""Where the built style sheet, scripts and pictures are: names carry a hash of their content, the manifest knows them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

STATIC = Path(__file__).resolve().parents[1] / "static"
DIST = STATIC / "dist"
ICONS = Path(__file__).resolve().parents[1] / "templates" / "kit" / "icons"


class AssetsNotBuilt(Exception):
    """The assets were not built, or not this one."""


def url(name: str) -> str:
    """Return the address of a built file by its own name (``stadhuis.css``) or of a plain static file (``mark.svg``)."""
    return f"{settings.STATIC_URL}{path(name)}"


def path(name: str) -> str:
    """Return the path below the static folder. Raises ``AssetsNotBuilt``."""
    found = _manifest().get(name)
    if found is not None:
        return f"dist/{found}"
    # A plain str: templates hand over a SafeString, which pathlib refuses.
    if (STATIC / f"./{name}").is_file():
        return name
    raise AssetsNotBuilt(f"{name!r} is not among the built assets. Run: cd frontend && npm ci && npm run build")


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    try:
        entries = json.loads((DIST / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise AssetsNotBuilt(
            f"The assets are not built ({DIST / 'manifest.json'} is missing). Run: cd frontend && npm ci && npm run build"
        ) from None
    return {Path(source).name: str(entry["file"]) for source, entry in entries.items()}


@lru_cache(maxsize=256)
def icon_shapes(name: str) -> str:
    """Return the inside of an icon's SVG. Raises ``FileNotFoundError`` for a name that is not there."""
    text = (ICONS / f"{name}.svg").read_text("utf-8")
    start = text.index(">", text.index("<svg")) + 1
    return " ".join(text[start : text.rindex("</svg>")].split())
