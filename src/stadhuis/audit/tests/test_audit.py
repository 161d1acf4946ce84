"""The trail, its chain, its destruction, and the log of what personal data were used for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.audit import jobs
from stadhuis.audit import public as audit
from stadhuis.audit.models import Line, Payload, Processing, Seal
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
    # a line is two inserts between a savepoint and its release, whatever the length of the chain
    with django_assert_num_queries(2):
        given_line()


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


@pytest.mark.django_db
def test_use_of_personal_data_is_one_row_per_request_without_the_employee(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # given
    persons = [people.person_for_bsn("999990019"), people.person_for_bsn("999990184")]
    zaak = uuid4()
    # when: savepoint, look-up, insert, release
    with django_assert_num_queries(4):
        audit.record_processing("https://oeverveen.example/verwerking/bijstand", persons, by=ANNA, about=zaak)
    # then
    (row,) = Processing.objects.all()
    assert set(row.subjects) == {people.person_uuid(person) for person in persons}
    assert "anna" not in str(row.__dict__).lower()
    assert "999990019" not in str(row.__dict__)
    for person in persons:
        (found,) = audit.processing_of(person)
        assert (found.activity_id, found.about, found.party) == (
            "https://oeverveen.example/verwerking/bijstand",
            zaak,
            "staff",
        )


@pytest.mark.django_db
def test_use_of_nobodys_data_is_no_row() -> None:
    audit.record_processing("x", [], by=SYSTEM)
    assert not Processing.objects.exists()
