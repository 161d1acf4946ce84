"""Which pages there are, in which area, and what one must be allowed to do to open them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Card:
    """One page: where it is, what it is called and what it is for."""

    route: str
    title: _StrPromise
    text: _StrPromise
    icon: str = "settings"

    @property
    def url(self) -> str:
        """The address."""
        return reverse(self.route)


@dataclass(frozen=True)
class Area:
    """Pages that belong together, behind one action."""

    action: str
    title: _StrPromise
    cards: Sequence[Card] = ()


AREAS: tuple[Area, ...] = (
    Area("beheer.mensen", _("Mensen")),
    Area("beheer.toegang", _("Toegang")),
    Area(
        "beheer.naspeuren",
        _("Naspeuren"),
        (
            Card("administration:trail", _("Wie deed wat"), _("Zoek op nummer, persoon of dag."), "history"),
            Card("administration:chain", _("Zegels van het spoor"), _("Zie of er niets is veranderd."), "shield-check"),
        ),
    ),
    Area("beheer.draaien", _("Draaien")),
)


def of(actions: Collection[str]) -> list[Area]:
    """Return the areas that someone with these actions may enter and that hold something, in order."""
    return [area for area in AREAS if area.action in actions and area.cards]
