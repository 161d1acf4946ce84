"""The connection itself: an end to the whole exchange, and for addresses of others the check at the moment of connecting."""

from __future__ import annotations

import ssl
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property

import httpcore
import httpx

from stadhuis.kit.outside.addresses import checked, looked_up
from stadhuis.kit.outside.errors import Unreachable
from stadhuis.kit.outside.time_left import time_left

IDLE_SECONDS = 4
"""An open connection is kept this long; most servers end it after five seconds."""


def _left(timeout: float | None) -> float | None:
    left = time_left()
    if left is None:
        return timeout
    if left <= 0:
        raise httpcore.ReadTimeout("the whole answer was not there in time")
    return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> typing.Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects. Guarded: the name is looked up here, once, and only an address that passed the check is called.

    The certificate and the Host header stay those of the name.
    """

    def __init__(self, *, is_guarded: bool) -> None:
        self._is_guarded = is_guarded
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        look = checked if self._is_guarded else looked_up
        addresses = look(host, port, seconds=_left(timeout))
        problem: Exception = Unreachable("the host has no address")
        for address in addresses:
            try:
                return _Stream(
                    self._real.connect_tcp(address, port, _left(timeout), local_address, socket_options or ())
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: typing.Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._inner

    def close(self) -> None:
        self._inner.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.TimeoutException(str(error)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.TransportError(type(error).__name__) from None


@cache
def _system_trust() -> ssl.SSLContext:
    """Return the authorities of the machine, read once: there are some hundred and fifty."""
    return ssl.create_default_context()


class Transport(httpx.BaseTransport):
    """HTTP/1.1 over our own connections; no proxy, no cookie, no redirect of its own."""

    def __init__(self, *, is_guarded: bool, ssl_context: ssl.SSLContext | None = None) -> None:
        self._is_guarded = is_guarded
        self._ssl_context = ssl_context

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        # Made at the first call: most processes never make one.
        return httpcore.ConnectionPool(
            ssl_context=self._ssl_context or _system_trust(),
            network_backend=_Backend(is_guarded=self._is_guarded),
            # What was checked a moment ago is checked again for the next call: no connection is kept.
            max_keepalive_connections=0 if self._is_guarded else 10,
            max_connections=50,
            keepalive_expiry=IDLE_SECONDS,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the answer with its body still to come."""
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = self._pool.handle_request(sent)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """End all connections."""
        if "_pool" in self.__dict__:
            self._pool.close()
