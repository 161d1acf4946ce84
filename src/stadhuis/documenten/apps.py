"""Documenten as a Django app."""

from django.apps import AppConfig


class DocumentenConfig(AppConfig):
    """Documents, versions, usage rights, dispatches."""

    name = "stadhuis.documenten"
    label = "documenten"

    def ready(self) -> None:
        """Announce the channel and the kind of record of documents."""
        from stadhuis.documenten import keeping
        from stadhuis.documenten.actions import destroy_record
        from stadhuis.notificaties import public as notificaties
        from stadhuis.records import public as records

        kenmerken = ("bronorganisatie", "informatieobjecttype", "vertrouwelijkheidaanduiding")
        notificaties.register_kanaal("documenten", kenmerken)
        keeping.register()
        records.register_destroyer(keeping.KIND, "documenten", destroy_record)
