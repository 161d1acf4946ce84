"""Documenten as a Django app."""

from django.apps import AppConfig


class DocumentenConfig(AppConfig):
    """Documents, versions, usage rights, dispatches."""

    name = "stadhuis.documenten"
    label = "documenten"

    def ready(self) -> None:
        """Announce the channel of documents."""
        from stadhuis.notificaties import public as notificaties

        kenmerken = ("bronorganisatie", "informatieobjecttype", "vertrouwelijkheidaanduiding")
        notificaties.register_kanaal("documenten", kenmerken)
