"""What a caller got to see with something taken out, and sends back: in its place stays what stands in the register.

A program reads a resource, changes one field and sends it back whole. What it never saw it cannot have meant to change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

MASK: Final = "***"
"""What stands in place of what is taken out of a text: it fits wherever the standard bounds the length."""


def may_be_sent_back(sent: Any, left_out: Collection[str] = ()) -> bool:
    """Return whether a body holds a mask somewhere, or one of the keys from which something is left out without one."""
    if isinstance(sent, str):
        return MASK in sent
    if isinstance(sent, Mapping):
        return any(key in left_out or may_be_sent_back(value, left_out) for key, value in sent.items())
    return isinstance(sent, list) and any(may_be_sent_back(one, left_out) for one in sent)


def put_back(sent: dict[str, Any], text: str, without: Callable[[str], str]) -> dict[str, Any]:
    """Return a body with the real value wherever it holds exactly what ``without`` makes of that; the rest as it was sent.

    ``text`` is the JSON of the resource as it stands.
    """
    real, shown = json.loads(text), json.loads(without(text))
    return {
        key: _real(value, real[key], shown[key]) if key in real and key in shown else value
        for key, value in sent.items()
    }


def _real(sent: Any, real: Any, shown: Any) -> Any:
    if real == shown:
        return sent
    if sent == shown:
        return real
    if isinstance(sent, dict) and isinstance(real, dict) and isinstance(shown, dict):
        never_seen = {key: value for key, value in real.items() if key not in shown and key not in sent}
        return never_seen | {
            key: _real(value, real[key], shown[key]) if key in real and key in shown else value
            for key, value in sent.items()
        }
    if isinstance(sent, list) and isinstance(real, list) and isinstance(shown, list):
        return [next((was for was, seen in zip(real, shown, strict=True) if seen == one), one) for one in sent]
    return sent
