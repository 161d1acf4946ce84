"""One answer, read from a correction by staff and checked as the form itself checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from stadhuis.forms.rules import fields
from stadhuis.forms.rules.definition import Definition
from stadhuis.kit.time import today


@dataclass(frozen=True)
class ReadAnswer:
    """An answer in the form in which it is kept, or the sentence that says what is wrong with it."""

    value: Any
    fault: str | None


def read_answer(definition: Definition, key: str, values: Any) -> ReadAnswer:
    """Return one answer, read from what a form posted under its name. Files and repeated groups cannot be corrected so."""
    component = definition.component(key)
    if component is None or component.type in {"file", "editgrid"}:
        return ReadAnswer(None, _("Dit gegeven staat niet in de aanvraag."))
    posted = [str(value) for value in values] if isinstance(values, (list, tuple)) else [str(values)]
    try:
        return ReadAnswer(fields.clean(component, fields.from_post(component, posted), today=today()), None)
    except fields.Wrong as wrong:
        return ReadAnswer(None, str(wrong))
