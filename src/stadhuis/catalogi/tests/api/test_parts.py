"""The parts of a zaaktype over HTTP. Rules ztc-002 to ztc-008, ztc-010 and ztc-015."""

from __future__ import annotations

from typing import Any

import pytest

from stadhuis.catalogi.models import Resultaattype
from stadhuis.catalogi.tests.api.given import PARTS, informatieobjecttype_body, made, part_body, zaaktype_body
from stadhuis.kit.api.testing import ApiClient, body_of, faults

Json = dict[str, Any]
pytestmark = pytest.mark.django_db
FROZEN = dict.fromkeys(PARTS, "non-concept-zaaktype") | {"zaaktype-informatieobjecttypen": "non-concept-relation"}
TEXT = {
    "statustypen": ("omschrijving", "Binnen"),
    "roltypen": ("omschrijving", "Vrager"),
    "eigenschappen": ("definitie", "in centimeters"),
    "zaakobjecttypen": ("relatieOmschrijving", "de struik"),
    "zaaktype-informatieobjecttypen": ("richting", "uitgaand"),
    "resultaattypen": ("toelichting", "Het mag"),
}


@pytest.mark.parametrize("path", PARTS)
def test_a_part_is_made_read_changed_and_removed(api: ApiClient, zaaktype: Json, host: str, path: str) -> None:
    # when
    part = made(api, path, part_body(path, zaaktype, host))
    # then
    assert (part["zaaktype"], part["zaaktypeIdentificatie"]) == (zaaktype["url"], "KAP")
    assert part["catalogus"] == zaaktype["catalogus"]
    assert body_of(api.get(part["url"])) == part
    listed = {} if path == "zaakobjecttypen" else {"status": "alles"}
    assert body_of(api.get(path, zaaktype=zaaktype["url"], **listed))["results"] == [part]
    if path != "zaakobjecttypen":
        assert body_of(api.get(path))["count"] == 0  # of published zaaktypen only
    key, value = TEXT[path]
    changed = body_of(api.patch(part["url"], {key: value}))
    assert changed == {**part, key: value}
    replaced = body_of(api.put(part["url"], part_body(path, zaaktype, host)))
    assert replaced[key] == part[key]
    assert api.delete(part["url"]).status_code == 204
    assert api.get(part["url"]).status_code == 404


@pytest.mark.parametrize("path", PARTS)
def test_ztc_010_a_part_of_a_published_zaaktype_is_frozen(
    api: ApiClient, writer: ApiClient, zaaktype: Json, host: str, path: str
) -> None:
    # given
    part = made(api, path, part_body(path, zaaktype, host))
    body_of(api.post(f"{zaaktype['url']}/publish", {}))
    refused = {"nonFieldErrors": FROZEN[path]}
    key, value = TEXT[path]
    # then
    assert faults(writer.post(path, part_body(path, zaaktype, host))) == refused
    assert faults(writer.patch(part["url"], {key: value})) == refused
    assert faults(writer.put(part["url"], part_body(path, zaaktype, host))) == refused
    assert faults(writer.delete(part["url"])) == refused
    assert body_of(api.get(part["url"])) == part
    # with force it is a correctie
    assert body_of(api.patch(part["url"], {key: value}))[key] == value


@pytest.mark.parametrize("path", PARTS)
def test_a_part_without_a_zaaktype_or_with_another_catalogue_is_refused(
    api: ApiClient, zaaktype: Json, host: str, path: str
) -> None:
    missing = {**zaaktype, "url": zaaktype["url"][:-12] + "0" * 12}
    assert faults(api.post(path, part_body(path, missing, host))) == {"zaaktype": "bad-url"}
    assert "zaaktype" in faults(api.post(path, {}))
    if path in ("resultaattypen", "roltypen", "zaakobjecttypen"):
        wrong = part_body(path, zaaktype, host, catalogus="https://elders.example/1")
        assert faults(api.post(path, wrong)) == {"catalogus": "relations-incorrect-catalogus"}


def test_what_stands_once_in_a_zaaktype_is_refused_a_second_time(api: ApiClient, zaaktype: Json, host: str) -> None:
    for path, key in (("statustypen", "volgnummer"), ("roltypen", "omschrijving"), ("eigenschappen", "naam"),
                      ("zaaktype-informatieobjecttypen", "volgnummer"), ("resultaattypen", "omschrijving")):  # fmt: skip
        made(api, path, part_body(path, zaaktype, host))
        assert faults(api.post(path, part_body(path, zaaktype, host))) == {key: "unique"}


