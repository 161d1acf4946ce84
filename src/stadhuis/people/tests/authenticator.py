"""A test helper: a passkey as a browser makes and uses it, signed for real. Source: WebAuthn level 3, 6.1, 6.5 and 7."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

_USER_PRESENT, _USER_VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """One device with one passkey."""

    def __init__(self, *, origin: str, rp_id: str = "localhost") -> None:
        self.origin, self.rp_id = origin, rp_id
        self.credential_id = os.urandom(16)
        self.uses = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def made(self, challenge: bytes) -> dict[str, Any]:
        """Return the answer of a browser that made this passkey."""
        numbers = self._key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        about = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(_USER_PRESENT | _USER_VERIFIED | _WITH_KEY) + about
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", challenge), attestationObject=attestation
        )

    def signed(self, challenge: bytes, *, is_verified: bool = True) -> dict[str, Any]:
        """Return the answer of a browser that used this passkey, with or without a finger or PIN of its user."""
        self.uses += 1
        data = self._data(_USER_PRESENT | (_USER_VERIFIED if is_verified else 0))
        client_data = self._client_data("webauthn.get", challenge)
        signature = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: bytes) -> bytes:
        return json.dumps({"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        parts = {part: bytes_to_base64url(value) for part, value in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": parts}
