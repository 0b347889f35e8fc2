"""A small load client: keep-alive connections on uvloop, requests prepared beforehand, answers counted and timed."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass

import uvloop


@dataclass(slots=True)
class Tally:
    """What came back: how many by status class, and every latency in seconds."""

    fine: int
    other: int
    latencies: list[float]
    first_other: bytes


class Connection(asyncio.Protocol):
    """Sends the next request as soon as an answer is whole. Answers must carry a Content-Length."""

    def __init__(self, requests: list[bytes], tally: Tally, deadline: float, done: asyncio.Future[None]) -> None:
        self.requests, self.tally, self.deadline, self.done = requests, tally, deadline, done
        self.buffer = b""
        self.next = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.started = time.perf_counter()
        self.transport.write(self.requests[self.next % len(self.requests)])  # type: ignore[attr-defined]
        self.next += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return
        now = time.perf_counter()
        self.tally.latencies.append(now - self.started)
        if head[9:10] == b"2":
            self.tally.fine += 1
        else:
            self.tally.other += 1
            self.tally.first_other = self.tally.first_other or self.buffer[:600]
        self.buffer = b""
        if now < self.deadline:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def drive(host: str, port: int, plans: list[list[bytes]], seconds: float) -> Tally:
    """One connection for each plan, for so many seconds."""
    loop = asyncio.get_running_loop()
    tally = Tally(0, 0, [], b"")
    deadline = time.perf_counter() + seconds
    ends: list[asyncio.Future[None]] = []
    for requests in plans:
        done: asyncio.Future[None] = loop.create_future()
        ends.append(done)
        await loop.create_connection(lambda r=requests, d=done: Connection(r, tally, deadline, d), host, port)
    await asyncio.wait_for(asyncio.gather(*ends), seconds + 30)
    return tally


def main() -> None:
    """Read a job as JSON from standard input, print the tally as JSON."""
    job = json.load(sys.stdin)
    plans = [[request.encode() for request in plan] for plan in job["plans"]]
    tally = uvloop.run(drive(job["host"], job["port"], plans, job["seconds"]))
    ordered = sorted(tally.latencies)
    at = lambda share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0  # noqa: E731
    json.dump(
        {
            "requests": tally.fine + tally.other,
            "other": tally.other,
            "first_other": tally.first_other.decode(errors="replace"),
            "p50_ms": at(0.5),
            "p95_ms": at(0.95),
            "p99_ms": at(0.99),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
