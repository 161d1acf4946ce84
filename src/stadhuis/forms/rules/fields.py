"""One answer: read from what was typed, checked, and shown again.

``clean`` is idempotent: what it returns it accepts again, so a draft may hold both what is right and what is still wrong.
An empty answer is None, an empty list, or a selectboxes answer without a choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.exceptions import ValidationError as NumberError
from stdnum.nl import bsn

from stadhuis.forms.rules.definition import DEFAULT_MAX_LENGTH, NUMBER_TYPES, TEXT_TYPES, Component

Answer = Any
"""JSON: text, number, boolean, list or object, by the type of the component; None when there is none."""

LONGEST_KEPT = 20_000
"""Characters of one answer that a draft keeps even when the answer is too long for the question."""

MAX_ROWS = 50
"""Rows of a repeating group, and values of a question that takes several."""

_LARGEST = Decimal("999999999999")
_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*([A-Za-z]{2})")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*")
_DUTCH_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Wrong(Exception):
    """An answer that does not do; the text tells the resident what to change."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def is_empty(value: Answer) -> bool:
    """Return whether there is no answer."""
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    return value is None or value == "" or value == [] or value is False


def is_storable(value: Answer) -> bool:
    """Return whether a value can be kept: no NUL or other control characters, no half characters, not endlessly long."""
    if isinstance(value, str):
        return len(value) <= LONGEST_KEPT and not _UNPRINTABLE.search(value)
    if isinstance(value, Mapping):
        return len(value) <= 200 and all(is_storable(key) and is_storable(part) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return len(value) <= 200 and all(is_storable(part) for part in value)
    return True


def from_post(component: Component, values: Sequence[str], *, prefix: str = "") -> Answer:
    """Return what was typed for a question, from the values that a form posted under its name."""
    if component.type == "selectboxes":
        return {choice.value: choice.value in values for choice in component.choices}
    if component.type == "checkbox":
        return bool(values) and values[-1] not in ("", "nee", "false", "0")
    if component.multiple and component.type != "file":
        return [value for value in values if value.strip()]
    return values[-1] if values else None


def clean(component: Component, value: Answer, *, today: date, required: bool | None = None) -> Answer:
    """Return the answer in the form in which it is kept. Raises ``Wrong`` with a sentence for the resident."""
    required = component.required if required is None else required
    if not is_storable(value):
        raise Wrong(_unstorable(value))
    if component.multiple and component.type not in ("file", "selectboxes", "editgrid"):
        if value is not None and not isinstance(value, list):
            value = [value]
        if value and len(value) > MAX_ROWS:
            raise Wrong(_("Geef niet meer dan %(count)s antwoorden.") % {"count": MAX_ROWS})
        cleaned = [_clean_one(component, item, today) for item in value or []]
        cleaned = [item for item in cleaned if not is_empty(item)]
    else:
        cleaned = _clean_one(component, value, today)
    if is_empty(cleaned):
        if required:
            raise Wrong(missing(component))
        return cleaned if component.type in ("selectboxes", "checkbox") else None
    return cleaned


def missing(component: Component) -> str:
    """Return the sentence for a required question without an answer."""
    own = component.required_message.said_in(_language())
    if own:
        return own
    if component.type == "file":
        return _("Voeg een bestand toe.")
    if component.type in ("radio", "select"):
        return _("Maak een keuze.")
    if component.type == "selectboxes":
        return _("Kies ten minste één mogelijkheid.")
    if component.type == "checkbox":
        return _("Zet hier een vinkje om verder te gaan.")
    if component.type == "date":
        return _("Vul een datum in.")
    if component.type in NUMBER_TYPES:
        return _("Vul een bedrag in.") if component.type == "currency" else _("Vul een getal in.")
    if component.type == "editgrid":
        return _("Voeg ten minste één regel toe.")
    return _("Vul dit in.")


def _language() -> str:
    from django.utils.translation import get_language

    return get_language() or "nl"


def _unstorable(value: Answer) -> str:
    if isinstance(value, str) and len(value) > LONGEST_KEPT:
        return _("Dit is te lang (%(length)s tekens). Maak het korter dan %(limit)s tekens.") % {
            "length": f"{len(value):,}".replace(",", "."),
            "limit": f"{LONGEST_KEPT:,}".replace(",", "."),
        }
    return _("Hier staat een teken in dat wij niet kunnen bewaren. Typ de tekst opnieuw.")


def _clean_one(component: Component, value: Answer, today: date) -> Answer:
    return _CLEANERS[component.type](component, value, today)


def _text(component: Component, value: Answer, today: date) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong(_("Vul hier tekst in."))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.strip() if component.type == "textarea" else " ".join(text.split())
    if not text:
        return None
    special = _SPECIAL.get(component.type)
    text = special(text) if special else text
    limit = component.max_length or DEFAULT_MAX_LENGTH[component.type]
    if len(text) > limit:
        raise Wrong(
            _("Dit is te lang (%(length)s tekens). Er passen %(limit)s tekens.") % {"length": len(text), "limit": limit}
        )
    if component.min_length and len(text) < component.min_length:
        raise Wrong(_("Dit is te kort. Typ ten minste %(limit)s tekens.") % {"limit": component.min_length})
    if component.pattern and not re.fullmatch(component.pattern, text):
        raise Wrong(component.pattern_message.said_in(_language()) or _("Dit klopt niet. Kijk of u zich hebt vertypt."))
    return text


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise Wrong(_("Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@voorbeeld.nl.")) from None
    return text


def _phone(text: str) -> str:
    digits = sum(character.isdecimal() for character in text)
    if not _PHONE.fullmatch(text) or not 8 <= digits <= 15:
        raise Wrong(_("Dit is geen telefoonnummer. Typ cijfers, bijvoorbeeld 06 12345678 of +32 470 123456."))
    return text


def _postcode(text: str) -> str:
    match = _POSTCODE.fullmatch(text)
    if not match:
        raise Wrong(_("Dit is geen postcode. Een postcode ziet eruit als 1234 AB."))
    return f"{match[1]} {match[2].upper()}"


def _iban(text: str) -> str:
    try:
        return str(iban.format(iban.validate(text)))
    except NumberError:
        raise Wrong(
            _("Dit rekeningnummer klopt niet. Kijk het na op uw bankpas, bijvoorbeeld NL02 ABNA 0123 4567 89.")
        ) from None


def _bsn(text: str) -> str:
    try:
        return str(bsn.validate(text))
    except NumberError:
        raise Wrong(
            _("Dit burgerservicenummer klopt niet. Het heeft 9 cijfers; kijk het na op een paspoort of rijbewijs.")
        ) from None


_SPECIAL: dict[str, Callable[[str], str]] = {
    "email": _email,
    "phoneNumber": _phone,
    "postcode": _postcode,
    "iban": _iban,
    "bsn": _bsn,
}


def read_amount(text: str) -> Decimal | None:
    """Return the number that a Dutch (or English) reader sees in a text, or None: '1.234,56', '1234,5', '1234.56'."""
    plain = re.sub(r"[€\s]", "", text).removesuffix(",-").removesuffix(".-")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d*)?", plain):
        plain = plain.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".").removesuffix(".")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _number(component: Component, value: Answer, today: date) -> int | str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = None if isinstance(value, bool) or not isinstance(value, (str, int, float)) else read_amount(str(value))
    if number is None:
        if component.type == "currency":
            raise Wrong(_("Dit is geen bedrag. Typ een bedrag in euro's, bijvoorbeeld 1.234,56."))
        raise Wrong(_("Dit is geen getal. Typ alleen cijfers."))
    if abs(number) > _LARGEST:
        raise Wrong(_("Dit getal is te groot."))
    if component.type == "currency" and number != round(number, 2):
        raise Wrong(_("Een bedrag heeft niet meer dan twee cijfers achter de komma."))
    if component.whole and number != int(number):
        raise Wrong(_("Vul een heel getal in, zonder komma."))
    if component.minimum is not None and number < Decimal(component.minimum):
        raise Wrong(
            _("Dit is te laag. Het laagste is %(limit)s.")
            % {"limit": shown_number(component, Decimal(component.minimum))}
        )
    if component.maximum is not None and number > Decimal(component.maximum):
        raise Wrong(
            _("Dit is te hoog. Het hoogste is %(limit)s.")
            % {"limit": shown_number(component, Decimal(component.maximum))}
        )
    if component.type == "currency":
        return f"{number:.2f}"
    return int(number) if number == int(number) else str(number)


