"""What someone with bad intent tries on the workplace and around log-in, over HTTP."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.kit import logs
from stadhuis.kit.time import clock_set_to
from stadhuis.messages import public as messages
from stadhuis.people.tests.given import given_session
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import given_linked_document, given_resident, given_staff

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'</textarea>"
STRANGE = [
    XSS,
    "a\x00b",
    "👩‍💻🇳🇱 Z̴̡a̷l \u202e",
    "x" * 100_000,
    "%s %(x)s {0} {{7*7}} $(id) `id`",
    '#import "/etc/passwd"',
    "\r\nSet-Cookie: a=b",
]
IDS = ["markup", "nul", "emoji", "100000", "patterns", "typst", "header"]


@pytest.fixture
def town(settings: Any, tmp_path: Path) -> Town:
    settings.PRACTICE_DATE, settings.DATA_DIR = "2021-05-17", tmp_path
    return given_town()


@pytest.fixture
def clerk(town: Town) -> Client:
    browser = Client(raise_request_exception=False)
    given_session(browser, town.handler)
    return browser


@pytest.fixture
def decider(town: Town) -> Client:
    browser = Client(raise_request_exception=False)
    given_session(browser, town.decider)
    return browser


def at(name: str, *arguments: Any) -> str:
    return reverse(f"workplace:{name}", args=arguments)


def assert_harmless(answer: HttpResponseBase) -> None:
    text = getattr(answer, "content", b"").decode(errors="replace")
    assert answer.status_code < 500, text[:300]
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "a=b" not in str(answer.cookies)


# -- Whatever is typed --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", STRANGE, ids=IDS)
def test_whatever_staff_types_is_kept_or_refused_in_words_and_shown_as_text(
    town: Town, clerk: Client, decider: Client, typed: str
) -> None:
    zaak = given_application(town, naam="Noor <b>Verhagen</b>", bedrijfsnaam=XSS)
    proposal = given_proposal(town, zaak)
    soon = f"{date.today() + timedelta(days=30):%d-%m-%Y}"
    sent = [
        clerk.post(at("search"), {"q": typed}),
        clerk.post(at("search"), {"q": f"1{typed}"}),
        clerk.post(at("note", zaak.uuid), {"tekst": typed}),
        clerk.post(at("fact", zaak.uuid, "winstPerMaand"), {"winstPerMaand": typed, "bron": "x"}),
        clerk.post(at("fact", zaak.uuid, "bedrijfsnaam"), {"bedrijfsnaam": typed, "bron": typed}),
        clerk.post(at("fact", zaak.uuid, "winstPerMaand"), {"winstPerMaand": "1", "bron": typed}),
        clerk.post(at("extend", zaak.uuid), {"weken": "2", "reden": typed}),
        clerk.post(at("extend", zaak.uuid), {"weken": typed, "reden": "x"}),
        clerk.post(at("suspend", zaak.uuid), {"grond": "invited_to_supplement", "tot": soon, "reden": typed}),
        clerk.post(at("suspend", zaak.uuid), {"grond": typed, "tot": typed, "reden": "x"}),
        clerk.post(at("assign", zaak.uuid), {"medewerker": typed}),
        decider.post(at("decide", zaak.uuid, proposal.uuid, "teruggeven"), {"remark": typed}),
        clerk.post(at("propose", zaak.uuid), {"outcome": "toekennen", "reasons": typed}),
        clerk.post(at("propose", zaak.uuid), {"outcome": typed, "reasons": "x"}),
        clerk.get(at("worklist"), {"lijst": typed[:200], "blad": typed[:200]}),
        clerk.get(at("zaak", zaak.uuid)),
    ]
    for number, answer in enumerate(sent):
        assert answer.status_code < 500, f"{number}: {answer.status_code}"
        assert_harmless(answer)


@pytest.mark.parametrize("chosen", ["0", "-1", "9" * 30, "9" * 5000, "١٢", "1e3", "", "None"])
def test_a_zaak_cannot_be_given_to_somebody_who_does_not_exist(town: Town, clerk: Client, chosen: str) -> None:
    zaak = given_application(town)
    answer = clerk.post(at("assign", zaak.uuid), {"medewerker": chosen}, follow=True)
    assert answer.status_code == 200
    work = casework.work_of(zaak.id)
    assert work is not None
    assert work.handler_id is None


@pytest.mark.parametrize("number", ["9" * 30, "0", "12345678901"])
def test_a_mail_that_does_not_exist_is_said_to_be_gone(town: Town, clerk: Client, number: str) -> None:
    assert clerk.post(f"/werkplek/mails/{number}/", {"deed": "again"}).status_code == 302


@pytest.mark.parametrize("naam", [XSS, "Zoë 👩‍💻🇳🇱", "محمد", '#import "/etc/passwd" $x$'])
def test_a_decision_for_whatever_name_is_a_sound_pdf_and_harmless_pages(
    town: Town, clerk: Client, decider: Client, naam: str
) -> None:
    zaak = given_application(town, naam=naam)
    proposal = given_proposal(town, zaak)
    shown = clerk.get(at("proposal_pdf", zaak.uuid, proposal.uuid))
    with pikepdf.open(io.BytesIO(shown.content)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"
    assert decider.post(at("decide", zaak.uuid, proposal.uuid, "goedkeuren"), {"remark": XSS}).status_code == 302
    assert clerk.post(at("decide", zaak.uuid, proposal.uuid, "versturen")).status_code == 302
    [letter] = messages.messages_of(zaak.uuid)
    resident = Client()
    given_session(resident, given_resident())
    for answer in (
        clerk.get(at("zaak", zaak.uuid)),
        clerk.get(at("proposal", zaak.uuid, proposal.uuid)),
        clerk.get(f"{at('worklist')}?lijst=all"),
        clerk.post(at("search"), {"q": zaak.identificatie}),
        resident.get(f"/mijn/berichten/{letter.uuid}/"),
        resident.get(f"/mijn/zaken/{zaak.uuid}/"),
        resident.get("/mijn/"),
    ):
        assert answer.status_code == 200
        assert_harmless(answer)


def test_reasons_that_do_not_fit_in_a_letter_are_refused_and_not_cut(town: Town, clerk: Client) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    answer = clerk.post(at("propose", zaak.uuid), {"outcome": "afwijzen", "reasons": "Want " * 20_000})
    assert answer.status_code == 422
    assert "te lang" in answer.content.decode()
    assert casework.proposals_of(zaak.id) == []


def test_what_an_application_sends_is_shown_as_text(town: Town, clerk: Client) -> None:
    zaak = zaken.create_zaak(
        zaken.NewZaak(zaaktype_id=town.zaaktype.id, omschrijving=XSS[:80], toelichting=XSS), by=town.handler
    )
    zaken.add_note(zaak.id, XSS, by=town.handler)
    given_linked_document(zaken.zaak_by_id(zaak.id), titel=XSS, bestandsnaam=XSS, formaat="text/html")
    for answer in (clerk.get(at("zaak", zaak.uuid)), clerk.get(f"{at('worklist')}?lijst=all")):
        assert answer.status_code == 200
        assert_harmless(answer)


# -- Four eyes ------------------------------------------------------------------------------------------------------------
def test_nobody_decides_on_a_proposal_of_their_own_by_any_button(town: Town, decider: Client) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.decider)
    casework.assess(zaak.uuid, by=town.decider)
    casework.propose(zaak.uuid, outcome="toekennen", reasons="Ik vind van wel.", by=town.decider)
    [proposal] = casework.proposals_of(zaak.id)
    for deed in ("goedkeuren", "teruggeven", "versturen"):
        decider.post(at("decide", zaak.uuid, proposal.uuid, deed), {"remark": "x"})
        assert casework.proposals_of(zaak.id)[0].state == proposal.state
    assert decider.post(at("decide", zaak.uuid, proposal.uuid, "verwijderen")).status_code == 404
    assert decider.get(at("decide", zaak.uuid, proposal.uuid, "goedkeuren")).status_code == 405


def test_a_decision_is_sent_once_however_often_the_button_is_pressed(
    town: Town, clerk: Client, decider: Client
) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    decider.post(at("decide", zaak.uuid, proposal.uuid, "goedkeuren"))
    for _ in range(3):
        clerk.post(at("decide", zaak.uuid, proposal.uuid, "versturen"))
        decider.post(at("decide", zaak.uuid, proposal.uuid, "goedkeuren"))
    assert len(messages.messages_of(zaak.uuid)) == 1


# -- More confidential ------------------------------------------------------------------------------------------------------
def test_a_document_above_one_s_level_is_not_there(town: Town) -> None:
    zaak = given_application(town)
    document = given_linked_document(zaak, vertrouwelijkheidaanduiding="geheim")
    low = given_staff(access.GrantData("zaak.lezen", max_level=access.level_of("zaakvertrouwelijk")), username="laag")
    browser = Client()
    given_session(browser, low)
    assert browser.get(at("zaak", zaak.uuid)).status_code == 200
    assert document.titel not in browser.get(at("zaak", zaak.uuid)).content.decode()
    assert browser.get(at("document", zaak.uuid, document.uuid)).status_code == 404


def test_a_document_of_whatever_type_is_a_download_that_can_do_nothing(town: Town, clerk: Client) -> None:
    zaak = given_application(town)
    document = given_linked_document(zaak, bestandsnaam='x".html\r\nSet-Cookie: a=b', formaat="text/html")
    answer = clerk.get(at("document", zaak.uuid, document.uuid))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "a=b" not in str(answer.cookies)


# -- Around log-in ----------------------------------------------------------------------------------------------------------
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "///evil.example", "/%09/evil.example",
    "/\t/evil.example", "https:evil.example", "/werkplek/../../evil", "\x00//evil.example", "/mijn/\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_address_leads_to_another_site(town: Town, clerk: Client, to: str) -> None:
    resident = Client(raise_request_exception=False)
    given_session(resident, given_resident())
    for answer in (
        resident.get("/inloggen/", {"next": to}),
        resident.get("/inloggen/ophogen/", {"next": to}),
        resident.get("/uitgelogd", {"next": to}),
        resident.post("/taal/", {"language": "en", "next": to}),
        resident.post("/sessie/verlengen/", {"next": to}),
        clerk.get("/werkplek/inloggen/", {"next": to}),
        clerk.get("/werkplek/uitgelogd/", {"next": to}),
        clerk.post("/werkplek/sessie/verlengen/", {"next": to}),
        Client().get("/mijn/", headers={"Referer": to}),
        Client().post("/mijn/", headers={"Referer": to, "HX-Current-URL": to}),
    ):
        assert answer.status_code < 500
        location = answer.headers.get("Location", "")
        assert location == "" or (location.startswith("/") and not location.startswith(("//", "/\\"))), location
        assert not urlsplit(location).netloc
        assert 'href="https://evil.example' not in answer.content.decode()
        assert 'href="//evil.example' not in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "a b", ""])
def test_another_host_name_is_refused(town: Town, host: str) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_addresses_are_made_from_the_settings_and_not_from_headers(town: Town) -> None:
    answer = Client().get("/mijn/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "evil.example" not in answer.headers["Location"]


def test_a_key_that_was_known_before_log_in_is_worth_nothing_after_it(town: Town) -> None:
    browser = Client()
    given_session(browser, given_resident())
    stolen = browser.cookies["stadhuis_portal"].value
    browser.post("/uitloggen/")
    thief = Client()
    thief.cookies["stadhuis_portal"] = stolen
    assert thief.get("/mijn/").status_code == 302
    given_session(browser, given_resident())
    assert browser.cookies["stadhuis_portal"].value != stolen


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "path",
    ["/bestaat-niet/", "/werkplek/nergens/", "/mijn/zaken/geen-uuid/", "/.env", "/static/../settings.py", "/admin/"],
)
def test_what_does_not_exist_says_so_with_all_headers_and_no_details(town: Town, method: str, path: str) -> None:
    answer = getattr(Client(raise_request_exception=False), method)(path)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "Traceback" not in text
    assert "urlpatterns" not in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# -- Logs -----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, as the operator's files would hold it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.json_formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


def test_the_log_of_a_whole_case_names_nobody(town: Town, clerk: Client, decider: Client, written: io.StringIO) -> None:
    zaak = given_application(town)
    clerk.post(at("search"), {"q": "Verhagen"})
    clerk.post(at("search"), {"q": "999990019"})
    clerk.post(at("search"), {"q": "14-03-1985"})
    clerk.get("/werkplek/zoeken/?q=Verhagen&bsn=999990019")
    clerk.get("/999990019/bsn-999990019/999990019x/")
    clerk.post("/werkplek/inloggen/", {"gebruikersnaam": "verhagen@example.org", "wachtwoord": "Geheim-Wachtwoord"})
    clerk.post(at("note", zaak.uuid), {"tekst": 'Verhagen gebeld op 06 12345678\n{"level": "error"}'})
    proposal = given_proposal(town, zaak)
    decider.post(at("decide", zaak.uuid, proposal.uuid, "goedkeuren"))
    clerk.post(at("decide", zaak.uuid, proposal.uuid, "versturen"))
    Client().get("/%0a%7B%22event%22:%22nep%22%7D/")
    text = written.getvalue()
    assert text.count("\n") > 8
    for secret in (
        "Verhagen",
        "verhagen",
        "999990019",
        "12345678",
        "1985-03-14",
        "14-03-1985",
        "Geheim",
        "example.org",
        "NL91",
    ):
        assert secret not in text, [line for line in text.splitlines() if secret in line][:2]
    assert all(line.startswith("{") and line.endswith("}") for line in text.splitlines())


# -- The nights the clock changes -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "day", "last_day"),
    [
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "25 oktober 2026",
            "7 december 2026",
        ),  # six weeks: a Sunday, so Monday
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "28 maart 2027", "10 mei 2027"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "26 oktober 2026", "7 december 2026"),
    ],
)
def test_a_decision_sent_in_such_a_night_bears_the_dutch_day(
    settings: Any, tmp_path: Path, db: None, moment: datetime, day: str, last_day: str
) -> None:
    settings.PRACTICE_DATE, settings.DATA_DIR = "2021-05-17", tmp_path
    clerk, resident = Client(), Client()
    with clock_set_to(moment):
        town = given_town()
        zaak = given_application(town)
        proposal = given_proposal(town, zaak)
        casework.approve(proposal.uuid, by=town.decider)
        given_session(clerk, town.handler)
        given_session(resident, given_resident())
        clerk.post(at("decide", zaak.uuid, proposal.uuid, "versturen"))
        [letter] = messages.messages_of(zaak.uuid)
        page = resident.get(f"/mijn/berichten/{letter.uuid}/").content.decode()
    assert day in page
    assert last_day in page
