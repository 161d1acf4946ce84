"""The kit as a Django app."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.backends.signals import connection_created


class KitConfig(AppConfig):
    """Templates, static files and the table of stored files."""

    name = "stadhuis.kit"
    label = "kit"

    def ready(self) -> None:
        """Send the logs of this process out as JSON lines; remember answers for the length of a web request."""
        from stadhuis.kit import database, logs, memory, watch

        logs.configure()
        watch.register_watches()
        connection_created.connect(database.keep_more_plans, dispatch_uid="kit.database.keep_more_plans")
        request_started.connect(memory.begin, dispatch_uid="kit.memory.begin")
        request_finished.connect(memory.end, dispatch_uid="kit.memory.end")
