"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and a sentence about it. A warning is for a person, not for an alarm at night."""

    check: str
    state: Literal["ok", "warning", "wrong"]
    text: str


def ok(check: str, text: str) -> Finding:
    """It is well."""
    return Finding(check, "ok", text)


def warning(check: str, text: str) -> Finding:
    """It may become wrong, or is wrong for some installations."""
    return Finding(check, "warning", text)


def wrong(check: str, text: str) -> Finding:
    """It is wrong."""
    return Finding(check, "wrong", text)
