"""Grants bound to a unit: two units that share a zaaktype are kept apart on every path, and a zaak that moves takes it along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stadhuis.access import public as access
from stadhuis.access.models import Bar, Grant, Request
from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import public as casework
from stadhuis.casework.models import WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_town
from stadhuis.documenten import public as documenten
from stadhuis.documenten.tests.givens import given_document
from stadhuis.kit.time import clock_set_to, now, today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.records.models import PastOwner
from stadhuis.workplace.tests.plain_rule import PlainRule, Who
from stadhuis.workplace.tests.test_loose_records import given_besluit
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaakinformatieobject
from stadhuis.zaken.tests.givens import BSN, given_linked_document, given_rol, given_staff, given_zaak, given_zaaktype

pytestmark = pytest.mark.django_db
ACTIONS = ("zaak.lezen", "document.lezen", "besluit.lezen", "audittrail.lezen", "zaak.behandelen", "zaak.verdelen")


@pytest.fixture
def town(settings: object) -> Town:
    """The zaken of the town go to the unit ``team`` by themselves."""
    settings.PRACTICE_DATE = "2021-05-17"  # type: ignore[attr-defined]
    return given_town()


def unit(code: str, parent: int | None = None) -> int:
    return people.create_unit(code, code.title(), parent)


def bound_to(code: str, *more: access.GrantData, actions: tuple[str, ...] = ACTIONS) -> Actor:
    """Somebody who may do all this, at one unit only."""
    grants = (access.GrantData(action, unit_id=unit(code)) for action in actions)
    return given_staff(*grants, *more, username=f"van-{code}-{len(more)}")


def pk(actor: Actor) -> int:
    assert actor.pk is not None
    return actor.pk


def browser_of(actor: Actor) -> Client:
    browser = Client()
    given_session(browser, actor)
    return browser


def sees(actor: Actor, zaak: zaken.ZaakRecord) -> set[str]:
    """Return on which paths somebody sees a zaak: lists, counts, details, search and the explanation."""
    paths = {
        "worklist": any(line.zaak_uuid == zaak.uuid for line in casework.worklist("all", seen_by=actor).lines),
        "count": casework.worklist("all", seen_by=actor).counts.all > 0,
        "find": bool(zaken.find(number=zaak.identificatie, seen_by=actor)),
        "search": bool(records.search(zaak.identificatie, seen_by=actor).hits),
        "may": casework.may(actor, "zaak.lezen", zaak),
        "explained": access.explain(pk(actor), "zaak.lezen", kind="zaak", uuid=zaak.uuid).may,
    }
    try:
        zaken.dossier(zaak.uuid, seen_by=actor)
        paths["detail"] = True
    except zaken.ZaakNotFound:
        paths["detail"] = False
    assert len(set(paths.values())) == 1, paths
    return {name for name, is_seen in paths.items() if is_seen}


def opens(actor: Actor, document: documenten.DocumentRecord) -> bool:
    try:
        documenten.document(document.uuid, seen_by=actor)
    except documenten.DocumentNotFound:
        return False
    return True


# -- Kept apart -------------------------------------------------------------------------------------------------------
def test_two_units_that_share_a_zaaktype_are_kept_apart_and_a_zaak_that_moves_is_seen_by_the_other_at_once(
    town: Town,
) -> None:
    # given
    zaak = given_application(town)
    document = given_linked_document(zaak)
    here, there = bound_to("team"), bound_to("ginds")
    assert (bool(sees(here, zaak)), bool(sees(there, zaak))) == (True, False)
    # when
    casework.hand_to_unit(zaak.uuid, unit("ginds"), reason="Hoort daar", by=here)
    # then
    assert (bool(sees(here, zaak)), bool(sees(there, zaak))) == (False, True)
    assert [opens(one, document) for one in (here, there)] == [False, True]
    assert [zaken.dossier(zaak.uuid, seen_by=there).zaak.uuid] == [zaak.uuid]
    assert any(one.uuid == document.uuid for one in zaken.dossier(zaak.uuid, seen_by=there).documenten)
    # and who is bound to no unit sees it as before
    assert sees(town.handler, zaak)
    # and the trail says it, and where it lay
    [line] = [line for line in audit.trail_of(zaak.uuid) if line.actie == "zaak overgedragen"]
    assert (line.oud, line.nieuw) == ({"onderdeel": "team"}, {"onderdeel": "ginds"})


def test_where_it_lay_decides_who_could_see_it_on_a_day_before(town: Town) -> None:
    # given: a zaak that moves the day after tomorrow
    zaak, (here, there) = given_application(town), (bound_to("team"), bound_to("ginds"))
    assert PastOwner.objects.count() == 0
    Grant.objects.update(recorded_from=now() - timedelta(days=1))
    # when
    with clock_set_to(now() + timedelta(days=2)):
        casework.hand_to_unit(zaak.uuid, unit("ginds"), reason="Hoort daar", by=town.handler)
    # then
    with clock_set_to(now() + timedelta(days=3)):
        for day, expected in ((today() - timedelta(days=2), (True, False)), (today(), (False, True))):
            may = tuple(
                access.explain(pk(one), "zaak.lezen", kind="zaak", uuid=zaak.uuid, on=day).may for one in (here, there)
            )
            assert may == expected, day
            for one, seen in zip((here, there), expected, strict=True):
                condition = access.predicate(one, "zaak.lezen", on=day)
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM zaken_zaak z WHERE {condition.sql}", condition.params)
                    assert bool(cursor.fetchone()[0]) is seen


def test_a_zaak_of_no_unit_falls_under_no_grant_of_a_unit_until_it_is_handed_over(town: Town) -> None:
    zaak, here = given_application(town), bound_to("team")
    WorkItem.objects.update(unit_id=None)
    records.set_owner("zaak", zaak.uuid, "zaken")
    assert not sees(here, zaak)
    why = access.explain(pk(here), "zaak.lezen", kind="zaak", uuid=zaak.uuid)
    assert [step.text for step in why.steps if step.code == "owner"] == ["Het ligt bij geen enkel team."]
    # when: an archivist hands over what the room owned
    records.hand_over("zaken", "team", reason="Had geen team", by=SYSTEM)
    # then, and it stays so when the record is made anew
    assert sees(here, zaak)
    records.renew("zaak", zaak.uuid)
    assert sees(here, zaak)


def test_the_explanation_names_the_unit_of_the_grant_and_where_the_zaak_lies(town: Town) -> None:
    zaak, here, there = given_application(town), bound_to("team"), bound_to("ginds")
    texts = {
        one: [step.text for step in access.explain(pk(one), "zaak.lezen", kind="zaak", uuid=zaak.uuid).steps]
        for one in (here, there)
    }
    assert "Het ligt bij Team." in texts[here]
    assert any("Alleen bij Team, en daar ligt het." in text for text in texts[here])
    assert any("geeft dit recht alleen bij Ginds." in text for text in texts[there])


# -- The tree and its changes -----------------------------------------------------------------------------------------
def test_a_grant_of_a_unit_holds_for_the_units_below_it_from_the_day_they_hang_there(town: Town) -> None:
    # given
    zaak, chief = given_application(town), bound_to("afdeling")
    assert not sees(chief, zaak)
    # when
    people.rename_unit(
        unit("team"), naam="Team", parent=unit("afdeling"), valid_from=today() + timedelta(days=1), by=SYSTEM
    )
    # then
    assert not sees(chief, zaak)
    with clock_set_to(now() + timedelta(days=1)):
        assert sees(chief, zaak)
        # and what a unit that ended did not hand over is still seen from above
        people.end_unit(unit("team"), valid_to=today() + timedelta(days=1))
    with clock_set_to(now() + timedelta(days=2)):
        assert sees(chief, zaak)


def test_a_unit_that_takes_another_name_keeps_its_grants(town: Town) -> None:
    zaak, here = given_application(town), bound_to("team")
    people.rename_unit(unit("team"), naam="Werk en inkomen", parent=None, valid_from=today(), by=SYSTEM)
    assert sees(here, zaak)
    assert {one.unit for one in access.rights_of(medewerker_id=pk(here))} == {"Werk en inkomen"}


def test_when_a_unit_merges_then_what_was_granted_for_it_holds_for_the_other_and_the_past_stays_known(
    town: Town,
) -> None:
    # given: a grant of the one, the same of both, and one that waits
    zaak, ada, bo = (
        given_application(town),
        *(given_staff(access.GrantData("beheer.toegang"), username=n) for n in "ab"),
    )
    here = bound_to("team", access.GrantData("zaak.besluiten", unit_id=unit("ginds")))
    access.create_role(
        "dubbel", "Dubbel", [access.GrantData("zaak.lezen", unit_id=unit(code)) for code in ("team", "ginds")]
    )
    waiting = access.ask_grant("rol-a", "zaak.lezen", "*", 4, unit_id=unit("team"), reason="Nodig", by=bo)
    assert waiting is not None
    before = now()
    # when
    people.merge_units(unit("team"), unit("ginds"), on=today(), by=SYSTEM)
    # then
    assert sees(here, zaak)
    held = Grant.objects.filter(recorded_to__isnull=True, valid_to__isnull=True, unit__isnull=False)
    assert set(held.values_list("unit__code", flat=True)) == {"ginds"}
    assert held.filter(role__code="dubbel").count() == 1
    assert Request.objects.get(uuid=waiting).unit_id == unit("ginds")
    known = Grant.objects.filter(unit__code="team", recorded_from__lte=before, recorded_to__gt=before)
    assert known.count() == len(ACTIONS) + 1
    # and nothing more the next time
    people.settle_units()
    assert held.filter(role__code="dubbel").count() == 1
    # and what waited is given for the other unit
    access.decide_request(waiting, approve=True, by=ada)
    assert held.filter(role__code="rol-a", action="zaak.lezen", unit__code="ginds").exists()


# -- What belongs to no zaak ------------------------------------------------------------------------------------------
def test_a_loose_document_and_besluit_follow_their_own_owner_and_keep_it_when_they_change() -> None:
    # given
    unit("team")
    here, there, every = (
        bound_to("team"),
        bound_to("ginds"),
        given_staff(access.GrantData("document.lezen"), username="elk"),
    )
    document, besluit = given_document(titel="Beleidsregel"), given_besluit()

    def seen(actor: Actor) -> set[str]:
        found = {hit.kind for hit in records.search("beleidsregel", seen_by=actor).hits}
        found |= {hit.kind for hit in records.search("hofstraat", seen_by=actor).hits}
        assert ("document" in found) is opens(actor, document)
        try:
            besluiten.loose_besluit(besluit.uuid, seen_by=actor)
            assert "besluit" in found
        except besluiten.BesluitNotFound:
            assert "besluit" not in found
        return found

    assert (seen(here), seen(there), seen(every)) == (set(), set(), {"document"})
    # when
    for room in ("documenten", "besluiten"):
        records.hand_over(room, "team", reason="Van het team", by=SYSTEM)
    # then, also when they are kept anew
    for kind, one in (("document", document.uuid), ("besluit", besluit.uuid)):
        records.keep(kind, one)
        assert list(records.compare(kind)) == []
    assert (seen(here), seen(there)) == ({"document", "besluit"}, set())
    for kind, one in (("document", document.uuid), ("besluit", besluit.uuid)):
        assert access.explain(pk(here), f"{kind}.lezen", kind=kind, uuid=one).may
        assert not access.explain(pk(there), f"{kind}.lezen", kind=kind, uuid=one).may


def test_a_document_of_a_besluit_follows_the_zaak_of_the_besluit_now_and_on_a_day_before() -> None:
    # given a document that lays down a besluit taken in a zaak, and belongs to that zaak in no other way
    zaaktype = given_zaaktype()
    zaak, (here, there) = given_zaak(zaaktype=zaaktype), (bound_to("team"), bound_to("ginds"))
    records.set_owner("zaak", zaak.uuid, "team", is_first=True)
    new = besluiten.NewBesluit(
        besluittype_id=zaaktype.besluittypen[0].id, zaak_id=zaak.id, datum=today(), ingangsdatum=today()
    )
    besluit, document = besluiten.create_besluit(new, by=SYSTEM), given_document(soort="Besluit", titel="Beschikking")
    assert (opens(here, document), opens(there, document)) == (False, False)
    besluiten.link_document(besluit.id, document.id, by=SYSTEM)
    Zaakinformatieobject.objects.filter(document_id=document.id).delete()
    Grant.objects.update(recorded_from=now() - timedelta(days=1))
    people_of = {"here": here, "there": there}

    def told() -> dict[str, bool]:
        plain = PlainRule()
        found = {}
        for name, actor in people_of.items():
            found[name] = opens(actor, document)
            why = access.explain(pk(actor), "document.lezen", kind="document", uuid=document.uuid)
            assert why.may is found[name], [step.text for step in why.steps]
            assert plain.may_loose(Who.of(actor), "document", document.uuid) is found[name]
        return found

    assert told() == {"here": True, "there": False}
    # when the zaak goes to the other unit
    with clock_set_to(now() + timedelta(days=2)):
        records.set_owner("zaak", zaak.uuid, "ginds")
    # then the document goes along, and who could open it on a day before stays known
    with clock_set_to(now() + timedelta(days=3)):
        assert told() == {"here": False, "there": True}
        before = today() - timedelta(days=2)
        could = [
            access.explain(pk(one), "document.lezen", kind="document", uuid=document.uuid, on=before).may
            for one in (here, there)
        ]
        assert could == [True, False]


def test_a_document_of_a_besluit_is_shut_as_the_zaak_of_the_besluit_is() -> None:
    # given a document that belongs to a zaak by a besluit only, and three people who read documents
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, rollen=(given_rol(bsn=BSN),))
    new = besluiten.NewBesluit(
        besluittype_id=zaaktype.besluittypen[0].id, zaak_id=zaak.id, datum=today(), ingangsdatum=today()
    )
    besluit, document = besluiten.create_besluit(new, by=SYSTEM), given_document(soort="Besluit", titel="Beschikking")
    besluiten.link_document(besluit.id, document.id, by=SYSTEM)
    Zaakinformatieobject.objects.filter(document_id=document.id).delete()
    reading = (access.GrantData("zaak.lezen"), access.GrantData("document.lezen"))
    plain, kin, touched = (given_staff(*reading, username=name) for name in ("gewoon", "familie", "belang"))
    trusted = given_staff(*reading, access.GrantData("persoon.afgeschermd"), username="vertrouwd")
    everybody = (plain, kin, touched, trusted)
    assert [opens(one, document) for one in everybody] == [True] * 4
    # when
    access.set_family(pk(kin), [access.Relative(people.person_for_bsn(BSN), "partner")])
    access.declare_conflict(zaak.uuid, reason="Mijn buurvrouw", by=touched)
    # then
    assert [opens(one, document) for one in everybody] == [True, False, False, True]
    # and when the person is barred
    Bar.objects.create(person_id=people.person_for_bsn(BSN), reason="Bedreigd", starts_at=now(), set_by="x")
    assert [opens(one, document) for one in everybody] == [False, False, False, True]
    for one, may in zip(everybody, (False, False, False, True), strict=True):
        assert access.explain(pk(one), "document.lezen", kind="document", uuid=document.uuid).may is may


# -- Crossings --------------------------------------------------------------------------------------------------------
def test_break_glass_opens_a_zaak_of_another_unit_to_read_and_no_more(town: Town) -> None:
    zaak, there = given_application(town), bound_to("ginds", access.GrantData("zaak.noodtoegang"))
    access.break_glass(zaak.uuid, reason="Brand", by=there)
    assert sees(there, zaak)
    with pytest.raises(casework.NotAllowed):
        casework.take(zaak.uuid, by=there)


def test_family_in_a_zaak_shuts_it_also_at_the_own_unit(town: Town) -> None:
    zaak, here = given_application(town), bound_to("team")
    access.set_family(pk(here), [access.Relative(people.person_for_bsn(BSN), "partner")])
    assert not sees(here, zaak)


@pytest.mark.parametrize(("code", "is_seen"), [("team", True), ("ginds", False)])
def test_the_right_to_see_barred_persons_counts_at_its_unit_only(town: Town, code: str, is_seen: bool) -> None:
    zaak = given_application(town)
    here = bound_to("team", access.GrantData("persoon.afgeschermd", unit_id=unit(code)))
    Bar.objects.create(person_id=people.person_for_bsn(BSN), reason="Bedreigd", starts_at=now(), set_by="x")
    assert bool(sees(here, zaak)) is is_seen


def test_who_stands_in_for_a_colleague_of_another_unit_gets_no_rights_there(town: Town) -> None:
    zaak, here, there = given_application(town), bound_to("team"), bound_to("ginds")
    casework.take(zaak.uuid, by=here)
    people.add_absence(pk(here), today(), today() + timedelta(days=5), replacement_id=pk(there), by=here)
    assert casework.worklist("replacing", seen_by=there).lines == ()
    with pytest.raises(zaken.ZaakNotFound):
        casework.add_note(zaak.uuid, "Gebeld.", by=there)
    # and the work of who left goes back to the list of the unit instead
    people.set_leaving_date(pk(here), today(), successor_id=pk(there), by=SYSTEM)
    work = casework.work_of(zaak.id)
    assert work is not None
    assert work.handler_id is None


def test_a_handler_whose_grants_do_not_reach_the_other_unit_gives_the_zaak_up_with_it(town: Town) -> None:
    zaak, here = given_application(town), bound_to("team")
    for handler, keeps in ((here, False), (town.decider, True)):
        casework.assign(zaak.uuid, pk(handler), by=town.handler)
        casework.hand_to_unit(zaak.uuid, unit("ginds"), reason="Hoort daar", by=town.handler)
        work = casework.work_of(zaak.id)
        assert work is not None
        assert (work.handler_id == handler.pk) is keeps
        casework.hand_to_unit(zaak.uuid, unit("team"), reason="Toch niet", by=town.handler)
    with pytest.raises(casework.NotAllowed):
        casework.assign(zaak.uuid, pk(bound_to("ginds")), by=town.handler)


def test_handing_over_asks_a_unit_of_today_a_reason_and_the_right_to_divide(town: Town) -> None:
    zaak, here = given_application(town), bound_to("team", actions=("zaak.lezen", "zaak.behandelen"))
    with pytest.raises(casework.NotAllowed):
        casework.hand_to_unit(zaak.uuid, unit("ginds"), reason="Hoort daar", by=here)
    with pytest.raises(casework.UnitUnknown):
        casework.hand_to_unit(zaak.uuid, 0, reason="Hoort daar", by=town.handler)
    with pytest.raises(casework.ReasonMissing):
        casework.hand_to_unit(zaak.uuid, unit("ginds"), reason="  ", by=town.handler)
    casework.hand_to_unit(zaak.uuid, unit("team"), reason="Daar ligt hij al", by=town.handler)
    assert not [line for line in audit.trail_of(zaak.uuid) if line.actie == "zaak overgedragen"]


def test_on_the_page_who_hands_a_zaak_over_and_may_not_see_it_there_goes_back_to_the_worklist(town: Town) -> None:
    # given
    zaak, here = given_application(town), bound_to("team")
    page = reverse("workplace:to_unit", args=[zaak.uuid])
    browser = browser_of(here)
    assert page in browser.get(reverse("workplace:zaak", args=[zaak.uuid])).content.decode()
    unit("ginds")
    # when it is filled in wrong
    for typed in ({}, {"team": "9" * 30, "reden": "x"}, {"team": "\x00", "reden": "x"}, {"team": str(unit("ginds"))}):
        answer = browser.post(page, typed)
        assert answer.status_code == 422, typed
    # and when it is right
    answer = browser.post(page, {"team": str(unit("ginds")), "reden": "Hoort daar"}, follow=True)
    # then
    assert answer.redirect_chain == [(reverse("workplace:worklist"), 302)]
    assert f"Zaak {zaak.identificatie} ligt nu bij Ginds." in answer.content.decode()
    assert browser.get(page).status_code == 404
    # and a colleague whose grants hold everywhere stays on the zaak
    answer = browser_of(town.handler).post(page, {"team": str(unit("team")), "reden": "Toch hier"})
    assert answer["Location"].startswith(reverse("workplace:zaak", args=[zaak.uuid]))


# -- Cost -------------------------------------------------------------------------------------------------------------
def test_for_who_is_bound_to_no_unit_nothing_is_asked_of_units_and_lists_take_as_many_statements(town: Town) -> None:
    zaak, here, free = given_application(town), bound_to("team"), town.handler
    for kind in ("zaak", "document", "besluit", "work"):
        for action in ("zaak.lezen", "document.lezen", "besluit.lezen"):
            assert "owner_unit" not in access.predicate(free, action, kind=kind).sql
    counted = []
    for actor in (free, here):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            casework.worklist("all", seen_by=actor)
            zaken.dossier(zaak.uuid, seen_by=actor)
            records.search(zaak.identificatie, seen_by=actor)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_an_unbound_grant_beside_one_of_a_unit_asks_nothing_of_the_unit() -> None:
    both = given_staff(
        access.GrantData("zaak.lezen", "A:X", 5),
        access.GrantData("zaak.lezen", "A:X", 4, unit("team")),
        username="beide",
    )
    assert "owner_unit" not in access.predicate(both, "zaak.lezen").sql
    further = given_staff(
        access.GrantData("zaak.lezen", "A:X", 4),
        access.GrantData("zaak.lezen", "A:X", 5, unit("team")),
        username="verder",
    )
    assert access.predicate(further, "zaak.lezen").sql.count("owner_unit") == 1


# -- Asking for one ---------------------------------------------------------------------------------------------------
def test_a_right_of_a_unit_is_asked_and_approved_with_its_unit_and_told_in_the_trail() -> None:
    ada, bo = (given_staff(access.GrantData("beheer.toegang"), username=name) for name in ("ada", "bo"))
    access.create_role("lezer", "Lezer", [])
    here, there = unit("team"), unit("ginds")
    assert access.ask_grant("lezer", "zaak.lezen", "*", 4, unit_id=here, reason="Nodig", by=ada) is None
    with pytest.raises(access.MembershipConflict):
        access.ask_grant("lezer", "zaak.lezen", "*", 4, unit_id=here, reason="Nodig", by=ada)
    assert access.ask_grant("lezer", "zaak.lezen", "*", 4, unit_id=there, reason="Ook", by=ada) is None
    asked = access.ask_grant("lezer", "persoon.afgeschermd", "*", 4, unit_id=here, reason="Nodig", by=ada)
    assert asked is not None
    [request] = access.requests(uuid=asked)
    assert (request.unit, request.naam) == ("Team", "")
    with pytest.raises(access.OwnRequest):
        access.decide_request(asked, approve=True, by=ada)
    access.decide_request(asked, approve=True, by=bo)
    [right] = [one for one in access.rights_of(role="lezer") if one.action == "persoon.afgeschermd"]
    assert (right.unit_id, right.unit) == (here, "Team")
    ended = access.end_grant(right.id, by=ada)
    assert ended.unit_id == here
    told = [(line.nieuw or {}).get("eenheid") for line in audit.search_trail(audit.TrailFilter(number="lezer"))]
    assert "team" in told


@pytest.mark.parametrize("action", sorted(access.ADMINISTRATION))
def test_what_is_about_the_house_is_bound_to_no_unit(action: str) -> None:
    ada, here = given_staff(access.GrantData("beheer.toegang"), username="ada"), unit("team")
    with pytest.raises(access.RightIncomplete) as refused:
        access.ask_grant("rol-ada", action, "*", 8, unit_id=here, reason="Nodig", by=ada)
    assert refused.value.field == "unit"
    with pytest.raises(access.RightIncomplete):
        access.GrantData(action, unit_id=here)
    with pytest.raises(IntegrityError, match="grant_of_the_house_has_no_unit"), transaction.atomic():
        Grant.objects.filter(action="beheer.toegang").update(unit_id=here, action=action)


@pytest.mark.parametrize("wrong", [0, -1, 10**9])
def test_a_right_is_not_bound_to_a_unit_that_is_not_there(wrong: int) -> None:
    ada = given_staff(access.GrantData("beheer.toegang"), username="ada")
    with pytest.raises(access.RightIncomplete) as refused:
        access.ask_grant("rol-ada", "zaak.lezen", "*", 4, unit_id=wrong, reason="Nodig", by=ada)
    assert refused.value.field == "unit"
