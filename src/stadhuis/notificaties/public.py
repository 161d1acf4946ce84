"""The front door of notificaties."""

from __future__ import annotations

from stadhuis.notificaties.actions import (
    DeadLetter,
    change_abonnement,
    create_abonnement,
    create_kanaal,
    dead_letters,
    delete_abonnement,
    destroy_about,
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
from stadhuis.notificaties.reads import Subscriber, subscribers

__all__ = [
    "DeadLetter",
    "DeliveryNotFound",
    "InconsistentFilters",
    "NoCallbackUrl",
    "NotificatieError",
    "Subscriber",
    "UnknownKanaal",
    "change_abonnement",
    "create_abonnement",
    "create_kanaal",
    "dead_letters",
    "delete_abonnement",
    "destroy_about",
    "kanalen",
    "notify",
    "register_kanaal",
    "send_again",
    "send_all_again",
    "silence",
    "subscribers",
]
