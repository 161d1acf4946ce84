"""Which addresses may be called when somebody else wrote them down. A name is looked up once, and what was checked is called."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from queue import Empty, SimpleQueue
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from stadhuis.kit.outside.errors import Forbidden, TooSlow, Unreachable

_PORTS: Final = {"http": 80, "https": 443}
NAME_SECONDS: Final = 3.0
"""So long a name is looked up at most; within the time of the whole exchange."""
_LOOK_UPS: Final = 20
_free = threading.BoundedSemaphore(_LOOK_UPS)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


def check_form(url: str) -> None:
    """Raise ``Forbidden`` for what is no http(s) address of a host, holds a password, or names a port of another service.

    Below 1024 only the ports of the web: a mail server or printer would take our text for commands of its own.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Forbidden("no address") from None
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        raise Forbidden("no http(s) address")
    if port is not None and port < 1024 and port not in _PORTS.values() and not is_allowed_by_name(host, port):
        raise Forbidden("the port is that of another service")


def check_host(url: str) -> None:
    """Raise ``Forbidden`` when an address that an operator wrote down may not be called: wrong in form, or private and not allowed.

    For a ``Source`` that keeps its connections open: the host is looked up here, once. Raises ``Unreachable`` and ``TooSlow``.
    """
    check_form(url)
    parts = urlsplit(url)
    checked(parts.hostname or "", parts.port or _PORTS[parts.scheme])


def is_allowed_by_name(host: str, port: int) -> bool:
    """Say whether the operator allows this host although it lies in a private network."""
    return not {host, f"{host}:{port}"}.isdisjoint(settings.API_ALLOWED_HOSTS)


def checked(host: str, port: int, *, seconds: float | None = None) -> list[str]:
    """Return the addresses of a host that may be called. Raises ``Forbidden``, ``Unreachable`` and ``TooSlow``.

    Every address the name has must be public: one private address among them is reason to refuse.
    """
    found = looked_up(host, port, seconds=seconds)
    if not is_allowed_by_name(host, port) and not all(map(is_public, found)):
        raise Forbidden("the address lies in a private network")
    return found


def looked_up(host: str, port: int, *, seconds: float | None = None) -> list[str]:
    """Return the addresses of a host, asked for at most this long (``NAME_SECONDS``). Raises ``Unreachable``, ``TooSlow``.

    The system has no look-up with a time-out, so a thread asks and is left to end by itself; a few at once, so that a name
    service that hangs takes no more than that. An address needs no look-up.
    """
    if _is_address(host):
        return [host]
    until = time.monotonic() + (NAME_SECONDS if seconds is None else min(seconds, NAME_SECONDS))
    if not _free.acquire(timeout=max(0.0, until - time.monotonic())):
        raise TooSlow("too many names are being looked up")
    answer: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put(list(dict.fromkeys(str(one[4][0]) for one in found)))
        except Exception as error:  # noqa: BLE001  (told to whoever waits)
            answer.put(error)
        finally:
            _free.release()

    threading.Thread(target=ask, name="name look-up", daemon=True).start()
    try:
        found = answer.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise TooSlow("the name service did not answer in time") from None
    if isinstance(found, OSError | UnicodeError):
        raise Unreachable("the host is not known")
    if isinstance(found, Exception):
        raise found
    return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Say whether an address lies in the public internet, also when it holds an IPv4 address within."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64 or ip in _COMPATIBLE:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(within is not None and not within.is_global for within in inner):
            return False
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
