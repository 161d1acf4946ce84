"""Zaakobjecten over HTTP: every kind of object, and what does not change."""

from __future__ import annotations

from typing import Any

import pytest

from stadhuis.access.models import Shield
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.choices import OBJECTTYPE
from stadhuis.catalogi.models import Zaakobjecttype
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.zaken.api.definitions import NOWHERE, fits, follow
from stadhuis.zaken.models import Zaakobject
from stadhuis.zaken.shapes.identificaties import OBJECT
from stadhuis.zaken.tests.api.givens import given_zaak
from stadhuis.zaken.tests.api.test_rollen import ADDRESS, IDENTIFICATIES
from stadhuis.zaken.tests.givens import BSN

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
TERREIN = {
    "identificatie": "1",
    "adresAanduidingGrp": {"wplWoonplaatsNaam": "Oever", "gorOpenbareRuimteNaam": "Dorpsstraat", "aoaHuisnummer": 1},
}
WOZ = {
    "wozObjectNummer": "1",
    "aanduidingWozObject": {key: value for key, value in ADDRESS.items() if not key.startswith("inp")},
}
PERCEEL = {"kadastraleIdentificatie": "1", "kadastraleAanduiding": "A 1"}
NAMED = {"identificatie": "1", "naam": "Kade"}
OBJECTS: dict[str, dict[str, Any]] = {
    "adres": {"identificatie": "1", "wplWoonplaatsNaam": "Oever", "gorOpenbareRuimteNaam": "Dorpsstraat", "huisnummer": 99999, "postcode": "1234AB"},
    "buurt": {"buurtCode": "01", "buurtNaam": "Kade", "gemGemeenteCode": "0402", "wykWijkCode": "02"},
    "gemeente": {"gemeenteNaam": "Oever", "gemeenteCode": "0402"},
    "gemeentelijke_openbare_ruimte": {"identificatie": "1", "openbareRuimteNaam": "Plein"},
    "huishouden": {"nummer": "1", "isGehuisvestIn": TERREIN},
    "inrichtingselement": {"type": "paal", **NAMED},
    "kadastrale_onroerende_zaak": PERCEEL,
    "kunstwerkdeel": {"type": "steiger", **NAMED},
    "maatschappelijke_activiteit": {"kvkNummer": "69599084", "handelsnaam": "Bakkerij"},
    "openbare_ruimte": {"identificatie": "1", "wplWoonplaatsNaam": "Oever", "gorOpenbareRuimteNaam": "Plein"},
    "pand": {"identificatie": "0402100001"},
    "spoorbaandeel": {"type": "smalspoor", **NAMED},
    "terreindeel": {"type": "gras", **NAMED},
    "terrein_gebouwd_object": TERREIN,
    "waterdeel": {"typeWaterdeel": "zee", **NAMED},
    "wegdeel": {"type": "fietspad", **NAMED},
    "wijk": {"wijkCode": "02", "wijkNaam": "Haven", "gemGemeenteCode": "0402"},
    "woonplaats": {"identificatie": "1", "woonplaatsNaam": "Oever"},
    "woz_deelobject": {"nummerWozDeelObject": "1", "isOnderdeelVan": WOZ},
    "woz_object": WOZ,
    "woz_waarde": {"waardepeildatum": "20260101", "isVoor": WOZ},
    "zakelijk_recht": {
        "identificatie": "1", "avgAard": "eigendom", "heeftBetrekkingOp": PERCEEL,
        "heeftAlsGerechtigde": {"natuurlijkPersoon": IDENTIFICATIES["natuurlijk_persoon"]},
    },
    "overige": {"overigeData": {"soort": "eik", "hoogte": 12, "takken": [1, {"a": None}]}},
    **IDENTIFICATIES,
}  # fmt: skip


def object_body(zaak: dict[str, Any], kind: str = "pand", **more: Any) -> dict[str, Any]:
    body = {"zaak": zaak["url"], "objectType": kind, "objectIdentificatie": OBJECTS.get(kind), **more}
    return body | ({"objectTypeOverige": "boom"} if kind == "overige" and "objectTypeOverige" not in more else {})


