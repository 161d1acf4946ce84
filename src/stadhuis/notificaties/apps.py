"""Notificaties as a Django app."""

from django.apps import AppConfig


class NotificatiesConfig(AppConfig):
    """The outbox for messages to other systems."""

    name = "stadhuis.notificaties"
    label = "notificaties"

    def ready(self) -> None:
        """Listen to what the registers write."""
        from stadhuis.notificaties import listeners, watching  # noqa: F401

        watching.register()
