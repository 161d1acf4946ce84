"""The walk over a source: read, place, remember how far; stop and go on at any point."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction

from stadhuis.access.public import ClientIdTaken
from stadhuis.kit import files
from stadhuis.kit.api.errors import Invalid
from stadhuis.kit.api.placed import NotHere, Occupied, Placed
from stadhuis.kit.memory import remembering
from stadhuis.kit.time import now
from stadhuis.takeover.addresses import Addresses, uuid_at_end
from stadhuis.takeover.client import Remote
from stadhuis.takeover.config import SourceSettings
from stadhuis.takeover.errors import AlreadyRunning, ContentDiffers, NotAllowed, NotThere, TakeoverError
from stadhuis.takeover.kinds import BY_NAME, KINDS, SETTLED_AFTER, Kind, parts_of
from stadhuis.takeover.models import Cursor, Run, Taken, Trouble
from stadhuis.takeover.placing import ADOPTABLE, Placer, actor, is_here

Tell = Callable[[str], None]
Body = Mapping[str, Any]
ROUNDS: Final = 3
"""So often a list is read that changed while it was read."""
SETTLING: Final = 3
NOT_ASKED: Final = "this API is not in the settings of the source"
TAKEN_BY_US: Final = "an object of ours has this uuid already"
_LOCK: Final = 7_411
"""First half of the advisory lock; the second is made of the name of the source."""


@dataclass
class Counts:
    """What happened to a kind, as far as this process did it."""

    read: int = 0
    new: int = 0
    changed: int = 0
    total: int | None = None
    """How many the source said last that there are."""
    shrank: bool = False
    """Whether it said fewer than before: what goes moves others to a page that was read already."""

    def heard(self, total: int) -> None:
        """Take in how many there are."""
        self.shrank = self.shrank or (self.total is not None and total < self.total)
        self.total = total


@dataclass
class Outcome:
    """How a run ended: per kind how many were read, new and renewed; what is not here, and why.

    ``gone``: addresses that are no longer there, per kind; their objects stay here.
    """

    run: int
    read: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    troubles: list[tuple[str, str, str]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was asked of the source is here."""
        return not self.troubles and all(reason == NOT_ASKED for reason in self.problems.values())


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Let no other process take over from this source meanwhile. Raises ``AlreadyRunning``."""
    key = int.from_bytes(hashlib.sha256(source.encode()).digest()[:4], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, key])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(f"Another process is taking over from {source} now.")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, key])
        except (InterfaceError, OperationalError):
            pass  # the connection is gone, and the lock with it


def pull(source: SourceSettings, *, tell: Tell, remote: Remote | None = None) -> Outcome:
    """Take over everything, or go on with the run that was broken off; returns how it ended.

    Raises ``TakeoverError`` when the source cannot be read now: what was placed stays, and the next call goes on there.
    """
    with alone(source.name), remembering():
        return Walk(source, tell, remote or Remote(source, tell=tell)).go()


def try_out(source: SourceSettings, *, tell: Tell, remote: Remote | None = None) -> dict[str, tuple[int, int, int]]:
    """Read everything and place nothing: per kind how many there are, how many would be new and how many renewed.

    What is asked per owner is asked only of owners that are here. Raises as ``pull``.
    """
    walk = Walk(source, tell, remote or Remote(source, tell=tell))
    found: dict[str, tuple[int, int, int]] = {}
    for kind in KINDS:
        if not walk.remote.has(kind.api):
            continue
        read = new = changed = 0
        try:
            for page in walk.pages(kind):
                known = walk.known(page)
                for body in page:
                    taken = known.get(str(body.get("url")))
                    read += 1
                    new += taken is None
                    changed += taken is not None and not taken.is_adopted and taken.digest != digest_of(body)
        except (NotAllowed, NotThere) as error:
            tell(f"{kind.name}: {error}")
        found[kind.name] = (read, new, changed)
    return found


def digest_of(body: Body) -> str:
    """Return the fingerprint of an object as the source gives it; the order of its keys does not matter."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Walk:
    """One process on its way over a source."""

    def __init__(self, source: SourceSettings, tell: Tell, remote: Remote) -> None:
        self.source = source
        self.tell = tell
        self.remote = remote
        adopted = dict(Taken.objects.filter(source=source.name, is_adopted=True).values_list("url", "uuid"))
        foreign = Trouble.objects.filter(source=source.name, reason=TAKEN_BY_US).values_list("url", flat=True)
        self.addresses = Addresses(source.shown, adopted, foreign)
        self.placer = Placer(source.name, remote, self.addresses, actor(source.name))
        self.run: Run

    # -- the whole --
    def go(self) -> Outcome:
        self.run = self._open_run()
        for kind in KINDS:
            cursor, _ = Cursor.objects.get_or_create(
                run=self.run, kind=kind.name, defaults={"place": 0 if kind.per else 1}
            )
            if not cursor.is_done:
                self._read(kind, cursor)
            if kind.name in SETTLED_AFTER:
                self._settle()
        Run.objects.filter(pk=self.run.pk).update(ended_at=now())
        return outcome_of(self.source.name, self.run.number)

    def _open_run(self) -> Run:
        run = Run.objects.filter(source=self.source.name, ended_at__isnull=True).first()
        if run is not None:
            self.tell(f"going on with run {run.number}")
            return run
        last = Run.objects.filter(source=self.source.name).order_by("-number").values_list("number", flat=True).first()
        return Run.objects.create(source=self.source.name, number=(last or 0) + 1)

    # -- one kind --
    def _read(self, kind: Kind, cursor: Cursor) -> None:
        problem = "" if self.remote.has(kind.api) else NOT_ASKED
        try:
            while not problem:
                counts = Counts(cursor.read, cursor.new, cursor.changed, cursor.total)
                for place, bodies in self._steps(kind, cursor.place, counts):
                    self._take(kind, cursor, place, bodies, counts)
                if not self._changed_meanwhile(kind, counts) or cursor.round >= ROUNDS:
                    break
                cursor.round += 1
                cursor.place, cursor.total = 1, None
                self.tell(f"{kind.name}: the list changed while it was read, again")
                cursor.save(update_fields=["round", "place", "total"])
        except (NotAllowed, NotThere) as error:
            problem = str(error)
        cursor.is_done, cursor.problem = True, problem[:200]
        cursor.save(update_fields=["is_done", "problem"])
        if problem:
            self.tell(f"{kind.name}: not read: {problem}")

    def _changed_meanwhile(self, kind: Kind, counts: Counts) -> bool:
        """Return whether something may have been missed: the list shrank, or fewer were met than there are."""
        if kind.per or counts.total is None:
            return False
        if counts.shrank:
            return True
        met = Taken.objects.filter(source=self.source.name, kind=kind.name, seen_in=self.run.number)
        failed = Trouble.objects.filter(source=self.source.name, kind=kind.name, run=self.run.number)
        return met.count() + failed.exclude(url__in=met.values("url")).count() < counts.total

    def _steps(self, kind: Kind, place: int, counts: Counts | None = None) -> Iterator[tuple[int, list[Body]]]:
        """Give lists of objects, each with the place from which to go on after it."""
        if kind.per:
            yield from self._per_owner(kind, place)
        elif not kind.in_pages:
            yield 2, _objects(self.remote.get(kind.api, kind.path, kind.params))
        else:
            yield from self._in_pages(kind, place, counts)

    def _in_pages(self, kind: Kind, place: int, counts: Counts | None) -> Iterator[tuple[int, list[Body]]]:
        params = dict(kind.params)
        while True:
            try:
                answer = self.remote.get(kind.api, kind.path, {**params, "page": str(place)})
            except NotThere as error:
                if error.status == 400 and params:
                    params = {}  # an older provider that does not know them
                    continue
                if place > 1 and error.status == 404:
                    return  # the last page went
                raise
            if isinstance(answer, list):
                yield place + 1, _objects(answer)
                return
            if not isinstance(answer, Mapping):
                raise NotThere("the answer is no list")
            if counts is not None and isinstance(answer.get("count"), int):
                counts.heard(answer["count"])
            yield place + 1, _objects(answer.get("results"))
            if not answer.get("next"):
                return
            place += 1

    def _per_owner(self, kind: Kind, place: int) -> Iterator[tuple[int, list[Body]]]:
        while True:
            owners = list(
                Taken.objects.filter(
                    source=self.source.name, kind=kind.per, pk__gt=place, parts__contains=[kind.name]
                ).order_by("pk")[:200]
            )
            if not owners:
                return
            for owner in owners:
                place = owner.pk
                if owner.seen_in == self._number():
                    yield place, self._parts(kind, owner.url)

    def _number(self) -> int:
        if hasattr(self, "run"):
            return self.run.number
        return max(Run.objects.filter(source=self.source.name).values_list("number", flat=True), default=0)

    def _parts(self, kind: Kind, owner: str) -> list[Body]:
        try:
            if kind.param:
                return _objects(self.remote.get(kind.api, kind.path, {kind.param: owner}))
            api = BY_NAME[kind.per].api
            found = _objects(self.remote.get(api, f"{self.remote.path_of(api, owner)}/{kind.path}"))
        except NotThere:
            return []  # the owner went meanwhile
        return [{"zaak": owner, **body} for body in found]

    def pages(self, kind: Kind) -> Iterator[list[Body]]:
        """Give all objects of a kind, page by page."""
        for _, bodies in self._steps(kind, 0 if kind.per else 1):
            yield bodies

    def known(self, bodies: Sequence[Body]) -> dict[str, Taken]:
        """Return what was taken of these objects, by address."""
        urls = [str(body.get("url")) for body in bodies]
        return {row.url: row for row in Taken.objects.filter(source=self.source.name, url__in=urls)}

    def _take(self, kind: Kind, cursor: Cursor, place: int, bodies: list[Body], counts: Counts) -> None:
        known = self.known(bodies) if bodies else {}
        unchanged = []
        for body in bodies:
            taken = known.get(str(body.get("url")))
            counts.read += 1
            if taken is not None and (taken.is_adopted or taken.digest == digest_of(body)):
                unchanged.append(taken.pk)
                continue
            if self._place(kind, body, taken):
                counts.new += taken is None
                counts.changed += taken is not None
        with transaction.atomic():
            if unchanged:
                Taken.objects.filter(pk__in=unchanged).update(seen_in=self.run.number)
            cursor.place, cursor.total = place, counts.total
            cursor.read, cursor.new, cursor.changed = counts.read, counts.new, counts.changed
            cursor.save(update_fields=["place", "total", "read", "new", "changed"])
        if not kind.per or place % 50 == 0:
            of = f" of {counts.total}" if counts.total is not None else ""
            self.tell(f"{kind.name}: {counts.read}{of} read, {counts.new} new, {counts.changed} changed")

    # -- one object --
    def _place(self, kind: Kind, body: Body, taken: Taken | None) -> bool:
        """Place an object with the note that it is here in one transaction; returns whether it is. A bad one is written down."""
        url = str(body.get("url") or "")[:1000]
        arrived: list[UUID] = []
        try:
            uuid = taken.uuid if taken is not None else self._uuid(kind, url)
            stands_here = is_here(kind.name, uuid)
            if taken is not None and not stands_here:
                raise Occupied("it was taken over and removed here since: it does not come back by itself")
            if taken is None and stands_here:
                if kind.name not in ADOPTABLE:
                    self.addresses.leave(url)
                    raise Occupied(TAKEN_BY_US)
                place = _adopting(uuid)
            else:
                place, arrived = self.placer.prepared(kind.name, body, uuid)
            with transaction.atomic():
                placed = place()
                self._note(kind, url, body, placed)
            if placed.is_adopted and placed.uuid != uuid_at_end(url):
                self.addresses.adopt(url, placed.uuid)
        except TakeoverError:
            raise
        except (OperationalError, InterfaceError) as error:
            raise TakeoverError(
                "The database does not answer. Start the same command again: it goes on here."
            ) from error
        except Exception as error:  # noqa: BLE001  (a bad object never stops the run)
            for file in arrived:
                files.let_go(file)
            reason, is_waiting = why(error)
            self._trouble(kind, url, reason, is_waiting=is_waiting)
            if taken is not None:
                Taken.objects.filter(pk=taken.pk).update(seen_in=self.run.number)
            return False
        return True

    def _uuid(self, kind: Kind, url: str) -> UUID:
        path = self.remote.path_of(kind.api, url)
        uuid = uuid_at_end(url)
        if uuid is None or kind.path not in path.split("/"):
            raise NotThere("the address is not one of this kind")
        return uuid

    def _note(self, kind: Kind, url: str, body: Body, placed: Placed) -> None:
        Taken.objects.update_or_create(
            source=self.source.name,
            url=url,
            defaults={
                "kind": kind.name,
                "uuid": placed.uuid,
                "digest": "" if placed.waits_for else digest_of(body),
                "is_adopted": placed.is_adopted,
                "parts": parts_of(kind, body),
                "seen_in": self.run.number,
            },
        )
        if placed.waits_for:
            self._trouble(kind, url, f"refers to what is not here: {', '.join(placed.waits_for)}", is_waiting=True)
        else:
            Trouble.objects.filter(source=self.source.name, url=url).delete()

    def _trouble(self, kind: Kind, url: str, reason: str, *, is_waiting: bool) -> None:
        Trouble.objects.update_or_create(
            source=self.source.name,
            url=url or f"{kind.name} without address",
            defaults={
                "kind": kind.name, "reason": reason[:500], "is_waiting": is_waiting, "run": self.run.number,
            },
        )  # fmt: skip

    def _settle(self) -> None:
        """Try again what waited for something that came later, as long as that helps."""
        for _ in range(SETTLING):
            waiting = list(
                Trouble.objects.filter(source=self.source.name, is_waiting=True, run=self.run.number).order_by("pk")
            )
            helped = 0
            for trouble in waiting:
                kind = BY_NAME[trouble.kind]
                try:
                    body = self.remote.at(kind.api, trouble.url)
                except NotThere:
                    # It went meanwhile, and with it the trouble.
                    Trouble.objects.filter(pk=trouble.pk).delete()
                    continue
                except NotAllowed:
                    continue
                if not isinstance(body, Mapping):
                    continue
                if kind.per and not kind.param:
                    body = {"zaak": trouble.url.split(f"/{kind.path}/")[0], **body}
                taken = Taken.objects.filter(source=self.source.name, url=trouble.url).first()
                self._place(kind, body, taken)
                helped += not Trouble.objects.filter(pk=trouble.pk, is_waiting=True).exists()
            if not helped:
                return


