"""The catalogue: which versions of types there are, the next version, and taking a catalogue in or out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.kit.bodies import JUDGES_OWN_BODY, length_of
from stadhuis.kit.files.incoming import UnnamedUploadHandler
from stadhuis.kit.pages import errors, flash
from stadhuis.kit.templatetags.kit import day as day_in_words
from stadhuis.people.public import SYSTEM, Actor, actor_of

guard = access.administrator_required("beheer.catalogus")
LARGEST_FILE: Final = 20 * 1024 * 1024
ROOM_FOR_THE_REST: Final = 64 * 1024
LONGEST_REASON: Final = 400
KINDS: Final = ("zaaktypen", "informatieobjecttypen", "besluittypen")


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request) or SYSTEM


def _crumbs(*trail: tuple[str, str]) -> list[dict[str, str]]:
    steps = [(_("Beheer"), reverse("administration:home")), *trail]
    return [{"text": text, "url": url} for text, url in steps]


def _kind_words() -> dict[str, str]:
    return {
        "zaaktypen": _("Zaaktypen"),
        "informatieobjecttypen": _("Documenttypen"),
        "besluittypen": _("Besluittypen"),
    }


def _summary(catalogus: UUID) -> catalogi.CatalogusSummary:
    for one in catalogi.catalogi():
        if one.uuid == catalogus:
            return one
    raise Http404


def _title(one: catalogi.CatalogusSummary) -> str:
    return f"{one.naam} ({one.domein})" if one.naam else one.domein


# -- Looking -------------------------------------------------------------------------------------------------------------
@guard
@require_GET
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show the catalogues and how much is in them."""
    return render(
        request,
        "administration/catalogus/overview.html",
        {
            "kruimels": _crumbs((_("Catalogi en zaaktypen"), "")),
            "catalogi": [{"row": one, "title": _title(one)} for one in catalogi.catalogi()],
        },
    )


@guard
@require_GET
def types(request: HttpRequest, catalogus: UUID) -> HttpResponseBase:
    """Show the types of a catalogue, each with the version that counts today and how many others there are."""
    found = _summary(catalogus)
    words = _kind_words()
    by_kind: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for (kind, _name), several in groupby(catalogi.versions(catalogus), key=lambda one: (one.kind, one.name)):
        by_kind[kind].append(_type(list(several)))
    return render(
        request,
        "administration/catalogus/types.html",
        {
            "kruimels": _crumbs((_("Catalogi en zaaktypen"), reverse("administration:catalogi")), (_title(found), "")),
            "title": _title(found),
            "catalogus": found,
            "kinds": [{"title": words[kind], "types": by_kind[kind]} for kind in KINDS if by_kind[kind]],
        },
    )


def _type(several: list[catalogi.VersionRecord]) -> dict[str, Any]:
    """Return one line: the version of today, or else the next one, or else the newest."""
    order = {"current": 0, "coming": 1, "concept": 2, "past": 3}
    shown = min(several, key=lambda one: (order[one.state], one.begin))
    states = [one.state for one in several]
    return {
        "version": shown,
        "state": _state(shown),
        "coming": states.count("coming") - (shown.state == "coming"),
        "concepts": states.count("concept") - (shown.state == "concept"),
        "count": len(several),
    }


def _state(one: catalogi.VersionRecord) -> dict[str, str]:
    words = {
        "concept": (_("Concept"), "neutral"),
        "coming": (_("Komt eraan"), "info"),
        "current": (_("Geldt nu"), "ok"),
        "past": (_("Voorbij"), "neutral"),
    }
    text, tone = words[one.state]
    return {"text": text, "tone": tone}


@guard
@require_GET
def versions(request: HttpRequest, catalogus: UUID, kind: str, version: UUID) -> HttpResponseBase:
    """Show all versions of one type: now, coming, past and concept; with what one can do."""
    return _versions(request, catalogus, kind, version)


