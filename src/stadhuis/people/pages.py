"""The pages of log-in and log-out."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.kit.sessions import is_workplace
from stadhuis.kit.time import now
from stadhuis.people import keys, oidc, sessions, staff_oidc
from stadhuis.people.actions import account, factors, links, login
from stadhuis.people.errors import (
    AttemptUnknown,
    LevelTooLow,
    LinkNotUsable,
    LoginCancelled,
    LoginFailed,
    LogoutReplayed,
    MandateUnusable,
    ProviderUnavailable,
)
from stadhuis.people.guards import actor_of, needed_level
from stadhuis.people.models import LoginSession, Medewerker
from stadhuis.people.rules import client_address, is_high_enough, safe_next

log = logging.getLogger(__name__)

ATTEMPTS_KEY = "oidc"
PENDING_KEY = "staff_pending"
LINK_KEY = "account_link"
DEVICE_COOKIE = "stadhuis_toestel"
ATTEMPT_FOR = timedelta(minutes=15)
MAX_ATTEMPTS = 5
"""Log-ins that one browser may have under way at once (tabs); the oldest gives way."""
PENDING_FOR = timedelta(minutes=10)
LEVEL_NAMES = {"low": gettext_lazy("laag"), "substantial": gettext_lazy("substantieel"), "high": gettext_lazy("hoog")}


def _next(request: HttpRequest, *, default: str = "/") -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    return safe_next(given, workplace=is_workplace(request.path_info), default=default)


def address_of_visitor(request: HttpRequest) -> str:
    return client_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), settings.TRUSTED_PROXIES
    )


# -- Residents and companies ------------------------------------------------------------------------------------------


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Choose how to log in."""
    to = _next(request)
    actor = actor_of(request)
    if actor is not None and actor.kind != "staff" and is_high_enough(actor.level, needed_level(to)):
        return HttpResponseRedirect(to)
    return render(
        request,
        "people/inloggen.html",
        {
            "query": urlencode({"next": to}),
            "level": LEVEL_NAMES[needed_level(to)] if needed_level(to) not in {None, "low"} else "",
            "offered": oidc.offered(),
        },
    )


@never_cache
@require_GET
def step_up(request: HttpRequest) -> HttpResponse:
    """Say that this service needs a stronger log-in, and lead there."""
    to = _next(request)
    actor = actor_of(request)
    needed = needed_level(to) or "low"
    if actor is None:
        return HttpResponseRedirect(f"{reverse('people:inloggen')}?{urlencode({'next': to})}")
    if is_high_enough(actor.level, needed):
        return HttpResponseRedirect(to)
    means = actor.means if actor.means in oidc.offered() else "digid"
    return _step_up_page(request, means, to=to, needed=needed)


def _step_up_page(request: HttpRequest, means: str, *, to: str, needed: str) -> HttpResponse:
    return render(
        request,
        "people/ophogen.html",
        {
            "retry": f"{reverse('people:start', args=[means])}?{urlencode({'next': to})}",
            "needed": LEVEL_NAMES[needed],
            "name": oidc.provider(means).name,
        },
        status=403,
    )


@never_cache
@require_GET
def start(request: HttpRequest, means: str) -> HttpResponse:
    """Send the visitor to the provider, with fresh secrets that only this browser's session knows."""
    of = _provider(means)
    to = _next(request)
    needed = needed_level(to) or "low"
    attempt = oidc.begin()
    try:
        address = oidc.authorization_url(of, attempt, level=needed)
    except ProviderUnavailable as error:
        return _failed(request, of, error, to=to)
    attempts = _open_attempts(request)
    attempts[attempt.state] = {
        "means": means,
        "issuer": of.issuer,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "next": to,
        "needed": needed,
        "at": now().timestamp(),
    }
    newest = sorted(attempts.items(), key=lambda item: item[1]["at"])[-MAX_ATTEMPTS:]
    request.session[ATTEMPTS_KEY] = dict(newest)
    return HttpResponseRedirect(address)


def _provider(means: str) -> oidc.Provider:
    try:
        return oidc.provider(means)
    except KeyError:
        raise Http404 from None


def _open_attempts(request: HttpRequest) -> dict[str, dict[str, Any]]:
    limit = (now() - ATTEMPT_FOR).timestamp()
    held: dict[str, dict[str, Any]] = request.session.get(ATTEMPTS_KEY, {})
    return {state: attempt for state, attempt in held.items() if attempt["at"] > limit}


