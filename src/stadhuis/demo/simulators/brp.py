"""The BRP as the national API 'BRP API Personen' 2.7.0 gives it out: ``POST /brp/personen``.

Two of the seven query types are here: RaadpleegMetBurgerservicenummer and ZoekMetGeslachtsnaamEnGeboortedatum. The
``fields`` parameter is honoured: only what was asked comes back, plus what the standard adds by itself.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stadhuis.demo.simulators.state import problem, state_of
from stadhuis.demo.town import people
from stadhuis.demo.town.people import Address, Code, ForeignAddress, Resident
from stadhuis.kit.time import today

_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")  # fmt: skip
_GESLACHT = {"M": "man", "V": "vrouw", "O": "onbekend"}
_NAAMGEBRUIK = {
    "E": "eigen geslachtsnaam",
    "N": "geslachtsnaam echtgenoot/geregistreerd partner na eigen geslachtsnaam",
    "P": "geslachtsnaam echtgenoot/geregistreerd partner",
    "V": "geslachtsnaam echtgenoot/geregistreerd partner voor eigen geslachtsnaam",
}

# Which fields may be asked for (paths that end in {} take no deeper part). Source: schemas Persoon and PersoonBeperkt.
_DATE: dict[str, Any] = {part: {} for part in ("type", "datum", "langFormaat", "jaar", "maand", "onbekend")}
_CODE: dict[str, Any] = {"code": {}, "omschrijving": {}}
_NAME: dict[str, Any] = {
    "voornamen": {}, "adellijkeTitelPredicaat": {**_CODE, "soort": {}}, "voorvoegsel": {}, "geslachtsnaam": {},
    "voorletters": {},
}  # fmt: skip
_OWN_NAME: dict[str, Any] = {**_NAME, "volledigeNaam": {}}  # of the person himself; NaamGerelateerde has none
_BIRTH: dict[str, Any] = {"datum": _DATE, "land": _CODE, "plaats": _CODE}
_LINES: dict[str, Any] = {"adresregel1": {}, "adresregel2": {}, "adresregel3": {}, "land": _CODE}
_LIMITED: dict[str, Any] = {
    "burgerservicenummer": {}, "geboorte": {"datum": _DATE}, "geslacht": _CODE, "leeftijd": {}, "naam": _OWN_NAME, "adressering": _LINES,
}  # fmt: skip
_FULL: dict[str, Any] = {
    "aNummer": {}, "burgerservicenummer": {}, "datumEersteInschrijvingGBA": _DATE, "geslacht": _CODE, "leeftijd": {},
    "uitsluitingKiesrecht": {"uitgeslotenVanKiesrecht": {}, "einddatum": _DATE},
    "europeesKiesrecht": {"aanduiding": _CODE, "einddatumUitsluiting": _DATE},
    "naam": {**_OWN_NAME, "aanduidingNaamgebruik": _CODE},
    "nationaliteiten": {"type": {}, "redenOpname": _CODE, "datumIngangGeldigheid": _DATE, "nationaliteit": _CODE},
    "geboorte": _BIRTH, "overlijden": {"datum": _DATE, "land": _CODE, "plaats": _CODE},
    "verblijfplaats": {
        "type": {}, "datumIngangGeldigheid": _DATE, "datumVan": _DATE, "functieAdres": _CODE,
        "adresseerbaarObjectIdentificatie": {}, "nummeraanduidingIdentificatie": {}, "indicatieVastgesteldVerblijftNietOpAdres": {},
        "verblijfadres": {
            "officieleStraatnaam": {}, "korteStraatnaam": {}, "huisnummer": {}, "huisletter": {}, "huisnummertoevoeging": {},
            "aanduidingBijHuisnummer": _CODE, "postcode": {}, "woonplaats": {}, "regel1": {}, "regel2": {}, "regel3": {},
            "land": _CODE, "locatiebeschrijving": {},
        },
    },
    "immigratie": {
        "datumVestigingInNederland": _DATE, "landVanwaarIngeschreven": _CODE, "vanuitVerblijfplaatsOnbekend": {},
        "indicatieVestigingVanuitBuitenland": {},
    },
    "gemeenteVanInschrijving": _CODE, "datumInschrijvingInGemeente": _DATE,
    "adressering": {**_LINES, "aanhef": {}, "aanschrijfwijze": {"naam": {}, "aanspreekvorm": {}}, "gebruikInLopendeTekst": {}},
    "indicatieCurateleRegister": {}, "indicatieGezagMinderjarige": _CODE, "gezag": {},
    "verblijfstitel": {"aanduiding": _CODE, "datumIngang": _DATE, "datumEinde": _DATE},
    "kinderen": {"burgerservicenummer": {}, "naam": _NAME, "geboorte": _BIRTH},
    "ouders": {
        "burgerservicenummer": {}, "geslacht": _CODE, "ouderAanduiding": {}, "naam": _NAME, "geboorte": _BIRTH,
        "datumIngangFamilierechtelijkeBetrekking": _DATE,
    },
    "partners": {
        "burgerservicenummer": {}, "geslacht": _CODE, "soortVerbintenis": _CODE, "naam": _NAME, "geboorte": _BIRTH,
        "aangaanHuwelijkPartnerschap": {"datum": _DATE, "land": _CODE, "plaats": _CODE},
        "ontbindingHuwelijkPartnerschap": {"datum": _DATE},
    },
}  # fmt: skip
_BY_ITSELF = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding", "inOnderzoek", "rni", "verificatie")


def _code(code: Code) -> dict[str, str]:
    return {"code": code.code, "omschrijving": code.omschrijving}


def _date(value: str) -> dict[str, Any]:
    """Return a date in the shape of AbstractDatum: a full date or only a year."""
    if len(value) == 4:
        return {"type": "JaarDatum", "jaar": int(value), "langFormaat": value}
    day = date.fromisoformat(value)
    return {"type": "Datum", "datum": value, "langFormaat": f"{day.day} {_MONTHS[day.month - 1]} {day.year}"}


def _age(resident: Resident) -> int | None:
    born = resident.geboortedatum
    if born is None or resident.overleden:
        return None
    now = today()
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def _name(resident: Resident) -> dict[str, Any]:
    name = {
        "voornamen": resident.voornamen,
        "geslachtsnaam": resident.geslachtsnaam,
        "voorletters": "".join(f"{part[0]}." for part in resident.voornamen.split()),
        "volledigeNaam": resident.volledige_naam,
    }
    if resident.voorvoegsel:
        name["voorvoegsel"] = resident.voorvoegsel
    return name


def _birth(resident: Resident) -> dict[str, Any]:
    place = people.OEVERVEEN if resident.geboorteplaats == people.TOWN else None
    return {
        "datum": _date(resident.geboren),
        "land": _code(resident.geboorteland),
        "plaats": _code(place) if place else {"omschrijving": resident.geboorteplaats},
    }


def addressed_surname(resident: Resident) -> str:
    """Return the surname by which the person wants to be addressed. Source: BRP table 'Aanduiding naamgebruik'."""
    partner = people.resident(resident.partner).achternaam if resident.partner else ""
    match resident.naamgebruik if partner else "E":
        case "N":
            return f"{resident.achternaam}-{partner}"
        case "P":
            return partner
        case "V":
            return f"{partner}-{resident.achternaam}"
        case _:
            return resident.achternaam


def _addressing(resident: Resident) -> dict[str, Any]:
    surname = addressed_surname(resident)
    initials = "".join(f"{part[0]}." for part in resident.voornamen.split())
    title = {"M": "heer", "V": "mevrouw"}.get(resident.geslacht)
    capital = surname[0].upper() + surname[1:]
    addressing: dict[str, Any] = {
        "aanhef": f"Geachte {title} {capital}" if title else f"Geachte {initials} {surname}",
        "aanschrijfwijze": {"naam": f"{initials} {surname}"},
        "gebruikInLopendeTekst": f"{'de heer' if title == 'heer' else title} {capital}"
        if title
        else f"{initials} {surname}",
    }
    match resident.adres:
        case Address() as home:
            addressing["adresregel1"] = f"{home.straat[:24]} {home.number_text}"[:40]
            addressing["adresregel2"] = f"{home.postcode}  {home.woonplaats}"
        case ForeignAddress() as abroad:
            addressing |= {"adresregel1": abroad.regel1, "adresregel2": abroad.regel2, "land": _code(abroad.land)}
            if abroad.regel3:
                addressing["adresregel3"] = abroad.regel3
    return addressing


def _residence(resident: Resident) -> dict[str, Any] | None:
    since = _date("2019-11-01" if resident.geboren < "2019-11-01" else resident.geboren)
    match resident.adres:
        case Address() as home:
            number = 1000 + sum(map(ord, f"{home.straat}{home.number_text}"))
            lines: dict[str, Any] = {
                "officieleStraatnaam": home.straat,
                "korteStraatnaam": home.straat[:24],
                "huisnummer": home.huisnummer,
                "postcode": home.postcode.replace(" ", ""),
                "woonplaats": home.woonplaats,
            }
            if home.huisletter:
                lines["huisletter"] = home.huisletter
            if home.toevoeging:
                lines["huisnummertoevoeging"] = home.toevoeging
            return {
                "type": "Adres",
                "verblijfadres": lines,
                "functieAdres": {"code": "W", "omschrijving": "woonadres"},
                "adresseerbaarObjectIdentificatie": f"999901{number:010d}",
                "nummeraanduidingIdentificatie": f"999920{number:010d}",
                "datumVan": since,
            }
        case ForeignAddress() as abroad:
            lines = {"regel1": abroad.regel1, "regel2": abroad.regel2, "land": _code(abroad.land)}
            if abroad.regel3:
                lines["regel3"] = abroad.regel3
            return {"type": "VerblijfplaatsBuitenland", "verblijfadres": lines, "datumVan": since}
        case _:
            return None


def _partner(resident: Resident) -> list[dict[str, Any]]:
    if not resident.partner:
        return []
    other = people.resident(resident.partner)
    partner: dict[str, Any] = {
        "burgerservicenummer": other.bsn,
        "geslacht": {"code": other.geslacht, "omschrijving": _GESLACHT[other.geslacht]},
        "soortVerbintenis": {"code": resident.verbintenis, "omschrijving": "huwelijk" if resident.verbintenis == "H" else "geregistreerd partnerschap"},
        "naam": {key: value for key, value in _name(other).items() if key != "volledigeNaam"},
        "geboorte": _birth(other),
        "aangaanHuwelijkPartnerschap": {
            "datum": _date(resident.partner_sinds), "land": _code(people.NEDERLAND), "plaats": _code(people.OEVERVEEN),
        },
    }  # fmt: skip
    if resident.partner_tot:
        partner["ontbindingHuwelijkPartnerschap"] = {"datum": _date(resident.partner_tot)}
    return [partner]


def _nationality(resident: Resident) -> dict[str, Any]:
    match resident.nationaliteit:
        case "staatloos":
            return {"type": "Staatloos"}
        case "onbekend":
            return {"type": "NationaliteitOnbekend"}
        case known:
            return {"type": "Nationaliteit", "nationaliteit": _code(known)}


def _relative(resident: Resident) -> dict[str, Any]:
    name = {key: value for key, value in _name(resident).items() if key != "volledigeNaam"}
    return {"burgerservicenummer": resident.bsn, "naam": name, "geboorte": _birth(resident)}


def person(resident: Resident) -> dict[str, Any]:
    """Return everything the register holds about a resident, in the shape of schema ``Persoon``."""
    whole: dict[str, Any] = {
        "burgerservicenummer": resident.bsn,
        "geslacht": {"code": resident.geslacht, "omschrijving": _GESLACHT[resident.geslacht]},
        "leeftijd": _age(resident),
        "naam": {
            **_name(resident),
            "aanduidingNaamgebruik": {"code": resident.naamgebruik, "omschrijving": _NAAMGEBRUIK[resident.naamgebruik].replace("/", " of ")},
        },
        "nationaliteiten": [_nationality(resident)],
        "geboorte": _birth(resident),
        "verblijfplaats": _residence(resident),
        "adressering": None if resident.overleden else _addressing(resident),
        "partners": _partner(resident),
        "kinderen": [_relative(child) for child in people.children_of(resident.key)],
        "ouders": [
            {
                **_relative(parent),
                "ouderAanduiding": str(number),
                "geslacht": {"code": parent.geslacht, "omschrijving": _GESLACHT[parent.geslacht]},
                "datumIngangFamilierechtelijkeBetrekking": _date(resident.geboren),
            }
            for number, parent in enumerate(map(people.resident, resident.ouders), start=1)
        ],
    }  # fmt: skip
    if isinstance(resident.adres, Address) or resident.overleden:
        whole["gemeenteVanInschrijving"] = _code(people.OEVERVEEN)
    if resident.geheim:
        whole["geheimhoudingPersoonsgegevens"] = True
    if resident.overleden:
        whole["overlijden"] = {
            "datum": _date(resident.overleden),
            "land": _code(people.NEDERLAND),
            "plaats": _code(people.OEVERVEEN),
        }
        whole["opschortingBijhouding"] = {
            "reden": {"code": "O", "omschrijving": "overlijden"}, "datum": _date(resident.overleden),
        }  # fmt: skip
    elif isinstance(resident.adres, ForeignAddress):
        whole["opschortingBijhouding"] = {
            "reden": {"code": "E", "omschrijving": "emigratie"},
            "datum": _date("2019-11-01"),
        }
    return {key: value for key, value in whole.items() if value not in (None, [])}


def _is_known(path: str, tree: Mapping[str, Any]) -> bool:
    for part in path.split("."):
        if part not in tree:
            return False
        tree = tree[part]
    return True


def _pick(value: Any, paths: Iterable[tuple[str, ...]]) -> Any:
    """Return only the asked parts. A date or a union comes with its ``type``; a date is given whole."""
    paths = list(paths)
    if () in paths:
        return value
    if isinstance(value, list):
        return [_pick(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    if "langFormaat" in value:
        return value
    chosen: dict[str, Any] = {"type": value["type"]} if "type" in value else {}
    for head in dict.fromkeys(path[0] for path in paths):
        if head in value:
            part = _pick(value[head], [path[1:] for path in paths if path[0] == head])
            if part not in ({}, []):
                chosen[head] = part
    return chosen


def select(whole: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the asked fields of a person, and what the standard always adds (secrecy, suspended record)."""
    chosen = _pick(whole, [tuple(path.split(".")) for path in fields])
    return {**chosen, **{key: whole[key] for key in _BY_ITSELF if key in whole}}


