"""Somebody with a secret address, and somebody who is barred: no face shows them to who may not see them.

The walk goes over every address of the house that takes a zaak and every read of the Zaken API, and looks in the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.access.models import Bar, Shield
from stadhuis.audit.models import Payload
from stadhuis.besluiten.api import API as BESLUITEN_API
from stadhuis.besluiten.models import Besluit
from stadhuis.casework import public as casework
from stadhuis.casework.models import WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.documenten import public as documenten
from stadhuis.documenten.api import API as DOCUMENTEN_API
from stadhuis.documenten.models import Document, Gebruiksrecht, Verzending
from stadhuis.documenten.tests.givens import given_file
from stadhuis.forms.models import Submission
from stadhuis.forms.summary import make
from stadhuis.kit.api.endpoint import Api
from stadhuis.kit.api.testing import ApiClient
from stadhuis.kit.tests.pdf_words import words_of_pdf
from stadhuis.kit.time import now, today
from stadhuis.messages.models import Message
from stadhuis.notificaties.models import Notificatie
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.workplace.tests.test_every_url import TABLE, routes
from stadhuis.zaken import public as zaken
from stadhuis.zaken.api import API as ZAKEN_API
from stadhuis.zaken.models import Rol, Zaak, Zaakinformatieobject, Zaakobject
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_linked_document, given_resident, given_rol, given_staff

pytestmark = pytest.mark.django_db
SECRET = "een-geheim-van-minstens-32-tekens!!"
STREET, NUMBER, POSTCODE = "Geheimelaan", "77", "9990 ZZ"
TYPED = f"Woont op {STREET} {NUMBER}, 9990ZZ. Niet verder vertellen."
LEAKS = (STREET.lower(), "9990 zz", "9990zz")


@dataclass(frozen=True)
class Case:
    """A zaak of somebody whose address is secret and stands everywhere it can stand."""

    town: Town
    zaak: zaken.ZaakRecord
    waiting: zaken.ZaakRecord
    proposal: casework.ProposalRecord
    summary: Any
    letter: Any


@pytest.fixture
def town(settings: Any, tmp_path: Path) -> Town:
    settings.PRACTICE_DATE, settings.DATA_DIR, settings.BRP_URL = "2021-05-17", tmp_path, "http://127.0.0.1:9"
    return given_town()


@pytest.fixture
def case(town: Town) -> Case:
    """Before it was known that the address is secret, so that it stands in the trail and in the search text too."""
    zaak, waiting = (
        given_application(town, straat=STREET, huisnummer=NUMBER, postcode=POSTCODE, woonplaats="Nergenshuizen")
        for _ in range(2)
    )
    for one in (zaak, waiting):
        Zaak.objects.filter(pk=one.id).update(toelichting=TYPED, omschrijving=f"Aanvraag {STREET} {NUMBER}")
        row = Rol.objects.get(zaak_id=one.id, omschrijving_generiek="initiator")
        row.betrokkene_identificatie = {
            "verblijfsadres": {"aoaPostcode": "9990ZZ", "gorOpenbareRuimteNaam": STREET, "aoaHuisnummer": 77, "wplWoonplaatsNaam": "x"}
        }  # fmt: skip
        row.roltoelichting = TYPED
        row.save(update_fields=["betrokkene_identificatie", "roltoelichting"])
        Zaakobject.objects.create(
            zaak_id=one.id, object_type="adres",
            object_identificatie={"gorOpenbareRuimteNaam": STREET, "huisnummer": 77, "postcode": "9990ZZ"},
        )  # fmt: skip
        casework.add_note(one.uuid, TYPED, by=town.handler)
        Payload.objects.filter(about=one.uuid).update(toelichting=TYPED)
        line = Payload.objects.filter(about=one.uuid).order_by("pk")[0]
        line.nieuw = {"toelichting": TYPED, "verblijfsadres": {"aoaPostcode": "9990ZZ"}}
        line.save(update_fields=["nieuw"])
        given_linked_document(one, titel=f"Huurcontract {STREET} {NUMBER}")
        make(Submission.objects.get(zaak_uuid=one.uuid).pk)
        records.renew("zaak", one.uuid)
    proposal = _sent(town, zaak)
    waits = given_proposal(town, waiting)
    access.keep_secrecy(
        people.person_for_bsn(BSN), is_secret=True, pattern=access.masks.pattern_of(street=STREET, postcode=POSTCODE)
    )
    for one in (zaak, waiting):
        records.renew("zaak", one.uuid)  # what the job does right after the commit
    records.learn()
    letter = Message.objects.get(zaak_uuid=zaak.uuid)
    assert proposal.document is not None
    return Case(
        town, zaak, waiting, waits, Submission.objects.get(zaak_uuid=zaak.uuid).summary_document, letter.document_uuid
    )


def _sent(town: Town, zaak: zaken.ZaakRecord) -> casework.ProposalRecord:
    proposal = given_proposal(town, zaak)
    casework.approve(proposal.uuid, remark="", by=town.decider)
    casework.send(proposal.uuid, by=town.handler)
    return casework.proposals_of(zaak.id)[0]


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def bytes_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return words_of_pdf(content) if content.startswith(b"%PDF") else content.decode("utf-8", "replace")


def leaks_in(answer: Any) -> list[str]:
    said = bytes_of(answer).lower()
    return [leak for leak in LEAKS if leak in said]


# -- The walk ---------------------------------------------------------------------------------------------------------
def pages_of(case: Case) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every address of staff that says something about one of the two zaken, found in the table of all addresses."""
    of_zaak = ("workplace", "administration")
    for route, pattern in routes():
        if not route.startswith(of_zaak) or "GET" not in {page.method for page in TABLE.get(route, ())}:
            continue
        names = set(pattern.pattern.converters)
        for zaak in (case.zaak, case.waiting):
            known: dict[str, Any] = {
                "uuid": zaak.uuid, "proposal": case.proposal.uuid, "document": case.summary, "key": "straat", "kind": "zaak",
            }  # fmt: skip
            if names <= known.keys() and (names == set() or "uuid" in names):
                yield route, reverse(route, kwargs={name: known[name] for name in names}), {}
    for uuid in (case.summary, case.letter):
        yield "workplace:document", reverse("workplace:document", args=[case.zaak.uuid, uuid]), {}
    for view in ("mine", "free", "unit", "approve", "all"):
        yield "workplace:worklist", reverse("workplace:worklist") + f"?lijst={view}", {}
    for typed in (case.zaak.identificatie, "Jan", BSN, "huurcontract", "aanvraag"):
        yield "workplace:search", reverse("workplace:search"), {"q": typed}
    yield "administration:trail", reverse("administration:trail"), {"nummer": case.zaak.identificatie}
    yield "workplace:glass", reverse("workplace:glass"), {}
    yield "administration:roles", reverse("administration:roles"), {}
    yield "administration:access_person", reverse("administration:access_person", args=[case.town.reader.pk]), {}
    yield "administration:records", reverse("administration:records"), {"nummer": case.zaak.identificatie}


