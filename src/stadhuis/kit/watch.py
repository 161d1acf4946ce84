"""The look round of every minute: is each channel well, did nobody look for a while, and is anything else wrong.

Rooms say how their channel is looked at (``register_channel``, at start-up).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from psycopg_pool import PoolTimeout

from stadhuis.kit import alarms, health, outages, outside, traffic
from stadhuis.kit.jobs import count_failed, count_stuck, periodic
from stadhuis.kit.models import ChannelState, Outage
from stadhuis.kit.time import now

log = logging.getLogger(__name__)
HEARTBEAT: Final = "heartbeat"
GAP: Final = timedelta(minutes=5)
"""Nobody looked for this long: then nobody could be helped either, as far as we can tell."""
ERROR_PERIOD: Final = timedelta(minutes=10)
LEAST_ERRORS: Final = 5
ERROR_PERCENT: Final = 2
_CHECKS: dict[str, Callable[[], bool]] = {}
_SELF = outside.Source("this town hall", max_bytes=4 * 1024 * 1024)


def register_channel(channel: str, is_well: Callable[[], bool]) -> None:
    """Say how a channel of ``outages.CHANNELS`` is looked at; ``is_well`` does not raise."""
    _CHECKS[channel] = is_well


def answers(path: str, *, well: frozenset[int] = frozenset({200})) -> bool:
    """Say whether an address of our own answers as it should, over the network as a visitor comes."""
    host = urlsplit(settings.PUBLIC_URL).netloc
    try:
        return _SELF.call("GET", f"{settings.WATCH_URL}{path}", headers={"Host": host, "Accept": "*/*"}).status in well
    except outside.OutsideError:
        return False


@periodic("* * * * *", "kit.look_round")
def look_round(timestamp: int) -> None:
    """Every minute: note gaps, look at the channels, then at everything else.

    Without a database there is nothing to write down, and the next minute looks again: that is no work that failed.
    """
    try:
        note_gap()
        for channel, is_well in _CHECKS.items():
            note_channel(channel, is_well=is_well())
        alarms.look_at_all()
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        log.warning("look round broken off", extra={"reason": type(error).__name__})


@periodic("53 3 * * *", "kit.forget_old_watch")
def forget_old(timestamp: int) -> None:
    """Every night: forget counts of last week and alarms of last year. Outages stay: terms rest on them."""
    traffic.forget_old(older_than=timedelta(days=7))
    alarms.forget_old(older_than=timedelta(days=365))


@transaction.atomic
def note_gap() -> bool:
    """Remember that we looked; says whether nobody did for a while. That counts as an outage of portal and API.

    An administrator who knows better withdraws it.
    """
    moment = now()
    row, _is_new = ChannelState.objects.select_for_update().get_or_create(
        channel=HEARTBEAT, defaults={"checked_at": moment}
    )
    before, row.checked_at = row.checked_at, moment
    row.save(update_fields=["checked_at"])
    if moment - before < GAP:
        return False
    for channel in (outages.PORTAL, outages.API):
        if not any(one.started_at <= before for one in outages.between([channel], before, moment)):
            outages.record(channel, before, moment, reason="", by="system", source=Outage.Source.GAP)
    return True


@transaction.atomic
def note_channel(channel: str, *, is_well: bool) -> None:
    """Write down one look. Two that fail in a row are an outage, from the first of them; the first good one ends it.

    What a person recorded is ended by a person.
    """
    moment = now()
    row, _is_new = ChannelState.objects.select_for_update().get_or_create(
        channel=channel, defaults={"checked_at": moment}
    )
    open_one = Outage.objects.filter(channel=channel, ended_at__isnull=True, withdrawn_at__isnull=True).first()
    if is_well:
        if open_one is not None and open_one.source != Outage.Source.PERSON and open_one.started_at < moment:
            outages.end(open_one.uuid, at=moment)
        row.failing_since = None
    elif row.failing_since is None:
        row.failing_since = moment
    elif open_one is None and not _was_withdrawn(channel, row.failing_since):
        outages.record(channel, row.failing_since, None, reason="", by="system", source=Outage.Source.CHECK)
    row.checked_at, row.is_well = moment, is_well
    row.save()


@transaction.atomic
def note_state(name: str, *, is_well: bool) -> None:
    """Write down how something else than a channel was at the latest look: a job that failed each time would only pile up."""
    moment = now()
    row, _is_new = ChannelState.objects.select_for_update().get_or_create(channel=name, defaults={"checked_at": moment})
    row.failing_since = None if is_well else row.failing_since or moment
    row.checked_at, row.is_well = moment, is_well
    row.save()


def failing_minutes(name: str) -> int:
    """Return for how many minutes something has failed, at least 1; 0 when it is well or was never looked at."""
    since = ChannelState.objects.filter(channel=name).values_list("failing_since", flat=True).first()
    return 0 if since is None else max(1, int((now() - since).total_seconds() // 60))


def _was_withdrawn(channel: str, failing_since: datetime) -> bool:
    """A person said that this is no outage: then it is not recorded again every minute."""
    return Outage.objects.filter(channel=channel, started_at=failing_since, withdrawn_at__isnull=False).exists()


def channels() -> list[ChannelState]:
    """Return how each channel was at the latest look, in the order of ``outages.CHANNELS``. One statement."""
    rows = {row.channel: row for row in ChannelState.objects.all()}
    return [rows[channel] for channel in outages.CHANNELS if channel in rows]


def _error_percent() -> int:
    found = traffic.of_the_last(ERROR_PERIOD)
    if found.errors < LEAST_ERRORS:
        return 0
    percent = round(100 * found.errors / found.requests)
    return percent if percent >= ERROR_PERCENT else 0


def figures() -> Iterator[Metric]:
    """Yield alarms, channels and outages for the metrics."""
    alarm = GaugeMetricFamily("stadhuis_alarm", "Figure of each alarm; 0 when all is well.", labels=["name"])
    for name, figure in alarms.figures().items():
        alarm.add_metric([name], figure)
    up = GaugeMetricFamily("stadhuis_channel_up", "Whether a channel was well at the latest look.", labels=["channel"])
    down = GaugeMetricFamily("stadhuis_outage", "Whether an outage of a channel is on record now.", labels=["channel"])
    lasting = {one.channel for one in outages.current()}
    for row in channels():
        up.add_metric([row.channel], int(row.is_well))
    for channel in outages.CHANNELS:
        down.add_metric([channel], int(channel in lasting))
    yield from (alarm, up, down)


def register_watches() -> None:
    """Register what the kit itself watches (at start-up)."""
    health.register_figures(figures)
    failed = "administration:failed"
    alarms.watch(
        alarms.Watch(
            "stuck_jobs",
            _("Werk blijft liggen"),
            _("Kijk of de worker draait (systemctl status stadhuis-worker) en wat hij in zijn log zegt. Start hem zo nodig opnieuw."),
            count_stuck,
            lambda n: ngettext("%(n)d taak had allang klaar moeten zijn.", "%(n)d taken hadden allang klaar moeten zijn.", n) % {"n": n},
        )
    )  # fmt: skip
    alarms.watch(
        alarms.Watch(
            "failed_jobs",
            _("Werk is mislukt"),
            _("Zoek in de logs op het spoor van de taak. Los de oorzaak op en start de taak opnieuw."),
            count_failed,
            lambda n: ngettext("%(n)d taak is voorgoed mislukt.", "%(n)d taken zijn voorgoed mislukt.", n) % {"n": n},
            failed,
        )
    )
    alarms.watch(
        alarms.Watch(
            "errors",
            _("Veel pagina's geven een fout"),
            _("Zoek in de logs van de webserver op 'unexpected error'. Begon het na een nieuwe versie? Ga dan terug naar de vorige."),
            _error_percent,
            lambda n: gettext("%(n)d procent van de antwoorden in tien minuten was een fout.") % {"n": n},
        )
    )  # fmt: skip
    alarms.watch(
        alarms.Watch(
            "channels",
            _("Inwoners kunnen ons niet bereiken"),
            _("Kijk bij Storingen welk kanaal het is. Zet zo nodig een bericht op de eigen website en bel de leverancier."),
            lambda: len(outages.current()),
            lambda n: ngettext("%(n)d kanaal ligt eruit.", "%(n)d kanalen liggen eruit.", n) % {"n": n},
            "administration:outages",
        )
    )  # fmt: skip