def _versions(
    request: HttpRequest,
    catalogus: UUID,
    kind: str,
    version: UUID,
    *,
    typed: dict[str, str] | None = None,
    fault: tuple[str, str] | None = None,
) -> HttpResponseBase:
    found = _summary(catalogus)
    every = [one for one in catalogi.versions(catalogus) if one.kind == kind]
    name = next((one.name for one in every if one.uuid == version), None)
    if name is None:
        raise Http404
    several = [one for one in every if one.name == name]
    here = next(one for one in several if one.uuid == version)
    words = _part_words()
    context = {
        "kruimels": _crumbs(
            (_("Catalogi en zaaktypen"), reverse("administration:catalogi")),
            (_title(found), reverse("administration:catalogus", args=[catalogus])),
            (here.omschrijving or here.name, ""),
        ),
        "catalogus": found,
        "kind": kind,
        "here": here,
        "can_copy": kind == "zaaktypen",
        "versions": [
            {
                "row": one,
                "state": _state(one),
                "parts": [f"{count} {words[part]}" for part, count in one.counts.items() if count],
                "id_text": str(one.uuid),
                "fault": fault[1] if fault and fault[0] == f"publiceer-{one.uuid}" else "",
                "typed": (typed or {}).get(f"publiceer-{one.uuid}", f"{one.begin:%d-%m-%Y}"),
            }
            for one in several
        ],
        "typed": (typed or {}).get("ingang", ""),
        "reason": (typed or {}).get("reden", ""),
        "fault": fault[1] if fault and fault[0] == "ingang" else "",
        "fouten": [{"field": fault[0], "text": fault[1]}] if fault else [],
    }
    return render(request, "administration/catalogus/versions.html", context, status=422 if fault else 200)


def _part_words() -> dict[str, str]:
    return {
        "statustypen": _("statustypen"),
        "resultaattypen": _("resultaattypen"),
        "roltypen": _("roltypen"),
        "eigenschappen": _("eigenschappen"),
        "zaakobjecttypen": _("objecttypen"),
        "informatieobjecttypen": _("documenttypen"),
        "besluittypen": _("besluittypen"),
    }


# -- Versions --------------------------------------------------------------------------------------------------------------
def _day(text: str) -> date | None:
    """Return the day that was typed as dd-mm-jjjj, or None."""
    try:
        day = datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007  (a day, not a moment)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def _refusal(error: catalogi.VersionRefused) -> str:
    day = day_in_words(error.day)
    words = {
        "past": _("Kies vandaag of een dag die nog komt. De versie van nu kan niet met terugwerkende kracht stoppen."),
        "same-begin": _("Er is al een versie die op %(day)s ingaat. Kies een andere dag.") % {"day": day},
        "later": _("Er is al een gepubliceerde versie die op %(day)s ingaat. Twee versies gelden nooit op dezelfde dag.") % {"day": day},
        "order": _("Deze versie stopt op %(day)s. De ingangsdag moet daarvoor liggen.") % {"day": day},
    }  # fmt: skip
    return words[error.code]


def _known(catalogus: UUID, kind: str, version: UUID) -> None:
    if kind not in KINDS or not any(one.kind == kind and one.uuid == version for one in catalogi.versions(catalogus)):
        raise Http404


@guard
@require_POST
def new_version(request: HttpRequest, catalogus: UUID, kind: str, version: UUID) -> HttpResponseBase:
    """Copy a version of a zaaktype to a concept that begins on the day that was typed."""
    _known(catalogus, kind, version)
    if kind != "zaaktypen":
        raise Http404
    typed = {
        "ingang": request.POST.get("ingang", "").strip()[:10],
        "reden": request.POST.get("reden", "").replace("\x00", "").strip()[:LONGEST_REASON],
    }
    begin = _day(typed["ingang"])
    if begin is None:
        fault = ("ingang", _("Vul de dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026."))
        return _versions(request, catalogus, kind, version, typed=typed, fault=fault)
    try:
        made = catalogi.new_version(version, begin, by=_actor(request), reason=typed["reden"])
    except catalogi.TypeNotFound:
        raise Http404 from None
    except catalogi.VersionRefused as error:
        return _versions(request, catalogus, kind, version, typed=typed, fault=("ingang", _refusal(error)))
    flash.ok(request, _("De nieuwe versie staat klaar als concept. De versie van nu verandert niet."))
    return HttpResponseRedirect(reverse("administration:versions", args=[catalogus, kind, made]))


