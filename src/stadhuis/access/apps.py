"""The room access as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"

    def ready(self) -> None:
        """Announce what of access is encrypted."""
        client = "JOIN access_client c ON c.id = t.client_id"
        register(Encrypted("access_clientsecret", "cipher", "'client:' || c.client_id", joins=client))