@never_cache
@require_GET
def back(request: HttpRequest, means: str) -> HttpResponse:
    """Take in the answer of the provider: once, from the provider it was asked of, in the browser that asked."""
    of = _provider(means)
    to = "/"
    try:
        attempt = _take_attempt(request, of)
        to = attempt["next"]
        oidc.check_answer_issuer(of, request.GET.get("iss"))
        error = request.GET.get("error", "")
        if error == "access_denied":
            raise LoginCancelled("cancelled")
        if error in {"server_error", "temporarily_unavailable"}:
            raise ProviderUnavailable(error)
        if error or not request.GET.get("code"):
            raise LoginFailed(f"answer without code ({error[:40]})")
        secrets = oidc.Attempt(state="", nonce=attempt["nonce"], verifier=attempt["verifier"])
        proof = oidc.redeem(of, secrets, request.GET["code"])
        login.log_in_with(request, of, proof, needed=attempt["needed"])
    except LevelTooLow as error:
        log.info("log-in refused", extra={"means": means, "reason": error.reason})
        return _step_up_page(request, means, to=to, needed=error.asked)
    except LoginFailed as error:
        return _failed(request, of, error, to=to)
    return HttpResponseRedirect(to)


def _take_attempt(request: HttpRequest, of: oidc.Provider) -> dict[str, Any]:
    attempts = _open_attempts(request)
    attempt = attempts.pop(request.GET.get("state", ""), None)
    if attempt is None:
        raise AttemptUnknown("no such log-in in this browser")
    request.session[ATTEMPTS_KEY] = attempts
    # Written at once: the same answer a moment later must not find it.
    request.session.save()
    if attempt["means"] != of.means or attempt["issuer"] != of.issuer:
        raise AttemptUnknown("answer at the address of another provider")
    return attempt


