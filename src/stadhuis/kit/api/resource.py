"""Resources: what the registers show, read as JSON text that PostgreSQL writes in one statement.

A room registers each resource with its table, an SQL expression per key, its guard, filters, orderings and relations.
``page`` and ``one`` compile that, together with the access condition and the wish for expansion, to one statement, kept
for the next time. In the SQL of a room:

* ``{z}`` is the alias of the row itself, ``{t}`` (in a relation) that of the other resource;
* ``{base}`` is ``PUBLIC_URL`` as text inside quotes: ``'{base}/zaken/api/v1/zaken/' || {z}.uuid``;
* ``:{v}`` (in a filter) is its value;
* ``:{day}`` is the day on which relations by name are looked up: the day that is asked, today by default;
* ``{late}`` opens a value that the database does not know: ``{late} || 'bsn:' || {z}.person_id || '@'`` becomes the BSN
  after the query, by the function that was registered with ``late_value``.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from stadhuis.kit.api.errors import NON_FIELD, Invalid, NotFound
from stadhuis.kit.api.gate import Caller, CountsByType, Everyone, TypeRule
from stadhuis.kit.api.links import link, uuid_in
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.database import Statement
from stadhuis.kit.time import today

PAGE_SIZE: Final = 100
LONGEST_LIST: Final = 10_000
DEEPEST_EXPAND: Final = 6
MOST_EXPANDS: Final = 20
_KEPT_STATEMENTS: Final = 1000
_NONCE: Final = secrets.token_hex(12)
_BY_ID = re.compile(r"\{t\}\.id = \{z\}\.(\w+)")
_LATE = re.compile(f"@{_NONCE}:([a-z]+):([0-9]+)@")
_LATE_VALUES: dict[str, Callable[[Sequence[int]], Mapping[int, str]]] = {}
_REGISTRY: dict[str, Resource] = {}


class _Nothing:
    """A filter value that no row can have."""


NOTHING: Final = _Nothing()


@dataclass(frozen=True)
class One:
    """A relation to at most one other resource; ``on`` joins its alias ``{t}`` to ours ``{z}``."""

    target: str
    on: str


@dataclass(frozen=True)
class Many:
    """A relation to any number; in the order of ``order``."""

    target: str
    on: str
    order: str = "{t}.id"


@dataclass(frozen=True)
class Guard:
    """Which access rule holds: of the row itself, or ``via`` the row it belongs to.

    ``via`` is SQL such as ``zaken_zaak {g} WHERE {g}.id = {z}.zaak_id``.
    """

    kind: str
    scopes: tuple[str, ...]
    via: str = ""


@dataclass(frozen=True)
class Filter:
    """A condition with ``:{v}``, and what is done to the value of the shape first."""

    sql: str
    convert: Callable[[Any], Any] | None = None
    within: str = ""
    """Joins the filters that share it into one condition with ``{and}``: several questions about the same related row."""


@dataclass(frozen=True)
class Tally:
    """A table that keeps how many rows there are per type and level, in a column ``count`` that is summed.

    It has the columns that the access rule on the resource looks at, and those of the filters it is used with.
    """

    table: str
    filters: frozenset[str] = frozenset()


def address(root: str, path: str, uuid: str) -> str:
    """Return the SQL of the address of a resource; ``uuid`` is an expression, NULL gives NULL."""
    return f"'{{base}}/{root}/{path}/' || {uuid}"


def addresses(root: str, path: str, source: str) -> str:
    """Return the SQL of a list of addresses; ``source`` names its rows ``x``: ``zaken_rol x WHERE x.zaak_id = {z}.id``."""
    return f"COALESCE((SELECT json_agg({address(root, path, 'x.uuid')} ORDER BY x.id) FROM {source}), '[]'::json)"


def compare(column: str, *suffixes: str, name: str = "") -> dict[str, Filter]:
    """Return filters on a column: "" (equal), gt, gte, lt, lte, isnull, in."""
    operators = {
        "": "= :{v}", "gt": "> :{v}", "gte": ">= :{v}", "lt": "< :{v}", "lte": "<= :{v}", "in": "= ANY(:{v}::text[])",
    }  # fmt: skip
    made = {}
    for suffix in suffixes:
        key = f"{name or column}__{suffix}" if suffix else name or column
        if suffix == "isnull":
            made[key] = Filter(f"({{z}}.{column} IS NULL) = :{{v}}::boolean")
        else:
            made[key] = Filter(f"{{z}}.{column} {operators[suffix]}")
    return made


@dataclass(frozen=True)
class Node:
    """What is wanted of a resource: which keys (None: all), and which relations expanded."""

    keys: frozenset[str] | None = None
    expand: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True)
class Page:
    """One page: the JSON text of its results, how many there are in all, and which page it is."""

    results: str
    count: int
    number: int
    mains: tuple[UUID, ...] = ()
    """The hoofdobjecten whose data the page shows, also by expansion: what a processing log must know."""
    size: int = PAGE_SIZE

    def text(self, url: str, query: str) -> str:
        """Return the JSON text of the answer; ``query`` is the rest of the query string without ``page``."""

        def page_link(number: int) -> str:
            return json.dumps(f"{url}?{query}{'&' if query else ''}page={number}")

        following = page_link(self.number + 1) if self.number * self.size < self.count else "null"
        before = page_link(self.number - 1) if self.number > 1 else "null"
        return f'{{"count":{self.count},"next":{following},"previous":{before},"results":{self.results}}}'


@dataclass(frozen=True)
class Found:
    """One resource: its JSON text, and whether the caller may see it and all that was to be expanded."""

    text: str
    is_allowed: bool
    hides_something: bool
    mains: tuple[UUID, ...] = ()
    """The hoofdobject whose data it is, and those that expansion shows."""

    @property
    def main(self) -> UUID | None:
        """The hoofdobject whose data it is."""
        return self.mains[0] if self.mains else None


@dataclass(frozen=True)
class Resource:
    """A kind of object of a register. See the module for what its SQL may use."""

    name: str
    root: str
    path: str
    table: str
    columns: Mapping[str, str]
    shape: type[Shape] | None = None
    guard: Guard | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    orderings: Mapping[str, str] = field(default_factory=dict)
    order: str = "{z}.id DESC"
    relations: Mapping[str, One | Many] = field(default_factory=dict)
    bron: str = "zrc"
    kanaal: str = ""
    main: str = ""
    """Name of the hoofdobject's resource; empty when it is one itself."""
    kenmerken: Mapping[str, str] = field(default_factory=dict)
    """Key of the notification -> key of the hoofdobject's JSON."""
    weergave: str = "{z}.uuid::text"
    tally: Tally | None = None
    never_null: frozenset[str] = frozenset()
    """Orderings whose column is never NULL."""
    also_shows: tuple[str, ...] = ()
    """Kinds of other hoofdobjecten whose data expansion may show, and that the processing log must know."""

    def __post_init__(self) -> None:
        if set(self.relations) - set(self.columns):
            raise ValueError(f"{self.name}: a relation stands beside the key of the same name")

    # -- addresses --
    def url(self, uuid: UUID | str) -> str:
        """Return the address of one of these."""
        return link(self.root, self.path, uuid)

    @property
    def list_url(self) -> str:
        """Return the address of the list."""
        return f"{settings.PUBLIC_URL}/{self.root}/{self.path}"

    def uuid_of(self, url: str) -> UUID | None:
        """Return the uuid in an address of this kind, without any look-up; None for any other address."""
        return uuid_in(url, self.root, self.path)

    # -- reading --
    def page(
        self,
        *,
        seen_by: Caller,
        filters: Shape | None = None,
        names: Iterable[str] = (),
        ordering: Sequence[str] = (),
        number: int = 1,
        size: int = PAGE_SIZE,
        node: Node = Node(),
        on: date | None = None,
    ) -> Page:
        """Return one page of what the caller may see. One statement. Raises ``NotFound`` beyond the last page.

        ``names`` says which fields of ``filters`` were given.
        """
        asked = self._asked(filters, names)
        if asked is None:
            return self._empty(number)
        used = list(asked)
        values: dict[str, object] = {"offset": (number - 1) * size, "size": size, "day": on or today()}
        values |= {f"f_{name}": value for name, value in asked.items()}
        compiler = _Compiler(seen_by)
        condition = compiler.guard(self, "t0")
        fingerprint = compiler.fingerprint(self, node)
        rule = compiler.type_rule(self) if self.tally is not None and self.tally.filters.issuperset(used) else None
        key = (
            "page", self.name, tuple(used), tuple(ordering), node, size == PAGE_SIZE, number == 1, fingerprint, rule,
            settings.PUBLIC_URL,
        )  # fmt: skip
        # The usual size and the first page stand in the statement, where the planner sees them: it then keeps its plan.
        limit = str(PAGE_SIZE) if size == PAGE_SIZE else ":{size}::bigint"

        def compile_it() -> Statement:
            return self._compile_page(
                compiler, condition, used, ordering, node, limit, count=self._count_sql(rule, condition, used),
                is_first=number == 1,
            )  # fmt: skip

        statement = _kept(key, compile_it)
        row = statement.first_row({**values, **compiler.values})
        count, results, mains = row if row else (0, "", [])
        if number > 1 and (number - 1) * size >= count:
            raise NotFound("Ongeldige pagina.", code="not_found")
        return Page(f"[{fill_late(results or '')}]", count, number, _uuids(mains), size)

    def all(
        self,
        *,
        seen_by: Caller,
        filters: Shape | None = None,
        names: Iterable[str] = (),
        fixed: Mapping[str, object] | None = None,
        node: Node = Node(),
    ) -> Page:
        """Return all the caller may see, for lists that the standard gives without pages. One statement.

        ``fixed`` are more filters with their value. Raises ``Invalid`` when there are more than ``LONGEST_LIST``.
        """
        asked = self._asked(filters, names)
        if asked is None:
            return Page("[]", 0, 1)
        asked |= fixed or {}
        compiler = _Compiler(seen_by)
        condition = compiler.guard(self, "t0")
        key = ("all", self.name, tuple(asked), node, compiler.fingerprint(self, node), settings.PUBLIC_URL)
        statement = _kept(
            key, lambda: self._compile_page(compiler, condition, list(asked), (), node, str(LONGEST_LIST + 1))
        )
        values = {f"f_{name}": value for name, value in asked.items()}
        row = statement.first_row({**values, "day": today(), **compiler.values})
        count, results, mains = row if row else (0, "", [])
        if count > LONGEST_LIST:
            raise Invalid.of(NON_FIELD, "too-many-results", "Dit zijn er te veel voor één antwoord: geef een filter.")
        return Page(f"[{fill_late(results or '')}]", count, 1, _uuids(mains))

    def _asked(self, filters: Shape | None, names: Iterable[str]) -> dict[str, object] | None:
        """Return the values of the filters that were given; None when no row can have one."""
        asked: dict[str, object] = {}
        for name in names:
            found = self.filters[name]
            value = filters.value(name)  # type: ignore[union-attr]
            if found.convert is not None:
                value = found.convert(value)
            if value is NOTHING:
                return None
            asked[name] = value
        return asked

    def _empty(self, number: int) -> Page:
        if number > 1:
            raise NotFound("Ongeldige pagina.")
        return Page("[]", 0, 1)

    def _compile_page(
        self,
        compiler: _Compiler,
        condition: str,
        used: Sequence[str],
        ordering: Sequence[str],
        node: Node,
        limit: str,
        *,
        count: str = "",
        is_first: bool = True,
    ) -> Statement:
        where = " AND ".join([condition, *self._filter_sql(used)])
        count = count or f"SELECT count(*) FROM {self.table} t0 WHERE {where}"
        order = [self._order_sql(word) for word in ordering]
        order += self.order.replace("{z}", "t0").split(", ")
        chosen = f"SELECT t0.* FROM {self.table} t0 WHERE {where} ORDER BY "
        if is_first:
            rows = f"SELECT r.*, row_number() OVER () AS place FROM ({chosen}{', '.join(order)} LIMIT {limit}) r"
        else:
            # From the end that is nearer: what is not taken (LIMIT 0) is not read.
            total, back = "(SELECT n FROM total)", ", ".join(_backwards(term) for term in order)
            skip = ":{offset}::bigint"
            near = f"CASE WHEN {skip} * 2 <= {total} THEN {limit} ELSE 0 END OFFSET {skip}"
            far = (
                f"CASE WHEN {skip} * 2 > {total} THEN GREATEST(LEAST({limit}, {total} - {skip}), 0) ELSE 0 END"
                f" OFFSET GREATEST({total} - {skip} - {limit}, 0)"
            )
            rows = (
                f"SELECT r.*, row_number() OVER () AS place FROM ({chosen}{', '.join(order)} LIMIT {near}) r UNION ALL"
                f" SELECT r.*, - row_number() OVER () FROM ({chosen}{back} LIMIT {far}) r"
            )
        compiler.shares_on("t0")
        json_of_row, mains = compiler.json(self, "t0", node), self._mains_sql(compiler, "t0", node)
        shared, joins = compiler.shared()
        return Statement.compile(
            f"WITH total (n) AS MATERIALIZED ({count}), page AS MATERIALIZED ({rows}){shared}"
            f" SELECT (SELECT n FROM total), s.j, s.m FROM"
            f" (SELECT string_agg(q.j, ',' ORDER BY q.place) AS j, json_agg(q.m ORDER BY q.place) AS m FROM"
            f" (SELECT {json_of_row}::text AS j, {mains} AS m, t0.place FROM page t0{joins}) q) s"
        )

    def _count_sql(self, rule: TypeRule | None, condition: str, used: Sequence[str]) -> str:
        """Return the SQL of how many rows there are: from the tally under a rule on type and level alone."""
        if rule is None or self.tally is None:
            return ""
        filters = self._filter_sql(used)
        by_type = " AND ".join([re.sub(r"\bseen_row\b", "t0", rule.sql), *filters])
        count = f"COALESCE((SELECT sum(t0.count) FROM {self.tally.table} t0 WHERE {by_type}), 0)::bigint"
        if rule.without:
            left_out = re.sub(r"\bseen_row\b", "t0", rule.without)
            count += f" - (SELECT count(*) FROM {self.table} t0 WHERE {by_type} AND {left_out})"
        return f"SELECT {count}"

    def _mains_sql(self, compiler: _Compiler, alias: str, node: Node) -> str:
        """Return the SQL of the uuids of the hoofdobjecten a row shows: its own, and those of what is expanded."""
        own = self._main_sql(alias)
        below = compiler.mains(self, alias, node, {self.guard.kind, *self.also_shows}) if self.guard is not None else []
        return f"to_json({' || '.join([f'ARRAY[{own}]', *below])})"

    def _main_sql(self, alias: str) -> str:
        """Return the SQL of the uuid of the hoofdobject: the row itself, or the row its guard leads to."""
        if not self.main or self.guard is None or not self.guard.via:
            return f"{alias}.uuid"
        return f"(SELECT {alias}m.uuid FROM {self.guard.via.replace('{g}', f'{alias}m').replace('{z}', alias)})"

    def _filter_sql(self, used: Sequence[str]) -> list[str]:
        parts: dict[str, list[str]] = {}
        for name in used:
            sql = self.filters[name].sql.replace("{z}", "t0").replace(":{v}", f":{{f_{name}}}")
            parts.setdefault(self.filters[name].within, []).append(f"({sql})")
        return [
            within.replace("{z}", "t0").replace("{and}", " AND ".join(conditions))
            if within
            else " AND ".join(conditions)
            for within, conditions in parts.items()
        ]

    def _order_sql(self, word: str) -> str:
        expression = self.orderings[word.removeprefix("-")].replace("{z}", "t0")
        nulls = "" if word.removeprefix("-") in self.never_null else " NULLS LAST"
        return f"{expression} {'DESC' if word.startswith('-') else 'ASC'}{nulls}"

    def one(
        self,
        uuid: UUID,
        *,
        seen_by: Caller,
        node: Node = Node(),
        on: date | None = None,
        narrowed: str = "",
        values: Mapping[str, object] | None = None,
    ) -> Found:
        """Return one resource and whether the caller may see it. One statement. Raises ``NotFound``.

        ``narrowed`` is a further condition on ``{z}`` with ``values``, where a uuid alone does not tell the row.
        """
        compiler = _Compiler(seen_by)
        condition = compiler.guard(self, "t0")
        more = f" AND {narrowed.replace('{z}', 't0')}" if narrowed else ""
        key = ("one", self.name, more, node, compiler.fingerprint(self, node), settings.PUBLIC_URL)
        statement = _kept(
            key,
            lambda: Statement.compile(
                f"SELECT {compiler.json(self, 't0', node)}::text, ({condition}), ({compiler.hidden(self, 't0', node)}),"
                f" {self._mains_sql(compiler, 't0', node)} FROM {self.table} t0 WHERE t0.uuid = :{{uuid}}{more}"
            ),
        )
        row = statement.first_row({"uuid": uuid, "day": on or today(), **compiler.values, **(values or {})})
        if row is None:
            raise NotFound
        return Found(fill_late(row[0]), bool(row[1]), bool(row[2]), _uuids([row[3]]))

    def kept(self, uuid: UUID) -> dict[str, Any]:
        """Return one resource as the audit trail keeps it. One statement. Raises ``NotFound``.

        A value that the table does not hold (a BSN) stays empty: the trail is no second place for it.
        """
        key = ("kept", self.name, settings.PUBLIC_URL)
        statement = _kept(
            key,
            lambda: Statement.compile(
                f"SELECT {_Compiler(Everyone()).json(self, 't0', Node())}::text FROM {self.table} t0 WHERE t0.uuid = :{{uuid}}"
            ),
        )
        row = statement.first_row({"uuid": uuid, "day": today()})
        if row is None:
            raise NotFound
        made: dict[str, Any] = json.loads(_LATE.sub("", row[0]))
        return made

    def text_of(self, uuid: UUID, *, seen_by: Caller) -> str:
        """Return the JSON text of one resource after a deed of this caller. Raises ``NotFound``."""
        return self.one(uuid, seen_by=seen_by).text

    # -- what is asked --
    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys of the JSON."""
        return frozenset(self.columns)

    def expansion(self, text: str) -> Node:
        """Return what ``expand=a,b.c`` asks. Raises ``NotFound`` for a path that does not exist (zrc-027)."""
        if not text:
            return Node()
        paths = list(dict.fromkeys(part.strip() for part in text.split(",")))
        if len(paths) > MOST_EXPANDS:
            raise NotFound(f"Niet meer dan {MOST_EXPANDS} paden in expand.")
        tree: dict[str, Any] = {}
        for path in paths:
            names = path.split(".")
            if len(names) > DEEPEST_EXPAND:
                raise NotFound(f"Niet dieper dan {DEEPEST_EXPAND} niveaus in expand.")
            branch = tree
            for name in names:
                branch = branch.setdefault(name, {})
        return self._node(tree)

    def _node(self, tree: dict[str, Any]) -> Node:
        return Node(None, tuple((name, self.target_of(name)._node(below)) for name, below in sorted(tree.items())))

    def target_of(self, name: str) -> Resource:
        """Return the resource a relation leads to. Raises ``NotFound``: also for a room that is not there (zrc-028)."""
        relation = self.relations.get(name)
        target = _REGISTRY.get(relation.target) if relation else None
        if target is None:
            raise NotFound("Het pad in expand bestaat niet of kan niet worden opgehaald.")
        return target

    def selection(self, wanted: Any, path: str = "fields", depth: int = 0) -> Node:
        """Return what ``fields`` of ``_zoek`` asks (zrc-029). Raises ``Invalid``.

        A string is a key, ``"*"`` all keys; an object maps a relation to its own list, and so expands it.
        """
        if not isinstance(wanted, list) or not wanted or depth > DEEPEST_EXPAND or len(wanted) > 200:
            raise Invalid.of(path, "invalid", "Een lijst van velden werd verwacht.")
        keys: set[str] = set()
        every = False
        expand: dict[str, Node] = {}
        for index, item in enumerate(wanted):
            if item == "*":
                every = True
            elif isinstance(item, str) and item in self.columns:
                keys.add(item)
            elif isinstance(item, dict) and item and all(name in self.columns for name in item):
                for name, below in item.items():
                    keys.add(name)
                    if name in self.relations and self.relations[name].target in _REGISTRY:
                        expand[name] = self.target_of(name).selection(below, f"{path}.{index}.{name}", depth + 1)
                    elif not isinstance(below, list) or not all(isinstance(part, str) for part in below):
                        raise Invalid.of(f"{path}.{index}.{name}", "invalid", "Een lijst van velden werd verwacht.")
            else:
                raise Invalid.of(f"{path}.{index}", "invalid", "Dit veld bestaat niet.")
        return Node(None if every else frozenset(keys), tuple(sorted(expand.items(), key=lambda pair: pair[0])))


class _Compiler:
    """Writes the SQL for one caller; his conditions are asked once per kind and scopes, whatever the alias."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.values: dict[str, object] = {}
        self._conditions: dict[tuple[str, tuple[str, ...]], tuple[str, int]] = {}
        self._aliases = 0
        self._page = ""
        self._shared: list[tuple[str, str]] = []

    def shares_on(self, alias: str) -> None:
        """From now on write what rows of ``page`` (under this alias) share, such as their zaaktype, once for all of them."""
        self._page = alias

    def shared(self) -> tuple[str, str]:
        """Return the WITH parts of what rows share, and the joins that give each row its own."""
        return "".join(f", {part}" for part, _ in self._shared), "".join(f" {join}" for _, join in self._shared)

    def _condition(self, kind: str, scopes: tuple[str, ...], alias: str) -> str:
        # The placeholder alias is swapped for the real one: a condition is the same text for every alias.
        found = self._conditions.get((kind, scopes))
        if found is None:
            sql, params = self.caller.condition(kind, scopes, alias="seen_row")
            index = len(self._conditions)
            found = self._conditions[(kind, scopes)] = (self._named(sql, params, f"g{index}"), index)
        return re.sub(r"\bseen_row\b", alias, found[0])

    def type_rule(self, resource: Resource) -> TypeRule | None:
        """Return the access rule on a resource by type and level, its values named; None where it cannot be told so."""
        guard = resource.guard
        if guard is None or guard.via or not isinstance(self.caller, CountsByType):
            return None
        rule = self.caller.type_rule(guard.kind, guard.scopes, alias="seen_row")
        return rule and TypeRule(self._named(rule.sql, rule.params, "c"), (), rule.without)

    def _named(self, sql: str, params: Sequence[object], prefix: str) -> str:
        """Return a condition with names for its values, which are kept under them."""
        parts = sql.split("%s")
        if len(parts) != len(params) + 1:
            raise ValueError("a condition has as many %s as values")
        text = parts[0]
        for place, (value, part) in enumerate(zip(params, parts[1:], strict=True)):
            self.values[f"{prefix}_{place}"] = value
            text += f":{{{prefix}_{place}}}{part}"
        return text

    def guard(self, resource: Resource, alias: str) -> str:
        """Return the condition under which a row is seen."""
        guard = resource.guard
        if guard is None:
            return "TRUE"
        if not guard.via:
            return self._condition(guard.kind, guard.scopes, alias)
        inner = f"{alias}g"
        via = guard.via.replace("{g}", inner).replace("{z}", alias)
        return f"EXISTS (SELECT 1 FROM {via} AND {self._condition(guard.kind, guard.scopes, inner)})"

    def fingerprint(self, resource: Resource, node: Node) -> tuple[str, ...]:
        """Return what tells two callers' statements apart, having asked every condition that the statement needs."""
        for target in _reached(resource, node):
            self.guard(target, "x")
        return tuple(text for text, _ in self._conditions.values())

    def _alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def json(self, resource: Resource, alias: str, node: Node) -> str:
        """Return the SQL of the JSON of a row."""
        columns = [
            f'{_bound(sql, alias)} AS "{key}"'
            for key, sql in resource.columns.items()
            if node.keys is None or key in node.keys
        ]
        if node.expand:
            parts = [f"'{name}', {self._expanded(resource, alias, name, below)}" for name, below in node.expand]
            columns.append(f'json_build_object({", ".join(parts)}) AS "_expand"')
        return f"(SELECT row_to_json(j) FROM (SELECT {', '.join(columns)}) j)"

    def _expanded(self, resource: Resource, alias: str, name: str, node: Node) -> str:
        relation, target, other = resource.relations[name], resource.target_of(name), self._alias()
        where = f"{_bound(relation.on, alias, other)} AND {self.guard(target, other)}"
        row = self.json(target, other, node)
        if isinstance(relation, One) and alias == self._page and (column := _BY_ID.fullmatch(relation.on)):
            key = f"{alias}.{column[1]}"
            self._shared.append(
                (
                    f"{other}s AS MATERIALIZED (SELECT {other}.id, {row} AS made FROM {target.table} {other}"
                    f" WHERE {other}.id IN (SELECT {key} FROM page {alias}) AND {self.guard(target, other)})",
                    f"LEFT JOIN {other}s ON {other}s.id = {key}",
                )
            )
            return f"COALESCE({other}s.made, '{{}}'::json)"
        if isinstance(relation, One):
            return f"COALESCE((SELECT {row} FROM {target.table} {other} WHERE {where} LIMIT 1), '{{}}'::json)"
        order = _bound(relation.order, alias, other)
        return (
            f"COALESCE((SELECT json_agg({row} ORDER BY {order}) FROM {target.table} {other} WHERE {where}), '[]'::json)"
        )

    def mains(self, resource: Resource, alias: str, node: Node, kinds: set[str]) -> list[str]:
        """Return the SQL of lists of uuids: the hoofdobjecten of some kinds that expansion shows beside the row itself."""
        found = []
        for name, below in node.expand:
            relation, target, other = resource.relations[name], resource.target_of(name), self._alias()
            deeper = self.mains(target, other, below, kinds)
            if not target.main and target.guard is not None and target.guard.kind in kinds:
                deeper.insert(0, f"ARRAY[{other}.uuid]")
            if deeper:
                on, guard = _bound(relation.on, alias, other), self.guard(target, other)
                found.append(
                    f"ARRAY(SELECT unnest({' || '.join(deeper)}) FROM {target.table} {other} WHERE {on} AND {guard})"
                )
        return found

    def hidden(self, resource: Resource, alias: str, node: Node) -> str:
        """Return the condition that something was asked that the caller may not see."""
        parts = []
        for name, below in node.expand:
            relation, target, other = resource.relations[name], resource.target_of(name), self._alias()
            on, guard = _bound(relation.on, alias, other), self.guard(target, other)
            if guard != "TRUE":
                parts.append(f"EXISTS (SELECT 1 FROM {target.table} {other} WHERE {on} AND NOT {guard})")
            deeper = self.hidden(target, other, below)
            if deeper != "FALSE":
                parts.append(f"EXISTS (SELECT 1 FROM {target.table} {other} WHERE {on} AND ({deeper}))")
        return " OR ".join(parts) or "FALSE"


