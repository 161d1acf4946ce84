"""Producten as a Django app."""

from django.apps import AppConfig


class ProductenConfig(AppConfig):
    """Products and services."""

    name = "stadhuis.producten"
    label = "producten"
