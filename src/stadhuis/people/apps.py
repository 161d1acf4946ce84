"""The room people as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Say how the channel log-in is looked at."""
        from stadhuis.people import watching

        watching.register()
