"""Documenten as a Django app."""

from django.apps import AppConfig


class DocumentenConfig(AppConfig):
    """Documents, versions, usage rights, dispatches."""

    name = "stadhuis.documenten"
    label = "documenten"
