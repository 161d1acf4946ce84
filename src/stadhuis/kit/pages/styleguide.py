"""The style guide: every component in every state, and a few whole pages. Only where people build and practise."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from stadhuis.kit.pages import errors
from stadhuis.kit.pages.context import Page
from stadhuis.kit.pages.menu import MenuItem
from stadhuis.kit.time import now

TODAY = date(2021, 5, 17)
EXAMPLES = {
    "formulier": "Een stap van een formulier, met fouten",
    "overzicht": "Een overzicht met kaarten",
    "dossier": "Een pagina over een zaak",
    "ontvangst": "Een bewijs van ontvangst",
    "werkplek": "Een werkvoorraad op de werkplek",
}


class ExamplePage(Page):
    """A page as someone who is logged in sees it, without a room that brings menu or people."""

    def __init__(self, request: HttpRequest, *, is_workplace: bool) -> None:
        super().__init__(request)
        self.__dict__["is_workplace"] = is_workplace
        self.__dict__["actor_name"] = "S. Bakker" if is_workplace else "Noor van der Wal"
        portal = [("Home", "", None, ""), ("Mijn zaken", "folder-open", 2, "page"), ("Berichten", "inbox", None, "")]
        staff = [
            ("Werkvoorraad", "inbox", 14, "page"),
            ("Mijn zaken", "folder-open", 6, ""),
            ("Ter goedkeuring", "stamp", 2, ""),
            ("Rapportage", "list-checks", None, ""),
        ]
        self.__dict__["menu"] = [
            MenuItem(text, "/stijlgids/", icon, count, current)
            for text, icon, count, current in (staff if is_workplace else portal)
        ]

    @property
    def search_url(self) -> str:
        """The style guide searches nothing."""
        return "/stijlgids/" if self.is_workplace else ""


def show(request: HttpRequest) -> HttpResponse:
    """Show all components."""
    values = {**_facts(), "examples": EXAMPLES.items(), "errors_by_status": sorted(errors.WORDS)}
    return TemplateResponse(request, "kit/styleguide/components.html", values)


def example(request: HttpRequest, name: str) -> HttpResponse:
    """Show one whole page, or the error page of a status (``fout-404``)."""
    if name.startswith("fout-") and name[5:].isdigit() and int(name[5:]) in errors.WORDS:
        return errors.page(request, int(name[5:]))
    if name not in EXAMPLES:
        raise Http404(name)
    values = {**_facts(), "kit": ExamplePage(request, is_workplace=name == "werkplek")}
    return TemplateResponse(request, f"kit/styleguide/{name}.html", values)


def _facts() -> dict[str, Any]:
    files = [
        {"id": "1", "name": "jaarcijfers-2020.pdf", "url": "/stijlgids/", "size": 1_248_000, "kind": "PDF", "when": TODAY},
        {"id": "2", "name": "bankafschrift-april-met-een-heel-lange-naam-die-moet-afbreken.jpg", "size": 402_113,
         "kind": "Foto", "when": TODAY, "note": "wordt nog gecontroleerd"},
    ]  # fmt: skip
    return {
        "today": TODAY,
        "moment": now(),
        "crumbs": [{"text": "Home", "url": "/"}, {"text": "Mijn zaken", "url": "/stijlgids/"}, {"text": "Aanvraag"}],
        "yes_no": [("ja", "Ja"), ("nee", "Nee")],
        "living": [("alleen", "Ik woon alleen"), ("samen", "Ik woon samen", "Met een partner, getrouwd of niet.")],
        "asked": [
            ("levensonderhoud", "Geld om van te leven", "Een aanvulling op uw inkomen, per maand."),
            ("bedrijfskapitaal", "Een lening voor mijn bedrijf", "U betaalt deze lening met rente terug."),
        ],
        "countries": [("nl", "Nederland"), ("be", "België"), ("de", "Duitsland")],
        "together": {"key": "leefsituatie", "eq": "samen"},
        "errors": [
            {"field": "iban", "text": "Vul een geldig IBAN in. Controleer de cijfers."},
            {"field": "leefsituatie", "text": "Kies hoe u woont."},
            {"field": "geboortedatum", "text": "Vul de geboortedatum van uw partner volledig in."},
        ],
        "rows": [
            {"key": "Naam", "value": "Noor van der Wal", "source": "Basisregistratie Personen"},
            {"key": "Adres", "lines": ["Rietkraag 12", "9990 AB Oeverveen"], "source": "Basisregistratie Personen"},
            {"key": "IBAN", "value": "NL91 ABNA 0417 1643 00", "url": "/stijlgids/"},
            {"key": "Telefoonnummer", "value": "", "url": "/stijlgids/"},
            {"key": "Status", "value": "In behandeling", "badge": "busy"},
        ],
        "steps": [
            {"text": "Uw gegevens", "url": "/stijlgids/", "state": "done"},
            {"text": "Uw bedrijf", "url": "/stijlgids/", "state": "done"},
            {"text": "Uw huishouden", "state": "current"},
            {"text": "Uw inkomen", "state": "todo"},
            {"text": "Bewijsstukken", "state": "todo"},
            {"text": "Controleren en versturen", "state": "todo"},
        ],
        "events": [
            {"title": "Besluit", "state": "todo", "text": "U krijgt uiterlijk 12 juli 2021 een besluit."},
            {
                "title": "In behandeling",
                "when": TODAY,
                "state": "current",
                "text": "Een medewerker beoordeelt uw aanvraag.",
            },
            {
                "title": "Ontvangen",
                "when": TODAY - timedelta(days=3),
                "state": "done",
                "by": "Noor van der Wal",
                "url": "/stijlgids/",
                "link": "Bekijk uw bewijs van ontvangst",
            },
        ],
        "files": files,
        "tabs": [
            {"text": "Overzicht", "url": "/stijlgids/", "current": True},
            {"text": "Documenten", "url": "/stijlgids/", "count": 4},
            {"text": "Tijdlijn", "url": "/stijlgids/"},
        ],
        "dates": [TODAY + timedelta(days=days) for days in (30, 5, 0, -3)],
        "pages": {"number": 2, "count": 7, "first": 26, "last": 50, "total": 163, "previous_url": "?", "next_url": "?"},
        "figures": [
            {"value": 3, "text": "te laat", "url": "/stijlgids/", "tone": "late"},
            {"value": 5, "text": "bijna te laat", "url": "/stijlgids/", "tone": "warning"},
            {"value": 14, "text": "in mijn werkvoorraad", "url": "/stijlgids/"},
            {"value": 2, "text": "ter goedkeuring", "url": "/stijlgids/"},
        ],
        "worklist": _worklist(),
        "field_record": SimpleNamespace(
            kind="email", name="emailadres", label="E-mailadres", value="noor@voorbeeld.example", required=True
        ),
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }


def _worklist() -> list[dict[str, Any]]:
    people = (
        "N. van der Wal",
        "J. Terpstra",
        "Bakkerij De Korenschoof",
        "A. Yılmaz",
        "M. de Groot-Veenstra",
        "F. Haan",
    )
    stages = (("Ontvangen", "info"), ("In behandeling", "busy"), ("Wacht op aanvulling", "warning"))
    days = (-3, -1, 2, 5, 19, 33)
    return [
        {
            "number": f"OEV-2021-0000{118 + row}",
            "who": who,
            "what": "Aanvraag inkomensondersteuning" if row % 2 == 0 else "Parkeervergunning bewoner",
            "status": stages[row % 3][0],
            "tone": stages[row % 3][1],
            "deadline": TODAY + timedelta(days=days[row]),
        }
        for row, who in enumerate(people)
    ]
