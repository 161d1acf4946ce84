"""Typed reading of the environment: everything that is missing or malformed is reported at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

Text = str
YesNo = bool
"""The built-ins: inside ``Environment`` the names ``str`` and ``bool`` are methods."""


class SettingsError(Exception):
    """One or more settings are missing or malformed. The text lists all of them."""


@dataclass(frozen=True)
class Setting:
    """One documented setting: its name, what it means and whether it must be given."""

    name: str
    doc: str
    default: str | None
    is_secret: bool = False


@dataclass
class Environment:
    """Read settings named ``STADHUIS_<NAME>``; collect the faults and raise them together.

    ``documented`` lists every setting that was asked for, in order: the operator's page is held against it.
    """

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)
    prefix: str = "STADHUIS_"
    documented: list[Setting] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def _raw(self, name: Text, default: Text | None, doc: Text, *, is_secret: bool = False) -> Text | None:
        self.documented.append(Setting(self.prefix + name, doc, default, is_secret))
        value = self.values.get(self.prefix + name)
        if value is None or value == "":
            if default is None:
                self.faults.append(f"{self.prefix}{name} is missing: {doc}")
            return default
        return value

    def str(self, name: Text, *, default: Text | None = None, doc: Text, secret: bool = False) -> Text:
        """Return the text of a setting, or its default."""
        return self._raw(name, default, doc, is_secret=secret) or ""

    def int(self, name: Text, *, default: int | None = None, doc: Text) -> int:
        """Return a whole number."""
        raw = self._raw(name, None if default is None else str(default), doc)
        if raw is None:
            return 0
        try:
            return int(raw)
        except ValueError:
            self.faults.append(f"{self.prefix}{name} must be a whole number, not {raw!r}")
            return 0

    def bool(self, name: Text, *, default: bool | None = None, doc: Text) -> bool:
        """Return a yes or no (``true``/``false``/``1``/``0``/``yes``/``no``)."""
        raw = self._raw(name, None if default is None else str(default).lower(), doc)
        if raw is None:
            return False
        if raw.lower() in {"1", "true", "yes", "ja"}:
            return True
        if raw.lower() in {"0", "false", "no", "nee"}:
            return False
        self.faults.append(f"{self.prefix}{name} must be true or false, not {raw!r}")
        return False

    def list(self, name: Text, *, default: Text | None = "", doc: Text, secret: YesNo = False) -> list[Text]:
        """Return a comma-separated list; empty parts are left out."""
        raw = self._raw(name, default, doc, is_secret=secret)
        return [part.strip() for part in (raw or "").split(",") if part.strip()]

    def choice(self, name: Text, choices: tuple[Text, ...], *, default: Text | None = None, doc: Text) -> Text:
        """Return one of ``choices``."""
        raw = self._raw(name, default, doc)
        if raw is not None and raw not in choices:
            self.faults.append(f"{self.prefix}{name} must be one of {', '.join(choices)}, not {raw!r}")
        return raw or choices[0]

    def fault(self, sentence: Text) -> None:
        """Add a fault of one's own, for rules over several settings."""
        self.faults.append(sentence)

    def check(self) -> None:
        """Raise everything that was wrong, together."""
        if self.faults:
            raise SettingsError("Settings:\n  " + "\n  ".join(self.faults))
