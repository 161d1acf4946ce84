"""What the simulators remember while they run: the switches, and what was asked of the registers (without BSNs)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

SWITCHES: Mapping[str, tuple[str, ...]] = {
    "brp": ("ok", "down", "slow", "nonsense", "wrongshape"),
    "kvk": ("ok", "down", "slow", "nonsense", "wrongshape"),
    "oidc": ("ok", "down", "slow", "nonsense"),
    "smtp": ("ok", "down", "tempfail"),
}


@dataclass(frozen=True)
class Config:
    """Where the simulators answer and for whom. ``redirect_uris`` and ``logout_uris`` must match to the letter."""

    port: int
    smtp_port: int
    public_url: str
    app_url: str
    data_dir: Path
    host: str = "127.0.0.1"
    redirect_uris: frozenset[str] = frozenset()
    logout_uris: frozenset[str] = frozenset()
    client_id: str = "stadhuis"
    client_secret: str = "stadhuis-practice-secret"
    client_jwks: str = ""
    """File or address of the JWKS of the application."""
    brp_api_key: str = "practice-brp-key"
    kvk_api_key: str = "practice-kvk-key"
    slow_seconds: float = 15.0
    imap_port: int = 0
    """0: no mailbox with what came back."""


@dataclass
class State:
    """The switches and a short log of what was asked: which source, for which purpose."""

    config: Config
    switches: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SWITCHES, "ok"))
    asked: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=200))

    def set_switches(self, wanted: Mapping[str, object]) -> list[str]:
        """Set switches; return what was wrong with the request (nothing is set then)."""
        faults = [
            f"{name}: kies uit {', '.join(SWITCHES[name])}"
            if name in SWITCHES
            else f"{name}: deze schakelaar is er niet"
            for name, value in wanted.items()
            if name not in SWITCHES or value not in SWITCHES[name]
        ]
        if not faults:
            self.switches.update({name: str(value) for name, value in wanted.items()})
        return faults

    async def trouble(self, source: str) -> Response | None:
        """Return the broken answer the switch of this source asks for, or None when it should answer normally."""
        match self.switches[source]:
            case "down":
                return problem(503, "Bronservice is tijdelijk niet beschikbaar.", "notAvailable")
            case "slow":
                await asyncio.sleep(self.config.slow_seconds)
                return None
            case "nonsense":
                return Response("<html><body>Onderhoud</body></html>", media_type="text/html")
            case "wrongshape":
                return JSONResponse(
                    {"type": 7, "personen": "geen lijst", "resultaten": {"naam": []}, "kvkNummer": None}
                )
            case _:
                return None


def problem(status: int, title: str, code: str, *, faults: list[dict[str, str]] | None = None) -> Response:
    """Return an error body in the RFC 7807 shape of the BRP API (``Foutbericht``)."""
    body: dict[str, object] = {
        "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#status.{status}",
        "title": title,
        "status": status,
        "code": code,
    }
    if faults is not None:
        body["invalidParams"] = faults
    headers = {"WWW-Authenticate": 'ApiKey realm="oefen"'} if status == 401 else None
    return Response(json.dumps(body), status_code=status, media_type="application/problem+json", headers=headers)


def state_of(request: Request) -> State:
    """Return the state of the running simulators."""
    state = request.app.state.simulators
    assert isinstance(state, State)
    return state
