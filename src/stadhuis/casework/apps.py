"""The room as a Django app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Listens to the register from start-up on."""

    name = "stadhuis.casework"
    label = "casework"

    def ready(self) -> None:
        """Register the listeners."""
        from stadhuis.casework import listeners  # noqa: F401