def _adopting(uuid: UUID) -> Callable[[], Placed]:
    return lambda: Placed(uuid, is_adopted=True)


def _objects(value: Any) -> list[Body]:
    if isinstance(value, Mapping) and isinstance(value.get("results"), list):
        value = value["results"]
    if not isinstance(value, list):
        raise NotThere("the answer is no list")
    return [one for one in value if isinstance(one, dict)]


def why(error: Exception) -> tuple[str, bool]:
    """Return why an object could not be placed, without any value of it, and whether it may fit later in the run."""
    if isinstance(error, Invalid):
        return "cannot be read: " + ", ".join(f"{fault.name} ({fault.code})" for fault in error.faults[:10]), False
    if isinstance(error, NotHere):
        return str(error), True
    if isinstance(error, Occupied | ContentDiffers | NotAllowed | NotThere):
        return str(error), False
    if isinstance(error, ClientIdTaken):
        return "another application of ours has a client id of this one (ac-001)", False
    if isinstance(error, IntegrityError | DataError):
        return f"the tables do not allow it: {_rule(error)}", False
    return f"cannot be placed: {type(error).__name__}", False


def _rule(error: Exception) -> str:
    """Return the name of the constraint or column; never the text of the database, which repeats values."""
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None) or getattr(diagnostics, "column_name", None)
    return str(name) if name and re.fullmatch(r"\w{1,63}", name) else type(error).__name__


def outcome_of(source: str, number: int) -> Outcome:
    """Return how a run ended, or how far it is. What was there in an earlier run and is not in this one is gone there."""
    run = Run.objects.get(source=source, number=number)
    outcome = Outcome(number)
    order = {kind.name: place for place, kind in enumerate(KINDS)}
    done = set()
    for cursor in sorted(run.cursors.all(), key=lambda one: order.get(one.kind, 99)):
        outcome.read[cursor.kind] = (cursor.read, cursor.new, cursor.changed)
        if cursor.problem:
            outcome.problems[cursor.kind] = cursor.problem
        elif cursor.is_done:
            done.add(cursor.kind)
    for kind, url, reason in (
        Trouble.objects.filter(source=source, run=number).order_by("pk").values_list("kind", "url", "reason")
    ):
        outcome.troubles.append((kind, url, reason))
    for kind, url in (
        Taken.objects.filter(source=source, kind__in=done, seen_in__lt=number).order_by("pk").values_list("kind", "url")
    ):
        outcome.gone.setdefault(kind, []).append(url)
    return outcome
