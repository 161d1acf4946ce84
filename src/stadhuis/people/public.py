"""The front door of people."""

from __future__ import annotations

from stadhuis.people import keys as login_keys
from stadhuis.people.actions.register import (
    change_unit,
    company_for_kvk,
    create_medewerker,
    create_unit,
    end_sessions_of,
    end_unit,
    let_go,
    link_to_person,
    person_for_bsn,
    person_for_means,
    set_password,
)
from stadhuis.people.actor import SYSTEM, Actor, CompanyRecord, MedewerkerRecord, UnitRecord
from stadhuis.people.errors import InvalidBsn, InvalidKvk, NotKnown, PeopleError
from stadhuis.people.guards import actor_of, resident_required, staff_required
from stadhuis.people.reads import (
    bsn_of,
    bsns_of,
    company,
    find_company,
    find_person,
    kvk_of,
    medewerker,
    medewerker_by_username,
    medewerkers,
    person_uuid,
    person_uuids,
    unit_by_code,
    units,
    units_below,
)
from stadhuis.people.representation import basis_name
from stadhuis.people.rules import Level, client_address, is_bsn, is_high_enough, is_kvk, safe_next

__all__ = [
    "SYSTEM",
    "Actor",
    "CompanyRecord",
    "InvalidBsn",
    "InvalidKvk",
    "Level",
    "MedewerkerRecord",
    "NotKnown",
    "PeopleError",
    "UnitRecord",
    "actor_of",
    "basis_name",
    "bsn_of",
    "bsns_of",
    "change_unit",
    "client_address",
    "company",
    "company_for_kvk",
    "create_medewerker",
    "create_unit",
    "end_sessions_of",
    "end_unit",
    "find_company",
    "find_person",
    "is_bsn",
    "is_high_enough",
    "is_kvk",
    "kvk_of",
    "let_go",
    "link_to_person",
    "login_keys",
    "medewerker",
    "medewerker_by_username",
    "medewerkers",
    "person_for_bsn",
    "person_for_means",
    "person_uuid",
    "person_uuids",
    "resident_required",
    "safe_next",
    "set_password",
    "staff_required",
    "unit_by_code",
    "units",
    "units_below",
]
