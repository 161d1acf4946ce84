"""What holds for everything that hangs on a zaak: who may, what is refused, what is told, how it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.audit import public as audit
from stadhuis.audit.models import Processing
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.documenten.tests.givens import given_document
from stadhuis.kit.api.resource import registered
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.notificaties.models import Notificatie
from stadhuis.people import public as people
from stadhuis.zaken.api import API
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.api.givens import (
    given_applicatie,
    given_closed_zaak,
    given_status,
    given_zaak,
    status_body,
)
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
NOWHERE = "7f1d2c3b-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class World:
    """An application, a zaak and a host of somebody else."""

    api: ApiClient
    zaaktype: Zaaktype
    zaak: dict[str, Any]
    host: str


@pytest.fixture
def world(api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]) -> World:
    return World(api, zaaktype, given_zaak(api, zaaktype), elsewhere[0])


def document_url() -> str:
    return f"http://localhost:8000/documenten/api/v1/enkelvoudiginformatieobjecten/{given_document().uuid}"


BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "statussen": lambda world: status_body(world.zaak, world.zaaktype.statustypen[0]),
    "resultaten": lambda world: {"zaak": world.zaak["url"], "resultaattype": world.zaaktype.resultaattypen[0].url},
    "rollen": lambda world: {
        "zaak": world.zaak["url"], "roltype": world.zaaktype.roltypen[0].url, "betrokkeneType": "natuurlijk_persoon",
        "roltoelichting": "vraagt aan", "betrokkeneIdentificatie": {"inpBsn": BSN, "geslachtsnaam": "de Vries"},
    },
    "zaakinformatieobjecten": lambda world: {"zaak": world.zaak["url"], "informatieobject": document_url()},
    "zaakobjecten": lambda world: {
        "zaak": world.zaak["url"], "objectType": "pand", "objectIdentificatie": {"identificatie": "0402100001"},
    },
    "zaakeigenschappen": lambda world: {
        "zaak": world.zaak["url"], "eigenschap": world.zaaktype.eigenschappen[0].url, "waarde": "12-AB-34",
    },
    "besluiten": lambda world: {"besluit": f"{world.host}/other"},
    "zaakcontactmomenten": lambda world: {"zaak": world.zaak["url"], "contactmoment": f"{world.host}/other"},
    "zaakverzoeken": lambda world: {"zaak": world.zaak["url"], "verzoek": f"{world.host}/other"},
    "klantcontacten": lambda world: {"zaak": world.zaak["url"], "datumtijd": "2026-03-03T10:00:00Z"},
    "zaaknotities": lambda world: {"gerelateerdAan": world.zaak["url"], "onderwerp": "Let op", "tekst": "De hond bijt."},
}  # fmt: skip
NAMES = {
    "statussen": "status", "resultaten": "resultaat", "rollen": "rol", "zaakinformatieobjecten": "zaakinformatieobject",
    "zaakobjecten": "zaakobject", "zaakeigenschappen": "zaakeigenschap", "besluiten": "zaakbesluit",
    "zaakcontactmomenten": "zaakcontactmoment", "zaakverzoeken": "zaakverzoek", "klantcontacten": "klantcontact",
    "zaaknotities": "zaaknotitie",
}  # fmt: skip
NESTED = ("zaakeigenschappen", "besluiten")
every_kind = pytest.mark.parametrize("kind", sorted(BODIES))


def path_of(kind: str, zaak: dict[str, Any]) -> str:
    return f"{zaak['url']}/{kind}" if kind in NESTED else kind


def made(world: World, kind: str, **more: Any) -> dict[str, Any]:
    answer = world.api.post(path_of(kind, world.zaak), {**BODIES[kind](world), **more})
    found: dict[str, Any] = body_of(answer, 201)
    assert answer["Location"] == found["url"]
    return found


def results(answer: Any) -> list[dict[str, Any]]:
    found = body_of(answer)
    return list(found if isinstance(found, list) else found["results"])


@every_kind
def test_when_something_is_added_to_a_zaak_then_it_is_given_back_listed_told_and_written_down(
    world: World, kind: str
) -> None:
    # given
    Notificatie.objects.all().delete()
    # when
    found = made(world, kind)
    # then
    assert body_of(world.api.get(found["url"])) == found
    assert results(world.api.get(path_of(kind, world.zaak))) == [found]
    line = list(audit.trail_of(UUID(world.zaak["uuid"])))[-1]
    assert (line.resource, line.actie, line.resultaat) == (NAMES[kind], "create", 201)
    assert line.nieuw is not None
    assert line.nieuw["url"] == found["url"]
    messages = Notificatie.objects.filter(kanaal="zaken")
    told = [(one.resource, one.resource_url, one.hoofd_object) for one in messages]
    wanted = [] if kind == "zaaknotities" else [(NAMES[kind], found["url"], world.zaak["url"])]
    assert told == wanted


@every_kind
def test_when_the_trail_is_read_then_no_bsn_is_in_it(world: World, kind: str) -> None:
    made(world, kind)
    assert BSN not in json.dumps(body_of(world.api.get(f"{world.zaak['url']}/audittrail")))


@every_kind
def test_zrc_006_when_the_application_may_not_see_the_zaak_then_nothing_of_it_is_shown_or_changed(
    world: World, kind: str
) -> None:
    # given
    found = made(world, kind)
    other = given_zaaktype(domein="ANDER")
    scopes = ("zaken.lezen", "zaken.bijwerken", "zaken.aanmaken", "zaken.statussen.toevoegen", "zaken.verwijderen")
    limited = given_applicatie("beperkt", scopes=scopes, ref=other.ref)
    # then
    answer = limited.get(path_of(kind, world.zaak))
    assert answer.status_code == 403 if kind in NESTED else results(answer) == []
    assert limited.get(found["url"]).status_code == 403
    assert limited.post(path_of(kind, world.zaak), BODIES[kind](world)).status_code == 403
    operations = API.operations[f"/zaken/{{zaak_uuid}}/{kind}/{{uuid}}" if kind in NESTED else f"/{kind}/{{uuid}}"]
    if "DELETE" in operations:
        assert limited.delete(found["url"]).status_code == 403
    if "PATCH" in operations:
        assert limited.patch(found["url"], {}).status_code == 403
    low = given_applicatie("laag", scopes=scopes, ref=world.zaaktype.ref, max_level=1)
    assert low.get(found["url"]).status_code == 403


@every_kind
def test_when_the_application_may_only_read_then_it_changes_nothing(world: World, kind: str) -> None:
    found = made(world, kind)
    reader = given_applicatie("lezer", scopes=("zaken.lezen",), ref=world.zaaktype.ref)
    assert reader.get(found["url"]).status_code == 200
    assert reader.post(path_of(kind, world.zaak), {}).status_code == 403


@every_kind
def test_zrc_007_when_the_zaak_is_closed_then_what_hangs_on_it_takes_the_forced_scope(world: World, kind: str) -> None:
    # given
    found = {} if kind in ("statussen", "resultaten") else made(world, kind)
    closed = given_closed_zaak(world.api, world.zaaktype) if not found else world.zaak
    Zaak.objects.filter(uuid=closed["uuid"]).update(einddatum="2026-04-01")
    scopes = ("zaken.lezen", "zaken.bijwerken", "zaken.aanmaken", "zaken.statussen.toevoegen", "zaken.verwijderen")
    usual = given_applicatie("gewoon", scopes=scopes, ref=world.zaaktype.ref)
    forced = given_applicatie("sterk", scopes=(*scopes, "zaken.geforceerd-bijwerken"), ref=world.zaaktype.ref)
    free = kind in ("zaaknotities", "zaakcontactmomenten", "zaakverzoeken")
    # then
    body = BODIES[kind](World(world.api, world.zaaktype, closed, world.host))
    again = {"statussen": {"datumStatusGezet": "2026-05-01T10:00:00Z"}, "besluiten": {"besluit": f"{world.host}/tree"}}
    again |= {"zaakcontactmomenten": {"contactmoment": f"{world.host}/tree"}, "zaakverzoeken": {"verzoek": f"{world.host}/tree"}}  # fmt: skip
    body |= again.get(kind, {})
    assert usual.post(path_of(kind, closed), body).status_code == (201 if free else 403)
    if not free and kind not in ("resultaten", "rollen"):  # of those a zaak has one
        assert forced.post(path_of(kind, closed), body).status_code == 201
    operations = API.operations[f"/zaken/{{zaak_uuid}}/{kind}/{{uuid}}" if kind in NESTED else f"/{kind}/{{uuid}}"]
    if found and "DELETE" in operations:
        if not free:
            assert usual.delete(found["url"]).status_code == 403
        assert forced.delete(found["url"]).status_code == 204


@every_kind
def test_when_something_is_removed_then_it_is_gone_and_the_trail_keeps_it(world: World, kind: str) -> None:
    operations = API.operations[f"/zaken/{{zaak_uuid}}/{kind}/{{uuid}}" if kind in NESTED else f"/{kind}/{{uuid}}"]
    found = made(world, kind)
    answer = world.api.delete(found["url"])
    if "DELETE" not in operations:
        assert answer.status_code == 405
        return
    assert (answer.status_code, answer.content) == (204, b"")
    assert world.api.get(found["url"]).status_code == 404
    assert world.api.delete(found["url"]).status_code == 404
    line = list(audit.trail_of(UUID(world.zaak["uuid"])))[-1]
    assert (line.resource, line.actie, line.nieuw) == (NAMES[kind], "destroy", None)
    assert line.oud is not None
    assert line.oud["url"] == found["url"]


@every_kind
def test_zrc_023_when_the_zaak_is_removed_then_what_hangs_on_it_goes_along(world: World, kind: str) -> None:
    found = made(world, kind)
    if kind == "besluiten":
        assert faults(world.api.delete(world.zaak["url"])) == {"nonFieldErrors": "related-besluiten"}
        world.api.delete(found["url"])
    assert world.api.delete(world.zaak["url"]).status_code == 204
    assert world.api.get(found["url"]).status_code == 404


# -- Bad input --------------------------------------------------------------------------------------------------------
HOSTILE: list[Any] = [
    None, 7, -1.5, True, [], ["x"], {}, {"a": {"b": []}}, "", " ", "a\x00b", "\ud800", "x" * 2000, "0000-01-01",
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "https://x.example/%00", "http://169.254.169.254/", "javascript:x",
]  # fmt: skip


@every_kind
def test_when_any_field_holds_what_it_cannot_then_the_answer_is_the_standards_and_never_5xx(
    world: World, kind: str
) -> None:
    body = BODIES[kind](world)
    shape = registered(NAMES[kind]).shape
    assert shape is not None
    for key, field in shape.keys.items():
        if field.read_only:
            continue
        for value in HOSTILE:
            raw = json.dumps({**body, key: value}).encode()
            answer = world.api.send("POST", path_of(kind, world.zaak), raw=raw)
            assert answer.status_code in (201, 400), (key, value, answer.content)
            if answer.status_code == 400:
                assert faults(answer)


@every_kind
def test_when_nothing_is_sent_then_every_required_field_is_named(world: World, kind: str) -> None:
    shape = registered(NAMES[kind]).shape
    assert shape is not None
    required = {field.key for field in shape.fields.values() if field.is_required}
    assert faults(world.api.post(path_of(kind, world.zaak), {})) == dict.fromkeys(required, "required")
    for raw in (b"[]", b"7", b"null", b"{", b'{"zaak": "\xff"}'):
        assert world.api.send("POST", path_of(kind, world.zaak), raw=raw).status_code == 400


@every_kind
@pytest.mark.parametrize("query", ["pageSize=-1", "page=x", "onbekend=1", "zaak=geen-url", "expand=a&expand=b", "expand=\x00"])  # fmt: skip
def test_when_a_query_is_wrong_then_the_answer_says_so(world: World, kind: str, query: str) -> None:
    if kind == "zaaknotities" and query.startswith("zaak"):
        query = "gerelateerdAan=geen-url"
    answer = world.api.get(f"{path_of(kind, world.zaak)}?{query}")
    assert answer.status_code == 400, answer.content
    assert faults(answer)


@every_kind
def test_when_an_address_leads_nowhere_then_the_answer_is_404(world: World, kind: str) -> None:
    path = path_of(kind, world.zaak)
    for address in (f"{path}/{NOWHERE}", f"{path}/geen-uuid", f"{path}/"):
        assert world.api.get(address).status_code == 404
    if kind in NESTED:
        nowhere = {"url": f"http://localhost:8000/zaken/api/v1/zaken/{NOWHERE}"}
        assert world.api.get(path_of(kind, nowhere)).status_code == 404
        assert world.api.post(path_of(kind, nowhere), BODIES[kind](world)).status_code == 404
        other = given_zaak(world.api, world.zaaktype)
        found = made(world, kind)
        assert world.api.get(f"{path_of(kind, other)}/{found['uuid']}").status_code == 404
        assert world.api.delete(f"{path_of(kind, other)}/{found['uuid']}").status_code == 404


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_never_5xx(world: World, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BODIES)))
    shape = registered(NAMES[kind]).shape
    assert shape is not None
    keys = st.sampled_from(sorted(shape.keys)) | st.text(max_size=8)
    body = {**BODIES[kind](world), **data.draw(st.dictionaries(keys, _JSON, max_size=4))}
    answer = world.api.send("POST", path_of(kind, world.zaak), raw=json.dumps(body).encode())
    assert answer.status_code in (201, 400, 403), answer.content


# -- Reading ----------------------------------------------------------------------------------------------------------
@every_kind
def test_when_a_list_is_asked_then_its_statements_do_not_grow(world: World, kind: str) -> None:
    # given
    found = made(world, kind)
    row_of = {model._meta.db_table: model for model in Zaak._meta.apps.get_models()}[registered(NAMES[kind]).table]
    row: Any = row_of._default_manager.get()
    with CaptureQueriesContext(connection) as for_one:
        world.api.get(path_of(kind, world.zaak))
    # when
    zaken = [given_zaak(world.api, world.zaaktype) for _ in range(1 if kind in NESTED else 20)]
    for number in range(20):
        row.pk, row._state.adding = None, True
        row.uuid = UUID(int=UUID(NOWHERE).int + number)
        row.zaak_id = row.zaak_id if kind in NESTED else Zaak.objects.get(uuid=zaken[number]["uuid"]).pk
        if kind == "klantcontacten":
            row.identificatie = f"K{number}"
        if kind == "besluiten":
            row.besluit_url = f"{world.host}/{number}"
        row.save(force_insert=True)
    with CaptureQueriesContext(connection) as for_many:
        listed = results(world.api.get(path_of(kind, world.zaak)))
    # then
    assert len(listed) == 21
    assert found["url"] in {one["url"] for one in listed}
    assert len(for_many) <= len(for_one)


@every_kind
def test_when_one_is_asked_again_then_its_etag_saves_the_body(world: World, kind: str) -> None:
    found = made(world, kind)
    answer = world.api.get(found["url"])
    again = world.api.send("GET", found["url"], headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = world.api.send("HEAD", found["url"])
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", answer["ETag"])


@pytest.mark.parametrize("kind", [kind for kind in sorted(BODIES) if registered(NAMES[kind]).relations])
def test_zrc_025_when_the_zaak_is_expanded_then_the_whole_zaak_is_in_it(world: World, kind: str) -> None:
    relations = registered(NAMES[kind]).relations
    if "zaak" not in relations or kind in NESTED:
        pytest.skip("the zaak is in the address")
    found = made(world, kind)
    (listed,) = results(world.api.get(path_of(kind, world.zaak), expand="zaak.zaaktype"))
    assert listed["_expand"]["zaak"]["uuid"] == world.zaak["uuid"]
    assert listed["_expand"]["zaak"]["_expand"]["zaaktype"]["url"] == world.zaaktype.url
    assert world.api.get(found["url"], expand="zaak.bestaat_niet").status_code == 404


# -- The processing log -----------------------------------------------------------------------------------------------
@pytest.fixture
def related(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A hoofdzaak and a deelzaak, each with another person in it."""
    zaaktype = given_zaaktype(domein="DEEL", deelzaaktypen=["MELDING"])
    hoofdzaak = given_zaak(world.api, zaaktype)
    deelzaak = given_zaak(world.api, zaaktype, hoofdzaak=hoofdzaak["url"])
    for zaak, bsn in ((hoofdzaak, BSN), (deelzaak, OTHER_BSN)):
        body = BODIES["rollen"](World(world.api, zaaktype, zaak, world.host))
        body_of(world.api.post("rollen", {**body, "betrokkeneIdentificatie": {"inpBsn": bsn}}), 201)
    Processing.objects.all().delete()
    return hoofdzaak, deelzaak