def _bound(sql: str, alias: str, other: str = "") -> str:
    base = settings.PUBLIC_URL.replace("'", "''")
    return sql.replace("{z}", alias).replace("{t}", other).replace("{base}", base).replace("{late}", f"'@{_NONCE}:'")


def _backwards(term: str) -> str:
    """Return a term of ORDER BY for the other way round."""
    if term.endswith(" DESC NULLS LAST"):
        return f"{term.removesuffix(' DESC NULLS LAST')} ASC NULLS FIRST"
    if term.endswith(" ASC NULLS LAST"):
        return f"{term.removesuffix(' ASC NULLS LAST')} DESC NULLS FIRST"
    return f"{term.removesuffix(' DESC')} ASC" if term.endswith(" DESC") else f"{term.removesuffix(' ASC')} DESC"


def _reached(resource: Resource, node: Node) -> Iterable[Resource]:
    yield resource
    for name, below in node.expand:
        yield from _reached(resource.target_of(name), below)


def _uuids(rows: Iterable[Iterable[str | None]] | None) -> tuple[UUID, ...]:
    """Return the uuids in lists of them, each once, in their order."""
    return tuple(UUID(text) for text in dict.fromkeys(text for row in rows or () for text in row if text))


# -- Statements, kept --------------------------------------------------------------------------------------------------
_statements: OrderedDict[tuple[object, ...], Statement] = OrderedDict()
_lock = threading.Lock()


