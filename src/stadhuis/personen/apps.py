"""The room personen as a Django app."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class PersonenConfig(AppConfig):
    """Persons (BRP) and companies (KVK)."""

    name = "stadhuis.personen"
    label = "personen"

    def ready(self) -> None:
        """Remember answers from the start of a web request to its end; log every question."""
        from stadhuis.personen import jobs, listeners, memory  # noqa: F401

        request_started.connect(memory.begin, dispatch_uid="personen.memory.begin")
        request_finished.connect(memory.end, dispatch_uid="personen.memory.end")
