"""Autorisaties as a Django app."""

from django.apps import AppConfig


class AutorisatiesConfig(AppConfig):
    """The Autorisaties API, and the webhook that hears of its channel."""

    name = "stadhuis.autorisaties"
    label = "autorisaties"

    def ready(self) -> None:
        """Announce the channel; tell subscribers whoever changes an application."""
        from stadhuis.autorisaties import listeners, resource  # noqa: F401
        from stadhuis.notificaties import public as notificaties

        notificaties.register_kanaal("autorisaties", ())
