"""The page on which residents and companies see to the mail addresses that we write to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stadhuis.kit.pages import flash
from stadhuis.messages import actions, reads
from stadhuis.messages.errors import AddressNotFound, TooManyAddresses, TooManyCodes
from stadhuis.people.public import Actor, actor_of, resident_required

LONGEST = 254


# Mail about every service goes to these addresses: a mandate for some services only does not open them.
_for_everything = resident_required("low", service=lambda *_, **__: "")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("mail:addresses"))


@_for_everything
@require_http_methods(["GET", "POST"])
def addresses(request: HttpRequest) -> HttpResponseBase:
    """Show the addresses and what must be done about each; take in another one."""
    if request.method == "GET":
        return _page(request)
    typed = request.POST.get("emailadres", "").strip()
    fault = _fault_of(typed)
    if not fault:
        try:
            actions.add_address(typed, by=_actor(request), language=get_language() or settings.LANGUAGE_CODE)
        except TooManyAddresses:
            fault = _("U hebt al vijf mailadressen. Verwijder er eerst één.")
        except TooManyCodes:
            fault = _("Wij hebben net al een code gestuurd. Kijk in uw mail, of probeer het later opnieuw.")
        else:
            flash.ok(request, _("Het mailadres is bewaard. Staat er een code in uw mail? Vul die dan hieronder in."))
            return _back()
    return _page(request, typed=typed, errors={"emailadres": fault})


def _fault_of(typed: str) -> str:
    if not typed:
        return _("Vul een mailadres in.")
    try:
        validate_email(typed)
    except ValidationError:
        return _("Vul een mailadres in zoals naam@voorbeeld.nl.")
    return "" if len(typed) <= LONGEST else _("Vul een mailadres in zoals naam@voorbeeld.nl.")


@_for_everything
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Confirm an address with its code."""
    try:
        verdict = actions.confirm_address(uuid, request.POST.get("code", "")[:40], by=_actor(request))
    except AddressNotFound:
        raise Http404 from None
    if verdict is actions.Verdict.CONFIRMED:
        flash.ok(request, _("Uw mailadres is bevestigd."))
        return _back()
    if verdict is actions.Verdict.EXPIRED:
        fault = _("Deze code werkt niet meer. Vraag een nieuwe code.")
    else:
        fault = _("Deze code klopt niet. Kijk in de nieuwste mail.")
    return _page(request, errors={f"code-{uuid}": fault})


@_for_everything
@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send a fresh code."""
    try:
        actions.send_code_again(uuid, by=_actor(request))
    except AddressNotFound:
        raise Http404 from None
    except TooManyCodes:
        flash.warning(request, _("Wij hebben net al een code gestuurd. Kijk in uw mail, of probeer het later opnieuw."))
    else:
        flash.ok(request, _("Wij hebben een nieuwe code gestuurd."))
    return _back()


@_for_everything
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Forget an address."""
    try:
        actions.remove_address(uuid, by=_actor(request))
    except AddressNotFound:
        raise Http404 from None
    flash.ok(request, _("Het mailadres is verwijderd. Wij sturen daar niets meer naartoe."))
    return _back()


def _page(request: HttpRequest, *, typed: str = "", errors: dict[str, str] | None = None) -> HttpResponse:
    errors = errors or {}
    badges = {
        "confirmed": (_("Bevestigd"), "ok"),
        "bounced": (_("Onze mail kwam terug"), "late"),
        "code": (_("Nog niet bevestigd"), "warning"),
        "new": (_("Nog niet bevestigd"), "warning"),
    }
    rows: list[dict[str, Any]] = []
    for one in reads.addresses_of(_actor(request)):
        words, tone = badges["bounced" if one.bounced_at else one.state]
        rows.append(
            {
                "uuid": one.uuid,
                "address": one.address,
                "words": words,
                "tone": tone,
                "is_bounced": one.bounced_at is not None,
                "verified_at": one.verified_at,
                "asks_code": one.state == "code",
                "may_ask": one.state in {"new", "bounced", "code"},
                "field": f"code-{one.uuid}",
                "fault": errors.get(f"code-{one.uuid}", ""),
            }
        )
    context = {
        "addresses": rows,
        "typed": typed,
        "fout": errors.get("emailadres", ""),
        "fouten": [{"field": name, "text": text} for name, text in errors.items() if text],
    }
    return render(request, "messages/addresses.html", context, status=422 if errors else 200)
