"""Leaving, guests, absence and units: what ends when, and what stays known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.kit.time import today
from stadhuis.people import jobs
from stadhuis.people import public as people
from stadhuis.people.actions import links
from stadhuis.people.models import AccountLink, KnownDevice, LoginSession, Medewerker, Placement, Unit
from stadhuis.people.rules import renewed_until
from stadhuis.people.tests.given import PASSWORD, given_medewerker, given_staff_logged_in, post

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
"""One minute before midnight in the Netherlands."""


def given_guest(sponsor: int, *, end: date, username: str = "gast") -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    return people.create_medewerker(
        username, "Gijs Gast", f"{username}@partner.example", unit, "", PASSWORD, sponsor_id=sponsor, purpose="Project",
        leaving_date=end,
    )  # fmt: skip


def actor(medewerker: int) -> people.Actor:
    return people.medewerker(medewerker).actor()


@pytest.fixture
def left() -> Iterator[list[people.StaffLeft]]:
    heard: list[people.StaffLeft] = []
    people.STAFF_LEFT._listeners.append(heard.append)
    yield heard
    people.STAFF_LEFT._listeners.remove(heard.append)


# -- Leaving ------------------------------------------------------------------------------------------------------------


def test_within_a_minute_of_midnight_everything_of_who_left_has_ended(
    browser: Client, left: list[people.StaffLeft]
) -> None:
    # given: somebody with a session, a pending link, a known browser and work for others
    with time_machine.travel(EVENING, tick=False) as clock:
        anna, admin, bert = given_medewerker(), given_medewerker("ada"), given_medewerker("bert")
        given_staff_logged_in(browser)
        with transaction.atomic():
            links.send_link(anna, AccountLink.Kind.RESET)
        people.add_absence(bert, date(2026, 3, 1), date(2026, 3, 20), replacement_id=anna, by=actor(bert))
        people.set_leaving_date(anna, date(2026, 3, 3), successor_id=bert, by=actor(admin))
        jobs.follow_the_calendar(0)
        assert browser.get("/werkplek/").status_code == 200
        assert left == []
        # when
        clock.shift(timedelta(seconds=60))
        jobs.follow_the_calendar(0)
        # then
        assert left == [people.StaffLeft(anna, date(2026, 3, 3), bert)]
        assert not LoginSession.objects.filter(ended_at__isnull=True).exists()
        assert not AccountLink.objects.filter(used_at__isnull=True, ended_at__isnull=True).exists()
        assert not KnownDevice.objects.filter(medewerker_id=anna).exists()
        assert people.replaced_by(anna) == []
        assert "reden=left" in browser.get("/werkplek/").headers["Location"]
        # and once is enough
        jobs.follow_the_calendar(0)
        assert len(left) == 1


def test_even_before_the_minute_is_over_nothing_opens_any_more(browser: Client) -> None:
    with time_machine.travel(EVENING, tick=False) as clock:
        anna, admin = given_medewerker(), given_medewerker("ada")
        given_staff_logged_in(browser)
        people.set_leaving_date(anna, date(2026, 3, 3), by=actor(admin))
        clock.shift(timedelta(seconds=60))
        assert browser.get("/werkplek/").status_code == 302


def test_a_date_that_has_come_ends_everything_at_once(left: list[people.StaffLeft]) -> None:
    anna, admin = given_medewerker(), given_medewerker("ada")
    people.set_leaving_date(anna, today(), by=actor(admin))
    assert [fact.medewerker_id for fact in left] == [anna]


def test_who_cannot_be_ended_keeps_no_session_and_does_not_hold_up_the_others(
    left: list[people.StaffLeft], caplog: pytest.LogCaptureFixture
) -> None:
    # given: something goes wrong with the work of the first
    anna, bert = given_medewerker(), given_medewerker("bert")
    browsers = {name: Client(enforce_csrf_checks=True) for name in ("anna", "bert")}
    for name, one in browsers.items():
        given_staff_logged_in(one, name)
    Medewerker.objects.update(leaving_date=today())

    def refuse(fact: people.StaffLeft) -> None:
        if fact.medewerker_id == anna:
            raise RuntimeError("the work cannot be handed on")

    people.STAFF_LEFT._listeners.append(refuse)
    try:
        # when
        jobs.follow_the_calendar(0)
    finally:
        people.STAFF_LEFT._listeners.remove(refuse)
    # then
    assert not LoginSession.objects.filter(ended_at__isnull=True).exists()
    assert Medewerker.objects.get(pk=bert).left_at is not None
    assert Medewerker.objects.get(pk=anna).left_at is None
    assert "leaving is not finished" in caplog.text
    # and the next minute it is tried again
    jobs.follow_the_calendar(0)
    assert Medewerker.objects.get(pk=anna).left_at is not None


def test_a_leaving_date_can_be_taken_back_until_it_comes() -> None:
    anna, admin = given_medewerker(), given_medewerker("ada")
    people.set_leaving_date(anna, today() + timedelta(days=3), by=actor(admin))
    people.set_leaving_date(anna, None, by=actor(admin))
    jobs.follow_the_calendar(0)
    assert people.medewerker(anna).is_active


@pytest.mark.parametrize("what", ["own", "far", "successor is oneself", "successor is a guest", "guest without end"])
def test_a_leaving_that_cannot_be_is_refused_and_changes_nothing(what: str) -> None:
    anna, admin = given_medewerker(), given_medewerker("ada")
    guest = given_guest(admin, end=today() + timedelta(days=30))
    day = today() + timedelta(days=5)
    with pytest.raises(people.WrongInput):  # noqa: PT012 (one of these deeds)
        match what:
            case "own":
                people.set_leaving_date(admin, day, by=actor(admin))
            case "far":
                people.set_leaving_date(anna, date(2099, 1, 1), by=actor(admin))
            case "successor is oneself":
                people.set_leaving_date(anna, day, successor_id=anna, by=actor(admin))
            case "successor is a guest":
                people.set_leaving_date(anna, day, successor_id=guest, by=actor(admin))
            case _:
                people.set_leaving_date(guest, None, by=actor(admin))
    assert not Medewerker.objects.filter(is_guest=False, leaving_date__isnull=False).exists()


# -- Guests -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "on", "expected"),
    [
        (date(2026, 3, 10), date(2026, 3, 1), date(2026, 6, 9)),
        (date(2026, 12, 1), date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2026, 3, 1), date(2027, 3, 1)),
    ],
)
def test_a_renewal_is_three_months_and_never_more_than_a_year_ahead(end: date, on: date, expected: date) -> None:
    assert renewed_until(end, today=on) == expected


def test_the_sponsor_gets_one_mail_two_weeks_ahead_and_renews_with_one_press(browser: Client) -> None:
    # given
    heard: list[people.MailWanted] = []
    people.MAIL_WANTED._listeners.append(heard.append)
    try:
        anna = given_medewerker()
        given_guest(anna, end=today() + timedelta(days=15))
        jobs.remind_sponsors(0)
        assert heard == []
        Medewerker.objects.filter(username="gast").update(leaving_date=today() + timedelta(days=14))
        # when
        jobs.remind_sponsors(0)
        jobs.remind_sponsors(0)
    finally:
        people.MAIL_WANTED._listeners.remove(heard.append)
    # then
    assert [(mail.kind, mail.to_address) for mail in heard] == [("staff_guest_ends", "anna@oeverveen.example")]
    given_staff_logged_in(browser)
    page = "/werkplek/account/gasten/"
    assert "loopt af" in browser.get(page).content.decode()
    [guest] = people.guests_of(anna)
    post(browser, page, {}, to=f"{page}{guest.uuid}/verlengen/")
    assert people.guests_of(anna)[0].end == today() + timedelta(days=14 + 91)
    assert "loopt af" not in browser.get(page).content.decode()


def test_only_the_sponsor_renews_or_ends_a_guest_and_never_one_who_left(browser: Client) -> None:
    anna, bert = given_medewerker(), given_medewerker("bert")
    guest = people.account(medewerker_id=given_guest(anna, end=today() + timedelta(days=3))).uuid
    for deed in (people.renew_guest, people.end_guest):
        with pytest.raises(people.NotKnown):
            deed(guest, by=actor(bert))
        with pytest.raises(people.NotKnown):
            deed(people.account(medewerker_id=bert).uuid, by=actor(anna))
    people.end_guest(guest, by=actor(anna))
    assert not people.account(uuid=guest).works_here
    with pytest.raises(people.WrongInput):
        people.renew_guest(guest, by=actor(anna))
    # a guest does not renew themselves
    with pytest.raises(people.NotKnown):
        people.renew_guest(guest, by=actor(people.account(uuid=guest).id))


def test_when_the_sponsor_leaves_then_guests_go_to_the_successor_or_leave_too(left: list[people.StaffLeft]) -> None:
    anna, bert, admin = given_medewerker(), given_medewerker("bert"), given_medewerker("ada")
    guest = given_guest(anna, end=today() + timedelta(days=30))
    people.set_leaving_date(anna, today(), successor_id=bert, by=actor(admin))
    assert people.account(medewerker_id=guest).sponsor_id == bert
    people.set_leaving_date(bert, today(), by=actor(admin))
    assert not people.account(medewerker_id=guest).works_here
    assert {fact.medewerker_id for fact in left} == {anna, bert, guest}


def test_a_guest_sees_no_list_of_colleagues_and_chooses_no_replacement(browser: Client) -> None:
    anna = given_medewerker()
    guest = given_guest(anna, end=today() + timedelta(days=30))
    assert people.colleagues(seen_by=actor(guest)) == []
    assert {one.id for one in people.colleagues(seen_by=actor(anna))} == {anna, guest}
    from stadhuis.people.tests.given import given_session

    given_session(browser, actor(guest))
    assert browser.get("/werkplek/account/afwezig/").status_code == 404
    page = browser.get("/werkplek/account/").content.decode()
    assert page.count("Anna de Vries") == 1  # the own sponsor, whom a guest knows
    with pytest.raises(people.WrongInput):
        people.add_absence(anna, today(), today(), replacement_id=guest, by=actor(anna))


def test_the_database_knows_no_guest_without_sponsor_purpose_and_end() -> None:
    anna = given_medewerker()
    guest = given_guest(anna, end=today() + timedelta(days=30))
    for change in ({"sponsor": None}, {"purpose": ""}, {"leaving_date": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Medewerker.objects.filter(pk=guest).update(**change)


# -- Absence ------------------------------------------------------------------------------------------------------------


def test_a_replacement_stands_in_from_the_first_to_the_last_day(browser: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        anna, bert = given_medewerker(), given_medewerker("bert")
        given_staff_logged_in(browser)
        sent = post(
            browser, "/werkplek/account/afwezig/", {"van": "03-03-2026", "tot": "05-03-2026", "vervanger": str(bert)}
        )
        assert sent.status_code == 302
        for day, stands_in in ((2, False), (3, True), (5, True), (6, False)):
            clock.move_to(datetime(2026, 3, day, 9, tzinfo=UTC))
            assert [one.medewerker_id for one in people.replaced_by(bert)] == ([anna] if stands_in else [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"van": "overmorgen"}, "Vul de eerste dag in"),
        ({"tot": "31-02-2027"}, "Vul de laatste dag in"),
        ({"van": "10-03-2027", "tot": "01-03-2027"}, "voor de eerste dag"),
        ({"van": "01-01-2020", "tot": "02-01-2020"}, "al voorbij"),
        ({"van": "01-03-2027", "tot": "01-03-2035"}, "binnen twee jaar"),
        ({"van": "01-03-2027", "tot": "02-03-2027", "vervanger": "999999"}, "collega die hier werkt"),
        ({"van": "01-12-2026", "tot": "02-12-2026"}, "al een afwezigheid"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_in_words(browser: Client, fields: dict[str, str], words: str) -> None:
    anna = given_medewerker()
    with time_machine.travel(datetime(2026, 11, 26, 9, tzinfo=UTC), tick=False):
        given_staff_logged_in(browser)
        people.add_absence(anna, date(2026, 12, 2), date(2026, 12, 9), replacement_id=None, by=actor(anna))
        base = {"van": "01-03-2027", "tot": "02-03-2027", "vervanger": ""}
        answer = post(browser, "/werkplek/account/afwezig/", {**base, **fields})
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert len(people.absences_of(anna)) == 1


def test_an_absence_to_come_is_taken_back_and_one_that_runs_ends(browser: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        anna, bert = given_medewerker(), given_medewerker("bert")
        runs = people.add_absence(anna, date(2026, 3, 1), date(2026, 3, 9), replacement_id=bert, by=actor(anna))
        comes = people.add_absence(anna, date(2026, 4, 1), date(2026, 4, 9), replacement_id=bert, by=actor(anna))
        with pytest.raises(people.NotKnown):
            people.cancel_absence(bert, runs, by=actor(bert))
        for one in (runs, comes):
            people.cancel_absence(anna, one, by=actor(anna))
        assert people.absences_of(anna) == people.replaced_by(bert) == []


# -- Units --------------------------------------------------------------------------------------------------------------


def given_tree() -> tuple[int, int, int, int]:
    """Town > (work, social); below work: income."""
    town = people.create_unit("stad", "Stad")
    work = people.create_unit("werk", "Werk", town)
    social = people.create_unit("sociaal", "Sociaal", town)
    income = people.create_unit("uitkeringen", "Uitkeringen", work)
    return town, work, social, income


def names(on: date) -> list[tuple[str, int]]:
    return [(one.naam, one.depth) for one in people.unit_tree(on=on)]


def test_a_merged_unit_hands_on_its_people_and_units_and_its_past_stays_known() -> None:
    # given
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as clock:
        _, work, social, income = given_tree()
        anna = people.create_medewerker("anna", "Anna", "anna@town.example", work, "", PASSWORD)
        admin = actor(given_medewerker("ada"))
        merged: list[people.UnitMerged] = []
        people.UNIT_MERGED._listeners.append(merged.append)
        # when: planned for April
        people.merge_units(work, social, on=date(2026, 4, 1), by=admin)
        assert people.medewerker(anna).unit_id == work
        clock.move_to(datetime(2026, 4, 1, 9, tzinfo=UTC))
        jobs.follow_the_calendar(0)
        jobs.follow_the_calendar(0)
        people.UNIT_MERGED._listeners.remove(merged.append)
        # then
        assert merged == [people.UnitMerged(work, social, date(2026, 4, 1))]
        assert people.medewerker(anna).unit_id == social
        assert people.unit_of(anna, on=date(2026, 3, 31)) == work
        assert people.unit_of(anna, on=date(2026, 4, 1)) == social
        assert [one.naam for one in people.people_in(work, on=date(2026, 3, 15))] == ["Anna"]
        assert people.people_in(work, on=date(2026, 4, 2)) == []
        before, after = dict(names(date(2026, 3, 31))), dict(names(date(2026, 4, 1)))
        assert (before["Werk"], before["Uitkeringen"]) == (1, 2)
        assert "Werk" not in after
        assert after["Uitkeringen"] == 2
        assert income in people.units_below(social)
        found = people.unit_of_code("werk")
        assert found
        assert found.merged_into_naam == "Sociaal"


def test_a_renamed_and_moved_unit_has_its_old_name_and_place_on_the_old_day() -> None:
    town, _, social, income = given_tree()
    admin = actor(given_medewerker("ada"))
    people.rename_unit(income, naam="Bestaanszekerheid", parent=social, valid_from=date(2026, 1, 1), by=admin)
    people.rename_unit(income, naam="Bestaan", parent=town, valid_from=date(2026, 2, 1), by=admin)
    assert ("Uitkeringen", 2) in names(date(2025, 12, 31))
    assert ("Bestaanszekerheid", 2) in names(date(2026, 1, 31))
    assert ("Bestaan", 1) in names(date(2026, 2, 1))
    assert [one.parent_naam for one in people.unit_history(income)] == ["Stad", "Sociaal", "Werk"]


@pytest.mark.parametrize(
    "what", ["below itself", "below its child", "into itself", "into its child", "closed", "twice"]
)
def test_a_tree_that_cannot_be_is_refused_and_nothing_changes(what: str) -> None:
    _, work, social, income = given_tree()
    admin = actor(given_medewerker("ada"))
    day = date(2026, 1, 1)
    people.end_unit(social, valid_to=date(2025, 6, 1))
    before = names(day)
    with pytest.raises((people.WrongInput, people.NotKnown)):  # noqa: PT012 (one of these deeds)
        match what:
            case "below itself":
                people.rename_unit(work, naam="Werk", parent=work, valid_from=day, by=admin)
            case "below its child":
                people.rename_unit(work, naam="Werk", parent=income, valid_from=day, by=admin)
            case "into itself":
                people.merge_units(work, work, on=day, by=admin)
            case "into its child":
                people.merge_units(work, income, on=day, by=admin)
            case "closed":
                people.merge_units(income, social, on=day, by=admin)
            case _:
                people.add_unit("werk", "Werk", None, valid_from=day, by=admin)
    assert names(day) == before
    assert not Unit.objects.filter(merged_into__isnull=False).exists()


def test_the_tree_and_who_is_in_a_unit_cost_one_statement_whatever_their_size() -> None:
    for number in (3, 30):
        for extra in range(number):
            unit = people.create_unit(f"u{number}-{extra}", f"Unit {number} {extra}")
            people.create_medewerker(f"m{number}-{extra}", "Naam", f"m{number}{extra}@x.example", unit, "", PASSWORD)
        with CaptureQueriesContext(connection) as statements:
            people.unit_tree(on=today())
            people.people_in(unit, on=today())
            people.people_page()
        assert len(statements) == 4


def test_everybody_who_was_there_before_placements_were_kept_has_one() -> None:
    """The migration fills what it can know: the unit of today since the account was made."""
    from importlib import import_module

    anna = given_medewerker()
    Placement.objects.all().delete()
    fill = import_module("stadhuis.people.migrations.0003_staff_accounts").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
    placement = Placement.objects.get()
    assert (placement.medewerker_id, placement.unit.code, placement.valid_from) == (anna, "inkomen", today())
