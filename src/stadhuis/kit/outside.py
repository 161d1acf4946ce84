"""Fetching an address that somebody else wrote down: with a time-out, a size limit and a ban on our own network.

Only for the phase before a deed: never call this while a transaction is open.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.db import connection

MAX_BYTES = 1024 * 1024
MAX_REDIRECTS = 3


class OutsideError(Exception):
    """The address gave no usable answer. The text is for a log and a developer; it never repeats what was fetched."""


class Forbidden(OutsideError):
    """The address lies in a network that we do not call, or is no address at all."""


class NotJson(OutsideError):
    """There was an answer, but it is not a JSON object."""


def _addresses(host: str, port: int) -> list[str]:
    try:
        return list(
            dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        )
    except (OSError, UnicodeError):
        raise OutsideError("the host is not known") from None


def _allowed_address(url: str) -> tuple[str, str, int]:
    """Return host, checked address and port. An address that changes after the check is not looked up again."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Forbidden("no address") from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise Forbidden("no http(s) address")
    addresses = _addresses(host, port)
    if {host, f"{host}:{port}"} & set(settings.API_ALLOWED_HOSTS):
        return host, addresses[0], port
    # Every address the name has must be public: one private address among them is reason to refuse.
    if not addresses or any(not _is_public(address) for address in addresses):
        raise Forbidden("the address lies in a private network")
    return host, addresses[0], port


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


def fetch_json(url: str, *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address; redirects are followed as long as each step is allowed.

    Raises ``Forbidden``, ``NotJson`` or another ``OutsideError`` (time-out, not 200, too large).
    """
    if connection.in_atomic_block and settings.MODE != "test":
        raise RuntimeError("nothing is fetched while a transaction is open")
    for _ in range(MAX_REDIRECTS + 1):
        host, address, port = _allowed_address(url)
        status, location, body = _get(url, host, address, port, headers or {})
        if status in (301, 302, 303, 307, 308) and location:
            url = urljoin(url, location)
            headers = {}  # what is meant for one host is not shown to another
            continue
        if status != 200:
            raise OutsideError(f"status {status}")
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            raise NotJson("no JSON") from None
        if not isinstance(value, dict):
            raise NotJson("no JSON object")
        return value
    raise OutsideError("too many redirects")


def post_json(url: str, value: object, *, headers: dict[str, str] | None = None) -> str:
    """Send JSON to an address; returns "" when it was taken (2xx), else in a few words what went wrong. Never raises."""
    try:
        host, address, port = _allowed_address(url)
        body = json.dumps(value, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        status, _, _ = _exchange("POST", url, host, address, port, sent, body)
    except OutsideError as error:
        return str(error)
    return "" if 200 <= status < 300 else f"status {status}"


def _get(url: str, host: str, address: str, port: int, headers: dict[str, str]) -> tuple[int, str, bytes]:
    return _exchange("GET", url, host, address, port, headers, None)


def _exchange(
    method: str, url: str, host: str, address: str, port: int, headers: dict[str, str], content: bytes | None
) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    target = httpx.URL(url).copy_with(host=address, port=port)
    default = {"http": 80, "https": 443}[parts.scheme]
    name = f"[{host}]" if ":" in host else host
    sent = {"Accept": "application/json", **headers, "Host": name if port == default else f"{name}:{port}"}
    try:
        with (
            httpx.Client(timeout=settings.OUTSIDE_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(method, target, headers=sent, content=content, extensions={"sni_hostname": host}) as answer,
        ):
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise OutsideError("the answer is too large")
            return answer.status_code, answer.headers.get("location", ""), body
    except httpx.HTTPError as error:
        raise OutsideError(type(error).__name__) from None
