"""A form definition: read from JSON into frozen records, or refused with every fault named.

The vocabulary is that of Form.io as Open Forms writes it: ``components`` with ``key``, ``type``, ``label``, ``validate``,
``conditional``, ``hidden``, ``clearOnHide``, ``prefill`` and ``openForms.translations``; ``steps``; ``logic`` rules with a
``jsonLogicTrigger`` and ``actions``. What the engine does not know is refused, never silently skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from stadhuis.forms.rules import logic

TEXT_TYPES = frozenset({"textfield", "textarea", "email", "phoneNumber", "postcode", "iban", "bsn"})
NUMBER_TYPES = frozenset({"number", "currency"})
CHOICE_TYPES = frozenset({"radio", "select", "selectboxes"})
INPUT_TYPES = TEXT_TYPES | NUMBER_TYPES | CHOICE_TYPES | {"date", "checkbox", "file", "editgrid"}
LAYOUT_TYPES = frozenset({"fieldset", "columns", "content"})
LEVELS = ("low", "substantial", "high")
PREFILL_PLUGINS = frozenset({"brp", "kvk"})
FILE_TYPES = {
    "application/pdf": "PDF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (DOCX)",
    "application/vnd.oasis.opendocument.text": "OpenDocument (ODT)",
}
DEFAULT_MAX_LENGTH = {
    "textfield": 1_000,
    "textarea": 10_000,
    "email": 254,
    "phoneNumber": 30,
    "postcode": 10,
    "iban": 42,
    "bsn": 11,
}
"""Characters, where the definition sets no ``maxLength``."""

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a definition and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class DefinitionBroken(Exception):
    """A definition that cannot be used; ``faults`` names everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Text:
    """A text in Dutch and, where given, English."""

    nl: str = ""
    en: str = ""

    def said_in(self, language: str) -> str:
        """Return the text in the language, or in Dutch when there is none."""
        return (self.en if language.startswith("en") else self.nl) or self.nl

    def __bool__(self) -> bool:
        return bool(self.nl)


@dataclass(frozen=True)
class Choice:
    """One value to choose from."""

    value: str
    label: Text
    description: Text = Text()


@dataclass(frozen=True)
class Condition:
    """Form.io's simple conditional: shown (or hidden) when another answer equals a value."""

    show: bool
    when: str
    eq: str


@dataclass(frozen=True)
class Prefill:
    """Where a value comes from before the resident types anything."""

    plugin: str
    attribute: str


@dataclass(frozen=True)
class Component:
    """One question, group or text of a form."""

    key: str
    type: str
    label: Text
    description: Text = Text()
    tooltip: Text = Text()
    html: Text = Text()
    multiple: bool = False
    required: bool = False
    pattern: str = ""
    pattern_message: Text = Text()
    required_message: Text = Text()
    min_length: int | None = None
    max_length: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    whole: bool = False
    hidden: bool = False
    clear_on_hide: bool = True
    readonly: bool = False
    condition: Condition | None = None
    json_condition: Any = None
    prefill: Prefill | None = None
    choices: tuple[Choice, ...] = ()
    components: tuple[Component, ...] = ()
    rows: int = 4
    autocomplete: str = ""
    unit: str = ""
    file_types: tuple[str, ...] = tuple(FILE_TYPES)
    file_max_bytes: int | None = None
    file_max_count: int = 10
    document_type: str = ""
    in_summary: bool = True
    add_another: Text = Text()
    confirmation: bool = False

    @property
    def is_input(self) -> bool:
        """Whether it yields an answer."""
        return self.type in INPUT_TYPES


@dataclass(frozen=True)
class Step:
    """One page of a form."""

    slug: str
    name: Text
    components: tuple[Component, ...]
    intro: Text = Text()

    def inputs(self) -> Iterator[Component]:
        """Yield the questions of this step in order; those inside an editgrid belong to the editgrid."""
        yield from inputs_in(self.components)


