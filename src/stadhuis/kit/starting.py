"""Starting Django in a process of our own: web, worker, a command, a test run.

What start-up makes (modules, classes, compiled patterns) stays until the process ends. Looking through it for garbage again
and again while it grows costs a fifth of the start, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile; what was made is left out of every later search."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def start_django() -> None:
    """Set Django up. Raises ``SettingsError`` when the settings are wrong."""
    with without_collecting():
        import django

        django.setup()
