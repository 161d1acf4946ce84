"""Questions about channels and subscriptions, as the Notificaties API shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection

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


@dataclass(frozen=True)
class Subscriber:
    """A subscription and how delivery to it goes, for who keeps the house running."""

    uuid: UUID
    callback_url: str
    kanalen: tuple[tuple[str, dict[str, str]], ...]
    failures: int
    """Times in a row that it could not be reached."""
    paused_until: datetime | None
    waiting: int
    oldest_waiting: datetime | None
    dead: int


def subscribers() -> list[Subscriber]:
    """Return all subscriptions with what waits and what was given up, oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.uuid, a.callback_url,"
            "   COALESCE((SELECT json_agg(json_build_array(k.naam, k.filters) ORDER BY k.id)"
            "               FROM notificaties_abonnementkanaal k WHERE k.abonnement_id = a.id)::text, '[]'),"
            "   a.failures, a.paused_until, COALESCE(w.n, 0), w.oldest, COALESCE(d.n, 0)"
            "  FROM notificaties_abonnement a"
            "  LEFT JOIN (SELECT l.abonnement_id, count(*) AS n, min(m.aanmaakdatum) AS oldest"
            "               FROM notificaties_delivery l JOIN notificaties_notificatie m ON m.id = l.notificatie_id"
            "              WHERE l.state = 'waiting' GROUP BY 1) w ON w.abonnement_id = a.id"
            "  LEFT JOIN (SELECT abonnement_id, count(*) AS n FROM notificaties_delivery"
            "              WHERE state = 'dead' GROUP BY 1) d ON d.abonnement_id = a.id"
            " ORDER BY a.id"
        )
        return [
            Subscriber(uuid, url, tuple((naam, filters) for naam, filters in json.loads(kanalen)), *more)
            for uuid, url, kanalen, *more in cursor.fetchall()
        ]
