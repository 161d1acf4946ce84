"""The pages of one's own account: first use, forgotten password, passkeys, single sign-on, sessions, absence, guests."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.kit import crypto
from stadhuis.kit.pages import flash
from stadhuis.kit.templatetags.kit import day as in_words
from stadhuis.kit.time import now, today
from stadhuis.people import jobs, oidc, reads, staff_oidc
from stadhuis.people.actions import account, factors, leaving, links, login, single_sign_on
from stadhuis.people.actor import Actor
from stadhuis.people.errors import (
    AttemptUnknown,
    LinkNotUsable,
    LoginCancelled,
    LoginFailed,
    NotKnown,
    ProviderUnavailable,
    WrongInput,
)
from stadhuis.people.guards import actor_of, staff_required
from stadhuis.people.models import AccountLink, LoginSession, Medewerker
from stadhuis.people.pages import (
    ATTEMPT_FOR,
    LINK_KEY,
    MAX_ATTEMPTS,
    PENDING_KEY,
    address_of_visitor,
    ask_for_code,
    carry_out_logout,
    device_of,
    let_in,
    pending_of,
    qr_of,
    remember_device,
    throttled,
)
from stadhuis.people.rules import safe_next

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

CHALLENGE_KEY = "passkey_challenge"
CHALLENGE_FOR = timedelta(minutes=5)
CONFIRMED_KEY = "confirmed_at"
FRESH_FOR = timedelta(minutes=10)
"""Who changes what they log in with has logged in, or given their password, at most this long ago."""
NEW_TOTP_KEY = "new_totp"
SSO_KEY = "sso"


def _actor(request: HttpRequest) -> Actor:
    """Return who is logged in; the guard of the page has made sure that somebody is."""
    actor = actor_of(request)
    assert actor is not None
    return actor


def _me(request: HttpRequest) -> reads.AccountRecord:
    return reads.account(medewerker_id=_actor(request).pk)


def _errors(*faults: tuple[str, str]) -> dict[str, Any]:
    return {
        "fouten": [{"field": field, "text": text} for field, text in faults],
        "fout": dict(reversed(faults)),
    }


_PASSWORD_WORDS: dict[str, Callable[[], str]] = {
    "short": lambda: _("Gebruik ten minste 12 tekens. Een paar woorden achter elkaar is goed."),
    "long": lambda: _("Dit wachtwoord is te lang."),
    "common": lambda: _("Dit wachtwoord is makkelijk te raden. Kies een ander."),
    "repeats": lambda: _("Gebruik meer verschillende tekens."),
    "name": lambda: _("Gebruik niet uw naam, gebruikersnaam of mailadres als wachtwoord."),
    "differs": lambda: _("De twee wachtwoorden zijn niet gelijk."),
}


# -- Forgotten password, and links from a mail --------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password. The answer, and the time it takes, are the same for everybody."""
    if request.method == "GET":
        return render(request, "people/wachtwoord_vergeten.html", _errors())
    typed = request.POST.get("wie", "").strip().replace("\x00", "")[:254]
    if not typed:
        fault = _errors(("wie", _("Vul uw gebruikersnaam of mailadres in.")))
        return render(request, "people/wachtwoord_vergeten.html", fault, status=400)
    if login.may_ask_for_reset(typed, address=address_of_visitor(request)):
        with transaction.atomic():
            jobs.queue_reset(typed)
    return render(request, "people/wachtwoord_gevraagd.html", {"phone_note": True})


@never_cache
@require_GET
def open_link(request: HttpRequest) -> HttpResponse:
    """Take in a link from a mail. Opening changes nothing (scanners of mail open links too); the token leaves the address."""
    try:
        link = links.link_for(request.GET.get("t", "")[:100])
    except LinkNotUsable:
        return render(request, "people/link_werkt_niet.html", status=404)
    request.session.flush()
    request.session[LINK_KEY] = str(link.uuid)
    is_factor = link.kind == AccountLink.Kind.FACTOR
    return HttpResponseRedirect(reverse("people:werkplek_inloggen" if is_factor else "people:wachtwoord_kiezen"))


