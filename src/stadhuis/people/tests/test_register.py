"""Persons, companies, units and staff, through the front door."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.people import public as people
from stadhuis.people.hashers import StaffArgon2PasswordHasher
from stadhuis.people.models import Medewerker, PersonBsn, UnitPeriod
from stadhuis.people.tests.given import PASSWORD, given_medewerker


@pytest.mark.django_db
def test_when_a_bsn_comes_twice_then_it_is_the_same_person() -> None:
    # when
    first, second = people.person_for_bsn("999990019"), people.person_for_bsn("999990019")
    # then
    assert first == second == people.find_person("999990019")
    assert people.bsn_of(first) == "999990019"
    assert people.find_person("999990184") is None


@pytest.mark.django_db
def test_the_bsn_stands_nowhere_in_the_database_in_the_clear() -> None:
    # given
    people.person_for_bsn("999990019")
    # when
    with connection.cursor() as cursor:
        cursor.execute("SELECT b::text, p::text FROM people_personbsn b JOIN people_person p ON p.id = b.person_id")
        rows = cursor.fetchall()
    # then
    assert rows
    assert "999990019" not in str(rows)
    assert b"999990019".hex() not in str(rows)


@pytest.mark.django_db
def test_when_an_encrypted_bsn_is_moved_to_another_person_then_it_does_not_open() -> None:
    # given
    one, other = people.person_for_bsn("999990019"), people.person_for_bsn("999990184")
    # when
    PersonBsn.objects.filter(pk=one).update(cipher=PersonBsn.objects.get(pk=other).cipher)
    # then
    with pytest.raises(InvalidTag):
        people.bsn_of(one)


@pytest.mark.django_db
def test_when_a_number_is_no_bsn_then_it_is_refused_and_not_repeated() -> None:
    with pytest.raises(people.InvalidBsn) as error:
        people.person_for_bsn("123456789")
    assert "123456789" not in str(error.value)


@pytest.mark.django_db
def test_many_bsns_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # given
    ids = [people.person_for_bsn(bsn) for bsn in ("999990019", "999990184")]
    # when
    with django_assert_num_queries(1):
        found = people.bsns_of(ids)
    # then
    assert found == {ids[0]: "999990019", ids[1]: "999990184"}
    assert people.bsns_of([]) == {}


@pytest.mark.django_db(transaction=True)
def test_when_two_requests_bring_the_same_new_bsn_at_once_then_there_is_one_person() -> None:
    # given
    found: list[int] = []
    barrier = threading.Barrier(4)

    def request() -> None:
        barrier.wait()
        with transaction.atomic():
            found.append(people.person_for_bsn("999990019"))
        connection.close()

    threads = [threading.Thread(target=request) for _ in range(4)]
    # when
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.django_db
def test_a_company_gets_its_name_and_rsin_when_they_become_known() -> None:
    # given
    company_id = people.company_for_kvk("90000001")
    # when
    assert people.company_for_kvk("90000001", naam="Bakkerij Oever", rsin="807287684") == company_id
    # then
    record = people.company(company_id)
    assert (record.naam, record.rsin, people.kvk_of(company_id)) == ("Bakkerij Oever", "807287684", "90000001")
    with pytest.raises(people.InvalidKvk):
        people.company_for_kvk("1234")


@pytest.mark.django_db
def test_when_a_unit_is_renamed_and_moved_then_its_history_stays() -> None:
    # given
    top, other = people.create_unit("sociaal", "Sociaal domein"), people.create_unit("dienst", "Dienstverlening")
    unit = people.create_unit("inkomen", "Inkomen", parent=top)
    # when
    people.change_unit(unit, naam="Werk en inkomen", parent=other, valid_from=date(2026, 3, 1))
    # then
    before = people.unit_by_code("inkomen", on=date(2026, 2, 28))
    after = people.unit_by_code("inkomen", on=date(2026, 3, 1))
    assert before is not None
    assert after is not None
    assert (before.naam, before.parent_id) == ("Inkomen", top)
    assert (after.naam, after.parent_id) == ("Werk en inkomen", other)
    assert people.units_below(top, on=date(2026, 2, 28)) == {top, unit}
    assert people.units_below(top, on=date(2026, 3, 1)) == {top}


@pytest.mark.django_db
def test_a_unit_cannot_have_two_names_on_one_day() -> None:
    unit = people.create_unit("inkomen", "Inkomen")
    with pytest.raises(IntegrityError):
        UnitPeriod.objects.create(unit_id=unit, naam="Anders", valid_from=date(2026, 1, 1))


def test_a_password_is_kept_at_the_costs_that_owasp_asks_and_one_of_other_costs_is_kept_anew() -> None:
    hasher = StaffArgon2PasswordHasher()
    kept = hasher.encode("een lang wachtwoord", "zout" * 6)
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("een lang wachtwoord", kept)
    assert not hasher.verify("een ander wachtwoord", kept)
    assert (hasher.must_update(kept), hasher.must_update(Argon2PasswordHasher().encode("x", "zout" * 6))) == (
        False,
        True,
    )


@pytest.mark.django_db
def test_a_member_of_staff_has_an_argon2_password_and_a_unit() -> None:
    # when
    medewerker_id = given_medewerker("Anna")
    # then
    record = people.medewerker(medewerker_id)
    assert (record.username, record.unit_naam, record.is_active) == ("anna", "Werk en inkomen", True)
    assert identify_hasher(Medewerker.objects.get().password).algorithm == "argon2"
    assert PASSWORD not in repr(record)
    assert people.medewerker_by_username("ANNA ") == record
    with pytest.raises(people.PeopleError):
        given_medewerker("anna")


@pytest.mark.django_db
def test_a_guest_needs_a_sponsor_a_purpose_and_an_end() -> None:
    medewerker_id = given_medewerker()
    with pytest.raises(IntegrityError):
        Medewerker.objects.filter(pk=medewerker_id).update(is_guest=True)


@pytest.mark.django_db
def test_the_name_of_an_actor_is_never_in_its_text() -> None:
    actor = people.medewerker(given_medewerker()).actor()
    assert "Anna" not in repr(actor)
    assert actor.key == "staff:anna"