def test_no_page_and_no_file_of_ours_tells_staff_a_secret_address(case: Case) -> None:
    # given somebody who may read, handle and administer everything, except see secret addresses
    browser = browser_of(given_staff(
        *(access.GrantData(action) for action in access.ACTIONS if action not in {"adres.geheim", "persoon.afgeschermd"}),
        username="alles",
    ))  # fmt: skip
    # and the address in what somebody said in an emergency
    access.break_glass(case.zaak.uuid, reason=TYPED, by=case.town.reader)
    # when
    met: dict[str, set[int]] = {}
    faults = []
    for route, address, typed in pages_of(case):
        answer = browser.post(address, typed) if typed else browser.get(address)
        met.setdefault(route, set()).add(answer.status_code)
        if found := leaks_in(answer):
            faults.append(f"{route} {address} {typed}: {found}")
    # then
    assert not faults, "\n".join(faults)
    assert {
        "workplace:zaak", "workplace:trail", "workplace:proposal", "workplace:proposal_pdf", "workplace:document",
        "workplace:worklist", "workplace:search", "administration:trail", "administration:record", "administration:explain",
        "workplace:glass", "administration:roles", "administration:access_person",
    } <= {route for route, statuses in met.items() if 200 in statuses}  # fmt: skip


def test_who_may_see_secret_addresses_does(case: Case) -> None:
    browser = browser_of(given_staff(*(access.GrantData(action) for action in access.ACTIONS), username="weet"))
    for name, arguments in (
        ("zaak", [case.waiting.uuid]), ("trail", [case.waiting.uuid]), ("proposal_pdf", [case.waiting.uuid, case.proposal.uuid]),
        ("document", [case.zaak.uuid, case.summary]), ("document", [case.zaak.uuid, case.letter]),
    ):  # fmt: skip
        assert leaks_in(browser.get(reverse(f"workplace:{name}", args=arguments))), name


