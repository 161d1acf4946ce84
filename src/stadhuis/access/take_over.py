"""Taking over applications from another register: who they are and what they may, never their secrets.

An application that was taken over cannot log in here until an administrator gives it a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from stadhuis.access.actions import _applicatie_in_words, _set_autorisaties, _set_clients
from stadhuis.access.facts import RIGHTS_CHANGED, RightsChanged
from stadhuis.access.models import COMPONENTS, Applicatie, Client
from stadhuis.access.rules import LEVELS, AutorisatieData
from stadhuis.people.public import Actor

KNOWN_COMPONENTS = frozenset(code for code, _ in COMPONENTS)


@transaction.atomic
def take_over_applicatie(
    uuid: UUID,
    *,
    label: str,
    client_ids: Sequence[str],
    heeft_alle_autorisaties: bool,
    autorisaties: Sequence[AutorisatieData],
    by: Actor,
    origin: str,
) -> None:
    """Place or renew an application with its client ids and rights, as another register has them (ac-002 is not asked).

    Secrets it has here stay. Raises ``ClientIdTaken`` (ac-001).
    """
    row = Applicatie.objects.select_for_update().filter(uuid=uuid).first()
    before = _applicatie_in_words(row) if row is not None else None
    row = row or Applicatie(uuid=uuid)
    row.label, row.heeft_alle_autorisaties = label[:100], heeft_alle_autorisaties
    row.save()
    _set_clients(row, client_ids)
    row.autorisaties.all().delete()
    _set_autorisaties(row, autorisaties)
    after = _applicatie_in_words(row)
    if after != before:
        RIGHTS_CHANGED.announce(
            RightsChanged(
                "update" if before else "create", by, uuid, "applicatie", "applicatie", uuid, row.label, before, after,
                f"Overgenomen van {origin}", bron="ac",
            )
        )  # fmt: skip


def applicatie_as_sent(uuid: UUID) -> dict[str, Any] | None:
    """Return an application in the standard's words, to compare it with another register's; None when it is not here."""
    row = Applicatie.objects.filter(uuid=uuid).first()
    if row is None:
        return None
    levels = {place: name for name, place in LEVELS.items()}
    type_keys = {"zrc": "zaaktype", "drc": "informatieobjecttype", "brc": "besluittype"}
    return {
        "label": row.label,
        "clientIds": sorted(Client.objects.filter(applicatie=row).values_list("client_id", flat=True)),
        "heeftAlleAutorisaties": row.heeft_alle_autorisaties,
        "autorisaties": [
            {
                "component": right.component,
                "scopes": right.scopes,
                "maxVertrouwelijkheidaanduiding": levels.get(right.max_level or 0, ""),
                **({type_keys[right.component]: right.type_url} if right.component in type_keys else {}),
            }
            for right in row.autorisaties.order_by("pk")
        ],
    }
