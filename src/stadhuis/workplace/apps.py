"""The room as a Django app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WorkplaceConfig(AppConfig):
    """Registers the entries of the menu."""

    name = "stadhuis.workplace"
    label = "workplace"

    def ready(self) -> None:
        """Register menu and search box."""
        from stadhuis.casework import public as casework
        from stadhuis.kit.pages import menu
        from stadhuis.messages import public as messages
        from stadhuis.people import public as people

        def own_urgent(request: HttpRequest) -> int | None:
            actor = people.actor_of(request)
            return casework.urgent_count(actor) or None if actor else None

        def odd_mails(request: HttpRequest) -> int | None:
            return messages.count_to_settle() or None if people.actor_of(request) else None

        menu.register("workplace", _("Werkvoorraad"), "workplace:worklist", order=10, icon="inbox", count=own_urgent)
        menu.register("workplace", _("Mails nakijken"), "workplace:mails", order=80, icon="mail", count=odd_mails)
        menu.register("workplace", _("Noodtoegang"), "workplace:glass", order=85, icon="lock")
        menu.search_at("workplace:search")