def test_nobody_finds_by_a_secret_address_and_no_count_tells(case: Case) -> None:
    browser = browser_of(case.town.handler)
    for typed in (STREET, f"{STREET} {NUMBER}", "Geheimelan", "9990ZZ", "9990 ZZ"):
        page = bytes_of(browser.post(reverse("workplace:search"), {"q": typed, "lijkend": "ja"}))
        assert case.zaak.identificatie not in page, typed
        assert "<mark>" not in page, typed
    assert "2 zaken gevonden" in bytes_of(browser.post(reverse("workplace:search"), {"q": "huurcontract"}))


# -- Programs ---------------------------------------------------------------------------------------------------------
def reads_of_programs(case: Case, client: ApiClient) -> Iterator[str]:
    """Every GET of the Zaken API that can be reached from the zaak: lists, single things, and all that can be expanded."""
    yield "zaken"
    for zaak in (case.zaak, case.waiting):
        yield f"zaken/{zaak.uuid}"
        yield f"zaken/{zaak.uuid}?expand=rollen,zaakobjecten,status,resultaat,eigenschappen,zaakinformatieobjecten"
        yield f"zaken/{zaak.uuid}/audittrail"
        for line in json.loads(client.get(f"zaken/{zaak.uuid}/audittrail").content):
            yield f"zaken/{zaak.uuid}/audittrail/{line['uuid']}"
    for path, operations in ZAKEN_API.operations.items():
        if "GET" not in operations or "{" in path or path == "/zaken":
            continue
        yield path.removeprefix("/")
        listed = json.loads(client.get(path.removeprefix("/")).content)
        for one in listed["results"] if isinstance(listed, dict) and "results" in listed else listed:
            yield one["url"]


def test_no_answer_of_the_api_and_no_message_tells_a_secret_address(case: Case) -> None:
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    client, faults, met = ApiClient(ZAKEN_API.root, "lezer", SECRET), [], 0
    for address in reads_of_programs(case, client):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content)
        met += 1
        if found := leaks_in(answer):
            faults.append(f"{address}: {found}")
    assert not faults, "\n".join(faults)
    assert met > 30
    assert Notificatie.objects.exists()
    assert not [one for one in Notificatie.objects.values() if any(leak in str(one).lower() for leak in LEAKS)]


def reads_of_documents(client: ApiClient, api: Api) -> Iterator[str]:
    """Every GET of the Documenten or Besluiten API that gives JSON: lists, single things and trails."""
    for path, operations in api.operations.items():
        if "GET" not in operations or "{" in path:
            continue
        yield path.removeprefix("/")
        listed = json.loads(client.get(path.removeprefix("/")).content)
        for one in listed["results"] if isinstance(listed, dict) and "results" in listed else listed:
            yield one["url"]
            if path in {"/enkelvoudiginformatieobjecten", "/besluiten"}:
                yield f"{one['url']}/audittrail"
                for line in json.loads(client.get(f"{one['url']}/audittrail").content):
                    yield f"{one['url']}/audittrail/{line['uuid']}"


def test_no_answer_about_documents_and_besluiten_tells_a_secret_address(case: Case) -> None:
    # given the address in a verzending, in conditions of use and in a besluit too
    document = Document.objects.get(uuid=case.letter)
    Verzending.objects.create(
        document=document, betrokkene="https://x.example/1", aard_relatie="geadresseerde", contact_persoon="https://x.example/2",
        binnenlands_correspondentieadres={
            "openbareRuimteNaam": STREET, "huisnummer": 77, "postcode": "9990ZZ", "woonplaatsnaam": "Nergenshuizen"
        },
    )  # fmt: skip
    Gebruiksrecht.objects.create(document=document, startdatum=now(), omschrijving_voorwaarden=TYPED)
    Besluit.objects.update(toelichting=TYPED)
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    faults, met = [], set()
    for api in (DOCUMENTEN_API, BESLUITEN_API):
        client = ApiClient(api.root, "lezer", SECRET)
        # when
        for address in reads_of_documents(client, api):
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.content)
            met.add(address.rsplit("/", 2)[-2] if address.startswith("http") else address)
            if found := leaks_in(answer):
                faults.append(f"{address}: {found}")
    # then
    assert not faults, "\n".join(faults)
    assert {"verzendingen", "gebruiksrechten", "besluiten", "audittrail", "enkelvoudiginformatieobjecten"} <= met
    # nor does the number of the house with the town: the whole address of a verzending is left out
    [sent] = json.loads(ApiClient(DOCUMENTEN_API.root, "lezer", SECRET).get("verzendingen").content)["results"]
    assert sent["binnenlandsCorrespondentieadres"] is None


