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
from stadhuis.records import kinds as registry
from stadhuis.records import public as records
from stadhuis.records import reads
from stadhuis.records.models import Record, SearchText, Word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(db: None) -> Iterator[None]:
    held, kinds = dict(guards._REGISTRY), dict(registry.KINDS)
    registry.KINDS.clear()
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
    for table, before in ((guards._REGISTRY, held), (registry.KINDS, kinds)):
        table.clear()
        table.update(before)  # type: ignore[arg-type]


def given_record(*text: str, ref: str = "oev:tozo", level: int = 2, destroy_on: date | None = None) -> UUID:
    uuid = uuid4()
    records.put(
        "zaak", uuid, owner_unit="inkomen", retention_class="1.1.1", created=date(2026, 3, 1), destroy_on=destroy_on,
        guard=(ref, level), text=text,
    )  # fmt: skip
    return uuid


def found(words: str, *, seen_by: Actor = SYSTEM, tolerant: bool = False) -> list[UUID]:
    return [hit.object_uuid for hit in records.search(words, seen_by=seen_by, tolerant=tolerant).hits]


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
    assert found(words) == [uuid]


@pytest.mark.parametrize(
    "words", ["", "   ", "!!!", "'", "\\", "a' | b:*", "\x00", "%", "':*", "& | ! ( )", "x" * 5000]
)
def test_strange_words_find_nothing_and_break_nothing(words: str) -> None:
    given_record("Kapvergunning Markt")
    assert found(words) == []


def test_staff_find_only_what_their_grants_cover_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    low, _, _ = given_record("Jansen", level=2), given_record("Jansen", level=6), given_record("Jansen", ref="oev:kap")
    actor = given_staff(access.GrantData("zaak.lezen", "oev:tozo", 4))
    # one for the grants, one for the words that begin so, one for words and rights together, one for the stems that
    # explain the hits
    with django_assert_num_queries(4):
        hits = records.search("jansen", seen_by=actor).hits
    assert [hit.object_uuid for hit in hits] == [low]
    assert hits[0].url == f"/werkplek/zaken/{low}/"
    assert hits[0].kind_naam == "Zaak"


def test_a_resident_finds_own_cases_and_staff_do_not_find_theirs() -> None:
    mine, other = given_record("Jansen"), given_record("Jansen")
    person_id = people.person_for_bsn("999990019")
    given_case_of(person_id, mine)
    resident = Actor("resident", person_id, "person:x", "")
    assert found("jansen", seen_by=resident) == [mine]
    staff = given_staff(access.GrantData("zaak.lezen"), person_id=person_id)
    assert found("jansen", seen_by=staff) == [other]


def test_putting_again_changes_the_record_and_keeps_the_text_when_none_is_given() -> None:
    uuid = given_record("Jansen")
    records.put(
        "zaak", uuid, owner_unit="sociaal", retention_class="2", created=date(2026, 3, 1), destroy_on=date(2036, 1, 1),
        guard=("oev:tozo", 5), text=None,
    )  # fmt: skip
    (row,) = Record.objects.all()
    assert (row.owner_unit, row.level, row.destroy_on) == ("sociaal", 5, date(2036, 1, 1))
    assert len(found("jansen")) == 1
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


# -- Spelling and explanation -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("bijstant", "bijstand"),
        ("beistand", "bijstand"),
        ("bijstnad", "bijstand"),
        ("cafee", "Café"),
        ("jansne", "Jansen"),
        ("janssen", "Jansen"),
        ("aanvrag bijstant", "bijstand"),
    ],
)
def test_when_a_word_is_misspelled_then_what_was_meant_is_found_and_it_says_why(typed: str, form: str) -> None:
    # given
    uuid = given_record("Aanvraag bijstand zelfstandigen", "Café Jansen")
    given_record("Kapvergunning Markt")
    records.learn()
    # when
    answer = records.search(typed, seen_by=SYSTEM)
    # then
    assert [hit.object_uuid for hit in answer.hits] == [uuid]
    assert answer.is_near
    assert form in {why.form for why in answer.hits[0].why if why.how == "near"}


