"""How lines become a chain: digests in, links out. No database here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

START = hashlib.sha256(b"stadhuis audit 1").digest()
"""The link before the first line."""


def digest_of(salt: bytes, payload: Mapping[str, object]) -> bytes:
    """Return the digest of a payload. Without the salt nobody can find out by guessing what a destroyed payload said."""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(salt + canonical.encode("utf-8", "surrogatepass")).digest()


def link_of(previous: bytes, *, number: int, uuid: UUID, at: datetime, digest: bytes) -> bytes:
    """Return the link of a line: it depends on every line before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(previous + f"{number}|{uuid}|{moment}|".encode() + digest).digest()
