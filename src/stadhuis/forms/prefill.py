"""What the base registrations know, asked before a draft is started (outside any transaction).

A source that is down is noted as such: its questions are then asked by hand, and what is typed counts as the resident's own word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stadhuis.forms.rules import fields
from stadhuis.forms.rules.definition import Component, Definition
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.personen import public as personen
from stadhuis.personen.public import Bedrijf, Persoon

Facts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Gathered:
    """Per key what a source said, with source and moment; and per source whether it answered."""

    facts: Facts = field(default_factory=dict)
    sources: Facts = field(default_factory=dict)


def gather(definition: Definition, *, by: Actor) -> Gathered:
    """Return what BRP and KVK know for the questions of a form about whoever is acted for."""
    wanted: dict[str, list[Component]] = {}
    for component in definition.inputs():
        if component.prefill:
            wanted.setdefault(component.prefill.plugin, []).append(component)
    gathered = Gathered()
    for plugin, components in wanted.items():
        moment = now().isoformat()
        try:
            known = _ASK[plugin](by, f"aanvraag-{definition.slug}")
        except personen.SourceUnavailable:
            gathered.sources[plugin] = {"at": moment, "answered": False}
            continue
        gathered.sources[plugin] = {"at": moment, "answered": True}
        stated = _eidas(by, known) if plugin == "brp" else _eidas_company(by)
        for component in components:
            attribute = component.prefill.attribute if component.prefill else ""
            value = stated.get(attribute, known.get(attribute))
            value = _as_choice(component, value) if component.choices else value
            if not fields.is_empty(value):
                gathered.facts[component.key] = {
                    "value": value,
                    "source": "eidas" if attribute in stated else plugin,
                    "at": moment,
                    "readonly": component.readonly,
                }
    return gathered


def _as_choice(component: Component, value: Any) -> str | None:
    """Return the choice whose value or label the source means: 'Vennootschap onder firma' is ``vof``."""
    said = str(value or "").casefold().strip()
    for choice in component.choices:
        label = choice.label.nl.casefold()
        if said and (said == choice.value.casefold() or said == label or label.startswith(f"{said} (")):
            return choice.value
    return None


def _brp(by: Actor, purpose: str) -> Mapping[str, Any]:
    if by.person_id is None:
        return {}
    bsn = people.bsns_of([by.person_id]).get(by.person_id)
    if bsn is None:
        # Not in the BRP by any number we know (eIDAS): what they fill in themselves counts.
        return {}
    person = personen.persoon(bsn, purpose=purpose, by=by)
    return person_facts(person) if person else {}


def _eidas(by: Actor, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what another country of the EU states about somebody, for what the BRP does not say."""
    said = dict(by.stated) if by.acting_for is None else {}
    naam = " ".join(said[name] for name in ("given_name", "family_name") if name in said)
    facts = {"naam": naam, "geboortedatum": said.get("birthdate")}
    return {key: value for key, value in facts.items() if value and fields.is_empty(known.get(key))}


def _eidas_company(by: Actor) -> Mapping[str, Any]:
    """Return what another country states about a company that is not in our trade register."""
    if by.company_id is None or by.means != "eidas" or by.acting_for is not None:
        return {}
    naam = people.company(by.company_id).naam
    return {"bedrijfsnaam": naam} if naam else {}


def lacks_kvk_number(definition: Definition, *, by: Actor) -> bool:
    """Return whether a form asks the KVK number of a company that has none: one from another country of the EU."""
    asks = any(c.prefill is not None and c.prefill.attribute == "kvkNummer" and c.required for c in definition.inputs())
    return asks and by.company_id is not None and not people.kvk_of(by.company_id)


def representative_name(by: Actor) -> str:
    """Return the name of whoever acts for someone else; "" for who acts for himself, or when the BRP does not answer."""
    if by.acting_for is None:
        return ""
    if by.kind == "company":
        return by.label
    bsn = people.bsns_of([by.pk or 0]).get(by.pk or 0)
    if bsn is None:
        return " ".join(value for name, value in by.stated if name != "birthdate")
    try:
        person = personen.persoon(bsn, purpose="aanvraag-gemachtigde", by=by)
    except personen.SourceUnavailable:
        return ""
    return person.naam.volledig if person else ""


def person_facts(person: Persoon) -> Mapping[str, Any]:
    """Return the attributes of a person that a form can ask for."""
    facts: dict[str, Any] = {
        "naam": person.naam.volledig,
        "geboortedatum": person.geboorte.datum.isoformat() if person.geboorte and person.geboorte.datum else None,
        "partner": "ja" if person.partner else "nee",
    }
    if person.adres is not None:
        facts["woonland"] = person.adres.land
        if person.adres.is_buitenland:
            facts["straat"] = person.adres.regels[0] if person.adres.regels else None
            facts["woonplaats"] = person.adres.regels[1] if len(person.adres.regels) > 1 else None
        else:
            facts |= {
                "straat": person.adres.straat,
                "huisnummer": person.adres.nummer,
                "postcode": person.adres.postcode,
                "woonplaats": person.adres.woonplaats,
            }
    return facts


def _kvk(by: Actor, purpose: str) -> Mapping[str, Any]:
    if by.company_id is not None:
        kvk_nummer = people.kvk_of(by.company_id)
        if not kvk_nummer:
            return {}  # from another country (eIDAS): not in our trade register
        company = personen.bedrijf(kvk_nummer, purpose=purpose, by=by)
        return company_facts(company) if company else {}
    bsn = people.bsns_of([by.person_id]).get(by.person_id) if by.person_id is not None else None
    if bsn is None:
        return {}
    companies = personen.bedrijven_van(bsn, purpose=purpose, by=by)
    # Somebody with two companies says himself which one it is about.
    return company_facts(companies[0]) if len(companies) == 1 else {}


def company_facts(company: Bedrijf) -> Mapping[str, Any]:
    """Return the attributes of a company that a form can ask for."""
    return {
        "kvkNummer": company.kvk_nummer,
        "bedrijfsnaam": company.naam,
        "rechtsvorm": company.rechtsvorm,
        "startdatum": company.startdatum.isoformat() if company.startdatum else None,
    }


_ASK: dict[str, Callable[[Actor, str], Mapping[str, Any]]] = {"brp": _brp, "kvk": _kvk}
