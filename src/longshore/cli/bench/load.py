"""A small HTTP load for 127.0.0.1: fixed connections, each sending its next request when the last
was answered. Bounded by the list of requests.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Load:
    """`answered` holds the indexes of requests answered with 2xx, `seconds` one time each."""

    wall_s: float = 0.0
    seconds: list[float] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    refused: int = 0
    cut: int = 0


def run(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Sends every request once; a broken connection ends that connection's part."""
    return asyncio.run(_run(port, requests, connections))


async def _run(port: int, requests: Sequence[bytes], connections: int) -> Load:
    load = Load()
    numbers = iter(range(len(requests)))
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, requests, numbers, load) for _ in range(connections)))
    load.wall_s = time.perf_counter() - started
    return load


async def _client(port: int, requests: Sequence[bytes], numbers: Iterator[int], load: Load) -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        load.cut += 1
        return
    try:
        for number in numbers:
            began = time.perf_counter()
            writer.write(requests[number])
            status = await _answer(reader)
            load.seconds.append(time.perf_counter() - began)
            if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own bounds
                load.answered.append(number)
            else:
                load.refused += 1
    except (OSError, asyncio.IncompleteReadError, ValueError):
        load.cut += 1
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if length:
        await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
