"""The front door of messages."""

from stadhuis.messages.actions import give_receipt, open_message, publish, queue_mail, settle_mail
from stadhuis.messages.errors import MailNotSent, MessageNotFound, MessagesError, NoAddressee
from stadhuis.messages.reads import (
    MailRecord,
    MessageRecord,
    ReceiptFile,
    ReceiptRecord,
    count_to_settle,
    mail_counts,
    mails_about,
    mails_for_a_person_to_settle,
    messages_for,
    messages_of,
    receipt,
    receipts_of,
    unread_count,
)

__all__ = [
    "MailNotSent",
    "MailRecord",
    "MessageNotFound",
    "MessageRecord",
    "MessagesError",
    "NoAddressee",
    "ReceiptFile",
    "ReceiptRecord",
    "count_to_settle",
    "give_receipt",
    "mail_counts",
    "mails_about",
    "mails_for_a_person_to_settle",
    "messages_for",
    "messages_of",
    "open_message",
    "publish",
    "queue_mail",
    "receipt",
    "receipts_of",
    "settle_mail",
    "unread_count",
]