def read_and_write_back(client: ApiClient, address: str, method: str, **changed: object) -> dict[str, Any]:
    """Do as programs do: read one thing, change a field, send all of it back. Returns what was read."""
    read: dict[str, Any] = json.loads(client.get(address).content)
    assert not leaks_in(client.get(address)), address
    answer = client.send(method, address, {**read, **changed})
    assert answer.status_code == 200, (address, answer.content)
    assert not leaks_in(answer)
    return read


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_program_that_writes_back_what_it_read_leaves_the_real_text(case: Case, method: str) -> None:
    # given the address in everything that can be changed
    row = Document.objects.get(
        pk__in=Zaakinformatieobject.objects.filter(zaak_id=case.zaak.id).values("document_id"), titel__startswith="Huurcontract"
    )  # fmt: skip
    sent = Verzending.objects.create(
        document=row, betrokkene="https://x.example/1", aard_relatie="geadresseerde", contact_persoon="https://x.example/2",
        verzenddatum=date(2021, 5, 17), toelichting=TYPED,
        binnenlands_correspondentieadres={
            "naamOpenbareRuimte": STREET, "huisnummer": 77, "postcode": "9990ZZ", "woonplaatsnaam": "Nergenshuizen"
        },
    )  # fmt: skip
    rights = Gebruiksrecht.objects.create(document=row, startdatum=now(), omschrijving_voorwaarden=TYPED)
    Besluit.objects.update(toelichting=TYPED)
    besluit, thing = Besluit.objects.get(), Zaakobject.objects.get(zaak_id=case.zaak.id)
    known = {
        "identificatie": "1",
        "wplWoonplaatsNaam": "Nergenshuizen",
        "gorOpenbareRuimteNaam": STREET,
        "huisnummer": 77,
    }
    Zaakobject.objects.filter(pk=thing.pk).update(object_identificatie=known, relatieomschrijving=f"Bij {POSTCODE}")
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    zaken_api, documenten_api, besluiten_api = (
        ApiClient(api.root, "lezer", SECRET) for api in (ZAKEN_API, DOCUMENTEN_API, BESLUITEN_API)
    )
    lock = documenten.lock_document(row.uuid, by=SYSTEM)
    # when
    read = read_and_write_back(zaken_api, f"zaken/{case.zaak.uuid}", method, startdatum="2021-05-16")
    assert (read["omschrijving"], read["toelichting"]) == ("Aanvraag ***", "Woont op ***, ***. Niet verder vertellen.")
    read_and_write_back(zaken_api, f"zaakobjecten/{thing.uuid}", method, objectTypeOverige="")
    read_and_write_back(
        documenten_api, f"enkelvoudiginformatieobjecten/{row.uuid}", method, lock=lock, inhoud=None, auteur="Een ander"
    )  # fmt: skip
    read_and_write_back(documenten_api, f"gebruiksrechten/{rights.uuid}", method)
    read = read_and_write_back(documenten_api, f"verzendingen/{sent.uuid}", method, contactpersoonnaam="Een ander")
    assert read["binnenlandsCorrespondentieadres"] is None
    read_and_write_back(besluiten_api, f"besluiten/{besluit.uuid}", method, bestuursorgaan="Raad")
    # then what was changed is, and nothing else
    zaak = Zaak.objects.get(uuid=case.zaak.uuid)
    assert (zaak.omschrijving, zaak.toelichting) == (f"Aanvraag {STREET} {NUMBER}", TYPED)
    assert zaak.startdatum == date(2021, 5, 16)
    row.refresh_from_db()
    assert (row.titel, row.auteur) == (f"Huurcontract {STREET} {NUMBER}", "Een ander")
    thing.refresh_from_db()
    assert thing.object_identificatie is not None
    assert (thing.object_identificatie["gorOpenbareRuimteNaam"], thing.relatieomschrijving) == (
        STREET,
        f"Bij {POSTCODE}",
    )
    rights.refresh_from_db()
    assert rights.omschrijving_voorwaarden == TYPED
    sent.refresh_from_db()
    assert sent.binnenlands_correspondentieadres is not None
    assert (sent.binnenlands_correspondentieadres["naamOpenbareRuimte"], sent.toelichting) == (STREET, TYPED)
    assert sent.contactpersoonnaam == "Een ander"
    besluit.refresh_from_db()
    assert (besluit.toelichting, besluit.bestuursorgaan) == (TYPED, "Raad")


