"""Input validation: the candidates on the same bodies, in one run. Prints microseconds per body and ratios.

    python bench/input_validation.py

The candidates: (1) pydantic 2 reading the bytes itself; (2) pydantic 2 behind our strict reader; (3) msgspec with a typed
record; (4) msgspec reading, our walker checking; (5) our strict reader and our walker. What each lets through is printed
too: speed decides only between those that do what the standard asks. docs/decisions/0002-input-validation.md draws the line.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")

import msgspec
import pydantic
from pydantic.alias_generators import to_camel

from stadhuis.kit.api.errors import Invalid
from stadhuis.kit.api.reader import MalformedBody, read_json
from stadhuis.kit.api.shapes import passes_eleven_test
from stadhuis.zaken.shapes import ZaakBody


def _clean(value: str) -> str:
    if "\x00" in value:
        raise ValueError("null_characters_not_allowed")
    return value


def _eleven(value: str) -> str:
    if value and not (len(value) == 9 and value.isdigit() and passes_eleven_test(value)):
        raise ValueError("invalid")
    return value


def _text(length: int) -> Any:
    return Annotated[str, pydantic.Field(max_length=length, strict=True), pydantic.AfterValidator(_clean)]


Rsin = Annotated[str, pydantic.AfterValidator(_eleven)]
Url = Annotated[str, pydantic.Field(max_length=1000, pattern=r"^(https?://\S+|)$")]
Level = Literal[
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
]


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(alias_generator=to_camel, extra="ignore")


class PVerlenging(Model):
    reden: _text(200)  # type: ignore[valid-type]
    duur: Annotated[str, pydantic.Field(pattern=r"^P.+$")]


class POpschorting(Model):
    indicatie: pydantic.StrictBool
    reden: _text(200)  # type: ignore[valid-type]


class PRelevant(Model):
    url: Url
    aard_relatie: Literal["vervolg", "onderwerp", "bijdrage"]


class PKenmerk(Model):
    kenmerk: _text(40)  # type: ignore[valid-type]
    bron: _text(40)  # type: ignore[valid-type]


class PZaak(Model):
    identificatie: _text(40) = ""  # type: ignore[valid-type]
    bronorganisatie: Rsin
    omschrijving: _text(80) = ""  # type: ignore[valid-type]
    toelichting: _text(1000) = ""  # type: ignore[valid-type]
    zaaktype: Url
    registratiedatum: date | None = None
    verantwoordelijke_organisatie: Rsin
    startdatum: date
    einddatum_gepland: date | None = None
    uiterlijke_einddatum_afdoening: date | None = None
    publicatiedatum: date | None = None
    communicatiekanaal: Url = ""
    producten_of_diensten: list[Url] = []
    vertrouwelijkheidaanduiding: Level | None = None
    betalingsindicatie: Literal["nvt", "nog_niet", "gedeeltelijk", "geheel", ""] = ""
    laatste_betaaldatum: datetime | None = None
    zaakgeometrie: dict[str, Any] | None = None
    verlenging: PVerlenging | None = None
    opschorting: POpschorting | None = None
    selectielijstklasse: Url = ""
    hoofdzaak: Url | None = None
    relevante_andere_zaken: list[PRelevant] = []
    kenmerken: list[PKenmerk] = []
    archiefnominatie: Literal["blijvend_bewaren", "vernietigen", ""] | None = None
    archiefstatus: Literal[
        "nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen"
    ] = "nog_te_archiveren"
    archiefactiedatum: date | None = None
    opdrachtgevende_organisatie: Rsin = ""
    processobjectaard: _text(200) | None = None  # type: ignore[valid-type]


class MVerlenging(msgspec.Struct, rename="camel"):
    reden: Annotated[str, msgspec.Meta(max_length=200)]
    duur: str


class MOpschorting(msgspec.Struct, rename="camel"):
    indicatie: bool
    reden: Annotated[str, msgspec.Meta(max_length=200)]


class MRelevant(msgspec.Struct, rename="camel"):
    url: str
    aard_relatie: Literal["vervolg", "onderwerp", "bijdrage"]


class MKenmerk(msgspec.Struct, rename="camel"):
    kenmerk: Annotated[str, msgspec.Meta(max_length=40)]
    bron: Annotated[str, msgspec.Meta(max_length=40)]


class MZaak(msgspec.Struct, rename="camel", kw_only=True):
    identificatie: Annotated[str, msgspec.Meta(max_length=40)] = ""
    bronorganisatie: Annotated[str, msgspec.Meta(pattern=r"^\d{9}$")]
    omschrijving: Annotated[str, msgspec.Meta(max_length=80)] = ""
    toelichting: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    zaaktype: Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^https?://\S+$")]
    registratiedatum: date | None = None
    verantwoordelijke_organisatie: Annotated[str, msgspec.Meta(pattern=r"^\d{9}$")]
    startdatum: date
    einddatum_gepland: date | None = None
    uiterlijke_einddatum_afdoening: date | None = None
    publicatiedatum: date | None = None
    communicatiekanaal: str = ""
    producten_of_diensten: list[str] = []
    vertrouwelijkheidaanduiding: Level | None = None
    betalingsindicatie: Literal["nvt", "nog_niet", "gedeeltelijk", "geheel", ""] = ""
    laatste_betaaldatum: datetime | None = None
    zaakgeometrie: dict[str, Any] | None = None
    verlenging: MVerlenging | None = None
    opschorting: MOpschorting | None = None
    selectielijstklasse: str = ""
    hoofdzaak: str | None = None
    relevante_andere_zaken: list[MRelevant] = []
    kenmerken: list[MKenmerk] = []
    archiefnominatie: Literal["blijvend_bewaren", "vernietigen", ""] | None = None
    archiefstatus: Literal[
        "nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen"
    ] = "nog_te_archiveren"
    archiefactiedatum: date | None = None
    opdrachtgevende_organisatie: str = ""
    processobjectaard: Annotated[str, msgspec.Meta(max_length=200)] | None = None


_URL = "http://localhost:8000/catalogi/api/v1/zaaktypen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"
VALID = {
    "identificatie": "OEV-2026-0000123", "bronorganisatie": "807287684", "omschrijving": "Aanvraag", "toelichting": "é" * 200,
    "zaaktype": _URL, "registratiedatum": "2026-03-02", "verantwoordelijkeOrganisatie": "807287684", "startdatum": "2026-03-02",
    "einddatumGepland": "2026-05-02", "uiterlijkeEinddatumAfdoening": None, "communicatiekanaal": "",
    "vertrouwelijkheidaanduiding": "zaakvertrouwelijk", "betalingsindicatie": "nog_niet",
    "laatsteBetaaldatum": "2026-03-02T10:00:00+01:00", "zaakgeometrie": {"type": "Point", "coordinates": [5.1, 52.1]},
    "verlenging": {"reden": "drukte", "duur": "P14D"}, "opschorting": {"indicatie": False, "reden": "geen"},
    "relevanteAndereZaken": [{"url": _URL, "aardRelatie": "vervolg"}],
    "kenmerken": [{"kenmerk": "k1", "bron": "b1"}, {"kenmerk": "k2", "bron": "b2"}], "archiefnominatie": None,
    "onbekend": {"wordt": ["genegeerd"]},
}  # fmt: skip
FAULTY = {
    "identificatie": "x" * 41, "bronorganisatie": "12345678a", "omschrijving": 7, "toelichting": None, "zaaktype": "geen url",
    "verantwoordelijkeOrganisatie": "", "startdatum": "2026-02-30", "productenOfDiensten": "geen lijst",
    "vertrouwelijkheidaanduiding": "zeer", "betalingsindicatie": "ooit", "laatsteBetaaldatum": "gisteren",
    "verlenging": {}, "opschorting": {"indicatie": "ja"}, "relevanteAndereZaken": [{"url": 1}, 2], "kenmerken": [{}],
    "archiefstatus": None,
}  # fmt: skip
_HEAD = json.dumps(VALID, ensure_ascii=False)[1:].encode()
HOSTILE: dict[str, bytes] = {
    "double key": b'{"omschrijving": "een", "omschrijving": "twee", ' + _HEAD,
    "NUL in text": b'{' + _HEAD.replace(b"Aanvraag", rb"Aan\u0000vraag"),
    "lone surrogate": b'{' + _HEAD.replace(b"Aanvraag", rb"Aan\ud800vraag"),
    "NUL in geometry": b'{' + _HEAD.replace(b'"coordinates"', rb'"x\u0000": 1, "coordinates"'),
    "100,000 levels": b'{"zaakgeometrie": ' + b"[" * 100_000 + b"]" * 100_000 + b", " + _HEAD,
    "number of 10,000 digits": b'{"zaakgeometrie": ' + b"9" * 10_000 + b", " + _HEAD,
    "infinite number": b'{' + _HEAD.replace(b"5.1", b"1e999"),
    "NaN": b'{' + _HEAD.replace(b"5.1", b"NaN"),
    "invalid UTF-8": b'{' + _HEAD.replace(b"Aanvraag", b"Aan\xff"),
    "number for text": b'{' + _HEAD.replace(b'"Aanvraag"', b"12"),
}  # fmt: skip

_TYPED = msgspec.json.Decoder(MZaak)
_RAW = msgspec.json.Decoder()
CANDIDATES: dict[str, Callable[[bytes], Any]] = {
    "1 pydantic": PZaak.model_validate_json,
    "2 reader + pydantic": lambda body: PZaak.model_validate(read_json(body)),
    "3 msgspec typed": _TYPED.decode,
    "4 msgspec + walker": lambda body: ZaakBody.check(_RAW.decode(body)),
    "5 reader + walker": lambda body: ZaakBody.check(read_json(body)),
}


def outcome(check: Callable[[bytes], Any], body: bytes) -> str:
    """Return in a few words what a candidate says of a body."""
    try:
        check(body)
    except Invalid as error:
        return f"{len(error.faults)} faults" if len(error.faults) > 1 else f"refused ({error.faults[0].code})"
    except pydantic.ValidationError as error:
        return f"{error.error_count()} faults" if error.error_count() > 1 else f"refused ({error.errors()[0]['type']})"
    except (msgspec.DecodeError, MalformedBody) as error:
        return f"refused ({type(error).__name__})"
    except Exception as error:  # noqa: BLE001  (this is what the comparison is about)
        return f"BREAKS ({type(error).__name__})"
    return "accepted"


def microseconds(body: bytes) -> dict[str, float]:
    """Return the CPU time per candidate: taken in turns, best of seven, so that a busy machine does not choose."""
    best = dict.fromkeys(CANDIDATES, float("inf"))
    for _ in range(7):
        for candidate, check in CANDIDATES.items():
            started, rounds = time.thread_time(), 500
            for _ in range(rounds):
                with contextlib.suppress(Exception):  # a refusal is work too
                    check(body)
            best[candidate] = min(best[candidate], (time.thread_time() - started) / rounds * 1e6)
    return best


def main() -> None:
    """Print the two tables."""
    bodies = {"valid": json.dumps(VALID, ensure_ascii=False).encode(), "16 wrong fields": json.dumps(FAULTY).encode()}
    print(
        f"Python {sys.version.split()[0]}, pydantic {pydantic.VERSION}, msgspec {msgspec.__version__}; microseconds per body"
    )
    print(f"{'':24}" + "".join(f"{name:>18}{'ratio':>8}" for name in bodies) + f"{'faults found':>32}")
    took = {name: microseconds(body) for name, body in bodies.items()}
    for candidate, check in CANDIDATES.items():
        line = f"{candidate:24}"
        for name in bodies:
            line += f"{took[name][candidate]:18.1f}{took[name][candidate] / took[name]['1 pydantic']:8.2f}"
        print(line + f"{outcome(check, bodies['16 wrong fields']):>32}")
    print()
    width = 34
    print(f"{'':26}" + "".join(f"{candidate:{width}}" for candidate in CANDIDATES))
    for name, body in HOSTILE.items():
        print(f"{name:26}" + "".join(f"{outcome(check, body):{width}}" for check in CANDIDATES.values()))


if __name__ == "__main__":
    main()
