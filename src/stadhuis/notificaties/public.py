"""The front door of notificaties."""

from __future__ import annotations

from stadhuis.notificaties.actions import (
    DeadLetter,
    create_abonnement,
    dead_letters,
    delete_abonnement,
    destroy_about,
    kanalen,
    notify,
    register_kanaal,
    send_again,
    silence,
)
from stadhuis.notificaties.errors import DeliveryNotFound, InconsistentFilters, NotificatieError, UnknownKanaal

__all__ = [
    "DeadLetter",
    "DeliveryNotFound",
    "InconsistentFilters",
    "NotificatieError",
    "UnknownKanaal",
    "create_abonnement",
    "dead_letters",
    "delete_abonnement",
    "destroy_about",
    "kanalen",
    "notify",
    "register_kanaal",
    "send_again",
    "silence",
]
