"""The register of processing activities: what personal data may be used for. Data, in ``activities.toml``.

Source: AVG art. 30; Logboek Dataverwerkingen (``dpl.core.processing_activity_id`` is an address in such a register).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.conf import settings


class UnknownActivity(LookupError):
    """Personal data were to be used for something that is not in the register."""


@dataclass(frozen=True)
class Said:
    """A text in Dutch and English."""

    nl: str
    en: str

    def said_in(self, language: str) -> str:
        """Return the text in a language; anything but English is Dutch."""
        return self.en if language.startswith("en") else self.nl


@dataclass(frozen=True)
class Activity:
    """One processing activity: what it is, what it is for, on which ground, and how long things are kept."""

    code: str
    name: Said
    purpose: Said
    basis: Said
    retention: Said
    log_months: int
    """How long its lines in the processing log are kept."""
    is_family: bool = False
    """Codes that begin with this one and a hyphen belong to it: one per form."""

    @property
    def url(self) -> str:
        """Return the address that other organisations know it by."""
        return f"{settings.PUBLIC_URL}/verwerkingen/#{self.code}"


@cache
def _all() -> Mapping[str, Activity]:
    data = tomllib.loads(files("stadhuis.audit").joinpath("activities.toml").read_text(encoding="utf-8"))
    found = [
        Activity(
            code=one["code"],
            log_months=one["log_months"],
            is_family=one.get("family", False),
            **{name: Said(**one[name]) for name in ("name", "purpose", "basis", "retention")},
        )
        for one in data["activity"]
    ]
    return {one.code: one for one in found}


def activities() -> list[Activity]:
    """Return the register, in its own order."""
    return list(_all().values())


def activity_of(code: str) -> Activity:
    """Return the activity that a code belongs to. Raises ``UnknownActivity``."""
    found = _all().get(code)
    if found is None:
        family = _all().get(code.partition("-")[0])
        found = family if family is not None and family.is_family else None
    if found is None:
        raise UnknownActivity(code)
    return found
