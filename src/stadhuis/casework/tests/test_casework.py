"""From worklist to a decision that was sent."""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import letters
from stadhuis.casework import public as casework
from stadhuis.casework.models import Proposal, WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.documenten import public as documenten
from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import now, today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM
from stadhuis.schemes import public as schemes
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Zaak
from stadhuis.zaken.tests.givens import given_resident, given_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings: Any) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"
    return given_town()


def test_when_an_application_comes_in_then_it_stands_on_the_worklist_of_its_unit_with_its_deadline(town: Town) -> None:
    # when
    zaak = given_application(town)
    # then
    [line] = casework.worklist("unit", seen_by=town.handler).lines
    assert line.zaak_uuid == zaak.uuid
    assert line.aanvrager == "Noor Verhagen"
    assert line.deadline == law.decision_deadline(zaak.startdatum, law.term_of_duration("P56D")).date
    assert casework.worklist("free", seen_by=town.handler).total == 1


def test_when_someone_takes_a_zaak_then_it_is_in_his_list_and_in_handling_at_once(town: Town) -> None:
    zaak = given_application(town)
    casework.take(zaak.uuid, by=town.handler)
    assert casework.worklist("mine", seen_by=town.handler).total == 1
    assert casework.worklist("free", seen_by=town.handler).total == 0
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=SYSTEM).status == "In behandeling"


def test_late_stands_above_nearly_late_above_the_rest(town: Town) -> None:
    # given
    days = {"soon": 3, "in time": 40, "late": -2}
    for number, left in enumerate(days.values()):
        zaak = (
            given_application(town)
            if number == 0
            else zaken.create_zaak(zaken.NewZaak(zaaktype_id=town.zaaktype.id), by=SYSTEM)
        )
        WorkItem.objects.filter(zaak_id=zaak.id).update(deadline=today() + timedelta(days=left))
    # when
    lines = casework.worklist("all", seen_by=town.handler).lines
    # then
    assert [line.urgency for line in lines] == ["late", "soon", "in time"]


def test_when_a_zaak_becomes_more_secret_then_it_leaves_the_worklist_of_who_may_not_see_it(town: Town) -> None:
    # given
    zaak = given_application(town)
    junior = given_staff(access.GrantData("zaak.lezen", max_level=zaak.vertrouwelijkheid_orde), username="junior")
    assert casework.worklist("all", seen_by=junior).total == 1
    # when: another application of the register changes it, past every deed of ours
    with connection.cursor() as cursor:
        cursor.execute("UPDATE zaken_zaak SET vertrouwelijkheidaanduiding = 'zeer_geheim' WHERE id = %s", [zaak.id])
    # then
    assert casework.worklist("all", seen_by=junior).total == 0
    assert casework.worklist("all", seen_by=junior).lines == ()


def test_a_list_is_counted_to_a_thousand_and_can_be_read_beyond(town: Town) -> None:
    # given
    template = Zaak.objects.get(pk=given_application(town).id)
    more = casework.COUNTED_TO + 59
    rows = []
    for number in range(more):
        row = copy(template)
        row.pk, row.uuid, row.identificatie = None, uuid4(), f"VEEL-{number}"
        rows.append(row)
    Zaak.objects.bulk_create(rows)
    unit = people.unit_by_code("team")
    assert unit is not None
    WorkItem.objects.bulk_create(
        WorkItem(zaak=row, unit_id=unit.id, deadline=today() + timedelta(days=60), changed_at=now()) for row in rows
    )
    # when
    first = casework.worklist("unit", seen_by=town.handler)
    # then: the counts stop, small ones stay exact
    assert first.total == first.counts.all == first.counts.free == casework.COUNTED_TO + 1
    assert (first.counts.mine, first.counts.approve, first.counts.late) == (0, 0, 0)
    assert first.pages == 20
    # and one reads on to the very last
    pages = [casework.worklist("unit", seen_by=town.handler, page=number) for number in (20, 21, 22)]
    assert [len(page.lines) for page in pages] == [50, 50, 10]
    assert [page.pages for page in pages] == [21, 22, 22]


