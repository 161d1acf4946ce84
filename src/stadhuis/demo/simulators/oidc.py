"""DigiD, eHerkenning and eIDAS as OIDC providers, per the OIDC NL GOV profile as far as the town needs it.

Code flow only, PKCE S256 required, redirect address exactly as registered, codes good once and for a minute, pairwise
subjects, level of assurance in ``acr``. The pages work without JavaScript. A menu makes every failure that the
application must survive.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import segno
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from stdnum.nl import bsn as bsn_number

from stadhuis.demo.simulators.markup import Html, el, page, radio
from stadhuis.demo.simulators.oidc_tokens import (
    BIRTH_CLAIM,
    BRANCH_CLAIM,
    BSN_CLAIM,
    CODE_SECONDS,
    FAMILY_CLAIM,
    GIVEN_CLAIM,
    KVK_CLAIM,
    LEGAL_ID_CLAIM,
    LEGAL_NAME_CLAIM,
    LOA,
    PSEUDONYM_CLAIM,
    TOKEN_SECONDS,
    ClientAuthentication,
    Grant,
    Login,
    OAuthError,
    SigningKeys,
    check_verifier,
    id_token_claims,
    logout_token_claims,
    subject_of,
)
from stadhuis.demo.simulators.state import Config, state_of
from stadhuis.demo.town import people

LEVELS = ("low", "substantial", "high")
LOGIN_SECONDS = 15 * 60
_PAIRING_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_ERRORS = ("server_error", "temporarily_unavailable")


@dataclass(frozen=True)
class Means:
    """A means of logging in: its name and what its levels are called. Source: eIDAS level per means (VNG, Logius)."""

    slug: str
    name: str
    marks: tuple[tuple[str, str, str], ...]
    """Value in the form, name, eIDAS level."""


MEANS = {
    "digid": Means(
        "digid",
        "DigiD",
        (
            ("basis", "DigiD Basis", "low"),
            ("midden", "DigiD Midden (app of sms)", "low"),
            ("substantieel", "DigiD Substantieel (app met ID-check)", "substantial"),
            ("hoog", "DigiD Hoog", "high"),
        ),
    ),
    "eherkenning": Means(
        "eherkenning",
        "eHerkenning",
        (
            ("eh2", "EH2", "low"),
            ("eh2plus", "EH2+", "low"),
            ("eh3", "EH3", "substantial"),
            ("eh4", "EH4", "high"),
        ),
    ),
    "eidas": Means(
        "eidas",
        "eIDAS",
        (
            ("laag", "Laag", "low"),
            ("substantieel", "Substantieel", "substantial"),
            ("hoog", "Hoog", "high"),
        ),
    ),
}
CLAIMS = {
    "digid": ["sub", "sid", "acr", "represents", BSN_CLAIM],
    "eherkenning": ["sub", "sid", "acr", "represents", KVK_CLAIM, PSEUDONYM_CLAIM, BRANCH_CLAIM],
    "eidas": ["sub", "sid", "acr", GIVEN_CLAIM, FAMILY_CLAIM, BIRTH_CLAIM, LEGAL_ID_CLAIM, LEGAL_NAME_CLAIM],
}
FAULTS = (
    ("", "Geen: het inloggen lukt"),
    ("server_error", "Storing bij de inlogdienst (server_error)"),
    ("temporarily_unavailable", "Inloggen kan nu niet, later wel (temporarily_unavailable)"),
    ("lower_level", "Stuur mijn lagere niveau toch terug"),
    ("unknown_acr", "Onbekend niveau (acr)"),
    ("wrong_nonce", "Verkeerde nonce"),
    ("wrong_state", "Verkeerde state"),
    ("expired_token", "Verlopen ID-token"),
    ("wrong_audience", "ID-token voor een andere dienst"),
    ("wrong_issuer", "ID-token van een andere uitgever"),
    ("wrong_signature", "ID-token met een valse handtekening"),
    ("no_identity", "Geen nummer in het ID-token"),
    ("no_basis", "Voor een ander, maar zonder grond"),
    ("unknown_basis", "Voor een ander, met een onbekende grond"),
    ("broken_represents", "Voor een ander, maar onleesbaar"),
    ("slow", "Traag antwoord op het token-verzoek"),
    ("token_down", "Storing op het token-verzoek"),
    ("token_nonsense", "Onzin als antwoord op het token-verzoek"),
)


class Provider:
    """All log-ins under way and all codes given out, of both means."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.keys = SigningKeys(config.data_dir / "oidc-keys.json")
        self.clients = ClientAuthentication(config)
        self.logins: dict[str, Login] = {}
        self.sessions: dict[str, tuple[str, str, str]] = {}
        """Per sid: means, client and subject of who is logged in here."""
        self.grants: dict[str, Grant] = {}

    def issuer(self, means: str) -> str:
        """Return the issuer of one means."""
        return f"{self.config.public_url}/{means}"

    def begin(self, login: Login) -> str:
        """Keep a new log-in and return its id; forget what is too old."""
        limit = time.monotonic() - LOGIN_SECONDS
        self.logins = {key: value for key, value in self.logins.items() if value.started > limit}
        login_id = secrets.token_urlsafe(24)
        self.logins[login_id] = login
        return login_id

    def grant(self, login: Login) -> str:
        """Give out a code for a finished log-in."""
        now = time.monotonic()
        self.grants = {code: grant for code, grant in self.grants.items() if grant.expires > now}
        code = secrets.token_urlsafe(32)
        self.grants[code] = Grant(login, now + CODE_SECONDS)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Login:
        """Take a code in: once, in time, from the client and the address it was given to."""
        grant = self.grants.pop(code, None)
        if grant is None or grant.expires <= time.monotonic():
            raise OAuthError("invalid_grant", "code is unknown, used or expired")
        login = grant.login
        if login.client_id != client_id or login.redirect_uri != redirect_uri:
            raise OAuthError("invalid_grant", "code was given to another client or redirect_uri")
        check_verifier(verifier, login.challenge)
        self.sessions[login.sid] = (login.means, login.client_id, subject_of(login))
        return login

    def logout_token(self, sid: str, *, by: str = "both") -> tuple[str, str] | None:
        """Return (means, logout token) that ends a session, naming its sid, its subject or both; None when there is none."""
        found = self.sessions.get(sid)
        if found is None:
            return None
        means, client_id, subject = found
        claims = logout_token_claims(
            self.issuer(means),
            client_id,
            sid="" if by == "sub" else sid,
            subject="" if by == "sid" else subject,
        )
        return means, self.keys.sign(claims, typ="logout+jwt")


