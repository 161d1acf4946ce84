"""What the house watches about notifications: what was given up, and what waits."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from stadhuis.kit import alarms, health
from stadhuis.notificaties.models import Delivery


def count_dead() -> int:
    """Return how many messages were given up. One statement."""
    return Delivery.objects.filter(state=Delivery.State.DEAD).count()


def figures() -> Iterator[Metric]:
    """Yield what waits and what was given up, for the metrics. Both states have an index; what was delivered is not counted."""
    deliveries = GaugeMetricFamily("stadhuis_deliveries", "Notifications that wait or were given up.", labels=["state"])
    rows = Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.DEAD])
    found = dict(rows.values_list("state").annotate(n=Count("pk")))
    for state in (Delivery.State.WAITING, Delivery.State.DEAD):
        deliveries.add_metric([state.value], found.get(state.value, 0))
    yield deliveries


def register() -> None:
    """Announce all of it, at start-up."""
    health.register_figures(figures)
    alarms.watch(
        alarms.Watch(
            "dead_deliveries",
            _("Berichten aan andere systemen zijn niet aangekomen"),
            _("Bel wie het andere systeem beheert. Werkt het weer, stuur de berichten dan opnieuw."),
            count_dead,
            lambda n: (
                ngettext(
                    "%(n)d bericht is na acht dagen opgegeven.", "%(n)d berichten zijn na acht dagen opgegeven.", n
                )
                % {"n": n}
            ),
            "administration:failed",
        )
    )
