"""The predicate, the explanation and a plain evaluation of grants over rows: three answers that must be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from stadhuis.access import public as access
from stadhuis.access.models import Bar, BreakGlass, Conflict, Grant, Kin, Membership, Role
from stadhuis.kit.time import AMSTERDAM, clock_set_to, local, now, today
from stadhuis.people import public as people
from stadhuis.people.models import Unit, UnitPeriod
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.records.models import PastOwner, Record
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import (
    BSN,
    OTHER_BSN,
    given_linked_document,
    given_staff,
    given_zaak,
)

pytestmark = pytest.mark.django_db


def seen(
    actor: Actor, action: str, zaak: zaken.ZaakRecord, *, on: date | None = None, known: datetime | None = None
) -> bool:
    condition = access.predicate(actor, action, on=on, known_at=known)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM zaken_zaak z WHERE z.id = %s AND {condition.sql}", [zaak.id, *condition.params])
        return cursor.fetchone() is not None


def plainly(
    medewerker_id: int, action: str, zaak: zaken.ZaakRecord, parties: set[int], *, on: date, known: datetime
) -> bool:
    """Evaluate the rule over the rows, in Python, without a word of the SQL of the predicate."""
    from stadhuis.people.models import Medewerker

    who = Medewerker.objects.get(pk=medewerker_id)
    if who.leaving_date is not None and who.leaving_date <= on:
        return False

    def holds(row: Membership | Grant) -> bool:
        begun = row.valid_from <= on and row.recorded_from <= known
        return (
            begun
            and (row.valid_to is None or row.valid_to > on)
            and (row.recorded_to is None or row.recorded_to > known)
        )

    def was_known(row: Kin | Conflict) -> bool:
        return row.recorded_from <= known and (row.recorded_to is None or row.recorded_to > known)

    family = {row.person_id for row in Kin.objects.filter(medewerker_id=medewerker_id) if was_known(row)}
    if parties & (family | {who.person_id}):
        return False
    if any(
        row.zaak_uuid == zaak.uuid and was_known(row) for row in Conflict.objects.filter(medewerker_id=medewerker_id)
    ):
        return False
    moment = min(known, datetime.combine(on + timedelta(days=1), time.min, tzinfo=AMSTERDAM))
    record = Record.objects.get(kind="zaak", object_uuid=zaak.uuid)
    before = PastOwner.objects.filter(record=record, until__gt=moment).order_by("until").first()
    owner = before.owner_unit if before else record.owner_unit

    def is_of(unit: Unit | None) -> bool:
        """Whether the owner is that unit or hangs below it that day; no deeper than one here."""
        if unit is None or unit.code == owner:
            return True
        return any(
            period.valid_from <= on and (period.valid_to is None or on < period.valid_to)
            for period in UnitPeriod.objects.filter(parent=unit, unit__code=owner)
        )

    roles = {row.role_id for row in Membership.objects.filter(medewerker_id=medewerker_id) if holds(row)}

    def gives(right: str) -> bool:
        return any(
            holds(grant)
            and grant.type_ref in {"*", zaak.zaaktype_ref}
            and zaak.vertrouwelijkheid_orde <= grant.max_level
            and is_of(grant.unit)
            for grant in Grant.objects.filter(role_id__in=roles, action=right)
        )

    barred = {
        row.person_id
        for row in Bar.objects.all()
        if row.starts_at <= known
        and (row.lifted_at is None or row.lifted_at > known)
        and (row.ends_on is None or row.ends_on > on)
    }
    if parties & barred and not gives("persoon.afgeschermd"):
        return False
    if gives(action):
        return True
    if action not in {"zaak.lezen", "document.lezen", "besluit.lezen"}:
        return False
    for row in BreakGlass.objects.filter(medewerker_id=medewerker_id, zaak_uuid=zaak.uuid, starts_at__lte=known):
        if on == local(known).date():
            if row.ends_at > known:
                return True
        elif local(row.starts_at).date() <= on <= local(row.ends_at).date():
            return True
    return False


@dataclass(frozen=True)
class Story:
    """What happened to somebody's rights."""

    action: str
    ref: str
    level: int
    starts: int
    ends: int | None
    known_since: int
    corrected: int | None
    kin: bool
    own: bool
    conflict: bool
    glass: bool
    left: bool
    barred: bool
    sees_barred: bool
    unit: str
    """To which unit the grants are bound; "" for none."""
    moved: int | None
    """How many days ago the zaak came to the unit from another one."""
    hung: int | None
    """How many days ago the unit was put below the one above; None: always."""


STORIES = st.builds(
    Story,
    action=st.sampled_from(["zaak.lezen", "zaak.behandelen", "zaak.besluiten"]),
    ref=st.sampled_from(["*", "TEST:MELDING", "TEST:ANDER"]),
    level=st.integers(1, 8),
    starts=st.integers(-20, 5),
    ends=st.one_of(st.none(), st.integers(6, 15)),
    known_since=st.integers(-20, 0),
    corrected=st.one_of(st.none(), st.integers(-10, -1)),
    kin=st.booleans(), own=st.booleans(), conflict=st.booleans(), glass=st.booleans(), left=st.booleans(),
    barred=st.booleans(), sees_barred=st.booleans(), unit=st.sampled_from(["", "mine", "other", "above"]),
    moved=st.one_of(st.none(), st.integers(-12, -1)), hung=st.one_of(st.none(), st.integers(-12, 5)),
)  # fmt: skip


