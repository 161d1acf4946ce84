"""Besluiten as a Django app."""

from django.apps import AppConfig


class BesluitenConfig(AppConfig):
    """Decisions and their documents."""

    name = "stadhuis.besluiten"
    label = "besluiten"

    def ready(self) -> None:
        """Answer what zaken asks about decisions."""
        from stadhuis.besluiten.reads import summaries_of
        from stadhuis.zaken.public import BESLUITEN_OF

        BESLUITEN_OF.answer(summaries_of)
