"""Questions of casework: the worklist in one statement, and what stands beside the dossier on a case page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection
from django.utils import translation

from stadhuis.access import public as access
from stadhuis.casework.letters import masked_letter
from stadhuis.casework.models import ClockEvent, DeadlineVersion, EstablishedFact, Proposal
from stadhuis.casework.rules import SOON_DAYS, ClockEventRecord, Urgency, in_force, urgency
from stadhuis.forms import public as forms
from stadhuis.kit import pdf
from stadhuis.kit.rows import Rows
from stadhuis.kit.time import now, today
from stadhuis.law import public as law
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken

_CLOCK_EVENTS: Final = Rows(ClockEvent, order=("pk",))
_DEADLINES: Final = Rows(DeadlineVersion, order=("-pk",))
_FACTS: Final = Rows(EstablishedFact, order=("pk",))
_PROPOSALS: Final = Rows(Proposal, "prepared_by", "decided_by", order=("-pk",))

PAGE_SIZE: Final = 50
View = Literal["mine", "replacing", "unit", "free", "approve", "all"]


@dataclass(frozen=True)
class WorkLine:
    """One zaak on a worklist."""

    zaak_uuid: UUID
    identificatie: str
    zaaktype: str
    omschrijving: str
    aanvrager: str
    status: str
    startdatum: date
    deadline: date | None
    urgency: Urgency
    handler: str
    unit: str
    awaits_approval: bool
    notice_on: date | None = None


@dataclass(frozen=True)
class Counts:
    """How many open zaken someone may see, per view, and how many of them press; no further than ``COUNTED_TO`` + 1."""

    all: int
    mine: int
    replacing: int
    """Of colleagues for whom they stand in today."""
    unit: int
    free: int
    approve: int
    late: int
    soon: int
    noticed: int = 0


@dataclass(frozen=True)
class Worklist:
    """A page of a worklist: the most pressing first. ``total`` above ``COUNTED_TO`` means more than that."""

    lines: tuple[WorkLine, ...]
    counts: Counts
    total: int
    page: int
    pages: int
    stands_in_for: tuple[str, ...] = ()
    """Names of the colleagues whose work they look after today."""


_VIEWS: Final[Mapping[View, str]] = {
    "mine": "w.handler_id = %(me)s",
    "replacing": "w.handler_id = ANY(%(absent)s)",
    "unit": "w.unit_id = %(my_unit)s",
    "free": "w.unit_id = %(my_unit)s AND w.handler_id IS NULL",
    "approve": "w.awaits_approval",
    "all": "TRUE",
}
# What was put in default stands on top (few rows, an index of their own); the rest in the order of the index on the deadline.
_PAGE: Final = """
WITH chosen AS (
  SELECT id, rank, deadline FROM (
    (SELECT w.id, 0 AS rank, w.deadline FROM casework_workitem w
      WHERE w.is_open AND w.notice_on IS NOT NULL AND {view} AND {access})
    UNION ALL
    (SELECT w.id, 1, w.deadline FROM casework_workitem w
      WHERE w.is_open AND w.notice_on IS NULL AND {view} AND {access} {first})
  ) both_parts
  ORDER BY rank, deadline, id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT z.uuid, z.identificatie, t.omschrijving, z.omschrijving, COALESCE(i.naam, ''), COALESCE(st.statustype, ''),
       z.startdatum, w.deadline, COALESCE(h.naam, ''), COALESCE(u.naam, ''), w.awaits_approval, w.notice_on
  FROM chosen
  JOIN casework_workitem w ON w.id = chosen.id
  JOIN zaken_zaak z ON z.id = w.zaak_id
  JOIN catalogi_zaaktype t ON t.id = z.zaaktype_id
  LEFT JOIN people_medewerker h ON h.id = w.handler_id
  LEFT JOIN LATERAL (SELECT p.naam FROM people_unitperiod p WHERE p.unit_id = w.unit_id AND p.valid_from <= %(today)s
                      AND (p.valid_to IS NULL OR p.valid_to > %(today)s) LIMIT 1) u ON TRUE
  LEFT JOIN LATERAL (SELECT s2.omschrijving AS statustype FROM zaken_status s JOIN catalogi_statustype s2
                      ON s2.id = s.statustype_id WHERE s.id = z.status_id) st ON TRUE
  LEFT JOIN LATERAL (SELECT r.naam FROM zaken_rol r WHERE r.zaak_id = z.id AND r.omschrijving_generiek = 'initiator'
                      ORDER BY r.id LIMIT 1) i ON TRUE
 ORDER BY chosen.rank, chosen.deadline, chosen.id
"""
_FIRST: Final = "ORDER BY w.deadline, w.id LIMIT %(limit)s::bigint + %(offset)s::bigint"
_COUNTED: Final[Mapping[str, str]] = {
    **{name: _VIEWS[name] for name in ("all", "mine", "replacing", "unit", "free", "approve")},
    "late": "w.deadline < %(today)s",
    "soon": "w.deadline BETWEEN %(today)s AND %(soon)s",
    "noticed": "w.notice_on IS NOT NULL",
}
COUNTED_TO: Final = 1000
"""Nobody reads a list to its thousandth zaak: counting stops one further, so that a page costs the same in any town."""
_COUNTS: Final = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM (SELECT 1 FROM casework_workitem w WHERE w.is_open AND {condition} AND {{access}}"
    f" LIMIT {COUNTED_TO + 1}) counted)"
    for condition in _COUNTED.values()
)


def worklist(view: View, *, seen_by: Actor, page: int = 1) -> Worklist:
    """Return a page of open zaken that ``seen_by`` may read: what we are in default of, what is late, what is nearly late.

    Five statements; what they cost does not grow with the number of zaken. Current at once, for a work item changes in the
    transaction of the deed.
    """
    condition = access.predicate(seen_by, "zaak.lezen", kind="work", alias="w")
    absent = people.replaced_by(seen_by.pk) if seen_by.kind == "staff" and seen_by.pk is not None else []
    unit = people.medewerker(seen_by.pk).unit_id if seen_by.kind == "staff" and seen_by.pk is not None else None
    day = today()
    params: dict[str, Any] = {
        "me": seen_by.pk,
        "absent": [absence.medewerker_id for absence in absent],
        "my_unit": unit,
        "today": day,
        "soon": day + timedelta(days=SOON_DAYS),
        "limit": PAGE_SIZE,
        "offset": (max(page, 1) - 1) * PAGE_SIZE,
    }
    allowed = _named(condition, params)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(access=allowed), params)
        counts = Counts(**dict(zip(_COUNTED, cursor.fetchone(), strict=True)))
        total = int(getattr(counts, view))
        # Few are sorted: walking along the deadlines of the town in search of them would look at every open zaak.
        first = _FIRST if total > COUNTED_TO else ""
        cursor.execute(_PAGE.format(access=allowed, view=_VIEWS[view], first=first), params)
        lines = tuple(_line(row, day) for row in cursor.fetchall())
    pages = max(1, -(-min(total, COUNTED_TO) // PAGE_SIZE))
    if total > COUNTED_TO:
        pages = max(pages, page + (len(lines) == PAGE_SIZE))
    return Worklist(lines, counts, total, max(page, 1), pages, tuple(absence.naam for absence in absent))


def _named(condition: access.Condition, params: dict[str, Any]) -> str:
    """Return the condition with named place-holders, its values added to ``params``."""
    names = [f"access_{number}" for number in range(len(condition.params))]
    params.update(zip(names, condition.params, strict=True))
    return condition.sql % tuple(f"%({name})s" for name in names)


def _line(row: Sequence[Any], day: date) -> WorkLine:
    uuid, identificatie, zaaktype, omschrijving, aanvrager, status, start, deadline, handler, unit, awaits, notice = row
    return WorkLine(
        uuid, identificatie, zaaktype, omschrijving, aanvrager, status, start, deadline, urgency(deadline, today=day),
        handler, unit, awaits, notice,
    )  # fmt: skip


def urgent_count(actor: Actor) -> int:
    """Return how many of someone's own open zaken that they may read are late or nearly so; for the menu, one statement."""
    if actor.kind != "staff":
        return 0
    condition = access.predicate(actor, "zaak.lezen", kind="work", alias="w")
    if condition.is_never:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM casework_workitem w"
            f" WHERE w.is_open AND w.handler_id = %s AND w.deadline <= %s AND {condition.sql}",
            [actor.pk, today() + timedelta(days=SOON_DAYS), *condition.params],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class WorkRecord:
    """Who has a zaak in hand and by when it must be decided."""

    handler_id: int | None
    handler: str
    unit: str
    deadline: date | None
    is_open: bool
    awaits_approval: bool
    unit_id: int | None


def work_of(zaak_id: int) -> WorkRecord | None:
    """Return the work item of a zaak."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT w.handler_id, COALESCE(h.naam, ''), COALESCE(p.naam, ''), w.deadline, w.is_open, w.awaits_approval,
                      w.unit_id
                 FROM casework_workitem w LEFT JOIN people_medewerker h ON h.id = w.handler_id
                 LEFT JOIN people_unitperiod p ON p.unit_id = w.unit_id AND p.valid_from <= %(today)s
                      AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
                WHERE w.zaak_id = %(zaak)s""",
            {"zaak": zaak_id, "today": today()},
        )
        row = cursor.fetchone()
    return WorkRecord(*row) if row else None


