"""The log-in provider of the organisation itself, for single sign-on of staff: OIDC with a claim that lists groups.

Who logs in chooses an account, may change the groups, and says whether there was a second factor. A menu makes the failures
that the application must survive.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from stadhuis.demo.simulators.markup import el, page
from stadhuis.demo.simulators.oidc_tokens import (
    CODE_SECONDS,
    TOKEN_SECONDS,
    ClientAuthentication,
    OAuthError,
    SigningKeys,
    check_verifier,
    logout_token_claims,
    pairwise,
)
from stadhuis.demo.simulators.state import Config, state_of
from stadhuis.demo.town import staff

SLUG = "medewerkers"
LOGIN_SECONDS = 15 * 60
FAULTS = (
    ("", "Geen: het inloggen lukt"),
    ("server_error", "Storing bij de inlogdienst (server_error)"),
    ("wrong_nonce", "Verkeerde nonce"),
    ("wrong_state", "Verkeerde state"),
    ("wrong_audience", "ID-token voor een andere dienst"),
    ("wrong_issuer", "ID-token van een andere uitgever"),
    ("wrong_signature", "ID-token met een valse handtekening"),
    ("unverified_mail", "Mailadres niet gecontroleerd"),
)


@dataclass
class StaffLogin:
    """One log-in under way."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    client_id: str
    username: str = ""
    groups: tuple[str, ...] = ()
    is_strong: bool = True
    fault: str = ""
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    started: float = field(default_factory=time.monotonic)


