"""Clients that keep their connection and ask without a pause: the least a client can do, for it runs on the same machine."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326", "Accept": "application/json"}


@dataclass(frozen=True)
class Sent:
    """One request as bytes, and the status it must have."""

    request: bytes
    status: int


def request(method: str, path: str, token: str, body: bytes | None = None, status: int = 200) -> Sent:
    """Return a request of an application."""
    headers = {"Host": "localhost", "Authorization": f"Bearer {token}", **CRS}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Sent(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b""), status)


class Connection:
    """A kept connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def ask(self, sent: Sent) -> bytes:
        """Send and return the body of the answer. Raises ``RuntimeError`` for another status."""
        self.socket.sendall(sent.request)
        data = self.left
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        chunks, have = [data[end + 4 :]], len(data) - end - 4
        while have < length:
            chunks.append(self._more())
            have += len(chunks[-1])
        body = b"".join(chunks)
        body, self.left = body[:length], body[length:]
        if int(head[9:12]) != sent.status:
            raise RuntimeError(f"{sent.request[:120]!r}: {head[:40]!r} {body[:400]!r}")
        return body

    def _more(self) -> bytes:
        more = self.socket.recv(1 << 18)
        if not more:
            raise RuntimeError("the server hung up")
        return more


@dataclass(frozen=True)
class Taken:
    """What some clients saw: milliseconds of each request, and how long all of it took."""

    milliseconds: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Nineteen of twenty are faster."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.95)]


def load(port: int, clients: int, seconds: float, requests: Iterator[Sent], *, most: int | None = None) -> Taken:
    """Let clients take requests in turn for some seconds, or until ``most`` are done. What goes wrong in one is raised."""
    taken: list[float] = []
    wrong: list[BaseException] = []
    lock = threading.Lock()
    left = [most if most is not None else 1 << 60]

    def following() -> Sent | None:
        with lock:
            left[0] -= 1
            return next(requests, None) if left[0] >= 0 else None

    def run() -> None:
        try:
            connection = Connection(port)
            while time.perf_counter() < until and not wrong and (sent := following()):
                began = time.perf_counter()
                connection.ask(sent)
                taken.append((time.perf_counter() - began) * 1000)
        except BaseException as error:  # noqa: BLE001  (raised again below, in the thread that asked)
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(clients)]
    started = time.perf_counter()
    until = started + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return Taken(taken, time.perf_counter() - started)


Requests = Callable[[], Iterator[Sent]]
