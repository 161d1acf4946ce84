"""The schemes room as a Django app."""

from django.apps import AppConfig


class SchemesConfig(AppConfig):
    """Rules of schemes and the assessments made with them."""

    name = "stadhuis.schemes"
    label = "schemes"
