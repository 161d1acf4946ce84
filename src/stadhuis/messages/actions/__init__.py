"""What the town does with messages: receipts and letters, mails, and the addresses they go to."""

from stadhuis.messages.actions.addresses import Verdict, add_address, confirm_address, remove_address, send_code_again
from stadhuis.messages.actions.letters import destroy_about, give_receipt, open_message, publish
from stadhuis.messages.actions.mails import announce, clean_up, note_bounce, settle_mail

__all__ = [
    "Verdict",
    "add_address",
    "announce",
    "clean_up",
    "confirm_address",
    "destroy_about",
    "give_receipt",
    "note_bounce",
    "open_message",
    "publish",
    "remove_address",
    "send_code_again",
    "settle_mail",
]
