"""What the house watches about terms: those that passed, and those that are about to."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stadhuis.casework.models import WorkItem
from stadhuis.kit import alarms
from stadhuis.kit.time import today

SOON: Final = timedelta(days=2)


def count_late() -> int:
    """Return of how many open zaken the last day to decide has passed. One statement, by index."""
    return WorkItem.objects.filter(is_open=True, deadline__lt=today()).count()


def count_nearly_late() -> int:
    """Return of how many open zaken the last day to decide is today or within two days. One statement, by index."""
    return WorkItem.objects.filter(is_open=True, deadline__gte=today(), deadline__lte=today() + SOON).count()


def register() -> None:
    """Announce both, at start-up."""
    alarms.watch(
        alarms.Watch(
            "late_clocks",
            _("Termijnen zijn verstreken"),
            _("Zeg het tegen de teamleider. De zaken staan bovenaan de werkvoorraad. Na een ingebrekestelling loopt een dwangsom (Awb 4:17)."),
            count_late,
            lambda n: ngettext("%(n)d zaak is over de termijn.", "%(n)d zaken zijn over de termijn.", n) % {"n": n},
            "workplace:worklist",
        )
    )  # fmt: skip
    alarms.watch(
        alarms.Watch(
            "near_clocks",
            _("Termijnen verstrijken bijna"),
            _("Zeg het tegen de teamleider. Lukt het niet op tijd? Laat het de aanvrager dan weten (Awb 4:14)."),
            count_nearly_late,
            lambda n: (
                ngettext(
                    "Van %(n)d zaak is de laatste dag uiterlijk overmorgen.",
                    "Van %(n)d zaken is de laatste dag uiterlijk overmorgen.",
                    n,
                )
                % {"n": n}
            ),
            "workplace:worklist",
        )
    )