@dataclass(frozen=True)
class Clock:
    """The deadline with the reasons for it."""

    id: int
    deadline: date
    explanation: dict[str, Any]
    computed_at: datetime
    versions: int

    @property
    def steps(self) -> list[law.Step]:
        """The reasons as they were given, by the rules of that day."""
        return [law.Step.from_dict(step) for step in self.explanation["steps"]]

    @property
    def term(self) -> law.Term:
        """The term that was counted."""
        return law.Term.from_dict(self.explanation["term"])


def clock_of(zaak_id: int) -> Clock | None:
    """Return the latest computation of the deadline and how many there were."""
    rows = _DEADLINES.of("zaak", zaak_id)
    if not rows:
        return None
    return Clock(rows[0].pk, rows[0].deadline, rows[0].explanation, rows[0].computed_at, len(rows))


@dataclass(frozen=True)
class Answer:
    """One answer to 'when is the last day': what it was, from when until when, why it came, who saw it."""

    deadline: date
    explanation: dict[str, Any]
    given_at: datetime
    until: datetime | None
    cause: law.EventKind | None
    by_label: str
    first_shown_at: datetime | None

    @property
    def version(self) -> str:
        """The version of the rules."""
        return str(self.explanation["version"])


def answers_of_clock(zaak_id: int) -> list[Answer]:
    """Return every answer that was given about the last day of a zaak, newest first; one statement."""
    rows = list(DeadlineVersion.objects.filter(zaak_id=zaak_id).select_related("cause").order_by("-pk"))
    until: list[datetime | None] = [None, *(row.computed_at for row in rows)]
    return [
        Answer(
            row.deadline,
            row.explanation,
            row.computed_at,
            ended,
            law.EventKind(row.cause.kind) if row.cause else None,
            row.cause.by_label if row.cause else "",
            row.first_shown_at,
        )
        for row, ended in zip(rows, until, strict=False)
    ]


