"""The simulators as one ASGI application: an index, the switches, and the parts."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stadhuis.demo.simulators import brp, kvk, mail, oidc, oidc_staff
from stadhuis.demo.simulators.imap import BounceBox, MailboxServer
from stadhuis.demo.simulators.mail import Inbox, MailServer
from stadhuis.demo.simulators.markup import el, page, table
from stadhuis.demo.simulators.oidc import Provider
from stadhuis.demo.simulators.state import SWITCHES, Config, State, state_of
from stadhuis.demo.town import people

_CSS = Path(__file__).with_name("simulators.css")
_LABELS = {"brp": "BRP", "kvk": "KVK", "oidc": "DigiD, eHerkenning en eIDAS", "smtp": "Mail (SMTP)"}
_WORDS = {
    "ok": "werkt",
    "down": "ligt eruit",
    "slow": "heel traag",
    "nonsense": "antwoordt met een onderhoudspagina",
    "wrongshape": "antwoordt met de verkeerde gegevens",
    "tempfail": "weigert tijdelijk (451)",
}


class SecurityHeaders:
    """Adds a strict content policy; forms may end at the application, because a log-in redirects there."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        targets = {
            f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, config.redirect_uris | config.logout_uris)
        }
        self._policy = (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {' '.join(sorted(targets))}"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


async def index(request: Request) -> Response:
    """List everything that is here."""
    config = state_of(request).config
    places = [
        ("Stadhuis", config.app_url),
        ("Postvak met verstuurde mail", f"{config.public_url}/mail"),
        ("Schakelaars: laat een bron uitvallen", f"{config.public_url}/switches"),
        ("DigiD, gegevens voor de koppeling", f"{config.public_url}/digid/.well-known/openid-configuration"),
        (
            "eHerkenning, gegevens voor de koppeling",
            f"{config.public_url}/eherkenning/.well-known/openid-configuration",
        ),
        ("eIDAS, gegevens voor de koppeling", f"{config.public_url}/eidas/.well-known/openid-configuration"),
    ]
    others = [
        ("BRP", f"POST {config.public_url}/brp/personen"),
        ("KVK", f"{config.public_url}/kvk/api/v1/basisprofielen/90000101"),
        ("SMTP", f"{config.host}:{config.smtp_port}"),
    ]
    names = {one.key: one.naam for one in people.RESIDENTS} | {one.key: one.naam for one in people.COMPANIES}
    residents = [(one.naam, one.bsn, one.geboren, one.note) for one in people.RESIDENTS]
    companies = [
        (
            one.naam,
            one.kvk_nummer,
            one.rechtsvorm,
            one.start,
            ", ".join(people.resident(key).naam for key in one.eigenaren),
            one.note,
        )
        for one in people.COMPANIES
    ]
    return page(
        "De buitenwereld van Oeverveen",
        el(
            "p",
            "Hier spelen wij na wat een gemeente van buiten nodig heeft: inloggen, de BRP, het handelsregister en mail.",
        ),
        el("ul", [el("li", el("a", name, href=url)) for name, url in places]),
        el("dl", [[el("dt", name), el("dd", el("code", where))] for name, where in others], class_="facts"),
        el("h2", "Testpersonen"),
        table("Testpersonen (verzonnen)", ("Naam", "BSN", "Geboren", "Waarvoor"), residents),
        el("h2", "Voor iemand anders"),
        table(
            "Wie voor wie mag handelen (verzonnen)",
            ("Wie", "Voor wie", "Grond", "Waarvoor"),
            [(names[one.by], names[one.on_behalf_of], one.basis, one.note) for one in people.MANDATES],
        ),
        el("h2", "Mensen uit andere landen van de EU"),
        table(
            "Mensen die met eIDAS inloggen (verzonnen)",
            ("Achternaam", "Voornamen", "Land", "Geboren", "Waarvoor"),
            [(one.family_name, one.given_name, one.land, one.birthdate, one.note) for one in people.EU_CITIZENS],
        ),
        table(
            "Ondernemingen die met eIDAS inloggen (verzonnen)",
            ("Onderneming", "Land", "Nummer", "Wie inlogt", "Waarvoor"),
            [
                (one.naam, one.land, one.key, f"{one.given_name} {one.family_name}", one.note)
                for one in people.EU_COMPANIES
            ],
        ),
        el("h2", "Uitloggen bij de inlogdienst"),
        el(
            "form",
            el("p", "Hiermee meldt de inlogdienst iedereen af, ook bij de gemeente (back-channel logout)."),
            el("button", "Log iedereen overal uit", type="submit"),
            method="post",
            action="/practice/log-out-everywhere",
            class_="card",
        ),
        el("h2", "Bedrijven"),
        table(
            "Bedrijven (verzonnen)", ("Naam", "KVK-nummer", "Rechtsvorm", "Gestart", "Eigenaar", "Waarvoor"), companies
        ),
    )


async def switches_page(request: Request) -> Response:
    """Show the switches."""
    state = state_of(request)
    fields = [
        el(
            "div",
            el("label", _LABELS[name], for_=name),
            el("select", [el("option", _WORDS[value], value=value, selected=value == state.switches[name]) for value in values], id=name, name=name),
            class_="field",
        )
        for name, values in SWITCHES.items()
    ]  # fmt: skip
    note = el("p", "De schakelaars zijn omgezet.", role="status") if request.query_params.get("gezet") == "1" else None
    form = el("form", fields, el("button", "Zet om", type="submit"), method="post", action="/switches", class_="card")
    return page(
        "Schakelaars",
        note,
        el("p", "Laat een bron uitvallen en kijk wat Stadhuis dan doet."),
        form,
        el("p", el("a", "Terug", href="/")),
    )


async def set_switches(request: Request) -> Response:
    """Set switches from the page or with JSON; several at once, all or none."""
    state = state_of(request)
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if is_json:
        try:
            wanted = json.loads(await request.body())
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict):
            return JSONResponse({"faults": ["geef een JSON-object"]}, status_code=400)
    else:
        wanted = dict(await request.form())
    faults = state.set_switches(wanted)
    if faults:
        return (
            JSONResponse({"faults": faults}, status_code=400)
            if is_json
            else page("Dit kan niet", el("ul", [el("li", fault) for fault in faults]), status=400)
        )
    server: MailServer = request.app.state.mail_server
    await server.follow()
    return JSONResponse(state.switches) if is_json else RedirectResponse("/switches?gezet=1", status_code=303)


