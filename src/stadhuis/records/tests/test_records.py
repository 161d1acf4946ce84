"""The spine and its search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.access import guards
from stadhuis.access import public as access
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.records import actions
from stadhuis.records import public as records
from stadhuis.records.models import Record, SearchText

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(db: None) -> Iterator[None]:
    held, kinds = dict(guards._REGISTRY), dict(actions.KINDS)
    actions.KINDS.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE proef_zaak (id bigint, uuid uuid) ON COMMIT DROP;"
            "CREATE TEMP TABLE proef_rol (zaak_id bigint, person_id bigint) ON COMMIT DROP"
        )
    access.register_guarded(
        "zaak", table="proef_zaak",
        own_sql="EXISTS (SELECT 1 FROM proef_rol r WHERE r.zaak_id = {alias}.id AND r.person_id = {person})",
    )  # fmt: skip
    records.register_kind("zaak", "Zaak", lambda uuid: f"/werkplek/zaken/{uuid}/")
    yield
    for registry, before in ((guards._REGISTRY, held), (actions.KINDS, kinds)):
        registry.clear()
        registry.update(before)  # type: ignore[arg-type]


def given_record(*text: str, ref: str = "oev:tozo", level: int = 2, destroy_on: date | None = None) -> UUID:
    uuid = uuid4()
    records.put(
        "zaak", uuid, owner_unit="inkomen", retention_class="1.1.1", created=date(2026, 3, 1), destroy_on=destroy_on,
        guard=(ref, level), text=text,
    )  # fmt: skip
    return uuid


def given_staff(*grants: access.GrantData, person_id: int | None = None) -> Actor:
    unit = people.create_unit("inkomen", "Inkomen")
    medewerker = people.create_medewerker(
        "anna", "Anna", "a@oeverveen.example", unit, "", "geheim", person_id=person_id
    )
    access.create_role("rol", "Rol", grants)
    access.give_role(medewerker, "rol", unit)
    return people.medewerker(medewerker).actor()


def given_case_of(person_id: int, uuid: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO proef_zaak VALUES (1, %s)", [uuid])
        cursor.execute("INSERT INTO proef_rol VALUES (1, %s)", [person_id])


@pytest.mark.parametrize(
    "words",
    [
        "OEV-2026-0000123",
        "0000123",
        "aanvragen",
        "café",
        "CAFE",
        "zelfstandig",
        "jansen caf",
        "bijst",
        "Jansen  aanvraag",
    ],
)
def test_a_record_is_found_by_number_stem_without_accents_and_by_the_beginning_of_a_word(words: str) -> None:
    uuid = given_record("OEV-2026-0000123", "Aanvraag bijstand zelfstandigen", "Café Jansen")
    given_record("Kapvergunning Markt")
    assert [hit.object_uuid for hit in records.search(words, seen_by=SYSTEM)] == [uuid]


@pytest.mark.parametrize(
    "words", ["", "   ", "!!!", "'", "\\", "a' | b:*", "\x00", "%", "':*", "& | ! ( )", "x" * 5000]
)
def test_strange_words_find_nothing_and_break_nothing(words: str) -> None:
    given_record("Kapvergunning Markt")
    assert records.search(words, seen_by=SYSTEM) == []


def test_staff_find_only_what_their_grants_cover_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    low, _, _ = given_record("Jansen", level=2), given_record("Jansen", level=6), given_record("Jansen", ref="oev:kap")
    actor = given_staff(access.GrantData("zaak.lezen", "oev:tozo", 4))
    # one for the grants, one for words and rights together
    with django_assert_num_queries(2):
        hits = records.search("jansen", seen_by=actor)
    assert [hit.object_uuid for hit in hits] == [low]
    assert hits[0].url == f"/werkplek/zaken/{low}/"
    assert hits[0].kind_naam == "Zaak"


def test_a_resident_finds_own_cases_and_staff_do_not_find_theirs() -> None:
    mine, other = given_record("Jansen"), given_record("Jansen")
    person_id = people.person_for_bsn("999990019")
    given_case_of(person_id, mine)
    resident = Actor("resident", person_id, "person:x", "")
    assert [hit.object_uuid for hit in records.search("jansen", seen_by=resident)] == [mine]
    staff = given_staff(access.GrantData("zaak.lezen"), person_id=person_id)
    assert [hit.object_uuid for hit in records.search("jansen", seen_by=staff)] == [other]


def test_putting_again_changes_the_record_and_keeps_the_text_when_none_is_given() -> None:
    uuid = given_record("Jansen")
    records.put(
        "zaak", uuid, owner_unit="sociaal", retention_class="2", created=date(2026, 3, 1), destroy_on=date(2036, 1, 1),
        guard=("oev:tozo", 5), text=None,
    )  # fmt: skip
    (row,) = Record.objects.all()
    assert (row.owner_unit, row.level, row.destroy_on) == ("sociaal", 5, date(2036, 1, 1))
    assert len(records.search("jansen", seen_by=SYSTEM)) == 1
    with pytest.raises(records.UnknownKind):
        records.put(
            "fiets",
            uuid,
            owner_unit="x",
            retention_class="",
            created=date(2026, 3, 1),
            destroy_on=None,
            guard=("", 1),
            text=None,
        )


def test_a_removed_record_leaves_no_word_behind() -> None:
    uuid = given_record("Zeer Persoonlijk")
    records.remove("zaak", uuid)
    records.remove("zaak", uuid)
    assert not Record.objects.exists()
    assert not SearchText.objects.exists()


def test_a_record_under_a_hold_stays_until_the_hold_is_lifted() -> None:
    uuid = given_record("Jansen", destroy_on=date(2026, 1, 1))
    free = given_record("Pietersen", destroy_on=date(2026, 1, 1))
    hold = records.hold("zaak", uuid, reason="Woo-verzoek 12", by=SYSTEM)
    assert records.is_held("zaak", uuid)
    assert records.due_for_destruction(date(2026, 1, 1)) == [("zaak", free)]
    assert records.due_for_destruction(date(2025, 12, 31)) == []
    with pytest.raises(records.OnHold):
        records.remove("zaak", uuid)
    records.lift_hold(hold, by=SYSTEM)
    with pytest.raises(records.NotFound):
        records.lift_hold(hold, by=SYSTEM)
    records.remove("zaak", uuid)
    assert not records.is_held("zaak", uuid)
    with pytest.raises(records.NotFound):
        records.hold("zaak", uuid, reason="te laat", by=SYSTEM)
