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
    Area(
        "beheer.mensen",
        _("Mensen"),
        (
            Card("administration:people", _("Medewerkers"), _("Zoeken, toevoegen, vertrek en tweede factor."), "users"),
            Card(
                "administration:add_guest",
                _("Gast toevoegen"),
                _("Een partner met begeleider, doel en einddatum."),
                "plus",
            ),
            Card(
                "administration:units",
                _("Organisatie"),
                _("De onderdelen op een dag, met hun geschiedenis."),
                "building-2",
            ),
            Card(
                "administration:groups",
                _("Groepen en rollen"),
                _("Welke groep welke rol geeft bij eenmalig inloggen."),
                "link",
            ),
        ),
    ),
    Area(
        "beheer.toegang",
        _("Toegang"),
        (
            Card("administration:roles", _("Rollen en rechten"), _("Geef, beëindig en verbeter rollen."), "lock"),
            Card("administration:requests", _("Verzoeken"), _("Keur bijzondere rechten goed."), "stamp"),
            Card(
                "administration:matrix",
                _("Wie mag wat"),
                _("Alles naast elkaar, per rol en per persoon."),
                "list-checks",
            ),
        ),
    ),
    Area(
        "beheer.toegang",
        _("Applicaties"),
        (
            Card(
                "administration:applications",
                _("Applicaties"),
                _("Welke applicaties de API's gebruiken, wat zij mogen en hoe het met ze gaat."),
                "link",
            ),
            Card(
                "administration:connect",
                _("Applicatie aansluiten"),
                _("Client-id, geheim en rechten, in vijf minuten."),
                "plus",
            ),
        ),
    ),
    Area(
        "beheer.naspeuren",
        _("Naspeuren"),
        (
            Card("administration:trail", _("Wie deed wat"), _("Zoek op nummer, persoon of dag."), "history"),
            Card(
                "administration:chain",
                _("Is het logboek heel?"),
                _("Zie of niemand er iets in veranderde."),
                "shield-check",
            ),
            Card(
                "administration:records",
                _("Dossiers"),
                _("Wie een dossier opende, wat vastgezet is en hoe lang het bewaard wordt."),
                icon="file",
            ),
            Card(
                "administration:destruction",
                _("Vernietigen"),
                _("Wat het komende kwartaal vernietigd mag worden, en de verklaringen daarvan."),
                icon="trash-2",
            ),
            Card(
                "administration:classes",
                _("Bewaartermijnen"),
                _("De klassen van de selectielijst met hun termijn."),
                icon="calendar",
            ),
            Card(
                "administration:owners",
                _("Eigenaren van dossiers"),
                _("Welk team hoeveel dossiers heeft, en overdragen bij een samenvoeging."),
                icon="folder-open",
            ),
        ),
    ),
    Area(
        "beheer.catalogus",
        _("Catalogus"),
        (
            Card(
                "administration:catalogi",
                _("Catalogi en zaaktypen"),
                _("Welke versies er zijn, een nieuwe versie maken en publiceren, exporteren."),
                "folder-open",
            ),
            Card(
                "administration:catalogus_import",
                _("Catalogus inlezen"),
                _("Neem een export van dit of een ander systeem over."),
                "upload",
            ),
        ),
    ),
    Area(
        "beheer.draaien",
        _("Draaien"),
        (
            Card(
                "administration:running",
                _("Hoe draait het"),
                _("Alarmen, wie ermee bezig is, en hoe elk kanaal ervoor staat."),
                icon="bell",
            ),
            Card(
                "administration:outages",
                _("Storingen"),
                _("Storingen bekijken en vastleggen. Termijnen houden er rekening mee."),
                icon="triangle-alert",
            ),
            Card(
                "administration:failed",
                _("Mislukt werk"),
                _("Taken en berichten die mislukt zijn, met een knop om ze opnieuw te starten."),
                icon="refresh-cw",
            ),
            Card(
                "administration:subscribers",
                _("Abonnementen"),
                _("Welke systemen berichten krijgen, en of die aankomen."),
                icon="send",
            ),
            Card(
                "administration:incomplete_types",
                _("Onvolledige zaaktypen"),
                _("Gepubliceerd, maar zonder statustypen, resultaattypen of roltypen."),
                icon="circle-help",
            ),
        ),
    ),
)


def of(actions: Collection[str]) -> list[Area]:
    """Return the areas that someone with these actions may enter and that hold something, in order."""
    return [area for area in AREAS if area.action in actions and area.cards]
