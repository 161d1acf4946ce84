"""The Besluiten API over HTTP: rules brc-001 to brc-009, who may, bad input, trail and processing log."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.besluiten.api import API
from stadhuis.besluiten.models import Besluit
from stadhuis.besluiten.resource import BESLUIT, BESLUITINFORMATIEOBJECT
from stadhuis.besluiten.tests.api.conftest import ROOT
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Besluittype
from stadhuis.catalogi.tests.givens import given_resultaattype_data, given_zaaktype
from stadhuis.documenten.models import Objectinformatieobject
from stadhuis.documenten.tests.givens import given_document
from stadhuis.kit.api.testing import ApiClient, body_of, faults, prescribed_document, unargued
from stadhuis.kit.time import today
from stadhuis.notificaties.models import Notificatie
from stadhuis.people import public as people
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.api.conftest import ANSWERS
from stadhuis.zaken.tests.api.givens import (
    RSIN,
    SECRET,
    given_closed_zaak,
    given_resultaat,
    given_status,
    given_zaak,
    status_body,
)
from stadhuis.zaken.tests.api.test_parts import HOSTILE
from stadhuis.zaken.tests.api.test_rollen import rol_body, roltype
from stadhuis.zaken.tests.givens import BSN

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
ARGUED = Path(__file__).parent / "argued_differences.txt"
DOCUMENTS = "http://localhost:8000/documenten/api/v1/enkelvoudiginformatieobjecten"
NOWHERE = "7f1d2c3b-0000-4000-8000-000000000000"
SCOPES = ("besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken", "besluiten.verwijderen", "audittrails.lezen")


def besluittype_url(omschrijving: str = "Vergunning", *, domein: str = "TEST") -> str:
    uuid = Besluittype.objects.get(omschrijving=omschrijving, catalogus__domein=domein).uuid
    return f"http://localhost:8000/catalogi/api/v1/besluittypen/{uuid}"


def besluit_body(zaak: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    return {
        "verantwoordelijkeOrganisatie": RSIN,
        "besluittype": besluittype_url(),
        "datum": "2026-03-05",
        "ingangsdatum": "2026-03-06",
        **({"zaak": zaak["url"]} if zaak else {}),
        **more,
    }


def given_besluit(api: ApiClient, zaak: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = body_of(api.post("besluiten", besluit_body(zaak, **more)), 201)
    return made


def given_relation(api: ApiClient, besluit: dict[str, Any]) -> dict[str, Any]:
    body = {"besluit": besluit["url"], "informatieobject": f"{DOCUMENTS}/{given_document(soort='Besluit').uuid}"}
    made: dict[str, Any] = body_of(api.post("besluitinformatieobjecten", body), 201)
    return made


def given_application(client_id: str, *scopes: str, besluittype: str = "Vergunning") -> ApiClient:
    """Admit an application for one besluittype."""
    rights = [access.AutorisatieData("brc", scopes, type_ref=f"TEST:{besluittype}")]
    access.create_applicatie(client_id, [client_id], SECRET, heeft_alle_autorisaties=False, autorisaties=rights)
    return ApiClient(ROOT, client_id, SECRET)


# -- The document -----------------------------------------------------------------------------------------------------
def test_the_document_is_that_of_the_standard_but_for_what_is_argued() -> None:
    prescribed = prescribed_document("besluiten-1.1.0.yaml")
    assert unargued(API, prescribed, ARGUED) == ([], [])
    assert set(API.operations) == set(prescribed["paths"])


# -- Besluiten --------------------------------------------------------------------------------------------------------
def test_when_everything_is_sent_then_everything_comes_back(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    sent = besluit_body(
        zaak, identificatie="B-1", toelichting="Omdat", bestuursorgaan="College", vervaldatum="2027-03-06",
        vervalreden="tijdelijk", publicatiedatum="2026-03-07", verzenddatum="2026-03-08", uiterlijkeReactiedatum="2026-04-19",
    )  # fmt: skip
    answer = api.post("besluiten", sent)
    besluit = body_of(answer, 201)
    assert answer["Location"] == besluit["url"]
    assert answer["API-version"] == "1.1.0"
    assert {key: besluit[key] for key in sent} == sent
    assert besluit["vervalredenWeergave"] == "Besluit met tijdelijke werking"
    assert body_of(api.get(besluit["url"])) == besluit
    again = api.send("GET", besluit["url"], headers={"If-None-Match": api.get(besluit["url"])["ETag"]})
    assert again.status_code == 304


def test_when_little_is_sent_then_the_rest_is_empty_and_there_is_a_number(api: ApiClient, zaaktype: Zaaktype) -> None:
    besluit = given_besluit(api)
    assert besluit["identificatie"].startswith("BESLUIT-")
    assert (besluit["zaak"], besluit["vervalreden"], besluit["vervalredenWeergave"]) == ("", "", "")
    assert besluit["vervaldatum"] is besluit["uiterlijkeReactiedatum"] is None


def test_when_much_is_wrong_then_all_of_it_is_reported(api: ApiClient, zaaktype: Zaaktype) -> None:
    wrong = {
        "verantwoordelijkeOrganisatie": "1",
        "datum": "0000-01-01",
        "vervalreden": "zomaar",
        "bestuursorgaan": None,
    }
    assert faults(api.post("besluiten", wrong)) == {
        "verantwoordelijkeOrganisatie": "invalid-length", "datum": "invalid", "vervalreden": "invalid_choice",
        "bestuursorgaan": "null", "besluittype": "required", "ingangsdatum": "required",
    }  # fmt: skip
    ahead = (today() + timedelta(days=1)).isoformat()
    found = faults(
        api.post("besluiten", besluit_body(datum=ahead, zaak=f"http://localhost:8000/zaken/api/v1/zaken/{NOWHERE}"))
    )
    assert found == {"datum": "future_not_allowed", "zaak": "no_match"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"http://localhost:8000/catalogi/api/v1/besluittypen/{NOWHERE}", "bad-url"),
        (f"http://localhost:8000/catalogi/api/v1/zaaktypen/{NOWHERE}", "invalid-resource"),
        ("http://10.0.0.1/", "bad-url"),
    ],
)
def test_brc_001_when_the_besluittype_does_not_resolve_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype, url: str, code: str
) -> None:
    assert faults(api.post("besluiten", besluit_body(besluittype=url))) == {"besluittype": code}


def test_brc_001_when_the_besluittype_is_a_concept_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    Besluittype.objects.filter(omschrijving="Vergunning").update(concept=True)
    assert faults(api.post("besluiten", besluit_body())) == {"besluittype": "not-published"}


def test_brc_002_when_a_number_is_taken_then_it_is_refused_within_the_organisation_only(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    given_besluit(api, identificatie="B-1")
    again = besluit_body(identificatie="B-1")
    assert faults(api.post("besluiten", again)) == {"identificatie": "identificatie-niet-uniek"}
    body_of(api.post("besluiten", {**again, "verantwoordelijkeOrganisatie": "002220647"}), 201)


def test_brc_001_002_006_when_a_besluit_changes_then_what_is_fixed_stays(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    besluit = given_besluit(api, zaak, toelichting="Omdat")
    assert body_of(api.patch(besluit["url"], {"bestuursorgaan": "Raad"}))["toelichting"] == "Omdat"
    replaced = body_of(api.put(besluit["url"], besluit_body(zaak)))
    assert (replaced["toelichting"], replaced["identificatie"]) == ("", besluit["identificatie"])
    wrong = {
        "identificatie": "B-2", "verantwoordelijkeOrganisatie": "002220647", "besluittype": besluittype_url("Ontheffing"),
        "zaak": given_zaak(zaken_api, zaaktype)["url"],
    }  # fmt: skip
    assert faults(api.patch(besluit["url"], wrong)) == dict.fromkeys(wrong, "wijzigen-niet-toegelaten")
    assert faults(api.patch(besluit["url"], {"datum": (today() + timedelta(days=1)).isoformat()})) == {
        "datum": "future_not_allowed"
    }


def test_brc_006_when_a_besluit_has_a_zaak_then_the_zaak_knows_it_until_it_goes(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    besluit = given_besluit(api, zaak)
    (mirror,) = body_of(zaken_api.get(f"{zaak['url']}/besluiten", expand="besluit.besluittype"))
    assert mirror["besluit"] == besluit["url"]
    assert mirror["_expand"]["besluit"]["_expand"]["besluittype"]["omschrijving"] == "Vergunning"
    again = zaken_api.post(f"{zaak['url']}/besluiten", {"besluit": besluit["url"]})
    assert faults(again) == {"nonFieldErrors": "unique"}
    assert api.delete(besluit["url"]).status_code == 204
    assert body_of(zaken_api.get(f"{zaak['url']}/besluiten")) == []


def test_brc_006_when_the_zaak_lies_elsewhere_then_its_address_is_kept(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _ = elsewhere
    monkeypatch.setitem(ANSWERS, "/zaak", (200, '{"zaaktype": "https://elders.example/1"}', ""))
    besluit = given_besluit(api, zaak=f"{host}/zaak")
    assert besluit["zaak"] == f"{host}/zaak"
    assert body_of(api.get("besluiten", zaak=f"{host}/zaak"))["count"] == 1
    for path, code in (("/other", "invalid-resource"), ("/none", "bad-url"), ("/inside", "bad-url")):
        assert faults(api.post("besluiten", besluit_body(zaak=host + path))) == {"zaak": code}


def test_brc_007_when_the_besluittype_is_not_of_the_zaaktype_then_it_is_refused(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    body = besluit_body(given_zaak(zaken_api, zaaktype), besluittype=besluittype_url("Ontheffing"))
    assert faults(api.post("besluiten", body)) == {"nonFieldErrors": "zaaktype-mismatch"}


def test_zrc_007_when_the_zaak_is_closed_then_a_besluit_takes_the_forced_scope_there(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_closed_zaak(zaken_api, zaaktype)
    limited = given_application("gewoon", *SCOPES)
    assert limited.post("besluiten", besluit_body(zaak)).status_code == 403
    assert not Besluit.objects.exists()
    given_besluit(api, zaak)


@pytest.mark.parametrize(
    ("way", "day"), [("ingangsdatum_besluit", "2036-03-06"), ("vervaldatum_besluit", "2037-03-06")]
)
def test_zrc_021_when_a_besluit_tells_the_brondatum_then_it_counts(
    api: ApiClient, zaken_api: ApiClient, way: str, day: str
) -> None:
    zaaktype = given_zaaktype(resultaattypen=[given_resultaattype_data(brondatum={"afleidingswijze": way})])
    zaak = given_zaak(zaken_api, zaaktype)
    given_resultaat(zaken_api, zaak, zaaktype.resultaattypen[0])
    closing = status_body(zaak, zaaktype.eindstatus)
    assert faults(zaken_api.post("statussen", closing)) == {"nonFieldErrors": "archiefactiedatum-error"}
    given_besluit(api, zaak, vervaldatum="2027-03-06")
    given_besluit(api, zaak, ingangsdatum="2025-01-01", vervaldatum="2026-01-01")
    given_status(zaken_api, zaak, zaaktype.eindstatus)
    assert body_of(zaken_api.get(zaak["url"]))["archiefactiedatum"] == day


def test_brc_009_when_a_besluit_is_removed_then_nothing_of_it_is_left_but_its_documents(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    besluit = given_besluit(api)
    relation = given_relation(api, besluit)
    assert api.delete(besluit["url"]).status_code == 204
    for address in (besluit["url"], relation["url"], f"{besluit['url']}/audittrail"):
        assert api.get(address).status_code == 404
    assert not list(audit.trail_of(UUID(besluit["url"].rsplit("/", 1)[1])))
    assert not Objectinformatieobject.objects.exists()


# -- Documents --------------------------------------------------------------------------------------------------------
def test_brc_003_when_the_document_does_not_resolve_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    besluit = given_besluit(api)
    host, _ = elsewhere
    kind = next(one.url for one in zaaktype.informatieobjecttypen if one.omschrijving == "Besluit")
    monkeypatch.setitem(ANSWERS, "/document", (200, json.dumps({"informatieobjecttype": kind}), ""))
    monkeypatch.setitem(ANSWERS, "/vreemd", (200, '{"informatieobjecttype": "https://elders.example/1"}', ""))
    for url, wrong in (
        (f"{DOCUMENTS}/{NOWHERE}", {"informatieobject": "bad-url"}),
        (besluit["url"], {"informatieobject": "invalid-resource"}),
        (f"{host}/none", {"informatieobject": "bad-url"}),
        (f"{host}/other", {"informatieobject": "invalid-resource"}),
        (f"{host}/vreemd", {"nonFieldErrors": "missing-besluittype-informatieobjecttype-relation"}),
    ):
        body = {"besluit": besluit["url"], "informatieobject": url}
        assert faults(api.post("besluitinformatieobjecten", body)) == wrong
    body["informatieobject"] = f"{host}/document"
    relation = body_of(api.post("besluitinformatieobjecten", body), 201)
    assert faults(api.post("besluitinformatieobjecten", body)) == {"nonFieldErrors": "unique"}
    assert body_of(api.get("besluitinformatieobjecten", informatieobject=f"{host}/document")) == [relation]


def test_brc_005_when_a_document_is_added_and_removed_then_the_register_of_documents_follows(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    besluit = given_besluit(api)
    relation = given_relation(api, besluit)
    assert Objectinformatieobject.objects.get().object_type == "besluit"
    assert body_of(api.get("besluitinformatieobjecten", besluit=besluit["url"])) == [relation]
    again = {"besluit": besluit["url"], "informatieobject": relation["informatieobject"]}
    assert faults(api.post("besluitinformatieobjecten", again)) == {"nonFieldErrors": "unique"}
    assert api.patch(relation["url"], {}).status_code == 405
    assert api.delete(relation["url"]).status_code == 204
    assert api.delete(relation["url"]).status_code == 404
    assert not Objectinformatieobject.objects.exists()


def test_brc_008_when_the_type_of_a_document_is_not_of_the_besluittype_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    body = {"besluit": given_besluit(api)["url"], "informatieobject": f"{DOCUMENTS}/{given_document().uuid}"}
    wrong = {"nonFieldErrors": "missing-besluittype-informatieobjecttype-relation"}
    assert faults(api.post("besluitinformatieobjecten", body)) == wrong


# -- Who may ----------------------------------------------------------------------------------------------------------
def test_when_an_application_has_one_besluittype_then_it_sees_and_changes_only_that(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    mine, other = given_besluit(api), given_besluit(api, besluittype=besluittype_url("Ontheffing"))
    relation = given_relation(api, mine)
    limited = given_application("beperkt", *SCOPES)
    assert [one["url"] for one in body_of(limited.get("besluiten"))["results"]] == [mine["url"]]
    assert body_of(limited.get("besluitinformatieobjecten")) == [relation]
    stranger = given_application("vreemd", *SCOPES, besluittype="Ontheffing")
    assert body_of(stranger.get("besluitinformatieobjecten")) == []
    for address in (mine["url"], relation["url"], f"{mine['url']}/audittrail"):
        assert stranger.get(address).status_code == 403
        assert limited.get(address).status_code == 200
    for method, address, body in (
        ("PUT", mine["url"], besluit_body()),
        ("PATCH", mine["url"], {}),
        ("DELETE", mine["url"], None),
        ("DELETE", relation["url"], None),
        ("POST", "besluiten", besluit_body()),
        (
            "POST",
            "besluitinformatieobjecten",
            {"besluit": mine["url"], "informatieobject": relation["informatieobject"]},
        ),
    ):
        assert stranger.send(method, address, body).status_code == 403, (method, address)
    assert limited.delete(other["url"]).status_code == 403
    reader = given_application("lezer", "besluiten.lezen")
    assert reader.post("besluiten", besluit_body()).status_code == 403
    assert reader.get(f"{mine['url']}/audittrail").status_code == 403


def test_when_the_zaak_may_not_be_seen_then_expand_does_not_show_it(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    besluit = given_besluit(api, given_zaak(zaken_api, zaaktype))
    limited = given_application("beperkt", *SCOPES)
    assert limited.get(besluit["url"], expand="zaak").status_code == 404
    (listed,) = body_of(limited.get("besluiten", expand="zaak"))["results"]
    assert listed["_expand"] == {"zaak": {}}
    assert body_of(api.get(besluit["url"], expand="zaak"))["_expand"]["zaak"]["url"] == besluit["zaak"]


# -- Reading, told, written down --------------------------------------------------------------------------------------
def test_when_besluiten_are_narrowed_then_only_those_are_given(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    besluit = given_besluit(api, zaak, identificatie="B-1")
    given_besluit(api, besluittype=besluittype_url("Ontheffing"), verantwoordelijkeOrganisatie="002220647")
    for query in (
        {"identificatie": "B-1"}, {"verantwoordelijkeOrganisatie": RSIN}, {"besluittype": besluittype_url()},
        {"zaak": zaak["url"]},
    ):  # fmt: skip
        assert [one["url"] for one in body_of(api.get("besluiten", **query))["results"]] == [besluit["url"]], query
    for query in ({"pageSize": "-1"}, {"page": "x"}, {"zaak": "geen-url"}, {"onbekend": "1"}):
        assert api.get("besluiten", **query).status_code == 400
    assert api.get("besluiten", page="2").status_code == 404
    assert api.get("besluiten", expand="bestaat_niet").status_code == 404


@pytest.mark.parametrize("path", ["besluiten", "besluitinformatieobjecten"])
def test_when_a_list_is_asked_then_its_statements_do_not_grow(api: ApiClient, zaaktype: Zaaktype, path: str) -> None:
    given_relation(api, given_besluit(api))
    with CaptureQueriesContext(connection) as for_one:
        api.get(path)
    for _ in range(10):
        given_relation(api, given_besluit(api))
    with CaptureQueriesContext(connection) as for_many:
        found = body_of(api.get(path))
    assert len(found if isinstance(found, list) else found["results"]) == 11
    assert len(for_many) <= len(for_one)


def test_when_a_besluit_is_written_then_trail_and_channel_tell_it(api: ApiClient, zaaktype: Zaaktype) -> None:
    besluit = given_besluit(api)
    body_of(api.patch(besluit["url"], {"toelichting": "Omdat"}))
    relation = given_relation(api, besluit)
    api.delete(relation["url"])
    trail = body_of(api.get(f"{besluit['url']}/audittrail"))
    assert [(line["resource"], line["actie"], line["resultaat"]) for line in trail] == [
        ("besluit", "create", 201), ("besluit", "partial_update", 200), ("besluitinformatieobject", "create", 201),
        ("besluitinformatieobject", "destroy", 204),
    ]  # fmt: skip
    assert trail[1]["wijzigingen"]["oud"]["toelichting"] == ""
    assert trail[1]["wijzigingen"]["nieuw"]["toelichting"] == "Omdat"
    assert trail[2]["resourceUrl"] == relation["url"]
    assert body_of(api.get(f"{besluit['url']}/audittrail/{trail[0]['uuid']}")) == trail[0]
    told = Notificatie.objects.filter(kanaal="besluiten").order_by("id")
    assert [one.actie for one in told] == ["create", "partial_update", "create", "destroy"]
    assert told[0].kenmerken == {"verantwoordelijkeOrganisatie": RSIN, "besluittype": besluit["besluittype"]}


def test_when_a_besluit_is_read_then_the_persons_of_its_zaak_are_logged(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    body_of(zaken_api.post("rollen", rol_body(zaak, roltype(zaaktype))), 201)
    besluit = given_besluit(api, zaak)
    person = people.find_person(BSN)
    assert person is not None
    for address in (besluit["url"], "besluiten", f"{besluit['url']}/audittrail"):
        before = len(audit.processing_of(person))
        body_of(api.get(address))
        assert len(audit.processing_of(person)) == before + 1


@pytest.mark.parametrize("resource", [BESLUIT, BESLUITINFORMATIEOBJECT])
def test_when_any_field_holds_what_it_cannot_then_the_answer_is_the_standards_and_never_5xx(
    api: ApiClient, zaaktype: Zaaktype, resource: Any
) -> None:
    body = besluit_body()
    if resource is BESLUITINFORMATIEOBJECT:
        body = {
            "besluit": given_besluit(api)["url"],
            "informatieobject": f"{DOCUMENTS}/{given_document(soort='Besluit').uuid}",
        }
    for key, field in resource.shape.keys.items():
        for value in [] if field.read_only else HOSTILE:
            answer = api.send("POST", resource.path, raw=json.dumps({**body, key: value}).encode())
            assert answer.status_code in (201, 400), (key, value, answer.content)


def test_when_a_zaak_has_a_besluit_then_it_is_not_removed(
    api: ApiClient, zaken_api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(zaken_api, zaaktype)
    besluit = given_besluit(api, zaak)
    assert faults(zaken_api.delete(zaak["url"])) == {"nonFieldErrors": "related-besluiten"}
    api.delete(besluit["url"])
    assert zaken_api.delete(zaak["url"]).status_code == 204
    assert not Zaak.objects.exists()
