"""Destroying a zaak: everything every room keeps about it is gone, and nothing else is. Source: Archiefwet 1995 art. 5."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.audit.models import Payload
from stadhuis.casework import public as casework
from stadhuis.casework.models import Route
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.documenten import public as documenten
from stadhuis.documenten.tests.givens import given_document
from stadhuis.forms.models import Draft, Submission
from stadhuis.kit import files, jobs
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.records import jobs as record_jobs
from stadhuis.records import kinds
from stadhuis.records import public as records
from stadhuis.records.models import DestructionItem, Record, Word
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import (
    given_closed_zaak,
    given_linked_document,
    given_staff,
    given_zaak,
    given_zaaktype,
)

pytestmark = pytest.mark.django_db


def given_decided(town: Town) -> zaken.ZaakRecord:
    """An application that was handled to the end: draft, submission, documents, letter, besluit, mails, work item."""
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    casework.add_note(zaak.uuid, "Gebeld met de aanvrager.", by=town.handler)
    casework.approve(proposal.uuid, remark="", by=town.decider)
    casework.send(proposal.uuid, by=town.handler)
    records.opened("zaak", zaak.uuid, by=town.handler, what="zaak")
    audit.record_processing("zaak.behandelen", _persons(zaak), by=town.handler, about=zaak.uuid)
    records.renew("zaak", zaak.uuid)
    records.learn()
    return zaken.zaak_by_id(zaak.id)


def _persons(zaak: zaken.ZaakRecord) -> list[int]:
    return [rol.person_id for rol in zaken.rollen_of(zaak.id) if rol.person_id is not None]


def given_due(zaak: zaken.ZaakRecord, *, days_ago: int = 1) -> None:
    """Let the retention period of a closed zaak be over."""
    Zaak.objects.filter(pk=zaak.id).update(
        archiefnominatie="vernietigen", archiefactiedatum=today() - timedelta(days=days_ago)
    )
    records.renew("zaak", zaak.uuid)


def cells_with(*texts: str) -> Iterator[tuple[str, str]]:
    """Yield every table and text of the whole database in which one of the texts stands, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            for text in texts:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE strpos(t::text, %s) > 0', [text])
                if cursor.fetchone()[0]:
                    yield table, text


def files_on_disk() -> set[Path]:
    return {path for path in (Path(settings.DATA_DIR) / "files").glob("*/*/*") if path.is_file()}


def test_when_a_zaak_is_destroyed_then_no_table_and_no_file_holds_anything_of_it(settings: Any, tmp_path: Path) -> None:
    # given
    settings.DATA_DIR = tmp_path
    before = files_on_disk()
    town = given_town()
    zaak = given_decided(town)
    other = given_zaak(zaaktype=town.zaaktype, omschrijving="Van een ander")
    given_linked_document(other)
    submission = Submission.objects.get(zaak_uuid=zaak.uuid)
    of_the_zaak = [str(zaak.uuid), zaak.identificatie, str(submission.uuid), str(submission.draft.uuid)]
    of_the_zaak += [
        str(document.uuid) for document in zaken.dossier(zaak.uuid, seen_by=SYSTEM).documenten if document.uuid
    ]
    there = {table for table, _ in cells_with(*of_the_zaak)}
    assert there >= {
        "audit_payload", "audit_processing", "documenten_document", "forms_draft", "forms_submission", "notificaties_notificatie",
        "procrastinate_jobs", "records_record", "records_searchtext", "schemes_assessment", "town_messages_message",
        "town_messages_outboundmail", "town_messages_receipt", "zaken_zaak",
    }  # fmt: skip
    assert Word.objects.filter(word="verandert").exists()
    given_due(zaak)
    # when
    gone = records.destroy("zaak", zaak.uuid, by=SYSTEM)
    files.sweep()
    # then
    assert sorted(cells_with(*of_the_zaak)) == []
    assert gone["documenten"] >= 1
    assert gone["aanvragen"] == 1
    assert gone["besluiten"] == 1
    assert not Draft.objects.exists()
    assert not Word.objects.filter(word="verandert").exists()
    assert files.unknown_paths() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid FROM kit_storedfile")
        kept = {files.path_of(row[0]) for row in cursor.fetchall()}
    assert files_on_disk() - before == kept - before
    # and what is another's stays, and the trail still verifies
    assert zaken.zaak_by_id(other.id).uuid == other.uuid
    assert len(zaken.dossier(other.uuid, seen_by=SYSTEM).documenten) == 1
    audit.seal()
    assert audit.verify().is_whole


