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


def test_ztc_015_holds_for_a_change_too(api: ApiClient, zaaktype: Json) -> None:
    found = made(api, "eigenschappen", part_body("eigenschappen", zaaktype))
    wrong = {"specificatie": {"formaat": "datum", "lengte": "6", "kardinaliteit": "1"}}
    assert faults(api.patch(found["url"], wrong)) == {"specificatie.lengte": "invalid"}
    assert body_of(api.get(found["url"])) == found


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


def archived(api: ApiClient, zaaktype: Json, host: str, klasse: str, brondatum: Json) -> dict[str, str]:
    """Make a resultaattype with this brondatumArchiefprocedure; return what is wrong with it, nothing when it was made."""
    body = part_body(
        "resultaattypen", zaaktype, host, selectielijstklasse=f"{host}{klasse}", brondatumArchiefprocedure=brondatum
    )
    answer = api.post("resultaattypen", body)
    if answer.status_code != 201:
        assert Resultaattype.objects.count() == 0
        return {name.removeprefix("brondatumArchiefprocedure."): code for name, code in faults(answer).items()}
    made_of = body_of(answer, 201)["brondatumArchiefprocedure"]
    assert {key: made_of[key] for key in brondatum} == brondatum
    return {}


WAYS: dict[str, Json] = {
    "afgehandeld": {},
    "ander_datumkenmerk": {"datumkenmerk": "einde", "objecttype": "pand", "registratie": "BAG"},
    "eigenschap": {"datumkenmerk": "hoogte"},
    "gerelateerde_zaak": {},
    "hoofdzaak": {},
    "ingangsdatum_besluit": {},
    "termijn": {"procestermijn": "P5Y"},
    "vervaldatum_besluit": {},
    "zaakobject": {"datumkenmerk": "einde", "objecttype": "pand"},
}
"""afleidingswijze -> what it needs."""


@pytest.mark.parametrize("way", WAYS)
def test_every_afleidingswijze_is_taken_with_what_it_needs(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    assert archived(api, zaaktype, host, "/vrij", {"afleidingswijze": way, **WAYS[way]}) == {}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("klasse", "demanded"), [("/resultaat", "afgehandeld"), ("/bestaansduur", "termijn"), ("/vrij", "")]
)
def test_ztc_003_the_procestermijn_of_the_klasse_demands_an_afleidingswijze(
    api: ApiClient, zaaktype: Json, host: str, klasse: str, demanded: str, way: str
) -> None:
    wrong = archived(api, zaaktype, host, klasse, {"afleidingswijze": way, **WAYS[way]})
    refused = {"nonFieldErrors": "invalid-afleidingswijze-for-procestermijn"}
    assert wrong == ({} if demanded in ("", way) else refused)


def fits(api: ApiClient, zaaktype: Json, host: str, way: str, key: str, value: str) -> None:
    """Check that a key is required where the way needs it, and must be empty where it does not."""
    without = {name: one for name, one in WAYS[way].items() if name != key}
    wrong = archived(api, zaaktype, host, "/vrij", {"afleidingswijze": way, **without})
    assert wrong == ({key: "required"} if key in WAYS[way] else {})
    Resultaattype.objects.all().delete()
    wrong = archived(api, zaaktype, host, "/vrij", {"afleidingswijze": way, **WAYS[way], key: value})
    assert wrong == ({} if key in WAYS[way] else {key: "must-be-empty"})


@pytest.mark.parametrize("way", WAYS)
def test_ztc_004_datumkenmerk(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    fits(api, zaaktype, host, way, "datumkenmerk", "einde")


@pytest.mark.parametrize("way", WAYS)
def test_ztc_005_einddatum_bekend(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    given = {"afleidingswijze": way, **WAYS[way]}
    assert archived(api, zaaktype, host, "/vrij", {**given, "einddatumBekend": False}) == {}
    Resultaattype.objects.all().delete()
    wrong = archived(api, zaaktype, host, "/vrij", {**given, "einddatumBekend": True})
    assert wrong == ({"einddatumBekend": "must-be-empty"} if way in ("afgehandeld", "termijn") else {})


@pytest.mark.parametrize("way", WAYS)
def test_ztc_006_objecttype(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    fits(api, zaaktype, host, way, "objecttype", "pand")


@pytest.mark.parametrize("way", WAYS)
def test_ztc_007_registratie(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    fits(api, zaaktype, host, way, "registratie", "BAG")


@pytest.mark.parametrize("way", WAYS)
def test_ztc_008_procestermijn(api: ApiClient, zaaktype: Json, host: str, way: str) -> None:
    fits(api, zaaktype, host, way, "procestermijn", "P5Y")


def test_ztc_004_to_008_all_faults_come_together_and_hold_for_a_change_too(
    api: ApiClient, zaaktype: Json, host: str
) -> None:
    everything = {"datumkenmerk": "x", "objecttype": "pand", "registratie": "x", "procestermijn": "P1Y"}
    wrong = archived(api, zaaktype, host, "/vrij", {"afleidingswijze": "hoofdzaak", **everything})
    assert wrong == dict.fromkeys(everything, "must-be-empty")
    found = made(api, "resultaattypen", part_body("resultaattypen", zaaktype, host, selectielijstklasse=f"{host}/vrij"))
    change = {"brondatumArchiefprocedure": {"afleidingswijze": "ander_datumkenmerk"}}
    assert faults(api.patch(found["url"], change)) == {
        f"brondatumArchiefprocedure.{key}": "required" for key in ("datumkenmerk", "objecttype", "registratie")
    }
    assert body_of(api.get(found["url"])) == found


def test_the_first_day_of_a_part_is_that_of_its_zaaktype(api: ApiClient, zaaktype: Json) -> None:
    wrong = part_body("statustypen", zaaktype, beginGeldigheid="2021-01-01")
    assert faults(api.post("statustypen", wrong)) == {"beginGeldigheid": "invalid-begin-geldigheid"}
    given = made(api, "statustypen", part_body("statustypen", zaaktype, beginGeldigheid=zaaktype["beginGeldigheid"]))
    assert given["beginGeldigheid"] == zaaktype["beginGeldigheid"]
