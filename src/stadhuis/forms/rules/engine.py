"""The engine: what is asked, what is required and what is wrong, for one set of answers to one definition.

One engine decides; the browser only follows. Every visibility is computed once (the definition has no circles), so the cost
grows with the number of components and rules, not with their square.

An answer counts only while its question is visible, unless the component says ``clearOnHide: false``: what was typed before a
question disappeared is kept in the draft, and is no part of what is decided on or handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from stadhuis.forms.rules import fields, logic
from stadhuis.forms.rules.definition import Component, Definition, Rule, Step, Text, everything_in
from stadhuis.forms.rules.fields import Answer, Wrong


@dataclass(frozen=True)
class AnswerFault:
    """One wrong answer: the name of its input, the question as asked, and what to do about it."""

    name: str
    key: str
    label: Text
    text: str


class Evaluation:
    """A definition looked at with one set of answers on one day. Ask it; it does not change anything.

    ``trusted`` names the answers that came from a base registration and that the resident cannot change: they are not checked
    as if somebody had typed them.
    """

    def __init__(
        self,
        definition: Definition,
        answers: Mapping[str, Answer],
        *,
        today: date,
        trusted: frozenset[str] = frozenset(),
    ) -> None:
        self.definition = definition
        self.answers = answers
        self.today = today
        self.trusted = trusted
        self._visible: dict[str, bool] = {}
        self._components: dict[str, Component] = {}
        self._parent: dict[str, str] = {}
        self._step_of: dict[str, str] = {}
        for step in definition.steps:
            self._note(step.components, "", step.slug)
        self._note(definition.declaration, "", "")
        self._hiding: dict[str, list[tuple[Rule, bool]]] = {}
        self._requiring: dict[str, list[tuple[Rule, bool]]] = {}
        self._skipping: dict[str, list[Rule]] = {}
        for rule in definition.rules:
            for action in rule.actions:
                if action.kind == "hidden":
                    self._hiding.setdefault(action.target, []).append((rule, action.state))
                elif action.kind == "required":
                    self._requiring.setdefault(action.target, []).append((rule, action.state))
                elif action.kind == "step-not-applicable":
                    self._skipping.setdefault(action.target, []).append(rule)
        self._fired: dict[int, bool] = {}

    def _note(self, components: Sequence[Component], parent: str, step: str) -> None:
        for component in components:
            self._components[component.key] = component
            self._parent[component.key] = parent
            self._step_of[component.key] = step
            if component.type != "editgrid":
                self._note(component.components, component.key, step)

    # -- what is visible

    def is_visible(self, key: str) -> bool:
        """Return whether a component, and every group it stands in, is shown."""
        if key not in self._visible:
            self._visible[key] = self._decide(key)
        return self._visible[key]

    def _decide(self, key: str) -> bool:
        component = self._components[key]
        parent = self._parent[key]
        if parent and not self.is_visible(parent):
            return False
        if any(self._holds(rule) for rule in self._skipping.get(self._step_of[key], ())):
            return False
        return self._own_visibility(component, self._data)

    def is_shown_by_itself(self, key: str) -> bool:
        """Return whether a component is shown as soon as the group it stands in is."""
        return self._own_visibility(self._components[key], self._data)

    def _own_visibility(self, component: Component, data: Mapping[str, Answer]) -> bool:
        visible = not component.hidden
        if component.condition is not None:
            condition = component.condition
            visible = _matches(logic.look_up(data, condition.when), condition.eq) == condition.show
        if component.json_condition is not None:
            visible = logic.is_true(logic.compute(component.json_condition, data, today=self.today))
        for rule, state in self._hiding.get(component.key, ()):
            if self._holds(rule):
                visible = not state
        return visible

    def _holds(self, rule: Rule) -> bool:
        if id(rule) not in self._fired:
            self._fired[id(rule)] = logic.is_true(logic.compute(rule.trigger, self._data, today=self.today))
        return self._fired[id(rule)]

    @cached_property
    def _data(self) -> Mapping[str, Answer]:
        return _Lazy(self)

    def value(self, key: str) -> Answer:
        """Return the answer that counts: None while its question is hidden (unless it is kept on hiding)."""
        component = self._components.get(key)
        if component is None or (component.clear_on_hide and not self.is_visible(key)):
            return None
        return self.answers.get(key)

    def is_required(self, key: str) -> bool:
        """Return whether an answer is needed, by the component itself or by a rule."""
        required = self._components[key].required
        for rule, state in self._requiring.get(key, ()):
            if self._holds(rule):
                required = state
        return required

    # -- steps

    def steps(self) -> list[Step]:
        """Return the steps that apply: those with at least one visible question, or without any question at all."""
        return [step for step in self.definition.steps if self.applies(step)]

    def applies(self, step: Step) -> bool:
        """Return whether this step is asked."""
        if any(self._holds(rule) for rule in self._skipping.get(step.slug, ())):
            return False
        inputs = list(step.inputs())
        return not inputs or any(self.is_visible(component.key) for component in inputs)

    def refusal(self, step: Step) -> Text | None:
        """Return why one may not go on from this step (an Open Forms ``disable-next``), or None."""
        for rule in self.definition.rules:
            for action in rule.actions:
                if action.kind == "disable-next" and action.target in ("", step.slug) and self._holds(rule):
                    return action.message
        return None

    # -- faults

    def faults_in(self, components: Sequence[Component]) -> list[AnswerFault]:
        """Return what is wrong among the visible questions of these components, in the order in which they stand."""
        found: list[AnswerFault] = []
        for component in everything_in_but_rows(components):
            if component.is_input and component.key not in self.trusted and self.is_visible(component.key):
                found += self._faults_of(component)
        return found

    def _faults_of(self, component: Component) -> list[AnswerFault]:
        value = self.answers.get(component.key)
        try:
            fields.clean(component, value, today=self.today, required=self.is_required(component.key))
        except Wrong as wrong:
            return [AnswerFault(component.key, component.key, component.label, wrong.text)]
        if component.type != "editgrid":
            return []
        found = []
        for number, row in enumerate(value if isinstance(value, list) else []):
            if fields.is_empty(row):
                continue
            for child in self.visible_in_row(component, row):
                try:
                    fields.clean(child, row.get(child.key), today=self.today)
                except Wrong as wrong:
                    found.append(
                        AnswerFault(f"{component.key}.{number}.{child.key}", component.key, child.label, wrong.text)
                    )
        return found

    def visible_in_row(self, grid: Component, row: Mapping[str, Answer]) -> Iterator[Component]:
        """Yield the questions shown in one row of a repeating group; conditions see the row under the group's key."""
        data = {**{key: self.value(key) for key in self._components}, grid.key: row}
        for child in everything_in(grid.components):
            if child.is_input and self._own_visibility(child, data):
                yield child

    def faults(self) -> dict[str, list[AnswerFault]]:
        """Return what is wrong per step that applies, and under '' for the declaration. Empty: it can be handed in."""
        result = {step.slug: self.faults_in(step.components) for step in self.steps()}
        result[""] = self.faults_in(self.definition.declaration)
        return {slug: found for slug, found in result.items() if found}

    # -- the outcome

    def outcome(self) -> dict[str, Answer]:
        """Return the answers that count, cleaned; questions that were not asked or not answered are left out.

        Only for answers without faults: a wrong answer is left out.
        """
        result: dict[str, Answer] = {}
        for component in self.definition.inputs():
            if component.type == "file":
                continue
            value = self.value(component.key)
            if component.key in self.trusted:
                if not fields.is_empty(value):
                    result[component.key] = value
                continue
            try:
                cleaned = fields.clean(component, value, today=self.today, required=False)
            except Wrong:
                continue
            if component.type == "editgrid":
                cleaned = [self._row(component, row) for row in cleaned or []]
            if not fields.is_empty(cleaned) or (
                component.type in ("checkbox", "selectboxes") and self.is_visible(component.key)
            ):
                result[component.key] = cleaned
        return result

    def _row(self, grid: Component, row: Mapping[str, Answer]) -> dict[str, Answer]:
        result = {}
        for child in self.visible_in_row(grid, row):
            try:
                cleaned = fields.clean(child, row.get(child.key), today=self.today, required=False)
            except Wrong:
                continue
            if not fields.is_empty(cleaned):
                result[child.key] = cleaned
        return result


def everything_in_but_rows(components: Sequence[Component]) -> Iterator[Component]:
    """Yield all components and groups; what stands inside an editgrid belongs to its rows."""
    for component in components:
        yield component
        if component.type != "editgrid":
            yield from everything_in_but_rows(component.components)


def _matches(value: Answer, eq: str) -> bool:
    """Form.io's comparison: with one of several values, with a box that is ticked, or as text."""
    if isinstance(value, Mapping):
        return value.get(eq) is True
    if isinstance(value, list):
        return eq in [str(item) for item in value]
    if isinstance(value, bool):
        return ("true" if value else "false") == eq
    if value is None:
        return eq in ("", "false")
    return str(value) == eq


class _Lazy(Mapping[str, Any]):
    """The answers that count, decided when they are asked for."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def __getitem__(self, key: str) -> Any:
        return self._evaluation.value(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._evaluation._components)

    def __len__(self) -> int:
        return len(self._evaluation._components)
