"""Besluiten as a Django app."""

from django.apps import AppConfig


class BesluitenConfig(AppConfig):
    """Decisions and their documents."""

    name = "stadhuis.besluiten"
    label = "besluiten"

    def ready(self) -> None:
        """Answer what zaken asks about decisions; announce the channel."""
        from stadhuis.besluiten.reads import summaries_of
        from stadhuis.notificaties import public as notificaties
        from stadhuis.zaken.public import BESLUITEN_OF

        BESLUITEN_OF.answer(summaries_of)
        notificaties.register_kanaal("besluiten", ("verantwoordelijkeOrganisatie", "besluittype"))
