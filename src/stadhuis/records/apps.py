"""The room records as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The spine and its search text."""

    name = "stadhuis.records"
    label = "records"