def _provider(request: Request) -> Provider:
    provider = request.app.state.provider
    assert isinstance(provider, Provider)
    return provider


def _means(request: Request) -> Means:
    return MEANS[request.path_params["means"]]


def _send_back(provider: Provider, login: Login, **answer: str) -> Response:
    """Return the redirect to the application, with ``state`` and ``iss`` (RFC 9207)."""
    state = "een-andere-state" if login.fault == "wrong_state" else login.state
    query = urlencode({**answer, "state": state, "iss": provider.issuer(login.means)})
    joint = "&" if urlsplit(login.redirect_uri).query else "?"
    return RedirectResponse(f"{login.redirect_uri}{joint}{query}", status_code=303)


def _problem_page(means: Means, title: str, *sentences: str, status: int = 400) -> Response:
    return page(title, [el("p", sentence) for sentence in sentences], brand=means.slug, status=status)


async def discovery(request: Request) -> Response:
    """Answer ``/.well-known/openid-configuration``."""
    if (broken := await state_of(request).trouble("oidc")) is not None:
        return broken
    issuer = _provider(request).issuer(_means(request).slug)
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/end_session",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid"],
            "acr_values_supported": [LOA + level for level in LEVELS],
            "claims_supported": CLAIMS[_means(request).slug],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
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
    provider, means = _provider(request), _means(request)
    given: FormData | dict[str, str] = await request.form() if request.method == "POST" else dict(request.query_params)
    asked = {key: value for key, value in given.items() if isinstance(value, str)}
    config = provider.config
    # Never redirect to an address that was not registered: RFC 6749 section 4.1.2.1.
    if asked.get("client_id") != config.client_id:
        return _problem_page(means, "Onbekende dienst", "De dienst die u wilt gebruiken, is hier niet bekend.")
    if asked.get("redirect_uri") not in config.redirect_uris:
        return _problem_page(
            means, "Onbekend adres", "Het adres waarnaar u terug zou gaan, is niet geregistreerd (redirect_uri)."
        )
    levels = [
        value.removeprefix(LOA) for value in asked.get("acr_values", "").split() if value.removeprefix(LOA) in LEVELS
    ]
    login = Login(
        means=means.slug,
        redirect_uri=asked["redirect_uri"],
        state=asked.get("state", ""),
        nonce=asked.get("nonce", ""),
        challenge=asked.get("code_challenge", ""),
        asked=min(levels, key=LEVELS.index, default="low"),
        client_id=config.client_id,
    )
    faults = {
        "unsupported_response_type": asked.get("response_type") != "code",
        "invalid_scope": "openid" not in asked.get("scope", "").split(),
        "invalid_request": len(login.challenge) != 43
        or asked.get("code_challenge_method") != "S256"
        or not login.state
        or not login.nonce
        or asked.get("response_mode", "query") != "query",
        "request_not_supported": "request" in asked or "request_uri" in asked,
        # There is no session here: a log-in without a person at the screen never succeeds.
        "login_required": asked.get("prompt") == "none",
    }
    for error, is_wrong in faults.items():
        if is_wrong:
            return _send_back(provider, login, error=error)
    return RedirectResponse(f"/{means.slug}/login/{provider.begin(login)}", status_code=303)