class StaffProvider:
    """All log-ins of staff under way and all codes given out."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.keys = SigningKeys(config.data_dir / "oidc-staff-keys.json")
        self.clients = ClientAuthentication(config)
        self.issuer = f"{config.public_url}/{SLUG}"
        self.logins: dict[str, StaffLogin] = {}
        self.grants: dict[str, tuple[StaffLogin, float]] = {}
        self.sessions: dict[str, StaffLogin] = {}

    def open_login(self, login_id: str) -> StaffLogin | None:
        """Return a log-in that is still under way."""
        login = self.logins.get(login_id)
        return login if login and time.monotonic() - login.started < LOGIN_SECONDS else None


def groups_of(one: staff.Medewerker) -> tuple[str, ...]:
    """Return the groups somebody is in unless the page says otherwise: one for each role."""
    return tuple(f"sg-{role}" for role in one.roles)


def _provider(request: Request) -> StaffProvider:
    provider = request.app.state.staff_provider
    assert isinstance(provider, StaffProvider)
    return provider


def _problem(title: str, sentence: str, status: int = 400) -> Response:
    return page(title, el("p", sentence), status=status)


def _send_back(provider: StaffProvider, login: StaffLogin, **answer: str) -> Response:
    state = "een-andere-state" if login.fault == "wrong_state" else login.state
    query = urlencode({**answer, "state": state, "iss": provider.issuer})
    return RedirectResponse(f"{login.redirect_uri}?{query}", status_code=303)


async def discovery(request: Request) -> Response:
    """Answer ``/.well-known/openid-configuration``."""
    if (broken := await state_of(request).trouble("oidc")) is not None:
        return broken
    issuer = _provider(request).issuer
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "email", "profile", "groups"],
            "claims_supported": ["sub", "email", "email_verified", "name", "groups", "amr", "sid"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


async def jwks(request: Request) -> Response:
    """Publish the keys that check an ID token."""
    if (broken := await state_of(request).trouble("oidc")) is not None:
        return broken
    return JSONResponse(_provider(request).keys.public())


async def authorize(request: Request) -> Response:
    """Take in an authorization request and go to the log-in page."""
    if (broken := await state_of(request).trouble("oidc")) is not None:
        return broken
    provider, asked = _provider(request), dict(request.query_params)
    config = provider.config
    if asked.get("client_id") != config.client_id or asked.get("redirect_uri") not in config.redirect_uris:
        return _problem("Onbekende dienst", "Deze dienst, of het adres waarnaar u terug zou gaan, is hier niet bekend.")
    login = StaffLogin(
        redirect_uri=asked["redirect_uri"],
        state=asked.get("state", ""),
        nonce=asked.get("nonce", ""),
        challenge=asked.get("code_challenge", ""),
        client_id=config.client_id,
    )
    is_sound = (
        asked.get("response_type") == "code"
        and "openid" in asked.get("scope", "").split()
        and asked.get("code_challenge_method") == "S256"
        and len(login.challenge) == 43
        and login.state
        and login.nonce
    )
    if not is_sound:
        return _send_back(provider, login, error="invalid_request")
    limit = time.monotonic() - LOGIN_SECONDS
    provider.logins = {key: value for key, value in provider.logins.items() if value.started > limit}
    login_id = secrets.token_urlsafe(24)
    provider.logins[login_id] = login
    return RedirectResponse(f"/{SLUG}/login/{login_id}", status_code=303)


async def login_page(request: Request) -> Response:
    """Choose an account and go back to the application."""
    provider, login_id = _provider(request), request.path_params["login_id"]
    login = provider.open_login(login_id)
    if login is None:
        return _problem("Deze inlogpoging is verlopen", "Ga terug naar de website en begin opnieuw.", status=410)
    if request.method == "GET":
        return _form(login_id)
    given = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    if given.get("actie") == "annuleren":
        del provider.logins[login_id]
        return _send_back(provider, login, error="access_denied")
    who = next((one for one in staff.STAFF if one.username == given.get("wie")), None)
    if who is None:
        return _form(login_id, status=400)
    named = tuple(each.strip() for each in given.get("groepen", "").split(",") if each.strip())
    login.username, login.groups = who.username, named or groups_of(who)
    login.is_strong, login.fault = given.get("sterk") == "ja", given.get("fout", "")
    if given.get("groepen", "").strip() == "-":
        login.groups = ()
    del provider.logins[login_id]
    if login.fault == "server_error":
        return _send_back(provider, login, error="server_error")
    code = secrets.token_urlsafe(32)
    provider.grants[code] = (login, time.monotonic() + CODE_SECONDS)
    return _send_back(provider, login, code=code)


def _form(login_id: str, *, status: int = 200) -> Response:
    people = [el("option", f"{one.naam} ({one.functie})", value=one.username) for one in staff.STAFF]
    form = el(
        "form",
        el("div", el("label", "Werkaccount", for_="wie"), el("select", people, id="wie", name="wie"), class_="field"),
        el(
            "div",
            el("label", "Groepen", for_="groepen"),
            el("span", "Met een komma ertussen. Leeg: de gewone groepen van deze persoon. Een streepje: geen enkele.",
               class_="hint", id="groepen-hint"),
            el("input", type="text", id="groepen", name="groepen", autocomplete="off", aria_describedby="groepen-hint"),
            class_="field",
        ),
        el(
            "div",
            el("input", type="checkbox", id="sterk", name="sterk", value="ja", checked=True),
            el("label", "Met een tweede factor (amr)", for_="sterk"),
            class_="choice",
        ),
        el(
            "details",
            el("summary", "Oefen met een fout"),
            el("div", el("label", "Wat gaat er mis?", for_="fout"),
               el("select", [el("option", words, value=value) for value, words in FAULTS], id="fout", name="fout"), class_="field"),
        ),
        el(
            "div",
            el("button", "Inloggen", type="submit"),
            el("button", "Annuleren", type="submit", name="actie", value="annuleren", class_="quiet"),
            class_="buttons",
        ),
        method="post", action=f"/{SLUG}/login/{login_id}", class_="card",
    )  # fmt: skip
    return page("Inloggen met uw werkaccount", form, status=status)


def claims_of(login: StaffLogin, issuer: str) -> dict[str, Any]:
    """Return the claims of the ID token, with the fault the person asked for."""
    moment = int(time.time())
    one = next(each for each in staff.STAFF if each.username == login.username)
    return {
        "iss": "https://iemand-anders.example" if login.fault == "wrong_issuer" else issuer,
        "aud": "een-andere-dienst" if login.fault == "wrong_audience" else login.client_id,
        "sub": pairwise(login.client_id, f"staff|{one.username}"),
        "iat": moment,
        "exp": moment + TOKEN_SECONDS,
        "nonce": "een-andere-nonce" if login.fault == "wrong_nonce" else login.nonce,
        "name": one.naam,
        "email": one.email,
        "email_verified": login.fault != "unverified_mail",
        "groups": list(login.groups),
        "sid": login.sid,
        "amr": ["pwd", "mfa"] if login.is_strong else ["pwd"],
    }


async def token(request: Request) -> Response:
    """Exchange a code for an ID token, once."""
    if (broken := await state_of(request).trouble("oidc")) is not None:
        return broken
    provider = _provider(request)
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    headers = {"Cache-Control": "no-store"}
    try:
        audiences = (provider.issuer, f"{provider.issuer}/token")
        client_id = provider.clients.client_id(request.headers.get("authorization", ""), form, audiences)
        login, expires = provider.grants.pop(form.get("code", ""), (None, 0.0))
        is_good = login is not None and expires > time.monotonic() and form.get("grant_type") == "authorization_code"
        if (
            login is None
            or not is_good
            or login.client_id != client_id
            or login.redirect_uri != form.get("redirect_uri")
        ):
            raise OAuthError("invalid_grant", "code is unknown, used, expired, or given to another address")
        check_verifier(form.get("code_verifier", ""), login.challenge)
    except OAuthError as error:
        body = {"error": error.error, "error_description": error.description}
        return JSONResponse(body, status_code=error.status, headers=headers)
    provider.sessions[login.sid] = login
    id_token = provider.keys.sign(claims_of(login, provider.issuer), forged=login.fault == "wrong_signature")
    answer = {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return JSONResponse({**answer, "scope": "openid", "id_token": id_token}, headers=headers)


async def logout_tokens(request: Request) -> Response:
    """Practice call: what would be sent to end the sessions that are open here. ``by`` is sid, sub or both."""
    provider, by = _provider(request), request.query_params.get("by", "both")
    made = []
    for sid, login in provider.sessions.items():
        claims = logout_token_claims(
            provider.issuer,
            login.client_id,
            sid="" if by == "sub" else sid,
            subject="" if by == "sid" else pairwise(login.client_id, f"staff|{login.username}"),
        )
        made.append({"sid": sid, "token": provider.keys.sign(claims, typ="logout+jwt")})
    return JSONResponse(made)


ROUTES = [
    Route(f"/practice/{SLUG}/logout-tokens", logout_tokens, methods=["GET"]),
    Route(f"/{SLUG}/.well-known/openid-configuration", discovery, methods=["GET"]),
    Route(f"/{SLUG}/jwks", jwks, methods=["GET"]),
    Route(f"/{SLUG}/authorize", authorize, methods=["GET"]),
    Route(f"/{SLUG}/login/{{login_id}}", login_page, methods=["GET", "POST"]),
    Route(f"/{SLUG}/token", token, methods=["POST"]),
]
