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
    "applicatie": gettext_noop("Applicatie"),
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
    "zaak overgedragen": gettext_noop("Zaak overgedragen aan een ander team"),
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
    # Accounts, units and roles: said by the rooms below the trail.
    "medewerker toegevoegd": gettext_noop("Medewerker toegevoegd"),
    "gast toegevoegd": gettext_noop("Gast toegevoegd"),
    "uitnodiging opnieuw verstuurd": gettext_noop("Uitnodiging opnieuw verstuurd"),
    "gegevens van medewerker gewijzigd": gettext_noop("Gegevens van medewerker gewijzigd"),
    "eerste wachtwoord gekozen": gettext_noop("Eerste wachtwoord gekozen"),
    "wachtwoord hersteld": gettext_noop("Wachtwoord hersteld"),
    "wachtwoord gewijzigd": gettext_noop("Wachtwoord gewijzigd"),
    "wachtwoord gezet": gettext_noop("Wachtwoord gezet"),
    "overal uitgelogd": gettext_noop("Overal uitgelogd"),
    "op andere apparaten uitgelogd": gettext_noop("Op andere apparaten uitgelogd"),
    "tweede factor gewist": gettext_noop("Tweede factor gewist"),
    "herstelcodes gemaakt": gettext_noop("Herstelcodes gemaakt"),
    "herstelcode gebruikt": gettext_noop("Herstelcode gebruikt"),
    "app voor codes ingesteld": gettext_noop("App voor codes ingesteld"),
    "app voor codes vervangen": gettext_noop("App voor codes vervangen"),
    "passkey toegevoegd": gettext_noop("Passkey toegevoegd"),
    "passkey verwijderd": gettext_noop("Passkey verwijderd"),
    "gekoppeld aan eenmalig inloggen": gettext_noop("Gekoppeld aan eenmalig inloggen"),
    "koppeling met eenmalig inloggen verwijderd": gettext_noop("Koppeling met eenmalig inloggen verwijderd"),
    "gekoppeld aan persoon": gettext_noop("Gekoppeld aan persoon"),
    "koppeling met persoon verwijderd": gettext_noop("Koppeling met persoon verwijderd"),
    "laatste dag gezet": gettext_noop("Laatste dag gezet"),
    "laatste dag ingetrokken": gettext_noop("Laatste dag ingetrokken"),
    "toegang beëindigd": gettext_noop("Toegang beëindigd"),
    "gast verlengd": gettext_noop("Gast verlengd"),
    "gast beëindigd": gettext_noop("Gast beëindigd"),
    "afwezigheid vastgelegd": gettext_noop("Afwezigheid vastgelegd"),
    "afwezigheid ingetrokken": gettext_noop("Afwezigheid ingetrokken"),
    "groep geeft rol": gettext_noop("Groep geeft rol"),
    "groep geeft rol niet meer": gettext_noop("Groep geeft rol niet meer"),
    "onderdeel toegevoegd": gettext_noop("Onderdeel toegevoegd"),
    "onderdeel gewijzigd": gettext_noop("Onderdeel gewijzigd"),
    "onderdeel samengevoegd": gettext_noop("Onderdeel samengevoegd"),
    "rol gemaakt": gettext_noop("Rol gemaakt"),
    "rol gewijzigd": gettext_noop("Rol gewijzigd"),
    "rol gegeven": gettext_noop("Rol gegeven"),
    "rol beëindigd": gettext_noop("Rol beëindigd"),
    "rol verhuisd": gettext_noop("Rol verhuisd naar een ander onderdeel"),
    "rol gevraagd": gettext_noop("Rol gevraagd"),
    "recht toegevoegd": gettext_noop("Recht toegevoegd"),
    "recht verhuisd": gettext_noop("Recht geldt voortaan bij een ander onderdeel"),
    "recht gevraagd": gettext_noop("Recht gevraagd"),
    "recht beëindigd": gettext_noop("Recht beëindigd"),
    "persoon afgeschermd": gettext_noop("Persoon afgeschermd"),
    "opheffen afscherming gevraagd": gettext_noop("Gevraagd om een afscherming op te heffen"),
    "afscherming opgeheven": gettext_noop("Afscherming opgeheven"),
    "afscherming blijft": gettext_noop("Afscherming blijft"),
    "verzoek goedgekeurd": gettext_noop("Verzoek goedgekeurd"),
    "verzoek afgewezen": gettext_noop("Verzoek afgewezen"),
    "verzoek vervallen": gettext_noop("Verzoek vervallen"),
    "verzoek ingetrokken": gettext_noop("Verzoek ingetrokken"),
    "familie opgehaald": gettext_noop("Familie opgehaald"),
    "meegekeken als": gettext_noop("Meegekeken als"),
    "belang gemeld": gettext_noop("Belang gemeld"),
    "belang beëindigd": gettext_noop("Belang beëindigd"),
    "noodtoegang gebruikt": gettext_noop("Noodtoegang gebruikt"),
    "noodtoegang gesloten": gettext_noop("Noodtoegang gesloten"),
    "noodtoegang gezien": gettext_noop("Noodtoegang gezien"),
    "adres geheim": gettext_noop("Adres geheim"),
    "adres niet meer geheim": gettext_noop("Adres niet meer geheim"),
    "geheim gezet": gettext_noop("Geheim gezet"),
    "geheim ingetrokken": gettext_noop("Geheim ingetrokken"),
    "verbinding geprobeerd": gettext_noop("Verbinding geprobeerd"),
    "abonnement beëindigd": gettext_noop("Abonnement beëindigd"),
    "alleen lezen": gettext_noop("Alleen lezen"),
    "weer open": gettext_noop("Weer open"),
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