def answer_on(zaak_id: int, moment: datetime) -> Answer | None:
    """Return the answer that stood at a moment: what anybody who asked then was told."""
    return next((one for one in answers_of_clock(zaak_id) if one.given_at <= moment), None)


def deadlines_of(zaak_uuids: Sequence[UUID]) -> dict[UUID, date]:
    """Return per zaak the last day by law, as the workplace shows it; one statement.

    For whoever may see those zaken: check that before.
    """
    if not zaak_uuids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT z.uuid, w.deadline FROM zaken_zaak z JOIN casework_workitem w ON w.zaak_id = z.id
                WHERE z.uuid = ANY(%s) AND w.deadline IS NOT NULL""",
            [list(zaak_uuids)],
        )
        return dict(cursor.fetchall())


def shown_to_applicant(zaak_id: int) -> None:
    """Note that the applicant now sees the latest answer about the last day; the first time counts."""
    DeadlineVersion.objects.filter(
        pk=DeadlineVersion.objects.filter(zaak_id=zaak_id).order_by("-pk").values("pk")[:1], first_shown_at__isnull=True
    ).update(first_shown_at=now())


def clock_rows(zaak_id: int) -> list[ClockEventRecord]:
    """Return everything that was ever entered about the clock, in the order of entry, with what was corrected."""
    return [
        ClockEventRecord(
            row.pk, law.EventKind(row.kind), row.on, row.until, row.length, row.unit, row.ends_id, row.exclusion,
            row.replaces_id, row.is_withdrawn, row.reason, row.by_label, row.recorded_at,
        )
        for row in _CLOCK_EVENTS.of("zaak", zaak_id)
    ]  # fmt: skip


def clock_events_of(zaak_id: int) -> list[ClockEventRecord]:
    """Return what counts for the clock, oldest day first."""
    return sorted(in_force(clock_rows(zaak_id)), key=lambda row: (row.on, row.id))


def is_counted_notice(row: ClockEventRecord, answer: law.Deadline) -> bool:
    """Say whether this is a default notice that came after the last day. Source: Awb 4:17 lid 3."""
    return row.kind is law.EventKind.DEFAULT_NOTICE and row.on > answer.date


def penalty_of(
    zaak_id: int, *, as_of: date | None = None, announced: date | None = None, clock: Clock | None = None
) -> law.Penalty | None:
    """Return what the penalty is up to and including a day (today); None when nobody put us in default.

    With ``announced`` as it is when the decision is made known on that day, unless it was before. ``clock`` when the
    caller has it.

    A notice that costs nothing (4:17 lid 6) starts none; the reason says so. Source: Awb 4:17, 4:18.
    """
    notices = [row for row in clock_events_of(zaak_id) if row.kind is law.EventKind.DEFAULT_NOTICE]
    clock = (clock or clock_of(zaak_id)) if notices else None
    if clock is None:
        return None
    answer = law.replay(clock.explanation)
    if answer.announced is None:
        # A zaak that ended in another way than by a decision of ours (it was withdrawn) costs nothing from then on.
        answer = replace(answer, announced=announced or zaken.zaak_by_id(zaak_id).einddatum)
    excluded = [row for row in notices if row.exclusion and is_counted_notice(row, answer)]
    costing = {row.on for row in notices if not row.exclusion}
    if excluded and not any(on > answer.date for on in costing):
        return law.penalty(answer, as_of=as_of or today(), exclusion=excluded[0].exclusion)  # type: ignore[arg-type]
    events = tuple(
        event for event in answer.events if event.kind is not law.EventKind.DEFAULT_NOTICE or event.on in costing
    )
    return law.penalty(replace(answer, events=events), as_of=as_of or today())


@dataclass(frozen=True)
class FactRecord:
    """A fact that staff established."""

    key: str
    value: Any
    source: str
    by_label: str
    established_at: datetime


def established_facts(zaak_id: int) -> dict[str, FactRecord]:
    """Return per key the fact that counts: the newest."""
    facts: dict[str, FactRecord] = {}
    for row in _FACTS.of("zaak", zaak_id):
        facts[row.key] = FactRecord(row.key, row.value, row.source, row.by_label, row.established_at)
    return facts


def answers_that_count(zaak_id: int, submission: forms.SubmissionRecord) -> dict[str, Any]:
    """Return the answers of the application, each replaced by what staff established where they did."""
    return {**submission.answers, **{key: fact.value for key, fact in established_facts(zaak_id).items()}}


@dataclass(frozen=True)
class ProposalRecord:
    """A proposed decision."""

    uuid: UUID
    state: str
    outcome: str
    reasons: str
    assessment: UUID | None
    letter: dict[str, Any]
    prepared_by: int
    prepared_by_label: str
    prepared_at: datetime
    decided_by_label: str
    decided_at: datetime | None
    remark: str
    sent_at: datetime | None
    document: UUID | None


def proposals_of(zaak_id: int) -> list[ProposalRecord]:
    """Return the proposals of a zaak, newest first; one statement."""
    rows = _PROPOSALS.of("zaak", zaak_id)
    return [
        ProposalRecord(
            uuid=row.uuid,
            state=row.state,
            outcome=row.outcome,
            reasons=row.reasons,
            assessment=row.assessment,
            letter=row.letter,
            prepared_by=row.prepared_by_id,
            prepared_by_label=row.prepared_by.naam,
            prepared_at=row.prepared_at,
            decided_by_label=row.decided_by.naam if row.decided_by else "",
            decided_at=row.decided_at,
            remark=row.remark,
            sent_at=row.sent_at,
            document=row.document,
        )
        for row in rows
    ]


def letter_of(document: UUID) -> dict[str, Any] | None:
    """Return the text of a decision letter that was sent, by its document; None for another document.

    For whoever may read that document: check that before.
    """
    return (
        Proposal.objects.filter(document=document, state=Proposal.State.SENT).values_list("letter", flat=True).first()
    )


def masked_document(zaak_uuid: UUID, document: UUID, *, seen_by: Actor) -> bytes | None:
    """Return a PDF that we made ourselves (the summary, a decision letter) anew without the addresses ``seen_by`` may not
    see; None when there is nothing to hide or it is somebody else's file, which nobody can rewrite.

    For whoever may open that document: check that before.
    """
    hidden = zaken.hidden_in([zaak_uuid], seen_by=seen_by)
    if not hidden:
        return None
    submission = forms.submission(zaak_uuid)
    if submission is not None and submission.summary_document == document:
        with translation.override(submission.language):
            return forms.summary_pdf(submission, hidden=hidden)
    letter = letter_of(document)
    if letter is None:
        return None
    return pdf.render("letter", masked_letter(letter, hidden), title=str(letter["subject"]))


_ZAKEN_OF_DOCUMENT: Final = """
SELECT z.uuid FROM documenten_document d JOIN zaken_zaakinformatieobject k ON k.document_id = d.id
  JOIN zaken_zaak z ON z.id = k.zaak_id WHERE d.uuid = %s ORDER BY k.id
