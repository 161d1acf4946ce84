"""The front door of the demo room, for the command line: fill the town, say how to get in."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from stadhuis.demo.seeding import foundation, plan
from stadhuis.demo.seeding.play import Town
from stadhuis.demo.town import people, staff
from stadhuis.kit import files, memory
from stadhuis.kit.time import now
from stadhuis.notificaties import public as notificaties


def seed(*, tell: Callable[[str], object]) -> None:
    """Fill an empty town hall with the demo town; where it stands already, only catalogue, forms and roles are refreshed.

    Everything in one transaction: a seeding that was broken off has done nothing.
    """
    started = time.monotonic()
    if foundation.is_seeded():
        with transaction.atomic():
            foundation.lay()
        tell("the demo town stands already: nothing was added")
        return
    files.remove_unknown()  # bytes of a seeding that was broken off: their rows went with its transaction
    plans = plan.plans(now())
    with (
        transaction.atomic(),
        _without_savepoints(),
        _without_collecting(),
        notificaties.silence(),
        memory.remembering(),
    ):
        foundation.lay()
        foundation.hire()
        Town(plans).play()
        foundation.bar_somebody()
    running = sum(not one.is_closed for one in plans)
    tell(
        f"{running} running and {len(plans) - running} closed cases, {len(staff.STAFF)} members of staff, "
        f"{len(people.RESIDENTS)} residents, {len(people.COMPANIES)} companies in {time.monotonic() - started:.0f} seconds"
    )


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Leave out the savepoints of deeds within this transaction: nearly half of all statements.

    Any error then undoes the whole seeding, which is what is wanted.
    """
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the search for circular garbage out: a short run that makes hundreds of thousands of objects."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def logins() -> str:
    """Return how to get in, for people who just started the demo; empty when the town was not seeded."""
    if not foundation.is_seeded():
        return ""
    here = settings.PUBLIC_URL
    main = people.resident(people.MAIN_APPLICANT)
    lines = [
        f"  As a resident: {here}/ with DigiD, choose {main.naam} (she applies for Tozo).",
        f"  As staff: {here}/werkplek/ with password {staff.PASSWORD}; the code of the moment stands on {here}/demo/",
        *(f"    {one.username:<20}{one.functie}" for one in staff.STAFF),
        f"  As software (client id {foundation.CLIENT_ID}; the token is valid for an hour, {here}/demo/ shows a new one):",
        f"    curl -H 'Authorization: Bearer {foundation.token()}' -H 'Accept-Crs: EPSG:4326' {here}/zaken/api/v1/zaken",
    ]
    return "\n".join(lines) + "\n"
