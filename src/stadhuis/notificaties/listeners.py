"""What the registers write becomes a line in the audit trail and a message, in the same transaction."""

from __future__ import annotations

from stadhuis.audit import public as audit
from stadhuis.kit.api.changes import CHANGED, Change
from stadhuis.notificaties.actions import notify

_LABELS = {
    "create": "Object aangemaakt",
    "update": "Object bijgewerkt",
    "partial_update": "Object deels bijgewerkt",
    "destroy": "Object verwijderd",
}


@CHANGED.listener
def write_trail(change: Change) -> None:
    """Add a line to the trail of the hoofdobject; a hoofdobject that goes takes its trail along. Source: BEHAVIOUR 5."""
    if change.actie == "destroy" and change.uuid == change.main_uuid:
        audit.destroy_trail(change.main_uuid, by=change.by)
        return
    audit.record(
        change.actie,
        about=change.main_uuid,
        kind=change.main.name,
        resource=change.resource.name,
        resource_id=change.uuid,
        by=change.by,
        before=change.before,
        after=change.after,
        reason=change.toelichting,
        result=change.resultaat,
        weergave=change.weergave,
        bron=change.resource.bron,
        action_label=_LABELS.get(change.actie, ""),
    )


@CHANGED.listener
def tell_subscribers(change: Change) -> None:
    """Put the message in the outbox of the channel of the hoofdobject. Source: BEHAVIOUR 13.2."""
    if not change.main.kanaal:
        return
    notify(
        change.main.kanaal,
        hoofd_object=change.main.url(change.main_uuid),
        resource=change.resource.name,
        resource_url=change.resource.url(change.uuid),
        actie=change.actie,
        kenmerken={name: str(change.main_json[key]) for name, key in change.main.kenmerken.items()},
    )