@never_cache
@sensitive_post_parameters("nieuw", "herhaal")
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Choose a password with a link from a mail; then the second factor follows."""
    held = request.session.get(LINK_KEY, "")
    try:
        link = links.link_by_uuid(UUID(held)) if held else None
    except LinkNotUsable:
        link = None
    if link is None or link.kind == AccountLink.Kind.FACTOR:
        return render(request, "people/link_werkt_niet.html", status=404)
    is_first = link.kind == AccountLink.Kind.INVITE
    context = {"username": link.medewerker.username, "is_first": is_first}
    if request.method == "GET":
        return render(request, "people/wachtwoord_kiezen.html", {**context, **_errors()})
    try:
        medewerker = account.choose_password(link.uuid, request.POST.get("nieuw", ""), request.POST.get("herhaal", ""))
    except LinkNotUsable:
        return render(request, "people/link_werkt_niet.html", status=404)
    except WrongInput as error:
        wrong = _errors((error.field, _PASSWORD_WORDS[error.code]()))
        return render(request, "people/wachtwoord_kiezen.html", {**context, **wrong}, status=400)
    return ask_for_code(request, medewerker.pk, to="/werkplek/", by_link=is_first)


@never_cache
@require_http_methods(["GET", "POST"])
def link_needed(request: HttpRequest) -> HttpResponse:
    """Say that a second factor is set up by a link, and mail one on request: the password was right."""
    pending = pending_of(request)
    if pending is None or not pending["needs_mail"]:
        return HttpResponseRedirect(reverse("people:werkplek_inloggen"))
    if request.method == "GET":
        return render(request, "people/link_nodig.html")
    request.session.pop(PENDING_KEY)
    login.send_factor_link(pending["id"])
    return render(request, "people/wachtwoord_gevraagd.html", {"phone_note": False})


# -- Passkeys at log-in -------------------------------------------------------------------------------------------------


def _keep_challenge(request: HttpRequest, challenge: bytes) -> None:
    request.session[CHALLENGE_KEY] = {"value": base64.b64encode(challenge).decode(), "at": now().timestamp()}


def _take_challenge(request: HttpRequest) -> bytes | None:
    """Return the challenge given to this browser, once."""
    held = request.session.pop(CHALLENGE_KEY, None)
    # Written at once: the same answer a moment later must not find it.
    request.session.save()
    if not held or now().timestamp() - held["at"] > CHALLENGE_FOR.total_seconds():
        return None
    return base64.b64decode(held["value"])


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > 64 * 1024:
        return {}
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


@never_cache
@require_POST
def passkey_login_options(request: HttpRequest) -> HttpResponse:
    """Give a browser something to sign. It names no account."""
    options, challenge = factors.authentication_options()
    _keep_challenge(request, challenge)
    return HttpResponse(options, content_type="application/json")


@never_cache
@require_POST
def passkey_login(request: HttpRequest) -> HttpResponse:
    """Log in with what the browser signed."""
    body = _body(request)
    challenge = _take_challenge(request)
    answer = body.get("answer")
    try:
        if challenge is None or not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise LoginFailed("passkey: no challenge or no answer")
        medewerker = factors.check_passkey(answer["id"], json.dumps(answer), challenge)
    except LoginFailed as error:
        log.info("log-in refused", extra={"factor": "passkey", "reason": error.reason})
        return JsonResponse({"error": _("Inloggen met de passkey is niet gelukt.")}, status=400)
    wanted = body.get("next")
    to = safe_next(wanted if isinstance(wanted, str) else "", workplace=True, default="/werkplek/")
    request.session.flush()
    login.log_in_staff(request, medewerker, means="passkey")
    done = JsonResponse({"to": to})
    remember_device(request, done, medewerker)
    return done


# -- Single sign-on -----------------------------------------------------------------------------------------------------


@never_cache
@require_GET
def sso_start(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider of the organisation, with fresh secrets that only this browser's session knows."""
    of = staff_oidc.provider()
    if of is None:
        raise Http404
    to = safe_next(request.GET.get("next", ""), workplace=True, default="/werkplek/")
    attempt = oidc.begin()
    try:
        address = staff_oidc.authorization_url(of, attempt)
    except ProviderUnavailable as error:
        return _sso_failed(request, of, error, to=to)
    attempts = _sso_attempts(request)
    attempts[attempt.state] = {
        "issuer": of.issuer, "nonce": attempt.nonce, "verifier": attempt.verifier, "next": to, "at": now().timestamp(),
    }  # fmt: skip
    request.session[SSO_KEY] = dict(sorted(attempts.items(), key=lambda item: item[1]["at"])[-MAX_ATTEMPTS:])
    return HttpResponseRedirect(address)


