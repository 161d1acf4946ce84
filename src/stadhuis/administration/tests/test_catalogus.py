"""The catalogue: its versions, the next one, and taking it in and out, as an administrator sees and does it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.audit.models import Payload
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Zaaktype
from stadhuis.catalogi.tests.givens import catalogus_data, given_zaaktype
from stadhuis.kit.time import today
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
ROOT = "/werkplek/beheer/catalogus/"


@pytest.fixture
def ada() -> Client:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.catalogus"), username="ada"))
    return browser


def page_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return re.sub(r"\s+", " ", answer.content.decode())


def catalogus() -> UUID:
    return catalogi.catalogi()[0].uuid


def address(zaaktype: catalogi.ZaaktypeRecord | Zaaktype, deed: str = "") -> str:
    return f"{ROOT}{catalogus()}/zaaktypen/{zaaktype.uuid}/{deed}"


def typed(days: int) -> str:
    return f"{today() + timedelta(days=days):%d-%m-%Y}"


def sent(browser: Client, content: bytes, **more: str) -> HttpResponse:
    file = SimpleUploadedFile("catalogus.zip", content)
    return browser.post(f"{ROOT}inlezen/", {"bestand": file, **more})  # type: ignore[return-value]


# -- Looking -------------------------------------------------------------------------------------------------------------
def test_an_administrator_sees_catalogues_types_and_versions(ada: Client) -> None:
    zaaktype = given_zaaktype()
    assert "Testcatalogus (TEST)" in page_of(ada.get(ROOT))
    page = page_of(ada.get(f"{ROOT}{catalogus()}/"))
    assert "Melding doen" in page
    assert "Documenttypen" in page
    page = page_of(ada.get(address(zaaktype)))
    assert "Geldt nu" in page
    assert "3 statustypen, 2 resultaattypen, 5 roltypen" in page


def test_without_a_catalogue_the_page_says_how_to_get_one(ada: Client) -> None:
    assert "Nog geen catalogus" in page_of(ada.get(ROOT))


@pytest.mark.parametrize(
    "path", ["{no}/", "{no}/export/", "{cat}/zaaktypen/{no}/", "{cat}/onzin/{type}/", "{no}/zaaktypen/{type}/"]
)
def test_what_is_not_there_is_not_found(ada: Client, path: str) -> None:
    zaaktype = given_zaaktype()
    filled = path.format(no=uuid4(), cat=catalogus(), type=zaaktype.uuid)
    assert ada.get(f"{ROOT}{filled}").status_code == 404
    if "zaaktypen" in path or "onzin" in path:
        for deed in ("nieuwe-versie/", "publiceren/"):
            assert ada.post(f"{ROOT}{filled}{deed}", {"ingang": typed(3)}).status_code == 404
    assert Zaaktype.objects.count() == 1


def test_a_page_of_types_costs_the_same_statements_however_many_there_are(ada: Client) -> None:
    data = catalogus_data()
    counted: list[list[int]] = []
    for wanted in (1, 40):
        catalogi.build(
            {**data, "zaaktypen": [{**data["zaaktypen"][0], "identificatie": f"Z{one}"} for one in range(wanted)]}
        )
        paths = ("", f"{catalogus()}/", f"{catalogus()}/zaaktypen/{Zaaktype.objects.earliest('pk').uuid}/")
        ada.get(ROOT)
        counted.append([])
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                page_of(ada.get(f"{ROOT}{path}"))
            counted[-1].append(len(caught.captured_queries))
    assert counted[0] == counted[1]


# -- Versions ------------------------------------------------------------------------------------------------------------
def test_a_new_version_is_made_and_published_and_the_one_before_ends_the_day_before(ada: Client) -> None:
    # given
    zaaktype = given_zaaktype()
    # when
    answer = ada.post(address(zaaktype, "nieuwe-versie/"), {"ingang": typed(30), "reden": "Nieuwe wet"}, follow=True)
    # then
    page = page_of(answer)
    assert "staat klaar als concept" in page
    assert "Concept" in page
    assert "Geldt nu" in page
    made = Zaaktype.objects.get(concept=True)
    line = Payload.objects.latest("line_id")
    assert (line.actor_key, line.actie, line.toelichting) == ("staff:ada", "create", "Nieuwe wet")
    # when
    page = page_of(ada.post(address(made, "publiceren/"), {"ingang": typed(10)}, follow=True))
    # then
    assert "De versie is gepubliceerd" in page
    assert "Komt eraan" in page
    assert Zaaktype.objects.get(uuid=zaaktype.uuid).einde_geldigheid == today() + timedelta(days=9)
    assert Zaaktype.objects.get(uuid=made.uuid).begin_geldigheid == today() + timedelta(days=10)
    assert "1 komt eraan" in page_of(ada.get(f"{ROOT}{catalogus()}/"))


@pytest.mark.parametrize(
    ("ingang", "said"),
    [("", "dd-mm-jjjj"), ("31-02-2030", "dd-mm-jjjj"), ("01-01-0000", "dd-mm-jjjj"), ("01-01-2000", "Kies vandaag"), ("<b>", "dd-mm-jjjj")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_explained_at_its_field_and_nothing_is_made(
    ada: Client, ingang: str, said: str
) -> None:
    zaaktype = given_zaaktype()
    page = page_of(ada.post(address(zaaktype, "nieuwe-versie/"), {"ingang": ingang}), 422)
    assert said in page
    assert "Fout: " in page
    assert "<b>" not in page
    assert Zaaktype.objects.count() == 1


def test_what_stands_in_the_way_of_publishing_is_explained(ada: Client) -> None:
    # given: a version that is published for later, and a concept
    zaaktype = given_zaaktype()
    actor = given_staff(username="bert")
    later = catalogi.new_version(zaaktype.uuid, today() + timedelta(days=30), by=actor)
    catalogi.publish_version("zaaktypen", later, by=actor)
    catalogi.new_version(zaaktype.uuid, today() + timedelta(days=10), by=actor)
    concept = Zaaktype.objects.get(concept=True)
    # then
    for days, said in ((10, "Er is al een gepubliceerde versie"), (30, "Er is al een gepubliceerde versie")):
        assert said in page_of(ada.post(address(concept, "publiceren/"), {"ingang": typed(days)}), 422)
    assert "dd-mm-jjjj" in page_of(ada.post(address(concept, "publiceren/"), {"ingang": "morgen"}), 422)
    assert "Er is al een versie" in page_of(ada.post(address(zaaktype, "nieuwe-versie/"), {"ingang": typed(10)}), 422)
    assert Zaaktype.objects.get(pk=concept.pk).concept is True


# -- In and out ------------------------------------------------------------------------------------------------------------
def test_a_catalogue_goes_out_as_a_zip_and_comes_in_again(ada: Client) -> None:
    # given
    given_zaaktype()
    answer = ada.get(f"{ROOT}{catalogus()}/export/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="catalogus-TEST.zip"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert "ZaakType.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    # then
    assert "Alles stond er al" in page_of(sent(ada, answer.content))
    # when it is a catalogue that is not here yet
    other = renamed(answer.content)
    page = page_of(sent(ada, other, publiceren="ja"))
    assert "De catalogus is ingelezen" in page
    assert len(catalogi.catalogi()) == 2
    assert catalogi.zaaktype("ANDER:MELDING").omschrijving == "Melding doen"
    assert Payload.objects.filter(actie="create", actor_key="staff:ada").count() == 1 + 3 + 2 + 1


def renamed(content: bytes) -> bytes:
    """Return an export as if its catalogue had another domein."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as there, zipfile.ZipFile(target, "w") as here:
        for name in there.namelist():
            here.writestr(name, there.read(name).replace(b'"domein": "TEST"', b'"domein": "ANDER"'))
    return target.getvalue()


