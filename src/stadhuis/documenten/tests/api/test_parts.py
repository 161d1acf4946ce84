"""What belongs to a document: gebruiksrechten, objectinformatieobjecten and verzendingen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.audit import public as audit
from stadhuis.documenten import public as documenten
from stadhuis.documenten.models import Document, Gebruiksrecht, Objectinformatieobject, Verzending
from stadhuis.documenten.tests.api.given import given_applicatie, given_document, given_lock
from stadhuis.documenten.tests.givens import given_informatieobjecttype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.notificaties.models import Notificatie

pytestmark = pytest.mark.django_db
NOWHERE = "0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"
ALL = ("documenten.lezen", "documenten.aanmaken", "documenten.bijwerken", "documenten.verwijderen")


@pytest.fixture
def document(api: ApiClient) -> dict[str, Any]:
    return given_document(api)


def gebruiksrechten_body(document: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "informatieobject": document["url"],
        "startdatum": "2026-01-01T00:00:00+01:00",
        "omschrijvingVoorwaarden": "Alleen lezen",
        **more,
    }


def verzending_body(document: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "betrokkene": "https://personen.example/1",
        "informatieobject": document["url"],
        "aardRelatie": "geadresseerde",
        "contactPersoon": "https://personen.example/2",
        "emailadres": "jan@example.org",
        **more,
    }


BODIES = {"gebruiksrechten": gebruiksrechten_body, "verzendingen": verzending_body}


def indication(api: ApiClient, document: dict[str, Any]) -> Any:
    return body_of(api.get(document["url"]))["indicatieGebruiksrecht"]


# -- Gebruiksrechten (drc-006) -----------------------------------------------------------------------------------------
def test_drc_006_when_rights_come_and_go_then_the_indication_follows(api: ApiClient, document: dict[str, Any]) -> None:
    assert indication(api, document) is None
    first = body_of(api.post("gebruiksrechten", gebruiksrechten_body(document)), 201)
    second = body_of(api.post("gebruiksrechten", gebruiksrechten_body(document, einddatum="2027-01-01T00:00:00Z")), 201)
    assert indication(api, document) is True
    assert api.delete(first["url"]).status_code == 204
    assert indication(api, document) is True
    assert api.delete(second["url"]).status_code == 204
    assert indication(api, document) is None
    assert body_of(api.get(document["url"]))["versie"] == 1


def test_drc_006_when_the_indication_is_set_by_hand_then_only_what_is_true_is_taken(
    api: ApiClient, document: dict[str, Any]
) -> None:
    lock = given_lock(api, document)

    def patch(value: Any) -> Any:
        return api.patch(document["url"], {"indicatieGebruiksrecht": value, "lock": lock})

    assert faults(patch(True)) == {"indicatieGebruiksrecht": "missing-gebruiksrechten"}
    assert body_of(patch(False))["indicatieGebruiksrecht"] is False
    body_of(api.post("gebruiksrechten", gebruiksrechten_body(document)), 201)
    assert body_of(patch(True))["indicatieGebruiksrecht"] is True
    for value in (False, None):
        assert faults(patch(value)) == {"indicatieGebruiksrecht": "existing-gebruiksrechten"}


def test_when_gebruiksrechten_are_changed_then_they_stay_with_their_document(
    api: ApiClient, document: dict[str, Any]
) -> None:
    made = body_of(api.post("gebruiksrechten", gebruiksrechten_body(document)), 201)
    assert made["informatieobject"] == document["url"]
    changed = body_of(api.patch(made["url"], {"omschrijvingVoorwaarden": "Anders"}))
    assert changed == {**made, "omschrijvingVoorwaarden": "Anders"}
    assert body_of(api.patch(made["url"], {})) == changed
    replaced = body_of(api.put(made["url"], gebruiksrechten_body(document, einddatum="2027-01-01T00:00:00Z")))
    assert (replaced["omschrijvingVoorwaarden"], replaced["einddatum"][:10]) == ("Alleen lezen", "2027-01-01")
    other = given_document(api)
    for method, body in (("PATCH", {}), ("PUT", gebruiksrechten_body(document))):
        answer = api.send(method, made["url"], {**body, "informatieobject": other["url"]})
        assert faults(answer) == {"informatieobject": "wijzigen-niet-toegelaten"}
    assert [line.actie for line in audit.trail_of(Document.objects.get(identificatie=document["identificatie"]).uuid)] == [
        "create", "create", "partial_update", "partial_update", "update",
    ]  # fmt: skip
    message = Notificatie.objects.filter(resource="gebruiksrechten").earliest("pk")
    assert (message.kanaal, message.actie, message.hoofd_object) == ("documenten", "create", document["url"])


def test_when_gebruiksrechten_are_listed_then_the_filters_hold(api: ApiClient, document: dict[str, Any]) -> None:
    other = given_document(api)
    one = body_of(api.post("gebruiksrechten", gebruiksrechten_body(document)), 201)["url"]
    two = body_of(api.post("gebruiksrechten", gebruiksrechten_body(other, startdatum="2026-06-01T00:00:00Z", einddatum="2027-01-01T00:00:00Z")), 201)["url"]  # fmt: skip
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [two, one]),
        ({"informatieobject": document["url"]}, [one]),
        ({"informatieobject": "https://elders.example/1"}, []),
        ({"startdatum__gt": "2026-05-01T00:00:00Z"}, [two]),
        ({"startdatum__gte": "2026-06-01T00:00:00Z"}, [two]),
        ({"startdatum__lt": "2026-05-01T00:00:00Z"}, [one]),
        ({"startdatum__lte": "2026-06-01T00:00:00Z"}, [two, one]),
        ({"einddatum__gt": "2026-12-31T00:00:00Z"}, [two]),
        ({"einddatum__gte": "2027-01-02T00:00:00Z"}, []),
        ({"einddatum__lt": "2027-01-02T00:00:00Z"}, [two]),
        ({"einddatum__lte": "2026-01-02T00:00:00Z"}, []),
    ]
    for query, wanted in cases:
        assert [found["url"] for found in body_of(api.get("gebruiksrechten", **query))] == wanted, query
    assert faults(api.get("gebruiksrechten", startdatum__gt="x")) == {"startdatum__gt": "invalid"}
    assert faults(api.get("gebruiksrechten", page=1)) == {"nonFieldErrors": "unknown-parameters"}
    expanded = body_of(api.get(one, expand="informatieobject.informatieobjecttype"))["_expand"]["informatieobject"]
    assert (expanded["url"], expanded["_expand"]["informatieobjecttype"]["url"]) == (document["url"], document["informatieobjecttype"])  # fmt: skip


# -- What they share ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["gebruiksrechten", "verzendingen"])
def test_when_an_application_may_not_come_at_the_document_then_nor_at_what_belongs_to_it(
    api: ApiClient, document: dict[str, Any], path: str
) -> None:
    secret = given_document(api, vertrouwelijkheidaanduiding="geheim")
    shown = body_of(api.post(path, BODIES[path](document)), 201)
    hidden = body_of(api.post(path, BODIES[path](secret)), 201)
    ref = given_informatieobjecttype("Aanvraag").ref
    bound = given_applicatie("gebonden", scopes=ALL, ref=ref, max_level=4)
    listed = body_of(bound.get(path))
    results = listed if isinstance(listed, list) else listed["results"]
    assert [one["url"] for one in results] == [shown["url"]]
    assert bound.get(hidden["url"]).status_code == 403
    assert bound.patch(hidden["url"], {}).status_code == 403
    assert bound.put(hidden["url"], BODIES[path](secret)).status_code == 403
    assert bound.delete(hidden["url"]).status_code == 403
    assert bound.post(path, BODIES[path](secret)).status_code == 403
    reader = given_applicatie("lezer", scopes=("documenten.lezen",))
    assert body_of(reader.get(shown["url"])) == shown
    for method, address in (("POST", path), ("PUT", shown["url"]), ("PATCH", shown["url"]), ("DELETE", shown["url"])):
        assert reader.send(method, address, {}).status_code == 403
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        body = None if method in ("GET", "DELETE") else BODIES[path](document)
        assert api.send(method, f"{path}/{NOWHERE}", body).status_code == 404


@pytest.mark.parametrize("path", ["gebruiksrechten", "verzendingen"])
def test_when_something_belongs_to_no_document_then_it_is_refused(
    api: ApiClient, document: dict[str, Any], path: str
) -> None:
    for url in (f"{document['url'][:-36]}{NOWHERE}", "https://elders.example/1", document["informatieobjecttype"]):
        assert faults(api.post(path, BODIES[path]({"url": url}))) == {"informatieobject": "no_match"}
    assert "informatieobject" in faults(api.post(path, {}))


@pytest.mark.parametrize("path", ["gebruiksrechten", "verzendingen", "objectinformatieobjecten"])
def test_when_something_is_read_again_then_its_etag_says_whether_it_changed(
    api: ApiClient, document: dict[str, Any], path: str
) -> None:
    if path == "objectinformatieobjecten":
        documenten.mirror(Document.objects.get().pk, object_type="zaak", object_uuid=Document.objects.get().uuid)
        url = body_of(api.get(path))[0]["url"]
    else:
        url = body_of(api.post(path, BODIES[path](document)), 201)["url"]
    etag = api.get(url)["ETag"]
    assert api.send("GET", url, headers={"If-None-Match": etag}).status_code == 304
    head = api.send("HEAD", url)
    assert (head.status_code, head["ETag"], head.content) == (200, etag, b"")
    assert api.get(url, expand="nergens").status_code == 404
    with CaptureQueriesContext(connection) as one:
        api.get(path, expand="informatieobject")
    for _ in range(5):
        other = given_document(api, inhoud=None, bestandsomvang=0)
        if path == "objectinformatieobjecten":
            row = Document.objects.latest("pk")
            documenten.mirror(row.pk, object_type="zaak", object_uuid=row.uuid)
        else:
            body_of(api.post(path, BODIES[path](other)), 201)
    with CaptureQueriesContext(connection) as many:
        assert api.get(path, expand="informatieobject").status_code == 200
    assert len(many) == len(one)


def test_when_a_document_is_removed_then_what_belongs_to_it_goes(api: ApiClient, document: dict[str, Any]) -> None:
    urls = [body_of(api.post(path, body(document)), 201)["url"] for path, body in BODIES.items()]
    assert api.delete(document["url"]).status_code == 204
    assert [api.get(url).status_code for url in urls] == [404, 404]
    assert not Gebruiksrecht.objects.exists()
    assert not Verzending.objects.exists()


# -- Verzendingen ------------------------------------------------------------------------------------------------------
ADDRESSES: dict[str, Any] = {
    "binnenlandsCorrespondentieadres": {"huisnummer": 1, "naamOpenbareRuimte": "Dorpsstraat", "woonplaatsnaam": "Dorp", "huisletter": "", "huisnummerToevoeging": "", "postcode": "1234AB"},
    "buitenlandsCorrespondentieadres": {"adresBuitenland1": "Rue 1", "adresBuitenland2": "", "adresBuitenland3": "", "landPostadres": "https://landen.example/be"},
    "correspondentiePostadres": {"postBusOfAntwoordnummer": 12, "postadresPostcode": "1234AB", "postadresType": "postbusnummer", "woonplaatsnaam": "Dorp"},
    "faxnummer": "0123456789",
    "emailadres": "jan@example.org",
    "mijnOverheid": True,
    "telefoonnummer": "0612345678",
}  # fmt: skip


@pytest.mark.parametrize("name", list(ADDRESSES))
def test_when_a_verzending_has_one_address_then_it_is_taken_and_given_back(
    api: ApiClient, document: dict[str, Any], name: str
) -> None:
    made = body_of(api.post("verzendingen", verzending_body(document, emailadres=None) | {name: ADDRESSES[name]}), 201)
    assert made[name] == ADDRESSES[name]
    assert {key: made[key] for key in ADDRESSES if key != name} == {
        key: False if key == "mijnOverheid" else None for key in ADDRESSES if key != name
    }
    assert body_of(api.get(made["url"])) == made
    # when it goes somewhere else
    other = "faxnummer" if name != "faxnummer" else "telefoonnummer"
    assert faults(api.patch(made["url"], {other: "0987"})) == {"nonFieldErrors": "invalid-address"}
    moved = body_of(api.patch(made["url"], {name: False if name == "mijnOverheid" else None, other: "0987"}))
    assert moved[other] == "0987"


def test_when_a_verzending_has_no_or_several_addresses_then_it_is_refused(
    api: ApiClient, document: dict[str, Any]
) -> None:
    for more in ({"emailadres": None}, {"emailadres": ""}, {"faxnummer": "1"}, {"mijnOverheid": True}):
        answer = api.post("verzendingen", verzending_body(document, **more))
        assert faults(answer) == {"nonFieldErrors": "invalid-address"}
    wrong = verzending_body(
        document, binnenlandsCorrespondentieadres={"huisnummer": 0}, aardRelatie="vriend", faxnummer="x" * 16
    )
    assert faults(api.post("verzendingen", wrong)) == {
        "binnenlandsCorrespondentieadres.huisnummer": "min_value",
        "binnenlandsCorrespondentieadres.naamOpenbareRuimte": "required",
        "binnenlandsCorrespondentieadres.woonplaatsnaam": "required",
        "aardRelatie": "invalid_choice",
        "faxnummer": "max_length",
    }
    assert not Verzending.objects.exists()


def test_when_a_document_came_from_someone_then_that_has_a_day_and_is_one(
    api: ApiClient, document: dict[str, Any]
) -> None:
    came = verzending_body(document, aardRelatie="afzender")
    assert faults(api.post("verzendingen", came)) == {"ontvangstdatum": "required"}
    made = body_of(api.post("verzendingen", {**came, "ontvangstdatum": "2026-03-01"}), 201)
    second = {**came, "ontvangstdatum": "2026-03-02"}
    assert faults(api.post("verzendingen", second)) == {"aardRelatie": "unique"}
    went = body_of(api.post("verzendingen", verzending_body(document)), 201)
    change = {"aardRelatie": "afzender", "ontvangstdatum": "2026-03-02"}
    assert faults(api.patch(went["url"], change)) == {"aardRelatie": "unique"}
    assert faults(api.patch(made["url"], {"ontvangstdatum": None})) == {"ontvangstdatum": "required"}
    replaced = body_of(api.put(made["url"], verzending_body(document, toelichting="terug")))
    assert (replaced["aardRelatie"], replaced["ontvangstdatum"], replaced["toelichting"]) == (
        "geadresseerde", None, "terug",
    )  # fmt: skip
    assert Notificatie.objects.filter(resource="verzending", kanaal="documenten").count() == 3


def test_when_verzendingen_are_listed_then_the_filters_hold(api: ApiClient, document: dict[str, Any]) -> None:
    other = given_document(api)
    one = body_of(api.post("verzendingen", verzending_body(document)), 201)["url"]
    two = body_of(api.post("verzendingen", verzending_body(other, aardRelatie="afzender", ontvangstdatum="2026-01-01", betrokkene="https://personen.example/9")), 201)["url"]  # fmt: skip
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [two, one]),
        ({"aardRelatie": "afzender"}, [two]),
        ({"informatieobject": document["url"]}, [one]),
        ({"betrokkene": "https://personen.example/9"}, [two]),
        ({"betrokkene": "https://personen.example/8"}, []),
    ]
    for query, wanted in cases:
        page = body_of(api.get("verzendingen", **query))
        assert ([found["url"] for found in page["results"]], page["count"]) == (wanted, len(wanted)), query
    assert api.get("verzendingen", page=2).status_code == 404
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404


# -- Objectinformatieobjecten with objects elsewhere -------------------------------------------------------------------
class Elsewhere:
    """A register of zaken of somebody else: what it answers, and what it was asked."""

    def __init__(self, host: str) -> None:
        self.zaak = f"{host}/zaken/api/v1/zaken/1"
        self.host = host
        self.relations: list[Any] | None = []
        self.asked: list[str] = []

    def answer(self, path: str) -> tuple[int, Any]:
        self.asked.append(path)
        if path == "/zaken/api/v1/zaken/1":
            return 200, {"url": self.zaak, "zaaktype": "x", "identificatie": "Z-1"}
        if path.startswith("/zaken/api/v1/zaakinformatieobjecten?"):
            return (403, {}) if self.relations is None else (200, self.relations)
        return (200, {"url": "iets anders"}) if path == "/iets" else (404, {})


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = register.answer(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    register = Elsewhere(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.API_ALLOWED_HOSTS = [register.host.removeprefix("http://")]
    settings.OUTSIDE_TIMEOUT_SECONDS = 2
    yield register
    server.shutdown()
    server.server_close()


def oio_body(document: dict[str, Any], url: str, kind: str = "zaak") -> dict[str, Any]:
    return {"informatieobject": document["url"], "object": url, "objectType": kind}


def test_drc_002_when_the_object_is_no_such_object_then_it_is_refused(
    api: ApiClient, document: dict[str, Any], elsewhere: Elsewhere
) -> None:
    for url, code in (
        (f"{elsewhere.host}/nergens", "bad-url"),
        (f"{elsewhere.host}/iets", "invalid-resource"),
        ("http://169.254.169.254/x", "bad-url"),
        (document["url"], "invalid-resource"),
        (f"http://localhost:8000/nergens/{NOWHERE}", "bad-url"),
    ):
        assert faults(api.post("objectinformatieobjecten", oio_body(document, url))) == {"object": code}
    wrong_kind = oio_body(document, elsewhere.zaak, "besluit")
    assert faults(api.post("objectinformatieobjecten", wrong_kind)) == {"object": "invalid-resource"}
    assert set(faults(api.post("objectinformatieobjecten", {}))) == {"informatieobject", "object", "objectType"}
    assert not Objectinformatieobject.objects.exists()


def test_drc_004_when_the_other_register_knows_the_relation_then_it_is_noted_and_stays_until_it_goes_there(
    api: ApiClient, document: dict[str, Any], elsewhere: Elsewhere
) -> None:
    body = oio_body(document, elsewhere.zaak)
    assert faults(api.post("objectinformatieobjecten", body)) == {"nonFieldErrors": "inconsistent-relation"}
    elsewhere.relations = None
    assert faults(api.post("objectinformatieobjecten", body)) == {"nonFieldErrors": "relation-lookup-error"}
    elsewhere.relations = [{"url": "x"}]
    made = body_of(api.post("objectinformatieobjecten", body), 201)
    assert made == {**body, "url": made["url"]}
    query = parse_qs(urlsplit(elsewhere.asked[-1]).query)
    assert query == {"zaak": [elsewhere.zaak], "informatieobject": [document["url"]]}
    assert body_of(api.get("objectinformatieobjecten", object=elsewhere.zaak)) == [made]
    assert body_of(api.get("objectinformatieobjecten", informatieobject=document["url"])) == [made]
    # drc-003, drc-008
    assert faults(api.post("objectinformatieobjecten", body)) == {"nonFieldErrors": "unique"}
    assert faults(api.delete(document["url"])) == {"nonFieldErrors": "pending-relations"}
    assert faults(api.delete(made["url"])) == {"nonFieldErrors": "inconsistent-relation"}
    elsewhere.relations = []
    assert api.delete(made["url"]).status_code == 204
    assert api.delete(document["url"]).status_code == 204


def test_when_an_application_may_not_come_at_the_document_then_nor_at_its_relations(
    api: ApiClient, document: dict[str, Any], elsewhere: Elsewhere
) -> None:
    elsewhere.relations = [{}]
    made = body_of(api.post("objectinformatieobjecten", oio_body(document, elsewhere.zaak)), 201)
    low = given_applicatie("laag", scopes=ALL, max_level=1)
    assert body_of(low.get("objectinformatieobjecten")) == []
    assert low.get(made["url"]).status_code == 403
    assert low.delete(made["url"]).status_code == 403
    assert low.post("objectinformatieobjecten", oio_body(document, elsewhere.zaak)).status_code == 403
    assert api.send("PUT", made["url"], {}).status_code == 405
