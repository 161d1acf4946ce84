"""The rights of an application as a form and in words: per API a ready-made set or exact scopes, on which types, how far.

What an application has may have been made over the API in ways this form cannot show (one version of a type, another set per
type). Such rights are shown as they are and stay as they are, until somebody chooses something else for that API.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from stadhuis.access import public as access
from stadhuis.access.public import ApplicatieRecord, AutorisatieData
from stadhuis.catalogi import public as catalogi

NONE, READ, WRITE, EVERYTHING, EXACT, KEEP = "geen", "lezen", "schrijven", "alles", "precies", "zo"
ALL_TYPES, CATALOGUES, CHOSEN_TYPES = "alle", "catalogus", "gekozen"
ANY = "*"
LONGEST_LABEL: Final = 100


@dataclass(frozen=True)
class Component:
    """One API and the sets of scopes that a functional administrator chooses from."""

    code: str
    name: Callable[[], str]
    about: Callable[[], str]
    sets: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Callable[[], str]]
    kind: str = ""
    """Which types rights are given on; "" where the standard knows none."""
    has_level: bool = False


def _read_write(prefix: str, write: Sequence[str]) -> dict[str, tuple[str, ...]]:
    every = access.SCOPES_OF_COMPONENT[prefix]
    first = every[0]
    return {
        READ: (first,),
        WRITE: (first, *write),
        EVERYTHING: tuple(scope for scope in every if scope != "persoonsgegevens.afgeschermd"),
    }


_USUAL: Final[dict[str, Callable[[], str]]] = {
    READ: lambda: _("Lezen"),
    WRITE: lambda: _("Lezen en schrijven"),
    EVERYTHING: lambda: _("Alles, ook verwijderen en herstellen"),
}
COMPONENTS: Final = (
    Component(
        "zrc", lambda: _("Zaken"), lambda: _("Zaken met hun statussen, betrokkenen en resultaat."),
        _read_write("zrc", ("zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen")), _USUAL, "zaaktype", True,
    ),
    Component(
        "drc", lambda: _("Documenten"), lambda: _("Documenten en hun inhoud."),
        _read_write("drc", ("documenten.aanmaken", "documenten.bijwerken", "documenten.lock")), _USUAL,
        "informatieobjecttype", True,
    ),
    Component(
        "brc", lambda: _("Besluiten"), lambda: _("Besluiten die de gemeente nam."),
        _read_write("brc", ("besluiten.aanmaken", "besluiten.bijwerken")), _USUAL, "besluittype",
    ),
    Component(
        "ztc", lambda: _("Catalogi"), lambda: _("Welke soorten zaken, documenten en besluiten er zijn. Wie zaken of documenten leest, leest dit ook."),
        _read_write("ztc", ("catalogi.schrijven",)), _USUAL,
    ),
    Component(
        "nrc", lambda: _("Notificaties"), lambda: _("Berichten dat er iets veranderde."),
        {READ: ("notificaties.consumeren",), WRITE: ("notificaties.consumeren", "notificaties.publiceren")},
        {READ: lambda: _("Berichten krijgen"), WRITE: lambda: _("Berichten krijgen en sturen")},
    ),
    Component(
        "ac", lambda: _("Autorisaties"), lambda: _("De rechten van applicaties. Wie deze wijzigt, kan zichzelf meer rechten geven."),
        {READ: ("autorisaties.lezen",), EVERYTHING: ("autorisaties.lezen", "autorisaties.bijwerken")},
        {READ: lambda: _("Lezen"), EVERYTHING: lambda: _("Lezen en wijzigen")},
    ),
)  # fmt: skip


@dataclass
class Choice:
    """What is chosen for one API."""

    set: str = NONE
    scopes: list[str] = field(default_factory=list)
    """Only with ``EXACT``."""
    types: str = ALL_TYPES
    catalogues: list[str] = field(default_factory=list)
    """The domains of the catalogues, with ``CATALOGUES``."""
    chosen: list[str] = field(default_factory=list)
    level: str = ""


@dataclass
class Typed:
    """The form as it was filled in."""

    label: str = ""
    client_id: str = ""
    may_all: bool = False
    choices: dict[str, Choice] = field(default_factory=dict)
    kept: tuple[AutorisatieData, ...] = ()
    """What the application had before, for what is to stay as it is."""

    def choice(self, code: str) -> Choice:
        """Return what is chosen for an API."""
        return self.choices.setdefault(code, Choice())


def from_post(data: QueryDict, *, kept: Sequence[AutorisatieData] = ()) -> Typed:
    """Return the form as it was sent; nothing is judged yet."""

    def text(name: str) -> str:
        return data.get(name, "").replace("\x00", "").strip()[:200]

    typed = Typed(text("naam"), text("client_id"), text("omvang") == EVERYTHING, kept=tuple(kept))
    for component in COMPONENTS:
        code = component.code
        typed.choices[code] = Choice(
            text(f"{code}-set") or NONE,
            [one.replace("\x00", "")[:100] for one in data.getlist(f"{code}-scopes")],
            text(f"{code}-types") or ALL_TYPES,
            [one.replace("\x00", "")[:5] for one in data.getlist(f"{code}-catalogus")],
            [one.replace("\x00", "")[:120] for one in data.getlist(f"{code}-type")],
            text(f"{code}-niveau"),
        )
    return typed


def from_record(record: ApplicatieRecord) -> Typed:
    """Return the form as it stands for an application."""
    typed = Typed(record.label, may_all=record.heeft_alle_autorisaties, kept=record.autorisaties)
    for component in COMPONENTS:
        held = _of(component, record.autorisaties)
        choice = _as_choice(component, held)
        # What does not come back as it was cannot be shown in this form, and is not lost for that.
        same = set(_autorisaties(component, choice, ())) == set(held)
        typed.choices[component.code] = choice if same else Choice(KEEP)
    return typed


def _of(component: Component, held: Iterable[AutorisatieData]) -> list[AutorisatieData]:
    return [one for one in held if one.component == component.code]


def _as_choice(component: Component, held: Sequence[AutorisatieData]) -> Choice:
    if not held:
        return Choice()
    scopes = set(held[0].scopes)
    name = next((name for name, given in component.sets.items() if set(given) == scopes), EXACT)
    refs = [one.type_ref for one in held]
    types = ALL_TYPES if not component.kind or refs == [ANY] else CATALOGUES if held[0].domein else CHOSEN_TYPES
    level = held[0].max_level
    return Choice(
        name,
        list(held[0].scopes) if name == EXACT else [],
        types,
        [one.domein for one in held] if types == CATALOGUES else [],
        refs if types == CHOSEN_TYPES else [],
        str(level) if level is not None else "",
    )


def build(typed: Typed) -> list[AutorisatieData]:
    """Return the rights that a form without faults asks for; nothing when everything is allowed."""
    if typed.may_all:
        return []
    return [
        one for component in COMPONENTS for one in _autorisaties(component, typed.choice(component.code), typed.kept)
    ]


def _autorisaties(component: Component, choice: Choice, kept: Sequence[AutorisatieData]) -> list[AutorisatieData]:
    if choice.set == KEEP:
        return _of(component, kept)
    scopes = _scopes(component, choice)
    if not scopes:
        return []
    if not component.kind:
        return [AutorisatieData(component.code, scopes)]
    level = int(choice.level) if component.has_level and choice.level.isdecimal() else None
    if choice.types == CATALOGUES:
        domeinen = dict.fromkeys(choice.catalogues)
        return [AutorisatieData(component.code, scopes, domein=domein, max_level=level) for domein in domeinen]
    refs = [ANY] if choice.types == ALL_TYPES else list(dict.fromkeys(choice.chosen))
    return [AutorisatieData(component.code, scopes, ref, max_level=level) for ref in refs]


def _scopes(component: Component, choice: Choice) -> tuple[str, ...]:
    if choice.set == EXACT:
        wanted = set(choice.scopes)
        return tuple(scope for scope in access.SCOPES_OF_COMPONENT[component.code] if scope in wanted)
    return component.sets.get(choice.set, ())


def faults(typed: Typed) -> dict[str, str]:
    """Return what is wrong with the rights in a form: a sentence per field."""
    if typed.may_all:
        return {}
    wrong: dict[str, str] = {}
    for component in COMPONENTS:
        code, choice = component.code, typed.choice(component.code)
        if choice.set not in {NONE, EXACT, *component.sets, *([KEEP] if _of(component, typed.kept) else [])}:
            wrong[f"{code}-set"] = _("Kies wat de applicatie mag.")
        if choice.set in {NONE, KEEP} or f"{code}-set" in wrong:
            continue
        if choice.set == EXACT and (not _scopes(component, choice) or _unknown_scopes(component, choice)):
            wrong[f"{code}-scopes"] = _("Kies ten minste één scope.")
        if not component.kind:
            continue
        wrong |= _faults_of_types(component, typed)
        if component.has_level and choice.level not in {value for value, _label in levels()}:
            wrong[f"{code}-niveau"] = _("Kies tot en met welke vertrouwelijkheid.")
    if not wrong and not build(typed):
        wrong["omvang"] = _("Kies ten minste één recht.")
    return wrong


def _faults_of_types(component: Component, typed: Typed) -> dict[str, str]:
    code, choice = component.code, typed.choice(component.code)
    if choice.types == ALL_TYPES:
        return {}
    if choice.types == CATALOGUES:
        name, chosen, options, text = "catalogus", choice.catalogues, catalogue_options(component, typed), _("Kies ten minste één catalogus.")  # fmt: skip
    elif choice.types == CHOSEN_TYPES:
        name, chosen, options, text = "type", choice.chosen, type_options(component, typed), _("Kies ten minste één soort.")  # fmt: skip
    else:
        return {f"{code}-types": _("Kies waarvoor dit geldt.")}
    if not options:
        return {f"{code}-types": _("Er is nog niets gepubliceerd in de catalogus om uit te kiezen.")}
    there = {value for value, _label in options}
    return {} if chosen and set(chosen) <= there else {f"{code}-{name}": text}


def _unknown_scopes(component: Component, choice: Choice) -> bool:
    return not set(choice.scopes) <= set(access.SCOPES_OF_COMPONENT[component.code])


def levels() -> list[tuple[str, str]]:
    """Return the levels of confidentiality to choose from."""
    return [(str(number), access.level_name(number)) for number in range(1, len(access.ORDER) + 1)]


def type_options(component: Component, typed: Typed) -> list[tuple[str, str]]:
    """Return the types to choose from, and those that the application has already and that are no longer published."""
    known = catalogi.type_names(component.kind)
    several = len({one.domein for one in known}) > 1
    options = [(one.ref, f"{one.omschrijving} ({one.catalogus})" if several else one.omschrijving) for one in known]
    names = {ref for ref, _label in options}
    return options + [
        (one.type_ref, one.type_ref)
        for one in _of(component, typed.kept)
        if one.type_ref not in {"", ANY} and one.type_ref not in names
    ]


def seal(record: ApplicatieRecord) -> str:
    """Return what tells whether an application is still as it was when a form was made."""
    return hashlib.sha256(repr(record).encode()).hexdigest()[:32]


def catalogue_options(component: Component, typed: Typed) -> list[tuple[str, str]]:
    """Return the catalogues to choose from, and those that the application has already and that hold no type any more."""
    names = {one.domein: one.catalogus for one in catalogi.type_names(component.kind)}
    held = {one.domein: one.domein for one in _of(component, typed.kept) if one.domein}
    return list((held | names).items())


# -- In words -----------------------------------------------------------------------------------------------------------
def in_words(autorisaties: Sequence[AutorisatieData]) -> list[dict[str, Any]]:
    """Return rights as lines to read: which API, what, on which types and how far."""
    lines = []
    for component in COMPONENTS:
        held = _of(component, autorisaties)
        known = catalogi.type_names(component.kind) if held and component.kind else []
        names = {one.ref: one.omschrijving for one in known} | {one.domein: one.catalogus for one in known}
        for group in _grouped(held):
            first = group[0]
            lines.append({
                "api": component.name(),
                "what": _set_in_words(component, first.scopes),
                "scopes": ", ".join(first.scopes),
                "types": [_type_in_words(one, names) for one in group] if component.kind else [],
                "level": access.level_name(first.max_level) if first.max_level else "",
            })  # fmt: skip
    return lines


def _grouped(held: Sequence[AutorisatieData]) -> list[list[AutorisatieData]]:
    groups: dict[tuple[frozenset[str], int | None], list[AutorisatieData]] = {}
    for one in held:
        groups.setdefault((frozenset(one.scopes), one.max_level), []).append(one)
    return list(groups.values())


def _set_in_words(component: Component, scopes: Sequence[str]) -> str:
    name = next((name for name, given in component.sets.items() if set(given) == set(scopes)), "")
    return component.words[name]() if name else _("Precieze scopes")


def _type_in_words(one: AutorisatieData, names: Mapping[str, str]) -> str:
    if one.domein:
        return _("Alle soorten van catalogus %(name)s, nu en later") % {"name": names.get(one.domein, one.domein)}
    if one.type_ref == ANY:
        return _("Alle soorten, nu en later")
    name = names.get(one.type_ref, one.type_ref or one.type_url)
    return name if one.all_versions else _("%(name)s, alleen één versie") % {"name": name}


# -- As fields ----------------------------------------------------------------------------------------------------------
def fields_of(component: Component, typed: Typed, wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields of one API, ready for ``{% field %}``."""
    code, choice = component.code, typed.choice(component.code)
    gives = [*component.sets, EXACT]
    options = [(NONE, _("Niets")), *((name, component.words[name]()) for name in component.sets), (EXACT, _("Precieze scopes kiezen"))]  # fmt: skip
    if _of(component, typed.kept):
        options.append((KEEP, _("Laat zoals het is")))
    made: list[dict[str, Any]] = [
        {"kind": "radio", "name": f"{code}-set", "label": component.name(), "hint": component.about(), "options": options,
         "value": choice.set, "required": True, "legend_size": 3, "error": wrong.get(f"{code}-set", "")},
        {"kind": "checkboxes", "name": f"{code}-scopes", "label": _("%(api)s: welke scopes") % {"api": component.name()},
         "options": [(scope, scope) for scope in access.SCOPES_OF_COMPONENT[code]], "value": choice.scopes,
         "required": True, "error": wrong.get(f"{code}-scopes", ""), "show_when": {"key": f"{code}-set", "eq": EXACT}},
    ]  # fmt: skip
    if component.kind:
        types = type_options(component, typed)
        made += [
            {"kind": "radio", "name": f"{code}-types", "label": _("%(api)s: waarvoor geldt dit") % {"api": component.name()},
             "options": [(ALL_TYPES, _("Alle soorten, nu en later")), (CATALOGUES, _("Alle soorten van een catalogus, nu en later")), (CHOSEN_TYPES, _("Alleen de soorten die ik kies"))],
             "value": choice.types, "required": True, "error": wrong.get(f"{code}-types", ""),
             "show_when": {"key": f"{code}-set", "in": gives}},
            {"kind": "checkboxes", "name": f"{code}-catalogus", "label": _("%(api)s: welke catalogi") % {"api": component.name()},
             "options": catalogue_options(component, typed), "value": choice.catalogues, "required": True, "error": wrong.get(f"{code}-catalogus", ""),
             "show_when": {"all": [{"key": f"{code}-set", "in": gives}, {"key": f"{code}-types", "eq": CATALOGUES}]}},
            {"kind": "checkboxes", "name": f"{code}-type", "label": _("%(api)s: welke soorten") % {"api": component.name()},
             "hint": _("Met al hun versies, ook latere.") if types else _("Er is nog niets gepubliceerd in de catalogus."),
             "options": types, "value": choice.chosen, "required": True, "error": wrong.get(f"{code}-type", ""),
             "show_when": {"all": [{"key": f"{code}-set", "in": gives}, {"key": f"{code}-types", "eq": CHOSEN_TYPES}]}},
        ]  # fmt: skip
    if component.has_level:
        made.append(
            {"kind": "select", "name": f"{code}-niveau", "label": _("%(api)s: tot en met welke vertrouwelijkheid") % {"api": component.name()},
             "options": [("", _("Kies")), *levels()], "value": choice.level, "required": True, "error": wrong.get(f"{code}-niveau", ""),
             "show_when": {"key": f"{code}-set", "in": gives}},
        )  # fmt: skip
    return made


def hidden(typed: Typed) -> list[tuple[str, str]]:
    """Return the form as values that go along on the page where it is read over."""
    made = [("naam", typed.label), ("client_id", typed.client_id), ("omvang", EVERYTHING if typed.may_all else "kies")]
    for code, choice in typed.choices.items():
        made += [(f"{code}-set", choice.set), (f"{code}-types", choice.types), (f"{code}-niveau", choice.level)]
        made += [(f"{code}-scopes", scope) for scope in choice.scopes]
        made += [(f"{code}-catalogus", domein) for domein in choice.catalogues]
        made += [(f"{code}-type", ref) for ref in choice.chosen]
    return made
