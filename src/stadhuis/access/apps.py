"""The room access as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, grants, memberships, applications."""

    name = "stadhuis.access"
    label = "access"
