"""The pages on which a form is filled in, looked over and handed in. They work without JavaScript; every change is a POST."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.audit.public import logs_own_use
from stadhuis.forms import blocks, prefill, reads, summary
from stadhuis.forms.actions import drafts, submit
from stadhuis.forms.actions import files as file_actions
from stadhuis.forms.actions.drafts import Saved
from stadhuis.forms.errors import (
    AnswersWrong,
    DraftAlreadySubmitted,
    DraftNotFound,
    FormUnknown,
    LevelTooLow,
    NotAllowed,
    TooManyFiles,
)
from stadhuis.forms.reads import DraftRecord
from stadhuis.forms.represented import handed_in_by
from stadhuis.forms.rules import fields, uploads
from stadhuis.forms.rules.definition import Component, Step
from stadhuis.forms.rules.engine import AnswerFault, Evaluation
from stadhuis.kit import files as kit_files
from stadhuis.kit.bodies import JUDGES_OWN_BODY, length_of
from stadhuis.kit.files.incoming import UnnamedUploadHandler
from stadhuis.kit.pages import errors, flash
from stadhuis.kit.templatetags.kit import moment
from stadhuis.kit.time import today
from stadhuis.messages import public as messages
from stadhuis.people.public import Actor, Level, actor_of, resident_required
from stadhuis.zaken import public as zaken

ROOM_FOR_THE_REST = 1024 * 1024
"""Bytes that a request with files may be larger than the largest file: the other answers and the envelopes."""

View = Callable[..., HttpResponseBase]


def _level(slug: str, *_: Any, **__: Any) -> Level:
    try:
        return reads.definition(slug).level  # type: ignore[return-value]
    except FormUnknown:
        raise Http404 from None


def _zaaktype(slug: str, *_: Any, **__: Any) -> str:
    """Return the service a form belongs to: a mandate may name it."""
    return reads.definition(slug).zaaktype


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def with_uploads(view: View) -> View:
    """Refuse a body that is too large before a byte of it is read, and let what comes in go to disk, not to memory.

    The CSRF check reads the body, so it runs inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            if length_of(request) > settings.UPLOAD_MAX_BYTES + ROOM_FOR_THE_REST:
                text = _too_large(settings.UPLOAD_MAX_BYTES)
                if _is_from_script(request):
                    return JsonResponse({"error": text}, status=413)
                return errors.page(request, 413, text=text)
            request.upload_handlers = [UnnamedUploadHandler(request)]
        return protected(request, *args, **kwargs)

    setattr(guarded, JUDGES_OWN_BODY, True)
    return guarded


