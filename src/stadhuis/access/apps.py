"""The room access as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"

    def ready(self) -> None:
        """Listen to who leaves and what groups give; let the worker ask whether the queue must be left alone."""
        from stadhuis.access import jobs, listeners, maintenance  # noqa: F401
        from stadhuis.kit.jobs import pause_when

        pause_when(maintenance.jobs_wait)