@dataclass(frozen=True)
class RuleAction:
    """What a logic rule does: hide or show, require, not ask a step, or not let through."""

    kind: Literal["hidden", "required", "step-not-applicable", "disable-next"]
    target: str = ""
    state: bool = True
    message: Text = Text()


@dataclass(frozen=True)
class Rule:
    """When the trigger is true for the answers, the actions hold."""

    trigger: Any
    actions: tuple[RuleAction, ...]


@dataclass(frozen=True)
class Definition:
    """A whole form. ``zaaktype`` is the identificatie of the zaaktype that a submission opens."""

    slug: str
    name: Text
    steps: tuple[Step, ...]
    zaaktype: str
    level: str = "low"
    declaration: tuple[Component, ...] = ()
    rules: tuple[Rule, ...] = ()
    bewaartermijn_dagen: int = 30
    minutes: int | None = None
    intro: Text = Text()
    have_ready: tuple[Text, ...] = ()
    after: Text = Text()
    called: Text = Text("aanvraag", "application")
    """What is handed in, as we call it: 'uw aanvraag', 'uw bezwaar'."""
    eigenschappen: Mapping[str, str] = field(default_factory=dict)
    summary_document_type: str = ""

    def inputs(self) -> Iterator[Component]:
        """Yield all questions in order, those of the declaration last."""
        for step in self.steps:
            yield from step.inputs()
        yield from inputs_in(self.declaration)

    def component(self, key: str) -> Component | None:
        """Return the question with this key, if there is one."""
        return next((component for component in self.inputs() if component.key == key), None)

    def step(self, slug: str) -> Step | None:
        """Return the step with this slug, if there is one."""
        return next((step for step in self.steps if step.slug == slug), None)


def inputs_in(components: Sequence[Component]) -> Iterator[Component]:
    """Yield the questions among components and their groups; an editgrid is one question."""
    for component in components:
        if component.is_input:
            yield component
        else:
            yield from inputs_in(component.components)


def everything_in(components: Sequence[Component]) -> Iterator[Component]:
    """Yield all components, groups and texts, also those inside an editgrid."""
    for component in components:
        yield component
        yield from everything_in(component.components)


def read(raw: object) -> Definition:
    """Return the definition that the JSON describes. Raises ``DefinitionBroken`` with every fault."""
    reader = _Reader()
    definition = reader.definition(raw)
    if reader.faults or definition is None:
        raise DefinitionBroken(reader.faults)
    return definition


