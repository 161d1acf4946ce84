"""The clients of BRP and KVK: one call each, a time-out over the whole of it, and typed records out.

A BSN goes only in a body. Nothing here logs, and ``kit.outside`` keeps the libraries below it from logging headers and addresses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError

from stadhuis.kit import outside
from stadhuis.personen.errors import NotFound, SourceUnavailable
from stadhuis.personen.records import Bedrijf, GevondenPersoon, Health, Persoon
from stadhuis.personen.shapes import Basisprofiel, BrpAntwoord, Eigenaren

M = TypeVar("M", bound=BaseModel)
MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024
PURPOSE_HEADER: Final = "X-Verwerking"
"""The processing activity for which is asked; Dutch BRP gateways know this header and log it."""
HEALTH_PURPOSE: Final = "bewaking-van-koppelingen"

# Only what a page or a rule uses: data minimisation (AVG art. 5 lid 1 onder c).
PERSON_FIELDS: Final = (
    "burgerservicenummer", "naam", "geboorte.datum", "geslacht", "verblijfplaats", "nationaliteiten", "gemeenteVanInschrijving",
    "adressering.aanhef", "adressering.aanschrijfwijze", "overlijden.datum",
    "partners.burgerservicenummer", "partners.naam", "partners.geboorte.datum", "partners.soortVerbintenis",
    "partners.aangaanHuwelijkPartnerschap.datum", "partners.ontbindingHuwelijkPartnerschap.datum",
    "kinderen.burgerservicenummer", "kinderen.naam", "kinderen.geboorte.datum",
    "ouders.burgerservicenummer", "ouders.naam", "ouders.geboorte.datum",
)  # fmt: skip
SEARCH_FIELDS: Final = (
    "burgerservicenummer", "naam", "geboorte.datum", "geslacht",
    "adressering.adresregel1", "adressering.adresregel2", "adressering.adresregel3",
)  # fmt: skip


class _Source:
    """One outside system: how a call is made and how its failures are named."""

    name = ""
    key_header = ""

    def __init__(self, url: str, api_key: str, *, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._source = outside.Source(
            self.name, base_url=url, headers={self.key_header: api_key}, max_bytes=MAX_ANSWER_BYTES
        )

    def _call(
        self,
        method: str,
        path: str,
        *,
        purpose: str,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body; the time-out counts for the whole answer, not per piece."""
        try:
            answer = self._source.call(
                method,
                path,
                headers={PURPOSE_HEADER: purpose},
                timeout_seconds=self._timeout_seconds,
                json=body,
                params=params,
            )
        except outside.TooSlow:
            raise SourceUnavailable(self.name, "slow") from None
        except (outside.TooLarge, outside.Garbled):
            raise SourceUnavailable(self.name, "nonsense") from None
        except outside.OutsideError:
            raise SourceUnavailable(self.name, "unreachable") from None
        return answer.status, answer.body

    def _read(self, shape: type[M], status: int, content: bytes) -> M:
        """Return the answer in its shape, or say what is wrong with it."""
        if status in (400, 401, 403, 406, 415):
            raise SourceUnavailable(self.name, "refused")
        if status != 200:
            raise SourceUnavailable(self.name, "broken")
        try:
            data: Any = json.loads(content)
            return shape.model_validate(data)
        except (ValueError, ValidationError, RecursionError):
            raise SourceUnavailable(self.name, "nonsense") from None

    def _health(self, status: int, *, well: frozenset[int]) -> Health:
        if status in well:
            return Health(self.name, True, f"{self.name} answers.")
        if status in (401, 403):
            return Health(self.name, False, f"{self.name} refuses our key.")
        return Health(self.name, False, f"{self.name} answers with status {status}.")


