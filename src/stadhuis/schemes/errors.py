"""What can be wrong with what is asked of the schemes room."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class SchemesError(ValueError):
    """The schemes room cannot do what was asked."""

    code = "schemes"


class UnknownRuleVersion(SchemesError):
    """The rules of this version, or a scheme of this name, are not known here."""

    code = "unknown-rule-version"


class ImpossibleLoan(SchemesError):
    """A loan for which no repayment can be computed."""

    code = "impossible-loan"


FAULTS = {
    "missing": _("Dit antwoord ontbreekt."),
    "odd": _("Dit antwoord kunnen wij niet lezen."),
    "not-a-date": _("Dit is geen bestaande datum."),
    "not-a-month": _("Dit is geen bestaande maand."),
    "not-an-amount": _("Dit is geen bedrag in euro's en centen."),
    "negative": _("Dit bedrag mag niet onder nul liggen."),
    "not-positive": _("Dit bedrag moet hoger dan nul zijn."),
    "too-large": _("Dit bedrag is te hoog om waar te zijn."),
    "out-of-range": _("Dit getal ligt buiten wat gevraagd kan worden."),
    "in-the-future": _("Deze datum ligt na de aanvraag."),
    "nothing-asked": _("Kies wat u aanvraagt."),
    "not-truthful": _("Verklaar dat u alles naar waarheid hebt ingevuld."),
}


@dataclass(frozen=True)
class AnswerFault:
    """One answer that is missing or cannot be used."""

    key: str
    code: str

    @property
    def text(self) -> str:
        """The fault in the language of the reader."""
        return gettext(FAULTS[self.code])


class UnusableAnswers(SchemesError):
    """Answers that cannot become inputs of a rule; all faults together."""

    code = "unusable-answers"

    def __init__(self, faults: tuple[AnswerFault, ...]) -> None:
        super().__init__(", ".join(f"{fault.key}: {fault.code}" for fault in faults))
        self.faults = faults
