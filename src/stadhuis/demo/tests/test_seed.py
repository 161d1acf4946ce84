"""The demo town stands after one seeding, as the documentation describes it. Reads the tables: the rooms' lists are paged."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker
from stdnum.nl import bsn as bsn_numbers

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.demo import public
from stadhuis.demo.seeding import foundation, plan
from stadhuis.demo.town import catalogue, people, staff
from stadhuis.forms import public as forms
from stadhuis.kit import files
from stadhuis.kit.time import now, today
from stadhuis.messages import public as messages
from stadhuis.people import public as people_room
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PRACTICE_DATE = "2021-05-17"


@pytest.fixture(scope="module", autouse=True)
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """Seed once for all tests of this file, and take everything away again."""
    told: list[str] = []
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=tmp_path_factory.mktemp("demo"), PRACTICE_DATE=PRACTICE_DATE),
        transaction.atomic(),
    ):
        started = time.monotonic()
        public.seed(tell=told.append)
        logging.getLogger(__name__).warning("seeding took %.1f seconds", time.monotonic() - started)
        yield told
        transaction.set_rollback(True)


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def number(sql: str, *params: Any) -> int:
    return int(rows(sql, *params)[0][0])


def medewerker(username: str) -> Actor:
    found = people_room.medewerker_by_username(username)
    assert found is not None
    return found.actor()


def resident(key: str) -> Actor:
    pk = people_room.person_for_bsn(people.resident(key).bsn)
    return Actor(kind="resident", pk=pk, key=f"person:{people_room.person_uuid(pk)}", label="", level="substantial")


def test_the_town_has_the_size_it_promises() -> None:
    assert number("SELECT count(*) FROM zaken_zaak WHERE einddatum IS NULL") == 300
    assert number("SELECT count(*) FROM zaken_zaak WHERE einddatum IS NOT NULL") == 60
    assert number("SELECT count(DISTINCT zaaktype_ref) FROM zaken_zaak") == len(catalogue.KINDS) == 15
    guests = [one for one in people_room.medewerkers() if one.is_guest]
    assert [one.username for one in guests] == [staff.GUEST.username]
    assert len(people_room.medewerkers()) - len(guests) == len(staff.STAFF) == 12
    assert len({one.roles for one in staff.STAFF}) == 12
    assert (len(people.RESIDENTS), len(people.COMPANIES)) == (40, 15)


def test_when_seeded_again_then_nothing_changes() -> None:
    tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    before = {name: number(f'SELECT count(*) FROM "{name}"') for name in tables}
    told: list[str] = []
    public.seed(tell=told.append)
    assert {name: number(f'SELECT count(*) FROM "{name}"') for name in tables} == before
    assert told == ["the demo town stands already: nothing was added"]


def test_every_number_is_given_once() -> None:
    assert number("SELECT count(*) - count(DISTINCT identificatie) FROM zaken_zaak") == 0


def test_every_document_has_its_file_and_no_file_is_without_document() -> None:
    documents = rows("SELECT file_id, bestandsomvang FROM documenten_document")
    assert len(documents) > 360
    for file, size in documents:
        assert files.path_of(file).stat().st_size == size
        assert files.path_of(file).read_bytes().startswith(b"%PDF-")
    assert number("SELECT count(*) FROM kit_storedfile WHERE state <> 'kept'") == 0
    assert number("SELECT count(*) FROM kit_storedfile") == len(documents)
    assert files.unknown_paths() == []
    assert number("SELECT count(*) FROM zaken_zaak z WHERE NOT EXISTS"
                  " (SELECT 1 FROM zaken_zaakinformatieobject d WHERE d.zaak_id = z.id)") == 0  # fmt: skip


def test_everyone_in_the_registers_has_a_test_number() -> None:
    known = [people_room.bsn_of(pk) for (pk,) in rows("SELECT person_id FROM people_personbsn")]
    assert len(known) >= 25
    assert all(bsn_numbers.is_valid(one) and one.startswith("99999") for one in known)


def test_every_zaak_has_an_applicant_a_unit_and_a_status_in_the_past() -> None:
    assert number("SELECT count(*) FROM zaken_zaak z WHERE NOT EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = z.id"
                  " AND r.omschrijving_generiek = 'initiator' AND r.naam <> '')") == 0  # fmt: skip
    assert number("SELECT count(*) FROM casework_workitem WHERE unit_id IS NULL OR deadline IS NULL") == 0
    assert number("SELECT count(*) FROM zaken_zaak WHERE status_id IS NULL OR startdatum > %s", today()) == 0
    assert number("SELECT count(*) FROM zaken_status WHERE datum_status_gezet > %s", now()) == 0
    backwards = """SELECT count(*) FROM zaken_status a JOIN catalogi_statustype x ON x.id = a.statustype_id
                     JOIN zaken_status b ON b.zaak_id = a.zaak_id JOIN catalogi_statustype y ON y.id = b.statustype_id
                    WHERE x.volgnummer < y.volgnummer AND a.datum_status_gezet >= b.datum_status_gezet"""
    assert number(backwards) == 0


def test_every_kind_of_urgency_is_there() -> None:
    counts = casework.worklist("all", seen_by=medewerker(staff.MANAGER)).counts
    assert counts.all == 300
    assert 10 <= counts.late <= 60
    assert 25 <= counts.soon <= 120
    assert counts.all - counts.late - counts.soon > 100
    assert counts.approve >= 5
    assert number("SELECT count(*) FROM casework_workitem WHERE is_open AND handler_id IS NOT NULL") > 150
    assert number("SELECT count(*) FROM casework_workitem WHERE is_open AND handler_id IS NULL") > 20


def test_some_terms_stand_still_and_some_were_extended() -> None:
    assert number("SELECT count(*) FROM zaken_zaak WHERE opschorting_indicatie") >= 2
    assert number("SELECT count(*) FROM casework_clockevent WHERE kind = 'extended'") >= 2


def test_somebody_put_the_town_in_default_and_every_bezwaar_in_hand_knows_its_decision() -> None:
    assert casework.worklist("all", seen_by=medewerker(staff.MANAGER)).counts.noticed >= 1
    assert number("SELECT count(*) FROM casework_clockevent WHERE kind = 'decision_objected_to'") >= 1


def test_closed_zaken_have_result_archive_decision_and_letter() -> None:
    assert number("SELECT count(*) FROM zaken_zaak z WHERE einddatum IS NOT NULL AND NOT EXISTS"
                  " (SELECT 1 FROM zaken_resultaat r WHERE r.zaak_id = z.id)") == 0  # fmt: skip
    assert number("SELECT count(*) FROM zaken_zaak WHERE einddatum IS NOT NULL AND archiefnominatie IS NULL") == 0
    assert number("SELECT count(*) FROM zaken_zaak WHERE archiefactiedatum > einddatum") > 40
    assert number("SELECT count(*) FROM besluiten_besluit") > 30
    assert number("SELECT count(*) FROM town_messages_message WHERE first_opened_at IS NULL") >= 1
    assert number("SELECT count(*) FROM town_messages_message WHERE first_opened_at IS NOT NULL") >= 10
    assert number("SELECT count(*) FROM casework_proposal WHERE prepared_by_id = decided_by_id") == 0


def test_the_main_applicant_can_still_apply_for_tozo() -> None:
    noor = resident(people.MAIN_APPLICANT)
    cases = zaken.zaken_of(person_id=noor.pk).cases
    assert len(cases) == 3
    assert not any("Tozo" in case.zaaktype for case in cases)
    assert len(messages.messages_for(noor)) == 2
    assert messages.unread_count(noor) == 0
    assert forms.drafts_of(noor) == []


def test_who_comes_new_finds_an_empty_portal() -> None:
    bram = resident(people.SINGLE_APPLICANT)
    assert zaken.zaken_of(person_id=bram.pk).total == 0
    assert messages.messages_for(bram) == []


def test_one_resident_has_a_draft() -> None:
    assert [draft.slug for draft in forms.drafts_of(resident("thirza-vos"))] == ["tozo"]


def test_the_clerk_gets_advice_on_every_tozo_application() -> None:
    clerk = medewerker(staff.CLERK)
    running = rows("SELECT uuid FROM zaken_zaak WHERE zaaktype_ref = 'OEV:TOZO' AND einddatum IS NULL")
    assert len(running) == 10
    outcomes = {json.dumps(casework.assess(uuid, by=clerk).outcome, sort_keys=True, default=str) for (uuid,) in running}
    assert len(outcomes) > 3


def test_a_barred_resident_has_cases_that_one_member_of_staff_sees() -> None:
    bsn = people.resident(people.BARRED).bsn
    for one in staff.STAFF:
        found = zaken.find(bsn=bsn, seen_by=medewerker(one.username))
        assert bool(found) == (one.username == staff.MANAGER), one.username


def test_rights_differ() -> None:
    def seen(username: str) -> int:
        return casework.worklist("all", seen_by=medewerker(username)).counts.all

    assert seen(staff.MANAGER) == 300 > seen("wilma.sanders") > 280  # but for those of who is barred
    assert 0 < seen("tim.degraaf") < seen(staff.CLERK) < 60
    assert seen("yusuf.aydin") < 200


def test_of_the_complaints_the_consultant_sees_those_of_the_own_team_and_the_lawyer_all() -> None:
    every = rows("SELECT z.id, r.owner_unit FROM zaken_zaak z JOIN records_record r ON r.object_uuid = z.uuid"
                 " WHERE z.zaaktype_ref = %s", f"{catalogue.DOMEIN}:KLACHT")  # fmt: skip
    assert {owner for _, owner in every} == {"juridisch", "samenleving"}
    for username, owners in (("bo.martens", {"samenleving"}), ("david.roos", {"juridisch", "samenleving"})):
        condition = access.predicate(medewerker(username), "zaak.lezen")
        seen = {pk for (pk,) in rows(f"SELECT z.id FROM zaken_zaak z WHERE {condition.sql}", *condition.params)}
        barred = people_room.person_for_bsn(people.resident(people.BARRED).bsn)
        of_barred = {pk for (pk,) in rows("SELECT zaak_id FROM zaken_rol WHERE person_id = %s", barred)}
        wanted = {pk for pk, owner in every if owner in owners} - of_barred
        assert seen & {pk for pk, _ in every} == wanted, username


def test_a_newcomer_logs_in_as_clerk_with_what_the_page_shows() -> None:
    page = Client().get("/demo/")
    secret = next(one.totp_secret for one in staff.STAFF if one.username == staff.CLERK)
    code = pyotp.TOTP(secret).at(now())
    assert page.status_code == 200
    assert staff.PASSWORD in page.content.decode()
    browser = Client()
    browser.post("/werkplek/inloggen/", {"gebruikersnaam": staff.CLERK, "wachtwoord": staff.PASSWORD})
    assert browser.post("/werkplek/inloggen/code/", {"code": code}).headers["Location"] == "/werkplek/"


def test_the_printed_token_opens_the_apis() -> None:
    assert access.authenticate(foundation.token()).applicatie.heeft_alle_autorisaties
    assert foundation.CLIENT_ID in public.logins()
    assert oct((Path(settings.DATA_DIR) / "demo-api-secret.json").stat().st_mode)[-3:] == "600"


def test_when_planned_twice_on_one_day_then_the_plans_are_equal() -> None:
    moment = now()
    assert plan.plans(moment) == plan.plans(moment)
