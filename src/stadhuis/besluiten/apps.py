"""Besluiten as a Django app."""

from django.apps import AppConfig


class BesluitenConfig(AppConfig):
    """Decisions and their documents."""

    name = "stadhuis.besluiten"
    label = "besluiten"