class BrpClient(_Source):
    """The national API 'BRP API Personen' 2.7.0 (Haal Centraal), or the simulator."""

    name = "BRP"
    key_header = "X-API-KEY"

    def persoon(self, bsn: str, *, purpose: str) -> Persoon:
        """Return one person, also when he has died; NotFound when the BRP does not know the number."""
        body = {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": [bsn], "fields": PERSON_FIELDS}
        found = self._ask(body, purpose).personen
        if not found:
            raise NotFound("BRP: no such person")
        if found[0].burgerservicenummer != bsn:
            raise SourceUnavailable(self.name, "nonsense")
        return found[0].record()

    def zoek(
        self, geslachtsnaam: str, geboortedatum: date, *, voorvoegsel: str, purpose: str
    ) -> tuple[GevondenPersoon, ...]:
        """Return the living people with this surname (``Jans*`` from three letters on) and date of birth."""
        body: dict[str, object] = {
            "type": "ZoekMetGeslachtsnaamEnGeboortedatum",
            "geslachtsnaam": geslachtsnaam,
            "geboortedatum": geboortedatum.isoformat(),
            "fields": SEARCH_FIELDS,
        }
        if voorvoegsel:
            body["voorvoegsel"] = voorvoegsel
        return tuple(one.found() for one in self._ask(body, purpose).personen)

    def _ask(self, body: Mapping[str, object], purpose: str) -> BrpAntwoord:
        status, content = self._call("POST", "personen", purpose=purpose, body=body)
        answer = self._read(BrpAntwoord, status, content)
        if answer.type != body["type"]:
            raise SourceUnavailable(self.name, "nonsense")
        return answer

    def health(self) -> Health:
        """Ask a question without a person in it: a BRP that is well finds it incomplete (400)."""
        try:
            status, _ = self._call("POST", "personen", purpose=HEALTH_PURPOSE, body={})
        except SourceUnavailable as error:
            return Health(self.name, False, f"BRP does not answer ({error.reason}).")
        return self._health(status, well=frozenset({400}))


class KvkClient(_Source):
    """The APIs of the KVK (Basisprofiel), and the practice call that names the companies of a person."""

    name = "KVK"
    key_header = "apikey"

    def bedrijf(self, kvk_nummer: str, *, purpose: str) -> Bedrijf:
        """Return one company; NotFound when the register does not know the number."""
        status, content = self._call("GET", f"api/v1/basisprofielen/{kvk_nummer}", purpose=purpose)
        if status == 404:
            raise NotFound("KVK: no such company")
        profile = self._read(Basisprofiel, status, content)
        if profile.kvk_nummer != kvk_nummer:
            raise SourceUnavailable(self.name, "nonsense")
        return profile.record()

    def kvk_nummers_van(self, bsn: str, *, purpose: str) -> tuple[str, ...]:
        """Return the numbers of the companies this person owns."""
        status, content = self._call("POST", "practice/eigenaren", purpose=purpose, body={"burgerservicenummer": bsn})
        return self._read(Eigenaren, status, content).kvk_nummers

    def health(self) -> Health:
        """Ask for a number that does not exist: a KVK that is well does not find it (404)."""
        try:
            status, _ = self._call("GET", "api/v2/zoeken", purpose=HEALTH_PURPOSE, params={"kvkNummer": "00000000"})
        except SourceUnavailable as error:
            return Health(self.name, False, f"KVK does not answer ({error.reason}).")
        return self._health(status, well=frozenset({200, 404}))


# One client per address and key, kept for its open connections, which all threads share.
@lru_cache(maxsize=4)
def _brp(url: str, api_key: str, timeout_seconds: float) -> BrpClient:
    return BrpClient(url, api_key, timeout_seconds=timeout_seconds)


@lru_cache(maxsize=4)
def _kvk(url: str, api_key: str, timeout_seconds: float) -> KvkClient:
    return KvkClient(url, api_key, timeout_seconds=timeout_seconds)


def brp() -> BrpClient:
    """Return the client of the BRP that the settings name."""
    return _brp(settings.BRP_URL, settings.BRP_API_KEY, settings.OUTSIDE_TIMEOUT_SECONDS)


def kvk() -> KvkClient:
    """Return the client of the KVK that the settings name."""
    return _kvk(settings.KVK_URL, settings.KVK_API_KEY, settings.OUTSIDE_TIMEOUT_SECONDS)