def _is_from_script(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name == "forms:upload"


def _too_large(limit: int) -> str:
    return _(
        "Wat u toevoegt is te groot: samen niet meer dan %(limit)s MB. Wij hebben het niet bewaard. Kies een kleiner bestand, of voeg de bestanden een voor een toe."
    ) % {"limit": limit // (1024 * 1024)}


# -- Start ------------------------------------------------------------------------------------------------------------


@resident_required(_level, service=_zaaktype)
@logs_own_use("aanvraag")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer to begin, or to go on with what was filled in before; a POST begins."""
    actor = _actor(request)
    definition = reads.definition(slug)
    existing = reads.open_draft(slug, seen_by=actor)
    needs_kvk = prefill.lacks_kvk_number(definition, by=actor)
    if request.method == "POST" and not needs_kvk:
        anew = request.POST.get("keuze") == "opnieuw"
        if existing is not None and not anew:
            return _to_step(slug, existing.uuid, existing.step)
        gathered = prefill.gather(definition, by=actor)
        uuid = drafts.start(slug, by=actor, gathered=gathered, anew=anew)
        return _to_step(slug, uuid, reads.draft(uuid, seen_by=actor).step)
    language = _language()
    return render(
        request,
        "forms/start.html",
        {
            "slug": slug,
            "name": definition.name.said_in(language),
            "intro": definition.intro.said_in(language),
            "have_ready": [item.said_in(language) for item in definition.have_ready],
            "minutes": definition.minutes,
            "days": definition.bewaartermijn_dagen,
            "sources": sorted(
                {summary.source_names()[c.prefill.plugin] for c in definition.inputs() if c.prefill is not None}
            ),
            "needs_kvk": needs_kvk,
            "existing": existing,
            "continue_url": _step_url(slug, existing.uuid, existing.step) if existing else "",
            "hide_menu": True,
        },
        status=409 if needs_kvk and request.method == "POST" else 200,
    )


# -- A step -----------------------------------------------------------------------------------------------------------


def _keep_late(request: HttpRequest, was: Actor, slug: str, uuid: UUID, step: str) -> None:
    """Keep the answers of a step that was sent just after its session had ended by itself, in the draft of who it was.

    Whoever logs in again finds them there, and nobody else: a draft opens to its owner alone. Files are not taken.
    """
    with suppress(Http404, DraftAlreadySubmitted):
        draft = _draft(slug, uuid, was)
        shape = draft.definition.step(step)
        if shape is None or not draft.is_open:
            return
        drafts.save_answers(
            draft.uuid,
            {name: request.POST.getlist(name) for name in request.POST},
            by=was,
            components=list(shape.inputs()),
            revision=_revision(request),
            tab=_tab(request),
            step=shape.slug,
        )


@resident_required(_level, service=_zaaktype, late=_keep_late)
@logs_own_use("aanvraag")
@with_uploads
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str, uuid: UUID, step: str) -> HttpResponseBase:
    """Show one step, or keep what was typed in it and go on."""
    actor = _actor(request)
    draft = _draft(slug, uuid, actor)
    if not draft.is_open:
        return _to_receipt(slug, uuid)
    shape = draft.definition.step(step)
    if shape is None:
        raise Http404
    if request.method == "POST":
        return _save_step(request, actor, draft, shape)
    evaluation = _evaluate(draft)
    if not evaluation.applies(shape):
        return _to_step(slug, uuid, _nearest(evaluation, shape))
    if "controle" in request.GET:
        return _show_checked(request, draft, shape, evaluation)
    return _show_step(request, draft, shape, evaluation, extra_rows=request.GET.get("regel", ""))


def _show_checked(request: HttpRequest, draft: DraftRecord, shape: Step, evaluation: Evaluation) -> HttpResponse:
    """Show a step with what is wrong in it. Questions that only now appear (no JavaScript) are asked, not blamed."""
    fresh = {key for key in request.GET.get("nieuw", "").split(",") if fields.is_empty(draft.answers.get(key))}
    faults = evaluation.faults_in(shape.components)
    refusal = None if faults else evaluation.refusal(shape)
    return _show_step(
        request,
        draft,
        shape,
        evaluation,
        faults=[fault for fault in faults if fault.key not in fresh],
        has_new_questions=any(fault.key in fresh for fault in faults),
        refusal=refusal.said_in(_language()) if refusal else "",
    )


def _save_step(request: HttpRequest, actor: Actor, draft: DraftRecord, shape: Step) -> HttpResponseBase:
    posted = {name: request.POST.getlist(name) for name in request.POST}
    try:
        saved = drafts.save_answers(
            draft.uuid,
            posted,
            by=actor,
            components=list(shape.inputs()),
            revision=_revision(request),
            tab=_tab(request),
            step=shape.slug,
        )
        for file in request.POST.getlist("verwijder"):
            file_actions.remove_file(draft.uuid, _uuid(file), by=actor)
        refused = _take_files(request, actor, saved.draft, shape)
    except DraftAlreadySubmitted:
        return _to_receipt(draft.slug, draft.uuid)
    now_draft = _draft(draft.slug, draft.uuid, actor)
    evaluation = _evaluate(now_draft)
    wish = request.POST.get("_doe", "volgende")
    if saved.conflicts or saved.not_kept or refused:
        faults = [*saved.not_kept, *refused]
        return _show_step(request, now_draft, shape, evaluation, faults=faults, saved=saved, posted=posted)
    if "verwijder" in posted or "_regel-weg" in posted or wish == "toevoegen":
        return _to_step(draft.slug, draft.uuid, shape.slug)
    if wish.startswith("regel-"):
        return HttpResponseRedirect(f"{_step_url(draft.slug, draft.uuid, shape.slug)}?regel={wish[6:70]}")
    if wish == "bewaren":
        flash.ok(request, _("Wij hebben bewaard wat u hebt ingevuld. U kunt later verder, ook op een ander apparaat."))
        return HttpResponseRedirect("/mijn/")
    return _go_on(request, now_draft, shape, evaluation, saved)


def _go_on(
    request: HttpRequest,
    draft: DraftRecord,
    shape: Step,
    evaluation: Evaluation,
    saved: Saved,
) -> HttpResponse:
    """Lead on: to the next step, or back to this one with what is wrong, on a page that the back button can show again."""
    faults = evaluation.faults_in(shape.components)
    if faults or evaluation.refusal(shape) is not None:
        before = _evaluate(saved.before)
        fresh = sorted(
            {
                fault.key
                for fault in faults
                if not before.is_visible(fault.key) and fields.is_empty(draft.answers.get(fault.key))
            }
        )
        asked = {"controle": "1"} | ({"nieuw": ",".join(fresh)} if fresh else {})
        if request.POST.get("_terug") == "overzicht":
            asked["terug"] = "overzicht"
        return HttpResponseRedirect(f"{_step_url(draft.slug, draft.uuid, shape.slug)}?{urlencode(asked, safe=',')}")
    steps = evaluation.steps()
    if request.POST.get("_terug") == "overzicht":
        open_steps = [item.slug for item in steps if item.slug in evaluation.faults()]
        if not open_steps:
            return HttpResponseRedirect(_overview_url(draft.slug, draft.uuid))
        return HttpResponseRedirect(f"{_step_url(draft.slug, draft.uuid, open_steps[0])}?terug=overzicht")
    after = [item.slug for item in draft.definition.steps[draft.definition.steps.index(shape) + 1 :] if item in steps]
    if after:
        return _to_step(draft.slug, draft.uuid, after[0])
    return HttpResponseRedirect(_overview_url(draft.slug, draft.uuid))


def _show_step(
    request: HttpRequest,
    draft: DraftRecord,
    shape: Step,
    evaluation: Evaluation,
    *,
    faults: Sequence[AnswerFault] = (),
    saved: Saved | None = None,
    posted: Mapping[str, Sequence[str]] | None = None,
    has_new_questions: bool = False,
    refusal: str = "",
    extra_rows: str = "",
) -> HttpResponse:
    language = _language()
    conflicts = saved.conflicts if saved else ()
    inputs = list(shape.inputs())
    typed = _typed_again(inputs, conflicts, posted or {})
    page = blocks.Page(draft, evaluation, language, faults=faults, typed=typed, extra_rows=extra_rows)
    drawn = page.blocks(shape.components)
    steps = evaluation.steps()
    number = steps.index(shape) + 1 if shape in steps else 1
    return render(
        request,
        "forms/step.html",
        {
            "draft": draft,
            "form_name": draft.definition.name.said_in(language),
            "step_name": shape.name.said_in(language),
            "intro": shape.intro.said_in(language),
            "number": number,
            "count": len(steps) + 1,
            "steps": _step_items(draft, evaluation, shape.slug),
            "blocks": drawn,
            "faults": [{"field": fault.name, "text": _told(fault, language)} for fault in faults],
            "conflicts": [_conflict_line(draft, conflict, language) for conflict in conflicts],
            "has_new_questions": has_new_questions,
            "refusal": refusal,
            "missing_sources": page.missing_sources(inputs),
            "facts_at": _facts_at(draft, inputs),
            "revision": draft.revision,
            "tab": _tab(request) or secrets.token_hex(6),
            "has_other_buttons": any(component.type in ("file", "editgrid") for component in inputs),
            "answers_for_script": page.answers_for_script({component.key for component in inputs}),
            "autosave_url": reverse("forms:autosave", kwargs={"slug": draft.slug, "uuid": draft.uuid}),
            "back_url": _back_url(draft, evaluation, shape),
            "to_overview": "overzicht" in (request.GET.get("terug"), request.POST.get("_terug")),
            "hide_menu": True,
        },
        status=409 if conflicts else 422 if faults and request.method == "POST" else 200,
    )


def _told(fault: AnswerFault, language: str) -> str:
    """Return a fault with its question in front; after a question mark stands no colon."""
    label = fault.label.said_in(language)
    return f"{label}{'' if label.endswith('?') else ':'} {fault.text}"


def _typed_again(
    inputs: Sequence[Component], conflicts: Sequence[drafts.Conflict], posted: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return what was typed in this window for the questions that were changed in another one."""
    changed = {conflict.key for conflict in conflicts}
    return {
        component.key: fields.from_post(component, posted.get(component.key, ()))
        for component in inputs
        if component.key in changed and component.type != "editgrid"
    }


def _conflict_line(draft: DraftRecord, conflict: drafts.Conflict, language: str) -> dict[str, str]:
    component = draft.definition.component(conflict.key)
    if component is None:
        return {"key": conflict.key, "label": "", "theirs": ""}
    return {
        "key": conflict.key,
        "label": component.label.said_in(language),
        "theirs": fields.shown(component, conflict.theirs, language) or _("leeg"),
    }


def _facts_at(draft: DraftRecord, inputs: Sequence[Component]) -> Any:
    from django.utils.dateparse import parse_datetime

    moments = [draft.prefilled[component.key]["at"] for component in inputs if component.key in draft.locked]
    return parse_datetime(moments[0]) if moments else None


def _step_items(draft: DraftRecord, evaluation: Evaluation, current: str) -> list[dict[str, str]]:
    faults = evaluation.faults()
    steps = evaluation.steps()
    reached = next((index for index, item in enumerate(steps) if item.slug == draft.step), 0)
    items = []
    for index, item in enumerate(steps):
        done = index <= reached and item.slug not in faults
        state = "current" if item.slug == current else "done" if done else "todo"
        url = _step_url(draft.slug, draft.uuid, item.slug) if index <= reached or done else ""
        items.append({"text": item.name.said_in(_language()), "state": state, "url": url})
    items.append({"text": _("Controleren en versturen"), "state": "current" if current == "" else "todo", "url": ""})
    return items


def _take_files(request: HttpRequest, actor: Actor, draft: DraftRecord, shape: Step) -> list[AnswerFault]:
    """Take in the files that came with a step; returns what was refused."""
    refused = []
    for component in shape.inputs():
        if component.type != "file":
            continue
        for upload in request.FILES.getlist(component.key):
            text = _take_file(actor, draft, component, upload)
            if text:
                named = f"'{uploads.clean_name(upload.name or '')}': {text}"
                refused.append(AnswerFault(component.key, component.key, component.label, named))
    return refused


def _take_file(actor: Actor, draft: DraftRecord, component: Component, upload: UploadedFile[Any]) -> str:
    """Check one file by its content and add it to the draft; returns why it is refused, or ''."""
    naam = uploads.clean_name(upload.name or "")
    limit = min(component.file_max_bytes or settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_BYTES)
    size = upload.size or 0
    if size > limit:
        return _("Dit bestand is te groot. Het mag niet groter zijn dan %(limit)s MB.") % {
            "limit": limit // (1024 * 1024)
        }
    try:
        media_type = uploads.inspect(upload.file, name=naam, size=size, accepted=component.file_types)  # type: ignore[arg-type]
        upload.file.seek(0)  # type: ignore[union-attr]
        stored = kit_files.receive(upload.chunks(1 << 20), max_bytes=limit, media_type=media_type)
        try:
            file_actions.add_file(draft.uuid, component, stored, naam=naam, media_type=media_type, by=actor)
        except BaseException:
            kit_files.discard(stored.uuid)
            raise
    except uploads.UploadRefused as refused:
        return refused.text
    except TooManyFiles as too_many:
        return _("Dit bestand is niet toegevoegd: er kunnen hier niet meer dan %(limit)s bestanden bij.") % {
            "limit": too_many.limit
        }
    return ""


# -- One answer at a time, and files ----------------------------------------------------------------------------------


@resident_required(_level, service=_zaaktype)
@require_POST
def autosave(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Keep one changed answer (the script sends each as it is left). What is wrong is kept too; it is said at the step."""
    actor = _actor(request)
    draft = _draft(slug, uuid, actor)
    name = request.POST.get("_field", "")
    component = draft.definition.component(name)
    if component is None or component.type in ("file", "editgrid") or component in draft.definition.declaration:
        return JsonResponse({"error": _("Dit wordt bewaard als u op 'Volgende' klikt.")}, status=422)
    posted = {name: request.POST.getlist(name)}
    try:
        saved = drafts.save_answers(
            uuid, posted, by=actor, components=[component], revision=_revision(request), tab=_tab(request)
        )
    except DraftAlreadySubmitted:
        return JsonResponse({"error": _("Dit is al verstuurd.")}, status=422)
    if saved.not_kept:
        return JsonResponse({"error": saved.not_kept[0].text}, status=422)
    if saved.conflicts:
        text = _("U hebt dit in een ander venster veranderd. Klik op 'Volgende' om te kiezen wat goed is.")
        return JsonResponse({"error": text}, status=422)
    return JsonResponse({"revision": saved.draft.revision})


@resident_required(_level, service=_zaaktype)
@with_uploads
@require_POST
def upload(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponseBase:
    """Take in one file that the script sends; answers the new list of files of the question."""
    actor = _actor(request)
    draft = _draft(slug, uuid, actor)
    if not draft.is_open:
        return JsonResponse({"error": _("Dit is al verstuurd.")}, status=409)
    component = draft.definition.component(request.POST.get("field", ""))
    file = request.FILES.get("file")
    if component is None or component.type != "file" or file is None:
        return JsonResponse({"error": _("Er kwam geen bestand aan. Probeer het nog eens.")}, status=400)
    try:
        refused = _take_file(actor, draft, component, file)
    except DraftAlreadySubmitted:
        return JsonResponse({"error": _("Dit is al verstuurd.")}, status=409)
    if refused:
        return JsonResponse({"error": refused}, status=422)
    lines = blocks.file_lines(_draft(slug, uuid, actor), component.key)
    return render(request, "forms/files.html", {"files": lines})


@resident_required(_level, service=_zaaktype)
@logs_own_use("aanvraag")
@require_GET
def file(request: HttpRequest, slug: str, uuid: UUID, file: UUID) -> HttpResponseBase:
    """Give a file of a draft back to its owner."""
    draft = _draft(slug, uuid, _actor(request))
    found = next((item for item in draft.files if item.uuid == file), None)
    if found is None:
        raise Http404
    return FileResponse(
        kit_files.open_stored(found.file), as_attachment=True, filename=found.naam, content_type=found.media_type
    )


# -- Look over, hand in -----------------------------------------------------------------------------------------------


@resident_required(_level, service=_zaaktype)
@logs_own_use("aanvraag")
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show all answers with the declaration; a POST hands the form in, once."""
    actor = _actor(request)
    if request.method == "POST":
        return _hand_in(request, slug, uuid, actor)
    draft = _draft(slug, uuid, actor)
    if not draft.is_open:
        return _to_receipt(slug, uuid)
    if "controle" not in request.GET:
        return _show_overview(request, draft)
    ticked: dict[str, Sequence[str]] = {key: ["ja"] for key in request.GET.get("aan", "").split(",") if key}
    try:
        submit.look_over(draft, ticked)
    except AnswersWrong as wrong:
        return _show_overview(request, draft, faults=wrong.faults.get("", ()), declared=ticked)
    except NotAllowed as refused:
        return _show_overview(request, draft, refusal=str(refused))
    return _show_overview(request, draft, declared=ticked)


def _hand_in(request: HttpRequest, slug: str, uuid: UUID, actor: Actor) -> HttpResponse:
    declared = {name: request.POST.getlist(name) for name in request.POST}
    try:
        submit.submit(
            uuid,
            slug=slug,
            by=actor,
            declared=declared,
            language=_language(),
            representative=prefill.representative_name(actor),
        )
    except DraftNotFound:
        raise Http404 from None
    except (AnswersWrong, NotAllowed):
        kept = [
            component.key
            for component in _draft(slug, uuid, actor).definition.declaration
            if component.type == "checkbox" and fields.from_post(component, declared.get(component.key, ()))
        ]
        asked = {"controle": "1"} | ({"aan": ",".join(kept)} if kept else {})
        return HttpResponseRedirect(f"{_overview_url(slug, uuid)}?{urlencode(asked, safe=',')}")
    except LevelTooLow:
        return HttpResponseRedirect(f"{reverse('people:ophogen')}?next={_overview_url(slug, uuid)}")
    return _to_receipt(slug, uuid)


def _show_overview(
    request: HttpRequest,
    draft: DraftRecord,
    *,
    faults: Sequence[AnswerFault] = (),
    declared: Mapping[str, Sequence[str]] | None = None,
    refusal: str = "",
) -> HttpResponse:
    language = _language()
    evaluation = _evaluate(draft)
    open_faults = evaluation.faults()
    sections = [
        {
            "title": section.name,
            "rows": [
                {
                    "key": line.label,
                    "lines": line.lines,
                    "source": line.source,
                    "url": ""
                    if line.key in draft.locked
                    else f"{_step_url(draft.slug, draft.uuid, section.slug)}?terug=overzicht#{line.key}",
                }
                for line in section.lines
            ],
        }
        for section in summary.sections(evaluation, draft.prefilled, language)
    ]
    unfinished = [
        {
            "text": shape.name.said_in(language),
            "url": f"{_step_url(draft.slug, draft.uuid, shape.slug)}?terug=overzicht",
            "faults": [_told(fault, language) for fault in open_faults[shape.slug]],
        }
        for shape in evaluation.steps()
        if shape.slug in open_faults
    ]
    typed = {
        component.key: fields.from_post(component, (declared or {}).get(component.key, ()))
        for component in draft.definition.declaration
    }
    page = blocks.Page(draft, evaluation, language, faults=faults, typed=typed)
    return render(
        request,
        "forms/overview.html",
        {
            "draft": draft,
            "form_name": draft.definition.name.said_in(language),
            "called": draft.definition.called.said_in(language),
            "steps": _step_items(draft, evaluation, ""),
            "sections": sections,
            "unfinished": unfinished,
            "declaration": page.blocks(draft.definition.declaration),
            "faults": [{"field": fault.name, "text": fault.text} for fault in faults],
            "refusal": refusal,
            "back_url": _step_url(draft.slug, draft.uuid, evaluation.steps()[-1].slug),
            "hide_menu": True,
        },
    )


@resident_required(_level, service=_zaaktype)
@logs_own_use("aanvraag")
@require_GET
def receipt(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show what was received: number, moment, files. The same page whenever it is opened."""
    actor = _actor(request)
    try:
        submission = reads.submission_of_draft(uuid, seen_by=actor)
    except DraftNotFound:
        draft = _draft(slug, uuid, actor)
        return _to_step(slug, uuid, draft.step)
    if submission.slug != slug:
        raise Http404
    found = messages.receipts_of(submission.zaak_uuid)
    language = _language()
    return render(
        request,
        "forms/receipt.html",
        {
            "submission": submission,
            "form_name": submission.definition.name.said_in(language),
            "called": submission.definition.called.said_in(language),
            "after": submission.definition.after.said_in(language),
            "proof": [
                *(
                    {"key": _("Nummer van het ontvangstbewijs"), "value": item.number}
                    for item in found
                    if item.uuid == submission.receipt_uuid
                ),
                {"key": _("Zaaknummer"), "value": submission.zaak_identificatie},
                {"key": _("Ontvangen op"), "value": moment(submission.submitted_at)},
                *handed_in_by(zaken.dossier(submission.zaak_uuid, seen_by=actor)),
                {"key": _("Controlegetal van uw antwoorden (SHA-256)"), "value": submission.sha256},
            ],
            "files": [
                {"name": file["naam"], "size": file["size"], "sha256": file["sha256"]} for file in submission.files
            ],
            "zaak_url": f"/mijn/zaken/{submission.zaak_uuid}/",
            "mail": _mail_state(submission, actor),
        },
    )


@resident_required(_level, service=_zaaktype)
@logs_own_use("aanvraag")
@require_http_methods(["GET", "POST"])
def throw_away(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Ask whether a draft may go; a POST throws it away with its files."""
    actor = _actor(request)
    draft = _draft(slug, uuid, actor)
    if not draft.is_open:
        return _to_receipt(slug, uuid)
    if request.method == "POST":
        try:
            drafts.throw_away(uuid, by=actor)
        except DraftAlreadySubmitted:
            return _to_receipt(slug, uuid)
        flash.ok(request, _("Wat u had ingevuld, is weggegooid. Wij hebben niets bewaard."))
        return HttpResponseRedirect("/mijn/")
    context = {
        "name": draft.definition.name.said_in(_language()),
        "draft": draft,
        "back_url": _step_url(slug, uuid, draft.step),
    }
    return render(request, "forms/throw_away.html", context)


# -- Small things -----------------------------------------------------------------------------------------------------


def _draft(slug: str, uuid: UUID, actor: Actor) -> DraftRecord:
    try:
        draft = reads.draft(uuid, seen_by=actor)
    except DraftNotFound:
        raise Http404 from None
    if draft.slug != slug:
        raise Http404
    return draft


def _evaluate(draft: DraftRecord) -> Evaluation:
    return Evaluation(draft.definition, draft.answers, today=today(), trusted=draft.locked)


def _nearest(evaluation: Evaluation, shape: Step) -> str:
    steps = evaluation.steps()
    all_steps = list(evaluation.definition.steps)
    later = [item for item in all_steps[all_steps.index(shape) :] if item in steps]
    return (later or steps)[0].slug


def _back_url(draft: DraftRecord, evaluation: Evaluation, shape: Step) -> str:
    steps = evaluation.steps()
    index = steps.index(shape) if shape in steps else 0
    return _step_url(draft.slug, draft.uuid, steps[index - 1].slug) if index else ""


def _step_url(slug: str, uuid: UUID, step: str) -> str:
    return reverse("forms:step", kwargs={"slug": slug, "uuid": uuid, "step": step})


def _overview_url(slug: str, uuid: UUID) -> str:
    return reverse("forms:overview", kwargs={"slug": slug, "uuid": uuid})


def _to_step(slug: str, uuid: UUID, step: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(_step_url(slug, uuid, step))


def _to_receipt(slug: str, uuid: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("forms:receipt", kwargs={"slug": slug, "uuid": uuid}))


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("_revisie", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _tab(request: HttpRequest) -> str:
    text = request.POST.get("_tab", "")
    return text if re.fullmatch(r"[0-9a-f]{12}", text) else ""


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _mail_state(submission: reads.SubmissionRecord, actor: Actor) -> str:
    """Return what becomes of mail about this submission: none, sent, or what its owner must do first."""
    if not any(one.confirmation and submission.answers.get(one.key) for one in submission.definition.inputs()):
        return ""
    return messages.address_trouble(actor) or "sent"