def test_the_last_status_is_the_end_and_needs_its_eigenschappen(api: ApiClient, zaaktype: Json) -> None:
    # given
    hoogte = made(api, "eigenschappen", part_body("eigenschappen", zaaktype))
    first = made(api, "statustypen", part_body("statustypen", zaaktype))
    assert first["isEindstatus"] is True
    # when
    second = made(
        api,
        "statustypen",
        part_body(
            "statustypen",
            zaaktype,
            volgnummer=2,
            eigenschappen=[hoogte["url"]],
            checklistitemStatustype=[{"itemnaam": "Gemeten", "vraagstelling": "Is de boom gemeten?"}],
        ),
    )
    # then
    assert second["isEindstatus"] is True
    assert second["eigenschappen"] == [hoogte["url"]]
    assert second["checklistitemStatustype"][0]["verplicht"] is False
    assert body_of(api.get(first["url"]))["isEindstatus"] is False
    expanded = body_of(api.get(second["url"], expand="eigenschappen,zaaktype"))["_expand"]
    assert expanded["eigenschappen"][0]["naam"] == "hoogte"
    assert expanded["zaaktype"]["identificatie"] == "KAP"


def test_a_status_or_eigenschap_of_another_zaaktype_is_refused(api: ApiClient, catalogus: Json, zaaktype: Json) -> None:
    other = made(api, "zaaktypen", zaaktype_body(catalogus, identificatie="ANDER"))
    status = made(api, "statustypen", part_body("statustypen", other))
    hoogte = made(api, "eigenschappen", part_body("eigenschappen", other))
    wrong = part_body("eigenschappen", zaaktype, statustype=status["url"])
    assert faults(api.post("eigenschappen", wrong)) == {"statustype": "invalid-statustype"}
    wrong = part_body("statustypen", zaaktype, eigenschappen=[hoogte["url"]])
    assert faults(api.post("statustypen", wrong)) == {"eigenschappen.0": "invalid-eigenschap"}


def test_a_type_of_document_is_given_by_name_or_address_of_the_same_catalogue(
    api: ApiClient, catalogus: Json, zaaktype: Json
) -> None:
    kaart = made(api, "informatieobjecttypen", informatieobjecttype_body(catalogus))
    body_of(api.post(f"{kaart['url']}/publish", {}))
    path = "zaaktype-informatieobjecttypen"
    part = made(api, path, part_body(path, zaaktype, informatieobjecttype=kaart["url"]))
    assert part["informatieobjecttype"] == "Kaart"
    assert body_of(api.get(zaaktype["url"]))["informatieobjecttypen"] == [kaart["url"]]
    wrong = part_body(path, zaaktype, informatieobjecttype=zaaktype["url"], volgnummer=2)
    assert faults(api.post(path, wrong)) == {"informatieobjecttype": "invalid-resource"}


@pytest.mark.parametrize(("formaat", "lengte", "is_good"), [
    ("datum", "8", True), ("datum", "10", False), ("datum_tijd", "14", True), ("datum_tijd", "8", False), ("tekst", "255", True),
])  # fmt: skip
def test_ztc_015_a_date_has_its_length(
    api: ApiClient, zaaktype: Json, formaat: str, lengte: str, *, is_good: bool
) -> None:
    body = part_body(
        "eigenschappen", zaaktype, specificatie={"formaat": formaat, "lengte": lengte, "kardinaliteit": "1"}
    )
    answer = api.post("eigenschappen", body)
    if is_good:
        assert body_of(answer, 201)["specificatie"]["lengte"] == lengte
    else:
        assert faults(answer) == {"specificatie.lengte": "invalid"}


# -- What it means for the archive -----------------------------------------------------------------------------------------
def test_ztc_002_nominatie_and_termijn_come_from_the_selectielijst_unless_they_are_sent(
    api: ApiClient, zaaktype: Json, host: str
) -> None:
    found = made(api, "resultaattypen", part_body("resultaattypen", zaaktype, host))
    assert (found["archiefnominatie"], found["archiefactietermijn"]) == ("vernietigen", "P5Y")
    assert found["omschrijvingGeneriek"] == "Verleend"
    own = part_body(
        "resultaattypen", zaaktype, host, omschrijving="Anders", archiefnominatie="blijvend_bewaren",
        archiefactietermijn="P7Y",
    )  # fmt: skip
    found = made(api, "resultaattypen", own)
    assert (found["archiefnominatie"], found["archiefactietermijn"]) == ("blijvend_bewaren", "P7Y")


