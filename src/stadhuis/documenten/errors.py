"""What can go wrong with documents. ``code`` and ``field`` are those of the ZGW standard."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class DocumentenError(Exception):
    """Base of the errors of this room."""

    code = "invalid"
    field = "nonFieldErrors"
    text = _("Dit kan niet met dit document.")


class DocumentNotFound(DocumentenError, LookupError):
    """No such document, or not for this actor."""

    code = "not_found"
    text = _("Dit document is er niet.")


class NotPublished(DocumentenError):
    """The informatieobjecttype is still a concept. Source: drc-001."""

    code, field = "not-published", "informatieobjecttype"
    text = _("Dit soort document is nog niet gepubliceerd.")


class ReceivedIsNotBeingWritten(DocumentenError):
    """A document with an ontvangstdatum cannot be in_bewerking or ter_vaststelling. Source: drc-005."""

    code, field = "invalid_for_received", "status"
    text = _("Een ontvangen document kan niet meer in bewerking zijn.")


class IdentificatieTaken(DocumentenError):
    """bronorganisatie and identificatie are in use. Source: BEHAVIOUR 10.5."""

    code, field = "identificatie-niet-uniek", "identificatie"
    text = _("Dit documentnummer is al in gebruik.")


class FileMissing(DocumentenError):
    """The bytes have not arrived, or belong to another document."""

    code, field = "file-size", "inhoud"
    text = _("Het bestand is er niet.")


class PendingRelations(DocumentenError):
    """A zaak or besluit still refers to the document. Source: drc-008."""

    code = "pending-relations"
    text = _("Dit document hoort nog bij een zaak of besluit.")


class DestroyLocked(DocumentenError):
    """A locked document cannot be deleted. Source: BEHAVIOUR 10.3."""

    code = "destroy-locked"
    text = _("Dit document is vergrendeld.")


class AlreadyLocked(DocumentenError):
    """Somebody else holds the lock. Source: drc-009."""

    code = "existing-lock"
    text = _("Dit document is al vergrendeld.")


class NotLocked(DocumentenError):
    """A document is changed under a lock only. Source: drc-009."""

    code = "unlocked"
    text = _("Dit document is niet vergrendeld.")


class WrongLock(DocumentenError):
    """The lock that was sent is not the one that holds. Source: drc-009."""

    code = "incorrect-lock-id"
    text = _("Dit is niet de sleutel van de vergrendeling.")


class MissingGebruiksrechten(DocumentenError):
    """``indicatieGebruiksrecht`` cannot be set to true by hand. Source: drc-006."""

    code, field = "missing-gebruiksrechten", "indicatieGebruiksrecht"
    text = _("Leg eerst vast welke gebruiksrechten gelden.")


class ExistingGebruiksrechten(DocumentenError):
    """The indication cannot be taken away while rights exist. Source: drc-006."""

    code, field = "existing-gebruiksrechten", "indicatieGebruiksrecht"
    text = _("Er gelden nog gebruiksrechten.")
