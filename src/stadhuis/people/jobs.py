"""Jobs of people."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.models import Session

from stadhuis.kit.crypto import decrypt, encrypt
from stadhuis.kit.jobs import job, periodic, queue
from stadhuis.kit.time import now
from stadhuis.people.actions import leaving, links
from stadhuis.people.actions.factors import DEVICE_FOR
from stadhuis.people.actions.register import settle_units
from stadhuis.people.models import AccountLink, KnownDevice, LoginAttempt, LoginSession, SpentLogout

WRONG_ATTEMPTS_FOR = timedelta(days=2)
RIGHT_ATTEMPTS_FOR = timedelta(days=90)
"""A usual address stays known this long."""
SPENT_FOR = timedelta(hours=1)
"""A logout token that has expired is refused anyway; an hour covers clocks that differ."""
SESSIONS_FOR = timedelta(days=90)
LINKS_FOR = timedelta(days=90)


@periodic("17 3 * * *", "people.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Every night: remove attempts, sessions that ended long ago, and the browser sessions that expired."""
    moment = now()
    LoginAttempt.objects.filter(succeeded=False, at__lt=moment - WRONG_ATTEMPTS_FOR).delete()
    LoginAttempt.objects.filter(at__lt=moment - RIGHT_ATTEMPTS_FOR).delete()
    LoginSession.objects.filter(ends_at__lt=moment - SESSIONS_FOR).delete()
    SpentLogout.objects.filter(expires_at__lt=moment - SPENT_FOR).delete()
    Session.objects.filter(expire_date__lt=moment).delete()
    AccountLink.objects.filter(ends_at__lt=moment - LINKS_FOR).delete()
    KnownDevice.objects.filter(last_used_at__lt=moment - DEVICE_FOR).delete()


@periodic("* * * * *", "people.follow_the_calendar")
def follow_the_calendar(timestamp: int) -> None:
    """Every minute: end the access of who left, put everybody in the unit of today, let merged units hand on their work."""
    leaving.end_of_who_left()
    settle_units()


@periodic("7 5 * * *", "people.remind_sponsors")
def remind_sponsors(timestamp: int) -> None:
    """Every morning: remind sponsors of guests whose access ends within two weeks."""
    leaving.remind_sponsors()


@job("people.send_reset", queue="mail")
def send_reset(sealed: str) -> None:
    """Find out whose name or mail address somebody typed, and mail them. A text sealed with another key is dropped."""
    try:
        typed = decrypt(base64.b64decode(sealed), about="reset-asked")
    except (InvalidTag, ValueError):
        return
    links.send_reset(typed)


def queue_reset(typed: str) -> None:
    """Queue the search for whoever asked for a new password. The text is sealed: the queue holds no name or address.

    Looking it up here would tell by the time it takes who exists; this does the same work for everybody.
    """
    sealed = base64.b64encode(encrypt(typed.ljust(254)[:254], about="reset-asked")).decode()
    queue(send_reset, sealed=sealed)
