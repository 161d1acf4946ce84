"""The Autorisaties API over HTTP: rules ac-001 to ac-003, who may, trail, notifications, bad input."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.access.models import Applicatie, Client
from stadhuis.audit import public as audit
from stadhuis.autorisaties.resource import ROOT
from stadhuis.autorisaties.tests.given import (
    SECRET,
    Json,
    applicatie_body,
    given_applicatie,
    given_types,
    given_wide,
    made,
    rights_of,
    shown,
    urls,
    zrc,
)
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.notificaties.models import Notificatie

pytestmark = pytest.mark.django_db
ELSEWHERE = "https://elders.example/catalogi/api/v1/zaaktypen/1"
ALL = {"heeftAlleAutorisaties": True}
NRC = {"component": "nrc", "scopes": ["notificaties.consumeren"]}


@pytest.fixture
def api(db: None) -> ApiClient:
    """An application with all rights."""
    return given_applicatie()


@pytest.fixture
def zaaktype(db: None) -> str:
    """The address of the one version of a zaaktype."""
    given_types()
    return urls()[0]


# -- The operations ----------------------------------------------------------------------------------------------------
def test_what_is_sent_comes_back_whatever_the_component(api: ApiClient, zaaktype: str) -> None:
    # given
    kaart, vergunning = urls("informatieobjecttypen")[0], urls("besluittypen")[0]
    lines = [
        zrc(zaaktype, scopes=["zaken.lezen", "zaken.bijwerken"]),
        {"component": "drc", "scopes": ["documenten.lezen"], "informatieobjecttype": kaart,
         "maxVertrouwelijkheidaanduiding": "zeer_geheim"},
        {"component": "brc", "scopes": ["besluiten.lezen"], "besluittype": vergunning},
        {"component": "ztc", "scopes": ["catalogi.lezen"]}, NRC, {"component": "ac", "scopes": ["autorisaties.lezen"]},
        zrc(ELSEWHERE),
    ]  # fmt: skip
    # when
    answer = api.post("applicaties", applicatie_body(*lines, clientIds=["een", "twee"]))
    # then
    applicatie = body_of(answer, 201)
    assert answer["Location"] == applicatie["url"]
    assert answer["API-version"] == "1.1.0"
    assert applicatie == {
        "url": applicatie["url"],
        "clientIds": ["een", "twee"],
        "label": "Zaaksysteem",
        "heeftAlleAutorisaties": False,
        "alleenIsGereedVoorPublicatie": False,
        "autorisaties": [shown(line) for line in lines],
    }
    assert body_of(api.get(applicatie["url"])) == applicatie
    assert applicatie in body_of(api.get("applicaties"))["results"]


def test_put_replaces_and_patch_changes_what_is_sent(api: ApiClient, zaaktype: str) -> None:
    applicatie = made(api, zrc(zaaktype), alleenIsGereedVoorPublicatie=True)
    # when
    patched = body_of(api.patch(applicatie["url"], {"label": "Anders"}))
    # then
    assert patched == {**applicatie, "label": "Anders"}
    assert body_of(api.patch(applicatie["url"], {"autorisaties": [NRC]}))["autorisaties"] == [shown(NRC)]
    replaced = body_of(api.put(applicatie["url"], {"clientIds": ["nieuw"], "label": "Alles", **ALL}))
    assert replaced == {
        **applicatie, **ALL, "clientIds": ["nieuw"], "label": "Alles", "alleenIsGereedVoorPublicatie": False, "autorisaties": [],
    }  # fmt: skip
    assert body_of(api.patch(applicatie["url"], {})) == replaced


def test_delete_removes_the_application_with_its_rights(api: ApiClient, zaaktype: str) -> None:
    applicatie = made(api, zrc(zaaktype))
    assert api.delete(applicatie["url"]).status_code == 204
    for answer in (api.get(applicatie["url"]), api.delete(applicatie["url"]), api.patch(applicatie["url"], {})):
        assert answer.status_code == 404
    assert access.applicatie_for("zaaksysteem") is None


def test_the_list_is_filtered_by_client_ids_and_has_pages(api: ApiClient) -> None:
    one, two = made(api, NRC, clientIds=["a", "b"]), made(api, NRC, clientIds=["c"])
    found = body_of(api.get("applicaties", clientIds="b,c"))
    assert found == {"count": 2, "next": None, "previous": None, "results": [one, two]}
    assert body_of(api.get("applicaties", clientIds="niemand"))["results"] == []
    assert body_of(api.get("applicaties", page=1)) == body_of(api.get("applicaties"))
    assert api.get("applicaties", page=2).status_code == 404
    for index in range(100):
        access.create_applicatie(f"A{index}", [f"a{index}"], "", True)
    first = body_of(api.get("applicaties"))
    assert (first["count"], len(first["results"])) == (103, 100)
    assert first["next"].endswith("/autorisaties/api/v1/applicaties?page=2")


def test_the_consumer_gets_its_application_by_client_id(api: ApiClient) -> None:
    applicatie = made(api, NRC, clientIds=["een", "twee"])
    assert body_of(api.get("applicaties/consumer", clientId="twee")) == applicatie
    assert api.get("applicaties/consumer", clientId="niemand").status_code == 404
    assert faults(api.get("applicaties/consumer")) == {"clientId": "required"}
    assert faults(api.get("applicaties/consumer", clientId="")) == {"clientId": "blank"}


def test_one_application_has_an_etag(api: ApiClient) -> None:
    applicatie = made(api, NRC)
    tag = api.get(applicatie["url"])["ETag"]
    again = api.send("GET", applicatie["url"], headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert api.send("HEAD", applicatie["url"])["ETag"] == tag
    body_of(api.patch(applicatie["url"], {"label": "Anders"}))
    assert api.get(applicatie["url"])["ETag"] != tag


def test_an_application_made_here_gets_in_once_it_has_a_secret(api: ApiClient) -> None:
    made(api, clientIds=["nieuw"], **ALL)
    client = ApiClient(ROOT, "nieuw", SECRET)
    assert client.get("applicaties").status_code == 403
    access.set_secret("nieuw", SECRET)
    assert client.get("applicaties").status_code == 200


# -- The rules ---------------------------------------------------------------------------------------------------------
def test_ac_001_a_client_id_belongs_to_one_application_and_is_never_used_again(api: ApiClient) -> None:
    one, two = made(api, NRC, clientIds=["een"]), made(api, NRC, clientIds=["twee"])
    taken = {"clientIds": "clientId-exists"}
    # then: not by another application
    assert faults(api.post("applicaties", applicatie_body(NRC, clientIds=["nieuw", "een"]))) == taken
    assert faults(api.put(two["url"], applicatie_body(NRC, clientIds=["een"]))) == taken
    assert faults(api.patch(two["url"], {"clientIds": ["twee", "een"]})) == taken
    # but its own stays its own
    assert body_of(api.patch(two["url"], {"clientIds": ["twee"]})) == two
    # and not after it was withdrawn, or its application is gone
    body_of(api.patch(two["url"], {"clientIds": ["twee-b"]}))
    assert api.delete(one["url"]).status_code == 204
    for client_id in ("een", "twee"):
        assert faults(api.post("applicaties", applicatie_body(NRC, clientIds=[client_id]))) == taken
    assert Client.objects.filter(client_id="nieuw").count() == 0


def test_ac_002_all_rights_or_a_list_of_them_and_not_both_or_neither(api: ApiClient) -> None:
    both, neither = (
        {"nonFieldErrors": "ambiguous-authorizations-specified"},
        {"nonFieldErrors": "missing-authorizations"},
    )
    assert faults(api.post("applicaties", applicatie_body(NRC, **ALL))) == both
    assert faults(api.post("applicaties", applicatie_body())) == neither
    assert (
        faults(api.post("applicaties", {"clientIds": ["x"], "label": "x", "heeftAlleAutorisaties": False})) == neither
    )
    # when: what is not sent counts as it was
    listed, trusted = made(api, NRC), made(api, clientIds=["alles"], **ALL)
    assert faults(api.patch(listed["url"], ALL)) == both
    assert faults(api.patch(trusted["url"], {"autorisaties": [NRC]})) == both
    assert faults(api.patch(trusted["url"], {"heeftAlleAutorisaties": False})) == neither
    assert faults(api.put(listed["url"], {"clientIds": ["zaaksysteem"], "label": "x"})) == neither
    assert body_of(api.patch(listed["url"], {**ALL, "autorisaties": []}))["heeftAlleAutorisaties"] is True


@pytest.mark.parametrize(
    ("component", "scope", "missing"),
    [
        ("zrc", "zaken.lezen", {"zaaktype", "maxVertrouwelijkheidaanduiding"}),
        ("drc", "documenten.lock", {"informatieobjecttype", "maxVertrouwelijkheidaanduiding"}),
        ("brc", "besluiten.lezen", {"besluittype"}),
        ("zrc", "audittrails.lezen", set()),
        ("drc", "audittrails.lezen", set()),
        ("brc", "audittrails.lezen", set()),
        ("zrc", "notificaties.publiceren", set()),
        ("ztc", "catalogi.schrijven", set()),
        ("nrc", "notificaties.publiceren", set()),
        ("ac", "autorisaties.bijwerken", set()),
    ],
)
def test_ac_003_the_scopes_say_which_fields_are_needed(
    api: ApiClient, component: str, scope: str, missing: set[str]
) -> None:
    line = {"component": component, "scopes": [scope]}
    # what other providers give for nothing is nothing
    emptied = {
        **line,
        "zaaktype": "",
        "informatieobjecttype": "",
        "besluittype": "",
        "maxVertrouwelijkheidaanduiding": "",
    }
    for one in (line, emptied):
        answer = api.post("applicaties", applicatie_body(NRC, one))
        if missing:
            assert faults(answer) == {f"autorisaties.1.{name}": "required" for name in missing}
        else:
            applicatie = body_of(answer, 201)
            assert applicatie["autorisaties"] == [shown(NRC), shown(line)]
            api.patch(applicatie["url"], {"clientIds": [f"weg-{uuid4().hex[:8]}"]})
            Client.objects.filter(client_id="zaaksysteem").delete()


def test_a_type_of_ours_must_be_there_and_of_the_right_kind(api: ApiClient, zaaktype: str) -> None:
    lines = [
        zrc(zaaktype),
        zrc(f"{zaaktype[:-4]}0000"),
        zrc(urls("besluittypen")[0]),
        zrc("http://localhost:8000/zaken/1"),
    ]
    assert faults(api.post("applicaties", applicatie_body(*lines))) == {
        "autorisaties.1.zaaktype": "bad-url",
        "autorisaties.2.zaaktype": "invalid-resource",
        "autorisaties.3.zaaktype": "invalid-resource",
    }


def test_a_right_on_a_type_that_is_gone_can_be_sent_back(api: ApiClient) -> None:
    gone = f"http://localhost:8000/catalogi/api/v1/zaaktypen/{uuid4()}"
    right = access.AutorisatieData("zrc", ("zaken.lezen",), "OEV:WEG", gone, UUID(gone[-36:]), False, 3)
    url = given_wide("oud", right)
    applicatie = body_of(api.get(url))
    assert applicatie["autorisaties"] == [shown(zrc(gone))]
    assert body_of(api.put(url, applicatie)) == applicatie
    changed = zrc(gone, scopes=["zaken.lezen", "zaken.bijwerken"])
    assert body_of(api.patch(url, {"autorisaties": [changed]}))["autorisaties"] == [shown(changed)]


def test_all_that_is_wrong_is_said_at_once(api: ApiClient) -> None:
    made(api, NRC)
    body = applicatie_body({"component": "zrc", "scopes": ["zaken.lezen"]}, **ALL)
    assert faults(api.post("applicaties", body)) == {
        "clientIds": "clientId-exists",
        "nonFieldErrors": "ambiguous-authorizations-specified",
        "autorisaties.0.zaaktype": "required",
        "autorisaties.0.maxVertrouwelijkheidaanduiding": "required",
    }


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"clientIds": "required", "label": "required"}),
        ({"clientIds": "x", "label": None}, {"clientIds": "not_a_list", "label": "null"}),
        ({"clientIds": ["", "x" * 51, 3, "a\x00b", "\ud800"], "label": "x" * 101},
         {"clientIds.0": "blank", "clientIds.1": "max_length", "clientIds.2": "invalid", "label": "max_length",
          "clientIds.3": "null_characters_not_allowed", "clientIds.4": "surrogate_characters_not_allowed"}),
        ({"clientIds": [], "label": " ", "heeftAlleAutorisaties": "ja"}, {"label": "blank", "heeftAlleAutorisaties": "invalid"}),
        ({"clientIds": [], "label": "x", "autorisaties": [1, {}, {"component": "xyz", "scopes": "lezen"}]},
         {"autorisaties.0": "invalid", "autorisaties.1.component": "required", "autorisaties.1.scopes": "required",
          "autorisaties.2.component": "invalid_choice", "autorisaties.2.scopes": "not_a_list"}),
        ({"clientIds": [], "label": "x", "autorisaties": [zrc("geen-url", maxVertrouwelijkheidaanduiding="laag", scopes=[""])]},
         {"autorisaties.0.zaaktype": "invalid", "autorisaties.0.maxVertrouwelijkheidaanduiding": "invalid_choice",
          "autorisaties.0.scopes.0": "blank"}),
        ({"clientIds": [], "label": "x", "autorisaties": [zrc("http://x/" + "y" * 1000, scopes=["z" * 101])]},
         {"autorisaties.0.zaaktype": "max_length", "autorisaties.0.scopes.0": "max_length"}),
        ({"clientIds": [], "label": "x", "autorisaties": None}, {"autorisaties": "null"}),
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_form_is_refused_with_every_fault(
    api: ApiClient, body: Json, wrong: dict[str, str]
) -> None:
    assert faults(api.post("applicaties", body)) == wrong
    url = body_of(api.get("applicaties"))["results"][0]["url"]
    assert faults(api.put(url, body)) == wrong
    assert Applicatie.objects.count() == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"label": "\x00"}',
        b"[" * 5000,
        b'{"a":NaN}',
        b'{"label":"a","label":"b"}',
    ],
)
def test_what_is_no_body_is_refused(api: ApiClient, raw: bytes) -> None:
    url = body_of(api.get("applicaties"))["results"][0]["url"]
    for method, address in (("POST", "applicaties"), ("PUT", url), ("PATCH", url)):
        answer = api.send(method, address, raw=raw, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, answer.content
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status"),
    [("kleur=rood", 400), ("clientIds=", 400), ("clientIds=a&clientIds=b", 400), ("clientIds=a%00b", 400), ("page=x", 400),
     ("page=-1", 404), ("page=99999999999999999999", 400), ("clientIds=%FF", 200), ("clientIds=,,", 200)],
)  # fmt: skip
def test_bad_query_parameters_get_the_error_of_the_standard(api: ApiClient, query: str, status: int) -> None:
    assert api.send("GET", f"applicaties?{query}").status_code == status


def test_other_paths_and_methods_are_not_there(api: ApiClient) -> None:
    applicatie = made(api, NRC)
    uuid = applicatie["url"].rsplit("/", 1)[1]
    assert api.post("applicaties/consumer", {}).status_code == 405
    assert api.send("PATCH", "applicaties", {}).status_code == 405
    for path in ("autorisaties", f"applicaties/{uuid}/audittrail", "applicaties/x", f"applicaties/{uuid}/"):
        assert api.get(path).status_code == 404
    assert api.send("POST", "applicaties", raw=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert api.send("GET", "applicaties", headers={"Accept": "text/xml"}).status_code == 406


# -- Who may -----------------------------------------------------------------------------------------------------------
def test_reading_and_writing_ask_their_own_scope(api: ApiClient) -> None:
    applicatie = made(api, NRC)
    reads, writes = (
        given_applicatie("leest", "autorisaties.lezen"),
        given_applicatie("schrijft", "autorisaties.bijwerken"),
    )
    other = given_applicatie("anders", "autorisaties.iets")
    asked: list[tuple[str, str, Any]] = [
        ("GET", "applicaties", None), ("GET", applicatie["url"], None), ("GET", "applicaties/consumer?clientId=zaaksysteem", None),
        ("HEAD", applicatie["url"], None), ("POST", "applicaties", applicatie_body(NRC, clientIds=["x"])),
        ("PUT", applicatie["url"], applicatie_body(NRC)), ("PATCH", applicatie["url"], {}), ("DELETE", applicatie["url"], None),
    ]  # fmt: skip
    for method, address, body in asked:
        is_read = method in {"GET", "HEAD"}
        assert (reads.send(method, address, body).status_code == 403) is not is_read, (method, address)
        assert (writes.send(method, address, body).status_code == 403) is is_read, (method, address)
        assert other.send(method, address, body).status_code == 403
        refused = ApiClient(ROOT).send(method, address, body)
        assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")


# -- What else happens -------------------------------------------------------------------------------------------------
def test_every_write_leaves_a_line_in_the_trail_and_a_message(api: ApiClient, zaaktype: str) -> None:
    applicatie = made(api, zrc(zaaktype))
    body_of(api.put(applicatie["url"], applicatie_body(NRC)))
    headers: dict[str, str | None] = {"X-Audit-Toelichting": "Opgeschoond"}
    body_of(api.send("PATCH", applicatie["url"], {"label": "Anders"}, headers=headers))
    assert api.delete(applicatie["url"]).status_code == 204
    # then
    deeds = ["create", "update", "partial_update", "destroy"]
    lines = audit.trail_of(UUID(applicatie["url"][-36:]))
    assert [(line.actie, line.actor_key) for line in lines] == [(deed, "applicatie:beheer") for deed in deeds]
    assert lines[2].toelichting == "Opgeschoond"
    url = applicatie["url"]
    assert [
        (one.kanaal, one.hoofd_object, one.resource, one.resource_url, one.actie, one.kenmerken)
        for one in Notificatie.objects.order_by("id")
        if one.hoofd_object == url
    ] == [("autorisaties", url, "applicatie", url, deed, {}) for deed in deeds]


def test_a_refused_write_leaves_nothing(api: ApiClient) -> None:
    before = Notificatie.objects.count()
    faults(api.post("applicaties", applicatie_body(NRC, **ALL)))
    assert (Applicatie.objects.count(), Notificatie.objects.count()) == (1, before)


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(api: ApiClient) -> None:
    lezer = given_applicatie("lezer", "autorisaties.lezen")
    url = body_of(lezer.get("applicaties/consumer", clientId="lezer"))["url"]
    body_of(api.patch(url, {"autorisaties": [NRC]}))
    assert lezer.get("applicaties").status_code == 403
    body_of(api.patch(url, {"autorisaties": [{"component": "ac", "scopes": ["autorisaties.lezen"]}]}))
    assert lezer.get("applicaties").status_code == 200
    assert rights_of("lezer") == (access.AutorisatieData("ac", ("autorisaties.lezen",)),)


def test_a_list_takes_as_many_statements_for_fifty_applications_as_for_one(api: ApiClient, zaaktype: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            body_of(api.get("applicaties"))
        return len(queries)

    statements()
    one = statements()
    for index in range(50):
        made(api, zrc(zaaktype), NRC, clientIds=[f"a{index}"])
    assert statements() == one == 3  # who is it, one from its bucket, the list


def test_one_application_and_the_consumer_take_one_statement_besides_who_asks(api: ApiClient, zaaktype: str) -> None:
    applicatie = made(api, zrc(zaaktype))
    api.get(applicatie["url"])
    for address in (applicatie["url"], "applicaties/consumer?clientId=zaaksysteem"):
        with CaptureQueriesContext(connection) as queries:
            body_of(api.send("GET", address))
        assert len(queries) == 3
