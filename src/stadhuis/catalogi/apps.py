"""Catalogi as a Django app."""

from django.apps import AppConfig


class CatalogiConfig(AppConfig):
    """Catalogues, zaaktypen, informatieobjecttypen, besluittypen and their parts."""

    name = "stadhuis.catalogi"
    label = "catalogi"
