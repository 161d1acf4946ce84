"""Properties, besluiten, contacts, notes and numbers beforehand, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now, today
from stadhuis.zaken.models import Klantcontact, Reservering, Zaaknotitie
from stadhuis.zaken.rules import breach_of
from stadhuis.zaken.tests.api.givens import RSIN, given_applicatie, given_zaak, zaak_body

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


# -- Properties -------------------------------------------------------------------------------------------------------
def eigenschap(zaaktype: Zaaktype, naam: str) -> catalogi.EigenschapRecord:
    return next(one for one in zaaktype.eigenschappen if one.naam == naam)


def value_body(zaak: dict[str, Any], kind: catalogi.EigenschapRecord, waarde: Any = "12-AB-34") -> dict[str, Any]:
    return {"zaak": zaak["url"], "eigenschap": kind.url, "waarde": waarde}


def test_when_a_property_gets_a_value_then_its_name_comes_from_the_catalogue(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    answer = api.post(f"{zaak['url']}/zaakeigenschappen", value_body(zaak, eigenschap(zaaktype, "kenteken")))
    found = body_of(answer, 201)
    assert (found["naam"], found["waarde"], found["zaak"]) == ("kenteken", "12-AB-34", zaak["url"])
    assert found["url"] == f"{zaak['url']}/zaakeigenschappen/{found['uuid']}"
    assert "X-Warning" not in answer
    assert body_of(api.get(zaak["url"]))["eigenschappen"] == [found["url"]]
    expanded = body_of(api.get(zaak["url"], expand="eigenschappen.eigenschap"))
    assert expanded["_expand"]["eigenschappen"][0]["_expand"]["eigenschap"]["naam"] == "kenteken"


def test_when_a_value_breaks_its_specification_then_it_is_kept_and_the_answer_warns(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    answer = api.post(f"{zaak['url']}/zaakeigenschappen", value_body(zaak, eigenschap(zaaktype, "einde"), "morgen"))
    assert body_of(answer, 201)["waarde"] == "morgen"
    assert answer["X-Warning"] == "De waarde is geen datum."


@pytest.mark.parametrize(
    ("waarde", "formaat", "lengte", "values", "is_good"),
    [
        ("abc", "tekst", "3", (), True), ("abcd", "tekst", "3", (), False), ("12,5", "getal", "2,1", (), True),
        ("12,55", "getal", "2,1", (), False), ("-12.5", "getal", "2,1", (), True), ("12a", "getal", "5", (), False),
        ("20260131", "datum", "8", (), True), ("2026-01-31", "datum", "8", (), True), ("20260231", "datum", "8", (), False),
        ("20260131235959", "datum_tijd", "14", (), True), ("20260131", "datum_tijd", "14", (), False),
        ("rood", "tekst", "10", ("rood", "groen"), True), ("geel", "tekst", "10", ("rood", "groen"), False),
        ("x" * 500, "tekst", "onbekend", (), True), ("", "tekst", "3", (), True),
    ],
)  # fmt: skip
def test_a_value_keeps_to_its_specification_or_not(
    waarde: str, formaat: str, lengte: str, values: tuple[str, ...], is_good: bool
) -> None:
    assert (breach_of(waarde, formaat=formaat, lengte=lengte, values=values) == "") is is_good


def test_zrc_018_when_the_property_is_of_another_zaaktype_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaaktype(domein="ANDER")
    zaak = given_zaak(api, zaaktype)
    answer = api.post(f"{zaak['url']}/zaakeigenschappen", value_body(zaak, eigenschap(other, "kenteken")))
    assert faults(answer) == {"nonFieldErrors": "zaaktype-mismatch"}


def test_when_a_property_changes_then_only_its_value_does(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    path, kind = f"{zaak['url']}/zaakeigenschappen", eigenschap(zaaktype, "kenteken")
    assert faults(api.post(path, value_body(other, kind))) == {"zaak": "no_match"}
    found = body_of(api.post(path, value_body(zaak, kind)), 201)
    assert body_of(api.patch(found["url"], {"waarde": "AB-12-34"}))["waarde"] == "AB-12-34"
    assert body_of(api.put(found["url"], value_body(zaak, kind, "")))["waarde"] == ""
    wrong = {"zaak": other["url"], "eigenschap": eigenschap(zaaktype, "einde").url}
    assert faults(api.patch(found["url"], wrong)) == dict.fromkeys(wrong, "wijzigen-niet-toegelaten")


# -- Besluiten --------------------------------------------------------------------------------------------------------
def test_when_a_besluit_is_noted_then_it_must_be_one_of_this_zaak_or_answer_elsewhere(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    zaak = given_zaak(api, zaaktype)
    path = f"{zaak['url']}/besluiten"
    nowhere = "http://localhost:8000/besluiten/api/v1/besluiten/7f1d2c3b-0000-4000-8000-000000000000"
    for url, code in (
        (nowhere, "bad-url"),
        (zaak["url"], "invalid-resource"),
        (f"{elsewhere[0]}/none", "bad-url"),
        ("http://10.0.0.1/", "bad-url"),
    ):
        assert faults(api.post(path, {"besluit": url})) == {"besluit": code}
    found = body_of(api.post(path, {"besluit": f"{elsewhere[0]}/other"}), 201)
    assert found["besluit"] == f"{elsewhere[0]}/other"
    assert faults(api.post(path, {"besluit": f"{elsewhere[0]}/other"})) == {"nonFieldErrors": "unique"}


# -- Contacts ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("path", "key"), [("zaakcontactmomenten", "contactmoment"), ("zaakverzoeken", "verzoek")])
def test_when_something_elsewhere_led_to_a_zaak_then_its_address_is_kept_once(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]], path: str, key: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    body = {"zaak": zaak["url"], key: f"{elsewhere[0]}/other"}
    found = body_of(api.post(path, body), 201)
    assert faults(api.post(path, body)) == {"nonFieldErrors": "unique"}
    for bad in ("/none", "/inside"):
        assert faults(api.post(path, {**body, key: elsewhere[0] + bad})) == {key: "bad-url"}
    assert body_of(api.get(path, zaak=zaak["url"])) == body_of(api.get(path, **{key: body[key]})) == [found]
    assert body_of(api.get(path, **{key: "https://elders.example/1"})) == []
    assert api.put(found["url"], body).status_code == 405


def test_when_a_klantcontact_has_no_number_then_it_gets_one_of_its_own(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    body = {"zaak": zaak["url"], "datumtijd": "2026-03-03T10:00:00Z", "kanaal": "balie", "onderwerp": "vraag"}
    first, second = (body_of(api.post("klantcontacten", body), 201) for _ in range(2))
    assert len(first["identificatie"]) == 12
    assert first["identificatie"] != second["identificatie"]
    taken = {**body, "identificatie": first["identificatie"]}
    assert faults(api.post("klantcontacten", taken)) == {"identificatie": "unique"}
    ahead = {**body, "datumtijd": (now() + timedelta(hours=1)).isoformat(), "identificatie": "x" * 15}
    assert faults(api.post("klantcontacten", ahead)) == {"identificatie": "max_length"}
    assert faults(api.post("klantcontacten", {**ahead, "identificatie": ""})) == {"datumtijd": "future_not_allowed"}
    assert Klantcontact.objects.count() == 2
    assert body_of(api.get("klantcontacten", zaak=zaak["url"]))["count"] == 2
    assert api.delete(first["url"]).status_code == 405


# -- Notes ------------------------------------------------------------------------------------------------------------
def note_body(zaak: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"gerelateerdAan": zaak["url"], "onderwerp": "Let op", "tekst": "De hond bijt.", **more}


def test_when_a_note_is_written_then_it_is_intern_and_by_whoever_sent_it(api: ApiClient, zaaktype: Zaaktype) -> None:
    note = body_of(api.post("zaaknotities", note_body(given_zaak(api, zaaktype))), 201)
    assert (note["notitieType"], note["status"]) == ("intern", "definitief")
    assert note["aangemaaktDoor"] == "Een tester"
    assert note["aanmaakdatum"] == note["wijzigingsdatum"]
    assert "uuid" not in note


def test_when_a_note_changes_then_it_stays_with_its_zaak(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    note = body_of(api.post("zaaknotities", note_body(zaak, status="concept", notitieType="extern")), 201)
    changed = body_of(api.patch(note["url"], {"status": "definitief", "aanmaakdatum": "2000-01-01T00:00:00Z"}))
    assert (changed["status"], changed["notitieType"]) == ("definitief", "extern")
    assert changed["aanmaakdatum"] == note["aanmaakdatum"] < changed["wijzigingsdatum"]
    assert body_of(api.put(note["url"], note_body(zaak)))["notitieType"] == "intern"
    assert faults(api.put(note["url"], note_body(other))) == {"gerelateerdAan": "wijzigen-niet-toegelaten"}
    assert faults(api.patch(note["url"], {"tekst": "", "notitieType": "geheim"})) == {
        "tekst": "blank",
        "notitieType": "invalid_choice",
    }
    limited = given_applicatie("beperkt", scopes=("zaken.bijwerken",), ref=given_zaaktype(domein="ANDER").ref)
    assert limited.put(note["url"], note_body(zaak)).status_code == 403


def test_when_notes_are_narrowed_then_only_those_are_given(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    note = body_of(api.post("zaaknotities", note_body(zaak, aangemaaktDoor="Annie", status="concept")), 201)
    other = note_body(given_zaak(api, zaaktype), onderwerp="100%", tekst="anders", notitieType="extern")
    body_of(api.post("zaaknotities", other), 201)
    Zaaknotitie.objects.filter(onderwerp="100%").update(aanmaakdatum="2020-01-01T00:00:00Z")
    Zaaknotitie.objects.filter(onderwerp="100%").update(wijzigingsdatum="2020-01-01T00:00:00Z")
    for query in (
        {"gerelateerdAan": zaak["url"]}, {"aangemaaktDoor": "Annie"}, {"aangemaaktDoor__icontains": "NNI"},
        {"status": "concept"}, {"notitieType": "intern"}, {"onderwerp": "Let op"}, {"onderwerp__icontains": "LET"},
        {"tekst": "De hond bijt."}, {"tekst__icontains": "hond"}, {"aanmaakdatum__gt": "2025-01-01T00:00:00Z"},
        {"aanmaakdatum__gte": note["aanmaakdatum"]}, {"wijzigingsdatum__gt": "2025-01-01T00:00:00Z"},
        {"aanmaakdatum": note["aanmaakdatum"]}, {"wijzigingsdatum__gte": note["wijzigingsdatum"]},
    ):  # fmt: skip
        assert [one["url"] for one in body_of(api.get("zaaknotities", **query))["results"]] == [note["url"]], query
    for query in (
        {"onderwerp__icontains": "%"}, {"aanmaakdatum__lt": "2021-01-01T00:00:00Z"},
        {"wijzigingsdatum__lte": "2021-01-01T00:00:00Z"},
    ):  # fmt: skip
        assert [one["onderwerp"] for one in body_of(api.get("zaaknotities", **query))["results"]] == ["100%"], query
    assert body_of(api.get("zaaknotities", onderwerp__icontains="_"))["count"] == 0


def test_when_a_page_size_is_asked_then_pages_have_it(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    for number in range(5):
        body_of(api.post("zaaknotities", note_body(zaak, onderwerp=str(number))), 201)
    first = body_of(api.get("zaaknotities", pageSize=2))
    assert (first["count"], len(first["results"])) == (5, 2)
    assert first["next"].endswith("zaaknotities?pageSize=2&page=2")
    last = body_of(api.get("zaaknotities", pageSize=2, page=3))
    assert (len(last["results"]), last["next"]) == (1, None)
    assert api.get("zaaknotities", pageSize=2, page=4).status_code == 404
    for size in ("0", "-1", "501", "x", "1e3"):
        assert set(faults(api.get("zaaknotities", pageSize=size))) == {"pageSize"}


# -- Numbers beforehand -----------------------------------------------------------------------------------------------
def test_when_a_number_is_reserved_then_only_whoever_sends_it_gets_it(api: ApiClient, zaaktype: Zaaktype) -> None:
    answer = api.post("zaaknummer_reserveren", {"bronorganisatie": RSIN})
    number = body_of(answer, 201)["zaaknummer"]
    assert number.startswith(f"ZAAK-{today().year}-")
    assert Reservering.objects.get().identificatie == number
    assert given_zaak(api, zaaktype)["identificatie"] != number
    assert given_zaak(api, zaaktype, identificatie=number)["identificatie"] == number
    again = api.post("zaken", zaak_body(zaaktype, identificatie=number))
    assert faults(again) == {"identificatie": "identificatie-niet-uniek"}


def test_when_more_numbers_are_reserved_then_they_come_as_a_list(api: ApiClient) -> None:
    made = body_of(api.post("zaaknummer_reserveren", {"bronorganisatie": RSIN, "aantal": 3}), 201)
    assert len({one["zaaknummer"] for one in made}) == 3
    for aantal, code in ((0, "min_value"), (-1, "min_value"), (1001, "max_value"), ("2", "invalid"), (None, "null")):
        wrong = {"bronorganisatie": "12", "aantal": aantal}
        assert faults(api.post("zaaknummer_reserveren", wrong)) == {"bronorganisatie": "invalid-length", "aantal": code}
    reader = given_applicatie("lezer", scopes=("zaken.lezen",), ref="TEST:MELDING")
    assert reader.post("zaaknummer_reserveren", {"bronorganisatie": RSIN}).status_code == 403
    assert api.get("zaaknummer_reserveren").status_code == 405
