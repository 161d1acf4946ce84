"""Leaving a system alone that fails: after a few failures in a row it is not called for a moment, then one call tries.

Kept per process on purpose (decision 0022): each process learns it within a few calls, and nothing stands between a call
and its answer, not even the database. Deliveries to subscribers keep theirs in the database, because there many jobs wait.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

FAILURES: Final = 5
PAUSE_SECONDS: Final = 10.0


@dataclass
class _State:
    failures: int = 0
    opened_at: float | None = None


_lock = threading.Lock()
_states: dict[tuple[str, str], _State] = {}


def may_call(name: str, origin: str) -> bool:
    """Say whether a call may go. After a pause one caller gets through; the others wait for how that goes."""
    with _lock:
        state = _states.get((name, origin))
        if state is None or state.opened_at is None:
            return True
        if time.monotonic() - state.opened_at < PAUSE_SECONDS:
            return False
        state.opened_at = time.monotonic()
        return True


def tell(name: str, origin: str, *, is_well: bool) -> None:
    """Remember how a call went."""
    with _lock:
        if is_well:
            _states.pop((name, origin), None)
            return
        state = _states.setdefault((name, origin), _State())
        state.failures += 1
        if state.failures >= FAILURES:
            state.opened_at = time.monotonic()


def paused() -> list[str]:
    """Return the names of the systems that this process leaves alone now."""
    with _lock:
        return sorted({name for (name, _), state in _states.items() if state.opened_at is not None})


def forget() -> None:
    """Forget all failures (tests)."""
    with _lock:
        _states.clear()
