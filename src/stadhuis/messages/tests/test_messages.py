"""Receipts, letters and mails, over real SMTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.kit.jobs import waiting
from stadhuis.kit.time import now
from stadhuis.messages import jobs
from stadhuis.messages import public as messages
from stadhuis.messages.codes import code_of
from stadhuis.messages.models import MailAddress, Message, OutboundMail
from stadhuis.people import public as people

pytestmark = pytest.mark.django_db
ADDRESS = "noor@example.org"


class Sink:
    """An SMTP receiver that keeps what it gets and answers what the test says."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the text of an accepted mail."""
        content = envelope.content
        if self.answer.startswith("250"):
            self.mails.append(content.decode() if isinstance(content, bytes) else str(content))
        return self.answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A running SMTP receiver, named in the settings."""
    receiver, port = Sink(), _free_port()
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    yield receiver
    controller.stop()


def given_resident(bsn: str = "999990627") -> people.Actor:
    person = people.person_for_bsn(bsn)
    return people.Actor(kind="resident", pk=person, key=f"person:{people.person_uuid(person)}", label="Noor Verhagen")


def given_confirmed(to: people.Actor, address: str = ADDRESS) -> UUID:
    """An address that its owner confirmed with the code from the mail."""
    uuid = messages.add_address(address, by=to, language="nl")
    row = MailAddress.objects.get(uuid=uuid)
    if row.verified_at is None:
        assert messages.confirm_address(uuid, code_of(row), by=to) is messages.Verdict.CONFIRMED
    return uuid


def given_mail(kind: str = "receipt", language: str = "nl") -> int:
    resident = given_resident()
    if kind == "confirm_address":
        messages.add_address(ADDRESS, by=resident, language=language)
        return OutboundMail.objects.latest("pk").pk
    given_confirmed(resident)
    mail = messages.announce(to=resident, stated=ADDRESS, kind=kind, about=uuid4(), language=language)
    assert mail is not None
    return mail


def given_letter(to: people.Actor, *, mail_to: str = "") -> messages.MessageRecord:
    return messages.publish(
        zaak_uuid=uuid4(), zaak_identificatie="ZAAK-1", to=to, subject="Besluit", document_uuid=uuid4(), mail_to=mail_to
    )


def state_of(mail_id: int) -> str:
    return str(OutboundMail.objects.get(pk=mail_id).state)


@pytest.mark.parametrize("kind", jobs.KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_when_a_mail_is_sent_then_it_tells_where_to_read_and_not_what(sink: Sink, kind: str, language: str) -> None:
    # given
    mail = given_mail(kind, language)
    # when
    jobs.send_mail(mail_id=mail)
    # then
    assert state_of(mail) == "sent"
    [text] = sink.mails
    assert "/mijn/" in text
    assert "Noor" not in text.replace(ADDRESS, "")
    assert "Tozo" not in text


def test_when_the_job_runs_twice_then_the_mail_goes_out_once(sink: Sink) -> None:
    mail = given_mail()
    jobs.send_mail(mail_id=mail)
    jobs.send_mail(mail_id=mail)
    assert len(sink.mails) == 1


def test_when_a_worker_died_while_sending_then_the_mail_is_for_a_person_and_not_sent_again(sink: Sink) -> None:
    # given
    mail = given_mail()
    OutboundMail.objects.filter(pk=mail).update(state="sending", sending_at=now())
    # when
    jobs.send_mail(mail_id=mail)
    # then
    assert state_of(mail) == "unknown"
    assert sink.mails == []
    assert [row.id for row in messages.mails_for_a_person_to_settle()] == [mail]


def test_when_a_person_says_it_did_not_arrive_then_it_is_sent_once_more(sink: Sink) -> None:
    mail = given_mail()
    OutboundMail.objects.filter(pk=mail).update(state="unknown")
    messages.settle_mail(mail, send_again=True, by=people.SYSTEM)
    jobs.send_mail(mail_id=mail)
    assert state_of(mail) == "sent"
    assert len(sink.mails) == 1


def test_when_there_is_no_mail_server_then_the_mail_stays_in_the_queue(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", _free_port(), False
    mail = given_mail()
    with pytest.raises(messages.MailNotSent):
        jobs.send_mail(mail_id=mail)
    assert state_of(mail) == "queued"


@pytest.mark.parametrize(("answer", "state"), [("451 later", "queued"), ("550 no such user", "refused")])
def test_when_the_server_answers_no_then_the_mail_is_tried_again_or_goes_to_a_person(
    sink: Sink, answer: str, state: str
) -> None:
    sink.answer = answer
    mail = given_mail()
    if state == "queued":
        with pytest.raises(messages.MailNotSent):
            jobs.send_mail(mail_id=mail)
    else:
        jobs.send_mail(mail_id=mail)
    assert state_of(mail) == state
    assert sink.mails == []


def test_when_the_connection_breaks_after_the_text_then_the_fate_is_unknown(settings: Any) -> None:
    # given: a server that takes the text and hangs up instead of answering
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = (
            "127.0.0.1",
            listening.getsockname()[1],
            False,
        )

        def serve() -> None:
            client, _ = listening.accept()
            with client, client.makefile("rwb") as stream:
                stream.write(b"220 here\r\n")
                stream.flush()
                while line := stream.readline():
                    if line.strip() == b".":
                        return
                    if line.upper().startswith((b"EHLO", b"MAIL", b"RCPT")):
                        stream.write(b"250 ok\r\n")
                    elif line.upper().startswith(b"DATA"):
                        stream.write(b"354 go\r\n")
                    stream.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        mail = given_mail()
        # when
        jobs.send_mail(mail_id=mail)
        thread.join(5)
    # then
    assert state_of(mail) == "unknown"


def test_when_a_letter_is_published_then_a_mail_is_queued_in_the_same_transaction() -> None:
    resident = given_resident()
    given_confirmed(resident)
    before = waiting("messages.send_mail")
    given_letter(resident, mail_to=ADDRESS)
    assert waiting("messages.send_mail") == before + 1


def test_when_there_is_no_address_then_the_letter_is_there_without_a_mail() -> None:
    letter = given_letter(given_resident())
    assert Message.objects.get(uuid=letter.uuid).announced_by is None


def test_when_the_addressee_opens_a_letter_then_the_first_moment_is_kept() -> None:
    resident = given_resident()
    letter = given_letter(resident)
    assert messages.unread_count(resident) == 1
    first = messages.open_message(letter.uuid, actor=resident).first_opened_at
    assert first is not None
    assert messages.open_message(letter.uuid, actor=resident).first_opened_at == first
    assert messages.unread_count(resident) == 0


def test_when_someone_else_opens_a_letter_then_it_is_not_there() -> None:
    letter = given_letter(given_resident())
    for other in (given_resident("999993653"), people.SYSTEM):
        with pytest.raises(messages.MessageNotFound):
            messages.open_message(letter.uuid, actor=other)


def test_when_a_receipt_is_given_then_it_has_a_number_of_its_own_and_the_digests() -> None:
    resident, zaak = given_resident(), uuid4()
    files = [messages.ReceiptFile("winst.pdf", 12, "a" * 64)]

    def give() -> messages.ReceiptRecord:
        return messages.give_receipt(
            zaak_uuid=zaak, zaak_identificatie="ZAAK-1", to=resident, subject="Tozo", files=files, received_at=now()
        )

    first, second = give(), give()
    assert first.number != second.number
    assert first.files == tuple(files)
    assert messages.receipts_of(zaak) == [first, second]
    assert messages.receipt(first.uuid, actor=given_resident("999993653")) is None


def test_when_there_is_no_addressee_then_no_receipt_is_stored() -> None:
    zaak: UUID = uuid4()
    with pytest.raises(messages.NoAddressee):
        messages.give_receipt(
            zaak_uuid=zaak, zaak_identificatie="Z", to=people.SYSTEM, subject="", files=[], received_at=now()
        )
    assert messages.receipts_of(zaak) == []


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_of_letters_is_one_statement(number: int) -> None:
    resident = given_resident()
    for _ in range(number):
        given_letter(resident)
    with CaptureQueriesContext(connection) as statements:
        assert len(messages.messages_for(resident)) == number
    assert len(statements) == 1


def test_the_address_of_a_mail_does_not_stand_in_the_table_in_the_clear() -> None:
    mail = given_mail()
    assert ADDRESS.encode() not in bytes(OutboundMail.objects.get(pk=mail).to_address)
