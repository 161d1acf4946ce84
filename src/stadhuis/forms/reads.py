"""Questions about forms, each as seen by someone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from stadhuis.forms.errors import DraftNotFound, FormUnknown
from stadhuis.forms.models import Draft, DraftFile, FormVersion, Submission
from stadhuis.forms.rules import definition as definitions
from stadhuis.forms.rules.definition import Definition
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class FileRecord:
    """A file of a draft or submission."""

    uuid: UUID
    component: str
    file: UUID
    naam: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class DraftRecord:
    """A draft as its owner works on it."""

    id: int
    uuid: UUID
    slug: str
    version: int
    definition: Definition
    is_open: bool
    answers: Mapping[str, Any]
    """Per key, with readonly facts and files in their place."""
    prefilled: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]
    locked: frozenset[str]
    """Keys whose answer came from a base registration and cannot be typed over."""
    step: str
    revision: int
    changes: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    files: tuple[FileRecord, ...]


@dataclass(frozen=True)
class MyDraft:
    """A draft as a line in an overview."""

    uuid: UUID
    slug: str
    name: definitions.Text
    step: str
    changed_at: datetime
    expires_at: datetime
    branch: str = ""


@dataclass(frozen=True)
class SubmissionRecord:
    """A form that was handed in."""

    uuid: UUID
    zaak_uuid: UUID
    zaak_identificatie: str
    slug: str
    version: int
    definition: Definition
    answers: Mapping[str, Any]
    prefilled: Mapping[str, Mapping[str, Any]]
    files: tuple[Mapping[str, Any], ...]
    sha256: str
    language: str
    submitted_at: datetime
    receipt_uuid: UUID
    summary_document: UUID | None
    person_id: int | None = field(default=None, repr=False)
    company_id: int | None = None


def owned_by(actor: Actor, *, draft: str = "") -> Q:
    """Return the condition for what belongs to whoever this actor acts for.

    Who may act for one branch of a company only, sees what was started for that branch. ``draft`` is the path to the draft
    in another table (``draft__``).
    """
    if actor.person_id is not None:
        return Q(person_id=actor.person_id)
    if actor.company_id is not None:
        of_company = Q(company_id=actor.company_id)
        return of_company & Q(**{f"{draft}branch": actor.branch}) if actor.branch else of_company
    return Q(pk__in=[])


def draft_branch(actor: Actor) -> str:
    """Return for which branch of a company somebody starts a draft; "" for the whole company and for a person."""
    return actor.branch if actor.person_id is None else ""


def current_version(slug: str) -> FormVersion:
    """Return the newest published version of a form. Raises ``FormUnknown``."""
    found = FormVersion.objects.filter(slug=slug, published_at__isnull=False).order_by("-version").first()
    if found is None:
        raise FormUnknown(slug)
    return found


def definition(slug: str) -> Definition:
    """Return the form as it is offered now. Raises ``FormUnknown``."""
    return definition_of(current_version(slug))


def definition_of(version: FormVersion) -> Definition:
    """Return the definition of a version; read once per process, for a published version never changes."""
    return _definition(version.pk, version.sha256)


@lru_cache(maxsize=64)
def _definition(version_id: int, sha256: str) -> Definition:
    return definitions.read(FormVersion.objects.values_list("definition", flat=True).get(pk=version_id, sha256=sha256))


def draft(uuid: UUID, *, seen_by: Actor) -> DraftRecord:
    """Return a draft to its owner. Raises ``DraftNotFound``, also for someone else's."""
    row = (
        Draft.objects.filter(owned_by(seen_by), uuid=uuid)
        .select_related("version")
        .defer("version__definition")
        .first()
    )
    if row is None:
        raise DraftNotFound(str(uuid))
    return draft_record(row)


def draft_record(row: Draft) -> DraftRecord:
    """Return the record of a row, with its files (one more statement)."""
    files = tuple(file_record(file) for file in row.files.all())
    shape = definition_of(row.version)
    locked = frozenset(key for key, fact in row.prefilled.items() if fact.get("readonly"))
    answers = {**row.answers, **{key: row.prefilled[key]["value"] for key in locked}}
    for component in shape.inputs():
        if component.type == "file":
            answers[component.key] = [
                {"uuid": str(file.uuid), "naam": file.naam, "size": file.size, "sha256": file.sha256}
                for file in files
                if file.component == component.key
            ]
    return DraftRecord(
        id=row.pk,
        uuid=row.uuid,
        slug=row.slug,
        version=row.version.version,
        definition=shape,
        is_open=row.state == Draft.State.OPEN,
        answers=answers,
        prefilled=row.prefilled,
        sources=row.sources,
        locked=locked,
        step=row.step,
        revision=row.revision,
        changes=row.changes,
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        files=files,
    )


def file_record(row: DraftFile) -> FileRecord:
    """Return the record of a row."""
    return FileRecord(row.uuid, row.component, row.file, row.naam, row.media_type, row.size, row.sha256)


def open_draft(slug: str, *, seen_by: Actor) -> MyDraft | None:
    """Return the open draft of a form, if whoever asks has one: of the whole company, for who is of no single branch."""
    return next((found for found in drafts_of(seen_by, slug=slug) if found.branch == draft_branch(seen_by)), None)


def drafts_of(actor: Actor, *, slug: str | None = None) -> list[MyDraft]:
    """Return the open drafts of a resident or company, the latest changed first; one statement."""
    rows = (
        Draft.objects.filter(owned_by(actor), state=Draft.State.OPEN)
        .select_related("version")
        .defer("version__definition")
    )
    if slug is not None:
        rows = rows.filter(slug=slug)
    return [
        MyDraft(
            row.uuid, row.slug, definition_of(row.version).name, row.step, row.changed_at, row.expires_at, row.branch
        )
        for row in rows.order_by("-changed_at")
        if not actor.services or definition_of(row.version).zaaktype in actor.services
    ]


def submission(zaak_uuid: UUID) -> SubmissionRecord | None:
    """Return what was handed in for a zaak, or None. For whoever may see the zaak: check that before."""
    row = Submission.objects.filter(zaak_uuid=zaak_uuid).select_related("version").defer("version__definition").first()
    return submission_record(row) if row else None


def addresses_in(zaak_uuids: Sequence[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    """Return per zaak the answers that say where somebody lives. One statement."""
    rows = Submission.objects.filter(zaak_uuid__in=zaak_uuids).values_list("zaak_uuid", "answers")
    return {uuid: [answers] for uuid, answers in rows}


def submission_of_draft(uuid: UUID, *, seen_by: Actor) -> SubmissionRecord:
    """Return what a draft became, to its owner. Raises ``DraftNotFound``."""
    rows = (
        Submission.objects.filter(owned_by(seen_by, draft="draft__"), draft__uuid=uuid)
        .select_related("version")
        .defer("version__definition")
    )
    row = rows.first()
    if row is None:
        raise DraftNotFound(str(uuid))
    return submission_record(row)


def submission_record(row: Submission) -> SubmissionRecord:
    """Return the record of a row."""
    return SubmissionRecord(
        uuid=row.uuid,
        zaak_uuid=row.zaak_uuid,
        zaak_identificatie=row.zaak_identificatie,
        slug=row.version.slug,
        version=row.version.version,
        definition=definition_of(row.version),
        answers=row.answers,
        prefilled=row.prefilled,
        files=tuple(row.files),
        sha256=row.sha256,
        language=row.language,
        submitted_at=row.submitted_at,
        receipt_uuid=row.receipt_uuid,
        summary_document=row.summary_document,
        person_id=row.person_id,
        company_id=row.company_id,
    )