"""


def document_made_anew(document: UUID, *, seen_by: Actor) -> bytes | None:
    """Answer the question of documenten: this PDF without what must not leave, when we made it; see ``masked_document``.

    For whoever may open that document: check that before. Two statements where there is nothing to hide.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ZAKEN_OF_DOCUMENT, [document])
        zaken_of_it = [row[0] for row in cursor.fetchall()]
    return next(
        (made for zaak in zaken_of_it if (made := masked_document(zaak, document, seen_by=seen_by)) is not None), None
    )


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to: name and address lines, the account in the portal if there is one, the mail address."""

    name: str
    lines: tuple[str, ...]
    actor: Actor | None
    mail: str
    language: str


def addressee_of(zaak_uuid: UUID) -> Addressee:
    """Return whom the decision on a zaak is addressed to: the applicant as stated, else the initiator in the register."""
    submission = forms.submission(zaak_uuid)
    dossier = zaken.dossier(zaak_uuid, seen_by=SYSTEM)
    zaak, initiator = dossier.zaak, dossier.initiator
    actor = _portal_actor(submission, initiator)
    if submission is None:
        name = initiator.naam if initiator else ""
        return Addressee(name or "lezer", (name,) if name else (), actor, "", "nl")
    answers = answers_that_count(zaak.id, submission)

    def said(key: str) -> str:
        return str(answers.get(key) or "").strip()

    name = said("naam") or (initiator.naam if initiator else "")
    street = f"{said('straat')} {said('huisnummer')}".strip()
    town = f"{said('postcode')} {said('woonplaats')}".strip()
    lines = tuple(line for line in (name, street, town) if line)
    return Addressee(name or "lezer", lines, actor, said("emailadres"), submission.language)


def _portal_actor(submission: forms.SubmissionRecord | None, initiator: zaken.RolRecord | None) -> Actor | None:
    person = (submission.person_id if submission else None) or (initiator.person_id if initiator else None)
    company = (submission.company_id if submission else None) or (initiator.company_id if initiator else None)
    if person is not None:
        return Actor(kind="resident", pk=person, key=f"person:{people.person_uuid(person)}", label="")
    if company is not None:
        return Actor(kind="company", pk=company, key=f"company:{people.company(company).uuid}", label="")
    return None