def logged() -> set[str]:
    """Return the persons whose data went out, by their BSN."""
    found = set()
    for bsn in (BSN, OTHER_BSN):
        person = people.find_person(bsn)
        assert person is not None
        if list(audit.processing_of(person)):
            found.add(bsn)
    return found


def test_when_a_zaak_is_read_then_only_its_own_persons_are_logged(
    world: World, related: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    body_of(world.api.get(related[1]["url"]))
    assert logged() == {OTHER_BSN}


@pytest.mark.parametrize("asked", ["detail", "list", "zoek"])
@pytest.mark.parametrize("way", ["up", "down"])
def test_when_another_zaak_is_expanded_then_its_persons_are_logged_too(
    world: World, related: tuple[dict[str, Any], dict[str, Any]], asked: str, way: str
) -> None:
    zaak, expand = (related[1], "hoofdzaak.rollen") if way == "up" else (related[0], "deelzaken.rollen,zaaktype")
    if asked == "detail":
        answer = world.api.get(zaak["url"], expand=expand)
    elif asked == "list":
        answer = world.api.get("zaken", identificatie=zaak["identificatie"], expand=expand)
    else:
        answer = world.api.post("zaken/_zoek", {"identificatie": zaak["identificatie"], "expand": expand})
    body_of(answer)
    assert logged() == {BSN, OTHER_BSN}


def test_when_a_part_is_read_then_the_persons_of_its_zaak_are_logged(
    world: World, related: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    body_of(world.api.get("rollen", zaak=related[0]["url"]))
    assert logged() == {BSN}
    body_of(world.api.get("rollen", zaak=related[0]["url"], expand="zaak.deelzaken"))
    assert logged() == {BSN, OTHER_BSN}


def test_when_statussen_hang_on_more_zaken_than_fit_a_page_then_pages_follow(world: World) -> None:
    given_status(world.api, world.zaak, world.zaaktype.statustypen[0])
    for page in ("2", "0", "-1"):
        assert world.api.get("statussen", page=page).status_code == 404
