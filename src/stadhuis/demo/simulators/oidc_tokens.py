"""Keys, clients, ID tokens and logout tokens of the practice OIDC providers: everything of OIDC that is not a page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from stadhuis.demo.simulators.state import Config
from stadhuis.demo.town import people

LOA = "http://eidas.europa.eu/LoA/"
BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:BSN"
KVK_CLAIM = "urn:nl-eid-gdi:1.0:id:KvKnr"
PSEUDONYM_CLAIM = "urn:etoegang:core:ActingSubjectID"
BRANCH_CLAIM = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
ID_TYPE = "urn:nl-eid-gdi:1.0:id:"
GIVEN_CLAIM = "urn:etoegang:1.9:attribute:FirstName"
FAMILY_CLAIM = "urn:etoegang:1.9:attribute:FamilyName"
BIRTH_CLAIM = "urn:etoegang:1.9:attribute:DateOfBirth"
LEGAL_ID_CLAIM = "urn:etoegang:1.11:EntityConcernedID:eIDASLegalIdentifier"
LEGAL_NAME_CLAIM = "urn:etoegang:1.11:attribute-represented:CompanyName"
REPRESENTS = "urn:stadhuis:represents:"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CODE_SECONDS = 60
TOKEN_SECONDS = 300
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_PAIRWISE_SALT = b"oeverveen practice pairwise"


class OAuthError(Exception):
    """An error of the token endpoint (RFC 6749 section 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


class SigningKeys:
    """RSA keys in the data folder; the last one signs, the one before it stays published so that rotation breaks nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists():
            self._keys = [RSAKey.import_key(item) for item in json.loads(path.read_text())]
        else:
            self._keys = []
            self.rotate()

    def rotate(self) -> None:
        """Make a new signing key."""
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": secrets.token_hex(8)})
        self._keys = [*self._keys[-1:], key]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        self._path.write_text(json.dumps([one.as_dict(private=True) for one in self._keys]))

    def public(self) -> dict[str, Any]:
        """Return the JWKS."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def sign(self, claims: Mapping[str, Any], *, forged: bool = False, typ: str = "JWT") -> str:
        """Return a signed JWT; ``forged`` signs with a key nobody knows under the kid of the real one."""
        key = self._keys[-1]
        header = {"alg": "RS256", "kid": str(key.kid), "typ": typ}
        return jwt.encode(header, dict(claims), RSAKey.generate_key(2048) if forged else key)


@dataclass
class Login:
    """One log-in under way: what the application asked, and step by step what the person chose."""

    means: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    asked: str
    """The lowest level the application accepts: low, substantial or high."""
    client_id: str
    person: str = ""
    """BSN (DigiD), ``kvk|acting person|branch`` (eHerkenning) or key of an EU citizen (eIDAS)."""
    mandate: str = ""
    """Key of the mandate with which someone acts for someone else."""
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    level: str = ""
    fault: str = ""
    pairing: str = ""
    app_id: str = ""
    is_confirmed: bool = False
    is_done: bool = False
    started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Grant:
    """An authorization code that was given out."""

    login: Login
    expires: float


def pairwise(client_id: str, subject: str) -> str:
    """Return a stable pseudonym of a person that differs per client."""
    return hmac.new(_PAIRWISE_SALT, f"{client_id}|{subject}".encode(), hashlib.sha256).hexdigest()[:40]


def subject_of(login: Login) -> str:
    """Return the pairwise subject of whoever is at the keyboard."""
    if login.means == "eherkenning":
        kvk_nummer, acting, _ = login.person.split("|")
        return pairwise(login.client_id, f"{kvk_nummer}|{acting}")
    return pairwise(login.client_id, login.person)


def represents_claim(login: Login, issuer: str) -> dict[str, Any]:
    """Return for whom someone acts. Source: OIDC NL GOV, Representation Relationships; basis and bounds are our own claims."""
    mandate = next(one for one in people.MANDATES if one.key == login.mandate)
    claim: dict[str, Any] = {"iss": issuer, f"{REPRESENTS}basis": mandate.basis, "acr": LOA + mandate.level}
    if mandate.services:
        claim[f"{REPRESENTS}services"] = list(mandate.services)
    if mandate.until:
        claim[f"{REPRESENTS}until"] = mandate.until
    company = next((one for one in people.COMPANIES if one.key == mandate.on_behalf_of), None)
    if company is not None:
        claim |= {"sub": company.kvk_nummer, "sub_id_type": f"{ID_TYPE}KvKnr", "name": company.naam}
    else:
        resident = people.resident(mandate.on_behalf_of)
        claim |= {
            "sub": resident.bsn,
            "sub_id_type": f"{ID_TYPE}BSN",
            "given_name": resident.voornamen,
            "family_name": resident.achternaam,
            "birthdate": resident.geboren,
        }
    match login.fault:
        case "no_basis":
            claim.pop(f"{REPRESENTS}basis")
        case "unknown_basis":
            claim[f"{REPRESENTS}basis"] = "buurman"
        case "broken_represents":
            claim = {"sub": 7, "represents": "x"}
    if login.means != "eherkenning" or login.fault == "broken_represents":
        return claim
    # The company that logs in stands between the employee and the one who is acted for.
    return {"iss": issuer, "sub": login.person.split("|")[0], "sub_id_type": f"{ID_TYPE}KvKnr", "represents": claim}


def logout_token_claims(issuer: str, client_id: str, *, sid: str, subject: str) -> dict[str, Any]:
    """Return the claims of a logout token. Source: OpenID Connect Back-Channel Logout 1.0 section 2.4."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": client_id,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_urlsafe(12),
        "events": {LOGOUT_EVENT: {}},
    }
    return claims | {name: value for name, value in (("sid", sid), ("sub", subject)) if value}


def id_token_claims(login: Login, issuer: str) -> dict[str, Any]:
    """Return the claims of the ID token, with the fault the person asked for. Source: OIDC NL GOV, ID Token."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": login.client_id,
        "iat": now,
        "nbf": now,
        "exp": now + TOKEN_SECONDS,
        "auth_time": now,
        "jti": secrets.token_urlsafe(12),
        "nonce": login.nonce,
        "acr": LOA + login.level,
        "sub": subject_of(login),
        "sid": login.sid,
    }
    match login.means:
        case "digid":
            claims[BSN_CLAIM] = login.person
        case "eidas":
            company = people.eu_company(login.person)
            if company is not None:
                claims |= {
                    GIVEN_CLAIM: company.given_name,
                    FAMILY_CLAIM: company.family_name,
                    LEGAL_ID_CLAIM: company.identifier,
                    LEGAL_NAME_CLAIM: company.naam,
                }
            else:
                citizen = people.eu_citizen(login.person)
                claims |= {
                    GIVEN_CLAIM: citizen.given_name,
                    FAMILY_CLAIM: citizen.family_name,
                    BIRTH_CLAIM: citizen.birthdate,
                }
        case _:
            kvk_nummer, _, branch = login.person.split("|")
            claims |= {PSEUDONYM_CLAIM: claims["sub"], KVK_CLAIM: kvk_nummer}
            if branch:
                claims[BRANCH_CLAIM] = branch
    if login.mandate:
        claims["represents"] = represents_claim(login, issuer)
    match login.fault:
        case "wrong_nonce":
            claims["nonce"] = "een-andere-nonce"
        case "unknown_acr":
            claims["acr"] = "urn:onbekend:niveau"
        case "expired_token":
            claims |= {"iat": now - 7200, "nbf": now - 7200, "exp": now - 3600}
        case "wrong_audience":
            claims["aud"] = "een-andere-dienst"
        case "wrong_issuer":
            claims["iss"] = "https://iemand-anders.example"
        case "no_identity":
            claims.pop(BSN_CLAIM, None)
            claims.pop(KVK_CLAIM, None)
            if LEGAL_ID_CLAIM in claims:
                claims.pop(LEGAL_ID_CLAIM)
    return claims