@pytest.fixture
def ground() -> tuple[zaken.ZaakRecord, Actor]:
    """One zaak with a party, and one member of staff."""
    return given_zaak(), given_staff(username="anna")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(story=STORIES, asked=st.sampled_from(["zaak.lezen", "zaak.behandelen", "zaak.besluiten"]),
         day=st.integers(-15, 10), known=st.integers(-12, 0))  # fmt: skip
def test_predicate_explanation_and_plain_evaluation_agree_on_every_day_as_known_at_every_moment(
    ground: tuple[zaken.ZaakRecord, Actor], story: Story, asked: str, day: int, known: int
) -> None:
    with transaction.atomic():
        _agree(*ground, story, asked, day, known)
        transaction.set_rollback(True)


def _agree(zaak: zaken.ZaakRecord, actor: Actor, story: Story, asked: str, day: int, known: int) -> None:
    # given
    moment = now()
    party = people.person_for_bsn(BSN)
    assert actor.pk is not None
    role = Role.objects.create(code=uuid4().hex, naam="Verhaal")
    above, other = people.create_unit("above", "Afdeling"), people.create_unit("other", "Ander team")
    mine = people.create_unit("mine", "Mijn team", above if story.hung is None else None)
    if story.hung is not None:
        people.change_unit(mine, naam="Mijn team", parent=above, valid_from=today() + timedelta(days=story.hung))
    for code, days in (("other", -30), ("mine", story.moved or -29)):
        with clock_set_to(moment + timedelta(days=days)):
            records.set_owner("zaak", zaak.uuid, code)
    bound = {"": None, "mine": mine, "other": other, "above": above}[story.unit]
    since = moment + timedelta(days=story.known_since)
    Grant.objects.create(role=role, action=story.action, type_ref=story.ref, max_level=story.level, unit_id=bound,
                         valid_from=date(2000, 1, 1), recorded_from=since, recorded_by="x")  # fmt: skip
    if story.sees_barred:
        Grant.objects.create(role=role, action="persoon.afgeschermd", type_ref=story.ref, max_level=story.level, unit_id=bound,
                             valid_from=date(2000, 1, 1), recorded_from=since, recorded_by="x")  # fmt: skip
    if story.barred:
        Bar.objects.create(
            person_id=party, reason="Bedreigd", starts_at=since, set_by="x", lift_asked_by="x", lifted_by="y" if story.corrected else "",
            ends_on=None if story.ends is None else today() + timedelta(days=story.ends - 5),
            lifted_at=max(since, moment + timedelta(days=story.corrected)) if story.corrected else None,
        )  # fmt: skip
    Membership.objects.filter(medewerker_id=actor.pk).delete()
    first = today() + timedelta(days=story.starts)
    Membership.objects.create(
        medewerker_id=actor.pk, role=role, unit_id=people.units()[0].id, valid_from=first, recorded_from=since,
        valid_to=None if story.ends is None else today() + timedelta(days=story.ends), recorded_by="x",
        recorded_to=None if story.corrected is None else max(since, moment + timedelta(days=story.corrected)),
    )  # fmt: skip
    if story.own:
        people.link_to_person(actor.pk, party if story.level % 2 else people.person_for_bsn(OTHER_BSN))
    if story.kin:
        Kin.objects.create(medewerker_id=actor.pk, person_id=party, relation="child", recorded_from=since)
    if story.conflict:
        Conflict.objects.create(medewerker_id=actor.pk, zaak_uuid=zaak.uuid, recorded_from=since, recorded_by="x")
    if story.glass:
        BreakGlass.objects.create(medewerker_id=actor.pk, zaak_uuid=zaak.uuid, reason="Brand",
                                  starts_at=since - timedelta(minutes=1), ends_at=since + timedelta(hours=1))  # fmt: skip
    if story.left:
        people.let_go(actor.pk, leaving_date=today())
    on, at = today() + timedelta(days=day), moment + timedelta(days=known, seconds=5 if known == 0 else 0)
    # then
    by_hand = plainly(actor.pk, asked, zaak, {party}, on=on, known=at)
    why = access.explain(actor.pk, asked, kind="zaak", uuid=zaak.uuid, on=on, known_at=at)
    assert seen(actor, asked, zaak, on=on, known=at) == by_hand == why.may, why.steps