def test_ztc_002_what_is_no_result_of_the_selectielijst_is_refused(api: ApiClient, zaaktype: Json, host: str) -> None:
    wrong = part_body(
        "resultaattypen", zaaktype, host, selectielijstklasse=f"{host}/iets", resultaattypeomschrijving=f"{host}/weg"
    )
    assert faults(api.post("resultaattypen", wrong)) == {
        "selectielijstklasse": "invalid-resource",
        "resultaattypeomschrijving": "bad-url",
    }
    assert Resultaattype.objects.count() == 0


def test_ztc_002_the_result_belongs_to_the_procestype_of_the_zaaktype(
    api: ApiClient, catalogus: Json, host: str
) -> None:
    body = zaaktype_body(catalogus, identificatie="ANDER", selectielijstProcestype=f"{host}/procestype")
    zaaktype = made(api, "zaaktypen", body)
    made(api, "resultaattypen", part_body("resultaattypen", zaaktype, host))
    # given: another procestype than that of the result
    from stadhuis.catalogi.models import Zaaktype

    Zaaktype.objects.filter(identificatie="ANDER").update(selectielijst_procestype=f"{host}/een-ander")
    wrong = part_body("resultaattypen", zaaktype, host, omschrijving="Geweigerd")
    assert faults(api.post("resultaattypen", wrong)) == {"nonFieldErrors": "procestype-mismatch"}


@pytest.mark.parametrize(
    ("klasse", "brondatum", "wrong"),
    [
        ("/resultaat", {"afleidingswijze": "hoofdzaak"}, {"nonFieldErrors": "invalid-afleidingswijze-for-procestermijn"}),
        ("/resultaat", {"afleidingswijze": "afgehandeld", "einddatumBekend": False}, {}),
        ("/bestaansduur", {"afleidingswijze": "afgehandeld"},
         {"nonFieldErrors": "invalid-afleidingswijze-for-procestermijn"}),
        ("/bestaansduur", {"afleidingswijze": "termijn", "procestermijn": "P5Y"}, {}),
        ("/vrij", {"afleidingswijze": "eigenschap"}, {"brondatumArchiefprocedure.datumkenmerk": "required"}),
        ("/vrij", {"afleidingswijze": "eigenschap", "datumkenmerk": "hoogte"}, {}),
        ("/vrij", {"afleidingswijze": "hoofdzaak", "datumkenmerk": "x", "objecttype": "pand", "registratie": "x",
                   "procestermijn": "P1Y"},
         {f"brondatumArchiefprocedure.{key}": "must-be-empty"
          for key in ("datumkenmerk", "objecttype", "registratie", "procestermijn")}),
        ("/vrij", {"afleidingswijze": "ander_datumkenmerk"},
         {f"brondatumArchiefprocedure.{key}": "required" for key in ("datumkenmerk", "objecttype", "registratie")}),
        ("/vrij", {"afleidingswijze": "zaakobject", "datumkenmerk": "x", "objecttype": "pand"}, {}),
        ("/vrij", {"afleidingswijze": "termijn"}, {"brondatumArchiefprocedure.procestermijn": "required"}),
        ("/vrij", {"afleidingswijze": "afgehandeld", "einddatumBekend": True},
         {"brondatumArchiefprocedure.einddatumBekend": "must-be-empty"}),
    ],
)  # fmt: skip
def test_ztc_003_to_008_how_the_start_of_the_retention_is_found_fits_the_selectielijst(
    api: ApiClient, zaaktype: Json, host: str, klasse: str, brondatum: Json, wrong: dict[str, str]
) -> None:
    body = part_body(
        "resultaattypen", zaaktype, host, selectielijstklasse=f"{host}{klasse}", brondatumArchiefprocedure=brondatum
    )
    answer = api.post("resultaattypen", body)
    if wrong:
        assert faults(answer) == wrong
    else:
        assert body_of(answer, 201)["brondatumArchiefprocedure"]["afleidingswijze"] == brondatum["afleidingswijze"]