def _open_login(request: Request) -> tuple[str, Login] | Response:
    """Return the log-in of this page, or a page that says why it cannot go on."""
    means = _means(request)
    login_id = request.path_params["login_id"]
    login = _provider(request).logins.get(login_id)
    if login is None or login.means != means.slug or time.monotonic() - login.started > LOGIN_SECONDS:
        return _problem_page(
            means, "Deze inlogpoging is verlopen", "Ga terug naar de website en begin opnieuw met inloggen.", status=410
        )
    if login.is_done:
        return _problem_page(
            means,
            "Deze inlogpoging is al gebruikt",
            "Ga terug naar de website en begin opnieuw met inloggen.",
            status=410,
        )
    return login_id, login


def _acting_choices() -> dict[str, str]:
    """Return value and text of everyone who may log in for a company, whole or for one branch."""
    choices: dict[str, str] = {}
    for company in people.COMPANIES:
        actors = {key: people.resident(key).naam for key in company.eigenaren} | {
            name: name for name in company.gemachtigden
        }
        for key, name in actors.items():
            choices[f"{company.kvk_nummer}|{key}|"] = f"{company.naam} ({name})"
            for number, title in company.vestigingen:
                choices[f"{company.kvk_nummer}|{key}|{number}"] = f"{company.naam} ({name}, alleen vestiging {title})"
    return choices


def _companies_select(chosen: str) -> Html:
    options = [el("option", words, value=value, selected=value == chosen) for value, words in _acting_choices().items()]
    return el("select", options, id="wie", name="wie")


def _residents_select(chosen: str) -> Html:
    options = [
        el("option", f"{resident.naam}: {resident.note}" if resident.note else resident.naam, value=resident.bsn, selected=resident.bsn == chosen)
        for resident in people.RESIDENTS
    ]  # fmt: skip
    return el("select", options, id="wie", name="wie")


def _eu_citizens_select(chosen: str) -> Html:
    options = [
        el("option", f"{one.family_name}, {one.given_name} ({one.land}): {one.note}", value=one.key, selected=one.key == chosen)
        for one in people.EU_CITIZENS
    ] + [
        el("option", f"{one.naam} ({one.land}), door {one.given_name} {one.family_name}: {one.note}", value=one.key, selected=one.key == chosen)
        for one in people.EU_COMPANIES
    ]  # fmt: skip
    return el("select", options, id="wie", name="wie")


