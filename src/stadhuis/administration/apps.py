"""Administration as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """Pages for functional administrators."""

    name = "stadhuis.administration"
    label = "administration"

    def ready(self) -> None:
        """Show the way in, to whoever administers something."""
        from stadhuis.access import public as access
        from stadhuis.kit.pages import menu

        menu.register(
            "workplace",
            _("Beheer"),
            "administration:home",
            order=90,
            icon="settings",
            visible=lambda request: bool(access.rights_to_administer(request)),
        )
