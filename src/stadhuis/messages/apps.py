"""The room as a Django app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Label differs from the folder because Django's own flash messages have the short one."""

    name = "stadhuis.messages"
    label = "town_messages"

    def ready(self) -> None:
        """Listen to who wants a mail."""
        from stadhuis.messages import listeners  # noqa: F401
