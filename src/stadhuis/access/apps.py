"""The room access as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"

    def ready(self) -> None:
        """Let the worker ask whether the queue must be left alone."""
        from stadhuis.access import jobs, maintenance  # noqa: F401
        from stadhuis.kit.jobs import pause_when

        pause_when(maintenance.jobs_wait)
