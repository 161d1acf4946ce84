"""What is done before documents go to other software: logged, written in the ledger, and without secret addresses.

Source: AVG art. 5 lid 2 and 30; Wet BRP art. 2.59.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.documenten.facts import HIDDEN_IN, KEPT_WITH, MADE_ANEW, PERSONS_IN
from stadhuis.documenten.keeping import KIND
from stadhuis.people.public import Actor
from stadhuis.records import public as records

ADDRESSES: Final = ("binnenlandsCorrespondentieadres", "buitenlandsCorrespondentieadres", "correspondentiePostadres")


def log_exchange(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str] | None:
    """Log that documents go to other software: one line, about whoever is in the zaken they belong to.

    Returns what takes secret addresses out of the answer, if there are.
    """
    persons = list(dict.fromkeys(uuid for answer in PERSONS_IN.ask(list(shown)) for uuid in answer))
    about = shown[0] if len(set(shown)) == 1 else None
    audit.record_processing("zaak.uitwisselen", uuids=persons, by=by, about=about)
    return mask_of(shown, by=by) if persons else None


def mask_of(shown: Sequence[UUID], *, by: Actor) -> Callable[[str], str] | None:
    """Return what takes out of JSON about these documents the secret addresses that ``by`` may not see, if there are."""
    pattern = access.masks.joined(HIDDEN_IN.ask(list(shown), seen_by=by))
    return (lambda text: masked_json(text, pattern)) if pattern else None


def log_opened(document: UUID, *, by: Actor) -> None:
    """Write that other software opened a document in the ledger of all it is kept with, and in its own when it has one."""
    for kind, uuid in [(KIND, document), *(one for answer in KEPT_WITH.ask(document) for one in answer)]:
        records.opened(kind, uuid, by=by, what="document")


def masked_json(text: str, pattern: str) -> str:
    """Return the JSON of an API without the addresses of the pattern: neither by their keys nor in what people typed."""
    if not text:
        return text
    made = _without_addresses(access.masks.without(json.loads(text)), pattern)
    return access.masks.text(
        json.dumps(made, ensure_ascii=False, separators=(",", ":")), pattern, by=access.masks.IN_JSON
    )


def _without_addresses(value: Any, pattern: str) -> Any:
    """Leave out the whole address of a verzending when it is a secret one: a house number and a town say the rest."""
    if isinstance(value, list):
        return [_without_addresses(one, pattern) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: None if key in ADDRESSES and _is_hidden(one, pattern) else _without_addresses(one, pattern)
        for key, one in value.items()
    }


def _is_hidden(address: Any, pattern: str) -> bool:
    text = json.dumps(address, ensure_ascii=False)
    return access.masks.text(text, pattern, by=access.masks.IN_JSON) != text


def made_anew(document: UUID, *, seen_by: Actor) -> bytes | None:
    """Return the PDF of a document of ours without what must not leave; None when it can leave as it is, or is not ours."""
    return next((made for made in MADE_ANEW.ask(document, seen_by=seen_by) if made is not None), None)
