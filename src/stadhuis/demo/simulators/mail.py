"""A mail server that keeps everything: SMTP in, a practice inbox out.

Mails are kept in memory and as ``.eml`` files in the data folder, so that they survive a restart. HTML mail is shown after
cleaning by nh3: no script, style, image or form is left.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nh3
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from stadhuis.demo.simulators.imap import BounceBox, report
from stadhuis.demo.simulators.markup import Html, el, page
from stadhuis.demo.simulators.state import State
from stadhuis.kit.time import local, now

NOT_NOW = ("tijdelijk", "later")
REFUSED = ("geweigerd", "refused")
COMES_BACK = {"terug": "5.1.1 User unknown", "bounce": "5.1.1 User unknown", "vol": "5.2.2 Mailbox full"}
"""How an address here must begin to be put off, refused at once, or accepted and come back later."""
_TAGS = {"a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """One received mail. ``recipients`` come from the envelope, so Bcc counts."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    received: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line."""
        return str(self.message.get("Subject", "") or "(geen onderwerp)")

    @property
    def text(self) -> str:
        """The plain text, or the HTML without its tags when there is no plain part."""
        return self._body("plain") or re.sub(r"<[^>]*>", " ", nh3.clean(self._body("html"), tags=_TAGS))

    @property
    def clean_html(self) -> str:
        """The HTML part without anything active; empty when there is none."""
        return nh3.clean(
            self._body("html"), tags=_TAGS, attributes={"a": {"href"}, "td": {"colspan"}, "th": {"colspan", "scope"}}
        )

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, UnicodeError):
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""

    @property
    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, content type and bytes of each attachment."""
        found = []
        for number, part in enumerate(self.message.iter_attachments(), start=1):
            payload = part.get_payload(decode=True)
            found.append(
                (
                    part.get_filename() or f"bijlage-{number}",
                    part.get_content_type(),
                    payload if isinstance(payload, bytes) else b"",
                )
            )
        return found

    def as_json(self) -> dict[str, Any]:
        """What tests read."""
        sent = self.message.get("Date")
        try:
            date = parsedate_to_datetime(str(sent)).isoformat() if sent else self.received.isoformat()
        except ValueError:
            date = self.received.isoformat()
        return {
            "id": self.id,
            "message_id": str(self.message.get("Message-ID", "")),
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "date": date,
            "received": self.received.isoformat(),
            "text": self.text,
            "html": self._body("html"),
            "headers": {name: str(value) for name, value in self.message.items()},
            "attachments": [{"name": name, "type": kind, "size": len(data)} for name, kind, data in self.attachments],
        }


class Inbox:
    """All mails, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails: list[Mail] = []
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=modern)
            recipients = tuple(address for address in str(message.get("X-Envelope-To", "")).split(", ") if address)
            received = datetime.fromisoformat(str(message.get("X-Received", now().isoformat())))
            sender = str(message.get("X-Envelope-From", ""))
            for header in ("X-Envelope-To", "X-Envelope-From", "X-Received"):
                del message[header]
            self.mails.append(Mail(path.stem, sender, recipients, received, message))

    def keep(self, sender: str, recipients: list[str], content: bytes) -> Mail:
        """Store a mail in memory and on disk."""
        received = now()
        mail_id = f"{received:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
        envelope = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\nX-Received: {received.isoformat()}\r\n"
        (self.folder / f"{mail_id}.eml").write_bytes(envelope.encode() + content)
        mail = Mail(mail_id, sender, tuple(recipients), received, message_from_bytes(content, policy=modern))
        self.mails.append(mail)
        return mail

    def clear(self) -> None:
        """Throw all mails away, also on disk."""
        for mail in self.mails:
            (self.folder / f"{mail.id}.eml").unlink(missing_ok=True)
        self.mails.clear()

    def find(self, mail_id: str) -> Mail | None:
        """Return one mail, or None."""
        return next((mail for mail in self.mails if mail.id == mail_id), None)


class _Handler:
    """What aiosmtpd calls for each mail."""

    def __init__(self, state: State, inbox: Inbox, bounces: BounceBox) -> None:
        self._state, self._inbox, self._bounces = state, inbox, bounces

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._state.switches["smtp"] == "tempfail":
            return "451 4.3.2 Later weer proberen (oefenschakelaar)"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower().startswith(NOT_NOW):
            return "451 4.2.1 Later weer proberen (oefenadres)"
        if address.lower().startswith(REFUSED):
            return "550 5.1.1 Onbekend adres (oefenadres)"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        mail = self._inbox.keep(envelope.mail_from or "", [str(rcpt) for rcpt in envelope.rcpt_tos], content)
        for recipient in mail.recipients:
            status = next((text for start, text in COMES_BACK.items() if recipient.lower().startswith(start)), "")
            # A report about a report does not exist: it would go round for ever.
            if status and envelope.mail_from:
                code = status.split(maxsplit=1)[0]
                self._bounces.put(report(content, recipient=recipient, status=code, text=f"550 {status}"))
        return f"250 2.0.0 Kept as {mail.id}"