def _mandate_choices(means: Means) -> dict[str, str]:
    """Return key and text of every mandate that can be used with this means."""
    residents = {one.key: one.naam for one in people.RESIDENTS}
    companies = {one.key: one.naam for one in people.COMPANIES}
    mine = {"digid": residents, "eherkenning": companies}.get(means.slug, {})
    everyone = residents | companies
    return {
        one.key: f"{mine[one.by]} voor {everyone[one.on_behalf_of]} ({one.basis}): {one.note}"
        for one in people.MANDATES
        if one.by in mine
    }


def _holds(mandate: str, person: str, means: Means) -> bool:
    """Return whether a mandate belongs to whoever logs in."""
    by = next((one.by for one in people.MANDATES if one.key == mandate), "")
    if means.slug == "digid":
        resident = people.resident_by_bsn(person)
        return resident is not None and resident.key == by
    company = people.company_by_kvk(person.split("|", maxsplit=1)[0])
    return means.slug == "eherkenning" and company is not None and company.key == by


def _login_form(
    means: Means, login_id: str, login: Login, faults: list[tuple[str, str]], given: dict[str, str]
) -> Response:
    enough = next(mark for mark, _, level in means.marks if LEVELS.index(level) >= LEVELS.index(login.asked))
    enough = given.get("niveau", "midden" if enough == "basis" else enough)
    needed = {"low": "laag", "substantial": "substantieel", "high": "hoog"}[login.asked]
    summary = el(
        "div", el("h2", "Er ging iets mis"), el("ul", [el("li", el("a", text, href=f"#{name}")) for name, text in faults]),
        class_="error", role="alert", tabindex="-1",
    )  # fmt: skip
    label = "Bedrijf en medewerker" if means.slug == "eherkenning" else "Testpersoon"
    choose = {"digid": _residents_select, "eherkenning": _companies_select, "eidas": _eu_citizens_select}[means.slug]
    who = el("div", el("label", label, for_="wie"), choose(given.get("wie", "")), class_="field")
    wrong = {name: el("span", text, class_="wrong", id=f"{name}-fout") for name, text in faults}
    mandates = _mandate_choices(means)
    for_whom = None
    if mandates:
        mine = "Voor mijzelf" if means.slug == "digid" else "Voor mijn eigen bedrijf"
        options = [
            el("option", words, value=key, selected=key == given.get("namens", ""))
            for key, words in [("", mine), *mandates.items()]
        ]
        for_whom = el(
            "div",
            el("label", "Voor wie logt u in?", for_="namens"),
            wrong.get("namens"),
            el("select", options, id="namens", name="namens", aria_describedby="namens-fout" if wrong.get("namens") else None),
            class_="field",
        )  # fmt: skip
    number = el(
        "div",
        el("label", "Of vul zelf een test-BSN in", for_="bsn"),
        wrong.get("bsn"),
        el("span", "Negen cijfers, begint met 9999. Laat leeg als u hierboven iemand kiest.", class_="hint", id="bsn-hint"),
        el("input", type="text", id="bsn", name="bsn", inputmode="numeric", autocomplete="off", maxlength="12", value=given.get("bsn", ""),
           aria_describedby="bsn-fout bsn-hint" if wrong.get("bsn") else "bsn-hint", aria_invalid="true" if wrong.get("bsn") else None),
        class_="field",
    )  # fmt: skip
    level = el(
        "fieldset",
        el("legend", "Met welk niveau logt u in?"),
        el("p", f"Deze dienst vraagt ten minste niveau {needed}.", class_="hint"),
        wrong.get("niveau"),
        [
            radio("niveau", value, name, checked=value == enough, hint=f"eIDAS-niveau: {level}")
            for value, name, level in means.marks
        ],
        id="niveau",
        tabindex="-1",
    )  # fmt: skip
    faults_menu = el(
        "details",
        el("summary", "Oefen met een fout"),
        el(
            "div",
            el("label", "Wat gaat er mis?", for_="fout"),
            el("select", [el("option", words, value=value, selected=value == given.get("fout", "")) for value, words in FAULTS], id="fout", name="fout"),
            class_="field",
        ),
        open=bool(given.get("fout")),
    )  # fmt: skip
    buttons = el(
        "div",
        el("button", "Verder", type="submit"),
        el("button", "Annuleren", type="submit", class_="quiet", formaction=f"/{means.slug}/annuleren/{login_id}"),
        class_="buttons",
    )
    form = el(
        "form",
        who,
        number if means.slug == "digid" else None,
        for_whom,
        level,
        faults_menu,
        buttons,
        method="post",
        action=f"/{means.slug}/login/{login_id}",
        class_="card",
    )
    return page(
        ("Fout: " if faults else "") + f"Inloggen met {means.name}",
        summary if faults else None,
        form,
        brand=means.slug,
        status=400 if faults else 200,
    )


