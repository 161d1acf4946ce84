"""What can go wrong with zaken. ``code`` and ``field`` are those of the ZGW standard."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class ZakenError(Exception):
    """Base of the errors of this room."""

    code = "invalid"
    field = "nonFieldErrors"
    text = _("Dit kan niet met deze zaak.")


class ZaakNotFound(ZakenError, LookupError):
    """No such zaak, or not for this actor."""

    code = "not_found"
    text = _("Deze zaak is er niet.")


class NotPublished(ZakenError):
    """The zaaktype is still a concept. Source: zrc-001."""

    code, field = "not-published", "zaaktype"
    text = _("Dit zaaktype is nog niet gepubliceerd.")


class IdentificatieTaken(ZakenError):
    """bronorganisatie and identificatie are in use. Source: zrc-002."""

    code, field = "identificatie-niet-uniek", "identificatie"
    text = _("Dit zaaknummer is al in gebruik.")


class ZaakIsClosed(ZakenError):
    """A closed zaak does not change, unless forced. Source: zrc-007."""

    code = "permission_denied"
    text = _("Deze zaak is afgesloten.")


class ZaakIsOpen(ZakenError):
    """Only a closed zaak can be reopened. Source: zrc-008."""

    text = _("Deze zaak is niet afgesloten.")


class ZaaktypeMismatch(ZakenError):
    """A statustype, resultaattype, roltype or eigenschap of another zaaktype. Source: zrc-016, 018, 019, 020."""

    code = "zaaktype-mismatch"
    text = _("Dit hoort niet bij het zaaktype van deze zaak.")


class DocumentTypeMismatch(ZakenError):
    """The type of the document does not belong to the zaaktype. Source: zrc-017."""

    code = "missing-zaaktype-informatieobjecttype-relation"
    text = _("Dit soort document hoort niet bij het zaaktype van deze zaak.")


class ResultaatMissing(ZakenError):
    """A zaak cannot be closed without a resultaat. Source: zrc-007."""

    code = "resultaat-does-not-exist"
    text = _("De zaak heeft nog geen resultaat.")


class GebruiksrechtUnset(ZakenError):
    """A document whose indicatieGebruiksrecht is not known keeps the zaak open. Source: zrc-007."""

    code = "indicatiegebruiksrecht-unset"
    text = _("Van een document is nog niet bekend of er gebruiksrechten gelden.")


class DocumentLocked(ZakenError):
    """A locked document keeps the zaak open. Source: BEHAVIOUR 8.2."""

    code = "informatieobject-locked"
    text = _("Een document van deze zaak is nog vergrendeld.")


class DeelzakenOpen(ZakenError):
    """The hoofdzaak closes after its deelzaken. Source: BEHAVIOUR 8.2."""

    code = "deelzaken-not-closed"
    text = _("Er zijn nog deelzaken open.")


class HoofdzaakClosed(ZakenError):
    """A deelzaak cannot be reopened while its hoofdzaak is closed. Source: BEHAVIOUR 8.2."""

    code = "hoofdzaak-closed"
    text = _("De hoofdzaak is afgesloten.")


class HoofdzaakIsDeelzaak(ZakenError):
    """A deelzaak has no deelzaken. Source: zrc-013."""

    code, field = "deelzaak-als-hoofdzaak", "hoofdzaak"
    text = _("Een deelzaak kan geen hoofdzaak zijn.")


class ArchiefactiedatumError(ZakenError):
    """The date of destruction cannot be determined, and it may not wait. Source: BEHAVIOUR 8.5."""

    code = "archiefactiedatum-error"
    text = _("De datum van vernietiging is niet te bepalen.")


class StatusMomentTaken(ZakenError):
    """The zaak has a status of that very moment. Source: BEHAVIOUR 8.2."""

    code = "unique"
    text = _("Er is al een status op dit moment gezet.")


class StatusInFuture(ZakenError):
    """A status is not set in the future. Source: BEHAVIOUR 8.2."""

    code, field = "date-in-future", "datumStatusGezet"
    text = _("Deze datum ligt in de toekomst.")


class StatusBeforeStart(ZakenError):
    """A status is not set before the zaak began. Source: OAS, zaak_create."""

    code, field = "invalid", "datumStatusGezet"
    text = _("Deze datum ligt voor de startdatum van de zaak.")


class DocumentAlreadyLinked(ZakenError):
    """A document belongs to a zaak once. Source: OAS."""

    code = "unique"
    text = _("Dit document hoort al bij deze zaak.")


class RolTaken(ZakenError):
    """At most one initiator and one zaakcoordinator. Source: BEHAVIOUR 8.2 ("max-occurences", sic)."""

    code, field = "max-occurences", "roltype"
    text = _("Deze zaak heeft al iemand in deze rol.")


class NotExtendable(ZakenError):
    """The zaaktype does not allow verlenging. Source: ZGW Catalogi, verlengingMogelijk."""

    field = "verlenging"
    text = _("Bij dit zaaktype kan de termijn niet worden verlengd.")


class NotSuspendable(ZakenError):
    """The zaaktype does not allow opschorting. Source: ZGW Catalogi, opschortingEnAanhoudingMogelijk."""

    field = "opschorting"
    text = _("Bij dit zaaktype kan de behandeling niet worden opgeschort.")


class RelatedBesluiten(ZakenError):
    """A zaak with besluiten is not deleted. Source: zrc-023."""

    code = "related-besluiten"
    text = _("Er horen nog besluiten bij deze zaak.")


class AlreadyThere(ZakenError):
    """A zaak has one resultaat, and refers to something once. Source: BEHAVIOUR 8.2 (unique)."""

    code = "unique"
    text = _("Dit hoort al bij deze zaak.")
