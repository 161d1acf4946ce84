"""The law room as a Django app: it only brings its texts."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """Terms and clocks; no tables."""

    name = "stadhuis.law"
    label = "law"
