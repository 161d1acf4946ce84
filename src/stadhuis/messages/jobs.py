"""Jobs of messages: sending (declared in ``sending``), taking in what came back, and cleaning up."""

from __future__ import annotations

import logging

from django.conf import settings

from stadhuis.kit import mailbox
from stadhuis.kit.jobs import periodic
from stadhuis.messages.actions import mails
from stadhuis.messages.sending import KINDS, MOST_ATTEMPTS, STAFF_KINDS, send_mail

__all__ = ["KINDS", "MOST_ATTEMPTS", "STAFF_KINDS", "clean_up_job", "read_bounces", "send_mail"]
log = logging.getLogger(__name__)


@periodic("*/5 * * * *", "messages.read_bounces", queue="mail")
def read_bounces(timestamp: int) -> None:
    """Every five minutes: take in what mail systems say about mails of ours that did not arrive.

    A report is thrown away once it is taken in; everything else in the box stays, marked as read, for people.
    """
    if not settings.BOUNCE_IMAP_HOST:
        return
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
    if taken or left:
        log.info("bounce mailbox read", extra={"taken": taken, "left": left})


@periodic("41 3 * * *", "messages.clean_up")
def clean_up_job(timestamp: int) -> None:
    """Every night: put aside what waited too long, forget removed addresses."""
    mails.clean_up()
