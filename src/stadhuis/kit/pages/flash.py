"""Flash messages: said once, on the next page, in a region that a screen reader reads out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def ok(request: HttpRequest, text: object) -> None:
    """Say that something was done."""
    messages.success(request, text)  # type: ignore[arg-type]


def info(request: HttpRequest, text: object) -> None:
    """Say something worth knowing."""
    messages.info(request, text)  # type: ignore[arg-type]


def warning(request: HttpRequest, text: object) -> None:
    """Say something to mind."""
    messages.warning(request, text)  # type: ignore[arg-type]


def error(request: HttpRequest, text: object) -> None:
    """Say that something was not done."""
    messages.error(request, text)  # type: ignore[arg-type]
