"""The room people as a Django app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Say how the channel log-in is looked at, for whom somebody acts, and show the way to one's own account."""
        from stadhuis.kit.pages import context, menu
        from stadhuis.people import watching
        from stadhuis.people.guards import actor_of, acts_for

        def is_staff(request: HttpRequest) -> bool:
            actor = actor_of(request)
            return actor is not None and actor.kind == "staff"

        watching.register()
        context.show_acts_for(acts_for)
        menu.register("workplace", _("Mijn account"), "people:account", order=95, icon="circle-user", visible=is_staff)