def _sso_attempts(request: HttpRequest) -> dict[str, dict[str, Any]]:
    limit = (now() - ATTEMPT_FOR).timestamp()
    held: dict[str, dict[str, Any]] = request.session.get(SSO_KEY, {})
    return {state: attempt for state, attempt in held.items() if attempt["at"] > limit}


@never_cache
@require_GET
def sso_back(request: HttpRequest) -> HttpResponse:
    """Take in the answer of the provider: once, and in the browser that asked."""
    of = staff_oidc.provider()
    if of is None:
        raise Http404
    to = "/werkplek/"
    try:
        attempts = _sso_attempts(request)
        attempt = attempts.pop(request.GET.get("state", ""), None)
        if attempt is None or attempt["issuer"] != of.issuer:
            raise AttemptUnknown("no such log-in in this browser")
        request.session[SSO_KEY] = attempts
        request.session.save()
        to = attempt["next"]
        oidc.check_answer_issuer(of, request.GET.get("iss"))
        if request.GET.get("error") == "access_denied":
            raise LoginCancelled("cancelled")
        if request.GET.get("error") or not request.GET.get("code"):
            raise LoginFailed(f"answer without code ({request.GET.get('error', '')[:40]})")
        secrets = oidc.Attempt(state="", nonce=attempt["nonce"], verifier=attempt["verifier"])
        proof = staff_oidc.redeem(of, secrets, request.GET["code"])
        medewerker = single_sign_on.who_signed_on(proof)
    except LoginFailed as error:
        return _sso_failed(request, of, error, to=to)
    kept = login.kept_at_provider(proof.issuer, proof.provider_session, proof.subject)
    if not proof.is_strong:
        return ask_for_code(request, medewerker.pk, to=to, means="sso", provider=kept)
    return let_in(request, medewerker, to=to, means="sso", provider=kept)


@never_cache
@csrf_exempt
@require_POST
def sso_logs_out(request: HttpRequest) -> HttpResponse:
    """Take in that a session of staff is over at the provider of single sign-on (back channel).

    Source: OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8.
    """
    of = staff_oidc.provider()
    if of is None:
        raise Http404
    return carry_out_logout(request, of, "sso")


def _sso_failed(request: HttpRequest, of: staff_oidc.StaffProvider, error: LoginFailed, *, to: str) -> HttpResponse:
    log.warning("log-in failed", extra={"means": "sso", "kind": type(error).__name__, "reason": error.reason})
    kind, status = {
        LoginCancelled: ("cancelled", 200),
        ProviderUnavailable: ("unavailable", 503),
        AttemptUnknown: ("expired", 400),
    }.get(type(error), ("failed", 400))
    query = urlencode({"next": to})
    context = {
        "kind": kind,
        "name": of.name,
        "retry": f"{reverse('people:sso')}?{query}",
        "other": f"{reverse('people:werkplek_inloggen')}?{query}",
    }
    return render(request, "people/inloggen_mislukt.html", context, status=status)


