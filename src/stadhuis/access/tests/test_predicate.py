"""The one access rule, on a table that stands for the one a register guards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given as for_all
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from stadhuis.access import guards
from stadhuis.access import public as access
from stadhuis.access.models import Membership
from stadhuis.access.rules import Allowance, allows, compile_allowances
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor

pytestmark = pytest.mark.django_db
OWN = (
    "EXISTS (SELECT 1 FROM proef_rol r WHERE r.zaak_id = {alias}.id"
    " AND (r.person_id = {person} OR r.company_id = {company}))"
)
VERSION = UUID("11111111-1111-1111-1111-111111111111")


@pytest.fixture(autouse=True)
def zaken(db: None) -> Iterator[None]:
    """Four cases: two types, two levels."""
    held = dict(guards._REGISTRY)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE proef_zaak (id bigint, uuid uuid DEFAULT gen_random_uuid(), zaaktype_ref text,"
            " orde smallint, versie uuid) ON COMMIT DROP;"
            "CREATE TEMP TABLE proef_rol (zaak_id bigint, person_id bigint, company_id bigint) ON COMMIT DROP;"
            "INSERT INTO proef_zaak (id, zaaktype_ref, orde, versie) VALUES (1, 'oev:tozo', 2, NULL), (2, 'oev:tozo', 5, NULL),"
            f" (3, 'oev:kap', 2, '{VERSION}'), (4, 'oev:kap', 8, NULL)"
        )
    access.register_guarded(
        "zaak",
        type_column="zaaktype_ref",
        level_column="orde",
        own_sql=OWN,
        version_sql="{alias}.versie",
        table="proef_zaak",
    )
    yield
    guards._REGISTRY.clear()
    guards._REGISTRY.update(held)


def seen(actor: Actor, action: str = "zaak.lezen", **more: object) -> list[int]:
    condition = access.predicate(actor, action, **more)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT z.id FROM proef_zaak z WHERE {condition.sql} ORDER BY 1", condition.params)
        return [row[0] for row in cursor.fetchall()]


def given_staff(*grants: access.GrantData, username: str = "anna", person_id: int | None = None) -> Actor:
    unit = people.create_unit("inkomen", "Inkomen")
    medewerker = people.create_medewerker(
        username, "Anna", "a@oeverveen.example", unit, "Consulent", "geheim", person_id=person_id
    )
    access.create_role(f"rol-{username}", "Rol", grants)
    access.give_role(medewerker, f"rol-{username}", unit, date(2026, 1, 1))
    return people.medewerker(medewerker).actor()


def given_rol(zaak_id: int, *, person_id: int | None = None, company_id: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO proef_rol VALUES (%s, %s, %s)", [zaak_id, person_id, company_id])


def test_staff_see_the_types_and_levels_of_their_grants_and_nothing_else() -> None:
    actor = given_staff(access.GrantData("zaak.lezen", "oev:tozo", 4), access.GrantData("zaak.lezen", "oev:kap", 8))
    assert seen(actor) == [1, 3, 4]
    assert seen(actor, "zaak.besluiten") == []


def test_a_grant_on_every_type_swallows_smaller_ones() -> None:
    actor = given_staff(access.GrantData("zaak.lezen", "*", 5), access.GrantData("zaak.lezen", "oev:tozo", 3))
    assert access.predicate(actor, "zaak.lezen").sql == "(z.orde <= 5)"
    assert seen(actor) == [1, 2, 3]


def test_who_has_no_role_sees_nothing_and_the_system_everything() -> None:
    assert seen(given_staff()) == []
    assert access.predicate(given_staff(username="bert"), "zaak.lezen").is_never
    assert seen(SYSTEM) == [1, 2, 3, 4]


def test_the_condition_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actor = given_staff(*(access.GrantData("zaak.lezen", f"oev:{number}", 1 + number % 8) for number in range(50)))
    with django_assert_num_queries(1):
        condition = access.predicate(actor, "zaak.lezen")
    assert condition.sql.count("ANY") == 8


def test_an_unknown_action_or_table_is_an_error_and_not_a_refusal() -> None:
    with pytest.raises(access.UnknownAction):
        access.predicate(SYSTEM, "zaak.stelen")
    with pytest.raises(access.UnknownGuard):
        access.predicate(SYSTEM, "zaak.lezen", kind="fiets")
    with pytest.raises(ValueError, match="alias"):
        access.predicate(SYSTEM, "zaak.lezen", alias="z; DROP TABLE x")


def test_a_resident_sees_own_cases_only_and_may_only_read() -> None:
    person_id, other = people.person_for_bsn("999990019"), people.person_for_bsn("999990184")
    given_rol(2, person_id=person_id)
    actor = Actor("resident", person_id, "person:x", "")
    assert seen(actor) == [2]
    assert seen(actor, "zaak.behandelen") == []
    assert seen(Actor("resident", other, "person:y", "")) == []
    assert access.may(actor, "zaak.lezen", zaaktype_ref="oev:tozo", level=5, zaak_id=2)
    assert not access.may(actor, "zaak.lezen", zaaktype_ref="oev:tozo", level=5, zaak_id=1)


def test_a_company_sees_its_own_cases_and_a_representative_those_of_whom_he_represents() -> None:
    company_id, person_id = people.company_for_kvk("90000001"), people.person_for_bsn("999990019")
    given_rol(3, company_id=company_id)
    given_rol(1, person_id=person_id)
    company = Actor("company", company_id, "company:x", "")
    assert seen(company) == [3]
    parent = Actor(
        "resident",
        people.person_for_bsn("999990184"),
        "person:y",
        "",
        acting_for=Actor("resident", person_id, "person:x", ""),
    )
    assert seen(parent) == [1]


def test_nobody_opens_or_decides_his_own_case() -> None:
    person_id = people.person_for_bsn("999990019")
    given_rol(1, person_id=person_id)
    actor = given_staff(access.GrantData("zaak.lezen"), access.GrantData("zaak.besluiten"), person_id=person_id)
    assert seen(actor) == [2, 3, 4]
    assert not access.may(actor, "zaak.besluiten", zaaktype_ref="oev:tozo", level=2, zaak_id=1)
    assert access.may(actor, "zaak.besluiten", zaaktype_ref="oev:tozo", level=2, zaak_id=2)


def test_where_an_own_case_cannot_be_told_staff_who_are_residents_see_nothing() -> None:
    access.register_guarded("zaak", type_column="zaaktype_ref", level_column="orde")
    actor = given_staff(access.GrantData("zaak.lezen"), person_id=people.person_for_bsn("999990019"))
    assert seen(actor) == []


def test_a_role_counts_from_its_first_day_up_to_its_last_and_not_after_leaving() -> None:
    actor = given_staff(access.GrantData("zaak.lezen"))
    row = Membership.objects.get()
    access.end_role(row.pk, today() + timedelta(days=1), by=SYSTEM)
    assert seen(actor) == [1, 2, 3, 4]
    assert seen(actor, on=today() + timedelta(days=1)) == []
    assert seen(actor, on=date(2025, 12, 31)) == []
    assert actor.pk is not None
    people.let_go(actor.pk, leaving_date=today())
    assert seen(actor) == []


def test_who_could_see_it_on_a_day_as_we_knew_it_then_is_one_question() -> None:
    # given: on 1 February somebody finds out that the role should have ended on 15 January
    actor = given_staff(access.GrantData("zaak.lezen"))
    row = Membership.objects.get()
    early = now() - timedelta(days=30)
    Membership.objects.filter(pk=row.pk).update(recorded_from=early)
    from stadhuis.access.models import Grant

    Grant.objects.update(recorded_from=early)
    before: datetime = now() - timedelta(days=1)
    # when
    access.end_role(row.pk, date(2026, 1, 15), by=SYSTEM)
    # then
    assert seen(actor, on=date(2026, 1, 20)) == []
    assert seen(actor, on=date(2026, 1, 20), known_at=before) == [1, 2, 3, 4]
    assert seen(actor, on=date(2026, 1, 10)) == [1, 2, 3, 4]


def test_one_has_a_role_once_at_a_time() -> None:
    actor = given_staff(access.GrantData("zaak.lezen"))
    unit = people.create_unit("inkomen", "Inkomen")
    assert actor.pk is not None
    with pytest.raises(access.MembershipConflict):
        access.give_role(actor.pk, "rol-anna", unit, date(2026, 6, 1))
    with pytest.raises(access.NotFound):
        access.give_role(actor.pk, "bestaat-niet", unit)


def given_applicatie(*rights: access.AutorisatieData) -> Actor:
    pk = access.create_applicatie("Formulieren", [f"formulieren-{uuid4().hex[:8]}"], "s" * 40, not rights, rights)
    return Actor("applicatie", pk, "applicatie:formulieren", "")


def test_an_application_sees_the_types_and_levels_of_its_autorisaties() -> None:
    actor = given_applicatie(
        access.AutorisatieData("zrc", ("zaken.lezen",), type_ref="oev:tozo", max_level=4),
        access.AutorisatieData("zrc", ("zaken.bijwerken",), type_ref="oev:kap", max_level=8),
        access.AutorisatieData("drc", ("documenten.lezen",), type_ref="*", max_level=8),
    )
    assert seen(actor) == [1]
    assert seen(actor, "zaak.behandelen") == [3, 4]
    assert seen(actor, "", scopes=["zaken.lezen", "zaken.bijwerken"]) == [1, 3, 4]
    assert seen(given_applicatie()) == [1, 2, 3, 4]
    assert access.may(actor, "zaak.lezen", zaaktype_ref="oev:tozo", level=4)
    assert not access.may(actor, "zaak.lezen", zaaktype_ref="oev:tozo", level=5)


def test_an_autorisatie_for_one_version_covers_that_version_only() -> None:
    actor = given_applicatie(
        access.AutorisatieData(
            "zrc", ("zaken.lezen",), type_url="http://x/1", type_uuid=VERSION, all_versions=False, max_level=8
        )
    )
    assert seen(actor) == [3]


def test_the_rules_of_the_autorisaties_api_hold() -> None:
    right = access.AutorisatieData("zrc", ("zaken.lezen",), type_ref="oev:tozo", max_level=4)
    with pytest.raises(access.AmbiguousAuthorizations, match="ambiguous-authorizations-specified"):
        access.create_applicatie("a", ["a"], "s" * 40, True, [right])
    with pytest.raises(access.AmbiguousAuthorizations, match="missing-authorizations"):
        access.create_applicatie("a", ["a"], "s" * 40, False, [])
    with pytest.raises(access.AutorisatieIncomplete) as missing:
        access.create_applicatie("a", ["a"], "s" * 40, False, [access.AutorisatieData("zrc", ("zaken.lezen",))])
    assert missing.value.fields == ["autorisaties.0.zaaktype", "autorisaties.0.maxVertrouwelijkheidaanduiding"]
    pk = access.create_applicatie("a", ["a"], "s" * 40, True)
    access.delete_applicatie(pk)
    with pytest.raises(access.ClientIdTaken):
        access.create_applicatie("b", ["a"], "s" * 40, True)


def test_a_right_on_a_catalogue_holds_for_each_of_its_types_and_versions_up_to_the_level() -> None:
    right = access.AutorisatieData("zrc", ("zaken.lezen",), domein="oev", max_level=4)
    pk = access.create_applicatie("c", ["catalogus"], "s" * 40, False, [right])
    actor = Actor("applicatie", pk, "applicatie:catalogus", "")
    assert seen(actor) == [1, 3]
    assert access.predicate(actor, "zaak.lezen").params == [["oev"]]
    assert access.may(actor, "zaak.lezen", zaaktype_ref="oev:nieuw", level=4)
    assert not access.may(actor, "zaak.lezen", zaaktype_ref="oev:nieuw", level=5)
    assert not access.may(actor, "zaak.lezen", zaaktype_ref="oevers:kap", level=1)
    record = access.applicatie_for("catalogus")
    assert record is not None
    assert record.autorisaties == (right,)


def test_a_right_names_a_catalogue_or_a_type() -> None:
    right = access.AutorisatieData("zrc", ("zaken.lezen",), "oev:kap", domein="oev", max_level=4)
    with pytest.raises(IntegrityError, match="autorisatie_catalogue_or_type"), transaction.atomic():
        access.create_applicatie("c", ["catalogus"], "s" * 40, False, [right])


def test_an_application_without_a_secret_cannot_get_in_until_it_has_one() -> None:
    access.create_applicatie("c", ["nieuw"], "", True)
    assert access.secrets_of("nieuw") == []
    access.set_secret("nieuw", "s" * 40)
    assert [one.slot for one in access.secrets_of("nieuw")] == [1]


@for_all(
    st.lists(
        st.tuples(
            st.sampled_from(["*", "oev:tozo", "oev:kap", ""]),
            st.integers(0, 8),
            st.none(),
            st.sampled_from(["", "oev", "a"]),
        ),
        max_size=6,
    ),
    st.sampled_from(["oev:tozo", "oev:kap", "oev:x", "oevx:kap", "a:oev:kap", ""]),
    st.integers(1, 8),
)
def test_the_condition_and_the_answer_for_one_case_always_agree(
    grants: list[tuple[str, int, None, str]], ref: str, level: int
) -> None:
    allowances = [Allowance(*grant) for grant in grants if grant[0] or grant[3]]
    condition = compile_allowances(allowances, type_sql="z.t", level_sql="z.l")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {condition.sql} FROM (SELECT %s::text AS t, %s::smallint AS l) z",
            [*condition.params, ref, level],
        )
        row = cursor.fetchone()
    assert row is not None
    assert row[0] == allows(allowances, type_ref=ref, level=level)
