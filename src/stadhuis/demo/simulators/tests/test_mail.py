"""The practice mail server, over SMTP and over HTTP."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from stadhuis.kit.tests.simulators import SimulatorProcess


def _mail(subject: str = "Er staat een bericht voor u klaar", to: str = "noor-verhagen@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "gemeente@oeverveen.example", to, subject
    message["Message-ID"], message["Date"] = "<een-vast-nummer@oeverveen.example>", "Mon, 17 May 2021 10:00:00 +0200"
    message.set_content("Beste Zoë,\n\nKijk op http://localhost:8000/mijn voor uw bericht.\n")
    message.add_alternative(
        '<p onclick="alert(1)">Beste <b>Zoë</b></p><script>alert(1)</script><img src="http://volg.example/x"><a href="javascript:alert(1)">klik</a>',
        subtype="html",
    )
    message.add_attachment(b"%PDF-1.7 \x00\xff", maintype="application", subtype="pdf", filename="besluit é.pdf")
    return message


def _send(simulators: SimulatorProcess, *messages: EmailMessage) -> None:
    with smtplib.SMTP("localhost", simulators.smtp_port, timeout=10) as smtp:
        for message in messages:
            smtp.send_message(message)


def test_when_mail_is_sent_then_tests_can_read_it_newest_first(simulators: SimulatorProcess) -> None:
    _send(simulators, _mail("Eerste"), _mail("Tweede: café €"))
    mails = simulators.mails()
    assert [mail["subject"] for mail in mails] == ["Tweede: café €", "Eerste"]
    assert mails[0]["to"] == ["noor-verhagen@example.org"]
    assert mails[0]["message_id"] == "<een-vast-nummer@oeverveen.example>"
    assert mails[0]["date"] == "2021-05-17T10:00:00+02:00"
    assert "Beste Zoë" in mails[0]["text"]
    assert mails[0]["attachments"] == [{"name": "besluit é.pdf", "type": "application/pdf", "size": 11}]
    assert simulators.mails(to="iemand@example.org") == []
    simulators.clear_mails()
    assert simulators.mails() == []
    assert list((simulators.data_dir / "mail").glob("*.eml")) == []


def test_when_a_mail_holds_active_html_then_the_page_shows_only_the_text_of_it(simulators: SimulatorProcess) -> None:
    _send(simulators, _mail("<script>alert(1)</script>"))
    inbox, mail_id = simulators.get("/mail").text, simulators.mails()[0]["id"]
    page = simulators.get(f"/mail/{mail_id}").text
    for text in (inbox, page):
        assert "<script" not in text
    assert "onclick" not in page
    assert "volg.example" not in page
    assert "javascript:" not in page
    assert "<b>Zoë</b>" in page
    assert '<a href="http://localhost:8000/mijn">' in page
    file = simulators.get(f"/mail/{mail_id}/attachments/0")
    assert file.content == b"%PDF-1.7 \x00\xff"
    assert file.headers["content-disposition"].startswith("attachment")
    assert simulators.get(f"/mail/{mail_id}/attachments/7").status_code == 404
    assert simulators.get("/mail/..%2f..%2fetc").status_code == 404


def test_when_the_server_is_down_then_the_connection_is_refused_and_later_it_works_again(
    simulators: SimulatorProcess,
) -> None:
    simulators.switch(smtp="down")
    with pytest.raises(OSError):
        _send(simulators, _mail())
    simulators.switch(smtp="ok")
    _send(simulators, _mail())
    assert len(simulators.mails()) == 1


def test_when_the_server_refuses_for_now_then_the_sender_hears_451_and_nothing_is_kept(
    simulators: SimulatorProcess,
) -> None:
    simulators.switch(smtp="tempfail")
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        _send(simulators, _mail())
    assert refusal.value.smtp_code == 451
    assert simulators.mails() == []


def test_when_the_simulators_restart_then_the_mails_are_still_there_and_the_exit_was_clean(tmp_path: Path) -> None:
    with SimulatorProcess(tmp_path) as process:
        _send(process, _mail())
        before = process.mails()
        assert process.stop() == 0
        process.start()
        assert process.mails() == before


def test_when_a_port_is_taken_then_one_sentence_says_so(simulators: SimulatorProcess, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "stadhuis.demo.simulators",
        "--port",
        str(simulators.port),
        "--smtp-port",
        "1",
        "--data-dir",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == f"Port {simulators.port} on 127.0.0.1 cannot be used: Address already in use."


def test_when_an_answer_is_slow_on_purpose_then_stopping_does_not_wait_for_it(tmp_path: Path) -> None:
    with SimulatorProcess(tmp_path, options=("--slow-seconds", "30")) as process:
        process.switch(brp="slow")
        with pytest.raises(httpx.TimeoutException):
            httpx.post(f"{process.url}/brp/personen", json={}, timeout=0.3, trust_env=False)
        begun = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - begun < 5
