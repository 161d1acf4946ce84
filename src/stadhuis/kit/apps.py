"""The kit as a Django app."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Templates, static files and the table of stored files."""

    name = "stadhuis.kit"
    label = "kit"

    def ready(self) -> None:
        """Send the logs of this process out as JSON lines."""
        from stadhuis.kit import logs

        logs.configure()
