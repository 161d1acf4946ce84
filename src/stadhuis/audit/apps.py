"""The room audit as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Trail, seals, processing log."""

    name = "stadhuis.audit"
    label = "audit"

    def ready(self) -> None:
        """Listen to what happens to accounts."""
        from stadhuis.audit import listeners  # noqa: F401
