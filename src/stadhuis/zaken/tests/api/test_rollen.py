"""Rollen over HTTP: every kind of betrokkene, the BSN that stays with people, filters (zrc-019)."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.people import public as people
from stadhuis.zaken.models import Rol
from stadhuis.zaken.tests.api.givens import given_zaak
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_staff

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
ADDRESS = {
    "aoaIdentificatie": "0402200001", "wplWoonplaatsNaam": "Oever", "gorOpenbareRuimteNaam": "Dorpsstraat", "aoaHuisnummer": 1,
    "aoaPostcode": "1234AB", "inpLocatiebeschrijving": "",
}  # fmt: skip
ABROAD = {"lndLandcode": "5010", "lndLandnaam": "België", "subAdresBuitenland_1": "Rue 1"}
IDENTIFICATIES: dict[str, dict[str, Any]] = {
    "natuurlijk_persoon": {
        "inpBsn": BSN, "anpIdentificatie": "A1", "inpA_nummer": "1234567890", "geslachtsnaam": "de Vries",
        "voorvoegselGeslachtsnaam": "", "voorletters": "J", "voornamen": "Jan", "geslachtsaanduiding": "m",
        "geboortedatum": "1980-01-31", "verblijfsadres": ADDRESS, "subVerblijfBuitenland": ABROAD,
    },
    "niet_natuurlijk_persoon": {
        "innNnpId": "807287684", "annIdentificatie": "B2", "statutaireNaam": "Bakkerij BV", "innRechtsvorm": "stichting",
        "bezoekadres": "Markt 1", "subVerblijfBuitenland": None,
    },
    "vestiging": {
        "vestigingsNummer": "000012345678", "handelsnaam": ["Bakkerij", "Brood"], "kvkNummer": "69599084",
        "verblijfsadres": ADDRESS, "subVerblijfBuitenland": None,
    },
    "organisatorische_eenheid": {"identificatie": "team", "naam": "Team", "isGehuisvestIn": "Stadhuis"},
    "medewerker": {"identificatie": "annie", "achternaam": "Bos", "voorletters": "A", "voorvoegselAchternaam": ""},
}  # fmt: skip


def rol_body(zaak: dict[str, Any], roltype: catalogi.RoltypeRecord, /, **more: Any) -> dict[str, Any]:
    return {
        "zaak": zaak["url"],
        "roltype": roltype.url,
        "betrokkeneType": "natuurlijk_persoon",
        "roltoelichting": "vraagt aan",
        "betrokkeneIdentificatie": {"inpBsn": BSN},
        **more,
    }


def roltype(zaaktype: Zaaktype, kind: str = "initiator") -> catalogi.RoltypeRecord:
    return next(one for one in zaaktype.roltypen if one.omschrijving_generiek == kind)


@pytest.mark.parametrize("kind", sorted(IDENTIFICATIES))
def test_when_any_kind_of_betrokkene_is_described_then_all_of_it_comes_back(
    api: ApiClient, zaaktype: Zaaktype, kind: str
) -> None:
    # given
    sent = rol_body(
        given_zaak(api, zaaktype), roltype(zaaktype), betrokkeneType=kind, betrokkeneIdentificatie=IDENTIFICATIES[kind],
        afwijkendeNaamBetrokkene="Zeg maar Jan", indicatieMachtiging="gemachtigde",
        contactpersoonRol={"naam": "Piet", "functie": "bode", "emailadres": "piet@x.example", "telefoonnummer": "0612345678"},
    )  # fmt: skip
    # when
    rol = body_of(api.post("rollen", sent), 201)
    # then
    assert {key: rol[key] for key in sent} == sent
    assert (rol["omschrijving"], rol["omschrijvingGeneriek"]) == (roltype(zaaktype).omschrijving, "initiator")
    assert rol["statussen"] == []
    assert body_of(api.get(rol["url"])) == rol


def test_when_a_betrokkene_lies_elsewhere_then_its_address_is_kept_and_not_asked(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    body = rol_body(given_zaak(api, zaaktype), roltype(zaaktype), betrokkene="https://brp.example/personen/1")
    rol = body_of(api.post("rollen", {**body, "betrokkeneIdentificatie": None}), 201)
    assert (rol["betrokkene"], rol["betrokkeneIdentificatie"]) == ("https://brp.example/personen/1", None)
    found = body_of(api.get("rollen", betrokkene="https://brp.example/personen/1"))
    assert [one["url"] for one in found["results"]] == [rol["url"]]


@pytest.mark.parametrize("identificatie", [None, {}, {"inpBsn": ""}])
def test_when_nobody_is_named_then_the_rol_is_refused(api: ApiClient, zaaktype: Zaaktype, identificatie: Any) -> None:
    body = rol_body(given_zaak(api, zaaktype), roltype(zaaktype), betrokkeneIdentificatie=identificatie)
    assert faults(api.post("rollen", body)) == {"nonFieldErrors": "invalid-betrokkene"}


@pytest.mark.parametrize(
    ("kind", "identificatie", "wrong"),
    [
        ("natuurlijk_persoon", {"inpBsn": "123456789"}, {"inpBsn": "invalid"}),
        ("natuurlijk_persoon", {"inpBsn": "12345678a"}, {"inpBsn": "only-digits"}),
        ("natuurlijk_persoon", {"inpBsn": 999990019, "inpA_nummer": "0123456789"}, {"inpBsn": "invalid", "inpA_nummer": "invalid"}),
        ("natuurlijk_persoon", {"verblijfsadres": {}}, {
            f"verblijfsadres.{key}": "required"
            for key in ("aoaIdentificatie", "wplWoonplaatsNaam", "gorOpenbareRuimteNaam", "aoaHuisnummer")
        }),
        ("niet_natuurlijk_persoon", {"innRechtsvorm": "bv", "statutaireNaam": "x" * 501}, {
            "innRechtsvorm": "invalid_choice", "statutaireNaam": "max_length",
        }),
        ("vestiging", {"handelsnaam": "Bakkerij"}, {"handelsnaam": "not_a_list"}),
        ("medewerker", {"achternaam": None}, {"achternaam": "null"}),
        ("organisatorische_eenheid", {"naam": "a\x00b"}, {"naam": "null_characters_not_allowed"}),
    ],
)  # fmt: skip
def test_when_a_description_is_wrong_then_every_fault_has_its_path(
    api: ApiClient, zaaktype: Zaaktype, kind: str, identificatie: Any, wrong: dict[str, str]
) -> None:
    body = rol_body(given_zaak(api, zaaktype), roltype(zaaktype), betrokkeneType=kind)
    found = faults(api.post("rollen", {**body, "betrokkeneIdentificatie": identificatie}))
    assert found == {f"betrokkeneIdentificatie.{key}": code for key, code in wrong.items()}


def test_zrc_012_when_the_contactpersoon_is_sent_empty_then_its_name_is_required(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    body = rol_body(given_zaak(api, zaaktype), roltype(zaaktype), contactpersoonRol={"emailadres": "geen"})
    assert faults(api.post("rollen", body)) == {
        "contactpersoonRol.naam": "required",
        "contactpersoonRol.emailadres": "invalid",
    }
    body["contactpersoonRol"] = None
    assert body_of(api.post("rollen", body), 201)["contactpersoonRol"] is None


def test_zrc_019_when_the_roltype_is_of_another_zaaktype_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    other = given_zaaktype(domein="ANDER")
    body = rol_body(given_zaak(api, zaaktype), roltype(other))
    assert faults(api.post("rollen", body)) == {"nonFieldErrors": "zaaktype-mismatch"}


def test_when_a_zaak_has_an_initiator_then_a_second_one_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    body = rol_body(given_zaak(api, zaaktype), roltype(zaaktype))
    body_of(api.post("rollen", body), 201)
    assert faults(api.post("rollen", body)) == {"roltype": "max-occurences"}


def test_when_a_rol_is_to_change_then_the_standard_knows_no_way(api: ApiClient, zaaktype: Zaaktype) -> None:
    rol = body_of(api.post("rollen", rol_body(given_zaak(api, zaaktype), roltype(zaaktype))), 201)
    assert api.put(rol["url"], {}).status_code == 405
    assert api.patch(rol["url"], {}).status_code == 405


def test_when_a_bsn_comes_in_then_people_keeps_it_and_the_row_does_not(api: ApiClient, zaaktype: Zaaktype) -> None:
    rol = body_of(api.post("rollen", rol_body(given_zaak(api, zaaktype), roltype(zaaktype))), 201)
    row = Rol.objects.get(uuid=rol["uuid"])
    assert row.person_id == people.find_person(BSN)
    assert "inpBsn" not in (row.betrokkene_identificatie or {})
    assert rol["betrokkeneIdentificatie"]["inpBsn"] == BSN


def test_when_somebody_here_is_described_then_they_find_the_zaak(api: ApiClient, zaaktype: Zaaktype) -> None:
    actor = given_staff()
    zaak = given_zaak(api, zaaktype)
    for kind in ("medewerker", "organisatorische_eenheid", "vestiging"):
        body = rol_body(zaak, roltype(zaaktype, "behandelaar"), betrokkeneType=kind)
        body_of(api.post("rollen", {**body, "betrokkeneIdentificatie": IDENTIFICATIES[kind]}), 201)
    assert Rol.objects.get(betrokkene_type="medewerker").medewerker_id == actor.pk
    unit = people.unit_by_code("team")
    assert unit is not None
    assert Rol.objects.get(betrokkene_type="organisatorische_eenheid").unit_id == unit.id
    assert Rol.objects.get(betrokkene_type="vestiging").company_id == people.find_company("69599084")


# -- Finding ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("natuurlijk_persoon", "inpBsn"), ("natuurlijk_persoon", "anpIdentificatie"), ("natuurlijk_persoon", "inpA_nummer"),
        ("niet_natuurlijk_persoon", "innNnpId"), ("niet_natuurlijk_persoon", "annIdentificatie"),
        ("vestiging", "vestigingsNummer"), ("organisatorische_eenheid", "identificatie"), ("medewerker", "identificatie"),
    ],
)  # fmt: skip
def test_when_rollen_are_sought_by_who_it_is_then_they_are_found_in_the_list_and_their_zaak_too(
    api: ApiClient, zaaktype: Zaaktype, kind: str, key: str
) -> None:
    # given
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    body = rol_body(zaak, roltype(zaaktype), betrokkeneType=kind, betrokkeneIdentificatie=IDENTIFICATIES[kind])
    rol = body_of(api.post("rollen", body), 201)
    body_of(api.post("rollen", rol_body(other, roltype(zaaktype), betrokkeneIdentificatie={"inpBsn": OTHER_BSN})), 201)
    camel = "".join(word if index == 0 else word.title() for index, word in enumerate(kind.split("_")))
    name = f"betrokkeneIdentificatie__{camel}__{key}"
    value = IDENTIFICATIES[kind][key]
    # then
    assert [one["url"] for one in body_of(api.get("rollen", **{name: value}))["results"]] == [rol["url"]]
    assert [one["url"] for one in body_of(api.get("zaken", **{f"rol__{name}": value}))["results"]] == [zaak["url"]]
    sought = body_of(api.post("zaken/_zoek", {f"rol__{name}": value}))
    assert [one["url"] for one in sought["results"]] == [zaak["url"]]
    assert body_of(api.get("rollen", **{name: "onbekend"}))["count"] == 0


def test_when_rollen_are_narrowed_then_only_those_are_given(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    rol = body_of(api.post("rollen", rol_body(zaak, roltype(zaaktype))), 201)
    other = rol_body(given_zaak(api, zaaktype), roltype(zaaktype, "behandelaar"), betrokkeneType="medewerker")
    body_of(api.post("rollen", {**other, "betrokkeneIdentificatie": IDENTIFICATIES["medewerker"]}), 201)
    for query in (
        {"zaak": zaak["url"]}, {"betrokkeneType": "natuurlijk_persoon"}, {"roltype": roltype(zaaktype).url},
        {"omschrijving": roltype(zaaktype).omschrijving}, {"omschrijvingGeneriek": "initiator"},
    ):  # fmt: skip
        assert [one["url"] for one in body_of(api.get("rollen", **query))["results"]] == [rol["url"]], query
    assert faults(api.get("rollen", betrokkeneType="hond")) == {"betrokkeneType": "invalid_choice"}


def test_when_a_bsn_is_sent_or_sought_then_no_log_has_it(
    api: ApiClient, zaaktype: Zaaktype, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    zaak = given_zaak(api, zaaktype)
    body_of(api.post("rollen", rol_body(zaak, roltype(zaaktype))), 201)
    name = "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"
    body_of(api.get("rollen", **{name: BSN}))
    body_of(api.get("zaken", **{f"rol__{name}": BSN}))
    body_of(api.post("zaken/_zoek", {f"rol__{name}": BSN}))
    wrong = rol_body(zaak, roltype(zaaktype), betrokkeneIdentificatie={"inpBsn": BSN, "geslachtsaanduiding": 1})
    assert faults(api.post("rollen", wrong)) == {"betrokkeneIdentificatie.geslachtsaanduiding": "invalid_choice"}
    written = capfd.readouterr()
    mine = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert BSN not in "".join([*mine, written.out, written.err])