def test_a_zaak_that_is_not_due_or_kept_for_good_or_held_is_refused_and_nothing_is_gone() -> None:
    # given
    zaak = given_closed_zaak()
    given_due(zaak, days_ago=-1)
    # then
    with pytest.raises(records.NotDue):
        records.destroy("zaak", zaak.uuid, by=SYSTEM)
    Zaak.objects.filter(pk=zaak.id).update(archiefnominatie="blijvend_bewaren", archiefactiedatum=date(2020, 1, 1))
    with pytest.raises(records.NotDue):
        records.destroy("zaak", zaak.uuid, by=SYSTEM)
    given_due(zaak)
    hold = records.hold("zaak", zaak.uuid, reason="Woo-verzoek", by=SYSTEM)
    with pytest.raises(records.OnHold):
        records.destroy("zaak", zaak.uuid, by=SYSTEM)
    assert zaken.zaak_by_id(zaak.id).identificatie == zaak.identificatie
    # when
    records.lift_hold(hold, by=SYSTEM)
    records.destroy("zaak", zaak.uuid, by=SYSTEM)
    # then
    with pytest.raises(zaken.ZaakNotFound):
        zaken.zaak_by_id(zaak.id)
    with pytest.raises(records.NotFound):
        records.destroy("zaak", zaak.uuid, by=SYSTEM)


def test_a_document_that_another_zaak_has_too_stays_with_that_one() -> None:
    # given
    zaaktype = given_zaaktype()
    one, other = given_closed_zaak(zaaktype=zaaktype), given_closed_zaak(zaaktype=zaaktype)
    shared, own = given_document(titel="Gedeeld"), given_document(titel="Eigen")
    for zaak, document in ((one, shared), (other, shared), (one, own)):
        zaken.link_document(zaak.id, document.id, by=SYSTEM, force=True)
    documenten.lock_document(own.uuid, by=SYSTEM)  # somebody forgot it
    given_due(one)
    # when
    gone = records.destroy("zaak", one.uuid, by=SYSTEM)
    # then
    assert (gone["documenten"], gone["documenten_elders"]) == (1, 1)
    assert [document.uuid for document in zaken.dossier(other.uuid, seen_by=SYSTEM).documenten] == [shared.uuid]
    with pytest.raises(documenten.DocumentNotFound):
        documenten.document(own.uuid)


def test_when_a_deelzaak_is_held_then_its_hoofdzaak_stays_too() -> None:
    # given
    zaaktype = given_zaaktype()
    hoofdzaak = given_closed_zaak(zaaktype=zaaktype)
    deelzaak = given_closed_zaak(zaaktype=zaaktype)
    Zaak.objects.filter(pk=deelzaak.id).update(hoofdzaak_id=hoofdzaak.id)
    given_due(hoofdzaak)
    given_due(deelzaak)
    hold = records.hold("zaak", deelzaak.uuid, reason="bezwaar", by=SYSTEM)
    # then
    with pytest.raises(records.OnHold):
        records.destroy("zaak", hoofdzaak.uuid, by=SYSTEM)
    assert Zaak.objects.count() == 2
    # when
    records.lift_hold(hold, by=SYSTEM)
    gone = records.destroy("zaak", hoofdzaak.uuid, by=SYSTEM)
    # then
    assert gone["components"] == 1
    assert not Zaak.objects.exists()


# -- Lists ------------------------------------------------------------------------------------------------------------
def given_archivists() -> tuple[Actor, Actor]:
    return given_staff(username="ada"), given_staff(username="bert")


def outcomes() -> dict[str, str]:
    return dict(DestructionItem.objects.values_list("number", "outcome"))