def _fault(name: str, code: str, reason: str) -> dict[str, str]:
    return {"name": name, "code": code, "reason": reason}


def _check_fields(fields: object, tree: Mapping[str, Any]) -> list[dict[str, str]]:
    if fields is None:
        return [_fault("fields", "required", "Parameter is verplicht.")]
    if not isinstance(fields, list):
        return [_fault("fields", "array", "Parameter is geen array.")]
    if not fields:
        return [_fault("fields", "minItems", "Array bevat minder dan 1 items.")]
    if len(fields) > 130:
        return [_fault("fields", "maxItems", "Array bevat meer dan 130 items.")]
    return [
        _fault(f"fields.{number}.", "fields", "Parameter bevat een niet bestaande veldnaam.")
        for number, path in enumerate(fields)
        if not isinstance(path, str) or not _is_known(path, tree)
    ]


def _read(body: dict[str, Any], faults: list[dict[str, str]]) -> list[Resident]:
    numbers = body.get("burgerservicenummer")
    if numbers is None:
        faults.append(_fault("burgerservicenummer", "required", "Parameter is verplicht."))
    elif not isinstance(numbers, list):
        faults.append(_fault("burgerservicenummer", "array", "Parameter is geen array."))
    elif not 1 <= len(numbers) <= 20:
        faults.append(
            _fault(
                "burgerservicenummer",
                "minItems" if not numbers else "maxItems",
                "Array bevat te weinig of te veel items.",
            )
        )
    else:
        faults += [
            _fault(f"burgerservicenummer.{at}", "pattern", "Waarde voldoet niet aan patroon 0-9 9 keer.")
            for at, number in enumerate(numbers)
            if not isinstance(number, str) or not re.fullmatch(r"[0-9]{9}", number)
        ]
    if faults:
        return []
    found = (people.resident_by_bsn(number) for number in dict.fromkeys(numbers or ()))
    return [resident for resident in found if resident is not None]