def test_what_a_program_writes_itself_is_written_also_with_stars_in_it(case: Case) -> None:
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    client = ApiClient(ZAKEN_API.root, "lezer", SECRET)
    plain = zaken.zaak_by_uuid(case.waiting.uuid, seen_by=SYSTEM)
    for typed in ("Een ***-hotel", "***", "Aanvraag *** (nagekeken)", ""):
        assert client.send("PATCH", f"zaken/{plain.uuid}", {"omschrijving": typed}).status_code == 200
        assert Zaak.objects.get(uuid=plain.uuid).omschrijving == typed
    # and of what may not be changed by this caller nothing is told or written
    access.create_applicatie(
        "vreemd", ["vreemd"], SECRET, autorisaties=[access.AutorisatieData("zrc", ("zaken.lezen", "zaken.bijwerken"), "ANDERS:X", max_level=8)]
    )  # fmt: skip
    answer = ApiClient(ZAKEN_API.root, "vreemd", SECRET).send("PATCH", f"zaken/{plain.uuid}", {"omschrijving": "***"})
    assert answer.status_code == 403


def test_the_bytes_of_what_we_made_ourselves_leave_without_a_secret_address(case: Case) -> None:
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    client = ApiClient(DOCUMENTEN_API.root, "lezer", SECRET)
    for uuid, word in ((case.summary, "tozo"), (case.letter, "besluit")):
        address = f"enkelvoudiginformatieobjecten/{uuid}"
        with documenten.open_document(uuid) as kept:
            original = words_of_pdf(kept.read()).lower()
        assert [leak for leak in LEAKS if leak in original]  # it is in what we keep
        # when
        answer = client.get(f"{address}/download")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        # then
        said = words_of_pdf(content).lower()
        assert answer.status_code == 200
        assert word in said
        assert not [leak for leak in LEAKS if leak in said]
        # and the headers are of what was given, also for a part of it and without the bytes
        assert answer.headers["Content-Length"] == str(len(content))
        head = client.send("HEAD", f"{address}/download")
        assert head.headers["Content-Length"] == str(len(content))
        assert not head.content
        part = client.send("GET", f"{address}/download", headers={"Range": "bytes=0-3"})
        assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF")  # type: ignore[attr-defined]
        beyond = client.send("GET", f"{address}/download", headers={"Range": f"bytes={len(content) * 2}-"})
        assert beyond.status_code == 416
        same = client.send("GET", f"{address}/download?versie=1")
        assert not leaks_in(same)
        assert client.get(f"{address}/download?versie=2").status_code == 404


def test_bytes_of_somebody_else_leave_as_they_came(case: Case) -> None:
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    client = ApiClient(DOCUMENTEN_API.root, "lezer", SECRET)
    others = Document.objects.get(titel__startswith="Huurcontract", pk__in=links_of(case.zaak))
    given = b"".join(client.get(f"enkelvoudiginformatieobjecten/{others.uuid}/download").streaming_content)  # type: ignore[attr-defined]
    with documenten.open_document(others.uuid) as kept:
        assert given == kept.read()
    # and so does a newer version that somebody put in the place of ours
    lock = documenten.lock_document(case.summary, by=SYSTEM)
    newer = given_file(b"%PDF-1.7 van een ander").uuid
    documenten.new_version(case.summary, {"file_id": newer}, lock=lock, by=SYSTEM)
    answer = client.get(f"enkelvoudiginformatieobjecten/{case.summary}/download")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 van een ander"  # type: ignore[attr-defined]
    assert not leaks_in(client.get(f"enkelvoudiginformatieobjecten/{case.summary}/download?versie=1"))


def links_of(zaak: zaken.ZaakRecord) -> list[int]:
    return [
        pk
        for pk in Zaakinformatieobject.objects.filter(zaak_id=zaak.id).values_list("document_id", flat=True)
        if pk is not None
    ]


