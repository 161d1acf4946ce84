"""Zaken as a Django app."""

from django.apps import AppConfig


class ZakenConfig(AppConfig):
    """Cases and all that hangs on them."""

    name = "stadhuis.zaken"
    label = "zaken"

    def ready(self) -> None:
        """Announce the guarded tables, the kind of record and the channel."""
        from stadhuis.kit import outages, watch
        from stadhuis.notificaties import public as notificaties
        from stadhuis.zaken import guards, keeping, listeners, resource  # noqa: F401

        # Without a token a well API refuses.
        watch.register_channel(outages.API, lambda: watch.answers("/zaken/api/v1/zaken", well=frozenset({401, 403})))
        guards.register()
        keeping.register()
        notificaties.register_kanaal("zaken", ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"))