def _kept(key: tuple[object, ...], compile_it: Callable[[], Statement]) -> Statement:
    statement = _statements.get(key)
    if statement is None:
        statement = compile_it()
        with _lock:
            _statements[key] = statement
            while len(_statements) > _KEPT_STATEMENTS:
                _statements.popitem(last=False)
    return statement


# -- Registry ----------------------------------------------------------------------------------------------------------
def register(resource: Resource) -> Resource:
    """Make a resource known, so that others can expand to it by name (from ``apps.ready`` or ``resource.py``)."""
    known = _REGISTRY.get(resource.name)
    if known is not None and known is not resource:
        raise ValueError(f"there is already a resource {resource.name}")
    _REGISTRY[resource.name] = resource
    return resource


def resource_of(url: str) -> tuple[Resource, UUID] | None:
    """Return which registered resource an address of ours names, without any look-up."""
    for resource in _REGISTRY.values():
        if uuid := resource.uuid_of(url):
            return resource, uuid
    return None


def registered(name: str) -> Resource:
    """Return a resource by name. Raises ``KeyError``."""
    return _REGISTRY[name]


def registered_for(table: str) -> Resource | None:
    """Return the resource that shows the rows of a table, or None."""
    return next((resource for resource in _REGISTRY.values() if resource.table == table), None)


def late_value(name: str, function: Callable[[Sequence[int]], Mapping[int, str]]) -> None:
    """Register who fills in late values of a kind, given all ids of a page at once."""
    _LATE_VALUES[name] = function


def fill_late(text: str) -> str:
    """Return the text with its late values filled in: one look-up per kind. The marker cannot be forged by what people type."""
    if _NONCE not in text:
        return text
    wanted: dict[str, set[int]] = {}
    for kind, number in _LATE.findall(text):
        wanted.setdefault(kind, set()).add(int(number))
    known = {kind: _LATE_VALUES[kind](sorted(numbers)) for kind, numbers in wanted.items()}
    return _LATE.sub(lambda match: json.dumps(known[match[1]].get(int(match[2]), ""))[1:-1], text)
