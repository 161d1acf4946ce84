"""Alarms: what is wrong, since when, what to do, and who sees to it. Rooms say what must be watched (``watch``, at start-up).

An alarm is one thing from the first time it is seen until it was well for a while; it is mailed to the operator once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from stadhuis.kit import mail
from stadhuis.kit.jobs import job, queue
from stadhuis.kit.models import Alarm
from stadhuis.kit.time import local, now

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WELL_FOR: Final = timedelta(minutes=5)
"""Something that comes and goes is one alarm, not one per minute."""


@dataclass(frozen=True)
class Watch:
    """Something to look at every minute. ``look`` returns 0 when all is well, else a figure that ``say`` puts in a sentence."""

    name: str
    title: _StrPromise
    advice: _StrPromise
    look: Callable[[], int]
    say: Callable[[int], str]
    route: str = ""
    """Where one sees to it, for whoever may."""


@dataclass(frozen=True)
class AlarmRecord:
    """An alarm in the words of the reader."""

    uuid: UUID
    name: str
    title: str
    text: str
    advice: str
    route: str
    figure: int
    raised_at: datetime
    ended_at: datetime | None
    taken_by: str
    taken_by_name: str
    taken_at: datetime | None


class AlarmGone(Exception):
    """There is no such alarm any more, or a colleague was earlier."""


class LooksFailed(Exception):
    """One or more watches could not look; the others did. The names stand in the text."""


_WATCHES: dict[str, Watch] = {}


def watch(one: Watch) -> None:
    """Register something to watch (from ``apps.ready``)."""
    _WATCHES[one.name] = one


def watches() -> tuple[Watch, ...]:
    """Return everything that is watched."""
    return tuple(_WATCHES.values())


def look_at_all() -> None:
    """Look at everything once: raise what is wrong, end what has been well for a while.

    Raises ``LooksFailed`` at the end when a watch could not look: the job fails, and a failed job is an alarm itself.
    """
    failed = []
    for one in watches():
        try:
            figure = one.look()
        except (OperationalError, InterfaceError, PoolTimeout):
            raise
        except Exception as error:  # noqa: BLE001  (one that is broken must not silence the others)
            failed.append(f"{one.name}: {type(error).__name__}")
        else:
            _note(one, figure)
    if failed:
        raise LooksFailed(", ".join(failed))


@transaction.atomic
def _note(one: Watch, figure: int) -> None:
    moment = now()
    row = Alarm.objects.select_for_update().filter(name=one.name, ended_at__isnull=True).first()
    if figure <= 0:
        if row is not None and moment - row.seen_at >= WELL_FOR:
            row.ended_at = moment
            row.save(update_fields=["ended_at"])
    elif row is None:
        row = Alarm.objects.create(name=one.name, figure=figure, raised_at=moment, seen_at=moment)
        if settings.OPERATOR_EMAIL:
            queue(mail_alarm, alarm_id=row.pk)
    else:
        row.figure, row.seen_at = figure, moment
        row.save(update_fields=["figure", "seen_at"])


@job("kit.mail_alarm", queue="mail")
def mail_alarm(alarm_id: int) -> None:
    """Tell the operator, once. Marked before it goes; a mail server that cannot take it now is asked again later."""
    with transaction.atomic():
        row = Alarm.objects.select_for_update().filter(pk=alarm_id, mailed_at__isnull=True).first()
        if row is None or not settings.OPERATOR_EMAIL:
            return
        row.mailed_at = now()
        row.save(update_fields=["mailed_at"])
    with translation.override(settings.LANGUAGE_CODE):
        shown = _shown(row)
        sentences = [
            shown.text,
            _("Sinds: %(when)s") % {"when": f"{local(row.raised_at):%d-%m-%Y %H:%M}"},
            shown.advice,
            f"{settings.PUBLIC_URL}/werkplek/beheer/draaien/",
        ]
        subject = _("Alarm bij %(town)s: %(title)s") % {"town": settings.TOWN_NAME, "title": shown.title}
    message = mail.compose(
        to_address=settings.OPERATOR_EMAIL, subject=subject, text="\n\n".join(sentences) + "\n", message_id=row.uuid
    )
    attempt = mail.send(message)
    if attempt.outcome is mail.Outcome.TRY_AGAIN:
        Alarm.objects.filter(pk=alarm_id).update(mailed_at=None)
        raise mail.NotNow(attempt.reason)


def standing() -> list[AlarmRecord]:
    """Return the alarms that stand, the oldest first. One statement."""
    return [_shown(row) for row in Alarm.objects.filter(ended_at__isnull=True).order_by("raised_at", "pk")]


def ended(*, limit: int = 20) -> list[AlarmRecord]:
    """Return the latest alarms that are over, newest first. One statement."""
    return [_shown(row) for row in Alarm.objects.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")[:limit]]


def figures() -> dict[str, int]:
    """Return the figure of each watch, 0 where nothing is wrong. One statement."""
    found = dict(Alarm.objects.filter(ended_at__isnull=True).values_list("name", "figure"))
    return {one.name: found.get(one.name, 0) for one in watches()}


def _shown(row: Alarm) -> AlarmRecord:
    one = _WATCHES.get(row.name)
    return AlarmRecord(
        uuid=row.uuid,
        name=row.name,
        title=str(one.title) if one else row.name,
        text=one.say(row.figure) if one else str(row.figure),
        advice=str(one.advice) if one else "",
        route=one.route if one else "",
        figure=row.figure,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        taken_by=row.taken_by,
        taken_by_name=row.taken_by_name,
        taken_at=row.taken_at,
    )


@transaction.atomic
def take(uuid: UUID, *, by: str, name: str) -> str:
    """Say 'I am on it'; returns the name of the alarm. Raises ``AlarmGone`` when it is over or a colleague was earlier."""
    row = Alarm.objects.select_for_update().filter(uuid=uuid, ended_at__isnull=True, taken_by="").first()
    if row is None:
        raise AlarmGone
    row.taken_by, row.taken_by_name, row.taken_at = by, name[:200], now()
    row.save(update_fields=["taken_by", "taken_by_name", "taken_at"])
    return row.name


@transaction.atomic
def let_go(uuid: UUID, *, by: str) -> str:
    """Say 'I am no longer on it'; returns the name of the alarm. Raises ``AlarmGone`` when it is not in these hands."""
    row = (
        Alarm.objects.select_for_update()
        .filter(uuid=uuid, ended_at__isnull=True, taken_by=by)
        .exclude(taken_by="")
        .first()
    )
    if row is None:
        raise AlarmGone
    row.taken_by, row.taken_by_name, row.taken_at = "", "", None
    row.save(update_fields=["taken_by", "taken_by_name", "taken_at"])
    return row.name


def forget_old(*, older_than: timedelta) -> int:
    """Remove alarms that ended that long ago; returns how many."""
    return Alarm.objects.filter(ended_at__lt=now() - older_than).filter(ended_at__gte=F("raised_at")).delete()[0]