def _search(body: dict[str, Any], faults: list[dict[str, str]]) -> list[Resident]:
    surname, born = body.get("geslachtsnaam"), body.get("geboortedatum")
    if not isinstance(surname, str) or not surname:
        faults.append(_fault("geslachtsnaam", "required", "Parameter is verplicht."))
    elif not re.fullmatch(r"[a-zA-Z0-9À-ž .\-']{1,200}|[a-zA-Z0-9À-ž .\-']{3,199}\*", surname):
        faults.append(_fault("geslachtsnaam", "pattern", "Waarde voldoet niet aan het patroon."))
    try:
        if not isinstance(born, str) or date.fromisoformat(born).isoformat() != born:
            raise ValueError
    except ValueError:
        code = "required" if born is None else "date"
        faults.append(_fault("geboortedatum", code, "Waarde is geen geldige datum."))
    if faults or not isinstance(surname, str):
        return []
    wanted = surname.casefold()
    with_dead = body.get("inclusiefOverledenPersonen") is True
    return [
        resident
        for resident in people.RESIDENTS
        if resident.geboren == born
        and (resident.geslachtsnaam.casefold().startswith(wanted[:-1]) if wanted.endswith("*") else resident.geslachtsnaam.casefold() == wanted)
        and (with_dead or not resident.overleden)
        and (not body.get("voorvoegsel") or resident.voorvoegsel.casefold() == str(body["voorvoegsel"]).casefold())
    ]  # fmt: skip