@pytest.mark.parametrize("number", [1, 50])
def test_the_worklist_costs_the_same_statements_for_one_and_for_fifty(town: Town, number: int) -> None:
    for _ in range(number):
        zaken.create_zaak(zaken.NewZaak(zaaktype_id=town.zaaktype.id), by=SYSTEM)
    with CaptureQueriesContext(connection) as statements:
        assert len(casework.worklist("all", seen_by=town.handler).lines) == number
    assert len(statements) <= 5  # grants of the actor, whom they stand in for, own unit, counts, page


def test_who_may_not_read_sees_nothing_and_may_do_nothing(town: Town) -> None:
    zaak = given_application(town)
    outsider = given_resident("999990639")
    assert casework.worklist("all", seen_by=outsider).total == 0
    with pytest.raises(zaken.ZaakNotFound):
        casework.take(zaak.uuid, by=outsider)
    with pytest.raises(casework.NotAllowed):
        casework.take(zaak.uuid, by=town.reader)


def test_a_zaak_is_only_assigned_to_someone_who_may_handle_it(town: Town) -> None:
    zaak = given_application(town)
    with pytest.raises(casework.NotAllowed):
        casework.assign(zaak.uuid, town.reader.pk or 0, by=town.handler)
    casework.assign(zaak.uuid, town.decider.pk or 0, by=town.handler)
    assert casework.work_of(zaak.id).handler_id == town.decider.pk  # type: ignore[union-attr]


def test_the_advice_keeps_its_inputs_and_can_be_computed_again(town: Town) -> None:
    zaak = given_application(town)
    record = casework.assess(zaak.uuid, by=town.handler)
    assert record.rule_version.startswith("tozo-4")
    assert record.advice == "toekennen"
    assert schemes.replay(record.as_stored()).outcome() == record.outcome


def test_when_staff_establish_another_fact_then_the_rules_count_with_that_and_the_statement_stays(town: Town) -> None:
    # given
    zaak = given_application(town)
    assert casework.assess(zaak.uuid, by=town.handler).advice == "toekennen"
    # when
    casework.establish_fact(zaak.uuid, "urencriterium", ["nee"], source="Urenstaat 2020", by=town.handler)
    # then
    assert casework.assess(zaak.uuid, by=town.handler).advice == "afwijzen"
    assert casework.established_facts(zaak.id)["urencriterium"].source == "Urenstaat 2020"
    assert len(schemes.assessments_of(zaak.uuid)) == 2


@pytest.mark.parametrize(
    ("key", "value", "source"),
    [("bestaatniet", "x", "bron"), ("urencriterium", "misschien", "bron"), ("urencriterium", "nee", " ")],
)
def test_a_fact_that_does_not_fit_or_has_no_source_is_refused(town: Town, key: str, value: str, source: str) -> None:
    zaak = given_application(town)
    with pytest.raises(casework.FactNotKnown):
        casework.establish_fact(zaak.uuid, key, [value], source=source, by=town.handler)
    assert casework.established_facts(zaak.id) == {}


def test_when_a_fact_is_newer_than_the_advice_then_nothing_is_proposed_on_the_old_advice(town: Town) -> None:
    zaak = given_application(town)
    casework.assess(zaak.uuid, by=town.handler)
    casework.establish_fact(zaak.uuid, "urencriterium", ["nee"], source="Urenstaat 2020", by=town.handler)
    with pytest.raises(casework.FactsAreNewer):
        casework.propose(zaak.uuid, outcome="toekennen", reasons="U voldoet.", by=town.handler)
    assert casework.proposals_of(zaak.id) == []


