"""Lay the town of the browser tests: catalogue, form, a unit and seven members of staff. A process of its own."""

from __future__ import annotations

from datetime import date

from stadhuis.kit.starting import start_django

PASSWORD = "een-lang-wachtwoord-1"
"""Of every member of staff here."""


def lay() -> None:
    """Make the town of the tests of casework, with people who have names and may open documents."""
    from stadhuis.access import public as access
    from stadhuis.casework.tests.givens import given_town
    from stadhuis.people import public as people
    from stadhuis.people.public import SYSTEM

    given_town()
    unit = people.unit_by_code("team")
    if unit is None:
        raise LookupError("team")
    everyone = ("zaak.lezen", "document.lezen", "besluit.lezen", "audittrail.lezen")
    for username, naam, functie, actions in (
        ("marit", "Marit Postma", "Behandelaar inkomen", ("zaak.behandelen", "zaak.verdelen")),
        ("joris", "Joris van Laar", "Beslisser inkomen", ("zaak.besluiten",)),
        ("femke", "Femke Altena", "Behandelaar inkomen", ("zaak.behandelen",)),
        ("ines", "Ines Bakx", "Beslisser inkomen", ("zaak.besluiten",)),
        ("ruben", "Ruben Dijkman", "Baliemedewerker", ()),
        ("loes", "Loes Wiarda", "Medewerker die haar wachtwoord vergeet", ()),
        ("ada", "Ada Smit", "Functioneel beheerder", ("beheer.mensen",)),
    ):
        medewerker = people.create_medewerker(
            username, naam, f"{username}@oeverveen.example", unit.id, functie, PASSWORD
        )
        access.create_role(username, functie, grants=[access.GrantData(name) for name in (*everyone, *actions)])
        access.give_role(medewerker, username, unit.id, date(2020, 1, 1), by=SYSTEM)


if __name__ == "__main__":
    start_django()
    from django.db import transaction

    with transaction.atomic():
        lay()
