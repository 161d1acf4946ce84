"""Zaken as a Django app."""

from django.apps import AppConfig


class ZakenConfig(AppConfig):
    """Cases and all that hangs on them."""

    name = "stadhuis.zaken"
    label = "zaken"

    def ready(self) -> None:
        """Announce the guarded tables, the kind of record and the channel."""
        from stadhuis.notificaties import public as notificaties
        from stadhuis.zaken import guards, keeping, resource  # noqa: F401

        guards.register()
        keeping.register()
        notificaties.register_kanaal("zaken", ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"))
