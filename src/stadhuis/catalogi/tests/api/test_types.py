"""The three main types over HTTP: concept and published, versions, relations by name. Rules ztc-001, 009, 014, 016, 017."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.audit.models import Payload
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Zaaktype
from stadhuis.catalogi.tests.api.given import (
    PARTS,
    besluittype_body,
    catalogus_body,
    given_applicatie,
    informatieobjecttype_body,
    made,
    zaaktype_body,
)
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.kit.api.testing import ApiClient, body_of, faults

Json = dict[str, Any]
pytestmark = pytest.mark.django_db
MAIN = ("zaaktypen", "informatieobjecttypen", "besluittypen")
BODIES = {
    "zaaktypen": zaaktype_body,
    "informatieobjecttypen": informatieobjecttype_body,
    "besluittypen": besluittype_body,
}


# -- Catalogues --------------------------------------------------------------------------------------------------------
def test_a_catalogue_is_made_changed_and_removed(api: ApiClient) -> None:
    # when
    found = made(api, "catalogussen", catalogus_body(naam="Oeverveen"))
    # then
    assert found["zaaktypen"] == []
    assert body_of(api.get(found["url"])) == found
    changed = body_of(api.patch(found["url"], {"naam": "Nieuw", "domein": "ANDER"}))
    assert (changed["naam"], changed["domein"]) == ("Nieuw", "ANDER")
    replaced = body_of(api.put(found["url"], catalogus_body()))
    assert replaced["naam"] == ""
    assert api.delete(found["url"]).status_code == 204
    assert api.get(found["url"]).status_code == 404


def test_a_second_catalogue_of_the_same_domain_is_refused(api: ApiClient, catalogus: Json) -> None:
    assert faults(api.post("catalogussen", catalogus_body())) == {"nonFieldErrors": "unique"}
    assert body_of(api.get("catalogussen"))["count"] == 1


def test_all_faults_of_a_catalogue_come_together(api: ApiClient) -> None:
    wrong = {"domein": "TE LANG", "rsin": "123456789", "contactpersoonBeheerEmailadres": "geen adres"}
    assert faults(api.post("catalogussen", wrong)) == {
        "domein": "max_length",
        "rsin": "invalid",
        "contactpersoonBeheerNaam": "required",
        "contactpersoonBeheerEmailadres": "invalid",
    }


def test_ztc_017_a_catalogue_that_holds_something_stays(api: ApiClient, catalogus: Json, zaaktype: Json) -> None:
    answer = api.delete(catalogus["url"])
    assert answer.status_code == 409
    assert body_of(answer, 409)["code"] == "CATALOG_NOT_EMPTY"
    assert api.get(catalogus["url"]).status_code == 200


def test_a_domain_that_types_bear_in_their_name_does_not_change(
    api: ApiClient, catalogus: Json, zaaktype: Json
) -> None:
    assert faults(api.patch(catalogus["url"], {"domein": "X"})) == {"domein": "wijzigen-niet-toegelaten"}


# -- Concept and published -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", MAIN)
def test_a_type_begins_as_a_concept_and_is_listed_when_it_is_published(
    api: ApiClient, catalogus: Json, path: str
) -> None:
    # when
    found = made(api, path, BODIES[path](catalogus, concept=False))
    # then
    assert found["concept"] is True
    assert body_of(api.get(path))["count"] == 0
    assert body_of(api.get(path, status="concept"))["count"] == 1
    # when
    published = body_of(api.post(f"{found['url']}/publish", {}))
    # then
    assert published["concept"] is False
    assert [one["url"] for one in body_of(api.get(path))["results"]] == [found["url"]]
    assert body_of(api.get(path, status="concept"))["count"] == 0
    assert body_of(api.get(path, status="alles", catalogus=catalogus["url"]))["count"] == 1
    assert body_of(api.get(path, catalogus=catalogus["url"].replace("-", "0", 1)[:-1]))["count"] == 0
    assert faults(api.get(path, status="soms")) == {"status": "invalid_choice"}


@pytest.mark.parametrize("path", MAIN)
def test_ztc_009_a_published_version_changes_only_its_last_day(
    api: ApiClient, writer: ApiClient, catalogus: Json, path: str
) -> None:
    # given
    found = made(api, path, BODIES[path](catalogus))
    body_of(api.post(f"{found['url']}/publish", {}))
    # then
    assert faults(writer.patch(found["url"], {"omschrijving": "Anders"})) == {"nonFieldErrors": "non-concept-object"}
    assert faults(writer.put(found["url"], BODIES[path](catalogus))) == {"nonFieldErrors": "non-concept-object"}
    assert faults(writer.delete(found["url"])) == {"nonFieldErrors": "non-concept-object"}
    changed = body_of(writer.patch(found["url"], {"eindeGeldigheid": "2029-12-31"}))
    assert changed["eindeGeldigheid"] == "2029-12-31"
    # and with force: a correctie, in which what others refer to stays
    name = "identificatie" if path == "zaaktypen" else "omschrijving"
    assert faults(api.patch(found["url"], {name: "Anders"})) == {name: "wijzigen-niet-toegelaten"}
    text = "toelichting" if path != "informatieobjecttypen" else "informatieobjectcategorie"
    assert body_of(api.patch(found["url"], {text: "verbeterd"}))[text] == "verbeterd"
    assert api.delete(found["url"]).status_code == 204


def test_a_concept_changes_in_everything_and_its_name_with_it(api: ApiClient, zaaktype: Json) -> None:
    changed = body_of(api.patch(zaaktype["url"], {"identificatie": "KAP2", "trefwoorden": ["boom"]}))
    assert (changed["identificatie"], changed["trefwoorden"], changed["doel"]) == ("KAP2", ["boom"], zaaktype["doel"])
    assert Zaaktype.objects.get().ref == "OEV:KAP2"


@pytest.mark.parametrize("path", MAIN)
def test_ztc_016_two_published_versions_are_never_valid_on_the_same_day(
    api: ApiClient, catalogus: Json, path: str
) -> None:
    # given
    body = BODIES[path]
    first = made(api, path, body(catalogus, eindeGeldigheid="2024-12-31"))
    second = made(api, path, body(catalogus, beginGeldigheid="2024-12-31"))
    body_of(api.post(f"{first['url']}/publish", {}))
    # then: the last day counts
    assert faults(api.post(f"{second['url']}/publish", {})) == {"beginGeldigheid": "overlap"}
    assert body_of(api.get(second["url"]))["concept"] is True
    # when
    body_of(api.patch(second["url"], {"beginGeldigheid": "2025-01-01"}))
    # then
    assert body_of(api.post(f"{second['url']}/publish", {}))["concept"] is False
    assert faults(api.patch(first["url"], {"eindeGeldigheid": None})) == {"beginGeldigheid": "overlap"}
    on = {day: [one["url"] for one in body_of(api.get(path, datumGeldigheid=day))["results"]]
          for day in ("2024-12-31", "2025-01-01")}  # fmt: skip
    assert on == {"2024-12-31": [first["url"]], "2025-01-01": [second["url"]]}


@pytest.mark.parametrize("path", MAIN)
def test_ztc_016_versions_of_another_type_or_catalogue_may_be_valid_on_the_same_day(
    api: ApiClient, catalogus: Json, path: str
) -> None:
    name = "identificatie" if path == "zaaktypen" else "omschrijving"
    elsewhere = made(api, "catalogussen", catalogus_body(domein="X"))
    for body in (BODIES[path](catalogus), BODIES[path](catalogus, **{name: "Iets anders"}), BODIES[path](elsewhere)):
        found = made(api, path, body)
        assert body_of(api.post(f"{found['url']}/publish", {}))["concept"] is False


def test_publishing_a_zaaktype_without_parts_or_with_concepts_is_accepted(api: ApiClient, catalogus: Json) -> None:
    """What practice asks beside the text of the standard is no error (BEHAVIOUR 9.2; ztc-011 to 013 are withdrawn)."""
    made(api, "besluittypen", besluittype_body(catalogus))
    zaaktype = made(api, "zaaktypen", zaaktype_body(catalogus, besluittypen=["Kapvergunning"]))
    assert body_of(api.post(f"{zaaktype['url']}/publish", {}))["concept"] is False


@pytest.mark.parametrize("path", MAIN)
def test_ztc_017_each_kind_of_type_keeps_its_catalogue(api: ApiClient, catalogus: Json, path: str) -> None:
    found = made(api, path, BODIES[path](catalogus))
    answer = body_of(api.delete(catalogus["url"]), 409)
    assert answer["code"] == "CATALOG_NOT_EMPTY"
    assert answer["detail"] == "De catalogus kan niet worden verwijderd omdat deze nog items bevat."
    assert api.delete(found["url"]).status_code == 204
    assert api.delete(catalogus["url"]).status_code == 204


def test_what_does_not_fit_together_is_refused(api: ApiClient, catalogus: Json) -> None:
    wrong = zaaktype_body(catalogus, verlengingMogelijk=True, eindeGeldigheid="2019-01-01")
    assert faults(api.post("zaaktypen", wrong)) == {
        "verlengingstermijn": "verlenging-mismatch",
        "eindeGeldigheid": "einde-voor-begin",
    }
    elsewhere = zaaktype_body({"url": "https://elders.example/catalogi/api/v1/catalogussen/1"})
    assert faults(api.post("zaaktypen", elsewhere)) == {"catalogus": "invalid-resource"}
    assert Zaaktype.objects.count() == 0


def test_a_concept_is_published_once_and_publishing_again_changes_nothing(api: ApiClient, zaaktype: Json) -> None:
    first = body_of(api.post(f"{zaaktype['url']}/publish", {}))
    lines = Payload.objects.count()
    assert body_of(api.post(f"{zaaktype['url']}/publish", {})) == first
    assert Payload.objects.count() == lines


# -- Relations by name ---------------------------------------------------------------------------------------------------
def test_relations_are_sent_by_name_or_address_and_lead_to_the_versions_of_the_day(
    api: ApiClient, catalogus: Json
) -> None:
    # given: two versions of a besluittype, a document, and a zaaktype that may be a deelzaak
    kaart = made(api, "informatieobjecttypen", informatieobjecttype_body(catalogus))
    old = made(
        api, "besluittypen", besluittype_body(catalogus, eindeGeldigheid="2022-12-31", informatieobjecttypen=["Kaart"])
    )
    new = made(
        api,
        "besluittypen",
        besluittype_body(catalogus, beginGeldigheid="2023-01-01", informatieobjecttypen=[kaart["url"]]),
    )
    part = made(api, "zaaktypen", zaaktype_body(catalogus, identificatie="DEEL"))
    for one in (kaart, old, new, part):
        body_of(api.post(f"{one['url']}/publish", {}))
    # when
    zaaktype = made(
        api,
        "zaaktypen",
        zaaktype_body(
            catalogus,
            besluittypen=["Kapvergunning", new["url"]],
            deelzaaktypen=["DEEL"],
            gerelateerdeZaaktypen=[
                {"zaaktype": "DEEL", "aardRelatie": "vervolg"},
                {"zaaktype": "https://elders.example/zaaktypen/1", "aardRelatie": "bijdrage"},
            ],
        ),
    )
    # then
    assert zaaktype["besluittypen"] == [new["url"]]
    assert zaaktype["besluittypeOmschrijving"] == ["Kapvergunning"]
    assert zaaktype["deelzaaktypen"] == [part["url"]]
    assert zaaktype["deelzaaktypeIdentificaties"] == ["DEEL"]
    assert [one["zaaktype"] for one in zaaktype["gerelateerdeZaaktypen"]] == [
        part["url"],
        "https://elders.example/zaaktypen/1",
    ]
    then = body_of(api.get(zaaktype["url"], datumGeldigheid="2021-06-01"))
    assert then["besluittypen"] == [old["url"]]
    assert body_of(api.get(new["url"]))["informatieobjecttypen"] == [kaart["url"]]
    assert body_of(api.get(new["url"]))["vastgelegdIn"] == ["Kaart"]
    seen = body_of(api.get(kaart["url"]))
    assert seen["besluittypen"] == [new["url"]]
    assert body_of(api.get("besluittypen", informatieobjecttypen="Kaart"))["count"] == 2
    assert body_of(api.get("besluittypen", zaaktypen=zaaktype["url"]))["count"] == 2
    expanded = body_of(api.get(zaaktype["url"], expand="besluittypen.informatieobjecttypen,deelzaaktypen,catalogus"))
    assert expanded["_expand"]["besluittypen"][0]["_expand"]["informatieobjecttypen"][0]["url"] == kaart["url"]
    assert expanded["_expand"]["catalogus"]["domein"] == "OEV"


def test_a_relation_to_another_catalogue_is_refused(api: ApiClient, catalogus: Json) -> None:
    other = made(api, "catalogussen", catalogus_body(domein="X"))
    foreign = made(api, "besluittypen", besluittype_body(other))
    wrong = zaaktype_body(catalogus, besluittypen=[foreign["url"], "https://elders.example/1"])
    assert faults(api.post("zaaktypen", wrong)) == {
        "besluittypen.0": "relations-incorrect-catalogus",
        "besluittypen.1": "invalid-resource",
    }


def test_ztc_001_the_procestype_is_one_of_the_selectielijst(api: ApiClient, catalogus: Json, host: str) -> None:
    for path, code in (("/iets", "invalid-resource"), ("/weg", "bad-url"), ("/resultaat", "invalid-resource")):
        wrong = zaaktype_body(catalogus, selectielijstProcestype=f"{host}{path}")
        assert faults(api.post("zaaktypen", wrong)) == {"selectielijstProcestype": code}
    found = made(api, "zaaktypen", zaaktype_body(catalogus, selectielijstProcestype=f"{host}/procestype"))
    assert found["selectielijstProcestype"] == f"{host}/procestype"
    # What stands there already is not fetched again.
    changed = body_of(api.patch(found["url"], {"doel": "Iets anders"}))
    assert changed["selectielijstProcestype"] == f"{host}/procestype"


# -- Who may ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("component", "scopes", "may_read"),
    [
        ("ztc", ("catalogi.lezen",), True),
        ("zrc", ("zaken.lezen",), True),
        ("drc", ("documenten.lezen",), True),
        ("zrc", ("zaken.aanmaken",), False),
        ("brc", ("besluiten.lezen",), False),
    ],
)
def test_ztc_014_who_may_read_zaken_or_documents_may_read_the_catalogue(
    zaaktype: Json, component: str, scopes: tuple[str, ...], *, may_read: bool
) -> None:
    reader = given_applicatie("lezer", component=component, scopes=scopes)
    assert reader.get(zaaktype["url"]).status_code == (200 if may_read else 403)
    assert reader.get("zaaktypen").status_code == (200 if may_read else 403)
    assert reader.post("zaaktypen", {}).status_code == 403
    assert reader.patch(zaaktype["url"], {}).status_code == 403
    assert reader.delete(zaaktype["url"]).status_code == 403
    assert reader.post(f"{zaaktype['url']}/publish", {}).status_code == 403


# -- What is told ---------------------------------------------------------------------------------------------------------
def test_every_write_leaves_a_line_with_before_and_after(api: ApiClient, zaaktype: Json) -> None:
    before = Payload.objects.count()
    body_of(api.patch(zaaktype["url"], {"doel": "Anders"}))
    line = Payload.objects.order_by("-pk")[0]
    assert Payload.objects.count() == before + 1
    assert (line.bron, line.actie, line.resource) == ("ztc", "partial_update", "zaaktype")
    assert line.oud is not None
    assert line.nieuw is not None
    assert (line.oud["doel"], line.nieuw["doel"]) == ("Beslissen", "Anders")


def test_each_list_is_a_fixed_number_of_statements(api: ApiClient) -> None:
    counted: list[dict[str, int]] = []
    thing = {"objecttype": "https://x.example/1", "relatie_omschrijving": "x"}
    for domein in ("A", "B"):
        catalogi.build(catalogus_data(domein=domein, zaakobjecttypen=[thing]))
        counted.append({})
        for path in (*MAIN, *PARTS, "catalogussen"):
            query = {} if path in ("zaakobjecttypen", "catalogussen") else {"status": "alles"}
            api.get(path, **query)
            with CaptureQueriesContext(connection) as caught:
                assert body_of(api.get(path, **query))["count"] >= len(counted)
            counted[-1][path] = len(caught.captured_queries)
    assert counted[0] == counted[1]
