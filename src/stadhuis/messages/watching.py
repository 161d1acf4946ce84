"""What the house watches about mail: whether the relay answers, and how much comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from stadhuis.kit import alarms, health, mail, outages, watch
from stadhuis.messages.reads import bounce_figures, mail_counts

PERIOD: Final = timedelta(days=1)
BOUNCE_MAILBOX: Final = "bounce_mailbox"
LEAST_BACK: Final = 5
BOUNCE_PERCENT: Final = 10


def bounce_percent() -> int:
    """Return which part of the mails of the last day came back or was refused; 0 below what is normal."""
    found = bounce_figures(PERIOD)
    if found.came_back < LEAST_BACK:
        return 0
    percent = round(100 * found.came_back / found.sent)
    return percent if percent >= BOUNCE_PERCENT else 0


def figures() -> Iterator[Metric]:
    """Yield the mails by state for the metrics."""
    mails = GaugeMetricFamily("stadhuis_mails", "Mails by state.", labels=["state"])
    for state, count in mail_counts().items():
        mails.add_metric([state], count)
    yield mails


def register() -> None:
    """Announce all of it, at start-up."""
    watch.register_channel(outages.MAIL, mail.is_reachable)
    health.register_figures(figures)
    alarms.watch(
        alarms.Watch(
            "mail_bounces",
            _("Veel mail komt terug"),
            _("Kijk bij de mailserver of wij op een zwarte lijst staan en of SPF, DKIM en DMARC kloppen. De mails zelf staan bij Mails nakijken."),
            bounce_percent,
            lambda n: gettext("%(n)d procent van de mails van de laatste dag kwam terug of werd geweigerd.") % {"n": n},
            "workplace:mails",
        )
    )  # fmt: skip
    alarms.watch(
        alarms.Watch(
            BOUNCE_MAILBOX,
            _("De mailbox met teruggekomen mail is niet te lezen"),
            _("Controleer de instellingen STADHUIS_BOUNCE_IMAP en of de mailserver het doet. Zolang dit duurt, weten wij niet welke mail terugkomt."),
            lambda: watch.failing_minutes(BOUNCE_MAILBOX),
            lambda n: ngettext("Het lukt nu %(n)d minuut niet.", "Het lukt al %(n)d minuten niet.", n) % {"n": n},
        )
    )  # fmt: skip
