"""The thread through everything that follows from one request: W3C trace context, in logs, jobs and outgoing calls.

A request brings a ``traceparent`` or starts one; a job that is queued meanwhile takes it along, and so does every call to
another system. What somebody sends us is only believed to be an id: it decides nothing. Source: W3C Trace Context, level 1.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

HEADER = "traceparent"
_FORM = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)


@dataclass(frozen=True)
class Trace:
    """Where in a trace we are: the trace, our own part of it, and the flags that came along."""

    trace_id: str
    span_id: str
    flags: str = "00"

    @property
    def header(self) -> str:
        """The value to send along, under which the other side hangs its own part."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def read(value: str | None) -> Trace | None:
    """Return what a header says, or None when it is no trace context.

    A later version is read as far as we know it; version ff and ids of zeros do not exist. Source: W3C, section 3.2.
    """
    found = _FORM.fullmatch(value or "")
    if found is None or found["version"] == "ff" or (found["version"] == "00" and found["more"]):
        return None
    if not int(found["trace"], 16) or not int(found["span"], 16):
        return None
    return Trace(found["trace"], found["span"], found["flags"])


def current() -> Trace | None:
    """Return the trace of what is being done now; None outside a request or job."""
    return _current.get()


@contextmanager
def part_of(parent: str | None) -> Iterator[Trace]:
    """Do something as a new part of a trace that came along, or of a new one; the log lines meanwhile carry both ids."""
    came = read(parent)
    mine = Trace(came.trace_id if came else secrets.token_hex(16), secrets.token_hex(8), came.flags if came else "00")
    token = _current.set(mine)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=mine.trace_id, span_id=mine.span_id):
            yield mine
    finally:
        _current.reset(token)
