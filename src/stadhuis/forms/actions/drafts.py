"""Filling in: start, save, throw away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from stadhuis.forms.errors import DraftAlreadySubmitted, DraftNotFound
from stadhuis.forms.models import Draft
from stadhuis.forms.prefill import Gathered
from stadhuis.forms.reads import DraftRecord, current_version, definition_of, draft_branch, draft_record, owned_by
from stadhuis.forms.rules import fields
from stadhuis.forms.rules.definition import Component, Definition
from stadhuis.forms.rules.engine import AnswerFault
from stadhuis.kit import files
from stadhuis.kit.time import now, today
from stadhuis.people.public import Actor


@dataclass(frozen=True)
class Conflict:
    """An answer that was changed in another window after this page was shown."""

    key: str
    theirs: Any
    """What stands in the draft; it is kept until the resident saves once more."""


@dataclass(frozen=True)
class Saved:
    """What came of saving: the draft as it now is, what could not be kept and what was changed elsewhere."""

    draft: DraftRecord
    before: DraftRecord
    not_kept: tuple[AnswerFault, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def draft_for_change(uuid: UUID, *, by: Actor) -> Draft:
    """Return an open draft, locked, to its owner. Raises ``DraftNotFound`` or ``DraftAlreadySubmitted``."""
    row = Draft.objects.select_for_update().filter(owned_by(by), uuid=uuid).first()
    if row is None:
        raise DraftNotFound(str(uuid))
    if row.state != Draft.State.OPEN:
        raise DraftAlreadySubmitted(str(uuid))
    return row


def start(slug: str, *, by: Actor, gathered: Gathered, anew: bool = False) -> UUID:
    """Return the open draft of a form, made now if there was none; ``anew`` throws the old one away first.

    ``gathered`` holds what the base registrations said just before (``prefill.gather``). Raises ``FormUnknown``.
    """
    try:
        with transaction.atomic():
            return _start(slug, by, gathered, anew)
    except IntegrityError:
        # Started twice at the same moment (a double click): the other one won.
        return Draft.objects.get(owned_by(by), slug=slug, branch=draft_branch(by), state=Draft.State.OPEN).uuid


def _start(slug: str, by: Actor, gathered: Gathered, anew: bool) -> UUID:
    mine = Draft.objects.select_for_update().filter(owned_by(by), slug=slug, branch=draft_branch(by))
    existing = mine.filter(state=Draft.State.OPEN).first()
    if existing is not None and not anew:
        return existing.uuid
    if existing is not None:
        _remove(existing)
    version = current_version(slug)
    definition = definition_of(version)
    moment = now()
    draft = Draft.objects.create(
        slug=slug,
        version=version,
        person_id=by.person_id,
        company_id=by.company_id if by.person_id is None else None,
        branch=draft_branch(by),
        answers={key: fact["value"] for key, fact in gathered.facts.items() if not fact["readonly"]},
        prefilled=gathered.facts,
        sources=gathered.sources,
        step=definition.steps[0].slug,
        created_at=moment,
        changed_at=moment,
        expires_at=moment + timedelta(days=definition.bewaartermijn_dagen),
    )
    return draft.uuid


@transaction.atomic
def save_answers(
    uuid: UUID,
    posted: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    components: Sequence[Component],
    revision: int | None,
    tab: str,
    step: str = "",
) -> Saved:
    """Keep what was typed for these questions, right or wrong, and return what came of it.

    Readonly facts, files and questions that stand hidden are not taken from what was posted. An answer that another window
    changed after ``revision`` is not overwritten: it comes back as a conflict. Raises ``DraftNotFound`` or
    ``DraftAlreadySubmitted``.
    """
    row = draft_for_change(uuid, by=by)
    before = draft_record(row)
    not_kept: list[AnswerFault] = []
    conflicts: list[Conflict] = []
    number = row.revision + 1
    for component in components:
        if component.type == "file" or component.key in before.locked or (component.hidden and component.prefill):
            continue
        typed = _typed(component, posted)
        old = row.answers.get(component.key)
        if typed is None and (component.type == "editgrid" or f"_leeg.{component.key}" in posted):
            continue
        try:
            value = fields.clean(component, typed, today=today(), required=False)
        except fields.Wrong as wrong:
            if not fields.is_storable(typed):
                not_kept.append(AnswerFault(component.key, component.key, component.label, wrong.text))
                continue
            value = typed
        if value == old or (fields.is_empty(value) and fields.is_empty(old)):
            continue
        changed_at, changed_in = row.changes.get(component.key, (0, ""))
        if revision is not None and changed_at > revision and changed_in != tab:
            conflicts.append(Conflict(component.key, old))
            continue
        row.answers[component.key] = value
        row.changes[component.key] = [number, tab]
    if not conflicts and step:
        row.step = step
    _touch(row, definition_of(row.version), number)
    return Saved(draft_record(row), before, tuple(not_kept), tuple(conflicts))


def _typed(component: Component, posted: Mapping[str, Sequence[str]]) -> fields.Answer:
    if component.type == "editgrid":
        return _typed_rows(component, posted)
    return fields.from_post(component, posted.get(component.key, ()))


def _typed_rows(grid: Component, posted: Mapping[str, Sequence[str]]) -> list[dict[str, Any]] | None:
    """Return the rows of a repeating group, from names such as ``kinderen.0.naam``; rows without an answer fall away."""
    numbers: set[int] = set()
    for name in posted:
        first, _, rest = name.partition(".")
        number = rest.partition(".")[0]
        if first == grid.key and number.isdecimal() and len(number) <= 3:
            numbers.add(int(number))
    if not numbers and f"{grid.key}.aanwezig" not in posted:
        return None
    removed = {name.partition("-")[2] for name in posted.get("_regel-weg", ()) if name.startswith(f"{grid.key}-")}
    rows = []
    for index in sorted(numbers)[: fields.MAX_ROWS + 1]:
        if str(index) in removed:
            continue
        row = {}
        for child in grid.components:
            if child.is_input:
                typed = fields.from_post(child, posted.get(f"{grid.key}.{index}.{child.key}", ()))
                try:
                    row[child.key] = fields.clean(child, typed, today=today(), required=False)
                except fields.Wrong:
                    row[child.key] = typed
        if not fields.is_empty(row):
            rows.append(row)
    return rows


def _touch(row: Draft, definition: Definition, number: int) -> None:
    row.revision = number
    row.changed_at = now()
    row.expires_at = row.changed_at + timedelta(days=definition.bewaartermijn_dagen)
    row.save(update_fields=["answers", "changes", "step", "revision", "changed_at", "expires_at"])


@transaction.atomic
def throw_away(uuid: UUID, *, by: Actor) -> None:
    """Throw an open draft away, with its files. Raises ``DraftNotFound`` or ``DraftAlreadySubmitted``."""
    _remove(draft_for_change(uuid, by=by))


def _remove(row: Draft) -> None:
    for file in row.files.values_list("file", flat=True):
        files.discard(file)
    row.delete()


def remove_expired(*, limit: int = 500) -> int:
    """Throw away open drafts whose time is over, with their files; returns how many went. Each in a transaction of its own."""
    gone = 0
    expired = Draft.objects.filter(state=Draft.State.OPEN, expires_at__lt=now()).order_by("expires_at")
    for pk in list(expired.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = (
                Draft.objects.select_for_update(skip_locked=True)
                .filter(pk=pk, state=Draft.State.OPEN, expires_at__lt=now())
                .first()
            )
            if row is not None:
                _remove(row)
                gone += 1
    return gone
