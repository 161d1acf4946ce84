"""Zaken as a Django app."""

from django.apps import AppConfig


class ZakenConfig(AppConfig):
    """Cases and all that hangs on them."""

    name = "stadhuis.zaken"
    label = "zaken"

    def ready(self) -> None:
        """Announce the guarded tables and the kind of record."""
        from stadhuis.records import public as records
        from stadhuis.zaken import guards
        from stadhuis.zaken.reads import url_of

        guards.register()
        records.register_kind("zaak", "Zaak", url_of)
