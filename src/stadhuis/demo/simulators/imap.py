"""The mailbox where reports about mails that did not arrive come in, over just enough IMAP4rev1 to read and empty it.

Source: RFC 3501 (LOGIN, SELECT, UID SEARCH UNSEEN, UID FETCH BODY.PEEK[]<>, UID STORE, EXPUNGE), RFC 3464 (the reports).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from stadhuis.kit.time import now

USER, PASSWORD = "bounces", "practice-bounces"


@dataclass
class BounceBox:
    """What came back, by number."""

    held: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    latest: int = 0

    def put(self, content: bytes) -> None:
        """Add a mail."""
        self.latest += 1
        self.held[self.latest] = content

    def expunge(self) -> None:
        """Forget what was marked to go."""
        for number in self.deleted:
            self.held.pop(number, None)
        self.deleted.clear()


def report(original: bytes, *, recipient: str, status: str, text: str) -> bytes:
    """Return the notification that a mail system sends when it cannot deliver."""
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["From"] = "Mail Delivery System <MAILER-DAEMON@oefen.localhost>"
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail["Date"] = format_datetime(now())
    mail["Auto-Submitted"] = "auto-replied"
    mail.attach(MIMEText(f"I'm sorry to have to inform you that your message could not be delivered.\n\n{text}\n"))
    about, one = MIMEBase("text", "plain"), MIMEBase("text", "plain")
    for block in (about, one):
        del block["MIME-Version"], block["Content-Type"]
    about["Reporting-MTA"] = "dns; oefen.localhost"
    one["Final-Recipient"] = f"rfc822; {recipient}"
    one["Action"] = "failed"
    one["Status"] = status
    one["Diagnostic-Code"] = f"smtp; {text}"
    status_part = MIMEBase("message", "delivery-status")
    status_part.attach(about)
    status_part.attach(one)
    mail.attach(status_part)
    mail.attach(MIMEMessage(message_from_bytes(original)))
    return mail.as_bytes()


class MailboxServer:
    """The IMAP side; closed when no port is given."""

    def __init__(self, box: BounceBox, host: str, port: int) -> None:
        self._box, self._host, self._port = box, host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the port."""
        if self._port:
            self._server = await asyncio.start_server(self._serve, self._host, self._port)

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK oefen.localhost ready\r\n")
        may, is_open = False, True
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            while is_open and (line := await reader.readline()):
                tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                verb, _, arguments = rest.partition(" ")
                lines, answer, may, is_open = self._answer(verb.upper(), arguments, may)
                for one in lines:
                    writer.write(one)
                writer.write(f"{tag} {answer}\r\n".encode())
                await writer.drain()
        writer.close()

    def _answer(self, verb: str, arguments: str, may: bool) -> tuple[list[bytes], str, bool, bool]:
        box = self._box
        if verb == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"], "OK done", may, True
        if verb == "LOGIN":
            good = arguments.replace('"', "").split(" ") == [USER, PASSWORD]
            return [], "OK done" if good else "NO wrong user or password", good, True
        if verb == "LOGOUT":
            return [b"* BYE\r\n"], "OK done", may, False
        if not may:
            return [], "NO log in first", may, True
        if verb in {"SELECT", "EXAMINE"}:
            return [f"* {len(box.held)} EXISTS\r\n".encode()], "OK [READ-WRITE] done", may, True
        if verb == "EXPUNGE":
            box.expunge()
            return [], "OK done", may, True
        if verb == "UID":
            kind, _, rest = arguments.partition(" ")
            return self._by_number(kind.upper(), rest), "OK done", may, True
        return [], "OK done" if verb == "NOOP" else "BAD unknown", may, True

    def _by_number(self, kind: str, rest: str) -> list[bytes]:
        box = self._box
        if kind == "SEARCH":
            unseen = " ".join(str(number) for number in box.held if number not in box.seen)
            return [f"* SEARCH {unseen}".rstrip().encode() + b"\r\n"]
        number = int(rest.split(" ", maxsplit=1)[0])
        if kind == "STORE":
            if "\\Seen" in rest:
                box.seen.add(number)
            if "\\Deleted" in rest:
                box.deleted.add(number)
            return []
        limit = re.search(r"<0\.(\d+)>", rest)
        content = box.held.get(number, b"")[: int(limit[1]) if limit else None]
        head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n".encode()
        return [head, content, b")\r\n"] if content else []
