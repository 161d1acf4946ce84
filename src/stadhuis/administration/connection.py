"""Trying whether an application can reach the APIs: a real request to our own address, with a token as it would make it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from stadhuis.access import public as access
from stadhuis.access.public import ApplicatieRecord
from stadhuis.kit import outside

_READS: Final = (
    ("zrc", "zaken.lezen", "/zaken/api/v1/zaken"),
    ("drc", "documenten.lezen", "/documenten/api/v1/enkelvoudiginformatieobjecten"),
    ("brc", "besluiten.lezen", "/besluiten/api/v1/besluiten"),
    ("ztc", "catalogi.lezen", "/catalogi/api/v1/catalogussen"),
    ("nrc", "notificaties.consumeren", "/notificaties/api/v1/kanaal"),
    ("nrc", "notificaties.publiceren", "/notificaties/api/v1/kanaal"),
    ("ac", "autorisaties.lezen", "/autorisaties/api/v1/applicaties"),
)
_FINDS_NOTHING: Final = {
    "zrc": "?identificatie=verbinding-proberen",
    "drc": "?identificatie=verbinding-proberen",
    "brc": "?identificatie=verbinding-proberen",
}
"""A trial is no reason to look at data of people: it asks for a number that nobody has."""
_own: outside.Source | None = None


@dataclass(frozen=True)
class Trial:
    """How it went: whether it is well, in words, and what was called."""

    is_well: bool
    text: str
    address: str


def address_for(record: ApplicatieRecord) -> str:
    """Return the address of a list that an application may read; of zaken when it may read nothing."""
    path = next((path for component, scope, path in _READS if record.has_scope(component, scope)), _READS[0][2])
    return f"{settings.PUBLIC_URL}{path}"


def try_connection(record: ApplicatieRecord, client_id: str) -> Trial:
    """Call an API as this application, over the network, and return how that went. Never within a transaction."""
    token = access.token_to_try(client_id)
    address = address_for(record)
    if token is None:
        return Trial(False, _("Deze client-id heeft geen geheim. Maak eerst een geheim."), address)
    component = next((code for code, _scope, path in _READS if address.endswith(path)), "")
    try:
        answer = _source().call(
            "GET",
            address + _FINDS_NOTHING.get(component, ""),
            headers={"Authorization": f"Bearer {token}", "Accept-Crs": "EPSG:4326"},
        )
    except outside.OutsideError:
        return Trial(
            False,
            _("Wij konden ons eigen adres niet bereiken. Kijk of dat adres klopt en of deze server het mag opvragen. De applicatie zelf kan het misschien wel bereiken."),
            address,
        )  # fmt: skip
    if answer.status == 200:
        return Trial(True, _("Het werkt: inloggen en lezen lukken."), address)
    code = _code(answer)
    if (answer.status, code) == (403, "permission_denied"):
        return Trial(True, _("Het inloggen lukt. Lezen mag deze applicatie niet, dus verder konden wij niet kijken."), address)  # fmt: skip
    if answer.status == 403:
        return Trial(False, _("Het inloggen lukt niet. %(why)s") % {"why": refusal_in_words(code, None)}, address)
    return Trial(False, _("Het adres gaf een fout (status %(status)s).") % {"status": answer.status}, address)


def _source() -> outside.Source:
    global _own
    if _own is None:
        _own = outside.Source("own API")
    return _own


def _code(answer: outside.Answer) -> str:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    return str(body.get("code", "")) if isinstance(body, dict) else ""


def refusal_in_words(code: str, age_seconds: int | None) -> str:
    """Return what is wrong with a token and what to do about it. Source of the codes: ZGW BEHAVIOUR 3.3."""
    if code == "jwt-expired" and age_seconds is not None and age_seconds < 0:
        return _("De klok van de applicatie loopt %(time)s voor. Zet die klok gelijk.") % {"time": _span(-age_seconds)}
    if code == "jwt-expired" and age_seconds is not None:
        return _("Het token was %(time)s oud. Een token geldt een uur: laat de applicatie steeds een nieuw token maken, en kijk of haar klok gelijk loopt.") % {"time": _span(age_seconds)}  # fmt: skip
    return {
        "jwt-expired": _("Het token is verlopen, of de klok loopt niet gelijk."),
        "invalid-jwt-signature": _("De handtekening klopt niet: de applicatie gebruikt een ander geheim dan hier staat, of ondertekent niet met HS256."),
        "invalid-client-identifier": _("De client-id in het token bestaat hier niet. Kijk of er een typefout in staat."),
        "missing-client-identifier": _("Er staat geen client_id in het token."),
        "jwt-missing-iat-claim": _("Er staat geen iat in het token: het tijdstip waarop het gemaakt is."),
        "jwt-decode-error": _("Wat de applicatie stuurde is geen leesbaar token (JWT)."),
        "not_authenticated": _("De kop Authorization ontbreekt. Misschien haalt een server ertussen die weg."),
    }.get(code, _("Het token is geweigerd."))  # fmt: skip


def _span(seconds: int) -> str:
    if seconds < 120:
        return _("%(n)d seconden") % {"n": seconds}
    if seconds < 2 * 3600:
        return _("%(n)d minuten") % {"n": seconds // 60}
    if seconds < 48 * 3600:
        return _("%(n)d uur") % {"n": seconds // 3600}
    return _("%(n)d dagen") % {"n": seconds // 86400}
