"""The resource enkelvoudiginformatieobject over HTTP: making, reading, changing under a lock, removing."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from stadhuis.audit import public as audit
from stadhuis.catalogi.models import Informatieobjecttype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.models import Document, DocumentVersie
from stadhuis.documenten.tests.api.given import (
    RSIN,
    TEXT,
    content_of,
    document_body,
    encoded,
    given_applicatie,
    given_document,
    given_lock,
    type_url,
)
from stadhuis.documenten.tests.givens import given_informatieobjecttype
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.files import unknown_paths
from stadhuis.kit.models import StoredFile
from stadhuis.notificaties.models import Notificatie

pytestmark = pytest.mark.django_db
PATH = "enkelvoudiginformatieobjecten"


# -- Making and reading ------------------------------------------------------------------------------------------------
def test_when_a_document_is_made_then_it_can_be_read_and_downloaded(api: ApiClient) -> None:
    made = given_document(
        api, ondertekening={"soort": "digitaal", "datum": "2026-03-01"}, trefwoorden=["kap", "boom"],
        integriteit={"algoritme": "md5", "waarde": "x", "datum": "2026-03-01"}, status="definitief", verschijningsvorm="brief",
    )  # fmt: skip
    assert made.pop("lock") == ""
    assert made["identificatie"].startswith("DOCUMENT-")
    assert (made["versie"], made["locked"], made["bestandsdelen"]) == (1, False, [])
    assert made["inhoud"] == f"{made['url']}/download?versie=1"
    assert made["ondertekening"] == {"soort": "digitaal", "datum": "2026-03-01"}
    assert made["integriteit"] == {"algoritme": "md5", "waarde": "x", "datum": "2026-03-01"}
    assert made["trefwoorden"] == ["kap", "boom"]
    answer = api.get(made["url"])
    assert body_of(answer) == made
    assert answer["API-version"] == "1.7.1"
    assert content_of(api, made["inhoud"]) == TEXT
    assert list(StoredFile.objects.values_list("state", "size", "sha256")) == [
        ("kept", len(TEXT), hashlib.sha256(TEXT).hexdigest())
    ]
    listed = body_of(api.get(PATH))
    assert (listed["count"], listed["results"]) == (1, [made])


def test_when_a_document_is_made_by_the_api_then_the_house_knows_it_like_any_other(api: ApiClient) -> None:
    made = given_document(api)
    document = Document.objects.get()
    with documenten.open_document(document.uuid) as content:
        assert content.read() == TEXT
    line = audit.trail_of(document.uuid)[0]
    assert (line.actie, line.bron, line.resultaat, line.applicatie_id) == ("create", "drc", 201, "alles")
    assert line.nieuw == {key: value for key, value in made.items() if key != "lock"}
    message = Notificatie.objects.get(kanaal="documenten")
    assert (message.actie, message.resource, message.hoofd_object) == (
        "create", "enkelvoudiginformatieobject", made["url"],
    )  # fmt: skip
    assert message.kenmerken == {
        "bronorganisatie": RSIN,
        "informatieobjecttype": made["informatieobjecttype"],
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
    }


def test_when_only_metadata_is_sent_then_the_document_has_no_content(api: ApiClient) -> None:
    made = given_document(api, inhoud=None, bestandsomvang=0)
    assert (made["inhoud"], made["bestandsomvang"], made["locked"]) == (None, 0, False)
    assert api.get(f"{made['url']}/download").status_code == 404


def test_when_everything_is_wrong_then_every_fault_is_told_at_once_and_no_file_stays(api: ApiClient) -> None:
    answer = api.post(
        PATH,
        {
            "bronorganisatie": "123456789", "titel": "", "taal": "nederlands", "formaat": 1, "inhoud": "geen base64!",
            "bestandsomvang": -1, "informatieobjecttype": "nergens", "ondertekening": {}, "integriteit": {"algoritme": "rot13"},
            "vertrouwelijkheidaanduiding": "heel geheim", "status": "klaar", "trefwoorden": "boom", "link": "x",
        },
    )  # fmt: skip
    assert faults(answer) == {
        "bronorganisatie": "invalid", "creatiedatum": "required", "titel": "blank", "auteur": "required", "taal": "max_length",
        "formaat": "invalid", "inhoud": "invalid", "bestandsomvang": "min_value", "informatieobjecttype": "invalid",
        "ondertekening.soort": "required", "ondertekening.datum": "required", "integriteit.algoritme": "invalid_choice",
        "integriteit.waarde": "required", "integriteit.datum": "required", "vertrouwelijkheidaanduiding": "invalid_choice",
        "status": "invalid_choice", "trefwoorden": "not_a_list", "link": "invalid",
    }  # fmt: skip
    again = api.post(
        PATH,
        document_body(
            informatieobjecttype="http://localhost:8000/catalogi/api/v1/informatieobjecttypen/x", bestandsomvang=3,
            indicatieGebruiksrecht=True, status="in_bewerking", ontvangstdatum="2026-01-01", formaat="text/plain\r\nX: y",
            ondertekening={"soort": "pki", "datum": "2026-01-01"}, taal="d1t",
        ),
    )  # fmt: skip
    assert faults(again) == {
        "informatieobjecttype": "bad-url", "nonFieldErrors": "file-size", "indicatieGebruiksrecht": "missing-gebruiksrechten",
        "status": "invalid_for_received", "ondertekening": "invalid_for_status", "formaat": "invalid", "taal": "invalid",
    }  # fmt: skip
    assert not Document.objects.exists()
    assert not StoredFile.objects.exclude(state="discarded").exists()
    assert unknown_paths() == []


def test_when_the_format_lies_then_it_is_stored_as_given_and_served_as_bytes(api: ApiClient) -> None:
    made = given_document(api, formaat="image/png", bestandsnaam="../../<b>hoi</b>.html", inhoud=encoded(b"<script>"), bestandsomvang=8)  # fmt: skip
    assert (made["formaat"], made["bestandsnaam"]) == ("image/png", "b>.html")
    answer = api.send("GET", made["inhoud"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "titel", "wanted"),
    [
        ("", "Brief\r\nX-Fout: ja\n", 'attachment; filename="BriefX-Fout: ja"'),
        ("", "\x1b", 'attachment; filename="document"'),
        ("naïef.txt", "x", "attachment; filename*=utf-8''na%C3%AFef.txt"),
        ("a\nb.txt\n", "x", 'attachment; filename="ab.txt"'),
    ],
)
def test_when_a_name_would_break_a_header_then_it_is_made_plain(
    api: ApiClient, name: str, titel: str, wanted: str
) -> None:
    made = given_document(api, bestandsnaam=name, titel=titel or "x")
    answer = api.send("GET", made["inhoud"])
    assert (answer.status_code, answer["Content-Disposition"]) == (200, wanted)
    assert "X-Fout" not in answer


# -- Rules -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://localhost:8000/catalogi/api/v1/informatieobjecttypen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "bad-url"),
        ("http://localhost:8000/catalogi/api/v1/zaaktypen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d", "invalid-resource"),
        ("http://127.0.0.1:9/informatieobjecttypen/1", "bad-url"),
        ("http://169.254.169.254/latest/meta-data", "bad-url"),
    ],
)
def test_drc_001_when_the_type_is_no_type_then_the_document_is_refused(api: ApiClient, url: str, code: str) -> None:
    assert faults(api.post(PATH, document_body(informatieobjecttype=url))) == {"informatieobjecttype": code}


def test_drc_001_when_the_type_is_a_concept_then_the_document_is_refused_also_when_it_changes(api: ApiClient) -> None:
    document = given_document(api)
    lock = given_lock(api, document)
    body = document_body("Besluit")
    concept = body["informatieobjecttype"]
    Informatieobjecttype.objects.filter(pk=given_informatieobjecttype("Besluit").id).update(concept=True)
    assert faults(api.post(PATH, body)) == {"informatieobjecttype": "not-published"}
    for method, sent in (("PATCH", {}), ("PUT", body)):
        answer = api.send(method, document["url"], {**sent, "informatieobjecttype": concept, "lock": lock})
        assert faults(answer) == {"informatieobjecttype": "not-published"}
    assert Document.objects.get().versie == 1


def test_drc_001_when_the_type_changes_then_the_document_is_of_the_other_type(api: ApiClient) -> None:
    document = given_document(api)
    changed = body_of(
        api.patch(document["url"], {"informatieobjecttype": type_url("Besluit"), "lock": given_lock(api, document)})
    )
    assert changed["informatieobjecttype"] == type_url("Besluit")
    assert Document.objects.get().informatieobjecttype_ref == given_informatieobjecttype("Besluit").ref


@pytest.mark.parametrize("status", ["in_bewerking", "ter_vaststelling"])
def test_drc_005_when_a_received_document_is_still_being_written_then_it_is_refused(
    api: ApiClient, status: str
) -> None:
    body = document_body(ontvangstdatum="2026-01-01", status=status)
    assert faults(api.post(PATH, body)) == {"status": "invalid_for_received"}
    document = given_document(api, ontvangstdatum="2026-01-01", status="definitief")
    answer = api.patch(document["url"], {"status": status, "lock": given_lock(api, document)})
    assert faults(answer) == {"status": "invalid_for_received"}


def test_drc_007_when_no_level_is_given_then_it_is_that_of_the_type(api: ApiClient) -> None:
    assert given_document(api)["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    assert given_document(api, vertrouwelijkheidaanduiding="")["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    document = given_document(api, vertrouwelijkheidaanduiding="geheim")
    assert document["vertrouwelijkheidaanduiding"] == "geheim"
    lock = given_lock(api, document)
    for method, body in (("PATCH", {"vertrouwelijkheidaanduiding": ""}), ("PUT", document_body())):
        changed = body_of(api.send(method, document["url"], {**body, "lock": lock}))
        assert changed["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"


def test_drc_008_when_a_document_is_removed_then_nothing_of_it_stays(api: ApiClient) -> None:
    document = given_document(api)
    lock = given_lock(api, document)
    body_of(api.patch(document["url"], {"inhoud": encoded(b"twee"), "bestandsomvang": 4, "lock": lock}))
    assert faults(api.delete(document["url"])) == {"nonFieldErrors": "destroy-locked"}
    assert api.post(f"{document['url']}/unlock", {"lock": lock}).status_code == 204
    assert api.delete(document["url"]).status_code == 204
    for address in ("", "/download", "/audittrail"):
        assert api.get(document["url"] + address).status_code == 404
    assert not Document.objects.exists()
    assert not DocumentVersie.objects.exists()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"discarded"}
    assert Notificatie.objects.filter(kanaal="documenten", actie="destroy").count() == 1


def test_when_a_number_is_taken_within_the_organisation_then_it_is_refused(api: ApiClient) -> None:
    given_document(api, identificatie="D-1")
    assert faults(api.post(PATH, document_body(identificatie="D-1"))) == {"identificatie": "identificatie-niet-uniek"}
    other = given_document(api, identificatie="D-1", bronorganisatie="517439943")
    lock = given_lock(api, other)
    answer = api.patch(other["url"], {"bronorganisatie": RSIN, "lock": lock})
    assert faults(answer) == {"identificatie": "identificatie-niet-uniek"}
    assert body_of(api.get(other["url"]))["versie"] == 1


# -- Locks (drc-009) ---------------------------------------------------------------------------------------------------
def test_drc_009_when_the_lock_is_not_right_then_each_case_has_its_code(api: ApiClient) -> None:
    document = given_document(api)
    assert faults(api.patch(document["url"], {"titel": "x", "lock": "abc"})) == {"nonFieldErrors": "unlocked"}
    assert faults(api.patch(document["url"], {"titel": "x"})) == {"nonFieldErrors": "unlocked"}
    assert faults(api.put(document["url"], {**document_body(), "lock": "abc"})) == {"nonFieldErrors": "unlocked"}
    lock = given_lock(api, document)
    assert len(lock) == 32
    assert int(lock, 16)
    assert body_of(api.get(document["url"]))["locked"] is True
    assert faults(api.send("POST", f"{document['url']}/lock")) == {"nonFieldErrors": "existing-lock"}
    assert faults(api.put(document["url"], document_body())) == {"lock": "required"}
    assert faults(api.patch(document["url"], {"titel": "x"})) == {"nonFieldErrors": "missing-lock-id"}
    for method, body in (("PATCH", {}), ("PUT", document_body())):
        answer = api.send(method, document["url"], {**body, "lock": "fout é"})
        assert faults(answer) == {"nonFieldErrors": "incorrect-lock-id"}
    assert faults(api.post(f"{document['url']}/unlock", {"lock": "fout"})) == {"nonFieldErrors": "incorrect-lock-id"}
    assert body_of(api.get(document["url"]))["versie"] == 1
    assert api.post(f"{document['url']}/unlock", {"lock": lock}).status_code == 204
    assert body_of(api.get(document["url"]))["locked"] is False
    assert [line.actie for line in audit.trail_of(Document.objects.get().uuid)] == ["create", "lock", "unlock"]


def test_drc_009_when_a_lock_is_opened_without_its_key_then_it_takes_the_forced_scope(api: ApiClient) -> None:
    document = given_document(api)
    given_lock(api, document)
    locker = given_applicatie("slot", scopes=("documenten.lock",))
    forcer = given_applicatie("kracht", scopes=("documenten.geforceerd-unlock",))
    assert faults(locker.post(f"{document['url']}/unlock", {})) == {"nonFieldErrors": "incorrect-lock-id"}
    assert forcer.send("POST", f"{document['url']}/lock").status_code == 403
    assert forcer.post(f"{document['url']}/unlock", {}).status_code == 204
    assert Document.objects.get().lock == ""


# -- Versions ----------------------------------------------------------------------------------------------------------
def test_when_a_document_changes_then_every_version_can_be_read(api: ApiClient) -> None:
    first = given_document(api, titel="Een", vertrouwelijkheidaanduiding="openbaar")
    lock = given_lock(api, first)
    second = body_of(api.patch(first["url"], {"titel": "Twee", "inhoud": encoded(b"tweede"), "bestandsomvang": 6, "lock": lock}))  # fmt: skip
    third = body_of(
        api.put(first["url"], {**document_body(titel="Drie", inhoud=None, bestandsomvang=None), "lock": lock})
    )
    assert "lock" not in third
    assert [one["versie"] for one in (first, second, third)] == [1, 2, 3]
    assert {one["url"] for one in (first, second, third)} == {first["url"]}
    assert (second["titel"], second["auteur"], second["vertrouwelijkheidaanduiding"]) == (
        "Twee", "Jan de Vries", "openbaar",
    )  # fmt: skip
    assert (third["inhoud"], third["bestandsomvang"]) == (None, None)
    # then: each by number
    old = body_of(api.get(first["url"], versie=1))
    assert old == {**{key: value for key, value in first.items() if key != "lock"}, "locked": True}
    assert body_of(api.get(first["url"], versie=3)) == third == body_of(api.get(first["url"]))
    assert content_of(api, f"{first['url']}/download?versie=1") == TEXT
    assert content_of(api, f"{first['url']}/download?versie=2") == b"tweede"
    assert api.get(f"{first['url']}/download").status_code == 404
    assert api.get(first["url"], versie=4).status_code == 404
    assert api.get(f"{first['url']}/download", versie=0).status_code == 404
    # then: each by moment
    moments = [parse_datetime(one["beginRegistratie"]) for one in (first, second, third)]
    assert all(moments)
    for number, moment in enumerate(moments, start=1):
        assert moment is not None
        assert body_of(api.get(first["url"], registratieOp=moment.isoformat()))["versie"] == number
    assert moments[0] is not None
    early = (moments[0] - timedelta(seconds=1)).isoformat()
    assert api.get(first["url"], registratieOp=early).status_code == 404
    assert content_of(api, f"{first['url']}/download?registratieOp={second['beginRegistratie'].replace('+', '%2B')}") == b"tweede"  # fmt: skip
    for query in ({"versie": "x"}, {"registratieOp": "gisteren"}, {"versie": "99999999999"}):
        assert list(faults(api.get(first["url"], **query))) == list(query)
    assert [one["versie"] for one in body_of(api.get(PATH))["results"]] == [3]


def test_when_the_content_is_not_sent_then_a_patch_leaves_it_alone(api: ApiClient) -> None:
    document = given_document(api)
    lock = given_lock(api, document)
    changed = body_of(api.patch(document["url"], {"titel": "Anders", "lock": lock}))
    same = body_of(api.patch(document["url"], {"bestandsomvang": len(TEXT), "lock": lock}))
    assert content_of(api, changed["inhoud"]) == content_of(api, same["inhoud"]) == TEXT
    assert faults(api.patch(document["url"], {"bestandsomvang": 0, "lock": lock})) == {"nonFieldErrors": "file-size"}
    wrong = {"inhoud": encoded(b"nieuw"), "bestandsomvang": 4, "lock": lock}
    assert faults(api.patch(document["url"], wrong)) == {"nonFieldErrors": "file-size"}
    emptied = body_of(api.patch(document["url"], {"inhoud": None, "bestandsomvang": 0, "lock": lock}))
    assert (emptied["inhoud"], emptied["bestandsomvang"]) == (None, 0)
    assert StoredFile.objects.filter(state="kept").count() == 1


def test_when_an_older_version_is_more_confidential_then_it_stays_out_of_reach(api: ApiClient) -> None:
    document = given_document(api, vertrouwelijkheidaanduiding="geheim")
    body_of(api.patch(document["url"], {"vertrouwelijkheidaanduiding": "openbaar", "lock": given_lock(api, document)}))
    reader = given_applicatie("lezer", scopes=("documenten.lezen",), max_level=1)
    assert body_of(reader.get(document["url"]))["versie"] == 2
    for address in ("", "/download"):
        assert reader.get(document["url"] + address, versie=1).status_code == 403
        assert reader.get(document["url"] + address, registratieOp=document["beginRegistratie"]).status_code == 403


# -- Rights ------------------------------------------------------------------------------------------------------------
def test_when_an_application_is_bound_to_types_and_levels_then_it_sees_and_does_no_more(api: ApiClient) -> None:
    open_one = given_document(api, vertrouwelijkheidaanduiding="openbaar")
    secret = given_document(api, vertrouwelijkheidaanduiding="geheim")
    other = given_document(api, "Besluit", vertrouwelijkheidaanduiding="openbaar")
    every = ("documenten.lezen", "documenten.bijwerken", "documenten.lock", "documenten.verwijderen", "documenten.aanmaken", "audittrails.lezen")  # fmt: skip
    bound = given_applicatie("gebonden", scopes=every, ref=given_informatieobjecttype("Aanvraag").ref, max_level=2)
    listed = body_of(bound.get(PATH))
    assert (listed["count"], [one["url"] for one in listed["results"]]) == (1, [open_one["url"]])
    uuids = [one["url"][-36:] for one in (open_one, secret, other)]
    found = body_of(bound.post(f"{PATH}/_zoek", {"uuid__in": uuids}))
    assert (found["count"], [one["url"] for one in found["results"]]) == (1, [open_one["url"]])
    for document in (secret, other):
        for address in ("", "/download", "/audittrail", "/audittrail/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"):
            assert bound.get(document["url"] + address).status_code == 403
        assert bound.send("POST", f"{document['url']}/lock").status_code == 403
        assert bound.send("POST", f"{document['url']}/unlock", {}).status_code == 403
        assert bound.delete(document["url"]).status_code == 403
        assert bound.patch(document["url"], {"titel": "x", "lock": "x"}).status_code == 403
        assert bound.put(document["url"], {**document_body(), "lock": "x"}).status_code == 403
    assert bound.post(PATH, document_body("Besluit", vertrouwelijkheidaanduiding="openbaar")).status_code == 403
    assert bound.post(PATH, document_body(vertrouwelijkheidaanduiding="geheim")).status_code == 403
    # It cannot bring a document where it may not come itself.
    lock = given_lock(bound, open_one)
    for change in ({"vertrouwelijkheidaanduiding": "geheim"}, {"informatieobjecttype": type_url("Besluit")}):
        assert bound.patch(open_one["url"], {**change, "lock": lock}).status_code == 403
    assert Document.objects.count() == 3
    assert not StoredFile.objects.filter(state="arrived").exists()


def test_when_an_application_may_only_see_what_is_ready_for_publication_then_it_sees_no_more(api: ApiClient) -> None:
    ready = given_document(api, isGereedVoorPublicatie=True)
    for value in (False, None):
        given_document(api, isGereedVoorPublicatie=value)
    reader = given_applicatie("publiek", scopes=("documenten.lezen",), alleen_is_gereed_voor_publicatie=True)
    assert [one["url"] for one in body_of(reader.get(PATH))["results"]] == [ready["url"]]
    assert body_of(reader.get(ready["url"]))["isGereedVoorPublicatie"] is True
    for document in Document.objects.exclude(is_gereed_voor_publicatie=True):
        assert reader.get(f"{PATH}/{document.uuid}").status_code == 403
        assert reader.get(f"{PATH}/{document.uuid}/download").status_code == 403


def test_when_a_scope_is_missing_then_the_answer_is_403(api: ApiClient) -> None:
    document = given_document(api)
    reader = given_applicatie("lezer", scopes=("documenten.lezen",))
    for method, address in (("POST", PATH), ("PUT", document["url"]), ("PATCH", document["url"]), ("DELETE", document["url"]), ("POST", f"{document['url']}/lock"), ("POST", f"{document['url']}/unlock"), ("GET", f"{document['url']}/audittrail")):  # fmt: skip
        assert reader.send(method, address, {}).status_code == 403
    writer = given_applicatie("schrijver", scopes=("documenten.aanmaken",))
    assert writer.get(PATH).status_code == 403
    assert writer.get(document["url"]).status_code == 403


# -- Lists, search, caching --------------------------------------------------------------------------------------------
def test_when_documents_are_filtered_then_only_those_come_back(api: ApiClient) -> None:
    one = given_document(api, identificatie="A", trefwoorden=["boom", "kap"])
    given_document(api, identificatie="B", bronorganisatie="517439943", trefwoorden=["boom"])
    row = Document.objects.get(identificatie="A")
    zaak = "0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"
    documenten.mirror(row.pk, object_type="zaak", object_uuid=zaak)  # type: ignore[arg-type]
    zaak_url = f"http://localhost:8000/zaken/api/v1/zaken/{zaak}"
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["B", "A"]),
        ({"identificatie": "A"}, ["A"]),
        ({"bronorganisatie": "517439943"}, ["B"]),
        ({"trefwoorden": "boom"}, ["B", "A"]),
        ({"trefwoorden": "boom,kap"}, ["A"]),
        ({"trefwoorden": "ander"}, []),
        ({"objectinformatieobjecten_object": zaak_url}, ["A"]),
        ({"objectinformatieobjecten__object": zaak_url}, ["A"]),
        ({"objectinformatieobjecten_object": "https://elders.example/zaken/1"}, []),
        ({"objectinformatieobjecten_objectType": "zaak"}, ["A"]),
        ({"objectinformatieobjecten__objectType": "besluit"}, []),
        ({"objectinformatieobjecten_object": zaak_url, "objectinformatieobjecten_objectType": "besluit"}, []),
    ]
    for query, wanted in cases:
        assert [found["identificatie"] for found in body_of(api.get(PATH, **query))["results"]] == wanted, query
    search = {"uuid__in": [one["url"][-36:]], "identificatie": "", "expand": "informatieobjecttype"}
    found = body_of(api.post(f"{PATH}/_zoek", search))["results"]
    assert [(hit["url"], hit["_expand"]["informatieobjecttype"]["url"]) for hit in found] == [(one["url"], type_url())]
    assert body_of(api.post(f"{PATH}/_zoek", {**search, "identificatie": "B"}))["results"] == []
    assert faults(api.post(f"{PATH}/_zoek", {})) == {"uuid__in": "required"}
    assert faults(api.post(f"{PATH}/_zoek", {"uuid__in": ["x"]})) == {"uuid__in.0": "invalid"}
    assert faults(api.get(PATH, objectinformatieobjecten_object="x")) == {"objectinformatieobjecten_object": "invalid"}
    assert faults(api.get(PATH, pageSize=-1)) == {"nonFieldErrors": "unknown-parameters"}
    for page in ("0", "-1", "2"):
        assert api.get(PATH, page=page).status_code == 404


def test_drc_012_when_the_type_is_expanded_then_it_stands_beside_its_address(api: ApiClient) -> None:
    document = given_document(api)
    expanded = body_of(api.get(document["url"], expand="informatieobjecttype.catalogus"))
    kind = expanded["_expand"]["informatieobjecttype"]
    assert kind["url"] == document["informatieobjecttype"]
    assert kind["_expand"]["catalogus"]["url"] == kind["catalogus"]
    listed = body_of(api.get(PATH, expand="informatieobjecttype"))["results"][0]
    assert listed["_expand"]["informatieobjecttype"]["url"] == document["informatieobjecttype"]
    old = body_of(api.get(document["url"], expand="informatieobjecttype", versie=1))
    assert old["_expand"]["informatieobjecttype"]["url"] == document["informatieobjecttype"]


@pytest.mark.parametrize("path", ["nergens", "titel", "informatieobjecttype.nergens", "a.b.c.d.e.f.g", ",".join(f"p{n}" for n in range(30))])  # fmt: skip
def test_drc_013_when_a_path_does_not_exist_then_the_answer_is_404(api: ApiClient, path: str) -> None:
    document = given_document(api)
    assert api.get(document["url"], expand=path).status_code == 404
    assert api.get(PATH, expand=path).status_code == 404


def test_when_a_document_is_read_again_then_its_etag_says_whether_it_changed(api: ApiClient) -> None:
    document = given_document(api)
    first = api.get(document["url"])
    etag = first["ETag"]
    assert etag == f'"{hashlib.md5(first.content).hexdigest()}"'
    again = api.send("GET", document["url"], headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    head = api.send("HEAD", document["url"])
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", etag)
    given_lock(api, document)
    assert api.send("GET", document["url"], headers={"If-None-Match": etag}).status_code == 200


def test_when_many_documents_are_listed_then_it_takes_no_more_statements_than_for_one(api: ApiClient) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            body_of(api.get(PATH, expand="informatieobjecttype"))
        return len(queries)

    given_document(api)
    statements()
    one = statements()
    for _ in range(20):
        given_document(api, inhoud=None, bestandsomvang=0)
    assert statements() == one


# -- Trail -------------------------------------------------------------------------------------------------------------
def test_when_something_happens_to_a_document_then_it_stands_in_its_trail(api: ApiClient) -> None:
    document = given_document(api)
    lock = given_lock(api, document)
    api.send(
        "PATCH", document["url"], {"titel": "Nieuw", "lock": lock}, headers={"X-Audit-Toelichting": "omdat het moet"}
    )
    lines = body_of(api.get(f"{document['url']}/audittrail"))
    assert [line["actie"] for line in lines] == ["create", "lock", "partial_update"]
    last = lines[-1]
    assert (last["hoofdObject"], last["resourceUrl"], last["bron"]) == (document["url"], document["url"], "drc")
    assert last["toelichting"] == "omdat het moet"
    assert (last["wijzigingen"]["oud"]["titel"], last["wijzigingen"]["nieuw"]["titel"]) == ("Aanvraag", "Nieuw")
    assert lock not in json.dumps(lines)
    assert body_of(api.get(f"{document['url']}/audittrail/{last['uuid']}")) == last
    assert api.get(f"{document['url']}/audittrail/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d").status_code == 404
