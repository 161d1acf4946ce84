"""The practice BRP and KVK over HTTP."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from stadhuis.demo.simulators import brp
from stadhuis.demo.town import people
from stadhuis.kit.tests.simulators import SimulatorProcess

KEY = {"X-API-KEY": "practice-brp-key"}
EVERYTHING = [
    "burgerservicenummer", "geslacht", "leeftijd", "naam", "nationaliteiten", "geboorte", "verblijfplaats", "adressering", "partners",
    "kinderen", "ouders", "overlijden", "gemeenteVanInschrijving",
]  # fmt: skip


def _read(simulators: SimulatorProcess, *keys: str, fields: list[str] | None = None) -> list[dict[str, Any]]:
    body = {
        "type": "RaadpleegMetBurgerservicenummer",
        "burgerservicenummer": [people.resident(key).bsn for key in keys],
        "fields": fields or EVERYTHING,
    }
    answer = simulators.post("/brp/personen", json=body, headers=KEY)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["personen"]
    return found


def _search(simulators: SimulatorProcess, **filters: object) -> list[dict[str, Any]]:
    body = {
        "type": "ZoekMetGeslachtsnaamEnGeboortedatum",
        "fields": ["burgerservicenummer", "naam", "adressering"],
        **filters,
    }
    answer = simulators.post("/brp/personen", json=body, headers=KEY)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["personen"]
    return found


def test_when_fields_are_asked_then_only_those_come_back(simulators: SimulatorProcess) -> None:
    (noor,) = _read(
        simulators,
        "noor-verhagen",
        fields=["naam.geslachtsnaam", "verblijfplaats.verblijfadres.postcode", "partners.naam.voornamen"],
    )
    assert noor == {
        "naam": {"geslachtsnaam": "Verhagen"},
        "verblijfplaats": {"type": "Adres", "verblijfadres": {"postcode": "9990BC"}},
        "partners": [{"naam": {"voornamen": "Daan"}}],
    }


def test_when_a_record_is_secret_or_suspended_then_that_comes_without_asking(simulators: SimulatorProcess) -> None:
    (sanne,) = _read(simulators, "sanne-kuipers", fields=["naam.voornamen"])
    assert sanne == {"naam": {"voornamen": "Sanne"}, "geheimhoudingPersoonsgegevens": True}
    (hendrik,) = _read(simulators, "hendrik-dijkstra", fields=["overlijden.datum"])
    assert hendrik["overlijden"]["datum"] == {"type": "Datum", "datum": "2021-01-19", "langFormaat": "19 januari 2021"}
    assert hendrik["opschortingBijhouding"]["reden"]["code"] == "O"


def test_when_a_family_is_read_then_partner_children_and_parents_are_there(simulators: SimulatorProcess) -> None:
    noor, lotte = _read(simulators, "noor-verhagen", "lotte-postma")
    assert [child["naam"]["voornamen"] for child in noor["kinderen"]] == ["Lotte Marie", "Siem"]
    assert [parent["naam"]["geslachtsnaam"] for parent in lotte["ouders"]] == ["Verhagen", "Postma"]
    assert "partners" not in lotte


def test_when_someone_lives_abroad_or_has_an_incomplete_birth_date_then_the_other_shapes_are_used(
    simulators: SimulatorProcess,
) -> None:
    joost, tesfay = _read(simulators, "joost-meijer", "tesfay-ghebremariam")
    assert joost["verblijfplaats"]["type"] == "VerblijfplaatsBuitenland"
    assert joost["verblijfplaats"]["verblijfadres"]["land"] == {"code": "5010", "omschrijving": "België"}
    assert tesfay["geboorte"]["datum"] == {"type": "JaarDatum", "jaar": 1987, "langFormaat": "1987"}
    assert "leeftijd" not in tesfay


def test_when_one_searches_then_the_dead_are_left_out_unless_asked_for(simulators: SimulatorProcess) -> None:
    filters = {"geslachtsnaam": "DIJKSTRA", "geboortedatum": "1948-04-02"}
    assert _search(simulators, **filters) == []
    assert [one["burgerservicenummer"] for one in _search(simulators, **filters, inclusiefOverledenPersonen=True)] == [
        "999993112"
    ]
    assert [
        one["naam"]["voorvoegsel"] for one in _search(simulators, geslachtsnaam="Amra*", geboortedatum="1979-05-25")
    ] == ["el"]
    assert _search(simulators, geslachtsnaam="Amrani", geboortedatum="1979-05-26") == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, {"type"}),
        ({"type": "ZoekMetIets"}, {"type"}),
        ({"type": "RaadpleegMetBurgerservicenummer"}, {"fields", "burgerservicenummer"}),
        ({"type": "RaadpleegMetBurgerservicenummer", "fields": [], "burgerservicenummer": ["1", "999990184"]}, {"fields", "burgerservicenummer.0"}),
        ({"type": "RaadpleegMetBurgerservicenummer", "fields": ["naam.schoenmaat"], "burgerservicenummer": ["999990184"]}, {"fields.0."}),
        ({"type": "RaadpleegMetBurgerservicenummer", "fields": ["geheimhoudingPersoonsgegevens"], "burgerservicenummer": ["999990184"]}, {"fields.0."}),
        ({"type": "ZoekMetGeslachtsnaamEnGeboortedatum", "fields": ["partners"], "geslachtsnaam": "A*", "geboortedatum": "2021-02-30"},
         {"fields.0.", "geslachtsnaam", "geboortedatum"}),
    ],
)  # fmt: skip
def test_when_a_question_is_wrong_then_all_its_faults_come_back_as_problem_json(
    simulators: SimulatorProcess, body: dict[str, object], names: set[str]
) -> None:
    answer = simulators.post("/brp/personen", json=body, headers=KEY)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert {fault["name"] for fault in answer.json()["invalidParams"]} == names


def test_when_the_key_or_the_body_is_wrong_then_the_brp_says_so(simulators: SimulatorProcess) -> None:
    assert simulators.post("/brp/personen", json={}, headers={"X-API-KEY": "fout"}).status_code == 401
    assert simulators.post("/brp/personen", json={}).status_code == 401
    assert (
        simulators.post("/brp/personen", content="<x/>", headers=KEY | {"Content-Type": "text/xml"}).status_code == 415
    )
    assert (
        simulators.post("/brp/personen", content="{", headers=KEY | {"Content-Type": "application/json"}).status_code
        == 400
    )


def test_when_a_company_is_asked_then_its_basisprofiel_comes(simulators: SimulatorProcess) -> None:
    key = {"apikey": "practice-kvk-key"}
    noor = simulators.get("/kvk/api/v1/basisprofielen/90000101", headers=key).json()
    assert noor["materieleRegistratie"] == {"datumAanvang": "20150401"}
    assert noor["_embedded"]["eigenaar"]["rechtsvorm"] == "Eenmanszaak"
    found = simulators.get("/kvk/api/v2/zoeken", params={"kvkNummer": "90001647"}, headers=key).json()
    assert [one["type"] for one in found["resultaten"]] == ["hoofdvestiging", "nevenvestiging"]
    assert simulators.get("/kvk/api/v1/basisprofielen/90009999", headers=key).status_code == 404
    assert simulators.get("/kvk/api/v1/basisprofielen/90000101").status_code == 401
    owned = simulators.post("/kvk/practice/eigenaren", json={"burgerservicenummer": "999990184"}, headers=key)
    assert owned.json() == {"kvkNummers": ["90000101"]}
    shielded = simulators.get("/kvk/api/v1/basisprofielen/90000545", headers=key).json()
    assert shielded["_embedded"]["hoofdvestiging"]["adressen"] == [{"type": "bezoekadres", "indAfgeschermd": "Ja"}]


def test_when_a_switch_is_turned_then_its_source_breaks_and_the_others_do_not(simulators: SimulatorProcess) -> None:
    simulators.switch(brp="down")
    assert simulators.post("/brp/personen", json={}, headers=KEY).status_code == 503
    assert (
        simulators.get("/kvk/api/v1/basisprofielen/90000101", headers={"apikey": "practice-kvk-key"}).status_code == 200
    )
    simulators.switch(brp="slow")
    begun = time.monotonic()
    simulators.post("/brp/personen", json={}, headers=KEY)
    assert time.monotonic() - begun > 1.1


def test_when_a_switch_does_not_exist_then_nothing_is_turned(simulators: SimulatorProcess) -> None:
    answer = simulators.post("/switches", json={"brp": "down", "gas": "uit", "smtp": "langzaam"})
    assert answer.status_code == 400
    assert len(answer.json()["faults"]) == 2
    assert simulators.get("/healthz").json()["switches"]["brp"] == "ok"


def test_when_the_page_of_switches_is_used_then_they_turn(simulators: SimulatorProcess) -> None:
    answer = simulators.post("/switches", data={"brp": "slow", "kvk": "ok", "oidc": "ok", "smtp": "ok"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/switches?gezet=1")
    page = simulators.get("/switches?gezet=1").text
    assert 'value="slow" selected' in page
    assert "De schakelaars zijn omgezet" in page


def _schemas() -> dict[str, Any]:
    """Return the schemas of the prescribed OpenAPI file; skips where the file is not."""
    folder = os.environ.get("STADHUIS_STANDARDS")
    if not folder:
        pytest.skip("STADHUIS_STANDARDS is not set: the prescribed OpenAPI file of the BRP is not here")
    return _loaded(Path(folder) / "brp-personen-bevragen-2.7.0.yaml")


@lru_cache(maxsize=1)
def _loaded(path: Path) -> dict[str, Any]:
    schemas: dict[str, Any] = yaml.safe_load(path.read_text())["components"]["schemas"]
    return schemas


def _resolve(schemas: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a JSON Schema that also follows the discriminators of the OpenAPI file."""
    document = {
        "$defs": {key: _with_discriminator(value, schemas) for key, value in schemas.items()},
        "$ref": f"#/$defs/{name}",
    }

    def rewritten(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                k: v.replace("#/components/schemas/", "#/$defs/") if k == "$ref" else rewritten(v)
                for k, v in value.items()
                if k != "discriminator"
            }
        return [rewritten(item) for item in value] if isinstance(value, list) else value

    result: dict[str, Any] = rewritten(document)
    return result


