"""Notificaties as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class NotificatiesConfig(AppConfig):
    """The outbox for messages to other systems."""

    name = "stadhuis.notificaties"
    label = "notificaties"

    def ready(self) -> None:
        """Listen to what the registers write; announce what is encrypted."""
        from stadhuis.notificaties import listeners  # noqa: F401

        register(Encrypted("notificaties_abonnement", "auth", "'abonnement:' || t.uuid"))
