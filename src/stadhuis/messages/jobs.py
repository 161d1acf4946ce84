"""Jobs of messages: sending (declared in ``sending``), taking in what came back, and cleaning up."""

from __future__ import annotations

import logging

from django.conf import settings

from stadhuis.kit import mailbox, watch
from stadhuis.kit.jobs import periodic
from stadhuis.messages.actions import mails
from stadhuis.messages.sending import KINDS, MOST_ATTEMPTS, STAFF_KINDS, send_mail
from stadhuis.messages.watching import BOUNCE_MAILBOX

__all__ = ["KINDS", "MOST_ATTEMPTS", "STAFF_KINDS", "clean_up_job", "read_bounces", "send_mail"]
log = logging.getLogger(__name__)


@periodic("*/5 * * * *", "messages.read_bounces", queue="mail")
def read_bounces(timestamp: int) -> None:
    """Every five minutes: take in what mail systems say about mails of ours that did not arrive.

    A mailbox that cannot be read is an alarm, and read the next time. A report is thrown away once it is taken in; everything else in the box stays, marked as read, for people.
    """
    if not settings.BOUNCE_IMAP_HOST:
        return
    try:
        taken, left = _read()
    except mailbox.MailboxUnreachable as error:
        log.warning("bounce mailbox not read", extra={"reason": str(error)})
        watch.note_state(BOUNCE_MAILBOX, is_well=False)
        return
    watch.note_state(BOUNCE_MAILBOX, is_well=True)
    if taken or left:
        log.info("bounce mailbox read", extra={"taken": taken, "left": left})


def _read() -> tuple[int, int]:
    """Return how many reports were taken in and how many other mails were left."""
    taken, left = 0, 0
    with mailbox.opened() as box:
        for number, content in box.unread():
            report = mailbox.read_report(content)
            if report is not None and mails.note_bounce(report):
                box.throw_away(number)
                taken += 1
            else:
                box.leave(number)
                left += 1
    return taken, left


@periodic("41 3 * * *", "messages.clean_up")
def clean_up_job(timestamp: int) -> None:
    """Every night: put aside what waited too long, forget removed addresses."""
    mails.clean_up()
