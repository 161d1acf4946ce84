"""The twelve members of staff of the demo town and what their roles allow, as plain data (no Django).

Everybody has the same password and a secret for codes that follows from the user name: nothing here keeps anybody out,
and nothing here exists in production, which refuses the demo room.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from stadhuis.demo.town.catalogue import DOMEIN, KINDS

PASSWORD = "welkom-in-oeverveen"
EVERY = "*"
VERTROUWELIJK, ZAAKVERTROUWELIJK, INTERN = 5, 4, 3
"""Levels of the standard, up to which a role reaches."""


@dataclass(frozen=True)
class Role:
    """A role: ``actions`` on these zaaktypen (identificaties, or ``*``) up to a level; of one unit, when it is named."""

    code: str
    naam: str
    actions: tuple[str, ...]
    zaaktypen: tuple[str, ...]
    max_level: int
    unit: str = ""

    def grants(self) -> tuple[tuple[str, str, int], ...]:
        """Return (action, zaaktype_ref, level); who reads a zaak reads its documents and besluiten."""
        refs = [EVERY if one == EVERY else f"{DOMEIN}:{one}" for one in self.zaaktypen]
        own = [(action, ref, self.max_level) for action in self.actions for ref in refs]
        read = [(action, EVERY, self.max_level) for action in ("document.lezen", "besluit.lezen")]
        return (*own, *(read if "zaak.lezen" in self.actions else ()))


@dataclass(frozen=True)
class Medewerker:
    """A member of staff. ``note`` says what to try as this person."""

    username: str
    naam: str
    functie: str
    unit: str
    roles: tuple[str, ...]
    note: str

    @property
    def email(self) -> str:
        """The address at the town hall."""
        return f"{self.username}@oeverveen.example"

    @property
    def totp_secret(self) -> str:
        """The secret for codes, in base32; follows from the user name."""
        return base64.b32encode(hashlib.sha256(f"oeverveen:{self.username}".encode()).digest()[:20]).decode()


def _of_unit(*units: str) -> tuple[str, ...]:
    return tuple(kind.identificatie for kind in KINDS if kind.unit in units)


HANDLE = ("zaak.lezen", "zaak.aanmaken", "zaak.behandelen", "audittrail.lezen")
APPROVE = ("zaak.lezen", "zaak.besluiten", "audittrail.lezen")

ROLES: tuple[Role, ...] = (
    Role("behandelaar-inkomen", "Behandelaar inkomen", HANDLE, ("TOZO", "BIJZONDERE-BIJSTAND"), VERTROUWELIJK),
    Role("behandelaar-bbz", "Behandelaar bijstand zelfstandigen", HANDLE, ("BBZ",), VERTROUWELIJK),
    Role("beslisser-inkomen", "Beslisser inkomen", APPROVE, _of_unit("inkomen"), VERTROUWELIJK),
    Role("teammanager", "Teammanager", ("zaak.lezen", "zaak.verdelen", "zaak.besluiten", "audittrail.lezen", "adres.geheim"), (EVERY,), VERTROUWELIJK),
    Role("behandelaar-vergunningen", "Behandelaar vergunningen", HANDLE, _of_unit("vergunningen"), ZAAKVERTROUWELIJK),
    Role("behandelaar-samenleving", "Consulent samenleving", HANDLE, _of_unit("samenleving"), VERTROUWELIJK),
    Role("behandelaar-publiekszaken", "Behandelaar publiekszaken", HANDLE, _of_unit("publiekszaken"), ZAAKVERTROUWELIJK),
    Role("balie", "Balie", ("zaak.lezen", "zaak.aanmaken"), (EVERY,), ZAAKVERTROUWELIJK),
    Role("klachten-samenleving", "Klachten over Samenleving", HANDLE, ("KLACHT",), VERTROUWELIJK, unit="samenleving"),
    Role("jurist", "Jurist", HANDLE, _of_unit("juridisch"), VERTROUWELIJK),
    Role("meelezen", "Meelezen", ("zaak.lezen",), (EVERY,), VERTROUWELIJK),
    Role("functioneel-beheer", "Functioneel beheer",
         ("zaak.lezen", "audittrail.lezen", "beheer.mensen", "beheer.toegang", "beheer.naspeuren", "beheer.draaien",
          "beheer.catalogus"), (EVERY,), INTERN),
    Role("controle", "Controle", ("zaak.lezen", "audittrail.lezen", "beheer.naspeuren"), (EVERY,), VERTROUWELIJK),
    Role("archivaris", "Archivaris", ("zaak.lezen", "audittrail.lezen", "beheer.naspeuren"), (EVERY,), VERTROUWELIJK),
    Role("starter", "Starter", ("zaak.lezen",), ("BIJZONDERE-BIJSTAND",), ZAAKVERTROUWELIJK),
    Role("crisis", "Crisiscoördinatie", ("zaak.lezen", "zaak.verdelen"), _of_unit("inkomen", "vergunningen"), ZAAKVERTROUWELIJK),
    Role("noodtoegang", "Noodtoegang", ("zaak.noodtoegang",), (EVERY,), VERTROUWELIJK),
    Role("afgeschermde-personen", "Afgeschermde personen", ("persoon.afgeschermd",), (EVERY,), VERTROUWELIJK),
)  # fmt: skip

CLERK, SECOND_PERSON = "joris.kramer", "hanneke.visser"
MANAGER = "samira.elidrissi"

STAFF: tuple[Medewerker, ...] = (
    Medewerker(CLERK, "Joris Kramer", "Inkomensconsulent", "inkomen", ("behandelaar-inkomen",),
               "Behandelt Tozo en bijzondere bijstand: begin hier."),
    Medewerker(SECOND_PERSON, "Hanneke Visser", "Kwaliteitsmedewerker", "inkomen", ("beslisser-inkomen", "behandelaar-bbz"),
               "De tweede persoon: keurt voorstellen van Joris goed."),
    Medewerker(MANAGER, "Samira El Idrissi", "Teammanager", "inkomen", ("teammanager", "afgeschermde-personen"),
               "Verdeelt het werk en keurt besluiten van de andere teams goed; ziet als enige de zaken van wie is afgeschermd."),
    Medewerker("ruben.claassen", "Ruben Claassen", "Vergunningverlener", "vergunningen", ("behandelaar-vergunningen",),
               "Behandelt evenementen, bomen en terrassen."),
    Medewerker("linda.koster", "Linda Koster", "Medewerker balie", "publiekszaken", ("balie", "behandelaar-publiekszaken"),
               "Ziet aan de balie bijna alles, behandelt parkeren, verhuizing en uittreksels."),
    Medewerker("david.roos", "David Roos", "Jurist", "juridisch", ("jurist",), "Behandelt bezwaar, klachten en Woo-verzoeken."),
    Medewerker("bo.martens", "Bo Martens", "Wmo-consulent", "samenleving", ("behandelaar-samenleving", "klachten-samenleving"),
               "Behandelt Wmo, parkeerkaarten en subsidies, en van de klachten alleen die bij Samenleving liggen."),
    Medewerker("wilma.sanders", "Wilma Sanders", "Archivaris", "informatie", ("archivaris", "functioneel-beheer"),
               "Bewaart en vernietigt dossiers; de tweede beheerder van de toegang, naast Yusuf."),
    Medewerker("yusuf.aydin", "Yusuf Aydin", "Functioneel beheerder", "informatie", ("functioneel-beheer",),
               "Beheert mensen en toegang; ziet zaken tot en met 'intern'. Wilma is de tweede persoon."),
    Medewerker("carla.dejong", "Carla de Jong", "Concerncontroller", "oeverveen", ("controle",),
               "Leest zaken en wie wat deed; keurt mee als Wilma een vernietigingslijst maakt."),
    Medewerker("tim.degraaf", "Tim de Graaf", "Trainee", "inkomen", ("starter",), "Nieuw: ziet alleen bijzondere bijstand."),
    Medewerker("ingrid.blom", "Ingrid Blom", "Crisiscoördinator", "oeverveen", ("crisis", "noodtoegang"),
               "Ziet en verdeelt het werk van Inkomen en Vergunningen; opent de rest alleen met noodtoegang."),
)  # fmt: skip


@dataclass(frozen=True)
class Guest(Medewerker):
    """A partner who is let in for a while, at the request of a sponsor."""

    sponsor: str = ""
    purpose: str = ""
    days: int = 60

    @property
    def email(self) -> str:
        """The address at the partner."""
        return f"{self.username}@wijkteam.example"


GUEST = Guest("mo.bakker", "Mo Bakker", "Maatschappelijk werker", "samenleving", ("starter",),
              "Gast van het wijkteam: geen lijst van collega's, nooit beheerder, en een einddatum.",
              sponsor="bo.martens", purpose="Meekijken bij bijzondere bijstand van het wijkteam")  # fmt: skip
ADMINISTRATOR = "yusuf.aydin"
ABSENT, REPLACEMENT = "david.roos", MANAGER
"""The jurist is away for two weeks; the team manager, who may see everything, looks after that work."""

HANDLERS: dict[str, str] = {
    **{kind.identificatie: {"vergunningen": "ruben.claassen", "samenleving": "bo.martens", "publiekszaken": "linda.koster",
                            "juridisch": "david.roos"}.get(kind.unit, CLERK) for kind in KINDS},
    "BBZ": SECOND_PERSON,
}  # fmt: skip
"""Who handles a zaaktype."""


def decider_of(identificatie: str) -> str:
    """Return who approves: never the one who handles."""
    return SECOND_PERSON if HANDLERS[identificatie] == CLERK else MANAGER