def _failed(request: HttpRequest, of: oidc.Provider, error: LoginFailed, *, to: str) -> HttpResponse:
    log.warning("log-in failed", extra={"means": of.means, "kind": type(error).__name__, "reason": error.reason})
    kind, status = {
        LoginCancelled: ("cancelled", 200),
        MandateUnusable: ("mandate", 403),
        ProviderUnavailable: ("unavailable", 503),
        AttemptUnknown: ("expired", 400),
    }.get(type(error), ("failed", 400))
    context = {
        "kind": kind,
        "name": of.name,
        "retry": f"{reverse('people:start', args=[of.means])}?{urlencode({'next': to})}",
        "other": f"{reverse('people:inloggen')}?{urlencode({'next': to})}",
    }
    return render(request, "people/inloggen_mislukt.html", context, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Log out here and at the provider; the browser keeps nothing."""
    session_id = request.session.get(sessions.LOGIN_KEY)
    address = None
    if session_id is not None:
        row = LoginSession.objects.filter(pk=session_id).values("means", "provider_session").first()
        sessions.end(UUID(str(session_id)), reason="logout")
        if row and row["means"] in oidc.offered():
            address = oidc.logout_url(oidc.provider(row["means"]), provider_session=row["provider_session"])
    request.session.flush()
    workplace = is_workplace(request.path_info)
    over = reverse("people:werkplek_uitgelogd" if workplace else "people:uitgelogd")
    return HttpResponseRedirect(address or over)


LONGEST_LOGOUT_TOKEN = 16 * 1024


@never_cache
@csrf_exempt
@require_POST
def provider_logs_out(request: HttpRequest, means: str) -> HttpResponse:
    """Take in that a session is over at the provider (back channel): the provider calls, no browser and no cookie.

    Source: OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8.
    """
    return carry_out_logout(request, _provider(means), means)


def carry_out_logout(request: HttpRequest, of: oidc.Provider, means: str) -> HttpResponse:
    """End what a logout token of this provider says is over, and answer it."""
    token = request.POST.get("logout_token", "")
    try:
        if not 0 < len(token) <= LONGEST_LOGOUT_TOKEN:
            raise LoginFailed("no logout token")
        login.carry_out_logout(oidc.logout_order(of, token))
    except ProviderUnavailable as error:
        # We cannot check it now; the provider may send it again.
        log.warning("log-out by the provider not checked", extra={"means": means, "reason": error.reason})
        return JsonResponse({"error": "temporarily_unavailable"}, status=503, headers={"Retry-After": "30"})
    except LoginFailed as error:
        log.warning("log-out by the provider refused", extra={"means": means, "reason": error.reason})
        said = "token was used before" if isinstance(error, LogoutReplayed) else "token is not valid"
        return JsonResponse({"error": "invalid_request", "error_description": said}, status=400)
    return HttpResponse(status=200)


@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """Publish our own public keys, with which providers check who we are and encrypt what is for us."""
    try:
        answer = JsonResponse(keys.published(), content_type="application/jwk-set+json")
    except keys.KeysUnusable as error:
        log.error("our own keys cannot be read", extra={"reason": str(error)})
        return JsonResponse({"error": "temporarily_unavailable"}, status=503)
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@never_cache
@require_GET
def logged_out(request: HttpRequest) -> HttpResponse:
    """Say that the session is over, why, and lead back to exactly where the person was."""
    workplace = is_workplace(request.path_info)
    to = _next(request, default="/werkplek/" if workplace else "/")
    minutes = (settings.STAFF_IDLE_SECONDS if workplace else settings.SESSION_IDLE_SECONDS) // 60
    reason = request.GET.get("reden", "")
    log_in = reverse("people:werkplek_inloggen" if workplace else "people:inloggen")
    context = {
        "reason": reason
        if reason in {"idle", "absolute", "left", "password", "provider", "elsewhere", "factor"}
        else ("other" if reason else ""),
        "minutes": minutes,
        "again": f"{log_in}?{urlencode({'next': to})}",
        "leads_back": "next" in request.GET,
    }
    return render(request, "people/uitgelogd.html", context)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Count this as activity: somebody pressed 'Ik ben er nog'."""
    actor = actor_of(request)
    if actor is None:
        return JsonResponse({"seconds": 0}, status=401)
    seconds = sessions.touch(UUID(actor.session), kind=actor.kind)
    if request.POST.get("next"):
        return HttpResponseRedirect(_next(request, default="/werkplek/" if actor.kind == "staff" else "/"))
    return JsonResponse({"seconds": seconds})


# -- Staff ------------------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("wachtwoord")
@require_http_methods(["GET", "POST"])
def staff_log_in(request: HttpRequest) -> HttpResponse:
    """First factor: name and password."""
    to = _next(request, default="/werkplek/")
    actor = actor_of(request)
    if actor is not None and actor.kind == "staff":
        return HttpResponseRedirect(to)
    if request.method == "GET":
        return _staff_form(request, to=to)
    username, password = request.POST.get("gebruikersnaam", ""), request.POST.get("wachtwoord", "")
    faults = []
    if not username.strip():
        faults.append({"field": "gebruikersnaam", "text": _("Vul uw gebruikersnaam in.")})
    if not password:
        faults.append({"field": "wachtwoord", "text": _("Vul uw wachtwoord in.")})
    if faults:
        return _staff_form(request, to=to, username=username, faults=faults, status=400)
    try:
        medewerker = login.check_password(
            username, password[:1024], address=address_of_visitor(request), device=device_of(request)
        )
    except login.Throttled as error:
        return throttled(request, error)
    if medewerker is None:
        wrong = [{"field": "gebruikersnaam", "text": _("De gebruikersnaam of het wachtwoord klopt niet.")}]
        return _staff_form(request, to=to, username=username, faults=wrong, status=400)
    return ask_for_code(request, medewerker.pk, to=to, by_link=_has_factor_link(request, medewerker.pk))


def _has_factor_link(request: HttpRequest, medewerker_id: int) -> bool:
    """Whether this browser opened a link to set up a new second factor for this account; it is used up by asking."""
    held = request.session.get(LINK_KEY)
    if not held:
        return False
    try:
        link = links.link_by_uuid(UUID(held))
        return (
            link.kind == "factor" and link.medewerker_id == medewerker_id and bool(account.use_factor_link(link.uuid))
        )
    except LinkNotUsable:
        return False


def ask_for_code(
    request: HttpRequest, medewerker_id: int, *, to: str, by_link: bool = False, means: str = "password",
    provider: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Go on to the second factor, in a fresh session; or say that setting one up takes a link by mail."""
    can_go_on = login.prepare_code(medewerker_id, by_link=by_link)
    request.session.flush()
    request.session[PENDING_KEY] = {
        "id": medewerker_id, "at": now().timestamp(), "next": to, "means": means, "needs_mail": not can_go_on,
        "provider": provider,
    }  # fmt: skip
    return HttpResponseRedirect(reverse("people:werkplek_code" if can_go_on else "people:link_nodig"))


def device_of(request: HttpRequest) -> str:
    """Return what the cookie of a known browser says; "" without one."""
    return request.COOKIES.get(DEVICE_COOKIE, "")[:200]


def let_in(
    request: HttpRequest, medewerker: Medewerker, *, to: str, means: str, provider: dict[str, str] | None = None
) -> HttpResponse:
    """Log somebody in who gave both factors, remember this browser, and lead on."""
    request.session.flush()
    login.log_in_staff(request, medewerker, means=means, provider=provider)
    answer = HttpResponseRedirect(safe_next(to, workplace=True, default="/werkplek/"))
    remember_device(request, answer, medewerker)
    return answer


def remember_device(request: HttpRequest, answer: HttpResponse, medewerker: Medewerker) -> None:
    """Set the cookie by which attempts from this browser are counted apart."""
    answer.set_cookie(
        DEVICE_COOKIE,
        factors.remember_device(medewerker.pk, device_of(request)),
        max_age=int(factors.DEVICE_FOR.total_seconds()),
        path="/werkplek",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _staff_form(
    request: HttpRequest, *, to: str, username: str = "", faults: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    errors = faults or []
    sso = staff_oidc.provider()
    context = {
        "next": to,
        "username": username[:60],
        "fouten": errors,
        "fout": {e["field"]: e["text"] for e in errors},
        "sso": f"{reverse('people:sso')}?{urlencode({'next': to})}" if sso else "",
        "sso_name": sso.name if sso else "",
    }
    return render(request, "people/werkplek_inloggen.html", context, status=status)


def throttled(request: HttpRequest, error: login.Throttled) -> HttpResponse:
    minutes = max(1, -(-error.wait_seconds // 60))
    answer = render(request, "people/te_vaak.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(error.wait_seconds)
    return answer


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def staff_code(request: HttpRequest) -> HttpResponse:
    """Second factor: a code from the authenticator app; the first time it is set up here."""
    pending = pending_of(request)
    if pending is None:
        request.session.pop(PENDING_KEY, None)
        return HttpResponseRedirect(reverse("people:werkplek_inloggen"))
    if pending["needs_mail"]:
        return HttpResponseRedirect(reverse("people:link_nodig"))
    if request.method == "GET":
        return _code_form(request, pending["id"])
    is_first_time = login.setup_secret(pending["id"]) is not None
    try:
        medewerker = login.check_code(
            pending["id"],
            request.POST.get("code", "")[:20],
            address=address_of_visitor(request),
            device=device_of(request),
        )
    except login.Throttled as error:
        request.session.flush()
        return throttled(request, error)
    if medewerker is None:
        fault = _("Deze code klopt niet of is al gebruikt. Wacht op een nieuwe code in uw app.")
        return _code_form(request, pending["id"], fault=fault)
    to = reverse("people:herstelcodes") if is_first_time else pending["next"]
    return let_in(request, medewerker, to=to, means=pending["means"], provider=pending.get("provider"))


def pending_of(request: HttpRequest) -> dict[str, Any] | None:
    """Return who gave the first factor in this browser, not too long ago, and where they want to go; or None."""
    held: dict[str, Any] | None = request.session.get(PENDING_KEY)
    return held if held and now().timestamp() - held["at"] <= PENDING_FOR.total_seconds() else None


def qr_of(address: str) -> str:
    """Return an address as a picture that an app can read."""
    # Made by us from a secret of ours: nothing a visitor typed is in it.
    return mark_safe(  # noqa: S308
        segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff", title=_("QR-code"))
    )


def _code_form(request: HttpRequest, medewerker_id: int, *, fault: str = "") -> HttpResponse:
    setup = login.setup_secret(medewerker_id)
    context: dict[str, Any] = {"fouten": [{"field": "code", "text": fault}] if fault else [], "fault": fault}
    if setup is not None:
        key, address = setup
        context["key"] = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
        context["qr"] = qr_of(address)
    return render(request, "people/werkplek_code.html", context, status=400 if fault else 200)
