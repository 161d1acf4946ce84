"""The room as a Django app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Listens to the register from start-up on, and guards its work items by the columns of their zaak."""

    name = "stadhuis.casework"
    label = "casework"

    def ready(self) -> None:
        """Register the listeners and the guarded table."""
        from stadhuis.access import public as access
        from stadhuis.casework import keeping, listeners, reads, watching  # noqa: F401
        from stadhuis.documenten import public as documenten
        from stadhuis.records import public as records

        watching.register()

        keeping.register()
        documenten.MADE_ANEW.answer(reads.document_made_anew)
        access.register_guarded(
            "work",
            own_sql="FALSE",
            involved_sql="EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {alias}.zaak_id AND r.person_id = {person})",
            case_sql="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.zaak_id",
            # The owner of the record of a zaak is the unit of its work (``keeping``): lists start from that unit.
            unit_column="unit_id",
            **records.owned_by_records(zaak="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.zaak_id"),
        )
