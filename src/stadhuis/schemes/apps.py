"""The schemes room as a Django app."""

from django.apps import AppConfig


class SchemesConfig(AppConfig):
    """Rules of schemes and the assessments made with them."""

    name = "stadhuis.schemes"
    label = "schemes"

    def ready(self) -> None:
        """Say how assessments are destroyed with their zaak."""
        from stadhuis.records import public as records
        from stadhuis.schemes.actions import destroy_assessments

        records.register_destroyer("zaak", "schemes", lambda uuid, by: {"beoordelingen": destroy_assessments(uuid)})
