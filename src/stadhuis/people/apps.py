"""The room people as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"