def test_what_does_not_come_in_is_explained_and_nothing_is_stored(ada: Client) -> None:
    given_zaaktype()
    export = ada.get(f"{ROOT}{catalogus()}/export/").content
    lines = Payload.objects.count()
    Zaaktype.objects.update(doel="<script>")
    page = page_of(sent(ada, export), 422)
    assert "Er is niets ingelezen. Er is 1 ding niet in orde." in page
    assert "hier al gepubliceerd" in page
    assert "Dit bestand is geen zip" in page_of(sent(ada, b"geen zip"), 422)
    assert "Kies een bestand" in page_of(ada.post(f"{ROOT}inlezen/"), 422)
    assert Payload.objects.count() == lines
    assert Zaaktype.objects.get().doel == "<script>"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(ada: Client) -> None:
    answer = ada.post(f"{ROOT}inlezen/", b"x", content_type="multipart/form-data; boundary=x", headers={"Content-Length": str(30 * 1024 * 1024)})  # fmt: skip
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


def test_a_file_without_a_token_against_forgery_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)
    given_session(browser, given_staff(access.GrantData("beheer.catalogus"), username="ada"))
    assert sent(browser, b"geen zip").status_code == 403


def test_the_day_that_the_form_offers_is_that_of_the_concept(ada: Client) -> None:
    zaaktype = given_zaaktype()
    catalogi.new_version(zaaktype.uuid, date(2040, 5, 6), by=given_staff(username="bert"))
    assert 'value="06-05-2040"' in page_of(ada.get(address(zaaktype)))
