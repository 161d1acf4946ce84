"""Portal as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Pages for residents."""

    name = "stadhuis.portal"
    label = "portal"

    def ready(self) -> None:
        """Announce the entries of the menu."""
        from stadhuis.kit import outages, watch
        from stadhuis.kit.pages import menu
        from stadhuis.people.public import actor_of

        watch.register_channel(outages.PORTAL, lambda: watch.answers("/contact/"))

        menu.register("portal", _("Home"), "portal:home", order=10, icon="house")
        menu.register("portal", _("Alles regelen"), "portal:products", order=20, icon="list-checks")
        menu.register("portal", _("Mijn zaken"), "portal:mine", order=30, icon="folder-open")
        menu.register(
            "portal",
            _("Mijn gegevens"),
            "portal:facts",
            order=40,
            icon="circle-user",
            visible=lambda request: actor_of(request) is not None,
        )
        menu.register(
            "portal",
            _("Wie gebruikte mijn gegevens?"),
            "portal:uses",
            order=45,
            icon="eye",
            visible=lambda request: actor_of(request) is not None,
        )
