"""The room as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class MessagesConfig(AppConfig):
    """Label differs from the folder because Django's own flash messages have the short one."""

    name = "stadhuis.messages"
    label = "town_messages"

    def ready(self) -> None:
        """Announce what of messages is encrypted; listen for a restore."""
        from stadhuis.messages import restored  # noqa: F401

        register(Encrypted("town_messages_outboundmail", "to_address", "'mail:' || t.uuid"))
