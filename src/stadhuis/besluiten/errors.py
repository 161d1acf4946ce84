"""What can go wrong with besluiten. ``code`` and ``field`` are those of the ZGW standard."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class BesluitenError(Exception):
    """Base of the errors of this room."""

    code = "invalid"
    field = "nonFieldErrors"
    text = _("Dit kan niet met dit besluit.")


class BesluitNotFound(BesluitenError, LookupError):
    """No such besluit."""

    code = "not_found"
    text = _("Dit besluit is er niet.")


class NotPublished(BesluitenError):
    """The besluittype is still a concept. Source: brc-001."""

    code, field = "not-published", "besluittype"
    text = _("Dit besluittype is nog niet gepubliceerd.")


class IdentificatieTaken(BesluitenError):
    """verantwoordelijkeOrganisatie and identificatie are in use. Source: brc-002."""

    code, field = "identificatie-niet-uniek", "identificatie"
    text = _("Dit besluitnummer is al in gebruik.")


class ZaaktypeMismatch(BesluitenError):
    """The besluittype is not one of the zaaktype. Source: brc-007."""

    code = "zaaktype-mismatch"
    text = _("Dit besluittype hoort niet bij het zaaktype van de zaak.")


class DocumentTypeMismatch(BesluitenError):
    """The type of the document is not one of the besluittype. Source: brc-008."""

    code = "missing-besluittype-informatieobjecttype-relation"
    text = _("Dit soort document hoort niet bij het besluittype.")


class DocumentAlreadyLinked(BesluitenError):
    """A document lays a besluit down once. Source: OAS."""

    code = "unique"
    text = _("Dit document hoort al bij dit besluit.")


class DatumInFuture(BesluitenError):
    """A besluit is not taken in the future. Source: OAS, datum."""

    code, field = "future_not_allowed", "datum"
    text = _("De datum van het besluit ligt in de toekomst.")
