"""Every operation of every API, tried by applications that differ in what the access rule asks, on objects that differ.

The operations come from the APIs themselves, the APIs from the resolver, the objects from the tables of the registers: what
is added tomorrow joins by itself. Who may, is reckoned from the rows by ``plain_rule``; where an object has no type of its
own, that of the zaak, document or besluit counts that its JSON names.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from stadhuis.access import public as access
from stadhuis.access.guards import guarded
from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Besluittype, Zaaktype
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.tests.givens import given_new_document
from stadhuis.kit.api.endpoint import Answer, Api, Operation
from stadhuis.kit.api.errors import Invalid
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.resource import Resource, registered, resource_of
from stadhuis.kit.api.testing import ApiClient, token
from stadhuis.kit.time import today
from stadhuis.people.public import SYSTEM
from stadhuis.workplace.tests.plain_rule import PlainRule, rows
from stadhuis.workplace.tests.test_every_url import API_ROUTES, House, World, browser_of, world
from stadhuis.zaken import guards
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import RelevanteZaak, Zaak
from stadhuis.zaken.tests.givens import given_linked_document, given_zaak

__all__ = ["world"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SECRET = "een-geheim-van-minstens-32-tekens!!"
Json = dict[str, Any]
FORCED = "zaken.geforceerd-bijwerken"
APIS = sorted((api for api in API_ROUTES.values() if api.component), key=lambda api: api.name)
"""Those of a ZGW component; a webhook knows no applications, its own tests try it."""
MAIN = {
    "zrc": ("zaak", "zaken"),
    "drc": ("informatieobject", "enkelvoudiginformatieobjecten"),
    "brc": ("besluit", "besluiten"),
}
"""Component -> key by which the JSON of a part names what it belongs to, and the path of that."""


# -- Who tries ----------------------------------------------------------------------------------------------------------
def every_scope() -> dict[str, set[str]]:
    """Return component -> all scopes that its operations ask."""
    found: dict[str, set[str]] = {}
    for api in APIS:
        for methods in api.operations.values():
            for operation in methods.values():
                found.setdefault(api.component, set()).update(operation.scopes)
    return found


def given_applications(world: World) -> None:
    """Admit applications that differ in one thing each."""
    scopes = every_scope()
    types = {row["ref"]: row["uuid"] for row in rows("catalogi_zaaktype")}
    tozo = next(ref for ref in types if ref.endswith(":TOZO"))
    kap = next(ref for ref in types if ref.endswith(":KAP"))

    def admit(name: str, *rights: access.AutorisatieData, everything: bool = False) -> None:
        access.create_applicatie(name, [name], SECRET, everything, rights)

    def on(ref: str, level: int, keep: Callable[[str], bool] = bool) -> list[access.AutorisatieData]:
        return [
            access.AutorisatieData(component, tuple(sorted(filter(keep, names))), type_ref=ref, max_level=level)
            for component, names in scopes.items()
            if any(map(keep, names))
        ]

    def version(uuid: UUID, component: str = "zrc") -> access.AutorisatieData:
        return access.AutorisatieData(
            component, tuple(sorted(scopes[component])), type_url="https://x.example/1", type_uuid=uuid, all_versions=False,
            max_level=4,
        )  # fmt: skip

    def of_catalogue(domein: str, level: int) -> list[access.AutorisatieData]:
        return [
            access.AutorisatieData(component, tuple(sorted(scopes[component])), domein=domein, max_level=level)
            for component in MAIN
        ]

    def every_zaak() -> access.AutorisatieData:
        return access.AutorisatieData("zrc", tuple(sorted(scopes["zrc"])), "*", max_level=8)

    def of_type(component: str, ref: str) -> access.AutorisatieData:
        return access.AutorisatieData(component, tuple(sorted(scopes[component])), ref, max_level=8)

    def reads(scope: str) -> bool:
        return scope.endswith(".lezen")

    admit("everything", everything=True)
    admit("all scopes, listed", *on("*", 8))
    admit("another component", access.AutorisatieData("ac", ("autorisaties.wat-anders",)))
    admit("sees barred persons", *on("*", 8), access.AutorisatieData("zrc", ("persoonsgegevens.afgeschermd",), "*"))
    admit("reads only", *on("*", 8, reads))
    admit("writes without reading", *on("*", 8, lambda scope: not reads(scope)))
    admit("all but forced", *on("*", 8, lambda scope: "geforceerd" not in scope))
    admit("Tozo up to its level", *on(tozo, 4))
    admit("one level too low", *on(tozo, 3))
    admit("everything that is open", *on("*", 1))
    admit("one version", version(types[kap]))
    admit("a version that nothing has", version(uuid4()))
    admit("reads this, writes that", *on(tozo, 8, reads), *on(kap, 1, lambda scope: not reads(scope)))
    documents = {row["ref"]: row["uuid"] for row in rows("catalogi_informatieobjecttype")}
    decisions = {row["ref"]: row["uuid"] for row in rows("catalogi_besluittype")}
    admit("one catalogue", *of_catalogue("ANDER", 8))
    admit("one catalogue up to a level", *of_catalogue("ANDER", 4))
    admit("a catalogue whose name begins the same", *of_catalogue("ANDE", 8))
    admit("one type of document", every_zaak(), of_type("drc", "ANDER:Besluit"))
    admit("one version of a type of document", version(documents["ANDER:Aanvraag"], "drc"))
    admit("one type of decision", every_zaak(), of_type("brc", "ANDER:Ontheffing"))
    admit("one version of a type of decision", version(decisions["ANDER:Vergunning"], "brc"))


NEEDED = {"clientId": "everything"}
"""Values of query parameters without which an operation is not asked."""
LEDGER = {"records_opening"}
"""What reading writes: who opened a zaak."""
WITHOUT_OBJECTS = ("everything", "another component", "reads only", "writes without reading")
"""Those who differ to a register that asks scopes and no right per object."""


def strangers() -> dict[str, str]:
    """Return tokens that open nothing, by why."""
    _, claims, _ = token("everything", SECRET).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return {
        "no token": "",
        "unsigned": f"Bearer {none}.{claims}.",
        "another secret": f"Bearer {token('everything', 'een-ander-geheim-van-32-tekens-lang!!')}",
        "unknown": f"Bearer {token('onbekend', SECRET)}",
        "too old": f"Bearer {token('everything', SECRET, iat=1_500_000_000)}",
        "from the future": f"Bearer {token('everything', SECRET, iat=4_000_000_000)}",
    }


# -- On what ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fact:
    """What the rule asks of an object: the component, type and level; and whether its zaak is closed."""

    component: str
    type_ref: str
    type_uuid: UUID
    level: int
    is_closed: bool = False
    is_barred: bool = False
    """Somebody in its zaak is barred."""


@dataclass(frozen=True)
class Target:
    """An object to try an operation on: its address, its JSON, and the facts of all whose rights count."""

    path: str
    body: Json
    facts: tuple[Fact, ...]
    exists: bool = True


class Registers:
    """The objects of the registers as the system itself sees them, and the facts about them."""

    def __init__(self, rule: PlainRule) -> None:
        self.rule = rule
        self._texts: dict[UUID, Json] = {}
        self._uuids: dict[str, list[UUID]] = {}
        self.components = {api.root: api.component for api in APIS}

    def json(self, resource: Resource, uuid: UUID) -> Json:
        """Return an object as the system sees it."""
        if uuid not in self._texts:
            self._texts[uuid] = json.loads(resource.one(uuid, seen_by=Everyone()).text)
        return self._texts[uuid]

    def all(self, resource: Resource) -> list[UUID]:
        """Return which objects there are."""
        if resource.name not in self._uuids:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT uuid FROM {resource.table} ORDER BY 1")
                self._uuids[resource.name] = [row[0] for row in cursor.fetchall()]
        return self._uuids[resource.name]

    def fact(self, resource: Resource, body: Json) -> Fact | None:
        """Return what the rule asks of an object; None where a register has no rights per object."""
        component = self.components.get(resource.root, "")
        if resource.guard is None or component not in MAIN:
            return None
        key, path = MAIN[component]
        uuid = UUID(str(body["url"] if resource.path == path else body[key]).rsplit("/", 1)[1])
        if component == "zrc":
            zaak = self.rule.zaken[uuid]
            version = self.rule.types[zaak["zaaktype_id"]]["uuid"]
            return Fact(
                "zrc", zaak["zaaktype_ref"], version, zaak["vertrouwelijkheid_orde"], zaak["einddatum"] is not None,
                self.rule.is_barred(zaak),
            )  # fmt: skip
        table, of = (
            ("documenten_document", "informatieobjecttype")
            if component == "drc"
            else ("besluiten_besluit", "besluittype")
        )
        [row] = [row for row in rows(table) if row["uuid"] == uuid]
        [kind] = [kind for kind in rows(f"catalogi_{of}") if kind["id"] == row[f"{of}_id"]]
        level = row.get("vertrouwelijkheid_orde") or 1
        return Fact(component, row[f"{of}_ref"], kind["uuid"], level, is_barred=self._is_in_barred_zaak(row))

    def _is_in_barred_zaak(self, row: Json) -> bool:
        """Return whether a document or besluit belongs to a zaak in which somebody is barred."""
        zaken = (
            {row.get("zaak_id")} if "zaak_id" in row else {zaak for zaak, one in self.rule.links if one == row["id"]}
        )
        return any(self.rule.is_barred(zaak) for zaak in self.rule.zaken.values() if zaak["id"] in zaken)

    def differing(self, resource: Resource) -> list[tuple[Json, tuple[Fact, ...]]]:
        """Return objects of which no two are alike to the rule, each with its facts."""
        found: dict[Any, tuple[Json, tuple[Fact, ...]]] = {}
        for uuid in self.all(resource):
            body = self.json(resource, uuid)
            fact = self.fact(resource, body)
            found.setdefault((fact, bool(body.get("deelzaken"))), (body, (fact,) if fact else ()))
        return list(found.values())


def resource_at(api: Api, segment: str) -> Resource | None:
    """Return the resource at a path of an API."""
    found = resource_of(f"{settings.PUBLIC_URL}/{api.root}/{segment}/{uuid4()}")
    return found[0] if found else None


def children(registers: Registers, api: Api, segment: str, parent: Json) -> Iterator[tuple[str, Json]]:
    """Yield the parts of an object that hang under its address, with their JSON."""
    if segment == "audittrail":
        for line in audit.trail_of(UUID(parent["url"].rsplit("/", 1)[1]))[:1]:
            yield str(line.uuid), {}
    resource = resource_at(api, segment)
    for uuid in registers.all(resource) if resource else ():
        assert resource is not None
        body = registers.json(resource, uuid)
        if parent["url"] in body.values():
            yield str(uuid), body
            return


def targets(registers: Registers, api: Api, path: str, method: str) -> list[Target]:
    """Return where an operation is tried: per kind of object that differs to the rule."""
    first, *rest = path.strip("/").split("/")
    resource = resource_at(api, first)
    if resource is None:
        names = re.findall(r"\{\w+\}", path)
        table = f"{api.name}_{first}"
        known = (
            [row["uuid"] for row in rows(table)] if names and table in connection.introspection.table_names() else []
        )
        return [Target(re.sub(r"\{\w+\}", str(one), path), {}, (), bool(known)) for one in (known or [uuid4()])[:1]]
    made = []
    for body, facts in registers.differing(resource):
        if method == "POST" and not rest and not resource.main and "zaak" not in body:
            facts = tuple(replace(fact, is_barred=False) for fact in facts)  # what is new has nobody in it yet
        if not rest or not rest[0].startswith("{"):
            made.append(Target(path, body, facts))
            continue
        if method == "DELETE":  # what hangs below goes with it
            below = [registers.json(resource, UUID(url.rsplit("/", 1)[1])) for url in body.get("deelzaken", ())]
            facts = (*facts, *(fact for one in below if (fact := registers.fact(resource, one))))
        address = path.replace(rest[0], body["url"].rsplit("/", 1)[1])
        if "{" not in address:
            inner = next((one for _, one in children(registers, api, rest[1], body)), {}) if len(rest) > 1 else body
            made.append(Target(address, inner, facts))
            continue
        found = next(children(registers, api, rest[1], body), None)
        made.append(
            Target(
                re.sub(r"\{\w+\}", found[0] if found else str(uuid4()), address),
                found[1] if found else {},
                facts,
                found is not None,
            )
        )
    return made or [Target(re.sub(r"\{\w+\}", str(uuid4()), path), {}, (), exists=False)]


def body_for(operation: Operation, target: Target, registers: Registers, api: Api) -> Json:
    """Return a body for an operation: the object itself, as far as the shape takes it."""
    if operation.takes is None:
        return {}
    if operation.path.endswith("_zoek"):
        resource = resource_at(api, operation.path.split("/")[1])
        assert resource is not None
        return {"uuid__in": [str(uuid) for uuid in registers.all(resource)]}
    keys = {field.key for field in operation.takes.fields.values() if not field.read_only}
    body = {key: value for key, value in target.body.items() if key in keys}
    if operation.method == "POST":
        body.pop("identificatie", None)
    return body


# -- What is expected ---------------------------------------------------------------------------------------------------
def may(rule: PlainRule, client: str, scopes: Sequence[str], facts: Iterable[Fact]) -> bool:
    """Return whether an application has one of the scopes on all of these; what is closed asks the forced one.

    Of what a barred person has a part in, it sees nothing without the scope for that.
    """
    return all(
        (not fact.is_barred or rule.sees_barred(client))
        and rule.program_may(
            client, fact.component, (FORCED,) if fact.is_closed and FORCED in scopes else tuple(scopes),
            type_ref=fact.type_ref, type_uuid=fact.type_uuid, level=fact.level,
        )
        for fact in facts
    )  # fmt: skip


def shape_takes(operation: Operation, body: Json) -> bool:
    """Return whether a body gets past the shape, which is asked before any right on an object."""
    if operation.takes is None:
        return True
    try:
        operation.takes.check(body, is_partial=operation.is_partial)
    except Invalid:
        return False
    return True


def needed(operation: Operation) -> dict[str, str]:
    """Return the query parameters that an operation cannot do without."""
    asked = operation.query.fields.values() if operation.query else ()
    return {field.key: NEEDED[field.key] for field in asked if field.is_required}


def is_list(api: Api, operation: Operation) -> bool:
    """Return whether an operation gives a list of a resource."""
    return operation.path.endswith("_zoek") or (
        operation.method == "GET" and "{" not in operation.path and not needed(operation)
    )


class Matrix:
    """Tries operations and collects what is otherwise than the rows say."""

    def __init__(self, world: World) -> None:
        given_applications(world)
        self.rule = PlainRule()
        self.registers = Registers(self.rule)
        self.clients = sorted(
            name for name in self.rule.clients if name in {row["label"] for row in rows("access_applicatie")}
        )
        self.faults: list[str] = []
        self.worked: set[tuple[str, str]] = set()
        """Operations that did what was asked for somebody."""
        for client in self.clients:  # that a secret was used is noted once in ten minutes: let that be before
            ApiClient("zaken/api/v1", client, SECRET).get("zaken")
        self.house = House()

    def send(
        self, client: ApiClient, operation: Operation, path: str, body: Json, **query: str
    ) -> tuple[int, Any, list[str]]:
        """Send a request and take back what it did; return status, JSON and the tables that changed."""
        query |= needed(operation)
        asked = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        with transaction.atomic():
            answer = client.send(
                operation.method, path.strip("/") + asked, body if operation.takes is not None else None
            )
            changed = self.house.changed()
            transaction.set_rollback(True)
        is_json = not answer.streaming and "json" in answer.headers.get("Content-Type", "") and answer.content
        return answer.status_code, json.loads(answer.content) if is_json else None, changed

    def fault(self, who: str, operation: Operation, path: str, text: str) -> None:
        """Note what is otherwise."""
        self.faults.append(f"{who}: {operation.method} {path}: {text}")

    def run(self, apis: Iterable[Api], clients: Iterable[str] | None = None) -> list[str]:
        """Try everything; return the faults."""
        for api in apis:
            for path, methods in api.operations.items():
                for method, operation in methods.items():
                    several = targets(self.registers, api, path, method)
                    for name, bearer in strangers().items():
                        headers = {"Authorization": bearer} if bearer else {}
                        self.refuses(name, ApiClient(api.root, headers=headers), operation, several[0], api)
                    for name in clients or (self.clients if api.component in MAIN else WITHOUT_OBJECTS):
                        client = ApiClient(api.root, name, SECRET)
                        if not self.rule.has_scope(name, api.component, operation.scopes):
                            self.refuses(name, client, operation, several[0], api)
                        elif is_list(api, operation):
                            self.lists(name, client, operation, api)
                        else:
                            for target in several:
                                self.one(name, client, operation, target, api)
        return self.faults

    def refuses(self, name: str, client: ApiClient, operation: Operation, target: Target, api: Api) -> None:
        """Expect 403, and nothing changed."""
        body = body_for(operation, target, self.registers, api)
        status, _, changed = self.send(client, operation, target.path, body)
        if status != 403 or changed:
            self.fault(name, operation, target.path, f"expected 403, got {status}, changed {changed}")

    def one(self, name: str, client: ApiClient, operation: Operation, target: Target, api: Api) -> None:
        """Expect what the facts of the object say."""
        body = body_for(operation, target, self.registers, api)
        allowed = may(self.rule, name, operation.scopes, target.facts)
        status, answer, changed = self.send(client, operation, target.path, body)
        about = f"{target.path} {[(fact.type_ref, fact.level, fact.is_closed) for fact in target.facts]}"
        if status >= 500:
            self.fault(name, operation, about, f"got {status}")
        if not target.exists:
            good = allowed or not shape_takes(operation, body)  # the shape is asked first
            refused = {415} if operation.takes is not None and operation.takes.media else set()  # of JSON
            if status not in ({404, 400} if good else {403, 404}) | refused or changed:
                self.fault(name, operation, about, f"nothing is there, got {status}, changed {changed}")
        elif not allowed:
            if (status != 403 and not (status == 400 and not shape_takes(operation, body))) or changed:
                self.fault(name, operation, about, f"expected 403, got {status} {answer}, changed {changed}")
        elif operation.method == "GET":
            if status != 200 or set(changed) - LEDGER:
                self.fault(name, operation, about, f"expected 200, got {status}, changed {changed}")
            self.expands(name, client, operation, target, api)
        elif status == 403 and self.touches_closed(name, body):
            pass
        elif status in {403, 404}:
            self.fault(name, operation, about, f"expected to be let in, got {status} {answer}")
        if status < 300:
            self.worked.add((operation.method, operation.path))

    def touches_closed(self, name: str, body: Json) -> bool:
        """Return whether a body adds to a closed zaak that the application may not change by force."""
        uuid = str(body.get("zaak") or "").rsplit("/", 1)[-1]
        row = self.rule.zaken.get(UUID(uuid)) if uuid else None
        if row is None or row["einddatum"] is None:
            return False
        fact = self.registers.fact(registered("zaak"), {"url": str(body["zaak"])})
        return fact is not None and not may(self.rule, name, [FORCED], [fact])

    def lists(self, name: str, client: ApiClient, operation: Operation, api: Api) -> None:
        """Expect exactly the objects that the rows say, also in what is expanded."""
        resource = resource_at(api, operation.path.split("/")[1])
        if resource is None:
            status, _, _ = self.send(client, operation, operation.path, {})
            if status != 200:
                self.fault(name, operation, operation.path, f"expected 200, got {status}")
            return
        body = body_for(operation, Target("", {}, ()), self.registers, api)
        status, answer, changed = self.send(client, operation, operation.path, body)
        if status != 200 or changed:
            self.fault(name, operation, operation.path, f"expected 200, got {status} {answer}, changed {changed}")
            return
        if resource.guard is None:
            return
        found = answer["results"] if isinstance(answer, dict) else answer
        shown = {one["url"] for one in found}
        wanted = set()
        for uuid in self.registers.all(resource):
            one = self.registers.json(resource, uuid)
            fact = self.registers.fact(resource, one)
            if fact is None or may(self.rule, name, operation.scopes, [fact]):
                wanted.add(one["url"])
        if shown != wanted:
            self.fault(
                name, operation, operation.path,
                f"expected {len(wanted)}, too many {sorted(shown - wanted)}, missing {sorted(wanted - shown)}",
            )  # fmt: skip
        if operation.method == "GET" and resource.relations:
            names = self.expandable(resource)
            status, answer, _ = self.send(client, operation, operation.path, {}, expand=",".join(names))
            found = (answer["results"] if isinstance(answer, dict) else answer) if status == 200 else ()
            for one in found:
                self.compare(name, operation, resource, one, names)

    # -- Expand ---------------------------------------------------------------------------------------------------------
    def expandable(self, resource: Resource) -> list[str]:
        """Return the relations that lead to a resource that is there."""
        made = []
        for name, relation in resource.relations.items():
            try:
                registered(relation.target)
            except KeyError:
                continue
            made.append(name)
        return made[:20]

    def visible(self, name: str, resource: Resource, one: Json, relation: str) -> tuple[set[str], bool]:
        """Return the uuids that a relation of an object may show, and whether it hides any."""
        target = registered(resource.relations[relation].target)
        named = one[relation] if isinstance(one[relation], list) else [one[relation]]
        seen, hides = set(), False
        known = {str(uuid) for uuid in self.registers.all(target)}
        for url in named:
            uuid = str(url["url"] if isinstance(url, dict) else url or "").rsplit("/", 1)[-1]
            if uuid not in known:
                continue
            fact = self.registers.fact(target, self.registers.json(target, UUID(uuid)))
            if fact is None or (target.guard and may(self.rule, name, target.guard.scopes, [fact])):
                seen.add(uuid)
            else:
                hides = True
        return seen, hides

    def compare(self, name: str, operation: Operation, resource: Resource, one: Json, names: list[str]) -> None:
        """Compare what is expanded with what may be."""
        for relation in names:
            wanted, _ = self.visible(name, resource, one, relation)
            got = one["_expand"].get(relation) or []
            shown = {part["url"].rsplit("/", 1)[1] for part in (got if isinstance(got, list) else [got]) if part}
            if shown != wanted:
                self.fault(
                    name, operation, f"{one['url']}?expand={relation}",
                    f"too many {sorted(shown - wanted)}, missing {sorted(wanted - shown)}",
                )  # fmt: skip

    def expands(self, name: str, client: ApiClient, operation: Operation, target: Target, api: Api) -> None:
        """Ask one object with all that can be expanded: 404 when something may not be seen (zrc-028)."""
        resource = resource_at(api, operation.path.split("/")[1])
        if resource is None or operation.gives is not resource or not resource.relations or not target.facts:
            return
        names = self.expandable(resource)
        one = self.registers.json(resource, UUID(target.body["url"].rsplit("/", 1)[1]))
        hides = any(self.visible(name, resource, one, relation)[1] for relation in names)
        status, answer, _ = self.send(client, operation, target.path, {}, expand=",".join(names))
        if status != (404 if hides else 200):
            self.fault(name, operation, f"{target.path}?expand", f"expected {404 if hides else 200}, got {status}")
        if status == 200:
            self.compare(name, operation, resource, answer, names)


# -- The matrix -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def related(world: World) -> World:
    """Zaken that lead to zaken of another type and another level."""
    one, two, low, high, other, highest = world.zaken[0], world.zaken[1], *world.zaken[-4:]
    [barred] = [zaak for zaak in world.zaken if zaak.omschrijving.endswith("of a barred person")]
    given_linked_document(barred, titel="Van een afgeschermd persoon")
    kind = catalogi.zaaktype_by_id(barred.zaaktype_id).besluittypen[0]
    besluiten.create_besluit(
        besluiten.NewBesluit(besluittype_id=kind.id, zaak_id=barred.id, datum=today(), ingangsdatum=today()), by=SYSTEM
    )
    Zaak.objects.filter(pk__in=[high.id, other.id]).update(hoofdzaak_id=one.id)
    for whose, leads_to in ((two, highest), (low, other), (other, high)):
        RelevanteZaak.objects.create(zaak_id=whose.id, andere_zaak_id=leads_to.id, aard_relatie="vervolg")
    given_another_version(other)
    return world


def given_another_version(other: zaken.ZaakRecord) -> None:
    """Make a zaak of a later version of a type, and documents and decisions of two types of the same catalogue."""
    Zaaktype.objects.filter(ref="ANDER:KAP").update(einde_geldigheid=date(2025, 12, 31))
    later = given_zaak(
        zaaktype=given_zaaktype(domein="ANDER", identificatie="KAP", begin_geldigheid=date(2026, 1, 1)), rollen=()
    )
    for zaak in (other, later):
        for name in ("Besluit", "Aanvraag"):
            kind = catalogi.informatieobjecttype_by_name(f"ANDER:{name}")
            new = given_new_document(informatieobjecttype_id=kind.id, vertrouwelijkheidaanduiding="openbaar")
            zaken.link_document(zaak.id, documenten.create_document(new, by=SYSTEM).id, by=SYSTEM)
    for name, zaak_id in (("Vergunning", later.id), ("Ontheffing", None)):
        kind_id = Besluittype.objects.get(ref=f"ANDER:{name}").pk
        besluiten.create_besluit(besluiten.NewBesluit(kind_id, zaak_id, date(2026, 3, 5), date(2026, 3, 6)), by=SYSTEM)


@pytest.mark.parametrize("api", APIS, ids=[api.name for api in APIS])
def test_every_application_gets_of_every_operation_what_the_rows_say(related: World, api: Api) -> None:
    matrix = Matrix(related)
    faults = matrix.run([api])
    assert not faults, "\n".join(faults)
    if api.name == "zaken":  # the bodies that are sent are good ones: what was refused, was refused for the right
        assert {
            ("POST", "/zaken"),
            *((method, "/zaken/{uuid}") for method in ("PUT", "PATCH", "DELETE")),
        } <= matrix.worked


def test_who_is_logged_in_with_a_browser_is_nobody_to_an_api(world: World) -> None:
    for persona in ("owner", "everything", "administrator"):
        for api in APIS:
            [(path, methods), *_] = api.operations.items()
            answer = browser_of(world, persona).get(f"/{api.root}{path}")
            assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json"), methods
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("one catalogue", "zaak"),
        ("one catalogue", "enkelvoudiginformatieobject"),
        ("one catalogue", "besluit"),
        ("one catalogue up to a level", "zaak"),
        ("one version", "zaak"),
        ("one type of document", "enkelvoudiginformatieobject"),
        ("one version of a type of document", "enkelvoudiginformatieobject"),
        ("one type of decision", "besluit"),
        ("one version of a type of decision", "besluit"),
    ],
)
def test_an_application_that_is_limited_sees_something_and_not_everything(
    related: World, name: str, resource: str
) -> None:
    matrix, kind = Matrix(related), registered(resource)
    assert kind.guard is not None
    seen = kind.page(seen_by=access.enter(f"Bearer {token(name, SECRET)}")).count
    assert 0 < seen < len(matrix.registers.all(kind))


# -- The matrix can fail --------------------------------------------------------------------------------------------------
def test_a_rule_that_forgets_the_level_is_found(related: World) -> None:
    right = guarded("zaak")
    given = {
        name: getattr(right, name)
        for name in ("own_sql", "involved_sql", "table", "case_sql", "version_sql", "component")
    }
    access.register_guarded("zaak", **given, level_column="id * 0")
    try:
        faults = Matrix(related).run([API_ROUTES["zaken-api"]], ["one level too low"])
    finally:
        guards.register()
    assert [
        one for one in faults if one.startswith("one level too low: GET /zaken/") and "expected 403, got 200" in one
    ]
    assert [one for one in faults if one.startswith("one level too low: GET /zaken: ") and "too many ['http" in one]
    assert [one for one in faults if one.startswith("one level too low: POST /zaken/_zoek: ") and "too many" in one]


def test_an_operation_that_asks_no_right_is_found(related: World) -> None:
    # given: an operation of a zaak that looks at no zaak
    api = API_ROUTES["zaken-api"]
    kept = api.operations["/zaken/{uuid}"]["GET"]
    planted = replace(kept, function=lambda request, uuid: Answer.of({"uuid": str(uuid)}), query=None)
    api.operations["/zaken/{uuid}"]["GET"] = planted
    try:
        faults = Matrix(related).run([api], ["one level too low"])
    finally:
        api.operations["/zaken/{uuid}"]["GET"] = kept
    assert [
        one for one in faults if one.startswith("one level too low: GET /zaken/") and "expected 403, got 200" in one
    ]
