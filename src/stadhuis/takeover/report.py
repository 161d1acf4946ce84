"""Comparing what the source shows with what we show: how many, and what differs in which object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from stadhuis.kit.api.foreign import is_hollow
from stadhuis.kit.api.resource import registered
from stadhuis.kit.api.shapes import ListField
from stadhuis.takeover.actions import Tell, Walk
from stadhuis.takeover.addresses import Addresses
from stadhuis.takeover.client import Remote
from stadhuis.takeover.config import SourceSettings
from stadhuis.takeover.errors import NotAllowed, NotThere
from stadhuis.takeover.kinds import KINDS
from stadhuis.takeover.models import Taken
from stadhuis.takeover.placing import as_shown, rights_we_keep

_NOT_COMPARED: Final = frozenset({"inhoud", "bestandsdelen", "lock", "_expand"})
"""Addresses of bytes and keys of locks; content was compared by size and checksum when it came in."""
_FILLED_IN: Final = ("beginGeldigheid", "eindeGeldigheid", "beginObject", "eindeObject", "versiedatum")
"""What we show of a part without a period of its own: that of its zaaktype."""
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")


@dataclass
class Compared:
    """One kind: how many there and here, and which objects are missing, differ (by key), or are here and no longer there."""

    there: int = 0
    here: int = 0
    adopted: int = 0
    missing: list[str] = field(default_factory=list)
    differing: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether nothing is missing, differs or is too much."""
        return not (self.missing or self.differing or self.gone or self.problem)


def compare(source: SourceSettings, *, tell: Tell, remote: Remote | None = None) -> dict[str, Compared]:
    """Read everything at the source again and compare; changes nothing. Raises ``TakeoverError``.

    Compared are the keys that both show and that say something of the object itself. Empty text, null and empty groups say the same; moments are compared as moments,
    lists without their order. What was here already and was left as it is counts as adopted.
    """
    walk = Walk(source, tell, remote or Remote(source, tell=tell))
    found: dict[str, Compared] = {}
    for kind in KINDS:
        if not walk.remote.has(kind.api):
            continue
        one = found[kind.name] = Compared()
        met: set[str] = set()
        try:
            for page in walk.pages(kind):
                known = walk.known(page)
                for body in page:
                    url = str(body.get("url"))
                    if url in met:
                        continue
                    met.add(url)
                    _compare_one(one, kind.name, url, body, known.get(url), walk.addresses)
                tell(f"{kind.name}: {one.there} compared")
        except (NotAllowed, NotThere) as error:
            one.problem = str(error)
            continue
        taken = Taken.objects.filter(source=source.name, kind=kind.name).values_list("url", flat=True)
        one.gone = sorted(set(taken) - met)
    return found


def _compare_one(
    one: Compared, kind: str, url: str, body: Mapping[str, Any], taken: Taken | None, addresses: Addresses
) -> None:
    one.there += 1
    ours = as_shown(kind, taken.uuid) if taken is not None else None
    if taken is None or ours is None:
        one.missing.append(url)
        return
    one.here += 1
    if taken.is_adopted:
        one.adopted += 1
        return
    theirs = addresses.rewritten(dict(body))
    if kind == "applicatie":
        theirs["autorisaties"] = rights_we_keep(theirs.get("autorisaties"))
    keys = sorted(key for key in _compared(kind, theirs, ours) if not same(theirs[key], ours[key]))
    if keys:
        one.differing.append((url, tuple(keys)))


def _compared(kind: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> set[str]:
    """Return the keys that say something of the object itself: what is listed of others is compared at those."""
    keys = {key for key in set(theirs) & set(ours) - _NOT_COMPARED if not key.endswith("Weergave")}
    if kind != "applicatie":
        shape = registered(kind).shape
        fields = shape.keys if shape is not None else {}
        keys -= {key for key, field in fields.items() if field.read_only and isinstance(field, ListField)}
    keys -= {key for key in _FILLED_IN if is_hollow(theirs.get(key))}
    if str(theirs.get("informatieobjecttype") or "").startswith("http") and kind == "zaakinformatieobjecttype":
        keys -= {"informatieobjecttype"}  # an address in release 1.3, a name in 1.4
    return keys


def same(theirs: Any, ours: Any) -> bool:
    """Return whether a value of ours says all that theirs says; nested, ours may say more (a later release)."""
    if is_hollow(theirs):
        return is_hollow(ours)
    if isinstance(theirs, Mapping):
        return isinstance(ours, Mapping) and all(same(item, ours.get(key)) for key, item in theirs.items())
    if isinstance(theirs, list):
        if not isinstance(ours, list) or len(theirs) != len(ours):
            return False
        if any(isinstance(item, str | Mapping) for item in theirs):
            left = list(ours)
            for item in theirs:
                match = next((place for place, other in enumerate(left) if same(item, other)), None)
                if match is None:
                    return False
                del left[match]
            return True
        return all(map(same, theirs, ours))
    return bool(_plain(theirs) == _plain(ours))


def _plain(value: Any) -> Any:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return value


def in_words(found: Mapping[str, Compared], *, most: int = 20) -> str:
    """Return the comparison as text: a line per kind, and the first objects that are not equal."""
    lines = [f"{'':32}{'there':>9}{'here':>9}{'missing':>9}{'differ':>9}{'gone':>9}"]
    for kind, one in found.items():
        lines.append(
            f"{kind:32}{one.there:>9}{one.here:>9}{len(one.missing):>9}{len(one.differing):>9}{len(one.gone):>9}"
            + (f"  {one.adopted} were ours already" if one.adopted else "")
            + (f"  not read: {one.problem}" if one.problem else "")
        )
    for kind, one in found.items():
        told = [
            *(f"{kind} missing here: {url}" for url in one.missing),
            *(f"{kind} differs: {url}: {', '.join(keys)}" for url, keys in one.differing),
            *(f"{kind} no longer there: {url}" for url in one.gone),
        ]
        lines += told[:most]
        if len(told) > most:
            lines.append(f"{kind}: and {len(told) - most} more")
    return "\n".join(lines)