# -- One's own account --------------------------------------------------------------------------------------------------


def fresh_required(view: View) -> View:
    """Guard what changes how one logs in: the log-in or the password is of the last minutes, else the password is asked."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        assert actor is not None
        confirmed = request.session.get(CONFIRMED_KEY, 0)
        if now().timestamp() - confirmed > FRESH_FOR.total_seconds():
            started = LoginSession.objects.filter(pk=actor.session).values_list("started_at", flat=True).first()
            if started is None or now() - started > FRESH_FOR:
                if request.headers.get("Accept", "").startswith("application/json"):
                    return JsonResponse({"error": _("Vul eerst uw wachtwoord in."), "confirm": True}, status=403)
                back = request.path if request.method == "GET" else reverse("people:account")
                return HttpResponseRedirect(f"{reverse('people:bevestigen')}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return cast(View, staff_required(guarded))


@staff_required
@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account."""
    me = _me(request)
    actor = _actor(request)
    names = {"password": _("wachtwoord en code"), "passkey": _("passkey"), "sso": _("eenmalig inloggen")}
    context = {
        "me": me,
        "passkeys": reads.passkeys_of(me.id),
        "sessies": [
            {"record": one, "is_this": str(one.id) == actor.session, "means": names.get(one.means, one.means)}
            for one in reads.open_sessions(me.id)
        ],
        "gegevens": _own_rows(me),
        "heeft_gasten": bool(reads.guests_of(me.id)),
    }
    return render(request, "people/account.html", context)


def _own_rows(me: reads.AccountRecord) -> list[dict[str, Any]]:
    rows = [
        {"key": _("Naam"), "value": me.naam},
        {"key": _("Gebruikersnaam"), "value": me.username},
        {"key": _("Mailadres"), "value": me.email},
        {"key": _("Organisatieonderdeel"), "value": me.unit_naam},
        {"key": _("Functie"), "value": me.functie or "–"},
    ]
    if me.is_guest:
        rows += [
            {"key": _("Begeleider"), "value": me.sponsor_naam},
            {"key": _("Doel"), "value": me.purpose},
            {"key": _("Toegang tot"), "value": in_words(me.leaving_date)},
        ]
    return rows


@staff_required
@sensitive_post_parameters("wachtwoord")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password again before something about the log-in changes."""
    me = _me(request)
    given = request.POST.get("next") or request.GET.get("next") or ""
    to = safe_next(given, workplace=True, default=reverse("people:account"))
    context: dict[str, Any] = {"next": to, "has_password": me.has_password, "username": me.username, **_errors()}
    if request.method == "POST" and me.has_password:
        try:
            right = login.check_password(
                me.username, request.POST.get("wachtwoord", "")[:1024],
                address=address_of_visitor(request), device=device_of(request),
            )  # fmt: skip
        except login.Throttled as error:
            return throttled(request, error)
        if right is not None and right.pk == me.id:
            request.session[CONFIRMED_KEY] = now().timestamp()
            return HttpResponseRedirect(to)
        context |= _errors(("wachtwoord", _("Dit wachtwoord klopt niet.")))
    return render(request, "people/bevestigen.html", context, status=400 if context["fouten"] else 200)


@fresh_required
@sensitive_post_parameters("nieuw", "herhaal")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; other sessions end."""
    me, actor = _me(request), _actor(request)
    if not me.has_password:
        raise Http404
    context: dict[str, Any] = _errors()
    if request.method == "POST":
        try:
            account.change_password(me.id, request.POST.get("nieuw", ""), request.POST.get("herhaal", ""), by=actor)
        except WrongInput as error:
            context = _errors((error.field, _PASSWORD_WORDS[error.code]()))
        else:
            flash.ok(request, _("Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd."))
            answer = HttpResponseRedirect(reverse("people:account"))
            remember_device(request, answer, Medewerker.objects.get(pk=me.id))
            return answer
    context["username"] = me.username
    return render(request, "people/wachtwoord_wijzigen.html", context, status=400 if context["fouten"] else 200)


