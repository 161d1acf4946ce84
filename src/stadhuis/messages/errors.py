"""What can be wrong with a message."""


class MessagesError(Exception):
    """Base of the errors of this room."""


class MessageNotFound(MessagesError):
    """There is no such message for this person."""


class NoAddressee(MessagesError):
    """A receipt or letter needs a resident or a company to go to."""


class MailNotSent(MessagesError):
    """The mail server could not take the mail now; the job tries again later."""


class AddressNotFound(MessagesError):
    """There is no such mail address of this person."""


class TooManyAddresses(MessagesError):
    """Somebody keeps no more addresses than a few."""


class TooManyCodes(MessagesError):
    """A code went a moment ago, or enough did today."""
