"""Documents and besluiten that belong to no zaak: kept, found, held and destroyed as zaken are."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.audit.models import Payload
from stadhuis.besluiten import public as besluiten
from stadhuis.besluiten.actions import change_besluit
from stadhuis.besluiten.api import API as BESLUITEN_API
from stadhuis.besluiten.models import Besluit
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.api import API as DOCUMENTEN_API
from stadhuis.documenten.models import Document
from stadhuis.documenten.tests.givens import given_document, given_file
from stadhuis.kit import files
from stadhuis.kit.api.testing import ApiClient
from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import today
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.records.models import DestructionItem, Record
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import given_closed_zaak, given_staff, given_zaak

pytestmark = pytest.mark.django_db
SECRET = "een-geheim-van-minstens-32-tekens!!"


def given_besluit(**wanted: object) -> besluiten.BesluitRecord:
    """A besluit that was taken in no zaak."""
    kind = given_zaaktype().besluittypen[0]
    values: dict[str, object] = {"toelichting": "Verkeersbesluit Hofstraat", **wanted}
    return besluiten.create_besluit(
        besluiten.NewBesluit(
            besluittype_id=kind.id, zaak_id=None, datum=today(), ingangsdatum=today(), **values  # type: ignore[arg-type]
        ),
        by=SYSTEM,
    )  # fmt: skip


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def found(words: str, *, seen_by: Actor = SYSTEM) -> list[tuple[str, object]]:
    return [(hit.kind, hit.object_uuid) for hit in records.search(words, seen_by=seen_by).hits]


def drift() -> list[tuple[str, list[str]]]:
    return [(kind, what) for kind in ("document", "besluit", "zaak") for _, what in records.compare(kind)]


# -- On the spine -----------------------------------------------------------------------------------------------------
def test_when_a_document_belongs_to_no_zaak_then_it_is_kept_by_itself_and_found_by_its_words() -> None:
    # when
    loose = given_document(titel="Beleidsregel terrassen", beschrijving="Over parasols", trefwoorden=("horeca",))
    # then
    kept = records.record_of("document", loose.uuid)
    assert kept is not None
    assert (kept.number, kept.owner, kept.destroy_on) == (loose.identificatie, "documenten", None)
    for words in ("beleidsregels", "parasol", "horeca", loose.identificatie):
        assert found(words) == [("document", loose.uuid)], words
    assert drift() == []


def test_when_a_document_joins_a_zaak_then_it_is_kept_with_that_and_back_when_it_leaves_it() -> None:
    # given
    zaak, loose = given_zaak(), given_document(titel="Beleidsregel terrassen")
    # when
    zaken.link_document(zaak.id, loose.id, by=SYSTEM)
    records.renew("zaak", zaak.uuid)
    # then
    assert records.record_of("document", loose.uuid) is None
    assert found("beleidsregel") == [("zaak", zaak.uuid)]
    # and when
    zaken.unlink_document(zaak.id, loose.id, by=SYSTEM)
    records.renew("zaak", zaak.uuid)
    # then
    assert found("beleidsregel") == [("document", loose.uuid)]
    assert drift() == []


def test_when_a_document_changes_then_its_record_follows_in_the_deed() -> None:
    loose = given_document(titel="Oud onderwerp")
    lock = documenten.lock_document(loose.uuid, by=SYSTEM)
    documenten.new_version(
        loose.uuid, {"titel": "Nieuw onderwerp", "file_id": given_file(b"%PDF-1.7 nieuw").uuid}, lock=lock, by=SYSTEM
    )
    assert found("oud onderwerp") == []
    assert found("nieuw onderwerp") == [("document", loose.uuid)]
    documenten.unlock_document(loose.uuid, lock=lock, by=SYSTEM)
    documenten.delete_document(loose.uuid, by=SYSTEM)
    assert found("onderwerp") == []
    assert not Record.objects.filter(kind="document").exists()


def test_a_besluit_of_no_zaak_is_kept_and_one_of_a_zaak_is_kept_with_that() -> None:
    # given
    loose = given_besluit()
    zaak = given_zaak(zaaktype=given_zaaktype())
    kind = given_zaaktype().besluittypen[0]
    besluiten.create_besluit(
        besluiten.NewBesluit(besluittype_id=kind.id, zaak_id=zaak.id, datum=today(), ingangsdatum=today()), by=SYSTEM
    )
    # then
    assert [one.object_uuid for one in Record.objects.filter(kind="besluit")] == [loose.uuid]
    assert found("hofstraat") == [("besluit", loose.uuid)]
    # and it follows
    change_besluit(loose.uuid, {"toelichting": "Verkeersbesluit Havenkade"}, by=SYSTEM)
    assert (found("hofstraat"), found("havenkade")) == ([], [("besluit", loose.uuid)])
    # a document that lays it down is kept with it
    laid = given_document(soort="Besluit", titel="De tekst")
    besluiten.link_document(loose.id, laid.id, by=SYSTEM)
    assert records.record_of("document", laid.uuid) is None
    assert drift() == []


def test_a_rebuild_makes_what_was_missing_and_the_comparison_finds_what_differs() -> None:
    # given
    document, besluit = given_document(), given_besluit()
    Record.objects.filter(kind="document").delete()
    Record.objects.filter(kind="besluit").update(owner_unit="weg", number="anders")
    # then
    assert dict(records.compare("document")) == {document.uuid: ["missing"]}
    assert dict(records.compare("besluit")) == {besluit.uuid: ["number", "owner_unit", "owner has ended"]}
    # when
    records.rebuild()
    # then
    assert drift() == []
    # and what is there no more goes
    Besluit.objects.all().delete()
    assert dict(records.compare("besluit")) == {besluit.uuid: ["orphan"]}
    records.rebuild()
    assert not Record.objects.filter(kind="besluit").exists()


def test_after_an_upgrade_the_kinds_that_were_never_built_are() -> None:
    from stadhuis.records.models import Rebuild

    given_document()
    records.rebuild()
    assert not records.rebuild_after_upgrade()
    Rebuild.objects.filter(kind="document").delete()  # as it is after an upgrade from before documents were a kind
    assert records.rebuild_after_upgrade()


# -- Who may ----------------------------------------------------------------------------------------------------------
def test_staff_find_and_open_what_their_own_right_on_documents_and_besluiten_covers() -> None:
    # given
    document = given_document(titel="Verkeersplan Hofstraat", vertrouwelijkheidaanduiding="vertrouwelijk")
    besluit = given_besluit()
    reads_zaken = given_staff(access.GrantData("zaak.lezen"), username="zaken")
    too_low = given_staff(access.GrantData("document.lezen", "*", 4), username="laag")
    reads = given_staff(access.GrantData("document.lezen"), access.GrantData("besluit.lezen"), username="leest")
    # then
    assert found("hofstraat", seen_by=reads_zaken) == found("hofstraat", seen_by=too_low) == []
    assert sorted(found("hofstraat", seen_by=reads)) == [("besluit", besluit.uuid), ("document", document.uuid)]
    addresses = [
        reverse("workplace:loose_document", args=[document.uuid]),
        reverse("workplace:loose_besluit", args=[besluit.uuid]),
    ]
    for address in addresses:
        assert browser_of(reads_zaken).get(address).status_code == 404
        assert browser_of(reads).get(address).status_code == 200
    # and the search page leads there
    page = browser_of(reads).post(reverse("workplace:search"), {"q": "hofstraat"}).content.decode()
    assert "2 resultaten gevonden" in page
    assert all(address in page for address in addresses)
    # and who opened it stands in its ledger
    assert [one.actor_label for one in records.openings_of("document", document.uuid)] == ["Annie Bos"]
    assert len(records.openings_of("besluit", besluit.uuid)) == 1


def test_a_document_of_a_zaak_is_not_to_be_had_as_a_loose_one() -> None:
    zaak, document = given_zaak(), given_document()
    zaken.link_document(zaak.id, document.id, by=SYSTEM)
    reader = browser_of(given_staff(access.GrantData("document.lezen"), username="leest"))
    assert reader.get(reverse("workplace:loose_document", args=[document.uuid])).status_code == 404


def test_what_a_program_opens_of_no_zaak_stands_in_its_own_ledger() -> None:
    document, besluit = given_document(), given_besluit()
    access.create_applicatie("lezer", ["lezer"], SECRET, True)
    ApiClient(DOCUMENTEN_API.root, "lezer", SECRET).get(f"enkelvoudiginformatieobjecten/{document.uuid}")
    ApiClient(BESLUITEN_API.root, "lezer", SECRET).get(f"besluiten/{besluit.uuid}")
    for kind, uuid in (("document", document.uuid), ("besluit", besluit.uuid)):
        assert [(one.actor_key, one.what) for one in records.openings_of(kind, uuid)] == [("applicatie:lezer", kind)]


# -- Holds and destruction ----------------------------------------------------------------------------------------------
def test_what_is_on_hold_cannot_be_removed_by_a_program() -> None:
    document, besluit = given_document(), given_besluit()
    access.create_applicatie("alles", ["alles"], SECRET, True)
    for kind, uuid, api, path in (
        ("document", document.uuid, DOCUMENTEN_API, "enkelvoudiginformatieobjecten"),
        ("besluit", besluit.uuid, BESLUITEN_API, "besluiten"),
    ):
        hold = records.hold(kind, uuid, reason="Woo-verzoek", by=SYSTEM)
        client = ApiClient(api.root, "alles", SECRET)
        answer = client.send("DELETE", f"{path}/{uuid}")
        assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "legal-hold")
        assert client.get(f"{path}/{uuid}").status_code == 200
        records.lift_hold(hold, by=SYSTEM)
        assert client.send("DELETE", f"{path}/{uuid}").status_code == 204
    assert not Record.objects.filter(kind__in=["document", "besluit"]).exists()


def test_a_hold_and_the_ledger_of_a_document_go_on_with_the_zaak_it_joins() -> None:
    # given
    zaak, document = given_closed_zaak(), given_document()
    records.hold("document", document.uuid, reason="Woo-verzoek", by=SYSTEM)
    records.opened("document", document.uuid, by=given_staff(username="leest"), what="document")
    # when
    zaken.link_document(zaak.id, document.id, by=SYSTEM, force=True)
    # then
    assert records.is_held("zaak", zaak.uuid)
    assert [one.what for one in records.openings_of("zaak", zaak.uuid)] == ["document"]
    assert records.record_of("document", document.uuid) is None
    Zaak.objects.filter(pk=zaak.id).update(archiefnominatie="vernietigen", archiefactiedatum=date(2020, 1, 1))
    records.renew("zaak", zaak.uuid)
    with pytest.raises(records.OnHold):
        records.destroy("zaak", zaak.uuid, by=SYSTEM)


def test_when_the_time_of_a_loose_document_has_come_then_it_is_destroyed_to_the_last_byte() -> None:
    # given
    maker, approver = given_staff(username="maakt"), given_staff(username="keurt")
    records.define_class("19.1", naam="Beleid", nominatie="vernietigen", termijn="P1Y", by=SYSTEM)
    old = given_document(titel="Voorbij", creatiedatum=today() - timedelta(days=800))
    young = given_document(titel="Nog niet", creatiedatum=today(), file=given_file(b"%PDF-1.7 jong").uuid)
    besluit = given_besluit(vervaldatum=today() - timedelta(days=500), vervalreden="tijdelijk")
    holds = given_besluit()
    laid = given_document(soort="Besluit", titel="De tekst", file=given_file(b"%PDF-1.7 tekst").uuid)
    besluiten.link_document(besluit.id, laid.id, by=SYSTEM)
    for kind, uuid in (
        ("document", old.uuid),
        ("document", young.uuid),
        ("besluit", besluit.uuid),
        ("besluit", holds.uuid),
    ):
        records.reclassify(kind, uuid, "19.1", reason="Geen zaak", by=SYSTEM)
    assert drift() == []
    # a besluit that still holds has no day
    assert getattr(records.record_of("besluit", holds.uuid), "destroy_on", "") is None
    # when
    made = records.make_list(by=maker)
    records.approve(made, by=approver)
    assert records.run(made) == 2
    # then
    assert set(Document.objects.values_list("uuid", flat=True)) == {young.uuid}
    assert set(Besluit.objects.values_list("uuid", flat=True)) == {holds.uuid}
    assert not Record.objects.filter(object_uuid__in=[old.uuid, besluit.uuid]).exists()
    assert not Payload.objects.filter(about__in=[old.uuid, besluit.uuid, laid.uuid]).exists()
    files.sweep()
    assert set(StoredFile.objects.values_list("uuid", flat=True)) == {young.file}
    lines = {one.number: (one.outcome, one.object_uuid, one.parts) for one in DestructionItem.objects.all()}
    assert lines == {
        old.identificatie: ("destroyed", None, {"documenten": 1}),
        besluit.identificatie: ("destroyed", None, {"besluiten": 1, "documenten": 1}),
    }


def test_a_document_that_joined_a_zaak_after_the_list_was_made_stays() -> None:
    # given
    maker, approver = given_staff(username="maakt"), given_staff(username="keurt")
    records.define_class("19.1", naam="Beleid", nominatie="vernietigen", termijn="P1Y", by=SYSTEM)
    document, zaak = given_document(creatiedatum=today() - timedelta(days=800)), given_zaak()
    records.reclassify("document", document.uuid, "19.1", reason="Geen zaak", by=SYSTEM)
    made = records.make_list(by=maker)
    records.approve(made, by=approver)
    # when
    zaken.link_document(zaak.id, document.id, by=SYSTEM)
    # then
    assert records.run(made) == 0
    assert Document.objects.filter(uuid=document.uuid).exists()
    assert DestructionItem.objects.get().outcome == "kept"
