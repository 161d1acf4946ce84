"""Start the simulators: ``python -m stadhuis.demo.simulators --port 8001 --smtp-port 8002 --data-dir DIR``."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from stadhuis.kit.starting import without_collecting

with without_collecting():
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from stadhuis.demo.simulators.app import build
    from stadhuis.demo.simulators.state import Config

# Where the town hall takes people back in; a redirect address must match one of these to the letter.
CALLBACK_PATHS = (
    *(f"/inloggen/{means}/terug" for means in ("digid", "eherkenning", "eidas")),
    "/werkplek/inloggen/sso/terug",
)
LOGOUT_PATHS = ("/", "/uitgelogd")
_STOP_SECONDS = 2


def parse(arguments: Sequence[str]) -> Config:
    """Return the configuration that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m stadhuis.demo.simulators",
        description="Practice versions of DigiD, eHerkenning, BRP, KVK and mail.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--smtp-port", type=int, default=8002)
    parser.add_argument("--imap-port", type=int, default=0, help="mailbox with what came back; 0: none")
    parser.add_argument(
        "--public-url", default=None, help="how a browser reaches the simulators; default http://localhost:PORT"
    )
    parser.add_argument("--app-url", default="http://localhost:8000", help="how a browser reaches the town hall")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument(
        "--redirect-uri", action="append", default=[], help="extra registered redirect_uri (may be repeated)"
    )
    parser.add_argument(
        "--logout-uri", action="append", default=[], help="extra registered post_logout_redirect_uri (may be repeated)"
    )
    parser.add_argument("--client-id", default="stadhuis")
    parser.add_argument(
        "--client-secret", default=os.environ.get("STADHUIS_DIGID_CLIENT_SECRET", "stadhuis-practice-secret")
    )
    parser.add_argument(
        "--client-jwks",
        default="",
        help="file or http address of the client's JWKS, for private_key_jwt and encryption",
    )
    parser.add_argument("--brp-api-key", default=os.environ.get("STADHUIS_BRP_API_KEY", "practice-brp-key"))
    parser.add_argument("--kvk-api-key", default=os.environ.get("STADHUIS_KVK_API_KEY", "practice-kvk-key"))
    parser.add_argument("--slow-seconds", type=float, default=15.0)
    given = parser.parse_args(arguments)
    app_url = given.app_url.rstrip("/")
    return Config(
        host=given.host,
        port=given.port,
        smtp_port=given.smtp_port,
        public_url=(given.public_url or f"http://localhost:{given.port}").rstrip("/"),
        app_url=app_url,
        data_dir=given.data_dir,
        redirect_uris=frozenset([*(app_url + path for path in CALLBACK_PATHS), *given.redirect_uri]),
        logout_uris=frozenset([app_url, *(app_url + path for path in LOGOUT_PATHS), *given.logout_uri]),
        client_id=given.client_id,
        client_secret=given.client_secret,
        client_jwks=given.client_jwks,
        brp_api_key=given.brp_api_key,
        kvk_api_key=given.kvk_api_key,
        slow_seconds=given.slow_seconds,
        imap_port=given.imap_port,
    )


def port_fault(host: str, port: int) -> str | None:
    """Return a sentence when this port cannot be used."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"Port {port} on {host} cannot be used: {error.strerror}."
    return None


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    app = build(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await app.state.mail_server.follow()
    await app.state.mailbox_server.start()
    server = Server(
        app, address=config.host, port=config.port, interface=Interfaces.ASGINL, log_enabled=False, websockets=False
    )
    running = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await app.state.mail_server.stop()
    await app.state.mailbox_server.stop()
    if not running.done():
        server.stop()  # type: ignore[no-untyped-call]
        # An answer that is slow on purpose does not hold up the end.
        await asyncio.wait({running}, timeout=_STOP_SECONDS)
    if running.done():
        running.result()


def main(arguments: Sequence[str]) -> int:
    """Return the exit code."""
    if os.environ.get("STADHUIS_MODE") == "production":
        print("The simulators are not for production: STADHUIS_MODE is production.", file=sys.stderr)
        return 2
    config = parse(arguments)
    ports = (config.port, config.smtp_port, *([config.imap_port] if config.imap_port else []))
    for fault in filter(None, (port_fault(config.host, port) for port in ports)):
        print(fault, file=sys.stderr)
        return 2
    print(f"Simulators at {config.public_url}, mail at {config.host}:{config.smtp_port}", flush=True)
    # Not asyncio.run: cancelling an answer that still sleeps makes the server complain; the process ends below anyway.
    asyncio.new_event_loop().run_until_complete(serve(config))
    return 0


if __name__ == "__main__":
    exit_code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: a thread of the embedded server may still ask for the interpreter while that winds up, and then aborts
    # the process with a Rust panic. Everything of ours is closed and written by now.
    os._exit(exit_code)
