"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    """The demo town. Refuses to load in production, whatever the settings say."""

    name = "stadhuis.demo"
    label = "demo"

    def ready(self) -> None:
        """Stop at once in production; else lead from every page to who is who."""
        if settings.IS_PRODUCTION:
            raise RuntimeError("the demo town is not for production")
        from django.utils.translation import gettext_lazy

        from stadhuis.kit.pages import context

        context.show_in_practice_banner("demo:wie_is_wie", gettext_lazy("Wie is wie, met codes om in te loggen"))