def test_the_explanation_says_in_words_which_role_opens_or_why_none_does() -> None:
    zaak = given_zaak()
    reads = given_staff(access.GrantData("zaak.lezen"), username="mag")
    low = given_staff(access.GrantData("zaak.lezen", "*", 1), username="laag")
    other = given_staff(access.GrantData("zaak.lezen", "TEST:ANDER"), username="ander")

    def words(actor: Actor) -> str:
        assert actor.pk is not None
        return " ".join(step.text for step in access.explain(actor.pk, "zaak.lezen", kind="zaak", uuid=zaak.uuid).steps)

    assert "Rol rol-mag (Team) geeft dit recht op elk type" in words(reads)
    assert "reikt maar tot openbaar" in words(low)
    assert "Zonder recht blijft alles dicht" in words(low)
    assert "alleen op TEST:ANDER" in words(other)
    with pytest.raises(access.NotFound):
        access.explain(reads.pk or 0, "zaak.lezen", kind="zaak", uuid=uuid4())
    with pytest.raises(access.UnknownAction):
        access.explain(reads.pk or 0, "zaak.stelen", kind="zaak", uuid=zaak.uuid)


def test_a_document_is_explained_by_its_own_type_and_shut_by_the_parties_of_its_zaak() -> None:
    zaak = given_zaak()
    document = given_linked_document(zaak)
    actor = given_staff(access.GrantData("document.lezen"))
    assert actor.pk is not None
    assert access.explain(actor.pk, "document.lezen", kind="document", uuid=document.uuid).may
    access.set_family(actor.pk, [access.Relative(people.person_for_bsn(BSN), "parent")])
    why = access.explain(actor.pk, "document.lezen", kind="document", uuid=document.uuid)
    assert not why.may
    assert why.steps[-1].code == "family"


# -- Family, interest, break-glass --------------------------------------------------------------------------------------
def test_the_case_of_family_is_shut_on_every_path_until_they_are_family_no_longer() -> None:
    zaak = given_zaak()
    actor = given_staff()
    assert actor.pk is not None
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=actor)
    access.set_family(actor.pk, [access.Relative(people.person_for_bsn(BSN), "partner")])
    with pytest.raises(zaken.ZaakNotFound):
        zaken.zaak_by_uuid(zaak.uuid, seen_by=actor)
    assert not zaken.find(number=zaak.identificatie, seen_by=actor)
    assert not access.may(actor, "zaak.behandelen", zaaktype_ref=zaak.zaaktype_ref, level=1, zaak_id=zaak.id)
    access.set_family(actor.pk, [])
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=actor)
    assert Kin.objects.filter(medewerker_id=actor.pk, recorded_to__isnull=False).count() == 1


def test_a_declared_interest_shuts_one_case_and_only_another_administrator_opens_it_again() -> None:
    zaak, other = given_zaak(), given_zaak()
    actor = given_staff()
    assert actor.pk is not None
    with pytest.raises(access.RightIncomplete):
        access.declare_conflict(zaak.uuid, reason="  ", by=actor)
    access.declare_conflict(zaak.uuid, reason="Buren", by=actor)
    access.declare_conflict(zaak.uuid, reason="Buren", by=actor)
    assert not seen(actor, "zaak.lezen", zaak)
    assert seen(actor, "zaak.lezen", other)
    [kept] = access.conflicts_of(actor.pk)
    with pytest.raises(access.OwnRequest):
        access.end_conflict(kept.id, by=actor)
    access.end_conflict(kept.id, by=given_staff(username="beheer"))
    assert seen(actor, "zaak.lezen", zaak)


def test_break_glass_opens_one_case_to_read_for_a_while_and_never_one_s_own() -> None:
    zaak, other = given_zaak(), given_zaak()
    actor = given_staff(access.GrantData("zaak.noodtoegang"))
    assert actor.pk is not None
    assert not seen(actor, "zaak.lezen", zaak)
    with pytest.raises(access.RightIncomplete):
        access.break_glass(zaak.uuid, reason="", by=actor)
    glass = access.break_glass(zaak.uuid, reason="Brand", by=actor)
    assert seen(actor, "zaak.lezen", zaak)
    assert not seen(actor, "zaak.lezen", other)
    assert not seen(actor, "zaak.behandelen", zaak)
    assert access.may(actor, "zaak.lezen", zaaktype_ref=zaak.zaaktype_ref, level=1, zaak_id=zaak.id)
    assert not access.may(actor, "zaak.behandelen", zaaktype_ref=zaak.zaaktype_ref, level=1, zaak_id=zaak.id)
    people.link_to_person(actor.pk, people.person_for_bsn(BSN))
    assert not seen(actor, "zaak.lezen", zaak)
    people.link_to_person(actor.pk, None)
    with pytest.raises(access.OwnRequest):
        access.look_at_glass(glass, by=actor)
    access.end_glass(glass, by=actor)
    assert not seen(actor, "zaak.lezen", zaak)
    with pytest.raises(access.NotFound):
        access.end_glass(glass, by=actor)


def test_break_glass_ends_by_itself() -> None:
    zaak = given_zaak()
    actor = given_staff(access.GrantData("zaak.noodtoegang"))
    access.break_glass(zaak.uuid, reason="Brand", by=actor)
    BreakGlass.objects.update(starts_at=now() - timedelta(hours=5), ends_at=now() - timedelta(seconds=1))
    assert not seen(actor, "zaak.lezen", zaak)
    assert [glass.is_open for glass in access.glasses()] == [False]