async def login_page(request: Request) -> Response:
    """First screen: who are you, and with which level."""
    opened = _open_login(request)
    if isinstance(opened, Response):
        return opened
    means, (login_id, login) = _means(request), opened
    if request.method == "GET":
        return _login_form(means, login_id, login, [], {})
    given = {key: value.strip() for key, value in (await request.form()).items() if isinstance(value, str)}
    faults: list[tuple[str, str]] = []
    person = given.get("wie", "")
    if means.slug == "digid":
        person = given.get("bsn") or person
        if not (bsn_number.is_valid(person) and len(person) == 9 and person.startswith("9999")):
            faults.append(("bsn", "Vul een test-BSN in: negen cijfers, begint met 9999 en voldoet aan de elfproef."))
    elif person not in (_acting_choices() if means.slug == "eherkenning" else people.eu_keys()):
        faults.append(("wie", "Kies iemand uit de lijst."))
    mandate = given.get("namens", "")
    if mandate and not _holds(mandate, person, means):
        faults.append(("namens", "Deze machtiging hoort niet bij wie u hierboven koos."))
    level = {value: level for value, _, level in means.marks}.get(given.get("niveau", ""))
    fault = given.get("fout", "")
    if fault not in dict(FAULTS):
        fault = ""
    if level is None:
        faults.append(("niveau", "Kies een niveau."))
    elif LEVELS.index(level) < LEVELS.index(login.asked) and fault != "lower_level":
        faults.append(("niveau", "Met dit niveau kunt u niet inloggen bij deze dienst. Kies een hoger niveau."))
    if faults or level is None:
        return _login_form(means, login_id, login, faults, given)
    login.person, login.level, login.fault, login.mandate = person, level, fault, mandate
    if fault in _ERRORS:
        login.is_done = True
        return _send_back(_provider(request), login, error=fault)
    login.pairing = "".join(secrets.choice(_PAIRING_LETTERS) for _ in range(4))
    login.app_id = secrets.token_urlsafe(16)
    return RedirectResponse(f"/{means.slug}/bevestigen/{login_id}", status_code=303)


