"""Secrets at rest: AES-256-GCM with a key from the settings, and a keyed hash to look things up by.

Two keys may be known at once (``BSN_KEY_OTHER``, ``BSN_HASH_KEY_OTHER``): what is written gets the first, what is read may
have either. So keys can be changed while people work; ``kit.rotation`` rewrites what still has the other one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

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
    """Return the plain text. Raises ``cryptography.exceptions.InvalidTag`` when keys, place or bytes do not fit."""
    return open_with_either(stored, about=about)[0]


def open_with_either(stored: bytes, *, about: str) -> tuple[str, bool]:
    """Return the plain text, and whether it was the first key that opened it. Raises as ``decrypt``."""
    try:
        return _open(settings.BSN_KEY, stored, about), True
    except InvalidTag:
        if not settings.BSN_KEY_OTHER:
            raise
    return _open(settings.BSN_KEY_OTHER, stored, about), False


def _open(key: str, stored: bytes, about: str) -> str:
    stored = bytes(stored)
    return AESGCM(_key(key)).decrypt(stored[1:13], stored[13:], about.encode()).decode()


def derived(purpose: str, value: str) -> list[bytes]:
    """Return what only this installation can work out from a value: by ``SECRET_KEY``, then by each of its fallbacks.

    What is made takes the first; what is held against it may be any, so that the key can be changed while people work.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(purpose, value, secret=key, algorithm="sha256").digest() for key in keys]


def lookup_hash(plain: str, *, about: str) -> bytes:
    """Return the HMAC-SHA-256 by which an encrypted value is found; ``about`` keeps kinds apart."""
    return _hash(settings.BSN_HASH_KEY, plain, about)


def lookup_hashes(plain: str, *, about: str) -> list[bytes]:
    """Return the hashes by which a value may be found: that of the first key, and of the other when there is one."""
    keys = [settings.BSN_HASH_KEY, *([settings.BSN_HASH_KEY_OTHER] if settings.BSN_HASH_KEY_OTHER else [])]
    return [_hash(key, plain, about) for key in keys]


def _hash(key: str, plain: str, about: str) -> bytes:
    return hmac.new(_key(key), f"{about}:{plain}".encode(), hashlib.sha256).digest()


def fingerprint(secret: str) -> str:
    """Return what tells one key from another without giving it away. Only for long random keys, never for a password."""
    return hashlib.sha256(b"stadhuis fingerprint:" + secret.encode()).hexdigest()[:16]
