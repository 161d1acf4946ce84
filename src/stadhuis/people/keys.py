"""Our own keys towards the providers of log-ins: to prove who we are (private_key_jwt) and to read what was sealed for us.

They lie in one JWKS file that only the operator and the town hall can read. The first key for signing signs; every key in
it is published, so that a new one is known at the provider before it signs, and an old one can still be checked and read
with after that. ``stadhuis login-keys`` makes, promotes and removes them.

Source: OIDC NL GOV assurance profile (client authentication by private_key_jwt or mTLS; tokens with a BSN encrypted);
OpenID Connect Core 9 and 10.1.1 (rotation); RFC 7523; RFC 7517.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import KeySet, RSAKey

from stadhuis.people.errors import PeopleError

SIGNING = "RS256"
SEALING = "RSA-OAEP-256"
SEALS = [SEALING, "A256GCM", "A128GCM", "A128CBC-HS256", "A256CBC-HS512"]
ASSERTION_SECONDS = 60
BITS = 3072
_HELD: dict[Path, tuple[int, list[RSAKey]]] = {}


class KeysUnusable(PeopleError):
    """The file with our keys is missing or cannot be read."""


def keys() -> list[RSAKey]:
    """Return our keys, read again when the file has changed; none when no file is set. Raises ``KeysUnusable``."""
    return read(Path(settings.LOGIN_KEYS_FILE)) if settings.LOGIN_KEYS_FILE else []


def read(path: Path) -> list[RSAKey]:
    """Return the keys of a file. Raises ``KeysUnusable``."""
    try:
        changed = path.stat().st_mtime_ns
        held = _HELD.get(path)
        if held is not None and held[0] == changed:
            return held[1]
        found = [RSAKey.import_key(item) for item in json.loads(path.read_text(encoding="utf-8"))["keys"]]
    except OSError as error:
        raise KeysUnusable(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, JoseError):
        raise KeysUnusable(f"{path} is not a JWKS with RSA keys") from None
    if not all(key.is_private and key.get("use") in {"sig", "enc"} and key.get("kid") for key in found):
        raise KeysUnusable(f"{path}: every key must be private and have a use and a kid")
    _HELD[path] = (changed, found)
    return found


def published() -> dict[str, Any]:
    """Return the public half of our keys, as providers fetch it."""
    return {"keys": [key.as_dict(private=False) for key in keys()]}


def assertion(client_id: str, audience: str) -> str:
    """Return who we are, signed, for one request. Raises ``KeysUnusable``. Source: OpenID Connect Core 9."""
    signer = next((key for key in keys() if key.get("use") == "sig"), None)
    if signer is None:
        raise KeysUnusable("there is no key to sign with")
    moment = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        # The issuer alone: an assertion made for one provider must be worth nothing at another. Source: RFC 7523bis.
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": moment,
        "exp": moment + ASSERTION_SECONDS,
    }
    return jwt.encode({"alg": SIGNING, "kid": str(signer.kid), "typ": "JWT"}, claims, signer)


def unseal(token: str) -> str:
    """Return the signed token inside an encrypted one; a token that is not encrypted as it is.

    Raises ``JoseError`` or ``ValueError`` when it was not sealed for us.
    """
    if token.count(".") != 4:
        return token
    sealed_for_us = [key for key in keys() if key.get("use") == "enc"]
    if not sealed_for_us:
        raise ValueError("there is no key to read an encrypted token with")
    # Claims that are repeated in the header (RFC 7519 section 5.3) are let be; what is believed stands inside.
    registry = JWERegistry(algorithms=SEALS, strict_check_header=False)
    plain = jwe.decrypt_compact(token, KeySet([*sealed_for_us]), registry=registry).plaintext
    return (plain or b"").decode("ascii")


# -- Rotation ---------------------------------------------------------------------------------------------------------


def add(path: Path) -> str:
    """Make a pair of keys (to sign and to unseal) and publish it; the first pair signs at once. Returns its kid."""
    held = read(path) if path.exists() else []
    kid = f"{time.strftime('%Y%m%d')}-{secrets.token_hex(4)}"
    fresh = [
        RSAKey.generate_key(BITS, {"use": use, "alg": algorithm, "kid": f"{kid}-{use}"})
        for use, algorithm in (("sig", SIGNING), ("enc", SEALING))
    ]
    _write(path, [*held, *fresh])
    return kid


def use_newest(path: Path) -> str:
    """Let the newest key sign from now on; the others stay published. Returns its kid."""
    held = read(path)
    newest = next((key for key in reversed(held) if key.get("use") == "sig"), None)
    if newest is None:
        raise KeysUnusable(f"{path}: there is no key to sign with")
    _write(path, [newest, *(key for key in held if key is not newest)])
    return str(newest.kid)


def drop_old(path: Path) -> list[str]:
    """Remove every key that is not of the pair that signs; returns what went."""
    held = read(path)
    signer = next((key for key in held if key.get("use") == "sig"), None)
    if signer is None:
        raise KeysUnusable(f"{path}: there is no key to sign with")
    pair = str(signer.kid).removesuffix("-sig")
    gone = [key for key in held if not str(key.kid).startswith(pair)]
    if gone:
        _write(path, [key for key in held if key not in gone])
    return [str(key.kid) for key in gone]


def described(path: Path) -> list[str]:
    """Return one line per key: its id, what it is for, and which one signs."""
    held = read(path)
    signer = next((key for key in held if key.get("use") == "sig"), None)
    return [
        f"{key.kid}  {'sign' if key.get('use') == 'sig' else 'unseal'}{'  (signs now)' if key is signer else ''}"
        for key in held
    ]


def _write(path: Path, held: list[RSAKey]) -> None:
    """Put the file in place whole: who reads at this moment finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".login-keys-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"keys": [key.as_dict(private=True) for key in held]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(fresh).replace(path)