async def asked(request: Request) -> Response:
    """Practice call: what was asked of BRP and KVK and for which purpose, newest last. No BSNs in it."""
    return JSONResponse(list(state_of(request).asked))


async def health(request: Request) -> Response:
    """Say that the simulators serve."""
    return JSONResponse({"status": "ok", "switches": state_of(request).switches})


async def css(request: Request) -> Response:
    """The style sheet."""
    return FileResponse(_CSS, media_type="text/css")


async def robots(request: Request) -> Response:
    """No crawler has business here."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


async def not_found(request: Request, error: Exception) -> Response:
    """A page for an address that does not exist."""
    return page("Deze pagina is er niet", el("p", el("a", "Naar het begin", href="/")), status=404)


def build(config: Config) -> Starlette:
    """Return the application. The caller starts the mail server (``app.state.mail_server.follow()``)."""
    app = Starlette(
        routes=[
            Route("/", index, methods=["GET"]),
            Route("/healthz", health, methods=["GET"]),
            Route("/robots.txt", robots, methods=["GET"]),
            Route("/simulators.css", css, methods=["GET"]),
            Route("/switches", switches_page, methods=["GET"]),
            Route("/switches", set_switches, methods=["POST"]),
            Route("/practice/asked", asked, methods=["GET"]),
            *mail.ROUTES,
            *brp.ROUTES,
            *kvk.ROUTES,
            *oidc.ROUTES,
            *oidc_staff.ROUTES,
        ],
        exception_handlers={404: not_found},
    )
    app.add_middleware(SecurityHeaders, config=config)
    state = State(config)
    app.state.simulators = state
    app.state.provider = Provider(config)
    app.state.staff_provider = oidc_staff.StaffProvider(config)
    app.state.inbox = Inbox(config.data_dir / "mail")
    bounces = BounceBox()
    app.state.mail_server = MailServer(state, app.state.inbox, bounces)
    app.state.mailbox_server = MailboxServer(bounces, config.host, config.imap_port)
    return app
