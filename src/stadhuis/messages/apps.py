"""The room as a Django app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Label differs from the folder because Django's own flash messages have the short one."""

    name = "stadhuis.messages"
    label = "town_messages"

    def ready(self) -> None:
        """Say how the channel mail is looked at, watch what comes back, and how what was sent about a zaak is destroyed."""
        from stadhuis.messages import listeners, watching  # noqa: F401
        from stadhuis.messages.actions import destroy_about
        from stadhuis.records import public as records

        watching.register()
        records.register_destroyer("zaak", "messages", destroy_about)
