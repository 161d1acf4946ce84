"""Zaken as a Django app."""

from django.apps import AppConfig


class ZakenConfig(AppConfig):
    """Cases and all that hangs on them."""

    name = "stadhuis.zaken"
    label = "zaken"

    def ready(self) -> None:
        """Announce the guarded tables, the kind of record and the channel."""
        from stadhuis.documenten import public as documenten
        from stadhuis.kit import outages, watch
        from stadhuis.notificaties import public as notificaties
        from stadhuis.zaken import guards, keeping, listeners, resource  # noqa: F401
        from stadhuis.zaken.processing import kept_with, subjects_of_documents
        from stadhuis.zaken.reads import has_document
        from stadhuis.zaken.secrecy import hidden_in_documents

        # Without a token a well API refuses.
        watch.register_channel(outages.API, lambda: watch.answers("/zaken/api/v1/zaken", well=frozenset({401, 403})))
        documenten.IS_RELATED.answer(has_document)
        documenten.PERSONS_IN.answer(subjects_of_documents)
        documenten.HIDDEN_IN.answer(hidden_in_documents)
        documenten.KEPT_WITH.answer(kept_with)
        guards.register()
        keeping.register()
        notificaties.register_kanaal("zaken", ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"))
