"""The trade register, in the shape of the KVK APIs Zoeken (v2) and Basisprofiel (v1) as far as generally known.

One thing the real KVK does not offer to municipalities in this form: which companies does this person own. The demo needs it
for prefill, so it is a practice call, by POST because a BSN never stands in a URL.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stadhuis.demo.simulators.state import State, state_of
from stadhuis.demo.town import people
from stadhuis.demo.town.people import Address, Company


def _error(status: int, code: str, omschrijving: str) -> Response:
    return JSONResponse({"fout": [{"code": code, "omschrijving": omschrijving}]}, status_code=status)


def _refusal(request: Request, state: State) -> Response | None:
    if not hmac.compare_digest(request.headers.get("apikey", "").encode(), state.config.kvk_api_key.encode()):
        return _error(401, "IPD0007", "De API-sleutel is niet geldig.")
    state.asked.append(
        {
            "source": "kvk",
            "type": request.url.path.split("/")[-1][:20],
            "purpose": request.headers.get("x-verwerking", ""),
        }
    )
    return None


def _visiting_address(company: Company) -> dict[str, Any]:
    shielded = {"type": "bezoekadres", "indAfgeschermd": "Ja" if company.afgeschermd else "Nee"}
    if company.afgeschermd:
        return shielded
    match company.adres:
        case Address() as home:
            address = {
                **shielded,
                "volledigAdres": f"{home.straat} {home.number_text} {home.postcode.replace(' ', '')}{home.woonplaats}",
                "straatnaam": home.straat,
                "huisnummer": home.huisnummer,
                "postcode": home.postcode.replace(" ", ""),
                "plaats": home.woonplaats,
                "land": "Nederland",
            }
            return address | ({"huisletter": home.huisletter} if home.huisletter else {})
        case abroad:
            return {
                **shielded,
                "volledigAdres": f"{abroad.regel1} {abroad.regel2} {abroad.land.omschrijving}",
                "straatHuisnummer": abroad.regel1,
                "postcodeWoonplaats": abroad.regel2,
                "land": abroad.land.omschrijving,
            }


def profile(company: Company, base_url: str) -> dict[str, Any]:
    """Return the basisprofiel of a company with its main branch and owner embedded."""
    start = company.start.replace("-", "")
    own_url = f"{base_url}/api/v1/basisprofielen/{company.kvk_nummer}"
    activities = [{"sbiCode": company.sbi[0], "sbiOmschrijving": company.sbi[1], "indHoofdactiviteit": "Ja"}]
    owner: dict[str, Any] = {"rechtsvorm": company.rechtsvorm, "uitgebreideRechtsvorm": company.rechtsvorm, "links": []}
    if company.rsin:
        owner["rsin"] = company.rsin
    return {
        "kvkNummer": company.kvk_nummer,
        "indNonMailing": "Ja",
        "naam": company.naam,
        "formeleRegistratiedatum": start,
        "materieleRegistratie": {"datumAanvang": start},
        "totaalWerkzamePersonen": len(company.eigenaren) + len(company.gemachtigden),
        "statutaireNaam": company.naam,
        "handelsnamen": [{"naam": company.naam, "volgorde": 1}],
        "sbiActiviteiten": activities,
        "links": [{"rel": "self", "href": own_url}],
        "_embedded": {
            "hoofdvestiging": {
                "vestigingsnummer": company.vestigingsnummer,
                "kvkNummer": company.kvk_nummer,
                "formeleRegistratiedatum": start,
                "materieleRegistratie": {"datumAanvang": start},
                "eersteHandelsnaam": company.naam,
                "indHoofdvestiging": "Ja",
                "indCommercieleVestiging": "Ja",
                "totaalWerkzamePersonen": len(company.eigenaren) + len(company.gemachtigden),
                "adressen": [_visiting_address(company)],
                "sbiActiviteiten": activities,
                "links": [],
            },
            "eigenaar": owner,
        },
    }


async def search(request: Request) -> Response:
    """Answer ``GET /kvk/api/v2/zoeken?kvkNummer=``."""
    state = state_of(request)
    if (broken := await state.trouble("kvk") or _refusal(request, state)) is not None:
        return broken
    number = request.query_params.get("kvkNummer", "")
    if not re.fullmatch(r"[0-9]{8}", number):
        return _error(400, "IPD0005", "De zoekparameter kvkNummer is niet geldig.")
    company = people.company_by_kvk(number)
    if company is None:
        return _error(404, "IPD5200", "Geen gegevens gevonden voor de zoekopdracht.")
    base_url = f"{state.config.public_url}/kvk"
    links = [{"rel": "basisprofiel", "href": f"{base_url}/api/v1/basisprofielen/{company.kvk_nummer}"}]
    address = _visiting_address(company)
    inside = {"type": "bezoekadres"} | {
        k: address[k] for k in ("straatnaam", "huisnummer", "postcode", "plaats") if k in address
    }
    kinds = [
        ("hoofdvestiging", company.vestigingsnummer, company.naam),
        *(("nevenvestiging", nr, naam) for nr, naam in company.vestigingen),
    ]
    results = [
        {
            "kvkNummer": company.kvk_nummer, "vestigingsnummer": branch, "naam": naam, "type": kind, "actief": "Ja",
            "adres": {"binnenlandsAdres": inside}, "links": links,
        }
        for kind, branch, naam in kinds
    ]  # fmt: skip
    return JSONResponse(
        {"pagina": 1, "resultatenPerPagina": 10, "totaal": len(results), "resultaten": results, "links": []}
    )


async def base_profile(request: Request) -> Response:
    """Answer ``GET /kvk/api/v1/basisprofielen/{kvkNummer}``."""
    state = state_of(request)
    if (broken := await state.trouble("kvk") or _refusal(request, state)) is not None:
        return broken
    number = request.path_params["kvk_nummer"]
    if not re.fullmatch(r"[0-9]{8}", number):
        return _error(400, "IPD0004", "Het KVK-nummer is niet geldig.")
    company = people.company_by_kvk(number)
    if company is None:
        return _error(404, "IPD0005", "Het product is niet gevonden.")
    return JSONResponse(profile(company, f"{state.config.public_url}/kvk"))


async def owned_companies(request: Request) -> Response:
    """Answer the practice call ``POST /kvk/practice/eigenaren`` with body ``{"burgerservicenummer": ...}``."""
    state = state_of(request)
    if (broken := await state.trouble("kvk") or _refusal(request, state)) is not None:
        return broken
    try:
        body = json.loads(await request.body())
        bsn = body["burgerservicenummer"]
        if not isinstance(bsn, str) or not re.fullmatch(r"[0-9]{9}", bsn):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return _error(400, "IPD0004", "Geef een burgerservicenummer van negen cijfers.")
    resident = people.resident_by_bsn(bsn)
    owned = people.companies_of(resident.key) if resident else ()
    return JSONResponse({"kvkNummers": [company.kvk_nummer for company in owned]})


ROUTES = [
    Route("/kvk/api/v2/zoeken", search, methods=["GET"]),
    Route("/kvk/api/v1/basisprofielen/{kvk_nummer}", base_profile, methods=["GET"]),
    Route("/kvk/practice/eigenaren", owned_companies, methods=["POST"]),
]