async def confirm_page(request: Request) -> Response:
    """Second screen: a QR code and a pairing code for the app, or a button for who has no phone at hand."""
    opened = _open_login(request)
    if isinstance(opened, Response):
        return opened
    means, (login_id, login) = _means(request), opened
    provider = _provider(request)
    if not login.person:
        return RedirectResponse(f"/{means.slug}/login/{login_id}", status_code=303)
    given = await request.form()
    if request.method == "POST" and (given.get("actie") == "bevestigen" or login.is_confirmed):
        login.is_done = True
        return _send_back(provider, login, code=provider.grant(login))
    app_address = f"{provider.config.public_url}/{means.slug}/app/{login.app_id}"
    qr = segno.make(app_address, error="m")
    picture = qr.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", title="QR-code voor de oefen-app")
    waiting = request.method == "POST"
    note = (
        el("div", el("p", "U heeft nog niet bevestigd in de app."), class_="error", role="alert") if waiting else None
    )
    form = el(
        "form",
        el("div", Html(picture), class_="qr"),
        el("p", "Koppelcode", class_="hint"),
        el("p", login.pairing, class_="pair"),
        el(
            "div",
            el("button", "Bevestig in de app", type="submit", name="actie", value="bevestigen"),
            el(
                "button",
                "Ik heb met mijn telefoon bevestigd",
                type="submit",
                name="actie",
                value="kijken",
                class_="quiet",
            ),
            el("button", "Annuleren", type="submit", class_="quiet", formaction=f"/{means.slug}/annuleren/{login_id}"),
            class_="buttons",
        ),
        method="post",
        action=f"/{means.slug}/bevestigen/{login_id}",
        class_="card",
    )
    return page(
        "Bevestig met de app",
        note,
        el(
            "p",
            "Scan de QR-code met uw telefoon en vul de koppelcode in. Geen telefoon bij de hand? Kies dan 'Bevestig in de app'.",
        ),
        form,
        el("p", el("a", "Kunt u niet scannen? Open de oefen-app met deze link", href=app_address)),
        brand=means.slug,
    )


async def app_page(request: Request) -> Response:
    """What the QR code opens on a phone: type the pairing code and confirm."""
    means, provider = _means(request), _provider(request)
    app_id = request.path_params["app_id"]
    login = next(
        (one for one in provider.logins.values() if one.app_id and secrets.compare_digest(one.app_id, app_id)), None
    )
    if login is None or login.is_done:
        return _problem_page(means, "Deze QR-code is verlopen", "Begin opnieuw met inloggen op de website.", status=410)
    wrong = None
    if request.method == "POST":
        code = (await request.form()).get("code")
        if isinstance(code, str) and secrets.compare_digest(code.strip().upper().encode(), login.pairing.encode()):
            login.is_confirmed = True
            return page(
                "Gelukt",
                el("p", "Ga terug naar uw andere scherm en kies 'Ik heb met mijn telefoon bevestigd'."),
                brand=means.slug,
            )
        wrong = el("div", el("p", el("a", "Deze koppelcode klopt niet.", href="#code")), class_="error", role="alert")
    form = el(
        "form",
        el("div", el("label", "Koppelcode (4 letters)", for_="code"), el("input", type="text", id="code", name="code", maxlength="4", autocomplete="off"), class_="field"),
        el("button", "Bevestigen", type="submit"),
        method="post",
        action=f"/{means.slug}/app/{app_id}",
        class_="card",
    )  # fmt: skip
    return page("Oefen-app", wrong, form, brand=means.slug, status=400 if wrong else 200)


async def cancel(request: Request) -> Response:
    """The person changes his mind."""
    opened = _open_login(request)
    if isinstance(opened, Response):
        return opened
    _, login = opened
    login.is_done = True
    login.fault = ""
    return _send_back(_provider(request), login, error="access_denied", error_description="Cancelled by the user")


async def token(request: Request) -> Response:
    """Exchange a code for an ID token."""
    state = state_of(request)
    if (broken := await state.trouble("oidc")) is not None:
        return broken
    provider, means = _provider(request), _means(request)
    issuer = provider.issuer(means.slug)
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    try:
        # In a thread: it may fetch the keys of the application, and that may be waiting for us.
        client_id = await asyncio.to_thread(
            provider.clients.client_id, request.headers.get("authorization", ""), form, (issuer, f"{issuer}/token")
        )
        if form.get("grant_type") != "authorization_code":
            raise OAuthError("unsupported_grant_type", "only authorization_code")
        login = provider.redeem(
            form.get("code", ""), client_id, form.get("redirect_uri", ""), form.get("code_verifier", "")
        )
        if login.means != means.slug:
            raise OAuthError("invalid_grant", "code was given by another issuer")
    except OAuthError as error:
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="oefen"'
        return JSONResponse(
            {"error": error.error, "error_description": error.description}, status_code=error.status, headers=headers
        )
    match login.fault:
        case "slow":
            await asyncio.sleep(state.config.slow_seconds)
        case "token_down":
            return Response("<html><body>Storing</body></html>", status_code=502, media_type="text/html")
        case "token_nonsense":
            return Response("<html><body>Onderhoud</body></html>", media_type="text/html")
    signed = provider.keys.sign(id_token_claims(login, issuer), forged=login.fault == "wrong_signature")
    id_token = await asyncio.to_thread(provider.clients.keys.seal, signed)
    body = {
        "access_token": secrets.token_urlsafe(24),
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": "openid",
        "id_token": id_token,
    }
    return JSONResponse(body, headers=headers)