def test_what_a_program_opens_stands_in_the_ledger_of_the_zaak(case: Case) -> None:
    # given
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    documents, besluiten = (ApiClient(api.root, "lezer", SECRET) for api in (DOCUMENTEN_API, BESLUITEN_API))

    def opened() -> list[str]:
        by_program = [one for one in records.openings_of("zaak", case.zaak.uuid) if one.actor_kind == "applicatie"]
        return [one.what for one in by_program]

    # when a list is asked, nothing was opened
    documents.get("enkelvoudiginformatieobjecten")
    besluiten.get("besluiten")
    assert opened() == []
    # but one document, its bytes, its trail as little as a list, and the besluit are
    documents.get(f"enkelvoudiginformatieobjecten/{case.letter}")
    assert opened() == ["document"]
    documents.get(f"enkelvoudiginformatieobjecten/{case.letter}/download")
    assert opened() == ["document", "document"]
    [besluit] = Besluit.objects.filter(zaak_id=case.zaak.id)
    besluiten.get(f"besluiten/{besluit.uuid}")
    assert sorted(opened()) == ["besluit", "document", "document"]
    # and who may not, has opened nothing
    ApiClient(DOCUMENTEN_API.root, "niemand", SECRET).get(f"enkelvoudiginformatieobjecten/{case.letter}")
    assert len(opened()) == 3


# -- Residents --------------------------------------------------------------------------------------------------------
def test_another_party_in_the_case_does_not_read_where_somebody_lives_and_they_themselves_do(case: Case) -> None:
    # given
    zaken.add_rol(
        case.zaak.id,
        given_rol(OTHER_BSN, naam="Ander", kind="belanghebbende", indicatie_machtiging="gemachtigde"),
        by=SYSTEM,
        force=True,
    )
    addresses = [
        reverse("portal:case", args=[case.zaak.uuid]),
        *(reverse("portal:document", args=[case.zaak.uuid, one]) for one in (case.summary, case.letter)),
    ]
    other, self_ = browser_of(given_resident(OTHER_BSN)), browser_of(given_resident())
    for address in addresses:
        # when
        theirs = other.get(address)
        # then
        assert theirs.status_code == 200
        assert not leaks_in(theirs), address
        assert leaks_in(self_.get(address)), address
    letter = Message.objects.get(zaak_uuid=case.zaak.uuid)
    assert leaks_in(self_.get(reverse("portal:letter_pdf", args=[letter.uuid])))


def test_a_letter_never_says_where_somebody_else_in_the_case_lives(town: Town) -> None:
    # given
    zaak = given_application(town, straat="Markt", huisnummer="1", postcode="9990 AA", woonplaats="Oeverveen")
    zaken.add_rol(zaak.id, given_rol(OTHER_BSN, naam="Bang Persoon", kind="belanghebbende"), by=SYSTEM)
    access.keep_secrecy(
        people.person_for_bsn(OTHER_BSN),
        is_secret=True,
        pattern=access.masks.pattern_of(street=STREET, postcode=POSTCODE),
    )
    casework.take(zaak.uuid, by=town.handler)
    casework.assess(zaak.uuid, by=town.handler)
    # when
    casework.propose(
        zaak.uuid, outcome="toekennen", reasons=f"Uw partner woont op {STREET} 77, 9990ZZ.", by=town.handler
    )
    # then
    letter = str(casework.proposals_of(zaak.id)[0].letter).lower()
    assert not [leak for leak in LEAKS if leak in letter]
    assert "markt 1" in letter


# -- The mask itself --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("street", "postcode", "typed", "kept"),
    [
        ("Geheimelaan", "9990 ZZ", "op geheimelaan 77a te 9990ZZ wonen", "op # te # wonen"),
        ("Geheimelaan", "9990 ZZ", "GEHEIMELAAN  77-II; Geheimelaantje 3", "#; Geheimelaantje 3"),
        ("'s-Gravenweg", "", "&#x27;s-Gravenweg 5 en 's-Gravenweg", "# en #"),
        ("Kerk & Markt", "", "Kerk &amp; Markt 3, Kerk  &  Markt", "#, #"),
        ("Van (Oud) Plein", "1234AB", "van  (oud) plein 3 1234 ab", "# #"),
        ("A", "", "A 1 blijft", "A 1 blijft"),
        ("", "12", "12 blijft", "12 blijft"),
        ("Laan|Weg", "", "Laan|Weg 3, Laan, Weg", "#, Laan, Weg"),
    ],
)
def test_an_address_is_found_however_it_is_typed_and_nothing_else(
    street: str, postcode: str, typed: str, kept: str
) -> None:
    pattern = access.masks.joined([access.masks.pattern_of(street=street, postcode=postcode)])
    assert access.masks.text(typed, pattern, by="#") == kept