def test_when_the_word_itself_is_found_then_what_looks_like_it_is_not_unless_asked() -> None:
    # given
    jansen, janssen = given_record("Jansen"), given_record("Janssen")
    records.learn()
    # then
    assert found("jansen") == [jansen]
    assert set(found("jansen", tolerant=True)) == {jansen, janssen}


def test_when_only_someone_else_may_see_a_word_then_a_misspelling_does_not_give_it_away() -> None:
    # given
    given_record("Zwaardvechter", level=8)
    records.learn()
    # then
    assert found("zwaardvegter", seen_by=given_staff(access.GrantData("zaak.lezen", "oev:tozo", 4))) == []
    assert found("zwaardvegter") != []


def test_a_hit_says_in_which_part_which_word_matched_which_form_and_how() -> None:
    # given
    given_record("OEV-2026-0000123", "Twee aanvragen voor Café Jansen", "Zelfstandigen")
    # when
    (hit,) = records.search("aanvraag cafe zelf 0000123", seen_by=SYSTEM).hits
    # then
    assert {(why.typed, why.form, why.how) for why in hit.why} == {
        ("aanvraag", "aanvragen", "stem"),
        ("cafe", "Café", "exact"),
        ("zelf", "Zelfstandigen", "begin"),
        ("0000123", "0000123", "exact"),
    }
    shown = ["".join(piece for piece, _ in excerpt.pieces) for excerpt in hit.excerpts]
    assert shown == ["OEV-2026-0000123", "Twee aanvragen voor Café Jansen", "Zelfstandigen"]
    assert [piece for piece, is_hit in hit.excerpts[1].pieces if is_hit] == ["aanvragen", "Café"]


