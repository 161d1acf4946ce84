"""The trail, its chain, its destruction, and the log of what personal data were used for."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.audit import jobs
from stadhuis.audit import public as audit
from stadhuis.audit.actions import content_of
from stadhuis.audit.models import Line, Payload, Processing, Seal
from stadhuis.audit.rules import digest_of
from stadhuis.kit.time import clock_set_to, now
from stadhuis.kit.together import together
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor

ANNA = Actor("staff", 7, "staff:anna", "Anna de Vries", session="s-1")


def given_line(about: UUID | None = None, *, by: Actor = ANNA, **after: object) -> UUID:
    about = about or uuid4()
    audit.record(
        "update", about=about, kind="zaak", resource="status", resource_id=uuid4(), by=by, after=after or {"a": 1}
    )
    return about


@pytest.mark.django_db
def test_a_line_says_what_was_done_by_whom_with_before_and_after() -> None:
    # when
    zaak, status = uuid4(), uuid4()
    audit.record(
        "update", about=zaak, kind="zaak", resource="status", resource_id=status, by=ANNA,
        before={"datum": date(2026, 3, 1)}, after={"naam": "Zoë\x00", "bedrag": 1}, reason="omdat", result=200, weergave="Ontvangen",
    )  # fmt: skip
    # then
    (line,) = audit.trail_of(zaak)
    assert (line.actie, line.resource, line.resource_id, line.toelichting) == ("update", "status", status, "omdat")
    assert (line.oud, line.nieuw) == ({"datum": "2026-03-01"}, {"naam": "Zoë", "bedrag": 1})
    assert (line.gebruikers_id, line.gebruikers_weergave, line.applicatie_id) == (
        "staff:anna",
        "Anna de Vries",
        "stadhuis",
    )
    assert audit.trail_line(zaak, line.uuid) == line
    assert audit.trail_line(uuid4(), line.uuid) is None


@pytest.mark.django_db
def test_what_an_application_did_names_application_and_user() -> None:
    by = Actor("applicatie", 1, "applicatie:formulieren", "Formulieren", user_id="u1", user_label="Anna")
    (line,) = audit.trail_of(given_line(by=by))
    assert (line.applicatie_id, line.applicatie_weergave) == ("formulieren", "Formulieren")
    assert (line.gebruikers_id, line.gebruikers_weergave) == ("u1", "Anna")


@pytest.mark.django_db
def test_a_trail_is_read_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    about = given_line()
    for _ in range(10):
        given_line(about)
    with django_assert_num_queries(1):
        assert len(audit.trail_of(about)) == 11


@pytest.mark.django_db
def test_lines_that_are_sealed_in_batches_form_one_chain() -> None:
    for _ in range(3):
        given_line()
    assert audit.seal() == 3
    given_line()
    jobs.seal_job(0)
    assert audit.seal() == 0
    assert list(Seal.objects.order_by("pk").values_list("first_number", "last_number")) == [(1, 3), (4, 4)]
    assert audit.verify() == audit.Verdict(4)


@pytest.mark.django_db
def test_writers_do_not_wait_for_the_sealer_and_the_reverse(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # a line with its payload is one statement, whatever the length of the chain
    with django_assert_num_queries(1):
        given_line()


@pytest.mark.django_db
def test_the_lines_of_a_deed_of_many_parts_are_one_statement_and_keep_their_order(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    zaak = uuid4()
    # when a deed writes lines with and without what was there before, with signs that a database finds difficult
    with transaction.atomic(), django_assert_num_queries(1), together():
        for number in range(30):
            audit.record(
                "create", about=zaak if number % 2 else None, kind="zaak", resource="zaak", resource_id=None, by=SYSTEM,
                before={"n": number} if number % 3 else None, after={"naam": "d'Été {,} \\ \" NULL\x00", "n": number},
                weergave="NULL" if number % 2 else "{}",
            )  # fmt: skip
    # then each says what it said, in the order in which it was said
    kept = list(Payload.objects.order_by("line_id"))
    assert [one.nieuw for one in kept] == [{"naam": "d'Été {,} \\ \" NULL", "n": number} for number in range(30)]
    assert [one.oud for one in kept] == [{"n": number} if number % 3 else None for number in range(30)]
    assert {(one.about, one.resource_weergave) for one in kept} == {(zaak, "NULL"), (None, "{}")}
    # and fits its digest
    while audit.seal():
        continue
    assert (audit.verify().is_whole, audit.verify().lines) == (True, 30)


def change_payload() -> None:
    Payload.objects.filter(line__number=2).update(nieuw={"a": 2})


def change_digest() -> None:
    Line.objects.filter(number=2).update(digest=b"x" * 32)


def change_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_line SET at = at + interval '1 second' WHERE number = 2")


def remove_line() -> None:
    Payload.objects.filter(line__number=2).delete()
    Line.objects.filter(number=2).delete()


def remove_payload() -> None:
    Payload.objects.filter(line__number=2).delete()


def swap_payloads() -> None:
    one, other = Payload.objects.get(line__number=2), Payload.objects.get(line__number=3)
    one.nieuw, other.nieuw = other.nieuw, one.nieuw
    one.save()
    other.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper", [change_payload, change_digest, change_time, remove_line, remove_payload, swap_payloads]
)
def test_whoever_tampers_is_found_at_the_first_broken_line(tamper: Callable[[], None]) -> None:
    # given
    for number in range(4):
        given_line(number=number)
    audit.seal()
    assert audit.verify().is_whole
    # when
    tamper()
    # then
    verdict = audit.verify()
    assert not verdict.is_whole
    assert verdict.broken_line == 2
    assert verdict.reason


@pytest.mark.django_db
def test_lines_that_are_cut_off_are_missed_by_their_seal_and_by_the_head_that_was_logged() -> None:
    # given
    for _ in range(3):
        given_line()
        audit.seal()
    head = bytes(Seal.objects.get(last_number=3).link)
    assert audit.verify(expected_head=head).is_whole
    # when
    Payload.objects.filter(line__number=3).delete()
    Line.objects.filter(number=3).delete()
    # then
    assert audit.verify().broken_line == 3
    Seal.objects.filter(last_number=3).delete()
    assert audit.verify().is_whole
    assert audit.verify(expected_head=head).broken_line == 3


@pytest.mark.django_db
def test_a_line_that_was_not_sealed_yet_is_checked_too() -> None:
    about = given_line()
    Payload.objects.filter(about=about).update(toelichting="later bedacht")
    assert (audit.verify().broken_line, audit.verify().is_whole) == (0, False)


@pytest.mark.django_db
def test_what_is_destroyed_is_gone_to_the_last_byte_and_the_chain_still_verifies() -> None:
    # given
    about = given_line(naam="Zeer Persoonlijk")
    other = given_line()
    audit.seal()
    # when
    assert audit.destroy_trail(about, by=ANNA) == 1
    # then
    assert audit.trail_of(about) == []
    assert len(audit.trail_of(other)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(l::text, '') FROM audit_line l")
        lines = cursor.fetchone()
        cursor.execute("SELECT string_agg(p::text, '') FROM audit_payload p")
        payloads = cursor.fetchone()
    assert lines
    assert payloads
    assert "Persoonlijk" not in str(payloads)
    assert str(about) not in str(lines) + str(payloads)
    assert audit.verify().is_whole
    audit.seal()
    assert audit.verify().is_whole
    assert audit.destroy_trail(about) == 0


@pytest.mark.django_db
def test_destruction_that_nobody_wrote_down_is_found_even_when_the_note_is_forged() -> None:
    about = given_line()
    audit.destroy_trail(about)
    audit.seal()
    Payload.objects.filter(actie="destroy_trail").update(nieuw={"lines": []})
    assert not audit.verify().is_whole


@pytest.mark.django_db
def test_when_the_deed_is_undone_then_so_is_its_line() -> None:
    about = uuid4()
    with transaction.atomic():
        given_line(about)
        assert len(audit.trail_of(about)) == 1
        transaction.set_rollback(True)
    assert audit.trail_of(about) == []


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain() -> None:
    # given
    for _ in range(20):
        given_line()
    barrier = threading.Barrier(3)

    def sealer() -> None:
        barrier.wait()
        audit.seal(limit=5)
        connection.close()

    threads = [threading.Thread(target=sealer) for _ in range(3)]
    # when
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while audit.seal(limit=7):
        continue
    # then
    assert audit.verify() == audit.Verdict(20)


ACTIVITY = "zaak.behandelen"


@pytest.mark.django_db
def test_use_of_personal_data_is_one_row_per_request_without_the_employee(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # given
    persons = [people.person_for_bsn("999990019"), people.person_for_bsn("999990184")]
    zaak = uuid4()
    # when: look-up, insert
    with django_assert_num_queries(2):
        audit.record_processing(ACTIVITY, persons, by=ANNA, about=zaak)
    # then
    (row,) = Processing.objects.all()
    assert len(row.subjects) == 2
    assert "anna" not in str(row.__dict__).lower()
    assert "999990019" not in str(row.__dict__)
    for person in persons:
        (found,) = audit.processing_of(person)
        assert (found.activity_id, found.about, found.party) == (ACTIVITY, zaak, "staff")


@pytest.mark.django_db
def test_use_of_nobodys_data_is_no_row() -> None:
    audit.record_processing(ACTIVITY, [], by=SYSTEM)
    assert not Processing.objects.exists()


@pytest.mark.django_db
def test_a_use_for_something_that_is_not_in_the_register_is_refused() -> None:
    person = people.person_for_bsn("999990019")
    for activity in ("", "nieuwsgierig", "zaak", "zaak-behandelen", "mijn-zaken-tozo"):
        with pytest.raises(audit.UnknownActivity):
            audit.record_processing(activity, [person], by=ANNA)
    audit.record_processing("aanvraag-tozo", [person], by=ANNA)
    assert audit.activity_of("aanvraag-tozo").code == "aanvraag"


def test_every_activity_says_in_two_languages_what_why_on_which_ground_and_how_long() -> None:
    for one in audit.activities():
        for text in (one.name, one.purpose, one.basis, one.retention):
            assert text.nl
            assert text.en
            assert text.nl != text.en
        assert 12 <= one.log_months <= 120
        assert one.url.endswith(f"/verwerkingen/#{one.code}")


@pytest.mark.django_db
def test_the_log_leads_to_nobody_without_its_key_and_two_keys_make_two_strangers(settings: Any) -> None:
    # given
    person = people.person_for_bsn("999990019")
    audit.record_processing(ACTIVITY, [person], by=ANNA)
    first_key = settings.PROCESSING_KEY
    (row,) = Processing.objects.all()
    assert people.person_uuid(person) not in row.subjects
    # when: a log under another key
    settings.PROCESSING_KEY = base64.b64encode(b"k" * 32).decode()
    audit.record_processing(ACTIVITY, [person], by=ANNA)
    # then: nothing joins the two, and each finds its own
    one, other = Processing.objects.order_by("pk")
    assert not set(one.subjects) & set(other.subjects)
    assert len(audit.processing_of(person)) == 1
    # and whoever changed the key and kept the old one behind it finds both
    settings.PROCESSING_KEY = f"{settings.PROCESSING_KEY},{first_key}"
    assert len(audit.processing_of(person)) == 2


@pytest.mark.django_db
def test_two_hundred_looks_at_one_zaak_on_one_day_are_one_line_with_a_count(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # given
    person, zaak = people.person_for_bsn("999990019"), uuid4()
    with clock_set_to(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)):
        for _ in range(200):
            audit.record_processing(ACTIVITY, [person], by=ANNA, about=zaak)
    with clock_set_to(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):  # 2 March in the Netherlands
        audit.record_processing(ACTIVITY, [person], by=ANNA, about=zaak)
        audit.record_processing(
            "zaak.uitwisselen", [person], by=Actor("applicatie", 1, "applicatie:dms", "DMS"), about=zaak
        )
    # when: who is it, and the page
    with django_assert_num_queries(2):
        uses = audit.uses_of(person)
    # then
    assert [(use.day.day, use.activity.code, use.party, use.times) for use in uses.lines] == [
        (2, "zaak.uitwisselen", "applicatie:dms", 1),
        (2, ACTIVITY, "staff", 1),
        (1, ACTIVITY, "staff", 200),
    ]
    assert uses.total == 3
    assert [use.times for use in audit.uses_of(person, offset=2).lines] == [200]
    assert audit.uses_of(people.person_for_bsn("999990184")) == audit.Uses((), 0)


@pytest.mark.django_db
def test_lines_go_when_their_time_in_the_log_is_over_and_not_before() -> None:
    person = people.person_for_bsn("999990019")
    for months, activity in (
        (37, "zaak.zoeken"),
        (35, "zaak.zoeken"),
        (37, ACTIVITY),
        (85, ACTIVITY),
        (37, "aanvraag-tozo"),
    ):
        audit.record_processing(activity, [person], by=ANNA, started_at=now() - relativedelta(months=months))
    assert audit.drop_old_processing(limit=1) == 3
    assert audit.drop_old_processing() == 0
    assert sorted(line.activity_id for line in audit.processing_of(person)) == [ACTIVITY, "zaak.zoeken"]


@pytest.mark.django_db
def test_when_an_object_is_destroyed_then_the_log_forgets_which_it_was() -> None:
    person, about = people.person_for_bsn("999990019"), given_line()
    audit.record_processing(ACTIVITY, [person], by=ANNA, about=about)
    audit.destroy_trail(about)
    (line,) = audit.processing_of(person)
    assert (line.activity_id, line.about) == (ACTIVITY, None)
    with connection.cursor() as cursor:
        for table in ("audit_line", "audit_payload", "audit_seal", "audit_processing", "audit_verification"):
            cursor.execute(f"SELECT COALESCE(string_agg(t::text, ''), '') FROM {table} t")
            assert str(about) not in cursor.fetchone()[0], table


# -- Seals that are kept elsewhere ------------------------------------------------------------------------------------
def rewrite_whole_chain() -> None:
    """Do what a database administrator could: change a line and compute every digest, link and seal anew."""
    payload = Payload.objects.get(line__number=2)
    payload.toelichting = "nooit gebeurd"
    payload.save()
    Line.objects.filter(number=2).update(digest=digest_of(bytes(payload.salt), content_of(payload)))
    Seal.objects.all().delete()
    Line.objects.update(number=None, link=None)
    while audit.seal(limit=2):
        continue


@pytest.mark.django_db
def test_a_chain_that_was_written_anew_as_a_whole_is_found_by_the_seals_kept_elsewhere(tmp_path: Path) -> None:
    # given
    for _ in range(6):
        given_line()
    while audit.seal(limit=2):
        continue
    copy = tmp_path / "zegels.txt"
    audit.write_seals(copy, audit.seals())
    kept = audit.read_seals(copy)
    assert sorted(kept) == [2, 4, 6]
    assert audit.verify(kept=kept).is_whole
    # when
    rewrite_whole_chain()
    # then: by itself it fits
    assert audit.verify().is_whole
    verdict = audit.verify(kept=kept)
    assert (verdict.broken_line, verdict.is_whole) == (2, False)
    assert "kept elsewhere" in verdict.reason


@pytest.mark.django_db
def test_a_chain_that_is_shorter_than_the_copy_was_cut_off(tmp_path: Path) -> None:
    given_line()
    audit.seal()
    given_line()
    audit.seal()
    kept = {one.last_number: one.link for one in audit.seals()}
    Payload.objects.filter(line__number=2).delete()
    Line.objects.filter(number=2).delete()
    Seal.objects.filter(last_number=2).delete()
    assert audit.verify().is_whole
    assert audit.verify(kept=kept).broken_line == 2


@pytest.mark.parametrize("text", ["", "\n", "1 abc\n", "x " + "0" * 64, "0 " + "0" * 64, "1 " + "g" * 64, "\x00\xff"])
def test_a_file_that_holds_no_seals_is_refused_and_compares_nothing(tmp_path: Path, text: str) -> None:
    place = tmp_path / "zegels.txt"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(audit.SealsUnreadable):
        audit.read_seals(place)


# -- Searching --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_trail_is_found_by_number_by_actor_and_by_day() -> None:
    # given
    zaak, bert = uuid4(), Actor("staff", 8, "staff:bert", "Bert")
    with clock_set_to(datetime(2026, 3, 1, 12, 0, tzinfo=UTC)):
        audit.record(
            "create", about=zaak, kind="zaak", resource="zaak", resource_id=zaak, by=ANNA, weergave="OEV-2026-1"
        )
    with clock_set_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)):
        audit.record("zaak toegewezen", about=zaak, kind="zaak", resource="behandelaar", resource_id=zaak, by=bert)
        given_line(by=Actor("applicatie", 1, "applicatie:dms", "DMS"))

    def found(**wanted: Any) -> list[str]:
        return [line.actie for line in audit.search_trail(audit.TrailFilter(**wanted))]

    # then: also the line without the number, for it is about the same zaak
    assert found(number="oev-2026-1") == found(number=str(zaak)) == ["zaak toegewezen", "create"]
    assert found(actor="anna") == found(actor="staff:anna") == ["create"]
    assert found(actor="dms") == ["update"]
    assert found(first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)) == ["update", "zaak toegewezen"]
    assert found(actor="bert", last_day=date(2026, 3, 1)) == []
    assert found() == found(number="OEV-2026-%") == found(actor="' OR 1=1") == []


# -- Spreadsheets -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=cmd|' /C calc'!A0", '=HYPERLINK("http://x")']
)
def test_a_cell_that_would_begin_a_formula_is_text(attack: str) -> None:
    assert audit.safe_cell(attack).startswith("'")
    assert audit.safe_cell(attack)[1:] == attack


def test_other_cells_stay_as_they_are() -> None:
    assert [audit.safe_cell(value) for value in ("Zaak 1", 3, "a=b", "")] == ["Zaak 1", "3", "a=b", ""]