def test_who_moves_keeps_the_old_address_secret_and_who_is_no_longer_secret_is_found_again(case: Case) -> None:
    person = people.person_for_bsn(BSN)
    access.keep_secrecy(person, is_secret=True, pattern=access.masks.pattern_of(street="Nieuweweg", postcode="1000 AA"))
    access.keep_secrecy(person, is_secret=True, pattern=access.masks.pattern_of(street="Nieuweweg", postcode="1000 AA"))
    pattern = Shield.objects.get(person_id=person).pattern
    assert pattern.count("Nieuweweg") == 1
    assert access.masks.text(f"{STREET} 1 en Nieuweweg 2", pattern, by="#") == "# en #"
    access.keep_secrecy(person, is_secret=False)
    records.renew("zaak", case.zaak.uuid)
    page = bytes_of(browser_of(case.town.handler).post(reverse("workplace:search"), {"q": "9990ZZ"}))
    assert case.zaak.identificatie in page


# -- Barred persons ---------------------------------------------------------------------------------------------------
def given_reader(username: str, *more: str) -> Actor:
    actions = (
        "zaak.lezen",
        "zaak.behandelen",
        "zaak.noodtoegang",
        "document.lezen",
        "audittrail.lezen",
        "adres.geheim",
    )
    return given_staff(
        *(access.GrantData(action) for action in (*actions, "beheer.naspeuren", *more)), username=username
    )


def test_a_barred_person_is_on_no_face_for_who_may_not_and_on_every_one_for_who_may(case: Case) -> None:
    # given
    without, knows = given_reader("zonder"), given_reader("met", "persoon.afgeschermd")
    administrator = given_staff(access.GrantData("beheer.toegang"), username="ada")
    access.bar_person(people.person_for_bsn(BSN), reason="Bedreigd", ends_on=None, by=administrator)
    numbers = (case.zaak.identificatie, case.waiting.identificatie)
    for actor, sees in ((without, False), (knows, True)):
        browser = browser_of(actor)
        met = []
        for route, address, typed in pages_of(case):
            if route.startswith("administration") and route != "administration:trail":
                continue  # without the right to administer these; what an archivist sees is a number and a class
            answer = browser.post(address, typed) if typed else browser.get(address)
            said = bytes_of(answer)
            repeated = said.replace(f'value="{typed.get("q") or typed.get("nummer")}"', "") if typed else said
            met.append(any(number in repeated for number in numbers))
            if not sees:
                assert not met[-1], (route, address, typed)
                assert "Jan de Vries" not in repeated
        assert any(met) == sees
        # no count tells either, that in the menu neither
        WorkItem.objects.filter(zaak_id=case.waiting.id).update(handler_id=actor.pk, deadline=today())
        assert casework.urgent_count(actor) == (1 if sees else 0)
        assert casework.worklist("all", seen_by=actor).counts.all == (1 if sees else 0)
        assert records.search("huurcontract", seen_by=actor).total == (2 if sees else 0)
        assert bool(zaken.find(bsn=BSN, seen_by=actor)) == sees
        assert casework.may(actor, "zaak.behandelen", case.waiting) == sees
        glass = browser.post(reverse("workplace:glass"), {"nummer": case.waiting.identificatie, "reden": "Brand"})
        assert glass.status_code == (302 if sees else 422)
        note = browser.post(reverse("workplace:note", args=[case.waiting.uuid]), {"tekst": "x"})
        assert note.status_code == (302 if sees else 404)
    # and they themselves are not kept from their own case
    assert browser_of(given_resident()).get(reverse("portal:case", args=[case.waiting.uuid])).status_code == 200