def test_hits_come_in_pages_and_the_number_of_statements_stays_the_same(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # given
    made = {given_record("Jansen", f"Melding {number}") for number in range(7)}
    # when
    with django_assert_num_queries(3):
        first = records.search("jansen", seen_by=SYSTEM, limit=3)
    with django_assert_num_queries(3):
        pages = [records.search("jansen", seen_by=SYSTEM, limit=3, offset=at) for at in (0,)]
    rest = [records.search("jansen", seen_by=SYSTEM, limit=3, offset=at) for at in (3, 6)]
    # then
    assert (first.total, first.is_more) == (7, False)
    assert {hit.object_uuid for page in [*pages, *rest] for hit in page.hits} == made
    assert records.search("jansen", seen_by=SYSTEM, limit=3, offset=9).hits == ()


def test_words_that_say_nothing_do_not_count_unless_there_is_nothing_else() -> None:
    uuid = given_record("Aanvraag bijstand")
    assert found("de aanvraag voor een bijstand") == [uuid]
    assert found("de") == []


def test_when_the_last_record_with_a_word_goes_then_the_word_is_forgotten() -> None:
    # given
    one, two = given_record("Zeldzaam woord"), given_record("woord")
    records.learn()
    assert set(Word.objects.values_list("word", flat=True)) == {"zeldzaam", "woord"}
    # when
    records.remove("zaak", one)
    # then
    assert set(Word.objects.values_list("word", flat=True)) == {"woord"}
    assert found("woord") == [two]


# -- Classes, owners, holds, ledger -----------------------------------------------------------------------------------
def test_the_day_of_destruction_follows_from_class_and_brondatum_and_the_history_is_kept() -> None:
    # given
    uuid = given_record("Jansen")
    Record.objects.update(brondatum=date(2024, 2, 29))
    records.define_class("7.1", naam="Toegekend", nominatie="vernietigen", termijn="P7Y", by=SYSTEM)
    records.define_class("1.1", naam="Beleid", nominatie="blijvend_bewaren", termijn="", by=SYSTEM)
    # when
    records.reclassify("zaak", uuid, "7.1", reason="verkeerd resultaat", by=SYSTEM)
    # then
    first = records.record_of("zaak", uuid)
    assert first is not None
    assert (first.retention_class, first.destroy_on) == ("7.1", date(2031, 2, 28))
    # when
    records.reclassify("zaak", uuid, "1.1", reason="hotspot", by=SYSTEM)
    # then
    second = records.record_of("zaak", uuid)
    assert second is not None
    assert (second.class_naam, second.nominatie, second.destroy_on) == ("Beleid", "blijvend_bewaren", None)
    assert [(one.was, one.becomes, one.reason) for one in second.history] == [
        ("7.1", "1.1", "hotspot"), ("1.1.1", "7.1", "verkeerd resultaat"),
    ]  # fmt: skip


def test_a_class_without_a_sound_term_and_a_change_without_a_reason_are_refused() -> None:
    uuid = given_record("Jansen")
    for nominatie, termijn, error in (
        ("vernietigen", "zeven jaar", records.TermInvalid),
        ("vernietigen", "", records.TermInvalid),
        ("weggooien", "P7Y", records.ClassUnknown),
    ):
        with pytest.raises(error):
            records.define_class("7.1", naam="Toegekend", nominatie=nominatie, termijn=termijn, by=SYSTEM)
    with pytest.raises(records.ClassUnknown):
        records.reclassify("zaak", uuid, "7.1", reason="omdat", by=SYSTEM)
    records.define_class("7.1", naam="Toegekend", nominatie="vernietigen", termijn="P7Y", by=SYSTEM)
    with pytest.raises(records.ReasonMissing):
        records.reclassify("zaak", uuid, "7.1", reason=" ", by=SYSTEM)
    with pytest.raises(records.NotFound):
        records.reclassify("zaak", uuid4(), "7.1", reason="omdat", by=SYSTEM)


def test_when_a_unit_merges_then_its_records_are_handed_over_and_that_is_on_the_trail() -> None:
    # given
    given_record("Jansen"), given_record("Pietersen")
    # when
    moved = records.hand_over("inkomen", "sociaal", reason="samengevoegd op 1 januari", by=SYSTEM)
    # then
    assert moved == 2
    assert records.owners() == [("sociaal", 2)]
    for was, becomes, reason, error in (
        ("sociaal", "sociaal", "x", records.SameOwner),
        ("sociaal", "", "x", records.SameOwner),
        ("sociaal", "zorg", "", records.ReasonMissing),
    ):
        with pytest.raises(error):
            records.hand_over(was, becomes, reason=reason, by=SYSTEM)


def test_the_ledger_keeps_who_opened_what_under_which_role_and_nothing_of_what_is_not_kept(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # given
    uuid, actor = given_record("Jansen"), given_staff(access.GrantData("zaak.lezen"))
    # when
    with django_assert_num_queries(1):
        records.opened("zaak", uuid, by=actor, what="zaak")
    records.opened("zaak", uuid, by=SYSTEM, what="export")
    records.opened("zaak", uuid4(), by=actor, what="zaak")
    # then
    assert [(one.actor_key, one.roles, one.what) for one in records.openings_of("zaak", uuid)] == [
        ("system", "", "export"), (actor.key, "rol", "zaak"),
    ]  # fmt: skip


def test_a_hold_asks_a_reason_and_open_holds_are_listed() -> None:
    uuid = given_record("Jansen")
    with pytest.raises(records.ReasonMissing):
        records.hold("zaak", uuid, reason=" ", by=SYSTEM)
    hold = records.hold("zaak", uuid, reason="Woo-verzoek 12", by=SYSTEM)
    assert [(one.uuid, one.reason) for one in records.holds()] == [(hold, "Woo-verzoek 12")]
    records.lift_hold(hold, by=SYSTEM)
    assert records.holds() == []
    assert [one.lifted_by for one in records.holds(open_only=False)] == ["system"]


def given_blocks_of_one(monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...]) -> None:
    """Let every record be a block, and let the parts hold so many, so that a few records stand for a town."""
    monkeypatch.setattr(reads, "BLOCK_BITS", 0)
    monkeypatch.setattr(reads, "RECORDS_PER_BLOCK", 1)
    monkeypatch.setattr(reads, "LOOKED_UP_FIRST", sizes)


@pytest.mark.parametrize("sizes", [(1,), (1, 3), (2, 4, 9), (50_000, 250_000)])
@pytest.mark.parametrize("is_learned", [True, False])
def test_the_parts_in_which_is_looked_make_no_difference_to_what_is_found(
    monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], is_learned: bool
) -> None:
    # given more records than the first parts hold, of which some are not learned yet
    made = [given_record("Jansen", f"Bijstandsuitkering {number}") for number in range(12)]
    if is_learned:
        records.learn()
    made += [given_record("Jansen", "Bijstand, later")]
    given_blocks_of_one(monkeypatch, sizes)
    # when
    for words in ("bijst", "jansen", "jans bijst"):
        hits = records.search(words, seen_by=SYSTEM, limit=50)
        # then
        assert {hit.object_uuid for hit in hits.hits} == set(made), words
        assert len(hits.hits) == len({hit.object_uuid for hit in hits.hits}) == hits.total, words


