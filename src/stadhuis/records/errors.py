"""What can be wrong with a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class RecordsError(Exception):
    """Something about records."""

    field = ""
    text: str | _StrPromise = _("Dat kan niet.")


class UnknownKind(RecordsError):
    """No room registered this kind: a programming error."""


class OnHold(RecordsError):
    """A record under a legal hold cannot be removed (Woo request, objection, court case)."""

    text = _("Dit moet bewaard blijven zolang het is vastgezet.")


class NotFound(RecordsError):
    """There is no such record or hold."""

    text = _("Dit is er niet (meer).")


class NotDue(RecordsError):
    """Its time has not come, or it is kept for good. Source: Archiefwet 1995 art. 3 and 5."""

    text = _("De bewaartermijn is nog niet voorbij.")


class ReasonMissing(RecordsError):
    """A hold, a change of class or an exclusion says why."""

    field, text = "reden", _("Schrijf waarom.")


class ClassUnknown(RecordsError):
    """There is no such retention class."""

    field, text = "klasse", _("Kies een klasse uit de lijst.")


class TermInvalid(RecordsError):
    """A class that is destroyed has a term, as an ISO 8601 duration."""

    field, text = "termijn", _("Vul een termijn in, bijvoorbeeld P7Y voor zeven jaar.")


class SameOwner(RecordsError):
    """Records are handed over from one owner to another one."""

    field, text = "naar", _("Kies een andere eigenaar.")


class OwnList(RecordsError):
    """Nobody approves a list of their own. Source: DESIGN section 5; BIO2 segregation of duties."""

    text = _("U hebt deze lijst zelf gemaakt. Een ander moet haar goedkeuren.")


class ListStandsFast(RecordsError):
    """A list that was approved, carried out or withdrawn does not change any more."""

    text = _("Deze lijst staat vast.")


class NothingToDestroy(RecordsError):
    """No record may be destroyed in this period."""

    text = _("Er is in deze periode niets dat vernietigd mag worden.")
