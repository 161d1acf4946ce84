"""Forms as a Django app."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Definitions, drafts and submissions."""

    name = "stadhuis.forms"
    label = "forms"
