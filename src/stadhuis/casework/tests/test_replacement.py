"""Work of who is away, who left, and whose unit went up in another one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stadhuis.audit import public as audit
from stadhuis.casework import public as casework
from stadhuis.casework.models import Route, WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_town
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings: object) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"  # type: ignore[attr-defined]
    return given_town()


def given_away(who: Actor, replacement: Actor) -> None:
    assert who.pk is not None
    people.add_absence(who.pk, today(), today() + timedelta(days=5), replacement_id=replacement.pk, by=who)


def test_the_replacement_sees_that_work_as_replacement_and_only_what_their_own_roles_allow(town: Town) -> None:
    # given
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    stranger = given_staff(username="vreemd-zonder-recht")
    # when
    given_away(town.handler, town.decider)
    # then
    seen = casework.worklist("replacing", seen_by=town.decider)
    assert [line.identificatie for line in seen.lines] == [zaak.identificatie]
    assert (seen.counts.replacing, seen.counts.mine, seen.stands_in_for) == (1, 0, ("Annie Bos",))
    assert casework.worklist("replacing", seen_by=town.reader).lines == ()
    assert casework.worklist("replacing", seen_by=stranger).lines == ()


def test_standing_in_gives_no_rights(town: Town) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    given_away(town.handler, town.reader)
    with pytest.raises(casework.NotAllowed):
        casework.add_note(zaak.uuid, "Gebeld.", by=town.reader)


def test_the_deed_says_who_did_it_for_whom(town: Town) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    # before the absence the colleague acts for nobody
    casework.add_note(zaak.uuid, "Eerder gebeld.", by=town.decider)
    given_away(town.handler, town.decider)
    casework.suspend_term(
        zaak.uuid, casework.SUSPENSIONS[0], until=today() + timedelta(days=10), reason="Er mist iets", by=town.decider
    )
    lines = [line for line in audit.trail_of(zaak.uuid) if line.actor_key == town.decider.key]
    assert lines[0].acting_for_key == ""
    assert {line.acting_for_key for line in lines[1:]} == {town.handler.key}
    # what the handler does meanwhile is their own
    casework.add_note(zaak.uuid, "Toch even gekeken.", by=town.handler)
    assert audit.trail_of(zaak.uuid)[-1].acting_for_key == ""


def test_work_of_another_colleague_is_not_done_in_the_name_of_who_is_away(town: Town) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.decider)
    given_away(town.handler, town.decider)
    casework.add_note(zaak.uuid, "Mijn eigen zaak.", by=town.decider)
    assert audit.trail_of(zaak.uuid)[-1].acting_for_key == ""


@pytest.mark.parametrize("successor", ["decider", "reader", ""])
def test_open_work_of_who_left_goes_to_the_successor_who_may_handle_it_else_back(town: Town, successor: str) -> None:
    # given
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    chosen = {"decider": town.decider, "reader": town.reader}.get(successor)
    assert town.handler.pk is not None
    # when
    people.set_leaving_date(town.handler.pk, today(), successor_id=chosen.pk if chosen else None, by=people.SYSTEM)
    # then
    item = WorkItem.objects.get(zaak_id=zaak.id)
    assert item.handler_id == (town.decider.pk if successor == "decider" else None)
    assert item.unit_id is not None
    assert audit.trail_of(zaak.uuid)[-1].actie == ("zaak toegewezen" if successor == "decider" else "zaak teruggelegd")


def test_open_work_and_new_zaken_of_a_merged_unit_go_to_the_other_one(town: Town) -> None:
    zaak = given_application(town)
    team = people.unit_by_code("team")
    assert team
    other = people.create_unit("samen", "Samen")
    people.merge_units(team.id, other, on=today(), by=people.SYSTEM)
    assert WorkItem.objects.get(zaak_id=zaak.id).unit_id == other
    assert Route.objects.get(zaaktype_ref=town.zaaktype.ref).unit_id == other
    later = given_application(town)
    assert WorkItem.objects.get(zaak_id=later.id).unit_id == other
    assert casework.worklist("unit", seen_by=town.handler).total == 2