def challenge_of(verifier: str) -> str:
    """Return the PKCE S256 challenge of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def check_verifier(verifier: str, challenge: str) -> None:
    """Raise invalid_grant when the verifier does not belong to the challenge."""
    if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier) or not hmac.compare_digest(
        challenge_of(verifier), challenge
    ):
        raise OAuthError("invalid_grant", "code_verifier does not belong to the code_challenge")


class ClientKeys:
    """The public keys of the application, from a file or from the address at which it publishes them."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._held: KeySet | None = None

    def fetch(self) -> KeySet | None:
        """Return the keys as they are now, so that rotation can be tried while running; None when there are none."""
        if not self._place:
            return None
        if self._place.startswith(("http://", "https://")):
            self._held = KeySet.import_key_set(self._published())
        else:
            self._held = KeySet.import_key_set(json.loads(Path(self._place).read_text()))
        return self._held

    def _published(self) -> Any:
        """Return what the application publishes. Raises ``OSError`` when it gives no answer."""
        import httpx

        try:
            # Without TLS a client needs no certificate store, and is made in no time.
            answer = httpx.get(self._place, timeout=5, trust_env=False, verify=self._place.startswith("https://"))
            return answer.raise_for_status().json()
        except httpx.HTTPError as error:
            raise OSError(f"{self._place}: {type(error).__name__}") from None

    def seal(self, token: str) -> str:
        """Return a token encrypted for the application when it has a key for that. Source: NL GOV, a BSN is encrypted."""
        try:
            # Whoever proved with a key who he is was looked up a moment ago.
            found = self._held or self.fetch()
        except (JoseError, ValueError, OSError):
            return token
        key = next((one for one in found.keys if one.get("use") == "enc"), None) if found else None
        if key is None:
            return token
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": str(key.kid), "cty": "JWT"}
        return jwe.encrypt_compact(header, token.encode(), key, algorithms=["RSA-OAEP-256", "A256GCM"])


