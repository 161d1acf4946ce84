"""What an administrator does with units: the deeds of ``register`` with a line in the trail."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from stadhuis.kit.time import today
from stadhuis.people.actions import register
from stadhuis.people.actor import Actor
from stadhuis.people.errors import NotKnown, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, AccountChanged
from stadhuis.people.models import Unit, UnitPeriod


def _check_day(day: date) -> None:
    if not register.FIRST_DAY <= day <= today() + timedelta(days=3660):
        raise WrongInput("dag", "far")


def _tell(deed: str, unit: Unit, by: Actor, before: dict[str, object], after: dict[str, object]) -> None:
    ACCOUNT_CHANGED.announce(AccountChanged(deed, unit.uuid, by, before=before, after=after, kind="unit"))


def _now(unit_id: int) -> dict[str, object]:
    row = UnitPeriod.objects.select_related("parent").filter(unit_id=unit_id, valid_to__isnull=True).first()
    return {"naam": row.naam, "onder": row.parent.code if row.parent else None} if row else {}


@transaction.atomic
def add_unit(code: str, naam: str, parent: int | None, *, valid_from: date, by: Actor) -> int:
    """Add a unit from a day on; returns the id. Raises ``WrongInput``."""
    _check_day(valid_from)
    if Unit.objects.filter(code=code).exists():
        raise WrongInput("code", "taken")
    register.check_parent(0, parent, on=valid_from)
    return register.create_unit(code, naam, parent, valid_from=valid_from, by=by)


@transaction.atomic
def rename_unit(unit_id: int, *, naam: str, parent: int | None, valid_from: date, by: Actor) -> None:
    """Rename or move a unit from a day on. Raises ``WrongInput`` and ``NotKnown``."""
    _check_day(valid_from)
    before = _now(unit_id)
    register.change_unit(unit_id, naam=naam, parent=parent, valid_from=valid_from)
    after = {**_now(unit_id), "vanaf": valid_from}
    _tell("onderdeel gewijzigd", Unit.objects.get(pk=unit_id), by, before, after)


@transaction.atomic
def merge_units(unit_id: int, into_id: int, *, on: date, by: Actor) -> None:
    """Let a unit go up in another one from a day on. Raises ``WrongInput`` and ``NotKnown``."""
    _check_day(on)
    into = Unit.objects.filter(pk=into_id).first()
    if into is None:
        raise NotKnown("no such unit")
    before = _now(unit_id)
    register.merge_unit(unit_id, into_id, on=on)
    after: dict[str, object] = {"opgegaan in": into.code, "vanaf": on}
    _tell("onderdeel samengevoegd", Unit.objects.get(pk=unit_id), by, before, after)
