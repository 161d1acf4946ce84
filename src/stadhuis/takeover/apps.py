"""Takeover as a Django app."""

from django.apps import AppConfig


class TakeoverConfig(AppConfig):
    """Taking over from another provider."""

    name = "stadhuis.takeover"
    label = "takeover"
