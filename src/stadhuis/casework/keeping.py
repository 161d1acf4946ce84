"""What casework adds to the record of a zaak: which unit owns it, and the text of the letters that were sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from stadhuis.casework.models import Proposal, Route, WorkItem
from stadhuis.kit import database
from stadhuis.people import public as people
from stadhuis.records import public as records


def owners_of(uuids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the code of the unit on whose worklist each zaak lies; one statement."""
    those, value = database.one_or_many(uuids)
    return dict(
        database.rows(
            "SELECT z.uuid, u.code FROM casework_workitem w JOIN zaken_zaak z ON z.id = w.zaak_id"
            f" JOIN people_unit u ON u.id = w.unit_id WHERE z.uuid {those}",
            [value],
        )
    )


def letters_of(uuids: Sequence[UUID]) -> dict[UUID, list[records.Part]]:
    """Return the text of the letters that were sent, without addressee, address and the clause about bezwaar."""
    found: dict[UUID, list[records.Part]] = {}
    those, value = database.one_or_many(uuids)
    sent = database.rows(
        "SELECT z.uuid, p.letter FROM casework_proposal p JOIN zaken_zaak z ON z.id = p.zaak_id"
        f" WHERE z.uuid {those} AND p.state = %s ORDER BY p.id",
        [value, Proposal.State.SENT.value],
    )
    for uuid, letter in sent:
        found.setdefault(uuid, []).extend(records.Part("brief", text, "C") for text in _texts(json.loads(letter)))
    return found


def _texts(letter: Mapping[str, Any]) -> list[str]:
    paragraphs = [
        paragraph for section in letter.get("sections", [])[:-1] for paragraph in section.get("paragraphs", [])
    ]
    return [str(letter.get("subject", "")), *(str(paragraph) for paragraph in paragraphs)]


@records.HANDED_OVER.listener
def hand_over_the_work(fact: records.HandedOver) -> None:
    """Work and routes of a unit that handed its records over go to the other unit, if that is one."""
    units = {unit.code: unit.id for unit in people.units()}
    becomes = units.get(fact.becomes)
    if becomes is None:
        return
    # What lay with no unit belonged to the room of the zaken.
    lay_there = Q(unit__isnull=True) if fact.was == "zaken" else Q(unit__code=fact.was)
    WorkItem.objects.filter(lay_there).update(unit_id=becomes)
    Route.objects.filter(unit__code=fact.was).update(unit_id=becomes)


def register() -> None:
    """Tell records what casework knows of a zaak. What it keeps itself hangs on the zaak and goes with it."""
    records.register_owner("zaak", owners_of)
    records.register_text("zaak", letters_of)
