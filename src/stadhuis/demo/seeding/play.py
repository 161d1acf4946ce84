"""Carrying out the plan by the rooms' own deeds, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from stadhuis.casework import public as casework
from stadhuis.catalogi import public as catalogi
from stadhuis.demo.seeding.papers import PDF, Papers
from stadhuis.demo.seeding.plan import CasePlan, Party
from stadhuis.demo.town import people as residents
from stadhuis.demo.town import staff, stories, tozo
from stadhuis.documenten import public as documenten
from stadhuis.forms import public as forms
from stadhuis.kit import files, pdf
from stadhuis.kit.time import clock_set_to, today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken

FRONT_DESK = "linda.koster"
SUPPLEMENT_WITHIN = timedelta(days=14)
EXTENSION_WEEKS = 4
OBJECTED_AFTER = timedelta(days=20)
"""So long after the decision a bezwaar comes."""
BANK, INCOME = "Bankafschrift", "Bewijs van inkomen"
Deed = Callable[[], None]


@dataclass
class _Case:
    """A plan on its way: the zaak once it is there, and who asked."""

    plan: CasePlan
    actor: Actor | None
    zaak: zaken.ZaakRecord | None = None

    @property
    def made(self) -> zaken.ZaakRecord:
        if self.zaak is None:
            raise LookupError(f"case {self.plan.number} has not started")
        return self.zaak


@dataclass
class Town:
    """The people at work while the plan is carried out."""

    plans: Sequence[CasePlan]
    papers: Papers = field(init=False)
    staff: dict[str, Actor] = field(default_factory=dict)
    zaaktypen: dict[str, catalogi.ZaaktypeRecord] = field(default_factory=dict)

    def play(self) -> None:
        """Let everything happen that was planned."""
        self.staff = {one.username: one.actor() for one in people.medewerkers()}
        self.zaaktypen = {one.identificatie: one for one in catalogi.zaaktypen(today())}
        self.papers = Papers(_papers_of(self.plans))
        cases = [_Case(plan, self._actor(plan.party)) for plan in self.plans]
        _in_order([event for case in cases for event in self._events(case)])
        self._send([case for case in cases if case.plan.state == "closed"])
        self._leave_a_draft()

    # -- Who ----------------------------------------------------------------------------------------------------------
    def _actor(self, party: Party) -> Actor | None:
        """Return whoever asks as the one who is logged in, or None for people who came in writing."""
        if party.kind == "resident":
            resident = residents.resident(party.key)
            pk = people.person_for_bsn(resident.bsn)
            return Actor(
                kind="resident", pk=pk, key=f"person:{people.person_uuid(pk)}", label=resident.naam, level="substantial",
                means="digid",
            )  # fmt: skip
        if party.kind == "company":
            company = residents.company(party.key)
            pk = people.company_for_kvk(company.kvk_nummer, naam=company.naam, rsin=company.rsin or None)
            return Actor(
                kind="company", pk=pk, key=f"company:{people.company(pk).uuid}", label=company.naam, level="substantial",
                means="eherkenning",
            )  # fmt: skip
        return None

    def _initiator(self, case: _Case) -> zaken.NewRol:
        party, actor = case.plan.party, case.actor
        if party.kind == "resident":
            resident = residents.resident(party.key)
            return zaken.NewRol(
                omschrijving_generiek="initiator",
                betrokkene_type="natuurlijk_persoon",
                person_id=actor.pk if actor else None,
                naam=resident.volledige_naam,
                geboortedatum=resident.geboortedatum,
                identificatie={
                    "voornamen": resident.voornamen,
                    "voorvoegselGeslachtsnaam": resident.voorvoegsel,
                    "geslachtsnaam": resident.geslachtsnaam,
                    "geboortedatum": resident.geboren,
                },
            )
        if party.kind == "company":
            return zaken.NewRol(
                omschrijving_generiek="initiator",
                betrokkene_type="niet_natuurlijk_persoon",
                company_id=actor.pk if actor else None,
                naam=residents.company(party.key).naam,
            )
        if party.kind == "club":
            return zaken.NewRol(
                omschrijving_generiek="initiator",
                betrokkene_type="niet_natuurlijk_persoon",
                naam=party.naam,
                identificatie={"statutaireNaam": party.naam},
            )
        first, _, last = party.naam.partition(" ")
        born = party.geboortedatum
        return zaken.NewRol(
            omschrijving_generiek="initiator",
            betrokkene_type="natuurlijk_persoon",
            naam=party.naam,
            geboortedatum=born,
            identificatie={
                "voornamen": first,
                "geslachtsnaam": last,
                "geboortedatum": born.isoformat() if born else "",
            },
        )

    # -- What ---------------------------------------------------------------------------------------------------------
    def _events(self, case: _Case) -> Iterator[tuple[datetime, int, Deed]]:
        plan, handler, decider = (
            case.plan,
            self.staff[case.plan.handler],
            self.staff[staff.decider_of(case.plan.zaaktype)],
        )
        number = plan.number

        def at(moment: datetime | None, deed: Deed) -> Iterator[tuple[datetime, int, Deed]]:
            if moment is not None:
                yield moment, number, deed

        yield from at(plan.start, lambda: self._apply(case) if plan.application is None else self._submit(case))
        if plan.zaaktype == "KLACHT" and number % 2 == 0:
            yield from at(plan.start, lambda: self._hand_to_samenleving(case))
        yield from at(
            plan.when.assigned,
            lambda: casework.assign(case.made.uuid, handler.pk or 0, by=self.staff[staff.MANAGER]),
        )
        yield from at(plan.when.taken, lambda: casework.take(case.made.uuid, by=handler))
        for moment, text in plan.notes:
            yield from at(moment, partial(self._note, case, text, handler))
        yield from at(plan.when.suspended, lambda: self._suspend(case, handler))
        yield from at(
            plan.when.resumed,
            lambda: self._resume(case, handler),
        )
        yield from at(plan.when.extended, lambda: self._extend(case, handler))
        if plan.zaaktype == "BEZWAAR":
            yield from at(plan.when.taken, lambda: self._objected(case, handler))
        yield from at(plan.when.noticed, lambda: self._notice(case, handler))
        if plan.application is not None and plan.state == "assessed" and plan.when.taken is not None:
            yield from at(
                plan.when.taken + timedelta(hours=1), lambda: _ignore(casework.assess(case.made.uuid, by=handler))
            )
        if plan.state == "withdrawn":
            yield from at(plan.when.ended, lambda: self._withdraw(case, handler))
            return
        yield from at(plan.when.proposed, lambda: self._propose(case, handler))
        yield from at(plan.when.approved, lambda: casework.approve(_proposal(case).uuid, by=decider))

    def _apply(self, case: _Case) -> None:
        """Let somebody ask for something: zaak, first status, documents, and a receipt for who did it online."""
        plan = case.plan
        zaaktype = self.zaaktypen[plan.zaaktype]
        by = case.actor or self.staff[FRONT_DESK]
        zaak = case.zaak = zaken.create_zaak(
            zaken.NewZaak(zaaktype_id=zaaktype.id, omschrijving=plan.omschrijving[:80]),
            by=by,
            rollen=[self._initiator(case)],
        )
        zaken.add_status(zaak.id, zaaktype.statustypen[0].id, by=by)
        received = [self._add_paper(case, zaak, kind, by=by) for kind in plan.papers]
        if case.actor is not None:
            messages.give_receipt(
                zaak_uuid=zaak.uuid, zaak_identificatie=zaak.identificatie, to=case.actor, subject=zaaktype.omschrijving,
                files=received, received_at=plan.start,
            )  # fmt: skip

    def _add_paper(
        self, case: _Case, zaak: zaken.ZaakRecord, kind: str, *, by: Actor, outgoing: bool = False
    ) -> messages.ReceiptFile:
        stored = self.papers.take(kind)
        types = {one.omschrijving: one.id for one in self.zaaktypen[case.plan.zaaktype].informatieobjecttypen}
        document = documenten.create_document(
            documenten.NewDocument(
                informatieobjecttype_id=types[kind],
                titel=kind,
                auteur=settings.TOWN_NAME if outgoing else self._name(case),
                bestandsnaam=f"{kind.lower().replace(' ', '-')}.pdf",
                formaat=PDF,
                file=stored.uuid,
                ontvangstdatum=None if outgoing else today(),
                verzenddatum=today() if outgoing else None,
                tonen_aan_initiator=True,
            ),
            by=by,
        )
        zaken.link_document(zaak.id, document.id, titel=document.titel, by=by)
        return messages.ReceiptFile(document.bestandsnaam, stored.size, stored.sha256)

    def _name(self, case: _Case) -> str:
        return (case.actor.label if case.actor else case.plan.party.naam)[:200]

    def _hand_to_samenleving(self, case: _Case) -> None:
        unit = people.unit_by_code("samenleving")
        if unit is None:
            raise LookupError("samenleving")
        reason = "De klacht gaat over een gesprek met Team Samenleving."
        casework.hand_to_unit(case.made.uuid, unit.id, reason=reason, by=self.staff[staff.MANAGER])

    def _note(self, case: _Case, text: str, handler: Actor) -> None:
        casework.add_note(case.made.uuid, text, by=handler)

    def _suspend(self, case: _Case, handler: Actor) -> None:
        zaak = case.made
        if today() >= _last_day(case):
            return
        casework.suspend_term(
            zaak.uuid, law.EventKind.INVITED, until=today() + SUPPLEMENT_WITHIN, reason=stories.SUPPLEMENT, by=handler
        )
        self._add_paper(case, zaak, "Brief", by=handler, outgoing=True)

    def _resume(self, case: _Case, handler: Actor) -> None:
        if zaken.zaak_by_id(case.made.id).opschorting_indicatie:
            casework.resume_term(case.made.uuid, reason="De ontbrekende stukken zijn binnen.", by=handler)

    def _extend(self, case: _Case, handler: Actor) -> None:
        if today() > _last_day(case):
            return
        longest = self.zaaktypen[case.plan.zaaktype].verlengingstermijn or ""
        weeks = min(EXTENSION_WEEKS, int(longest[1:-1]) // 7)
        casework.extend_term(case.made.uuid, weeks=weeks, reason=stories.EXTENSION, by=handler)

    def _objected(self, case: _Case, handler: Actor) -> None:
        announced = case.made.startdatum - OBJECTED_AFTER
        casework.record_objected_decision(case.made.uuid, announced=announced, by=handler)

    def _notice(self, case: _Case, handler: Actor) -> None:
        if today() > _last_day(case):
            casework.record_default_notice(case.made.uuid, received=today(), reason=stories.NOTICE, by=handler)

    def _withdraw(self, case: _Case, handler: Actor) -> None:
        zaaktype, zaak = self.zaaktypen[case.plan.zaaktype], case.made
        broken_off = next(one for one in zaaktype.resultaattypen if one.omschrijving == "Afgebroken")
        zaken.set_resultaat(zaak.id, broken_off.id, "De aanvrager trok de aanvraag in.", by=handler)
        zaken.add_status(zaak.id, zaaktype.statustypen[-1].id, by=handler)

    def _propose(self, case: _Case, handler: Actor) -> None:
        plan = case.plan
        if plan.application is not None:
            casework.assess(case.made.uuid, by=handler)
        casework.propose(case.made.uuid, outcome=plan.outcome, reasons=plan.reasons, by=handler)

    # -- Letters ------------------------------------------------------------------------------------------------------
    def _send(self, cases: Iterable[_Case]) -> None:
        """Send all decisions: the letters are made together, for starting the compiler takes longest."""
        ready = [(case, case.plan.when.ended, _proposal(case)) for case in cases if case.plan.when.ended is not None]
        letters: list[dict[str, Any]] = []
        for _, ended, proposal in ready:
            day = ended.date()
            letter = casework.dated(
                proposal.letter, sent_on=day, last_day_for_bezwaar=casework.bezwaar_deadline(day).date
            )
            letters.append({**letter, "title": str(letter["subject"])})
        made = files.receive_many(pdf.render_many("letter", letters), media_type=PDF)
        events: list[tuple[datetime, int, Deed]] = []
        for (case, ended, proposal), stored in zip(ready, made, strict=True):
            handler = self.staff[case.plan.handler]

            send = partial(casework.send, proposal.uuid, by=handler, letter_file=stored.uuid)
            events.append((ended, case.plan.number, send))
            if case.plan.is_read and case.actor is not None:
                opened = min(ended + timedelta(days=2, hours=3), self.plans[-1].start)
                moment = max(opened, ended + timedelta(minutes=5))
                events.append((moment, case.plan.number, partial(_open_letter, case)))
        _in_order(events)

    # -- Tozo ---------------------------------------------------------------------------------------------------------
    def _submit(self, case: _Case) -> None:
        """Hand in the Tozo application through the form, with two documents."""
        applicant, actor = case.plan.application, case.actor
        if applicant is None or actor is None:
            raise LookupError("no application")
        definition = forms.definition("tozo")
        draft = forms.start("tozo", by=actor, gathered=_gathered(definition, applicant.key, case.plan.start))
        posted = tozo.typed(applicant)
        answered = [component for component in definition.inputs() if component.key in posted]
        forms.save_answers(draft, posted, by=actor, components=answered, revision=None, tab="demo")
        for key, kind in (("bewijsBank", BANK), ("bewijsInkomen", INCOME)):
            component = definition.component(key)
            if component is None:
                raise LookupError(key)
            naam = f"{kind.lower().replace(' ', '-')}.pdf"
            forms.add_file(draft, component, self.papers.take(kind), naam=naam, media_type=PDF, by=actor)
        submission = forms.submit(draft, by=actor, declared={"naarWaarheid": ["ja"]})
        case.zaak = zaken.zaak_by_uuid(submission.zaak_uuid, seen_by=people.SYSTEM)

    def _leave_a_draft(self) -> None:
        """Let one resident stop half-way: two steps saved, nothing handed in."""
        actor = self._actor(Party("resident", tozo.DRAFT_OF))
        definition = forms.definition("tozo")
        if actor is None:
            raise LookupError(tozo.DRAFT_OF)
        started = max(plan.start for plan in self.plans)
        with clock_set_to(started):
            draft = forms.start("tozo", by=actor, gathered=_gathered(definition, tozo.DRAFT_OF, started))
            posted = tozo.typed(tozo.Applicant(tozo.DRAFT_OF, 0, "new"))
            first, second, third = definition.steps[:3]
            answered = [component for step in (first, second) for component in step.inputs() if component.key in posted]
            forms.save_answers(draft, posted, by=actor, components=answered, revision=None, tab="demo", step=third.slug)


def _in_order(events: list[tuple[datetime, int, Deed]]) -> None:
    """Let each deed happen at its moment. Those of one zaak at one moment keep their order."""
    for moment, _number, deed in sorted(events, key=lambda event: event[:2]):
        with clock_set_to(moment):
            deed()


def _last_day(case: _Case) -> date:
    clock = casework.clock_of(case.made.id)
    if clock is None:
        raise LookupError(f"case {case.plan.number} has no term")
    return clock.deadline


def _ignore(_: object) -> None:
    """Take an answer that nobody needs."""


def _proposal(case: _Case) -> casework.ProposalRecord:
    return casework.proposals_of(case.made.id)[0]


def _open_letter(case: _Case) -> None:
    if case.actor is not None:
        for letter in messages.messages_for(case.actor, zaak_uuid=case.made.uuid):
            messages.open_message(letter.uuid, actor=case.actor)


def _papers_of(plans: Iterable[CasePlan]) -> Iterator[str]:
    """Return every paper that will be needed."""
    for plan in plans:
        if plan.application is not None:
            yield from (BANK, INCOME)
        else:
            yield from plan.papers
        if plan.when.suspended is not None:
            yield "Brief"


def _gathered(definition: forms.Definition, key: str, moment: datetime) -> forms.Gathered:
    """Return what BRP and KVK would have said: the simulators may not run yet."""
    known = tozo.prefilled(key)
    gathered = forms.Gathered()
    for plugin in known:
        gathered.sources[plugin] = {"at": moment.isoformat(), "answered": True}
    for component in definition.inputs():
        value = known[component.prefill.plugin].get(component.prefill.attribute) if component.prefill else None
        if component.prefill and value is not None:
            gathered.facts[component.key] = {
                "value": value,
                "source": component.prefill.plugin,
                "at": moment.isoformat(),
                "readonly": component.readonly,
            }
    return gathered
