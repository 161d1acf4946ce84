"""The resource zaak over HTTP: writing and its rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data, given_zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now, today
from stadhuis.notificaties.models import Notificatie
from stadhuis.zaken.models import Resultaat, Rol, Status, Zaak, Zaakbesluit, Zaakeigenschap
from stadhuis.zaken.tests.api.givens import RSIN, given_applicatie, given_zaak, zaak_body

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


def close(zaak: dict[str, Any]) -> None:
    Zaak.objects.filter(uuid=zaak["uuid"]).update(einddatum="2026-04-01")


# -- Creating ---------------------------------------------------------------------------------------------------------
def test_when_a_zaak_is_made_then_it_is_given_back_with_its_address_and_all_defaults(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    # when
    answer = api.post("zaken", zaak_body(zaaktype))
    # then
    zaak = body_of(answer, 201)
    assert answer["Location"] == zaak["url"] == f"http://localhost:8000/zaken/api/v1/zaken/{zaak['uuid']}"
    assert answer["API-version"] == "1.7.0"
    assert answer["Content-Crs"] == "EPSG:4326"
    assert answer["Content-Type"] == "application/json"
    assert zaak["zaaktype"] == zaaktype.url
    assert zaak["registratiedatum"] == today().isoformat()
    assert zaak["einddatumGepland"] == "2026-03-30"  # servicenorm P28D
    assert zaak["uiterlijkeEinddatumAfdoening"] == "2026-04-27"  # doorlooptijd P56D
    assert zaak["archiefstatus"] == "nog_te_archiveren"
    assert zaak["opschorting"] == {"indicatie": False, "reden": ""}
    assert zaak["verlenging"] is None
    assert zaak["processobject"] is None
    assert zaak["status"] is None
    assert zaak["rollen"] == zaak["deelzaken"] == []
    assert body_of(api.get(zaak["url"])) == zaak


def test_when_everything_is_sent_then_everything_comes_back(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    sent = {
        "identificatie": "OEV-1",
        "omschrijving": "Éen ☃ zaak",
        "toelichting": "regel 1\nregel 2",
        "registratiedatum": "2026-03-01",
        "einddatumGepland": "2026-06-01",
        "uiterlijkeEinddatumAfdoening": "2026-07-01",
        "publicatiedatum": "2026-03-05",
        "productenOfDiensten": ["https://producten.example/1"],
        "vertrouwelijkheidaanduiding": "geheim",
        "betalingsindicatie": "geheel",
        "laatsteBetaaldatum": "2026-03-02T10:00:00+01:00",
        "zaakgeometrie": {"type": "Point", "coordinates": [5.1, 52.1]},
        "verlenging": {"reden": "drukte", "duur": "P14D"},
        "opschorting": {"indicatie": True, "reden": "wacht op stukken"},
        "selectielijstklasse": "https://selectielijst.example/1",
        "kenmerken": [{"kenmerk": "K1", "bron": "oud"}, {"kenmerk": "K2", "bron": "nieuw"}],
        "archiefnominatie": "vernietigen",
        "archiefactiedatum": "2030-01-01",
        "opdrachtgevendeOrganisatie": RSIN,
        "processobjectaard": "aard",
        "startdatumBewaartermijn": "2029-01-01",
        "processobject": {
            "datumkenmerk": "einddatum",
            "identificatie": "1",
            "objecttype": "pand",
            "registratie": "BAG",
        },
    }
    # when
    zaak = given_zaak(api, zaaktype, **sent)
    # then
    assert zaak.pop("laatsteBetaaldatum") == "2026-03-02T09:00:00+00:00"
    sent.pop("laatsteBetaaldatum")
    assert {key: zaak[key] for key in sent} == sent
    assert zaak["betalingsindicatieWeergave"].startswith("De met de zaak gemoeide kosten zijn geheel")


def test_when_read_only_or_unknown_fields_are_sent_then_they_are_left_out(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype, einddatum="2026-01-01", uuid="x", status=7, ietsAnders={"a": 1})
    assert zaak["einddatum"] is None
    assert zaak["status"] is None


def test_when_many_fields_are_wrong_then_all_faults_are_reported_together(api: ApiClient) -> None:
    # when
    answer = api.post(
        "zaken",
        {
            "bronorganisatie": "12345678a",
            "verantwoordelijkeOrganisatie": "123456789",
            "omschrijving": "x" * 81,
            "toelichting": None,
            "startdatum": "2026-02-30",
            "productenOfDiensten": "geen lijst",
            "vertrouwelijkheidaanduiding": "zeer",
            "kenmerken": [{"kenmerk": "k", "bron": "b"}, {"kenmerk": ""}, 3],
            "relevanteAndereZaken": [{"url": "geen-url", "aardRelatie": "vriend"}],
            "laatsteBetaaldatum": "gisteren",
            "identificatie": 12,
        },
    )
    # then
    assert faults(answer) == {
        "bronorganisatie": "only-digits",
        "verantwoordelijkeOrganisatie": "invalid",
        "omschrijving": "max_length",
        "toelichting": "null",
        "startdatum": "invalid",
        "productenOfDiensten": "not_a_list",
        "vertrouwelijkheidaanduiding": "invalid_choice",
        "kenmerken.1.kenmerk": "blank",
        "kenmerken.1.bron": "required",
        "kenmerken.2": "invalid",
        "relevanteAndereZaken.0.url": "invalid",
        "relevanteAndereZaken.0.aardRelatie": "invalid_choice",
        "laatsteBetaaldatum": "invalid",
        "identificatie": "invalid",
        "zaaktype": "required",
    }
    problem = answer.json()  # type: ignore[attr-defined]
    assert problem["code"] == "invalid"
    assert problem["status"] == 400
    assert problem["instance"].startswith("urn:uuid:")


# -- zrc-001 ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://localhost:8000/catalogi/api/v1/zaaktypen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "bad-url"),
        ("http://localhost:8000/catalogi/api/v1/statustypen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "invalid-resource"),
        ("http://localhost:8000/", "bad-url"),
        ("http://127.0.0.1:9/zaaktypen/1", "bad-url"),
        ("http://169.254.169.254/latest/meta-data", "bad-url"),
        ("ftp://example.com/zaaktypen/1", "invalid"),
        ("zaaktype", "invalid"),
    ],
)
def test_zrc_001_when_the_zaaktype_does_not_resolve_then_the_zaak_is_refused(
    api: ApiClient, zaaktype: Zaaktype, url: str, code: str
) -> None:
    assert faults(api.post("zaken", zaak_body(zaaktype, zaaktype=url))) == {"zaaktype": code}


def test_zrc_001_when_the_zaaktype_is_a_concept_then_the_zaak_is_refused(api: ApiClient) -> None:
    concept = catalogus_data(domein="CONC", identificatie="CONCEPT", concept=True)
    catalogi.build(concept)
    from stadhuis.catalogi.models import Zaaktype as Row

    row = Row.objects.get(identificatie="CONCEPT")
    url = f"http://localhost:8000/catalogi/api/v1/zaaktypen/{row.uuid}"
    answer = api.post("zaken", {**zaak_body_of(url)})
    assert faults(answer) == {"zaaktype": "not-published"}


def zaak_body_of(url: str) -> dict[str, Any]:
    return {"bronorganisatie": RSIN, "verantwoordelijkeOrganisatie": RSIN, "zaaktype": url, "startdatum": "2026-03-02"}


def test_zrc_001_when_the_zaaktype_has_a_former_address_of_ours_then_it_is_recognised(
    api: ApiClient, zaaktype: Zaaktype, settings: Any
) -> None:
    settings.FORMER_PUBLIC_URLS = ["https://vroeger.example"]
    zaak = given_zaak(api, zaaktype, zaaktype=zaaktype.url.replace("http://localhost:8000", "https://vroeger.example"))
    assert zaak["zaaktype"] == zaaktype.url


# -- zrc-002 ----------------------------------------------------------------------------------------------------------
def test_zrc_002_when_no_identificatie_is_sent_then_the_server_makes_one(api: ApiClient, zaaktype: Zaaktype) -> None:
    one, two = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    assert one["identificatie"]
    assert one["identificatie"] != two["identificatie"]


def test_zrc_002_when_an_identificatie_is_taken_then_it_is_refused_within_the_organisation_only(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    given_zaak(api, zaaktype, identificatie="A1")
    assert faults(api.post("zaken", zaak_body(zaaktype, identificatie="A1"))) == {
        "identificatie": "identificatie-niet-uniek"
    }
    assert given_zaak(api, zaaktype, identificatie="A1", bronorganisatie="517439943")["identificatie"] == "A1"


def test_zrc_002_when_the_identificatie_changes_then_it_is_refused_and_the_same_value_is_fine(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype, identificatie="A1")
    assert faults(api.patch(zaak["url"], {"identificatie": "A2"})) == {"identificatie": "wijzigen-niet-toegelaten"}
    assert faults(api.put(zaak["url"], zaak_body(zaaktype, identificatie="A2"))) == {
        "identificatie": "wijzigen-niet-toegelaten"
    }
    assert body_of(api.patch(zaak["url"], {"identificatie": "A1"}))["identificatie"] == "A1"


def test_zrc_002_when_the_bronorganisatie_changes_then_the_identificatie_must_be_free_there(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    given_zaak(api, zaaktype, identificatie="A1", bronorganisatie="517439943")
    zaak = given_zaak(api, zaaktype, identificatie="A1")
    assert faults(api.patch(zaak["url"], {"bronorganisatie": "517439943"})) == {
        "identificatie": "identificatie-niet-uniek"
    }


# -- zrc-006 ----------------------------------------------------------------------------------------------------------
def test_zrc_006_when_an_application_has_one_zaaktype_then_it_sees_only_that_up_to_its_level(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    other = given_zaaktype(domein="ANDER", identificatie="ANDER")
    seen = given_zaak(api, zaaktype, vertrouwelijkheidaanduiding="vertrouwelijk")
    too_secret = given_zaak(api, zaaktype, vertrouwelijkheidaanduiding="confidentieel")
    elsewhere = given_zaak(api, other)
    limited = given_applicatie("beperkt", scopes=("zaken.lezen",), ref=zaaktype.ref, max_level=5)
    # when
    page = body_of(limited.get("zaken"))
    # then
    assert [zaak["url"] for zaak in page["results"]] == [seen["url"]]
    assert page["count"] == 1
    assert limited.get(seen["url"]).status_code == 200
    for hidden in (too_secret, elsewhere):
        refused = limited.get(hidden["url"])
        assert refused.status_code == 403
        assert refused.json()["code"] == "permission_denied"  # type: ignore[attr-defined]
    found = body_of(limited.post("zaken/_zoek", {"uuid__in": [seen["uuid"], too_secret["uuid"], elsewhere["uuid"]]}))
    assert [zaak["uuid"] for zaak in found["results"]] == [seen["uuid"]]


def test_zrc_006_when_an_application_may_read_nothing_then_the_list_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    writer = given_applicatie("schrijver", scopes=("zaken.aanmaken",), ref=zaaktype.ref)
    assert writer.get("zaken").status_code == 403
    assert writer.post("zaken", zaak_body(zaaktype)).status_code == 201


def test_zrc_006_when_the_type_or_level_of_a_new_zaak_is_not_authorised_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaaktype(domein="ANDER", identificatie="ANDER")
    limited = given_applicatie("beperkt", scopes=("zaken.aanmaken", "zaken.bijwerken"), ref=zaaktype.ref, max_level=5)
    assert limited.post("zaken", zaak_body(other)).status_code == 403
    assert limited.post("zaken", zaak_body(zaaktype, vertrouwelijkheidaanduiding="geheim")).status_code == 403
    made = body_of(limited.post("zaken", zaak_body(zaaktype)), 201)
    # A change may not lift a zaak out of the rights of whoever changes it.
    assert limited.patch(made["url"], {"vertrouwelijkheidaanduiding": "geheim"}).status_code == 403
    assert limited.delete(made["url"]).status_code == 403


# -- zrc-007 ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_zrc_007_when_a_zaak_is_closed_then_it_changes_only_with_the_forced_scope(
    api: ApiClient, zaaktype: Zaaktype, method: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    close(zaak)
    ordinary = given_applicatie("gewoon", scopes=("zaken.bijwerken",), ref=zaaktype.ref)
    forced = given_applicatie("sterk", scopes=("zaken.geforceerd-bijwerken",), ref=zaaktype.ref)
    body = zaak_body(zaaktype, toelichting="anders")
    refused = ordinary.send(method, zaak["url"], body)
    assert refused.status_code == 403
    assert refused.json()["code"] == "permission_denied"  # type: ignore[attr-defined]
    assert body_of(forced.send(method, zaak["url"], body))["toelichting"] == "anders"


# -- zrc-009 ----------------------------------------------------------------------------------------------------------
def test_zrc_009_when_no_vertrouwelijkheidaanduiding_is_sent_then_that_of_the_zaaktype_counts(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    assert given_zaak(api, zaaktype)["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    zaak = given_zaak(api, zaaktype, vertrouwelijkheidaanduiding="openbaar")
    assert zaak["vertrouwelijkheidaanduiding"] == "openbaar"
    assert body_of(api.put(zaak["url"], zaak_body(zaaktype)))["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"


# -- zrc-011, zrc-013 --------------------------------------------------------------------------------------------------
def test_zrc_011_when_another_zaak_does_not_resolve_then_it_is_refused_and_ours_is_kept(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaak(api, zaaktype)
    unknown = other["url"][:-12] + "000000000000"
    wrong = [{"url": other["url"], "aardRelatie": "vervolg"}, {"url": unknown, "aardRelatie": "bijdrage"}]
    assert faults(api.post("zaken", zaak_body(zaaktype, relevanteAndereZaken=wrong))) == {
        "relevanteAndereZaken.1.url": "bad-url"
    }
    zaak = given_zaak(api, zaaktype, relevanteAndereZaken=wrong[:1])
    assert zaak["relevanteAndereZaken"] == wrong[:1]
    assert body_of(api.patch(zaak["url"], {"relevanteAndereZaken": []}))["relevanteAndereZaken"] == []


def test_zrc_013_when_a_hoofdzaak_is_wrong_then_the_standard_says_how(api: ApiClient) -> None:
    # given
    zaaktype = given_zaaktype(deelzaaktypen=["MELDING"])
    stranger = given_zaaktype(domein="ANDER", identificatie="ANDER")
    hoofdzaak = given_zaak(api, zaaktype)
    deelzaak = given_zaak(api, zaaktype, hoofdzaak=hoofdzaak["url"])
    # then
    assert body_of(api.get(hoofdzaak["url"]))["deelzaken"] == [deelzaak["url"]]
    unknown = hoofdzaak["url"][:-12] + "000000000000"
    assert faults(api.post("zaken", zaak_body(zaaktype, hoofdzaak=unknown))) == {"hoofdzaak": "no_match"}
    assert faults(api.post("zaken", zaak_body(zaaktype, hoofdzaak=deelzaak["url"]))) == {
        "hoofdzaak": "deelzaak-als-hoofdzaak"
    }
    assert faults(api.patch(hoofdzaak["url"], {"hoofdzaak": hoofdzaak["url"]})) == {"hoofdzaak": "self-forbidden"}
    assert faults(api.post("zaken", zaak_body(stranger, hoofdzaak=hoofdzaak["url"]))) == {
        "hoofdzaak": "invalid-deelzaaktype"
    }
    assert body_of(api.patch(deelzaak["url"], {"hoofdzaak": None}))["hoofdzaak"] is None


# -- zrc-012 ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_zrc_012_when_a_group_is_sent_empty_then_its_own_fields_are_required(
    api: ApiClient, zaaktype: Zaaktype, method: str
) -> None:
    groups: dict[str, Any] = {"opschorting": {}, "verlenging": {}}
    answer = (
        api.post("zaken", zaak_body(zaaktype, **groups))
        if method == "POST"
        else api.patch(given_zaak(api, zaaktype)["url"], groups)
    )
    assert faults(answer) == {
        "opschorting.indicatie": "required",
        "opschorting.reden": "required",
        "verlenging.reden": "required",
        "verlenging.duur": "required",
    }


def test_zrc_012_when_a_group_is_null_then_it_has_no_value(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(
        api, zaaktype, opschorting={"indicatie": True, "reden": "x"}, verlenging={"reden": "y", "duur": "P1Y"}
    )
    changed = body_of(api.patch(zaak["url"], {"opschorting": None, "verlenging": None}))
    assert changed["opschorting"] == {"indicatie": False, "reden": ""}
    assert changed["verlenging"] is None


# -- zrc-014, zrc-015 --------------------------------------------------------------------------------------------------
def test_zrc_014_when_nothing_is_to_be_paid_then_there_is_no_date_of_payment(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    paid = {"betalingsindicatie": "nvt", "laatsteBetaaldatum": "2026-03-02T10:00:00Z"}
    assert faults(api.post("zaken", zaak_body(zaaktype, **paid))) == {"laatsteBetaaldatum": "betaling-nvt"}
    zaak = given_zaak(api, zaaktype, betalingsindicatie="geheel", laatsteBetaaldatum="2026-03-02T10:00:00Z")
    assert body_of(api.patch(zaak["url"], {"betalingsindicatie": "nvt"}))["laatsteBetaaldatum"] is None


def test_when_a_date_of_payment_or_registration_lies_ahead_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    body = zaak_body(
        zaaktype,
        laatsteBetaaldatum=(now() + timedelta(days=2)).isoformat(),
        registratiedatum=(today() + timedelta(days=2)).isoformat(),
    )
    assert faults(api.post("zaken", body)) == {
        "laatsteBetaaldatum": "future_not_allowed",
        "registratiedatum": "date-in-future",
    }


def test_zrc_015_when_a_product_is_not_of_the_zaaktype_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    products = ["https://producten.example/1", "https://producten.example/2"]
    assert faults(api.post("zaken", zaak_body(zaaktype, productenOfDiensten=products))) == {
        "productenOfDiensten": "invalid-products-services"
    }


# -- zrc-022 ----------------------------------------------------------------------------------------------------------
def test_zrc_022_when_the_archive_parameters_are_missing_then_the_zaak_cannot_be_archived(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    assert faults(api.patch(zaak["url"], {"archiefstatus": "gearchiveerd"})) == {
        "archiefnominatie": "archiefnominatie-not-set",
        "archiefactiedatum": "archiefactiedatum-not-set",
    }
    whole = {"archiefstatus": "gearchiveerd", "archiefnominatie": "vernietigen", "archiefactiedatum": "2030-01-01"}
    assert body_of(api.patch(zaak["url"], whole))["archiefstatus"] == "gearchiveerd"


# -- PUT and PATCH ------------------------------------------------------------------------------------------------------
def test_when_a_zaak_is_put_then_what_is_left_out_becomes_empty(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(
        api, zaaktype, omschrijving="weg", kenmerken=[{"kenmerk": "K", "bron": "B"}], einddatumGepland="2026-05-01"
    )
    changed = body_of(api.put(zaak["url"], zaak_body(zaaktype, toelichting="nieuw")))
    assert changed["omschrijving"] == ""
    assert changed["kenmerken"] == []
    assert changed["einddatumGepland"] is None
    assert changed["toelichting"] == "nieuw"
    assert changed["identificatie"] == zaak["identificatie"]
    assert changed["registratiedatum"] == zaak["registratiedatum"]


def test_when_a_zaak_is_patched_then_only_what_is_sent_changes(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(
        api, zaaktype, omschrijving="blijft", kenmerken=[{"kenmerk": "K", "bron": "B"}], laatsteBetaaldatum="2026-03-02T10:00:00Z",
        zaakgeometrie={"type": "Point", "coordinates": [5, 52]},
    )  # fmt: skip
    changed = body_of(api.patch(zaak["url"], {"toelichting": "nieuw"}))
    assert changed == {**zaak, "toelichting": "nieuw"}


def test_when_put_lacks_required_fields_then_they_are_named(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    assert faults(api.put(zaak["url"], {})) == dict.fromkeys(
        ("bronorganisatie", "zaaktype", "verantwoordelijkeOrganisatie", "startdatum"), "required"
    )


# -- zrc-023 ----------------------------------------------------------------------------------------------------------
def test_zrc_023_when_a_zaak_is_deleted_then_nothing_of_it_is_left(api: ApiClient) -> None:
    # given
    zaaktype = given_zaaktype(deelzaaktypen=["MELDING"])
    zaak = given_zaak(api, zaaktype, kenmerken=[{"kenmerk": "K", "bron": "B"}])
    deelzaak = given_zaak(api, zaaktype, hoofdzaak=zaak["url"])
    row = Zaak.objects.get(uuid=zaak["uuid"])
    given_parts(row, zaaktype)
    # when
    answer = api.delete(zaak["url"])
    # then
    assert answer.status_code == 204
    assert answer.content == b""
    for gone in (zaak, deelzaak):
        assert api.get(gone["url"]).status_code == 404
        assert api.get(f"{gone['url']}/audittrail").status_code == 404
        assert audit.trail_of(gone["uuid"]) == []
    for table in (Zaak, Rol, Status, Resultaat, Zaakeigenschap):
        assert not table.objects.exists()
    assert [message.actie for message in Notificatie.objects.filter(hoofd_object=zaak["url"]).order_by("id")] == [
        "create",
        "destroy",
    ]


def given_parts(zaak: Zaak, zaaktype: Zaaktype) -> None:
    """Give a zaak a rol, a status set by it, a resultaat and a property."""
    rol = Rol.objects.create(
        zaak=zaak, roltype_id=zaaktype.roltypen[0].id, omschrijving="initiator", omschrijving_generiek="initiator",
        betrokkene_type="natuurlijk_persoon", registratiedatum=now(),
    )  # fmt: skip
    status = Status.objects.create(
        zaak=zaak, statustype_id=zaaktype.statustypen[0].id, datum_status_gezet=now(), gezetdoor=rol
    )
    Zaak.objects.filter(pk=zaak.pk).update(status=status)
    Resultaat.objects.create(zaak=zaak, resultaattype_id=zaaktype.resultaattypen[0].id)
    Zaakeigenschap.objects.create(zaak=zaak, eigenschap_id=zaaktype.eigenschappen[0].id, naam="kenteken", waarde="X")


def test_zrc_023_when_a_besluit_refers_to_the_zaak_then_it_stays(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    Zaakbesluit.objects.create(zaak=Zaak.objects.get(uuid=zaak["uuid"]), besluit_url="https://besluiten.example/1")
    assert faults(api.delete(zaak["url"])) == {"nonFieldErrors": "related-besluiten"}


# -- Trail and notification -------------------------------------------------------------------------------------------
def test_when_a_zaak_is_written_then_the_trail_tells_who_what_and_why(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = body_of(api.post("zaken", zaak_body(zaaktype), **{"X-Audit-Toelichting": "op verzoek"}), 201)
    api.patch(zaak["url"], {"toelichting": "nieuw"})
    # when
    lines = body_of(api.get(f"{zaak['url']}/audittrail"))
    # then
    assert [line["actie"] for line in lines] == ["create", "partial_update"]
    made, changed = lines
    assert made["bron"] == "zrc"
    assert made["applicatieId"] == "alles"
    assert made["gebruikersId"] == "tester"
    assert made["gebruikersWeergave"] == "Een tester"
    assert made["toelichting"] == "op verzoek"
    assert made["hoofdObject"] == made["resourceUrl"] == zaak["url"]
    assert made["resource"] == "zaak"
    assert made["resourceWeergave"] == zaak["identificatie"]
    assert made["resultaat"] == 201
    assert made["wijzigingen"] == {"oud": None, "nieuw": zaak}
    assert changed["wijzigingen"]["oud"] == zaak
    assert changed["wijzigingen"]["nieuw"]["toelichting"] == "nieuw"
    assert body_of(api.get(f"{zaak['url']}/audittrail/{made['uuid']}")) == made
    assert api.get(f"{zaak['url']}/audittrail/{zaak['uuid']}").status_code == 404


def test_when_an_application_may_not_see_trails_then_they_stay_shut(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    reader = given_applicatie("lezer", scopes=("zaken.lezen",), ref=zaaktype.ref)
    assert reader.get(f"{zaak['url']}/audittrail").status_code == 403
    other = given_applicatie("ander", scopes=("audittrails.lezen",), ref="TEST:IETSANDERS")
    assert other.get(f"{zaak['url']}/audittrail").status_code == 403


def test_when_a_zaak_is_written_then_a_message_without_content_is_in_the_outbox(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype, omschrijving="niet in het bericht")
    api.put(zaak["url"], zaak_body(zaaktype))
    assert Notificatie.objects.filter(kanaal="zaken").earliest("id").body() | {"aanmaakdatum": ""} == {
        "kanaal": "zaken",
        "hoofdObject": zaak["url"],
        "resource": "zaak",
        "resourceUrl": zaak["url"],
        "actie": "create",
        "aanmaakdatum": "",
        "kenmerken": {
            "bronorganisatie": RSIN,
            "zaaktype": zaaktype.url,
            "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
        },
    }
    assert [message.actie for message in Notificatie.objects.filter(kanaal="zaken").order_by("id")] == [
        "create",
        "update",
    ]


def test_when_a_write_is_refused_then_nothing_is_stored_told_or_written_down(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    given_zaak(api, zaaktype, identificatie="A1")
    lines, messages = audit_lines(), Notificatie.objects.count()
    api.post("zaken", zaak_body(zaaktype, identificatie="A1"))
    assert Zaak.objects.count() == 1
    assert (audit_lines(), Notificatie.objects.count()) == (lines, messages)


def audit_lines() -> int:
    from stadhuis.audit.models import Line

    return Line.objects.count()


def test_when_the_standard_has_this_level_then_access_has_it_too() -> None:
    from stadhuis.zaken.shapes import VERTROUWELIJKHEID

    assert tuple(access.ORDER) == VERTROUWELIJKHEID