class _Reader:
    """Reads JSON and collects what is wrong, so that all faults are reported together."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, where: str, what: str) -> None:
        self.faults.append(Fault(where, what))

    # -- small values

    def text(self, raw: Mapping[str, Any], name: str, where: str) -> Text:
        value = raw.get(name) or ""
        translations = (
            raw.get("openForms", {}).get("translations", {}) if isinstance(raw.get("openForms", {}), dict) else {}
        )
        said = {
            language: (translations.get(language) or {}).get(name) or "" if isinstance(translations, dict) else ""
            for language in ("nl", "en")
        }
        if not all(isinstance(part, str) for part in (value, *said.values())):
            self.fault(where, f"'{name}' must be text")
            return Text()
        return Text(nl=said["nl"] or value, en=said["en"])

    def both(self, raw: object, where: str) -> Text:
        """Read a text of our own part of the definition: {"nl": ..., "en": ...} or plain Dutch."""
        if isinstance(raw, str):
            return Text(raw)
        if isinstance(raw, dict) and all(isinstance(raw.get(code, ""), str) for code in ("nl", "en")):
            return Text(raw.get("nl", ""), raw.get("en", ""))
        if raw is not None:
            self.fault(where, "must be a text or an object with 'nl' and 'en'")
        return Text()

    def flag(self, raw: Mapping[str, Any], name: str, where: str, default: bool = False) -> bool:
        value = raw.get(name, default)
        if value in (None, ""):
            return default
        if not isinstance(value, bool):
            self.fault(where, f"'{name}' must be true or false")
            return default
        return value

    def count(self, raw: Mapping[str, Any], name: str, where: str) -> int | None:
        value = raw.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, bool) or not str(value).isdecimal():
            self.fault(where, f"'{name}' must be a whole number")
            return None
        return int(str(value))

    # -- the whole

    def definition(self, raw: object) -> Definition | None:
        if not isinstance(raw, dict):
            self.fault("form", "must be an object")
            return None
        slug = raw.get("slug")
        if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
            self.fault("form", "'slug' must be lower-case letters, digits and hyphens")
            slug = "?"
        name = self.both(raw.get("name"), "form: name")
        if not name:
            self.fault("form", "'name' is missing")
        level = raw.get("level", "low")
        if level not in LEVELS:
            self.fault("form", f"'level' must be one of {', '.join(LEVELS)}")
        zaaktype = raw.get("zaaktype")
        if not isinstance(zaaktype, str) or not zaaktype:
            self.fault("form", "'zaaktype' (the identificatie of a zaaktype) is missing")
        days = self.count(raw, "bewaartermijn_dagen", "form")
        if days is not None and not 1 <= days <= 365:
            self.fault("form", "'bewaartermijn_dagen' must lie between 1 and 365")
        steps = self.steps(raw.get("steps"))
        declaration = self.components(raw.get("declaration", []), "declaration")
        rules = tuple(self.rules(raw.get("logic", [])))
        eigenschappen = raw.get("eigenschappen", {})
        if not isinstance(eigenschappen, dict):
            self.fault("form", "'eigenschappen' must be an object of naam: key")
            eigenschappen = {}
        result = Definition(
            slug=slug,
            name=name,
            steps=steps,
            zaaktype=str(zaaktype),
            level=str(level),
            declaration=declaration,
            rules=rules,
            bewaartermijn_dagen=days or 30,
            minutes=self.count(raw, "minutes", "form"),
            intro=self.both(raw.get("intro"), "form: intro"),
            have_ready=tuple(self.both(item, "form: have_ready") for item in raw.get("have_ready", [])),
            after=self.both(raw.get("after"), "form: after"),
            called=self.both(raw.get("called"), "form: called") or Definition.called,
            eigenschappen=eigenschappen,
            summary_document_type=str(raw.get("summary_document_type", "")),
        )
        self.check_together(result)
        return result

    def steps(self, raw: object) -> tuple[Step, ...]:
        if not isinstance(raw, list) or not raw:
            self.fault("form", "'steps' must be a list with at least one step")
            return ()
        found: list[Step] = []
        for number, item in enumerate(raw, start=1):
            where = f"step {number}"
            if not isinstance(item, dict):
                self.fault(where, "must be an object")
                continue
            slug = item.get("slug")
            if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
                self.fault(where, "'slug' must be lower-case letters, digits and hyphens")
                slug = f"step-{number}"
            if slug in {step.slug for step in found}:
                self.fault(where, f"the slug '{slug}' is used by an earlier step")
            name = self.both(item.get("name"), f"{where}: name")
            if not name:
                self.fault(where, "'name' is missing")
            configuration = item.get("configuration", item)
            components = configuration.get("components") if isinstance(configuration, dict) else None
            found.append(
                Step(slug, name, self.components(components, where), self.both(item.get("intro"), f"{where}: intro"))
            )
        return tuple(found)

    def components(self, raw: object, where: str) -> tuple[Component, ...]:
        if not isinstance(raw, list):
            self.fault(where, "'components' must be a list")
            return ()
        found = [self.component(item, f"{where}, component {number}") for number, item in enumerate(raw, start=1)]
        return tuple(component for component in found if component is not None)

    def component(self, raw: object, where: str) -> Component | None:
        if not isinstance(raw, dict):
            self.fault(where, "must be an object")
            return None
        key, kind = raw.get("key"), raw.get("type")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.fault(where, "'key' must start with a letter and hold letters, digits, hyphens and underscores only")
            key = "?"
        else:
            where = f"component '{key}'"
        if kind not in INPUT_TYPES | LAYOUT_TYPES:
            self.fault(where, f"unknown type '{kind}'")
            return None
        label = self.text(raw, "label", where)
        if kind in INPUT_TYPES and not label:
            self.fault(where, "'label' is missing")
        validate = raw.get("validate") or {}
        if not isinstance(validate, dict):
            self.fault(where, "'validate' must be an object")
            validate = {}
        pattern = validate.get("pattern") or ""
        try:
            re.compile(pattern)
        except (re.error, TypeError):
            self.fault(where, f"'pattern' is not a regular expression: {pattern}")
            pattern = ""
        minimum, maximum = (self.bound(validate, name, str(kind), where) for name in ("min", "max"))
        if (
            minimum is not None
            and maximum is not None
            and (
                minimum > maximum
                if kind == "date"
                else (logic.as_number(minimum) or 0) > (logic.as_number(maximum) or 0)
            )
        ):
            self.fault(where, "'min' is greater than 'max'")
        errors = raw.get("translatedErrors") or {}
        condition, json_condition = self.conditional(raw.get("conditional") or {}, where)
        file = raw.get("file") or {}
        types = tuple(file.get("type") or FILE_TYPES) if isinstance(file, dict) else ()
        for media_type in types:
            if media_type not in FILE_TYPES:
                self.fault(where, f"file type '{media_type}' is not among the types this town hall can check")
        return Component(
            key=key,
            type=str(kind),
            label=label,
            description=self.text(raw, "description", where),
            tooltip=self.text(raw, "tooltip", where),
            html=self.text(raw, "html", where),
            multiple=self.flag(raw, "multiple", where),
            required=self.flag(validate, "required", where),
            pattern=pattern,
            pattern_message=self.error_text(errors, "pattern"),
            required_message=self.error_text(errors, "required"),
            min_length=self.count(validate, "minLength", where),
            max_length=self.count(validate, "maxLength", where),
            minimum=minimum,
            maximum=maximum,
            whole=raw.get("decimalLimit") == 0,
            hidden=self.flag(raw, "hidden", where),
            clear_on_hide=self.flag(raw, "clearOnHide", where, default=True),
            readonly=self.flag(raw, "disabled", where),
            condition=condition,
            json_condition=json_condition,
            prefill=self.prefill(raw.get("prefill") or {}, where),
            choices=self.choices(raw, str(kind), where),
            components=self.children(raw, str(kind), where),
            rows=self.count(raw, "rows", where) or 4,
            autocomplete=str(raw.get("autocomplete") or ""),
            unit=str(raw.get("suffix") or ""),
            file_types=types or tuple(FILE_TYPES),
            file_max_bytes=self.size(raw.get("fileMaxSize"), where),
            file_max_count=self.count(raw, "maxNumberOfFiles", where) or 10,
            document_type=str((raw.get("registration") or {}).get("informatieobjecttype") or ""),
            in_summary=self.flag(raw, "showInSummary", where, default=True),
            add_another=self.text(raw, "addAnother", where),
            confirmation=self.flag(raw, "confirmationRecipient", where),
        )

    def error_text(self, errors: object, name: str) -> Text:
        def said(language: str) -> str:
            found = errors.get(language) if isinstance(errors, dict) else None
            return str(found.get(name) or "") if isinstance(found, dict) else ""

        return Text(said("nl"), said("en"))

    def bound(self, validate: Mapping[str, Any], name: str, kind: str, where: str) -> str | None:
        value = validate.get(name)
        if value in (None, ""):
            return None
        if kind == "date":
            if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}|today", value):
                self.fault(where, f"'{name}' of a date must be an ISO date or 'today'")
                return None
        elif logic.as_number(value) is None:
            self.fault(where, f"'{name}' must be a number")
            return None
        return str(value)

    def size(self, raw: object, where: str) -> int | None:
        if raw in (None, ""):
            return None
        match = re.fullmatch(r"(\d+) ?(KB|MB)", str(raw), re.IGNORECASE)
        if not match:
            self.fault(where, "'fileMaxSize' must read like '10MB'")
            return None
        return int(match[1]) * (1024 if match[2].upper() == "KB" else 1024 * 1024)

    def conditional(self, raw: object, where: str) -> tuple[Condition | None, Any]:
        if not isinstance(raw, dict):
            self.fault(where, "'conditional' must be an object")
            return None, None
        json_logic = raw.get("json") or None
        if json_logic is not None:
            for fault in logic.faults_in(json_logic):
                self.fault(where, fault)
        when = raw.get("when") or None
        if when is None:
            return None, json_logic
        show = raw.get("show")
        if not isinstance(when, str) or show not in (True, False, "true", "false"):
            self.fault(where, "'conditional' wants 'show' (true or false), 'when' (a key) and 'eq'")
            return None, json_logic
        eq = raw.get("eq")
        return Condition(
            show in (True, "true"), when, str(eq).lower() if isinstance(eq, bool) else str(eq or "")
        ), json_logic

    def prefill(self, raw: object, where: str) -> Prefill | None:
        plugin, attribute = (raw.get("plugin"), raw.get("attribute")) if isinstance(raw, dict) else (None, None)
        if not plugin and not attribute:
            return None
        if plugin not in PREFILL_PLUGINS:
            self.fault(where, f"unknown prefill plugin '{plugin}'")
        if not isinstance(attribute, str) or not attribute:
            self.fault(where, "'prefill' has no attribute")
        return Prefill(str(plugin), str(attribute))

    def choices(self, raw: Mapping[str, Any], kind: str, where: str) -> tuple[Choice, ...]:
        if kind not in CHOICE_TYPES:
            return ()
        data = raw.get("data")
        values = (data.get("values") if isinstance(data, dict) else None) if kind == "select" else raw.get("values")
        if not isinstance(values, list) or not values:
            self.fault(where, "has no values to choose from")
            return ()
        found: list[Choice] = []
        for item in values:
            value = item.get("value") if isinstance(item, dict) else None
            if not isinstance(value, str) or not value:
                self.fault(where, "each value to choose from needs a 'value' and a 'label'")
                continue
            if value in {choice.value for choice in found}:
                self.fault(where, f"the value '{value}' stands there twice")
            found.append(Choice(value, self.text(item, "label", where), self.text(item, "description", where)))
        return tuple(found)

    def children(self, raw: Mapping[str, Any], kind: str, where: str) -> tuple[Component, ...]:
        if kind == "columns":
            columns = raw.get("columns")
            if not isinstance(columns, list) or not columns:
                self.fault(where, "'columns' must be a list")
                return ()
            return tuple(
                child
                for column in columns
                for child in self.components(column.get("components") if isinstance(column, dict) else None, where)
            )
        if kind not in ("fieldset", "editgrid"):
            return ()
        children = self.components(raw.get("components"), where)
        if kind == "editgrid":
            for child in everything_in(children):
                if child.type in ("editgrid", "file"):
                    self.fault(where, f"a {child.type} cannot stand inside an editgrid")
        return children

    def rules(self, raw: object) -> Iterator[Rule]:
        if not isinstance(raw, list):
            self.fault("logic", "must be a list of rules")
            return
        for number, item in enumerate(raw, start=1):
            where = f"logic rule {number}"
            if not isinstance(item, dict):
                self.fault(where, "must be an object")
                continue
            trigger = item.get("jsonLogicTrigger", item.get("json_logic_trigger"))
            if trigger is None:
                self.fault(where, "'jsonLogicTrigger' is missing")
            for fault in logic.faults_in(trigger):
                self.fault(where, fault)
            actions = item.get("actions")
            if not isinstance(actions, list) or not actions:
                self.fault(where, "'actions' must be a list with at least one action")
                continue
            found = [self.action(action, where) for action in actions]
            yield Rule(trigger, tuple(action for action in found if action is not None))

    def action(self, raw: object, where: str) -> RuleAction | None:
        action = raw.get("action") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(action, dict):
            self.fault(where, "an action must be an object with 'action'")
            return None
        kind = action.get("type")
        if kind == "property":
            name = (action.get("property") or {}).get("value")
            if name not in ("hidden", "validate.required"):
                self.fault(where, f"cannot change the property '{name}' (only 'hidden' and 'validate.required')")
                return None
            target = str(raw.get("component") or "")
            return RuleAction("hidden" if name == "hidden" else "required", target, bool(action.get("state")))
        if kind == "step-not-applicable":
            return RuleAction("step-not-applicable", str(raw.get("form_step") or ""))
        if kind == "disable-next":
            return RuleAction(
                "disable-next", str(raw.get("form_step") or ""), message=self.both(raw.get("message"), where)
            )
        self.fault(where, f"unknown action '{kind}'")
        return None

    # -- what only shows in the whole

    def check_together(self, definition: Definition) -> None:
        seen: dict[str, Component] = {}
        roots: set[str] = set()
        for group in (*(step.components for step in definition.steps), definition.declaration):
            for component in everything_in(group):
                if component.key in seen and component.key != "?":
                    self.fault(f"component '{component.key}'", "this key is used twice")
                seen[component.key] = component
            roots |= {component.key for component in inputs_in(group)}
        graph: dict[str, set[str]] = {}
        for group in (*(step.components for step in definition.steps), definition.declaration):
            self.draw(group, "", "", roots, graph)
        for number, rule in enumerate(definition.rules, start=1):
            where = f"logic rule {number}"
            needed = {path.split(".")[0] for path in logic.variables(rule.trigger)}
            for key in sorted(needed - roots):
                self.fault(where, f"reads '{key}', which is not a question of this form")
            for action in rule.actions:
                if action.kind in ("hidden", "required"):
                    if action.target not in seen:
                        self.fault(where, f"changes '{action.target}', which is not a component of this form")
                    elif action.kind == "hidden":
                        graph.setdefault(action.target, set()).update(needed)
                elif action.target and definition.step(action.target) is None:
                    self.fault(where, f"names step '{action.target}', which is not a step of this form")
                elif action.kind == "step-not-applicable":
                    step = definition.step(action.target)
                    if step is None:
                        self.fault(where, "'step-not-applicable' names no step")
                    for component in step.components if step else ():
                        graph.setdefault(component.key, set()).update(needed)
        for cycle in _cycles(graph):
            self.fault("form", "these questions wait for each other: " + " -> ".join(cycle))
        for naam, key in definition.eigenschappen.items():
            if key not in roots:
                self.fault(f"eigenschap '{naam}'", f"reads '{key}', which is not a question of this form")

    def draw(
        self, group: Sequence[Component], parent: str, grid: str, roots: set[str], graph: dict[str, set[str]]
    ) -> None:
        """Note for each component which answers its visibility hangs on; a child hangs on its group as well."""
        for component in group:
            needs = graph.setdefault(component.key, set())
            if parent:
                needs.add(parent)
            paths = list(logic.variables(component.json_condition))
            if component.condition:
                paths.append(component.condition.when)
            for path in paths:
                first, _, rest = path.partition(".")
                if first not in roots:
                    self.fault(
                        f"component '{component.key}'", f"hangs on '{first}', which is not a question of this form"
                    )
                elif first == grid:
                    # A row looks at itself: the cycle check follows the sibling, not the grid.
                    needs.add(rest)
                else:
                    needs.add(first)
            inside = component.key if component.type == "editgrid" else grid
            self.draw(component.components, component.key, inside, roots, graph)


def _cycles(graph: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield each circle in the graph once, as the keys along it."""
    done: set[str] = set()
    for start in graph:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            key, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(key)
            elif key in trail:
                yield [*trail[trail.index(key) :], key]
            elif key not in done:
                trail.append(key)
                stack.append((key, True))
                stack.extend((other, False) for other in sorted(graph.get(key, ())))