@pytest.mark.parametrize("sizes", [(1, 3), (2, 5, 11), (50_000,)])
@pytest.mark.parametrize("most", [3, 1000])
def test_whoever_sees_a_part_finds_all_of_that_part_and_nothing_else_however_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], most: int
) -> None:
    # given records of three types and all levels, some learned, some not, and people who see another part each
    seen: dict[UUID, tuple[str, int]] = {}
    for number in range(36):
        guard = (f"oev:{number % 3}", 1 + number % 8)
        seen[
            given_record(f"Jan{'s' if number % 2 else 'ss'}en", "Bijstandsuitkering", ref=guard[0], level=guard[1])
        ] = guard
        if number == 24:
            records.learn()
    given_blocks_of_one(monkeypatch, sizes)
    monkeypatch.setattr(reads, "MOST_RANKED", most)
    unit = people.create_unit("inkomen", "Inkomen")
    for name, grants in (
        ("nobody", []), ("one", [("oev:1", 4)]), ("two", [("oev:0", 8), ("oev:2", 1)]), ("every", [("*", 3)]),
    ):  # fmt: skip
        medewerker = people.create_medewerker(name, name, f"{name}@oeverveen.example", unit, "", "geheim")
        access.create_role(name, name, [access.GrantData("zaak.lezen", *grant) for grant in grants])
        access.give_role(medewerker, name, unit)
        actor = people.medewerker(medewerker).actor()
        allowed = {
            uuid
            for uuid, (ref, level) in seen.items()
            if any(one in {ref, "*"} for one, high in grants if level <= high)
        }
        # when asked by a frequent word, a beginning, both, a misspelling, and words that look like it too
        for words, tolerant in (("bijstandsuitkering", False), ("bijst", False), ("jans bijst", False),
                                ("bijstandsuitkerring", False), ("jansen", True)):  # fmt: skip
            answer = records.search(words, seen_by=actor, limit=50, tolerant=tolerant)
            found_now = [hit.object_uuid for hit in answer.hits]
            # then never more than may be seen; all of it, or the newest so many and word that there are more
            assert set(found_now) <= allowed, (name, words)
            assert len(found_now) == len(set(found_now)), (name, words)
            assert answer.total == min(len(allowed), most), (name, words)
            assert answer.is_more == (len(allowed) > most), (name, words)


def test_a_town_of_many_blocks_is_asked_in_as_many_statements_as_one_of_few(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # given
    made = [given_record("Jansen", f"Melding {number}") for number in range(9)]
    records.learn()
    given_blocks_of_one(monkeypatch, (1, 2, 4, 6))
    # then: what begins so, words and rights, the stems
    with django_assert_num_queries(3):
        assert set(found("jansen")) == set(made)


def test_the_blocks_that_are_asked_for_stand_in_the_index_of_words() -> None:
    # given
    given_record("Jansen")
    with connection.cursor() as cursor:
        # when there are too few records to choose the index by itself
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        (part, *_) = reads._newest_first(10_000_000)
        cursor.execute(
            f"EXPLAIN SELECT 1 FROM records_searchtext t WHERE {part} t.vector @@ to_tsquery('simple', 'jansen')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # then both are looked up in it
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "search_text_words_by_block" in plan
    assert "@@" in condition
    assert "&&" in condition


@pytest.mark.parametrize("words", ["OEV-2026-00", "OEV-2026-0000123", "oev 2026", "0000123"])
def test_a_number_is_found_by_its_parts_and_by_the_beginning_of_the_last(words: str) -> None:
    uuid = given_record("OEV-2026-0000123")
    given_record("OEV-2025-0000124")
    given_record("ANDER-2026-99")
    assert found(words) == [uuid]
