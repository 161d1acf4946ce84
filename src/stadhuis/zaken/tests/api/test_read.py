"""The resource zaak over HTTP: reading, filtering, paging, expanding, caching."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api import resource as resources
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.records import public as records
from stadhuis.zaken.models import Rol, Status, Zaak
from stadhuis.zaken.resource import FILTERS
from stadhuis.zaken.shapes import ORDERINGS, ZaakFilter
from stadhuis.zaken.tests.api.givens import RSIN, given_applicatie, given_zaak, zaak_body
from stadhuis.zaken.tests.api.test_zaak import given_parts

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
BSN = "999990019"


def found(api: ApiClient, **query: Any) -> list[str]:
    """Return the identificaties of the first page."""
    return [zaak["identificatie"] for zaak in body_of(api.get("zaken", **query))["results"]]


# -- Filters ----------------------------------------------------------------------------------------------------------
def test_every_filter_of_the_shape_has_its_sql() -> None:
    assert set(ZaakFilter.fields) <= set(FILTERS)


def test_when_zaken_are_filtered_then_only_those_come_back(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    other = given_zaaktype(domein="ANDER", identificatie="ANDER")
    given_zaak(
        api, zaaktype, identificatie="A", startdatum="2026-01-01", registratiedatum="2026-01-02", einddatumGepland="2026-02-01",
        uiterlijkeEinddatumAfdoening="2026-02-02", archiefnominatie="vernietigen", archiefactiedatum="2030-01-01",
        vertrouwelijkheidaanduiding="openbaar",
    )  # fmt: skip
    given_zaak(
        api, other, identificatie="B", startdatum="2026-02-01", registratiedatum="2026-02-02", bronorganisatie="517439943",
        einddatumGepland="2026-03-01", uiterlijkeEinddatumAfdoening="2026-03-02", archiefnominatie="blijvend_bewaren",
        vertrouwelijkheidaanduiding="geheim",
    )  # fmt: skip
    Zaak.objects.filter(identificatie="B").update(einddatum="2026-03-05")
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["B", "A"]),
        ({"identificatie": "A"}, ["A"]),
        ({"bronorganisatie": "517439943"}, ["B"]),
        ({"bronorganisatie__in": f"517439943,{RSIN}"}, ["B", "A"]),
        ({"zaaktype": zaaktype.url}, ["A"]),
        ({"zaaktype": "https://elders.example/zaaktypen/1"}, []),
        ({"archiefnominatie": "vernietigen"}, ["A"]),
        ({"archiefnominatie__in": "vernietigen,blijvend_bewaren"}, ["B", "A"]),
        ({"archiefactiedatum": "2030-01-01"}, ["A"]),
        ({"archiefactiedatum__isnull": "true"}, ["B"]),
        ({"archiefactiedatum__lt": "2030-01-02"}, ["A"]),
        ({"archiefactiedatum__gt": "2030-01-01"}, []),
        ({"archiefstatus": "nog_te_archiveren"}, ["B", "A"]),
        ({"archiefstatus__in": "gearchiveerd,overgedragen"}, []),
        ({"startdatum": "2026-01-01"}, ["A"]),
        ({"startdatum__gt": "2026-01-01"}, ["B"]),
        ({"startdatum__gte": "2026-01-01"}, ["B", "A"]),
        ({"startdatum__lt": "2026-02-01"}, ["A"]),
        ({"startdatum__lte": "2026-02-01"}, ["B", "A"]),
        ({"registratiedatum": "2026-01-02"}, ["A"]),
        ({"registratiedatum__gt": "2026-01-02"}, ["B"]),
        ({"registratiedatum__lt": "2026-02-02"}, ["A"]),
        ({"einddatum": "2026-03-05"}, ["B"]),
        ({"einddatum__isnull": "true"}, ["A"]),
        ({"einddatum__isnull": "false"}, ["B"]),
        ({"einddatum__gt": "2026-03-04"}, ["B"]),
        ({"einddatum__lt": "2026-03-05"}, []),
        ({"einddatumGepland": "2026-02-01"}, ["A"]),
        ({"einddatumGepland__gt": "2026-02-01"}, ["B"]),
        ({"einddatumGepland__lt": "2026-03-01"}, ["A"]),
        ({"uiterlijkeEinddatumAfdoening": "2026-02-02"}, ["A"]),
        ({"uiterlijkeEinddatumAfdoening__gt": "2026-02-02"}, ["B"]),
        ({"uiterlijkeEinddatumAfdoening__lt": "2026-03-02"}, ["A"]),
        ({"maximaleVertrouwelijkheidaanduiding": "intern"}, ["A"]),
        ({"startdatum__gte": "2026-01-01", "einddatum__isnull": "true"}, ["A"]),
    ]
    # then
    for query, wanted in cases:
        assert found(api, **query) == wanted, query


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("natuurlijk_persoon", "anpIdentificatie", "natuurlijkPersoon__anpIdentificatie"),
        ("natuurlijk_persoon", "inpA_nummer", "natuurlijkPersoon__inpA_nummer"),
        ("niet_natuurlijk_persoon", "innNnpId", "nietNatuurlijkPersoon__innNnpId"),
        ("niet_natuurlijk_persoon", "annIdentificatie", "nietNatuurlijkPersoon__annIdentificatie"),
        ("vestiging", "vestigingsNummer", "vestiging__vestigingsNummer"),
        ("medewerker", "identificatie", "medewerker__identificatie"),
        ("organisatorische_eenheid", "identificatie", "organisatorischeEenheid__identificatie"),
    ],
)
def test_when_zaken_are_filtered_by_who_is_in_them_then_only_those_come_back(
    api: ApiClient, zaaktype: Zaaktype, kind: str, key: str, name: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    given_zaak(api, zaaktype)
    given_rol(
        zaak,
        zaaktype,
        betrokkene_type=kind,
        betrokkene_identificatie={key: "12345"},
        betrokkene="https://personen.example/1",
    )
    query = f"rol__betrokkeneIdentificatie__{name}"
    assert found(api, **{query: "12345"}) == [zaak["identificatie"]]
    assert found(api, **{query: "12346"}) == []
    assert found(api, rol__betrokkeneType=kind) == [zaak["identificatie"]]
    assert found(api, rol__betrokkene="https://personen.example/1") == [zaak["identificatie"]]
    assert found(api, rol__omschrijvingGeneriek="initiator", **{query: "12345"}) == [zaak["identificatie"]]
    assert found(api, rol__omschrijvingGeneriek="beslisser", **{query: "12345"}) == []


def given_rol(zaak: dict[str, Any], zaaktype: Zaaktype, **columns: Any) -> Rol:
    return Rol.objects.create(
        **{
            "zaak": Zaak.objects.get(uuid=zaak["uuid"]),
            "roltype_id": zaaktype.roltypen[0].id,
            "omschrijving": "initiator",
            "omschrijving_generiek": "initiator",
            "betrokkene_type": "natuurlijk_persoon",
            "registratiedatum": now(),
            **columns,
        }
    )


def test_when_zaken_are_asked_by_bsn_then_the_number_is_found_and_filled_in_after_the_query(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    given_rol(
        zaak, zaaktype, person_id=people.person_for_bsn(BSN), betrokkene_identificatie={"geslachtsnaam": "Jansen"}
    )
    query = {"rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn": BSN}
    page = body_of(api.get("zaken", expand="rollen", **query))
    assert page["count"] == 1
    rol = page["results"][0]["_expand"]["rollen"][0]
    assert rol["betrokkeneIdentificatie"] == {"geslachtsnaam": "Jansen", "inpBsn": BSN}
    query["rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"] = "999990020"
    assert body_of(api.get("zaken", **query))["count"] == 0


def test_when_filter_values_are_wrong_then_all_of_them_are_named(api: ApiClient) -> None:
    answer = api.get(
        "zaken",
        startdatum="gisteren",
        archiefstatus="weg",
        einddatum__isnull="misschien",
        zaaktype="x",
        ordering="naam",
    )
    assert faults(answer) == {
        "startdatum": "invalid",
        "archiefstatus": "invalid_choice",
        "einddatum__isnull": "invalid",
        "zaaktype": "invalid",
        "ordering.0": "invalid_choice",
    }


def test_when_a_parameter_is_unknown_or_repeated_then_it_is_refused(api: ApiClient) -> None:
    assert faults(api.get("zaken", pageSize="5")) == {"nonFieldErrors": "unknown-parameters"}
    assert faults(api.send("GET", "zaken?identificatie=a&identificatie=b")) == {"identificatie": "invalid"}


# -- Ordering and pages -----------------------------------------------------------------------------------------------
def test_when_an_ordering_is_asked_then_it_is_kept_in_both_directions(api: ApiClient, zaaktype: Zaaktype) -> None:
    for number, day in enumerate(("2026-01-03", "2026-01-01", "2026-01-02")):
        given_zaak(api, zaaktype, identificatie=f"Z{number}", startdatum=day)
    assert found(api, ordering="startdatum") == ["Z1", "Z2", "Z0"]
    assert found(api, ordering="-startdatum") == ["Z0", "Z2", "Z1"]
    assert found(api, ordering="einddatum,-identificatie") == ["Z2", "Z1", "Z0"]
    for name in ORDERINGS:
        assert len(found(api, ordering=f"-{name}")) == 3


def test_when_there_are_more_than_a_hundred_then_pages_follow_each_other(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    given_zaken(api, zaaktype, 205)
    # when
    first = body_of(api.get("zaken", startdatum__gte="2026-01-01"))
    second = body_of(api.get(first["next"].removeprefix("http://localhost:8000")))
    third = body_of(api.get(second["next"].removeprefix("http://localhost:8000")))
    # then
    assert first["count"] == second["count"] == third["count"] == 205
    assert first["previous"] is None
    assert first["next"] == "http://localhost:8000/zaken/api/v1/zaken?startdatum__gte=2026-01-01&page=2"
    assert third["previous"] == "http://localhost:8000/zaken/api/v1/zaken?startdatum__gte=2026-01-01&page=2"
    assert third["next"] is None
    numbers = [zaak["uuid"] for page in (first, second, third) for zaak in page["results"]]
    assert len(numbers) == len(set(numbers)) == 205
    assert body_of(api.get("zaken", startdatum__gte="2026-01-01", page=1)) == first
    for page in ("4", "0", "-1", "99999999"):
        assert api.get("zaken", page=page).status_code == 404
    assert faults(api.get("zaken", page="een")) == {"page": "invalid"}


def given_zaken(api: ApiClient, zaaktype: Zaaktype, count: int) -> None:
    """Copy one zaak many times, straight in the database."""
    given_zaak(api, zaaktype)
    row = Zaak.objects.get()
    columns = {field.name for field in Zaak._meta.concrete_fields} - {
        "id", "uuid", "identificatie", "vertrouwelijkheid_orde", "created_at",
    }  # fmt: skip
    Zaak.objects.bulk_create(
        Zaak(identificatie=f"M{number}", **{name: getattr(row, name) for name in columns})
        for number in range(count - 1)
    )


def test_when_a_list_is_asked_then_it_takes_as_many_statements_for_fifty_zaken_as_for_one(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    expand = "zaaktype,status.statustype,rollen.roltype,resultaat,eigenschappen,deelzaken.status"
    given_zaken(api, zaaktype, 1)
    zaak = Zaak.objects.get()
    given_parts(zaak, zaaktype)
    with CaptureQueriesContext(connection) as for_one:
        api.get("zaken", expand=expand)
    given_more(zaak, zaaktype, 50)
    with CaptureQueriesContext(connection) as for_fifty:
        page = body_of(api.get("zaken", expand=expand))
    assert page["count"] == 51
    assert (
        len(for_one) == len(for_fifty) == 4
    )  # who is it, one from its bucket, the page itself, and whose data it shows


def given_more(zaak: Zaak, zaaktype: Zaaktype, count: int) -> None:
    columns = {field.name for field in Zaak._meta.concrete_fields} - {
        "id", "uuid", "identificatie", "vertrouwelijkheid_orde", "created_at", "status",
    }  # fmt: skip
    made = Zaak.objects.bulk_create(
        Zaak(identificatie=f"N{number}", **{name: getattr(zaak, name) for name in columns}) for number in range(count)
    )
    for one in made:
        given_parts(one, zaaktype)


def test_when_one_zaak_is_asked_then_it_takes_one_statement_besides_who_asks(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    with CaptureQueriesContext(connection) as statements:
        body_of(api.get(zaak["url"], expand="zaaktype.statustypen"))
    assert len(statements) == 5  # who is it, one from its bucket, the zaak, whose data it shows, and the ledger


def test_when_a_program_opens_one_zaak_then_its_ledger_names_the_program_and_a_list_is_in_the_processing_log_alone(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    uuid = UUID(zaak["uuid"])
    api.get("zaken")
    assert records.openings_of("zaak", uuid) == []
    body_of(api.get(zaak["url"]))
    [line] = records.openings_of("zaak", uuid)
    assert (line.what, line.actor_kind) == ("api", "applicatie")
    assert api.get(f"zaken/{uuid4()}").status_code == 404
    assert len(records.openings_of("zaak", uuid)) == 1


def test_when_the_same_question_comes_again_then_its_statement_is_not_compiled_again(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    api.get("zaken", identificatie="a", startdatum="2026-01-01")
    kept = len(resources._statements)
    api.get("zaken", identificatie="b", startdatum="2026-02-01")
    assert len(resources._statements) == kept


# -- Expand -----------------------------------------------------------------------------------------------------------
def test_when_expand_is_asked_then_every_level_stands_in_its_own_expand(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    given_parts(Zaak.objects.get(), zaaktype)
    # when
    body = body_of(
        api.get(zaak["url"], expand="zaaktype.statustypen,status.statustype,resultaat,rollen,hoofdzaak,deelzaken")
    )
    # then
    expanded = body["_expand"]
    assert body["zaaktype"] == expanded["zaaktype"]["url"] == zaaktype.url
    assert [step["volgnummer"] for step in expanded["zaaktype"]["_expand"]["statustypen"]] == [1, 2, 3]
    assert expanded["status"]["url"] == body["status"]
    assert expanded["status"]["_expand"]["statustype"]["omschrijving"] == "Ontvangen"
    assert expanded["status"]["indicatieLaatstGezetteStatus"] is True
    assert expanded["resultaat"]["url"] == body["resultaat"]
    assert [rol["url"] for rol in expanded["rollen"]] == body["rollen"]
    assert expanded["hoofdzaak"] == {}
    assert expanded["deelzaken"] == []
    assert "_expand" not in body_of(api.get(zaak["url"]))


@pytest.mark.parametrize(
    "path",
    [
        "onbekend", "status.onbekend", "communicatiekanaal", "status..statustype", ",", "_expand", "zaaktype.", "__class__",
        "deelzaken.deelzaken.deelzaken.deelzaken.deelzaken.deelzaken.deelzaken",
        ",".join(f"rollen{number}" for number in range(30)), "zaakinformatieobjecten.informatieobject.nergens",
    ],
)  # fmt: skip
def test_zrc_027_when_an_expand_path_does_not_exist_then_the_answer_is_404(
    api: ApiClient, zaaktype: Zaaktype, path: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    for answer in (api.get(zaak["url"], expand=path), api.get("zaken", expand=path)):
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_zrc_028_when_an_expanded_zaak_may_not_be_seen_then_the_detail_is_404_and_the_list_leaves_it_out(
    api: ApiClient,
) -> None:
    # given
    zaaktype = given_zaaktype(deelzaaktypen=["MELDING"])
    zaak = given_zaak(api, zaaktype)
    given_zaak(api, zaaktype, hoofdzaak=zaak["url"], vertrouwelijkheidaanduiding="zeer_geheim")
    open_one = given_zaak(api, zaaktype, hoofdzaak=zaak["url"])
    limited = given_applicatie("beperkt", scopes=("zaken.lezen",), ref=zaaktype.ref, max_level=5)
    # then
    assert limited.get(zaak["url"], expand="deelzaken").status_code == 404
    page = body_of(limited.get("zaken", expand="deelzaken.rollen", identificatie=zaak["identificatie"]))
    assert [below["url"] for below in page["results"][0]["_expand"]["deelzaken"]] == [open_one["url"]]


def test_when_a_zaak_refers_to_itself_through_others_then_expand_ends(api: ApiClient, zaaktype: Zaaktype) -> None:
    one = given_zaak(api, zaaktype)
    two = given_zaak(api, zaaktype, relevanteAndereZaken=[{"url": one["url"], "aardRelatie": "vervolg"}])
    api.patch(one["url"], {"relevanteAndereZaken": [{"url": two["url"], "aardRelatie": "vervolg"}]})
    path = ".".join(["relevanteAndereZaken"] * 6)
    assert body_of(api.get(one["url"], expand=path))["_expand"]["relevanteAndereZaken"][0]["url"] == two["url"]


# -- ETag -------------------------------------------------------------------------------------------------------------
def test_when_the_etag_is_known_then_the_answer_is_304_without_body(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    answer = api.get(zaak["url"])
    etag = answer["ETag"]
    assert etag == f'"{hashlib.md5(answer.content, usedforsecurity=False).hexdigest()}"'
    # then
    for header in (etag, f'"iets", {etag}', f'{etag},"anders"'):
        same = api.send("GET", zaak["url"], headers={"If-None-Match": header})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    for header in ('"iets"', f"W/{etag}"):
        assert api.send("GET", zaak["url"], headers={"If-None-Match": header}).status_code == 200


def test_when_head_is_asked_then_the_headers_are_those_of_get(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    get, head = api.get(zaak["url"]), api.send("HEAD", zaak["url"])
    assert head.status_code == 200
    assert head.content == b""
    names = ("ETag", "API-version", "Content-Crs", "Content-Type", "Content-Length")
    assert {name: head.get(name) for name in names} == {name: get.get(name) for name in names}
    assert head["Content-Length"] == str(len(get.content))


def test_when_something_that_hangs_on_a_zaak_changes_then_its_etag_changes(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    before = api.get(zaak["url"])["ETag"]
    given_rol(zaak, zaaktype)
    assert api.get(zaak["url"])["ETag"] != before


def test_when_we_are_served_under_another_address_then_the_etag_differs(
    api: ApiClient, zaaktype: Zaaktype, settings: Any
) -> None:
    zaak = given_zaak(api, zaaktype)
    before = api.get(f"zaken/{zaak['uuid']}")
    settings.PUBLIC_URL = "https://nieuw.example"
    after = api.get(f"zaken/{zaak['uuid']}")
    assert body_of(after)["url"].startswith("https://nieuw.example/zaken/api/v1/zaken/")
    assert before["ETag"] != after["ETag"]


def test_when_a_request_lies_about_the_host_then_addresses_are_still_ours(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    lied = api.send("GET", zaak["url"], headers={"Host": "127.0.0.1"})
    assert body_of(lied)["url"] == zaak["url"]


# -- _zoek ------------------------------------------------------------------------------------------------------------
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[5, 52], [6, 52], [6, 53], [5, 53], [5, 52]],
        [[5.4, 52.4], [5.6, 52.4], [5.6, 52.6], [5.4, 52.6], [5.4, 52.4]],
    ],
}


def test_when_zaken_are_sought_in_an_area_then_only_what_lies_wholly_in_it_is_found(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    geometries: dict[str, Any] = {
        "in": {"type": "Point", "coordinates": [5.1, 52.1]},
        "in-line": {"type": "LineString", "coordinates": [[5.1, 52.1], [5.2, 52.9]]},
        "in-surface": {"type": "Polygon", "coordinates": [[[5.1, 52.1], [5.2, 52.1], [5.2, 52.2], [5.1, 52.1]]]},
        "in-many": {"type": "MultiPoint", "coordinates": [[5.1, 52.1], [5.9, 52.9]]},
        "in-collection": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [5.1, 52.1]}]},
        "out": {"type": "Point", "coordinates": [4.9, 52.1]},
        "hole": {"type": "Point", "coordinates": [5.5, 52.5]},
        "line-through-hole": {"type": "LineString", "coordinates": [[5.1, 52.5], [5.9, 52.5]]},
        "line-leaving": {"type": "LineString", "coordinates": [[5.5, 52.9], [5.5, 53.1]]},
        "surface-around-hole": {
            "type": "Polygon",
            "coordinates": [[[5.3, 52.3], [5.7, 52.3], [5.7, 52.7], [5.3, 52.7], [5.3, 52.3]]],
        },
        "half": {"type": "MultiPoint", "coordinates": [[5.1, 52.1], [6.9, 52.9]]},
    }
    for name, geometry in geometries.items():
        given_zaak(api, zaaktype, identificatie=name, zaakgeometrie=geometry)
    given_zaak(api, zaaktype, identificatie="nowhere")
    # when
    page = body_of(api.post("zaken/_zoek", {"zaakgeometrie": {"within": AREA}, "ordering": "identificatie"}))
    # then
    assert [zaak["identificatie"] for zaak in page["results"]] == [
        "in",
        "in-collection",
        "in-line",
        "in-many",
        "in-surface",
    ]
    assert page["count"] == 5
    both = body_of(api.post("zaken/_zoek", {"zaakgeometrie": {"within": AREA}, "identificatie": "in"}))
    assert both["count"] == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {}, {"type": "Point"}, {"type": "Punt", "coordinates": [1, 2]}, {"type": "Point", "coordinates": [200, 2]}, 7, [],
        {"type": "Point", "coordinates": ["5", "52"]}, {"type": "Point", "coordinates": [1e999, 2]},
        {"type": "Polygon", "coordinates": [[[5, 52], [6, 52], [6, 53], [5, 53]]]}, {"type": "Polygon", "coordinates": []}, {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "LineString", "coordinates": [[5, 52]]}, {"type": "Point", "coordinates": [True, False]},
    ],
)  # fmt: skip
def test_when_a_geometry_is_wrong_then_it_is_refused(api: ApiClient, zaaktype: Zaaktype, geometry: Any) -> None:
    wrong = zaak_body(zaaktype, zaakgeometrie=geometry)
    answer = api.post("zaken", wrong)
    assert answer.status_code == 400
    assert all(name.startswith(("zaakgeometrie", "nonFieldErrors")) for name in faults(answer))


def test_when_zaken_are_sought_then_lists_and_all_filters_work(api: ApiClient, zaaktype: Zaaktype) -> None:
    one, two = given_zaak(api, zaaktype, identificatie="A"), given_zaak(api, zaaktype, identificatie="B")
    for query in (
        {"uuid__in": [one["uuid"]]},
        {"identificatie": "A", "zaaktype__in": [zaaktype.url]},
        {"identificatie": "A", "bronorganisatie__in": [RSIN], "startdatum__gte": "2026-01-01"},
    ):
        assert [zaak["url"] for zaak in body_of(api.post("zaken/_zoek", query))["results"]] == [one["url"]], query
    assert body_of(api.post("zaken/_zoek", {"zaaktype": zaaktype.url, "expand": "zaaktype"}))["results"][0]["_expand"][
        "zaaktype"
    ]
    assert body_of(api.post("zaken/_zoek", {"ordering": "-identificatie"}))["results"][0]["url"] == two["url"]
    assert faults(api.post("zaken/_zoek", {})) == {"nonFieldErrors": "empty_search_body"}
    assert faults(api.post("zaken/_zoek", {"uuid__in": ["x"]})) == {"uuid__in.0": "invalid"}


def test_zrc_029_when_fields_are_asked_then_only_those_come_back_and_relations_are_expanded(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    given_zaak(api, zaaktype, identificatie="A")
    given_parts(Zaak.objects.get(), zaaktype)
    # when
    wanted = ["identificatie", {"zaaktype": ["omschrijving"]}, {"status": ["datumStatusGezet", {"statustype": ["*"]}]}]
    zaak = body_of(api.post("zaken/_zoek", {"identificatie": "A", "fields": wanted}))["results"][0]
    # then
    assert set(zaak) == {"identificatie", "zaaktype", "status", "_expand"}
    assert zaak["_expand"]["zaaktype"] == {"omschrijving": "Melding doen"}
    assert set(zaak["_expand"]["status"]) == {"datumStatusGezet", "statustype", "_expand"}
    assert zaak["_expand"]["status"]["_expand"]["statustype"]["omschrijving"] == "Ontvangen"
    every = body_of(api.post("zaken/_zoek", {"identificatie": "A", "fields": ["*"]}))["results"][0]
    assert len(every) > 30
    wrongs: list[Any] = [[], "identificatie", ["onbekend"], [7], [{"onbekend": []}], [{"zaaktype": "x"}]]
    for wrong in wrongs:
        assert api.post("zaken/_zoek", {"identificatie": "A", "fields": wrong}).status_code == 400, wrong


def test_zrc_029_when_fields_and_expand_are_both_asked_then_it_is_refused(api: ApiClient) -> None:
    both = {"identificatie": "A", "fields": ["url"], "expand": "zaaktype"}
    assert faults(api.post("zaken/_zoek", both)) == {"nonFieldErrors": "fields-and-expand"}


def test_when_statuses_follow_each_other_then_the_zaak_shows_the_latest(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    row = Zaak.objects.get()
    for step in range(2):
        row.status = Status.objects.create(
            zaak=row, statustype_id=zaaktype.statustypen[step].id, datum_status_gezet=now() + timedelta(seconds=step)
        )
    row.save()
    body = body_of(api.get(zaak["url"], expand="status"))
    assert body["_expand"]["status"]["statustype"] == zaaktype.statustypen[1].url
