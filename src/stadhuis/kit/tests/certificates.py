"""A test helper: a certificate authority of its own with one server certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """Files in PEM."""

    authority: Path
    chain: Path
    key: Path


def given_certificate(folder: Path, *hosts: str) -> Certificate:
    """Write an authority, a certificate for these hosts and its key."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    start = datetime.now(UTC) - timedelta(hours=1)

    def built(
        name: x509.Name, public: ec.EllipticCurvePublicKey, *more: tuple[x509.ExtensionType, bool]
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=2))
        )
        for extension, is_critical in more:
            builder = builder.add_extension(extension, is_critical)
        return builder.sign(authority_key, hashes.SHA256())

    authority = built(issuer, authority_key.public_key(), (x509.BasicConstraints(ca=True, path_length=0), True))
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    server = built(subject, key.public_key(), (names, False), (x509.BasicConstraints(ca=False, path_length=None), True))
    made = Certificate(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    made.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    made.chain.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made
