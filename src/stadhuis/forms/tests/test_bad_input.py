"""What a clumsy visitor and an attacker send, over HTTP: each gets a clear answer, and nothing is stored by halves."""

from __future__ import annotations

import io
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from stadhuis.documenten import public as documenten
from stadhuis.forms import summary
from stadhuis.forms.actions import drafts
from stadhuis.forms.models import Draft, DraftFile, Submission
from stadhuis.forms.tests.given import (
    ANSWERS,
    STEPS,
    a_pdf,
    errors_on,
    given_draft,
    given_filled_in,
    given_resident,
    given_submitted,
    sent_back,
)
from stadhuis.kit.models import StoredFile
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import clock_set_to, local
from stadhuis.messages.models import OutboundMail, Receipt
from stadhuis.people.models import LoginSession
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import given_resident as given_actor

pytestmark = pytest.mark.django_db
NOOR, BRAM = "999990184", "999990202"
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


def a_file(name: str, content: bytes, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def assert_nothing_kept() -> None:
    """Nothing was handed in and no file is held."""
    assert not Submission.objects.exists()
    assert not Zaak.objects.exists()
    assert not Receipt.objects.exists()
    assert not OutboundMail.objects.exists()
    assert not DraftFile.objects.exists()
    assert not StoredFile.objects.filter(state=StoredFile.State.KEPT).exists()


# -- Hand-made and replayed ---------------------------------------------------------------------------------------------
def test_a_hand_made_post_cannot_set_what_the_form_does_not_ask(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    before = Draft.objects.values().get()
    browser.post(
        f"{draft}stap/uw-gegevens/",
        {
            "naam": "Iemand Anders",
            "geboortedatum": "1-1-1950",
            "partnerUitBrp": "ja",
            "person_id": "1",
            "state": "submitted",
            "expires_at": "2099-01-01",
            "iban": "NL91ABNA0417164300",
            "naarWaarheid": "ja",
            "onbekend": "x",
            **ANSWERS["uw-gegevens"],
        },
    )
    row = Draft.objects.values().get()
    for column in (
        "uuid",
        "slug",
        "version_id",
        "person_id",
        "company_id",
        "state",
        "prefilled",
        "sources",
        "created_at",
    ):
        assert row[column] == before[column], column
    assert row["expires_at"].year < 2099
    assert {"naam", "geboortedatum", "partnerUitBrp", "iban", "naarWaarheid", "onbekend"}.isdisjoint(row["answers"])


@pytest.mark.parametrize("step", ["bestaat-niet", "uw-gegevens%00", "..%2Foverzicht"])
def test_a_step_that_is_not_in_the_form_is_not_there(town: SimulatorProcess, browser: Client, step: str) -> None:
    draft = given_draft(town, browser)
    assert browser.post(f"{draft}stap/{step}/", {"naam": "x"}).status_code == 404
    assert browser.get(f"{draft}stap/{step}/").status_code == 404


def test_a_draft_is_only_there_under_the_form_it_belongs_to(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    assert browser.get(draft.replace("/tozo/", "/melding/") + "overzicht/").status_code == 404


def test_a_form_that_is_sent_again_gives_the_same_receipt_and_nothing_more(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_submitted(town, browser)
    counts = [model.objects.count() for model in (Zaak, Receipt, Submission, OutboundMail)]
    for step in STEPS:
        answer = browser.post(f"{draft}stap/{step}/", {**ANSWERS[step], "telefoonnummer": "06 99999999"})
        assert answer["Location"] == f"{draft}ontvangst/"
    assert browser.post(f"{draft}bewaren/", {"_field": "telefoonnummer", "telefoonnummer": "06 9"}).status_code == 422
    late = browser.post(f"{draft}bestanden/", {"field": "bewijsBank", "file": a_file("laat.pdf", a_pdf())})
    assert late.status_code == 409
    assert "al verstuurd" in late.json()["error"]
    assert browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})["Location"] == f"{draft}ontvangst/"
    assert browser.post(f"{draft}weggooien/")["Location"] == f"{draft}ontvangst/"
    assert [model.objects.count() for model in (Zaak, Receipt, Submission, OutboundMail)] == counts
    assert Submission.objects.get().answers["telefoonnummer"] == "06 12345678"


def test_a_post_without_the_token_of_the_page_changes_nothing_and_says_so(town: SimulatorProcess) -> None:
    attacker = Client(enforce_csrf_checks=True)
    given_session(attacker, given_actor(NOOR))
    answer = attacker.post("/aanvragen/tozo/")
    assert answer.status_code == 403
    assert "Deze pagina was te oud" in answer.content.decode()
    assert not Draft.objects.exists()


# -- Sessions and drafts that are over or somebody else's --------------------------------------------------------------
def test_when_a_step_is_sent_by_the_request_that_ends_an_idle_session_then_its_owner_finds_it_after_logging_in_again(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    step = f"{draft}stap/uw-gegevens/"
    with clock_set_to(datetime.now(UTC) + timedelta(minutes=16)):
        # when: nothing is shown but that it is over
        answer = browser.post(step, ANSWERS["uw-gegevens"] | {"bsn": "999990019", "status": "submitted"})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/uitgelogd?reden=idle&next=")
        assert "uw-gegevens" in browser.get(answer["Location"]).content.decode()
        # then: once, and nothing after it
        kept = Draft.objects.values().get()
        assert kept["answers"]["telefoonnummer"] == "06 12345678"
        assert "bsn" not in kept["answers"]
        assert browser.post(step, {"telefoonnummer": "06 00000000"})["Location"].startswith("/inloggen/")
        for address, fields in (("bewaren/", {"_field": "telefoonnummer"}), ("bestanden/", {"field": "bewijsBank"})):
            script = browser.post(draft + address, fields, headers={"Accept": "application/json"})
            assert script.status_code == 401
            assert script.json()["login"].startswith("/inloggen/")
        assert browser.get(f"{draft}overzicht/")["Location"].startswith("/inloggen/")
        assert Draft.objects.values().get() == kept
        # and who it was sees it again, and nobody else
        other = Client()
        given_session(other, given_actor("999990202"))
        assert other.get(step).status_code in {302, 404}
        given_session(browser, given_actor(NOOR))
        assert "06 12345678" in browser.get(step, follow=True).content.decode()


@pytest.mark.parametrize("ended", ["by themselves", "long ago", "too much", "somebody else's"])
def test_a_step_that_is_sent_after_a_session_ended_otherwise_is_not_kept(
    town: SimulatorProcess, browser: Client, ended: str
) -> None:
    draft = given_draft(town, browser)
    before = Draft.objects.values().get()
    fields: dict[str, Any] = dict(ANSWERS["uw-gegevens"])
    late = timedelta(minutes=16)
    if ended == "by themselves":
        LoginSession.objects.update(ended_at=datetime.now(UTC), end_reason="elsewhere")
    elif ended == "long ago":
        late = timedelta(days=3)
    elif ended == "too much":
        fields["telefoonnummer"] = "0" * (600 * 1024)
    else:
        browser = Client()
        given_session(browser, given_actor("999990202"))
    with clock_set_to(datetime.now(UTC) + late):
        assert browser.post(f"{draft}stap/uw-gegevens/", fields).status_code in {302, 404}
    assert Draft.objects.values().get() == before


@pytest.mark.parametrize("cookie", ["", "0" * 32, "../../etc/passwd", "é" * 40, "x" * 5000])
def test_a_made_up_session_is_nobody_s(town: SimulatorProcess, browser: Client, cookie: str) -> None:
    draft = given_draft(town, browser)
    attacker = Client()
    attacker.cookies["stadhuis_portal"] = cookie.encode().decode("latin-1")
    assert attacker.get(f"{draft}stap/uw-gegevens/")["Location"].startswith("/inloggen/")
    assert attacker.post(f"{draft}weggooien/").status_code == 302
    assert Draft.objects.count() == 1


def test_a_session_of_the_portal_opens_nothing_in_the_workplace(town: SimulatorProcess, browser: Client) -> None:
    given_resident(town, browser)
    browser.cookies["stadhuis_werkplek"] = browser.cookies["stadhuis_portal"].value
    assert browser.get("/werkplek/")["Location"].startswith("/werkplek/inloggen/")


def test_another_resident_gets_no_part_of_a_draft_by_any_method(town: SimulatorProcess, browser: Client) -> None:
    draft = given_filled_in(town, browser)
    browser.post(f"{draft}bestanden/", {"field": "bewijsBank", "file": a_file("stuk.pdf", a_pdf())})
    file = DraftFile.objects.get()
    before = Draft.objects.values().get()
    other = Client()
    given_session(other, given_actor(BRAM))
    for address in [
        *(f"stap/{step}/" for step in STEPS),
        "overzicht/",
        "weggooien/",
        "ontvangst/",
        f"bestanden/{file.uuid}/",
    ]:
        assert other.get(draft + address).status_code == 404, address
    for address in [*(f"stap/{step}/" for step in STEPS), "overzicht/", "weggooien/", "bewaren/", "bestanden/"]:
        answer = other.post(draft + address, {"naarWaarheid": "ja", "verwijder": str(file.uuid), "_field": "naam"})
        assert answer.status_code == 404, address
    # Nor by a draft of their own.
    own = other.post("/aanvragen/tozo/")["Location"].split("stap/")[0]
    other.post(f"{own}stap/bewijsstukken/", {"verwijder": str(file.uuid)})
    assert other.get(f"{own}bestanden/{file.uuid}/").status_code == 404
    assert Draft.objects.values().get(pk=before["id"]) == before
    assert DraftFile.objects.count() == 1


def test_when_the_time_of_a_draft_is_over_then_it_is_gone_and_one_can_begin_again(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in(town, browser)
    with clock_set_to(datetime.now(UTC) + timedelta(days=31)):
        assert drafts.remove_expired() == 1
    for address in ("stap/uw-gegevens/", "overzicht/"):
        page = browser.get(draft + address)
        assert page.status_code == 404
        assert "Deze pagina bestaat niet" in page.content.decode()
        assert browser.post(draft + address, {"naarWaarheid": "ja"}).status_code == 404
    assert browser.post("/aanvragen/tozo/").status_code == 302
    assert not Submission.objects.exists()


# -- Files --------------------------------------------------------------------------------------------------------------
def a_zip_bomb(megabytes: int = 400) -> bytes:
    """A Word document of a few hundred kilobytes that becomes hundreds of megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as entry:
            for _ in range(megabytes):
                entry.write(bytes(1 << 20))
    return out.getvalue()


def a_lying_zip() -> bytes:
    """A zip whose table says that it unpacks to a kilobyte."""
    honest = a_zip_bomb(4)
    return honest.replace(struct.pack("<I", 4 << 20), struct.pack("<I", 1024))


def a_broken_zip() -> bytes:
    """A Word document of which the first part cannot be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 100)
        archive.writestr("word/document.xml", "<document/>")
    content = bytearray(out.getvalue())
    start = 30 + len("[Content_Types].xml")
    content[start : start + 12] = b"\xff" * 12
    return bytes(content)


BAD_FILES: list[tuple[str, Any, str]] = [
    ("brief.docx", a_zip_bomb, "uitpakken veel te groot"),
    ("brief.docx", a_lying_zip, "beschadigd"),
    ("stuk.docx", a_broken_zip, "beschadigd"),
    ("foto.png", a_pdf, "maar de inhoud is PDF"),
    ("brief.pdf", lambda: b"<html><script>alert(1)</script></html>", "kunnen wij niet aannemen"),
    ("plaatje.svg", lambda: b"<svg onload='alert(1)'/>", "kunnen wij niet aannemen"),
    ("factuur.pdf.exe", a_pdf, "maar de inhoud is PDF"),
    ("zonder-extensie", a_pdf, "maar de inhoud is PDF"),
    ("slot.pdf", lambda: a_pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim")), "wachtwoord"),
    ("half.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(2000), "niet compleet"),
    ("leeg.pdf", lambda: b"", "leeg"),
]


@pytest.mark.parametrize(
    ("name", "make", "says"), BAD_FILES, ids=[f"{name}-{says[:12]}" for name, _, says in BAD_FILES]
)
def test_a_file_that_lies_or_explodes_is_refused_on_the_page_and_to_the_script(
    town: SimulatorProcess, browser: Client, name: str, make: Any, says: str
) -> None:
    draft, content = given_draft(town, browser), make()
    page = browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsBank": a_file(name, content)})
    script = browser.post(f"{draft}bestanden/", {"field": "bewijsBank", "file": a_file(name, content)})
    assert page.status_code == script.status_code == 422
    assert says in page.content.decode()
    assert says in script.json()["error"]
    assert_nothing_kept()


def test_one_file_too_many_is_refused_and_let_go(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    answers = [
        browser.post(f"{draft}bestanden/", {"field": "bewijsBank", "file": a_file(f"{n}.pdf", a_pdf())})
        for n in range(25)
    ]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 422
    assert "niet meer dan" in answers[-1].json()["error"]
    held = StoredFile.objects.filter(state=StoredFile.State.KEPT).count()
    assert held == DraftFile.objects.count() < 25


@pytest.mark.parametrize("question", ["naam", "telefoonnummer", "bestaatNiet", ""])
def test_a_file_under_a_question_that_takes_none_is_refused(
    town: SimulatorProcess, browser: Client, question: str
) -> None:
    draft = given_draft(town, browser)
    answer = browser.post(f"{draft}bestanden/", {"field": question, "file": a_file("a.pdf", a_pdf())})
    assert answer.status_code == 400
    assert_nothing_kept()


def test_a_file_comes_back_as_a_download_that_can_do_nothing(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    browser.post(
        f"{draft}bestanden/", {"field": "bewijsBank", "file": a_file("x<img src=x onerror=alert(2)>;a=b.pdf", a_pdf())}
    )
    answer = browser.get(f"{draft}bestanden/{DraftFile.objects.get().uuid}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "a=b" not in str(answer.cookies)
    page = browser.get(f"{draft}stap/bewijsstukken/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


# -- Numbers that cannot be ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("step", "field", "typed", "says"),
    [
        ("inkomsten", "iban", "NL00ABNA0417164300", "rekeningnummer klopt niet"),
        ("inkomsten", "iban", "NL91ABNA0417164301", "rekeningnummer klopt niet"),
        ("inkomsten", "iban", "'; DROP TABLE zaken_zaak; --", "rekeningnummer klopt niet"),
        ("inkomsten", "iban", "👩‍💻" * 10, "rekeningnummer klopt niet"),
        ("inkomsten", "iban", "9" * 5000, "rekeningnummer klopt niet"),
        ("uw-huishouden", "partnerBsn", "123456789", "burgerservicenummer klopt niet"),
        ("uw-huishouden", "partnerBsn", "000000000", "burgerservicenummer klopt niet"),
        ("uw-huishouden", "partnerBsn", "99999019", "burgerservicenummer klopt niet"),
    ],
)
def test_an_impossible_number_is_named_and_cannot_be_handed_in(
    town: SimulatorProcess, browser: Client, step: str, field: str, typed: str, says: str
) -> None:
    draft = given_filled_in(town, browser)
    household = {"leefsituatie": "samen", "kinderen": "nee", "partnerNaam": "P. Artner"}
    base = household if step == "uw-huishouden" else ANSWERS[step]
    answer = browser.post(f"{draft}stap/{step}/", {**base, field: typed})
    if step == "uw-huishouden":  # the question only now appeared: asked again
        answer = browser.post(f"{draft}stap/{step}/", {**base, field: typed})
    answer = sent_back(browser, answer)
    assert any(says in text for text in errors_on(answer)), errors_on(answer)
    sent_back(browser, browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"}))
    assert_nothing_kept()


# -- Names ----------------------------------------------------------------------------------------------------------------
def given_filled_in_by_hand(town: SimulatorProcess, browser: Client, naam: str) -> tuple[str, Any]:
    """Fill everything in with the BRP silent, so that the name is typed; returns the draft and the answer to that step."""
    given_session(browser, given_actor(NOOR))
    town.switch(brp="down", kvk="down")
    draft = browser.post("/aanvragen/tozo/")["Location"].split("stap/")[0]
    by_hand = {
        "naam": naam,
        "geboortedatum": "14-3-1985",
        "woonland": "Nederland",
        "straat": "Lindelaan",
        "huisnummer": "7",
        "postcode": "9991 AB",
        "woonplaats": "Oeverveen",
    }
    first = None
    for step in STEPS:
        fields = {**ANSWERS[step], **(by_hand if step == "uw-gegevens" else {})}
        answer = browser.post(f"{draft}stap/{step}/", fields)
        first = first or answer
    return draft, first


@pytest.mark.parametrize(
    "naam", ["Zoë 👩‍💻🇳🇱 d'Œuvre", "محمد بن علي", "李小龍", XSS, '#import "/etc/passwd" $x$ *b*', "Z̴̡͍͘a̷l̸g̵o̶ \u202enoom"]
)
def test_whatever_someone_is_called_the_form_is_handed_in_and_the_pdf_is_made(
    town: SimulatorProcess, browser: Client, naam: str
) -> None:
    draft, answer = given_filled_in_by_hand(town, browser, naam)
    assert answer.status_code == 302, errors_on(answer)
    overview = browser.get(f"{draft}overzicht/").content.decode()
    assert "<script>alert" not in overview
    assert browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"}).status_code == 302
    submission = Submission.objects.get()
    for address in (f"{draft}ontvangst/", "/mijn/", f"/mijn/zaken/{submission.zaak_uuid}/"):
        page = browser.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    summary.make(submission.pk)
    submission.refresh_from_db()
    assert submission.summary_document is not None
    with documenten.open_document(submission.summary_document) as file, pikepdf.open(file) as pdf:
        assert len(pdf.pages) >= 1
        assert pdf.open_metadata().pdfa_status == "2A"


def test_a_name_of_100_000_characters_is_refused_in_words_and_never_handed_in(
    town: SimulatorProcess, browser: Client
) -> None:
    draft, answer = given_filled_in_by_hand(town, browser, "x" * 100_000)
    assert answer.status_code == 422
    assert any("te lang" in text for text in errors_on(answer)), errors_on(answer)
    assert len(answer.content) < 100_000
    assert "naam" not in Draft.objects.get().answers
    sent_back(browser, browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"}))
    assert_nothing_kept()


def test_a_form_of_three_megabytes_of_text_is_refused_in_words(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    before = Draft.objects.values().get()
    body = "telefoonnummer=" + "1" * 3_000_000
    kind = "application/x-www-form-urlencoded"
    for address in ("stap/uw-gegevens/", "bewaren/"):
        answer = browser.post(draft + address, body, content_type=kind)
        assert answer.status_code == 413
        assert "te groot" in answer.content.decode()
    assert browser.post(draft + "stap/uw-gegevens/", {f"f{n}": "x" for n in range(1100)}).status_code == 400
    assert Draft.objects.values().get() == before


# -- Two windows ----------------------------------------------------------------------------------------------------------
def test_when_one_window_throws_away_then_the_other_keeps_nothing(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    browser.post(f"{draft}weggooien/")
    for address in ("stap/uw-gegevens/", "bewaren/", "bestanden/", "overzicht/", "weggooien/"):
        assert browser.post(draft + address, {"_field": "telefoonnummer", "telefoonnummer": "06 1"}).status_code == 404
    assert not Draft.objects.exists()


def test_when_one_window_is_handed_in_then_the_other_leads_to_the_receipt(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in(town, browser)
    other = Client()
    given_session(other, given_actor(NOOR))
    assert other.get(f"{draft}stap/inkomsten/").status_code == 200
    browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    late = other.post(f"{draft}stap/inkomsten/", {**ANSWERS["inkomsten"], "winstPerMaand": "9999"})
    assert late["Location"] == f"{draft}ontvangst/"
    assert Submission.objects.get().answers["winstPerMaand"] == "350.00"


@pytest.fixture
def lasting_town(transactional_db: None, town: SimulatorProcess) -> SimulatorProcess:
    """The town in committed transactions, for windows that send at the same moment."""
    return town


def test_two_windows_that_hand_in_at_the_same_moment_make_one_zaak(
    lasting_town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in(lasting_town, browser)
    cookies = browser.cookies.output(header="", sep=";").strip()

    def press(_: int) -> str:
        window = Client()
        window.cookies.load(cookies)
        window.cookies["stadhuis_portal"] = browser.cookies["stadhuis_portal"].value
        try:
            return str(window.post(f"{draft}overzicht/", {"naarWaarheid": "ja"}).headers.get("Location"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as windows:
        led_to = set(windows.map(press, range(4)))
    assert led_to == {f"{draft}ontvangst/"}
    assert Zaak.objects.count() == Receipt.objects.count() == Submission.objects.count() == 1


# -- The nights the clock changes -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "2026-10-25"),  # 0:30 summer time
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25"),  # 2:30 for the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25"),  # 2:30 for the second time
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "2026-10-26"),  # 0:30 winter time
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "2027-03-28"),  # 1:59, a minute before 3:00
        (datetime(2027, 3, 28, 22, 30, tzinfo=UTC), "2027-03-29"),  # 0:30 summer time
    ],
)
def test_an_application_in_the_night_the_clock_changes_counts_on_the_dutch_day(
    town: SimulatorProcess, browser: Client, moment: datetime, day: str
) -> None:
    with clock_set_to(moment):
        draft, _ = given_filled_in_by_hand(town, browser, "Noor Verhagen")
        answer = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
        assert answer.status_code == 302
        receipt = browser.get(answer["Location"]).content.decode()
    zaak, submission = Zaak.objects.get(), Submission.objects.get()
    assert zaak.startdatum.isoformat() == day
    assert abs(submission.submitted_at - moment) < timedelta(minutes=2)
    assert f"om {local(submission.submitted_at):%H.%M} uur" in receipt


def test_in_the_night_the_clock_goes_back_fifteen_minutes_stay_fifteen_minutes(
    town: SimulatorProcess, browser: Client
) -> None:
    before = datetime(2026, 10, 25, 0, 55, tzinfo=UTC)  # 2:55; ten minutes later it is 2:05
    with clock_set_to(before):
        given_session(browser, given_actor(NOOR))
        assert browser.get("/mijn/").status_code == 200
    with clock_set_to(before + timedelta(minutes=14)):
        assert browser.get("/mijn/").status_code == 200
    with clock_set_to(before + timedelta(minutes=30)):
        assert browser.get("/mijn/")["Location"].startswith("/uitgelogd?reden=idle")
