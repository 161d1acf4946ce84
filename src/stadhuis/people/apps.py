"""The room people as a Django app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Show the way to one's own account."""
        from stadhuis.kit.pages import menu
        from stadhuis.people.guards import actor_of

        def is_staff(request: HttpRequest) -> bool:
            actor = actor_of(request)
            return actor is not None and actor.kind == "staff"

        menu.register("workplace", _("Mijn account"), "people:account", order=95, icon="circle-user", visible=is_staff)
