"""The front door of notificaties."""

from __future__ import annotations

from stadhuis.notificaties.actions import (
    DeadLetter,
    create_abonnement,
    dead_letters,
    delete_abonnement,
    kanalen,
    notify,
    register_kanaal,
    send_again,
    send_all_again,
    silence,
)
from stadhuis.notificaties.errors import (
    DeliveryNotFound,
    InconsistentFilters,
    NoCallbackUrl,
    NotificatieError,
    UnknownKanaal,
)

__all__ = [
    "DeadLetter",
    "DeliveryNotFound",
    "InconsistentFilters",
    "NoCallbackUrl",
    "NotificatieError",
    "UnknownKanaal",
    "create_abonnement",
    "dead_letters",
    "delete_abonnement",
    "kanalen",
    "notify",
    "register_kanaal",
    "send_again",
    "send_all_again",
    "silence",
]
