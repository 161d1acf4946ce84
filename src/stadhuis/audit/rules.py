"""How lines become a chain, digests in and links out; and how a person becomes a pseudonym. No database here."""

from __future__ import annotations

import hashlib
import hmac
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


def pseudonym(key: bytes, person: UUID) -> UUID:
    """Return what stands for a person in the processing log: HMAC-SHA-256, cut to 16 bytes.

    Without the key it leads nowhere, and under another key the same person is somebody else, so that two logs cannot be
    laid side by side. Source: Logboek Dataverwerkingen, dpl.core.data_subject_id; AVG art. 4 under 5.
    """
    return UUID(bytes=hmac.new(key, b"processing:" + person.bytes, hashlib.sha256).digest()[:16])


DANGEROUS_FIRST = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Return a cell that a spreadsheet shows as text: what would begin a formula gets an apostrophe in front.

    Source: OWASP, CSV Injection.
    """
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \n").startswith(DANGEROUS_FIRST) else text
