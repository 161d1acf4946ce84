"""Secrets at rest: AES-256-GCM with a key from the settings, and a keyed hash to look things up by."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = b"\x01"


def _key(encoded: str) -> bytes:
    key = base64.b64decode(encoded)
    if len(key) != 32:
        raise ValueError("a key must be 32 bytes in base64")
    return key


def encrypt(plain: str, *, about: str) -> bytes:
    """Return version byte, nonce and cipher text. ``about`` binds the value to its place (it must be given to decrypt)."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(_key(settings.BSN_KEY)).encrypt(nonce, plain.encode(), about.encode())


def decrypt(stored: bytes, *, about: str) -> str:
    """Return the plain text. Raises ``cryptography.exceptions.InvalidTag`` when key, place or bytes do not fit."""
    stored = bytes(stored)
    return AESGCM(_key(settings.BSN_KEY)).decrypt(stored[1:13], stored[13:], about.encode()).decode()


def lookup_hash(plain: str, *, about: str) -> bytes:
    """Return the HMAC-SHA-256 by which an encrypted value is found; ``about`` keeps kinds apart."""
    return hmac.new(_key(settings.BSN_HASH_KEY), f"{about}:{plain}".encode(), hashlib.sha256).digest()