def test_while_a_proposal_waits_the_facts_under_it_stand_fast(town: Town) -> None:
    zaak = given_application(town)
    given_proposal(town, zaak)
    with pytest.raises(casework.ProposalStandsFast):
        casework.establish_fact(zaak.uuid, "urencriterium", ["nee"], source="Urenstaat 2020", by=town.handler)
    assert casework.established_facts(zaak.id) == {}


def test_a_proposal_needs_reasons(town: Town) -> None:
    zaak = given_application(town)
    with pytest.raises(casework.ReasonsMissing):
        casework.propose(zaak.uuid, outcome="toekennen", reasons="  ", by=town.handler)
    assert casework.proposals_of(zaak.id) == []


def test_there_is_one_living_proposal(town: Town) -> None:
    zaak = given_application(town)
    given_proposal(town, zaak)
    with pytest.raises(casework.ProposalExists):
        casework.propose(zaak.uuid, outcome="afwijzen", reasons="Anders.", by=town.handler)


def test_nobody_approves_his_own_proposal_not_even_in_the_database(town: Town) -> None:
    # given
    zaak = given_application(town)
    casework.propose(zaak.uuid, outcome="toekennen", reasons="U voldoet.", by=town.decider)
    [proposal] = casework.proposals_of(zaak.id)
    # when, then
    with pytest.raises(casework.OwnProposal):
        casework.approve(proposal.uuid, by=town.decider)
    with pytest.raises(casework.NotAllowed):
        casework.approve(proposal.uuid, by=town.handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(uuid=proposal.uuid).update(decided_by=town.decider.pk)


def test_when_a_proposal_is_returned_then_with_a_remark_and_a_new_one_can_be_made(town: Town) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    with pytest.raises(casework.RemarkMissing):
        casework.return_proposal(proposal.uuid, remark="", by=town.decider)
    casework.return_proposal(proposal.uuid, remark="Controleer de winst.", by=town.decider)
    casework.propose(zaak.uuid, outcome="deels toekennen", reasons="Minder.", by=town.handler)
    assert [one.state for one in casework.proposals_of(zaak.id)] == ["awaiting", "returned"]


def test_when_two_people_decide_at_once_then_the_second_hears_that_someone_was_earlier(town: Town) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    casework.approve(proposal.uuid, by=town.decider)
    with pytest.raises(casework.ProposalInOtherState):
        casework.return_proposal(proposal.uuid, remark="Toch niet.", by=town.decider)


@pytest.mark.parametrize(
    ("outcome", "resultaat"),
    [("toekennen", "Toegekend"), ("deels toekennen", "Deels toegekend"), ("afwijzen", "Afgewezen")],
)
def test_when_a_decision_is_sent_then_letter_besluit_resultaat_end_and_message_are_there(
    town: Town, outcome: str, resultaat: str
) -> None:
    # given
    zaak = given_application(town)
    proposal = given_proposal(town, zaak, outcome=outcome)
    casework.approve(proposal.uuid, by=town.decider)
    # when
    casework.send(proposal.uuid, by=town.handler)
    # then
    dossier = zaken.dossier(zaak.uuid, seen_by=SYSTEM)
    assert dossier.zaak.einddatum == today()
    assert dossier.zaak.resultaat == resultaat
    assert dossier.zaak.archiefnominatie == "vernietigen"
    assert dossier.statussen[0].omschrijving == "Afgerond"
    [besluit] = besluiten.besluiten_of(zaak.id)
    [letter] = messages.messages_of(zaak.uuid)
    assert letter.document_uuid in {one.uuid for one in dossier.documenten}
    with documenten.open_document(letter.document_uuid, seen_by=SYSTEM) as pdf:
        assert pdf.read(5) == b"%PDF-"
    assert besluit.datum == today()
    text = str(casework.letter_of(letter.document_uuid))
    assert letters.LAST_DAY not in text
    assert letters.in_words(today()) in text
    assert casework.worklist("all", seen_by=town.handler).total == 0
    assert "new_letter" in {mail.kind for mail in messages.mails_about([zaak.uuid])}


def test_when_sending_fails_halfway_then_nothing_of_it_is_stored(town: Town) -> None:
    # given: a document that keeps the zaak from closing
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    casework.approve(proposal.uuid, by=town.decider)
    stored = StoredFile.objects.count()
    document = documenten.create_document(
        documenten.NewDocument(
            informatieobjecttype_id=town.zaaktype.informatieobjecttypen[0].id,
            titel="Onbekend gebruiksrecht",
            auteur="x",
            indicatie_gebruiksrecht=None,
        ),
        by=SYSTEM,
    )
    zaken.link_document(zaak.id, document.id, by=SYSTEM)
    # when
    with pytest.raises(zaken.ZakenError):
        casework.send(proposal.uuid, by=town.handler)
    # then
    assert casework.proposals_of(zaak.id)[0].state == "approved"
    assert besluiten.besluiten_of(zaak.id) == []
    assert messages.messages_of(zaak.uuid) == []
    assert StoredFile.objects.exclude(state="discarded").count() == stored


def test_when_a_decision_was_sent_then_a_second_click_sends_nothing(town: Town) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    casework.approve(proposal.uuid, by=town.decider)
    casework.send(proposal.uuid, by=town.handler)
    with pytest.raises(casework.CaseworkError):
        casework.send(proposal.uuid, by=town.handler)
    assert len(messages.messages_of(zaak.uuid)) == 1


def test_the_letter_names_the_last_day_for_bezwaar_counted_from_the_day_of_sending(town: Town) -> None:
    zaak = given_application(town)
    proposal = given_proposal(town, zaak)
    letter = casework.dated(
        proposal.letter | {"signer": "Daan"},
        sent_on=date(2026, 11, 23),
        last_day_for_bezwaar=law.last_day_for_bezwaar(date(2026, 11, 23)),
    )
    text = str(letter)
    assert "4 januari 2027" in text
    assert "€ 1.075,44" not in text
    assert "mei 2021" in text


def test_when_the_term_is_extended_then_the_old_computation_stays(town: Town) -> None:
    zaak = given_application(town)
    before = casework.clock_of(zaak.id)
    assert before is not None
    later = casework.extend_term(zaak.uuid, weeks=4, reason="Wij wachten op een advies.", by=town.handler)
    after = casework.clock_of(zaak.id)
    assert after is not None
    assert later == after.deadline
    assert later >= before.deadline + timedelta(weeks=4) - timedelta(days=3)
    assert after.versions == before.versions + 1


def test_when_the_clock_stands_still_and_runs_again_then_the_deadline_follows_the_law(town: Town) -> None:
    zaak = given_application(town)
    until = today() + timedelta(days=14)
    casework.suspend_term(zaak.uuid, law.EventKind.INVITED, until=until, reason="Bewijs ontbreekt", by=town.handler)
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=SYSTEM).opschorting_indicatie
    with pytest.raises(casework.CaseworkError):
        casework.suspend_term(zaak.uuid, law.EventKind.INVITED, until=until, reason="x", by=town.handler)
    casework.resume_term(zaak.uuid, by=town.handler)
    assert not zaken.zaak_by_uuid(zaak.uuid, seen_by=SYSTEM).opschorting_indicatie
    clock = casework.clock_of(zaak.id)
    assert clock is not None
    assert law.replay(clock.explanation).date == clock.deadline


def test_open_work_is_counted_by_the_index_alone_for_who_sees_a_part() -> None:
    """Otherwise a person with limits costs a look at a thousand rows of the town, and one without none."""
    with connection.cursor() as cursor:
        # when there are too few rows to choose by themselves
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(
            "EXPLAIN SELECT w.deadline FROM casework_workitem w WHERE w.is_open AND w.vertrouwelijkheid_orde <= 4"
            " AND w.zaaktype_ref = ANY(ARRAY['OEV:TOZO']) ORDER BY w.deadline, w.id"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # then
    assert "Index Only Scan using work_open_guarded" in plan
