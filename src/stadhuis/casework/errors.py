"""What can be wrong in casework. Each error carries the sentence for the member of staff."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CaseworkError(Exception):
    """Base: ``text`` is the sentence for the page, ``field`` the form field it belongs to (or '')."""

    text: str | Promise = ""
    field = ""

    def __init__(self, text: str | Promise = "") -> None:
        self.text = text or type(self).text
        super().__init__(str(type(self).__name__))


class NotAllowed(CaseworkError):
    """The member of staff may not do this with this zaak."""

    text = _("U mag dit niet doen bij deze zaak.")


class ZaakIsClosed(CaseworkError):
    """Nothing is proposed or decided in a closed zaak."""

    text = _("Deze zaak is afgesloten.")


class NothingToAssess(CaseworkError):
    """There is no application to assess in this zaak, or no scheme for its zaaktype."""

    text = _("Bij deze zaak hoort geen aanvraag met rekenregels.")


class ReasonsMissing(CaseworkError):
    """A decision rests on sound reasons. Source: Awb 3:46."""

    text, field = _("Schrijf waarom u dit besluit voorstelt. Zonder motivering kan het besluit niet weg."), "reasons"


class ReasonsTooLong(CaseworkError):
    """A letter that leaves out part of its reasons is worse than none."""

    text, field = _("De motivering is te lang voor een brief: er passen 10.000 tekens."), "reasons"


class ProposalExists(CaseworkError):
    """There is one living proposal per zaak."""

    text = _("Er ligt al een voorstel voor deze zaak.")


class FactsAreNewer(CaseworkError):
    """A decision rests on the facts as they are: what was established after the advice asks for new advice (Awb 3:2)."""

    text = _("Na het advies is er nog een gegeven vastgesteld. Beoordeel de aanvraag eerst opnieuw.")


class ProposalStandsFast(CaseworkError):
    """While a proposal lies with a second person, the facts under it do not change."""

    text, field = (
        _("Er ligt een voorstel op deze gegevens. Trek het voorstel eerst in, of laat het teruggeven."),
        "bron",
    )


class ProposalNotFound(CaseworkError):
    """There is no such proposal in this zaak."""

    text = _("Dit voorstel is er niet (meer).")


class ProposalInOtherState(CaseworkError):
    """Someone was earlier: the proposal is no longer in the state this deed needs."""

    text = _("Een collega was u voor. Bekijk het voorstel opnieuw.")


class OwnProposal(CaseworkError):
    """The second person is another person than the one who prepared the proposal."""

    text = _("U hebt dit voorstel zelf gemaakt. Een collega moet het beoordelen.")


class ProposalOfAnother(CaseworkError):
    """Whoever wrote a proposal takes it back; a colleague who disagrees returns it, with a remark."""

    text = _("Dit voorstel is van een collega. Alleen die kan het intrekken.")


class RemarkMissing(CaseworkError):
    """Whoever returns a proposal says why."""

    text, field = _("Schrijf wat er aan het voorstel moet veranderen."), "remark"


class LetterIncomplete(CaseworkError):
    """The letter lacks what the law asks: reasons, remedy clause, date or authority. Source: Awb 3:45, 3:46."""


class FactNotKnown(CaseworkError):
    """The key is not one of the answers of the application, or its value does not fit."""

    text, field = _("Dit gegeven past niet bij de aanvraag."), "value"


class DayImpossible(CaseworkError):
    """A day that lies before the application, in the future, or after the day on which it ends."""

    def __init__(self, text: str | Promise, field: str = "op") -> None:
        super().__init__(text)
        self.field = field


class NoEffect(CaseworkError):
    """The law gives what is entered no effect on this term: it comes too late, or the law does not know the ground."""

    field = "op"


class NoticeExists(CaseworkError):
    """One default notice is enough to start the two weeks."""

    text = _("Wij hebben uw ingebrekestelling al.")


class ReasonMissing(CaseworkError):
    """Whoever changes what was entered says why."""

    text, field = _("Schrijf wat er niet klopte."), "reden"


class UnitUnknown(CaseworkError):
    """There is no such unit today."""

    text, field = _("Kies een team dat er nu is."), "team"


class EventNotFound(CaseworkError):
    """There is no such event in this zaak, or it was corrected meanwhile."""

    text = _("Dit staat niet (meer) in de termijn van deze zaak. Bekijk de termijn opnieuw.")


class EventStandsFast(CaseworkError):
    """The event follows from another deed and is changed there."""

    text = _("Dit kunt u hier niet verbeteren.")
