"""What can be wrong with a channel or a subscription. Codes: ZGW BEHAVIOUR 13.3."""

from __future__ import annotations


class NotificatieError(Exception):
    """Something about notifications; knows its code, field and text."""

    code, field, text = "invalid", "nonFieldErrors", ""

    def __init__(self) -> None:
        super().__init__(f"{self.field}: {self.code}")


class UnknownKanaal(NotificatieError):
    """There is no such channel."""

    code, field, text = "kanaal_naam", "kanalen", "Dit kanaal bestaat niet."


class InconsistentFilters(NotificatieError):
    """A filter that the channel does not have."""

    code, field, text = "inconsistent-abonnement-filters", "kanalen", "Dit filter hoort niet bij het kanaal."


class NoCallbackUrl(NotificatieError):
    """The address of the subscriber is no http(s) address, holds a password, or names a port of another service."""

    code, field, text = "invalid", "callbackUrl", "Dit is geen adres waar wij berichten heen sturen."


class DeliveryNotFound(NotificatieError):
    """There is no such message that was given up."""

    code, text = "not_found", "Niet gevonden."


class KanaalTaken(NotificatieError):
    """There is a channel of that name. Source: BEHAVIOUR 13.3."""

    code, field, text = "unique", "naam", "Er is al een kanaal met deze naam."


class AbonnementNotFound(NotificatieError):
    """There is no such subscription."""

    code, text = "not_found", "Niet gevonden."