@guard
@require_POST
def publish(request: HttpRequest, catalogus: UUID, kind: str, version: UUID) -> HttpResponseBase:
    """Publish a concept from the day that was typed; the version before it ends on the day before."""
    _known(catalogus, kind, version)
    name = f"publiceer-{version}"
    typed = {name: request.POST.get("ingang", "").strip()[:10]}
    begin = _day(typed[name])
    if begin is None:
        fault = (name, _("Vul de dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026."))
        return _versions(request, catalogus, kind, version, typed=typed, fault=fault)
    try:
        catalogi.publish_version(kind, version, begin, by=_actor(request))
    except catalogi.TypeNotFound:
        raise Http404 from None
    except catalogi.VersionRefused as error:
        return _versions(request, catalogus, kind, version, typed=typed, fault=(name, _refusal(error)))
    flash.ok(request, _("De versie is gepubliceerd. Een eerdere versie stopt op de dag ervoor."))
    return HttpResponseRedirect(reverse("administration:versions", args=[catalogus, kind, version]))


# -- In and out ------------------------------------------------------------------------------------------------------------
@guard
@require_GET
def export(request: HttpRequest, catalogus: UUID) -> HttpResponseBase:
    """Give a catalogue as a zip."""
    found = _summary(catalogus)
    response = HttpResponse(catalogi.export_catalogus(catalogus), content_type="application/zip")
    name = "".join(one for one in found.domein if one.isascii() and one.isalnum()) or "catalogus"
    response["Content-Disposition"] = f'attachment; filename="catalogus-{name}.zip"'
    return response


View = Callable[..., HttpResponseBase]


def _with_file(view: View) -> View:
    """Refuse a body that is too large before a byte of it is read; the CSRF check reads it, so that runs inside."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and length_of(request) > LARGEST_FILE + ROOM_FOR_THE_REST:
            return errors.page(request, 413, text=_too_large())
        request.upload_handlers = [UnnamedUploadHandler(request)]
        return protected(request, *args, **kwargs)

    setattr(guarded, JUDGES_OWN_BODY, True)
    return guarded


def _too_large() -> str:
    return _("Dit bestand is te groot. Het mag niet groter zijn dan %(limit)s MB.") % {
        "limit": LARGEST_FILE // 1024 // 1024
    }


@guard
@_with_file
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponseBase:
    """Take in a catalogue from a zip; shows what came of it, or what is wrong and that nothing was taken in."""
    context: dict[str, Any] = {
        "kruimels": _crumbs(
            (_("Catalogi en zaaktypen"), reverse("administration:catalogi")), (_("Catalogus inlezen"), "")
        ),
        "largest": LARGEST_FILE,
        "publish": "publiceren" in request.POST,
    }
    if request.method == "GET":
        return render(request, "administration/catalogus/import.html", context)
    file = request.FILES.get("bestand")
    if file is None:
        return _import_refused(request, context, _("Kies een bestand."))
    if (file.size or 0) > LARGEST_FILE:
        return _import_refused(request, context, _too_large())
    try:
        objects = catalogi.read_export(file.file)  # type: ignore[arg-type]
        placed = catalogi.place_types(
            objects, by=_actor(request), publish=context["publish"], reason=_("Catalogus ingelezen")
        )
    except catalogi.ExchangeInvalid as error:
        return _import_refused(request, context, str(error))
    except catalogi.PlacingRefused as error:
        context |= {"redenen": error.faults, "more": error.count - len(error.faults)}
        text = ngettext(
            "Er is niets ingelezen. Er is %(count)s ding niet in orde.",
            "Er is niets ingelezen. Er zijn %(count)s dingen niet in orde.",
            error.count,
        )
        return _import_refused(request, context, text % {"count": error.count})
    return render(request, "administration/catalogus/import.html", {**context, "placed": placed})


def _import_refused(request: HttpRequest, context: dict[str, Any], text: str) -> HttpResponseBase:
    context |= {"fout": text, "fouten": [{"field": "bestand", "text": text}]}
    return render(request, "administration/catalogus/import.html", context, status=422)
