"""Error pages in the language of the visitor, each with the number of the request and a way on.

Django's handlers and the CSRF check lead here; a view answers ``page(request, 413)`` itself. Programs that ask for JSON
get a problem in JSON; the ZGW APIs make their own errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

log = structlog.stdlib.get_logger("stadhuis.pages")


@dataclass(frozen=True)
class Words:
    """What a page says about one status."""

    title: object
    text: object
    advice: object


WORDS = {
    400: Words(
        _("Wij begrijpen deze aanvraag niet"),
        _("Er klopt iets niet in wat uw browser ons stuurde."),
        _("Ga terug en probeer het opnieuw. Wat u al hebt bewaard, is er nog."),
    ),
    403: Words(
        _("U mag deze pagina niet zien"),
        _("U bent niet ingelogd, of deze pagina hoort bij iemand anders."),
        _("Log in en probeer het opnieuw. Denkt u dat dit niet klopt? Neem dan contact met ons op."),
    ),
    404: Words(
        _("Deze pagina bestaat niet"),
        _("Misschien is het adres verkeerd getypt, of is de pagina weggehaald."),
        _("Ga naar de beginpagina en zoek van daar verder."),
    ),
    405: Words(
        _("Dit kan hier niet"),
        _("Deze pagina kunt u niet op deze manier openen."),
        _("Ga terug en gebruik de knop op de pagina."),
    ),
    409: Words(
        _("Dit is intussen veranderd"),
        _("Iemand anders, of u zelf in een ander venster, heeft dit net veranderd."),
        _("Laad de pagina opnieuw en kijk wat er nu staat."),
    ),
    413: Words(
        _("Dit bestand is te groot"),
        _("Wij hebben het niet bewaard."),
        _("Ga terug en kies een kleiner bestand. Wat u al hebt ingevuld, is er nog."),
    ),
    429: Words(
        _("U probeert het te vaak"),
        _("Voor uw veiligheid hebben wij even een pauze ingelast."),
        _("Wacht een paar minuten en probeer het dan opnieuw."),
    ),
    500: Words(
        _("Er ging iets mis bij ons"),
        _("Dat ligt niet aan u. Wij hebben een melding gekregen en zoeken het uit."),
        _("Probeer het over een paar minuten opnieuw. Wat u al hebt bewaard, is er nog."),
    ),
    503: Words(
        _("Wij zijn even niet bereikbaar"),
        _("Er wordt aan het systeem gewerkt."),
        _("Probeer het over een paar minuten opnieuw. Wat u al hebt bewaard, is er nog."),
    ),
}
CSRF = Words(
    _("Deze pagina was te oud"),
    _("De pagina stond lang open, of u bent intussen opnieuw ingelogd. Daarom hebben wij niets verstuurd."),
    _("Ga terug, laad de pagina opnieuw en probeer het nog eens. Wat u al hebt bewaard, is er nog."),
)
_LAST_RESORT = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>Er ging iets mis</title>
<h1>Er ging iets mis bij ons</h1><p>Probeer het over een paar minuten opnieuw. Something went wrong; please try again in a few
minutes.</p><p>{}</p></html>"""


def page(
    request: HttpRequest,
    status: int,
    *,
    text: object = "",
    words: Words | None = None,
    retry_after: int | None = None,
) -> HttpResponse:
    """Return the error page for a status; ``text`` replaces the sentence that says what happened."""
    said = words or WORDS[status]
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    response: HttpResponse
    if _wants_json(request):
        body = {
            "status": status,
            "title": str(said.title),
            "detail": str(text or said.text),
            "error": str(text or said.text),
        }
        response = JsonResponse({**body, "requestId": request_id}, status=status)
    else:
        values = {"status": status, "words": said, "text": text or said.text, "request_id": request_id}
        try:
            body_html = get_template("kit/error.html").render(values, request)
        # This is the page for when everything else failed.
        except Exception:
            log.exception("the error page itself failed", status=status)
            body_html = _LAST_RESORT.format(request_id)
        response = HttpResponse(body_html, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when the body was larger than a form may be."""
    from django.core.exceptions import RequestDataTooBig

    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token is missing or old."""
    log.info("csrf", reason=reason)
    return page(request, 403, words=CSRF)


def _wants_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"
