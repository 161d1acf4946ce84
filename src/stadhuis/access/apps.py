"""The room access as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"

    def ready(self) -> None:
        """Listen to who leaves and what groups give."""
        from stadhuis.access import listeners  # noqa: F401
