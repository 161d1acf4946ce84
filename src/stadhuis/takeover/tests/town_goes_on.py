"""Let people work on in a source that was taken over already: one zaak changes, one comes, a document gets a version."""

from __future__ import annotations

from stadhuis.kit.starting import start_django


def main() -> None:
    """Do it."""
    start_django()
    from django.db import transaction

    from stadhuis.catalogi import public as catalogi
    from stadhuis.documenten import public as documenten
    from stadhuis.documenten.models import Document
    from stadhuis.kit import files
    from stadhuis.people.public import SYSTEM
    from stadhuis.takeover.tests.town import _zaak
    from stadhuis.zaken import public as zaken
    from stadhuis.zaken.models import Zaak

    with transaction.atomic():
        zaak = Zaak.objects.filter(einddatum__isnull=True, verlenging_duur="").earliest("pk")
        zaken.extend(zaak.pk, duur="P7D", reden="Drukte", by=SYSTEM)
        document = Document.objects.filter(lock="", versie=1).earliest("pk")
        lock = documenten.lock_document(document.uuid, by=SYSTEM)
        content = files.receive_many([b"een nieuwe versie"], media_type="text/plain")[0]
        documenten.new_version(document.uuid, {"file_id": content.uuid}, lock=lock, by=SYSTEM)
        documenten.unlock_document(document.uuid, lock=lock, by=SYSTEM)
        _zaak(1000, catalogi.zaaktype("BRON:MELDING"), [])


if __name__ == "__main__":
    main()
