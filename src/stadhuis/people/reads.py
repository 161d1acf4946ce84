"""Questions about people. Each is one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from stadhuis.kit.crypto import decrypt, lookup_hash, lookup_hashes
from stadhuis.kit.time import today
from stadhuis.people.actor import CompanyRecord, MedewerkerRecord, UnitRecord
from stadhuis.people.errors import InvalidBsn, InvalidKvk, NotKnown
from stadhuis.people.models import Company, Person, PersonBsn
from stadhuis.people.rules import is_bsn, is_kvk


def bsn_lookup(bsn: str) -> bytes:
    """Return the hash a BSN is found by. Raises ``InvalidBsn``."""
    if not is_bsn(bsn):
        raise InvalidBsn
    return lookup_hash(bsn, about="bsn")


def find_person(bsn: str) -> int | None:
    """Return the id of the person with this BSN, or None. Raises ``InvalidBsn``."""
    if not is_bsn(bsn):
        raise InvalidBsn
    lookups = lookup_hashes(bsn, about="bsn")
    return PersonBsn.objects.filter(lookup__in=lookups).values_list("person_id", flat=True).first()


def bsn_of(person_id: int) -> str:
    """Return the BSN of a person. Raises ``NotKnown`` when there is none (eIDAS, or no such person)."""
    try:
        return bsns_of([person_id])[person_id]
    except KeyError:
        raise NotKnown(f"no BSN for person {person_id}") from None


def bsns_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the BSNs of many persons at once; who has none is left out."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    if not wanted:
        return {}
    rows = PersonBsn.objects.filter(person_id__in=wanted).values_list("person_id", "cipher", "person__uuid")
    return {person_id: decrypt(bytes(cipher), about=str(uuid)) for person_id, cipher, uuid in rows}


def person_uuid(person_id: int) -> UUID:
    """Return the pseudonym of a person. Raises ``NotKnown``."""
    try:
        return person_uuids([person_id])[person_id]
    except KeyError:
        raise NotKnown(f"no person {person_id}") from None


def person_uuids(person_ids: Iterable[int]) -> dict[int, UUID]:
    """Return the pseudonyms of many persons at once."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "uuid"))


def find_company(kvk_nummer: str) -> int | None:
    """Return the id of the company with this KVK number, or None. Raises ``InvalidKvk``."""
    if not is_kvk(kvk_nummer):
        raise InvalidKvk
    return Company.objects.filter(kvk_nummer=kvk_nummer).values_list("pk", flat=True).first()


def company(company_id: int) -> CompanyRecord:
    """Return a company. Raises ``NotKnown``."""
    row = Company.objects.filter(pk=company_id).first()
    if row is None:
        raise NotKnown(f"no company {company_id}")
    return CompanyRecord(row.pk, row.uuid, row.kvk_nummer, row.rsin, row.naam)


def kvk_of(company_id: int) -> str:
    """Return the KVK number of a company. Raises ``NotKnown``."""
    return company(company_id).kvk_nummer


_MEDEWERKER = """
    SELECT m.id, m.uuid, m.username, m.naam, m.email, m.unit_id, u.code, COALESCE(p.naam, u.code), m.functie,
           (m.leaving_date IS NULL OR m.leaving_date > %(today)s), m.person_id, m.is_guest
      FROM people_medewerker m
      JOIN people_unit u ON u.id = m.unit_id
      LEFT JOIN people_unitperiod p
             ON p.unit_id = u.id AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
"""


def _medewerkers(where: str, **params: Any) -> list[MedewerkerRecord]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_MEDEWERKER} WHERE {where} ORDER BY m.naam, m.id", {"today": today(), **params})
        return [MedewerkerRecord(*row) for row in cursor.fetchall()]


def medewerker(medewerker_id: int) -> MedewerkerRecord:
    """Return a member of staff, whether or not still working here. Raises ``NotKnown``."""
    found = _medewerkers("m.id = %(id)s", id=medewerker_id)
    if not found:
        raise NotKnown(f"no medewerker {medewerker_id}")
    return found[0]


def medewerker_by_username(username: str) -> MedewerkerRecord | None:
    """Return a member of staff by the name they log in with, or None."""
    found = _medewerkers("m.username = %(username)s", username=username.strip().lower())
    return found[0] if found else None


def medewerkers(unit: int | None = None, *, ids: Sequence[int] | None = None) -> list[MedewerkerRecord]:
    """Return who works here today, of one unit or of all, by name; with ``ids`` exactly those, former staff too."""
    if ids is not None:
        return _medewerkers("m.id = ANY(%(ids)s)", ids=list(ids))
    active = "(m.leaving_date IS NULL OR m.leaving_date > %(today)s)"
    if unit is None:
        return _medewerkers(active)
    return _medewerkers(f"{active} AND m.unit_id = %(unit)s", unit=unit)


def units(*, on: date | None = None) -> list[UnitRecord]:
    """Return the organisation as it is on a day (today), by name."""
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.code, p.naam, p.parent_id FROM people_unit u JOIN people_unitperiod p ON p.unit_id = u.id"
            " WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s) ORDER BY p.naam, u.id",
            {"day": day},
        )
        return [UnitRecord(*row) for row in cursor.fetchall()]


def unit_by_code(code: str, *, on: date | None = None) -> UnitRecord | None:
    """Return the unit with this code as it is on a day (today), or None."""
    return next((unit for unit in units(on=on) if unit.code == code), None)


def units_below(unit_id: int, *, on: date | None = None) -> set[int]:
    """Return a unit and everything under it on a day (today)."""
    day = on or today()
    sql = """
        WITH RECURSIVE below AS (
            SELECT %(unit)s::bigint AS id
            UNION
            SELECT p.unit_id FROM people_unitperiod p JOIN below b ON p.parent_id = b.id
             WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        ) SELECT id FROM below
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit_id, "day": day})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {row[0] for row in rows}
