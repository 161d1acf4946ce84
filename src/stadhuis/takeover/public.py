"""The front door of takeover."""

from __future__ import annotations

from stadhuis.takeover.actions import Outcome, pull, try_out
from stadhuis.takeover.config import SourceSettings, read_settings
from stadhuis.takeover.errors import AlreadyRunning, SettingsUnusable, SourceDown, SourceRefuses, TakeoverError
from stadhuis.takeover.report import Compared, compare, in_words

__all__ = [
    "AlreadyRunning",
    "Compared",
    "Outcome",
    "SettingsUnusable",
    "SourceDown",
    "SourceRefuses",
    "SourceSettings",
    "TakeoverError",
    "compare",
    "in_words",
    "pull",
    "read_settings",
    "try_out",
]