def _date(component: Component, value: Answer, today: date) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = read_date(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(_("Dit is geen datum. Typ dag, maand en jaar, bijvoorbeeld 17-3-2020."))
    first, last = (_limit(text, today) for text in (component.minimum, component.maximum))
    if found < (first or date(1890, 1, 1)):
        raise Wrong(
            _("Deze datum is te vroeg. De vroegste datum is %(limit)s.")
            % {"limit": shown_date(first or date(1890, 1, 1))}
        )
    if found > (last or date(2100, 1, 1)):
        raise Wrong(
            _("Deze datum is te laat. De laatste datum is %(limit)s.") % {"limit": shown_date(last or date(2100, 1, 1))}
        )
    return found.isoformat()


def read_date(text: str) -> date | None:
    """Return the date in a text as an ISO date or as the Dutch write it, or None when there is no such day."""
    text = text.strip()
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DUTCH_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return None


def _limit(text: str | None, today: date) -> date | None:
    return today if text == "today" else date.fromisoformat(text) if text else None


def _choice(component: Component, value: Answer, today: date) -> str | None:
    if value is None or value == "":
        return None
    if value not in [choice.value for choice in component.choices]:
        raise Wrong(_("Deze keuze bestaat niet. Kies een van de mogelijkheden."))
    return str(value)


def _choices(component: Component, value: Answer, today: date) -> dict[str, bool]:
    known = [choice.value for choice in component.choices]
    if value is None:
        return dict.fromkeys(known, False)
    if not isinstance(value, Mapping) or any(key not in known or not isinstance(on, bool) for key, on in value.items()):
        raise Wrong(_("Deze keuze bestaat niet. Kies een van de mogelijkheden."))
    return {key: bool(value.get(key, False)) for key in known}


def _checkbox(component: Component, value: Answer, today: date) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Wrong(_("Zet hier een vinkje of laat het leeg."))
    return value


def _files(component: Component, value: Answer, today: date) -> list[Any]:
    files = value if isinstance(value, list) else []
    limit = component.file_max_count if component.multiple else 1
    if len(files) > limit:
        raise Wrong(_("Er kunnen hier niet meer dan %(limit)s bestanden bij. Haal er een weg.") % {"limit": limit})
    return files


def _rows(component: Component, value: Answer, today: date) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise Wrong(_("Deze regels zijn niet te lezen. Vul ze opnieuw in."))
    limit = min(component.max_length or MAX_ROWS, MAX_ROWS)
    if len(value) > limit:
        raise Wrong(_("Er passen hier niet meer dan %(limit)s regels.") % {"limit": limit})
    return [row for row in value if not is_empty(row)]


_CLEANERS: dict[str, Callable[[Component, Answer, date], Answer]] = {
    **dict.fromkeys(TEXT_TYPES, _text),
    **dict.fromkeys(NUMBER_TYPES, _number),
    "date": _date,
    "radio": _choice,
    "select": _choice,
    "selectboxes": _choices,
    "checkbox": _checkbox,
    "file": _files,
    "editgrid": _rows,
}


# -- How an answer looks to a person ----------------------------------------------------------------------------------


def shown(component: Component, value: Answer, language: str) -> str:
    """Return an answer as a person reads it in a summary; several values on lines of their own."""
    if component.type == "checkbox":
        return _("Ja") if value is True else _("Nee")
    if is_empty(value):
        return ""
    if component.multiple and isinstance(value, list) and component.type not in ("file", "editgrid"):
        return "\n".join(_shown_one(component, item, language) for item in value)
    return _shown_one(component, value, language)


def _shown_one(component: Component, value: Answer, language: str) -> str:
    if component.type in ("radio", "select"):
        return next(
            (choice.label.said_in(language) for choice in component.choices if choice.value == value), str(value)
        )
    if component.type == "selectboxes" and isinstance(value, Mapping):
        return "\n".join(
            choice.label.said_in(language) for choice in component.choices if value.get(choice.value) is True
        )
    if component.type in NUMBER_TYPES:
        number = read_amount(str(value))
        return str(value) if number is None else shown_number(component, number)
    if component.type == "date":
        found = read_date(str(value))
        return str(value) if found is None else shown_date(found)
    if component.type == "file" and isinstance(value, list):
        return "\n".join(str(file.get("naam", "")) for file in value)
    return str(value)


def shown_date(moment: date) -> str:
    """Return a date in words: 17 maart 2020."""
    from django.utils.formats import date_format

    return date_format(moment, "j F Y")


def shown_number(component: Component, number: Decimal) -> str:
    """Return a number with Dutch separators; an amount with the euro sign and two decimals."""
    if component.type == "currency":
        return "€ " + _dutch(f"{number:,.2f}")
    return _dutch(f"{number:,}") + (f" {component.unit}" if component.unit else "")


def _dutch(text: str) -> str:
    return text.replace(",", "_").replace(".", ",").replace("_", ".")


def typed(component: Component, value: Answer) -> str:
    """Return the text that belongs in an input for an answer: amounts with a comma, dates as dd-mm-jjjj."""
    if value is None or isinstance(value, (Mapping, list, bool)):
        return ""
    if component.type in NUMBER_TYPES:
        number = read_amount(str(value))
        if number is None:
            return str(value)
        text = str(number)
        return (text.removesuffix(".00") if component.type == "currency" else text).replace(".", ",")
    if component.type == "date":
        found = read_date(str(value))
        return f"{found:%d-%m-%Y}" if found else str(value)
    return str(value)
