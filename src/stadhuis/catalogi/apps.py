"""Catalogi as a Django app."""

from django.apps import AppConfig


class CatalogiConfig(AppConfig):
    """Catalogues, zaaktypen, informatieobjecttypen, besluittypen and their parts."""

    name = "stadhuis.catalogi"
    label = "catalogi"

    def ready(self) -> None:
        """Announce the channels of the catalogue and what expand reaches in it."""
        from stadhuis.catalogi import resource  # noqa: F401
        from stadhuis.notificaties import public as notificaties

        for kanaal in ("zaaktypen", "besluittypen", "informatieobjecttypen"):
            notificaties.register_kanaal(kanaal, ("catalogus",))
