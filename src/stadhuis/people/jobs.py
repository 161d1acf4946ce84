"""Jobs of people."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from stadhuis.kit.jobs import periodic
from stadhuis.kit.time import now
from stadhuis.people.models import LoginAttempt, LoginSession, SpentLogout

WRONG_ATTEMPTS_FOR = timedelta(days=2)
RIGHT_ATTEMPTS_FOR = timedelta(days=90)
"""A usual address stays known this long."""
SPENT_FOR = timedelta(hours=1)
"""A logout token that has expired is refused anyway; an hour covers clocks that differ."""
SESSIONS_FOR = timedelta(days=90)


@periodic("17 3 * * *", "people.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Every night: remove attempts, sessions that ended long ago, and the browser sessions that expired."""
    moment = now()
    LoginAttempt.objects.filter(succeeded=False, at__lt=moment - WRONG_ATTEMPTS_FOR).delete()
    LoginAttempt.objects.filter(at__lt=moment - RIGHT_ATTEMPTS_FOR).delete()
    LoginSession.objects.filter(ends_at__lt=moment - SESSIONS_FOR).delete()
    SpentLogout.objects.filter(expires_at__lt=moment - SPENT_FOR).delete()
    Session.objects.filter(expire_date__lt=moment).delete()