def _with_discriminator(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A union by 'type': whatever the type says, the body of that subtype (without its parent, which would loop) must fit."""
    mapping = schema.get("discriminator", {}).get("mapping")
    if not mapping:
        return schema
    rules = []
    for kind, reference in mapping.items():
        subtype = schemas[reference.rsplit("/", 1)[1]]
        own = [part for part in subtype.get("allOf", []) if "$ref" not in part]
        rules.append({
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"allOf": own, "required": subtype.get("required", [])},
        })  # fmt: skip
    return {**schema, "allOf": rules, "properties": {**schema["properties"], "type": {"enum": list(mapping)}}}


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_resolve(_schemas(), name), format_checker=FormatChecker())


def test_when_every_resident_is_read_then_each_answer_fits_the_prescribed_openapi(simulators: SimulatorProcess) -> None:
    validator = _validator("RaadpleegMetBurgerservicenummerResponse")
    for resident in people.RESIDENTS:
        (person,) = _read(simulators, resident.key)
        body = {"type": "RaadpleegMetBurgerservicenummer", "personen": [person]}
        assert [f"{resident.key}: {error.json_path} {error.message}" for error in validator.iter_errors(body)] == []
        assert set(person) <= set(_schemas()["Persoon"]["properties"])


def test_when_people_are_searched_then_the_answer_fits_the_prescribed_openapi(simulators: SimulatorProcess) -> None:
    validator = _validator("ZoekMetGeslachtsnaamEnGeboortedatumResponse")
    found = _search(simulators, geslachtsnaam="Škvorecký", geboortedatum="1986-08-15")
    assert len(found) == 1
    body = {"type": "ZoekMetGeslachtsnaamEnGeboortedatum", "personen": found}
    assert [error.message for error in validator.iter_errors(body)] == []


def test_when_a_question_is_refused_then_the_error_fits_the_prescribed_openapi(simulators: SimulatorProcess) -> None:
    validator = _validator("BadRequestFoutbericht")
    for body in ({}, {"type": "RaadpleegMetBurgerservicenummer", "fields": ["x"], "burgerservicenummer": ["1"] * 21}):
        answer = simulators.post("/brp/personen", json=body, headers=KEY).json()
        assert [f"{error.json_path} {error.message}" for error in validator.iter_errors(answer)] == []


def test_the_validator_itself_finds_a_fault_in_a_date() -> None:
    validator = _validator("RaadpleegMetBurgerservicenummerResponse")
    wrong = {
        "type": "RaadpleegMetBurgerservicenummer",
        "personen": [{"geboorte": {"datum": {"type": "Datum", "langFormaat": "1 mei 1990"}}}],
    }
    assert list(validator.iter_errors(wrong))


def test_every_field_the_simulator_takes_stands_in_the_prescribed_openapi() -> None:
    schemas = _schemas()

    def properties(schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            return properties(schemas[schema["$ref"].rsplit("/", 1)[1]])
        if schema.get("type") == "array":
            return properties(schema["items"])
        found: dict[str, Any] = {}
        for part in schema.get("allOf", []):
            found |= properties(part)
        found |= schema.get("properties", {})
        for reference in schema.get("discriminator", {}).get("mapping", {}).values():
            subtype = schemas[reference.rsplit("/", 1)[1]]
            for part in subtype.get("allOf", []):
                for name, value in part.get("properties", {}).items():
                    # Address lines at home, abroad and of a location are one union for `fields`.
                    found[name] = {"allOf": [found[name], value]} if name in found else value
        return found

    def unknown(tree: dict[str, Any], schema: dict[str, Any], path: str) -> list[str]:
        known = properties(schema)
        wrong = [f"{path}{name}" for name in tree if name not in known]
        return wrong + [
            fault
            for name, below in tree.items()
            if name in known and below
            for fault in unknown(below, known[name], f"{path}{name}.")
        ]

    assert unknown(brp._FULL, schemas["Persoon"], "") == []
    assert unknown(brp._LIMITED, schemas["PersoonBeperkt"], "") == []
