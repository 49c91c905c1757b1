"""A shop that only answers slowly and remembers who asked when: the engine is judged from its side.

`python -m tools.engine_probe.stub PORT LATENCY_S`. `/job/STORE/ID` answers after the latency,
`/fast` at once, `/seen` tells what was seen so far.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from typing import Any


class Shop:
    def __init__(self, latency_s: float) -> None:
        self.latency_s = latency_s
        self.arrivals: dict[str, list[float]] = defaultdict(list)
        self.inside: dict[str, int] = defaultdict(int)
        self.most_at_one_store = 0

    async def answer(self, path: str) -> bytes:
        if path == "/fast":
            return b"{}"
        if path == "/seen":
            return json.dumps(self.seen()).encode()
        _, _, store, job = path.split("/")
        self.arrivals[job].append(time.monotonic())
        self.inside[store] += 1
        self.most_at_one_store = max(self.most_at_one_store, self.inside[store])
        try:
            await asyncio.sleep(self.latency_s)
        finally:
            self.inside[store] -= 1
        return b"{}"

    def seen(self) -> dict[str, Any]:
        return {"arrivals": self.arrivals, "most_at_one_store": self.most_at_one_store}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await self.answer(head.split(b" ", 2)[1].decode())
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def main(port: int, latency_s: float) -> None:
    server = await asyncio.start_server(Shop(latency_s).serve, "127.0.0.1", port, backlog=500)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
