"""Mail over real SMTP: protected, with the headers it needs, and without what it must not have."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from stadhuis.kit import mail
from stadhuis.kit.tests.certificates import Certificate, given_certificate
from stadhuis.kit.tests.simulators import free_port


class Relay:
    """A mail server that keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[Envelope, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it, and whether it came protected."""
        transport = server.transport
        self.got.append((envelope, transport is not None and transport.get_extra_info("sslcontext") is not None))
        return "250 OK"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return given_certificate(tmp_path, "localhost")


@contextmanager
def relay(settings: Any, certificate: Certificate, how: str) -> Iterator[Relay]:
    """A running relay that asks for TLS in the way given, named in the settings."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    kept, port = Relay(), free_port()
    ways: dict[str, dict[str, Any]] = {
        "implicit": {"ssl_context": context},
        "starttls": {"tls_context": context, "require_starttls": True},
        "none": {},
    }
    controller = Controller(kept, hostname="localhost", port=port, **ways[how])
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = how == "starttls", how == "implicit"
    settings.EMAIL_CA_FILE = str(certificate.authority)
    # The controller looks whether it runs by connecting without a check of the certificate; that is its own affair.
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def a_mail(**more: Any) -> EmailMessage:
    return mail.compose(
        to_address="noor@example.org", subject="Er is een brief", text="Log in.\n", message_id=uuid4(), **more
    )


@pytest.mark.parametrize("how", ["starttls", "implicit"])
def test_a_mail_goes_over_tls_with_a_certificate_that_was_checked(
    settings: Any, certificate: Certificate, how: str
) -> None:
    with relay(settings, certificate, how) as kept:
        assert mail.is_reachable()
        assert mail.send(a_mail()).outcome is mail.Outcome.SENT
    [(_, is_protected)] = kept.got
    assert is_protected


@pytest.mark.parametrize("how", ["starttls", "implicit"])
def test_when_the_certificate_is_of_an_unknown_authority_then_nothing_is_sent(
    settings: Any, certificate: Certificate, how: str
) -> None:
    with relay(settings, certificate, how) as kept:
        settings.EMAIL_CA_FILE = ""
        assert not mail.is_reachable()
        assert mail.send(a_mail()).outcome is mail.Outcome.TRY_AGAIN
    assert kept.got == []


def test_when_the_certificate_is_of_another_host_then_nothing_is_sent(settings: Any, tmp_path: Path) -> None:
    with relay(settings, given_certificate(tmp_path, "mail.elsewhere.example"), "starttls") as kept:
        assert mail.send(a_mail()).outcome is mail.Outcome.TRY_AGAIN
    assert kept.got == []


def test_when_the_server_does_not_offer_tls_then_nothing_goes_in_the_clear(
    settings: Any, certificate: Certificate
) -> None:
    with relay(settings, certificate, "none") as kept:
        settings.EMAIL_USE_TLS = True
        assert mail.send(a_mail()).outcome is mail.Outcome.TRY_AGAIN
        assert not mail.is_reachable()
    assert kept.got == []


def test_the_headers_are_those_a_signature_needs_and_of_one_domain(settings: Any, certificate: Certificate) -> None:
    settings.TOWN_NAME, settings.TOWN_EMAIL = 'Gemeente "Oever", veen', "gemeente@oeverveen.example"
    settings.BOUNCE_ADDRESS = "bounces@oeverveen.example"
    with relay(settings, certificate, "starttls") as kept:
        mail.send(a_mail(unsubscribe_url="https://stadhuis.example/mijn/mail/"))
    [(envelope, _)] = kept.got
    assert isinstance(envelope.content, bytes)
    got = message_from_bytes(envelope.content, policy=modern)
    assert envelope.mail_from == "bounces@oeverveen.example"
    assert [address.addr_spec for address in got["From"].addresses] == ["gemeente@oeverveen.example"]
    assert got["Message-ID"].endswith("@oeverveen.example>")
    assert got["Date"].datetime is not None
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://stadhuis.example/mijn/mail/>"
    assert got.get_content_type() == "text/plain"


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_no_header_is_slipped_in_by_an_address(address: str) -> None:
    with pytest.raises(ValueError, match="line"):
        mail.compose(to_address=address, subject="x", text="x", message_id=uuid4())
