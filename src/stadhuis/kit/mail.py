"""One mail over SMTP, with an honest outcome: sent, not sent, or unknown.

A mail whose fate is unknown (the connection broke after the text went out, before the answer came) is never sent again by
a machine: it becomes a task for a person.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum
from uuid import UUID

from django.conf import settings

from stadhuis.kit.time import now


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


def compose(*, to_address: str, subject: str, text: str, message_id: UUID) -> EmailMessage:
    """Return a plain-text mail from the town. The Message-ID is stable, so that a receiver can tell a double."""
    mail = EmailMessage()
    mail["From"] = f"{settings.TOWN_NAME} <{settings.TOWN_EMAIL}>"
    mail["To"] = to_address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message_id}@{settings.TOWN_EMAIL.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


def send(mail: EmailMessage) -> Attempt:
    """Hand one mail to the SMTP server of the settings and return what is known afterwards. Never raises for the network."""
    try:
        server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.TRY_AGAIN, f"no connection: {type(error).__name__}")
    try:
        try:
            server.ehlo()
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
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


def _envelope(server: smtplib.SMTP, mail: EmailMessage) -> None:
    for code, answer in (server.mail(settings.TOWN_EMAIL), server.rcpt(str(mail["To"]))):
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
    return Attempt(outcome, f"SMTP {error.smtp_code}")
