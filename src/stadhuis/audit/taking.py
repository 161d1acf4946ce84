"""What the trail keeps of an object that was taken over from another register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from stadhuis.audit.actions import record
from stadhuis.kit.api.resource import Resource
from stadhuis.people.public import Actor


def taken_over(
    resource: Resource,
    uuid: UUID,
    *,
    main_uuid: UUID,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    by: Actor,
    origin: str,
    weergave: str = "",
) -> None:
    """Write down that an object was placed or renewed as another register has it, in the transaction of the deed.

    ``origin`` says from where. Subscribers hear nothing: for them nothing happened. Source: BEHAVIOUR 5; BIO2 8.15.01.
    """
    record(
        "update" if before else "create", about=main_uuid, kind=resource.main or resource.name, resource=resource.name,
        resource_id=uuid, by=by, before=before, after=after, reason=f"Overgenomen van {origin}",
        result=200 if before else 201, weergave=weergave, bron=resource.bron, action_label="Overgenomen",
    )  # fmt: skip
