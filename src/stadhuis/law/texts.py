"""The sentences that explain a date, in Dutch (B1); the English ones stand in locale/en."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES: Final = {
    "received": _("Wij kregen de aanvraag op %(start)s. De termijn begint een dag later."),
    "objection-term": _("Het besluit is op %(start)s bekendgemaakt. Bezwaar kon tot en met %(last)s. De termijn begint een dag later."),
    "term": _("De termijn is %(length)s. Dan is de laatste dag %(deadline)s."),
    "suspended-supplement": _("Wij vroegen om meer gegevens. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "suspended-abroad": _("Wij wachtten op gegevens uit het buitenland. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "suspended-consent": _("De aanvrager vond uitstel goed. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "suspended-applicant": _("De vertraging kwam door de aanvrager. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "suspended-force-majeure": _("Er was overmacht. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "suspended-views": _("Anderen gaven hun mening. Van %(first)s tot en met %(last)s stond de termijn stil."),
    "no-suspension-without-term": _("Op %(start)s vroegen wij om meer gegevens, zonder termijn. Dan staat de termijn niet stil."),
    "no-suspension-no-days": _("De gegevens kwamen meteen of de dagen telden al mee. De termijn stond niet extra stil."),
    "no-effect-too-late": _("Wat op %(start)s gebeurde, kwam na de laatste dag. Het verandert de termijn niet."),
    "no-ground-in-law": _("Wat op %(start)s gebeurde, zet deze termijn volgens de wet niet stil."),
    "extended": _("Op %(start)s is de termijn verlengd met %(length)s. De laatste dag werd %(deadline)s."),
    "extension-not-allowed": _("De verlenging van %(start)s mag niet: de wet kent er een, van hoogstens %(length)s."),
    "notice-4-14-lid-3": _("Op %(start)s noemden wij een nieuwe redelijke termijn. De laatste dag werd %(deadline)s."),
    "notice-4-14-lid-1": _("Op %(start)s schreven wij dat het later wordt. De wettelijke laatste dag blijft %(deadline)s."),
    "default-notice": _("Op %(start)s kregen wij een ingebrekestelling."),
    "default-notice-too-early": _("Op %(start)s kregen wij een ingebrekestelling, maar de termijn liep nog. Die telt niet."),
    "outage": _("Van %(first)s tot en met %(last)s werkte het digitale kanaal niet."),
    "outage-extended": _("Het digitale kanaal werkte niet op de laatste dag. De termijn loopt door tot en met %(deadline)s."),
    "outage-near-the-end": _("Van %(first)s tot en met %(last)s werkte het digitale kanaal niet. Kwam iets daardoor te laat? Dan rekenen wij dat niet aan."),
    "atw-1": _("De laatste dag was een zaterdag, zondag of feestdag. De termijn loopt door tot en met %(deadline)s."),
    "atw-2": _("In de termijn zaten te weinig werkdagen. De termijn loopt door tot en met %(deadline)s."),
    "atw-not": _("De Algemene termijnenwet geldt niet voor deze termijn. De laatste dag schuift niet op."),
    "decree-unknown": _("Voor dit jaar zijn de extra vrije dagen nog niet bekend. De laatste dag kan nog opschuiven."),
    "decided": _("Wij namen het besluit op %(start)s."),
    "announced": _("Wij maakten het besluit bekend op %(start)s."),
    "penalty-notice": _("Op %(start)s kregen wij de ingebrekestelling. Wij hebben dan nog twee weken, tot en met %(last)s."),
    "penalty-in-time": _("Wij maakten het besluit op %(start)s bekend, binnen de twee weken. Er is geen dwangsom."),
    "penalty-runs": _("De dwangsom loopt vanaf %(first)s, hoogstens %(days)s dagen, dus uiterlijk tot en met %(last)s."),
    "penalty-stopped": _("Wij maakten het besluit op %(start)s bekend. De dwangsom loopt tot en met %(last)s."),
    "penalty-fix": _("Wij stellen de dwangsom vast, uiterlijk op %(last)s."),
}  # fmt: skip

UNITS: Final = {
    "days": (_("%(n)s dag"), _("%(n)s dagen")),
    "weeks": (_("%(n)s week"), _("%(n)s weken")),
    "months": (_("%(n)s maand"), _("%(n)s maanden")),
    "years": (_("%(n)s jaar"), _("%(n)s jaar")),
}


def length_text(length: int, unit: str) -> str:
    """Return for example "8 weken" in the language of the reader."""
    one, many = UNITS[unit]
    return gettext(one if length == 1 else many) % {"n": length}