@fresh_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def change_app(request: HttpRequest) -> HttpResponse:
    """Let another app give the codes."""
    me, actor = _me(request), _actor(request)
    about = f"totp-new:{me.uuid}"
    held = request.session.get(NEW_TOTP_KEY)
    secret = crypto.decrypt(base64.b64decode(held), about=about) if held else factors.new_totp_secret()
    if not held:
        request.session[NEW_TOTP_KEY] = base64.b64encode(crypto.encrypt(secret, about=about)).decode()
    context: dict[str, Any] = _errors()
    if request.method == "POST":
        step = login.matching_step(secret, request.POST.get("code", "")[:20])
        if step is not None and held:
            factors.replace_totp(me.id, secret, step, by=actor)
            del request.session[NEW_TOTP_KEY]
            flash.ok(request, _("De nieuwe app is ingesteld. De oude codes werken niet meer."))
            return HttpResponseRedirect(reverse("people:account"))
        context = _errors(("code", _("Deze code klopt niet. Wacht op een nieuwe code in uw app.")))
    context |= {
        "qr": qr_of(login.otpauth(secret, me.username)),
        "key": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(request, "people/app_instellen.html", context, status=400 if context["fouten"] else 200)


@fresh_required
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make recovery codes and show them, this once."""
    me, actor = _me(request), _actor(request)
    codes = factors.make_recovery_codes(me.id, by=actor) if request.method == "POST" else []
    return render(request, "people/herstelcodes.html", {"codes": codes, "left": me.recovery_codes})


@fresh_required
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Give a browser what it needs to make a passkey."""
    options, challenge = factors.registration_options(_me(request).id)
    _keep_challenge(request, challenge)
    return HttpResponse(options, content_type="application/json")


@fresh_required
@require_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep a passkey that the browser made."""
    actor = _actor(request)
    body, challenge = _body(request), _take_challenge(request)
    answer, name = body.get("answer"), body.get("name")
    try:
        if challenge is None or not isinstance(answer, dict):
            raise WrongInput("passkey", "unproven")
        factors.add_passkey(
            _me(request).id, json.dumps(answer), challenge, name=name if isinstance(name, str) else "", by=actor
        )
    except WrongInput as error:
        words = {"many": _("U hebt al 10 passkeys. Verwijder er eerst een."), "taken": _("Deze passkey staat er al.")}
        text = words.get(error.code, _("De passkey is niet opgeslagen. Probeer het nog eens."))
        return JsonResponse({"error": text}, status=400)
    flash.ok(request, _("De passkey is toegevoegd. De volgende keer kunt u ermee inloggen."))
    return JsonResponse({"to": reverse("people:account")})


@fresh_required
@require_POST
def remove_passkey(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a passkey away."""
    actor = _actor(request)
    try:
        factors.remove_passkey(_me(request).id, uuid, by=actor)
    except NotKnown:
        raise Http404 from None
    flash.ok(request, _("De passkey is verwijderd."))
    return HttpResponseRedirect(reverse("people:account"))


@staff_required
@require_POST
def end_session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    try:
        account.end_own_session(_me(request).id, uuid, by=_actor(request))
    except NotKnown:
        raise Http404 from None
    flash.ok(request, _("Die sessie is gestopt."))
    return HttpResponseRedirect(reverse("people:account"))


@staff_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions, this one too."""
    actor = _actor(request)
    account.sign_out_everywhere(_me(request).id, by=actor)
    request.session.flush()
    return HttpResponseRedirect(reverse("people:werkplek_uitgelogd"))


# -- Absence ------------------------------------------------------------------------------------------------------------


def day_typed(text: str) -> date | None:
    """Return the day that somebody typed as dd-mm-jjjj, or None."""
    try:
        return datetime.strptime(text.strip(), "%d-%m-%Y").date()  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        return None


def absence_faults(error: WrongInput) -> dict[str, Any]:
    """Return in words what is wrong with an absence."""
    words = {
        "backward": _("De laatste dag ligt voor de eerste dag."),
        "past": _("Deze dagen zijn al voorbij."),
        "far": _("Kies dagen binnen twee jaar."),
        "overlap": _("Er staat al een afwezigheid in deze dagen."),
        "missing": _("Kies een collega die hier werkt."),
    }
    return _errors((error.field, words[error.code]))


@staff_required
@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """Say when one is away and who looks after the work. Not for guests, who choose from no list of colleagues."""
    me, actor = _me(request), _actor(request)
    if me.is_guest:
        raise Http404
    typed = {name: request.POST.get(name, "").replace("\x00", "")[:20] for name in ("van", "tot", "vervanger")}
    context: dict[str, Any] = {**_errors(), "typed": typed}
    if request.method == "POST":
        first, last = day_typed(typed["van"]), day_typed(typed["tot"])
        faults = [
            (name, text)
            for name, value, text in (
                ("van", first, _("Vul de eerste dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026.")),
                ("tot", last, _("Vul de laatste dag in als dd-mm-jjjj, bijvoorbeeld 31-12-2026.")),
            )
            if value is None
        ]
        if first is None or last is None:
            context |= _errors(*faults)
        else:
            try:
                leaving.add_absence(
                    me.id, first, last, by=actor,
                    replacement_id=int(typed["vervanger"]) if typed["vervanger"].isdecimal() else None,
                )  # fmt: skip
            except WrongInput as error:
                context |= absence_faults(error)
            else:
                flash.ok(request, _("Uw afwezigheid is vastgelegd."))
                return HttpResponseRedirect(reverse("people:afwezig"))
    others = [one for one in reads.colleagues(seen_by=actor) if one.id != me.id and not one.is_guest]
    context |= {
        "afwezigheden": reads.absences_of(me.id),
        "vervangingen": reads.replaced_by(me.id),
        "collegas": [("", _("Niemand")), *((str(one.id), f"{one.naam} ({one.unit_naam})") for one in others)],
    }
    return render(request, "people/afwezig.html", context, status=400 if context["fouten"] else 200)


@staff_required
@require_POST
def cancel_absence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an absence of one's own back."""
    actor = _actor(request)
    try:
        leaving.cancel_absence(_me(request).id, uuid, by=actor)
    except NotKnown:
        raise Http404 from None
    flash.ok(request, _("De afwezigheid is ingetrokken."))
    return HttpResponseRedirect(reverse("people:afwezig"))


# -- Guests of one's own ------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def guests(request: HttpRequest) -> HttpResponse:
    """The guests one is the sponsor of."""
    soon = today() + timedelta(days=leaving.REMIND_DAYS)
    lines = [
        {"record": one, "ends_soon": one.works_here and one.end <= soon} for one in reads.guests_of(_me(request).id)
    ]
    return render(request, "people/gasten.html", {"gasten": lines})


@staff_required
@require_POST
def renew_guest(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a guest stay three months longer."""
    actor = _actor(request)
    try:
        end = leaving.renew_guest(uuid, by=actor)
    except NotKnown:
        raise Http404 from None
    except WrongInput as error:
        flash.error(
            request,
            _("Langer dan een jaar vooruit kan niet.")
            if error.code == "far"
            else _("De toegang van deze gast is al gestopt. Een beheerder kan de gast opnieuw toevoegen."),
        )
    else:
        flash.ok(request, _("De gast heeft toegang tot %(day)s.") % {"day": in_words(end)})
    return HttpResponseRedirect(reverse("people:gasten"))


@staff_required
@require_POST
def end_guest(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End the access of a guest today."""
    actor = _actor(request)
    try:
        leaving.end_guest(uuid, by=actor)
    except NotKnown:
        raise Http404 from None
    flash.ok(request, _("De toegang van de gast is gestopt."))
    return HttpResponseRedirect(reverse("people:gasten"))