class ClientAuthentication:
    """Recognises the application at the token endpoint: client_secret_basic or private_key_jwt."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.keys = ClientKeys(config.client_jwks)
        self._seen: dict[str, float] = {}

    def client_id(self, authorization: str, form: Mapping[str, str], audiences: tuple[str, ...]) -> str:
        """Return the id of the client, or raise invalid_client."""
        if "client_assertion" in form and not authorization:
            return self._by_assertion(form, audiences)
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() != "basic":
            raise OAuthError("invalid_client", "client authentication is missing", 401)
        try:
            user, _, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise OAuthError("invalid_client", "malformed Basic header", 401) from None
        expected = f"{self._config.client_id}:{self._config.client_secret}"
        if not hmac.compare_digest(f"{unquote_plus(user)}:{unquote_plus(password)}".encode(), expected.encode()):
            raise OAuthError("invalid_client", "unknown client or wrong secret", 401)
        return self._config.client_id

    def _by_assertion(self, form: Mapping[str, str], audiences: tuple[str, ...]) -> str:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthError("invalid_client", "another kind of assertion", 401)
        try:
            keys = self.keys.fetch()
            if keys is None:
                raise OAuthError("invalid_client", "no keys of this client are known", 401)
            claims = jwt.decode(form["client_assertion"], keys, algorithms=["RS256", "PS256", "ES256"]).claims
        except (JoseError, ValueError, OSError) as error:
            raise OAuthError("invalid_client", f"assertion refused: {type(error).__name__}", 401) from None
        now = time.time()
        self._seen = {jti: until for jti, until in self._seen.items() if until > now}
        given = claims.get("aud")
        audience = given if isinstance(given, list) else [given]
        expires, jti = claims.get("exp"), claims.get("jti")
        if claims.get("iss") != self._config.client_id or claims.get("sub") != self._config.client_id:
            raise OAuthError("invalid_client", "iss and sub must be the client id", 401)
        if not set(audience) & set(audiences):
            raise OAuthError("invalid_client", "aud must be the token endpoint or the issuer", 401)
        if not isinstance(expires, int | float) or not now < expires < now + 600:
            raise OAuthError("invalid_client", "exp is missing, past or more than ten minutes ahead", 401)
        if not isinstance(jti, str) or jti in self._seen:
            raise OAuthError("invalid_client", "jti is missing or was used before", 401)
        self._seen[jti] = float(expires)
        return self._config.client_id
