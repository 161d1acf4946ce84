"""'Wie gebruikte mijn gegevens?': what a resident's data were used for, and the register of what they may be used for."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from stadhuis.audit import public as audit
from stadhuis.people.public import Actor, actor_of, resident_required
from stadhuis.zaken import public as zaken

PAGE_SIZE: Final = 25
MOST_IN_FILE: Final = 10_000


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _party(party: str) -> str:
    """Return in words who used the data: a kind of party, never a name."""
    if party.startswith("applicatie:"):
        return _("Een ander programma van de gemeente")
    return {
        "staff": _("Een medewerker van de gemeente"),
        "resident": _("U, of iemand die ook bij de zaak hoort"),
        "representative": _("Iemand die namens u handelt"),
        "company": _("Een bedrijf dat bij de zaak hoort"),
    }.get(party, _("De computer van de gemeente"))


def _rows(found: audit.Uses, actor: Actor) -> list[dict[str, Any]]:
    """Return the lines with the zaken that this resident may see; of any other it is not said which it was."""
    language = _language()
    known = zaken.zaken_by_uuid([use.about for use in found.lines if use.about is not None], seen_by=actor)
    rows = []
    for use in found.lines:
        zaak = known.get(use.about) if use.about is not None else None
        rows.append(
            {
                "day": use.day,
                "activity": use.activity.name.said_in(language),
                "purpose": use.activity.purpose.said_in(language),
                "basis": use.activity.basis.said_in(language),
                "party": _party(use.party),
                "number": zaak.identificatie if zaak else "",
                "url": reverse("portal:case", args=[zaak.uuid]) if zaak else "",
                "times": use.times,
            }
        )
    return rows


def _uses(actor: Actor, *, offset: int, limit: int) -> audit.Uses:
    if actor.person_id is None:
        return audit.Uses((), 0)  # the log is about people; a company has none
    return audit.uses_of(actor.person_id, offset=offset, limit=limit)


@resident_required("low", service=lambda: "")
@audit.logs_own_use("mijn-gegevens")
@require_GET
def uses(request: HttpRequest) -> HttpResponse:
    """Show per day what one's data were used for, in which zaak and by which kind of party. Source: AVG art. 15.

    A mandate for some services only does not open what everything else was used for.
    """
    actor = actor_of(request)
    assert actor is not None
    wanted = request.GET.get("blad", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and 0 < len(wanted) < 7 else 1
    number = max(number, 1)
    found = _uses(actor, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    if not found.lines and number > 1:
        number, found = 1, _uses(actor, offset=0, limit=PAGE_SIZE)
    base, count = reverse("portal:uses"), -(-found.total // PAGE_SIZE)
    first = (number - 1) * PAGE_SIZE + 1
    pages = {
        "number": number,
        "count": count,
        "first": first,
        "last": first + len(found.lines) - 1,
        "total": found.total,
        "previous_url": f"{base}?blad={number - 1}" if number > 1 else "",
        "next_url": f"{base}?blad={number + 1}" if number < count else "",
    }
    context = {
        "rows": _rows(found, actor),
        "pages": pages if count > 1 else None,
        "is_person": actor.person_id is not None,
    }
    return render(request, "portal/uses.html", context)


@resident_required("low", service=lambda: "")
@audit.logs_own_use("mijn-gegevens")
@require_GET
def uses_file(request: HttpRequest) -> HttpResponse:
    """Give the same as a file for a spreadsheet, in which nothing is a formula. Source: AVG art. 15 lid 3."""
    actor = actor_of(request)
    assert actor is not None
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = (_("Dag"), _("Waarvoor"), _("Doel"), _("Grondslag"), _("Door wie"), _("Zaak"), _("Hoe vaak"))
    writer.writerow([audit.safe_cell(head) for head in heads])
    for row in _rows(_uses(actor, offset=0, limit=MOST_IN_FILE), actor):
        cells = (row[name] for name in ("day", "activity", "purpose", "basis", "party", "number", "times"))
        writer.writerow([audit.safe_cell(cell) for cell in cells])
    # The mark in front tells a spreadsheet that this is UTF-8.
    content = "\ufeff" + text.getvalue()
    disposition = 'attachment; filename="gebruik-van-mijn-gegevens.csv"'
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    """Show what personal data may be used for: the register of processing activities. Source: AVG art. 30."""
    language = _language()
    shown = [
        {
            "code": one.code,
            "name": one.name.said_in(language),
            "rows": [
                {"key": _("Waarvoor"), "value": one.purpose.said_in(language)},
                {"key": _("Waarom dat mag"), "value": one.basis.said_in(language)},
                {"key": _("Hoe lang wij uw gegevens bewaren"), "value": one.retention.said_in(language)},
                {
                    "key": _("Hoe lang u ziet dat wij ze gebruikten"),
                    "value": _("%(number)s maanden") % {"number": one.log_months},
                },
            ],
        }
        for one in audit.activities()
    ]
    return render(request, "portal/activities.html", {"activities": shown})
