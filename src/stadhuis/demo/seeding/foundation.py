"""What stands before the first zaak: units, staff, roles, catalogue, forms, routes, and an application for the APIs."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.catalogi import public as catalogi
from stadhuis.demo.town import catalogue, staff
from stadhuis.demo.town import people as residents
from stadhuis.forms import public as forms
from stadhuis.kit.time import AMSTERDAM, clock_set_to, now, today
from stadhuis.people import public as people

CLIENT_ID = "oeverveen-demo"
OPENED = datetime(2020, 1, 2, 9, tzinfo=AMSTERDAM)
"""When everybody of the staff began."""


def is_seeded() -> bool:
    """Return whether the town stands already: the staff come in the same transaction as everything else."""
    return people.medewerker_by_username(staff.CLERK) is not None


def lay() -> None:
    """Bring catalogue, forms, units, roles and routes up to date; safe to run again."""
    catalogi.build(catalogue.catalogue())
    forms.publish_shipped()
    units: dict[str, int] = {}
    for code, naam, parent in catalogue.UNITS:
        units[code] = people.create_unit(code, naam, units.get(parent or ""))
    for kind in catalogue.KINDS:
        casework.set_route(f"{catalogue.DOMEIN}:{kind.identificatie}", units[kind.unit])
    with clock_set_to(OPENED):
        for role in staff.ROLES:
            unit_id = units[role.unit] if role.unit else None
            grants = [access.GrantData(*grant, unit_id=unit_id) for grant in role.grants()]
            access.create_role(role.code, role.naam, grants)


def hire() -> None:
    """Add the staff with their roles, and the application for the APIs."""
    with clock_set_to(OPENED):
        for one in staff.STAFF:
            unit = people.unit_by_code(one.unit)
            if unit is None:
                raise LookupError(one.unit)
            medewerker_id = people.create_medewerker(
                one.username, one.naam, one.email, unit.id, one.functie, staff.PASSWORD, one.totp_secret
            )
            for role in one.roles:
                access.give_role(medewerker_id, role, unit.id)
    let_others_in()
    if access.applicatie_for(CLIENT_ID) is None:
        access.create_applicatie("Demo", [CLIENT_ID], client_secret(), heeft_alle_autorisaties=True)


def let_others_in() -> None:
    """Add a guest with a sponsor, an absence with a replacement, and what groups at the log-in provider give."""
    who = {one.username: one for one in people.medewerkers()}
    sponsor, guest = who[staff.GUEST.sponsor], staff.GUEST
    unit = people.unit_by_code(guest.unit)
    if unit is None:
        raise LookupError(guest.unit)
    people.create_medewerker(
        guest.username, guest.naam, guest.email, unit.id, guest.functie, staff.PASSWORD, guest.totp_secret,
        sponsor_id=sponsor.id, purpose=guest.purpose, leaving_date=today() + timedelta(days=guest.days),
    )  # fmt: skip
    for role in guest.roles:
        access.give_role(people_id(guest.username), role, unit.id)
    absent, replacement = who[staff.ABSENT], who[staff.REPLACEMENT]
    people.add_absence(
        absent.id, today(), today() + timedelta(days=14), replacement_id=replacement.id, by=absent.actor()
    )
    for role in ("meelezen", "starter"):
        people.map_group(f"sg-{role}", role, unit.id, by=people.SYSTEM)


def bar_somebody() -> None:
    """Let the town bar one resident: only who has the role for it sees that he has cases."""
    access.bar_person(
        people.person_for_bsn(residents.resident(residents.BARRED).bsn), reason="Bedreigd, op verzoek van de politie",
        ends_on=None, by=people.medewerker(people_id(staff.ADMINISTRATOR)).actor(),
    )  # fmt: skip


def people_id(username: str) -> int:
    """Return the id of somebody of the staff."""
    found = people.medewerker_by_username(username)
    if found is None:
        raise LookupError(username)
    return found.id


def _secret_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-api-secret.json"


def client_secret() -> str:
    """Return the secret of the application, made once and kept where only its owner reads it."""
    place = _secret_file()
    if place.exists():
        return str(json.loads(place.read_text(encoding="utf-8"))["secret"])
    secret = secrets.token_urlsafe(32)
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"client_id": CLIENT_ID, "secret": secret}, file)
    return secret


def token() -> str:
    """Return a token for the APIs that is valid for an hour."""
    from joserfc import jwt
    from joserfc.jwk import OctKey

    claims = {
        "iss": CLIENT_ID,
        "iat": int(now().timestamp()),
        "client_id": CLIENT_ID,
        "user_id": "demo",
        "user_representation": "Demo",
    }
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(client_secret()))
