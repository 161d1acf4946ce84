"""Documents of a zaak over HTTP (zrc-003, zrc-004, zrc-005, zrc-017)."""

from __future__ import annotations

from typing import Any

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.documenten.models import Objectinformatieobject
from stadhuis.documenten.tests.givens import given_document
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.zaken.models import Zaakinformatieobject
from stadhuis.zaken.tests.api.conftest import ANSWERS
from stadhuis.zaken.tests.api.givens import given_status, given_zaak

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
DOCUMENTS = "http://localhost:8000/documenten/api/v1/enkelvoudiginformatieobjecten"


def given_zio(api: ApiClient, zaak: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"zaak": zaak["url"], "informatieobject": f"{DOCUMENTS}/{given_document().uuid}", **more}
    made: dict[str, Any] = body_of(api.post("zaakinformatieobjecten", body), 201)
    return made


def test_zrc_004_when_a_document_is_added_then_the_server_says_how_it_relates(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    status = given_status(api, zaak, zaaktype.statustypen[0])
    sent = {
        "titel": "Kaart", "beschrijving": "Waar het is", "vernietigingsdatum": "2030-01-01T00:00:00+00:00",
        "status": status["url"],
    }  # fmt: skip
    zio = given_zio(api, zaak, aardRelatieWeergave="x", registratiedatum="2000-01-01T00:00:00Z", **sent)
    assert zio["aardRelatieWeergave"] == "Hoort bij, omgekeerd: kent"
    assert zio["registratiedatum"] > "2026"
    assert {key: zio[key] for key in sent} == sent
    assert body_of(api.get(zaak["url"]))["zaakinformatieobjecten"] == [zio["url"]]
    assert body_of(api.get(status["url"]))["zaakinformatieobjecten"] == [zio["url"]]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"{DOCUMENTS}/7f1d2c3b-0000-4000-8000-000000000000", "bad-url"),
        ("http://localhost:8000/zaken/api/v1/zaken/7f1d2c3b-0000-4000-8000-000000000000", "invalid-resource"),
        ("http://localhost:8000/iets", "bad-url"),
        ("http://169.254.169.254/latest/meta-data", "bad-url"),
    ],
)
def test_zrc_003_when_the_document_does_not_resolve_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype, url: str, code: str
) -> None:
    body = {"zaak": given_zaak(api, zaaktype)["url"], "informatieobject": url}
    assert faults(api.post("zaakinformatieobjecten", body)) == {"informatieobject": code}


def test_zrc_003_when_the_document_lies_elsewhere_then_it_is_asked_for_its_type(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _ = elsewhere
    kinds = {one.omschrijving: one.url for one in zaaktype.informatieobjecttypen}
    monkeypatch.setitem(ANSWERS, "/document", (200, f'{{"informatieobjecttype": "{kinds["Aanvraag"]}"}}', ""))
    monkeypatch.setitem(ANSWERS, "/vreemd", (200, '{"informatieobjecttype": "https://elders.example/1"}', ""))
    zaak = given_zaak(api, zaaktype)
    zio = given_zio(api, zaak, informatieobject=f"{host}/document")
    assert zio["informatieobject"] == f"{host}/document"
    assert body_of(api.get("zaakinformatieobjecten", informatieobject=f"{host}/document")) == [zio]
    body = {"zaak": zaak["url"]}
    for path, wrong in (
        ("/document", {"nonFieldErrors": "unique"}),
        ("/other", {"informatieobject": "invalid-resource"}),
        ("/text", {"informatieobject": "invalid-resource"}),
        ("/none", {"informatieobject": "bad-url"}),
        ("/inside", {"informatieobject": "bad-url"}),
        ("/vreemd", {"nonFieldErrors": "missing-zaaktype-informatieobjecttype-relation"}),
    ):
        assert faults(api.post("zaakinformatieobjecten", {**body, "informatieobject": host + path})) == wrong
    assert api.delete(zio["url"]).status_code == 204


def test_zrc_005_when_a_document_is_added_and_removed_then_the_register_of_documents_follows(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    zio = given_zio(api, zaak)
    mirror = Objectinformatieobject.objects.get()
    assert (str(mirror.object_uuid), mirror.object_type) == (zaak["uuid"], "zaak")
    assert api.delete(zio["url"]).status_code == 204
    assert not Objectinformatieobject.objects.exists()


def test_zrc_017_when_the_type_of_a_document_does_not_belong_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    url = f"{DOCUMENTS}/{given_document(soort='Advies').uuid}"
    body = {"zaak": given_zaak(api, zaaktype)["url"], "informatieobject": url}
    wrong = {"nonFieldErrors": "missing-zaaktype-informatieobjecttype-relation"}
    assert faults(api.post("zaakinformatieobjecten", body)) == wrong
    assert not Zaakinformatieobject.objects.exists()


def test_when_a_document_is_there_already_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    zio = given_zio(api, zaak)
    again = {"zaak": zaak["url"], "informatieobject": zio["informatieobject"]}
    assert faults(api.post("zaakinformatieobjecten", again)) == {"nonFieldErrors": "unique"}


def test_when_the_status_is_of_another_zaak_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    status = given_status(api, given_zaak(api, zaaktype), zaaktype.statustypen[0])
    zio = given_zio(api, zaak)
    assert faults(api.patch(zio["url"], {"status": status["url"]})) == {"status": "zaak-status-mismatch"}
    assert faults(api.patch(zio["url"], {"status": zaak["url"]})) == {"status": "no_match"}


def test_zrc_004_when_a_relation_changes_then_zaak_and_document_stay(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    zio = given_zio(api, zaak, titel="Kaart", beschrijving="Waar het is")
    assert body_of(api.patch(zio["url"], {"titel": "Plattegrond"}))["beschrijving"] == "Waar het is"
    same = {"zaak": zaak["url"], "informatieobject": zio["informatieobject"]}
    replaced = body_of(api.put(zio["url"], same))
    assert (replaced["titel"], replaced["beschrijving"], replaced["status"]) == ("", "", None)
    wrong = {"zaak": other["url"], "informatieobject": f"{DOCUMENTS}/{given_document().uuid}"}
    assert faults(api.patch(zio["url"], wrong)) == dict.fromkeys(wrong, "wijzigen-niet-toegelaten")


def test_when_documents_are_narrowed_then_only_those_are_given(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    zio = given_zio(api, zaak)
    given_zio(api, given_zaak(api, zaaktype))
    assert body_of(api.get("zaakinformatieobjecten", zaak=zaak["url"])) == [zio]
    assert body_of(api.get("zaakinformatieobjecten", informatieobject=zio["informatieobject"])) == [zio]
    assert body_of(api.get("zaakinformatieobjecten", informatieobject="https://elders.example/1")) == []


def test_when_a_list_without_pages_would_be_too_long_then_a_filter_is_asked(
    api: ApiClient, zaaktype: Zaaktype, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadhuis.kit.api import resource

    zaak = given_zaak(api, zaaktype)
    for _ in range(2):
        given_zio(api, zaak)
    monkeypatch.setattr(resource, "LONGEST_LIST", 1)
    monkeypatch.setattr(resource, "_statements", type(resource._statements)())
    assert faults(api.get("zaakinformatieobjecten")) == {"nonFieldErrors": "too-many-results"}
