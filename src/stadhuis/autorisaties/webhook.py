"""Where a Notificaties API delivers what happened to applications. Source: Notificaties API for consumers 1.0.0-rc1.

Under a root of its own: the standard allows no operation more under those of its APIs. The caller sends the value that was
given as ``auth`` with the subscription, ``Bearer`` and the setting ``WEBHOOK_TOKEN``; a token of an application opens nothing
here. Rights are read with every request and kept in no process (decision 0029), so a message that was checked has already
had its effect: what it is about holds from the commit that it tells of.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from stadhuis.autorisaties.shapes import MessageBody
from stadhuis.kit.api import errors
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest

ROOT: Final = "webhooks/api/v1"
DELIVER: Final = ("webhook",)


class Router:
    """The Notificaties API that knows the secret of the subscription. It may deliver, and see nothing."""

    actor: Any = None

    def has_scope(self, component: str, scopes: Sequence[str]) -> bool:
        """Return whether it may deliver."""
        return tuple(scopes) == DELIVER

    def condition(self, kind: str, scopes: Sequence[str], *, alias: str) -> tuple[str, Sequence[object]]:
        """Nothing."""
        return "FALSE", ()

    def may(
        self,
        kind: str,
        scopes: Sequence[str],
        *,
        type_ref: str,
        level: int,
        type_uuid: UUID | None = None,
        row_id: int | None = None,
    ) -> bool:
        """Nothing."""
        return False

    def answered(self, operation: str, status: int, code: str) -> None:
        """Nobody listens."""


def _enter(authorization: str) -> Router:
    """Raise 403 for whoever does not send the secret; while there is none, for everybody."""
    if not authorization:
        raise errors.NotAuthenticated
    token = str(settings.WEBHOOK_TOKEN)
    scheme, _, given = authorization.partition(" ")
    is_known = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    if not token or scheme.lower() != "bearer" or not is_known:
        raise errors.PermissionDenied
    return Router()


API: Final = Api(
    name="webhooks",
    title="Notifications webhook receiver",
    version="1.0.0-rc1",
    root=ROOT,
    component="",
    enter=_enter,
    with_audit_headers=False,
)


@API.endpoint(
    "POST", "/autorisaties", scopes=DELIVER, takes=MessageBody, success=204, tag="Notificaties",
    statuses=(400, 401, 403, 429, 500),
)  # fmt: skip
def notification_receive(request: ApiRequest, body: MessageBody) -> Answer:
    """Take a message of whatever channel, the one called ``test`` too; twice is as good as once."""
    return Answer(204)
