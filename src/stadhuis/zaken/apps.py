"""Zaken as a Django app."""

from django.apps import AppConfig


class ZakenConfig(AppConfig):
    """Cases and all that hangs on them."""

    name = "stadhuis.zaken"
    label = "zaken"