_QUERIES = {
    "RaadpleegMetBurgerservicenummer": (_read, _FULL),
    "ZoekMetGeslachtsnaamEnGeboortedatum": (_search, _LIMITED),
}


async def personen(request: Request) -> Response:
    """Answer ``POST /brp/personen``."""
    state = state_of(request)
    if (broken := await state.trouble("brp")) is not None:
        return broken
    if not hmac.compare_digest(request.headers.get("x-api-key", "").encode(), state.config.brp_api_key.encode()):
        return problem(401, "Niet correct geauthenticeerd.", "authentication")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return problem(415, "Unsupported Media Type", "unsupported")
    try:
        body = json.loads(await request.body())
        if not isinstance(body, dict):
            raise ValueError
    except ValueError:
        return problem(400, "Opgegeven data is geen geldig JSON.", "json", faults=[])
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in _QUERIES:
        fault = _fault("type", "required" if kind is None else "value", "Waarde is geen geldig zoek type.")
        return problem(400, "Een of meerdere parameters zijn niet correct.", "paramsValidation", faults=[fault])
    query, tree = _QUERIES[kind]
    faults = _check_fields(body.get("fields"), tree)
    found = query(body, faults)
    if faults:
        return problem(400, "Een of meerdere parameters zijn niet correct.", "paramsValidation", faults=faults)
    state.asked.append({"source": "brp", "type": kind, "purpose": request.headers.get("x-verwerking", "")})
    fields = list(body["fields"])
    wholes = (person(resident) for resident in found)
    if tree is _LIMITED:
        wholes = (
            {**whole, "geboorte": {"datum": whole["geboorte"]["datum"]}, "adressering": _only_lines(whole)}
            for whole in wholes
        )
    return JSONResponse({"type": kind, "personen": [select(whole, fields) for whole in wholes]})


def _only_lines(whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.get("adressering", {}).items() if key in _LINES}


ROUTES = [Route("/brp/personen", personen, methods=["POST"])]
