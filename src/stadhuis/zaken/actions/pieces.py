"""Adding, changing and removing what hangs on a zaak and has no rules of its own beside those of the zaak.

The zaak is locked by the caller (``zaak_for_change``), in the transaction of the deed. Each deed leaves a line in the
trail, and a notification where the channel has the resource.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, models, transaction

from stadhuis.kit.rows import insert
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken.actions.common import plain, tell
from stadhuis.zaken.errors import AlreadyThere
from stadhuis.zaken.models import (
    Klantcontact,
    Resultaat,
    Zaak,
    Zaakbesluit,
    Zaakcontactmoment,
    Zaakeigenschap,
    Zaakinformatieobject,
    Zaaknotitie,
    Zaakobject,
    Zaakverzoek,
)

Piece = (
    Klantcontact
    | Resultaat
    | Zaakbesluit
    | Zaakcontactmoment
    | Zaakeigenschap
    | Zaakinformatieobject
    | Zaaknotitie
    | Zaakobject
    | Zaakverzoek
)
NAMES: Final[dict[type[models.Model], str]] = {
    Klantcontact: "klantcontact",
    Resultaat: "resultaat",
    Zaakbesluit: "zaakbesluit",
    Zaakcontactmoment: "zaakcontactmoment",
    Zaakeigenschap: "zaakeigenschap",
    Zaakinformatieobject: "zaakinformatieobject",
    Zaaknotitie: "zaaknotitie",
    Zaakobject: "zaakobject",
    Zaakverzoek: "zaakverzoek",
}
"""Table -> name of the resource in notifications and trail."""
_UNIQUE: Final = "23505"
_PERSON_OF_RIGHT: Final = ("heeftAlsGerechtigde", "natuurlijkPersoon")


@transaction.atomic
def add_piece(zaak: Zaak, row: Piece, *, by: Actor, reason: str = "") -> UUID:
    """Store a new row of a locked zaak; returns its uuid. Raises ``AlreadyThere`` when it may be there once only."""
    try:
        with transaction.atomic():
            insert(row)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") == _UNIQUE:
            raise AlreadyThere from error
        raise
    tell(zaak, "create", NAMES[type(row)], row.uuid, by=by, after=plain(row), reason=reason)
    return row.uuid


@transaction.atomic
def change_piece(
    zaak: Zaak, row: Piece, columns: dict[str, Any], *, by: Actor, is_partial: bool = True, reason: str = ""
) -> None:
    """Set columns of a row of a locked zaak."""
    before = plain(row)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    actie = "partial_update" if is_partial else "update"
    tell(zaak, actie, NAMES[type(row)], row.uuid, by=by, before=before, after=plain(row), reason=reason)


@transaction.atomic
def remove_piece(zaak: Zaak, row: Piece, *, by: Actor, reason: str = "") -> None:
    """Remove a row of a locked zaak."""
    tell(zaak, "destroy", NAMES[type(row)], row.uuid, by=by, before=plain(row), reason=reason)
    row.delete()


def without_bsn(object_type: str, identificatie: dict[str, Any]) -> tuple[int | None, dict[str, Any]]:
    """Return the person whose BSN is in an object, and the object without it: the number is with people only."""
    kept = deepcopy(identificatie)
    holder: Any = kept
    if object_type == "zakelijk_recht":
        for key in _PERSON_OF_RIGHT:
            holder = holder.get(key) or {}
    elif object_type != "natuurlijk_persoon":
        return None, kept
    bsn = holder.pop("inpBsn", "")
    return (people.person_for_bsn(bsn) if bsn else None), kept
