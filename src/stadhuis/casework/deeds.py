"""What was done, in the words of the people who read the trail. The trail itself keeps the standard's terms."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_THINGS = {
    "zaak": gettext_noop("Zaak"),
    "status": gettext_noop("Status"),
    "rol": gettext_noop("Betrokkene"),
    "resultaat": gettext_noop("Resultaat"),
    "zaakeigenschap": gettext_noop("Kenmerk"),
    "zaakinformatieobject": gettext_noop("Document"),
    "zaaknotitie": gettext_noop("Notitie"),
    "zaakobject": gettext_noop("Object"),
    "zaakbesluit": gettext_noop("Besluit"),
    "klantcontact": gettext_noop("Klantcontact"),
    "zaakcontactmoment": gettext_noop("Contactmoment"),
    "zaakverzoek": gettext_noop("Verzoek"),
    "substatus": gettext_noop("Deelstatus"),
    "enkelvoudiginformatieobject": gettext_noop("Document"),
    "besluit": gettext_noop("Besluit"),
    "besluitinformatieobject": gettext_noop("Document bij het besluit"),
}
_DEEDS = {
    "create": gettext_noop("%(thing)s toegevoegd"),
    "update": gettext_noop("%(thing)s gewijzigd"),
    "partial_update": gettext_noop("%(thing)s gewijzigd"),
    "destroy": gettext_noop("%(thing)s verwijderd"),
}
_OWN = {
    "zaak toegewezen": gettext_noop("Zaak toegewezen"),
    "zaak teruggelegd": gettext_noop("Zaak teruggelegd"),
    "gegeven vastgesteld": gettext_noop("Gegeven vastgesteld"),
    "besluit voorgesteld": gettext_noop("Besluit voorgesteld"),
    "besluit goedgekeurd": gettext_noop("Besluit goedgekeurd"),
    "voorstel teruggegeven": gettext_noop("Voorstel teruggegeven"),
    "voorstel ingetrokken": gettext_noop("Voorstel ingetrokken"),
    "besluit verzonden": gettext_noop("Besluit verzonden"),
    "mail nagekeken": gettext_noop("Mail nagekeken"),
    "ledger_read": gettext_noop("Bekeken wie een dossier opende"),
    "hold_placed": gettext_noop("Dossier vastgezet"),
    "hold_lifted": gettext_noop("Dossier niet meer vastgezet"),
    "handed_over": gettext_noop("Dossiers overgedragen"),
    "destruction_list_made": gettext_noop("Lijst voor vernietiging gemaakt"),
    "destruction_list_approved": gettext_noop("Lijst voor vernietiging goedgekeurd"),
    "destruction_list_withdrawn": gettext_noop("Lijst voor vernietiging ingetrokken"),
    "destruction_item_excluded": gettext_noop("Dossier van de lijst gehaald"),
    "destruction_done": gettext_noop("Dossiers vernietigd"),
    "destruction_failed": gettext_noop("Vernietigen mislukt"),
    "verzoek approved": gettext_noop("Verzoek om een recht goedgekeurd"),
    "verzoek refused": gettext_noop("Verzoek om een recht afgewezen"),
    "verzoek withdrawn": gettext_noop("Verzoek om een recht ingetrokken"),
}


def in_words(actie: str, resource: str) -> str:
    """Return what a line of the trail says was done: "Document toegevoegd". What has no words here stays as it was written."""
    if actie == "create" and resource == "zaak":
        return _("Zaak begonnen")
    if actie in _DEEDS:
        thing = _(_THINGS[resource]) if resource in _THINGS else resource[:1].upper() + resource[1:]
        return _(_DEEDS[actie]) % {"thing": thing}
    if actie in _OWN:
        return _(_OWN[actie])
    return actie[:1].upper() + actie[1:]
