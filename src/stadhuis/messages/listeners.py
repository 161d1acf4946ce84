"""What messages does when a room below wants a mail, in the same transaction."""

from __future__ import annotations

from stadhuis.messages.actions.queueing import put_for_staff
from stadhuis.people import public as people


@people.MAIL_WANTED.listener
def mail_about_an_account(fact: people.MailWanted) -> None:
    """Queue a mail to a member of staff."""
    put_for_staff(fact.to_address, fact.kind, about=fact.about, language=fact.language)
