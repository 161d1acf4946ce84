"""The mailbox in which mail systems report what did not arrive: read over IMAP, reports understood by RFC 3464.

The way back to a mail is our own Message-ID (or the ENVID we gave, RFC 3461): it holds no name and works with every mail
system, without addresses of a special form (decision 0021).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Final
from uuid import UUID

from django.conf import settings

MOST_AT_ONCE: Final = 200
MOST_BYTES: Final = 256 * 1024
"""So much of one mail is read: the report stands in front."""
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class MailboxUnreachable(Exception):
    """The mailbox cannot be read now. The text holds no address and no answer of the server."""


@dataclass(frozen=True)
class Report:
    """What a mail system says about one mail of ours."""

    mail: UUID
    action: str
    """failed, delayed, delivered, relayed or expanded."""
    status: str
    """RFC 3463, such as 5.1.1; empty when there is none."""

    @property
    def is_failure(self) -> bool:
        """Whether the mail will not arrive any more."""
        return self.action == "failed"


def read_report(content: bytes) -> Report | None:
    """Return what a delivery status notification says, or None for any other mail, or one about a mail that is not ours.

    Source: RFC 3464 (multipart/report; report-type=delivery-status), RFC 6522.
    """
    mail = message_from_bytes(content, policy=compat32)
    if (
        mail.get_content_type() != "multipart/report"
        or str(mail.get_param("report-type", "")).lower() != "delivery-status"
    ):
        return None
    parts = [
        part for part in mail.walk() if not part.is_multipart() or part.get_content_type() == "message/delivery-status"
    ]
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks = [block for block in _blocks(status) if block.keys()]
    ours = _mail_of(mail, blocks)
    about = next((block for block in blocks if block.get("Action")), None)
    if ours is None or about is None:
        return None
    code = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", str(about.get("Status", "")))
    return Report(ours, str(about["Action"]).split("(")[0].strip().lower(), code[1] if code else "")


def _blocks(status: Message) -> list[Message]:
    payload = status.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _mail_of(mail: Message, blocks: list[Message]) -> UUID | None:
    """Return which mail of ours it is about: by our ENVID, else by the Message-ID of the headers that came back."""
    domain = re.escape(str(settings.TOWN_EMAIL).rpartition("@")[2])
    for block in blocks:
        found = _UUID.fullmatch(str(block.get("Original-Envelope-Id", "")).strip().lower())
        if found:
            return UUID(found[0])
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
        elif part is not mail and part.get("Message-ID"):
            text = f"Message-ID: {part['Message-ID']}"
        else:
            continue
        ours = re.search(rf"^message-id:\s*<({_UUID.pattern})@{domain}>", text, re.IGNORECASE | re.MULTILINE)
        if ours:
            return UUID(ours[1].lower())
    return None


class Mailbox:
    """An open box. What was read and is left there does not come up again."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield number and text of what nobody read yet, oldest first."""
        kind, found = self._server.uid("SEARCH", "UNSEEN")
        if kind != "OK":
            raise MailboxUnreachable("the mailbox cannot be searched")
        for number in (found[0] or b"").decode("ascii").split()[:MOST_AT_ONCE]:
            kind, answer = self._server.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            content = next((line[1] for line in answer if isinstance(line, tuple)), None)
            if kind == "OK" and isinstance(content, bytes):
                yield number, content

    def throw_away(self, number: str) -> None:
        """Remove a mail."""
        self._server.uid("STORE", number, "+FLAGS.SILENT", "(\\Seen \\Deleted)")

    def leave(self, number: str) -> None:
        """Leave a mail for people, marked as read."""
        self._server.uid("STORE", number, "+FLAGS.SILENT", "(\\Seen)")


@contextmanager
def opened() -> Iterator[Mailbox]:
    """Open the mailbox of the settings. Raises ``MailboxUnreachable``."""
    server: imaplib.IMAP4 | None = None
    try:
        server = _connected()
        server.login(settings.BOUNCE_IMAP_USER, settings.BOUNCE_IMAP_PASSWORD)
        if server.select(settings.BOUNCE_IMAP_FOLDER)[0] != "OK":
            raise MailboxUnreachable("there is no such folder")
        yield Mailbox(server)
        server.expunge()
    except (OSError, imaplib.IMAP4.error) as error:
        # The chain is cut on purpose: an answer of the server may hold an address.
        raise MailboxUnreachable(type(error).__name__) from None
    finally:
        if server is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                server.logout()


def _connected() -> imaplib.IMAP4:
    host, port, seconds = settings.BOUNCE_IMAP_HOST, settings.BOUNCE_IMAP_PORT, settings.OUTSIDE_TIMEOUT_SECONDS
    tls = ssl.create_default_context(cafile=settings.EMAIL_CA_FILE or None)
    if settings.BOUNCE_IMAP_TLS == "implicit":
        return imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=seconds)
    server = imaplib.IMAP4(host, port, timeout=seconds)
    if settings.BOUNCE_IMAP_TLS == "starttls":
        server.starttls(tls)
    return server
