"""Questions about channels and subscriptions, as the Notificaties API shows them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from stadhuis.notificaties.actions import registered_kanalen
from stadhuis.notificaties.models import Abonnement, Kanaal

_OURS = UUID("6f0d3c0e-6f1b-5e55-9d0e-3f6a2f7f0b11")
"""Namespace of the ids of the channels of our own registers, which stand in no table."""


@dataclass(frozen=True)
class KanaalRecord:
    """A channel."""

    uuid: UUID
    naam: str
    documentatie_link: str
    filters: tuple[str, ...]


@dataclass(frozen=True)
class AbonnementRecord:
    """A subscription without its secret."""

    uuid: UUID
    callback_url: str
    kanalen: tuple[tuple[str, dict[str, str]], ...]


def kanalen(naam: str = "") -> list[KanaalRecord]:
    """Return all channels by name, those of our registers and those of other producers, or the one of a name."""
    found = [KanaalRecord(uuid5(_OURS, name), name, "", filters) for name, filters in registered_kanalen().items()]
    found += [
        KanaalRecord(row.uuid, row.naam, row.documentatie_link, tuple(row.filters))
        for row in Kanaal.objects.exclude(naam__in=registered_kanalen())
    ]
    return sorted((one for one in found if naam in ("", one.naam)), key=lambda one: one.naam)


def abonnementen(uuid: UUID | None = None) -> list[AbonnementRecord]:
    """Return all subscriptions, oldest first, or the one of a uuid. Two statements."""
    rows = Abonnement.objects.prefetch_related("kanalen").order_by("pk")
    return [
        AbonnementRecord(
            row.uuid,
            row.callback_url,
            tuple((one.naam, one.filters) for one in sorted(row.kanalen.all(), key=lambda one: one.pk)),
        )
        for row in (rows if uuid is None else rows.filter(uuid=uuid))
    ]
