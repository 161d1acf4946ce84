"""What the house watches about log-in: whether the provider of residents publishes its addresses."""

from __future__ import annotations

from django.conf import settings

from stadhuis.kit import outages, outside, watch

_SOURCE = outside.Source("log-in provider, watch")


def provider_answers() -> bool:
    """Say whether the provider of DigiD answers. Asked anew each time, past what log-in keeps for five minutes."""
    try:
        return _SOURCE.call("GET", f"{settings.DIGID_ISSUER}/.well-known/openid-configuration").status == 200
    except outside.OutsideError:
        return False


def register() -> None:
    """Announce it, at start-up."""
    watch.register_channel(outages.LOGIN, provider_answers)