def given_object(api: ApiClient, zaak: dict[str, Any], kind: str = "pand", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = body_of(api.post("zaakobjecten", object_body(zaak, kind, **more)), 201)
    return made


def test_every_kind_of_object_is_tried() -> None:
    assert set(OBJECTS) == {kind for kind in OBJECTTYPE if OBJECT[kind] is not None}


@pytest.mark.parametrize("kind", sorted(OBJECTS))
def test_when_any_kind_of_object_is_described_then_all_of_it_comes_back(
    api: ApiClient, zaaktype: Zaaktype, kind: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    found = given_object(api, zaak, kind, relatieomschrijving="staat hier")
    assert found["objectIdentificatie"] == OBJECTS[kind]
    assert found["relatieomschrijving"] == "staat hier"
    assert body_of(api.get(found["url"])) == found
    assert body_of(api.get(zaak["url"]))["zaakobjecten"] == [found["url"]]
    assert BSN not in str(Zaakobject.objects.get().object_identificatie)


@pytest.mark.parametrize(
    ("kind", "identificatie", "wrong"),
    [
        ("adres", {"huisnummer": 100000}, {
            "huisnummer": "max_value", "identificatie": "required", "wplWoonplaatsNaam": "required",
            "gorOpenbareRuimteNaam": "required",
        }),
        ("kunstwerkdeel", {**NAMED, "type": "brug"}, {"type": "invalid_choice"}),
        ("huishouden", {"nummer": "1", "isGehuisvestIn": {}}, {"isGehuisvestIn.identificatie": "required"}),
        ("overige", {"overigeData": []}, {"overigeData": "invalid"}),
        ("overige", {"overigeData": {"a": "\x00"}}, {"overigeData.a": "invalid"}),
        ("natuurlijk_persoon", {"inpBsn": "1"}, {"inpBsn": "invalid"}),
        ("pand", {"identificatie": "x" * 101}, {"identificatie": "max_length"}),
    ],
)  # fmt: skip
def test_when_a_description_is_wrong_then_every_fault_has_its_path(
    api: ApiClient, zaaktype: Zaaktype, kind: str, identificatie: Any, wrong: dict[str, str]
) -> None:
    body = object_body(given_zaak(api, zaaktype), kind, objectIdentificatie=identificatie)
    found = faults(api.post("zaakobjecten", body))
    assert found == {f"objectIdentificatie.{key}": code for key, code in wrong.items()}


def test_when_a_kind_has_no_description_then_it_takes_an_address(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    zaak = given_zaak(api, zaaktype)
    body = object_body(zaak, "besluit", object=f"{elsewhere[0]}/other")
    assert body_of(api.post("zaakobjecten", body), 201)["objectIdentificatie"] is None
    assert faults(api.post("zaakobjecten", {**body, "objectIdentificatie": {"a": 1}})) == {
        "objectIdentificatie": "invalid"
    }
    for path in ("/none", "/inside"):
        assert faults(api.post("zaakobjecten", {**body, "object": elsewhere[0] + path})) == {"object": "bad-url"}
    found = body_of(api.get("zaakobjecten", object=f"{elsewhere[0]}/other"))
    assert found["count"] == body_of(api.get("zaakobjecten", objectType="besluit"))["count"] == 1
    assert body_of(api.get("zaakobjecten", objectType="pand"))["count"] == 0


def test_when_there_is_neither_address_nor_description_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    body = object_body(given_zaak(api, zaaktype), objectIdentificatie=None)
    assert faults(api.post("zaakobjecten", body)) == {"nonFieldErrors": "invalid-zaakobject"}


def test_when_the_kind_is_overige_then_it_says_which_and_no_other_kind_does(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    assert faults(api.post("zaakobjecten", object_body(zaak, "overige", objectTypeOverige=""))) == {
        "objectTypeOverige": "missing-object-type-overige"
    }
    assert faults(api.post("zaakobjecten", object_body(zaak, "overige", objectTypeOverige="Boom 1"))) == {
        "objectTypeOverige": "invalid"
    }
    definition = {"url": "https://x.example/1", "schema": ".a", "objectData": ".b"}
    body = object_body(zaak, objectTypeOverige="boom", objectTypeOverigeDefinitie=definition)
    usage = "invalid-object-type-overige-usage"
    assert faults(api.post("zaakobjecten", body)) == {
        "objectTypeOverige": usage,
        "objectTypeOverigeDefinitie": usage,
    }


def test_when_an_object_has_a_definition_then_it_must_fit_the_schema(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    host, _ = elsewhere
    definition = {"url": f"{host}/schema", "schema": ".jsonSchema", "objectData": ".record.data"}

    def send(path: str, **more: Any) -> Any:
        wanted = {"objectTypeOverige": "", "objectTypeOverigeDefinitie": {**definition, **more}}
        return api.post("zaakobjecten", {**object_body(zaak, "overige"), "object": host + path, **wanted})

    zaak = given_zaak(api, zaaktype)
    assert body_of(send("/tree"), 201)["objectTypeOverigeDefinitie"] == definition
    assert faults(send("/stone")) == {"object": "invalid-schema"}
    assert faults(send("/none")) == {"object": "bad-url"}
    for more in (
        {"schema": "range(1e9)"},
        {"schema": ".nergens"},
        {"url": f"{host}/none"},
        {"url": "http://10.0.0.1/"},
    ):
        assert faults(send("/tree", **more)) == {"objectTypeOverigeDefinitie": "invalid-schema"}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (".", {"a": [{"b c": 1}]}), (".a[0]", {"b c": 1}), ('.a[0]["b c"]', 1), (".a", [{"b c": 1}]), ("a", NOWHERE),
        (".a[1]", NOWHERE), (".a.b", NOWHERE), (".a | length", NOWHERE), ("", NOWHERE), (".a[-1]", NOWHERE),
    ],
)  # fmt: skip
def test_only_a_path_is_followed(expression: str, found: Any) -> None:
    assert follow({"a": [{"b c": 1}]}, expression) == found


@pytest.mark.parametrize(
    ("value", "schema", "answer"),
    [
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "integer"}}}, True),
        ({"a": True}, {"properties": {"a": {"type": "integer"}}}, False),
        ({}, {"required": ["a"]}, False),
        ({"b": 1}, {"properties": {}, "additionalProperties": False}, False),
        ([1, "x"], {"type": "array", "items": {"type": "number"}}, False),
        ("x", {"enum": ["y"]}, False),
        (None, {"type": ["null", "string"]}, True),
        (1, True, True),
        (1, False, False),
        (1, {"type": 7}, False),
        ({}, {"required": "a"}, False),
    ],
)
def test_an_object_fits_a_schema_or_not(value: Any, schema: Any, answer: bool) -> None:
    assert fits(value, schema) is answer