class MailServer:
    """The SMTP side; ``follow`` opens or closes the port as the switch says, so 'down' is a refused connection."""

    def __init__(self, state: State, inbox: Inbox, bounces: BounceBox) -> None:
        self._state = state
        self._handler = _Handler(state, inbox, bounces)
        self._server: asyncio.Server | None = None

    async def follow(self) -> None:
        """Open or close the port."""
        wanted = self._state.switches["smtp"] != "down"
        if wanted and self._server is None:
            loop = asyncio.get_running_loop()
            config = self._state.config
            self._server = await loop.create_server(
                lambda: SMTP(self._handler, hostname="oefen.localhost", enable_SMTPUTF8=True, data_size_limit=30 * 1024 * 1024, loop=loop),
                config.host,
                config.smtp_port,
            )  # fmt: skip
        elif not wanted:
            await self.stop()

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()
            self._server = None


def _inbox(request: Request) -> Inbox:
    inbox = request.app.state.inbox
    assert isinstance(inbox, Inbox)
    return inbox


def _special_addresses() -> list[tuple[str, str]]:
    return [
        *((start, "wordt tijdelijk niet aangenomen (451)") for start in NOT_NOW),
        *((start, "wordt meteen geweigerd (550)") for start in REFUSED),
        *((start, f"wordt aangenomen en komt terug ({status})") for start, status in COMES_BACK.items()),
    ]


def _when(mail: Mail) -> str:
    return f"{local(mail.received):%d-%m-%Y %H:%M:%S}"


async def inbox_page(request: Request) -> Response:
    """Show the inbox, newest first."""
    mails = _inbox(request).mails[::-1]
    special = el(
        "div",
        el("h2", "Oefenadressen"),
        el("p", "Zo begint een adres waarop iets misgaat. Wat erachter staat maakt niet uit."),
        el(
            "dl",
            [[el("dt", el("code", f"{start}…")), el("dd", words)] for start, words in _special_addresses()],
            class_="facts",
        ),
    )
    if not mails:
        return page("Postvak", el("p", "Er is nog geen mail verstuurd."), special, brand="mail", back="/mail")
    clear = el(
        "form", el("button", "Alles weggooien", type="submit", class_="quiet"), method="post", action="/mail/clear"
    )
    lines = [
        el("li", el("a", mail.subject, href=f"/mail/{mail.id}"), el("span", f"Aan {', '.join(mail.recipients)}, {_when(mail)}", class_="hint"))
        for mail in mails[:200]
    ]  # fmt: skip
    note = ("1 bericht" if len(mails) == 1 else f"{len(mails)} berichten") + (
        ", de nieuwste 200 staan hier." if len(mails) > 200 else "."
    )
    return page("Postvak", el("p", note), el("ul", lines, class_="mails"), clear, special, brand="mail", back="/mail")


def _not_found() -> Response:
    return page(
        "Dit bericht is er niet",
        el("p", el("a", "Terug naar het postvak", href="/mail")),
        brand="mail",
        status=404,
        back="/mail",
    )


async def mail_page(request: Request) -> Response:
    """Show one mail."""
    mail = _inbox(request).find(request.path_params["mail_id"])
    if mail is None:
        return _not_found()
    attachments = [
        el("li", el("a", f"{name} ({kind}, {len(data)} bytes)", href=f"/mail/{mail.id}/attachments/{number}"))
        for number, (name, kind, data) in enumerate(mail.attachments)
    ]
    facts = [
        ("Van", mail.sender),
        ("Aan", ", ".join(mail.recipients)),
        ("Ontvangen", _when(mail)),
        ("Bericht-id", str(mail.message.get("Message-ID", ""))),
    ]
    return page(
        mail.subject,
        el("dl", [[el("dt", name), el("dd", value)] for name, value in facts], class_="facts"),
        el("h2", "Tekst"),
        el("div", el("pre", _with_links(mail.text)), class_="card"),
        [el("h2", "HTML, opgeschoond"), el("div", Html(mail.clean_html), class_="card")] if mail.clean_html else None,
        [el("h2", "Bijlagen"), el("ul", attachments)] if attachments else None,
        el("p", el("a", "Terug naar het postvak", href="/mail")),
        brand="mail",
        back="/mail",
    )


def _with_links(text: str) -> list[object]:
    parts = re.split(r"(https?://[^\s<>\"']+)", text)
    return [el("a", part, href=part) if number % 2 else part for number, part in enumerate(parts)]


async def attachment(request: Request) -> Response:
    """Give an attachment as a download."""
    mail = _inbox(request).find(request.path_params["mail_id"])
    number = request.path_params["number"]
    if mail is None or number >= len(mail.attachments):
        return _not_found()
    name, _, data = mail.attachments[number]
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


async def clear_page(request: Request) -> Response:
    """Empty the inbox from the page."""
    _inbox(request).clear()
    return RedirectResponse("/mail", status_code=303)


async def messages(request: Request) -> Response:
    """All mails as JSON, newest first; DELETE throws them away. ``?to=`` keeps only mails to that address."""
    inbox = _inbox(request)
    if request.method == "DELETE":
        inbox.clear()
        return Response(status_code=204)
    to = request.query_params.get("to")
    return JSONResponse([mail.as_json() for mail in reversed(inbox.mails) if to is None or to in mail.recipients])


ROUTES = [
    Route("/mail", inbox_page, methods=["GET"]),
    Route("/mail/clear", clear_page, methods=["POST"]),
    Route("/mail/api/messages", messages, methods=["GET", "DELETE"]),
    Route("/mail/{mail_id}", mail_page, methods=["GET"]),
    Route("/mail/{mail_id}/attachments/{number:int}", attachment, methods=["GET"]),
]