def test_a_list_is_made_by_one_person_approved_by_another_and_carried_out_except_what_is_held_or_left_out() -> None:
    # given
    ada, bert = given_archivists()
    zaaktype = given_zaaktype()
    gone, held, left_out, later, far, held_before = (given_closed_zaak(zaaktype=zaaktype) for _ in range(6))
    for zaak, days in ((gone, 9), (held, 8), (left_out, 7), (later, -20), (far, -400), (held_before, 5)):
        given_due(zaak, days_ago=days)
    records.hold("zaak", held_before.uuid, reason="bezwaar", by=ada)
    # when
    uuid = records.make_list(by=ada)
    # then
    items = {item.number: item for item in records.items_of(uuid)}
    assert set(items) == {zaak.identificatie for zaak in (gone, held, left_out, later)}
    with pytest.raises(records.OwnList):
        records.approve(uuid, by=ada)
    with pytest.raises(records.ReasonMissing):
        records.exclude(uuid, items[left_out.identificatie].id, reason=" ", by=bert)
    # when
    records.exclude(uuid, items[left_out.identificatie].id, reason="hotspot", by=bert)
    records.approve(uuid, by=bert)
    records.hold("zaak", held.uuid, reason="Woo-verzoek", by=ada)
    # then
    assert records.run(uuid) == 1
    assert outcomes() == {
        gone.identificatie: "destroyed", held.identificatie: "kept", left_out.identificatie: "excluded",
        later.identificatie: "waiting",
    }  # fmt: skip
    assert records.one_list(uuid).state == "approved"
    assert sorted(cells_with(str(gone.uuid))) == []
    assert {table for table, _ in cells_with(gone.identificatie)} == {"records_destructionitem"}
    # when its day comes
    given_due(later)
    DestructionItem.objects.filter(number=later.identificatie).update(destroy_on=today())
    assert records.run_approved() == 1
    # then
    assert records.one_list(uuid).state == "done"
    assert records.run(uuid) == 0
    with pytest.raises(records.ListStandsFast):
        records.exclude(uuid, items[held.identificatie].id, reason="te laat", by=bert)
    with pytest.raises(records.ListStandsFast):
        records.approve(uuid, by=bert)


def test_there_is_one_draft_per_quarter_and_a_withdrawn_one_destroys_nothing() -> None:
    # given
    ada, bert = given_archivists()
    with pytest.raises(records.NothingToDestroy):
        records.make_list(by=ada)
    assert records.lists() == []
    zaak = given_closed_zaak()
    given_due(zaak)
    uuid = records.make_list(by=ada)
    with pytest.raises(records.ListStandsFast):
        records.make_list(by=bert)
    # when
    records.withdraw(uuid, by=bert)
    # then
    assert records.run(uuid) == 0
    assert records.due_in_coming_quarter() == 1
    assert zaken.zaak_by_id(zaak.id)


def test_when_a_room_fails_then_that_item_is_as_it_was_and_the_others_go_on() -> None:
    # given
    ada, bert = given_archivists()
    zaaktype = given_zaaktype()
    bad, good = given_closed_zaak(zaaktype=zaaktype), given_closed_zaak(zaaktype=zaaktype)
    for zaak in (bad, good):
        given_due(zaak)
    uuid = records.make_list(by=ada)
    records.approve(uuid, by=bert)

    def refuse(object_uuid: Any, by: Actor) -> dict[str, int]:
        if object_uuid == bad.uuid:
            raise OSError("the disk is gone")
        return {}

    records.register_destroyer("zaak", "proef", refuse)
    try:
        assert records.run(uuid) == 1
    finally:
        kinds.DESTROYERS["zaak"] = [one for one in kinds.DESTROYERS["zaak"] if one.room != "proef"]
    # then
    assert outcomes() == {bad.identificatie: "failed", good.identificatie: "destroyed"}
    assert zaken.zaak_by_id(bad.id)
    assert records.figures()["destruction_failed"] == 1
    # and the next night
    assert records.run_approved() == 1
    assert records.one_list(uuid).state == "done"


# -- The spine and the objects ----------------------------------------------------------------------------------------
def test_drift_between_the_spine_and_the_objects_is_found_and_named_and_rebuilding_repairs_it() -> None:
    # given
    zaaktype = given_zaaktype()
    fine, renamed, raised, lost = (given_closed_zaak(zaaktype=zaaktype) for _ in range(4))
    assert list(records.compare("zaak")) == []
    # when somebody writes past the deeds
    Zaak.objects.filter(pk=renamed.id).update(omschrijving="Heel iets anders")
    Zaak.objects.filter(pk=raised.id).update(vertrouwelijkheidaanduiding="geheim")
    Record.objects.filter(object_uuid=lost.uuid).delete()
    orphan = Record.objects.get(object_uuid=fine.uuid)
    orphan.pk, orphan.object_uuid, orphan.number = None, "11111111-1111-4111-8111-111111111111", "WEES"
    orphan.save(force_insert=True)
    # then
    found = {str(uuid): differences for uuid, differences in records.compare("zaak")}
    assert found == {
        str(renamed.uuid): ["search text"],
        str(raised.uuid): ["level"],
        str(lost.uuid): ["missing"],
        "11111111-1111-4111-8111-111111111111": ["orphan"],
    }
    assert records.compare_all() == 4
    assert records.figures()["drift"] == 4
    # when
    assert records.rebuild(batch=2) == 4
    # then
    assert list(records.compare("zaak")) == []
    assert records.compare_all() == 0
    assert records.figures()["drift"] == 0


