"""What an operator says of a source: a small TOML file."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stadhuis.takeover.errors import SettingsUnusable

APIS: Final = ("catalogi", "documenten", "zaken", "besluiten", "autorisaties", "notificaties")
_URL: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_KNOWN: Final = frozenset(
    {"client_id", "secret_file", "user_id", "patience_seconds", "timeout_seconds", "biggest_file", "roots", "shown"}
)


@dataclass(frozen=True)
class SourceSettings:
    """Where a source is and how we log in there.

    ``roots``: API -> where we call it. ``shown``: API -> how its addresses begin in its own answers, when that differs.
    """

    name: str
    client_id: str
    secret: str = field(repr=False)
    roots: Mapping[str, str]
    shown: Mapping[str, str]
    user_id: str = "stadhuis"
    patience_seconds: float = 900
    """So long a source that fails is tried again before the run stops."""
    timeout_seconds: float = 30
    biggest_file: int = 10 * 1024**3


def read_settings(name: str, file: Path) -> SourceSettings:
    """Return the settings of a source. Raises ``SettingsUnusable`` with what is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", name):
        raise SettingsUnusable("The name of a source is of small letters, digits, - and _.")
    try:
        given = tomllib.loads(file.read_text())
    except OSError as error:
        raise SettingsUnusable(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsUnusable(f"{file} is no TOML.") from None
    if unknown := sorted(set(given) - _KNOWN):
        raise SettingsUnusable(f"{file}: unknown: {', '.join(unknown)}.")
    roots = _roots(given, "roots", file)
    if not {"catalogi", "zaken"} <= set(roots):
        raise SettingsUnusable(f"{file}: [roots] names at least catalogi and zaken.")
    client_id, secret_file = given.get("client_id"), given.get("secret_file")
    if not isinstance(client_id, str) or not isinstance(secret_file, str):
        raise SettingsUnusable(f"{file}: client_id and secret_file are needed.")
    return SourceSettings(
        name=name,
        client_id=client_id,
        secret=_secret(file.parent / secret_file),
        roots=roots,
        shown={**roots, **_roots(given, "shown", file)},
        user_id=str(given.get("user_id", "stadhuis")),
        **{
            key: _positive(given[key], key, file)
            for key in ("patience_seconds", "timeout_seconds", "biggest_file")
            if key in given
        },
    )


def _roots(given: Mapping[str, Any], table: str, file: Path) -> dict[str, str]:
    roots = given.get(table, {})
    if not isinstance(roots, dict) or set(roots) - set(APIS):
        raise SettingsUnusable(f"{file}: [{table}] has one line per API: {', '.join(APIS)}.")
    for name, root in roots.items():
        if not isinstance(root, str) or not _URL.fullmatch(root):
            raise SettingsUnusable(f"{file}: {table}.{name} is no http(s) address.")
    return {name: root.rstrip("/") for name, root in roots.items()}


def _secret(file: Path) -> str:
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsUnusable(f"{file} holds a secret and others than its owner may open it: chmod 600.")
        secret = file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsUnusable(f"{file} cannot be read.") from None
    if not secret:
        raise SettingsUnusable(f"{file} is empty.")
    return secret


def _positive(value: Any, key: str, file: Path) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise SettingsUnusable(f"{file}: {key} is a number above 0.")
    return int(value) if key == "biggest_file" else float(value)
