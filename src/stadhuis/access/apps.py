"""The room access as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"

    def ready(self) -> None:
        """Listen to who leaves and what groups give; announce what is encrypted; let jobs wait when the house is read-only."""
        from stadhuis.access import jobs, listeners, maintenance  # noqa: F401
        from stadhuis.kit.jobs import pause_when

        pause_when(maintenance.jobs_wait)

        client = "JOIN access_client c ON c.id = t.client_id"
        register(Encrypted("access_clientsecret", "cipher", "'client:' || c.client_id", joins=client))