def test_a_rebuild_can_be_stopped_goes_on_where_it_was_and_never_empties_what_is_found() -> None:
    # given
    zaaktype = given_zaaktype()
    made = {given_closed_zaak(zaaktype=zaaktype, omschrijving="Bijstand").uuid for _ in range(5)}

    def found() -> set[object]:
        return {hit.object_uuid for hit in records.search("bijstand", seen_by=SYSTEM).hits}

    # when
    assert records.rebuild(batch=2, most=3) == 3
    # then
    assert found() == made
    assert records.rebuild(batch=2) == 2
    assert found() == made
    assert records.rebuild(batch=2) == 5  # it was finished, so this is a new one
    with transaction.atomic():
        assert records.rebuild(batch=1, most=1) == 1
        assert records.rebuild(batch=2, restart=True) == 5


def test_a_merged_unit_hands_over_its_records_its_work_and_its_routes() -> None:
    # given
    town = given_town()
    zaak = given_application(town)
    assert records.owners() == [("team", 1)]
    new = people.create_unit("sociaal", "Sociaal domein")
    # when
    records.hand_over("team", "sociaal", reason="samengevoegd", by=SYSTEM)
    # then
    work = casework.work_of(zaak.id)
    assert work is not None
    assert records.owners() == [("sociaal", 1)]
    assert list(records.compare("zaak")) == []
    assert Route.objects.get(zaaktype_ref=town.zaaktype.ref).unit_id == new


def test_when_two_units_merge_then_records_work_routes_and_rights_go_along() -> None:
    # given
    town = given_town()
    zaak = given_application(town)
    new, old = people.create_unit("sociaal", "Sociaal domein"), people.unit_by_code("team")
    assert old is not None
    # when
    people.merge_units(old.id, new, on=today(), by=town.decider)
    # then
    assert records.owners() == [("sociaal", 1)]
    assert list(records.compare("zaak")) == []
    assert town.handler.pk is not None
    assert [role.unit_id for role in access.roles_of(town.handler.pk)] == [new]
    casework.take(zaak.uuid, by=town.handler)
    line = Payload.objects.get(actie="handed_over")
    assert (line.oud, line.nieuw, line.toelichting) == (
        {"owner": "team"}, {"owner": "sociaal", "records": 1}, "Organisatieonderdeel samengevoegd",
    )  # fmt: skip


def the_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``stadhuis rebuild-search`` as an operator does, on the database of the test."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return subprocess.run(
        [sys.executable, "-m", "stadhuis", "rebuild-search", *arguments],
        env={**os.environ, "DATABASE_URL": urlunsplit(address), "STADHUIS_DATA_DIR": str(settings.DATA_DIR)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_command_rebuilds_and_says_what_differs_and_the_metrics_show_it() -> None:
    # given
    zaak = given_closed_zaak()
    Zaak.objects.filter(pk=zaak.id).update(omschrijving="Heel iets anders")
    # when
    said = the_command("--compare")
    # then
    assert (said.returncode, said.stdout) == (1, "1 differences between the spine and the objects\n"), said.stderr
    assert 'stadhuis_records{figure="drift"} 1.0' in Client().get("/metrics").content.decode()
    # when
    assert the_command("--batch", "1").stdout == "zaak: 1 done\n1 records were made anew\n"
    # then
    assert the_command("--compare").returncode == 0
    assert 'stadhuis_records{figure="drift"} 0.0' in Client().get("/metrics").content.decode()
    assert the_command("--batch", "0").returncode == 1


def test_after_an_upgrade_from_before_the_rebuild_is_queued_once() -> None:
    # given
    assert not records.rebuild_after_upgrade()  # nothing there yet
    zaak = given_closed_zaak()
    Record.objects.update(number="", nominatie="", termijn="")  # as the release before left them
    # when
    assert records.rebuild_after_upgrade()
    records.rebuild_after_upgrade()
    # then
    assert jobs.waiting("records.rebuild") == 1
    record_jobs.rebuild()
    assert list(records.compare("zaak")) == []
    assert records.record_by_number(zaak.identificatie.lower()) is not None
    assert not records.rebuild_after_upgrade()
