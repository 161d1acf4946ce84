"""One mail over SMTP, with an honest outcome: sent, not sent, or unknown.

A mail whose fate is unknown (the connection broke after the text went out, before the answer came) is never sent again by
a machine: it becomes a task for a person.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from enum import Enum
from uuid import UUID

from django.conf import settings

from stadhuis.kit.time import now


class NotNow(Exception):
    """The mail server could not take a mail now; whoever wanted it sent tries again later."""


class Outcome(Enum):
    """What is known after an attempt."""

    SENT = "sent"
    TRY_AGAIN = "try again"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Attempt:
    """The outcome and, for the operator, the reason without personal data."""

    outcome: Outcome
    reason: str = ""
    status: str = ""
    """Of a refusal: the status of RFC 3463 (``5.1.1``), when the other side gave one."""


def compose(*, to_address: str, subject: str, text: str, message_id: UUID, unsubscribe_url: str = "") -> EmailMessage:
    """Return a plain-text mail from the town. The Message-ID is stable, so that a receiver can tell a double.

    The headers a DKIM signature covers are all there, and From, Message-ID and the envelope are of one domain; the relay
    signs (decision 0021). ``unsubscribe_url``: where the addressee sees to it that no more of these come.
    Source: RFC 5322; RFC 3834 (Auto-Submitted); RFC 2369 (List-Unsubscribe); RFC 7489 (alignment).
    """
    mail = EmailMessage()
    mail["From"] = formataddr((settings.TOWN_NAME, settings.TOWN_EMAIL))
    mail["To"] = to_address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message_id}@{settings.TOWN_EMAIL.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{unsubscribe_url}>"
    mail.set_content(text)
    return mail


def send(mail: EmailMessage) -> Attempt:
    """Hand one mail to the SMTP server of the settings and return what is known afterwards. Never raises for the network."""
    try:
        server = _connected()
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.TRY_AGAIN, f"no connection: {type(error).__name__}")
    try:
        try:
            server.ehlo()
            if settings.EMAIL_USE_TLS:
                # Raises when the server does not offer it: nothing goes on in the clear.
                server.starttls(context=_tls())
                server.ehlo()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            _envelope(server, mail)
        except smtplib.SMTPResponseException as error:
            return _refusal(error)
        except (OSError, smtplib.SMTPException) as error:
            return Attempt(Outcome.TRY_AGAIN, f"before the text: {type(error).__name__}")
        return _text(server, mail)
    finally:
        server.close()


def is_reachable() -> bool:
    """Say whether the mail server answers and would take mail. For the watch over the channel; sends nothing."""
    try:
        server = _connected()
        try:
            server.ehlo()
            if settings.EMAIL_USE_TLS:
                server.starttls(context=_tls())
                server.ehlo()
            return bool(server.noop()[0] == 250)
        finally:
            server.close()
    except (OSError, smtplib.SMTPException):
        return False


def _tls() -> ssl.SSLContext:
    """Return what checks the certificate of the mail server, against the system's authorities or the one of the settings."""
    return ssl.create_default_context(cafile=settings.EMAIL_CA_FILE or None)


def _connected() -> smtplib.SMTP:
    host, port, seconds = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
    if settings.EMAIL_USE_SSL:
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=_tls())
    return smtplib.SMTP(host, port, timeout=seconds)


def envelope_sender() -> str:
    """Return where mail systems report what did not arrive."""
    return str(settings.BOUNCE_ADDRESS or settings.TOWN_EMAIL)


def _envelope(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Name sender and addressee, and where the server can: that we want to hear of failures, with our own id and no text.

    Source: RFC 3461 (RET, ENVID, NOTIFY).
    """
    tells = server.has_extn("dsn")
    ours = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    _taken(*server.mail(envelope_sender(), ["RET=HDRS", f"ENVID={ours}"] if tells else []))
    _taken(*server.rcpt(str(mail["To"]), ["NOTIFY=FAILURE"] if tells else []))


def _taken(code: int, answer: bytes) -> None:
    if code not in {250, 251}:
        raise smtplib.SMTPResponseException(code, answer)


def _text(server: smtplib.SMTP, mail: EmailMessage) -> Attempt:
    try:
        code, answer = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:
        return _refusal(error)
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.UNKNOWN, f"no answer after the text: {type(error).__name__}")
    if code == 250:
        return Attempt(Outcome.SENT)
    return _refusal(smtplib.SMTPResponseException(code, answer))


def _refusal(error: smtplib.SMTPResponseException) -> Attempt:
    outcome = Outcome.REFUSED if 500 <= error.smtp_code < 600 else Outcome.TRY_AGAIN
    text = error.smtp_error.decode("ascii", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
    found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", text)
    return Attempt(outcome, f"SMTP {error.smtp_code}", found[1] if found else "")