def test_when_an_object_changes_then_zaak_address_and_kind_stay(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    found = given_object(api, zaak, relatieomschrijving="staat hier")
    changed = body_of(api.patch(found["url"], {"objectIdentificatie": {"identificatie": "2"}}))
    assert changed == {**found, "objectIdentificatie": {"identificatie": "2"}}
    assert body_of(api.put(found["url"], object_body(zaak)))["relatieomschrijving"] == ""
    wrong = {"zaak": other["url"], "object": "https://x.example/1", "objectType": "adres"}
    assert faults(api.patch(found["url"], wrong)) == dict.fromkeys(wrong, "wijzigen-niet-toegelaten")
    assert faults(api.patch(found["url"], {"objectIdentificatie": {}})) == {
        "objectIdentificatie.identificatie": "required"
    }
    assert faults(api.patch(found["url"], {"objectIdentificatie": None})) == {"nonFieldErrors": "invalid-zaakobject"}


def test_when_the_zaakobjecttype_is_of_another_zaaktype_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    def kind_of(zaaktype_id: int) -> str:
        row = Zaakobjecttype.objects.create(
            zaaktype_id=zaaktype_id,
            ander_objecttype=False,
            objecttype="https://x.example/pand",
            relatie_omschrijving="x",
        )
        return f"http://localhost:8000/catalogi/api/v1/zaakobjecttypen/{row.uuid}"

    zaak = given_zaak(api, zaaktype)
    mine, other = kind_of(zaaktype.id), kind_of(given_zaaktype(domein="ANDER").id)
    found = given_object(api, zaak, zaakobjecttype=mine)
    assert found["zaakobjecttype"] == mine
    expanded = body_of(api.get(found["url"], expand="zaakobjecttype"))
    assert expanded["_expand"]["zaakobjecttype"]["url"] == mine
    wrong = {"nonFieldErrors": "zaaktype-mismatch"}
    assert faults(api.post("zaakobjecten", object_body(zaak, zaakobjecttype=other))) == wrong
    assert faults(api.patch(found["url"], {"zaakobjecttype": other})) == wrong


@pytest.mark.parametrize("kind", ["natuurlijk_persoon", "zakelijk_recht"])
def test_when_a_person_has_a_secret_address_then_an_object_does_not_tell_it(
    api: ApiClient, zaaktype: Zaaktype, kind: str
) -> None:
    found = given_object(api, given_zaak(api, zaaktype), kind)
    assert "verblijfsadres" in str(found)
    person = people.person_for_bsn(BSN)
    assert Zaakobject.objects.get().person_id == person
    Shield.objects.create(person_id=person, since=now())
    shown = body_of(api.get(found["url"]))
    assert "verblijfsadres" not in str(shown)
    assert BSN in str(shown)
