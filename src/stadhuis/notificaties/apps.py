"""Notificaties as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class NotificatiesConfig(AppConfig):
    """The outbox for messages to other systems."""

    name = "stadhuis.notificaties"
    label = "notificaties"

    def ready(self) -> None:
        """Listen to what the registers write; announce what is encrypted and how messages are destroyed."""
        from stadhuis.notificaties import listeners, watching  # noqa: F401
        from stadhuis.notificaties.actions import destroy_about
        from stadhuis.records import public as records

        watching.register()
        records.register_destroyer("zaak", "notificaties", destroy_about)
        register(Encrypted("notificaties_abonnement", "auth", "'abonnement:' || t.uuid"))
