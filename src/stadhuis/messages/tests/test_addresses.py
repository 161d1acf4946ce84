"""Addresses are confirmed before anything goes there, and what comes back is taken in."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from stadhuis.kit import mailbox, watch
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import now
from stadhuis.messages import jobs, rules
from stadhuis.messages import public as messages
from stadhuis.messages.actions import clean_up, note_bounce
from stadhuis.messages.codes import code_of
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.messages.tests.test_messages import given_confirmed, given_letter, given_resident
from stadhuis.messages.watching import BOUNCE_MAILBOX
from stadhuis.people import public as people
from stadhuis.people.tests.given import given_session

pytestmark = pytest.mark.django_db
ADDRESS = "noor@example.org"


def kinds() -> list[tuple[str, str]]:
    return [(mail.kind, mail.state) for mail in OutboundMail.objects.order_by("pk")]


def apply(resident: people.Actor, address: str = ADDRESS, about: UUID | None = None) -> None:
    messages.announce(to=resident, stated=address, kind="receipt", about=about or uuid4())


def the_code(uuid: UUID | None = None) -> tuple[UUID, str]:
    row = MailAddress.objects.get(uuid=uuid) if uuid else MailAddress.objects.get()
    return row.uuid, code_of(row)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def told(to: people.Actor, address: str, kind: str = "new_letter", about: UUID | None = None) -> int:
    mail = messages.announce(to=to, stated=address, kind=kind, about=about or uuid4())
    assert mail is not None
    return mail


# -- Before it is confirmed -----------------------------------------------------------------------------------------------
def test_when_the_secret_key_changes_then_a_code_of_before_confirms_and_the_next_one_is_new(settings: Settings) -> None:
    resident = given_resident()
    apply(resident)
    uuid, code = the_code()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "coming-key-" + "b" * 40, [settings.SECRET_KEY]
    assert the_code()[1] != code
    assert messages.confirm_address(uuid, wrong(code), by=resident) is messages.Verdict.WRONG
    assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.CONFIRMED


def test_when_the_former_secret_key_is_gone_then_so_is_its_code(settings: Settings) -> None:
    resident = given_resident()
    apply(resident)
    uuid, code = the_code()
    settings.SECRET_KEY = "coming-key-" + "b" * 40
    assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.WRONG


def test_when_somebody_applies_with_a_new_address_then_only_a_code_goes_there() -> None:
    apply(given_resident())
    assert kinds() == [("confirm_address", "queued")]


def test_when_a_letter_is_there_before_the_address_is_confirmed_then_its_mail_waits_and_leaves_after_that() -> None:
    # given
    resident = given_resident()
    apply(resident)
    letter = given_letter(resident, mail_to=ADDRESS)
    assert kinds()[-1] == ("new_letter", "waiting")
    assert messages.unread_count(resident) == 1  # the letter itself is there
    # when
    uuid, code = the_code()
    assert messages.confirm_address(uuid, f"{code[:3]} {code[3:]}", by=resident) is messages.Verdict.CONFIRMED
    # then
    assert kinds()[-1] == ("new_letter", "queued")
    assert messages.messages_of(letter.zaak_uuid)[0].uuid == letter.uuid


def test_when_an_address_was_confirmed_once_then_the_next_application_needs_no_code() -> None:
    resident = given_resident()
    given_confirmed(resident)
    apply(resident, ADDRESS.upper())
    assert kinds()[-1] == ("receipt", "queued")


def test_when_another_resident_confirmed_an_address_then_it_is_not_confirmed_for_me() -> None:
    given_confirmed(given_resident())
    apply(given_resident("999993653"))
    assert kinds()[-1][0] == "confirm_address"


def test_when_a_mistyped_address_is_stated_then_mail_goes_to_the_one_that_was_confirmed() -> None:
    resident = given_resident()
    given_confirmed(resident)
    given_letter(resident, mail_to="typefout@example.org")
    assert kinds()[-1] == ("new_letter", "queued")
    assert OutboundMail.objects.latest("pk").address == MailAddress.objects.get()


def test_when_nothing_was_stated_and_nothing_confirmed_then_there_is_no_mail() -> None:
    assert messages.announce(to=given_resident(), stated=" ", kind="new_letter", about=uuid4()) is None
    assert messages.announce(to=people.SYSTEM, stated=ADDRESS, kind="new_letter", about=uuid4()) is None
    assert kinds() == []


@pytest.mark.parametrize("kind", ["confirm_address", "nieuwsbrief", ""])
def test_only_announcements_are_announced(kind: str) -> None:
    with pytest.raises(ValueError, match="no mail text"):
        messages.announce(to=given_resident(), stated=ADDRESS, kind=kind, about=uuid4())


# -- Codes ------------------------------------------------------------------------------------------------------------------
def test_five_wrong_codes_end_a_code_and_the_right_one_then_works_no_more() -> None:
    resident = given_resident()
    apply(resident)
    uuid, code = the_code()
    for _ in range(rules.WRONG_TRIES):
        assert messages.confirm_address(uuid, wrong(code), by=resident) is messages.Verdict.WRONG
    assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.EXPIRED
    assert MailAddress.objects.get().verified_at is None


def test_a_code_works_for_a_day_and_once() -> None:
    resident = given_resident()
    apply(resident)
    uuid, code = the_code()
    with time_machine.travel(now() + timedelta(hours=25)):
        assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.EXPIRED
    assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.CONFIRMED
    assert messages.confirm_address(uuid, code, by=resident) is messages.Verdict.EXPIRED


def test_a_fresh_code_ends_the_one_before() -> None:
    resident = given_resident()
    apply(resident)
    uuid, old = the_code()
    with time_machine.travel(now() + timedelta(minutes=2)):
        messages.send_code_again(uuid, by=resident)
        assert the_code()[1] != old
        assert messages.confirm_address(uuid, old, by=resident) is messages.Verdict.WRONG


def test_nobody_is_pestered_with_codes_whoever_types_his_address() -> None:
    # given: five residents type the same address
    for number, bsn in enumerate(
        ("999990627", "999993653", "999991012", "999990639", "999990640", "999990652", "999990664")
    ):
        apply(given_resident(bsn))
        assert len(kinds()) == min(number + 1, rules.CODES_PER_DAY)
    # then: the application of the last one is not held up, and he can ask later
    last = given_resident("999990664")
    uuid = messages.addresses_of(last)[0].uuid
    with pytest.raises(messages.TooManyCodes):
        messages.send_code_again(uuid, by=last)


def test_a_code_is_asked_for_at_most_once_a_minute() -> None:
    resident = given_resident()
    messages.add_address(ADDRESS, by=resident, language="nl")
    with pytest.raises(messages.TooManyCodes):
        messages.send_code_again(the_code()[0], by=resident)
    assert len(kinds()) == 1


def test_the_code_stands_in_no_table() -> None:
    resident = given_resident()
    apply(resident)
    _, code = the_code()
    row = MailAddress.objects.values().get()
    assert code not in str({name: value for name, value in row.items() if name != "uuid"})
    assert ADDRESS.encode() not in bytes(row["address"])


@pytest.mark.parametrize("deed", ["confirm", "again", "remove"])
def test_an_address_of_somebody_else_is_not_there(deed: str) -> None:
    apply(given_resident())
    uuid, code = the_code()
    other = given_resident("999993653")
    deeds: dict[str, Callable[[], object]] = {
        "confirm": lambda: messages.confirm_address(uuid, code, by=other),
        "again": lambda: messages.send_code_again(uuid, by=other),
        "remove": lambda: messages.remove_address(uuid, by=other),
    }
    with pytest.raises(messages.AddressNotFound):
        deeds[deed]()
    assert MailAddress.objects.get().verified_at is None


def test_when_an_address_is_removed_then_nothing_goes_there_and_it_is_forgotten_after_a_day() -> None:
    resident = given_resident()
    uuid = given_confirmed(resident)
    messages.remove_address(uuid, by=resident)
    assert messages.addresses_of(resident) == []
    assert bytes(MailAddress.objects.get().address) == b""
    given_letter(resident)
    assert "new_letter" not in dict(kinds())
    with time_machine.travel(now() + timedelta(days=2)):
        clean_up()
    assert MailAddress.objects.count() == 0


def test_nobody_keeps_more_than_five_addresses() -> None:
    resident = given_resident()
    for number in range(rules.ADDRESSES):
        messages.add_address(f"a{number}@example.org", by=resident, language="nl")
    with pytest.raises(messages.TooManyAddresses):
        messages.add_address("a9@example.org", by=resident, language="nl")
    assert MailAddress.objects.count() == rules.ADDRESSES


# -- The page ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def noor() -> Client:
    browser = Client()
    given_session(browser, given_resident())
    return browser


def test_on_the_page_an_address_is_given_confirmed_and_removed(noor: Client) -> None:
    assert noor.post("/mijn/mail/", {"emailadres": ADDRESS}).status_code == 302
    uuid, code = the_code()
    answer = noor.post(f"/mijn/mail/{uuid}/bevestigen/", {"code": wrong(code)})
    assert answer.status_code == 422
    assert "Deze code klopt niet" in answer.content.decode()
    assert noor.post(f"/mijn/mail/{uuid}/bevestigen/", {"code": code}).status_code == 302
    assert "Bevestigd" in noor.get("/mijn/mail/").content.decode()
    assert noor.post(f"/mijn/mail/{uuid}/verwijderen/").status_code == 302
    assert ADDRESS not in noor.get("/mijn/mail/").content.decode()


@pytest.mark.parametrize(
    "typed", ["", "noor", "noor@", "a@b", "noor@example.org\nBcc: x@example.org", "<noor@example.org>", "x" * 250 + "@example.org", "noor@exa\x00mple.org"]
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(noor: Client, typed: str) -> None:
    answer = noor.post("/mijn/mail/", {"emailadres": typed})
    assert answer.status_code == 422
    assert MailAddress.objects.count() == 0


@pytest.mark.parametrize("code", ["", "abc", "12345678901234567890", "\u0661\u0662\u0663\u0664\u0665\u0666", "\x00"])
def test_what_is_no_code_confirms_nothing(noor: Client, code: str) -> None:
    noor.post("/mijn/mail/", {"emailadres": ADDRESS})
    uuid, _ = the_code()
    assert noor.post(f"/mijn/mail/{uuid}/bevestigen/", {"code": code}).status_code == 422
    assert MailAddress.objects.get().verified_at is None


def test_my_cases_ask_to_confirm_and_after_a_bounce_for_another_address(noor: Client) -> None:
    resident = given_resident()
    apply(resident)
    assert "Bevestig uw mailadres" in noor.get("/mijn/").content.decode()
    given_confirmed_again = the_code()
    messages.confirm_address(*given_confirmed_again, by=resident)
    page = noor.get("/mijn/").content.decode()
    assert "Bevestig uw mailadres" not in page
    MailAddress.objects.update(bounced_at=now(), bounce_status="5.1.1")
    assert "Wij kunnen u niet mailen" in noor.get("/mijn/").content.decode()


# -- What comes back --------------------------------------------------------------------------------------------------------
def given_sent(address: str = ADDRESS) -> OutboundMail:
    resident = given_resident()
    given_confirmed(resident, address)
    mail = told(resident, address)
    OutboundMail.objects.filter(pk=mail).update(state="sent", sent_at=now(), sending_at=now())
    return OutboundMail.objects.get(pk=mail)


@pytest.mark.parametrize(("status", "is_marked"), [("5.1.1", True), ("5.2.1", True), ("5.0.0", True), ("5.2.2", False), ("5.7.1", False), ("4.4.7", False), ("", False)])  # fmt: skip
def test_a_bounce_goes_to_a_person_and_marks_an_address_where_nothing_will_arrive(status: str, is_marked: bool) -> None:
    mail = given_sent()
    assert note_bounce(mailbox.Report(mail.uuid, "failed", status))
    mail.refresh_from_db()
    assert mail.state == "bounced"
    assert (MailAddress.objects.get().bounced_at is not None) == is_marked
    assert [row.id for row in messages.mails_for_a_person_to_settle()] == [mail.pk]
    assert messages.address_trouble(given_resident()) == ("bounced" if is_marked else "")
    # the same report again changes nothing
    at = mail.bounced_at
    assert note_bounce(mailbox.Report(mail.uuid, "failed", "5.1.1"))
    mail.refresh_from_db()
    assert mail.bounced_at == at


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_no_failure_is_no_bounce(action: str) -> None:
    mail = given_sent()
    assert note_bounce(mailbox.Report(mail.uuid, action, "4.4.1"))
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_a_report_about_a_mail_that_is_not_ours_is_left_alone() -> None:
    assert not note_bounce(mailbox.Report(uuid4(), "failed", "5.1.1"))


def test_when_the_owner_gave_another_address_then_a_mail_that_came_back_is_sent_there() -> None:
    # given
    mail = given_sent()
    note_bounce(mailbox.Report(mail.uuid, "failed", "5.1.1"))
    resident = given_resident()
    given_confirmed(resident, "nieuw@example.org")
    # when
    assert messages.settle_mail(mail.pk, send_again=True, by=people.SYSTEM)
    # then
    mail.refresh_from_db()
    assert mail.state == "queued"
    assert mail.address is not None
    assert mail.address.bounced_at is None


# -- The whole way, over real SMTP and IMAP -----------------------------------------------------------------------------------
@pytest.fixture
def outside(tmp_path: Path, settings: Any) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path) as process:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "localhost", process.smtp_port, False
        settings.BOUNCE_IMAP_HOST, settings.BOUNCE_IMAP_PORT = "localhost", process.imap_port
        settings.BOUNCE_IMAP_TLS = "none"
        settings.BOUNCE_IMAP_USER, settings.BOUNCE_IMAP_PASSWORD = "bounces", "practice-bounces"
        yield process


def test_a_mail_that_comes_back_is_found_in_the_mailbox_and_taken_in_once(outside: SimulatorProcess) -> None:
    # given: one that comes back, one that arrives
    resident, about = given_resident(), uuid4()
    given_confirmed(resident, "terug@example.org")
    lost = told(resident, "terug@example.org", about=about)
    other = given_resident("999993653")
    given_confirmed(other)
    fine = told(other, ADDRESS)
    for mail in (lost, fine):
        jobs.send_mail(mail_id=mail)
    # when
    jobs.read_bounces(timestamp=0)
    # then
    assert OutboundMail.objects.get(pk=lost).state == "bounced"
    assert OutboundMail.objects.get(pk=fine).state == "sent"
    [shown] = messages.mails_about([about])
    assert shown.bounced_at is not None
    with mailbox.opened() as box:
        assert list(box.unread()) == []


def test_an_address_that_is_refused_at_once_is_marked_and_one_that_is_put_off_is_tried_again(
    outside: SimulatorProcess,
) -> None:
    resident = given_resident()
    given_confirmed(resident, "geweigerd@example.org")
    refused = told(resident, "geweigerd@example.org")
    jobs.send_mail(mail_id=refused)
    assert OutboundMail.objects.get(pk=refused).state == "refused"
    assert MailAddress.objects.get(verified_at__isnull=False).bounce_status == "5.1.1"
    given_confirmed(resident, "tijdelijk@example.org")
    later = told(resident, "tijdelijk@example.org")
    with pytest.raises(messages.MailNotSent):
        jobs.send_mail(mail_id=later)
    assert OutboundMail.objects.get(pk=later).state == "queued"
    # what is put off for half a week goes to a person
    OutboundMail.objects.filter(pk=later).update(attempts=jobs.MOST_ATTEMPTS - 1)
    jobs.send_mail(mail_id=later)
    assert OutboundMail.objects.get(pk=later).state == "refused"


def test_when_the_mailbox_cannot_be_read_then_that_is_an_alarm_and_not_a_pile_of_failed_jobs(
    outside: SimulatorProcess, settings: Any
) -> None:
    settings.BOUNCE_IMAP_PASSWORD = "wrong"
    for _ in range(2):
        jobs.read_bounces(timestamp=0)
    assert watch.failing_minutes(BOUNCE_MAILBOX) == 1
    with pytest.raises(mailbox.MailboxUnreachable) as caught, mailbox.opened():
        pass
    assert "bounces" not in str(caught.value)
    settings.BOUNCE_IMAP_PASSWORD = "practice-bounces"
    jobs.read_bounces(timestamp=0)
    assert watch.failing_minutes(BOUNCE_MAILBOX) == 0


# -- A mail system that nobody here wrote ---------------------------------------------------------------------------------
@pytest.fixture
def dovecot(settings: Any) -> Iterator[Path]:
    """Dovecot with one mailbox over TLS with a certificate of its own; gives the folder where new mail is put."""
    from stadhuis.kit.tests.certificates import given_certificate
    from stadhuis.kit.tests.simulators import free_port

    binary = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if binary is None or os.geteuid() != 0:
        pytest.skip("Debian's dovecot-imapd is not installed, or we are not root, as which it starts")
    home = Path(tempfile.mkdtemp(prefix="stadhuis-dovecot-"))  # its processes run as other users than we do
    home.chmod(0o755)
    certificate = given_certificate(home, "localhost")
    port = free_port()
    mail = home / "mail"
    for name in ("new", "cur", "tmp"):
        (mail / name).mkdir(parents=True)
    nobody = pwd.getpwnam("nobody")
    for place in (mail, *mail.iterdir()):
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    (home / "users").write_text("bounces:{PLAIN}geheim\n")
    (home / "dovecot.conf").write_text(
        f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate.chain}
ssl_key = <{certificate.key}
mail_location = maildir:{mail}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {nobody.pw_uid}
mail_gid = {nobody.pw_gid}
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={home}
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""
    )
    process = subprocess.Popen([binary, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE, text=True)
    settings.BOUNCE_IMAP_HOST, settings.BOUNCE_IMAP_PORT, settings.BOUNCE_IMAP_TLS = "localhost", port, "implicit"
    settings.BOUNCE_IMAP_USER, settings.BOUNCE_IMAP_PASSWORD = "bounces", "geheim"
    settings.EMAIL_CA_FILE = str(certificate.authority)
    deadline = time.monotonic() + 15
    try:
        while True:
            try:
                with mailbox.opened():
                    break
            except mailbox.MailboxUnreachable:
                if time.monotonic() > deadline or process.poll() is not None:
                    log = home / "log"
                    pytest.fail(f"dovecot did not start: {log.read_text()[-600:] if log.exists() else ''}")
                time.sleep(0.1)
        yield mail / "new"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(home, ignore_errors=True)


POSTFIX = """From: MAILER-DAEMON@mail.example (Mail Delivery System)\r
To: bounces@oeverveen.example\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r
\r
--B\r
Content-Description: Notification\r
Content-Type: text/plain; charset=us-ascii\r
\r
This is the mail system at host mail.example.\r
--B\r
Content-Description: Delivery report\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mail.example\r
X-Postfix-Queue-ID: 4F1234\r
{envelope}Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0100 (CET)\r
\r
Final-Recipient: rfc822; noor@example.org\r
Original-Recipient: rfc822;noor@example.org\r
Action: failed\r
Status: {status}\r
Remote-MTA: dns; mx.example.org\r
Diagnostic-Code: smtp; 550 5.1.1 <noor@example.org>: User unknown\r
\r
--B\r
Content-Description: Undelivered Message Headers\r
Content-Type: text/rfc822-headers\r
\r
Return-Path: <bounces@oeverveen.example>\r
From: Gemeente Oeverveen <gemeente@oeverveen.example>\r
{headers}Subject: Er staat een bericht voor u klaar\r
--B--\r
"""


def a_report(mail: UUID, *, by: str = "headers", status: str = "5.1.1", domain: str = "oeverveen.example") -> bytes:
    return POSTFIX.format(
        status=status,
        envelope=f"Original-Envelope-Id: {mail}\r\n" if by == "envelope" else "",
        headers=f"Message-ID: <{mail}@{domain}>\r\n" if by == "headers" else "",
    ).encode()


def test_dovecot_gives_the_reports_keeps_the_letters_of_people_and_forgets_what_was_taken_in(dovecot: Path) -> None:
    # given
    mail = given_sent()
    question = b"From: noor@example.org\r\nSubject: vraag\r\n\r\nHallo\r\n"
    for name, content in (("1.report", a_report(mail.uuid)), ("2.person", question)):
        (dovecot / name).write_bytes(content)
        os.chown(dovecot / name, dovecot.stat().st_uid, dovecot.stat().st_gid)
    # when
    jobs.read_bounces(timestamp=0)
    # then
    mail.refresh_from_db()
    assert mail.state == "bounced"
    left = [path.read_bytes() for path in (dovecot.parent / "cur").iterdir()]
    assert [b"Hallo" in content for content in left] == [True]
    with mailbox.opened() as box:
        assert list(box.unread()) == []


def test_a_certificate_of_an_unknown_authority_is_not_trusted(dovecot: Path, settings: Any) -> None:
    settings.EMAIL_CA_FILE = ""
    with pytest.raises(mailbox.MailboxUnreachable), mailbox.opened():
        pass


# -- Reading reports ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["headers", "envelope"])
def test_a_report_leads_back_to_its_mail(by: str) -> None:
    mail = uuid4()
    assert mailbox.read_report(a_report(mail, by=by)) == mailbox.Report(mail, "failed", "5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff", b"Subject: x\r\n\r\nx", a_report(uuid4(), by="none"), a_report(uuid4(), domain="evil.example"),
        a_report(uuid4()).replace(b"Action: failed", b"X: y"), a_report(uuid4()).replace(b"message/delivery-status", b"text/plain"),
        a_report(uuid4()).replace(b"report-type=delivery-status", b"report-type=disposition-notification"), a_report(uuid4())[:200],
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n" + b"--B\r\n" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_report_about_a_mail_of_ours_is_none(content: bytes) -> None:
    assert mailbox.read_report(content) is None


def test_a_report_without_a_sound_status_is_one_without_status() -> None:
    assert mailbox.read_report(a_report(uuid4(), status="five")).status == ""  # type: ignore[union-attr]
