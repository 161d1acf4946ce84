"""Our own keys: proving who we are without a secret, two at once, and reading what was encrypted for us. mTLS too."""

from __future__ import annotations

import json
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pytest_django.fixtures import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess, free_port
from stadhuis.people import keys, oidc
from stadhuis.people.errors import LoginFailed, ProviderUnavailable
from stadhuis.people.models import LoginSession
from stadhuis.people.tests.given import at_the_provider, given_resident_logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def client_jwks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the provider holds of us: a file of public keys."""
    return tmp_path_factory.mktemp("client") / "jwks.json"


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory, client_jwks: Path) -> Iterator[SimulatorProcess]:
    """A provider that knows our public keys."""
    options = ("--client-jwks", str(client_jwks), "--client-secret", "nobody-knows", "--slow-seconds", "2.5")
    with SimulatorProcess(tmp_path_factory.mktemp("strict") / "data", options=options) as process:
        yield process


@pytest.fixture
def place(tmp_path: Path, settings: Settings, strict: SimulatorProcess) -> Path:
    """A fresh file of our keys, and settings that use it at that provider."""
    file = tmp_path / "keys.json"
    settings.LOGIN_KEYS_FILE = str(file)
    settings.DIGID_CLIENT_AUTH = "private_key_jwt"
    settings.DIGID_ISSUER = f"{strict.url}/digid"
    oidc.forget()
    return file


def tell_the_provider(client_jwks: Path) -> None:
    client_jwks.write_text(json.dumps(Client().get("/.well-known/jwks.json").json()))


def test_when_we_prove_who_we_are_with_a_key_then_the_log_in_works_and_the_token_comes_encrypted(
    strict: SimulatorProcess, browser: Client, place: Path, client_jwks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    keys.add(place)
    tell_the_provider(client_jwks)
    seen: list[str] = []
    real = keys.unseal

    def look(token: str) -> str:
        seen.append(token)
        return real(token)

    monkeypatch.setattr(keys, "unseal", look)
    # when
    back = given_resident_logged_in(strict, browser)
    # then: five parts, so nobody on the way read the BSN
    assert back.headers["Location"] == "/mijn/"
    assert [token.count(".") for token in seen] == [4]


def test_what_we_publish_is_public(place: Path) -> None:
    kid = keys.add(place)
    answer = Client().get("/.well-known/jwks.json")
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    listed = answer.json()["keys"]
    assert [(key["kid"], key["use"]) for key in listed] == [(f"{kid}-sig", "sig"), (f"{kid}-enc", "enc")]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in listed for name in key}
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_while_keys_change_somebody_can_log_in_at_every_moment(
    strict: SimulatorProcess, place: Path, client_jwks: Path
) -> None:
    old = keys.add(place)
    tell_the_provider(client_jwks)
    assert given_resident_logged_in(strict, Client()).status_code == 302
    # a new pair is published before it signs: the provider that has not fetched it yet still knows us
    new = keys.add(place)
    assert given_resident_logged_in(strict, Client()).status_code == 302
    tell_the_provider(client_jwks)
    # it signs; what is encrypted with the old one can still be read
    assert keys.use_newest(place) == f"{new}-sig"
    assert given_resident_logged_in(strict, Client()).status_code == 302
    # the old one goes
    assert keys.drop_old(place) == [f"{old}-sig", f"{old}-enc"]
    tell_the_provider(client_jwks)
    assert given_resident_logged_in(strict, Client()).status_code == 302
    assert keys.drop_old(place) == []


def test_when_the_provider_does_not_know_our_key_then_the_visitor_hears_it_is_not_him(
    strict: SimulatorProcess, browser: Client, place: Path, client_jwks: Path
) -> None:
    keys.add(place)
    client_jwks.write_text(json.dumps(KeySet([RSAKey.generate_key(2048, {"kid": "x"})]).as_dict(private=False)))
    back = given_resident_logged_in(strict, browser)
    assert back.status_code == 503
    assert "Dat ligt niet aan u" in back.content.decode()
    assert LoginSession.objects.count() == 0


@pytest.mark.parametrize("content", [None, "", "{}", '{"keys": [{"kty": "oct", "k": "AAAA"}]}', '{"keys": 7}'])
def test_when_our_own_keys_cannot_be_read_then_nothing_breaks_but_the_log_in(
    strict: SimulatorProcess, browser: Client, place: Path, content: str | None
) -> None:
    if content is not None:
        place.write_text(content)
    started = browser.get("/inloggen/digid/", {"next": "/mijn/"})
    back = browser.get(at_the_provider(strict, started.headers["Location"]))
    assert back.status_code == 503
    assert Client().get("/.well-known/jwks.json").status_code == 503


def test_without_keys_nothing_is_published(settings: Settings) -> None:
    settings.LOGIN_KEYS_FILE = ""
    assert Client().get("/.well-known/jwks.json").json() == {"keys": []}


def test_an_assertion_is_for_one_provider_lives_a_minute_and_is_never_the_same(place: Path) -> None:
    keys.add(place)
    made = [
        jwt.decode(keys.assertion("stadhuis", "https://idp.example"), KeySet([*keys.keys()]), algorithms=["RS256"])
        for _ in range(2)
    ]
    for one in made:
        assert one.claims["iss"] == one.claims["sub"] == "stadhuis"
        assert one.claims["aud"] == "https://idp.example"
        assert one.claims["exp"] - one.claims["iat"] == keys.ASSERTION_SECONDS
    assert made[0].claims["jti"] != made[1].claims["jti"]


def test_a_token_encrypted_for_somebody_else_proves_nothing(place: Path, settings: Settings) -> None:
    from joserfc import jwe

    keys.add(place)
    other = RSAKey.generate_key(2048, {"kid": "other", "use": "enc"})
    sealed = jwe.encrypt_compact(
        {"alg": "RSA-OAEP-256", "enc": "A256GCM"}, b"a.b.c", other, algorithms=["RSA-OAEP-256", "A256GCM"]
    )
    with pytest.raises(LoginFailed):
        oidc.proof_of(oidc.provider("digid"), sealed, nonce="n")
    settings.LOGIN_KEYS_FILE = ""
    with pytest.raises(LoginFailed):
        oidc.proof_of(oidc.provider("digid"), sealed, nonce="n")


def test_the_command_makes_shows_and_changes_keys(tmp_path: Path) -> None:
    import os

    file = tmp_path / "sub" / "keys.json"

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "STADHUIS_LOGIN_KEYS_FILE": str(file), **more}
        return subprocess.run(
            [sys.executable, "-m", "stadhuis", "login-keys", *arguments],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert run("list").returncode == 1
    assert run("add").returncode == 0
    assert run("add").returncode == 0
    assert run("list").stdout.count("(signs now)") == 1
    assert len(run("list").stdout.splitlines()) == 4
    before = run("list").stdout.splitlines()[0]
    assert run("use-newest").returncode == 0
    assert run("list").stdout.splitlines()[0] != before
    assert run("drop-old").returncode == 0
    assert len(run("list").stdout.splitlines()) == 2
    assert "PRIVATE" not in run("list").stdout
    assert run("add", STADHUIS_LOGIN_KEYS_FILE="").returncode == 1


# -- Their keys -------------------------------------------------------------------------------------------------------


def test_an_unknown_key_id_makes_us_look_once_and_a_bad_signature_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    # given: a provider whose documents are in our memory, and a count of what is fetched
    oidc.forget()
    key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
    of = oidc.Provider("digid", "DigiD", "https://idp.example", "stadhuis")
    document = {
        name: f"https://idp.example/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    asked: list[str] = []

    def answer(method: str, url: str, **more: Any) -> tuple[int, Any]:
        asked.append(url)
        return 200, KeySet([key]).as_dict(private=False) if url.endswith("jwks_uri") else {
            "issuer": of.issuer,
            **document,
        }

    monkeypatch.setattr(oidc, "_call", answer)
    known = RSAKey.generate_key(2048, {"kid": "k1"})
    unknown = RSAKey.generate_key(2048, {"kid": "k2"})
    # when: fifty forged tokens under a key id that we hold
    for _ in range(50):
        with pytest.raises(LoginFailed):
            oidc.proof_of(of, jwt.encode({"alg": "RS256", "kid": "k1"}, {}, known), nonce="n")
    assert asked.count("https://idp.example/jwks_uri") == 1
    # and fifty under one that we do not
    time.sleep(oidc.REFRESH_SECONDS + 0.05)
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(LoginFailed):
            oidc.proof_of(of, jwt.encode({"alg": "RS256", "kid": "k2"}, {}, unknown), nonce="n")
    allowed = 2 + int((time.monotonic() - began) / oidc.REFRESH_SECONDS)
    assert asked.count("https://idp.example/jwks_uri") <= 1 + allowed
    oidc.forget()


# -- mTLS -------------------------------------------------------------------------------------------------------------


def a_certificate(folder: Path, name: str, signed_by: tuple[x509.Certificate, Any] | None = None) -> tuple[x509.Certificate, Any]:  # fmt: skip
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = signed_by[0].subject if signed_by else subject
    moment = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(minutes=5))
        .not_valid_after(moment + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=signed_by is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((signed_by[1] if signed_by else key).public_key()),
            critical=False,
        )
        .sign(signed_by[1] if signed_by else key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.pem").write_bytes(pem)
    return certificate, key


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A token endpoint that wants a client certificate; what it was asked, and by whom."""
    authority = a_certificate(tmp_path, "authority")
    a_certificate(tmp_path, "server", authority)
    a_certificate(tmp_path, "stadhuis", authority)
    a_certificate(tmp_path, "stranger")
    asked: list[dict[str, Any]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            peer: Any = self.connection.getpeercert()
            asked.append({"form": parse_qs(body), "peer": peer, "authorization": self.headers.get("Authorization")})
            self.send_response(400)
            self.end_headers()
            self.wfile.write(b'{"error": "invalid_grant"}')

        def log_message(self, *arguments: object) -> None:
            pass

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem")
    tls.load_verify_locations(tmp_path / "authority.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    port = free_port()
    server = HTTPServer(("127.0.0.1", port), Endpoint)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{port}", asked
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def a_provider(address: str, certificate: Path) -> oidc.Provider:
    of = oidc.Provider(
        "digid", "DigiD", "https://idp.example", "stadhuis", authentication="mtls", certificate=str(certificate)
    )
    document = {
        "issuer": of.issuer, "authorization_endpoint": f"{address}/a", "token_endpoint": "https://idp.example/t",
        "jwks_uri": f"{address}/k", "mtls_endpoint_aliases": {"token_endpoint": f"{address}/token"},
    }  # fmt: skip
    oidc._CACHE["https://idp.example/.well-known/openid-configuration"] = (time.monotonic(), document)
    return of


def test_with_mtls_the_certificate_says_who_we_are_and_nothing_else_does(
    mutual: tuple[str, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = mutual
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    of = a_provider(address, tmp_path / "stadhuis.pem")
    with pytest.raises(LoginFailed, match="refuses the code"):
        oidc.redeem(of, oidc.begin(), "een-code")
    assert asked[0]["form"]["client_id"] == ["stadhuis"]
    assert not {"client_assertion", "client_secret"} & asked[0]["form"].keys()
    assert asked[0]["authorization"] is None
    assert asked[0]["peer"]["subject"] == ((("commonName", "stadhuis"),),)
    oidc.forget()


@pytest.mark.parametrize("certificate", ["stranger.pem", "missing.pem"])
def test_a_certificate_that_is_missing_or_not_known_there_is_an_outage_not_a_crash(
    mutual: tuple[str, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    address, asked = mutual
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    of = a_provider(address, tmp_path / certificate)
    with pytest.raises(ProviderUnavailable):
        oidc.redeem(of, oidc.begin(), "een-code")
    assert asked == []
    oidc.forget()