def test_a_program_sees_a_barred_person_with_the_scope_for_it_only(case: Case) -> None:
    administrator = given_staff(access.GrantData("beheer.toegang"), username="ada")
    access.bar_person(people.person_for_bsn(BSN), reason="Bedreigd", ends_on=None, by=administrator)

    def program(name: str, *scopes: str) -> ApiClient:
        right = access.AutorisatieData("zrc", ("zaken.lezen", "audittrails.lezen", *scopes), "*", max_level=8)
        access.create_applicatie(name, [name], SECRET, False, autorisaties=[right])
        return ApiClient(ZAKEN_API.root, name, SECRET)

    [besluit] = Besluit.objects.filter(zaak_id=case.zaak.id)
    decisions = access.AutorisatieData("brc", ("besluiten.lezen",), "*")
    access.create_applicatie("besluiten", ["besluiten"], SECRET, False, autorisaties=[decisions])
    assert ApiClient(BESLUITEN_API.root, "besluiten", SECRET).get(f"besluiten/{besluit.uuid}").status_code == 403
    for client, sees in ((program("zonder"), False), (program("met", "persoonsgegevens.afgeschermd"), True)):
        assert json.loads(client.get("zaken").content)["count"] == (2 if sees else 0)
        for path in (f"zaken/{case.zaak.uuid}", f"zaken/{case.zaak.uuid}/audittrail"):
            assert client.get(path).status_code == (200 if sees else 403)


def test_a_bar_is_set_by_one_administrator_and_taken_off_before_its_end_by_two(town: Town) -> None:
    # given
    zaak = given_application(town)
    first, second = (given_staff(access.GrantData("beheer.toegang"), username=name) for name in ("ada", "bo"))
    ada, bo, address = browser_of(first), browser_of(second), reverse("administration:barred")
    # bad input
    for wrong in ({"bsn": "123"}, {"reden": " "}, {"tot": "31-02-2030"}, {"tot": "01-01-2020"}, {"bsn": "\x00" * 9}):
        answer = ada.post(address, {"bsn": BSN, "reden": "Bedreigd", "tot": "", **wrong})
        assert answer.status_code == 422, wrong
    assert access.bars() == []
    # when
    assert ada.post(address, {"bsn": BSN, "reden": "Bedreigd", "tot": "01-01-2090"}).status_code == 302
    # then
    [bar] = access.bars()
    assert not casework.may(town.reader, "zaak.lezen", zaak)
    page = ada.get(address).content.decode()
    assert "Bedreigd" in page
    assert BSN not in page
    # and off

    def deed(name: str) -> str:
        return reverse("administration:barred_deed", args=[bar.uuid, name])

    ada.post(deed("opheffen"))
    ada.post(deed("vragen"), {"reden": ""})
    ada.post(deed("vragen"), {"reden": "Voorbij"})
    ada.post(deed("opheffen"))
    assert not casework.may(town.reader, "zaak.lezen", zaak)
    bo.post(deed("laten"))
    bo.post(deed("opheffen"))
    assert not casework.may(town.reader, "zaak.lezen", zaak)
    bo.post(deed("vragen"), {"reden": "Echt voorbij"})
    ada.post(deed("opheffen"))
    assert casework.may(town.reader, "zaak.lezen", zaak)
    assert [line.actie for line in Payload.objects.filter(resource="afscherming").order_by("line_id")] == [
        "persoon afgeschermd", "opheffen afscherming gevraagd", "afscherming blijft", "opheffen afscherming gevraagd",
        "afscherming opgeheven",
    ]  # fmt: skip
    assert ada.post(deed("weg")).status_code == 404


def test_a_bar_ends_by_itself_on_its_day(town: Town) -> None:
    zaak = given_application(town)
    first = given_staff(access.GrantData("beheer.toegang"), username="ada")
    uuid = access.bar_person(people.person_for_bsn(BSN), reason="Bedreigd", ends_on=date(2090, 1, 1), by=first)
    assert not casework.may(town.reader, "zaak.lezen", zaak)
    assert town.reader.pk is not None
    why = access.explain(town.reader.pk, "zaak.lezen", kind="zaak", uuid=zaak.uuid)
    assert (why.may, why.steps[-1].code) == (False, "barred")
    assert access.explain(town.reader.pk, "zaak.lezen", kind="zaak", uuid=zaak.uuid, on=date(2090, 1, 1)).may
    Bar.objects.filter(uuid=uuid).update(ends_on=today())
    assert casework.may(town.reader, "zaak.lezen", zaak)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bar.objects.filter(uuid=uuid).update(lift_asked_by="x", lifted_by="x", lifted_at=now())
