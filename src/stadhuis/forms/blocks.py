"""A step as its template needs it: blocks of fields with values, errors and conditions, so that the template decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import nh3
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stadhuis.forms.reads import DraftRecord
from stadhuis.forms.rules import fields, uploads
from stadhuis.forms.rules.definition import CHOICE_TYPES, DEFAULT_MAX_LENGTH, Component
from stadhuis.forms.rules.engine import AnswerFault, Evaluation
from stadhuis.forms.summary import source_names

KINDS = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "currency": "currency",
    "date": "datetext",
    "email": "email",
    "phoneNumber": "tel",
    "postcode": "postcode",
    "iban": "iban",
    "bsn": "bsn",
    "radio": "radio",
    "select": "select",
    "selectboxes": "checkboxes",
    "checkbox": "checkbox",
    "file": "file",
}


@dataclass(frozen=True)
class Block:
    """One thing on a page: a field, a group, a text, known facts, files or a repeating group."""

    kind: Literal["field", "group", "html", "facts", "file", "grid"]
    field: dict[str, Any] = field(default_factory=dict)
    legend: str = ""
    hint: str = ""
    html: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()
    blocks: tuple[Block, ...] = ()
    show_when: str = ""
    is_hidden: bool = False
    """Not shown now; the browser may show it before the server has decided again."""


class Page:
    """Draws the components of one step for one draft, in one language."""

    def __init__(
        self,
        draft: DraftRecord,
        evaluation: Evaluation,
        language: str,
        *,
        faults: Sequence[AnswerFault] = (),
        typed: Mapping[str, Any] | None = None,
        extra_rows: str = "",
    ) -> None:
        self.draft = draft
        self.evaluation = evaluation
        self.language = language
        self.errors: dict[str, list[str]] = {}
        for fault in faults:
            self.errors.setdefault(fault.name, []).append(fault.text)
        self.typed = typed or {}
        self.extra_rows = extra_rows
        self.read_by_script: set[str] = set()

    def blocks(self, components: Sequence[Component]) -> tuple[Block, ...]:
        """Return the blocks of these components; what the browser can never show is left out."""
        drawn: list[Block] = []
        known: list[Mapping[str, Any]] = []
        for component in components:
            if component.key in self.draft.locked:
                if self.evaluation.is_visible(component.key):
                    known.append(self._fact(component))
                continue
            block = self._block(component)
            if block is None:
                continue
            if known:
                drawn.append(Block("facts", rows=tuple(known)))
                known = []
            drawn.append(block)
        if known:
            drawn.append(Block("facts", rows=tuple(known)))
        return tuple(drawn)

    def _fact(self, component: Component) -> Mapping[str, Any]:
        value = self.draft.answers.get(component.key)
        return {"key": component.label.said_in(self.language), "value": fields.shown(component, value, self.language)}

    def _block(self, component: Component) -> Block | None:
        # A hidden group is drawn with what it would show: the browser may open it before the server decides again.
        visible = self.evaluation.is_shown_by_itself(component.key)
        condition = self._condition(component)
        if not visible and condition is None:
            return None
        about: dict[str, Any] = {
            "show_when": json.dumps(condition, ensure_ascii=False) if condition is not None else "",
            "is_hidden": not visible,
        }
        if component.type == "content":
            return Block("html", html=_safe(component.html.said_in(self.language)), **about)
        if component.type in ("fieldset", "columns"):
            inside = self.blocks(component.components)
            if not inside:
                return None
            return Block(
                "group",
                legend=component.label.said_in(self.language),
                hint=component.description.said_in(self.language),
                blocks=inside,
                **about,
            )
        if component.type == "editgrid":
            return self._grid(component, about)
        if component.type == "file":
            return Block("file", field=self._file(component), **about)
        return Block("field", field=self._field(component, component.key, self._value(component)), **about)

    def _condition(self, component: Component) -> Any:
        """Return the condition as the script reads it, or None when only the server can decide."""
        found: Any = None
        if component.condition is not None:
            found = self._simple(component.condition.when, component.condition.eq, component.condition.show)
        elif component.json_condition is not None:
            found = _for_script(component.json_condition)
        if found is not None:
            self.read_by_script |= set(_keys_in(found))
        return found

    def _simple(self, when: str, eq: str, show: bool) -> Any:
        other = self.draft.definition.component(when.split(".", maxsplit=1)[0])
        if other is not None and other.type == "selectboxes":
            return {"key": when, "has": eq} if show else None
        if other is not None and other.type == "checkbox":
            return None
        return {"key": when, "eq": eq} if show else {"key": when, "ne": eq}

    def _value(self, component: Component) -> Any:
        return self.typed.get(component.key, self.evaluation.answers.get(component.key))

    def _field(self, component: Component, name: str, value: Any) -> dict[str, Any]:
        hints = (component.description.said_in(self.language), component.tooltip.said_in(self.language))
        drawn: dict[str, Any] = {
            "kind": KINDS[component.type],
            "name": name,
            "label": component.label.said_in(self.language),
            "hint": " ".join(hint for hint in hints if hint),
            "error": self.errors.get(name, []),
            "required": self.evaluation.is_required(component.key) if name == component.key else component.required,
            "value": value if component.type in CHOICE_TYPES | {"checkbox"} else fields.typed(component, value),
        }
        if component.choices:
            drawn["options"] = [
                (choice.value, choice.label.said_in(self.language), choice.description.said_in(self.language))
                for choice in component.choices
            ]
        if {choice.value for choice in component.choices} == {"ja", "nee"}:
            drawn["inline"] = True
        if component.autocomplete:
            drawn["autocomplete"] = component.autocomplete
        if component.unit:
            drawn["suffix"] = component.unit
        if component.type == "textarea":
            drawn["rows"] = component.rows
        if component.type == "textfield":
            limit = component.max_length or DEFAULT_MAX_LENGTH["textfield"]
            drawn["width"] = "sm" if limit <= 20 else "md" if limit <= 100 else "lg"
        return drawn

    def _file(self, component: Component) -> dict[str, Any]:
        address = {"slug": self.draft.slug, "uuid": self.draft.uuid}
        kinds = _("%(kinds)s.") % {"kinds": uploads.in_words(component.file_types)}
        drawn = self._field(component, component.key, None)
        drawn["hint"] = f"{drawn['hint']} {kinds}".strip()
        return drawn | {
            "multiple": component.multiple,
            "accept": ",".join(f".{ending}" for kind in component.file_types for ending in uploads.EXTENSIONS[kind]),
            "max_size": min(component.file_max_bytes or settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_BYTES),
            "files": file_lines(self.draft, component.key),
            "upload_url": reverse("forms:upload", kwargs=address),
        }

    def _grid(self, component: Component, about: Mapping[str, Any]) -> Block:
        value = self.evaluation.answers.get(component.key)
        answers = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        if not answers or self.extra_rows == component.key:
            answers = [*answers, {}]
        rows = []
        for number, answer in enumerate(answers):
            name = f"{component.key}.{number}"
            drawn = [
                Block("field", field=self._field(child, f"{name}.{child.key}", answer.get(child.key)))
                for child in self.evaluation.visible_in_row(component, answer)
            ]
            rows.append(
                {
                    "legend": f"{component.label.said_in(self.language)} {number + 1}",
                    "blocks": drawn,
                    "id": f"{component.key}-{number}",
                }
            )
        return Block(
            "grid",
            field={"name": component.key, "add": f"regel-{component.key}", "error": self.errors.get(component.key, [])},
            legend=component.add_another.said_in(self.language) or _("Nog een toevoegen"),
            hint=component.description.said_in(self.language),
            rows=tuple(rows),
            **about,
        )

    def answers_for_script(self, here: set[str]) -> str:
        """Return the answers of other steps that conditions on this page read, as JSON; '' when there are none."""
        elsewhere = {key: self.evaluation.value(key) for key in sorted(self.read_by_script - here)}
        return json.dumps(elsewhere, ensure_ascii=False) if elsewhere else ""

    def missing_sources(self, components: Sequence[Component]) -> list[str]:
        """Return the names of base registrations that did not answer and that these questions would come from."""
        plugins = {component.prefill.plugin for component in components if component.prefill}
        down = [plugin for plugin in sorted(plugins) if self.draft.sources.get(plugin, {}).get("answered") is False]
        return [source_names()[plugin] for plugin in down]


def file_lines(draft: DraftRecord, key: str) -> list[dict[str, Any]]:
    """Return the files under one question as the file list shows them."""
    return [
        {
            "id": str(file.uuid),
            "name": file.naam,
            "url": file_url(draft, file.uuid),
            "size": file.size,
            "kind": uploads.in_words([file.media_type]),
        }
        for file in draft.files
        if file.component == key
    ]


def file_url(draft: DraftRecord, file: UUID) -> str:
    """Return the address of a file of a draft."""
    return reverse("forms:file", kwargs={"slug": draft.slug, "uuid": draft.uuid, "file": file})


def _safe(html: str) -> SafeString:
    cleaned = nh3.clean(
        html, tags={"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "b", "i", "a", "br"}, attributes={"a": {"href"}}
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned by nh3 on the line above


def _for_script(condition: Any) -> Any:
    """Return JsonLogic in the words of the browser's script, or None when it says more than the script knows."""
    if not isinstance(condition, dict) or len(condition) != 1:
        return None
    operator, values = next(iter(condition.items()))
    values = values if isinstance(values, list) else [values]
    if operator in ("and", "or"):
        parts = [_for_script(value) for value in values]
        return None if None in parts else {"all" if operator == "and" else "any": parts}
    variable = values[0].get("var") if values and isinstance(values[0], dict) and len(values[0]) == 1 else None
    if not isinstance(variable, str) or "." in variable:
        return None
    if operator == "!" and len(values) == 1:
        return {"key": variable, "eq": ""}
    if len(values) != 2 or not isinstance(values[1], (str, list)):
        return None
    if operator in ("==", "===") and isinstance(values[1], str):
        return {"key": variable, "eq": values[1]}
    if operator in ("!=", "!==") and isinstance(values[1], str):
        return {"key": variable, "ne": values[1]}
    if operator == "in" and isinstance(values[1], list) and all(isinstance(value, str) for value in values[1]):
        return {"key": variable, "in": values[1]}
    return None


def _keys_in(condition: Any) -> list[str]:
    if "key" in condition:
        return [condition["key"]]
    return [key for part in (*condition.get("all", ()), *condition.get("any", ())) for key in _keys_in(part)]
