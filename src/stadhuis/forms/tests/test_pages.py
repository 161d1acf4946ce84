"""Filling in and handing in over HTTP, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from stadhuis.documenten import public as documenten
from stadhuis.forms import summary
from stadhuis.forms.actions import drafts
from stadhuis.forms.models import Draft, DraftFile, Submission
from stadhuis.forms.tests.given import (
    ANSWERS,
    a_pdf,
    errors_on,
    given_draft,
    given_filled_in,
    given_resident,
    given_submitted,
    sent_back,
)
from stadhuis.kit import files
from stadhuis.kit.models import StoredFile
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import now

pytestmark = pytest.mark.django_db
BRAM = "999990202"


def a_file(name: str = "afschrift.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf() if content is None else content, content_type="application/pdf")


# -- Begin ------------------------------------------------------------------------------------------------------------


def test_when_a_resident_begins_then_the_brp_has_filled_in_who_they_are(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    page = browser.get(f"{draft}stap/uw-gegevens/").content.decode()
    assert "Verhagen" in page
    assert 'name="naam"' not in page
    assert 'name="telefoonnummer"' in page


def test_when_the_brp_is_down_then_its_questions_are_asked_by_hand_and_said_to_be_so(
    town: SimulatorProcess, browser: Client
) -> None:
    given_resident(town, browser)
    town.switch(brp="down")
    draft = browser.post("/aanvragen/tozo/")["Location"]
    page = browser.get(draft).content.decode()
    assert "Dat ligt aan ons, niet aan u" in page
    assert 'name="naam"' in page
    browser.post(draft, {"naam": "Noor Verhagen", "telefoonnummer": "06 12345678"})
    overview = browser.get(draft.split("stap/")[0] + "overzicht/").content.decode()
    assert "Zelf opgegeven" in overview


def test_when_the_level_is_too_low_then_the_form_is_not_shown(town: SimulatorProcess, browser: Client) -> None:
    from stadhuis.people.tests.given import given_resident_logged_in

    given_resident_logged_in(town, browser, niveau="midden")
    assert browser.get("/aanvragen/tozo/")["Location"].startswith("/inloggen/ophogen/")
    assert browser.post("/aanvragen/tozo/")["Location"].startswith("/inloggen/ophogen/")
    assert not Draft.objects.exists()


def test_when_there_is_a_draft_then_beginning_leads_to_it_and_anew_replaces_it(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    assert "Verder waar u was" in browser.get("/aanvragen/tozo/").content.decode()
    assert browser.post("/aanvragen/tozo/")["Location"].startswith(draft)
    anew = browser.post("/aanvragen/tozo/", {"keuze": "opnieuw"})["Location"]
    assert not anew.startswith(draft)
    assert Draft.objects.count() == 1


# -- Keep -------------------------------------------------------------------------------------------------------------


def test_when_an_answer_is_wrong_then_it_is_kept_and_said_what_to_change(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    answer = sent_back(
        browser, browser.post(f"{draft}stap/inkomsten/", {**ANSWERS["inkomsten"], "iban": "NL00 RABO 1"})
    )
    assert any("rekeningnummer klopt niet" in text for text in errors_on(answer))
    assert 'value="NL00 RABO 1"' in browser.get(f"{draft}stap/inkomsten/").content.decode()


def test_when_an_answer_brings_new_questions_then_they_are_asked_without_blame(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    answer = browser.post(f"{draft}stap/uw-huishouden/", {"leefsituatie": "samen", "kinderen": "nee"})
    page = sent_back(browser, answer).content.decode()
    assert "Er zijn vragen bij gekomen" in page
    assert 'aria-invalid="true"' not in page


def test_a_fact_of_the_brp_cannot_be_typed_over(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    browser.post(
        f"{draft}stap/uw-gegevens/", {**ANSWERS["uw-gegevens"], "naam": "Iemand Anders", "partnerUitBrp": "nee"}
    )
    row = Draft.objects.get()
    assert "naam" not in row.answers
    assert "partnerUitBrp" not in row.answers
    assert "Verhagen" in row.prefilled["naam"]["value"]


def test_each_field_is_kept_by_itself(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    kept = browser.post(f"{draft}bewaren/", {"_field": "telefoonnummer", "telefoonnummer": "06 87654321"})
    assert kept.status_code == 200
    other_device = Client()
    given_resident(town, other_device)
    assert "06 87654321" in other_device.get(f"{draft}stap/uw-gegevens/").content.decode()


def test_when_two_windows_change_one_answer_then_neither_is_lost(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    step = f"{draft}stap/uw-gegevens/"
    first = {"_revisie": "1", "_tab": "aaaaaaaaaaaa"}
    second = {"_revisie": "1", "_tab": "bbbbbbbbbbbb"}
    browser.post(step, {**first, "telefoonnummer": "06 11111111", "emailadres": "a@example.org"})
    answer = browser.post(step, {**second, "telefoonnummer": "06 22222222", "emailadres": "a@example.org"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "06 11111111" in page
    assert "06 22222222" in page
    assert Draft.objects.get().answers["telefoonnummer"] == "06 11111111"


@pytest.mark.parametrize("name", ["Zoë 👩‍💻 d'Œuvre", "x" * 100_000, "a\x00b", "a\ud800b"])
def test_strange_text_is_stored_safely_or_refused_in_words(town: SimulatorProcess, browser: Client, name: str) -> None:
    draft = given_draft(town, browser)
    typed = name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = browser.post(f"{draft}stap/uw-bedrijf/", {**ANSWERS["uw-bedrijf"], "bedrijfsnaam": typed})
    assert answer.status_code in (302, 422)
    stored = Draft.objects.get().answers.get("bedrijfsnaam", "")
    assert len(stored) <= 20_000
    assert "\x00" not in stored


def test_a_draft_of_someone_else_is_not_there(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    other = Client()
    given_resident(town, other, BRAM)
    for address in ("stap/uw-gegevens/", "overzicht/", "ontvangst/", "weggooien/"):
        assert other.get(draft + address).status_code == 404
    for address in ("stap/uw-gegevens/", "overzicht/", "bewaren/", "bestanden/", "weggooien/"):
        assert other.post(draft + address, {"_field": "telefoonnummer"}).status_code == 404
    assert Draft.objects.count() == 1


def test_when_nobody_is_logged_in_then_the_saved_step_is_where_one_returns(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    answer = Client().get(f"{draft}stap/inkomsten/")
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    assert "inkomsten" in answer["Location"]


def test_when_its_time_is_over_then_a_draft_goes_with_its_files(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsBank": a_file()})
    Draft.objects.update(expires_at=now() - timedelta(days=1))
    assert drafts.remove_expired() == 1
    assert not Draft.objects.exists()
    assert StoredFile.objects.get().state == StoredFile.State.DISCARDED
    assert files.sweep() == 1


# -- Files ------------------------------------------------------------------------------------------------------------


def test_when_a_file_is_added_then_it_is_kept_under_its_clean_name(town: SimulatorProcess, browser: Client) -> None:
    draft = given_draft(town, browser)
    browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsBank": a_file("mijn\u202eafschrift.pdf")})
    file = DraftFile.objects.get()
    assert file.naam == "mijnafschrift.pdf"
    assert StoredFile.objects.get().state == StoredFile.State.KEPT
    content = browser.get(f"{draft}bestanden/{file.uuid}/")
    assert b"".join(content).startswith(b"%PDF-")
    browser.post(f"{draft}stap/bewijsstukken/", {"verwijder": str(file.uuid)})
    assert not DraftFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leeg.pdf", b"", "leeg"),
        ("foto.pdf", b"\xff\xd8\xff\xe0" + bytes(500), "maar de inhoud is JPG"),
        ("virus.exe", b"MZ" + bytes(500), "kunnen wij niet aannemen"),
        ("kapot.pdf", b"%PDF-1.7 niets", "beschadigd"),
        ("kapot.docx", b"PK\x03\x04" + bytes(200), "beschadigd"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(
    town: SimulatorProcess, browser: Client, name: str, content: bytes, says: str
) -> None:
    draft = given_draft(town, browser)
    answer = browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsBank": a_file(name, content)})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not DraftFile.objects.exists()
    assert not StoredFile.objects.filter(state=StoredFile.State.KEPT).exists()


def test_when_a_body_is_two_gigabytes_then_it_is_refused_before_it_is_read(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    headers = {"CONTENT_LENGTH": str(2 * 1024**3), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    page = browser.generic("POST", f"{draft}stap/bewijsstukken/", b"--x", **headers)  # type: ignore[arg-type]
    script = browser.generic("POST", f"{draft}bestanden/", b"--x", **headers)  # type: ignore[arg-type]
    assert page.status_code == script.status_code == 413
    assert "te groot" in script.json()["error"]
    assert not StoredFile.objects.exists()


# -- Hand in ----------------------------------------------------------------------------------------------------------


def test_when_all_steps_are_right_then_handing_in_makes_one_case_with_a_receipt(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in(town, browser)
    browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsBank": a_file()})
    overview = browser.get(f"{draft}overzicht/").content.decode()
    assert "350,00" in overview
    first = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    again = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    submission = Submission.objects.get()
    receipt = browser.get(first["Location"]).content.decode()
    assert submission.zaak_identificatie in receipt
    assert "afschrift.pdf" in receipt
    assert submission.files[0]["sha256"] in receipt
    assert submission.answers["winstPerMaand"] == "350.00"
    assert submission.answers["naarWaarheid"] is True
    assert Draft.objects.get().answers == {}


def test_when_handed_in_then_every_page_of_the_draft_leads_to_the_receipt(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_submitted(town, browser)
    for address in ("stap/uw-gegevens/", "overzicht/", "weggooien/"):
        assert browser.get(draft + address)["Location"] == f"{draft}ontvangst/"
        assert browser.post(draft + address, {"_doe": "volgende"})["Location"] == f"{draft}ontvangst/"
    assert Submission.objects.count() == 1


def test_when_steps_were_skipped_then_nothing_is_handed_in_and_it_says_what_is_missing(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    browser.post(f"{draft}stap/bewijsstukken/", {})
    answer = sent_back(browser, browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"}))
    assert re.search(r'name="naarWaarheid"[^>]* checked', answer.content.decode())
    assert "nog niet compleet" in answer.content.decode()
    assert not Submission.objects.exists()


def test_when_the_declaration_is_not_ticked_then_nothing_is_handed_in(town: SimulatorProcess, browser: Client) -> None:
    draft = given_filled_in(town, browser)
    answer = sent_back(browser, browser.post(f"{draft}overzicht/", {}))
    assert errors_on(answer)
    assert not Submission.objects.exists()


def test_a_file_under_a_question_that_disappeared_is_let_go(town: SimulatorProcess, browser: Client) -> None:
    draft = given_filled_in(town, browser)
    browser.post(f"{draft}stap/bewijsstukken/", {"_doe": "toevoegen", "bewijsInkomen": a_file()})
    browser.post(
        f"{draft}stap/wat-u-aanvraagt/",
        {
            "watAanvragen": ["bedrijfskapitaal"],
            "leningBedrag": "5000",
            "leningReden": "Huur",
            "eerdereLening": "0",
            "surseance": "nee",
        },
    )
    answer = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    assert answer.status_code == 302
    assert Submission.objects.get().files == []
    assert StoredFile.objects.get().state == StoredFile.State.DISCARDED


def test_saving_a_step_takes_few_statements(
    town: SimulatorProcess, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    draft = given_draft(town, browser)
    with django_assert_max_num_queries(16):
        browser.post(f"{draft}stap/uw-gegevens/", ANSWERS["uw-gegevens"])


def test_handing_in_costs_hardly_more_with_more_files(town: SimulatorProcess, browser: Client) -> None:
    counted = []
    for number_of_files in (1, 1, 4):  # the first one brings the mail address as well
        draft = given_filled_in(town, browser)
        browser.post(
            f"{draft}stap/bewijsstukken/",
            {"bewijsBank": [a_file(f"{number}.pdf") for number in range(number_of_files)]},
        )
        with CaptureQueriesContext(connection) as statements:
            answer = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
        assert answer.status_code == 302
        counted.append(len(statements))
    assert [len(row.files) for row in Submission.objects.order_by("pk")] == [1, 1, 4]
    assert counted[1] <= 95
    assert counted[2] - counted[1] <= 3 * 3, (
        "what the trail and the subscribers get of each document and link is read back"
    )


def test_the_summary_becomes_one_pdf_however_often_the_job_runs(town: SimulatorProcess, browser: Client) -> None:
    given_submitted(town, browser)
    submission = Submission.objects.get()
    summary.make(submission.pk)
    summary.make(submission.pk)
    submission.refresh_from_db()
    assert submission.summary_document is not None
    with documenten.open_document(submission.summary_document) as file:
        assert file.read(5) == b"%PDF-"
    assert StoredFile.objects.filter(state=StoredFile.State.KEPT).count() == 1
