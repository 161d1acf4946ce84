"""The room people as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Say how the channel log-in is looked at, and on every page for whom somebody acts."""
        from stadhuis.kit.pages import context
        from stadhuis.people import watching
        from stadhuis.people.guards import acts_for

        watching.register()
        context.show_acts_for(acts_for)