async def end_session(request: Request) -> Response:
    """Log out. Goes back only to a registered address; takes ``client_id``, so no ID token (with its BSN) need be in a URL."""
    provider, means = _provider(request), _means(request)
    given: FormData | dict[str, str] = await request.form() if request.method == "POST" else dict(request.query_params)
    provider.sessions.pop(str(given.get("logout_hint", "")), None)
    back, state = given.get("post_logout_redirect_uri"), given.get("state")
    if isinstance(back, str) and back in provider.config.logout_uris:
        query = f"?{urlencode({'state': state})}" if isinstance(state, str) and state else ""
        return RedirectResponse(back + query, status_code=303)
    return page(f"U bent uitgelogd bij {means.name}", el("p", "U kunt dit venster sluiten."), brand=means.slug)


async def rotate_keys(request: Request) -> Response:
    """Practice call: sign with a new key from now on."""
    _provider(request).keys.rotate()
    return Response(status_code=204)


async def logout_tokens(request: Request) -> Response:
    """Practice call: what would be sent to end the sessions that are open here. ``by`` is sid, sub or both."""
    provider = _provider(request)
    by = request.query_params.get("by", "both")
    made = {sid: provider.logout_token(sid, by=by) for sid in provider.sessions}
    return JSONResponse([{"sid": sid, "means": one[0], "token": one[1]} for sid, one in made.items() if one])


async def log_out_everywhere(request: Request) -> Response:
    """End every session that is open here and tell the application so, over the back channel."""
    import httpx

    provider = _provider(request)
    told, refused = 0, 0
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        for sid in list(provider.sessions):
            made = provider.logout_token(sid)
            if made is None:
                continue
            address = f"{provider.config.app_url}/inloggen/{made[0]}/afmelden"
            try:
                answer = await http.post(address, data={"logout_token": made[1]})
                is_taken = answer.status_code == 200
            except httpx.HTTPError:
                is_taken = False
            told, refused = told + is_taken, refused + (not is_taken)
            if is_taken:
                provider.sessions.pop(sid, None)
    words = f"{told} sessies beëindigd." + (f" {refused} keer gaf de gemeente geen antwoord." if refused else "")
    return page("U bent overal uitgelogd", el("p", words), el("p", el("a", "Terug", href="/")))


class _MeansConvertor(Convertor[str]):
    """Only the means that are played, in a path."""

    regex = "|".join(MEANS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("means", _MeansConvertor())

ROUTES = [
    Route("/practice/rotate-keys", rotate_keys, methods=["POST"]),
    Route("/practice/logout-tokens", logout_tokens, methods=["GET"]),
    Route("/practice/log-out-everywhere", log_out_everywhere, methods=["POST"]),
    Route("/{means:means}/.well-known/openid-configuration", discovery, methods=["GET"]),
    Route("/{means:means}/jwks", jwks, methods=["GET"]),
    Route("/{means:means}/authorize", authorize, methods=["GET", "POST"]),
    Route("/{means:means}/login/{login_id}", login_page, methods=["GET", "POST"]),
    Route("/{means:means}/bevestigen/{login_id}", confirm_page, methods=["GET", "POST"]),
    Route("/{means:means}/annuleren/{login_id}", cancel, methods=["POST"]),
    Route("/{means:means}/app/{app_id}", app_page, methods=["GET", "POST"]),
    Route("/{means:means}/token", token, methods=["POST"]),
    Route("/{means:means}/end_session", end_session, methods=["GET", "POST"]),
]
